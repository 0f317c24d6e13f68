/* SPDX-License-Identifier: Apache-2.0 */
/* A record set of a file that was handed over (FORMAT.md section 3.6) is made again out of the bytes of that file. */
#include "verify/check_handed.h"

#include <inttypes.h>

#include "base/env.h"
#include "crypto/digest.h"
#include "package/data_rows.h"

static int hash_large(void *payload, enum axev__cell_tag tag, struct axev__span content, struct axev__buf *cells,
		      axev_error *err)
{
	uint8_t digest[32];

	(void)payload;
	TRY(axev__sha256(content.data, content.size, digest, err));
	return axev__cell_large(tag, content.size, digest, cells, err);
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
	TRY(axev__data_open(file, &form, hash_large, NULL, &reader, err));
	if (axev__data_has_bom(reader) != form.has_bom)
		return axev__fail(err, AXEV_E_INVALID,
				  "whether the file begins with the signature of UTF-8 is stated wrongly");
	TRY(check_fields(header, reader, err));
	again.reader = reader;
	status = compare_all(&again, records, err);
	axev__buf_free(&again.cells);
	return status;
}

static bool is_about_bytes(int status)
{
	return status == AXEV_E_FORMAT || status == AXEV_E_LIMIT;
}

static int check_file(const struct axev__verify *verify, const struct axev__record_header *header,
		      const struct axev__source *file, const struct axev__source *records, axev_error *err)
{
	axev_error inner = AXEV_ERROR_INIT;
	char text[1100];
	int status = read_again(verify, header, file, records, &inner);

	axev_error_text(&inner, text, sizeof(text));
	if (is_about_bytes(status))
		return axev__fail(err, AXEV_E_INVALID, "the file cannot be read as its record set says: %s", text);
	if (status < 0 && err)
		*err = inner;
	return status;
}

/* ---- */

static bool is_what(const struct axev__record_header *header, const char *what)
{
	struct axev__span text;

	return axev__json_as_string(axev__json_get(axev__json_get(header->json, "about"), "what"), &text) &&
	       axev__span_is(text, what);
}

bool axev__is_no_data(const struct axev__record_header *header)
{
	return is_what(header, "handover") || is_what(header, "workbook");
}

/* Workbooks are read by captures only: their readers are not part of this program. */
static bool is_not_read(const struct axev__record_header *header)
{
	struct axev__span format;

	return axev__json_as_string(axev__json_get(axev__json_get(header->json, "about"), "format"), &format) &&
	       axev__span_is(format, "xlsx");
}

int axev__check_handed(const struct axev__verify *verify, struct axev__check *parent,
		       const struct axev__all_objects *objects, const struct axev__record_header *header,
		       const struct axev__source *records, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	struct axev__source file;
	struct axev__span path = { 0 };
	char name[AXEV__MAX_ENTRY_NAME + 1] = "";
	int status;

	if (!is_what(header, "file") && !is_what(header, "workbook"))
		return AXEV_OK;
	status = axev__json_string(axev__json_get(header->json, "about"), "path", &path, &problem);
	if (status >= 0)
		status = axev__all_objects_find(objects, path, &file, &problem);
	if (status >= 0) {
		memcpy(name, path.data, path.size); /* it was found, so it is no longer than a name */
		status = is_not_read(header) ? AXEV_OK : check_file(verify, header, &file, records, &problem);
	}
	TRY(axev__check_add(parent, AXEV__C_RECORDS_FILE, name, &check, err));
	if (status >= 0 && is_not_read(header)) {
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_FILE_NOT_READ);
		return AXEV_OK;
	}
	if (status == AXEV_E_UNSUPPORTED) {
		axev__check_remark(check, AXEV__CHECK_INDETERMINATE, AXEV__REMARK_NEWER);
		return AXEV_OK;
	}
	return axev__check_close(check, status, &problem, err);
}
