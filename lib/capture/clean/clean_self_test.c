/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The self-test: does this browser show what a server sends, and does the recorder have what went over the wire? A
 * browser of its own, by the same program and options, with a profile, a root and a log of its own, so that neither of
 * them comes into the capture.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>

#include "base/text.h"
#include "capture/clean/self_test.h"
#include "capture/web/page.h"

#define PAGE_MS 10000 /* for the page to come and to have its text */
#define LOOK_EVERY_MS 20
#define STEADY_MS 1500 /* a loaded page with another text than the known one gets no other any more */

struct run {
	const struct axev__clean_asked *asked;
	struct axev__self_test *test;
	struct axev__browser *browser;
	struct axev__page *page;
	struct axev__wire *wire;
	struct axev__buf *raw;
	/* The first of each; of AXEV__MAX_CLEAN_RESULT bytes. What the recorder says is told first: it explains the other. */
	char *recorded, *shown;
};

static void note(struct run *run, const char *problem)
{
	if (!run->shown[0])
		snprintf(run->shown, AXEV__MAX_CLEAN_RESULT, "%s", problem);
}

/* ---- the browser ---- */

static int append_command_line(struct run *run, axev_error *err)
{
	char path[64];
	size_t i, begin;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)run->browser->pid);
	TRY(axev__buf_str(run->raw, "== its command line ==\n", err));
	begin = run->raw->size;
	TRY(axev__clean_file(path, run->raw, err));
	for (i = begin; i < run->raw->size; i++)
		if (run->raw->data[i] == '\0')
			run->raw->data[i] = '\n';
	return AXEV_OK;
}

static int append_program(struct run *run, axev_error *err)
{
	char link[64], path[PATH_MAX];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)run->browser->pid);
	length = readlink(link, path, sizeof(path) - 1);
	TRY(axev__buf_str(run->raw, "== browser of the self-test ==\n", err));
	if (length > 0)
		TRY(axev__escape(run->raw, axev__span(path, (size_t)length), err));
	TRY(axev__buf_printf(run->raw, err, "\n%s\n", run->page->product ? run->page->product : ""));
	return append_command_line(run, err);
}

static int start(struct run *run, int spool_fd, axev_error *err)
{
	const axev_web_opts *opts = run->asked->opts;
	const struct axev__browser_opts browser_opts = {
		.path = opts->browser_path,
		.ca_pem = axev__buf_view(&run->test->root_pem),
		.lang = opts->lang,
		.width = opts->width,
		.height = opts->height,
	};
	const struct axev__page_opts page_opts = {
		.device = axev__device_find(opts->device),
		.width = opts->width,
		.height = opts->height,
		.lang = opts->lang,
		.time_zone = opts->time_zone,
		.spool_fd = -1, /* its page is small */
	};

	/* The environment of the call is its thread's: here is another. */
	TRY(axev__browser_start(run->browser, &browser_opts, NULL, err));
	TRY(axev__wire_start(axev__steal_fd(&run->browser->netlog_fd), spool_fd, AXEV__MAX_SELF_TEST_SPOOL_BYTES,
			     &run->wire, err));
	TRY(axev__page_open(run->page, run->browser->answer_fd, run->browser->command_fd, NULL, &page_opts, err));
	return append_program(run, err);
}

/* ---- what it shows ---- */

static int await_text(struct run *run, struct axev__buf *text, int64_t deadline_ms, axev_error *err)
{
	AXEV__BUF before = AXEV__BUF_INIT(text->max);
	int64_t changed_ms = axev__cdp_clock_ms(), now_ms;

	for (;;) {
		axev__buf_clear(text);
		TRY(axev__page_text(run->page, text, err));
		now_ms = axev__cdp_clock_ms();
		if (!axev__span_equal(axev__buf_view(text), axev__buf_view(&before)))
			changed_ms = now_ms;
		if (now_ms >= deadline_ms ||
		    (run->page->load_ns && (axev__span_is(axev__buf_view(text), run->test->text) ||
					    now_ms - changed_ms >= STEADY_MS)))
			return AXEV_OK;
		axev__buf_clear(&before);
		TRY(axev__buf_span(&before, axev__buf_view(text), err));
		TRY(axev__page_wait(run->page, LOOK_EVERY_MS, err));
	}
}

static int look_at_text(struct run *run, int64_t deadline_ms, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_CLEAN_RAW_BYTES / 8);

	TRY(await_text(run, &text, deadline_ms, err));
	TRY(axev__buf_printf(run->raw, err, "== text that was sent ==\n%s\n== text as shown ==\n", run->test->text));
	TRY(axev__buf_span(run->raw, axev__buf_view(&text), err));
	TRY(axev__buf_byte(run->raw, '\n', err));
	if (!axev__span_is(axev__buf_view(&text), run->test->text))
		note(run, "the text shown is not the one that was sent");
	return AXEV_OK;
}

