/* SPDX-License-Identifier: Apache-2.0 */
/* A workbook that openpyxl wrote, properly signed by a maker whose record sets say something else than it does. */
#include "handed_package.h"

#include "package/data_book.h"

#define PATH "data/handover/file.xlsx"
#define MAX_SETS 5

/* The sets that the workbook gives: two of sheets, one of what is beside the rows. */
static struct set {
	char name[64];
	struct axev__buf header, records;
	unsigned rows;
} honest[MAX_SETS], forged[MAX_SETS];
static size_t honest_count, forged_count;
static struct axev__buf workbook, file;

/* ---- what the workbook gives (tests/interop/data_xlsx_root.py says whether that is right) ---- */

static void put_record(struct set *set, struct axev__span cells)
{
	uint8_t size[4];

	axev__put_u32be(size, (uint32_t)cells.size);
	assert_ok(axev__buf_append(&set->records, size, 4, &err));
	assert_ok(axev__buf_span(&set->records, cells, &err));
	set->rows++;
}

/* Vector R2 has the header of the format that there is. */
static void put_format(axev__json *header)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__JSON *vector = NULL;
	struct axev__span format;
	char path[512];

	snprintf(path, sizeof(path), "%s/records/r2.header.json", getenv("AXEV_TEST_DATA"));
	assert_ok(axev__read_file(AT_FDCWD, path, &bytes, &err));
	assert_ok(axev__json_parse(axev__buf_view(&bytes), &vector, &err));
	assert_ok(axev__json_string(vector, "format", &format, &err));
	assert_ok(axev__json_set_string(header, "format", format, &err));
}

static void put_header(struct set *set, const struct axev__book_set *said)
{
	AXEV__JSON *header = axev__json_new_object();

	put_format(header);
	snprintf(set->name, sizeof(set->name), "%s", said->name);
	set->header.max = set->records.max = AXEV__MIB;
	assert_ok(axev__json_set_str(header, "encoding", "row-c14n/2", &err));
	assert_ok(axev__json_set_str(header, "name", said->name, &err));
	assert_ok(axev__json_set_str(header, "order", said->order, &err));
	assert_ok(axev__json_set(header, "about", axev__json_copy(said->about), &err));
	assert_ok(axev__json_set(header, "fields", axev__json_copy(said->fields), &err));
	assert_ok(axev__json_canonical(header, &set->header, &err));
}

static int on_sheet(void *payload, const struct axev__book_set *said, axev_error *error)
{
	(void)payload;
	(void)error;
	put_header(&honest[honest_count++], said);
	return AXEV_OK;
}

static int on_row(void *payload, struct axev__span cells, axev_error *error)
{
	(void)payload;
	(void)error;
	put_record(&honest[honest_count - 1], cells);
	return AXEV_OK;
}

static int on_end(void *payload, axev_error *error)
{
	(void)payload;
	(void)error;
	return AXEV_OK;
}

static int on_remark(void *payload, struct axev__span cells, axev_error *error)
{
	(void)payload;
	(void)error;
	put_record(&honest[MAX_SETS - 1], cells);
	return AXEV_OK;
}

static void load_book(const char *name, struct axev__buf *out)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/fuzz/corpus/xlsx/%s.bin", getenv("AXEV_SOURCE_ROOT"), name);
	out->max = AXEV__MIB;
	axev__buf_clear(out);
	assert_ok(axev__read_file(AT_FDCWD, path, out, &err));
}

static void read_workbook(void)
{
	const struct axev__book_taker taker = { on_sheet, on_row, on_end, on_remark, axev__data_hash_large };
	AXEV__JSON *about = axev__json_new_object(), *fields = axev__json_new_array();
	struct axev__book_set remarks;
	struct axev__source source;
	AXEV__XLSX book = { 0 };

	load_book("openpyxl", &workbook);
	source = axev__source_memory(axev__buf_view(&workbook));
	assert_ok(axev__xlsx_open(&source, &book, &err));
	assert_ok(axev__book_remarks(PATH, about, fields, &remarks, &err));
	put_header(&honest[MAX_SETS - 1], &remarks);
	assert_ok(axev__book_read(&book, PATH, true, &taker, NULL, &err));
	honest[honest_count++] = honest[MAX_SETS - 1];
	ck_assert_uint_eq(honest_count, 3);
	ck_assert_uint_eq(honest[0].rows, 3);
	ck_assert_uint_eq(honest[1].rows, 1);
	ck_assert_uint_eq(honest[2].rows, 6);
}

static void set_up(void)
{
	make_ledger();
	read_workbook();
}

/* ---- forging ---- */

