/* SPDX-License-Identifier: Apache-2.0 */
#include "content/http1.h"

#include <strings.h>

#include "base/text.h"

static struct axev__span from(struct axev__span text, size_t offset)
{
	return axev__span(text.data + offset, text.size - offset);
}

static struct axev__span trim(struct axev__span text)
{
	while (text.size && (text.data[0] == ' ' || text.data[0] == '\t'))
		text = from(text, 1);
	while (text.size && strchr(" \t\r", text.data[text.size - 1]))
		text.size--;
	return text;
}

/* One line without its LF; RFC 9112 2.2 lets a recipient take a bare LF. */
static bool next_line(struct axev__span *rest, struct axev__span *ret_line)
{
	const uint8_t *end = rest->size ? memchr(rest->data, '\n', rest->size) : NULL;

	if (!end)
		return false;
	*ret_line = axev__span(rest->data, (size_t)(end - rest->data));
	*rest = from(*rest, ret_line->size + 1);
	return true;
}

static bool is_empty_line(struct axev__span line)
{
	return line.size == 0 || (line.size == 1 && line.data[0] == '\r');
}

int axev__http1_head(struct axev__span stream, struct axev__span *ret_head, bool *ret_found,
		     axev_error *err)
{
	struct axev__span rest = stream, line;

	*ret_found = false;
	while (next_line(&rest, &line)) {
		size_t used = stream.size - rest.size;

		if (used > AXEV__MAX_HTTP1_HEAD_BYTES)
			break;
		if (!is_empty_line(line))
			continue;
		*ret_head = axev__span(stream.data, used);
		*ret_found = true;
		return AXEV_OK;
	}
	if (stream.size > AXEV__MAX_HTTP1_HEAD_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "expected an HTTP head of at most %zu bytes, found more",
				  AXEV__MAX_HTTP1_HEAD_BYTES);
	return AXEV_OK;
}

static bool field_value(struct axev__span line, const char *name, struct axev__span *ret_value)
{
	size_t length = strlen(name);

	if (line.size <= length || line.data[length] != ':' ||
	    strncasecmp((const char *)line.data, name, length) != 0)
		return false;
	*ret_value = trim(from(line, length + 1));
	return true;
}

