/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records that go straight into the package and move aside when something else has to go there: what is sealed is what a writer
 * makes that writes the same rows into a file of its own. Whether that one is right, tests/interop/db_sqlite_root.py asks Python.
 */
#include "support_disk.h"
#include "support_ledger.h"

#include "base/text.h"
#include "capture/db/db_large.h"
#include "capture/db/db_set.h"
#include "package/container_read.h"

#define ROWS 12000     /* several batches of the hashing threads */
#define MIDDLE 9000    /* by then the first ones stand in the package */
#define LONG_BYTES (AXEV__MAX_INLINE_CELL + 1)
#define MAX_SETS 3

/* What a test writes into one set, to be written again by itself. */
struct written {
	struct axev__db_set set;
	struct axev__buf records; /* each a u32 length and its cells */
	uint64_t rows;
};

static struct axev__take take;
static struct axev__db_capture capture;
static struct written sets[MAX_SETS];
static uint64_t large;

static void begin_capture(void)
{
	const axev_capture_common common = AXEV_CAPTURE_COMMON_INIT;

	take = (struct axev__take){ .fd = -1 };
	capture = (struct axev__db_capture){ .take = &take, .queries = axev__json_new_array(), .tables = axev__json_new_array() };
	assert_ok(axev__take_begin(ledger, &common, "db", "test", axev__span_str("db"), &take, &err));
	snprintf(capture.folder, sizeof(capture.folder), "%s/db", take.directory);
	assert_ok(axev__make_dirs_durable(ledger->dirfd, capture.folder, 0700, &err));
	assert_ok(axev__take_part_begin(&take, &err));
	large = 0;
}

static void free_capture(void)
{
	size_t i;

	for (i = 0; i < MAX_SETS; i++) {
		axev__db_set_end(&sets[i].set);
		axev__buf_free(&sets[i].records);
		sets[i] = (struct written){ .set = { .fd = -1, .sort_fd = -1 } };
	}
	axev__take_end(&take);
	axev__json_free(capture.queries);
	axev__json_free(capture.tables);
}

static void set_up(void)
{
	size_t i;

	make_ledger();
	for (i = 0; i < MAX_SETS; i++)
		sets[i] = (struct written){ .set = { .fd = -1, .sort_fd = -1 } };
	begin_capture();
}

static void tear_down(void)
{
	free_capture();
	remove_ledger();
}

/* ---- rows ---- */

static void begin_set(struct written *written, const char *name, bool is_multiset)
{
	AXEV__JSON *about = axev__json_new_object(), *fields = axev__json_new_array();
	const struct axev__db_rows rows = { .name = name, .order = is_multiset ? NULL : "id", .about = about, .fields = fields };

	written->records.max = 64 * AXEV__MIB;
	assert_ok(axev__db_field(fields, "id", "INTEGER", &err));
	assert_ok(axev__db_field(fields, "text", "TEXT", &err));
	assert_ok(axev__db_set_begin(&capture, &rows, &written->set, &err));
}

static void keep(struct written *written, struct axev__span cells)
{
	uint8_t size[4];

	axev__put_u32be(size, (uint32_t)cells.size);
	assert_ok(axev__buf_append(&written->records, size, sizeof(size), &err));
	assert_ok(axev__buf_span(&written->records, cells, &err));
	written->rows++;
}

static void put_row(struct written *written, int64_t id, struct axev__span text)
{
	assert_ok(axev__cell_integer(id, &written->set.cells, &err));
	assert_ok(axev__db_set_content(&written->set, AXEV__CELL_TEXT, text, &err));
	if (!written->set.sort)
		keep(written, axev__buf_view(&written->set.cells));
	assert_ok(axev__db_set_row(&written->set, &err));
}

static void put_rows(struct written *written, int64_t from, int64_t to)
{
	for (; from < to; from++) {
		char text[128];

		snprintf(text, sizeof(text), "row %ld of the set, long enough that some thousands of them fill what is held in memory",
			 (long)from);
		put_row(written, from, axev__span_str(text));
	}
}

