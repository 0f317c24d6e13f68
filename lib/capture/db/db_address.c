/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/db_address.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 :
						c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int decode(const char *what, const char *from, size_t size, char out[256], axev_error *err)
{
	size_t i, used = 0;

	for (i = 0; i < size && used < 255; i++) {
		char c = from[i];

		if (c == '%') {
			int high = i + 2 < size ? hex_digit(from[i + 1]) : -1, low = high < 0 ? -1 : hex_digit(from[i + 2]);

			if (low < 0 || (high == 0 && low == 0))
				return axev__fail(err, AXEV_E_INVAL, "expected two hex digits behind a %% in the %s", what);
			c = (char)(high * 16 + low);
			i += 2;
		}
		out[used++] = c;
	}
	if (i < size)
		return axev__fail(err, AXEV_E_LIMIT, "expected a %s of at most 255 bytes", what);
	out[used] = '\0';
	return AXEV_OK;
}

static int parse_port(const char *from, size_t size, unsigned *ret_port, axev_error *err)
{
	unsigned long port = 0;
	size_t i;

	for (i = 0; i < size && i < 6 && from[i] >= '0' && from[i] <= '9'; i++)
		port = port * 10 + (unsigned long)(from[i] - '0');
	if (size == 0 || i < size || port == 0 || port > 65535)
		return axev__fail(err, AXEV_E_INVAL, "expected a port from 1 to 65535 behind the host");
	*ret_port = (unsigned)port;
	return AXEV_OK;
}

static int parse_server(const char *text, size_t size, struct axev__db_address *address, axev_error *err)
{
	const char *at = memchr(text, '@', size), *host = at ? at + 1 : text, *colon;
	size_t host_size = size - (size_t)(host - text);

	if (at)
		TRY(decode("user", text, (size_t)(at - text), address->user, err));
	if (host_size > 0 && host[0] == '[') { /* an IPv6 address */
		const char *end = memchr(host, ']', host_size);

		if (!end)
			return axev__fail(err, AXEV_E_INVAL, "expected ] behind the IPv6 address of the host");
		TRY(decode("host", host + 1, (size_t)(end - host - 1), address->host, err));
		host_size -= (size_t)(end + 1 - host);
		host = end + 1;
		if (host_size == 0)
			return AXEV_OK;
		if (host[0] != ':')
			return axev__fail(err, AXEV_E_INVAL, "expected a port behind the IPv6 address of the host");
		return parse_port(host + 1, host_size - 1, &address->port, err);
	}
	colon = memchr(host, ':', host_size);
	TRY(decode("host", host, colon ? (size_t)(colon - host) : host_size, address->host, err));
	return colon ? parse_port(colon + 1, host_size - (size_t)(colon + 1 - host), &address->port, err) : AXEV_OK;
}

int axev__db_address_parse(const char *text, struct axev__db_address *ret_address, axev_error *err)
{
	static const char option[] = "socket=";
	struct axev__db_address address = { .port = 0 };
	size_t server = strcspn(text, "/?"), database;

	TRY(parse_server(text, server, &address, err));
	if (text[server] != '/')
		return axev__fail(err, AXEV_E_INVAL, "expected / and the name of a database behind the host");
	text += server + 1;
	database = strcspn(text, "?");
	TRY(decode("name of a database", text, database, address.database, err));
	if (!address.database[0])
		return axev__fail(err, AXEV_E_INVAL, "expected the name of a database behind the host");
	text += database;
	if (*text == '?') {
		if (strncmp(text + 1, option, strlen(option)) != 0)
			return axev__fail(err, AXEV_E_INVAL, "expected socket=PATH behind the ?");
		text += 1 + strlen(option);
		TRY(decode("socket", text, strlen(text), address.socket, err));
	}
	*ret_address = address;
	return AXEV_OK;
}
