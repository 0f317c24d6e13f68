/* SPDX-License-Identifier: Apache-2.0 */
#include "content/gb18030.h"

#include "base/text.h"

#define BMP_CODES 39420       /* of four bytes, up to 84 31 a4 39 */
#define PLANES_FROM 189000    /* 90 30 81 30: U+10000, and from there on one by one */
#define PLANES_LAST (PLANES_FROM + 0xFFFFF) /* e3 32 9a 35: U+10FFFF */
#define LONGEST 4

enum { INCOMPLETE = 0, WRONG = -1 };

static bool is_digit(uint8_t byte)
{
	return byte >= 0x30 && byte <= 0x39;
}

static bool is_lead(uint8_t byte)
{
	return byte >= 0x81 && byte <= 0xFE;
}

static uint32_t of_number(uint32_t number)
{
	size_t low = 0, high = AXEV__GB18030_RANGES;

	if (number >= PLANES_FROM)
		return number - PLANES_FROM + 0x10000;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		*(axev__gb18030_four[middle].number <= number ? &low : &high) = middle;
	}
	return axev__gb18030_four[low].first + (number - axev__gb18030_four[low].number);
}

/* Bytes of the character at the beginning, which are not ASCII; INCOMPLETE or WRONG. */
static int decode_one(struct axev__span bytes, uint32_t *ret_character)
{
	const uint8_t *b = bytes.data;
	uint32_t number;

	if (!is_lead(b[0]))
		return WRONG;
	if (bytes.size == 1)
		return INCOMPLETE;
	if (b[1] >= 0x40 && b[1] != 0x7F && b[1] != 0xFF) {
		*ret_character = axev__gb18030_two[b[0] - 0x81][b[1] - 0x40 - (b[1] > 0x7F)];
		return 2;
	}
	if (!is_digit(b[1]) || (bytes.size > 2 && !is_lead(b[2])) || (bytes.size > 3 && !is_digit(b[3])))
		return WRONG;
	if (bytes.size < LONGEST)
		return INCOMPLETE;
	number = (((b[0] - 0x81u) * 10 + (b[1] - 0x30u)) * 126 + (b[2] - 0x81u)) * 10 + (b[3] - 0x30u);
	if (number >= BMP_CODES && (number < PLANES_FROM || number > PLANES_LAST))
		return WRONG;
	*ret_character = of_number(number);
	return LONGEST;
}

int axev__gb18030_decode(struct axev__span bytes, bool is_end, struct axev__buf *out, size_t *ret_used,
			 axev_error *err)
{
	size_t at = 0;

	*ret_used = 0;
	/* No character needs more than twice its bytes: two become three at most. */
	TRY(axev__buf_reserve(out, 2 * bytes.size + LONGEST, err));
	while (at < bytes.size) {
		uint32_t character;
		int length = 1;

		if (bytes.data[at] < 0x80) {
			out->data[out->size++] = bytes.data[at];
		} else {
			length = decode_one(axev__span(bytes.data + at, bytes.size - at), &character);
			if (length == INCOMPLETE && !is_end)
				break;
			*ret_used = at;
			if (length <= 0)
				return axev__fail(err, AXEV_E_FORMAT, "not GB18030");
			out->size += axev__put_utf8(character, out->data + out->size);
		}
		at += (size_t)length;
	}
	*ret_used = at;
	return AXEV_OK;
}
