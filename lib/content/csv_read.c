/* SPDX-License-Identifier: Apache-2.0 */
#include "content/csv_read.h"

#include <inttypes.h>

enum kind { PLAIN, DELIMITER, QUOTE, LF, CR, NUL };

enum state {
	AT_FIELD,     /* its first byte is next */
	IN_PLAIN,
	IN_QUOTES,
	BEHIND_QUOTE, /* the closing one, or the first of a pair */
	BEHIND_CR,
	AT_END
};

/* A row on its way. Offsets are from its beginning, so that more text can be fetched in between. */
struct row {
	size_t at;
	enum state state;
	uint64_t line;       /* of the byte at @at */
	uint64_t quote_line; /* of the quote that is open */
};

static bool is_sign(uint8_t byte)
{
	return byte > 0 && byte < 0x80 && byte != '\r' && byte != '\n';
}

bool axev__csv_dialect_is_valid(const struct axev__csv_dialect *dialect)
{
	return is_sign(dialect->delimiter) && dialect->delimiter != dialect->quote &&
	       (dialect->quote == AXEV__CSV_NO_QUOTE || is_sign(dialect->quote));
}

void axev__csv_init(struct axev__csv_reader *reader, struct axev__text_reader *text,
		    const struct axev__csv_dialect *dialect)
{
	memset(reader, 0, sizeof(*reader));
	reader->text = text;
	reader->dialect = *dialect;
	reader->next_line = 1;
	if (dialect->quote != AXEV__CSV_NO_QUOTE)
		reader->kinds[dialect->quote] = QUOTE;
	reader->kinds[dialect->delimiter] = DELIMITER;
	reader->kinds['\n'] = LF;
	reader->kinds['\r'] = CR;
	reader->kinds[0] = NUL;
}

static int bad(const struct axev__csv_reader *reader, uint64_t line, const char *what, axev_error *err)
{
	return axev__fail(err, AXEV_E_FORMAT, "line %" PRIu64 ", field %zu: %s", line, reader->count + 1, what);
}

static int begin_field(struct axev__csv_reader *reader, size_t offset, bool is_quoted, axev_error *err)
{
	if (reader->count == AXEV__MAX_RECORD_FIELDS)
		return axev__fail(err, AXEV_E_LIMIT, "line %" PRIu64 ": expected at most %d fields", reader->next_line,
				  AXEV__MAX_RECORD_FIELDS);
	reader->fields[reader->count] = (struct axev__csv_field){ offset, 0, is_quoted, false };
	return AXEV_OK;
}

static void end_field(struct axev__csv_reader *reader, size_t offset)
{
	struct axev__csv_field *field = &reader->fields[reader->count++];

	field->size = offset - field->offset;
}

/* ---- one byte that means something ---- */

static int end_line(struct row *row)
{
	row->line++;
	row->state = AT_END;
	return AXEV_OK;
}

static int in_plain(struct axev__csv_reader *reader, struct row *row, enum kind kind, axev_error *err)
{
	switch (kind) {
	case DELIMITER:
		end_field(reader, row->at);
		row->state = AT_FIELD;
		return AXEV_OK;
	case LF:
		end_field(reader, row->at);
		return end_line(row);
	case CR:
		end_field(reader, row->at);
		row->state = BEHIND_CR;
		return AXEV_OK;
	case QUOTE:
		return bad(reader, row->line, "a quote inside of a field that does not begin with one", err);
	case NUL:
		return bad(reader, row->line, "a NUL byte", err);
	default:
		return AXEV_OK;
	}
}

static int at_field(struct axev__csv_reader *reader, struct row *row, enum kind kind, axev_error *err)
{
	bool is_quoted = kind == QUOTE;

	TRY(begin_field(reader, row->at + is_quoted, is_quoted, err));
	row->state = is_quoted ? IN_QUOTES : IN_PLAIN;
	row->quote_line = row->line;
	return is_quoted ? AXEV_OK : in_plain(reader, row, kind, err);
}

static int in_quotes(const struct axev__csv_reader *reader, struct row *row, enum kind kind, axev_error *err)
{
	row->line += kind == LF;
	if (kind == QUOTE)
		row->state = BEHIND_QUOTE;
	return kind == NUL ? bad(reader, row->line, "a NUL byte", err) : AXEV_OK;
}

