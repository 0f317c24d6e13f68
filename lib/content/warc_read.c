/* SPDX-License-Identifier: Apache-2.0 */
#include "content/warc_read.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "crypto/digest.h"

#define FIRST_READ (4 * AXEV__KIB)

void axev__warc_reader_init(struct axev__warc_reader *reader, const struct axev__source *source)
{
	memset(reader, 0, sizeof(*reader));
	reader->source = *source;
	reader->head = (struct axev__buf)AXEV__BUF_INIT(AXEV__MAX_WARC_HEAD_BYTES);
}

void axev__warc_reader_free(struct axev__warc_reader *reader)
{
	axev__buf_free(&reader->head);
}

/* ---- the head as bytes ---- */

static int fill(struct axev__warc_reader *reader, size_t want, axev_error *err)
{
	struct axev__buf *head = &reader->head;
	uint64_t left = reader->source.size - reader->next - head->size;
	size_t more = want < left ? want : (size_t)left;

	TRY(axev__buf_reserve(head, more, err));
	TRY(axev__source_read(&reader->source, reader->next + head->size, head->data + head->size,
			      more, err));
	head->size += more;
	head->data[head->size] = '\0';
	return AXEV_OK;
}

/* Read until the empty line is there; *ret_size is the size of the head with it. */
static int read_head(struct axev__warc_reader *reader, size_t *ret_size, axev_error *err)
{
	struct axev__buf *head = &reader->head;
	size_t want = FIRST_READ, before;
	const uint8_t *end;

	axev__buf_clear(head);
	for (;;) {
		before = head->size;
		TRY(fill(reader, want, err));
		end = head->size ? memmem(head->data, head->size, "\r\n\r\n", 4) : NULL;
		if (end) {
			*ret_size = (size_t)(end - head->data) + 4;
			return AXEV_OK;
		}
		if (head->size == before || head->size == head->max)
			return axev__fail_at(err, AXEV_E_FORMAT, reader->next,
					     "expected the fields of a record to end within %zu bytes",
					     head->max);
		want = head->max - head->size;
	}
}

/* ---- the fields ---- */

struct parse {
	struct axev__warc_reader *reader;
	struct axev__warc_view *view;
	size_t protocol_count;
	bool has_block_digest, has_length;
	uint64_t at; /* of the line */
};

static bool get_id(const char *value, const char **ret_id)
{
	static const char prefix[] = "<urn:uuid:";
	size_t length = strlen(value), start = sizeof(prefix) - 1;

	if (length != start + 37 || strncmp(value, prefix, start) != 0 || value[length - 1] != '>')
		return false;
	((char *)value)[length - 1] = '\0'; /* the head is the reader's own */
	*ret_id = value + start;
	return true;
}

static bool get_digest(const char *value, uint8_t out[32])
{
	return strncmp(value, "sha256:", 7) == 0 && axev__unhex(out, 32, axev__span_str(value + 7));
}

static bool get_protocol(struct parse *parse, const char *value)
{
	if (parse->protocol_count == AXEV__MAX_WARC_PROTOCOLS)
		return false;
	parse->reader->protocols[parse->protocol_count++] = value;
	parse->reader->protocols[parse->protocol_count] = NULL;
	parse->view->record.protocols = parse->reader->protocols;
	return true;
}

static bool get_text(struct axev__warc_record *record, const char *name, const char *value)
{
	const struct {
		const char *name;
		const char **member;
	} fields[] = {
		{ "WARC-Type", &record->type },
		{ "WARC-Target-URI", &record->target_uri },
		{ "WARC-IP-Address", &record->ip_address },
		{ "WARC-Truncated", &record->truncated },
		{ "Content-Type", &record->content_type },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(fields); i++) {
		if (strcmp(name, fields[i].name) != 0)
			continue;
		*fields[i].member = value;
		return true;
	}
	return false;
}

/* Values only; order, repetition and form are checked by writing the head again. */
static bool get_field(struct parse *parse, const char *name, char *value)
{
	struct axev__warc_view *view = parse->view;

	if (strcmp(name, "WARC-Record-ID") == 0)
		return get_id(value, &view->record.id);
	if (strcmp(name, "WARC-Concurrent-To") == 0)
		return get_id(value, &view->record.concurrent_to);
	if (strcmp(name, "WARC-Date") == 0)
		return axev__parse_rfc3339(axev__span_str(value), &view->record.date_ns);
	if (strcmp(name, "WARC-Protocol") == 0)
		return get_protocol(parse, value);
	if (strcmp(name, "WARC-Block-Digest") == 0)
		return parse->has_block_digest = get_digest(value, view->block_sha256);
	if (strcmp(name, "WARC-Payload-Digest") == 0) {
		view->record.payload_sha256 = parse->reader->payload_sha256;
		return get_digest(value, parse->reader->payload_sha256);
	}
	if (strcmp(name, AXEV__WARC_MASK_FIELD) == 0)
		return view->record.is_masked = strcmp(value, AXEV__WARC_MASK) == 0;
	if (strcmp(name, "Content-Length") == 0)
		return parse->has_length = axev__parse_u64(axev__span_str(value), UINT64_MAX,
							   &view->block_bytes);
	return get_text(&view->record, name, value);
}

