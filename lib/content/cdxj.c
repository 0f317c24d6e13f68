/* SPDX-License-Identifier: Apache-2.0 */
#include "content/cdxj.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "content/http1.h"
#include "content/post_query.h"
#include "content/surt.h"
#include "content/warc_payload.h"

#define MAX_LINE_BYTES (4 * AXEV__MIB)

/* What a record gives to a line. */
struct facts {
	bool is_there, is_request, is_response, is_listed;
	struct axev__buf url, mime;
	struct axev__buf method, body_type, body; /* of a request */
	uint32_t status;                          /* of a response; 0: not known */
	int64_t date_ns;
	bool has_digest;
	uint8_t payload_sha256[32], sha256[32];
	uint64_t offset_bytes, length_bytes;
};

static void free_facts(struct facts *facts)
{
	axev__buf_free(&facts->url);
	axev__buf_free(&facts->mime);
	axev__buf_free(&facts->method);
	axev__buf_free(&facts->body_type);
	axev__buf_free(&facts->body);
}

static struct facts new_facts(void)
{
	return (struct facts){
		.url = AXEV__BUF_INIT(AXEV__MAX_WARC_HEAD_BYTES),
		.mime = AXEV__BUF_INIT(3 * AXEV__MAX_HTTP1_HEAD_BYTES),
		.method = AXEV__BUF_INIT(3 * AXEV__MAX_HTTP1_HEAD_BYTES),
		.body_type = AXEV__BUF_INIT(AXEV__MAX_HTTP1_HEAD_BYTES),
		.body = AXEV__BUF_INIT(AXEV__MAX_POST_QUERY_BYTES),
	};
}

struct indexer {
	const struct axev__source *warc;
	struct facts last, now;
	struct axev__buf lines; /* as they come */
	struct axev__buf starts; /* size_t, where each line begins */
};

/* ---- from a record ---- */

/* The field up to its first ';', as text. */
static int put_media_type(struct axev__span head, struct axev__buf *out, axev_error *err)
{
	struct axev__span value;
	const uint8_t *end;

	if (!axev__http1_field(head, "content-type", &value) || !value.size)
		return AXEV_OK;
	end = memchr(value.data, ';', value.size);
	if (end)
		value.size = (size_t)(end - value.data);
	while (value.size && strchr(" \t", value.data[value.size - 1]))
		value.size--;
	return axev__decode_utf8(value, out, err);
}

static int read_response(const struct indexer *indexer, const struct axev__warc_view *view,
			 struct facts *facts, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_HTTP1_HEAD_BYTES);
	struct axev__http1_message message;
	struct axev__span head;

	TRY(axev__warc_http_head(indexer->warc, view, &bytes, &head, err));
	if (!head.data || axev__http1_response(head, true, true, &message, NULL, NULL) < 0)
		return AXEV_OK;
	facts->status = message.status;
	return put_media_type(head, &facts->mime, err);
}

static int read_request(const struct indexer *indexer, const struct axev__warc_view *view,
			struct facts *facts, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_HTTP1_HEAD_BYTES);
	struct axev__span head, value;
	const uint8_t *end;
	uint64_t body_bytes;

	TRY(axev__warc_http_head(indexer->warc, view, &bytes, &head, err));
	end = head.data ? memchr(head.data, ' ', head.size) : NULL;
	if (!end)
		return AXEV_OK;
	TRY(axev__decode_utf8(axev__span(head.data, (size_t)(end - head.data)), &facts->method, err));
	if (axev__http1_field(head, "content-type", &value))
		TRY(axev__buf_span(&facts->body_type, value, err));
	body_bytes = view->block_bytes - head.size;
	if (body_bytes > AXEV__MAX_POST_QUERY_BYTES)
		return AXEV_OK;
	TRY(axev__buf_reserve(&facts->body, (size_t)body_bytes, err));
	TRY(axev__source_read(indexer->warc, view->block_offset + head.size, facts->body.data,
			      (size_t)body_bytes, err));
	facts->body.size = (size_t)body_bytes;
	return AXEV_OK;
}

static void clear(struct facts *facts)
{
	axev__buf_clear(&facts->url);
	axev__buf_clear(&facts->mime);
	axev__buf_clear(&facts->method);
	axev__buf_clear(&facts->body_type);
	axev__buf_clear(&facts->body);
	facts->status = 0;
}

