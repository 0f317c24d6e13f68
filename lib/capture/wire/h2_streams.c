/* SPDX-License-Identifier: Apache-2.0 */
/* Streams of an HTTP/2 connection, their field lists and bodies. */
#include "capture/wire/h2_state.h"

#include "base/text.h"
#include "crypto/digest.h"

void axev__h2_section_free(struct axev__h2_section *section)
{
	axev__buf_free(&section->bytes);
	axev__buf_free(&section->sizes);
}

static void note_status(struct axev__h2_section *section, struct axev__span value)
{
	uint64_t status;

	section->has_status = true;
	/* RFC 9110 15: three digits */
	if (value.size == 3 && axev__parse_u64(value, 999, &status) && status >= 100)
		section->status = (uint32_t)status;
}

int axev__h2_section_add(struct axev__h2_section *section, struct axev__span name,
			 struct axev__span value, axev_error *err)
{
	uint32_t sizes[2] = { (uint32_t)name.size, (uint32_t)value.size };

	if (!section->has_status && axev__span_is(name, ":status"))
		note_status(section, value);
	section->list_bytes += name.size + value.size + 32;
	if (section->is_over_limit || section->list_bytes > AXEV__MAX_H2_SECTION_BYTES) {
		section->is_over_limit = true;
		section->list_bytes = AXEV__MAX_H2_SECTION_BYTES;
		return AXEV_OK;
	}
	TRY(axev__buf_append(&section->sizes, sizes, sizeof(sizes), err));
	TRY(axev__buf_span(&section->bytes, name, err));
	TRY(axev__buf_span(&section->bytes, value, err));
	section->count++;
	return AXEV_OK;
}

/* Head, list and bytes of a section in one piece of memory. */
struct block {
	struct axev__h2_fields fields;
	struct axev__h2_field list[];
};

static void fill(struct block *block, const struct axev__h2_section *section)
{
	uint8_t *bytes = (uint8_t *)(block->list + section->count);
	uint32_t sizes[2];
	size_t i;

	if (section->bytes.size)
		memcpy(bytes, section->bytes.data, section->bytes.size);
	for (i = 0; i < section->count; i++) {
		memcpy(sizes, section->sizes.data + i * sizeof(sizes), sizeof(sizes));
		block->list[i].name = axev__span(bytes, sizes[0]);
		block->list[i].value = axev__span(bytes + sizes[0], sizes[1]);
		bytes += sizes[0] + sizes[1];
	}
}

int axev__h2_section_end(struct axev__h2 *h2, struct axev__h2_section *section, uint64_t offset,
			 uint64_t end_offset, const struct axev__h2_fields **ret_fields,
			 axev_error *err)
{
	size_t size = sizeof(struct block) + section->count * sizeof(struct axev__h2_field) +
		      section->bytes.size;
	struct block *block;

	*ret_fields = NULL;
	if (h2->fields_bytes + size > AXEV__MAX_H2_CONNECTION_FIELDS)
		section->is_over_limit = true;
	if (section->is_over_limit)
		return AXEV_OK;
	block = malloc(size);
	if (!block)
		return axev__nomem(err);
	fill(block, section);
	block->fields = (struct axev__h2_fields){ offset, end_offset, section->count, block->list };
	h2->fields_bytes += size;
	*ret_fields = &block->fields;
	return AXEV_OK;
}

/* Odd numbers before even ones. */
static uint64_t rank(uint32_t number)
{
	return number % 2 ? number : (uint64_t)number << 32;
}

