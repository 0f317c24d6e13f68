/* SPDX-License-Identifier: Apache-2.0 */
/* Files that were handed over, properly signed by a maker whose record set says something else than the file. */
#include "handed_package.h"

#define ABOUT_CSV "\"bom\":false,\"delimiter\":\",\",\"encoding\":\"UTF-8\",\"format\":\"csv\",\"names\":true," \
		  "\"path\":\"data/handover/file.csv\",\"quote\":\"\\\"\",\"what\":\"file\""
#define CSV "id,name\n1,\xE7\x8E\x8B\n2,\n3,\"\"\n"

struct lie {
	const char *file, *about, *second_name;
	const char *cells[4][2]; /* NULL: NULL; no first cell: no more records */
	int verdict;
	const char *said;
	unsigned fewer_sets, more_sets; /* than one */
	bool has_two_files;
};

static unsigned add_set(struct axev__take *take, const struct lie *lie, unsigned number)
{
	AXEV__BUF header = AXEV__BUF_INIT(AXEV__MIB), records = AXEV__BUF_INIT(AXEV__MIB);
	unsigned i, j;

	assert_ok(axev__buf_printf(&header, &err,
				   "{\"about\":{%s},\"encoding\":\"row-c14n/2\",\"fields\":[{\"name\":\"id\",\"type\":\"text\"},"
				   "{\"name\":\"%s\",\"type\":\"text\"}],\"format\":\"ax-records/3\",\"name\":\"file.csv\","
				   "\"order\":\"rows of the file, in its order\"}",
				   lie->about, lie->second_name));
	for (i = 0; i < 4 && lie->cells[i][0]; i++) {
		AXEV__BUF cells = AXEV__BUF_INIT(1000);
		uint8_t size[4];

		for (j = 0; j < 2; j++)
			assert_ok(lie->cells[i][j] ? axev__cell_string(axev__span_str(lie->cells[i][j]), &cells, &err) :
						     axev__cell_null(&cells, &err));
		axev__put_u32be(size, (uint32_t)cells.size);
		assert_ok(axev__buf_append(&records, size, 4, &err));
		assert_ok(axev__buf_span(&records, axev__buf_view(&cells), &err));
	}
	return handed_set(take, number, "file.csv", axev__buf_view(&header), axev__buf_view(&records));
}

static void assert_verdict(const struct lie *lie)
{
	AXEV__TAKE take = { 0 };
	unsigned rows = 0, i;

	handed_begin(&take);
	handed_file(&take, "data/handover/file.csv", axev__span_str(lie->file));
	if (lie->has_two_files)
		handed_file(&take, "data/handover/second.csv", axev__span_str(lie->file));
	for (i = 1; i <= 1 + lie->more_sets - lie->fewer_sets; i++)
		rows += add_set(&take, lie, i);
	handed_finish(&take, rows);
	assert_handed(lie->verdict, lie->said);
}

#define ROW_1 { "1", "\xE7\x8E\x8B" }
#define ROW_2 { "2", NULL }
#define ROW_3 { "3", "" }
#define HONEST { ROW_1, ROW_2, ROW_3 }
#define INVALID AXEV_VERDICT_INVALID
#define UNREADABLE "the file cannot be read as its record set says: "

static const struct lie lies[] = {
	{ CSV, ABOUT_CSV, "name", HONEST, AXEV_VERDICT_VALID, "record set and the file handed over" },
	{ CSV, ABOUT_CSV, "name", { ROW_1, ROW_3, ROW_2 }, INVALID, "record 1 is not what the file gives" },
	{ CSV, ABOUT_CSV, "name", { ROW_1, { "2", "" }, ROW_3 }, INVALID, "record 1 is not what the file gives" },
	{ CSV, ABOUT_CSV, "name", { ROW_1, ROW_2 }, INVALID, "the record set has 2 rows, the file has more" },
	{ CSV, ABOUT_CSV, "name", { ROW_1, ROW_2, ROW_3, { "4", "x" } }, INVALID,
	  "the file has 3 rows, the record set has more" },
	{ CSV, ABOUT_CSV, "title", HONEST, INVALID, "the columns of the record set are not those of the file" },
	{ "\xEF\xBB\xBF" CSV, ABOUT_CSV, "name", HONEST, INVALID,
	  "whether the file begins with the signature of UTF-8 is stated wrongly" },
	{ CSV "4,\n", ABOUT_CSV, "name", HONEST, INVALID, "the record set has 3 rows, the file has more" },
	{ "id,name\n1,\xE7\x8E\x8B,\n", ABOUT_CSV, "name", HONEST, INVALID,
	  UNREADABLE "line 2: expected 2 fields, found 3" },
	{ "id,name\n1,\xCD\xF5\n", ABOUT_CSV, "name", HONEST, INVALID, UNREADABLE "line 2, byte 10 of the file: not UTF-8" },
	{ "", ABOUT_CSV, "name", HONEST, INVALID, UNREADABLE "expected at least one line, found an empty file" },
	{ CSV, "\"bom\":false,\"encoding\":\"UTF-8\",\"format\":\"ods\",\"path\":\"data/handover/file.csv\",\"what\":\"file\"",
	  "name", HONEST, AXEV_VERDICT_INDETERMINATE, "newer format" },
	{ CSV, "\"path\":\"data/handover/other.csv\",\"what\":\"file\"", "name", HONEST, INVALID,
	  "data/handover/other.csv is not in the package" },
	{ CSV, "\"what\":\"file\"", "name", HONEST, INVALID, "member 'path'" },
	{ CSV, ABOUT_CSV ",\"zone\":\"x\"", "name", HONEST, AXEV_VERDICT_INDETERMINATE, "newer format" },
	{ CSV, ABOUT_CSV, "name", HONEST, INVALID, "no record set is of the file that was handed over", .fewer_sets = 1 },
	{ CSV, ABOUT_CSV, "name", HONEST, INVALID, "expected one record set of the file, found 2", .more_sets = 1 },
	{ CSV, ABOUT_CSV, "name", HONEST, INVALID, "expected one file that was handed over, found 2", .has_two_files = true },
};

START_TEST(verify_handed__each_lie_is_found)
{
	assert_verdict(&lies[_i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify_handed");
	TCase *tcase = tcase_create("verify_handed");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, make_ledger, remove_ledger);
	tcase_add_loop_test(tcase, verify_handed__each_lie_is_found, 0, (int)AXEV__COUNT(lies));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
