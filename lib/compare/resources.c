/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the page was made of: answers in the two WARCs, by method and address. The n-th answer to the same question is
 * compared with the n-th. Payloads are compared by SHA-256; heads are not, since dates in them always differ.
 */
#include <ctype.h>
#include <stdio.h>

#include "base/text.h"
#include "compare/compare.h"
#include "content/warc_payload.h"
#include "package/layout.h"

struct resource {
	char *url;
	char method[24];
	uint32_t status;
	uint8_t sha256[32];
	bool has_payload;
	size_t order;
};

struct resources {
	struct resource *items;
	size_t count, capacity;
};

static void resources_free(struct resources *resources)
{
	size_t i;

	for (i = 0; i < resources->count; i++)
		free(resources->items[i].url);
	free(resources->items);
}

/* ---- reading a WARC ---- */

static struct resource *add(struct resources *resources, const char *url)
{
	size_t capacity = resources->capacity ? 2 * resources->capacity : 64;
	struct resource *items, *one;

	if (resources->count == resources->capacity) {
		items = reallocarray(resources->items, capacity, sizeof(*items));
		if (!items)
			return NULL;
		resources->items = items;
		resources->capacity = capacity;
	}
	one = &resources->items[resources->count];
	*one = (struct resource){ .order = resources->count, .url = strdup(url) };
	if (!one->url)
		return NULL;
	resources->count++;
	return one;
}

/* RFC 9112 4: HTTP-version SP status-code; 3: method SP request-target. */
static uint32_t status_of(struct axev__span head)
{
	const uint8_t *blank = memchr(head.data, ' ', head.size);
	uint32_t status = 0;
	size_t i;

	if (!blank || (size_t)(blank - head.data) + 4 > head.size)
		return 0;
	for (i = 1; i <= 3 && isdigit(blank[i]); i++)
		status = 10 * status + (uint32_t)(blank[i] - '0');
	return i == 4 ? status : 0;
}

static void method_of(struct axev__span head, char *out, size_t size)
{
	const uint8_t *blank = memchr(head.data, ' ', head.size);
	size_t length = blank ? (size_t)(blank - head.data) : 0;

	snprintf(out, size, "%.*s", (int)(length < size ? length : 0), (const char *)head.data);
}

static int take_response(struct resources *resources, const struct axev__warc_view *view,
			 struct axev__span head, axev_error *err)
{
	struct resource *one;

	if (resources->count >= AXEV__MAX_WARC_RECORDS)
		return axev__fail(err, AXEV_E_LIMIT, "more than %d answers", AXEV__MAX_WARC_RECORDS);
	one = add(resources, view->record.target_uri);
	if (!one)
		return axev__nomem(err);
	one->status = head.data ? status_of(head) : 0;
	one->has_payload = view->record.payload_sha256 != NULL;
	if (one->has_payload)
		memcpy(one->sha256, view->record.payload_sha256, sizeof(one->sha256));
	return AXEV_OK;
}

/* FORMAT.md 1.6: a request follows its response. */
static void take_request(struct resources *resources, const struct axev__warc_view *view,
			 struct axev__span head)
{
	struct resource *last = resources->count ? &resources->items[resources->count - 1] : NULL;

	if (last && head.data && !last->method[0] && strcmp(last->url, view->record.target_uri) == 0)
		method_of(head, last->method, sizeof(last->method));
}

static int read_warc(const struct axev__source *warc, struct resources *resources, axev_error *err)
{
	AXEV__BUF block = AXEV__BUF_INIT(2 * AXEV__MIB);
	AXEV__WARC_READER reader = { 0 };
	struct axev__warc_view view;
	bool is_found = true;

	axev__warc_reader_init(&reader, warc);
	while (is_found) {
		struct axev__span head = { NULL, 0 };
		bool is_response;

		TRY(axev__warc_next(&reader, &view, &is_found, err));
		if (!is_found || !view.record.target_uri)
			continue;
		is_response = strcmp(view.record.type, "response") == 0;
		if (!is_response && strcmp(view.record.type, "request") != 0)
			continue;
		axev__buf_clear(&block);
		TRY(axev__warc_http_head(warc, &view, &block, &head, err));
		if (is_response)
			TRY(take_response(resources, &view, head, err));
		else
			take_request(resources, &view, head);
	}
	return AXEV_OK;
}

static int read_side(const struct axev__compared *compared, struct resources *resources, bool *ret_has,
		     axev_error *err)
{
	AXEV__CONTAINER_READER *wacz = NULL;
	const struct axev__entry *entry;
	struct axev__source source, warc;

	TRY(axev__compared_object(compared, "data/page.wacz", &source, ret_has, err));
	if (!*ret_has)
		return AXEV_OK;
	TRY(axev__wacz_open(&source, &wacz, err));
	entry = axev__container_find(wacz, AXEV__WACZ_WARC);
	if (!entry)
		return axev__fail(err, AXEV_E_FORMAT, "%s: not in the archive", AXEV__WACZ_WARC);
	warc = axev__source_window(axev__container_source(wacz), entry->offset, entry->size_bytes);
	return axev__prefix(read_warc(&warc, resources, err), err, "%s", compared->path);
}

