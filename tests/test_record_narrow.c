/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs made out of proofs: byte for byte those that the records themselves would have given. */
#include "record_sample.h"

#include "package/record_proof_internal.h"

#define HEADER(more) \
	"{\"encoding\":\"row-c14n/2\",\"fields\":[{\"name\":\"a\",\"type\":\"\"},{\"name\":\"b\",\"type\":\"\"}]," \
	"\"format\":\"ax-records/3\"," more "\"name\":\"t\",\"order\":\"bytes\"}"
#define PAIRS HEADER("")
#define COUNTED_PAIRS HEADER("\"multiset\":true,")

/* In a keyed set the second cell is NULL, text or large content; in a multiset the count comes first. */
static void add_record(struct axev__record_writer *writer, uint64_t i, bool is_multiset)
{
	static const uint8_t sha256[32] = { 1 };
	AXEV__BUF cells = AXEV__BUF_INIT(1000);
	char text[24];

	snprintf(text, sizeof(text), "%05u", (unsigned)i);
	if (is_multiset)
		assert_ok(axev__cell_integer((int64_t)(i % 3 + 1), &cells, &err));
	assert_ok(axev__cell_string(axev__span_str(text), &cells, &err));
	if (i % 3 == 0)
		assert_ok(axev__cell_null(&cells, &err));
	else if (i % 3 == 1)
		assert_ok(axev__cell_string(axev__span_str("王小明"), &cells, &err));
	else
		assert_ok(axev__cell_large(AXEV__CELL_TEXT, 2 * AXEV__MIB, sha256, &cells, &err));
	assert_ok(axev__record_writer_add(writer, axev__buf_view(&cells), &err));
}

static void make_set(uint64_t count, bool is_multiset, struct set *ret_set)
{
	const char *header = is_multiset ? COUNTED_PAIRS : PAIRS;
	int fd;
	struct axev__record_writer *writer = begin(header, &fd);
	uint64_t i;

	for (i = 0; i < count; i++)
		add_record(writer, i, is_multiset);
	finish(writer, fd, header, ret_set);
}

static void prove(const struct set *set, const struct axev__record_choice *choice, struct axev__buf *out)
{
	struct axev__source source = axev__source_memory(axev__buf_view(&set->bytes));

	axev__buf_clear(out);
	assert_ok(axev__record_proof_make(set->header, &source, axev__buf_view(&set->index), choice, set->totals.root, out, &err));
}

static int narrow(const struct set *set, const struct axev__buf *from, const struct axev__record_choice *choice,
		  struct axev__buf *out)
{
	AXEV__READ_PROOF proof = { 0 };

	axev__buf_clear(out);
	TRY(axev__proof_open(axev__buf_view(from), set->totals.root, &proof, &err));
	return axev__record_proof_narrow(&proof, choice, set->totals.root, out, &err);
}

static const uint32_t first_only[] = { 0 };

static void compare(const struct set *set, const struct axev__record_choice *choice, const struct axev__buf *from)
{
	AXEV__BUF expected = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES), found = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);

	prove(set, choice, &expected);
	assert_ok(narrow(set, from, choice, &found));
	ck_assert_msg(axev__span_equal(axev__buf_view(&expected), axev__buf_view(&found)),
		      "records %u+%u of %u:\n%.*s\n%.*s", (unsigned)choice->first, (unsigned)choice->count, (unsigned)set->totals.records,
		      (int)expected.size, (const char *)expected.data, (int)found.size, (const char *)found.data);
}

/* Each proof of neighbours of a small set, and each part of it. */
static void compare_all_parts(const struct set *set)
{
	AXEV__BUF from = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	uint64_t first, count, f, c;

	for (first = 0; first < set->totals.records; first++)
		for (count = 1; count <= set->totals.records - first; count++) {
			prove(set, &(struct axev__record_choice){ first, count, NULL, 0 }, &from);
			for (f = first; f < first + count; f++)
				for (c = 1; c <= first + count - f; c++) {
					compare(set, &(struct axev__record_choice){ f, c, NULL, 0 }, &from);
					compare(set, &(struct axev__record_choice){ f, c, first_only, 1 }, &from);
				}
		}
}

START_TEST(record_narrow__each_part_of_each_proof_is_the_one_the_records_give)
{
	uint64_t count;

	for (count = 1; count <= 9; count++) {
		SET set = { { 0 } };

		make_set(count, false, &set);
		compare_all_parts(&set);
	}
}
END_TEST

START_TEST(record_narrow__rows_without_a_key_too)
{
	uint64_t count;

	for (count = 1; count <= 6; count++) {
		SET set = { { 0 } };

		make_set(count, true, &set);
		compare_all_parts(&set);
	}
}
END_TEST

/* More than one line of the index, and a part that begins and ends inside of lines. */
START_TEST(record_narrow__of_many_records)
{
	AXEV__BUF from = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	static const uint64_t parts[][2] = { { 3, 700 }, { 3, 1 }, { 254, 1 }, { 255, 2 }, { 511, 3 }, { 702, 1 }, { 100, 500 } };
	SET set = { { 0 } };
	size_t i;

	make_set(800, false, &set);
	prove(&set, &(struct axev__record_choice){ 3, 700, NULL, 0 }, &from);
	for (i = 0; i < AXEV__COUNT(parts); i++)
		compare(&set, &(struct axev__record_choice){ parts[i][0], parts[i][1], first_only, 1 }, &from);
}
END_TEST

