/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/page_sent.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/page.h"
#include "content/request_url.h"

#define CLOCK_SLACK_NS INT64_C(1000000000)

/* FNV-1a */
static uint64_t hash_more(uint64_t hash, struct axev__span bytes)
{
	size_t i;

	for (i = 0; i < bytes.size; i++)
		hash = (hash ^ bytes.data[i]) * UINT64_C(0x100000001B3);
	return hash;
}

#define HASH_START UINT64_C(0xCBF29CE484222325)

/* ---- values ---- */

static void copy_word(char *out, size_t size, const axev__json *object, const char *key)
{
	struct axev__span value = axev__span("", 0);
	size_t i;

	axev__json_as_string(axev__json_get(object, key), &value);
	for (i = 0; i < value.size && i + 1 < size && value.data[i] > ' ' && value.data[i] < 0x7F; i++)
		out[i] = (char)value.data[i];
	out[i] = '\0';
}

static bool flag(const axev__json *object, const char *key)
{
	bool value = false;

	return axev__json_as_bool(axev__json_get(object, key), &value) && value;
}

/* Of a script the place that is nearest to the request. */
static const axev__json *place_of(const axev__json *initiator)
{
	const axev__json *frames = axev__json_get(axev__json_get(initiator, "stack"), "callFrames");

	return axev__json_get(initiator, "url") || axev__json_count(frames) == 0 ? initiator :
										   axev__json_at(frames, 0);
}

static int64_t time_of(const struct axev__page *page, const axev__json *params)
{
	double seconds = 0;
	int64_t now_ns = 0;

	axev__json_as_real(axev__json_get(params, "wallTime"), &seconds);
	if (seconds > 0 && seconds < 9e9)
		return (int64_t)(seconds * 1e9);
	return axev__now(page->env, &now_ns, NULL) == AXEV_OK ? now_ns : 0;
}

/* All of it, as it is compared with what the log has. */
static int set_whole(char **text, const axev__json *object, const char *key, axev_error *err)
{
	struct axev__span value;

	if (!axev__json_as_string(axev__json_get(object, key), &value))
		return AXEV_OK;
	*text = strndup((const char *)value.data, value.size);
	return *text ? AXEV_OK : axev__nomem(err);
}

/* ---- noting ---- */

static int make_room(struct axev__page_sent_list *list, axev_error *err)
{
	size_t room = list->room ? 2 * list->room : 64;
	void *grown;

	if (list->count < list->room)
		return AXEV_OK;
	grown = reallocarray(list->items, room, sizeof(*list->items));
	if (!grown)
		return axev__nomem(err);
	list->items = grown;
	grown = reallocarray(list->id_hashes, room, sizeof(*list->id_hashes));
	if (!grown)
		return axev__nomem(err);
	list->id_hashes = grown;
	list->room = room;
	return AXEV_OK;
}

static void release(struct axev__page_sent *sent)
{
	free(sent->url);
	free(sent->method);
	free(sent->document_url);
	free(sent->initiator_url);
}

/* What goes over no network (data:, blob:, about:) is nothing that could be joined. */
static bool is_on_network(const axev__json *request)
{
	static const char *const schemes[] = { "http://", "https://", "ws://", "wss://", "file://" };
	struct axev__span url;
	size_t i;

	if (!axev__json_as_string(axev__json_get(request, "url"), &url))
		return false;
	for (i = 0; i < AXEV__COUNT(schemes); i++)
		if (axev__span_starts(url, schemes[i]))
			return true;
	return false;
}

static int fill(const struct axev__page *page, const axev__json *params, const axev__json *request,
		struct axev__page_sent *sent, axev_error *err)
{
	const axev__json *initiator = axev__json_get(params, "initiator");

	copy_word(sent->id, sizeof(sent->id), params, "requestId");
	copy_word(sent->frame, sizeof(sent->frame), params, "frameId");
	copy_word(sent->initiator, sizeof(sent->initiator), initiator, "type");
	copy_word(sent->type, sizeof(sent->type), params, "type");
	sent->time_ns = time_of(page, params);
	TRY(set_whole(&sent->url, request, "url", err));
	TRY(axev__page_set_text(&sent->method, request, "method", err));
	if (!sent->method) { /* a WebSocket */
		snprintf(sent->type, sizeof(sent->type), "WebSocket");
		sent->method = strdup("GET");
		if (!sent->method)
			return axev__nomem(err);
	}
	TRY(axev__page_set_shown(&sent->document_url, params, "documentURL", AXEV__MAX_WEB_FACT_BYTES, err));
	return axev__page_set_shown(&sent->initiator_url, place_of(initiator), "url", AXEV__MAX_WEB_FACT_BYTES, err);
}

static size_t size_of(const char *text)
{
	return text ? strlen(text) : 0;
}

static int add(struct axev__page *page, const char *told_by, const axev__json *params, const axev__json *request,
	       axev_error *err)
{
	struct axev__page_sent_list *list = &page->sent;
	struct axev__page_sent sent = { 0 };
	size_t bytes;
	int status;

	if (!is_on_network(request))
		return AXEV_OK;
	if (list->count == AXEV__MAX_PAGE_REQUESTS) {
		list->not_noted++;
		return AXEV_OK;
	}
	TRY(make_room(list, err));
	snprintf(sent.told_by, sizeof(sent.told_by), "%s", told_by);
	status = fill(page, params, request, &sent, err);
	bytes = size_of(sent.url) + size_of(sent.document_url) + size_of(sent.initiator_url);
	if (status < 0 || bytes > AXEV__MAX_PAGE_SENT_BYTES - list->text_bytes) {
		list->not_noted += status >= 0;
		release(&sent);
		return status;
	}
	list->text_bytes += bytes;
	list->id_hashes[list->count] = (uint32_t)hash_more(HASH_START, axev__span_str(sent.id));
	list->items[list->count++] = sent;
	return AXEV_OK;
}

