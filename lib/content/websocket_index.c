/* SPDX-License-Identifier: Apache-2.0 */
#include "content/websocket_index.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "crypto/digest.h"

static const char *const from_names[] = { "client", "server" };
static const char *const side_names[] = { "sent", "received" };
/* Members that the bytes do not tell. */
static const char *const given[] = { "connection", "stream", "url", "extensions", "subprotocol",
				       "request", "response" };

struct side {
	struct axev__span bytes;
	struct axev__websocket *reader;
	struct axev__websocket_message next;
	bool has_next;
	char why[sizeof(((axev_error *)0)->message)]; /* what could not be read; "" when nothing */
};

struct axev__websocket_index {
	struct side sides[2];
	axev__json *messages;
	size_t count, shown_bytes;
};

/* ---- reading ---- */

static int advance(struct side *side, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	int status;

	side->has_next = false;
	if (!side->reader)
		return AXEV_OK;
	status = axev__websocket_next(side->reader, &side->next, &side->has_next, &problem);
	if (status == AXEV_E_FORMAT) {
		snprintf(side->why, sizeof(side->why), "%s", problem.message);
		return AXEV_OK;
	}
	return status < 0 ? axev__fail(err, status, "%s", problem.message) : AXEV_OK;
}

/* An extension that nobody knows may give every bit another meaning: then no message is read. */
static int open_sides(struct axev__websocket_index *index, struct axev__span extensions, axev_error *err)
{
	struct axev__websocket_terms terms;
	axev_error problem = AXEV_ERROR_INIT;
	int status = axev__websocket_terms(extensions, &terms, &problem);
	unsigned i;

	for (i = 0; i < 2; i++) {
		struct side *side = &index->sides[i];

		if (status < 0)
			snprintf(side->why, sizeof(side->why), "%s", problem.message);
		else
			TRY(axev__websocket_new(side->bytes, i, &terms, &side->reader, err));
		TRY(advance(side, err));
	}
	return AXEV_OK;
}

int axev__websocket_index_new(struct axev__span client, struct axev__span server,
			      struct axev__span extensions, struct axev__websocket_index **ret_index,
			      axev_error *err)
{
	AXEV__WEBSOCKET_INDEX *index = calloc(1, sizeof(*index));

	if (!index)
		return axev__nomem(err);
	index->sides[AXEV__WEBSOCKET_CLIENT].bytes = client;
	index->sides[AXEV__WEBSOCKET_SERVER].bytes = server;
	index->messages = axev__json_new_array();
	TRY(open_sides(index, extensions, err));
	*ret_index = axev__steal(index);
	return AXEV_OK;
}

void axev__websocket_index_free(struct axev__websocket_index *index)
{
	if (!index)
		return;
	axev__websocket_free(index->sides[0].reader);
	axev__websocket_free(index->sides[1].reader);
	axev__json_free(index->messages);
	free(index);
}

const struct axev__websocket_message *axev__websocket_index_next(const struct axev__websocket_index *index,
								 enum axev__websocket_side side)
{
	bool is_full = index->count == AXEV__MAX_WEBSOCKET_MESSAGES;

	return index->sides[side].has_next && !is_full ? &index->sides[side].next : NULL;
}

/* ---- one message ---- */

static int set_decimal(axev__json *object, const char *key, uint64_t number, axev_error *err)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	return axev__json_set_str(object, key, text, err);
}

static int set_sha256(axev__json *object, const char *key, struct axev__span bytes, axev_error *err)
{
	uint8_t sha256[32];

	TRY(axev__sha256(bytes.data, bytes.size, sha256, err));
	return axev__json_set_hex(object, key, sha256, sizeof(sha256), err);
}

static const char *kind_of(const struct axev__websocket_message *message)
{
	switch (message->opcode) {
	case AXEV__WEBSOCKET_TEXT:
		return "text";
	case AXEV__WEBSOCKET_BINARY:
		return "binary";
	case AXEV__WEBSOCKET_CLOSE:
		return "close";
	case AXEV__WEBSOCKET_PING:
		return "ping";
	default:
		return "pong";
	}
}

static bool is_text(struct axev__span bytes)
{
	return axev__is_utf8(bytes) && !(bytes.size && memchr(bytes.data, '\0', bytes.size));
}

