/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs of records and cells: what they show, what they hide, and that no changed one holds. */
#include "record_sample.h"

struct seen {
	unsigned cells;
	uint64_t last_record;
	uint32_t last_field;
};

static int see(void *payload, const struct axev__proven *proven, axev_error *error)
{
	struct seen *seen = payload;

	(void)error;
	if (proven->is_withheld)
		return AXEV_OK;
	seen->cells++;
	seen->last_record = proven->record;
	seen->last_field = proven->field;
	return AXEV_OK;
}

/* Made by another program from FORMAT.md. */
START_TEST(record_proof__proof_of_the_vector_holds)
{
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MIB);
	struct seen seen = { 0 };
	uint8_t root[32];

	assert_ok(axev__read_file(AT_FDCWD, data_file("r2.proof.json"), &proof, &err));
	ck_assert(axev__unhex(root, 32, axev__span_str(VECTOR_R2)));
	assert_ok(axev__record_proof_check(axev__buf_view(&proof), root, see, &seen, &err));
	ck_assert_uint_eq(seen.cells, 4);
	ck_assert_uint_eq(seen.last_record, 2);
	ck_assert_uint_eq(seen.last_field, 1);
}
END_TEST

/* ---- proofs ---- */

static void prove(const struct set *set, const struct axev__record_choice *choice, struct axev__buf *out)
{
	struct axev__source source = axev__source_memory(axev__buf_view(&set->bytes));

	assert_ok(axev__record_proof_make(set->header, &source, axev__buf_view(&set->index), choice,
					  set->totals.root, out, &err));
}

#define NUMBER "MzgwMDAw" /* base64 of a piece of each number: 380000 */

START_TEST(record_proof__records_fields_and_ranges_are_proven)
{
	static const uint64_t counts[] = { 1, 2, 255, 256, 700 };
	static const uint32_t first_field[] = { 0 };
	size_t i;

	for (i = 0; i < AXEV__COUNT(counts); i++) {
		SET set = { 0 };
		uint64_t k, step = counts[i] > 10 ? 37 : 1;

		make_keyed(counts[i], &set);
		for (k = 0; k < counts[i]; k += step) {
			struct axev__record_choice whole = { k, counts[i] - k, NULL, 0 };
			struct axev__record_choice one = { k, 1, first_field, 1 };
			AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
			struct seen seen = { 0 };

			prove(&set, &whole, &proof);
			assert_ok(axev__record_proof_check(axev__buf_view(&proof), set.totals.root, see, &seen, &err));
			ck_assert_uint_eq(seen.cells, 2 * (counts[i] - k));
			ck_assert_ptr_nonnull(strstr((char *)proof.data, NUMBER));
			ck_assert_uint_eq(seen.last_record, counts[i] - 1);
			axev__buf_clear(&proof);
			seen.cells = 0;
			prove(&set, &one, &proof);
			assert_ok(axev__record_proof_check(axev__buf_view(&proof), set.totals.root, see, &seen, &err));
			ck_assert_uint_eq(seen.cells, 1);
			ck_assert_uint_eq(seen.last_field, 0);
			ck_assert_ptr_null(strstr((char *)proof.data, NUMBER));
		}
	}
}
END_TEST

START_TEST(record_proof__no_changed_proof_holds)
{
	static const uint32_t first_field[] = { 0 };
	struct axev__record_choice choice = { 3, 2, first_field, 1 };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	SET set = { 0 };
	size_t i;

	make_keyed(9, &set);
	prove(&set, &choice, &proof);
	for (i = 0; i < proof.size; i++) {
		proof.data[i] ^= 1;
		ck_assert_msg(axev__record_proof_check(axev__buf_view(&proof), set.totals.root, NULL, NULL, NULL) < 0,
			      "byte %zu", i);
		proof.data[i] ^= 1;
	}
	set.totals.root[0] ^= 1;
	assert_fails(axev__record_proof_check(axev__buf_view(&proof), set.totals.root, NULL, NULL, &err),
		     AXEV_E_INVALID, "proof: the proof does not lead to the root of the record set");
}
END_TEST

START_TEST(record_proof__a_salt_stands_with_one_cell_that_is_shown)
{
	struct axev__record_choice choice = { 3, 2, NULL, 0 };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES), changed = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	AXEV__JSON *json = NULL;
	axev__json *field, *other;
	SET set = { 0 };

	make_keyed(9, &set);
	prove(&set, &choice, &proof);
	assert_ok(axev__json_parse(axev__buf_view(&proof), &json, &err));
	field = axev__json_at(axev__json_at(axev__json_get(json, "proven"), 0), 0);
	other = axev__json_at(axev__json_at(axev__json_get(json, "proven"), 1), 1);
	assert_ok(axev__json_set(field, "salt", axev__json_copy(axev__json_get(other, "salt")), &err));
	assert_ok(axev__json_canonical(json, &changed, &err));
	assert_fails(axev__record_proof_check(axev__buf_view(&changed), set.totals.root, NULL, NULL, &err),
		     AXEV_E_INVALID, "proof: one salt serves two cells");
	axev__buf_clear(&changed);
	assert_ok(axev__json_set_hex(field, "leaf", set.totals.root, 32, &err));
	assert_ok(axev__json_canonical(json, &changed, &err));
	assert_fails(axev__record_proof_check(axev__buf_view(&changed), set.totals.root, NULL, NULL, &err),
		     AXEV_E_INVALID, "proof: record 3: cell 0: a salt stands with a cell that is withheld");
}
END_TEST

