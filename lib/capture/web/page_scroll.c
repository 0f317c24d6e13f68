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

struct place {
	uint64_t top, screen, height;
};

static int go_to(struct axev__page *page, uint32_t row, struct place *ret_place, axev_error *err)
{
	char expression[640];
	uint64_t found[3];

	snprintf(expression, sizeof(expression), GO, row);
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
static int await_growth(struct axev__page *page, struct place *place, bool *ret_has_grown, axev_error *err)
{
	int64_t until_ms = axev__cdp_clock_ms() + GROWTH_MS;
	uint64_t before = place->height;

	TRY(rest(page, GROWTH_QUIET_MS, err));
	while (!axev__page_is_quiet(page, GROWTH_QUIET_MS) && axev__cdp_clock_ms() < until_ms)
		TRY(axev__cdp_pump(page->cdp, 50, err));
	TRY(go_to(page, (uint32_t)place->top, place, err));
	*ret_has_grown = place->height > before;
	return AXEV_OK;
}

static int down(struct axev__page *page, struct axev__page_scroll *scroll, int64_t deadline_ms,
		axev_error *err)
{
	struct place place = { 0 };
	bool has_grown;
	uint32_t wanted = 0;

	for (;;) {
		TRY(go_to(page, wanted, &place, err));
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
			TRY(await_growth(page, &place, &has_grown, err));
			scroll->rows_after = place.height;
			if (!has_grown) {
				scroll->stop = AXEV__SCROLL_END;
				return AXEV_OK;
			}
		}
		wanted = (uint32_t)(place.top + place.screen);
	}
}

int axev__page_scroll(struct axev__page *page, int64_t deadline_ms, struct axev__page_scroll *ret_scroll,
		      axev_error *err)
{
	struct axev__page_scroll scroll = { 0 };
	struct place place;
	int status;

	if (axev__cdp_clock_ms() + SCROLL_MS < deadline_ms)
		deadline_ms = axev__cdp_clock_ms() + SCROLL_MS;
	status = down(page, &scroll, deadline_ms, err);
	if (status == AXEV_OK && scroll.screens > 1)
		status = go_to(page, 0, &place, err);
	if (status < 0 && (axev__cdp_is_gone(page->cdp) || page->has_crashed ||
			   (status != AXEV_E_PEER && status != AXEV_E_NETWORK)))
		return status;
	if (status < 0) {
		axev_error_clear(err);
		scroll.stop = AXEV__SCROLL_HELD;
	}
	*ret_scroll = scroll;
	return AXEV_OK;
}