/* Index of the first stream that does not come before @number. */
static size_t place(const struct axev__h2 *h2, uint32_t number)
{
	size_t low = 0, high = h2->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (rank(h2->streams[middle]->exchange.stream) < rank(number))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct axev__h2_stream *axev__h2_find(const struct axev__h2 *h2, uint32_t number)
{
	size_t at = place(h2, number);

	return at < h2->count && h2->streams[at]->exchange.stream == number ? h2->streams[at]
									    : NULL;
}

static int reserve_stream(struct axev__h2 *h2, axev_error *err)
{
	size_t capacity = h2->capacity ? h2->capacity * 2 : 16;
	void *streams;

	if (h2->count == AXEV__MAX_H2_STREAMS)
		return axev__fail(err, AXEV_E_LIMIT,
				  "expected at most %d streams on one connection, found more",
				  AXEV__MAX_H2_STREAMS);
	if (h2->count < h2->capacity)
		return AXEV_OK;
	streams = realloc(h2->streams, capacity * sizeof(struct axev__h2_stream *));
	if (!streams)
		return axev__nomem(err);
	h2->streams = streams;
	h2->capacity = capacity;
	return AXEV_OK;
}

int axev__h2_find_or_add(struct axev__h2 *h2, uint32_t number, struct axev__h2_stream **ret_stream,
			 axev_error *err)
{
	size_t at = place(h2, number);
	struct axev__h2_stream *stream = axev__h2_find(h2, number);

	if (!stream) {
		TRY(reserve_stream(h2, err));
		stream = calloc(1, sizeof(*stream));
		if (!stream)
			return axev__nomem(err);
		stream->exchange.stream = number;
		memmove(h2->streams + at + 1, h2->streams + at,
			(h2->count - at) * sizeof(struct axev__h2_stream *));
		h2->streams[at] = stream;
		h2->count++;
	}
	*ret_stream = stream;
	return AXEV_OK;
}

static struct axev__h2_message *message_of(struct axev__h2_stream *stream,
					   const struct axev__h2_side *side)
{
	return side->is_sent ? &stream->exchange.request : &stream->exchange.response;
}

/* Nothing may follow in this direction, but RST_STREAM. */
static bool is_ended(struct axev__h2_stream *stream, const struct axev__h2_side *side)
{
	const struct axev__h2_message *message = message_of(stream, side);

	return message->is_complete || message->is_reset || stream->has_trailers[!side->is_sent];
}

static void put_aside(struct axev__h2_stream *stream, struct axev__h2_side *side)
{
	side->reading.stray_frames++;
	if (stream)
		stream->exchange.flaw = "frames where none may stand, put aside";
}

static void drop(const struct axev__h2_fields *fields)
{
	free((void *)fields); /* the head of its block */
}

static void keep_interim(struct axev__h2_stream *stream, const struct axev__h2_fields *fields)
{
	struct axev__h2_exchange *exchange = &stream->exchange;

	exchange->interim = stream->interim;
	if (exchange->interim_count < AXEV__MAX_H2_INTERIM) {
		stream->interim[exchange->interim_count++] = fields;
		return;
	}
	exchange->response.is_over_limit = true;
	drop(fields);
}

/* RFC 9113 8.1: any number of interim heads, a head, perhaps trailers. */
static void keep_section(struct axev__h2_stream *stream, const struct axev__h2_side *side,
			 const struct axev__h2_section *section,
			 const struct axev__h2_fields *fields)
{
	struct axev__h2_message *message = message_of(stream, side);
	bool *has_head = &stream->has_head[!side->is_sent];

	message->is_over_limit |= section->is_over_limit;
	if (*has_head) {
		message->trailers = fields;
	} else if (!side->is_sent && section->status >= 100 && section->status < 200) {
		if (fields)
			keep_interim(stream, fields);
	} else {
		*has_head = true;
		message->head = fields;
		if (!side->is_sent)
			stream->exchange.status = section->status;
	}
}

int axev__h2_take_section(struct axev__h2 *h2, struct axev__h2_side *side,
			  const struct axev__h2_frame *frame, struct axev__h2_section *section,
			  axev_error *err)
{
	const struct axev__h2_fields *fields;
	struct axev__h2_message *message;
	struct axev__h2_stream *stream;

	TRY(axev__h2_find_or_add(h2, frame->stream, &stream, err));
	message = message_of(stream, side);
	if (is_ended(stream, side)) {
		put_aside(stream, side);
		return AXEV_OK;
	}
	TRY(axev__h2_section_end(h2, section, frame->offset, side->next, &fields, err));
	stream->has_trailers[!side->is_sent] = stream->has_head[!side->is_sent];
	keep_section(stream, side, section, fields);
	message->end_offset = side->next;
	message->is_complete = frame->flags & AXEV__H2_FLAG_END_STREAM;
	return AXEV_OK;
}

int axev__h2_take_promise(struct axev__h2 *h2, struct axev__h2_side *side,
			  const struct axev__h2_frame *frame, uint32_t promised,
			  struct axev__h2_section *section, axev_error *err)
{
	const struct axev__h2_fields *fields;
	struct axev__h2_message *request;
	struct axev__h2_stream *stream;

	TRY(axev__h2_find_or_add(h2, promised, &stream, err));
	request = &stream->exchange.request;
	if (stream->exchange.is_pushed || stream->has_head[0]) {
		put_aside(stream, side);
		return AXEV_OK;
	}
	TRY(axev__h2_section_end(h2, section, frame->offset, side->next, &fields, err));
	stream->exchange.is_pushed = true;
	stream->has_head[0] = true;
	request->head = fields;
	request->is_over_limit = section->is_over_limit;
	request->end_offset = side->next;
	request->is_complete = true; /* RFC 9113 8.4.1: a promised request has no content */
	return AXEV_OK;
}

static int add_piece(struct axev__h2 *h2, struct axev__h2_message *message,
		     struct axev__span content, axev_error *err)
{
	struct axev__h2_piece piece = { content.data, (uint32_t)content.size, 0 };
	struct axev__h2_piece *last;

	if (h2->pieces.size / sizeof(piece) == AXEV__MAX_H2_PIECES)
		return axev__fail(err, AXEV_E_LIMIT,
				  "expected at most %zu DATA frames on one connection, found more",
				  AXEV__MAX_H2_PIECES);
	TRY(axev__buf_append(&h2->pieces, &piece, sizeof(piece), err));
	piece.next = (uint32_t)(h2->pieces.size / sizeof(piece));
	if (message->last_piece) {
		last = (struct axev__h2_piece *)h2->pieces.data + (message->last_piece - 1);
		last->next = piece.next;
	} else {
		message->first_piece = piece.next;
	}
	message->last_piece = piece.next;
	message->piece_count++;
	message->body_bytes += content.size;
	return AXEV_OK;
}

int axev__h2_take_data(struct axev__h2 *h2, struct axev__h2_side *side,
		       const struct axev__h2_frame *frame, axev_error *err)
{
	struct axev__h2_stream *stream = axev__h2_find(h2, frame->stream);
	struct axev__h2_message *message;
	struct axev__span content;

	TRY(axev__h2_frame_content(frame, 0, &content, err));
	message = stream ? message_of(stream, side) : NULL;
	if (!message || !stream->has_head[!side->is_sent] || is_ended(stream, side)) {
		put_aside(stream, side);
		return AXEV_OK;
	}
	if (content.size)
		TRY(add_piece(h2, message, content, err));
	message->end_offset = frame->end_offset;
	message->is_complete = !frame->is_cut && frame->flags & AXEV__H2_FLAG_END_STREAM;
	return AXEV_OK;
}

int axev__h2_take_reset(struct axev__h2 *h2, struct axev__h2_side *side,
			const struct axev__h2_frame *frame, axev_error *err)
{
	struct axev__h2_message *message;
	struct axev__h2_stream *stream;

	/* The client may refuse a push whose promise is in the bytes of the other direction. */
	TRY(axev__h2_find_or_add(h2, frame->stream, &stream, err));
	message = message_of(stream, side);
	if (message->is_reset)
		return AXEV_OK;
	message->is_reset = true;
	message->reset_code = axev__get_u32be(frame->payload.data);
	message->reset_offset = frame->offset;
	message->end_offset = frame->end_offset;
	return AXEV_OK;
}

bool axev__h2_field(const struct axev__h2_fields *fields, const char *name,
		    struct axev__span *ret_value)
{
	size_t i;

	for (i = 0; fields && i < fields->count; i++) {
		if (!axev__span_is(fields->list[i].name, name))
			continue;
		*ret_value = fields->list[i].value;
		return true;
	}
	return false;
}

static struct axev__span *pseudo(struct axev__h2_exchange *exchange, struct axev__span name)
{
	const struct {
		const char *name;
		struct axev__span *value;
	} known[] = {
		{ ":method", &exchange->method },	{ ":scheme", &exchange->scheme },
		{ ":authority", &exchange->authority }, { ":path", &exchange->path },
		{ ":protocol", &exchange->protocol }, /* RFC 8441 4 */
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(known); i++)
		if (axev__span_is(name, known[i].name))
			return known[i].value;
	return NULL;
}

/* RFC 9113 8.3, 8.3.1, 8.5; NULL: a request. */
static const char *judge_request(struct axev__h2_exchange *exchange)
{
	const struct axev__h2_fields *head = exchange->request.head;
	struct axev__span *value;
	size_t i;

	if (!head)
		return exchange->request.is_over_limit ? "the request's fields are over the limit"
						       : "no request head";
	for (i = 0; i < head->count; i++) {
		if (!axev__span_starts(head->list[i].name, ":"))
			continue;
		value = pseudo(exchange, head->list[i].name);
		if (!value)
			return "an unknown pseudo field in the request";
		if (value->data)
			return "a pseudo field twice in the request";
		*value = head->list[i].value;
	}
	if (axev__span_is(exchange->method, "CONNECT"))
		return NULL;
	if (!exchange->method.size || !exchange->scheme.size || !exchange->path.size)
		return "no :method, :scheme or :path";
	return exchange->protocol.data ? ":protocol without CONNECT" : NULL;
}

void axev__h2_judge(struct axev__h2_stream *stream)
{
	struct axev__h2_exchange *exchange = &stream->exchange;
	const char *flaw = judge_request(exchange);

	if (flaw) {
		exchange->use = AXEV__H2_MALFORMED;
		exchange->flaw = flaw;
		return;
	}
	exchange->use =
		axev__span_is(exchange->method, "CONNECT") ? AXEV__H2_TUNNEL : AXEV__H2_HTTP;
	if (exchange->response.is_over_limit || exchange->request.is_over_limit)
		exchange->flaw = "fields over the limit, not kept";
	else if (exchange->response.head && exchange->status == 0)
		exchange->flaw = "no :status of three digits";
}

static void free_stream(struct axev__h2_stream *stream)
{
	size_t i;

	drop(stream->exchange.request.head);
	drop(stream->exchange.request.trailers);
	drop(stream->exchange.response.head);
	drop(stream->exchange.response.trailers);
	for (i = 0; i < stream->exchange.interim_count; i++)
		drop(stream->interim[i]);
	free(stream);
}

void axev__h2_free(struct axev__h2 *h2)
{
	size_t i;

	if (!h2)
		return;
	for (i = 0; i < h2->count; i++)
		free_stream(h2->streams[i]);
	free(h2->streams);
	axev__buf_free(&h2->pieces);
	free(h2);
}

const struct axev__h2_reading *axev__h2_sent(const struct axev__h2 *h2)
{
	return &h2->sent.reading;
}

const struct axev__h2_reading *axev__h2_received(const struct axev__h2 *h2)
{
	return &h2->received.reading;
}

size_t axev__h2_count(const struct axev__h2 *h2)
{
	return h2->count;
}

const struct axev__h2_exchange *axev__h2_at(const struct axev__h2 *h2, size_t index)
{
	return index < h2->count ? &h2->streams[index]->exchange : NULL;
}

int axev__h2_body_each(const struct axev__h2 *h2, const struct axev__h2_message *message,
		       axev__h2_piece_fn each, void *payload, axev_error *err)
{
	const struct axev__h2_piece *pieces = (const struct axev__h2_piece *)h2->pieces.data;
	size_t number;

	for (number = message->first_piece; number; number = pieces[number - 1].next)
		TRY(each(payload, axev__span(pieces[number - 1].data, pieces[number - 1].size),
			 err));
	return AXEV_OK;
}

static int hash_piece(void *payload, struct axev__span piece, axev_error *err)
{
	return axev__hasher_update(payload, piece.data, piece.size, err);
}

int axev__h2_body_sha256(const struct axev__h2 *h2, const struct axev__h2_message *message,
			 uint8_t ret_sha256[32], axev_error *err)
{
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;

	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	TRY(axev__h2_body_each(h2, message, hash_piece, hasher, err));
	TRY(axev__hasher_final(hasher, &digests, err));
	memcpy(ret_sha256, digests.sha256, sizeof(digests.sha256));
	return AXEV_OK;
}
