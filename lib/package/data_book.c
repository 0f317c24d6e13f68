/* SPDX-License-Identifier: Apache-2.0 */
/* Each sheet is read twice: only its end tells how many columns there are. */
#include "package/data_book.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"

struct reading {
	const struct axev__xlsx *book;
	const struct axev__xlsx_sheet *sheet;
	const char *path;
	bool has_names;
	const struct axev__book_taker *taker;
	void *payload;
	uint32_t columns, names_row; /* the last one; the one with names, 0: not yet seen */
	axev__json *names;           /* by letters of the column */
	uint32_t next;               /* column of the row being read; 0: the row has no cell yet */
	struct axev__buf cells, remark;
};

static void reading_free(struct reading *reading)
{
	axev__json_free(reading->names);
	axev__buf_free(&reading->cells);
	axev__buf_free(&reading->remark);
}

/* ---- first reading: columns and names ---- */

static int learn_cell(void *payload, const struct axev__xlsx_cell *cell, axev_error *err)
{
	struct reading *reading = payload;
	char letters[8];

	if (cell->column > reading->columns)
		reading->columns = cell->column;
	if (reading->columns > AXEV__MAX_RECORD_FIELDS - 1)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d columns", AXEV__MAX_RECORD_FIELDS - 1);
	if (reading->names_row == 0)
		reading->names_row = cell->row;
	if (!reading->has_names || cell->row != reading->names_row)
		return AXEV_OK;
	if (cell->text.size > AXEV__MAX_DB_NAME)
		return axev__fail(err, AXEV_E_LIMIT, "expected a name of at most %zu bytes", AXEV__MAX_DB_NAME);
	axev__xlsx_letters(cell->column, letters);
	return axev__json_set_string(reading->names, letters, cell->text, err);
}

static bool is_named(const axev__json *fields, struct axev__span name)
{
	struct axev__span found;
	size_t i;

	for (i = 0; i < axev__json_count(fields); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(fields, i), "name"), &found) &&
		    axev__span_equal(found, name))
			return true;
	return false;
}

static int add_field(axev__json *fields, struct axev__span name, const char *type, axev_error *err)
{
	AXEV__JSON *field = axev__json_new_object();

	TRY(axev__json_set_string(field, "name", name, err));
	TRY(axev__json_set_str(field, "type", type, err));
	return axev__json_append(fields, axev__steal(field), err);
}

static int add_column(const struct reading *reading, uint32_t column, axev__json *fields, axev_error *err)
{
	struct axev__span name;
	struct axev__shown shown;
	char letters[8];

	axev__xlsx_letters(column, letters);
	name = axev__span_str(letters);
	if (reading->has_names &&
	    (!axev__json_as_string(axev__json_get(reading->names, letters), &name) || name.size == 0))
		return axev__fail(err, AXEV_E_FORMAT,
				  "row %" PRIu32 ": column %s has no name; with --no-names columns are called by their letters",
				  reading->names_row, letters);
	if (is_named(fields, name))
		return axev__fail(err, AXEV_E_FORMAT, "row %" PRIu32 ": two columns have the name '%s'", reading->names_row,
				  axev__show(&shown, name));
	return add_field(fields, name, "cell", err);
}

static int make_fields(const struct reading *reading, axev__json *fields, axev_error *err)
{
	uint32_t column;

	TRY(add_field(fields, axev__span_str("(row)"), "integer", err));
	for (column = 1; column <= reading->columns; column++)
		TRY(add_column(reading, column, fields, err));
	return AXEV_OK;
}

/* ---- second reading: rows ---- */

static int put_other(const char *type, const char *format, struct axev__span text, struct axev__buf *cells,
		     axev_error *err)
{
	char name[AXEV__XLSX_FORMAT_BYTES + 32];
	size_t size;

	snprintf(name, sizeof(name), "%s%s%s", type, *format ? " " : "", format);
	for (size = strlen(name); size > 0 && !axev__is_utf8(axev__span(name, size)); size--)
		; /* a format that was cut in the middle of a character */
	return axev__cell_other(axev__span(name, size), text, cells, err);
}