static bool is_type(const struct axev__warc_view *view, const char *type)
{
	return strcmp(view->record.type, type) == 0;
}

static bool is_listed(const struct axev__warc_view *view)
{
	const char *media = view->record.content_type;

	if (is_type(view, "metadata") || is_type(view, "resource"))
		return !media || strcmp(media, "application/warc-fields") != 0;
	return is_type(view, "response");
}

static int read_facts(const struct indexer *indexer, const struct axev__warc_view *view,
		      struct facts *facts, axev_error *err)
{
	clear(facts);
	facts->is_there = true;
	facts->is_request = is_type(view, "request");
	facts->is_response = is_type(view, "response");
	facts->is_listed = is_listed(view);
	facts->date_ns = view->record.date_ns;
	facts->offset_bytes = view->offset_bytes;
	facts->length_bytes = view->length_bytes;
	facts->has_digest = view->record.payload_sha256;
	if (facts->has_digest)
		memcpy(facts->payload_sha256, view->record.payload_sha256, 32);
	if (view->record.target_uri)
		TRY(axev__buf_str(&facts->url, view->record.target_uri, err));
	if (facts->is_request)
		return read_request(indexer, view, facts, err);
	if (!facts->is_listed)
		return AXEV_OK;
	TRY(axev__warc_hash(indexer->warc, view->offset_bytes, view->length_bytes, facts->sha256,
			    err));
	if (facts->is_response)
		return read_response(indexer, view, facts, err);
	return axev__buf_str(&facts->mime, view->record.content_type ? view->record.content_type : "",
			     err);
}

/* ---- a line ---- */

static int put_key(const struct axev__buf *url, const struct facts *request, struct axev__buf *query,
		   struct axev__buf *out, axev_error *err)
{
	AXEV__BUF full = AXEV__BUF_INIT(MAX_LINE_BYTES);
	size_t i;

	if (request) {
		TRY(axev__post_query(axev__buf_view(&request->body_type),
				     axev__buf_view(&request->body), query, err));
		TRY(axev__post_url(axev__buf_view(url), axev__buf_view(&request->method),
				   axev__buf_view(query), &full, err));
	} else {
		TRY(axev__buf_span(&full, axev__buf_view(url), err));
	}
	TRY(axev__surt(axev__buf_view(&full), out, err));
	/* A blank ends the key, a line break the line. */
	for (i = 0; i < out->size; i++)
		if (out->data[i] <= ' ' || out->data[i] == 0x7f)
			return axev__fail(err, AXEV_E_FORMAT,
					  "expected a target URI without blanks and control characters");
	return out->size ? AXEV_OK : axev__fail(err, AXEV_E_FORMAT, "expected a target URI");
}

static int set_digest(axev__json *line, const char *key, const uint8_t digest[32], axev_error *err)
{
	char text[8 + 2 * 32] = "sha256:";

	axev__hex(text + 7, digest, 32);
	return axev__json_set_str(line, key, text, err);
}

static int set_members(axev__json *line, const struct facts *facts, axev_error *err)
{
	TRY(axev__json_set_string(line, "url", axev__buf_view(&facts->url), err));
	TRY(axev__json_set_str(line, "filename", AXEV__WARC_FILE_NAME, err));
	TRY(axev__json_set_u64(line, "offset", facts->offset_bytes, err));
	TRY(axev__json_set_u64(line, "length", facts->length_bytes, err));
	TRY(set_digest(line, "recordDigest", facts->sha256, err));
	if (facts->has_digest)
		TRY(set_digest(line, "digest", facts->payload_sha256, err));
	if (facts->mime.size)
		TRY(axev__json_set_string(line, "mime", axev__buf_view(&facts->mime), err));
	if (facts->status)
		TRY(axev__json_set_u64(line, "status", facts->status, err));
	return AXEV_OK;
}