/* Text as such, anything else in base64. */
static int set_content(axev__json *object, struct axev__span bytes, bool may_be_text, axev_error *err)
{
	AXEV__BUF base64 = AXEV__BUF_INIT(2 * AXEV__MAX_WEBSOCKET_SHOWN);

	if (may_be_text && is_text(bytes))
		return axev__json_set_string(object, "text", bytes, err);
	TRY(axev__base64(&base64, bytes, err));
	return axev__json_set_string(object, "base64", axev__buf_view(&base64), err);
}

/* Contents that are large, or come after many others, are left to the bytes and their digest. */
static int show_content(struct axev__websocket_index *index, axev__json *object,
			const struct axev__websocket_message *message, axev_error *err)
{
	struct axev__span content = message->content;

	if (message->opcode == AXEV__WEBSOCKET_CLOSE && content.size >= 2) {
		TRY(axev__json_set_u64(object, "close_code", axev__get_u16be(content.data), err));
		content = axev__span(content.data + 2, content.size - 2);
	}
	if (message->is_unfinished || content.size > AXEV__MAX_WEBSOCKET_SHOWN ||
	    index->shown_bytes > AXEV__MAX_WEBSOCKET_ALL_SHOWN - content.size)
		return AXEV_OK;
	index->shown_bytes += content.size;
	return set_content(object, content, message->opcode != AXEV__WEBSOCKET_BINARY, err);
}

static int message_json(struct axev__websocket_index *index, const struct axev__websocket_message *message,
			axev__json *object, axev_error *err)
{
	TRY(axev__json_set_str(object, "type", kind_of(message), err));
	TRY(set_decimal(object, "offset", message->offset, err));
	TRY(axev__json_set_u64(object, "frames", message->frames, err));
	TRY(set_decimal(object, "bytes", message->payload.size, err));
	TRY(set_sha256(object, "sha256", message->payload, err));
	if (message->is_unfinished)
		TRY(axev__json_set_bool(object, "unfinished", true, err));
	if (message->is_compressed)
		TRY(axev__json_set_bool(object, "compressed", true, err));
	if (message->content.data != message->payload.data) {
		TRY(set_decimal(object, "inflated_bytes", message->content.size, err));
		TRY(set_sha256(object, "inflated_sha256", message->content, err));
	}
	if (message->flaw)
		TRY(axev__json_set_str(object, "flaw", message->flaw, err));
	return show_content(index, object, message, err);
}

int axev__websocket_index_take(struct axev__websocket_index *index, enum axev__websocket_side side,
			       int64_t began_ns, int64_t ended_ns, axev_error *err)
{
	const struct axev__websocket_message *message = axev__websocket_index_next(index, side);
	AXEV__JSON *object = axev__json_new_object();

	if (!message)
		return axev__fail(err, AXEV_E_INVAL, "there is no further message of the %s", from_names[side]);
	TRY(axev__json_set_str(object, "from", from_names[side], err));
	TRY(axev__json_set_time(object, "began", began_ns, err));
	TRY(axev__json_set_time(object, "ended", ended_ns, err));
	TRY(message_json(index, message, object, err));
	TRY(axev__json_append(index->messages, axev__steal(object), err));
	index->count++;
	return advance(&index->sides[side], err);
}

/* ---- the document ---- */

/* Where reading ended: before a message that was not taken, else behind the last whole frame. */
static uint64_t read_until(const struct side *side)
{
	if (!side->reader)
		return 0;
	return side->has_next ? side->next.offset : axev__websocket_offset(side->reader);
}

static const char *why_unread(const struct side *side, uint64_t unread_bytes)
{
	if (side->has_next)
		return "more messages than are read";
	if (side->why[0])
		return side->why;
	return unread_bytes ? "ends inside of a frame" : NULL;
}

static int set_side(const struct side *side, axev__json *document, const char *key, uint64_t dropped_bytes,
		    axev_error *err)
{
	AXEV__JSON *object = axev__json_new_object();
	uint64_t unread_bytes = side->bytes.size - read_until(side);
	const char *why = why_unread(side, unread_bytes);

	TRY(set_decimal(object, "bytes", side->bytes.size, err));
	TRY(set_sha256(object, "sha256", side->bytes, err));
	TRY(set_decimal(object, "dropped_bytes", dropped_bytes, err));
	TRY(set_decimal(object, "unread_bytes", unread_bytes, err));
	if (why)
		TRY(axev__json_set_str(object, "unread_because", why, err));
	return axev__json_set(document, key, axev__steal(object), err);
}