static int put_text(struct reading *reading, struct axev__span text, struct axev__buf *cells, axev_error *err)
{
	if (text.size > AXEV__MAX_INLINE_CELL)
		return reading->taker->large(reading->payload, AXEV__CELL_TEXT, text, cells, err);
	return axev__cell_string(text, cells, err);
}

static int put_value(struct reading *reading, const struct axev__xlsx_cell *cell, axev_error *err)
{
	struct axev__buf *cells = &reading->cells;

	switch (cell->kind) {
	case AXEV__XLSX_TEXT:
		return put_text(reading, cell->text, cells, err);
	case AXEV__XLSX_NUMBER:
		if (axev__cell_decimal(cell->text, cells, NULL) == AXEV_OK)
			return AXEV_OK;
		return put_other(AXEV__DATA_NUMBER, "", cell->text, cells, err);
	case AXEV__XLSX_DATE:
		return put_other("date", cell->format, cell->text, cells, err);
	case AXEV__XLSX_BOOLEAN:
		if (!axev__span_is(cell->text, "0") && !axev__span_is(cell->text, "1"))
			return axev__fail(err, AXEV_E_FORMAT, "expected 0 or 1 as a truth value");
		return axev__cell_boolean(cell->text.data[0] == '1', cells, err);
	default:
		return put_other("error", "", cell->text, cells, err);
	}
}

static int pad(struct reading *reading, uint32_t column, axev_error *err)
{
	for (; reading->next < column; reading->next++)
		TRY(axev__cell_null(&reading->cells, err));
	return AXEV_OK;
}

static int take_cell(void *payload, const struct axev__xlsx_cell *cell, axev_error *err)
{
	struct reading *reading = payload;

	if (reading->has_names && cell->row == reading->names_row)
		return AXEV_OK;
	if (reading->next == 0) {
		TRY(axev__cell_integer(cell->row, &reading->cells, err));
		reading->next = 1;
	}
	TRY(pad(reading, cell->column, err));
	reading->next++;
	return put_value(reading, cell, err);
}

/* A row without a value is left out: the numbers of the rows tell. */
static int take_row(void *payload, uint32_t row, axev_error *err)
{
	struct reading *reading = payload;

	(void)row;
	if (reading->next == 0)
		return AXEV_OK;
	TRY(pad(reading, reading->columns + 1, err));
	TRY(reading->taker->row(reading->payload, axev__buf_view(&reading->cells), err));
	axev__buf_clear(&reading->cells);
	reading->next = 0;
	return AXEV_OK;
}

/* ---- what a table of rows cannot say ---- */

int axev__book_remarks(const char *path, axev__json *about, axev__json *fields, struct axev__book_set *ret_set,
		       axev_error *err)
{
	static const char *const names[] = { "sheet", "what", "where", "text" };
	size_t i;

	TRY(axev__json_set_str(about, "what", "workbook", err));
	TRY(axev__json_set_str(about, "path", path, err));
	TRY(axev__json_set_str(about, "format", AXEV__BOOK_FORMAT, err));
	for (i = 0; i < AXEV__COUNT(names); i++)
		TRY(add_field(fields, axev__span_str(names[i]), "text", err));
	*ret_set = (struct axev__book_set){ "workbook", "as in the file", about, fields };
	return AXEV_OK;
}

static int take_remark(void *payload, const char *what, const char *where, struct axev__span text, axev_error *err)
{
	struct reading *reading = payload;
	struct axev__buf *cells = &reading->remark;

	axev__buf_clear(cells);
	TRY(axev__cell_string(axev__span_str(reading->sheet->name), cells, err));
	TRY(axev__cell_string(axev__span_str(what), cells, err));
	TRY(*where ? axev__cell_string(axev__span_str(where), cells, err) : axev__cell_null(cells, err));
	TRY(text.size > 0 ? put_text(reading, text, cells, err) : axev__cell_null(cells, err));
	return reading->taker->remark(reading->payload, axev__buf_view(cells), err);
}

