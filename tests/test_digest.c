/* SPDX-License-Identifier: Apache-2.0 */
/* Digests against the standards' own examples, in one go and in pieces, alone and side by side. */
#include "support_pki.h"

#include <pthread.h>

#include "base/text.h"
#include "crypto/digest.h"

static axev_error err;

#define ALL \
	(AXEV__DIGEST_SHA256 | AXEV__DIGEST_CRC32 | AXEV__DIGEST_SHA512 | AXEV__DIGEST_SM3 | \
	 AXEV__DIGEST_SHA1)

static void assert_hex(const uint8_t *bytes, size_t size, const char *expected)
{
	char hex[129];

	axev__hex(hex, bytes, size);
	ck_assert_str_eq(hex, expected);
}

/* FIPS 180-4 examples, GM/T 0004 example 1, and the CRC-32 of zlib's manual page. */
static void assert_abc(const struct axev__digests *digests)
{
	ck_assert_uint_eq(digests->size_bytes, 3);
	assert_hex(digests->sha256, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_hex(digests->sha512, 64,
		   "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
		   "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
	assert_hex(digests->sm3, 32, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
	assert_hex(digests->sha1, 20, "a9993e364706816aba3e25717850c26c9cd0d89d");
	ck_assert_uint_eq(digests->crc32, 0x352441C2);
}

START_TEST(digest__one_pass_makes_all_and_the_hasher_starts_again)
{
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;
	int round;

	assert_ok(axev__hasher_new(ALL, &hasher, &err));
	for (round = 0; round < 2; round++) {
		assert_ok(axev__hasher_update(hasher, "a", 1, &err));
		assert_ok(axev__hasher_update(hasher, NULL, 0, &err));
		assert_ok(axev__hasher_update(hasher, "bc", 2, &err));
		assert_ok(axev__hasher_final(hasher, &digests, &err));
		assert_abc(&digests);
	}
}
END_TEST

/* Of few blocks it takes another way than the hasher. */
START_TEST(digest__small_messages_of_every_size_are_as_the_hasher_has_them)
{
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;
	uint8_t data[320], once[AXEV__SHA256];
	size_t size;

	for (size = 0; size < sizeof(data); size++)
		data[size] = (uint8_t)(size * 37 + 11);
	assert_ok(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, &err));
	for (size = 0; size <= sizeof(data); size++) {
		assert_ok(axev__hasher_update(hasher, data, size, &err));
		assert_ok(axev__hasher_final(hasher, &digests, &err));
		assert_ok(axev__sha256(data, size, once, &err));
		ck_assert_mem_eq(once, digests.sha256, sizeof(once));
	}
}
END_TEST

START_TEST(digest__what_was_not_asked_for_stays_zero)
{
	static const uint8_t zero[64];
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;

	assert_ok(axev__hasher_new(AXEV__DIGEST_SM3, &hasher, &err));
	assert_ok(axev__hasher_update(hasher, "abc", 3, &err));
	assert_ok(axev__hasher_final(hasher, &digests, &err));
	ck_assert_mem_eq(digests.sha256, zero, 32);
	ck_assert_mem_eq(digests.sha512, zero, 64);
	ck_assert_uint_eq(digests.crc32, 0);
	ck_assert_uint_eq(digests.which, AXEV__DIGEST_SM3);
}
END_TEST

START_TEST(digest__nothing_has_a_digest_too)
{
	uint8_t out[32];

	assert_ok(axev__sha256("", 0, out, &err));
	assert_hex(out, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_ok(axev__sha256(NULL, 0, out, &err));
	assert_hex(out, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
END_TEST

START_TEST(digest__pieces_of_any_size_give_the_same)
{
	uint8_t data[1000], expected[32];
	size_t piece, at, i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7);
	assert_ok(axev__sha256(data, sizeof(data), expected, &err));
	for (piece = 1; piece <= sizeof(data); piece = piece * 3 + 1) {
		AXEV__HASHER *hasher = NULL;
		struct axev__digests digests;

		assert_ok(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, &err));
		for (at = 0; at < sizeof(data); at += piece)
			assert_ok(axev__hasher_update(hasher, data + at,
						      piece < sizeof(data) - at ? piece :
										  sizeof(data) - at,
						      &err));
		assert_ok(axev__hasher_final(hasher, &digests, &err));
		ck_assert_mem_eq(digests.sha256, expected, 32);
	}
}
END_TEST

/* RFC 4231 test cases 1, 2, 3, 6 and 7: short, short as a word, full block, longer than a block. */
START_TEST(digest__hmac_is_that_of_rfc_4231)
{
	uint8_t long_key[131], out[32];
	uint8_t key_1[20], key_3[20], data_3[50];

	memset(key_1, 0x0B, sizeof(key_1));
	memset(key_3, 0xAA, sizeof(key_3));
	memset(data_3, 0xDD, sizeof(data_3));
	memset(long_key, 0xAA, sizeof(long_key));
	assert_ok(axev__hmac_sha256(axev__span(key_1, 20), axev__span_str("Hi There"), out, &err));
	assert_hex(out, 32, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	assert_ok(axev__hmac_sha256(axev__span_str("Jefe"), axev__span_str("what do ya want for nothing?"),
				    out, &err));
	assert_hex(out, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	assert_ok(axev__hmac_sha256(axev__span(key_3, 20), axev__span(data_3, 50), out, &err));
	assert_hex(out, 32, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	assert_ok(axev__hmac_sha256(
		axev__span(long_key, sizeof(long_key)),
		axev__span_str("Test Using Larger Than Block-Size Key - Hash Key First"), out, &err));
	assert_hex(out, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	assert_ok(axev__hmac_sha256(
		axev__span(long_key, sizeof(long_key)),
		axev__span_str("This is a test using a larger than block-size key and a larger than "
			       "block-size data. The key needs to be hashed before being used by the "
			       "HMAC algorithm."),
		out, &err));
	assert_hex(out, 32, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}
END_TEST

/* More threads than there are idle contexts to share. */
static void *hash_much(void *payload)
{
	uint8_t out[32];
	int i;

	for (i = 0; i < 20000; i++) {
		if (axev__sha256("abc", 3, out, NULL) < 0 || out[0] != 0xBA || out[31] != 0xAD)
			*(bool *)payload = true;
	}
	return NULL;
}

START_TEST(digest__many_threads_do_not_disturb_each_other)
{
	pthread_t threads[16];
	bool has_failed[16] = { false };
	size_t i;

	for (i = 0; i < 16; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, hash_much, &has_failed[i]), 0);
	for (i = 0; i < 16; i++) {
		pthread_join(threads[i], NULL);
		ck_assert(!has_failed[i]);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("digest");
	TCase *tcase = tcase_create("digest");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, digest__one_pass_makes_all_and_the_hasher_starts_again);
	tcase_add_test(tcase, digest__small_messages_of_every_size_are_as_the_hasher_has_them);
	tcase_add_test(tcase, digest__what_was_not_asked_for_stays_zero);
	tcase_add_test(tcase, digest__nothing_has_a_digest_too);
	tcase_add_test(tcase, digest__pieces_of_any_size_give_the_same);
	tcase_add_test(tcase, digest__hmac_is_that_of_rfc_4231);
	tcase_add_test(tcase, digest__many_threads_do_not_disturb_each_other);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