int axev__websocket_index_end(struct axev__websocket_index *index, const axev__json *head,
			      const uint64_t dropped_bytes[2], axev__json **ret_document, axev_error *err)
{
	AXEV__JSON *document = axev__json_copy(head);
	unsigned i;

	TRY(axev__json_set_str(document, "format", "ax-wire-websocket/1", err));
	for (i = 0; i < 2; i++)
		TRY(set_side(&index->sides[i], document, side_names[i], dropped_bytes[i], err));
	TRY(axev__json_set(document, "messages", axev__steal(index->messages), err));
	*ret_document = axev__steal(document);
	return AXEV_OK;
}

/* ---- checking ---- */

static int read_given(const axev__json *stated, axev__json *head, struct axev__span *ret_extensions,
		      axev_error *err)
{
	struct axev__span text;
	uint64_t number;
	size_t i;

	TRY(axev__json_u64(stated, "connection", &number, err));
	TRY(axev__json_string(stated, "url", &text, err));
	TRY(axev__json_string(stated, "extensions", ret_extensions, err));
	for (i = 0; i < AXEV__COUNT(given); i++)
		if (axev__json_get(stated, given[i]))
			TRY(axev__json_set(head, given[i], axev__json_copy(axev__json_get(stated, given[i])),
					   err));
	return AXEV_OK;
}

static int read_dropped(const axev__json *stated, uint64_t dropped_bytes[2], axev_error *err)
{
	struct axev__span text;
	axev__json *side;
	unsigned i;

	for (i = 0; i < 2; i++) {
		TRY(axev__json_object(stated, side_names[i], &side, err));
		TRY(axev__json_string(side, "dropped_bytes", &text, err));
		if (!axev__parse_u64(text, INT64_MAX, &dropped_bytes[i]))
			return axev__fail(err, AXEV_E_FORMAT, "member 'dropped_bytes': expected a number");
	}
	return AXEV_OK;
}

static int follow(struct axev__websocket_index *index, const axev__json *stated, axev_error *err)
{
	struct axev__span from;
	int64_t began_ns, ended_ns;
	enum axev__websocket_side side;

	TRY(axev__json_string(stated, "from", &from, err));
	TRY(axev__json_time(stated, "began", &began_ns, err));
	TRY(axev__json_time(stated, "ended", &ended_ns, err));
	side = axev__span_is(from, from_names[AXEV__WEBSOCKET_SERVER]) ? AXEV__WEBSOCKET_SERVER :
									 AXEV__WEBSOCKET_CLIENT;
	if (!axev__websocket_index_next(index, side))
		return axev__fail(err, AXEV_E_INVALID, "message %zu: the bytes hold no further message of the %s",
				  index->count, from_names[side]);
	return axev__websocket_index_take(index, side, began_ns, ended_ns, err);
}

static int follow_all(struct axev__websocket_index *index, const axev__json *stated, axev_error *err)
{
	axev__json *messages;
	unsigned side;
	size_t i;

	TRY(axev__json_array(stated, "messages", &messages, err));
	for (i = 0; i < axev__json_count(messages); i++)
		TRY(follow(index, axev__json_at(messages, i), err));
	for (side = 0; side < 2; side++)
		if (axev__websocket_index_next(index, side))
			return axev__fail(err, AXEV_E_INVALID,
					  "the bytes hold a message of the %s that is not in the list",
					  from_names[side]);
	return AXEV_OK;
}

static int compare(const axev__json *made, struct axev__span document, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_WEBSOCKET_INDEX_BYTES);

	TRY(axev__json_canonical(made, &bytes, err));
	if (!axev__span_equal(axev__buf_view(&bytes), document))
		return axev__fail(err, AXEV_E_INVALID, "is not what its bytes give");
	return AXEV_OK;
}

int axev__websocket_index_check(struct axev__span document, struct axev__span client,
				struct axev__span server, uint64_t *ret_messages, axev_error *err)
{
	AXEV__JSON *stated = NULL, *made = NULL, *head = axev__json_new_object();
	AXEV__WEBSOCKET_INDEX *index = NULL;
	struct axev__span extensions;
	uint64_t dropped_bytes[2];

	TRY(axev__json_parse_canonical(document, &stated, err));
	TRY(read_given(stated, head, &extensions, err));
	TRY(read_dropped(stated, dropped_bytes, err));
	TRY(axev__websocket_index_new(client, server, extensions, &index, err));
	TRY(follow_all(index, stated, err));
	*ret_messages = index->count;
	TRY(axev__websocket_index_end(index, head, dropped_bytes, &made, err));
	return compare(made, document, err);
}
