/* SPDX-License-Identifier: Apache-2.0 */
/* From the document's arrival until nothing moves any more, and what is said of it. */
#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "capture/web/web.h"

#define MAX_NAMED 20      /* requests that were open at the end, by name */
#define EARLY_REST_MS 100 /* a short page is scrolled so soon */
#define EARLY_SCREENS 4   /* how short */

/* ---- scrolling ---- */

static int tell_scroll(struct axev__web *web, bool is_inside, const struct axev__page_scroll *scroll,
		       axev_error *err)
{
	static const char *const formats[] = {
		[AXEV__SCROLL_END] = "%" PRIu64 " screens, to row %" PRIu64 "; %" PRIu64 " rows before, %" PRIu64
				     " after: end of the page",
		[AXEV__SCROLL_ROWS] = "%" PRIu64 " screens, to row %" PRIu64 "; %" PRIu64 " rows before, %" PRIu64
				      " after: more rows than are scrolled",
		[AXEV__SCROLL_TIME] = "%" PRIu64 " screens, to row %" PRIu64 "; %" PRIu64 " rows before, %" PRIu64
				      " after: time ran out",
		[AXEV__SCROLL_HELD] = "%" PRIu64 " screens, to row %" PRIu64 "; %" PRIu64 " rows before, %" PRIu64
				      " after: the page did not scroll further",
	};
	char why[200];

	snprintf(why, sizeof(why), formats[scroll->stop], scroll->screens, scroll->reached,
		 scroll->rows_before, scroll->rows_after);
	TRY(axev__take_step(web->take, is_inside ? "scroll inside" : "scroll", why, err));
	if (scroll->stop == AXEV__SCROLL_END)
		return AXEV_OK;
	snprintf(why, sizeof(why), is_inside ? "an area inside of the page was scrolled down to row %" PRIu64 " and no further" :
					       "the page was scrolled down to row %" PRIu64 " and no further",
		 scroll->reached);
	return axev__web_missing(web, "what is loaded when it is scrolled to", why, err);
}

/* Text, DOM and MHTML have all of such an area; a picture has what it shows. */
static int scroll_inside(struct axev__web *web, int64_t deadline_ms, axev_error *err)
{
	struct axev__page_scroll scroll = { 0 };

	TRY(axev__page_scroll_inside(web->page, deadline_ms, &scroll, err));
	if (!scroll.screens)
		return AXEV_OK;
	TRY(tell_scroll(web, true, &scroll, err));
	web->has_inside = true;
	return AXEV_OK;
}

static int scroll_down(struct axev__web *web, int64_t deadline_ms, bool *is_still, axev_error *err)
{
	struct axev__page_scroll scroll = { 0 };

	if (!web->page->load_ns || axev__cdp_clock_ms() >= deadline_ms) {
		TRY(axev__take_step(web->take, "scroll", "not done: no time left", err));
		return axev__web_missing(web, "what is loaded when it is scrolled to",
					 "not done: no time left", err);
	}
	TRY(axev__page_scroll(web->page, deadline_ms, &scroll, err));
	TRY(tell_scroll(web, false, &scroll, err));
	TRY(scroll_inside(web, deadline_ms, err));
	if (!*is_still && scroll.screens <= 1 && !web->has_inside)
		return AXEV_OK; /* nothing new was shown to a page that has been waited for already */
	return axev__page_settle(web->page, AXEV__REST_MS, deadline_ms, is_still, err);
}

static bool is_short(const struct axev__web *web)
{
	const struct axev__page_layout *layout = &web->page->layout;

	return layout->is_known && layout->height <= (uint64_t)EARLY_SCREENS * web->opts->height;
}

/*
 * At rest as it comes, and again once all of it was on the screen. A short page is not waited for before, since most are
 * ready: one that has changed in the meantime is scrolled again.
 */
