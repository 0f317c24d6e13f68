/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdio.h>

static uint32_t decode_character(const uint8_t *data, size_t length)
{
	switch (length) {
	case 1:
		return data[0];
	case 2:
		return (uint32_t)(data[0] & 0x1F) << 6 | (data[1] & 0x3F);
	case 3:
		return (uint32_t)(data[0] & 0x0F) << 12 | (uint32_t)(data[1] & 0x3F) << 6 |
		       (data[2] & 0x3F);
	default:
		return (uint32_t)(data[0] & 0x07) << 18 | (uint32_t)(data[1] & 0x3F) << 12 |
		       (uint32_t)(data[2] & 0x3F) << 6 | (data[3] & 0x3F);
	}
}

static size_t length_by_first_byte(uint8_t byte)
{
	if (byte < 0x80)
		return 1;
	if (byte >= 0xC2 && byte <= 0xDF)
		return 2;
	if (byte >= 0xE0 && byte <= 0xEF)
		return 3;
	if (byte >= 0xF0 && byte <= 0xF4)
		return 4;
	return 0;
}

size_t axev__utf8_length(struct axev__span text)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length, i;
	uint32_t character;

	if (text.size == 0)
		return 0;
	length = length_by_first_byte(text.data[0]);
	if (length == 0 || length > text.size)
		return 0;
	for (i = 1; i < length; i++)
		if ((text.data[i] & 0xC0) != 0x80)
			return 0;
	character = decode_character(text.data, length);
	if (character < smallest[length] || character > 0x10FFFF)
		return 0;
	if (character >= 0xD800 && character <= 0xDFFF)
		return 0;
	return length;
}

size_t axev__put_utf8(uint32_t character, uint8_t out[4])
{
	if (character < 0x80) {
		out[0] = (uint8_t)character;
		return 1;
	}
	if (character < 0x800) {
		out[0] = (uint8_t)(0xC0 | character >> 6);
		out[1] = (uint8_t)(0x80 | (character & 0x3F));
		return 2;
	}
	if (character < 0x10000) {
		out[0] = (uint8_t)(0xE0 | character >> 12);
		out[1] = (uint8_t)(0x80 | (character >> 6 & 0x3F));
		out[2] = (uint8_t)(0x80 | (character & 0x3F));
		return 3;
	}
	out[0] = (uint8_t)(0xF0 | character >> 18);
	out[1] = (uint8_t)(0x80 | (character >> 12 & 0x3F));
	out[2] = (uint8_t)(0x80 | (character >> 6 & 0x3F));
	out[3] = (uint8_t)(0x80 | (character & 0x3F));
	return 4;
}

/* What most text consists of: eight of ASCII, one of ASCII, or one of three bytes that is neither overlong nor a surrogate. 0: something else. */
static size_t usual_length(struct axev__span text)
{
	uint64_t eight;

	if (text.size >= sizeof(eight)) {
		memcpy(&eight, text.data, sizeof(eight));
		if (!(eight & UINT64_C(0x8080808080808080)))
			return sizeof(eight);
	}
	if (text.data[0] < 0x80)
		return 1;
	if (text.size >= 3 && text.data[0] > 0xE0 && text.data[0] <= 0xEF && text.data[0] != 0xED &&
	    (text.data[1] & 0xC0) == 0x80 && (text.data[2] & 0xC0) == 0x80)
		return 3;
	return 0;
}

bool axev__is_utf8(struct axev__span text)
{
	while (text.size) {
		size_t length = usual_length(text);

		if (length == 0)
			length = axev__utf8_length(text);
		if (length == 0)
			return false;
		text = axev__span(text.data + length, text.size - length);
	}
	return true;
}

