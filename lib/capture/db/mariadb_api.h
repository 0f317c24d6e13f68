/* SPDX-License-Identifier: Apache-2.0 */
/* MariaDB's Connector/C, loaded when a MariaDB or MySQL database is captured: nothing else of this library needs it. */
#ifndef AXEV_CAPTURE_DB_MARIADB_API_H
#define AXEV_CAPTURE_DB_MARIADB_API_H

#include <mariadb/mysql.h>

#include "base/error.h"

#define AXEV__MARIADB_CALLS(X) \
	X(init) X(close) X(optionsv) X(real_connect) X(real_query) X(store_result) X(use_result) X(free_result) X(fetch_row) \
	X(fetch_lengths) X(num_fields) X(fetch_fields) X(error) X(get_client_info) X(get_ssl_cipher) \
	X(stmt_init) X(stmt_prepare) X(stmt_param_count) X(stmt_bind_param) X(stmt_execute) X(stmt_bind_result) \
	X(stmt_fetch) X(stmt_fetch_column) X(stmt_result_metadata) X(stmt_error) X(stmt_close)

struct axev__mariadb {
	void *library;
#define AXEV__MARIADB_MEMBER(name) __typeof__(&mysql_##name) name;
	AXEV__MARIADB_CALLS(AXEV__MARIADB_MEMBER)
#undef AXEV__MARIADB_MEMBER
};
/* The library stays loaded until axev__mariadb_unload. */
int axev__mariadb_load(struct axev__mariadb *ret_api, axev_error *err);
void axev__mariadb_unload(struct axev__mariadb *api);

#endif
