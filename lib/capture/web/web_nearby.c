/* SPDX-License-Identifier: Apache-2.0 */
/* A public page that reaches into the network of whoever looks at it is a finding of its own: recorded, never hindered. */
#include "capture/web/web_nearby.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/web.h"

#define MAX_NAMED 5
#define MAX_NAME_BYTES 200

void axev__web_nearby_met(struct axev__web *web, const struct axev__exchange *exchange)
{
	const struct axev__wire_request *request = axev__wire_request_at(web->wire, exchange->request);
	struct axev__wire_peer peer;

	if (!request || strcmp(request->type, "main frame") != 0)
		return;
	axev__wire_peer(web->wire, exchange->connection, &peer);
	if (peer.space > web->nearby.page)
		web->nearby.page = peer.space;
}

static int name(struct axev__buf *names, const struct axev__wire_peer *peer, axev_error *err)
{
	struct axev__shown shown;

	return axev__buf_printf(names, err, "%s%s (%s)", names->size ? ", " : "", axev__show_str(&shown, peer->address),
				axev__space_name(peer->space));
}

static int count(struct axev__web *web, struct axev__buf *names, axev_error *err)
{
	uint64_t found = 0;
	size_t i;

	for (i = 0; i < axev__wire_connection_count(web->wire); i++) {
		struct axev__wire_peer peer;

		axev__wire_peer(web->wire, i, &peer);
		if (!axev__space_is_nearer(peer.space, web->nearby.page))
			continue;
		*(peer.is_connected ? &web->nearby.connections : &web->nearby.attempts) += 1;
		if (++found <= MAX_NAMED)
			TRY(name(names, &peer, err));
	}
	return found > MAX_NAMED ? axev__buf_str(names, " ...", err) : AXEV_OK;
}

static int tell_connections(struct axev__web *web, axev_error *err)
{
	AXEV__BUF names = AXEV__BUF_INIT(16 * AXEV__KIB), text = AXEV__BUF_INIT(20 * AXEV__KIB);
	const struct axev__web_nearby *nearby = &web->nearby;

	TRY(count(web, &names, err));
	if (nearby->connections + nearby->attempts == 0)
		return AXEV_OK;
	TRY(axev__buf_byte(&names, '\0', err));
	TRY(axev__buf_printf(&text, err, "page from a %s address; %" PRIu64 " connections, %" PRIu64 " failed: %s",
			     axev__space_name(nearby->page), nearby->connections, nearby->attempts,
			     (const char *)names.data));
	return axev__take_step(web->take, "connections to nearer addresses", (const char *)text.data, err);
}

int axev__web_note_nearby(struct axev__web *web, axev_error *err)
{
	const struct axev__page *page = web->page;
	AXEV__BUF text = AXEV__BUF_INIT(4 * AXEV__MAX_WEB_FACT_BYTES);
	struct axev__shown shown;

	TRY(tell_connections(web, err));
	if (page->file_attempts == 0)
		return AXEV_OK;
	TRY(axev__buf_printf(&text, err, "%" PRIu64 " not let through by the browser, first %s", page->file_attempts,
			     axev__show_str(&shown, page->file_url ? page->file_url : "")));
	return axev__take_step(web->take, "files of this machine that the page asked for", (const char *)text.data, err);
}

int axev__web_nearby_facts(const struct axev__web *web, axev__json *source, axev_error *err)
{
	const struct axev__web_nearby *nearby = &web->nearby;

	if (nearby->page == AXEV__SPACE_UNKNOWN)
		return AXEV_OK;
	TRY(axev__json_set_str(source, "address_space", axev__space_name(nearby->page), err));
	TRY(axev__json_set_u64(source, "nearer_connections", nearby->connections, err));
	TRY(axev__json_set_u64(source, "nearer_attempts", nearby->attempts, err));
	return axev__json_set_u64(source, "file_attempts", web->page->file_attempts, err);
}

int axev__page_note_log(struct axev__page *page, const axev__json *params, axev_error *err)
{
	static const char said[] = "Not allowed to load local resource: ";
	const axev__json *entry = axev__json_get(params, "entry");
	struct axev__span text, url;

	if (!axev__json_as_string(axev__json_get(entry, "text"), &text) || !axev__span_starts(text, said))
		return AXEV_OK;
	url = axev__span(text.data + sizeof(said) - 1, text.size - (sizeof(said) - 1));
	if (!axev__span_starts(url, "file:"))
		return AXEV_OK;
	if (page->file_attempts++ || page->file_url)
		return AXEV_OK;
	page->file_url = strndup((const char *)url.data, url.size < MAX_NAME_BYTES ? url.size : MAX_NAME_BYTES);
	return page->file_url ? AXEV_OK : axev__nomem(err);
}
