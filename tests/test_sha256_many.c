/* SPDX-License-Identifier: Apache-2.0 */
/* Many messages at once against EVP of OpenSSL, whichever way this processor takes; and leaves of records made together against those made singly. */
#include "support.h"

#include <openssl/evp.h>
#include <stdio.h>

#include "package/record_leaves.h"
#include "package/record_salts.h"
#include "package/row_c14n.h"

static axev_error err;

static uint8_t byte_at(size_t message, size_t at)
{
	return (uint8_t)(message * 131 + at * 7 + (at >> 3) * message);
}

static void expect(size_t message, size_t size, const uint8_t *digest)
{
	uint8_t data[AXEV__SHA256_MANY_BYTES], evp[32];
	size_t i;

	for (i = 0; i < size; i++)
		data[i] = byte_at(message, i);
	ck_assert_int_eq(EVP_Digest(data, size, evp, NULL, EVP_sha256(), NULL), 1);
	ck_assert_msg(memcmp(evp, digest, 32) == 0, "message %zu of %zu bytes", message, size);
}

static void add(struct axev__sha256_many *many, size_t message, size_t size, uint8_t *out)
{
	uint8_t *room = axev__sha256_many_add(many, size, out);
	size_t i;

	ck_assert_ptr_nonnull(room);
	for (i = 0; i < size; i++)
		room[i] = byte_at(message, i);
}

START_TEST(sha256_many__every_size_in_every_lane_is_as_evp_has_it)
{
	static uint8_t digests[AXEV__SHA256_LANES + 3][32];
	size_t size, i;
	int is_plain;

	for (is_plain = 0; is_plain < 2; is_plain++) {
		AXEV__SHA256_MANY many = { .is_plain = is_plain };

		for (size = 0; size <= AXEV__SHA256_MANY_BYTES; size++) {
			for (i = 0; i < AXEV__COUNT(digests); i++)
				add(&many, i, size, digests[i]);
			axev__sha256_many_end(&many);
			for (i = 0; i < AXEV__COUNT(digests); i++)
				expect(i, size, digests[i]);
		}
	}
}
END_TEST

/* As leaves come: short and long ones between one another, and a number of each that fills no lanes. */
START_TEST(sha256_many__sizes_may_be_mixed)
{
	static uint8_t digests[700][32];
	AXEV__SHA256_MANY many = { 0 };
	size_t i, count;

	for (count = 1; count < AXEV__COUNT(digests); count = count * 2 + 3) {
		for (i = 0; i < count; i++)
			add(&many, i, i * 37 % (AXEV__SHA256_MANY_BYTES + 1), digests[i]);
		axev__sha256_many_end(&many);
		for (i = 0; i < count; i++)
			expect(i, i * 37 % (AXEV__SHA256_MANY_BYTES + 1), digests[i]);
	}
}
END_TEST

/* A processor that has the lanes uses them: else the tests above have tested OpenSSL against itself, and the line in the log says so. */
START_TEST(sha256_many__lanes_are_asked_for_where_they_are)
{
	uint8_t messages[AXEV__SHA256_LANES][64] = { { 0 } }, digests[AXEV__SHA256_LANES][32] = { { 0 } };
	const uint8_t *in[AXEV__SHA256_LANES];
	uint8_t *out[AXEV__SHA256_LANES], evp[32];
	size_t i;

	printf("# AVX-512 lanes: %s\n", axev__sha256_lanes_exist() ? "yes" : "no, not tested here");
	for (i = 0; i < AXEV__SHA256_LANES; i++) { /* "abc" and a lane's number, FIPS 180-4 5.1.1 */
		memcpy(messages[i], "abc", 3);
		messages[i][3] = (uint8_t)i;
		messages[i][4] = 0x80;
		messages[i][63] = 32;
		in[i] = messages[i];
		out[i] = digests[i];
	}
	if (!axev__sha256_lanes_exist())
		return;
	axev__sha256_lanes(in, 1, out);
	for (i = 0; i < AXEV__SHA256_LANES; i++) {
		ck_assert_int_eq(EVP_Digest(messages[i], 4, evp, NULL, EVP_sha256(), NULL), 1);
		ck_assert_mem_eq(evp, digests[i], 32);
	}
}
END_TEST

START_TEST(sha256_many__a_full_tree_is_as_the_frontier_has_it)
{
	uint8_t hashes[512][32], root[32];
	AXEV__SHA256_MANY many = { 0 };
	size_t count, i;

	for (count = 1; count <= AXEV__COUNT(hashes); count *= 2) {
		for (i = 0; i < count; i++)
			memset(hashes[i], (int)(i + count), 32);
		assert_ok(axev__merkle_root((const uint8_t(*)[32])hashes, count, root, &err));
		assert_ok(axev__merkle_full_root(&many, hashes, count, &err));
		ck_assert_mem_eq(root, hashes[0], 32);
	}
}
END_TEST

/* ---- leaves of records ---- */

