/* SPDX-License-Identifier: Apache-2.0 */
/* What a page reached, or wanted to reach, that is nearer to this machine than itself. */
#ifndef AXEV_CAPTURE_WEB_NEARBY_H
#define AXEV_CAPTURE_WEB_NEARBY_H

#include "base/json.h"
#include "capture/wire/wire.h"

struct axev__web;
struct axev__page;

struct axev__web_nearby {
	enum axev__space page; /* the farthest that a document or redirect of the main frame came from */
	uint64_t connections, attempts;
};

/* Before axev__web_note_nearby: an answer of the main frame came over this connection. */
void axev__web_nearby_met(struct axev__web *web, const struct axev__exchange *exchange);

/* Counts, and tells it as a step of the capture. */
int axev__web_note_nearby(struct axev__web *web, axev_error *err);

/* Members of the manifest's source. */
int axev__web_nearby_facts(const struct axev__web *web, axev__json *source, axev_error *err);

/* Log.entryAdded: the browser did not let a file: address be loaded. */
int axev__page_note_log(struct axev__page *page, const axev__json *params, axev_error *err);

#endif
