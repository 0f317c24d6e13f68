/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire/requests.json: what the network service was asked for, which records of the WARC answer it, and what the page's
 * side says of it: frame, reason, kind. The two sides share no number, so they are joined by method, address and order.
 */
#include "capture/web/web_requests.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/web.h"

/* ---- records ---- */

int axev__web_record_add(struct axev__web_records *records, size_t request, const char *id, axev_error *err)
{
	size_t room = records->room ? 2 * records->room : 64;
	struct axev__web_record *record;

	if (records->count == records->room) {
		record = reallocarray(records->items, room, sizeof(*record));
		if (!record)
			return axev__nomem(err);
		records->items = record;
		records->room = room;
	}
	record = &records->items[records->count];
	record->request = request;
	record->order = records->count++;
	snprintf(record->id, sizeof(record->id), "%s", id);
	return AXEV_OK;
}

void axev__web_records_free(struct axev__web_records *records)
{
	free(records->items);
	memset(records, 0, sizeof(*records));
}

static int by_request(const void *a, const void *b)
{
	const struct axev__web_record *one = a, *two = b;

	if (one->request != two->request)
		return one->request < two->request ? -1 : 1;
	return one->order < two->order ? -1 : one->order > two->order;
}

/* ---- rows ---- */

struct rows {
	struct axev__web *web;
	struct joined {
		const struct axev__page_sent *sent; /* NULL: none */
		size_t same;
	} *joined; /* of each request of the log */
	size_t next_record;
};

static void rows_end(struct rows *rows)
{
	free(rows->joined);
}

/* Whole; escaped when it is no UTF-8. */
static int set_whole(axev__json *json, const char *key, const char *text, axev_error *err)
{
	AXEV__BUF shown = AXEV__BUF_INIT(64 * AXEV__MIB);

	if (axev__is_utf8(axev__span_str(text)))
		return axev__json_set_str(json, key, text, err);
	TRY(axev__escape(&shown, axev__span_str(text), err));
	return axev__json_set_string(json, key, axev__buf_view(&shown), err);
}

static int set_told(axev__json *json, const char *key, const char *text, axev_error *err)
{
	return text && *text ? set_whole(json, key, text, err) : AXEV_OK;
}

static int set_page(axev__json *row, const struct axev__page_sent *sent, size_t same, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();

	TRY(axev__json_set_time(json, "asked", sent->time_ns, err));
	TRY(axev__json_set_str(json, "told_by", sent->told_by, err));
	TRY(set_told(json, "frame", sent->frame, err));
	TRY(set_told(json, "document_url", sent->document_url, err));
	TRY(set_told(json, "resource_type", sent->type, err));
	TRY(set_told(json, "initiator", sent->initiator, err));
	TRY(set_told(json, "initiator_url", sent->initiator_url, err));
	TRY(set_told(json, "from", sent->from, err));
	TRY(set_told(json, "error", sent->error, err));
	if (same > 1)
		TRY(axev__json_set_u64(json, "one_of", same, err));
	return axev__json_set(row, "page", axev__steal(json), err);
}

static int set_asked(axev__json *json, const struct axev__wire_request *request, axev_error *err)
{
	char number[24];

	TRY(set_whole(json, "url", request->url, err));
	TRY(axev__json_set_str(json, "method", request->method, err));
	TRY(axev__json_set_str(json, "type", request->type, err));
	TRY(axev__json_set_time(json, "started", request->started_ns, err));
	TRY(axev__json_set_bool(json, "answered", request->has_answer, err));
	if (request->is_own)
		TRY(axev__json_set_bool(json, "browsers_own", true, err));
	if (!request->net_error)
		return AXEV_OK;
	snprintf(number, sizeof(number), "%d", request->net_error);
	return axev__json_set_str(json, "net_error", number, err);
}

/* Records are sorted by request, so they are taken from the front. */
static int set_records(struct rows *rows, axev__json *json, size_t index, axev_error *err)
{
	const struct axev__web_records *records = &rows->web->records;
	AXEV__JSON *list = axev__json_new_array();

	while (rows->next_record < records->count && records->items[rows->next_record].request == index)
		TRY(axev__json_append_str(list, records->items[rows->next_record++].id, err));
	return axev__json_count(list) ? axev__json_set(json, "records", axev__steal(list), err) : AXEV_OK;
}