static void put_long(struct written *written, int64_t id)
{
	AXEV__BUF text = AXEV__BUF_INIT(2 * AXEV__MIB);

	assert_ok(axev__buf_reserve(&text, LONG_BYTES, &err));
	memset(text.data, 'a' + (int)(id % 26), LONG_BYTES);
	put_row(written, id, axev__span(text.data, LONG_BYTES));
	large++;
}

static void finish_set(struct written *written)
{
	assert_ok(axev__db_set_finish(&written->set, &err));
}

/* ---- what was sealed ---- */

static void seal(axev_id *ret_id)
{
	axev_seal_result result = { .size = sizeof(result) };
	AXEV__JSON *source = axev__json_new_object();
	axev_draft *draft = NULL;
	char rows[24];

	assert_ok(axev__take_part_end(&take, &err));
	assert_ok(axev__remove_tree(ledger->dirfd, capture.folder, &err));
	snprintf(rows, sizeof(rows), "%llu", (unsigned long long)capture.rows);
	assert_ok(axev__json_set_str(source, "system", "test", &err));
	assert_ok(axev__json_set_str(source, "dsn", "test", &err));
	assert_ok(axev__json_set_str(source, "rows", rows, &err));
	assert_ok(axev__take_set(&take, "source", axev__steal(source), &err));
	assert_ok(axev__take_finish(&take, &draft, &err));
	assert_ok(axev_seal(ledger, draft, NULL, &result, &err));
	axev_draft_free(draft);
	*ret_id = result.id;
}

static void read_object(const struct axev__container *part, const char *path, struct axev__buf *out)
{
	const struct axev__entry *entry = axev__container_find(part, path);

	out->max = 64 * AXEV__MIB;
	ck_assert_msg(entry != NULL, "%s", path);
	assert_ok(axev__container_read(part, entry, out, &err));
}

/* Record set @number is @written, with the same root and index as if it had gone into a file from the beginning. */
static void assert_set(const struct axev__container *part, unsigned number, const struct written *written)
{
	AXEV__BUF header = AXEV__BUF_INIT(0), index = AXEV__BUF_INIT(0), records = AXEV__BUF_INIT(0);
	AXEV__BUF again = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__span rest = axev__buf_view(&written->records);
	struct axev__record_totals totals;
	AXEV__RECORD_WRITER *writer = NULL;
	char path[64];

	snprintf(path, sizeof(path), "data/records/%03u.header.json", number);
	read_object(part, path, &header);
	snprintf(path, sizeof(path), "data/records/%03u.index", number);
	read_object(part, path, &index);
	snprintf(path, sizeof(path), "data/records/%03u.bin", number);
	read_object(part, path, &records);
	assert_ok(axev__record_writer_new(-1, axev__buf_view(&header), index.data + 8, &writer, &err));
	for (; rest.size > 0; rest = axev__span(rest.data + 4 + axev__get_u32be(rest.data), rest.size - 4 - axev__get_u32be(rest.data)))
		assert_ok(axev__record_writer_add(writer, axev__span(rest.data + 4, axev__get_u32be(rest.data)), &err));
	assert_ok(axev__record_writer_finish(writer, &again, &totals, &err));
	ck_assert_uint_eq(totals.rows, written->rows);
	ck_assert_uint_eq(index.size, again.size);
	ck_assert_int_eq(memcmp(index.data, again.data, again.size), 0);
	ck_assert(axev__span_equal(axev__buf_view(&records), axev__buf_view(&written->records))); /* both may be empty */
}

static void assert_valid(const axev_id *id)
{
	axev_report *report = NULL;
	char *text = NULL;

	assert_ok(axev_export(ledger, id, 1, in_folder("b.asice"), NULL, &err));
	assert_ok(axev_verify_file(in_folder("b.asice"), policy, NULL, &report, &err));
	assert_ok(axev_report_text(report, "en", 1, &text, &err));
	ck_assert_msg(axev_report_verdict(report) == AXEV_VERDICT_VALID, "%.3000s", text);
	axev_text_free(text);
	axev_report_free(report);
}

