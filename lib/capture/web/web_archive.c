/* SPDX-License-Identifier: Apache-2.0 */
/* The exchanges as WARC in WACZ, and the count of what the log saw against what the WARC has. */
#include <inttypes.h>
#include <stdio.h>

#include "axev_config.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "capture/web/web.h"
#include "content/warc_write.h"
#include "package/wacz_write.h"

#define UUID_SIZE 37
#define VISIT_SLACK_NS (50 * 1000000)

/* RFC 9562 version 4. */
static int make_uuid(const axev_env *env, char out[UUID_SIZE], axev_error *err)
{
	uint8_t bytes[16];
	char hex[33];

	TRY(axev__random(env, bytes, sizeof(bytes), err));
	bytes[6] = (uint8_t)((bytes[6] & 0x0F) | 0x40);
	bytes[8] = (uint8_t)((bytes[8] & 0x3F) | 0x80);
	axev__hex(hex, bytes, sizeof(bytes));
	snprintf(out, UUID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
	return AXEV_OK;
}

/* ---- records ---- */

struct archive {
	struct axev__web *web;
	struct axev__warc_writer warc;
	uint8_t *is_stored; /* of each request of the log: its answer is in the WARC */
	char *document_url; /* the exchange that brought the document; NULL: none seen yet */
	int64_t document_ns;
	char *first_url;    /* of any exchange, for a page that never came */
	int64_t first_ns;
	int64_t *visit_ns;  /* of the exchange that brought each document of a steered page; 0: none seen */
};

static int write_warcinfo(struct archive *archive, axev_error *err)
{
	AXEV__BUF fields = AXEV__BUF_INIT(16 * AXEV__KIB);
	struct axev__warc_record record = { .type = "warcinfo", .content_type = "application/warc-fields" };
	struct axev__warc_place place;
	char id[UUID_SIZE];

	TRY(make_uuid(archive->web->take->env, id, err));
	TRY(axev__buf_printf(&fields, err,
			     "software: ax_evidence/%s\r\nformat: WARC File Format 1.1\r\nhttp-header-user-agent: %s\r\n",
			     AXEV_VERSION,
			     archive->web->page->user_agent ? archive->web->page->user_agent : ""));
	record.id = id;
	record.date_ns = archive->web->page->navigate_ns;
	record.block = axev__buf_view(&fields);
	return axev__warc_write(&archive->warc, &record, &place, err);
}

static int write_answer(struct archive *archive, const struct axev__exchange *exchange, const char *id,
			const char *const *protocols, axev_error *err)
{
	const struct axev__warc_record record = {
		.type = "response",
		.id = id,
		.date_ns = exchange->request_ns,
		.target_uri = exchange->url,
		.content_type = "application/http;msgtype=response",
		.ip_address = exchange->ip_address,
		.truncated = exchange->truncated,
		.protocols = protocols,
		.block = exchange->response_head,
		.block_rest = exchange->response_body,
		.payload_sha256 = exchange->payload_sha256,
	};
	struct axev__warc_place place;

	archive->web->payload_bytes += exchange->payload_bytes;
	TRY(axev__web_note_cut(archive->web, exchange, err));
	if (exchange->request < axev__wire_request_count(archive->web->wire))
		archive->is_stored[exchange->request] = 1;
	TRY(axev__web_record_add(&archive->web->records, exchange->request, id, err));
	return axev__warc_write(&archive->warc, &record, &place, err);
}

static int write_request(struct archive *archive, const struct axev__exchange *exchange,
			 const char *concurrent_to, const char *const *protocols, axev_error *err)
{
	struct axev__warc_record record = {
		.type = "request",
		.date_ns = exchange->request_ns,
		.target_uri = exchange->url,
		.content_type = "application/http;msgtype=request",
		.ip_address = exchange->ip_address,
		.concurrent_to = concurrent_to,
		.protocols = protocols,
		.block_rest = exchange->request_body,
	};
	AXEV__BUF head = AXEV__BUF_INIT(exchange->request_head.size + 1);
	struct axev__warc_place place;
	char id[UUID_SIZE];

	TRY(axev__login_look_at(archive->web, exchange, err));
	TRY(axev__login_mask(archive->web, exchange, &head, &record.is_masked, err));
	record.block = record.is_masked ? axev__buf_view(&head) : exchange->request_head;
	TRY(make_uuid(archive->web->take->env, id, err));
	record.id = id;
	return axev__warc_write(&archive->warc, &record, &place, err);
}

static bool same_address(const char *a, const char *b)
{
	size_t length = a ? strcspn(a, "#") : 0;

	return a && b && length == strcspn(b, "#") && memcmp(a, b, length) == 0;
}

/* The first answer from its address after it was asked for. Both clocks are the browser's, read a moment apart. */
static bool brought(const struct axev__page_visit *visit, const struct axev__exchange *exchange)
{
	return exchange->status == visit->status && same_address(visit->url, exchange->url) &&
	       exchange->request_ns >= visit->begun_ns - VISIT_SLACK_NS;
}

static int note_visits(struct archive *archive, const struct axev__exchange *exchange, axev_error *err)
{
	struct axev__web *web = archive->web;
	size_t i;

	for (i = 0; i < web->page->visit_count; i++) {
		if (!brought(&web->page->visits[i], exchange) ||
		    (archive->visit_ns[i] && archive->visit_ns[i] <= exchange->request_ns))
			continue;
		archive->visit_ns[i] = exchange->request_ns;
		if (i + 1 < web->page->visit_count)
			continue;
		/* The last is the one that is shown. */
		web->connection = exchange->connection;
		archive->document_ns = exchange->request_ns;
		axev__buf_clear(&web->document_head);
		TRY(axev__buf_span(&web->document_head, exchange->response_head, err));
		free(archive->document_url);
		archive->document_url = strdup(exchange->url);
		if (!archive->document_url)
			return axev__nomem(err);
	}
	return AXEV_OK;
}

/* Pages that licence marks led to. */
static void note_targets(struct axev__web *web, const struct axev__exchange *exchange)
{
	size_t i;

	for (i = 0; i < web->subject->target_count; i++) {
		struct axev__site_target *target = &web->subject->targets[i];
		const struct axev__page_visit visit = { target->document_url, target->status, target->asked_ns };

		if (target->document_url && brought(&visit, exchange) &&
		    (!target->exchange_ns || target->exchange_ns > exchange->request_ns))
			target->exchange_ns = exchange->request_ns;
	}
}

/* The last answer from the document's address, before anything that the page loads from there again. */
static int note_document(struct archive *archive, const struct axev__exchange *exchange, axev_error *err)
{
	struct axev__web *web = archive->web;

	note_targets(web, exchange);
	if (!archive->first_url) {
		archive->first_ns = exchange->request_ns;
		archive->first_url = strdup(exchange->url);
		if (!archive->first_url)
			return axev__nomem(err);
	}
	if (web->page->is_steered)
		return note_visits(archive, exchange, err);
	if (archive->document_url || !same_address(web->page->document_url, exchange->url) ||
	    exchange->status != web->page->status)
		return AXEV_OK;
	archive->document_ns = exchange->request_ns;
	web->connection = exchange->connection;
	archive->document_url = strdup(exchange->url);
	if (!archive->document_url)
		return axev__nomem(err);
	return axev__buf_span(&web->document_head, exchange->response_head, err);
}

static int write_exchange(void *payload, const struct axev__exchange *exchange, axev_error *err)
{
	struct archive *archive = payload;
	const char *const protocols[] = { exchange->protocol, exchange->tls_version, NULL };
	char id[UUID_SIZE];

	if (exchange->status == 0)
		return write_request(archive, exchange, NULL, protocols, err);
	axev__web_nearby_met(archive->web, exchange);
	TRY(make_uuid(archive->web->take->env, id, err));
	TRY(write_answer(archive, exchange, id, protocols, err));
	TRY(write_request(archive, exchange, id, protocols, err));
	return note_document(archive, exchange, err);
}

/* ---- counts ---- */

static int reconcile(struct archive *archive, axev_error *err)
{
	const struct axev__wire *wire = archive->web->wire;
	size_t i;

	for (i = 0; i < axev__wire_request_count(wire); i++) {
		const struct axev__wire_request *request = axev__wire_request_at(wire, i);

		if (request->has_answer && !archive->is_stored[i])
			TRY(axev__web_missing(archive->web, request->url,
					      "answered, and the answer was not found on a connection",
					      err));
	}
	return AXEV_OK;
}

/* ---- the file ---- */

static int add_wacz(struct axev__web *web, int wacz_fd, axev_error *err)
{
	struct axev__spill wacz = { .fd = wacz_fd };

	TRY(axev__file_size(wacz_fd, &wacz.size_bytes, err));
	return axev__web_spilled_object(web, "data/page.wacz", axev__span_str("page.wacz"), "wacz", "application/wacz", NULL, &wacz,
					err);
}

struct pages {
	struct axev__wacz_page *list;
	char (*ids)[32];
	size_t count;
};

static void pages_end(struct pages *pages)
{
	free(pages->list);
	free(pages->ids);
}

/* The page that is shown comes first, then where the operator's steps led before, in their order. */
static int list_pages(const struct archive *archive, struct pages *pages, axev_error *err)
{
	const struct axev__page *page = archive->web->page;
	const struct axev__site_subject *subject = archive->web->subject;
	size_t i, visits = page->is_steered ? page->visit_count : 0, room = visits + 1 + subject->target_count;

	pages->list = calloc(room, sizeof(*pages->list));
	pages->ids = calloc(room, sizeof(*pages->ids));
	if (!pages->list || !pages->ids)
		return axev__nomem(err);
	pages->list[pages->count++] = (struct axev__wacz_page){
		.id = "page",
		.url = archive->document_url ? archive->document_url : archive->first_url,
		.time_ns = archive->document_url ? archive->document_ns : archive->first_ns,
		.title = page->title,
	};
	for (i = 0; i + 1 < visits; i++) {
		if (!archive->visit_ns[i] || pages->count == AXEV__MAX_WACZ_PAGES)
			continue;
		snprintf(pages->ids[i], sizeof(pages->ids[i]), "visit-%zu", i + 1);
		pages->list[pages->count++] = (struct axev__wacz_page){
			.id = pages->ids[i], .url = page->visits[i].url, .time_ns = archive->visit_ns[i]
		};
	}
	for (i = 0; i < subject->target_count; i++) {
		const struct axev__site_target *target = &subject->targets[i];

		if (!target->exchange_ns || pages->count == AXEV__MAX_WACZ_PAGES)
			continue;
		snprintf(pages->ids[visits + i], sizeof(pages->ids[0]), "licence-%zu", i + 1);
		pages->list[pages->count++] = (struct axev__wacz_page){ .id = pages->ids[visits + i],
									.url = target->document_url,
									.time_ns = target->exchange_ns,
									.title = target->title };
	}
	return AXEV_OK;
}

static int make_wacz(struct archive *archive, int warc_fd, axev_error *err)
{
	struct axev__web *web = archive->web;
	AXEV__CLOSE int wacz_fd = -1;
	AXEV__CLEANUP(pages_end) struct pages pages = { 0 };
	struct axev__wacz_about about = {
		.title = web->page->title,
		.created_ns = web->page->navigate_ns,
	};

	TRY(list_pages(archive, &pages, err));
	about.pages = pages.list;
	about.page_count = pages.count;

	TRY(axev__web_scratch(web, &wacz_fd, err));
	TRY(axev__wacz_write(wacz_fd, warc_fd, &about, web->take->env, err));
	return add_wacz(web, wacz_fd, err);
}

static void archive_end(struct archive *archive)
{
	free(archive->is_stored);
	free(archive->visit_ns);
	free(archive->document_url);
	free(archive->first_url);
}

int axev__web_archive(struct axev__web *web, axev_error *err)
{
	AXEV__CLOSE int warc_fd = -1;
	AXEV__CLEANUP(archive_end) struct archive archive = { .web = web };

	archive.is_stored = calloc(axev__wire_request_count(web->wire) + 1, 1);
	archive.visit_ns = calloc(web->page->visit_count + 1, sizeof(*archive.visit_ns));
	if (!archive.is_stored || !archive.visit_ns)
		return axev__nomem(err);
	TRY(axev__web_scratch(web, &warc_fd, err));
	archive.warc.fd = warc_fd;
	TRY(write_warcinfo(&archive, err));
	TRY(axev__wire_each(web->wire, write_exchange, &archive, err));
	TRY(axev__web_sockets(web, archive.is_stored, err));
	TRY(reconcile(&archive, err));
	if (!archive.document_url && !web->page->failure)
		TRY(axev__web_missing(web, web->opts->url,
				      "the document that is shown was not found on a connection", err));
	return archive.first_url ? make_wacz(&archive, warc_fd, err) : AXEV_OK;
}
