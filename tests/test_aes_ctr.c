/* SPDX-License-Identifier: Apache-2.0 */
/* AES-256 in counter mode: the example of SP 800-38A, and long streams against the cipher that enciphers one block alone. */
#include "support.h"

#include <openssl/evp.h>

#include "base/text.h"
#include "crypto/aes_ctr.h"

static axev_error err;

static void unhex(uint8_t *out, size_t size, const char *text)
{
	ck_assert(axev__unhex(out, size, axev__span_str(text)));
}

/* F.5.5, CTR-AES256.Encrypt: what is enciphered there is put over the stream. */
START_TEST(aes_ctr__example_of_sp_800_38a)
{
	uint8_t key[32], counter[16], plain[64], cipher_text[64], stream[4][16];
	EVP_CIPHER_CTX *cipher = NULL;
	size_t count, i;

	unhex(key, 32, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
	unhex(counter, 16, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
	unhex(plain, 64,
	      "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
	      "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
	unhex(cipher_text, 64,
	      "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
	      "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6");
	assert_ok(axev__aes_ctr_new(&cipher, &err));
	assert_ok(axev__aes_ctr_key(cipher, key, &err));
	for (count = 1; count <= 4; count++) { /* each time from the same counter */
		memset(stream, 0xaa, sizeof(stream));
		assert_ok(axev__aes_ctr_stream(cipher, counter, count, stream, &err));
		for (i = 0; i < 16 * count; i++)
			ck_assert_uint_eq((uint8_t)(stream[i / 16][i % 16] ^ plain[i]), cipher_text[i]);
		for (; i < sizeof(stream); i++)
			ck_assert_uint_eq(stream[i / 16][i % 16], 0xaa);
	}
	axev__aes_ctr_free(cipher);
}
END_TEST

/* The counter goes over 2^32 and 2^64 on the way, and the stream is longer than what is made at a time. */
START_TEST(aes_ctr__each_block_is_its_counter_enciphered)
{
	static const char *const counters[] = { "00000000000000000000000000000000", "000000000000000000000000fffffffe",
						"0000000000000000fffffffffffff000" };
	static uint8_t stream[5000][16];
	EVP_CIPHER_CTX *cipher = NULL, *single = EVP_CIPHER_CTX_new();
	uint8_t counter[16], block[32];
	size_t i, k, at;
	int size;

	assert_ok(axev__aes_ctr_new(&cipher, &err));
	for (i = 0; i < AXEV__COUNT(counters); i++) {
		uint8_t key[32] = { (uint8_t)i, 1, 2, 3 }; /* another one each time */

		unhex(counter, 16, counters[i]);
		assert_ok(axev__aes_ctr_key(cipher, key, &err));
		assert_ok(axev__aes_ctr_stream(cipher, counter, AXEV__COUNT(stream), stream, &err));
		ck_assert_int_eq(EVP_EncryptInit_ex(single, EVP_aes_256_ecb(), NULL, key, NULL), 1);
		for (k = 0; k < AXEV__COUNT(stream); k++) {
			ck_assert_int_eq(EVP_EncryptUpdate(single, block, &size, counter, 16), 1);
			ck_assert_msg(memcmp(stream[k], block, 16) == 0, "block %zu behind %s", k, counters[i]);
			for (at = 16; at-- > 0 && ++counter[at] == 0;)
				;
		}
	}
	EVP_CIPHER_CTX_free(single);
	axev__aes_ctr_free(cipher);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("aes_ctr");
	TCase *tcase = tcase_create("aes_ctr");

	tcase_add_test(tcase, aes_ctr__example_of_sp_800_38a);
	tcase_add_test(tcase, aes_ctr__each_block_is_its_counter_enciphered);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
