/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's steps, taken on the page that is shown. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "capture/web/page_input.h"
#include "capture/web/web.h"
#include "crypto/digest.h"

#define ACT_MS 150     /* what an action starts has begun by then */
#define QUIET_MS 10000 /* a page that never comes to rest is not waited for longer between two steps */
#define POLL_MS 100
#define MAX_SHOWN_BYTES 120

struct run {
	struct axev__web *web;
	const struct axev__step *step;
	size_t number;         /* of the step, from 1 */
	uint64_t navigations;  /* before the last step that acted */
	int64_t deadline_ms;
	char result[200];      /* what a step has to tell; "" */
};

/* ---- waiting ---- */

/* What a click or a key started: until there is no more traffic. */
static int settle(struct run *run, axev_error *err)
{
	struct axev__page *page = run->web->page;
	int64_t limit_ms = axev__cdp_clock_ms() + QUIET_MS;

	TRY(axev__page_wait(page, ACT_MS, err));
	while (!axev__page_is_still(page) && axev__cdp_clock_ms() < limit_ms &&
	       axev__cdp_clock_ms() < run->deadline_ms)
		TRY(axev__page_wait(page, 50, err));
	return AXEV_OK;
}

static int fail_late(const struct run *run, const char *what, axev_error *err)
{
	return axev__fail(err, AXEV_E_PEER, "%s did not come within %u ms", what, run->step->timeout_ms);
}

static int fail_without_frame(const struct run *run, const struct axev__page_element *element, axev_error *err)
{
	struct axev__shown shown;

	return axev__fail(err, AXEV_E_PEER, "no frame %s came in time",
			  axev__show_str(&shown, run->step->frames[element->missing_frame - 1]));
}

static int wait_for_element(struct run *run, axev_error *err)
{
	struct axev__page_element element = { 0 };

	for (;;) {
		TRY(axev__page_find(run->web->page, run->step->selector, false, &element, err));
		if (element.is_visible)
			return AXEV_OK;
		if (axev__cdp_clock_ms() >= run->deadline_ms)
			return element.missing_frame ? fail_without_frame(run, &element, err) :
						       fail_late(run, "the element", err);
		TRY(axev__page_wait(run->web->page, POLL_MS, err));
	}
}

static int wait_for_navigation(struct run *run, axev_error *err)
{
	struct axev__page *page = run->web->page;

	while (page->navigations <= run->navigations || !axev__page_is_still(page)) {
		if (axev__cdp_clock_ms() >= run->deadline_ms)
			return fail_late(run, page->navigations <= run->navigations ? "the navigation" :
										     "the end of the navigation",
					 err);
		TRY(axev__page_wait(page, 50, err));
	}
	return AXEV_OK;
}

static int run_wait(struct run *run, axev_error *err)
{
	if (run->step->wait_ms)
		return axev__page_wait(run->web->page, run->step->wait_ms, err);
	return run->step->selector ? wait_for_element(run, err) : wait_for_navigation(run, err);
}

static int fail_without_text(struct run *run, axev_error *err)
{
	struct axev__page_element element = { 0 };

	if (run->step->frame_count)
		TRY(axev__page_find(run->web->page, "html", false, &element, err));
	return element.missing_frame ? fail_without_frame(run, &element, err) : fail_late(run, "the text", err);
}

static int run_expect(struct run *run, axev_error *err)
{
	bool shows = false;

	for (;;) {
		TRY(axev__page_shows(run->web->page, run->step->selector, run->step->value, &shows, err));
		if (shows)
			return AXEV_OK;
		if (axev__cdp_clock_ms() >= run->deadline_ms)
			return fail_without_text(run, err);
		TRY(axev__page_wait(run->web->page, POLL_MS, err));
	}
}

/* ---- acting ---- */

static int run_goto(struct run *run, axev_error *err)
{
	struct axev__page *page = run->web->page;
	struct axev__shown shown;

	page->load_ns = 0;
	TRY(axev__page_go(page, run->step->value, run->deadline_ms, err));
	if (page->failure)
		return axev__fail(err, AXEV_E_PEER, "the page did not come: %s",
				  axev__show_str(&shown, page->failure));
	return settle(run, err);
}

static int click(struct run *run, struct axev__page_element *element, axev_error *err)
{
	TRY(axev__page_await(run->web->page, run->step->selector, run->deadline_ms, element, err));
	return axev__page_click(run->web->page, element, err);
}

static int run_click(struct run *run, axev_error *err)
{
	struct axev__page_element element;

	TRY(click(run, &element, err));
	return settle(run, err);
}