/* @order: the sets as they were finished. */
static void assert_sealed(const struct written *const *order, unsigned count)
{
	AXEV__CONTAINER_READER *container = NULL, *part = NULL;
	AXEV__FREE char *path = NULL;
	AXEV__CLOSE int fd = -1;
	const struct axev__entry *entry;
	struct axev__source file, inner;
	char cell[40];
	axev_id id;
	unsigned i;

	seal(&id);
	assert_ok(axev_ledger_package_path(ledger, &id, &path, &err));
	assert_ok(axev__open(AT_FDCWD, path, O_RDONLY, 0, &fd, &err));
	assert_ok(axev__source_file(fd, &file, &err));
	assert_ok(axev__container_open(&file, &container, &err));
	entry = axev__container_find(container, "data/parts/0001.zip");
	inner = axev__source_window(&file, entry->offset, entry->size_bytes);
	assert_ok(axev__part_open(&inner, &part, &err));
	for (i = 0; i < count; i++)
		assert_set(part, i + 1, order[i]);
	for (i = 0; i < large; i++) {
		snprintf(cell, sizeof(cell), "data/cells/%06u.bin", i + 1);
		entry = axev__container_find(part, cell);
		ck_assert_msg(entry && entry->size_bytes == LONG_BYTES, "%s", cell);
	}
	assert_valid(&id);
}

static bool is_straight(const struct written *written)
{
	return capture.straight == &written->set;
}

/* ---- one set ---- */

static const struct {
	int64_t long_at[3]; /* rows with a long cell; -1: none */
} alone[] = { { { -1, -1, -1 } }, { { 0, -1, -1 } }, { { MIDDLE, -1, -1 } }, { { 1, MIDDLE, MIDDLE + 1 } }, { { ROWS - 1, -1, -1 } } };

START_TEST(db_stream__a_long_cell_changes_nothing_but_itself)
{
	const struct written *const order[] = { &sets[0] };
	int64_t next = 0;
	int i;

	begin_set(&sets[0], "orders", false);
	for (i = 0; i < 3 && alone[_i].long_at[i] >= 0; i++) {
		put_rows(&sets[0], next, alone[_i].long_at[i]);
		ck_assert_int_eq(is_straight(&sets[0]), i == 0);
		put_long(&sets[0], alone[_i].long_at[i]);
		ck_assert(!is_straight(&sets[0]));
		next = alone[_i].long_at[i] + 1;
	}
	put_rows(&sets[0], next, ROWS);
	ck_assert_int_eq(is_straight(&sets[0]), alone[_i].long_at[0] < 0);
	finish_set(&sets[0]);
	assert_sealed(order, 1);
}
END_TEST

/* ---- two at a time ---- */

static const struct {
	int64_t before; /* rows of the first set when the second begins */
	bool first_ends_first;
	int64_t long_at; /* of the second set */
} together[] = { { 0, true, -1 }, { 0, false, -1 }, { MIDDLE, true, -1 }, { MIDDLE, false, -1 }, { MIDDLE, true, 10 }, { MIDDLE, false, 10 } };

START_TEST(db_stream__a_set_that_begins_meanwhile_changes_nothing)
{
	struct written *first = &sets[0], *second = &sets[1];
	const struct written *const order[] = { together[_i].first_ends_first ? first : second,
						together[_i].first_ends_first ? second : first };
	int64_t i = 0;

	begin_set(first, "orders", false);
	put_rows(first, 0, together[_i].before);
	ck_assert(is_straight(first));
	begin_set(second, "remarks", false);
	ck_assert(is_straight(second));
	for (i = together[_i].before; i < ROWS; i++) {
		put_rows(first, i, i + 1);
		if (i % 7 == 0 && i / 7 == together[_i].long_at)
			put_long(second, i / 7);
		else if (i % 7 == 0)
			put_rows(second, i / 7, i / 7 + 1);
	}
	if (together[_i].first_ends_first)
		finish_set(first);
	put_rows(second, ROWS, ROWS + 5000);
	finish_set(second);
	if (!together[_i].first_ends_first)
		finish_set(first);
	assert_sealed(order, 2);
}
END_TEST

START_TEST(db_stream__sets_one_after_another_all_go_straight)
{
	const struct written *const order[] = { &sets[0], &sets[1], &sets[2] };
	unsigned i;

	for (i = 0; i < 3; i++) {
		begin_set(&sets[i], i == 0 ? "a" : i == 1 ? "b" : "c", false);
		put_rows(&sets[i], 0, (int64_t)i * 5000);
		ck_assert(is_straight(&sets[i]));
		finish_set(&sets[i]);
	}
	assert_sealed(order, 3);
}
END_TEST

