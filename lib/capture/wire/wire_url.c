/* SPDX-License-Identifier: Apache-2.0 */
/* URLs of exchanges, and the browser's own request that each belongs to. */
#include "capture/wire/wire_internal.h"

#include "content/request_url.h"

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
		    !axev__request_url_same(axev__span_str(facts->url), axev__span_str(url)))
			continue;
		given[i].is_taken = true;
		return given[i].hop;
	}
	return AXEV__WIRE_NONE;
}
