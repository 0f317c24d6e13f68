/* SPDX-License-Identifier: Apache-2.0 */
/* First byte: side, and what was agreed on; then its bytes. All of it is also indexed, and the index checked. */
#include "base/limits.h"
#include "content/websocket_index.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds)
{
	if (!holds)
		__builtin_trap();
}

static void read_messages(struct axev__span bytes, enum axev__websocket_side side, struct axev__span extensions)
{
	AXEV__WEBSOCKET *reader = NULL;
	struct axev__websocket_terms terms;
	struct axev__websocket_message message;
	uint64_t end = 0;
	bool is_found = true;

	need(axev__websocket_terms(extensions, &terms, NULL) == AXEV_OK);
	if (axev__websocket_new(bytes, side, &terms, &reader, NULL) < 0)
		return;
	while (axev__websocket_next(reader, &message, &is_found, NULL) == AXEV_OK && is_found) {
		need(message.frames > 0 && message.offset < message.end_offset);
		need(message.is_unfinished || message.end_offset > end);
		need(message.end_offset <= bytes.size);
		end = message.end_offset;
	}
	need(axev__websocket_offset(reader) <= bytes.size);
}

static void index_and_check(struct axev__span bytes, enum axev__websocket_side side, struct axev__span extensions)
{
	struct axev__span empty = axev__span("", 0);
	struct axev__span client = side == AXEV__WEBSOCKET_CLIENT ? bytes : empty;
	struct axev__span server = side == AXEV__WEBSOCKET_SERVER ? bytes : empty;
	const uint64_t dropped[2] = { 0, 1 };
	AXEV__WEBSOCKET_INDEX *index = NULL;
	AXEV__JSON *head = axev__json_new_object(), *document = NULL;
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_WEBSOCKET_INDEX_BYTES);
	uint64_t messages;

	need(axev__json_set_u64(head, "connection", 3, NULL) == AXEV_OK &&
	     axev__json_set_str(head, "url", "https://a.example/", NULL) == AXEV_OK &&
	     axev__json_set_string(head, "extensions", extensions, NULL) == AXEV_OK);
	need(axev__websocket_index_new(client, server, extensions, &index, NULL) == AXEV_OK);
	while (axev__websocket_index_next(index, side))
		need(axev__websocket_index_take(index, side, 1, 2, NULL) == AXEV_OK);
	need(axev__websocket_index_end(index, head, dropped, &document, NULL) == AXEV_OK);
	need(axev__json_canonical(document, &text, NULL) == AXEV_OK);
	need(axev__websocket_index_check(axev__buf_view(&text), client, server, &messages, NULL) == AXEV_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const extensions[] = {
		"", "permessage-deflate", "",
		"permessage-deflate; client_no_context_takeover; server_no_context_takeover; server_max_window_bits=9"
	};
	enum axev__websocket_side side;
	struct axev__span agreed;

	if (size == 0)
		return 0;
	side = data[0] & 1 ? AXEV__WEBSOCKET_SERVER : AXEV__WEBSOCKET_CLIENT;
	agreed = axev__span_str(extensions[data[0] >> 1 & 3]);
	read_messages(axev__span(data + 1, size - 1), side, agreed);
	index_and_check(axev__span(data + 1, size - 1), side, agreed);
	return 0;
}