/* Its last hop. */
static struct axev__page_sent *find(const struct axev__page_sent_list *list, const axev__json *params)
{
	char id[64];
	uint32_t hash;
	size_t i;

	copy_word(id, sizeof(id), params, "requestId");
	hash = (uint32_t)hash_more(HASH_START, axev__span_str(id));
	for (i = list->count; i > 0; i--)
		if (list->id_hashes[i - 1] == hash && strcmp(list->items[i - 1].id, id) == 0)
			return &list->items[i - 1];
	return NULL;
}

static void note_answer(struct axev__page_sent *sent, const axev__json *answer)
{
	if (flag(answer, "fromServiceWorker"))
		sent->from = "service worker";
	else if (flag(answer, "fromPrefetchCache"))
		sent->from = "prefetch cache";
	else if (flag(answer, "fromDiskCache"))
		sent->from = "disk cache";
}

static void note_failure(struct axev__page_sent *sent, const axev__json *params)
{
	copy_word(sent->error, sizeof(sent->error), params,
		  axev__json_get(params, "blockedReason") ? "blockedReason" : "errorText");
}

int axev__page_note_sent(struct axev__page *page, const char *told_by, const char *method, const axev__json *params,
			 axev_error *err)
{
	struct axev__page_sent *sent;

	if (strcmp(method, "requestWillBeSent") == 0)
		return add(page, told_by, params, axev__json_get(params, "request"), err);
	if (strcmp(method, "webSocketCreated") == 0)
		return add(page, told_by, params, params, err);
	if (strcmp(method, "responseReceived") != 0 && strcmp(method, "requestServedFromCache") != 0 &&
	    strcmp(method, "loadingFailed") != 0)
		return AXEV_OK;
	sent = find(&page->sent, params);
	if (sent && *method == 'l')
		note_failure(sent, params);
	else if (sent && method[3] == 'u') /* requ */
		sent->from = "memory cache";
	else if (sent)
		note_answer(sent, axev__json_get(params, "response"));
	return AXEV_OK;
}

void axev__page_sent_free(struct axev__page_sent_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		release(&list->items[i]);
	free(list->items);
	free(list->id_hashes);
	free(list->groups);
	memset(list, 0, sizeof(*list));
}

/* ---- joining ---- */

static uint64_t hash_of(const char *method, const char *url)
{
	struct axev__span rest = axev__span("", 0);
	bool is_secure = false;

	axev__request_url_split(axev__span_str(url), &is_secure, &rest);
	return hash_more(hash_more(HASH_START, axev__span_str(method)), rest) ^ is_secure;
}

/* The group of this method and address, or the free place for it. Never full. */
static struct group *group_of(const struct axev__page_sent_list *list, const char *method, const char *url)
{
	size_t at = (size_t)(hash_of(method, url) >> 8) & (list->group_room - 1);

	while (list->groups[at].first != SIZE_MAX) {
		const struct axev__page_sent *first = &list->items[list->groups[at].first];

		if (strcmp(first->method, method) == 0 &&
		    axev__request_url_same(axev__span_str(first->url), axev__span_str(url)))
			break;
		at = (at + 1) & (list->group_room - 1);
	}
	return &list->groups[at];
}

int axev__page_sent_group(struct axev__page_sent_list *list, axev_error *err)
{
	size_t room = 64, i;

	while (room < 2 * list->count)
		room *= 2;
	free(list->groups);
	list->groups = malloc(room * sizeof(*list->groups));
	if (!list->groups)
		return axev__nomem(err);
	list->group_room = room;
	for (i = 0; i < room; i++)
		list->groups[i] = (struct group){ SIZE_MAX, SIZE_MAX };
	/* From the last to the first, so that each comes before those that are there. */
	for (i = list->count; i > 0; i--) {
		struct axev__page_sent *sent = &list->items[i - 1];
		struct group *group = group_of(list, sent->method, sent->url);

		sent->next = group->first;
		sent->same = group->first == SIZE_MAX ? 1 : list->items[group->first].same + 1;
		group->first = group->cursor = i - 1;
	}
	return AXEV_OK;
}

struct axev__page_sent *axev__page_join_sent(struct axev__page_sent_list *list, const char *method, const char *url,
					     int64_t time_ns, size_t *ret_same)
{
	struct group *group = list->groups ? group_of(list, method, url) : NULL;
	size_t i;

	if (!group || group->first == SIZE_MAX)
		return NULL;
	*ret_same = list->items[group->first].same;
	while (group->cursor != SIZE_MAX && list->items[group->cursor].is_joined)
		group->cursor = list->items[group->cursor].next;
	for (i = group->cursor; i != SIZE_MAX; i = list->items[i].next) {
		struct axev__page_sent *sent = &list->items[i];
		bool is_elsewhere = sent->from && strcmp(sent->from, "disk cache") != 0;

		if (sent->is_joined || is_elsewhere || sent->time_ns > time_ns + CLOCK_SLACK_NS)
			continue;
		sent->is_joined = true;
		return sent;
	}
	return NULL;
}