static int behind_quote(struct axev__csv_reader *reader, struct row *row, enum kind kind, axev_error *err)
{
	if (kind == QUOTE) {
		reader->fields[reader->count].has_pairs = true;
		row->state = IN_QUOTES;
		return AXEV_OK;
	}
	if (kind != DELIMITER && kind != LF && kind != CR)
		return bad(reader, row->line, "expected the delimiter or the end of the line behind a quote", err);
	reader->fields[reader->count].size = row->at - 1 - reader->fields[reader->count].offset;
	reader->count++;
	row->state = kind == DELIMITER ? AT_FIELD : BEHIND_CR;
	return kind == LF ? end_line(row) : AXEV_OK;
}

static int step(struct axev__csv_reader *reader, struct row *row, enum kind kind, axev_error *err)
{
	switch (row->state) {
	case AT_FIELD:
		return at_field(reader, row, kind, err);
	case IN_PLAIN:
		return in_plain(reader, row, kind, err);
	case IN_QUOTES:
		return in_quotes(reader, row, kind, err);
	case BEHIND_QUOTE:
		return behind_quote(reader, row, kind, err);
	default:
		if (kind != LF)
			return axev__fail(err, AXEV_E_FORMAT,
					  "line %" PRIu64 ": a CR without LF behind it: lines end in CRLF or LF", row->line);
		return end_line(row);
	}
}

/* ---- rows ---- */

static int scan(struct axev__csv_reader *reader, struct row *row, axev_error *err)
{
	const struct axev__text_reader *text = reader->text;
	const uint8_t *begin = text->text.data + text->used;
	size_t size = text->text.size - text->used;

	while (row->state != AT_END && row->at < size) {
		if (row->state == IN_PLAIN || row->state == IN_QUOTES)
			while (row->at < size && reader->kinds[begin[row->at]] == PLAIN)
				row->at++;
		if (row->at == size)
			break;
		TRY(step(reader, row, reader->kinds[begin[row->at]], err));
		row->at++;
	}
	return AXEV_OK;
}

/* The file ended inside of a row: its last line needs no line break. */
static int end_of_file(struct axev__csv_reader *reader, struct row *row, axev_error *err)
{
	switch (row->state) {
	case AT_FIELD:
		TRY(begin_field(reader, row->at, false, err));
		end_field(reader, row->at);
		break;
	case IN_PLAIN:
		end_field(reader, row->at);
		break;
	case IN_QUOTES:
		return bad(reader, row->quote_line, "the quote that begins it is never closed", err);
	case BEHIND_QUOTE:
		reader->fields[reader->count].size = row->at - 1 - reader->fields[reader->count].offset;
		reader->count++;
		break;
	default:
		return axev__fail(err, AXEV_E_FORMAT,
				  "line %" PRIu64 ": a CR without LF behind it: lines end in CRLF or LF", row->line);
	}
	row->state = AT_END;
	return AXEV_OK;
}

/* Two quotes become one, in place. */
static void join_pairs(struct axev__csv_reader *reader, struct axev__csv_field *field)
{
	uint8_t *out = reader->text->text.data + reader->text->used + field->offset;
	const uint8_t *in = out, *end = in + field->size;

	while (in < end) {
		in += *in == reader->dialect.quote;
		*out++ = *in++;
	}
	field->size = (size_t)(out - (reader->text->text.data + reader->text->used + field->offset));
}

static int fetch(struct axev__csv_reader *reader, const struct row *row, axev_error *err)
{
	if (row->at > AXEV__MAX_RECORD_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "line %" PRIu64 ": expected a row of at most %zu bytes%s",
				  reader->next_line, AXEV__MAX_RECORD_BYTES,
				  row->state == IN_QUOTES ? "; is a quote never closed?" : "");
	return axev__text_more(reader->text, err);
}

int axev__csv_next(struct axev__csv_reader *reader, bool *ret_more, axev_error *err)
{
	struct row row = { 0, AT_FIELD, reader->next_line, 0 };
	size_t i;

	reader->text->used += reader->row_bytes;
	reader->row_bytes = 0;
	reader->count = 0;
	for (;;) {
		TRY(scan(reader, &row, err));
		if (row.state == AT_END || reader->text->is_at_end)
			break;
		TRY(fetch(reader, &row, err));
	}
	*ret_more = row.at > 0;
	if (!*ret_more)
		return AXEV_OK;
	if (row.state != AT_END)
		TRY(end_of_file(reader, &row, err));
	for (i = 0; i < reader->count; i++)
		if (reader->fields[i].has_pairs)
			join_pairs(reader, &reader->fields[i]);
	reader->line = reader->next_line;
	reader->next_line = row.line;
	reader->row_bytes = row.at;
	return AXEV_OK;
}

struct axev__span axev__csv_text(const struct axev__csv_reader *reader, size_t field)
{
	const struct axev__csv_field *one = &reader->fields[field];

	return axev__span(reader->text->text.data + reader->text->used + one->offset, one->size);
}
