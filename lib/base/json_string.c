/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_string.h"

#include "base/limits.h"
#include "base/text.h"

#define CHUNK_BYTES (64 * AXEV__KIB)
#define PAIR_BYTES 12 /* "\uD83D\uDE00": the longest way to write one character */

struct reading {
	const struct axev__source *text;
	uint64_t offset;     /* of raw */
	uint8_t raw[CHUNK_BYTES];
	size_t raw_size, at;
	bool is_last;        /* nothing follows raw */
	uint8_t out[CHUNK_BYTES];
	size_t out_size;
};

static int fail_form(const struct reading *reading, const char *expected, axev_error *err)
{
	return axev__fail_at(err, AXEV_E_FORMAT, reading->offset + reading->at, "expected %s in a JSON string", expected);
}

static int refill(struct reading *reading, axev_error *err)
{
	uint64_t left;

	reading->offset += reading->at;
	left = reading->text->size - reading->offset;
	reading->raw_size = left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES;
	reading->is_last = left == reading->raw_size;
	reading->at = 0;
	return axev__source_read(reading->text, reading->offset, reading->raw, reading->raw_size, err);
}

static void put(struct reading *reading, uint32_t character)
{
	uint8_t *out = reading->out + reading->out_size;

	if (character < 0x80) {
		out[0] = (uint8_t)character;
		reading->out_size += 1;
	} else if (character < 0x800) {
		out[0] = (uint8_t)(0xC0 | character >> 6);
		out[1] = (uint8_t)(0x80 | (character & 0x3F));
		reading->out_size += 2;
	} else if (character < 0x10000) {
		out[0] = (uint8_t)(0xE0 | character >> 12);
		out[1] = (uint8_t)(0x80 | (character >> 6 & 0x3F));
		out[2] = (uint8_t)(0x80 | (character & 0x3F));
		reading->out_size += 3;
	} else {
		out[0] = (uint8_t)(0xF0 | character >> 18);
		out[1] = (uint8_t)(0x80 | (character >> 12 & 0x3F));
		out[2] = (uint8_t)(0x80 | (character >> 6 & 0x3F));
		out[3] = (uint8_t)(0x80 | (character & 0x3F));
		reading->out_size += 4;
	}
}

/* The UTF-16 unit of "\uXXXX" at @at; -1: none is there. */
static int unit_at(const struct reading *reading, size_t at)
{
	const uint8_t *raw = reading->raw + at;
	uint8_t bytes[2];
	char lower[4];
	size_t i;

	if (reading->raw_size - at < 6 || raw[0] != '\\' || raw[1] != 'u')
		return -1;
	for (i = 0; i < 4; i++)
		lower[i] = (char)(raw[2 + i] >= 'A' && raw[2 + i] <= 'F' ? raw[2 + i] | 0x20 : raw[2 + i]);
	return axev__unhex(bytes, 2, axev__span(lower, 4)) ? bytes[0] << 8 | bytes[1] : -1;
}

static int take_unit(struct reading *reading, axev_error *err)
{
	int unit = unit_at(reading, reading->at), low;

	if (unit < 0)
		return fail_form(reading, "four hexadecimal digits", err);
	low = unit >= 0xD800 && unit < 0xDC00 && reading->raw_size - reading->at >= PAIR_BYTES ?
		      unit_at(reading, reading->at + 6) :
		      -1;
	if (low >= 0xDC00 && low < 0xE000) {
		put(reading, 0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00));
		reading->at += PAIR_BYTES;
		return AXEV_OK;
	}
	put(reading, unit == 0 || (unit >= 0xD800 && unit < 0xE000) ? 0xFFFD : (uint32_t)unit);
	reading->at += 6;
	return AXEV_OK;
}

static int take_escape(struct reading *reading, axev_error *err)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (reading->raw_size - reading->at < 2)
		return fail_form(reading, "an escape", err);
	if (reading->raw[reading->at + 1] == 'u')
		return take_unit(reading, err);
	found = memchr(names, reading->raw[reading->at + 1], strlen(names));
	if (!found)
		return fail_form(reading, "an escape", err);
	put(reading, (uint8_t)values[found - names]);
	reading->at += 2;
	return AXEV_OK;
}

static int take_utf8(struct reading *reading, axev_error *err)
{
	const uint8_t *character = reading->raw + reading->at;
	size_t size = axev__utf8_length(axev__span(character, reading->raw_size - reading->at));

	if (size == 0)
		return fail_form(reading, "UTF-8", err);
	memcpy(reading->out + reading->out_size, character, size);
	reading->out_size += size;
	reading->at += size;
	return AXEV_OK;
}

/* Up to the closing quote, the end of raw, or a full out. */
static int take_characters(struct reading *reading, bool *ret_is_end, axev_error *err)
{
	size_t enough = reading->is_last ? 0 : PAIR_BYTES - 1; /* a character is not cut by the end of raw */

	while (reading->raw_size - reading->at > enough && reading->out_size + 4 <= CHUNK_BYTES) {
		uint8_t byte = reading->raw[reading->at];

		if (byte == '"') {
			*ret_is_end = true;
			return AXEV_OK;
		}
		if (byte < 0x20)
			return fail_form(reading, "no control character", err);
		if (byte == '\\')
			TRY(take_escape(reading, err));
		else if (byte >= 0x80)
			TRY(take_utf8(reading, err));
		else
			reading->out[reading->out_size++] = reading->raw[reading->at++];
	}
	return AXEV_OK;
}

int axev__json_string_read(const struct axev__source *text, uint64_t offset, axev__json_piece_fn take, void *payload,
			   uint64_t *ret_end, axev_error *err)
{
	AXEV__FREE struct reading *reading = malloc(sizeof(*reading));
	bool is_end = false;

	if (!reading)
		return axev__nomem(err);
	reading->text = text;
	reading->offset = offset < text->size ? offset : text->size;
	reading->at = 0;
	while (!is_end) {
		reading->out_size = 0;
		TRY(refill(reading, err));
		if (reading->raw_size == 0)
			return fail_form(reading, "a closing quote", err);
		TRY(take_characters(reading, &is_end, err));
		if (reading->out_size)
			TRY(take(payload, axev__span(reading->out, reading->out_size), err));
	}
	*ret_end = reading->offset + reading->at + 1;
	return AXEV_OK;
}
