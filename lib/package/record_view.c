/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_view.h"

#include <inttypes.h>

#include "base/io.h"
#include "base/text.h"
#include "package/cell_text.h"

#define HTML_ROWS 10000 /* a browser should still open it */

static const char *const hows[] = {
	[AXEV__VIEW_CSV] = "ax-view/1 CSV of the records",
	[AXEV__VIEW_HTML] = "ax-view/1 HTML of the first 10000 records",
};

const char *axev__view_how(enum axev__view_kind kind)
{
	return hows[kind];
}

struct view {
	enum axev__view_kind kind;
	int fd;
	struct axev__hasher *hasher; /* NULL: no digest is wanted */
	struct axev__buf out, text;
	uint64_t bytes, rows;
};

/* ---- CSV and HTML ---- */

static int flush(struct view *view, axev_error *err)
{
	if (view->fd >= 0)
		TRY(axev__write_full(view->fd, view->out.data, view->out.size, err));
	if (view->hasher)
		TRY(axev__hasher_update(view->hasher, view->out.data, view->out.size, err));
	view->bytes += view->out.size;
	axev__buf_clear(&view->out);
	return AXEV_OK;
}

/* RFC 4180; text is always in quotes, so that NULL and empty text differ. */
static int put_csv(struct view *view, struct axev__span text, bool is_quoted, axev_error *err)
{
	const uint8_t *quote;
	size_t size;

	if (!is_quoted)
		return axev__buf_span(&view->out, text, err);
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
static int put_html(struct view *view, struct axev__span text, axev_error *err)
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

static int put_absent(struct view *view, unsigned column, axev_error *err)
{
	if (view->kind == AXEV__VIEW_HTML)
		return axev__buf_str(&view->out, "<td class=\"null\">-</td>", err);
	return column > 0 ? axev__buf_byte(&view->out, ',', err) : AXEV_OK;
}

static int put_field(struct view *view, unsigned column, const struct axev__cell *cell, axev_error *err)
{
	bool is_text = cell->tag == AXEV__CELL_TEXT || cell->tag == AXEV__CELL_OTHER ||
		       cell->tag == AXEV__CELL_RAW_TEXT || cell->tag == AXEV__CELL_LARGE;

	if (is_absent(cell))
		return put_absent(view, column, err);
	axev__buf_clear(&view->text);
	TRY(axev__cell_as_text(cell, &view->text, err));
	if (view->kind == AXEV__VIEW_CSV) {
		if (column > 0)
			TRY(axev__buf_byte(&view->out, ',', err));
		return put_csv(view, axev__buf_view(&view->text), is_text, err);
	}
	TRY(axev__buf_str(&view->out, cell->tag == AXEV__CELL_NULL ? "<td class=\"null\">NULL" : "<td>", err));
	TRY(put_html(view, axev__buf_view(&view->text), err));
	return axev__buf_str(&view->out, "</td>", err);
}

static int put_row(void *payload, struct axev__span cells, axev_error *err)
{
	struct view *view = payload;
	struct axev__cell cell;
	unsigned column;

	view->rows++;
	if (view->kind == AXEV__VIEW_HTML)
		TRY(axev__buf_str(&view->out, "<tr>", err));
	for (column = 0; cells.size > 0; column++) {
		TRY(axev__cell_next(&cells, &cell, err));
		TRY(put_field(view, column, &cell, err));
	}
	TRY(axev__buf_str(&view->out, view->kind == AXEV__VIEW_HTML ? "</tr>\n" : "\r\n", err));
	return view->out.size >= AXEV__COPY_CHUNK ? flush(view, err) : AXEV_OK;
}

static int put_name(struct view *view, unsigned column, struct axev__span name, axev_error *err)
{
	if (view->kind == AXEV__VIEW_CSV) {
		if (column > 0)
			TRY(axev__buf_byte(&view->out, ',', err));
		return put_csv(view, name, true, err);
	}
	TRY(axev__buf_str(&view->out, "<th>", err));
	TRY(put_html(view, name, err));
	return axev__buf_str(&view->out, "</th>", err);
}

static int put_names(struct view *view, const struct axev__record_header *header, axev_error *err)
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

static int begin(struct view *view, const struct axev__record_header *header, axev_error *err)
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

static int render(struct view *view, struct axev__span header_bytes, const struct axev__source *records,
		  axev_error *err)
{
	AXEV__RECORD_HEADER header = { 0 };

	TRY(axev__record_header_read(header_bytes, &header, err));
	TRY(begin(view, &header, err));
	TRY(axev__records_each(records, 0, view->kind == AXEV__VIEW_HTML ? HTML_ROWS : UINT64_MAX, put_row, view,
			       err));
	if (view->kind == AXEV__VIEW_HTML)
		TRY(axev__buf_printf(&view->out, err, "</table>\n<p>%" PRIu64 " 条记录 records%s</p>\n", view->rows,
				     view->rows == HTML_ROWS ? "；其余见 CSV, more may be in the CSV file" : ""));
	return flush(view, err);
}

static void view_free(struct view *view)
{
	axev__buf_free(&view->out);
	axev__buf_free(&view->text);
	axev__hasher_free(view->hasher);
}

#define VIEW(kind, fd) \
	{ kind, fd, NULL, AXEV__BUF_INIT(AXEV__COPY_CHUNK + 16 * AXEV__MAX_RECORD_BYTES), \
	  AXEV__BUF_INIT(4 * AXEV__MAX_INLINE_CELL), 0, 0 }

int axev__view_write(enum axev__view_kind kind, struct axev__span header, const struct axev__source *records,
		     int fd, uint64_t *ret_bytes, axev_error *err)
{
	AXEV__CLEANUP(view_free) struct view view = VIEW(kind, fd);

	TRY(render(&view, header, records, err));
	*ret_bytes = view.bytes;
	return AXEV_OK;
}

int axev__view_digest(enum axev__view_kind kind, struct axev__span header, const struct axev__source *records,
		      uint8_t ret_sha256[32], axev_error *err)
{
	AXEV__CLEANUP(view_free) struct view view = VIEW(kind, -1);
	struct axev__digests digests;

	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &view.hasher, err));
	TRY(render(&view, header, records, err));
	TRY(axev__hasher_final(view.hasher, &digests, err));
	memcpy(ret_sha256, digests.sha256, 32);
	return AXEV_OK;
}