/* Another place, another number of records, records exchanged: each with all hashes as they were. */
START_TEST(record_proof__a_record_cannot_be_moved)
{
	static const struct {
		const char *member, *value;
	} changes[] = { { "first", "4" }, { "records", "10" }, { "records", "8" } };
	struct axev__record_choice choice = { 3, 2, NULL, 0 };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	SET set = { 0 };
	size_t i;

	make_keyed(9, &set);
	prove(&set, &choice, &proof);
	for (i = 0; i <= AXEV__COUNT(changes); i++) {
		AXEV__BUF changed = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
		AXEV__JSON *json = NULL, *swapped = axev__json_new_array();
		axev__json *proven;

		assert_ok(axev__json_parse(axev__buf_view(&proof), &json, &err));
		proven = axev__json_get(json, "proven");
		if (i < AXEV__COUNT(changes)) {
			assert_ok(axev__json_set_str(json, changes[i].member, changes[i].value, &err));
		} else {
			assert_ok(axev__json_append(swapped, axev__json_copy(axev__json_at(proven, 1)), &err));
			assert_ok(axev__json_append(swapped, axev__json_copy(axev__json_at(proven, 0)), &err));
			assert_ok(axev__json_set(json, "proven", axev__steal(swapped), &err));
		}
		assert_ok(axev__json_canonical(json, &changed, &err));
		ck_assert_int_lt(axev__record_proof_check(axev__buf_view(&changed), set.totals.root, NULL, NULL, NULL),
				 0);
	}
}
END_TEST

START_TEST(record_proof__a_damaged_set_gives_no_proof)
{
	struct axev__record_choice choice = { 1, 1, NULL, 0 }, beyond = { 5, 1, NULL, 0 };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	SET set = { 0 };
	struct axev__source source;

	make_keyed(5, &set);
	source = axev__source_memory(axev__buf_view(&set.bytes));
	assert_fails(axev__record_proof_make(set.header, &source, axev__buf_view(&set.index), &beyond,
					     set.totals.root, &proof, &err),
		     AXEV_E_INVAL, "expected 1 to 10000 records of the 5 there are");
	set.bytes.data[set.bytes.size - 1] ^= 1;
	assert_fails(axev__record_proof_make(set.header, &source, axev__buf_view(&set.index), &choice,
					     set.totals.root, &proof, &err),
		     AXEV_E_INVALID, "proof: the proof does not lead to the root of the record set");
}
END_TEST

/* Whoever has leaf and field index of a hidden number tries them all: without the salt none fits. */
START_TEST(record_proof__a_hidden_number_cannot_be_tried_out)
{
	static const uint32_t first_field[] = { 0 };
	struct axev__record_choice choice = { 0, 1, first_field, 1 };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	AXEV__JSON *json = NULL;
	const axev__json *record;
	uint8_t shown_salt[16], hidden[32], leaf[32];
	SET set = { 0 };
	unsigned i;

	make_keyed(2, &set);
	prove(&set, &choice, &proof);
	assert_ok(axev__json_parse(axev__buf_view(&proof), &json, &err));
	record = axev__json_at(axev__json_get(json, "proven"), 0);
	assert_ok(axev__json_hex(axev__json_at(record, 0), "salt", shown_salt, 16, &err));
	assert_ok(axev__json_hex(axev__json_at(record, 1), "leaf", hidden, 32, &err));
	for (i = 0; i < 10000; i++) {
		AXEV__BUF cell = AXEV__BUF_INIT(100);
		uint8_t none[16] = { 0 };
		char phone[24];

		snprintf(phone, sizeof(phone), "1380000%04u", i);
		assert_ok(axev__cell_string(axev__span_str(phone), &cell, &err));
		assert_ok(axev__record_field_leaf(none, 1, axev__buf_view(&cell), leaf, &err));
		ck_assert(memcmp(leaf, hidden, 32) != 0);
		assert_ok(axev__record_field_leaf(shown_salt, 1, axev__buf_view(&cell), leaf, &err));
		ck_assert(memcmp(leaf, hidden, 32) != 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("record_proof");
	TCase *tcase = tcase_create("record_proof");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, record_proof__proof_of_the_vector_holds);
	tcase_add_test(tcase, record_proof__records_fields_and_ranges_are_proven);
	tcase_add_test(tcase, record_proof__no_changed_proof_holds);
	tcase_add_test(tcase, record_proof__a_salt_stands_with_one_cell_that_is_shown);
	tcase_add_test(tcase, record_proof__a_record_cannot_be_moved);
	tcase_add_test(tcase, record_proof__a_damaged_set_gives_no_proof);
	tcase_add_test(tcase, record_proof__a_hidden_number_cannot_be_tried_out);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