static int add_request(struct rows *rows, size_t index, axev__json *list, axev_error *err)
{
	const struct axev__wire_request *request = axev__wire_request_at(rows->web->wire, index);
	const struct joined *joined = &rows->joined[index];
	AXEV__JSON *json = axev__json_new_object();

	TRY(set_asked(json, request, err));
	TRY(set_records(rows, json, index, err));
	if (joined->sent)
		TRY(set_page(json, joined->sent, joined->same, err));
	rows->web->requests_joined += joined->sent != NULL;
	rows->web->requests_log_only += !joined->sent && !request->is_own;
	return axev__json_append(list, axev__steal(json), err);
}

/* Of these the log knows nothing: out of a cache, answered by a service worker, or never let onto the network. */
static int add_page_only(const struct axev__page_sent_list *sent, axev__json *list, axev_error *err)
{
	size_t i;

	for (i = 0; i < sent->count; i++) {
		const struct axev__page_sent *one = &sent->items[i];
		AXEV__JSON *json = NULL;

		if (one->is_joined)
			continue;
		json = axev__json_new_object();
		TRY(set_whole(json, "url", one->url, err));
		TRY(set_whole(json, "method", one->method, err));
		TRY(set_page(json, one, 1, err));
		TRY(axev__json_append(list, axev__steal(json), err));
	}
	return AXEV_OK;
}

static int add_other_records(const struct rows *rows, axev__json *list, axev_error *err)
{
	const struct axev__web_records *records = &rows->web->records;
	size_t i;

	for (i = rows->next_record; i < records->count; i++)
		TRY(axev__json_append_str(list, records->items[i].id, err));
	return AXEV_OK;
}

/* ---- joining ---- */

/* The page's own first: what the browser asks for by itself takes of the rest. */
static void join(struct rows *rows, bool is_own)
{
	struct axev__web *web = rows->web;
	size_t i;

	for (i = 0; i < axev__wire_request_count(web->wire); i++) {
		const struct axev__wire_request *request = axev__wire_request_at(web->wire, i);

		if (request->is_own == is_own)
			rows->joined[i].sent = axev__page_join_sent(&web->page->sent, request->method, request->url,
								    request->started_ns, &rows->joined[i].same);
	}
}

static int join_all(struct rows *rows, axev_error *err)
{
	struct axev__web_records *records = &rows->web->records;

	rows->joined = calloc(axev__wire_request_count(rows->web->wire) + 1, sizeof(*rows->joined));
	if (!rows->joined)
		return axev__nomem(err);
	if (records->count)
		qsort(records->items, records->count, sizeof(*records->items), by_request);
	TRY(axev__page_sent_group(&rows->web->page->sent, err));
	join(rows, false);
	join(rows, true);
	return AXEV_OK;
}

int axev__web_requests_json(struct axev__web *web, axev__json **ret_json, axev_error *err)
{
	AXEV__CLEANUP(rows_end) struct rows rows = { .web = web };
	AXEV__JSON *json = axev__json_new_object();
	AXEV__JSON *list = axev__json_new_array(), *page_only = axev__json_new_array(),
		   *others = axev__json_new_array();
	size_t i;

	TRY(join_all(&rows, err));
	for (i = 0; i < axev__wire_request_count(web->wire); i++)
		TRY(add_request(&rows, i, list, err));
	TRY(add_page_only(&web->page->sent, page_only, err));
	TRY(add_other_records(&rows, others, err));
	web->requests_page_only = axev__json_count(page_only) + web->page->sent.not_noted;
	TRY(axev__json_set_str(json, "format", "ax-wire-requests/1", err));
	TRY(axev__json_set_str(json, "main_frame", web->page->frame, err));
	TRY(axev__json_set(json, "requests", axev__steal(list), err));
	TRY(axev__json_set(json, "page_only", axev__steal(page_only), err));
	TRY(axev__json_set_u64(json, "page_only_not_kept", web->page->sent.not_noted, err));
	TRY(axev__json_set(json, "other_records", axev__steal(others), err));
	*ret_json = axev__steal(json);
	return AXEV_OK;
}

int axev__web_requests_facts(const struct axev__web *web, axev__json *source, axev_error *err)
{
	TRY(axev__json_set_u64(source, "requests_joined", web->requests_joined, err));
	TRY(axev__json_set_u64(source, "requests_log_only", web->requests_log_only, err));
	return axev__json_set_u64(source, "requests_page_only", web->requests_page_only, err);
}
