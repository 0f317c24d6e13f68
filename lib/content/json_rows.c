/* SPDX-License-Identifier: Apache-2.0 */
#include "content/json_rows.h"

#include <inttypes.h>

#include "base/text.h"

int axev__json_rows_init(struct axev__json_rows *rows, struct axev__text_reader *text, bool is_lines, axev_error *err)
{
	memset(rows, 0, sizeof(*rows));
	rows->is_lines = is_lines;
	rows->is_learning = true;
	rows->names.max = AXEV__MAX_RECORD_HEADER_BYTES;
	rows->values.max = AXEV__MAX_RECORD_BYTES;
	axev__json_scan_init(&rows->scan);
	axev__json_rows_again(rows, text);
	rows->columns = calloc(AXEV__MAX_RECORD_FIELDS, sizeof(*rows->columns));
	return rows->columns ? AXEV_OK : axev__nomem(err);
}

void axev__json_rows_free(struct axev__json_rows *rows)
{
	axev__json_scan_free(&rows->scan);
	axev__buf_free(&rows->names);
	axev__buf_free(&rows->values);
	free(rows->columns);
	rows->columns = NULL;
}

void axev__json_rows_again(struct axev__json_rows *rows, struct axev__text_reader *text)
{
	size_t i;

	rows->text = text;
	rows->line = rows->column = 1;
	rows->row = 0;
	rows->is_begun = rows->is_over = false;
	for (i = 0; i < rows->count; i++)
		rows->columns[i].row = 0;
}

/* ---- the text ---- */

static struct axev__span rest_of(const struct axev__json_rows *rows)
{
	const struct axev__text_reader *text = rows->text;

	return axev__span(text->text.data + text->used, text->text.size - text->used);
}

static void count_up(struct axev__span text, uint64_t *line, uint64_t *column)
{
	const uint8_t *at = text.data, *end = at + text.size, *found;

	while (at < end && (found = memchr(at, '\n', (size_t)(end - at)))) {
		(*line)++;
		*column = 1;
		at = found + 1;
	}
	*column += (uint64_t)(end - at);
}

static void use(struct axev__json_rows *rows, size_t size)
{
	count_up(axev__span(rest_of(rows).data, size), &rows->line, &rows->column);
	rows->text->used += size;
}

/* @at bytes behind what is used. */
static int located(const struct axev__json_rows *rows, size_t at, int status, axev_error *err)
{
	uint64_t line = rows->line, column = rows->column;

	if (status != AXEV_E_FORMAT && status != AXEV_E_LIMIT)
		return status;
	count_up(axev__span(rest_of(rows).data, at), &line, &column);
	return axev__prefix(status, err, "line %" PRIu64 ", byte %" PRIu64, line, column);
}

/* The first byte that is no white space, or -1 at the end of the file. */
static int next_byte(struct axev__json_rows *rows, int *ret_byte, axev_error *err)
{
	for (;;) {
		struct axev__span rest = rest_of(rows);
		size_t i = 0;

		while (i < rest.size && memchr(" \t\r\n", rest.data[i], 4))
			i++;
		use(rows, i);
		if (i < rest.size) {
			*ret_byte = rest.data[i];
			return AXEV_OK;
		}
		if (rows->text->is_at_end) {
			*ret_byte = -1;
			return AXEV_OK;
		}
		TRY(axev__text_more(rows->text, err));
	}
}

/* ---- where a row ends ---- */

struct extent {
	size_t at;
	unsigned depth;
	bool is_string, is_escaped, is_whole;
};

/* Brackets outside of strings; whether they are the right ones is seen when the row is read. */
static void extend_object(struct extent *extent, struct axev__span rest)
{
	for (; extent->at < rest.size && !extent->is_whole; extent->at++) {
		uint8_t byte = rest.data[extent->at];

		if (extent->is_escaped)
			extent->is_escaped = false;
		else if (extent->is_string) {
			extent->is_escaped = byte == '\\';
			extent->is_string = byte != '"';
		} else if (byte == '"')
			extent->is_string = true;
		else if (byte == '{' || byte == '[')
			extent->depth++;
		else if (byte == '}' || byte == ']')
			extent->is_whole = --extent->depth == 0;
	}
}

