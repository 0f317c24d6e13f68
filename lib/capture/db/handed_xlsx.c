/* SPDX-License-Identifier: Apache-2.0 */
/* Sheets of a workbook that was handed over: each a record set, and one of what a table of rows cannot say. */
#include "base/text.h"
#include "capture/db/handed.h"
#include "package/data_book.h"

#define WORKBOOK_PATH "data/handover/file.xlsx"

struct taking {
	struct axev__db_capture *capture;
	const axev_handover *handover;
	struct axev__db_set set, remarks; /* of the sheet, of the workbook */
	bool has_remarks, has_key;
};

static void taking_free(struct taking *taking)
{
	axev__db_set_end(&taking->set);
	axev__db_set_end(&taking->remarks);
}

static int begin_set(struct taking *taking, const struct axev__book_set *said, axev__json *about,
		     struct axev__db_set *set, axev_error *err)
{
	const struct axev__db_rows rows = { .name = said->name, .order = said->order, .about = about,
					    .fields = said->fields };

	return axev__db_set_begin(taking->capture, &rows, set, err);
}

static int put_row(struct axev__db_set *set, struct axev__span cells, axev_error *err)
{
	TRY(axev__buf_span(&set->cells, cells, err));
	return axev__db_set_row(set, err);
}

static int take_sheet(void *payload, const struct axev__book_set *said, axev_error *err)
{
	struct taking *taking = payload;
	AXEV__JSON *about = axev__json_copy(said->about);

	/* Another sheet may have these columns. */
	if (axev__handed_keys(taking->handover, said->fields, about, NULL) >= 0)
		taking->has_key = true;
	axev__db_set_end(&taking->set);
	TRY(begin_set(taking, said, about, &taking->set, err));
	return axev__json_append_str(taking->capture->tables, said->name, err);
}

static int take_row(void *payload, struct axev__span cells, axev_error *err)
{
	struct taking *taking = payload;

	return put_row(&taking->set, cells, err);
}

static int take_sheet_end(void *payload, axev_error *err)
{
	struct taking *taking = payload;

	return axev__db_set_finish(&taking->set, err);
}

static int begin_remarks(struct taking *taking, axev_error *err)
{
	AXEV__JSON *fields = axev__json_new_array(), *about = axev__json_new_object();
	struct axev__book_set said;

	TRY(axev__book_remarks(WORKBOOK_PATH, about, fields, &said, err));
	taking->has_remarks = true;
	return begin_set(taking, &said, about, &taking->remarks, err);
}

static int take_remark(void *payload, struct axev__span cells, axev_error *err)
{
	struct taking *taking = payload;

	if (!taking->has_remarks)
		TRY(begin_remarks(taking, err));
	return put_row(&taking->remarks, cells, err);
}

static int take_large(void *payload, enum axev__cell_tag tag, struct axev__span content, struct axev__buf *cells,
		      axev_error *err)
{
	struct taking *taking = payload;

	return axev__db_large(taking->capture, tag, content, cells, err);
}

static int finish_remarks(struct taking *taking, axev_error *err)
{
	uint64_t before = taking->capture->rows;

	if (!taking->has_remarks)
		return AXEV_OK;
	TRY(axev__db_set_finish(&taking->remarks, err));
	taking->capture->rows = before; /* no rows of the data */
	return AXEV_OK;
}

static int take_book(struct taking *taking, const struct axev__xlsx *book, axev_error *err)
{
	const struct axev__book_taker taker = { take_sheet, take_row, take_sheet_end, take_remark, take_large };
	struct axev__shown shown;

	TRY(axev__book_read(book, WORKBOOK_PATH, !taking->handover->no_names, &taker, taking, err));
	if (taking->handover->key_count > 0 && !taking->has_key)
		return axev__fail(err, AXEV_E_NOTFOUND, "no sheet has the column '%s'",
				  axev__show_str(&shown, taking->handover->keys[0]));
	return finish_remarks(taking, err);
}

int axev__handed_xlsx(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		      axev__json *source, axev_error *err)
{
	static const axev_handover nothing_said = AXEV_HANDOVER_INIT;
	AXEV__JSON *options = axev__json_new_object();
	AXEV__XLSX book = { 0 };
	AXEV__CLEANUP(taking_free) struct taking taking = { .capture = capture,
							    .handover = opts->handover ? opts->handover : &nothing_said,
							    .set = { .fd = -1, .sort_fd = -1 },
							    .remarks = { .fd = -1, .sort_fd = -1 } };
	struct axev__source file;
	struct axev__shown shown;

	TRY(axev__handed_file(capture, WORKBOOK_PATH,
			      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", where, &file, err));
	TRY(axev__prefix(axev__xlsx_open(&file, &book, err), err, "%s", axev__show_str(&shown, where)));
	TRY(axev__prefix(take_book(&taking, &book, err), err, "%s", axev__show_str(&shown, where)));
	TRY(axev__json_set_str(options, "format", AXEV__BOOK_FORMAT, err));
	TRY(axev__json_set_bool(options, "names", !taking.handover->no_names, err));
	TRY(axev__json_set_bool(options, "date1904", book.has_1904, err));
	TRY(axev__json_set(source, "options", axev__steal(options), err));
	TRY(axev__json_set_str(source, "system", "XLSX workbook", err));
	return axev__handover_add(capture, taking.handover, err);
}