/* Its rows are sorted first: its records begin at its end, while those of another are on their way. */
START_TEST(db_stream__rows_without_a_key_move_another_set_aside)
{
	struct written *keyed = &sets[0], *counted = &sets[1];
	const struct written *const order[] = { counted, keyed };
	AXEV__BUF cells = AXEV__BUF_INIT(AXEV__MIB);
	int64_t i;

	begin_set(counted, "counted", true);
	begin_set(keyed, "orders", false);
	put_rows(keyed, 0, MIDDLE);
	for (i = 0; i < 6; i++)
		put_row(counted, i / 3, axev__span_str("x"));
	ck_assert(is_straight(keyed));
	finish_set(counted);
	ck_assert(!is_straight(keyed));
	put_rows(keyed, MIDDLE, ROWS);
	finish_set(keyed);
	for (i = 0; i < 2; i++) {
		axev__buf_clear(&cells);
		assert_ok(axev__cell_integer(3, &cells, &err));
		assert_ok(axev__cell_integer(i, &cells, &err));
		assert_ok(axev__cell_string(axev__span_str("x"), &cells, &err));
		keep(counted, axev__buf_view(&cells));
	}
	counted->rows = 6;
	assert_sealed(order, 2);
}
END_TEST

/* ---- no room to move ---- */

static void assert_nothing_left(uint64_t entries)
{
	axev_ledger_check_result result = { .size = sizeof(result) };

	assert_ok(axev_ledger_check(ledger, &result, &err));
	ck_assert_uint_eq(result.packages, 0);
	ck_assert_uint_eq(axev_ledger_size(ledger), entries + 1); /* "abandoned" */
}

static void wait_until_written(void)
{
	struct axev__source so_far = { .size = 0 };
	int i;

	for (i = 0; i < 1000 && so_far.size < 300000; i++) {
		pthread_mutex_lock(&sets[0].set.stream_lock);
		assert_ok(axev__container_so_far(take.writer, &so_far, &err));
		pthread_mutex_unlock(&sets[0].set.stream_lock);
		usleep(10000);
	}
	ck_assert_uint_ge(so_far.size, 300000);
}

START_TEST(db_stream__a_disk_that_is_full_while_records_move_ends_the_capture)
{
	AXEV__BUF text = AXEV__BUF_INIT(2 * AXEV__MIB);
	const struct written *const order[] = { &sets[0] };
	uint64_t entries = axev_ledger_size(ledger);
	struct axev__buf cells = AXEV__BUF_INIT(AXEV__MIB);

	begin_set(&sets[0], "orders", false);
	put_rows(&sets[0], 0, MIDDLE);
	wait_until_written();
	assert_ok(axev__buf_reserve(&text, LONG_BYTES, &err));
	memset(text.data, 'x', LONG_BYTES);
	let_grow_to(200000); /* less than what has to move */
	ck_assert_int_eq(axev__db_large(&capture, AXEV__CELL_TEXT, axev__span(text.data, LONG_BYTES), &cells, &err), AXEV_E_IO);
	ck_assert_int_eq(err.sys_errno, EFBIG);
	let_grow_to(RLIM_INFINITY);
	axev__buf_free(&cells);
	free_capture();
	assert_nothing_left(entries);
	/* The ledger is none the worse for it. */
	begin_capture();
	begin_set(&sets[0], "orders", false);
	put_rows(&sets[0], 0, MIDDLE);
	put_long(&sets[0], MIDDLE);
	finish_set(&sets[0]);
	assert_sealed(order, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("db_stream");
	TCase *tcase = tcase_create("db_stream");

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, db_stream__a_long_cell_changes_nothing_but_itself, 0, AXEV__COUNT(alone));
	tcase_add_loop_test(tcase, db_stream__a_set_that_begins_meanwhile_changes_nothing, 0, AXEV__COUNT(together));
	tcase_add_test(tcase, db_stream__sets_one_after_another_all_go_straight);
	tcase_add_test(tcase, db_stream__rows_without_a_key_move_another_set_aside);
	tcase_add_test(tcase, db_stream__a_disk_that_is_full_while_records_move_ends_the_capture);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
