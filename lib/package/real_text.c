/* SPDX-License-Identifier: Apache-2.0 */
#include "package/real_text.h"

#include <stdint.h>
#include <string.h>

#define MOST_DIGITS 17
#define LEAST_DIGITS 15
#define FRACTION_BITS 52

typedef unsigned __int128 u128;

/* |value| = scaled / (10^power * 2^shift), with 17 digits in front of the point of scaled / 2^shift. */
struct scaled {
	uint64_t mantissa;
	unsigned shift;
	int power;
	u128 scaled, ten_to_power;
	uint64_t digits; /* those 17, cut off */
	bool has_more;   /* something was cut off */
};

/* Digits rounded as printf does, half to even, and the exponent of the first one. */
struct rounded {
	uint64_t digits;
	int count, exponent;
};

#define TENS 20
static const uint64_t tens[TENS] = {
	UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000), UINT64_C(10000), UINT64_C(100000), UINT64_C(1000000),
	UINT64_C(10000000), UINT64_C(100000000), UINT64_C(1000000000), UINT64_C(10000000000), UINT64_C(100000000000),
	UINT64_C(1000000000000), UINT64_C(10000000000000), UINT64_C(100000000000000), UINT64_C(1000000000000000),
	UINT64_C(10000000000000000), UINT64_C(100000000000000000), UINT64_C(1000000000000000000),
	UINT64_C(10000000000000000000),
};

static u128 power_of_ten(int exponent)
{
	return exponent < TENS ? tens[exponent] : (u128)tens[TENS - 1] * tens[exponent - (TENS - 1)];
}

static void scale(struct scaled *number, int power)
{
	number->power = power;
	number->ten_to_power = power_of_ten(power);
	number->scaled = number->mantissa * number->ten_to_power;
	number->digits = (uint64_t)(number->scaled >> number->shift);
	number->has_more = (number->scaled & (((u128)1 << number->shift) - 1)) != 0;
}

/* The 17 digits need the right power of ten: the logarithm of 2 is 0.30103, and what this tells is one off at most. */
static void find_digits(double magnitude, struct scaled *number)
{
	uint64_t bits;
	int exponent, power;

	memcpy(&bits, &magnitude, sizeof(bits));
	exponent = (int)(bits >> FRACTION_BITS) - 1023;
	power = MOST_DIGITS - 1 - (exponent < 0 ? (exponent * 30103 - 99999) / 100000 : exponent * 30103 / 100000);
	number->mantissa = (bits & ((UINT64_C(1) << FRACTION_BITS) - 1)) | UINT64_C(1) << FRACTION_BITS;
	number->shift = (unsigned)(FRACTION_BITS - exponent);
	scale(number, power);
	if (number->digits < tens[MOST_DIGITS - 1])
		scale(number, power + 1);
	else if (number->digits >= tens[MOST_DIGITS])
		scale(number, power - 1);
}

/* To @count digits. */
static struct rounded round_to(const struct scaled *number, int count)
{
	uint64_t unit = tens[MOST_DIGITS - count];
	uint64_t kept = number->digits / unit, twice = number->digits % unit * 2;
	u128 rest = number->scaled & (((u128)1 << number->shift) - 1), half = (u128)1 << (number->shift - 1);
	bool is_more, is_half;

	if (unit == 1) {
		is_more = rest > half;
		is_half = rest == half;
	} else {
		is_more = twice > unit || (twice == unit && number->has_more);
		is_half = twice == unit && !number->has_more;
	}
	kept += is_more || (is_half && kept % 2);
	if (kept == tens[count]) /* 9.99... became 10.0 */
		return (struct rounded){ kept / 10, count, MOST_DIGITS - number->power };
	return (struct rounded){ kept, count, MOST_DIGITS - 1 - number->power };
}

/* Is the binary64 next to these digits the one they came from? Of two that are as near, it is the even one (IEEE 754 4.3.1). */
static bool gives_it_again(const struct scaled *number, const struct rounded *rounded)
{
	int zeros = rounded->exponent + number->power - (rounded->count - 1);
	u128 there = ((u128)rounded->digits * tens[zeros]) << number->shift;
	bool is_below = there < number->scaled;
	u128 distance = is_below ? number->scaled - there : there - number->scaled;

	/* Below a power of two neighbours are half as far away. */
	if (is_below && number->mantissa == UINT64_C(1) << FRACTION_BITS)
		return 4 * distance <= number->ten_to_power;
	return 2 * distance < number->ten_to_power ||
	       (2 * distance == number->ten_to_power && number->mantissa % 2 == 0);
}

/* ---- as %g has it ---- */

static char *put_scientific(char *at, const char *digits, int count, int exponent)
{
	*at++ = digits[0];
	if (count > 1)
		*at++ = '.';
	memcpy(at, digits + 1, (size_t)count - 1);
	at += count - 1;
	*at++ = 'e';
	*at++ = exponent < 0 ? '-' : '+';
	exponent = exponent < 0 ? -exponent : exponent;
	*at++ = (char)('0' + exponent / 10);
	*at++ = (char)('0' + exponent % 10);
	return at;
}

static char *put_fixed(char *at, const char *digits, int count, int exponent)
{
	int i;

	if (exponent < 0) {
		*at++ = '0';
		*at++ = '.';
		for (i = exponent + 1; i < 0; i++)
			*at++ = '0';
	}
	for (i = 0; i < count; i++) {
		if (i > 0 && i == exponent + 1)
			*at++ = '.';
		*at++ = digits[i];
	}
	for (; i <= exponent; i++)
		*at++ = '0';
	return at;
}

static char *put(char *at, const struct rounded *rounded)
{
	char digits[MOST_DIGITS];
	uint64_t rest = rounded->digits;
	int count = rounded->count, i;

	for (i = count - 1; i >= 0; i--, rest /= 10)
		digits[i] = (char)('0' + rest % 10);
	while (count > 1 && digits[count - 1] == '0')
		count--;
	if (rounded->exponent < -4 || rounded->exponent >= rounded->count)
		return put_scientific(at, digits, count, rounded->exponent);
	return put_fixed(at, digits, count, rounded->exponent);
}

size_t axev__real_text(double value, char out[AXEV__REAL_TEXT])
{
	double magnitude = value < 0 ? -value : value;
	struct scaled number;
	struct rounded rounded;
	char *at = out;
	int count = LEAST_DIGITS;

	if (!(magnitude >= 1e-5 && magnitude < 4503599627370496.0))
		return 0;
	find_digits(magnitude, &number);
	rounded = round_to(&number, count);
	while (count < MOST_DIGITS && !gives_it_again(&number, &rounded))
		rounded = round_to(&number, ++count);
	if (value < 0)
		*at++ = '-';
	return (size_t)(put(at, &rounded) - out);
}
