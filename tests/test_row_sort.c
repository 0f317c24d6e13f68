/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <sys/mman.h>
#include <unistd.h>

#include "package/row_sort.h"

static axev_error err;

struct seen {
	char last[32];
	uint64_t rows, different;
};

static int see(void *payload, struct axev__span row, uint64_t count, axev_error *error)
{
	struct seen *seen = payload;
	char text[32] = "";

	(void)error;
	memcpy(text, row.data, row.size);
	ck_assert_msg(seen->different == 0 || strcmp(seen->last, text) < 0, "%s behind %s", text, seen->last);
	strcpy(seen->last, text);
	seen->rows += count;
	seen->different++;
	return AXEV_OK;
}

static void sort(size_t memory_bytes, unsigned count, unsigned different, struct seen *seen)
{
	AXEV__ROW_SORT *rows = NULL;
	int fd = memfd_create("rows", MFD_CLOEXEC);
	unsigned i;

	assert_ok(axev__row_sort_new(fd, memory_bytes, &rows, &err));
	for (i = 0; i < count; i++) {
		char text[32];

		snprintf(text, sizeof(text), "%x", (unsigned)(i * 2654435761u % different));
		assert_ok(axev__row_sort_add(rows, axev__span_str(text), &err));
	}
	*seen = (struct seen){ "", 0, 0 };
	assert_ok(axev__row_sort_each(rows, see, seen, &err));
	close(fd);
}

START_TEST(row_sort__what_fits_and_what_does_not_is_sorted_and_counted)
{
	static const size_t memories[] = { 64, 1000, AXEV__MAX_SORT_MEMORY };
	struct seen seen;
	size_t i;

	for (i = 0; i < AXEV__COUNT(memories); i++) {
		sort(memories[i], 1500, 400, &seen);
		ck_assert_uint_eq(seen.rows, 1500);
		ck_assert_uint_eq(seen.different, 400);
	}
	sort(64, 0, 1, &seen);
	ck_assert_uint_eq(seen.rows, 0);
	sort(64, 5, 1, &seen);
	ck_assert_uint_eq(seen.rows, 5);
	ck_assert_uint_eq(seen.different, 1);
}
END_TEST

START_TEST(row_sort__empty_and_long_rows_are_rows)
{
	AXEV__ROW_SORT *rows = NULL;
	AXEV__FREE char *row = calloc(1, 100000);
	struct seen seen = { "", 0, 0 };
	int fd = memfd_create("rows", MFD_CLOEXEC), i;

	assert_ok(axev__row_sort_new(fd, 64, &rows, &err));
	for (i = 0; i < 3; i++)
		assert_ok(axev__row_sort_add(rows, axev__span("", 0), &err));
	assert_ok(axev__row_sort_each(rows, see, &seen, &err));
	ck_assert_uint_eq(seen.rows, 3);
	ck_assert_uint_eq(seen.different, 1);
	assert_fails(axev__row_sort_add(rows, axev__span(row, AXEV__MAX_RECORD_BYTES + 1), &err), AXEV_E_LIMIT,
		     "expected at most 67108864 bytes in a record, found 67108865");
	close(fd);
}
END_TEST

START_TEST(row_sort__too_many_runs_are_said)
{
	AXEV__ROW_SORT *rows = NULL;
	int fd = memfd_create("rows", MFD_CLOEXEC), status = AXEV_OK;
	unsigned i;

	assert_ok(axev__row_sort_new(fd, 1, &rows, &err));
	for (i = 0; status == AXEV_OK && i < 2 * AXEV__MAX_SORT_RUNS; i++)
		status = axev__row_sort_add(rows, axev__span_str("abc"), NULL);
	ck_assert_uint_eq(i, AXEV__MAX_SORT_RUNS + 2);
	assert_fails(axev__row_sort_add(rows, axev__span_str("abc"), &err), AXEV_E_LIMIT,
		     "too many rows without a key to be sorted here");
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("row_sort");
	TCase *tcase = tcase_create("row_sort");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, row_sort__what_fits_and_what_does_not_is_sorted_and_counted);
	tcase_add_test(tcase, row_sort__empty_and_long_rows_are_rows);
	tcase_add_test(tcase, row_sort__too_many_runs_are_said);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
