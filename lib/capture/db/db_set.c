/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/db_set.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/io.h"
#include "base/text.h"
#include "capture/db/db_large.h"
#include "capture/db/db_stream.h"
#include "package/record_view.h"

int axev__db_spool(const struct axev__db_capture *capture, int *ret_fd, axev_error *err)
{
	char path[128];
	int dirfd = capture->take->ledger->dirfd;

	snprintf(path, sizeof(path), "%s/spool", capture->folder);
	TRY(axev__open(dirfd, path, O_RDWR | O_CREAT | O_EXCL, 0600, ret_fd, err));
	if (unlinkat(dirfd, path, 0) < 0)
		return axev__fail(err, AXEV_E_IO, "cannot remove the name of a temporary file");
	return AXEV_OK;
}

/* ---- the header ---- */

static int make_text(const char *text, axev__json **ret_value, axev_error *err)
{
	AXEV__BUF shown = AXEV__BUF_INIT(16 * AXEV__MAX_DB_STATEMENT);
	struct axev__span span = axev__span_str(text ? text : "");

	if (!axev__is_utf8(span)) {
		TRY(axev__escape(&shown, span, err));
		span = axev__buf_view(&shown);
	}
	*ret_value = axev__json_new_string(span);
	return *ret_value ? AXEV_OK : axev__nomem(err);
}

int axev__db_text(axev__json *json, const char *key, const char *text, axev_error *err)
{
	axev__json *value;

	TRY(make_text(text, &value, err));
	return axev__json_set(json, key, value, err);
}

int axev__db_append_text(axev__json *list, const char *text, axev_error *err)
{
	axev__json *value;

	TRY(make_text(text, &value, err));
	return axev__json_append(list, value, err);
}

int axev__db_field(axev__json *fields, const char *name, const char *type, axev_error *err)
{
	AXEV__JSON *field = axev__json_new_object();

	TRY(axev__db_text(field, "name", name, err));
	TRY(axev__db_text(field, "type", type, err));
	return axev__json_append(fields, axev__steal(field), err);
}

#define NO_ORDER "no key: bytes of the cells, equal rows counted; the order in which they came is not kept"

static int make_header(const struct axev__db_rows *rows, struct axev__buf *out, axev_error *err)
{
	AXEV__JSON *header = axev__json_new_object(), *about = axev__json_copy(rows->about);

	TRY(axev__json_set_str(header, "format", "ax-records/3", err));
	TRY(axev__json_set_str(header, "encoding", "row-c14n/2", err));
	TRY(axev__json_set_str(header, "name", rows->name, err));
	TRY(axev__db_text(header, "order", rows->order ? rows->order : NO_ORDER, err));
	if (!rows->order)
		TRY(axev__json_set_bool(header, "multiset", true, err));
	if (rows->statement)
		TRY(axev__db_text(about, "statement", rows->statement, err));
	TRY(axev__json_set(header, "about", axev__steal(about), err));
	TRY(axev__json_set(header, "fields", axev__json_copy(rows->fields), err));
	return axev__json_canonical(header, out, err);
}

/* ---- rows ---- */

static int open_set(struct axev__db_set *set, bool is_multiset, axev_error *err)
{
	const axev_env *env = set->capture->take->env;
	const struct axev__sink records = { axev__db_stream_put, set };
	uint8_t secret[32];

	TRY(axev__random(env, secret, sizeof(secret), err));
	TRY(axev__record_writer_new(-1, axev__buf_view(&set->header), secret, &set->writer, err));
	axev__record_writer_to(set->writer, &records);
	explicit_bzero(secret, sizeof(secret));
	if (!is_multiset)
		return axev__db_stream_begin(set, err);
	TRY(axev__db_spool(set->capture, &set->sort_fd, err));
	return axev__row_sort_new(set->sort_fd, AXEV__MAX_SORT_MEMORY, &set->sort, err);
}

int axev__db_set_begin(struct axev__db_capture *capture, const struct axev__db_rows *rows,
		       struct axev__db_set *ret_set, axev_error *err)
{
	*ret_set = (struct axev__db_set){ .capture = capture, .statement = rows->statement, .fd = -1, .sort_fd = -1 };
	pthread_mutex_init(&ret_set->stream_lock, NULL);
	ret_set->header.max = AXEV__MAX_RECORD_HEADER_BYTES;
	ret_set->cells.max = AXEV__MAX_RECORD_BYTES;
	snprintf(ret_set->name, sizeof(ret_set->name), "%s", rows->name);
	TRY(make_header(rows, &ret_set->header, err));
	if (capture->sets == AXEV__MAX_RECORD_SETS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d tables and queries in one capture",
				  AXEV__MAX_RECORD_SETS);
	return open_set(ret_set, !rows->order, err);
}

void axev__db_set_end(struct axev__db_set *set)
{
	axev__record_writer_free(set->writer);
	if (set->capture) {
		axev__db_stream_drop(set);
		pthread_mutex_destroy(&set->stream_lock);
	}
	axev__row_sort_free(set->sort);
	axev__buf_free(&set->header);
	axev__buf_free(&set->cells);
	if (set->fd >= 0)
		close(set->fd);
	if (set->sort_fd >= 0)
		close(set->sort_fd);
	*set = (struct axev__db_set){ .fd = -1, .sort_fd = -1 };
}

int axev__db_large(struct axev__db_capture *capture, enum axev__cell_tag tag, struct axev__span content,
		   struct axev__buf *cells, axev_error *err)
{
	AXEV__DB_LARGE large = { 0 };
	struct axev__db_large_cell cell;

	TRY(axev__db_large_begin(capture, tag, content.size, &large, err));
	TRY(axev__db_large_piece(&large, content, err));
	TRY(axev__db_large_end(&large, &cell, err));
	return axev__cell_large(cell.tag, cell.size_bytes, cell.sha256, cells, err);
}

