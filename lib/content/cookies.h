/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A login state as a file: the cookies.txt of Netscape that curl, wget and extensions write, or the JSON list of the DevTools
 * protocol and of extensions. Values are secrets: no message shows one, and freeing overwrites them.
 */
#ifndef AXEV_CONTENT_COOKIES_H
#define AXEV_CONTENT_COOKIES_H

#include "base/json.h"

struct axev__cookie {
	char *name, *value, *path;
	char *domain;          /* without a leading dot */
	const char *same_site; /* "Strict", "Lax", "None"; NULL: not stated */
	int64_t expires_s;     /* Unix time; 0: ends with the browser */
	size_t place;          /* line or number in the file, from 1 */
	bool is_host_only;     /* not for names below the domain */
	bool is_secure, is_http_only;
};

struct axev__cookies {
	struct axev__cookie *list;
	size_t count;
	bool is_json;
};

/* FORMAT, LIMIT, UNSUPPORTED (partitioned cookies); "line 3: ..." or "cookie 3: ...". */
int axev__cookies_read(struct axev__span text, struct axev__cookies *ret_cookies, axev_error *err);

/* The parsed list alone. */
int axev__cookies_from_json(const axev__json *list, struct axev__cookies *ret_cookies, axev_error *err);
/* One cookie of such a list; members that are not known are passed over. @number is its place. */
int axev__cookies_add_json(struct axev__cookies *cookies, const axev__json *json, size_t number, axev_error *err);

/* The JSON list, which axev__cookies_read() takes again. */
int axev__cookies_write(const struct axev__cookies *cookies, struct axev__buf *out, axev_error *err);

/* Adds a copy of @cookie if it keeps the rules of RFC 6265 and is not there yet; for the two readers. */
int axev__cookies_add(struct axev__cookies *cookies, const struct axev__cookie *cookie, axev_error *err);

void axev__cookies_free(struct axev__cookies *cookies);
#define AXEV__COOKIES AXEV__CLEANUP(axev__cookies_free) struct axev__cookies

#endif