static int remark_sheet(struct reading *reading, const char *what, axev_error *err)
{
	return take_remark(reading, what, "", axev__span(NULL, 0), err);
}

/* ---- a sheet ---- */

static int set_about(const struct reading *reading, axev__json *about, axev_error *err)
{
	TRY(axev__json_set_str(about, "what", "file", err));
	TRY(axev__json_set_str(about, "path", reading->path, err));
	TRY(axev__json_set_str(about, "format", AXEV__BOOK_FORMAT, err));
	TRY(axev__json_set_str(about, "sheet", reading->sheet->name, err));
	TRY(axev__json_set_bool(about, "hidden", reading->sheet->is_hidden, err));
	TRY(axev__json_set_bool(about, "date1904", reading->book->has_1904, err));
	return axev__json_set_bool(about, "names", reading->has_names, err);
}

static int read_rows(struct reading *reading, size_t number, axev_error *err)
{
	const struct axev__xlsx_visitor visitor = { take_cell, take_row, take_remark };
	AXEV__JSON *fields = axev__json_new_array(), *about = axev__json_new_object();
	const struct axev__book_set set = { reading->sheet->name, "rows of the sheet, in its order", about, fields };

	TRY(make_fields(reading, fields, err));
	TRY(set_about(reading, about, err));
	TRY(reading->taker->begin(reading->payload, &set, err));
	reading->next = 0;
	TRY(axev__xlsx_read(reading->book, number, &visitor, reading, err));
	return reading->taker->end(reading->payload, err);
}

static int read_sheet(struct reading *reading, size_t number, axev_error *err)
{
	const struct axev__xlsx_visitor learner = { learn_cell, NULL, NULL };

	reading->sheet = &reading->book->sheets[number];
	if (reading->sheet->is_hidden)
		TRY(remark_sheet(reading, "hidden sheet", err));
	if (!reading->sheet->path)
		return remark_sheet(reading, "a sheet without cells, as a chart", err);
	axev__json_free(reading->names);
	reading->names = axev__json_new_object();
	reading->columns = reading->names_row = 0;
	TRY(axev__xlsx_read(reading->book, number, &learner, reading, err));
	if (reading->columns == 0)
		return remark_sheet(reading, "an empty sheet", err);
	return read_rows(reading, number, err);
}

/* Before gigabytes are unpacked for nothing. What is beside the sheets is counted while it is read. */
static int check_size(const struct axev__xlsx *book, axev_error *err)
{
	const uint64_t max = AXEV__MAX_FOREIGN_READ_BYTES / 2; /* each is read twice */
	uint64_t bytes = 0;
	size_t i;

	for (i = 0; i < book->sheet_count; i++)
		if (book->sheets[i].path)
			bytes += axev__unzip_size(book->unzip, book->sheets[i].path);
	if (bytes > max)
		return axev__fail(err, AXEV_E_LIMIT, "expected sheets of at most %" PRIu64 " bytes together when unpacked, found %" PRIu64,
				  max, bytes);
	return AXEV_OK;
}

int axev__book_read(const struct axev__xlsx *book, const char *path, bool has_names, const struct axev__book_taker *taker,
		    void *payload, axev_error *err)
{
	AXEV__CLEANUP(reading_free) struct reading reading = { .book = book, .path = path, .has_names = has_names,
							       .taker = taker, .payload = payload };
	struct axev__shown shown;
	size_t i;

	TRY(check_size(book, err));
	reading.cells.max = reading.remark.max = AXEV__MAX_RECORD_BYTES;
	for (i = 0; i < book->sheet_count; i++)
		TRY(axev__prefix(read_sheet(&reading, i, err), err, "sheet '%s'",
				 axev__show_str(&shown, book->sheets[i].name)));
	return AXEV_OK;
}
