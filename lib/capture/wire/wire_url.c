/* SPDX-License-Identifier: Apache-2.0 */
/* URLs of exchanges, and the browser's own request that each belongs to. */
#include "capture/wire/wire_internal.h"

/* Printable ASCII as it is; a blank, brackets that a WARC forbids, and all other bytes escaped. */
int axev__wire_put_url(struct axev__buf *url, struct axev__span text, axev_error *err)
{
	size_t i;

	for (i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (c > 0x20 && c < 0x7F && c != '<' && c != '>')
			TRY(axev__buf_byte(url, c, err));
		else
			TRY(axev__buf_printf(url, err, "%%%02X", c));
	}
	return AXEV_OK;
}

struct axev__span axev__wire_without_port(struct axev__span authority, bool is_secure)
{
	const char *port = is_secure ? ":443" : ":80";

	if (axev__span_ends(authority, port))
		authority.size -= strlen(port);
	return authority;
}

/* Scheme (ws as http), and what stands behind it without user and fragment. */
static bool split(const char *url, bool *ret_is_secure, struct axev__span *ret_rest)
{
	const char *start = strstr(url, "://"), *slash, *at;

	if (!start)
		return false;
	*ret_is_secure = strncmp(url, "https:", 6) == 0 || strncmp(url, "wss:", 4) == 0;
	start += 3;
	slash = start + strcspn(start, "/?#");
	at = memchr(start, '@', (size_t)(slash - start));
	if (at)
		start = at + 1;
	*ret_rest = axev__span(start, strcspn(start, "#"));
	return true;
}

static bool is_same(const char *a, const char *b)
{
	struct axev__span rest_a, rest_b;
	bool secure_a, secure_b;

	return split(a, &secure_a, &rest_a) && split(b, &secure_b, &rest_b) &&
	       secure_a == secure_b && axev__span_equal(rest_a, rest_b);
}

/*
 * The first request that the log gave this connection and that no exchange has yet, of this method
 * and URL. HTTP/2 may send requests in another order than they were given.
 */
size_t axev__wire_hop_of(const struct axev__wire *wire, struct axev__wire_connection *connection,
			 const char *method, const char *url)
{
	struct axev__wire_given *given = connection->requests.items;
	size_t count = connection->requests.count, i;

	while (connection->requests_taken < count && given[connection->requests_taken].is_taken)
		connection->requests_taken++;
	for (i = connection->requests_taken; i < count; i++) {
		const struct axev__wire_request *facts = &wire->hops.items[given[i].hop].facts;

		if (given[i].is_taken || strcmp(facts->method, method) != 0 ||
		    !is_same(facts->url, url))
			continue;
		given[i].is_taken = true;
		return given[i].hop;
	}
	return AXEV__WIRE_NONE;
}