int axev__db_set_content(struct axev__db_set *set, enum axev__cell_tag tag, struct axev__span content,
			 axev_error *err)
{
	if (content.size > AXEV__MAX_INLINE_CELL)
		return axev__db_large(set->capture, tag, content, &set->cells, err);
	if (tag == AXEV__CELL_BYTES)
		return axev__cell_bytes(content, &set->cells, err);
	return tag == AXEV__CELL_TEXT ? axev__cell_string(content, &set->cells, err) :
					axev__cell_raw_text(content, &set->cells, err);
}

static int check_rising(struct axev__db_set *set, struct axev__span cells, axev_error *err)
{
	struct axev__cell cell;
	int64_t value;
	size_t i;

	for (i = 0; i < set->rising; i++)
		TRY(axev__cell_next(&cells, &cell, err));
	if (cell.tag != AXEV__CELL_INTEGER)
		return axev__fail(err, AXEV_E_INTERNAL, "expected an integer as the key");
	value = axev__cell_as_integer(&cell);
	set->is_disordered = set->rows > 0 && value <= set->last;
	set->last = value;
	return AXEV_OK;
}

int axev__db_set_row(struct axev__db_set *set, axev_error *err)
{
	struct axev__span cells = axev__buf_view(&set->cells);

	if (set->rising > 0 && !set->is_disordered)
		TRY(check_rising(set, cells, err));
	if (set->is_disordered) {
		axev__buf_clear(&set->cells);
		set->dropped++;
		return AXEV_OK;
	}
	TRY(set->sort ? axev__row_sort_add(set->sort, cells, err) :
			axev__record_writer_add(set->writer, cells, err));
	axev__buf_clear(&set->cells);
	set->rows++;
	if (set->rows % 65536 == 0)
		return axev__progress(set->capture->take->env, "rows", set->name, set->rows, 0, err);
	return AXEV_OK;
}

static int write_counted(void *payload, struct axev__span row, uint64_t count, axev_error *err)
{
	struct axev__db_set *set = payload;

	axev__buf_clear(&set->cells);
	TRY(axev__cell_integer((int64_t)count, &set->cells, err));
	TRY(axev__buf_span(&set->cells, row, err));
	return axev__record_writer_add(set->writer, axev__buf_view(&set->cells), err);
}

/* ---- objects ---- */

static int write_view(void *payload, struct axev__span bytes, axev_error *err)
{
	return axev__container_write(payload, bytes.data, bytes.size, err);
}

static int add_view(struct axev__db_set *set, const struct axev__source *source, enum axev__view_kind kind,
		    const char *suffix, const char *media_type, axev_error *err)
{
	char path[64], records[64];
	struct axev__container_writer *writer = set->capture->take->writer;
	struct axev__object object = { .path = path, .media_type = media_type,
					     .role = "view", .derived_from = records, .how = axev__view_how(kind),
					     .modified_ns = INT64_MIN, .mode = -1 };
	const struct axev__sink sink = { write_view, writer };
	struct axev__digests digests;

	snprintf(path, sizeof(path), "data/views/%03u.%s", set->capture->sets, suffix);
	snprintf(records, sizeof(records), "data/records/%03u.bin", set->capture->sets);
	object.name = axev__span_str(path + 11);
	TRY(axev__container_begin_growing(writer, path, err));
	TRY(axev__view_write(kind, axev__buf_view(&set->header), source, &sink, err));
	TRY(axev__container_end(writer, &digests, err));
	return axev__take_object(set->capture->take, &object, &digests, err);
}

static int add_objects(struct axev__db_set *set, const struct axev__record_objects *objects,
		       const struct axev__source *records, axev_error *err)
{
	TRY(axev__take_records(set->capture->take, ++set->capture->sets, objects, err));
	if (set->has_no_csv)
		return add_view(set, records, AXEV__VIEW_HTML, "html", "text/html", err);
	TRY(axev__take_part_split(set->capture->take, err)); /* the table comes once more, as long */
	TRY(add_view(set, records, AXEV__VIEW_CSV, "csv", "text/csv", err));
	return add_view(set, records, AXEV__VIEW_HTML, "html", "text/html", err);
}

static int finish(struct axev__db_set *set, axev_error *err)
{
	AXEV__BUF index = AXEV__BUF_INIT(AXEV__MAX_RECORD_INDEX_BYTES);
	struct axev__record_objects objects = { .name = set->name, .header = axev__buf_view(&set->header) };
	struct axev__source records;
	char text[64];

	snprintf(text, sizeof(text), set->is_cut ? "read %" PRIu64 " rows, not all of them" : "read %" PRIu64 " rows", set->rows);
	objects.ended_early = set->is_cut;
	TRY(axev__take_step(set->capture->take, set->name, text, err));
	if (set->statement)
		TRY(axev__db_append_text(set->capture->queries, set->statement, err));
	if (set->sort) {
		TRY(axev__db_stream_begin(set, err));
		TRY(axev__row_sort_each(set->sort, write_counted, set, err));
	}
	TRY(axev__record_writer_finish(set->writer, &index, &objects.totals, err));
	if (objects.totals.rows != set->rows)
		return axev__fail(err, AXEV_E_INTERNAL, "expected %" PRIu64 " rows in the record set, found %" PRIu64,
				  set->rows, objects.totals.rows);
	objects.index = axev__buf_view(&index);
	set->capture->rows += set->rows;
	TRY(axev__db_stream_end(set, &objects, &records, err));
	return add_objects(set, &objects, &records, err);
}

int axev__db_set_finish(struct axev__db_set *set, axev_error *err)
{
	return axev__prefix(finish(set, err), err, "%.200s", set->name);
}
