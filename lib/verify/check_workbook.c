/* SPDX-License-Identifier: Apache-2.0 */
/* A workbook, sheet by sheet, against the record sets that were read out of it: nothing may be missing, added or different. */
#include <inttypes.h>

#include "base/env.h"
#include "package/data_book.h"
#include "verify/check_handed.h"

struct again {
	const struct axev__verify *verify;
	const struct axev__all_objects *objects;
	const struct axev__handed_sets *sets;
	const char *path;
	size_t next, sheets;                     /* the set of the next sheet; the sets that are of sheets */
	bool has_names, has_remarks;
	struct axev__record_cursor rows, remarks;
	uint64_t row_count, remark_count;
};

static void again_end(struct again *again)
{
	axev__record_cursor_end(&again->rows);
	axev__record_cursor_end(&again->remarks);
}

/* ---- what the sets say of themselves, before the workbook is read ---- */

static bool is_remarks(const struct axev__record_header *header)
{
	struct axev__span what;

	return axev__json_as_string(axev__json_get(axev__json_get(header->json, "about"), "what"), &what) &&
	       axev__span_is(what, "workbook");
}

static int check_form(const struct axev__record_header *header, axev_error *err)
{
	static const char *const of_sheet[] = { "what", "path", "format", "sheet", "hidden", "date1904", "names", "key", NULL };
	static const char *const of_remarks[] = { "what", "path", "format", NULL };

	if (!axev__is_of_workbook(header))
		return axev__fail(err, AXEV_E_INVALID, "record sets of one file name different formats of it");
	if (axev__json_only(axev__json_get(header->json, "about"), is_remarks(header) ? of_remarks : of_sheet, NULL) < 0)
		return axev__fail(err, AXEV_E_UNSUPPORTED, "a member that is not known here");
	return AXEV_OK;
}

static int look_at_set(struct again *again, size_t number, axev_error *err)
{
	AXEV__RECORD_HEADER header = { 0 };
	struct axev__source records;

	TRY(axev__handed_open(again->objects, again->sets->list[number], &header, &records, err));
	TRY(check_form(&header, err));
	if (!is_remarks(&header)) {
		again->sheets++;
		return number > 0 ? AXEV_OK :
				    axev__json_boolean(axev__json_get(header.json, "about"), "names", &again->has_names, err);
	}
	if (number + 1 < again->sets->count)
		return axev__fail(err, AXEV_E_INVALID, "the record set of what is beside the rows stands before one of a sheet");
	again->has_remarks = true;
	axev__record_cursor_begin(&again->remarks, &records, 0);
	return AXEV_OK;
}

/* ---- headers ---- */

static bool is_same_text(const struct axev__record_header *header, const char *member, const char *text)
{
	struct axev__span found;

	return axev__json_as_string(axev__json_get(header->json, member), &found) && axev__span_is(found, text);
}

static int is_same_json(const axev__json *stated, const axev__json *found, bool *ret_same, axev_error *err)
{
	AXEV__BUF left = AXEV__BUF_INIT(2 * AXEV__MAX_RECORD_HEADER_BYTES);
	AXEV__BUF right = AXEV__BUF_INIT(2 * AXEV__MAX_RECORD_HEADER_BYTES);

	TRY(axev__json_canonical(stated, &left, err));
	TRY(axev__json_canonical(found, &right, err));
	*ret_same = axev__span_equal(axev__buf_view(&left), axev__buf_view(&right));
	return AXEV_OK;
}

static int compare_header(const struct axev__record_header *header, const struct axev__book_set *found, axev_error *err)
{
	const axev__json *stated = axev__json_get(header->json, "about"), *key = axev__json_get(stated, "key");
	AXEV__JSON *about = axev__json_copy(found->about);
	bool same;

	if (key)
		TRY(axev__json_set(about, "key", axev__json_copy(key), err));
	TRY(is_same_json(stated, about, &same, err));
	if (!same || header->is_multiset || !is_same_text(header, "name", found->name) ||
	    !is_same_text(header, "order", found->order))
		return axev__fail(err, AXEV_E_INVALID, "what the record set says of itself is not what the file gives");
	TRY(is_same_json(axev__json_get(header->json, "fields"), found->fields, &same, err));
	if (!same)
		return axev__fail(err, AXEV_E_INVALID, "the columns of the record set are not those of the file");
	return AXEV_OK;
}

