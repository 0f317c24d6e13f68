/* SPDX-License-Identifier: Apache-2.0 */
/* Capture of a web page: a browser of our own shows it, the wire recorder takes its bytes. */
#include "capture/web/web.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "capture/machine.h"
#include "capture/web/web_url.h"

#define DEFAULT_TIMEOUT_MS 60000
#define DEFAULT_MAX_BYTES ((uint64_t)AXEV__GIB)
#define DEFAULT_SESSION_MS 3600000
#define DEFAULT_LANG "zh-CN"
#define MAX_VIEWPORT 8192
#define MAX_MISSING_BYTES 512

/* ---- what is asked ---- */

/* IANA names, as "Asia/Shanghai" and "Etc/GMT+8". */
static bool is_zone(const char *zone)
{
	return *zone && strlen(zone) <= 64 &&
	       strspn(zone, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/") ==
		       strlen(zone);
}

static int complete_opts(const axev_web_opts *given, axev_web_opts *opts, axev_error *err)
{
	const struct axev__device *device = axev__device_find(given->device);
	struct axev__shown shown;

	*opts = *given;
	if (!device)
		return axev__fail(err, AXEV_E_INVAL, "expected the device desktop or phone, found %s",
				  axev__show_str(&shown, given->device));
	if (given->time_zone && !is_zone(given->time_zone))
		return axev__fail(err, AXEV_E_INVAL, "expected a time zone as Asia/Shanghai, found %s",
				  axev__show_str(&shown, given->time_zone));
	opts->device = device->name;
	if (!opts->timeout_ms)
		opts->timeout_ms = DEFAULT_TIMEOUT_MS;
	if (!opts->width)
		opts->width = device->width;
	if (!opts->height)
		opts->height = device->height;
	if (!opts->max_bytes)
		opts->max_bytes = DEFAULT_MAX_BYTES;
	if (opts->max_bytes > AXEV__MAX_WEB_SPOOL_BYTES)
		opts->max_bytes = AXEV__MAX_WEB_SPOOL_BYTES;
	if (!opts->lang)
		opts->lang = DEFAULT_LANG;
	if (!opts->session_ms)
		opts->session_ms = DEFAULT_SESSION_MS;
	if (opts->interactive && (!getenv("DISPLAY") || !*getenv("DISPLAY")))
		return axev__fail(err, AXEV_E_INVAL, "a session needs a display, and DISPLAY is not set");
	if (opts->recheck_of)
		opts->reach = 1;
	/* A person does the scrolling. */
	if (opts->interactive)
		opts->no_scroll = 1;
	if (opts->interactive && opts->steps_file)
		return axev__fail(err, AXEV_E_INVAL, "expected steps or a session, not both");
	if (opts->save_cookies_file && !opts->interactive)
		return axev__fail(err, AXEV_E_INVAL, "expected a session (interactive) whose login state is to be saved");
	if (opts->save_cookies_file && access(opts->save_cookies_file, F_OK) == 0)
		return axev__fail(err, AXEV_E_INVAL, "expected a new file for the login state, %s is there",
				  axev__show_str(&shown, opts->save_cookies_file));
	if (opts->width > MAX_VIEWPORT || opts->height > MAX_VIEWPORT)
		return axev__fail(err, AXEV_E_INVAL, "expected a viewport of at most %d x %d",
				  MAX_VIEWPORT, MAX_VIEWPORT);
	TRY(axev__clean_check_opts(opts, err));
	return axev__web_check_url(opts->url, err);
}

/* ---- objects ---- */

#define OBJECT(path_, name_, role_, media_type_, how_)                                                           \
	{                                                                                                        \
		.path = (path_), .name = (name_), .media_type = (media_type_), .role = (role_), .how = (how_),    \
		.modified_ns = INT64_MIN, .mode = -1, .is_observed = (how_) != NULL,                              \
	}

int axev__web_scratch(const struct axev__web *web, int *ret_fd, axev_error *err)
{
	return axev__open(web->take->ledger->dirfd, web->take->directory, O_RDWR | O_TMPFILE, 0600, ret_fd, err);
}

int axev__web_spilled_object(struct axev__web *web, const char *path, struct axev__span name, const char *role,
			     const char *media_type, const char *how, const struct axev__spill *spill, axev_error *err)
{
	const struct axev__object object = OBJECT(path, name, role, media_type, how);
	struct axev__source source = axev__spill_source(spill);
	struct axev__digests digests;

	/* What was put and cut again is not part of it. */
	if (ftruncate(spill->fd, (off_t)spill->size_bytes) < 0 || lseek(spill->fd, 0, SEEK_SET) < 0)
		return axev__fail_errno(err, errno, "cannot read %s again", path);
	/* Of the archive, what of each exchange goes into it is looked at. */
	if (how)
		TRY(axev__login_look_in(web, path, &source, err));
	TRY(axev__container_add_fd(web->take->writer, path, spill->fd, spill->size_bytes, web->take->env, &digests, err));
	return axev__take_object(web->take, &object, &digests, err);
}

int axev__web_object(struct axev__web *web, const char *name, const char *role,
		     const char *media_type, const char *how, struct axev__span bytes,
		     axev_error *err)
{
	char path[64];
	const struct axev__object object = OBJECT(path, axev__span_str(name), role, media_type, how);
	struct axev__digests digests;

	snprintf(path, sizeof(path), "data/%s", name);
	TRY(axev__login_look(web, path, bytes, err));
	TRY(axev__container_add(web->take->writer, path, bytes, &digests, err));
	return axev__take_object(web->take, &object, &digests, err);
}

int axev__web_clip(struct axev__buf *out, const char *text, size_t max, axev_error *err)
{
	size_t size = strlen(text), kept = size;

	if (size > max) {
		kept = max;
		while (kept > 0 && max - kept < 4 && ((uint8_t)text[kept] & 0xC0) == 0x80)
			kept--;
	}
	TRY(axev__buf_append(out, text, kept, err));
	return kept == size ? AXEV_OK :
			      axev__buf_printf(out, err, "... (%zu bytes)", size);
}

int axev__web_missing(struct axev__web *web, const char *what, const char *why, axev_error *err)
{
	AXEV__BUF shown = AXEV__BUF_INIT(2 * AXEV__MAX_WEB_FACT_BYTES);

	if (++web->missing > AXEV__MAX_WEB_MISSING)
		return AXEV_OK;
	TRY(axev__web_clip(&shown, what, MAX_MISSING_BYTES, err));
	return axev__take_missing(web->take, axev__buf_view(&shown), why, err);
}

static int note_unnamed(struct axev__web *web, axev_error *err)
{
	char why[64];

	if (web->missing <= AXEV__MAX_WEB_MISSING)
		return AXEV_OK;
	snprintf(why, sizeof(why), "%" PRIu64 ", not named here", web->missing - AXEV__MAX_WEB_MISSING);
	return axev__take_missing(web->take, axev__span_str("more that is missing"), why, err);
}

/* Nothing of a page that crashed is in the package yet. What the operator had done on it is never done a second time. */
bool axev__web_can_begin_again(const struct axev__web *web)
{
	return (web->page->has_crashed || axev__cdp_is_gone(web->page->cdp)) && !web->opts->steps_file &&
	       !web->opts->interactive && web->take->object_count == web->objects_before;
}

int axev__web_allow(struct axev__web *web, int status, const char *name, axev_error *err)
{
	char why[1024];

	if (status >= 0 || axev__cdp_is_gone(web->page->cdp) ||
	    (status != AXEV_E_PEER && status != AXEV_E_NETWORK && status != AXEV_E_LIMIT))
		return status;
	axev_error_text(err, why, sizeof(why));
	axev_error_clear(err);
	return axev__web_missing(web, name, why, err);
}

/* ---- who takes part ---- */

static int note_root(struct axev__web *web, axev_error *err)
{
	uint8_t sha256[32];

	if (!web->opts->ca_file)
		return AXEV_OK;
	TRY(axev__machine_file_sha256(web->opts->ca_file, sha256, err));
	axev__hex(web->ca_sha256, sha256, sizeof(sha256));
	return AXEV_OK;
}

/* ---- the visit ---- */

static int fail_unreachable(struct axev__web *web, axev_error *err)
{
	struct axev__shown url, why;
	const char *failure = web->page->failure;
	bool is_tls = strncmp(failure, "net::ERR_CERT_", 14) == 0;
	bool is_client = strcmp(failure, "net::ERR_BAD_SSL_CLIENT_AUTH_CERT") == 0 ||
			 strcmp(failure, "net::ERR_SSL_CLIENT_AUTH_CERT_NEEDED") == 0;

	return axev__fail(err, AXEV_E_NETWORK, "%s: the page did not come: %s; %s--record-failure captures that as evidence",
			  axev__show_str(&url, web->opts->url), axev__show_str(&why, failure),
			  is_tls ? "--ca FILE adds a root that you trust, " :
			  is_client ? "--client-cert FILE.p12 shows the site a certificate of yours, " :
				      "");
}

/* What the page's scripts take for the time zone; a document that cannot be asked has none. */
static int ask_zone(struct axev__web *web, axev_error *err)
{
	int status = web->page->is_download ? AXEV_OK : axev__page_ask_zone(web->page, err);

	if (status >= 0 || !axev__page_is_silent(web->page, status))
		return status;
	axev_error_clear(err);
	return AXEV_OK;
}

static int note_beside(struct axev__web *web, axev_error *err)
{
	const struct axev__page *page = web->page;

	if (page->popups)
		TRY(axev__web_missing(web, "windows opened by the page",
				      page->keeps_windows ? "not viewed; their bytes are in the archive" :
							    "closed, not captured",
				      err));
	if (page->is_over_limit)
		TRY(axev__web_missing(web, "frames and requests of the page", "more than are followed", err));
	TRY(axev__web_note_downloads(web, err));
	return AXEV_OK;
}

static int visit(struct axev__web *web, axev_error *err)
{
	int64_t deadline_ms = axev__cdp_clock_ms() + web->opts->timeout_ms;
	bool is_closed = false;

	TRY(axev__page_go(web->page, web->opts->url, deadline_ms, err));
	TRY(axev__identity_begin(&web->identity, err));
	if (web->page->failure) {
		TRY(axev__take_step(web->take, "navigate", web->page->failure, err));
		/* That it did not come is just what was to be found out. */
		return web->opts->record_failure || web->opts->reach ? AXEV_OK : fail_unreachable(web, err);
	}
	TRY(axev__take_step(web->take, "navigate", "document received", err));
	TRY(axev__web_rest(web, deadline_ms, err));
	TRY(axev__steps_run(web, err));
	if (web->opts->interactive)
		TRY(axev__session_run(web, &is_closed, err));
	TRY(note_beside(web, err));
	if (is_closed)
		return AXEV_OK;
	TRY(axev__page_describe(web->page, err));
	TRY(ask_zone(web, err));
	if (web->page->is_download)
		return axev__web_missing(web, "views of the page", "the address is a download; there is nothing to see",
			       err);
	TRY(axev__web_views(web, err));
	return axev__site_subject_visit(web, err);
}

/* ---- the wire ---- */

static int note_summary(struct axev__web *web, axev_error *err)
{
	const struct axev__wire_summary *summary = &web->summary;
	char why[128];

	if (!summary->is_closed)
		TRY(axev__web_missing(web, "network log", "cut off: the browser did not end it", err));
	TRY(axev__web_note_limit(web, err));
	if (summary->bad_lines) {
		snprintf(why, sizeof(why), "%" PRIu64 " lines could not be read", summary->bad_lines);
		TRY(axev__web_missing(web, "network log", why, err));
	}
	if (axev__cdp_bad_messages(web->page->cdp)) {
		snprintf(why, sizeof(why), "%" PRIu64 " messages could not be read",
			 axev__cdp_bad_messages(web->page->cdp));
		TRY(axev__web_missing(web, "messages of the browser", why, err));
	}
	if (summary->unreadable_bytes) {
		snprintf(why, sizeof(why), "%" PRIu64 " bytes are not HTTP messages",
			 summary->unreadable_bytes);
		TRY(axev__web_missing(web, "bytes of connections", why, err));
	}
	return AXEV_OK;
}

/* The log is complete before the browser has ended: what follows from it need not wait for that. */
static int end_browser(struct axev__web *web, axev_error *err)
{
	if (!axev__cdp_is_gone(web->page->cdp))
		TRY(axev__page_quit(web->page, err));
	TRY(axev__ending_begin(&web->ending, web->browser, err));
	axev__web_tell_stop(web);
	/* From here on the display shows no page. */
	if (web->video)
		TRY(axev__video_address(web->video, "", err));
	TRY(axev__wire_finish(web->wire, &web->summary, err));
	TRY(axev__web_note_clock(web, err));
	return note_summary(web, err);
}

static int note_end(struct axev__web *web, axev_error *err)
{
	axev__ending_finish(&web->ending);
	if (web->ending.was_killed)
		TRY(axev__take_step(web->take, "end the browser", "had to be killed", err));
	return AXEV_OK;
}

static int start_browser(struct axev__web *web, int spool_fd, axev_error *err)
{
	const struct axev__browser_opts opts = {
		.path = web->opts->browser_path,
		.ca_file = web->opts->ca_file,
		.client_p12 = axev__buf_view(&web->client_cert->p12),
		.client_passphrase = web->client_cert->passphrase,
		.client_host = web->client_cert->host,
		.lang = web->opts->lang,
		.width = web->opts->width,
		.height = web->opts->height,
		.display = web->opts->interactive ? getenv("DISPLAY") : NULL,
	};
	const struct axev__page_opts page_opts = {
		.device = axev__device_find(web->opts->device),
		.width = opts.display ? 0 : web->opts->width,
		.height = web->opts->height,
		.lang = web->opts->lang,
		.time_zone = web->opts->time_zone,
		.spool_fd = web->cdp_fd,
	};

	TRY(axev__web_clock_look(web->take->env, &web->clock.zero_ns[0], err));
	TRY(axev__browser_start(web->browser, &opts, web->take->env, err));
	TRY(axev__wire_start(axev__steal_fd(&web->browser->netlog_fd), spool_fd,
			     web->opts->max_bytes, &web->wire, err));
	TRY(axev__page_open(web->page, web->browser->answer_fd, web->browser->command_fd,
			    web->take->env, &page_opts, err));
	TRY(axev__web_allow_downloads(web, err));
	TRY(axev__take_step(web->take, "start the browser", web->page->product, err));
	TRY(axev__login_begin(web, err));
	TRY(axev__client_cert_begin(web, err));
	if (!opts.display)
		return axev__web_video_begin(web, NULL, err);
	web->page->video = web->video;
	return axev__session_begin(web, err);
}

/* The checks before a page are made once, with the first browser. */
static int check_and_start(struct axev__web *web, int spool_fd, axev_error *err)
{
	TRY(note_root(web, err));
	if (web->opts->interactive)
		TRY(axev__web_video_begin(web, getenv("DISPLAY"), err));
	TRY(axev__clean_begin(web->clean, web->take, web->opts, err));
	TRY(axev__web_reach(web, err));
	TRY(start_browser(web, spool_fd, err));
	TRY(axev__clean_end(web->clean, web->browser, web->page->product, err));
	web->objects_before = web->take->object_count;
	return AXEV_OK;
}

static int show(struct axev__web *web, axev_error *err)
{
	TRY(visit(web, err));
	if (!web->opts->interactive)
		TRY(axev__web_video_end(web, err));
	TRY(end_browser(web, err));
	return axev__clean_begin(web->clean, web->take, web->opts, err);
}

/* Once more from nothing, with another browser: what the first attempt received is not kept. */
static int begin_again(struct axev__web *web, int *spool_fd, axev_error *err)
{
	const char *why = web->page->has_crashed ? "the page crashed in the browser; begun again with a new one" :
						   "the browser ended by itself; begun again with a new one";

	axev_error_clear(err);
	axev__page_close(web->page);
	axev__browser_end(web->browser);
	axev__wire_free(web->wire);
	web->wire = NULL;
	axev__closep(spool_fd);
	*spool_fd = -1;
	TRY(axev__take_step(web->take, "attempt", why, err));
	if (web->opts->checks != AXEV_CHECKS_NONE)
		TRY(axev__take_step(web->take, "checks", "those before the page were made with the first browser", err));
	TRY(axev__web_scratch(web, spool_fd, err));
	return start_browser(web, *spool_fd, err);
}

static int show_again(struct axev__web *web, int *spool_fd, axev_error *err)
{
	int status;

	TRY(check_and_start(web, *spool_fd, err));
	status = show(web, err);
	if ((status != AXEV_E_PEER && status != AXEV_E_NETWORK) || !axev__web_can_begin_again(web))
		return status;
	TRY(begin_again(web, spool_fd, err));
	return axev__prefix(show(web, err), err, "second attempt");
}

static int show_and_record(struct axev__web *web, axev_error *err)
{
	AXEV__CLOSE int spool_fd = -1;

	TRY(axev__web_scratch(web, &spool_fd, err));
	TRY(axev__web_scratch(web, &web->cdp_fd, err));
	TRY(axev__web_scratch(web, &web->view_fd, err));
	TRY(axev__identity_open(&web->identity, web->opts->browser_path, err));
	TRY(show_again(web, &spool_fd, err));
	TRY(axev__web_archive(web, err));
	TRY(axev__web_note_nearby(web, err));
	TRY(axev__web_wire_objects(web, err));
	TRY(axev__identity_finish(&web->identity, err));
	TRY(note_end(web, err));
	TRY(axev__clean_end(web->clean, NULL, NULL, err));
	TRY(axev__clean_conclude(web->clean, err));
	TRY(axev__site_subject_conclude(web, err));
	TRY(axev__web_video_end(web, err));
	TRY(note_unnamed(web, err));
	return axev__web_source(web, err);
}

/* Order matters: the recorder's thread ends when the browser does. */
static void web_end(struct axev__web *web)
{
	axev__video_free(web->video);
	axev__closep(&web->video_fd);
	axev__ending_finish(&web->ending);
	axev__identity_end(&web->identity);
	axev__page_close(web->page);
	axev__browser_end(web->browser);
	axev__wire_free(web->wire);
	axev__secrets_free(&web->secrets);
	axev__web_records_free(&web->records);
	axev__closep(&web->cdp_fd);
	axev__closep(&web->view_fd);
	axev__buf_free(&web->document_head);
}

/* ---- */

static int capture(struct axev__take *take, const axev_web_opts *opts, struct axev__steps *steps,
		   struct axev__site_subject *subject, struct axev__login *login,
		   struct axev__client_cert *client_cert, const struct axev__recheck *recheck, axev_error *err)
{
	AXEV__BROWSER browser = AXEV__BROWSER_INIT;
	AXEV__PAGE page = { 0 };
	AXEV__CLEAN clean = AXEV__CLEAN_INIT;
	AXEV__CLEANUP(web_end) struct axev__web web = {
		.take = take,
		.opts = opts,
		.browser = &browser,
		.page = &page,
		.clean = &clean,
		.subject = subject,
		.login = login,
		.recheck = recheck,
		.client_cert = client_cert,
		.connection = SIZE_MAX,
		.video_fd = -1,
		.cdp_fd = -1,
		.view_fd = -1,
		.identity = AXEV__IDENTITY_INIT,
		.document_head = AXEV__BUF_INIT(AXEV__MIB),
		.steps = steps->count ? steps : NULL,
	};

	return show_and_record(&web, err);
}

static int load_steps(const axev_web_opts *opts, struct axev__steps *steps, axev_error *err)
{
	if (!opts->steps_file)
		return AXEV_OK;
	TRY(axev__steps_load(opts->steps_file, steps, err));
	return axev__steps_take_secrets(steps, opts->ask_secret, opts->ask_secret_payload, err);
}

int axev_capture_web(axev_ledger *ledger, const axev_web_opts *opts, axev_draft **ret_draft,
		     axev_error *err)
{
	AXEV__TAKE take = { .fd = -1 };
	AXEV__BUF target = AXEV__BUF_INIT(2 * AXEV__MAX_URL_BYTES);
	AXEV__STEPS steps = AXEV__STEPS_INIT;
	AXEV__FILING filing = AXEV__FILING_INIT;
	AXEV__SUBJECT subject = AXEV__SUBJECT_INIT;
	AXEV__LOGIN login = { 0 };
	AXEV__RECHECK recheck = AXEV__RECHECK_INIT;
	AXEV__CLEANUP(axev__client_cert_free) struct axev__client_cert client_cert = AXEV__CLIENT_CERT_INIT;
	axev_web_opts full;

	if (!ledger || !opts || opts->size < sizeof(*opts) || !opts->url)
		return axev__fail(err, AXEV_E_INVAL, "expected a ledger and an address");
	/* Mistakes are found before anything is logged. */
	TRY(complete_opts(opts, &full, err));
	TRY(axev__browser_find(full.browser_path, &full.browser_path, err));
	TRY(load_steps(&full, &steps, err));
	if (full.cookies_file)
		TRY(axev__login_load(full.cookies_file, &login, err));
	TRY(axev__client_cert_load(&full, &client_cert, err));
	if (full.subject_file)
		TRY(axev__filing_load(full.subject_file, &filing, err));
	subject.is_wanted = full.licence || full.subject_file;
	subject.filing = &filing;
	TRY(axev__reach_load(ledger, &full, &recheck, err));
	if (full.video)
		TRY(axev__video_available(err));
	TRY(axev__buf_printf(&target, err, "web\n%s", full.url));
	TRY(axev__take_begin(ledger, &full.common, "web",
			     "page shown by a browser, bytes taken from its connections",
			     axev__buf_view(&target), &take, err));
	TRY(capture(&take, &full, &steps, &subject, &login, &client_cert, &recheck, err));
	return axev__take_finish(&take, ret_draft, err);
}
