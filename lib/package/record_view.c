/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_view.h"

#include <inttypes.h>

#include "base/text.h"
#include "package/cell_text.h"
#include "package/crew.h"

#define HTML_ROWS 10000 /* a browser should still open it */
#define BATCH_BYTES (512 * AXEV__KIB)

static const char *const hows[] = {
	[AXEV__VIEW_CSV] = "ax-view/1 CSV of the records",
	[AXEV__VIEW_HTML] = "ax-view/1 HTML of the first 10000 records",
};

const char *axev__view_how(enum axev__view_kind kind)
{
	return hows[kind];
}

/* Some of a view, and room for the text of one cell. */
struct piece {
	enum axev__view_kind kind;
	struct axev__buf out, text;
};

static void piece_free(struct piece *piece)
{
	axev__buf_free(&piece->out);
	axev__buf_free(&piece->text);
}

static void piece_begin(struct piece *piece, enum axev__view_kind kind)
{
	if (piece->out.capacity > 8 * BATCH_BYTES) /* one long record is no reason to keep so much */
		axev__buf_free(&piece->out);
	piece->kind = kind;
	piece->out.max = AXEV__COPY_CHUNK + 16 * AXEV__MAX_RECORD_BYTES;
	piece->text.max = 4 * AXEV__MAX_INLINE_CELL;
	axev__buf_clear(&piece->out);
}

/* ---- CSV and HTML ---- */

/* RFC 4180; text is always in quotes, so that NULL and empty text differ. */
static int put_csv(struct piece *view, struct axev__span text, axev_error *err)
{
	const uint8_t *quote;
	size_t size;

	TRY(axev__buf_byte(&view->out, '"', err));
	while (text.size > 0 && (quote = memchr(text.data, '"', text.size))) {
		size = (size_t)(quote - text.data) + 1;
		TRY(axev__buf_append(&view->out, text.data, size, err));
		TRY(axev__buf_byte(&view->out, '"', err));
		text = axev__span(text.data + size, text.size - size);
	}
	TRY(axev__buf_span(&view->out, text, err));
	return axev__buf_byte(&view->out, '"', err);
}

/* Escaped for the eye (controls, directions) and for HTML; line breaks stay visible as \u{a}. */
static int put_html(struct piece *view, struct axev__span text, axev_error *err)
{
	AXEV__BUF shown = AXEV__BUF_INIT(16 * AXEV__MAX_INLINE_CELL);
	size_t i;

	TRY(axev__escape(&shown, text, err));
	for (i = 0; i < shown.size; i++) {
		uint8_t byte = shown.data[i];
		const char *entity = byte == '&' ? "&amp;" : byte == '<' ? "&lt;" : byte == '>' ? "&gt;" : NULL;

		TRY(entity ? axev__buf_str(&view->out, entity, err) : axev__buf_byte(&view->out, byte, err));
	}
	return AXEV_OK;
}

/* A member that an object of JSON does not have. */
static bool is_absent(const struct axev__cell *cell)
{
	return cell->tag == AXEV__CELL_OTHER &&
	       axev__span_equal(axev__span(cell->content.data + 1, cell->content.size - 1), axev__span_str("absent"));
}

static int put_absent(struct piece *view, unsigned column, axev_error *err)
{
	if (view->kind == AXEV__VIEW_HTML)
		return axev__buf_str(&view->out, "<td class=\"null\">-</td>", err);
	return column > 0 ? axev__buf_byte(&view->out, ',', err) : AXEV_OK;
}

static int put_csv_field(struct piece *view, unsigned column, const struct axev__cell *cell, axev_error *err)
{
	if (column > 0)
		TRY(axev__buf_byte(&view->out, ',', err));
	switch (cell->tag) {
	case AXEV__CELL_TEXT:
		return put_csv(view, cell->content, err);
	case AXEV__CELL_OTHER:
	case AXEV__CELL_RAW_TEXT:
	case AXEV__CELL_LARGE:
		axev__buf_clear(&view->text);
		TRY(axev__cell_as_text(cell, &view->text, err));
		return put_csv(view, axev__buf_view(&view->text), err);
	default:
		return axev__cell_as_text(cell, &view->out, err);
	}
}