static void copy_honest(void)
{
	size_t i;

	for (i = 0; i < forged_count; i++) {
		axev__buf_free(&forged[i].header);
		axev__buf_free(&forged[i].records);
	}
	forged_count = honest_count;
	file.max = AXEV__MIB;
	axev__buf_clear(&file);
	assert_ok(axev__buf_span(&file, axev__buf_view(&workbook), &err));
	for (i = 0; i < honest_count; i++) {
		forged[i] = honest[i];
		forged[i].header = forged[i].records = (struct axev__buf)AXEV__BUF_INIT(AXEV__MIB);
		assert_ok(axev__buf_span(&forged[i].header, axev__buf_view(&honest[i].header), &err));
		assert_ok(axev__buf_span(&forged[i].records, axev__buf_view(&honest[i].records), &err));
	}
}

static void replace(struct axev__buf *bytes, const char *text, const char *with)
{
	uint8_t *at = memmem(bytes->data, bytes->size, text, strlen(text));
	AXEV__BUF made = AXEV__BUF_INIT(AXEV__MIB);

	ck_assert_msg(at != NULL, "%s", text);
	assert_ok(axev__buf_append(&made, bytes->data, (size_t)(at - bytes->data), &err));
	assert_ok(axev__buf_str(&made, with, &err));
	at += strlen(text);
	assert_ok(axev__buf_append(&made, at, bytes->size - (size_t)(at - bytes->data), &err));
	axev__buf_clear(bytes);
	assert_ok(axev__buf_span(bytes, axev__buf_view(&made), &err));
}

static void drop_record(struct set *set, unsigned number)
{
	uint8_t *at = set->records.data;
	size_t size;

	for (; number > 0; number--)
		at += 4 + axev__get_u32be(at);
	size = 4 + axev__get_u32be(at);
	set->records.size -= size;
	memmove(at, at + size, (size_t)(set->records.data + set->records.size - at));
	set->rows--;
}

static void drop_set(size_t number)
{
	struct set dropped = forged[number];

	memmove(forged + number, forged + number + 1, (forged_count - number - 1) * sizeof(*forged));
	forged[--forged_count] = dropped;
	axev__buf_free(&forged[forged_count].header);
	axev__buf_free(&forged[forged_count].records);
}

static void swap_sheets(void)
{
	struct set first = forged[0];

	forged[0] = forged[1];
	forged[1] = first;
}

static void add_row(void)
{
	put_record(&forged[1], axev__span(honest[1].records.data + 4, honest[1].records.size - 4));
}

/* Of what stays as long as it is. */
static void forge_row(void) { replace(&forged[0].records, "12.5", "92.5"); }
static void forge_number(void) { replace(&forged[0].records, "1e+300", "1e+301"); }
static void forge_date(void) { replace(&forged[0].records, "date yyyy-mm-dd", "date yyyy-dd-mm"); }
static void forge_remark(void) { replace(&forged[2].records, "A2+1", "A3+1"); }
static void drop_first_row(void) { drop_record(&forged[0], 0); }
static void drop_last_row(void) { drop_record(&forged[0], 2); }
static void drop_remark(void) { drop_record(&forged[2], 5); }
static void drop_sheet(void) { drop_set(1); }
static void drop_remarks(void) { drop_set(2); }
static void forge_name(void) { replace(&forged[1].header, "\"name\":\"x\"", "\"name\":\"z\""); }
static void forge_hidden(void) { replace(&forged[1].header, "\"hidden\":true", "\"hidden\":false"); }
static void forge_1904(void) { replace(&forged[0].header, "\"date1904\":false", "\"date1904\":true"); }
static void forge_sheet(void) { replace(&forged[1].header, "\"sheet\":\"hidden\"", "\"sheet\":\"shown\""); }
static void forge_path(void) { replace(&forged[0].header, "file.xlsx", "file.xlsy"); }
static void forge_later_path(void) { replace(&forged[1].header, "file.xlsx", "file.xlsy"); }
static void forge_format(void) { replace(&forged[1].header, "\"format\":\"xlsx\"", "\"format\":\"csv\""); }
static void forge_order(void) { replace(&forged[1].header, "in its order", "as they came"); }
static void forge_names(void) { replace(&forged[0].header, "\"names\":true", "\"names\":false"); }
static void new_member(void) { replace(&forged[1].header, "\"hidden\":true", "\"hidden\":true,\"locale\":\"zh\""); }
static void add_key(void) { replace(&forged[0].header, "\"names\":true", "\"key\":[\"id\"],\"names\":true"); }

