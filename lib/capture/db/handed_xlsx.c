/* SPDX-License-Identifier: Apache-2.0 */
/* Sheets of a workbook that was handed over. Each is read twice: only its end tells how many columns there are. */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "capture/db/handed.h"
#include "foreign/xlsx.h"

#define WORKBOOK_PATH "data/handover/file.xlsx"
#define MAX_FORMAT 200 /* of a date, in the name of a type */

struct reading {
	struct axev__db_capture *capture;
	const axev_handover *handover;
	const struct axev__xlsx *book;
	const struct axev__xlsx_sheet *sheet;
	uint32_t columns, names_row;  /* the last one; the one with names, 0: not yet seen */
	axev__json *names;            /* by letters of the column */
	struct axev__db_set *set;     /* of the sheet */
	uint32_t next;                /* column of the row being read */
	struct axev__db_set remarks;  /* of the workbook */
	bool has_remarks, has_key;
};

static void reading_free(struct reading *reading)
{
	axev__json_free(reading->names);
	axev__db_set_end(&reading->remarks);
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
	if (reading->handover->no_names || cell->row != reading->names_row)
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

static int add_field(const struct reading *reading, uint32_t column, axev__json *fields, axev_error *err)
{
	AXEV__JSON *field = axev__json_new_object();
	struct axev__span name;
	struct axev__shown shown;
	char letters[8];

	axev__xlsx_letters(column, letters);
	name = axev__span_str(letters);
	if (!reading->handover->no_names &&
	    (!axev__json_as_string(axev__json_get(reading->names, letters), &name) || name.size == 0))
		return axev__fail(err, AXEV_E_FORMAT,
				  "row %" PRIu32 ": column %s has no name; with --no-names columns are called by their letters",
				  reading->names_row, letters);
	if (is_named(fields, name))
		return axev__fail(err, AXEV_E_FORMAT, "row %" PRIu32 ": two columns have the name '%s'", reading->names_row,
				  axev__show(&shown, name));
	TRY(axev__json_set_string(field, "name", name, err));
	TRY(axev__json_set_str(field, "type", "cell", err));
	return axev__json_append(fields, axev__steal(field), err);
}

static int make_fields(const struct reading *reading, axev__json *fields, axev_error *err)
{
	uint32_t column;

	TRY(axev__db_field(fields, "(row)", "integer", err));
	for (column = 1; column <= reading->columns; column++)
		TRY(add_field(reading, column, fields, err));
	return AXEV_OK;
}

/* ---- second reading: rows ---- */

static int put_other(struct axev__db_set *set, const char *type, const char *format, struct axev__span text,
		     axev_error *err)
{
	char name[MAX_FORMAT + 32];
	size_t size;

	snprintf(name, sizeof(name), "%s%s%.*s", type, *format ? " " : "", MAX_FORMAT, format);
	for (size = strlen(name); size > 0 && !axev__is_utf8(axev__span(name, size)); size--)
		; /* a format that was cut in the middle of a character */
	return axev__cell_other(axev__span(name, size), text, &set->cells, err);
}

static int put_value(struct axev__db_set *set, const struct axev__xlsx_cell *cell, axev_error *err)
{
	switch (cell->kind) {
	case AXEV__XLSX_TEXT:
		return axev__db_set_content(set, AXEV__CELL_TEXT, cell->text, err);
	case AXEV__XLSX_NUMBER:
		if (axev__cell_decimal(cell->text, &set->cells, NULL) == AXEV_OK)
			return AXEV_OK;
		return put_other(set, AXEV__DATA_NUMBER, "", cell->text, err);
	case AXEV__XLSX_DATE:
		return put_other(set, "date", cell->format, cell->text, err);
	case AXEV__XLSX_BOOLEAN:
		if (!axev__span_is(cell->text, "0") && !axev__span_is(cell->text, "1"))
			return axev__fail(err, AXEV_E_FORMAT, "expected 0 or 1 as a truth value");
		return axev__cell_boolean(cell->text.data[0] == '1', &set->cells, err);
	default:
		return put_other(set, "error", "", cell->text, err);
	}
}

static int pad(struct reading *reading, uint32_t column, axev_error *err)
{
	for (; reading->next < column; reading->next++)
		TRY(axev__cell_null(&reading->set->cells, err));
	return AXEV_OK;
}

static int take_cell(void *payload, const struct axev__xlsx_cell *cell, axev_error *err)
{
	struct reading *reading = payload;

	if (!reading->handover->no_names && cell->row == reading->names_row)
		return AXEV_OK;
	if (reading->next == 0) {
		TRY(axev__cell_integer(cell->row, &reading->set->cells, err));
		reading->next = 1;
	}
	TRY(pad(reading, cell->column, err));
	reading->next++;
	return put_value(reading->set, cell, err);
}

/* A row without a value is left out: the numbers of the rows tell. */
static int take_row(void *payload, uint32_t row, axev_error *err)
{
	struct reading *reading = payload;

	(void)row;
	if (reading->next == 0)
		return AXEV_OK;
	TRY(pad(reading, reading->columns + 1, err));
	reading->next = 0;
	return axev__db_set_row(reading->set, err);
}

/* ---- what a table of rows cannot say ---- */

static int begin_remarks(struct reading *reading, axev_error *err)
{
	static const char *const names[] = { "sheet", "what", "where", "text" };
	AXEV__JSON *fields = axev__json_new_array(), *about = axev__json_new_object();
	const struct axev__db_rows rows = { .name = "workbook", .order = "as in the file", .about = about, .fields = fields };
	size_t i;

	TRY(axev__json_set_str(about, "what", "workbook", err));
	TRY(axev__json_set_str(about, "path", WORKBOOK_PATH, err));
	TRY(axev__json_set_str(about, "format", "xlsx", err));
	for (i = 0; i < AXEV__COUNT(names); i++)
		TRY(axev__db_field(fields, names[i], "text", err));
	reading->has_remarks = true;
	return axev__db_set_begin(reading->capture, &rows, &reading->remarks, err);
}

static int take_remark(void *payload, const char *what, const char *where, struct axev__span text, axev_error *err)
{
	struct reading *reading = payload;
	struct axev__buf *cells = &reading->remarks.cells;

	if (!reading->has_remarks)
		TRY(begin_remarks(reading, err));
	TRY(axev__cell_string(axev__span_str(reading->sheet->name), cells, err));
	TRY(axev__cell_string(axev__span_str(what), cells, err));
	TRY(*where ? axev__cell_string(axev__span_str(where), cells, err) : axev__cell_null(cells, err));
	TRY(text.size > 0 ? axev__db_set_content(&reading->remarks, AXEV__CELL_TEXT, text, err) :
			    axev__cell_null(cells, err));
	return axev__db_set_row(&reading->remarks, err);
}

/* ---- a sheet ---- */

static int set_about(struct reading *reading, const axev__json *fields, axev__json *about, axev_error *err)
{
	TRY(axev__json_set_str(about, "what", "file", err));
	TRY(axev__json_set_str(about, "path", WORKBOOK_PATH, err));
	TRY(axev__json_set_str(about, "format", "xlsx", err));
	TRY(axev__json_set_str(about, "sheet", reading->sheet->name, err));
	TRY(axev__json_set_bool(about, "hidden", reading->sheet->is_hidden, err));
	TRY(axev__json_set_bool(about, "date1904", reading->book->has_1904, err));
	TRY(axev__json_set_bool(about, "names", !reading->handover->no_names, err));
	if (axev__handed_keys(reading->handover, fields, about, NULL) < 0)
		return AXEV_OK; /* another sheet has these columns */
	reading->has_key = true;
	return AXEV_OK;
}

static int read_rows(struct reading *reading, size_t number, axev_error *err)
{
	const struct axev__xlsx_visitor visitor = { take_cell, take_row, take_remark };
	AXEV__JSON *fields = axev__json_new_array(), *about = axev__json_new_object();
	const struct axev__db_rows rows = { .name = reading->sheet->name, .order = "rows of the sheet, in its order",
					    .about = about, .fields = fields };
	AXEV__DB_SET set = { .fd = -1, .sort_fd = -1 };

	TRY(make_fields(reading, fields, err));
	TRY(set_about(reading, fields, about, err));
	TRY(axev__db_set_begin(reading->capture, &rows, &set, err));
	reading->set = &set;
	reading->next = 0;
	TRY(axev__xlsx_read(reading->book, number, &visitor, reading, err));
	TRY(axev__json_append_str(reading->capture->tables, reading->sheet->name, err));
	return axev__db_set_finish(&set, err);
}

static int read_sheet(struct reading *reading, size_t number, axev_error *err)
{
	const struct axev__xlsx_visitor learner = { learn_cell, NULL, NULL };
	const struct axev__span nothing = axev__span(NULL, 0);

	reading->sheet = &reading->book->sheets[number];
	if (reading->sheet->is_hidden)
		TRY(take_remark(reading, "hidden sheet", "", nothing, err));
	if (!reading->sheet->path)
		return take_remark(reading, "a sheet without cells, as a chart", "", nothing, err);
	axev__json_free(reading->names);
	reading->names = axev__json_new_object();
	reading->columns = reading->names_row = 0;
	TRY(axev__xlsx_read(reading->book, number, &learner, reading, err));
	if (reading->columns == 0)
		return take_remark(reading, "an empty sheet", "", nothing, err);
	return read_rows(reading, number, err);
}

/* ---- the workbook ---- */

static int finish_remarks(struct reading *reading, axev_error *err)
{
	uint64_t before = reading->capture->rows;

	if (!reading->has_remarks)
		return AXEV_OK;
	TRY(axev__db_set_finish(&reading->remarks, err));
	reading->capture->rows = before; /* no rows of the data */
	return AXEV_OK;
}

static int read_book(struct reading *reading, axev_error *err)
{
	struct axev__shown shown;
	size_t i;

	for (i = 0; i < reading->book->sheet_count; i++)
		TRY(axev__prefix(read_sheet(reading, i, err), err, "sheet '%s'",
				 axev__show_str(&shown, reading->book->sheets[i].name)));
	if (reading->handover->key_count > 0 && !reading->has_key)
		return axev__fail(err, AXEV_E_NOTFOUND, "no sheet has the column '%s'",
				  axev__show_str(&shown, reading->handover->keys[0]));
	return finish_remarks(reading, err);
}

int axev__handed_xlsx(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		      axev__json *source, axev_error *err)
{
	static const axev_handover nothing_said = AXEV_HANDOVER_INIT;
	AXEV__JSON *options = axev__json_new_object();
	AXEV__XLSX book = { 0 };
	AXEV__CLEANUP(reading_free) struct reading reading = { .capture = capture,
							       .handover = opts->handover ? opts->handover : &nothing_said,
							       .book = &book, .remarks = { .fd = -1, .sort_fd = -1 } };
	struct axev__source file;
	struct axev__shown shown;

	TRY(axev__handed_file(capture, WORKBOOK_PATH,
			      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", where, &file, err));
	TRY(axev__prefix(axev__xlsx_open(&file, &book, err), err, "%s", axev__show_str(&shown, where)));
	TRY(axev__prefix(read_book(&reading, err), err, "%s", axev__show_str(&shown, where)));
	TRY(axev__json_set_str(options, "format", "xlsx", err));
	TRY(axev__json_set_bool(options, "names", !reading.handover->no_names, err));
	TRY(axev__json_set_bool(options, "date1904", book.has_1904, err));
	TRY(axev__json_set(source, "options", axev__steal(options), err));
	TRY(axev__json_set_str(source, "system", "XLSX workbook", err));
	return axev__handover_add(capture, reading.handover, err);
}