/* Characters that change how the text around them is shown, or cannot be seen at all. */
static bool is_misleading(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C ||
	       (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
	       (c >= 0xE0000 && c <= 0xE0FFF);
}

/* Shown form of the next character in @out (at most 12 bytes); returns the bytes consumed. */
static size_t escape_one(char out[16], struct axev__span text)
{
	size_t length = axev__utf8_length(text);
	uint32_t character;

	if (length == 0) {
		snprintf(out, 16, "\\x%02x", text.data[0]);
		return 1;
	}
	character = decode_character(text.data, length);
	if (character == '\n')
		memcpy(out, "\\n", 3);
	else if (character == '\\')
		memcpy(out, "\\\\", 3);
	else if (is_misleading(character))
		snprintf(out, 16, "\\u{%x}", character);
	else {
		memcpy(out, text.data, length);
		out[length] = '\0';
	}
	return length;
}

int axev__escape(struct axev__buf *out, struct axev__span text, axev_error *err)
{
	char one[16];

	while (text.size) {
		size_t used = escape_one(one, text);

		TRY(axev__buf_str(out, one, err));
		text = axev__span(text.data + used, text.size - used);
	}
	return AXEV_OK;
}

const char *axev__show(struct axev__shown *shown, struct axev__span text)
{
	size_t length = 0;
	char one[16];

	while (text.size) {
		size_t used = escape_one(one, text);
		size_t size = strlen(one);

		if (length + size > AXEV__MAX_SHOWN) {
			memcpy(shown->text + length, "...", 4);
			return shown->text;
		}
		memcpy(shown->text + length, one, size);
		length += size;
		text = axev__span(text.data + used, text.size - used);
	}
	shown->text[length] = '\0';
	return shown->text;
}

const char *axev__show_str(struct axev__shown *shown, const char *text)
{
	return axev__show(shown, axev__span_str(text));
}

void axev__hex(char *out, const uint8_t *data, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < size; i++) {
		out[2 * i] = digits[data[i] >> 4];
		out[2 * i + 1] = digits[data[i] & 15];
	}
	out[2 * size] = '\0';
}

static int hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool axev__unhex(uint8_t *out, size_t out_size, struct axev__span text)
{
	size_t i;

	if (text.size != 2 * out_size)
		return false;
	for (i = 0; i < out_size; i++) {
		int high = hex_value(text.data[2 * i]), low = hex_value(text.data[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

int axev__base64(struct axev__buf *out, struct axev__span data, axev_error *err)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i;

	TRY(axev__buf_reserve(out, (data.size + 2) / 3 * 4, err));
	for (i = 0; i < data.size; i += 3) {
		size_t left = data.size - i;
		uint32_t group = (uint32_t)data.data[i] << 16;
		char quad[4];

		if (left > 1)
			group |= (uint32_t)data.data[i + 1] << 8;
		if (left > 2)
			group |= data.data[i + 2];
		quad[0] = digits[group >> 18];
		quad[1] = digits[group >> 12 & 63];
		quad[2] = left > 1 ? digits[group >> 6 & 63] : '=';
		quad[3] = left > 2 ? digits[group & 63] : '=';
		TRY(axev__buf_append(out, quad, 4, err));
	}
	return AXEV_OK;
}

static int base64_value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* One group of four; @pad is the number of '=' that close it. Stray low bits are refused. */
static bool unbase64_group(struct axev__buf *out, const uint8_t *quad, size_t pad)
{
	uint8_t bytes[3];
	uint32_t group = 0;
	size_t i;

	for (i = 0; i < 4 - pad; i++) {
		int value = base64_value(quad[i]);

		if (value < 0)
			return false;
		group |= (uint32_t)value << (18 - 6 * i);
	}
	if ((pad == 1 && (group & 0xFF)) || (pad == 2 && (group & 0xFFFF)))
		return false;
	bytes[0] = (uint8_t)(group >> 16);
	bytes[1] = (uint8_t)(group >> 8);
	bytes[2] = (uint8_t)group;
	return axev__buf_append(out, bytes, 3 - pad, NULL) == AXEV_OK;
}

bool axev__unbase64(struct axev__buf *out, struct axev__span text)
{
	size_t i;

	if (text.size % 4 != 0)
		return false;
	for (i = 0; i < text.size; i += 4) {
		size_t pad = 0;

		if (i + 4 == text.size) {
			if (text.data[i + 3] == '=')
				pad = text.data[i + 2] == '=' ? 2 : 1;
		}
		if (!unbase64_group(out, text.data + i, pad))
			return false;
	}
	return true;
}

bool axev__parse_u64(struct axev__span text, uint64_t max, uint64_t *ret_value)
{
	uint64_t value = 0;
	size_t i;

	if (text.size == 0 || text.size > 20 || (text.size > 1 && text.data[0] == '0'))
		return false;
	for (i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (c < '0' || c > '9' || __builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(c - '0'), &value))
			return false;
	}
	if (value > max)
		return false;
	*ret_value = value;
	return true;
}
