/* SPDX-License-Identifier: Apache-2.0 */
/* The address of a database on a server: [USER@][HOST][:PORT]/DATABASE[?socket=PATH], percent-encoded (RFC 3986). */
#ifndef AXEV_CAPTURE_DB_DB_ADDRESS_H
#define AXEV_CAPTURE_DB_DB_ADDRESS_H

#include "base/error.h"

struct axev__db_address {
	char user[256], host[256], database[256], socket[256]; /* NUL-terminated; empty: not given */
	unsigned port;                                         /* 0: not given */
};

/* INVAL: which part is wrong. */
int axev__db_address_parse(const char *text, struct axev__db_address *ret_address, axev_error *err);

#endif
