/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sha256_lanes.h"

#ifdef __x86_64__

#include <immintrin.h>
#include <string.h>

#include "crypto/sha256_constants.h"

/* The stack that AddressSanitizer of GCC 12 keeps for finding uses after return is aligned to 32 bytes; these vectors need 64. */
#define AVX512 __attribute__((target("avx512f,avx512bw"), no_sanitize("address")))
#define INLINED AVX512 static inline __attribute__((always_inline))
#define UNROLLED _Pragma("GCC unroll 64") /* so that vectors stay in registers */
#define ADD _mm512_add_epi32
#define ROTATE _mm512_ror_epi32
/* The last argument is the truth table of a function of three bits. */
#define XOR3(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0x96)
#define CHOOSE(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0xca)
#define MAJORITY(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0xe8)

typedef __m512i lanes; /* one word of each message */

/* 5.3.3. */
static const uint32_t initial[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

bool axev__sha256_lanes_exist(void)
{
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
}

/* Row i, column k becomes row k, column i: pairs of words, then of double words, then of 128-bit parts. */
INLINED void transpose(lanes x[16])
{
	lanes t[16], low, low2, high, high2;
	int i;

	UNROLLED
	for (i = 0; i < 16; i += 2) {
		t[i] = _mm512_unpacklo_epi32(x[i], x[i + 1]);
		t[i + 1] = _mm512_unpackhi_epi32(x[i], x[i + 1]);
	}
	UNROLLED
	for (i = 0; i < 16; i += 4) {
		x[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
		x[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
		x[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
		x[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
	}
	/* x[4 g + i] now holds columns i, i + 4, i + 8, i + 12 of rows 4 g to 4 g + 3. */
	UNROLLED
	for (i = 0; i < 4; i++) {
		low = _mm512_shuffle_i32x4(x[i], x[4 + i], 0x88);
		high = _mm512_shuffle_i32x4(x[i], x[4 + i], 0xdd);
		low2 = _mm512_shuffle_i32x4(x[8 + i], x[12 + i], 0x88);
		high2 = _mm512_shuffle_i32x4(x[8 + i], x[12 + i], 0xdd);
		t[i] = _mm512_shuffle_i32x4(low, low2, 0x88);
		t[i + 4] = _mm512_shuffle_i32x4(high, high2, 0x88);
		t[i + 8] = _mm512_shuffle_i32x4(low, low2, 0xdd);
		t[i + 12] = _mm512_shuffle_i32x4(high, high2, 0xdd);
	}
	memcpy(x, t, sizeof(t));
}

/*
 * 6.2.2; @w keeps the last sixteen words of the schedule. Each round waits for e and a of the one before, so what does not need them is added
 * first. Compilers would order sums anew and lose that: FIXED hides from them what one is made of.
 */
#define FIXED(sum) __asm__("" : "+v"(sum))
INLINED void compress(lanes state[8], lanes w[16])
{
	lanes a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
	lanes early, late, t1, mix;
	int t;

	UNROLLED
	for (t = 0; t < 64; t++) {
		if (t >= 16) {
			early = w[(t + 1) % 16];
			late = w[(t + 14) % 16];
			early = XOR3(ROTATE(early, 7), ROTATE(early, 18), _mm512_srli_epi32(early, 3));
			late = XOR3(ROTATE(late, 17), ROTATE(late, 19), _mm512_srli_epi32(late, 10));
			w[t % 16] = ADD(ADD(w[t % 16], early), ADD(w[(t + 9) % 16], late));
		}
		t1 = ADD(ADD(h, _mm512_set1_epi32((int)axev__sha256_constants[t])), w[t % 16]);
		FIXED(t1);
		d = ADD(d, t1);
		FIXED(d);
		mix = CHOOSE(e, f, g);
		t1 = ADD(t1, mix);
		FIXED(t1);
		d = ADD(d, mix);
		FIXED(d);
		mix = XOR3(ROTATE(e, 6), ROTATE(e, 11), ROTATE(e, 25));
		h = g;
		g = f;
		f = e;
		e = ADD(d, mix);
		t1 = ADD(ADD(t1, mix), MAJORITY(a, b, c));
		FIXED(t1);
		d = c;
		c = b;
		b = a;
		a = ADD(t1, XOR3(ROTATE(a, 2), ROTATE(a, 13), ROTATE(a, 22)));
	}
	state[0] = ADD(state[0], a);
	state[1] = ADD(state[1], b);
	state[2] = ADD(state[2], c);
	state[3] = ADD(state[3], d);
	state[4] = ADD(state[4], e);
	state[5] = ADD(state[5], f);
	state[6] = ADD(state[6], g);
	state[7] = ADD(state[7], h);
}

AVX512 void axev__sha256_lanes(const uint8_t *const messages[AXEV__SHA256_LANES], size_t blocks,
			       uint8_t *const outs[AXEV__SHA256_LANES])
{
	/* Words are big-endian. */
	const lanes swap = _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
	lanes state[16], w[16];
	size_t at;
	int i;

	UNROLLED
	for (i = 0; i < 16; i++)
		state[i] = _mm512_set1_epi32(i < 8 ? (int)initial[i] : 0);
	for (at = 0; at < 64 * blocks; at += 64) {
		UNROLLED
		for (i = 0; i < 16; i++)
			w[i] = _mm512_shuffle_epi8(_mm512_loadu_si512(messages[i] + at), swap);
		transpose(w);
		compress(state, w);
	}
	transpose(state);
	UNROLLED
	for (i = 0; i < 16; i++)
		_mm256_storeu_si256((__m256i *)outs[i], _mm512_castsi512_si256(_mm512_shuffle_epi8(state[i], swap)));
}

#else

bool axev__sha256_lanes_exist(void)
{
	return false;
}

void axev__sha256_lanes(const uint8_t *const messages[AXEV__SHA256_LANES], size_t blocks, uint8_t *const outs[AXEV__SHA256_LANES])
{
	(void)messages, (void)blocks, (void)outs;
}

#endif