static int compare_remarks_header(struct again *again, axev_error *err)
{
	AXEV__JSON *about = axev__json_new_object(), *fields = axev__json_new_array();
	AXEV__RECORD_HEADER header = { 0 };
	struct axev__source records;
	struct axev__book_set found;

	if (!again->has_remarks)
		return AXEV_OK;
	TRY(axev__handed_open(again->objects, again->sets->list[again->sets->count - 1], &header, &records, err));
	TRY(axev__book_remarks(again->path, about, fields, &found, err));
	return compare_header(&header, &found, err);
}

/* ---- rows ---- */

static int compare_record(struct axev__record_cursor *cursor, struct axev__span found, uint64_t *count, axev_error *err)
{
	struct axev__span stated;
	bool more;

	TRY(axev__record_cursor_next(cursor, &stated, &more, err));
	if (!more)
		return axev__fail(err, AXEV_E_INVALID, "the record set has %" PRIu64 " rows, the file has more", *count);
	if (!axev__span_equal(stated, found))
		return axev__fail(err, AXEV_E_INVALID, "record %" PRIu64 " is not what the file gives", *count);
	++*count;
	return AXEV_OK;
}

static int expect_end(struct axev__record_cursor *cursor, uint64_t count, axev_error *err)
{
	struct axev__span stated;
	bool more;

	TRY(axev__record_cursor_next(cursor, &stated, &more, err));
	if (more)
		return axev__fail(err, AXEV_E_INVALID, "the file has %" PRIu64 " rows, the record set has more", count);
	return AXEV_OK;
}

static int begin_sheet(void *payload, const struct axev__book_set *found, axev_error *err)
{
	AXEV__RECORD_HEADER header = { 0 };
	struct again *again = payload;
	struct axev__source records;

	if (again->next == again->sheets)
		return axev__fail(err, AXEV_E_INVALID, "no record set is of this sheet");
	TRY(axev__handed_open(again->objects, again->sets->list[again->next++], &header, &records, err));
	TRY(compare_header(&header, found, err));
	axev__record_cursor_end(&again->rows);
	axev__record_cursor_begin(&again->rows, &records, 0);
	again->row_count = 0;
	return AXEV_OK;
}

static int see_row(void *payload, struct axev__span cells, axev_error *err)
{
	struct again *again = payload;

	TRY(compare_record(&again->rows, cells, &again->row_count, err));
	if (again->row_count % 65536 == 0)
		return axev__progress(again->verify->env, "rows", NULL, again->row_count, 0, err);
	return AXEV_OK;
}

static int end_sheet(void *payload, axev_error *err)
{
	struct again *again = payload;

	return expect_end(&again->rows, again->row_count, err);
}

static int see_remark(void *payload, struct axev__span cells, axev_error *err)
{
	struct again *again = payload;

	if (!again->has_remarks)
		return axev__fail(err, AXEV_E_INVALID, "no record set is of what the workbook holds beside its rows");
	return axev__prefix(compare_record(&again->remarks, cells, &again->remark_count, err), err, "workbook");
}

/* ---- all of it ---- */

static int compare_book(struct again *again, const struct axev__source *file, axev_error *err)
{
	const struct axev__book_taker taker = { begin_sheet, see_row, end_sheet, see_remark, axev__data_hash_large };
	AXEV__XLSX book = { 0 };

	TRY(axev__xlsx_open(file, &book, err));
	TRY(axev__book_read(&book, again->path, again->has_names, &taker, again, err));
	if (again->next < again->sheets)
		return axev__fail(err, AXEV_E_INVALID, "expected record sets of %zu sheets, found %zu", again->next, again->sheets);
	return again->has_remarks ?
		       axev__prefix(expect_end(&again->remarks, again->remark_count, err), err, "workbook") :
		       AXEV_OK;
}

int axev__check_workbook(const struct axev__verify *verify, const struct axev__all_objects *objects,
			 const struct axev__handed_sets *sets, const char *path, const struct axev__source *file,
			 axev_error *err)
{
	AXEV__CLEANUP(again_end) struct again again = { .verify = verify, .objects = objects, .sets = sets, .path = path };
	axev_error inner = AXEV_ERROR_INIT;
	char text[1100];
	size_t i;
	int status;

	for (i = 0; i < sets->count; i++)
		TRY(look_at_set(&again, i, err));
	TRY(compare_remarks_header(&again, err));
	status = compare_book(&again, file, &inner);
	axev_error_text(&inner, text, sizeof(text));
	if (status == AXEV_E_UNSUPPORTED) /* there are no record sets of such a workbook */
		return axev__fail(err, AXEV_E_FORMAT, "%s", text);
	if (status < 0 && err)
		*err = inner;
	return status;
}