bool axev__http1_field(struct axev__span head, const char *name, struct axev__span *ret_value)
{
	struct axev__span line;

	while (next_line(&head, &line))
		if (field_value(line, name, ret_value))
			return true;
	return false;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 9112 7.1: 1*HEXDIG, then perhaps extensions. */
static int chunk_size(struct axev__span line, uint64_t offset, size_t *ret_size, axev_error *err)
{
	size_t size = 0, i;

	line = trim(line);
	for (i = 0; i < line.size && hex_digit(line.data[i]) >= 0; i++) {
		if (size > SIZE_MAX >> 5)
			return axev__fail_at(err, AXEV_E_LIMIT, offset, "chunk size is out of range");
		size = size << 4 | (size_t)hex_digit(line.data[i]);
	}
	if (i == 0 || (i < line.size && !strchr("; \t", line.data[i])))
		return axev__fail_at(err, AXEV_E_FORMAT, offset,
				     "expected a chunk size, found something else");
	*ret_size = size;
	return AXEV_OK;
}

static bool skip_trailers(struct axev__span *rest)
{
	struct axev__span line;

	while (next_line(rest, &line))
		if (is_empty_line(line))
			return true;
	return false;
}

static int give(const struct axev__http1_payload *payload, struct axev__span piece, axev_error *err)
{
	if (!payload || piece.size == 0)
		return AXEV_OK;
	return payload->take(payload->context, piece, err);
}

static int read_chunks(struct axev__span body, struct axev__http1_message *message,
		       const struct axev__http1_payload *payload, axev_error *err)
{
	struct axev__span rest = body, line;
	size_t size = 0, room;

	message->framed = body;
	while (next_line(&rest, &line)) {
		TRY(chunk_size(line, (uint64_t)(line.data - body.data) + message->head.size, &size, err));
		if (size == 0) {
			message->is_complete = skip_trailers(&rest);
			if (message->is_complete)
				message->framed.size = body.size - rest.size;
			return AXEV_OK;
		}
		room = size < rest.size ? size : rest.size;
		TRY(give(payload, axev__span(rest.data, room), err));
		rest = from(rest, room);
		if (rest.size == 0)
			return AXEV_OK;
		if (rest.data[0] == '\r' && rest.size == 1)
			return AXEV_OK;
		if (!next_line(&rest, &line) || !is_empty_line(line))
			return axev__fail_at(err, AXEV_E_FORMAT,
					     (uint64_t)(rest.data - body.data) + message->head.size,
					     "expected the end of a chunk, found more data");
	}
	return AXEV_OK;
}

static int take_body(struct axev__span body, size_t wanted, struct axev__http1_message *message,
		     const struct axev__http1_payload *payload, axev_error *err)
{
	message->is_complete = body.size >= wanted;
	if (body.size > wanted)
		body.size = wanted;
	message->framed = body;
	return give(payload, body, err);
}

/* RFC 9112 6.3: Transfer-Encoding wins over Content-Length. */
static int read_body(struct axev__span body, bool to_close, bool is_closed,
		     struct axev__http1_message *message, const struct axev__http1_payload *payload,
		     axev_error *err)
{
	struct axev__span value;
	uint64_t length = 0;

	if (axev__http1_field(message->head, "transfer-encoding", &value)) {
		if (value.size != 7 || strncasecmp((const char *)value.data, "chunked", 7) != 0)
			return axev__fail(err, AXEV_E_UNSUPPORTED,
					  "expected transfer-encoding chunked, found another");
		message->is_chunked = true;
		message->is_complete = false;
		return read_chunks(body, message, payload, err);
	}
	if (axev__http1_field(message->head, "content-length", &value)) {
		if (!axev__parse_u64(value, SIZE_MAX, &length))
			return axev__fail(err, AXEV_E_FORMAT,
					  "expected a decimal content-length, found something else");
		return take_body(body, (size_t)length, message, payload, err);
	}
	TRY(take_body(body, to_close ? body.size : 0, message, payload, err));
	message->is_complete = !to_close || is_closed;
	return AXEV_OK;
}

static bool next_word(struct axev__span *rest, struct axev__span *ret_word)
{
	const uint8_t *end = rest->size ? memchr(rest->data, ' ', rest->size) : NULL;

	if (!end || end == rest->data)
		return false;
	*ret_word = axev__span(rest->data, (size_t)(end - rest->data));
	*rest = from(*rest, ret_word->size + 1);
	return true;
}

static int start(struct axev__span stream, struct axev__http1_message *message, bool *ret_found,
		 axev_error *err)
{
	memset(message, 0, sizeof(*message));
	message->size_bytes = stream.size;
	return axev__http1_head(stream, &message->head, ret_found, err);
}

int axev__http1_request(struct axev__span stream, struct axev__http1_message *ret_message,
			const struct axev__http1_payload *payload, axev_error *err)
{
	struct axev__http1_message message;
	struct axev__span rest;
	bool found;

	TRY(start(stream, &message, &found, err));
	if (found) {
		rest = message.head;
		if (!next_word(&rest, &message.method) || !next_word(&rest, &message.target) ||
		    !axev__span_starts(rest, "HTTP/1."))
			return axev__fail_at(err, AXEV_E_FORMAT, 0, "expected an HTTP/1 request line");
		TRY(read_body(from(stream, message.head.size), false, false, &message, payload, err));
		message.size_bytes = message.head.size + message.framed.size;
	}
	*ret_message = message;
	return AXEV_OK;
}

static bool parse_status(struct axev__span head, uint32_t *ret_status)
{
	uint64_t status;

	if (head.size < 13 || !axev__span_starts(head, "HTTP/1.") || head.data[8] != ' ' ||
	    !axev__parse_u64(axev__span(head.data + 9, 3), 999, &status) || status < 100)
		return false;
	*ret_status = (uint32_t)status;
	return true;
}

int axev__http1_response(struct axev__span stream, bool to_head, bool is_closed,
			 struct axev__http1_message *ret_message,
			 const struct axev__http1_payload *payload, axev_error *err)
{
	struct axev__http1_message message;
	bool found;

	TRY(start(stream, &message, &found, err));
	if (found) {
		if (!parse_status(message.head, &message.status))
			return axev__fail_at(err, AXEV_E_FORMAT, 0, "expected an HTTP/1 status line");
		message.is_interim = message.status < 200 && message.status != 101;
		message.is_complete = true;
		/* RFC 9112 6.3 rule 1: these have no body, whatever their fields say. */
		if (!to_head && message.status >= 200 && message.status != 204 &&
		    message.status != 304)
			TRY(read_body(from(stream, message.head.size), true, is_closed, &message,
				      payload, err));
		message.size_bytes = message.head.size + message.framed.size;
	}
	*ret_message = message;
	return AXEV_OK;
}