/* ---- comparing ---- */

static int by_key(const void *one, const void *other)
{
	const struct resource *a = one, *b = other;
	int order = strcmp(a->url, b->url);

	return order ? order : strcmp(a->method, b->method);
}

static int by_key_then_order(const void *one, const void *other)
{
	const struct resource *a = one, *b = other;
	int order = by_key(a, b);

	return order ? order : (a->order > b->order) - (a->order < b->order);
}

static void sort(struct resources *resources)
{
	if (resources->count > 1)
		qsort(resources->items, resources->count, sizeof(*resources->items), by_key_then_order);
}

static int set_side(axev__json *row, const char *status, const char *digest, const struct resource *one,
		    axev_error *err)
{
	TRY(axev__json_set_u64(row, status, one->status, err));
	return one->has_payload ? axev__json_set_hex(row, digest, one->sha256, sizeof(one->sha256), err) :
				  AXEV_OK;
}

/* Either may be NULL, not both. */
static int row_of(const struct resource *a, const struct resource *b, axev__json *list, axev_error *err)
{
	AXEV__JSON *row = axev__json_new_object();
	AXEV__BUF url = AXEV__BUF_INIT(8 * AXEV__MAX_WIRE_URL);
	const struct resource *one = a ? a : b;

	if (axev__is_utf8(axev__span_str(one->url)))
		TRY(axev__buf_str(&url, one->url, err));
	else
		TRY(axev__escape(&url, axev__span_str(one->url), err));
	TRY(axev__json_set_string(row, "url", axev__buf_view(&url), err));
	TRY(axev__json_set_str(row, "method", one->method, err));
	if (a)
		TRY(set_side(row, "status_a", "sha256_a", a, err));
	if (b)
		TRY(set_side(row, "status_b", "sha256_b", b, err));
	return axev__json_append(list, axev__steal(row), err);
}

static bool is_same_answer(const struct resource *a, const struct resource *b)
{
	return a->status == b->status && a->has_payload && b->has_payload &&
	       memcmp(a->sha256, b->sha256, sizeof(a->sha256)) == 0;
}

/* A body whose transfer coding could not be undone has no digest of its payload: nothing can be said of it. */
static bool is_unread(const struct resource *a, const struct resource *b)
{
	return a->status == b->status && !(a->has_payload && b->has_payload);
}

/* Into which list the pair goes; NULL: none, they are the same. */
static const char *list_of(const struct resource *a, const struct resource *b)
{
	if (!a || !b)
		return a ? "only_a" : "only_b";
	if (is_same_answer(a, b))
		return NULL;
	return is_unread(a, b) ? "not_read" : "changed";
}

/* Both sorted: one walk through the two. */
static int merge(struct axev__compare *compare, const struct resources *a, const struct resources *b,
		 axev__json *json, axev_error *err)
{
	uint64_t same = 0;
	size_t i = 0, j = 0;

	while (i < a->count || j < b->count) {
		int order = i == a->count ? 1 :
			    j == b->count ? -1 :
					    by_key(&a->items[i], &b->items[j]);
		const struct resource *left = order <= 0 ? &a->items[i++] : NULL;
		const struct resource *right = order >= 0 ? &b->items[j++] : NULL;

		const char *list = list_of(left, right);

		same += list == NULL;
		if (!list)
			continue;
		compare->is_same = false;
		TRY(row_of(left, right, axev__json_get(json, list), err));
	}
	return axev__json_set_u64(json, "same", same, err);
}

int axev__compare_resources(struct axev__compare *compare, axev_error *err)
{
	static const char *const lists[] = { "changed", "only_a", "only_b", "not_read" };
	AXEV__CLEANUP(resources_free) struct resources a = { 0 };
	AXEV__CLEANUP(resources_free) struct resources b = { 0 };
	AXEV__JSON *json = axev__json_new_object();
	bool has_a, has_b;
	size_t i;

	TRY(read_side(compare->a, &a, &has_a, err));
	TRY(read_side(compare->b, &b, &has_b, err));
	if (!has_a && !has_b)
		return axev__compare_skip(compare, "resources", "neither has an archive: nothing was received", err);
	sort(&a);
	sort(&b);
	for (i = 0; i < AXEV__COUNT(lists); i++)
		TRY(axev__json_set(json, lists[i], axev__json_new_array(), err));
	TRY(axev__json_set_u64(json, "count_a", a.count, err));
	TRY(axev__json_set_u64(json, "count_b", b.count, err));
	TRY(merge(compare, &a, &b, json, err));
	return axev__json_set(compare->result, "resources", axev__steal(json), err);
}