static int see_all(struct axev__web *web, int64_t deadline_ms, bool *is_still, axev_error *err)
{
	const struct axev__page_layout *layout = &web->page->layout;
	struct axev__page_layout early = *layout;

	if (web->opts->no_scroll)
		return axev__take_step(web->take, "scroll", "not done: switched off", err);
	if (*is_still && is_short(web)) {
		TRY(scroll_down(web, deadline_ms, is_still, err));
		if (layout->is_known && layout->height == early.height && layout->elements == early.elements)
			return AXEV_OK;
	} else if (*is_still) {
		TRY(axev__page_settle(web->page, AXEV__REST_MS, deadline_ms, is_still, err));
	}
	return scroll_down(web, deadline_ms, is_still, err);
}

/* ---- rest ---- */

static int note_layout(struct axev__web *web, axev_error *err)
{
	const struct axev__page_layout *layout = &web->page->layout;
	char why[96];

	if (layout->is_busy)
		TRY(axev__web_missing(web, "layout of the page", "its scripts left no time to look at it", err));
	if (axev__page_layout_is_moving(web->page))
		TRY(axev__web_missing(web, "layout of the page", "its size still changed", err));
	if (layout->is_known && layout->fonts_loading)
		TRY(axev__web_missing(web, "fonts of the page", "still being loaded", err));
	if (layout->is_known && layout->images_pending) {
		snprintf(why, sizeof(why), "%" PRIu64 " still being decoded", layout->images_pending);
		TRY(axev__web_missing(web, "inline images of the page", why, err));
	}
	return AXEV_OK;
}

/* What kept the page from coming to rest. */
static int note_open_requests(struct axev__web *web, axev_error *err)
{
	const struct axev__page *page = web->page;
	size_t i, named = 0;

	for (i = 0; i < page->request_count && named < MAX_NAMED; i++) {
		const struct axev__page_request *request = &page->requests[i];

		if (request->state != AXEV__REQUEST_OPEN || request->is_endless || !request->url)
			continue;
		named++;
		TRY(axev__web_missing(web, request->url, "still being received when loading was stopped", err));
	}
	TRY(note_layout(web, err));
	if (axev__page_has_enough(page))
		return axev__web_missing(web, "rest of the page", "stopped: the limit of bytes was reached", err);
	return axev__web_missing(web, "rest of the page",
				 page->load_ns ? "still active 10 s after the load event, or when the time given ran out" :
						 "still loading when the time given for it ran out",
				 err);
}

static int note_rest(struct axev__web *web, bool is_still, axev_error *err)
{
	const struct axev__page *page = web->page;

	if (!is_still)
		TRY(note_open_requests(web, err));
	if (is_still && page->layout.is_known)
		return axev__take_step(web->take, "rest", "no traffic and a still layout for 500 ms", err);
	return axev__take_step(web->take, "rest",
			       is_still ? "no traffic for 500 ms" : "not at rest; loading stopped", err);
}

static int note_load(struct axev__web *web, axev_error *err)
{
	const struct axev__page *page = web->page;
	char load[64];

	snprintf(load, sizeof(load), "load event after %" PRId64 " ms",
		 (page->load_ns - page->navigate_ns) / 1000000);
	return axev__take_step(web->take, "load", page->load_ns ? load : "no load event", err);
}

int axev__web_rest(struct axev__web *web, int64_t deadline_ms, axev_error *err)
{
	bool is_still = false;

	TRY(axev__page_settle(web->page, web->opts->no_scroll ? AXEV__REST_MS : EARLY_REST_MS, deadline_ms,
			      &is_still, err));
	TRY(note_load(web, err));
	if (!web->page->is_download && !axev__page_has_enough(web->page))
		TRY(see_all(web, deadline_ms, &is_still, err));
	if (!is_still)
		TRY(axev__page_stop(web->page, err));
	if (web->has_inside)
		TRY(axev__web_missing(web, "screenshot.png", "an area that scrolls inside of the page shows only its beginning",
				      err));
	return note_rest(web, is_still, err);
}
