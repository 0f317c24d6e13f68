/* SPDX-License-Identifier: Apache-2.0 */
#include "content/credit_code.h"

/* GB 32100-2015 table 1: digits and capitals without I, O, S, V and Z; a character's value is its place. */
static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

#define MODULUS 31

/* GB 32100-2015: the weight of place i is 3^(i-1) mod 31, the check character 31 less the remainder of the weighted sum. */
enum axev__credit_code axev__credit_code_check(struct axev__span text)
{
	unsigned sum = 0, weight = 1, value = 0;
	size_t i;

	if (text.size != AXEV__CREDIT_CODE_LENGTH)
		return AXEV__CREDIT_CODE_NONE;
	for (i = 0; i < text.size; i++) {
		const char *place = text.data[i] ? strchr(alphabet, text.data[i]) : NULL;

		if (!place)
			return AXEV__CREDIT_CODE_NONE;
		value = (unsigned)(place - alphabet);
		if (i + 1 == text.size)
			break;
		sum += weight * value;
		weight = weight * 3 % MODULUS;
	}
	return (MODULUS - sum % MODULUS) % MODULUS == value ? AXEV__CREDIT_CODE_RIGHT : AXEV__CREDIT_CODE_WRONG;
}

const char *axev__credit_code_word(enum axev__credit_code verdict)
{
	static const char *const words[] = { "none", "wrong", "right" };

	return words[verdict];
}