static void extend_line(struct extent *extent, struct axev__span rest)
{
	const uint8_t *end = rest.size > extent->at ? memchr(rest.data + extent->at, '\n', rest.size - extent->at) : NULL;

	extent->is_whole = end != NULL;
	extent->at = end ? (size_t)(end - rest.data) : rest.size;
}

/* Gets all of the next row into memory. */
static int fetch(struct axev__json_rows *rows, struct axev__span *ret_text, axev_error *err)
{
	struct extent extent = { 0 };

	for (;;) {
		(rows->is_lines ? extend_line : extend_object)(&extent, rest_of(rows));
		if (extent.is_whole || rows->text->is_at_end)
			break;
		if (extent.at > AXEV__MAX_RECORD_BYTES)
			return axev__fail(err, AXEV_E_LIMIT, "line %" PRIu64 ": expected a row of at most %zu bytes",
					  rows->line, AXEV__MAX_RECORD_BYTES);
		TRY(axev__text_more(rows->text, err));
	}
	*ret_text = axev__span(rest_of(rows).data, extent.at);
	return AXEV_OK;
}

/* ---- columns ---- */

static uint32_t hash(struct axev__span name)
{
	uint32_t value = 2166136261u; /* FNV-1a */
	size_t i;

	for (i = 0; i < name.size; i++)
		value = (value ^ name.data[i]) * 16777619u;
	return value;
}

