/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/page_downloads.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/time.h"
#include "capture/web/page.h"

#define CALL_MS 15000

int axev__page_allow_downloads(struct axev__page *page, const char *directory, uint64_t max_bytes,
			       axev_error *err)
{
	AXEV__BUF params = AXEV__BUF_INIT(AXEV__MAX_PATH * 8);
	AXEV__JSON *object = axev__json_new_object();

	page->downloaded.max_bytes = max_bytes;
	/* Files are named by the browser: a name that a server chooses never reaches the disk. */
	TRY(axev__json_set_str(object, "behavior", "allowAndName", err));
	TRY(axev__json_set_str(object, "downloadPath", directory, err));
	TRY(axev__json_set_bool(object, "eventsEnabled", true, err));
	TRY(axev__json_canonical(object, &params, err));
	return axev__cdp_call(page->cdp, "", "Browser.setDownloadBehavior", (const char *)params.data, CALL_MS,
			      NULL, err);
}

void axev__page_downloads_free(struct axev__page_downloads *downloads)
{
	size_t i;

	for (i = 0; i < downloads->count; i++)
		free(downloads->items[i].url);
	free(downloads->items);
	memset(downloads, 0, sizeof(*downloads));
}

/* It goes into a command again, so nothing but what the browser makes such names of is let through. */
static bool copy_id(char out[64], const axev__json *params)
{
	struct axev__span id;

	if (!axev__json_as_string(axev__json_get(params, "guid"), &id) || id.size == 0 || id.size > 63)
		return false;
	memcpy(out, id.data, id.size);
	out[id.size] = '\0';
	return strspn(out, "0123456789abcdefABCDEF-") == id.size;
}

static int cancel(struct axev__page *page, const char *id, axev_error *err)
{
	char params[96];

	snprintf(params, sizeof(params), "{\"guid\":\"%s\"}", id);
	return axev__cdp_send(page->cdp, "", "Browser.cancelDownload", params, err);
}

int axev__page_download_begins(struct axev__page *page, const axev__json *params, axev_error *err)
{
	struct axev__page_downloads *downloads = &page->downloaded;
	struct axev__page_download *download, *grown;
	char id[64];

	page->downloads++;
	if (!copy_id(id, params))
		return AXEV_OK;
	if (downloads->count == AXEV__MAX_PAGE_DOWNLOADS || downloads->is_over_limit) {
		downloads->refused++;
		return cancel(page, id, err);
	}
	grown = reallocarray(downloads->items, downloads->count + 1, sizeof(*grown));
	if (!grown)
		return axev__nomem(err);
	downloads->items = grown;
	download = &grown[downloads->count++];
	memset(download, 0, sizeof(*download));
	memcpy(download->id, id, sizeof(id));
	return axev__page_set_text(&download->url, params, "url", err);
}

static uint64_t number(const axev__json *object, const char *key)
{
	const axev__json *value = axev__json_get(object, key);
	int64_t integer;
	double real;

	if (axev__json_as_integer(value, &integer))
		return integer > 0 ? (uint64_t)integer : 0;
	return axev__json_as_real(value, &real) && real > 0 && real < 1e18 ? (uint64_t)real : 0;
}

static uint64_t all_received(const struct axev__page_downloads *downloads)
{
	uint64_t bytes = 0;
	size_t i;

	for (i = 0; i < downloads->count; i++)
		bytes += downloads->items[i].received_bytes;
	return bytes;
}

static void update(struct axev__page_download *download, const axev__json *params)
{
	struct axev__span state = axev__span("", 0);

	axev__json_as_string(axev__json_get(params, "state"), &state);
	download->received_bytes = number(params, "receivedBytes");
	if (axev__span_is(state, "completed"))
		download->state = AXEV__DOWNLOAD_DONE;
	else if (axev__span_is(state, "canceled"))
		download->state = AXEV__DOWNLOAD_STOPPED;
}

int axev__page_download_goes_on(struct axev__page *page, const axev__json *params, axev_error *err)
{
	struct axev__page_downloads *downloads = &page->downloaded;
	char id[64];
	size_t i;

	if (!copy_id(id, params))
		return AXEV_OK;
	for (i = 0; i < downloads->count; i++)
		if (strcmp(downloads->items[i].id, id) == 0)
			update(&downloads->items[i], params);
	page->last_traffic_ms = axev__cdp_clock_ms();
	if (!downloads->max_bytes || all_received(downloads) <= downloads->max_bytes)
		return AXEV_OK;
	downloads->is_over_limit = true;
	return axev__page_stop_downloads(page, err);
}

bool axev__page_is_downloading(const struct axev__page *page)
{
	size_t i;

	for (i = 0; i < page->downloaded.count; i++)
		if (page->downloaded.items[i].state == AXEV__DOWNLOAD_GOING)
			return true;
	return false;
}

int axev__page_stop_downloads(struct axev__page *page, axev_error *err)
{
	size_t i;

	for (i = 0; i < page->downloaded.count; i++) {
		struct axev__page_download *download = &page->downloaded.items[i];

		if (download->state != AXEV__DOWNLOAD_GOING)
			continue;
		download->state = AXEV__DOWNLOAD_STOPPED;
		if (!page->stopped_mono_ns)
			page->stopped_mono_ns = axev__mono_ns();
		TRY(cancel(page, download->id, err));
	}
	return AXEV_OK;
}

bool axev__page_has_enough(const struct axev__page *page)
{
	return page->downloaded.is_over_limit || (page->has_enough && page->has_enough(page->has_enough_of));
}
