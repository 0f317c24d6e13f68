/* SPDX-License-Identifier: Apache-2.0 */
#include "content/post_query.h"

#include <stdlib.h>
#include <strings.h>

#include "base/limits.h"
#include "base/text.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static struct axev__span from(struct axev__span text, size_t offset)
{
	return axev__span(text.data + offset, text.size - offset);
}

int axev__form_encode(struct axev__buf *out, struct axev__span text, axev_error *err)
{
	size_t i;

	for (i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
		    c == '*' || c == '-' || c == '.' || c == '_')
			TRY(axev__buf_byte(out, c, err));
		else if (c == ' ')
			TRY(axev__buf_byte(out, '+', err));
		else
			TRY(axev__buf_printf(out, err, "%%%02X", c));
	}
	return AXEV_OK;
}

/* ---- text ---- */

/* How many bytes of a broken character are replaced together (Unicode 3.9, maximal subparts). */
static size_t broken_length(struct axev__span text)
{
	uint8_t first = text.data[0], low = 0x80, high = 0xbf;
	size_t want = first >= 0xc2 && first <= 0xdf ? 2 : (first & 0xf0) == 0xe0 ? 3 :
		      first >= 0xf0 && first <= 0xf4 ? 4 : 1, i;

	if (first == 0xe0)
		low = 0xa0;
	if (first == 0xed)
		high = 0x9f;
	if (first == 0xf0)
		low = 0x90;
	if (first == 0xf4)
		high = 0x8f;
	for (i = 1; i < want && i < text.size && text.data[i] >= low && text.data[i] <= high; i++) {
		low = 0x80;
		high = 0xbf;
	}
	return i;
}

/* WHATWG Encoding, "UTF-8 decode": no byte order mark, replacement for what is broken. */
int axev__decode_utf8(struct axev__span body, struct axev__buf *out, axev_error *err)
{
	if (axev__span_starts(body, "\xef\xbb\xbf"))
		body = from(body, 3);
	while (body.size) {
		size_t length = axev__utf8_length(body);

		if (length) {
			TRY(axev__buf_append(out, body.data, length, err));
		} else {
			length = broken_length(body);
			TRY(axev__buf_str(out, REPLACEMENT, err));
		}
		body = from(body, length);
	}
	return AXEV_OK;
}

static int put_base64(struct axev__span body, struct axev__buf *out, axev_error *err)
{
	/* What is behind is cut anyway. */
	if (body.size > AXEV__MAX_POST_QUERY_UNITS)
		body.size = AXEV__MAX_POST_QUERY_UNITS / 3 * 3;
	TRY(axev__buf_str(out, "__wb_post_data=", err));
	return axev__base64(out, body, err);
}

/* ---- multipart/form-data ---- */

struct field {
	struct axev__span name, value;
};

static size_t find(struct axev__span text, const char *needle, size_t length)
{
	size_t i;

	for (i = 0; i + length <= text.size; i++)
		if (strncasecmp((const char *)text.data + i, needle, length) == 0)
			return i;
	return text.size;
}

static struct axev__span trim(struct axev__span text)
{
	while (text.size && strchr(" \t\r\n\v\f", text.data[0]) && text.data[0])
		text = from(text, 1);
	while (text.size && strchr(" \t\r\n\v\f", text.data[text.size - 1]) &&
	       text.data[text.size - 1])
		text.size--;
	return text;
}

/* name="NAME", two line breaks, and the value as far as the line goes. */
static bool get_field(struct axev__span part, struct field *ret_field)
{
	static const char start[] = "name=\"";
	size_t at, length;

	for (part = trim(part);; part = from(part, 1)) {
		at = find(part, start, sizeof(start) - 1);
		if (at == part.size)
			return false;
		part = from(part, at);
		length = find(from(part, 6), "\"", 1);
		if (length > 0 && axev__span_starts(from(part, 6 + length), "\"\r\n\r\n"))
			break;
	}
	ret_field->name = axev__span(part.data + 6, length);
	part = from(part, 6 + length + 5);
	for (length = 0; length < part.size; length++)
		if (part.data[length] == '\r' || part.data[length] == '\n')
			break;
	ret_field->value = axev__span(part.data, length);
	return true;
}

/* The part up to the next boundary; dashes around a boundary belong to it. */
static struct axev__span next_part(struct axev__span *rest, struct axev__span boundary)
{
	size_t at = find(*rest, (const char *)boundary.data, boundary.size), end = at;
	struct axev__span part;

	while (end && rest->data[end - 1] == '-')
		end--;
	part = axev__span(rest->data, end);
	*rest = from(*rest, at == rest->size ? at : at + boundary.size);
	while (rest->size && rest->data[0] == '-')
		*rest = from(*rest, 1);
	return part;
}

/* Fields of the same name: the last value, at the place of the first. */
static int collect(struct axev__span text, struct axev__span boundary, struct axev__buf *fields,
		   axev_error *err)
{
	while (text.size && fields->size < fields->max) {
		struct field field, *known = (struct field *)fields->data;
		size_t count = fields->size / sizeof(field), i;

		if (!get_field(next_part(&text, boundary), &field))
			continue;
		for (i = 0; i < count; i++)
			if (axev__span_equal(known[i].name, field.name))
				break;
		if (i < count)
			known[i].value = field.value;
		else
			TRY(axev__buf_append(fields, &field, sizeof(field), err));
	}
	return AXEV_OK;
}

