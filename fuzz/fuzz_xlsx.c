/* SPDX-License-Identifier: Apache-2.0 */
/* A workbook: every sheet is read; whatever is called text is UTF-8, places are within a sheet and go up. */
#include <stdlib.h>

#include "base/text.h"
#include "foreign/xlsx.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct axev__xlsx_visitor visitor = { see_cell, NULL, NULL };
	struct axev__source source = axev__source_memory(axev__span(data, size));
	AXEV__XLSX book = { 0 };
	size_t i;

	if (axev__xlsx_open(&source, &book, NULL) < 0)
		return 0;
	for (i = 0; i < book.sheet_count; i++) {
		uint64_t last = 0;

		if (book.sheets[i].path)
			(void)axev__xlsx_read(&book, i, &visitor, &last, NULL);
	}
	return 0;
}
