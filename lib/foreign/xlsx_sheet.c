/* SPDX-License-Identifier: Apache-2.0 */
/* One sheet (ISO/IEC 29500-1 18.3.1): rows and cells in their order, as they are written. */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "foreign/xlsx.h"
#include "foreign/xml_read.h"

struct sheet {
	const struct axev__xlsx *book;
	const struct axev__xlsx_visitor *visitor;
	void *payload;
	bool is_in_data, is_in_row, is_in_cell, is_phonetic;
	struct axev__buf *into; /* where text goes; NULL: nowhere */
	uint32_t row, column;   /* of the last one */
	char type[16];
	unsigned long style;
	bool has_value, has_formula;
	struct axev__buf value, formula;
};

static bool is(const char *name, const char *other)
{
	return strcmp(name, other) == 0;
}

void axev__xlsx_letters(uint32_t column, char out[8])
{
	char reversed[8];
	size_t count = 0, i;

	for (; column > 0 && count < sizeof(reversed); column = (column - 1) / 26)
		reversed[count++] = (char)('A' + (column - 1) % 26);
	for (i = 0; i < count; i++)
		out[i] = reversed[count - 1 - i];
	out[count] = '\0';
}

static int remark(const struct sheet *sheet, const char *what, const char *where, struct axev__span text, axev_error *err)
{
	return sheet->visitor->remark ? sheet->visitor->remark(sheet->payload, what, where, text, err) : AXEV_OK;
}

/* ---- places ---- */

static bool parse_number(const char *text, uint32_t max, uint32_t *ret_number)
{
	uint64_t value;

	if (!axev__parse_u64(axev__span_str(text), max, &value) || value == 0)
		return false;
	*ret_number = (uint32_t)value;
	return true;
}

static bool parse_place(const char *text, uint32_t *ret_column, uint32_t *ret_row)
{
	uint32_t column = 0;

	for (; *text >= 'A' && *text <= 'Z' && column <= AXEV__XLSX_COLUMNS; text++)
		column = column * 26 + (uint32_t)(*text - 'A' + 1);
	*ret_column = column;
	return column > 0 && column <= AXEV__XLSX_COLUMNS && parse_number(text, AXEV__XLSX_ROWS, ret_row);
}

static int begin_row(struct sheet *sheet, const char *const *attributes, axev_error *err)
{
	const char *number = axev__xml_attribute(attributes, "r"), *hidden = axev__xml_attribute(attributes, "hidden");
	uint32_t row = sheet->row + 1;
	struct axev__shown shown;
	char where[16];

	if ((number && !parse_number(number, AXEV__XLSX_ROWS, &row)) || row <= sheet->row || row > AXEV__XLSX_ROWS)
		return axev__fail(err, AXEV_E_FORMAT, "expected a row behind row %" PRIu32 " and up to %d, found '%s'", sheet->row,
				  AXEV__XLSX_ROWS, axev__show_str(&shown, number ? number : "none"));
	sheet->row = row;
	sheet->column = 0;
	sheet->is_in_row = true;
	snprintf(where, sizeof(where), "%" PRIu32, row);
	if (hidden && (is(hidden, "1") || is(hidden, "true")))
		return remark(sheet, "hidden row", where, axev__span(NULL, 0), err);
	return AXEV_OK;
}

static int begin_cell(struct sheet *sheet, const char *const *attributes, axev_error *err)
{
	const char *place = axev__xml_attribute(attributes, "r"), *type = axev__xml_attribute(attributes, "t"),
		   *style = axev__xml_attribute(attributes, "s");
	uint32_t column = sheet->column + 1, row = sheet->row;
	struct axev__shown shown;

	if ((place && !parse_place(place, &column, &row)) || row != sheet->row || column <= sheet->column ||
	    column > AXEV__XLSX_COLUMNS)
		return axev__fail(err, AXEV_E_FORMAT,
				  "expected a cell of row %" PRIu32 " behind column %" PRIu32 " and up to XFD, found '%s'",
				  sheet->row, sheet->column, axev__show_str(&shown, place ? place : "none"));
	sheet->column = column;
	sheet->is_in_cell = true;
	sheet->has_value = sheet->has_formula = false;
	sheet->style = style ? strtoul(style, NULL, 10) : 0;
	snprintf(sheet->type, sizeof(sheet->type), "%s", type ? type : "n");
	axev__buf_clear(&sheet->value);
	axev__buf_clear(&sheet->formula);
	return AXEV_OK;
}

/* ---- a value ---- */

static int shared_string(const struct sheet *sheet, struct axev__span *ret_text, axev_error *err)
{
	const struct axev__xlsx *book = sheet->book;
	struct axev__shown shown;
	uint64_t index;
	size_t begin;

	if (!axev__parse_u64(*ret_text, UINT32_MAX, &index) || index >= book->string_count)
		return axev__fail(err, AXEV_E_FORMAT, "expected the number of a shared string, below %zu, found '%s'",
				  book->string_count, axev__show(&shown, *ret_text));
	begin = index > 0 ? book->string_ends[index - 1] : 0;
	*ret_text = axev__span(book->strings.data + begin, book->string_ends[index] - begin);
	return AXEV_OK;
}