static int put_field(struct piece *view, unsigned column, const struct axev__cell *cell, axev_error *err)
{
	if (is_absent(cell))
		return put_absent(view, column, err);
	if (view->kind == AXEV__VIEW_CSV)
		return put_csv_field(view, column, cell, err);
	axev__buf_clear(&view->text);
	TRY(axev__cell_as_text(cell, &view->text, err));
	TRY(axev__buf_str(&view->out, cell->tag == AXEV__CELL_NULL ? "<td class=\"null\">NULL" : "<td>", err));
	TRY(put_html(view, axev__buf_view(&view->text), err));
	return axev__buf_str(&view->out, "</td>", err);
}

static int put_row(struct piece *view, struct axev__span cells, axev_error *err)
{
	struct axev__cell cell;
	unsigned column;

	if (view->kind == AXEV__VIEW_HTML)
		TRY(axev__buf_str(&view->out, "<tr>", err));
	for (column = 0; cells.size > 0; column++) {
		TRY(axev__cell_next(&cells, &cell, err));
		TRY(put_field(view, column, &cell, err));
	}
	return axev__buf_str(&view->out, view->kind == AXEV__VIEW_HTML ? "</tr>\n" : "\r\n", err);
}

static int put_name(struct piece *view, unsigned column, struct axev__span name, axev_error *err)
{
	if (view->kind == AXEV__VIEW_CSV) {
		if (column > 0)
			TRY(axev__buf_byte(&view->out, ',', err));
		return put_csv(view, name, err);
	}
	TRY(axev__buf_str(&view->out, "<th>", err));
	TRY(put_html(view, name, err));
	return axev__buf_str(&view->out, "</th>", err);
}

static int put_names(struct piece *view, const struct axev__record_header *header, axev_error *err)
{
	const axev__json *fields = axev__json_get(header->json, "fields");
	struct axev__span name;
	unsigned column = 0;
	size_t i;

	if (header->is_multiset)
		TRY(put_name(view, column++, axev__span_str("(count)"), err));
	for (i = 0; i < axev__json_count(fields); i++) {
		TRY(axev__json_string(axev__json_at(fields, i), "name", &name, err));
		TRY(put_name(view, column++, name, err));
	}
	return axev__buf_str(&view->out, view->kind == AXEV__VIEW_HTML ? "</tr>\n" : "\r\n", err);
}

static int begin(struct piece *view, const struct axev__record_header *header, axev_error *err)
{
	struct axev__span name;

	if (view->kind == AXEV__VIEW_HTML) {
		TRY(axev__json_string(header->json, "name", &name, err));
		TRY(axev__buf_str(&view->out,
				  "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n"
				  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
				  "style-src 'unsafe-inline'\">\n<style>table{border-collapse:collapse}td,th{border:1px solid "
				  "#888;padding:2px 6px;text-align:left;vertical-align:top}.null{color:#888}</style>\n<h1>",
				  err));
		TRY(put_html(view, name, err));
		TRY(axev__buf_str(&view->out, "</h1>\n<table>\n<tr>", err));
	}
	return put_names(view, header, err);
}

/* ---- rows by several threads ---- */

struct batch {
	struct axev__buf records; /* each a u32 length and its cells */
	struct piece piece;
};

struct view {
	enum axev__view_kind kind;
	struct axev__sink sink;
	struct batch batches[AXEV__CREW_BATCHES];
	struct axev__crew *crew;
	struct piece frame;    /* what stands around the rows */
	uint64_t rows;
};

