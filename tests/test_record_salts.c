/* SPDX-License-Identifier: Apache-2.0 */
/* Salts of record sets: against openssl's command line, against FORMAT.md 3.2 done one block at a time, and the same however they are asked for. */
#include "support.h"

#include <openssl/evp.h>

#include "base/limits.h"
#include "base/text.h"
#include "package/record_salts.h"

static axev_error err;
static const uint8_t secret[32] = { 4, 5, 6 };

static void one(struct axev__record_salts *salts, uint64_t record, size_t field, uint8_t out[16])
{
	AXEV__FREE uint8_t(*of_record)[16] = calloc(salts->fields, 16);

	assert_ok(axev__record_salts_make(salts, record, 1, of_record, &err));
	memcpy(out, of_record[field], 16);
}

/* What tests/interop/records_root.py had `openssl enc` make. */
START_TEST(record_salts__are_what_openssl_enc_makes)
{
	static const struct {
		uint64_t record;
		size_t field, fields;
		const char *salt;
	} known[] = {
		{ 0, 0, 1, "fd80988dad611faa17020027b9149e58" },
		{ 0, 1, 12, "534c01347079f0a087e87378ce053618" },
		{ 255, 11, 12, "4f4fade94c167670c2040bbd64af1578" },
		{ 256, 0, 12, "615d3a44f0824db0c8207b06b32aecf3" },
		{ 1000000, 5, 12, "ed03e63ea24f1260404135460083659c" },
		{ AXEV__MAX_RECORDS, 4096, 4097, "211f1be7d77b45e51a4a7b04a5bd3664" },
	};
	uint8_t salt[16];
	char hex[33];
	size_t i;

	for (i = 0; i < AXEV__COUNT(known); i++) {
		AXEV__RECORD_SALTS salts = { 0 };

		assert_ok(axev__record_salts_init(&salts, secret, known[i].fields, &err));
		one(&salts, known[i].record, known[i].field, salt);
		axev__hex(hex, salt, 16);
		ck_assert_str_eq(hex, known[i].salt);
	}
}
END_TEST

/* ---- against a way of its own ---- */

static void group_key(uint64_t group, uint8_t key[32])
{
	uint8_t message[41];
	int bit;

	memcpy(key, secret, 32);
	for (bit = 31; bit >= 0; bit--) {
		message[0] = group >> bit & 1;
		memcpy(message + 1, key, 32);
		memcpy(message + 33, "ax-key/3", 8);
		ck_assert_int_eq(EVP_Digest(message, sizeof(message), key, NULL, EVP_sha256(), NULL), 1);
	}
}

/* The number of the block, enciphered alone. */
static void expect(uint64_t record, size_t field, size_t fields, const uint8_t salt[16])
{
	static uint64_t group = UINT64_MAX; /* whose key is there */
	static uint8_t key[32];
	EVP_CIPHER_CTX *single = EVP_CIPHER_CTX_new();
	uint8_t number[16] = { 0 }, block[16];
	int size;

	if (group != record / 256)
		group_key(record / 256, key);
	group = record / 256;
	axev__put_u64be(number + 8, record % 256 * fields + field);
	ck_assert_int_eq(EVP_EncryptInit_ex(single, EVP_aes_256_ecb(), NULL, key, NULL), 1);
	ck_assert_int_eq(EVP_EncryptUpdate(single, block, &size, number, 16), 1);
	EVP_CIPHER_CTX_free(single);
	ck_assert_msg(memcmp(salt, block, 16) == 0, "field %zu of record %ju", field, (uintmax_t)record);
}

START_TEST(record_salts__are_the_same_in_any_order)
{
	static const uint64_t order[] = { 0, 255, 256, 1, 1000000, 999999, 0, AXEV__MAX_RECORDS, AXEV__MAX_RECORDS - 256, 5, 5, 511, 512,
					  UINT64_C(1) << 39, (UINT64_C(1) << 39) - 1 };
	static const size_t fields[] = { 1, 3, 12, AXEV__MAX_RECORD_FIELDS + 1 };
	uint8_t salt[16];
	size_t i, k, field;

	for (i = 0; i < AXEV__COUNT(fields); i++) {
		AXEV__RECORD_SALTS salts = { 0 };

		assert_ok(axev__record_salts_init(&salts, secret, fields[i], &err));
		for (k = 0; k < AXEV__COUNT(order); k++)
			for (field = 0; field < fields[i]; field += 1 + fields[i] / 3) {
				one(&salts, order[k], field, salt);
				expect(order[k], field, fields[i], salt);
			}
	}
}
END_TEST

/* From any record on, over the ends of groups. */
START_TEST(record_salts__of_many_records_are_those_of_each)
{
	static const struct {
		uint64_t first;
		size_t count;
	} runs[] = { { 0, 1 }, { 0, 256 }, { 0, 257 }, { 255, 2 }, { 100, 700 }, { 256, 256 }, { 7, 0 },
		     { AXEV__MAX_RECORDS - 299, 300 }, { UINT64_C(0xffffffff00) - 3, 6 } };
	enum { FIELDS = 5 };
	static uint8_t made[700 * FIELDS + 1][16];
	AXEV__RECORD_SALTS salts = { 0 };
	uint8_t none[16];
	size_t i, k;

	memset(none, 0xaa, 16);
	assert_ok(axev__record_salts_init(&salts, secret, FIELDS, &err));
	for (i = 0; i < AXEV__COUNT(runs); i++) {
		memset(made, 0xaa, sizeof(made));
		assert_ok(axev__record_salts_make(&salts, runs[i].first, runs[i].count, made, &err));
		for (k = 0; k < runs[i].count * FIELDS; k++)
			expect(runs[i].first + k / FIELDS, k % FIELDS, FIELDS, made[k]);
		ck_assert_mem_eq(made[k], none, 16);
	}
}
END_TEST

START_TEST(record_salts__there_are_none_beyond_the_tree)
{
	static uint8_t made[2][16];
	AXEV__RECORD_SALTS salts = { 0 };

	assert_ok(axev__record_salts_init(&salts, secret, 1, &err));
	assert_fails(axev__record_salts_make(&salts, UINT64_C(1) << 40, 1, made, &err), AXEV_E_LIMIT, "expected fewer than 2^40 records");
	assert_fails(axev__record_salts_make(&salts, AXEV__MAX_RECORDS, 2, made, &err), AXEV_E_LIMIT, "expected fewer than 2^40 records");
	assert_fails(axev__record_salts_make(&salts, UINT64_MAX, 1, made, &err), AXEV_E_LIMIT, "expected fewer than 2^40 records");
	assert_ok(axev__record_salts_make(&salts, AXEV__MAX_RECORDS, 1, made, &err));
	expect(AXEV__MAX_RECORDS, 0, 1, made[0]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("record_salts");
	TCase *tcase = tcase_create("record_salts");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, record_salts__are_what_openssl_enc_makes);
	tcase_add_test(tcase, record_salts__are_the_same_in_any_order);
	tcase_add_test(tcase, record_salts__of_many_records_are_those_of_each);
	tcase_add_test(tcase, record_salts__there_are_none_beyond_the_tree);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
