/* SPDX-License-Identifier: Apache-2.0 */
/* The host of an address, and the request that is made of it. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>

#include "base/text.h"
#include "content/reach.h"

struct parts {
	struct axev__span host; /* without brackets */
	struct axev__span port; /* empty: none */
	struct axev__span target; /* path and query; may be empty */
	bool is_tls, is_bracketed;
};

static int refuse(struct axev__span url, const char *what, axev_error *err)
{
	struct axev__shown shown;

	return axev__fail(err, AXEV_E_INVAL, "%s: %s", axev__show(&shown, url), what);
}

static bool starts_without_case(struct axev__span text, const char *prefix)
{
	size_t i;

	for (i = 0; prefix[i]; i++)
		if (i >= text.size || tolower(text.data[i]) != prefix[i])
			return false;
	return true;
}

static size_t until(struct axev__span text, size_t from, const char *ends)
{
	while (from < text.size && text.data[from] && !strchr(ends, text.data[from]))
		from++;
	return from;
}

static struct axev__span slice(struct axev__span text, size_t from, size_t to)
{
	return axev__span(text.data + from, to - from);
}

/* RFC 3986 3.2: "[2001:db8::1]:443" or "shop.example:443". */
static bool split_authority(struct axev__span authority, struct parts *parts)
{
	size_t end;

	parts->is_bracketed = authority.size && authority.data[0] == '[';
	end = until(authority, 0, parts->is_bracketed ? "]" : ":");
	if (parts->is_bracketed && end == authority.size)
		return false;
	parts->host = slice(authority, parts->is_bracketed, end);
	end += parts->is_bracketed;
	if (end == authority.size)
		return true;
	parts->port = slice(authority, end + 1, authority.size);
	return authority.data[end] == ':';
}

static int split(struct axev__span url, struct parts *parts, axev_error *err)
{
	size_t from, end;

	*parts = (struct parts){ .is_tls = starts_without_case(url, "https://"), .port = axev__span("", 0) };
	if (memchr(url.data, '\0', url.size) || (!parts->is_tls && !starts_without_case(url, "http://")))
		return refuse(url, "expected an address of http or https", err);
	from = parts->is_tls ? 8 : 7;
	end = until(url, from, "/?#");
	if (memchr(url.data + from, '@', end - from) || !split_authority(slice(url, from, end), parts))
		return refuse(url, "expected a host, perhaps with a port, and no user", err);
	parts->target = slice(url, end, until(url, end, "#"));
	return AXEV_OK;
}

static bool is_name(const char *host)
{
	const char *c;

	for (c = host; *c; c++)
		if (!isascii(*c) || !(isalnum((unsigned char)*c) || strchr("-_.", *c)))
			return false;
	return *host && *host != '.' && !strstr(host, "..");
}

/* Browsers take a name whose last label is a number for an IPv4 address, in forms that are none for anybody else. */
static bool ends_in_number(const char *host)
{
	size_t length = strlen(host), end, from;

	end = length && host[length - 1] == '.' ? length - 1 : length;
	for (from = end; from > 0 && host[from - 1] != '.'; from--)
		;
	return from < end && (strspn(host + from, "0123456789") >= end - from ||
			      (host[from] == '0' && tolower((unsigned char)host[from + 1]) == 'x' &&
			       strspn(host + from + 2, "0123456789abcdefABCDEF") >= end - from - 2));
}

/* A label of at most 63 bytes each is for the DNS question to say. */
static int classify(struct axev__span url, const struct parts *parts, struct axev__reach_target *target,
		    axev_error *err)
{
	struct axev__span host = axev__span_str(target->host);
	uint8_t address[16];

	if (parts->is_bracketed) {
		target->kind = AXEV__REACH_ADDRESS;
		return inet_pton(AF_INET6, target->host, address) == 1 ?
			       AXEV_OK :
			       refuse(url, "expected an IPv6 address in the brackets", err);
	}
	if (inet_pton(AF_INET, target->host, address) == 1) {
		target->kind = AXEV__REACH_ADDRESS;
		return AXEV_OK;
	}
	if (!is_name(target->host) || ends_in_number(target->host))
		return refuse(url, "expected a host in ASCII letters (xn--...), or an address in its usual form", err);
	target->kind = axev__span_is(host, "localhost") || axev__span_is(host, "localhost.") ||
				       axev__span_ends(host, ".localhost") ?
			       AXEV__REACH_OWN :
			       AXEV__REACH_NAME;
	return AXEV_OK;
}

int axev__reach_target(struct axev__span url, struct axev__reach_target *ret_target, axev_error *err)
{
	struct axev__reach_target target = { 0 };
	struct parts parts;
	uint64_t port;
	size_t i;

	TRY(split(url, &parts, err));
	if (parts.host.size == 0 || parts.host.size > AXEV__MAX_REACH_HOST || memchr(parts.host.data, 0, parts.host.size))
		return refuse(url, "expected a host of 1 to 253 bytes", err);
	for (i = 0; i < parts.host.size; i++)
		target.host[i] = (char)tolower(parts.host.data[i]);
	port = parts.is_tls ? 443 : 80;
	if (parts.port.size && (!axev__parse_u64(parts.port, 65535, &port) || port == 0))
		return refuse(url, "expected a port from 1 to 65535", err);
	target.port = (uint16_t)port;
	target.is_tls = parts.is_tls;
	TRY(classify(url, &parts, &target, err));
	*ret_target = target;
	return AXEV_OK;
}

/* ---- the request ---- */

/* RFC 3986 2.1: what an address may not hold is written as browsers do. */
static int put_target(struct axev__span target, struct axev__buf *out, axev_error *err)
{
	size_t i;

	if (target.size == 0 || target.data[0] != '/')
		TRY(axev__buf_byte(out, '/', err));
	for (i = 0; i < target.size; i++) {
		uint8_t c = target.data[i];

		if (c > ' ' && c <= '~' && !strchr("\"<>`{}|^\\", c))
			TRY(axev__buf_byte(out, c, err));
		else
			TRY(axev__buf_printf(out, err, "%%%02X", c));
	}
	return AXEV_OK;
}

/*
 * GET, as a visitor's: HEAD is refused or answered otherwise by some servers, and Range changes the status of others. Its answer
 * is taken up to the end of the head, then the connection is closed.
 */
int axev__reach_request(struct axev__span url, struct axev__buf *out, axev_error *err)
{
	struct axev__reach_target target;
	struct parts parts;

	TRY(axev__reach_target(url, &target, err));
	TRY(split(url, &parts, err));
	TRY(axev__buf_str(out, "GET ", err));
	TRY(put_target(parts.target, out, err));
	TRY(axev__buf_printf(out, err, parts.is_bracketed ? " HTTP/1.1\r\nHost: [%s]" : " HTTP/1.1\r\nHost: %s", target.host));
	/* RFC 9110 7.2: the port stands there unless it is the usual one. */
	if (target.port != (target.is_tls ? 443 : 80))
		TRY(axev__buf_printf(out, err, ":%u", target.port));
	return axev__buf_str(out, "\r\nUser-Agent: ax_evidence\r\nAccept: */*\r\nConnection: close\r\n\r\n", err);
}
