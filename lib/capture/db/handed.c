/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/handed.h"

#include <fcntl.h>
#include <stdio.h>

#include "base/io.h"
#include "base/path.h"
#include "base/text.h"
#include "capture/file_state.h"

static const axev_handover nothing_said = AXEV_HANDOVER_INIT;

static const struct kind {
	const char *path, *media_type, *system;
} kinds[AXEV__DATA_FORMATS] = {
	[AXEV__DATA_CSV] = { "data/handover/file.csv", "text/csv", "CSV file" },
	[AXEV__DATA_JSON] = { "data/handover/file.json", "application/json", "JSON file" },
	[AXEV__DATA_JSONL] = { "data/handover/file.jsonl", "application/jsonl", "JSON Lines file" },
};

static const axev_handover *handover_of(const axev_db_opts *opts)
{
	return opts->handover ? opts->handover : &nothing_said;
}

/* ---- what was asked for ---- */

static int read_sign(const char *text, const char *what, uint8_t missing, uint8_t *ret_sign, axev_error *err)
{
	struct axev__shown shown;

	if (text && strlen(text) > 1)
		return axev__fail(err, AXEV_E_INVAL, "expected one ASCII character as the %s, found '%s'", what,
				  axev__show_str(&shown, text));
	*ret_sign = text ? (uint8_t)text[0] : missing;
	return AXEV_OK;
}

static int make_form(const axev_handover *handover, enum axev__data_format format, struct axev__data_form *form,
		     axev_error *err)
{
	struct axev__shown shown;

	*form = (struct axev__data_form){ .format = format, .has_names = !handover->no_names };
	if (handover->encoding && strcasecmp(handover->encoding, "gb18030") == 0)
		form->encoding = AXEV__TEXT_GB18030;
	else if (handover->encoding && strcasecmp(handover->encoding, "utf-8") != 0)
		return axev__fail(err, AXEV_E_INVAL, "expected the encoding utf-8 or gb18030, found '%s'",
				  axev__show_str(&shown, handover->encoding));
	if (format != AXEV__DATA_CSV && (handover->delimiter || handover->quote || handover->no_names))
		return axev__fail(err, AXEV_E_INVAL, "delimiter, quote and a line of names are for CSV");
	TRY(read_sign(handover->delimiter, "delimiter", ',', &form->dialect.delimiter, err));
	TRY(read_sign(handover->quote, "quote", '"', &form->dialect.quote, err));
	if (!axev__csv_dialect_is_valid(&form->dialect))
		return axev__fail(err, AXEV_E_INVAL,
				  "expected two different ASCII characters as delimiter and quote, no line breaks");
	return AXEV_OK;
}

int axev__handed_check(const axev_db_opts *opts, enum axev__data_format format, axev_error *err)
{
	const axev_handover *handover = handover_of(opts);
	struct axev__data_form form;

	if (opts->table_count > 0 || opts->query)
		return axev__fail(err, AXEV_E_INVAL, "tables and statements are for databases, not for files");
	if (format == AXEV__HANDED_XLSX && (handover->encoding || handover->delimiter || handover->quote))
		return axev__fail(err, AXEV_E_INVAL, "encoding, delimiter and quote are for text files");
	if (format != AXEV__HANDED_XLSX)
		TRY(make_form(handover_of(opts), format, &form, err));
	return axev__handover_check(handover, err);
}

/* ---- the file ---- */

static int add_file(struct axev__db_capture *capture, const char *path, const char *media_type, const char *where, int fd,
		    struct axev__source *ret_source, axev_error *err)
{
	struct axev__object object = { .path = path, .media_type = media_type, .role = "handed-over" };
	struct axev__digests digests;
	struct stat before;

	if (fstat(fd, &before) < 0 || !S_ISREG(before.st_mode))
		return axev__fail(err, AXEV_E_INVAL, "expected a file, this is none");
	object.name = axev__base_name(axev__span_str(where));
	object.modified_ns = axev__modified_ns(&before);
	object.mode = (int)(before.st_mode & 07777);
	TRY(axev__container_add_fd(capture->take->writer, path, fd, (uint64_t)before.st_size,
				   capture->take->env, &digests, err));
	if (axev__has_changed(&before, fd))
		return axev__fail(err, AXEV_E_STATE, "written to while it was read; capture it again");
	TRY(axev__take_object(capture->take, &object, &digests, err));
	return axev__container_last(capture->take->writer, ret_source, err);
}

int axev__handed_file(struct axev__db_capture *capture, const char *path, const char *media_type, const char *where,
		      struct axev__source *ret_source, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	struct axev__shown shown;

	TRY(axev__open(AT_FDCWD, where, O_RDONLY | O_NONBLOCK, 0, &fd, err));
	return axev__prefix(add_file(capture, path, media_type, where, fd, ret_source, err), err, "%s",
			    axev__show_str(&shown, where));
}