static int run_type(struct run *run, axev_error *err)
{
	struct axev__page *page = run->web->page;
	struct axev__page_element element;

	TRY(click(run, &element, err));
	/* The steps go into the package as they are. */
	if (!run->step->typed && strcmp(element.type, "password") == 0)
		return axev__fail(err, AXEV_E_INVAL, "a password field takes a secret, and the step has a text");
	if (run->step->is_cleared) {
		TRY(axev__page_select_all(page, err));
		TRY(axev__page_press(page, "Backspace", err));
	}
	if (!run->step->typed) {
		TRY(axev__page_type(page, run->step->value, err));
		return settle(run, err);
	}
	TRY(axev__secrets_add(&run->web->secrets, axev__span_str(run->step->typed), err));
	page->secrets = &run->web->secrets;
	run->web->secrets_typed++;
	TRY(axev__page_type(page, run->step->typed, err));
	return settle(run, err);
}

static int run_press(struct run *run, axev_error *err)
{
	TRY(axev__page_press(run->web->page, run->step->value, err));
	return settle(run, err);
}

static int run_scroll(struct run *run, axev_error *err)
{
	struct axev__page_element element = { 0 };
	struct axev__shown shown;

	if (!run->step->selector) {
		TRY(axev__page_scroll_by(run->web->page, run->step->is_to_end, run->step->scroll_by, err));
		return settle(run, err);
	}
	TRY(axev__page_find(run->web->page, run->step->selector, true, &element, err));
	if (element.missing_frame)
		return fail_without_frame(run, &element, err);
	if (!element.is_there)
		return axev__fail(err, AXEV_E_PEER, "there is no element %s",
				  axev__show_str(&shown, run->step->selector));
	return settle(run, err);
}

/* By the keyboard: the list that a click opens is not part of the page. */
static int run_select(struct run *run, axev_error *err)
{
	struct axev__page_element element;

	TRY(axev__page_await(run->web->page, run->step->selector, run->deadline_ms, &element, err));
	TRY(axev__page_focus(run->web->page, run->step->selector, err));
	TRY(axev__page_choose(run->web->page, run->step->selector, run->step->value, err));
	return settle(run, err);
}

static int run_upload(struct run *run, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_STEP_FILE_BYTES);
	const char *name = strrchr(run->step->value, '/');
	uint8_t sha256[32];
	char path[1024], hex[AXEV_ID_HEX_SIZE];

	name = name ? name + 1 : run->step->value;
	TRY(axev__read_file(AT_FDCWD, run->step->value, &bytes, err));
	TRY(axev__sha256(bytes.data, bytes.size, sha256, err));
	TRY(axev__browser_give_file(run->web->browser, (uint32_t)run->number, name, axev__buf_view(&bytes), path,
				    sizeof(path), err));
	TRY(axev__page_give_file(run->web->page, run->step->selector, path, err));
	axev__hex(hex, sha256, sizeof(sha256));
	snprintf(run->result, sizeof(run->result), "; %zu bytes, SHA-256 %s", bytes.size, hex);
	return settle(run, err);
}

static int run_screenshot(struct run *run, axev_error *err)
{
	struct axev__spill png = axev__web_view(run->web);
	struct axev__page_picture picture = { 0 };
	char path[32];

	if (run->step->is_full)
		TRY(axev__page_screenshot(run->web->page, &png, &picture, err));
	else
		TRY(axev__page_screenshot_window(run->web->page, &png, err));
	snprintf(path, sizeof(path), "data/steps/%03zu.png", run->number);
	snprintf(run->result, sizeof(run->result), "; %s", path);
	return axev__web_spilled_object(run->web, path, axev__span_str(run->step->value), "step-screenshot",
				      "image/png",
				      run->step->is_full ? "picture of the whole page, made by the browser" :
							   "picture of what the window showed, made by the browser",
				      &png, err);
}

static int (*const acts[AXEV__STEP_KINDS])(struct run *run, axev_error *err) = {
	[AXEV__STEP_GOTO] = run_goto,	      [AXEV__STEP_CLICK] = run_click,
	[AXEV__STEP_TYPE] = run_type,	      [AXEV__STEP_PRESS] = run_press,
	[AXEV__STEP_WAIT] = run_wait,	      [AXEV__STEP_SCROLL] = run_scroll,
	[AXEV__STEP_SELECT] = run_select,     [AXEV__STEP_UPLOAD] = run_upload,
	[AXEV__STEP_SCREENSHOT] = run_screenshot, [AXEV__STEP_EXPECT] = run_expect,
};

/* ---- what the manifest says ---- */

/* Clipped, so that a form finds its sentence again. */
static int add_shown(struct axev__buf *out, const char *text, axev_error *err)
{
	AXEV__BUF clipped = AXEV__BUF_INIT(AXEV__KIB);

	if (!text)
		return AXEV_OK;
	TRY(axev__web_clip(&clipped, text, MAX_SHOWN_BYTES, err));
	return axev__escape(out, axev__buf_view(&clipped), err);
}

