/* SPDX-License-Identifier: Apache-2.0 */
/* unixODBC's driver manager, loaded when a database is captured through ODBC: nothing else of this library needs it. */
#ifndef AXEV_CAPTURE_DB_ODBC_API_H
#define AXEV_CAPTURE_DB_ODBC_API_H

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#include "base/error.h"

/* Names of functions, without "SQL": those with W take UTF-16, whatever the locale is. */
#define AXEV__ODBC_CALLS(X) \
	X(AllocHandle) X(FreeHandle) X(SetEnvAttr) X(SetConnectAttr) X(DriverConnectW) X(GetDiagRecW) X(GetInfoW) \
	X(PrepareW) X(Execute) X(NumParams) X(BindParameter) X(NumResultCols) X(DescribeColW) X(ColAttributeW) X(Fetch) \
	X(GetData) X(TablesW) X(PrimaryKeysW) X(EndTran) X(Disconnect)

struct axev__odbc {
	void *library;
#define AXEV__ODBC_MEMBER(name) __typeof__(&SQL##name) name;
	AXEV__ODBC_CALLS(AXEV__ODBC_MEMBER)
#undef AXEV__ODBC_MEMBER
};
/* The library stays loaded until axev__odbc_unload. */
int axev__odbc_load(struct axev__odbc *ret_api, axev_error *err);
void axev__odbc_unload(struct axev__odbc *api);

#endif