static int classify(const struct sheet *sheet, struct axev__xlsx_cell *cell, axev_error *err)
{
	const struct axev__xlsx *book = sheet->book;
	const char *format = sheet->style < book->format_count ? book->formats[sheet->style] : NULL;

	if (is(sheet->type, "s")) {
		cell->kind = AXEV__XLSX_TEXT;
		return shared_string(sheet, &cell->text, err);
	}
	cell->format = format ? format : "";
	if (is(sheet->type, "str") || is(sheet->type, "inlineStr"))
		cell->kind = AXEV__XLSX_TEXT;
	else if (is(sheet->type, "b"))
		cell->kind = AXEV__XLSX_BOOLEAN;
	else if (is(sheet->type, "e"))
		cell->kind = AXEV__XLSX_ERROR;
	else if (is(sheet->type, "d"))
		cell->kind = AXEV__XLSX_DATE;
	else if (is(sheet->type, "n"))
		cell->kind = format ? AXEV__XLSX_DATE : AXEV__XLSX_NUMBER;
	else
		return axev__fail(err, AXEV_E_UNSUPPORTED, "a cell of type '%s' is not known", sheet->type);
	return AXEV_OK;
}

static int end_cell(struct sheet *sheet, axev_error *err)
{
	struct axev__xlsx_cell cell = { sheet->row, sheet->column, AXEV__XLSX_TEXT, axev__buf_view(&sheet->value), "" };
	char letters[8], where[24];

	sheet->is_in_cell = false;
	axev__xlsx_letters(sheet->column, letters);
	snprintf(where, sizeof(where), "%s%" PRIu32, letters, sheet->row);
	if (sheet->has_formula) /* without text: it is the one of another cell, shared (18.3.1.40) */
		TRY(remark(sheet, "formula", where, axev__buf_view(&sheet->formula), err));
	/* An empty v is an empty text; a number, a date or an error without text is not there. */
	if (!sheet->has_value || (sheet->value.size == 0 && !is(sheet->type, "str") && !is(sheet->type, "inlineStr")))
		return AXEV_OK;
	TRY(axev__prefix(classify(sheet, &cell, err), err, "cell %s", where));
	return axev__prefix(sheet->visitor->cell(sheet->payload, &cell, err), err, "cell %s", where);
}

/* ---- elements ---- */

static int hidden_columns(const struct sheet *sheet, const char *const *attributes, axev_error *err)
{
	const char *hidden = axev__xml_attribute(attributes, "hidden"), *min = axev__xml_attribute(attributes, "min"),
		   *max = axev__xml_attribute(attributes, "max");
	char first[8], last[8], where[24];
	uint32_t from, to;

	if (!hidden || !(is(hidden, "1") || is(hidden, "true")))
		return AXEV_OK;
	if (!min || !max || !parse_number(min, AXEV__XLSX_COLUMNS, &from) || !parse_number(max, AXEV__XLSX_COLUMNS, &to))
		return axev__fail(err, AXEV_E_FORMAT, "expected columns from 1 to %d", AXEV__XLSX_COLUMNS);
	axev__xlsx_letters(from, first);
	axev__xlsx_letters(to, last);
	snprintf(where, sizeof(where), "%s:%s", first, last);
	return remark(sheet, "hidden columns", where, axev__span(NULL, 0), err);
}

static int in_cell(struct sheet *sheet, const char *name)
{
	if (is(name, "rPh"))
		sheet->is_phonetic = true;
	if (is(name, "v") || (is(name, "t") && !sheet->is_phonetic)) {
		sheet->into = &sheet->value;
		sheet->has_value = true;
	} else {
		sheet->has_formula = sheet->has_formula || is(name, "f");
		sheet->into = is(name, "f") ? &sheet->formula : NULL;
	}
	return AXEV_OK;
}

static int on_start(void *payload, const char *name, const char *const *attributes, axev_error *err)
{
	struct sheet *sheet = payload;
	const char *merged = axev__xml_attribute(attributes, "ref");

	if (sheet->is_in_cell)
		return in_cell(sheet, name);
	if (is(name, "sheetData"))
		sheet->is_in_data = true;
	else if (is(name, "row") && sheet->is_in_data && !sheet->is_in_row)
		return begin_row(sheet, attributes, err);
	else if (is(name, "c") && sheet->is_in_row)
		return begin_cell(sheet, attributes, err);
	else if (is(name, "col") && !sheet->is_in_data)
		return hidden_columns(sheet, attributes, err);
	else if (is(name, "mergeCell") && merged)
		return remark(sheet, "merged cells", merged, axev__span(NULL, 0), err);
	return AXEV_OK;
}

static int on_end(void *payload, const char *name, axev_error *err)
{
	struct sheet *sheet = payload;

	sheet->into = NULL;
	if (is(name, "rPh"))
		sheet->is_phonetic = false;
	if (is(name, "c") && sheet->is_in_cell)
		return end_cell(sheet, err);
	if (is(name, "row") && sheet->is_in_row && !sheet->is_in_cell) {
		sheet->is_in_row = false;
		return sheet->visitor->row_end ? sheet->visitor->row_end(sheet->payload, sheet->row, err) : AXEV_OK;
	}
	if (is(name, "sheetData"))
		sheet->is_in_data = false;
	return AXEV_OK;
}

static int on_text(void *payload, struct axev__span text, axev_error *err)
{
	struct sheet *sheet = payload;

	return sheet->into ? axev__buf_span(sheet->into, text, err) : AXEV_OK;
}

int axev__xlsx_read(const struct axev__xlsx *book, size_t number, const struct axev__xlsx_visitor *visitor, void *payload,
		    axev_error *err)
{
	const struct axev__xml_handlers handlers = { on_start, on_end, on_text };
	struct sheet sheet = { .book = book, .visitor = visitor, .payload = payload };
	int status;

	sheet.value.max = sheet.formula.max = AXEV__MAX_XLSX_TEXT;
	status = axev__xml_read(book->unzip, book->sheets[number].path, &handlers, &sheet, err);
	axev__buf_free(&sheet.value);
	axev__buf_free(&sheet.formula);
	return status;
}
