/* SPDX-License-Identifier: Apache-2.0 */
/* Untrusted text: is it UTF-8, and how can it be shown without harm. */
#ifndef AXEV_BASE_TEXT_H
#define AXEV_BASE_TEXT_H

#include "base/buf.h"
#include "base/limits.h"

/* Well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). */
bool axev__is_utf8(struct axev__span text);

/* Length of the well-formed character at the start of @text, 0 when there is none. */
size_t axev__utf8_length(struct axev__span text);

/* The bytes of a character, which is no surrogate and at most U+10FFFF; returns how many. */
size_t axev__put_utf8(uint32_t character, uint8_t out[4]);

/*
 * Append @text so that a terminal, a log or a page shows it inert: control characters, the C1 range,
 * bidirectional controls, zero-width characters and line separators become \u{...}, bytes that are
 * not UTF-8 become \x.., a backslash is doubled.
 */
int axev__escape(struct axev__buf *out, struct axev__span text, axev_error *err);

/* The same into a small buffer for one message; clipped with "..." when it does not fit. */
struct axev__shown {
	char text[AXEV__MAX_SHOWN + 4];
};
const char *axev__show(struct axev__shown *shown, struct axev__span text);
const char *axev__show_str(struct axev__shown *shown, const char *text);

/* 0-9a-f, lower case only, exactly 2 * bytes characters. */
void axev__hex(char *out, const uint8_t *data, size_t size); /* writes 2 * size + 1 */
bool axev__unhex(uint8_t *out, size_t out_size, struct axev__span text);

/* Base64 of RFC 4648 section 4 with padding; decoding is strict: canonical, no white space. */
int axev__base64(struct axev__buf *out, struct axev__span data, axev_error *err);
bool axev__unbase64(struct axev__buf *out, struct axev__span text); /* false: not canonical base64 */

/* Decimal without sign or leading zero, at most @max. */
bool axev__parse_u64(struct axev__span text, uint64_t max, uint64_t *ret_value);

#endif
