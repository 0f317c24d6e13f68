/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/check_handed.h"

#include <inttypes.h>

#include "base/env.h"
#include "package/data_book.h"

static bool is_text(const axev__json *json, const char *member, const char *text)
{
	struct axev__span found;

	return axev__json_as_string(axev__json_get(json, member), &found) && axev__span_is(found, text);
}

/* ---- names and marks ---- */

static int check_fields(const struct axev__record_header *header, const struct axev__data_reader *reader,
			axev_error *err)
{
	AXEV__BUF stated = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	AXEV__BUF found = AXEV__BUF_INIT(2 * AXEV__MAX_RECORD_HEADER_BYTES);

	TRY(axev__json_canonical(axev__json_get(header->json, "fields"), &stated, err));
	TRY(axev__json_canonical(axev__data_fields(reader), &found, err));
	if (!axev__span_equal(axev__buf_view(&stated), axev__buf_view(&found)))
		return axev__fail(err, AXEV_E_INVALID, "the columns of the record set are not those of the file");
	return AXEV_OK;
}

/* ---- rows ---- */

struct again {
	const struct axev__verify *verify;
	struct axev__data_reader *reader;
	struct axev__buf cells;
	uint64_t records;
};

static int compare_record(void *payload, struct axev__span cells, axev_error *err)
{
	struct again *again = payload;
	bool more;

	axev__buf_clear(&again->cells);
	TRY(axev__data_next(again->reader, &again->cells, &more, err));
	if (!more)
		return axev__fail(err, AXEV_E_INVALID, "the file has %" PRIu64 " rows, the record set has more",
				  again->records);
	if (!axev__span_equal(axev__buf_view(&again->cells), cells))
		return axev__fail(err, AXEV_E_INVALID, "record %" PRIu64 " is not what the file gives", again->records);
	again->records++;
	if (again->records % 65536 == 0)
		return axev__progress(again->verify->env, "rows", NULL, again->records, 0, err);
	return AXEV_OK;
}

static int compare_all(struct again *again, const struct axev__source *records, axev_error *err)
{
	bool more;

	TRY(axev__records_each(records, 0, UINT64_MAX, compare_record, again, err));
	axev__buf_clear(&again->cells);
	TRY(axev__data_next(again->reader, &again->cells, &more, err));
	if (more)
		return axev__fail(err, AXEV_E_INVALID, "the record set has %" PRIu64 " rows, the file has more",
				  again->records);
	return AXEV_OK;
}

static int read_again(const struct axev__verify *verify, const struct axev__record_header *header,
		      const struct axev__source *file, const struct axev__source *records, axev_error *err)
{
	AXEV__DATA_READER *reader = NULL;
	struct axev__data_form form;
	struct again again = { .verify = verify, .cells = AXEV__BUF_INIT(AXEV__MAX_RECORD_BYTES) };
	int status;

	TRY(axev__data_form_read(axev__json_get(header->json, "about"), &form, err));
	TRY(axev__data_open(file, &form, axev__data_hash_large, NULL, &reader, err));
	if (axev__data_has_bom(reader) != form.has_bom)
		return axev__fail(err, AXEV_E_INVALID,
				  "whether the file begins with the signature of UTF-8 is stated wrongly");
	TRY(check_fields(header, reader, err));
	again.reader = reader;
	status = compare_all(&again, records, err);
	axev__buf_free(&again.cells);
	return status;
}

/* ---- which sets, of which file ---- */

static bool is_what(const struct axev__record_header *header, const char *what)
{
	return is_text(axev__json_get(header->json, "about"), "what", what);
}

bool axev__is_no_data(const struct axev__record_header *header)
{
	return is_what(header, "handover") || is_what(header, "workbook");
}

bool axev__is_of_workbook(const struct axev__record_header *header)
{
	return is_text(axev__json_get(header->json, "about"), "format", AXEV__BOOK_FORMAT);
}

void axev__handed_note(struct axev__handed_sets *sets, const axev__json *set, const struct axev__record_header *header)
{
	if ((is_what(header, "file") || is_what(header, "workbook")) && sets->count < AXEV__MAX_RECORD_SETS)
		sets->list[sets->count++] = set;
}