static const char *before_value(const struct axev__step *step)
{
	if (step->kind == AXEV__STEP_WAIT)
		return step->wait_ms ? "wait" : step->selector ? "wait for " : "wait for a navigation";
	if (step->kind == AXEV__STEP_SCROLL)
		return step->selector ? "scroll to " : step->scroll_by ? "scroll by rows" :
				    step->is_to_end ? "scroll to the end" : "scroll to the top";
	if (step->kind == AXEV__STEP_TYPE)
		return step->typed ? "type a secret" : "type ";
	if (step->kind == AXEV__STEP_EXPECT)
		return "expect the text ";
	if (step->kind == AXEV__STEP_GOTO)
		return "go to ";
	if (step->kind == AXEV__STEP_SCREENSHOT)
		return "picture ";
	return NULL;
}

/* " in the frame #pay > iframe" */
static int add_frames(const struct axev__step *step, struct axev__buf *out, axev_error *err)
{
	size_t i;

	for (i = 0; i < step->frame_count; i++) {
		TRY(axev__buf_str(out, i == 0 ? " in the frame " : " > ", err));
		TRY(add_shown(out, step->frames[i], err));
	}
	return AXEV_OK;
}

/* "step 3: type hello into #name" */
static int describe(const struct run *run, struct axev__buf *out, axev_error *err)
{
	const struct axev__step *step = run->step;
	const char *before = before_value(step);

	TRY(axev__buf_printf(out, err, "step %zu: ", run->number));
	if (before)
		TRY(axev__buf_str(out, before, err));
	else
		TRY(axev__buf_printf(out, err, "%s ", axev__step_word(step)));
	TRY(add_shown(out, step->value, err));
	if (step->selector && (step->value || step->typed))
		TRY(axev__buf_str(out, step->kind == AXEV__STEP_EXPECT ? " in " : " into ", err));
	TRY(add_shown(out, step->selector, err));
	TRY(add_frames(step, out, err));
	if (!step->note)
		return AXEV_OK;
	TRY(axev__buf_str(out, " (", err));
	TRY(add_shown(out, step->note, err));
	return axev__buf_byte(out, ')', err);
}

static int note_step(struct run *run, const char *result, axev_error *err)
{
	AXEV__BUF action = AXEV__BUF_INIT(16 * AXEV__KIB);

	TRY(describe(run, &action, err));
	return axev__take_step(run->web->take, (const char *)action.data, result, err);
}

/* ---- one after the other ---- */

static bool acts_on_page(const struct axev__step *step)
{
	return step->kind != AXEV__STEP_WAIT && step->kind != AXEV__STEP_EXPECT &&
	       step->kind != AXEV__STEP_SCREENSHOT;
}

static int run_step(struct run *run, axev_error *err)
{
	int64_t begun_ms = axev__cdp_clock_ms();
	char result[300];
	int status;

	run->deadline_ms = begun_ms + run->step->timeout_ms;
	run->result[0] = '\0';
	if (acts_on_page(run->step))
		run->navigations = run->web->page->navigations;
	run->web->page->where = (struct axev__page_where){ run->step->frames, run->step->frame_count };
	status = acts[run->step->kind](run, err);
	run->web->page->where = (struct axev__page_where){ NULL, 0 };
	TRY(status);
	snprintf(result, sizeof(result), "done in %" PRId64 " ms%s", axev__cdp_clock_ms() - begun_ms, run->result);
	return note_step(run, result, err);
}

/* What follows a step that failed would mean something else than the operator meant. */
static int note_failed(struct run *run, const char *why, axev_error *err)
{
	AXEV__BUF result = AXEV__BUF_INIT(8 * AXEV__KIB);
	struct axev__steps *steps = run->web->steps;
	char what[64];

	TRY(axev__buf_printf(&result, err, "failed: %s", why));
	TRY(note_step(run, (const char *)result.data, err));
	snprintf(what, sizeof(what), "steps %zu to %zu", run->number, steps->count);
	return axev__web_missing(run->web, what, (const char *)result.data, err);
}

static int take_step(struct run *run, axev_error *err)
{
	int status = run_step(run, err);
	char why[600];

	if (status >= 0 || status == AXEV_E_NOMEM || status == AXEV_E_CANCELLED)
		return status;
	if (!run->web->opts->record_failure || axev__cdp_is_gone(run->web->page->cdp) ||
	    run->web->page->has_crashed)
		return axev__prefix(status, err, "step %zu (%s)", run->number, axev__step_word(run->step));
	axev_error_text(err, why, sizeof(why));
	axev_error_clear(err);
	TRY(note_failed(run, why, err));
	return 1;
}

int axev__steps_run(struct axev__web *web, axev_error *err)
{
	struct run run = { .web = web };
	int status = AXEV_OK;

	if (!web->steps)
		return AXEV_OK;
	TRY(axev__web_object(web, "steps.json", "steps", "application/json", NULL,
			     axev__buf_view(&web->steps->bytes), err));
	web->page->is_steered = true;
	while (status == AXEV_OK && run.number < web->steps->count) {
		run.step = &web->steps->list[run.number++];
		status = take_step(&run, err);
	}
	return status < 0 ? status : AXEV_OK;
}
