/* SPDX-License-Identifier: Apache-2.0 */
#include "content/surt.h"

#include <stdlib.h>

#include "base/text.h"

static struct axev__span from(struct axev__span text, size_t offset)
{
	return axev__span(text.data + offset, text.size - offset);
}

static size_t length_until(struct axev__span text, const char *stops)
{
	size_t i = 0;

	while (i < text.size && (text.data[i] == '\0' || !strchr(stops, text.data[i])))
		i++;
	return i;
}

/* "http://www3.example" becomes "http://example": the first label only, whatever stands behind it. */
static size_t www_length(struct axev__span behind_scheme)
{
	size_t i = 3;

	if (!axev__span_starts(behind_scheme, "www"))
		return 0;
	while (i < behind_scheme.size && behind_scheme.data[i] >= '0' && behind_scheme.data[i] <= '9')
		i++;
	return i < behind_scheme.size && behind_scheme.data[i] == '.' ? i + 1 : 0;
}

/* WHATWG URL: tabs and line breaks go, control characters and blanks at the end too. */
static int simplify(struct axev__span url, struct axev__buf *out, axev_error *err)
{
	size_t i;

	while (url.size && url.data[url.size - 1] <= ' ')
		url.size--;
	for (i = 0; i < url.size; i++) {
		uint8_t c = url.data[i];

		if (c == '\t' || c == '\n' || c == '\r')
			continue;
		TRY(axev__buf_byte(out, c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c, err));
	}
	return AXEV_OK;
}

/* ---- host ---- */

struct authority {
	struct axev__span host;
	unsigned port; /* 0: none, or the one of the scheme */
};

static bool is_host_char(uint8_t c)
{
	return c > ' ' && c < 0x7f && !strchr("#%/:<>?@[\\]^|", c);
}

/* A last label of digits makes a browser read an IPv4 address; only its normal form is taken. */
static bool is_host(struct axev__span host)
{
	struct axev__span rest = host;
	uint64_t number;
	size_t i, labels = 0, length = 0;
	bool is_number = false, are_bytes = true;

	if (host.size > 2 && host.data[0] == '[')
		return host.data[host.size - 1] == ']';
	for (i = 0; i < host.size; i++)
		if (!is_host_char(host.data[i]))
			return false;
	if (host.size && host.data[host.size - 1] == '.')
		rest.size--;
	while (rest.size) {
		length = length_until(rest, ".");
		is_number = length && strspn((const char *)rest.data, "0123456789") >= length;
		are_bytes &= axev__parse_u64(axev__span(rest.data, length), 255, &number);
		labels++;
		rest = from(rest, length < rest.size ? length + 1 : length);
	}
	return host.size && (!is_number || (labels == 4 && are_bytes));
}

static bool parse_port(struct axev__span text, unsigned standard, unsigned *ret_port)
{
	uint64_t port;

	while (text.size > 1 && text.data[0] == '0')
		text = from(text, 1);
	if (text.size == 0) {
		*ret_port = 0;
		return true;
	}
	if (!axev__parse_u64(text, 65535, &port))
		return false;
	*ret_port = port == standard ? 0 : (unsigned)port;
	return true;
}

static bool parse_authority(struct axev__span text, bool is_https, struct authority *ret)
{
	size_t i, length;

	for (i = text.size; i > 0; i--)
		if (text.data[i - 1] == '@')
			break;
	text = from(text, i);
	length = text.size && text.data[0] == '[' ? length_until(text, "]") + 1
						  : length_until(text, ":");
	if (length > text.size)
		return false;
	ret->host = axev__span(text.data, length);
	text = from(text, length);
	ret->port = 0;
	if (text.size && (text.data[0] != ':' ||
			  !parse_port(from(text, 1), is_https ? 443 : 80, &ret->port)))
		return false;
	return is_host(ret->host);
}

static int put_host(struct axev__buf *out, const struct authority *authority, axev_error *err)
{
	struct axev__span host = authority->host;
	size_t end = host.size, i;

	for (i = host.size; i > 0; i--) {
		if (host.data[i - 1] != '.')
			continue;
		TRY(axev__buf_append(out, host.data + i, end - i, err));
		TRY(axev__buf_byte(out, ',', err));
		end = i - 1;
	}
	TRY(axev__buf_append(out, host.data, end, err));
	if (authority->port)
		TRY(axev__buf_printf(out, err, ":%u", authority->port));
	return axev__buf_byte(out, ')', err);
}

/* ---- path and query ---- */

/* WHATWG URL 1.3: control characters, everything beyond '~', and the set of the component. */
static int put_encoded(struct axev__buf *out, struct axev__span text, const char *set, axev_error *err)
{
	size_t i;

	for (i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (c > ' ' && c < 0x7f && !strchr(set, c))
			TRY(axev__buf_byte(out, c, err));
		else
			TRY(axev__buf_printf(out, err, "%%%02X", c));
	}
	return AXEV_OK;
}

