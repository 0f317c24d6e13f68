/* SPDX-License-Identifier: Apache-2.0 */
#include "content/text_reader.h"

#include <inttypes.h>

#include "base/limits.h"
#include "base/text.h"
#include "content/gb18030.h"

static uint64_t count_lines(struct axev__span text)
{
	const uint8_t *at = text.data, *end = at + text.size;
	uint64_t lines = 0;

	while (at && at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		lines++;
		at++;
	}
	return lines;
}

/* Whole characters at the front of the raw bytes; fewer than four may be left over for the next piece. */
static int decode_utf8(struct axev__text_reader *reader, size_t *ret_used, axev_error *err)
{
	struct axev__span raw = axev__buf_view(&reader->raw);
	bool is_end = reader->at == reader->source.size;
	size_t whole = raw.size, back, length;

	for (back = 0; !is_end && back < 3 && back < raw.size && (raw.data[raw.size - 1 - back] & 0xC0) == 0x80; back++)
		;
	/* The character that the end may have cut in two: its first byte tells. */
	if (!is_end && back < raw.size && raw.data[raw.size - 1 - back] >= 0xC0)
		whole = raw.size - 1 - back;
	*ret_used = whole;
	if (axev__is_utf8(axev__span(raw.data, whole)))
		return axev__buf_append(&reader->text, raw.data, whole, err);
	for (*ret_used = 0; (length = axev__utf8_length(axev__span(raw.data + *ret_used, whole - *ret_used))) > 0;)
		*ret_used += length;
	return axev__fail(err, AXEV_E_FORMAT, "not UTF-8; --encoding gb18030 if it is GB18030");
}

static int where(struct axev__text_reader *reader, int status, size_t used, size_t begin, axev_error *err)
{
	uint64_t line = reader->decoded_lines + 1, byte = reader->at - reader->raw.size + used;

	if (status != AXEV_E_FORMAT)
		return status;
	if (reader->encoding == AXEV__TEXT_UTF8)
		line += count_lines(axev__span(reader->raw.data, used));
	else
		line += count_lines(axev__span(reader->text.data + begin, reader->text.size - begin));
	return axev__prefix(status, err, "line %" PRIu64 ", byte %" PRIu64 " of the file", line, byte);
}

static int read_raw(struct axev__text_reader *reader, axev_error *err)
{
	uint64_t rest = reader->source.size - reader->at;
	size_t want = rest < AXEV__COPY_CHUNK ? (size_t)rest : AXEV__COPY_CHUNK;

	TRY(axev__buf_reserve(&reader->raw, want, err));
	TRY(axev__source_read(&reader->source, reader->at, reader->raw.data + reader->raw.size, want, err));
	reader->raw.size += want;
	reader->at += want;
	return AXEV_OK;
}

int axev__text_more(struct axev__text_reader *reader, axev_error *err)
{
	size_t used = 0, begin;
	int status;

	axev__buf_consume(&reader->text, reader->used);
	reader->used = 0;
	begin = reader->text.size;
	TRY(read_raw(reader, err));
	status = reader->encoding == AXEV__TEXT_UTF8 ?
			 decode_utf8(reader, &used, err) :
			 axev__gb18030_decode(axev__buf_view(&reader->raw), reader->at == reader->source.size,
					      &reader->text, &used, err);
	TRY(where(reader, status, used, begin, err));
	axev__buf_consume(&reader->raw, used);
	reader->decoded_lines += count_lines(
		axev__span(reader->text.data ? reader->text.data + begin : NULL, reader->text.size - begin));
	reader->is_at_end = reader->at == reader->source.size && reader->raw.size == 0;
	return AXEV_OK;
}

/* RFC 3629 6: the signature is no text. Those of UTF-16 tell at once what is wrong. */
static int take_bom(struct axev__text_reader *reader, axev_error *err)
{
	uint8_t head[3] = { 0 };

	TRY(axev__source_read(&reader->source, 0, head, reader->source.size < 3 ? (size_t)reader->source.size : 3,
			      err));
	if (memcmp(head, "\xFF\xFE", 2) == 0 || memcmp(head, "\xFE\xFF", 2) == 0)
		return axev__fail(err, AXEV_E_FORMAT, "begins with the byte order mark of UTF-16, which is not read");
	reader->has_bom = reader->encoding == AXEV__TEXT_UTF8 && memcmp(head, "\xEF\xBB\xBF", 3) == 0;
	reader->at = reader->has_bom ? 3 : 0;
	return AXEV_OK;
}

int axev__text_open(const struct axev__source *source, enum axev__text_encoding encoding, size_t max_text,
		    struct axev__text_reader *ret_reader, axev_error *err)
{
	AXEV__TEXT_READER reader = { .source = *source, .encoding = encoding };

	reader.raw.max = AXEV__COPY_CHUNK + 4;
	/* Of GB18030 room is asked for before it is known how long the text will be. */
	reader.text.max = max_text + 2 * reader.raw.max + 4;
	TRY(take_bom(&reader, err));
	TRY(axev__text_more(&reader, err));
	*ret_reader = reader;
	reader.raw.data = reader.text.data = NULL;
	return AXEV_OK;
}

void axev__text_close(struct axev__text_reader *reader)
{
	axev__buf_free(&reader->raw);
	axev__buf_free(&reader->text);
}
