/* SPDX-License-Identifier: Apache-2.0 */
#include "package/real_text.h"

#include <stdint.h>
#include <string.h>

#include "base/digits.h"

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

static u128 power_of_ten(int exponent)
{
	const int most = AXEV__TENS - 1;

	return exponent <= most ? axev__tens[exponent] : (u128)axev__tens[most] * axev__tens[exponent - most];
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
	if (number->digits < axev__tens[MOST_DIGITS - 1])
		scale(number, power + 1);
	else if (number->digits >= axev__tens[MOST_DIGITS])
		scale(number, power - 1);
}

/* To @count digits. */
static struct rounded round_to(const struct scaled *number, int count)
{
	uint64_t unit = axev__tens[MOST_DIGITS - count];
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
	if (kept == axev__tens[count]) /* 9.99... became 10.0 */
		return (struct rounded){ kept / 10, count, MOST_DIGITS - number->power };
	return (struct rounded){ kept, count, MOST_DIGITS - 1 - number->power };
}

/* Is the binary64 next to these digits the one they came from? Of two that are as near, it is the even one (IEEE 754 4.3.1). */
static bool gives_it_again(const struct scaled *number, const struct rounded *rounded)
{
	int zeros = rounded->exponent + number->power - (rounded->count - 1);
	u128 there = ((u128)rounded->digits * axev__tens[zeros]) << number->shift;
	bool is_below = there < number->scaled;
	u128 distance = is_below ? number->scaled - there : there - number->scaled;

	/* Below a power of two neighbours are half as far away. */
	if (is_below && number->mantissa == UINT64_C(1) << FRACTION_BITS)
		return 4 * distance <= number->ten_to_power;
	return 2 * distance < number->ten_to_power ||
	       (2 * distance == number->ten_to_power && number->mantissa % 2 == 0);
}

/* ---- as %g has it ---- */

static char *put_some(char *at, const char *digits, int count)
{
	memcpy(at, digits, (size_t)count);
	return at + count;
}

static char *put_scientific(char *at, const char *digits, int count, int exponent)
{
	*at++ = digits[0];
	if (count > 1)
		*at++ = '.';
	at = put_some(at, digits + 1, count - 1);
	*at++ = 'e';
	*at++ = exponent < 0 ? '-' : '+';
	exponent = exponent < 0 ? -exponent : exponent;
	return axev__digits(at, (uint64_t)exponent, 2);
}

static char *put_zeros(char *at, int count)
{
	memset(at, '0', (size_t)count);
	return at + count;
}

static char *put_fixed(char *at, const char *digits, int count, int exponent)
{
	int whole = exponent + 1;

	if (whole <= 0) {
		memcpy(at, "0.", 2);
		at = put_zeros(at + 2, -whole);
		return put_some(at, digits, count);
	}
	if (whole >= count)
		return put_zeros(put_some(at, digits, count), whole - count);
	at = put_some(at, digits, whole);
	*at++ = '.';
	return put_some(at, digits + whole, count - whole);
}

static char *put(char *at, const struct rounded *rounded)
{
	char digits[MOST_DIGITS];
	int count = rounded->count;

	axev__digits(digits, rounded->digits, count);
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
