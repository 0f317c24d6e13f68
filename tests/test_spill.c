/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/limits.h"
#include "base/spill.h"

static axev_error err;
static FILE *file;

static void setup(void)
{
	file = tmpfile();
	ck_assert_ptr_nonnull(file);
}

static void teardown(void)
{
	fclose(file);
}

static void expect(const struct axev__spill *spill, const char *text)
{
	AXEV__BUF found = AXEV__BUF_INIT(1000);
	struct axev__source source = axev__spill_source(spill);

	assert_ok(axev__source_load(&source, &found, &err));
	ck_assert(axev__span_is(axev__buf_view(&found), text));
}

START_TEST(spill__what_was_put_can_be_read_and_cut_and_put_again)
{
	struct axev__spill spill = { fileno(file), 0, 100 };

	assert_ok(axev__spill_put(&spill, axev__span_str("one "), &err));
	assert_ok(axev__spill_put(&spill, axev__span_str("two"), &err));
	expect(&spill, "one two");
	axev__spill_cut(&spill, 4);
	axev__spill_cut(&spill, 50); /* nothing is there */
	expect(&spill, "one ");
	assert_ok(axev__spill_put(&spill, axev__span_str("three"), &err));
	expect(&spill, "one three");
}
END_TEST

START_TEST(spill__beyond_the_maximum_nothing_is_put)
{
	struct axev__spill spill = { fileno(file), 0, 5 }, none = { -1, 0, 5 };
	struct axev__source source;
	AXEV__BUF small = AXEV__BUF_INIT(3);

	assert_ok(axev__spill_put(&spill, axev__span_str("1234"), &err));
	assert_fails(axev__spill_put(&spill, axev__span_str("56"), &err), AXEV_E_LIMIT, "expected at most 5 bytes, found more");
	assert_fails(axev__spill_put(&spill, axev__span_str("123456"), &err), AXEV_E_LIMIT, "expected at most 5 bytes, found more");
	assert_ok(axev__spill_put(&spill, axev__span_str("5"), &err));
	expect(&spill, "12345");
	assert_fails(axev__spill_put(&none, axev__span_str("1"), &err), AXEV_E_LIMIT, "expected at most 0 bytes, found more");
	source = axev__spill_source(&spill);
	assert_fails(axev__source_load(&source, &small, &err), AXEV_E_LIMIT, "expected at most 3 bytes, found more");
}
END_TEST

START_TEST(spill__what_is_larger_than_one_piece_is_copied_whole)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(4 * AXEV__COPY_CHUNK), found = AXEV__BUF_INIT(4 * AXEV__COPY_CHUNK);
	struct axev__spill spill = { fileno(file), 0, 4 * AXEV__COPY_CHUNK };
	struct axev__source from, copied;
	size_t i;

	assert_ok(axev__buf_reserve(&bytes, 2 * AXEV__COPY_CHUNK + 17, &err));
	for (i = 0; i < 2 * AXEV__COPY_CHUNK + 17; i++)
		bytes.data[bytes.size++] = (uint8_t)(i * 31 >> 3);
	from = axev__source_memory(axev__buf_view(&bytes));
	assert_ok(axev__spill_copy(&spill, &from, &err));
	copied = axev__spill_source(&spill);
	assert_ok(axev__source_load(&copied, &found, &err));
	ck_assert(axev__span_equal(axev__buf_view(&bytes), axev__buf_view(&found)));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("spill");
	TCase *spills = tcase_create("spills");

	tcase_add_checked_fixture(spills, setup, teardown);
	tcase_add_test(spills, spill__what_was_put_can_be_read_and_cut_and_put_again);
	tcase_add_test(spills, spill__beyond_the_maximum_nothing_is_put);
	tcase_add_test(spills, spill__what_is_larger_than_one_piece_is_copied_whole);
	suite_add_tcase(suite, spills);
	return run_suite(suite);
}
