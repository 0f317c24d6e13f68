/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/lines.h"

#include "base/text.h"

bool axev__take_line(struct axev__span *rest, struct axev__span *ret_line)
{
	const uint8_t *end = rest->size ? memchr(rest->data, '\n', rest->size) : NULL;

	if (!end)
		return false;
	*ret_line = axev__span(rest->data, (size_t)(end - rest->data));
	*rest = axev__span(end + 1, rest->size - ret_line->size - 1);
	return true;
}

bool axev__read_hash(struct axev__span line, uint8_t out[32])
{
	AXEV__BUF hash = AXEV__BUF_INIT(64);

	if (line.size != 44 || !axev__unbase64(&hash, line) || hash.size != 32)
		return false;
	memcpy(out, hash.data, 32);
	return true;
}