static int look_at_picture(struct run *run, axev_error *err)
{
	AXEV__BUF png = AXEV__BUF_INIT(AXEV__MAX_CLEAN_RAW_BYTES / 4);
	AXEV__CLOSE int fd = memfd_create("picture", MFD_CLOEXEC);
	struct axev__spill spill = { fd, 0, png.max };
	struct axev__page_picture picture = { 0 };
	struct axev__source source;
	bool is_known = false;

	TRY(axev__page_screenshot(run->page, &spill, &picture, err));
	source = axev__spill_source(&spill);
	TRY(axev__source_load(&source, &png, err));
	TRY(axev__self_test_picture(run->test, axev__buf_view(&png), picture.scale, run->raw, &is_known, err));
	if (!is_known)
		note(run, "the picture shown is not the one that was sent");
	return AXEV_OK;
}

static int visit(struct run *run, axev_error *err)
{
	int64_t deadline_ms = axev__cdp_clock_ms() + PAGE_MS;
	struct axev__shown shown;
	char text[AXEV__MAX_SHOWN + 64];

	TRY(axev__buf_printf(run->raw, err, "== page ==\n%s\n", run->test->url));
	TRY(axev__page_go(run->page, run->test->url, deadline_ms, err));
	if (run->page->failure) {
		snprintf(text, sizeof(text), "the test's page did not come: %s",
			 axev__show_str(&shown, run->page->failure));
		note(run, text);
		return axev__buf_printf(run->raw, err, "-- %s --\n", text);
	}
	TRY(look_at_text(run, deadline_ms, err));
	return look_at_picture(run, err);
}

/* ---- both ---- */

static int say_passed(struct axev__clean_row *row, const struct axev__self_test *test)
{
	size_t i, bytes = 0, connections = 0;

	for (i = 0; i < axev__known_server_count(test->server); i++) {
		const struct axev__known_visit *visit = axev__known_server_visit(test->server, i);

		bytes += visit->sent.size + visit->received.size;
		connections += visit->requests > 0;
	}
	return axev__clean_say(row, AXEV__CLEAN_PASSED,
			       "text, picture and data shown are those sent; %zu bytes of %zu connections are recorded as they were; a server for which nobody vouches was refused",
			       bytes, connections);
}

/* The log is whole before the browser has ended, which is not waited for. */
static int finish(struct run *run, struct axev__wire_summary *summary, axev_error *err)
{
	TRY(axev__page_quit(run->page, err));
	TRY(axev__wire_finish(run->wire, summary, err));
	axev__known_server_stop(run->test->server);
	axev__known_server_stop(run->test->stranger);
	if (!summary->is_closed || summary->bad_lines || summary->unreadable_bytes || summary->is_over_limit)
		snprintf(run->recorded, AXEV__MAX_CLEAN_RESULT, "the network log is not whole");
	TRY(axev__buf_str(run->raw, "== recorder ==\n", err));
	return axev__self_test_compare(run->test, run->wire, run->raw, run->recorded, AXEV__MAX_CLEAN_RESULT, err);
}

static int run_with(struct run *run, int spool_fd, struct axev__clean_row *row, axev_error *err)
{
	struct axev__wire_summary summary = { 0 };

	TRY(start(run, spool_fd, err));
	TRY(visit(run, err));
	TRY(finish(run, &summary, err));
	if (run->page->failure)
		return axev__clean_say(row, AXEV__CLEAN_FAILED, "%s", run->shown);
	if (run->recorded[0] || run->shown[0])
		return axev__clean_say(row, AXEV__CLEAN_FAILED, "%s", run->recorded[0] ? run->recorded : run->shown);
	return say_passed(row, run->test);
}

/* Order matters: the recorder's thread ends when the browser does. */
static void run_end(struct run *run)
{
	axev__page_close(run->page);
	axev__browser_end(run->browser);
	axev__wire_free(run->wire);
}

int axev__clean_self_test(const struct axev__clean_asked *asked, struct axev__clean_row *row, axev_error *err)
{
	AXEV__SELF_TEST test = AXEV__SELF_TEST_INIT;
	AXEV__BROWSER browser = AXEV__BROWSER_INIT;
	AXEV__CLOSE int spool_fd = -1;
	struct axev__page page = { 0 };
	char recorded[AXEV__MAX_CLEAN_RESULT] = "", shown[AXEV__MAX_CLEAN_RESULT] = "";

	if (asked->opts->checks != AXEV_CHECKS_STRICT && !asked->opts->self_test)
		return axev__clean_say(row, AXEV__CLEAN_NOT_CHECKED,
				       "not asked for: it belongs to the strict profile");
	TRY(axev__self_test_begin(&test, asked->random + sizeof(asked->random) - 64, err));
	spool_fd = memfd_create("self-test", MFD_CLOEXEC);
	if (spool_fd < 0)
		return axev__fail_errno(err, errno, "cannot make memory for what is recorded");
	AXEV__CLEANUP(run_end) struct run run = { .asked = asked,
						  .test = &test,
						  .browser = &browser,
						  .page = &page,
						  .raw = &row->raw,
						  .recorded = recorded,
						  .shown = shown };

	return run_with(&run, spool_fd, row, err);
}