static void put_cell(size_t record, size_t field, struct axev__buf *cells)
{
	static const uint8_t text[3000] = "text";
	uint8_t digest[32] = { (uint8_t)record };

	switch ((record + field) % 6) {
	case 0:
		assert_ok(axev__cell_null(cells, &err));
		break;
	case 1:
		assert_ok(axev__cell_integer((int64_t)(record * field), cells, &err));
		break;
	case 2:
		assert_ok(axev__cell_large(AXEV__CELL_BYTES, UINT64_C(1) << 40, digest, cells, &err));
		break;
	default:
		assert_ok(axev__cell_bytes(axev__span(text, (record * 13 + field * 29) % sizeof(text)), cells, &err));
	}
}

static void put_records(size_t count, size_t fields, struct axev__buf *records)
{
	AXEV__BUF cells = AXEV__BUF_INIT(AXEV__MAX_RECORD_BYTES);
	uint8_t length[4];
	size_t record, field;

	for (record = 0; record < count; record++) {
		axev__buf_clear(&cells);
		for (field = 0; field < fields; field++)
			put_cell(record, field, &cells);
		axev__put_u32be(length, (uint32_t)cells.size);
		assert_ok(axev__buf_append(records, length, 4, &err));
		assert_ok(axev__buf_span(records, axev__buf_view(&cells), &err));
	}
}

static void compare(size_t count, size_t fields, uint64_t first, bool is_plain)
{
	static const uint8_t secret[32] = { 1, 2, 3 };
	AXEV__BUF records = AXEV__BUF_INIT(AXEV__GIB), room = AXEV__RECORD_LEAF_INIT;
	AXEV__FREE uint8_t(*leaves)[32] = calloc(count, 32);
	AXEV__FREE uint8_t(*of_record)[16] = calloc(fields, 16);
	AXEV__RECORD_SALTS salts = { 0 };
	struct axev__record_leaves together;
	struct axev__span rest;
	uint64_t large, expected_large = 0;
	uint8_t leaf[32];
	size_t i, field;

	put_records(count, fields, &records);
	assert_ok(axev__record_leaves_init(&together, fields, is_plain, &err));
	assert_ok(axev__record_leaves_make(&together, secret, first, axev__buf_view(&records), leaves, &large, &err));
	axev__record_leaves_free(&together);
	assert_ok(axev__record_salts_init(&salts, secret, fields, &err));
	rest = axev__buf_view(&records);
	for (i = 0; i < count; i++) {
		assert_ok(axev__record_salts_make(&salts, first + i, 1, of_record, &err));
		assert_ok(axev__record_leaf((const uint8_t(*)[16])of_record, fields, axev__record_take(&rest), &room, leaf, &err));
		for (field = 0; field < fields; field++)
			expected_large += (i + field) % 6 == 2; /* see put_cell() */
		ck_assert_msg(memcmp(leaf, leaves[i], 32) == 0, "record %zu of %zu fields", i, fields);
	}
	ck_assert_uint_eq(rest.size, 0);
	ck_assert_uint_eq(large, expected_large);
}

START_TEST(sha256_many__leaves_of_records_together_are_those_made_singly)
{
	static const size_t fields[] = { 1, 2, 3, 12, 31, 32, 33, 384, 385, 1600 };
	size_t i;

	for (i = 0; i < AXEV__COUNT(fields); i++) {
		size_t count = fields[i] < 100 ? 70 : 4;

		compare(1, fields[i], 0, false);
		compare(count, fields[i], UINT64_C(0xffffffff0), false);
		compare(count / 2, fields[i], 5, true);
	}
}
END_TEST

START_TEST(sha256_many__a_record_that_is_none_is_told_by_its_number)
{
	AXEV__BUF records = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__record_leaves leaves;
	static const uint8_t secret[32];
	uint8_t out[40][32];
	uint64_t large;

	put_records(39, 3, &records);
	assert_ok(axev__record_leaves_init(&leaves, 3, false, &err));
	assert_ok(axev__buf_append(&records, "\0\0\0\1\0", 5, &err)); /* one cell, NULL */
	assert_fails(axev__record_leaves_make(&leaves, secret, 7, axev__buf_view(&records), out, &large, &err), AXEV_E_FORMAT,
		     "record 46: expected 3 cells, found 1");
	records.data[records.size - 1] = 0x77;
	assert_fails(axev__record_leaves_make(&leaves, secret, 7, axev__buf_view(&records), out, &large, &err), AXEV_E_FORMAT,
		     "record 46: cell 0: expected a cell, found the end");
	axev__record_leaves_free(&leaves);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sha256_many");
	TCase *tcase = tcase_create("sha256_many");

	tcase_add_test(tcase, sha256_many__every_size_in_every_lane_is_as_evp_has_it);
	tcase_add_test(tcase, sha256_many__sizes_may_be_mixed);
	tcase_add_test(tcase, sha256_many__lanes_are_asked_for_where_they_are);
	tcase_add_test(tcase, sha256_many__a_full_tree_is_as_the_frontier_has_it);
	tcase_add_test(tcase, sha256_many__leaves_of_records_together_are_those_made_singly);
	tcase_add_test(tcase, sha256_many__a_record_that_is_none_is_told_by_its_number);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
