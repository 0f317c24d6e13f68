/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf16.h"

#include "base/text.h"

static bool is_high(uint32_t unit)
{
	return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low(uint32_t unit)
{
	return unit >= 0xdc00 && unit < 0xe000;
}

static int append_utf8(struct axev__buf *out, uint32_t point, axev_error *err)
{
	size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4, i;
	uint8_t bytes[4];

	if (size == 1)
		return axev__buf_byte(out, (uint8_t)point, err);
	for (i = size - 1; i > 0; i--, point >>= 6)
		bytes[i] = (uint8_t)(0x80 | (point & 0x3f));
	bytes[0] = (uint8_t)((0xf00u >> size & 0xff) | point);
	return axev__buf_append(out, bytes, size, err);
}

int axev__utf16_to_utf8(struct axev__span utf16, bool is_big_endian, struct axev__buf *out, bool *ret_good,
			axev_error *err)
{
	size_t i;

	*ret_good = utf16.size % 2 == 0;
	for (i = 0; *ret_good && i < utf16.size; i += 2) {
		const uint8_t *at = utf16.data + i;
		uint32_t unit = is_big_endian ? axev__get_u16be(at) : axev__get_u16le(at), low;

		if (is_high(unit) && i + 2 < utf16.size) {
			low = is_big_endian ? axev__get_u16be(at + 2) : axev__get_u16le(at + 2);
			*ret_good = is_low(low);
			unit = 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
			i += 2;
		} else {
			*ret_good = !is_high(unit) && !is_low(unit);
		}
		TRY(append_utf8(out, unit, err));
	}
	return AXEV_OK;
}

static int append_unit(struct axev__buf *out, uint32_t unit, axev_error *err)
{
	uint16_t native = (uint16_t)unit;

	return axev__buf_append(out, &native, sizeof(native), err);
}

int axev__utf16_from_utf8(struct axev__span utf8, struct axev__buf *out, axev_error *err)
{
	size_t i = 0;

	if (!axev__is_utf8(utf8))
		return axev__fail(err, AXEV_E_INVAL, "expected text in UTF-8");
	while (i < utf8.size) {
		uint32_t point = utf8.data[i++];
		unsigned more = point < 0x80 ? 0 : point < 0xe0 ? 1 : point < 0xf0 ? 2 : 3;

		if (more > 0)
			point &= 0x3fu >> more;
		for (; more > 0; more--)
			point = point << 6 | (utf8.data[i++] & 0x3f);
		if (point >= 0x10000) {
			TRY(append_unit(out, 0xd800 + ((point - 0x10000) >> 10), err));
			point = 0xdc00 + ((point - 0x10000) & 0x3ff);
		}
		TRY(append_unit(out, point, err));
	}
	return AXEV_OK;
}