static void view_freep(struct view **pointer)
{
	struct view *view = *pointer;
	size_t i;

	if (!view)
		return;
	axev__crew_free(view->crew);
	for (i = 0; i < AXEV__CREW_BATCHES; i++) {
		axev__buf_free(&view->batches[i].records);
		piece_free(&view->batches[i].piece);
	}
	piece_free(&view->frame);
	free(view);
}
#define VIEW AXEV__CLEANUP(view_freep) struct view

static int render_batch(void *payload, void *pointer, axev_error *err)
{
	const struct view *view = payload;
	struct batch *batch = pointer;
	struct axev__span rest = axev__buf_view(&batch->records);

	piece_begin(&batch->piece, view->kind);
	while (rest.size > 0) {
		size_t size = axev__get_u32be(rest.data);

		TRY(put_row(&batch->piece, axev__span(rest.data + 4, size), err));
		rest = axev__span(rest.data + 4 + size, rest.size - 4 - size);
	}
	return AXEV_OK;
}

static int hand_on(void *payload, void *pointer, axev_error *err)
{
	const struct view *view = payload;
	const struct batch *batch = pointer;

	return view->sink.put(view->sink.payload, axev__buf_view(&batch->piece.out), err);
}

static int put_rows(struct view *view, const struct axev__source *records, axev_error *err)
{
	uint64_t at = 0, most = view->kind == AXEV__VIEW_HTML ? HTML_ROWS : UINT64_MAX, count;
	struct batch *batch;
	void *pointer;

	while (at < records->size && view->rows < most) {
		TRY(axev__crew_next(view->crew, &pointer, err));
		batch = pointer;
		batch->records.max = BATCH_BYTES + AXEV__MAX_RECORD_BYTES + 4;
		if (batch->records.capacity > 4 * BATCH_BYTES)
			axev__buf_free(&batch->records);
		TRY(axev__records_load(records, at, BATCH_BYTES, most - view->rows, &batch->records, &count, err));
		at += batch->records.size;
		view->rows += count;
		axev__crew_give(view->crew);
	}
	return axev__crew_wait(view->crew, err);
}

static int put_frame(struct view *view, axev_error *err)
{
	TRY(view->sink.put(view->sink.payload, axev__buf_view(&view->frame.out), err));
	axev__buf_clear(&view->frame.out);
	return AXEV_OK;
}

int axev__view_write(enum axev__view_kind kind, struct axev__span header_bytes, const struct axev__source *records,
		     const struct axev__sink *sink, axev_error *err)
{
	VIEW *view = calloc(1, sizeof(*view));
	const struct axev__crew_job job = { render_batch, hand_on, view };
	AXEV__RECORD_HEADER header = { 0 };

	if (!view)
		return axev__nomem(err);
	view->kind = kind;
	view->sink = *sink;
	piece_begin(&view->frame, kind);
	TRY(axev__crew_new(&job, view->batches, sizeof(view->batches[0]), &view->crew, err));
	TRY(axev__record_header_read(header_bytes, &header, err));
	TRY(begin(&view->frame, &header, err));
	TRY(put_frame(view, err));
	TRY(put_rows(view, records, err));
	if (kind == AXEV__VIEW_HTML)
		TRY(axev__buf_printf(&view->frame.out, err, "</table>\n<p>%" PRIu64 " 条记录 records%s</p>\n", view->rows,
				     view->rows == HTML_ROWS ? "；其余见 CSV, more may be in the CSV file" : ""));
	return put_frame(view, err);
}

static int hash(void *payload, struct axev__span bytes, axev_error *err)
{
	return axev__hasher_update(payload, bytes.data, bytes.size, err);
}

int axev__view_digest(enum axev__view_kind kind, struct axev__span header, const struct axev__source *records,
		      uint8_t ret_sha256[32], axev_error *err)
{
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;
	struct axev__sink sink = { hash };

	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	sink.payload = hasher;
	TRY(axev__view_write(kind, header, records, &sink, err));
	TRY(axev__hasher_final(hasher, &digests, err));
	memcpy(ret_sha256, digests.sha256, 32);
	return AXEV_OK;
}
