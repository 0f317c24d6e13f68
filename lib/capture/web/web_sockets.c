/* SPDX-License-Identifier: Apache-2.0 */
/* The WebSockets of a capture as objects below wire/. */
#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "capture/web/web.h"

struct sockets {
	struct axev__web *web;
	uint8_t *is_stored;
	unsigned count;
};

static int add_bytes(struct axev__web *web, unsigned number, const char *suffix, struct axev__span bytes,
		     axev_error *err)
{
	char name[48];

	snprintf(name, sizeof(name), "wire/websocket-%03u.%s", number, suffix);
	return axev__web_object(web, name, "wire", "application/octet-stream", NULL, bytes, err);
}

/* Made of the other two, and made again by whoever verifies. */
static int add_index(struct axev__web *web, unsigned number, const axev__json *index, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_WEBSOCKET_INDEX_BYTES);
	char path[48], name[48], from[112];
	struct axev__object object = { .path = path,
				       .media_type = "application/json",
				       .role = "wire",
				       .derived_from = from,
				       .modified_ns = INT64_MIN,
				       .mode = -1 };
	struct axev__digests digests;

	snprintf(name, sizeof(name), "wire/websocket-%03u.json", number);
	snprintf(path, sizeof(path), "data/wire/websocket-%03u.json", number);
	snprintf(from, sizeof(from), "data/wire/websocket-%03u.sent, data/wire/websocket-%03u.received", number,
		 number);
	object.name = axev__span_str(name);
	TRY(axev__json_canonical(index, &bytes, err));
	TRY(axev__container_add(web->take->writer, path, axev__buf_view(&bytes), &digests, err));
	return axev__take_object(web->take, &object, &digests, err);
}

static int note_rest(struct axev__web *web, const struct axev__socket *socket, const char *key, axev_error *err)
{
	const axev__json *side = axev__json_get(socket->index, key);
	struct axev__span dropped = axev__span("", 0), reason;
	char why[256];

	axev__json_as_string(axev__json_get(side, "dropped_bytes"), &dropped);
	if (!axev__span_is(dropped, "0")) {
		snprintf(why, sizeof(why), "%.*s bytes of its messages were not kept", (int)dropped.size,
			 (const char *)dropped.data);
		TRY(axev__web_missing(web, socket->url, why, err));
	}
	if (!axev__json_as_string(axev__json_get(side, "unread_because"), &reason))
		return AXEV_OK;
	return axev__web_missing(web, socket->url, "not all bytes of its messages could be read", err);
}

static int add_socket(void *payload, const struct axev__socket *socket, axev_error *err)
{
	struct sockets *sockets = payload;
	unsigned number = ++sockets->count;

	TRY(add_bytes(sockets->web, number, "sent", socket->sent, err));
	TRY(add_bytes(sockets->web, number, "received", socket->received, err));
	TRY(add_index(sockets->web, number, socket->index, err));
	TRY(note_rest(sockets->web, socket, "sent", err));
	TRY(note_rest(sockets->web, socket, "received", err));
	if (socket->stream && socket->request < axev__wire_request_count(sockets->web->wire))
		sockets->is_stored[socket->request] = 1;
	return AXEV_OK;
}

int axev__web_sockets(struct axev__web *web, uint8_t *is_stored, axev_error *err)
{
	struct sockets sockets = { web, is_stored, 0 };

	return axev__wire_socket_each(web->wire, add_socket, &sockets, err);
}
