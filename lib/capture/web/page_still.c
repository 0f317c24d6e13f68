/* SPDX-License-Identifier: Apache-2.0 */
/* When the page has come to rest: no traffic, a size that stays, fonts and inline images that are ready. */
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "capture/web/page.h"

#define QUIET_STREAM_MS 2000 /* the same while an answer has not ended */
#define AFTER_LOAD_MS 10000  /* behind the load event a page that polls for ever is waited for no longer */
#define LOOK_EVERY_MS 100
#define LOOK_MS 2000         /* for the answer: scripts of the page may be busy */

/*
 * How long there must be no traffic for the page to be at rest, @needed_ms or more; INT64_MAX: it waits for an answer. An answer that has
 * begun and does not go on may be a slow server, or a body that no script ever reads: such are never told to have ended.
 */
static int64_t quiet_needed_ms(const struct axev__page *page, int64_t needed_ms)
{
	size_t i;

	for (i = 0; i < page->request_count; i++) {
		const struct axev__page_request *request = &page->requests[i];

		if (request->state != AXEV__REQUEST_OPEN || request->is_endless)
			continue;
		if (!request->has_answer)
			return INT64_MAX;
		needed_ms = QUIET_STREAM_MS;
	}
	return needed_ms;
}

bool axev__page_is_quiet(const struct axev__page *page, int64_t for_ms)
{
	return axev__cdp_clock_ms() - page->last_traffic_ms >= quiet_needed_ms(page, for_ms);
}

bool axev__page_is_still(const struct axev__page *page)
{
	return (page->load_ns || page->is_download || page->failure) && axev__page_is_quiet(page, AXEV__REST_MS);
}

/* ---- layout ---- */

/*
 * Members of the document by its class: an element with that name must not take their place. Images that come over the
 * network are followed as requests.
 */
#define LOOK \
	"(()=>{const g=k=>Reflect.get(Document.prototype,k,document),d=g('documentElement'),s=g('scrollingElement')||d;" \
	"let n=0;for(const i of g('images'))if(!i.complete&&/^(data|blob):/.test((i.currentSrc||i.src).slice(0,5)))n++;" \
	"return[s?s.scrollWidth:0,s?s.scrollHeight:0,d&&d.offsetHeight||0,g('fonts').status==='loading'?1:0,n,document.getElementsByTagName('*').length]})()"

/* What cannot be asked (another kind of document) is not waited for. */
static int look(struct axev__page *page, int64_t deadline_ms, axev_error *err)
{
	struct axev__page_layout *layout = &page->layout;
	uint64_t found[6] = { 0 };
	int64_t left_ms = deadline_ms - axev__cdp_clock_ms();
	uint32_t wait_ms = left_ms < 50 ? 50 : left_ms < LOOK_MS ? (uint32_t)left_ms : LOOK_MS;
	int status = axev__page_ask_numbers(page, LOOK, wait_ms, found, 6, err);

	if (status < 0 && !axev__page_is_silent(page, status))
		return status;
	layout->looked_ms = axev__cdp_clock_ms();
	layout->is_busy = status == AXEV_E_NETWORK;
	if (status < 0) {
		axev_error_clear(err);
		layout->is_known = false;
		return AXEV_OK;
	}
	if (!layout->is_known || layout->width != found[0] || layout->height != found[1] ||
	    layout->root_height != found[2])
		layout->changed_ms = layout->looked_ms;
	layout->is_known = true;
	layout->width = found[0];
	layout->height = found[1];
	layout->root_height = found[2];
	layout->fonts_loading = found[3] != 0;
	layout->images_pending = found[4];
	layout->elements = found[5];
	return AXEV_OK;
}

static bool is_moving(const struct axev__page *page, int64_t rest_ms)
{
	return page->layout.is_known && axev__cdp_clock_ms() - page->layout.changed_ms < rest_ms;
}

bool axev__page_layout_is_moving(const struct axev__page *page)
{
	return is_moving(page, AXEV__REST_MS);
}

static bool is_laid_out(const struct axev__page *page, int64_t rest_ms)
{
	const struct axev__page_layout *layout = &page->layout;

	return layout->looked_ms && !layout->is_busy && !is_moving(page, rest_ms) &&
	       !(layout->is_known && (layout->fonts_loading || layout->images_pending));
}

/* ---- both ---- */

static bool is_still(const struct axev__page *page, int64_t rest_ms)
{
	if (axev__page_is_downloading(page))
		return false;
	if (page->is_download || page->failure)
		return axev__page_is_quiet(page, rest_ms);
	return page->load_ns && axev__page_is_quiet(page, rest_ms) && is_laid_out(page, rest_ms);
}

static bool is_time_to_look(const struct axev__page *page)
{
	return page->load_ns && !page->is_download && !page->failure &&
	       axev__cdp_clock_ms() - page->layout.looked_ms >= LOOK_EVERY_MS;
}

int axev__page_settle(struct axev__page *page, int64_t rest_ms, int64_t deadline_ms,
		      bool *ret_is_still, axev_error *err)
{
	int64_t last_ms = deadline_ms; /* for downloads: they take as long as they take */
	bool is_after_load = false;

	/* How long it has been still counts, but it is looked at anew. */
	page->layout.looked_ms = 0;
	while (!is_still(page, rest_ms) && !axev__page_has_enough(page) &&
	       axev__cdp_clock_ms() < (axev__page_is_downloading(page) ? last_ms : deadline_ms)) {
		TRY(axev__cdp_pump(page->cdp, 50, err));
		if (is_time_to_look(page))
			TRY(look(page, deadline_ms, err));
		if (page->load_ns && !is_after_load &&
		    axev__cdp_clock_ms() + AFTER_LOAD_MS < deadline_ms)
			deadline_ms = axev__cdp_clock_ms() + AFTER_LOAD_MS;
		is_after_load = page->load_ns != 0;
	}
	*ret_is_still = is_still(page, rest_ms) && !axev__page_has_enough(page);
	return AXEV_OK;
}

int axev__page_stop(struct axev__page *page, axev_error *err)
{
	if (!page->stopped_mono_ns)
		page->stopped_mono_ns = axev__mono_ns();
	TRY(axev__page_stop_downloads(page, err));
	return axev__cdp_send(page->cdp, page->session, "Page.stopLoading", NULL, err);
}
