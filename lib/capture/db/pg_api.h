/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL's own client library, loaded when a PostgreSQL database is captured: nothing else of this library needs it. */
#ifndef AXEV_CAPTURE_DB_PG_API_H
#define AXEV_CAPTURE_DB_PG_API_H

#include <libpq-fe.h>

#include "base/error.h"

#define AXEV__PG_CALLS(X) \
	X(libVersion) X(conninfoParse) X(conninfo) X(conninfoFree) X(connectdbParams) X(finish) X(status) \
	X(errorMessage) X(parameterStatus) X(setNoticeProcessor) X(serverVersion) \
	X(host) X(port) X(user) X(sslInUse) X(sslAttribute) X(execParams) X(prepare) X(describePrepared) X(sendQueryParams) X(setSingleRowMode) \
	X(resultStatus) X(resultErrorField) X(clear) X(ntuples) X(nfields) X(nparams) X(fname) X(ftype) X(fmod) \
	X(getvalue) X(getlength) X(getisnull) X(cmdTuples) X(getResult) X(getCopyData) X(freemem) X(socket) \
	X(consumeInput) X(isBusy) X(transactionStatus) X(getCancel) X(cancel) X(freeCancel)

struct axev__pg_api {
	void *library;
#define AXEV__PG_MEMBER(name) __typeof__(&PQ##name) name;
	AXEV__PG_CALLS(AXEV__PG_MEMBER)
#undef AXEV__PG_MEMBER
};
/* The library stays loaded until axev__pg_unload. */
int axev__pg_load(struct axev__pg_api *ret_api, axev_error *err);
void axev__pg_unload(struct axev__pg_api *api);

#endif
