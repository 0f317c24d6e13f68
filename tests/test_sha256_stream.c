/* SPDX-License-Identifier: Apache-2.0 */
/* Two digests over one range against EVP of OpenSSL, whichever way this processor takes. */
#include "support.h"

#include <openssl/evp.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "crypto/sha256_pair.h"
#include "crypto/sha256_stream.h"

#define SIZE 3000

static uint8_t bytes[SIZE];

static void fill(void)
{
	size_t i;

	for (i = 0; i < SIZE; i++)
		bytes[i] = (uint8_t)(i * 131 + (i >> 4));
}

static void assert_end(struct axev__sha256_stream stream, size_t begin, size_t end)
{
	uint8_t found[32], evp[32];

	axev__sha256_stream_end(&stream, found);
	ck_assert_int_eq(EVP_Digest(bytes + begin, end - begin, evp, NULL, EVP_sha256(), NULL), 1);
	ck_assert_msg(memcmp(found, evp, 32) == 0, "bytes %zu to %zu", begin, end);
}

/* The first one has taken @begin bytes already, the second none. */
static void add(size_t begin, size_t size, struct axev__sha256_stream both[2])
{
	axev__sha256_stream_begin(&both[0]);
	axev__sha256_stream_begin(&both[1]);
	axev__sha256_stream_add(&both[0], bytes, begin);
	axev__sha256_stream_add_both(&both[0], &both[1], bytes + begin, size);
}

START_TEST(sha256_stream__every_beginning_and_size_is_as_evp_has_it)
{
	struct axev__sha256_stream both[2];
	size_t begin, size;

	for (begin = 0; begin <= 130; begin++)
		for (size = 0; size <= 600; size++) {
			add(begin, size, both);
			assert_end(both[0], 0, begin + size);
			assert_end(both[1], begin, begin + size);
		}
}
END_TEST

START_TEST(sha256_stream__pieces_of_any_size_make_one)
{
	static const size_t pieces[] = { 1, 63, 64, 65, 255, 256, 257, 320, 1000 };
	struct axev__sha256_stream both[2];
	size_t i, at, size;

	for (i = 0; i < AXEV__COUNT(pieces); i++) {
		add(50, 500, both);
		for (at = 550; at < SIZE; at += size) {
			size = pieces[i] < SIZE - at ? pieces[i] : SIZE - at;
			axev__sha256_stream_add_both(&both[0], &both[1], bytes + at, size);
		}
		assert_end(both[0], 0, SIZE);
		assert_end(both[1], 50, SIZE);
	}
}
END_TEST

/* More than 2^29 bytes: the number of bits needs more than 32 of them. */
START_TEST(sha256_stream__long_ones_too)
{
	const size_t piece = AXEV__MIB, count = 600;
	AXEV__FREE uint8_t *zeros = calloc(1, piece);
	EVP_MD_CTX *evp = EVP_MD_CTX_new();
	struct axev__sha256_stream both[2];
	uint8_t expected[32], found[32];
	size_t i;

	axev__sha256_stream_begin(&both[0]);
	axev__sha256_stream_begin(&both[1]);
	ck_assert_int_eq(EVP_DigestInit_ex(evp, EVP_sha256(), NULL), 1);
	for (i = 0; i < count; i++) {
		axev__sha256_stream_add_both(&both[0], &both[1], zeros, piece);
		ck_assert_int_eq(EVP_DigestUpdate(evp, zeros, piece), 1);
	}
	ck_assert_int_eq(EVP_DigestFinal_ex(evp, expected, NULL), 1);
	EVP_MD_CTX_free(evp);
	for (i = 0; i < 2; i++) {
		axev__sha256_stream_end(&both[i], found);
		ck_assert_mem_eq(found, expected, 32);
	}
}
END_TEST

/* FIPS 180-4 example "abc"; else the tests above may have tested OpenSSL against itself, and the line in the log says so. */
START_TEST(sha256_stream__the_pair_is_asked_for_where_it_is)
{
	static const uint32_t initial[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	static const uint32_t abc[8] = { 0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad };
	uint8_t blocks[2][64] = { { 'a', 'b', 'c', 0x80 }, { 'a', 'b', 'c', 0x80 } };
	uint32_t states[2][8];

	printf("# SHA-NI: %s\n", axev__sha256_pair_exists() ? "yes" : "no, not tested here");
	if (!axev__sha256_pair_exists())
		return;
	blocks[0][63] = blocks[1][63] = 24;
	memcpy(states[0], initial, sizeof(initial));
	memcpy(states[1], initial, sizeof(initial));
	axev__sha256_pair((uint32_t *[]){ states[0], states[1] }, (const uint8_t *[]){ blocks[0], blocks[1] }, 1);
	ck_assert_mem_eq(states[0], abc, sizeof(abc));
	ck_assert_mem_eq(states[1], abc, sizeof(abc));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sha256_stream");
	TCase *tcase = tcase_create("sha256_stream");

	fill();
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, sha256_stream__every_beginning_and_size_is_as_evp_has_it);
	tcase_add_test(tcase, sha256_stream__pieces_of_any_size_make_one);
	tcase_add_test(tcase, sha256_stream__long_ones_too);
	tcase_add_test(tcase, sha256_stream__the_pair_is_asked_for_where_it_is);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
