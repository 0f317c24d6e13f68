/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers in decimal without printf, which costs more than all else where tables hold them by the million. */
#ifndef AXEV_BASE_DIGITS_H
#define AXEV_BASE_DIGITS_H

#include <stdint.h>
#include <string.h>

#define AXEV__TENS 20
extern const uint64_t axev__tens[AXEV__TENS]; /* 10^0 to 10^19 */
extern const char axev__digit_pairs[201];     /* "00" to "99" */

/* Without zeros in front. A bit is 0.301 of a digit, and 1233 / 4096 of it one digit too few at most. */
static inline int axev__digit_count(uint64_t number)
{
	int fewest;

	number |= 1; /* zero has a digit, and no other has more by this */
	fewest = (64 - __builtin_clzll(number)) * 1233 >> 12;
	return fewest + (number >= axev__tens[fewest]);
}

/* The last @count digits, zeros in front; returns where they end. */
static inline char *axev__digits(char *at, uint64_t number, int count)
{
	char *end = at + count;

	for (; count >= 2; count -= 2, number /= 100)
		memcpy(at + count - 2, axev__digit_pairs + 2 * (number % 100), 2);
	if (count > 0)
		*at = (char)('0' + number % 10);
	return end;
}

#endif