static void add_sheet(void)
{
	forged[forged_count++] = forged[2];
	forged[2] = forged[1];
	forged[2].header = forged[2].records = (struct axev__buf)AXEV__BUF_INIT(AXEV__MIB);
	assert_ok(axev__buf_span(&forged[2].header, axev__buf_view(&forged[1].header), &err));
	assert_ok(axev__buf_span(&forged[2].records, axev__buf_view(&forged[1].records), &err));
}

static void put_remarks_first(void)
{
	struct set last = forged[2];

	forged[2] = forged[0];
	forged[0] = last;
}

static void break_file(void)
{
	uint8_t *name = memmem(file.data, file.size, "xl/worksheets/sheet1.xml", 24);

	name[24 + 100] ^= 0x10; /* deflated */
}

static void cut_file(void)
{
	file.size -= 23;
}

/* Five sheets of 1 GiB, as its directory says. */
static void put_bomb(void) { load_book("five_gigabytes", &file); }
/* A sheet that its directory says to be of 1000 bytes, and is of more. */
static void put_packed(void) { load_book("packed", &file); }

/* ---- */

#define INVALID AXEV_VERDICT_INVALID

static const struct lie {
	void (*forge)(void);
	int verdict;
	const char *said;
} lies[] = {
	{ NULL, AXEV_VERDICT_VALID, "record set and the file handed over" },
	{ add_key, AXEV_VERDICT_VALID, "record set and the file handed over" },
	{ forge_row, INVALID, "record 0 is not what the file gives" },
	{ forge_number, INVALID, "record 2 is not what the file gives" },
	{ forge_date, INVALID, "record 0 is not what the file gives" },
	{ add_row, INVALID, "the file has 1 rows, the record set has more" },
	{ drop_first_row, INVALID, "record 0 is not what the file gives" },
	{ drop_last_row, INVALID, "the record set has 2 rows, the file has more" },
	{ drop_sheet, INVALID, "no record set is of this sheet" },
	{ add_sheet, INVALID, "expected record sets of 2 sheets, found 3" },
	{ swap_sheets, INVALID, "what the record set says of itself is not what the file gives" },
	{ drop_remarks, INVALID, "no record set is of what the workbook holds beside its rows" },
	{ forge_remark, INVALID, "workbook: record 2 is not what the file gives" },
	{ drop_remark, INVALID, "workbook: the record set has 5 rows, the file has more" },
	{ put_remarks_first, INVALID, "the record set of what is beside the rows stands before one of a sheet" },
	{ forge_name, INVALID, "the columns of the record set are not those of the file" },
	{ forge_names, INVALID, "the columns of the record set are not those of the file" },
	{ forge_sheet, INVALID, "what the record set says of itself is not what the file gives" },
	{ forge_hidden, INVALID, "what the record set says of itself is not what the file gives" },
	{ forge_1904, INVALID, "what the record set says of itself is not what the file gives" },
	{ forge_order, INVALID, "what the record set says of itself is not what the file gives" },
	{ forge_path, INVALID, "data/handover/file.xlsy is not in the package" },
	{ forge_later_path, INVALID, "what the record set says of itself is not what the file gives" },
	{ forge_format, INVALID, "record sets of one file name different formats of it" },
	{ new_member, AXEV_VERDICT_INDETERMINATE, "newer format" },
	{ break_file, INVALID, "the file cannot be read as its record set says: " },
	{ cut_file, INVALID, "expected a ZIP file, found no end record" },
	{ put_bomb, INVALID, "expected sheets of at most 4294967296 bytes together when unpacked, found 5368709120" },
	{ put_packed, INVALID, "expected 1000 bytes, found more" },
};

START_TEST(verify_workbook__each_lie_is_found)
{
	AXEV__TAKE take = { 0 };
	unsigned rows = 0;
	size_t i;

	copy_honest();
	if (lies[_i].forge)
		lies[_i].forge();
	handed_begin(&take);
	handed_file(&take, PATH, axev__buf_view(&file));
	for (i = 0; i < forged_count; i++) {
		unsigned more = handed_set(&take, (unsigned)i + 1, forged[i].name, axev__buf_view(&forged[i].header),
					   axev__buf_view(&forged[i].records));

		rows += strcmp(forged[i].name, "workbook") == 0 ? 0 : more;
	}
	handed_finish(&take, rows);
	assert_handed(lies[_i].verdict, lies[_i].said);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify_workbook");
	TCase *tcase = tcase_create("verify_workbook");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, set_up, remove_ledger);
	tcase_add_loop_test(tcase, verify_workbook__each_lie_is_found, 0, (int)AXEV__COUNT(lies));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
