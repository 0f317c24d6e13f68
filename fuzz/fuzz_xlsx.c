/* SPDX-License-Identifier: Apache-2.0 */
/* A workbook: every sheet is read; whatever is called text is UTF-8, places are within a sheet and go up, all that is a record is one. */
#include <stdlib.h>

#include "base/text.h"
#include "package/data_book.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int see_cell(void *payload, const struct axev__xlsx_cell *cell, axev_error *err)
{
	uint64_t *last = payload, place = (uint64_t)cell->row << 32 | cell->column;

	(void)err;
	if (place <= *last || cell->row > AXEV__XLSX_ROWS || cell->column > AXEV__XLSX_COLUMNS || !axev__is_utf8(cell->text))
		abort();
	*last = place;
	return AXEV_OK;
}

struct sheet {
	size_t columns;
	bool is_open;
};

static void expect_cells(struct axev__span cells, size_t count)
{
	struct axev__cell cell;
	size_t i;

	for (i = 0; cells.size > 0; i++)
		if (axev__cell_next(&cells, &cell, NULL) < 0)
			abort();
	if (i != count)
		abort();
}

static int begin(void *payload, const struct axev__book_set *set, axev_error *err)
{
	struct sheet *sheet = payload;

	(void)err;
	if (sheet->is_open || !*set->name)
		abort();
	*sheet = (struct sheet){ axev__json_count(set->fields), true };
	return AXEV_OK;
}

static int see_row(void *payload, struct axev__span cells, axev_error *err)
{
	const struct sheet *sheet = payload;

	(void)err;
	if (!sheet->is_open)
		abort();
	expect_cells(cells, sheet->columns);
	return AXEV_OK;
}

static int end(void *payload, axev_error *err)
{
	struct sheet *sheet = payload;

	(void)err;
	sheet->is_open = false;
	return AXEV_OK;
}

static int see_remark(void *payload, struct axev__span cells, axev_error *err)
{
	(void)payload;
	(void)err;
	expect_cells(cells, 4);
	return AXEV_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct axev__xlsx_visitor visitor = { see_cell, NULL, NULL };
	const struct axev__book_taker taker = { begin, see_row, end, see_remark, axev__data_hash_large };
	struct axev__source source = axev__source_memory(axev__span(data, size));
	struct sheet sheet = { 0 };
	AXEV__XLSX book = { 0 };
	size_t i;

	if (axev__xlsx_open(&source, &book, NULL) < 0)
		return 0;
	for (i = 0; i < book.sheet_count; i++) {
		uint64_t last = 0;

		if (book.sheets[i].path)
			(void)axev__xlsx_read(&book, i, &visitor, &last, NULL);
	}
	(void)axev__book_read(&book, "data/handover/file.xlsx", size % 2, &taker, &sheet, NULL);
	return 0;
}
