/* SPDX-License-Identifier: Apache-2.0 */
#include "content/head_mask.h"

#include <stdlib.h>
#include <strings.h>

#include "base/limits.h"

#define MASK '*'

/* ---- what is sought ---- */

static int add(struct axev__sought *sought, const char *value, axev_error *err)
{
	char **values, *copy;
	size_t i;

	for (i = 0; i < sought->count; i++)
		if (strcmp(sought->values[i], value) == 0)
			return AXEV_OK;
	values = reallocarray(sought->values, sought->count + 1, sizeof(*values));
	if (!values)
		return axev__nomem(err);
	sought->values = values;
	copy = strdup(value);
	if (!copy)
		return axev__nomem(err);
	values[sought->count++] = copy;
	return AXEV_OK;
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* In place. Scripts send a cookie's value without its encoding in fields of their own (X-XSRF-TOKEN). */
static void decode(char *text)
{
	char *to = text;

	while (*text) {
		int high = text[0] == '%' ? digit(text[1]) : -1, low = high >= 0 ? digit(text[2]) : -1;

		if (low >= 0 && (high || low)) {
			*to++ = (char)(high << 4 | low);
			text += 3;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

int axev__sought_add(struct axev__sought *sought, const char *value, axev_error *err)
{
	char *copy;
	int status;

	if (!*value)
		return AXEV_OK;
	copy = strdup(value);
	if (!copy)
		return axev__nomem(err);
	status = add(sought, value, err);
	decode(copy);
	if (status >= 0 && *copy)
		status = add(sought, copy, err);
	explicit_bzero(copy, strlen(copy));
	free(copy);
	return status;
}

void axev__sought_free(struct axev__sought *sought)
{
	size_t i;

	for (i = 0; i < sought->count; i++) {
		explicit_bzero(sought->values[i], strlen(sought->values[i]));
		free(sought->values[i]);
	}
	free(sought->values);
	*sought = (struct axev__sought){ 0 };
}

bool axev__sought_in(const struct axev__sought *sought, struct axev__span bytes)
{
	size_t i, length;

	for (i = 0; i < sought->count; i++) {
		length = strlen(sought->values[i]);
		if (length >= AXEV__MIN_SOUGHT_BYTES && bytes.size >= length &&
		    memmem(bytes.data, bytes.size, sought->values[i], length))
			return true;
	}
	return false;
}

/* ---- masking ---- */

struct field {
	const uint8_t *text; /* of the value, as it was */
	uint8_t *out;
	size_t size;
};

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_value(const struct axev__sought *sought, struct axev__span text)
{
	size_t i;

	for (i = 0; i < sought->count; i++)
		if (axev__span_is(text, sought->values[i]))
			return true;
	return false;
}

/* RFC 6265 4.2.1: pairs with "; " between them; of a cookie without a name there is the value alone. */
static uint64_t mask_pairs(const struct axev__sought *sought, const struct field *field)
{
	uint64_t count = 0;
	size_t at = 0, end, begin, stop;

	for (; at < field->size; at = end + 1) {
		const uint8_t *found = memchr(field->text + at, ';', field->size - at);

		end = found ? (size_t)(found - field->text) : field->size;
		found = memchr(field->text + at, '=', end - at);
		begin = found ? (size_t)(found - field->text) + 1 : at;
		stop = end;
		while (begin < stop && is_blank(field->text[begin]))
			begin++;
		while (begin < stop && is_blank(field->text[stop - 1]))
			stop--;
		if (begin == stop || !is_value(sought, axev__span(field->text + begin, stop - begin)))
			continue;
		memset(field->out + begin, MASK, stop - begin);
		count++;
	}
	return count;
}

/* Those that mask_pairs() has masked are not counted again. */
static uint64_t mask_anywhere(const struct field *field, const char *value)
{
	size_t length = strlen(value), at = 0, i;
	uint64_t count = 0;
	const uint8_t *found;

	while (length >= AXEV__MIN_SOUGHT_BYTES && field->size - at >= length &&
	       (found = memmem(field->text + at, field->size - at, value, length))) {
		bool is_new = false;

		at = (size_t)(found - field->text);
		for (i = at; i < at + length; i++) {
			is_new |= field->out[i] == field->text[i] && field->text[i] != MASK;
			field->out[i] = MASK;
		}
		count += is_new;
		at++;
	}
	return count;
}

static uint64_t mask_field(const struct axev__sought *sought, const struct field *line)
{
	const uint8_t *colon = memchr(line->text, ':', line->size);
	struct field field;
	uint64_t count = 0;
	size_t skip, i;

	if (!colon)
		return 0;
	skip = (size_t)(colon - line->text) + 1;
	field = (struct field){ line->text + skip, line->out + skip, line->size - skip };
	if (skip - 1 == 6 && strncasecmp((const char *)line->text, "cookie", 6) == 0)
		count = mask_pairs(sought, &field);
	for (i = 0; i < sought->count; i++)
		count += mask_anywhere(&field, sought->values[i]);
	return count;
}

/* Found in the head as it was: a value may be part of another. */
static uint64_t mask_lines(const struct axev__sought *sought, const uint8_t *text, uint8_t *out, size_t size)
{
	const uint8_t *newline = memchr(text, '\n', size);
	size_t at = newline ? (size_t)(newline - text) + 1 : size, end;
	uint64_t count = 0;

	for (; at < size; at = end + 1) {
		newline = memchr(text + at, '\n', size - at);
		end = newline ? (size_t)(newline - text) : size;
		count += mask_field(sought, &(struct field){ text + at, out + at, end - at });
	}
	return count;
}

int axev__head_mask(const struct axev__sought *sought, uint8_t *head, size_t size, uint64_t *ret_count, axev_error *err)
{
	uint8_t *copy;

	*ret_count = 0;
	if (size == 0 || sought->count == 0)
		return AXEV_OK;
	copy = malloc(size);
	if (!copy)
		return axev__nomem(err);
	memcpy(copy, head, size);
	*ret_count = mask_lines(sought, copy, head, size);
	explicit_bzero(copy, size);
	free(copy);
	return AXEV_OK;
}
