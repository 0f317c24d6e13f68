/* SPDX-License-Identifier: Apache-2.0 */
/* What a capture of a web page stops at, and how the manifest tells: bytes, time, downloads. */
#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "capture/web/web.h"

static bool has_enough(const void *web)
{
	return axev__wire_is_full(((const struct axev__web *)web)->wire);
}

int axev__web_allow_downloads(struct axev__web *web, axev_error *err)
{
	char directory[128];

	snprintf(directory, sizeof(directory), "%s/downloads", web->browser->directory);
	web->page->has_enough = has_enough;
	web->page->has_enough_of = web;
	return axev__page_allow_downloads(web->page, directory, web->opts->max_bytes, err);
}

static bool is_made_by_page(const char *url)
{
	return url && (strncmp(url, "blob:", 5) == 0 || strncmp(url, "data:", 5) == 0);
}

static int note_download(struct axev__web *web, const struct axev__page_download *download, axev_error *err)
{
	char why[96];

	if (download->state == AXEV__DOWNLOAD_DONE)
		return is_made_by_page(download->url) ?
			       axev__web_missing(web, "download that the page made itself",
						 "did not go over a connection, not captured", err) :
			       AXEV_OK;
	snprintf(why, sizeof(why), "download, stopped at %" PRIu64 " bytes", download->received_bytes);
	return axev__web_missing(web, download->url ? download->url : "", why, err);
}

int axev__web_note_downloads(struct axev__web *web, axev_error *err)
{
	const struct axev__page_downloads *downloads = &web->page->downloaded;
	char why[96];
	size_t i;

	for (i = 0; i < downloads->count; i++)
		TRY(note_download(web, &downloads->items[i], err));
	if (downloads->refused) {
		snprintf(why, sizeof(why), "%" PRIu64 " were refused, not captured", downloads->refused);
		TRY(axev__web_missing(web, "further downloads", why, err));
	}
	return AXEV_OK;
}

/* Which end the recorder may call ours. */
void axev__web_tell_stop(struct axev__web *web)
{
	bool is_over = web->page->downloaded.is_over_limit || axev__wire_is_full(web->wire);

	if (web->page->stopped_mono_ns)
		axev__wire_stopped(web->wire, web->page->stopped_mono_ns, is_over ? "length" : "time");
}

int axev__web_note_limit(struct axev__web *web, axev_error *err)
{
	char why[96];

	if (!web->summary.is_over_limit && !web->page->downloaded.is_over_limit)
		return AXEV_OK;
	snprintf(why, sizeof(why), "more than the limit of %" PRIu64 " bytes", web->opts->max_bytes);
	return axev__web_missing(web, "bytes of connections", why, err);
}

int axev__web_note_cut(struct axev__web *web, const struct axev__exchange *exchange, axev_error *err)
{
	const char *why = "cut off, for a reason that is not known";

	if (!exchange->truncated)
		return AXEV_OK;
	if (strcmp(exchange->truncated, "time") == 0)
		why = "still being received when the capture ended";
	else if (strcmp(exchange->truncated, "disconnect") == 0)
		why = "cut off: the other side ended it";
	else if (strcmp(exchange->truncated, "length") == 0)
		why = "cut off: the limit of bytes was reached";
	return axev__web_missing(web, exchange->url, why, err);
}