/* 1 for ".", 2 for "..", each dot perhaps written %2e (lower case by now), else 0. */
static unsigned dots(struct axev__span segment)
{
	unsigned count = 0;

	while (segment.size && count < 3) {
		size_t length = axev__span_starts(segment, "%2e") ? 3 : segment.data[0] == '.';

		if (!length)
			return 0;
		segment = from(segment, length);
		count++;
	}
	return count < 3 ? count : 0;
}

static void drop_segment(struct axev__buf *path)
{
	while (path->size && path->data[--path->size] != '/')
		;
}

/* WHATWG URL, path state: dot segments resolved, '\' is '/'. */
static int put_path(struct axev__buf *out, struct axev__span rest, axev_error *err)
{
	AXEV__BUF path = AXEV__BUF_INIT(out->max);

	do {
		struct axev__span segment;
		bool is_last;

		rest = from(rest, rest.size ? 1 : 0);
		segment = axev__span(rest.data, length_until(rest, "/\\"));
		is_last = segment.size == rest.size;
		rest = from(rest, segment.size);
		if (dots(segment) == 2)
			drop_segment(&path);
		if (dots(segment) && !is_last)
			continue;
		TRY(axev__buf_byte(&path, '/', err));
		if (!dots(segment))
			TRY(put_encoded(&path, segment, "\"#<>?`{}", err));
	} while (rest.size);
	return axev__buf_span(out, axev__buf_view(&path), err);
}

static int by_bytes(const void *a, const void *b)
{
	return axev__span_compare(*(const struct axev__span *)a, *(const struct axev__span *)b);
}

static int put_arguments(struct axev__buf *out, struct axev__span query, axev_error *err)
{
	AXEV__FREE struct axev__span *arguments = NULL;
	size_t count = 1, i, length;

	for (i = 0; i < query.size; i++)
		count += query.data[i] == '&';
	arguments = calloc(count, sizeof(*arguments));
	if (!arguments)
		return axev__nomem(err);
	for (i = 0; i < count; i++) {
		length = length_until(query, "&");
		arguments[i] = axev__span(query.data, length);
		query = from(query, length < query.size ? length + 1 : length);
	}
	qsort(arguments, count, sizeof(*arguments), by_bytes);
	for (i = 0; i < count; i++) {
		TRY(axev__buf_byte(out, i ? '&' : '?', err));
		TRY(axev__buf_span(out, arguments[i], err));
	}
	return AXEV_OK;
}

static int put_query(struct axev__buf *out, struct axev__span query, axev_error *err)
{
	AXEV__BUF encoded = AXEV__BUF_INIT(out->max);

	TRY(put_encoded(&encoded, query, "\"#<>'", err));
	return encoded.size ? put_arguments(out, axev__buf_view(&encoded), err) : AXEV_OK;
}

static int put_key(struct axev__span rest, bool is_https, bool *ret_done, struct axev__buf *out,
		   axev_error *err)
{
	struct authority authority;
	size_t length;

	/* In http and https URLs any number of slashes, either way, is as good as two. */
	while (rest.size && (rest.data[0] == '/' || rest.data[0] == '\\'))
		rest = from(rest, 1);
	rest.size = length_until(rest, "#");
	length = length_until(rest, "/\\?");
	*ret_done = parse_authority(axev__span(rest.data, length), is_https, &authority);
	if (!*ret_done)
		return AXEV_OK;
	TRY(put_host(out, &authority, err));
	rest = from(rest, length);
	length = length_until(rest, "?");
	TRY(put_path(out, axev__span(rest.data, length), err));
	if (length < rest.size)
		TRY(put_query(out, from(rest, length + 1), err));
	return AXEV_OK;
}

int axev__surt(struct axev__span url, struct axev__buf *out, axev_error *err)
{
	AXEV__BUF simple = AXEV__BUF_INIT(url.size + 16);
	bool is_https = axev__span_starts(url, "https:"), is_done;
	size_t scheme = is_https ? 6 : 5, www = 0;

	if (!is_https && !axev__span_starts(url, "http:"))
		return axev__buf_span(out, url, err);
	if (axev__span_starts(from(url, scheme), "//"))
		www = www_length(from(url, scheme + 2));
	TRY(simplify(from(url, www ? scheme + 2 + www : scheme), &simple, err));
	TRY(put_key(axev__buf_view(&simple), is_https, &is_done, out, err));
	if (is_done)
		return AXEV_OK;
	TRY(axev__buf_append(out, url.data, www ? scheme + 2 : scheme, err));
	return axev__buf_span(out, from(url, www ? scheme + 2 + www : scheme), err);
}