/* Less, and less again: the third is what the records would have given. */
START_TEST(record_narrow__three_in_a_row)
{
	AXEV__BUF first = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES), second = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	SET set = { { 0 } };

	make_set(50, false, &set);
	prove(&set, &(struct axev__record_choice){ 5, 40, NULL, 0 }, &first);
	assert_ok(narrow(&set, &first, &(struct axev__record_choice){ 7, 30, NULL, 0 }, &second));
	assert_ok(narrow(&set, &second, &(struct axev__record_choice){ 9, 9, first_only, 1 }, &first));
	compare(&set, &(struct axev__record_choice){ 11, 2, first_only, 1 }, &first);
}
END_TEST

START_TEST(record_narrow__what_is_withheld_is_refused)
{
	AXEV__BUF from = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES), out = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	static const uint32_t beyond[] = { 2 };
	static const struct axev__record_choice outside[] = {
		{ 4, 1, first_only, 1 }, { 9, 2, first_only, 1 }, { 10, 1, first_only, 1 }, { 5, 0, first_only, 1 }, { 5, UINT64_MAX, first_only, 1 },
	};
	SET set = { { 0 } };
	size_t i;

	make_set(20, false, &set);
	prove(&set, &(struct axev__record_choice){ 5, 5, first_only, 1 }, &from);
	for (i = 0; i < AXEV__COUNT(outside); i++)
		assert_fails(narrow(&set, &from, &outside[i], &out), AXEV_E_INVAL,
			     "expected records of the 5 that the proof shows from record 5 on");
	assert_fails(narrow(&set, &from, &(struct axev__record_choice){ 6, 2, NULL, 0 }, &out), AXEV_E_INVAL,
		     "record 6: field 1 is withheld by the proof");
	assert_fails(narrow(&set, &from, &(struct axev__record_choice){ 6, 2, beyond, 1 }, &out), AXEV_E_INVAL, "expected one of 2 fields");
	ck_assert_uint_eq(out.size, 0);
}
END_TEST

/* Nothing of what is no longer shown is in the new proof: neither value nor salt. */
START_TEST(record_narrow__value_and_salt_of_what_is_dropped_are_gone)
{
	AXEV__BUF from = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES), out = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	AXEV__READ_PROOF proof = { 0 };
	SET set = { { 0 } };
	struct axev__span text;
	uint64_t i;
	uint32_t k;

	make_set(20, false, &set);
	prove(&set, &(struct axev__record_choice){ 2, 10, NULL, 0 }, &from);
	assert_ok(narrow(&set, &from, &(struct axev__record_choice){ 4, 3, first_only, 1 }, &out));
	assert_ok(axev__proof_open(axev__buf_view(&from), set.totals.root, &proof, &err));
	for (i = 0; i < 10; i++)
		for (k = 0; k < 2; k++) {
			assert_ok(axev__json_string(axev__json_at(axev__json_at(proof.proven, i), k), "salt", &text, &err));
			ck_assert_int_eq(memmem(out.data, out.size, text.data, text.size) != NULL, k == 0 && i >= 2 && i < 5);
		}
}
END_TEST

START_TEST(record_narrow__of_a_proof_that_does_not_hold_there_is_none)
{
	AXEV__BUF from = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES), out = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	SET set = { { 0 } }, other = { { 0 } };
	uint8_t *digit;

	make_set(20, false, &set);
	make_set(21, false, &other);
	prove(&set, &(struct axev__record_choice){ 5, 5, NULL, 0 }, &from);
	assert_fails(narrow(&other, &from, &(struct axev__record_choice){ 6, 2, NULL, 0 }, &out), AXEV_E_INVALID,
		     "proof: the proof does not lead to the root of the record set");
	digit = memmem(from.data, from.size, "\"hashes\":[\"", 11);
	ck_assert_ptr_nonnull(digit);
	digit[11] = digit[11] == '0' ? '1' : '0';
	assert_fails(narrow(&set, &from, &(struct axev__record_choice){ 6, 2, NULL, 0 }, &out), AXEV_E_INVALID,
		     "proof: the proof does not lead to the root of the record set");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("record_narrow");
	TCase *tcase = tcase_create("record_narrow");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, record_narrow__each_part_of_each_proof_is_the_one_the_records_give);
	tcase_add_test(tcase, record_narrow__rows_without_a_key_too);
	tcase_add_test(tcase, record_narrow__of_many_records);
	tcase_add_test(tcase, record_narrow__three_in_a_row);
	tcase_add_test(tcase, record_narrow__what_is_withheld_is_refused);
	tcase_add_test(tcase, record_narrow__value_and_salt_of_what_is_dropped_are_gone);
	tcase_add_test(tcase, record_narrow__of_a_proof_that_does_not_hold_there_is_none);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