static int put_form_data(struct axev__span content_type, struct axev__span text, struct axev__buf *out,
			 axev_error *err)
{
	AXEV__BUF fields = AXEV__BUF_INIT(AXEV__MAX_POST_QUERY_UNITS * sizeof(struct field));
	struct axev__span boundary = content_type;
	size_t at = find(boundary, "boundary=", 9), i;
	const struct field *field;

	if (at == boundary.size)
		return AXEV_OK;
	boundary = from(boundary, at + 9);
	for (i = 0; i < boundary.size; i++)
		if (strchr(".*+?^${}()|[]\\", boundary.data[i])) /* a pattern to the readers */
			return AXEV_OK;
	if (boundary.size == 0)
		return AXEV_OK;
	TRY(collect(text, boundary, &fields, err));
	field = (const struct field *)fields.data;
	for (i = 0; i < fields.size / sizeof(*field); i++) {
		TRY(axev__buf_str(out, i ? "&" : "", err));
		TRY(axev__form_encode(out, field[i].name, err));
		TRY(axev__buf_byte(out, '=', err));
		TRY(axev__form_encode(out, field[i].value, err));
	}
	return AXEV_OK;
}

/* ---- the whole ---- */

/* As many characters as fit into so many UTF-16 code units. */
static size_t cut_length(struct axev__span text)
{
	size_t units = 0, i = 0;

	while (i < text.size) {
		size_t length = axev__utf8_length(from(text, i));

		units += length == 4 ? 2 : 1;
		if (units > AXEV__MAX_POST_QUERY_UNITS)
			break;
		i += length ? length : 1;
	}
	return i;
}

static int put_query(struct axev__span content_type, struct axev__span body, struct axev__buf *out,
		     axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(3 * AXEV__MAX_POST_QUERY_BYTES);
	size_t length = find(content_type, ";", 1);
	struct axev__span media = axev__span(content_type.data, length);

	if (body.size > AXEV__MAX_POST_QUERY_BYTES)
		return AXEV_OK;
	TRY(axev__decode_utf8(body, &text, err));
	if (axev__span_is(media, "application/x-www-form-urlencoded"))
		return axev__buf_span(out, axev__buf_view(&text), err);
	if (axev__span_is(media, "application/json") || axev__span_is(media, "text/plain"))
		return axev__json_query(axev__buf_view(&text), out, err);
	if (axev__span_is(media, "multipart/form-data"))
		return put_form_data(content_type, axev__buf_view(&text), out, err);
	return put_base64(body, out, err);
}

int axev__post_query(struct axev__span content_type, struct axev__span body, struct axev__buf *out,
		     axev_error *err)
{
	AXEV__BUF query = AXEV__BUF_INIT(12 * AXEV__MAX_POST_QUERY_BYTES);

	TRY(put_query(content_type, body, &query, err));
	return axev__buf_append(out, query.data, cut_length(axev__buf_view(&query)), err);
}

/* ---- the key ---- */

static int hex_byte(struct axev__span text)
{
	char pair[3];
	char *end;
	long value;

	if (text.size < 3 || text.data[0] != '%')
		return -1;
	memcpy(pair, text.data + 1, 2);
	pair[2] = '\0';
	value = strtol(pair, &end, 16);
	return end == pair + 2 && strchr("0123456789abcdefABCDEF", pair[0]) ? (int)value : -1;
}

/* One character written as %XX or more of them; its length in @text is *ret_used, 0 when broken. */
static int decode_one(struct axev__span text, struct axev__buf *out, size_t *ret_used, axev_error *err)
{
	uint8_t bytes[4];
	size_t count = 0, length = 0;

	*ret_used = 0;
	while (count < 4 && !length) {
		int byte = hex_byte(from(text, count * 3 < text.size ? count * 3 : text.size));

		if (byte < 0)
			return AXEV_OK;
		bytes[count++] = (uint8_t)byte;
		length = axev__utf8_length(axev__span(bytes, count));
	}
	if (length != count)
		return AXEV_OK;
	*ret_used = 3 * count;
	if (count == 1 && bytes[0] && strchr(";/?:@&=+$,#", bytes[0]))
		return axev__buf_append(out, text.data, 3, err);
	return axev__buf_append(out, bytes, count, err);
}

/* ECMAScript decodeURI; nothing at all where that throws. */
static int decode_uri(struct axev__span text, struct axev__buf *out, axev_error *err)
{
	while (text.size) {
		size_t used = 1;

		if (text.data[0] == '%')
			TRY(decode_one(text, out, &used, err));
		else
			TRY(axev__buf_byte(out, text.data[0], err));
		if (used == 0) {
			axev__buf_clear(out);
			return AXEV_OK;
		}
		text = from(text, used);
	}
	return AXEV_OK;
}

int axev__post_url(struct axev__span url, struct axev__span method, struct axev__span query,
		   struct axev__buf *out, axev_error *err)
{
	AXEV__BUF decoded = AXEV__BUF_INIT(query.size + 1);
	bool has_query = url.size > 1 && memchr(url.data + 1, '?', url.size - 1);

	TRY(decode_uri(query, &decoded, err));
	TRY(axev__buf_span(out, url, err));
	TRY(axev__buf_str(out, has_query ? "&__wb_method=" : "?__wb_method=", err));
	TRY(axev__buf_span(out, method, err));
	TRY(axev__buf_byte(out, '&', err));
	return axev__buf_span(out, axev__buf_view(&decoded), err);
}