/* ---- its rows ---- */

static bool has_field(const axev__json *fields, const char *name)
{
	struct axev__span found;
	size_t i;

	for (i = 0; i < axev__json_count(fields); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(fields, i), "name"), &found) &&
		    axev__span_is(found, name))
			return true;
	return false;
}

int axev__handed_keys(const axev_handover *handover, const axev__json *fields, axev__json *about, axev_error *err)
{
	AXEV__JSON *keys = axev__json_new_array();
	struct axev__shown shown;
	size_t i;

	if (handover->key_count == 0)
		return AXEV_OK;
	for (i = 0; i < handover->key_count; i++) {
		if (!has_field(fields, handover->keys[i]))
			return axev__fail(err, AXEV_E_NOTFOUND, "the file has no column '%s'",
					  axev__show_str(&shown, handover->keys[i]));
		TRY(axev__json_append_str(keys, handover->keys[i], err));
	}
	return axev__json_set(about, "key", axev__steal(keys), err);
}

static int take_large(void *payload, enum axev__cell_tag tag, struct axev__span content, struct axev__buf *cells,
		      axev_error *err)
{
	(void)cells; /* those of the set */
	return axev__db_set_content(payload, tag, content, err);
}

static int take_rows(struct axev__data_reader *reader, struct axev__db_set *set, axev_error *err)
{
	bool more;

	for (;;) {
		TRY(axev__data_next(reader, &set->cells, &more, err));
		if (!more)
			return AXEV_OK;
		TRY(axev__db_set_row(set, err));
	}
}

static int base_name(const char *where, char out[AXEV__MAX_DB_NAME], axev_error *err)
{
	AXEV__BUF shown = AXEV__BUF_INIT(AXEV__MAX_DB_NAME - 1);

	TRY(axev__escape(&shown, axev__base_name(axev__span_str(where)), err));
	memcpy(out, shown.data, shown.size);
	out[shown.size] = '\0';
	return AXEV_OK;
}

static int capture_rows(struct axev__db_capture *capture, const axev_handover *handover, const char *where,
			struct axev__data_form *form, const struct axev__source *file, axev_error *err)
{
	AXEV__DATA_READER *reader = NULL;
	AXEV__DB_SET set = { .fd = -1, .sort_fd = -1 };
	AXEV__JSON *about = axev__json_new_object();
	char name[AXEV__MAX_DB_NAME];
	struct axev__db_rows rows = { .name = name, .order = "rows of the file, in its order", .about = about };

	TRY(base_name(where, name, err));
	TRY(axev__data_open(file, form, take_large, &set, &reader, err));
	form->has_bom = axev__data_has_bom(reader);
	rows.fields = axev__data_fields(reader);
	TRY(axev__json_set_str(about, "what", "file", err));
	TRY(axev__json_set_str(about, "path", kinds[form->format].path, err));
	TRY(axev__data_form_set(form, about, err));
	TRY(axev__handed_keys(handover, rows.fields, about, err));
	TRY(axev__db_set_begin(capture, &rows, &set, err));
	set.has_no_csv = form->format == AXEV__DATA_CSV;
	TRY(take_rows(reader, &set, err));
	TRY(axev__json_append_str(capture->tables, name, err));
	return axev__db_set_finish(&set, err);
}

static int capture_file(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
			enum axev__data_format format, axev__json *source, axev_error *err)
{
	AXEV__JSON *options = axev__json_new_object();
	struct axev__data_form form;
	struct axev__source file;
	struct axev__shown shown;

	TRY(make_form(handover_of(opts), format, &form, err));
	TRY(axev__handed_file(capture, kinds[format].path, kinds[format].media_type, where, &file, err));
	TRY(axev__prefix(capture_rows(capture, handover_of(opts), where, &form, &file, err), err, "%s",
			 axev__show_str(&shown, where)));
	TRY(axev__data_form_set(&form, options, err));
	TRY(axev__json_set(source, "options", axev__steal(options), err));
	TRY(axev__json_set_str(source, "system", kinds[format].system, err));
	return axev__handover_add(capture, handover_of(opts), err);
}

int axev__handed_json(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		      axev__json *source, axev_error *err)
{
	return capture_file(capture, opts, where, AXEV__DATA_JSON, source, err);
}

int axev__handed_jsonl(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		       axev__json *source, axev_error *err)
{
	return capture_file(capture, opts, where, AXEV__DATA_JSONL, source, err);
}

int axev__handed_csv(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		     axev__json *source, axev_error *err)
{
	return capture_file(capture, opts, where, AXEV__DATA_CSV, source, err);
}
