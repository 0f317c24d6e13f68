/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sha256_pair.h"

#ifdef __x86_64__

#include <cpuid.h>
#include <immintrin.h>

#include "crypto/sha256_constants.h"

#define SHA_NI __attribute__((target("sha,sse4.1")))
#define INLINED SHA_NI static inline __attribute__((always_inline))
#define UNROLLED _Pragma("GCC unroll 16") /* so that vectors stay in registers */

bool axev__sha256_pair_exists(void)
{
	unsigned a, b, c, d;

	return __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

/* The instructions want words a, b, e, f in one vector, the highest first, and c, d, g, h in another. */
INLINED void load(const uint32_t state[8], __m128i *abef, __m128i *cdgh)
{
	__m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
	__m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);

	*abef = _mm_alignr_epi8(cdab, efgh, 8);
	*cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
}

INLINED void store(uint32_t state[8], __m128i abef, __m128i cdgh)
{
	__m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);

	_mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

/* Rounds 4 @i to 4 @i + 3; @w keeps the last sixteen words of the schedule. */
INLINED void rounds(int i, __m128i *abef, __m128i *cdgh, __m128i w[4])
{
	__m128i words;

	if (i >= 4) {
		words = _mm_sha256msg1_epu32(w[i % 4], w[(i + 1) % 4]);
		words = _mm_add_epi32(words, _mm_alignr_epi8(w[(i + 3) % 4], w[(i + 2) % 4], 4));
		w[i % 4] = _mm_sha256msg2_epu32(words, w[(i + 3) % 4]);
	}
	words = _mm_add_epi32(w[i % 4], _mm_loadu_si128((const __m128i *)(axev__sha256_constants + 4 * i)));
	*cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, words);
	*abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32(words, 0x0e));
}

INLINED void load_block(const uint8_t *block, __m128i w[4])
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203); /* words are big-endian */
	int i;

	UNROLLED
	for (i = 0; i < 4; i++)
		w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * i)), swap);
}

SHA_NI void axev__sha256_pair(uint32_t *const states[2], const uint8_t *const data[2], size_t blocks)
{
	__m128i abef[2], cdgh[2], abef_before[2], cdgh_before[2], w[2][4];
	size_t block;
	int i, s;

	for (s = 0; s < 2; s++)
		load(states[s], &abef[s], &cdgh[s]);
	for (block = 0; block < blocks; block++) {
		UNROLLED
		for (s = 0; s < 2; s++) {
			abef_before[s] = abef[s];
			cdgh_before[s] = cdgh[s];
			load_block(data[s] + 64 * block, w[s]);
		}
		UNROLLED
		for (i = 0; i < 16; i++) {
			rounds(i, &abef[0], &cdgh[0], w[0]);
			rounds(i, &abef[1], &cdgh[1], w[1]);
		}
		UNROLLED
		for (s = 0; s < 2; s++) {
			abef[s] = _mm_add_epi32(abef[s], abef_before[s]);
			cdgh[s] = _mm_add_epi32(cdgh[s], cdgh_before[s]);
		}
	}
	for (s = 0; s < 2; s++)
		store(states[s], abef[s], cdgh[s]);
}

#else

bool axev__sha256_pair_exists(void)
{
	return false;
}

void axev__sha256_pair(uint32_t *const states[2], const uint8_t *const data[2], size_t blocks)
{
	(void)states, (void)data, (void)blocks;
}

#endif