static int get_line(struct parse *parse, char *line, axev_error *err)
{
	struct axev__shown shown;
	char *colon = strstr(line, ": ");

	if (!colon)
		return axev__fail_at(err, AXEV_E_FORMAT, parse->at,
				     "expected a field, found '%s'", axev__show_str(&shown, line));
	*colon = '\0';
	if (!get_field(parse, line, colon + 2))
		return axev__fail_at(err, AXEV_E_FORMAT, parse->at,
				     "field '%s': unknown, or its value is not one that is written",
				     axev__show_str(&shown, line));
	return AXEV_OK;
}

/* Cuts the head into strings on the way. */
static int get_fields(struct axev__warc_reader *reader, size_t size, struct axev__warc_view *view,
		      axev_error *err)
{
	struct parse parse = { .reader = reader, .view = view, .at = reader->next };
	char *line = (char *)reader->head.data, *end;
	char *last = line + size - 2;

	if (strlen(line) < size)
		return axev__fail_at(err, AXEV_E_FORMAT, reader->next + strlen(line),
				     "expected the fields of a record, found a NUL byte");
	if (strncmp(line, "WARC/1.1\r\n", 10) != 0)
		return axev__fail_at(err, AXEV_E_FORMAT, reader->next,
				     "expected WARC/1.1 and a line break, found something else");
	for (line += 10; line < last; line = end + 2) {
		end = strstr(line, "\r\n");
		*end = '\0';
		parse.at = reader->next + (uint64_t)(line - (char *)reader->head.data);
		TRY(get_line(&parse, line, err));
	}
	if (!view->record.type || !view->record.id || !parse.has_block_digest || !parse.has_length)
		return axev__fail_at(err, AXEV_E_FORMAT, reader->next,
				     "expected a type, an identifier, a block digest and a length");
	if (view->record.is_masked && strcmp(view->record.type, "request") != 0)
		return axev__fail_at(err, AXEV_E_FORMAT, reader->next, "only the head of a request can be masked");
	return AXEV_OK;
}

/* ---- comparison ---- */

static int compare_head(const struct axev__warc_reader *reader, struct axev__span found,
			const struct axev__warc_view *view, axev_error *err)
{
	AXEV__BUF expected = AXEV__BUF_INIT(AXEV__MAX_WARC_HEAD_BYTES);
	size_t i = 0;

	TRY(axev__warc_put_head(&expected, &view->record, view->block_bytes, view->block_sha256, err));
	if (axev__span_equal(axev__buf_view(&expected), found))
		return AXEV_OK;
	while (i < expected.size && i < found.size && expected.data[i] == found.data[i])
		i++;
	return axev__fail_at(err, AXEV_E_FORMAT, reader->next + i,
			     "the fields are not written, or not ordered, as the writer does");
}

static int check_end(const struct axev__warc_reader *reader, const struct axev__warc_view *view,
		     axev_error *err)
{
	uint64_t behind = view->block_offset, left = reader->source.size - view->block_offset;
	char end[4];

	if (left < 4 || view->block_bytes > left - 4)
		return axev__fail_at(err, AXEV_E_FORMAT, behind,
				     "expected a block of %llu bytes and its end, the file ends before",
				     (unsigned long long)view->block_bytes);
	behind += view->block_bytes;
	TRY(axev__source_read(&reader->source, behind, end, sizeof(end), err));
	if (memcmp(end, "\r\n\r\n", 4) != 0)
		return axev__fail_at(err, AXEV_E_FORMAT, behind,
				     "expected two line breaks behind the block, found something else");
	return AXEV_OK;
}

static int next(struct axev__warc_reader *reader, struct axev__warc_view *view, axev_error *err)
{
	AXEV__BUF copy = AXEV__BUF_INIT(AXEV__MAX_WARC_HEAD_BYTES);
	size_t head_size = 0;

	if (reader->count >= AXEV__MAX_WARC_RECORDS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d records",
				  AXEV__MAX_WARC_RECORDS);
	TRY(read_head(reader, &head_size, err));
	TRY(axev__buf_append(&copy, reader->head.data, head_size, err));
	view->offset_bytes = reader->next;
	view->block_offset = reader->next + head_size;
	TRY(get_fields(reader, head_size, view, err));
	TRY(compare_head(reader, axev__buf_view(&copy), view, err));
	TRY(check_end(reader, view, err));
	view->length_bytes = head_size + view->block_bytes + 4;
	return AXEV_OK;
}

int axev__warc_next(struct axev__warc_reader *reader, struct axev__warc_view *ret_view,
		    bool *ret_found, axev_error *err)
{
	struct axev__warc_view view;

	memset(&view, 0, sizeof(view));
	if (reader->next == reader->source.size) {
		*ret_found = false;
		return AXEV_OK;
	}
	TRY(axev__prefix(next(reader, &view, err), err, "WARC record %llu",
			 (unsigned long long)reader->count + 1));
	reader->next += view.length_bytes;
	reader->count++;
	*ret_view = view;
	*ret_found = true;
	return AXEV_OK;
}

int axev__warc_hash(const struct axev__source *source, uint64_t offset, uint64_t size,
		    uint8_t out[32], axev_error *err)
{
	AXEV__FREE uint8_t *chunk = malloc(AXEV__COPY_CHUNK);
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;

	if (!chunk)
		return axev__nomem(err);
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	while (size) {
		size_t part = size < AXEV__COPY_CHUNK ? (size_t)size : AXEV__COPY_CHUNK;

		TRY(axev__source_read(source, offset, chunk, part, err));
		TRY(axev__hasher_update(hasher, chunk, part, err));
		offset += part;
		size -= part;
	}
	TRY(axev__hasher_final(hasher, &digests, err));
	memcpy(out, digests.sha256, 32);
	return AXEV_OK;
}