static int new_column(struct axev__json_rows *rows, struct axev__span name, uint16_t *slot, axev_error *err)
{
	struct axev__json_column *column = &rows->columns[rows->count];

	if (!rows->is_learning)
		return axev__fail(err, AXEV_E_FORMAT, "a member that was not there before: the file has changed");
	if (rows->count == AXEV__MAX_RECORD_FIELDS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d different members", AXEV__MAX_RECORD_FIELDS);
	if (name.size > AXEV__MAX_DB_NAME)
		return axev__fail(err, AXEV_E_LIMIT, "expected a name of at most %zu bytes", AXEV__MAX_DB_NAME);
	column->name = rows->names.size;
	column->name_size = name.size;
	TRY(axev__buf_span(&rows->names, name, err));
	*slot = (uint16_t)++rows->count;
	return AXEV_OK;
}

static int find_column(struct axev__json_rows *rows, struct axev__span name, struct axev__json_column **ret_column,
		       axev_error *err)
{
	uint32_t at = hash(name) % AXEV__JSON_SLOTS;

	while (rows->slots[at] && !axev__span_equal(axev__json_rows_name(rows, rows->slots[at] - 1u), name))
		at = (at + 1) % AXEV__JSON_SLOTS;
	if (!rows->slots[at])
		TRY(new_column(rows, name, &rows->slots[at], err));
	*ret_column = &rows->columns[rows->slots[at] - 1u];
	return AXEV_OK;
}

/* ---- a row ---- */

static int read_member(struct axev__json_rows *rows, axev_error *err)
{
	struct axev__json_scan *scan = &rows->scan;
	struct axev__json_column *column;
	struct axev__shown shown;
	size_t begin = rows->values.size;
	struct axev__span name;

	TRY(axev__json_scan_string(scan, &rows->values, err));
	name = axev__span(rows->values.data + begin, rows->values.size - begin);
	TRY(find_column(rows, name, &column, err));
	if (column->row == rows->row)
		return axev__fail(err, AXEV_E_FORMAT, "one object has two members '%s'", axev__show(&shown, name));
	rows->values.size = begin; /* the name stands among the names */
	axev__json_scan_blanks(scan);
	TRY(axev__json_scan_sign(scan, ':', err));
	axev__json_scan_blanks(scan);
	TRY(axev__json_scan_value(scan, &rows->values, &column->kind, err));
	column->row = rows->row;
	column->offset = begin;
	column->size = rows->values.size - begin;
	return AXEV_OK;
}

static int read_members(struct axev__json_rows *rows, axev_error *err)
{
	struct axev__json_scan *scan = &rows->scan;
	bool is_first = true;

	axev__json_scan_blanks(scan);
	TRY(axev__json_scan_sign(scan, '{', err));
	for (;;) {
		axev__json_scan_blanks(scan);
		if (is_first && scan->at < scan->text.size && scan->text.data[scan->at] == '}')
			break;
		TRY(read_member(rows, err));
		is_first = false;
		axev__json_scan_blanks(scan);
		if (scan->at < scan->text.size && scan->text.data[scan->at] == '}')
			break;
		TRY(axev__json_scan_sign(scan, ',', err));
	}
	scan->at++;
	axev__json_scan_blanks(scan);
	return scan->at == scan->text.size ? AXEV_OK :
					     axev__fail(err, AXEV_E_FORMAT, "more stands behind the object");
}

static int read_row(struct axev__json_rows *rows, axev_error *err)
{
	struct axev__span text;
	int status;

	TRY(fetch(rows, &text, err));
	rows->row++;
	axev__buf_clear(&rows->values);
	rows->scan.text = text;
	rows->scan.at = 0;
	status = read_members(rows, err);
	TRY(located(rows, rows->scan.at, status, err));
	use(rows, text.size);
	return AXEV_OK;
}

/* ---- the file around the rows ---- */

static int next_line(struct axev__json_rows *rows, bool *ret_more, axev_error *err)
{
	struct axev__span rest = rest_of(rows);

	if (rows->row > 0 && rest.size > 0)
		use(rows, 1); /* the LF behind the row before */
	if (rest_of(rows).size == 0 && !rows->text->is_at_end)
		TRY(axev__text_more(rows->text, err));
	*ret_more = rest_of(rows).size > 0;
	return *ret_more ? read_row(rows, err) : AXEV_OK;
}

static int unexpected(const struct axev__json_rows *rows, const char *expected, int found, axev_error *err)
{
	const uint8_t byte = (uint8_t)found;
	struct axev__shown shown;

	return located(rows, 0,
		       axev__fail(err, AXEV_E_FORMAT, "expected %s, found %s%s", expected, found < 0 ? "the end" : "",
				  found < 0 ? "" : axev__show(&shown, axev__span(&byte, 1))),
		       err);
}

/* Behind the bracket that opens the array, or a row. *ret_more: a row comes. */
static int next_sign(struct axev__json_rows *rows, bool *ret_more, axev_error *err)
{
	bool is_first = !rows->is_begun;
	int byte;

	TRY(next_byte(rows, &byte, err));
	if (is_first) {
		if (byte != '[')
			return unexpected(rows, "an array of objects", byte, err);
		rows->is_begun = true;
		use(rows, 1);
		TRY(next_byte(rows, &byte, err));
	}
	*ret_more = byte != ']';
	if (is_first && *ret_more)
		return AXEV_OK;
	if (byte != ']' && byte != ',')
		return unexpected(rows, ", or ]", byte, err);
	use(rows, 1);
	return AXEV_OK;
}

static int next_element(struct axev__json_rows *rows, bool *ret_more, axev_error *err)
{
	int byte;

	TRY(next_sign(rows, ret_more, err));
	TRY(next_byte(rows, &byte, err));
	if (!*ret_more)
		return byte < 0 ? AXEV_OK : unexpected(rows, "nothing behind the array", byte, err);
	if (byte != '{')
		return unexpected(rows, "an object", byte, err);
	return read_row(rows, err);
}

int axev__json_rows_next(struct axev__json_rows *rows, bool *ret_more, axev_error *err)
{
	bool more = false;

	if (!rows->is_over)
		TRY(rows->is_lines ? next_line(rows, &more, err) : next_element(rows, &more, err));
	rows->is_over = !more;
	*ret_more = more;
	return AXEV_OK;
}
