/* SPDX-License-Identifier: Apache-2.0 */
/* Down the page screen by screen, so that what is loaded only when it is seen is asked for, and back to the top. */
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/page.h"

#define SCROLL_MS 20000  /* for all of it */
#define STEP_MS 2000     /* for one answer */
#define REST_MS 40       /* on each screen, beside the two frames that the step waits for */
#define GROWTH_MS 2000   /* at the end: for more to come */
#define GROWTH_QUIET_MS 300

/* By class, as an element of that name must not take its place; without the page's own smooth scrolling. */
#define GO \
	"new Promise(d=>{const g=k=>Reflect.get(Document.prototype,k,document),s=g('scrollingElement')||g('documentElement');" \
	"window.scrollTo({top:%u,left:0,behavior:'instant'});" \
	"const e=()=>d([Math.round(window.scrollY),window.innerHeight,s?s.scrollHeight:0]);" \
	"setTimeout(e,500);requestAnimationFrame(()=>requestAnimationFrame(e))})"

/*
 * The largest area that scrolls inside of the page and takes a third of the window or more, among the first 20,000 elements.
 * Remembered in our own world.
 */
#define FIND_INSIDE \
	"(()=>{const q=Reflect.apply(Document.prototype.getElementsByTagName,document,['*'])," \
	"s=Reflect.get(Document.prototype,'scrollingElement',document);let most=innerWidth*innerHeight/3;globalThis.inside=null;" \
	"for(let i=0;i<q.length&&i<20000;i++){const e=q[i],n=e.clientWidth*e.clientHeight;" \
	"if(e===s||!(n>=most)||!(e.scrollHeight>e.clientHeight+1)||!/auto|scroll/.test(getComputedStyle(e).overflowY))continue;" \
	"most=n;globalThis.inside=e}return[globalThis.inside?1:0]})()"

#define GO_INSIDE \
	"new Promise(d=>{const a=globalThis.inside;if(!a||!a.isConnected){d([0,0,0]);return}" \
	"a.scrollTo({top:%u,left:0,behavior:'instant'});" \
	"const e=()=>d([Math.round(a.scrollTop),a.clientHeight,a.scrollHeight]);" \
	"setTimeout(e,500);requestAnimationFrame(()=>requestAnimationFrame(e))})"

struct place {
	uint64_t top, screen, height;
};

/* @go: GO or GO_INSIDE. */
static int go_to(struct axev__page *page, const char *go, uint32_t row, struct place *ret_place, axev_error *err)
{
	char expression[640];
	uint64_t found[3];

	snprintf(expression, sizeof(expression), go, row);
	TRY(axev__page_ask_numbers(page, expression, STEP_MS, found, 3, err));
	*ret_place = (struct place){ found[0], found[1], found[2] };
	return AXEV_OK;
}

static int rest(struct axev__page *page, uint32_t for_ms, axev_error *err)
{
	int64_t until_ms = axev__cdp_clock_ms() + for_ms;

	while (axev__cdp_clock_ms() < until_ms)
		TRY(axev__cdp_pump(page->cdp, (uint32_t)(until_ms - axev__cdp_clock_ms() + 1), err));
	return AXEV_OK;
}

/* At its end a page may fetch more of itself. */
static int await_growth(struct axev__page *page, const char *go, struct place *place, bool *ret_has_grown,
			axev_error *err)
{
	int64_t until_ms = axev__cdp_clock_ms() + GROWTH_MS;
	uint64_t before = place->height;

	TRY(rest(page, GROWTH_QUIET_MS, err));
	while (!axev__page_is_quiet(page, GROWTH_QUIET_MS) && axev__cdp_clock_ms() < until_ms)
		TRY(axev__cdp_pump(page->cdp, 50, err));
	TRY(go_to(page, go, (uint32_t)place->top, place, err));
	*ret_has_grown = place->height > before;
	return AXEV_OK;
}

static int down(struct axev__page *page, const char *go, struct axev__page_scroll *scroll,
		int64_t deadline_ms, axev_error *err)
{
	struct place place = { 0 };
	bool has_grown;
	uint32_t wanted = 0;

	for (;;) {
		TRY(go_to(page, go, wanted, &place, err));
		if (wanted == 0)
			scroll->rows_before = place.height;
		scroll->rows_after = place.height;
		if (place.top + place.screen > scroll->reached)
			scroll->reached = place.top + place.screen;
		scroll->screens++;
		if (place.top + 1 < wanted && place.top + place.screen + 1 < place.height)
			scroll->stop = AXEV__SCROLL_HELD;
		else if (scroll->reached >= AXEV__MAX_SCREENSHOT_ROWS)
			scroll->stop = AXEV__SCROLL_ROWS;
		else if (axev__cdp_clock_ms() >= deadline_ms)
			scroll->stop = AXEV__SCROLL_TIME;
		else if (place.screen == 0 || (wanted == 0 && place.height <= place.screen))
			scroll->stop = AXEV__SCROLL_END; /* all of it is on the screen */
		if (scroll->stop != AXEV__SCROLL_ON)
			return AXEV_OK;
		TRY(rest(page, REST_MS, err));
		if (place.top + place.screen + 1 >= place.height) {
			TRY(await_growth(page, go, &place, &has_grown, err));
			scroll->rows_after = place.height;
			if (!has_grown) {
				scroll->stop = AXEV__SCROLL_END;
				return AXEV_OK;
			}
		}
		wanted = (uint32_t)(place.top + place.screen);
	}
}

static int down_and_back(struct axev__page *page, const char *go, int64_t deadline_ms,
			 struct axev__page_scroll *ret_scroll, axev_error *err)
{
	struct axev__page_scroll scroll = { 0 };
	struct place place;
	int status;

	if (axev__cdp_clock_ms() + SCROLL_MS < deadline_ms)
		deadline_ms = axev__cdp_clock_ms() + SCROLL_MS;
	status = down(page, go, &scroll, deadline_ms, err);
	if (status == AXEV_OK && scroll.screens > 1)
		status = go_to(page, go, 0, &place, err);
	if (status < 0 && !axev__page_is_silent(page, status))
		return status;
	if (status < 0) {
		axev_error_clear(err);
		scroll.stop = AXEV__SCROLL_HELD;
	}
	*ret_scroll = scroll;
	return AXEV_OK;
}

int axev__page_scroll(struct axev__page *page, int64_t deadline_ms, struct axev__page_scroll *ret_scroll,
		      axev_error *err)
{
	return down_and_back(page, GO, deadline_ms, ret_scroll, err);
}

int axev__page_scroll_inside(struct axev__page *page, int64_t deadline_ms,
			     struct axev__page_scroll *ret_scroll, axev_error *err)
{
	uint64_t is_there = 0;
	int status = axev__page_ask_numbers(page, FIND_INSIDE, STEP_MS, &is_there, 1, err);

	if (status < 0 && !axev__page_is_silent(page, status))
		return status;
	if (status < 0)
		axev_error_clear(err);
	*ret_scroll = (struct axev__page_scroll){ 0 };
	return is_there ? down_and_back(page, GO_INSIDE, deadline_ms, ret_scroll, err) : AXEV_OK;
}