int axev__handed_open(const struct axev__all_objects *objects, const axev__json *set, struct axev__record_header *ret_header,
		      struct axev__source *ret_records, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	struct axev__span path;

	TRY(axev__json_string(set, "path", &path, err));
	TRY(axev__all_objects_find(objects, path, ret_records, err));
	TRY(axev__json_string(set, "header", &path, err));
	TRY(axev__all_objects_read(objects, path, &bytes, err));
	return axev__record_header_read(axev__buf_view(&bytes), ret_header, err);
}

/* A capture takes one file in, and all that was read out of it says so. */
static int find_handed(const struct axev__all_objects *objects, char ret_name[AXEV__MAX_ENTRY_NAME + 1], axev_error *err)
{
	const axev__json *object;
	struct axev__span path = { 0 };
	size_t i, count = 0;

	for (i = 0; (object = axev__all_objects_row(objects, i)); i++)
		if (is_text(object, "role", "handed-over") && count++ == 0)
			TRY(axev__json_string(object, "path", &path, err));
	if (count > 1)
		return axev__fail(err, AXEV_E_INVALID, "expected one file that was handed over, found %zu", count);
	if (path.size > 0 && path.size <= AXEV__MAX_ENTRY_NAME)
		memcpy(ret_name, path.data, path.size);
	return AXEV_OK;
}

static int check_set(const struct axev__verify *verify, const struct axev__all_objects *objects,
		     const struct axev__handed_sets *sets, const char *name, axev_error *err)
{
	AXEV__RECORD_HEADER header = { 0 };
	struct axev__source file, records;
	struct axev__span path;

	TRY(axev__handed_open(objects, sets->list[0], &header, &records, err));
	TRY(axev__json_string(axev__json_get(header.json, "about"), "path", &path, err));
	TRY(axev__all_objects_find(objects, path, &file, err));
	if (!axev__span_is(path, name))
		return axev__fail(err, AXEV_E_INVALID, "the object that the record set names was not handed over");
	if (axev__is_of_workbook(&header))
		return axev__check_workbook(verify, objects, sets, name, &file, err);
	if (sets->count > 1)
		return axev__fail(err, AXEV_E_INVALID, "expected one record set of the file, found %zu", sets->count);
	return read_again(verify, &header, &file, &records, err);
}

static bool is_about_bytes(int status)
{
	return status == AXEV_E_FORMAT || status == AXEV_E_LIMIT;
}

static int check_file(const struct axev__verify *verify, const struct axev__all_objects *objects,
		      const struct axev__handed_sets *sets, const char *name, axev_error *err)
{
	axev_error inner = AXEV_ERROR_INIT;
	char text[1100];
	int status;

	if (sets->count == 0)
		return axev__fail(err, AXEV_E_INVALID, "no record set is of the file that was handed over");
	status = check_set(verify, objects, sets, name, &inner);
	axev_error_text(&inner, text, sizeof(text));
	if (is_about_bytes(status))
		return axev__fail(err, AXEV_E_INVALID, "the file cannot be read as its record set says: %s", text);
	if (status < 0 && err)
		*err = inner;
	return status;
}

int axev__check_handed(const struct axev__verify *verify, struct axev__check *parent,
		       const struct axev__all_objects *objects, const struct axev__handed_sets *sets, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	char name[AXEV__MAX_ENTRY_NAME + 1] = "";
	int status = find_handed(objects, name, &problem);

	if (status >= 0 && !*name && sets->count == 0)
		return AXEV_OK;
	if (status >= 0 && sets->all_hold)
		status = check_file(verify, objects, sets, name, &problem);
	TRY(axev__check_add(parent, AXEV__C_RECORDS_FILE, name, &check, err));
	if (status >= 0 && !sets->all_hold) {
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_FILE_NOT_READ);
		return AXEV_OK;
	}
	if (status == AXEV_E_UNSUPPORTED) {
		axev__check_remark(check, AXEV__CHECK_INDETERMINATE, AXEV__REMARK_NEWER);
		return AXEV_OK;
	}
	return axev__check_close(check, status, &problem, err);
}
