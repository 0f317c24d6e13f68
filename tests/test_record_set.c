/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/io.h"
#include "base/text.h"
#include "package/record_set.h"

#include <fcntl.h>

static axev_error err;
static const uint8_t secret[32] = { 1, 2, 3 };

static axev__json *example(void)
{
	AXEV__BUF path = AXEV__BUF_INIT(AXEV__MAX_PATH);
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_CASE_FACTS_BYTES);
	axev__json *facts = NULL;

	assert_ok(axev__buf_printf(&path, &err, "%s/doc/examples/case-facts.json",
				   getenv("AXEV_SOURCE_ROOT") ? getenv("AXEV_SOURCE_ROOT") : "."));
	assert_ok(axev__read_file(AT_FDCWD, (char *)path.data, &text, &err));
	assert_ok(axev__json_parse(axev__buf_view(&text), &facts, &err));
	return facts;
}

START_TEST(record_set__root_of_the_example_is_the_vector)
{
	AXEV__JSON *facts = example();
	AXEV__JSON *back = NULL;
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	uint8_t root[32], again[32];
	uint64_t records;
	char hex[65];

	assert_ok(axev__facts_make(facts, secret, &bytes, root, &records, &err));
	ck_assert_uint_eq(records, 5);
	axev__hex(hex, root, 32);
	ck_assert_str_eq(hex, "e05490cf2dcee607ab40ade198d58bb1a376089d5054fde8ea738ec787999ceb"); /* doc/FORMAT.md, vector R1 */
	assert_ok(axev__facts_read(axev__buf_view(&bytes), &back, again, &records, &err));
	ck_assert_mem_eq(root, again, 32);
}
END_TEST

START_TEST(record_set__every_changed_value_changes_the_root)
{
	AXEV__JSON *facts = example();
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	uint8_t root[32], other[32];
	uint64_t records;
	size_t i;

	assert_ok(axev__facts_make(facts, secret, &bytes, root, &records, &err));
	for (i = 0; i < bytes.size; i++) {
		AXEV__JSON *back = NULL;

		bytes.data[i] ^= 1;
		if (axev__facts_read(axev__buf_view(&bytes), &back, other, &records, NULL) == AXEV_OK)
			ck_assert_msg(memcmp(root, other, 32) != 0, "byte %zu", i);
		bytes.data[i] ^= 1;
	}
}
END_TEST

START_TEST(record_set__what_is_missing_or_unknown_is_named)
{
	AXEV__JSON *facts = example();
	axev__json *values = axev__json_get(facts, "case");
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__JSON *people = axev__json_new_array();
	uint8_t root[32];
	uint64_t records;

	assert_ok(axev__json_set_str(values, "colour", "red", &err));
	assert_fails(axev__facts_make(facts, secret, &bytes, root, &records, &err), AXEV_E_FORMAT,
		     "case: unknown member 'colour'");
	axev__json_free(facts);
	facts = example();
	assert_ok(axev__json_set_str(axev__json_get(facts, "case"), "purpose", "", &err));
	assert_fails(axev__facts_make(facts, secret, &bytes, root, &records, &err), AXEV_E_FORMAT,
		     "case: member 'purpose': expected text, not empty");
	axev__json_free(facts);
	facts = example();
	assert_ok(axev__json_set(facts, "people", axev__steal(people), &err));
	assert_fails(axev__facts_make(facts, secret, &bytes, root, &records, &err), AXEV_E_FORMAT,
		     "people: expected at least two with role officer, found 0");
}
END_TEST

START_TEST(record_set__cells_have_one_encoding)
{
	AXEV__BUF cell = AXEV__BUF_INIT(100);

	assert_ok(axev__cell_text(axev__span_str("ab"), &cell, &err));
	ck_assert_uint_eq(cell.size, 7);
	ck_assert_mem_eq(cell.data, "\x05\0\0\0\2ab", 7);
	axev__buf_clear(&cell);
	assert_ok(axev__cell_text(axev__span(NULL, 0), &cell, &err));
	ck_assert_uint_eq(cell.size, 1);
	ck_assert_uint_eq(cell.data[0], 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("record_set");
	TCase *tcase = tcase_create("record_set");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, record_set__root_of_the_example_is_the_vector);
	tcase_add_test(tcase, record_set__every_changed_value_changes_the_root);
	tcase_add_test(tcase, record_set__what_is_missing_or_unknown_is_named);
	tcase_add_test(tcase, record_set__cells_have_one_encoding);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