static int put_line(const struct facts *facts, const struct facts *request, struct axev__buf *out,
		    axev_error *err)
{
	AXEV__JSON *line = axev__json_new_object();
	AXEV__BUF query = AXEV__BUF_INIT(4 * AXEV__MAX_POST_QUERY_UNITS);
	AXEV__BUF key = AXEV__BUF_INIT(MAX_LINE_BYTES);
	struct axev__civil civil = axev__civil_from_ns(facts->date_ns);

	if (request && (!request->method.size || axev__span_is(axev__buf_view(&request->method), "GET")))
		request = NULL;
	TRY(put_key(&facts->url, request, &query, &key, err));
	TRY(set_members(line, facts, err));
	if (request)
		TRY(axev__json_set_string(line, "method", axev__buf_view(&request->method), err));
	if (query.size)
		TRY(axev__json_set_string(line, "requestBody", axev__buf_view(&query), err));
	TRY(axev__buf_span(out, axev__buf_view(&key), err));
	TRY(axev__buf_printf(out, err, " %04d%02d%02d%02d%02d%02d ", civil.year, civil.month, civil.day,
			     civil.hour, civil.minute, civil.second));
	TRY(axev__json_canonical(line, out, err));
	return axev__buf_byte(out, '\n', err);
}

static int add_line(struct indexer *indexer, const struct facts *facts, const struct facts *request,
		    axev_error *err)
{
	size_t start = indexer->lines.size;

	if (!facts->is_listed)
		return AXEV_OK;
	TRY(axev__buf_append(&indexer->starts, &start, sizeof(start), err));
	return axev__prefix(put_line(facts, request, &indexer->lines, err), err,
			    "index line of the record at %llu",
			    (unsigned long long)facts->offset_bytes);
}

/* ---- pairing ---- */

static void swap(struct indexer *indexer)
{
	struct facts last = indexer->last;

	indexer->last = indexer->now;
	indexer->now = last;
}

/* indexer->now has just been read, or is not there: the end. */
static int step(struct indexer *indexer, axev_error *err)
{
	struct facts *last = &indexer->last, *now = &indexer->now;

	if (last->is_there) {
		bool is_same = now->is_there &&
			       axev__span_equal(axev__buf_view(&last->url), axev__buf_view(&now->url));

		if (is_same && ((now->is_request && last->is_response) ||
				(now->is_response && last->is_request))) {
			TRY(now->is_request ? add_line(indexer, last, now, err)
					    : add_line(indexer, now, last, err));
			now->is_there = false;
		} else {
			TRY(add_line(indexer, last, NULL, err));
		}
	}
	swap(indexer);
	return AXEV_OK;
}

static int read_records(struct indexer *indexer, axev_error *err)
{
	AXEV__WARC_READER reader;
	struct axev__warc_view view;
	bool found;

	axev__warc_reader_init(&reader, indexer->warc);
	for (;;) {
		TRY(axev__warc_next(&reader, &view, &found, err));
		if (!found)
			break;
		TRY(axev__prefix(read_facts(indexer, &view, &indexer->now, err), err,
				 "WARC record %llu", (unsigned long long)reader.count));
		TRY(step(indexer, err));
	}
	indexer->now.is_there = false;
	return step(indexer, err);
}

/* ---- order ---- */

static struct axev__span line_at(const struct axev__buf *lines, size_t start)
{
	const uint8_t *line = lines->data + start;

	return axev__span(line, (size_t)((const uint8_t *)memchr(line, '\n', lines->size - start) -
					 line) + 1);
}

static int by_bytes(const void *a, const void *b, void *lines)
{
	return axev__span_compare(line_at(lines, *(const size_t *)a), line_at(lines, *(const size_t *)b));
}

static int put_sorted(struct indexer *indexer, struct axev__buf *out, axev_error *err)
{
	size_t *starts = (size_t *)indexer->starts.data, i;
	size_t count = indexer->starts.size / sizeof(*starts);

	if (count > 1)
		qsort_r(starts, count, sizeof(*starts), by_bytes, &indexer->lines);
	for (i = 0; i < count; i++)
		TRY(axev__buf_span(out, line_at(&indexer->lines, starts[i]), err));
	return AXEV_OK;
}

static void free_indexer(struct indexer *indexer)
{
	free_facts(&indexer->last);
	free_facts(&indexer->now);
	axev__buf_free(&indexer->lines);
	axev__buf_free(&indexer->starts);
}

int axev__cdxj_from_warc(const struct axev__source *warc, struct axev__buf *out, axev_error *err)
{
	AXEV__CLEANUP(free_indexer) struct indexer indexer = {
		.warc = warc,
		.last = new_facts(),
		.now = new_facts(),
		.lines = AXEV__BUF_INIT(AXEV__MAX_CDXJ_BYTES),
		.starts = AXEV__BUF_INIT(AXEV__MAX_WARC_RECORDS * sizeof(size_t)),
	};

	TRY(read_records(&indexer, err));
	return put_sorted(&indexer, out, err);
}
