/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/page.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "capture/web/cdp_large.h"
#include "crypto/digest.h"

#define CALL_MS 15000 /* calls that do no rendering */
#define CUT_BYTES 1024   /* of a text that is cut */

/* ---- open ---- */

static int prepare(struct axev__page *page, const struct axev__page_opts *opts, axev_error *err)
{
	TRY(axev__cdp_call(page->cdp, page->session, "Page.enable", NULL, CALL_MS, NULL, err));
	TRY(axev__cdp_call(page->cdp, page->session, "Network.enable", NULL, CALL_MS, NULL, err));
	TRY(axev__cdp_call(page->cdp, page->session, "Log.enable", NULL, CALL_MS, NULL, err));
	TRY(axev__page_emulate(page, opts, err));
	TRY(axev__cdp_call(page->cdp, "", "Target.setDiscoverTargets", "{\"discover\":true}", CALL_MS, NULL, err));
	return axev__cdp_call(page->cdp, "", "Browser.setDownloadBehavior",
			      "{\"behavior\":\"deny\",\"eventsEnabled\":true}", CALL_MS, NULL, err);
}

/* The window's one page; the browser's own surfaces are targets as well, and none of our business. */
static int find_page(struct axev__page *page, const axev__json *targets, axev_error *err)
{
	struct axev__span type, id;
	size_t i;

	for (i = 0; i < axev__json_count(targets); i++) {
		const axev__json *target = axev__json_at(targets, i);

		if (axev__json_as_string(axev__json_get(target, "type"), &type) &&
		    axev__span_is(type, "page") &&
		    axev__json_as_string(axev__json_get(target, "targetId"), &id) &&
		    id.size < sizeof(page->frame)) {
			snprintf(page->frame, sizeof(page->frame), "%.*s", (int)id.size,
				 (const char *)id.data);
			return AXEV_OK;
		}
	}
	return axev__fail(err, AXEV_E_PEER, "the browser opened no page");
}

static int attach(struct axev__page *page, axev_error *err)
{
	AXEV__JSON *targets = NULL;
	char params[128];

	TRY(axev__cdp_call(page->cdp, "", "Target.getTargets", NULL, CALL_MS, &targets, err));
	TRY(find_page(page, axev__json_get(targets, "targetInfos"), err));
	snprintf(params, sizeof(params), "{\"targetId\":\"%s\",\"flatten\":true}", page->frame);
	TRY(axev__cdp_call(page->cdp, "", "Target.attachToTarget", params, CALL_MS, NULL, err));
	if (!page->session[0])
		return axev__fail(err, AXEV_E_PEER, "the browser did not let us attach to its page");
	return AXEV_OK;
}

static int ask_version(struct axev__page *page, axev_error *err)
{
	AXEV__JSON *version = NULL;

	TRY(axev__cdp_call(page->cdp, "", "Browser.getVersion", NULL, CALL_MS, &version, err));
	TRY(axev__page_set_text(&page->product, version, "product", err));
	return axev__page_set_text(&page->user_agent, version, "userAgent", err);
}

int axev__page_open(struct axev__page *page, int answer_fd, int command_fd, const axev_env *env,
		    const struct axev__page_opts *opts, axev_error *err)
{
	memset(page, 0, sizeof(*page));
	page->env = env;
	TRY(axev__cdp_new(answer_fd, command_fd, opts->spool_fd, env, axev__page_event, page, &page->cdp, err));
	TRY(ask_version(page, err));
	TRY(attach(page, err));
	return prepare(page, opts, err);
}

void axev__page_close(struct axev__page *page)
{
	size_t i;

	axev__cdp_free(page->cdp);
	for (i = 0; i < page->target_count; i++)
		free(page->targets[i].url);
	for (i = 0; i < page->request_count; i++) {
		free(page->requests[i].url);
		free(page->requests[i].error);
	}
	for (i = 0; i < page->hop_count; i++) {
		free(page->hops[i].url);
		free(page->hops[i].location);
	}
	for (i = 0; i < page->visit_count; i++)
		free(page->visits[i].url);
	free(page->visits);
	free(page->listener);
	axev__page_downloads_free(&page->downloaded);
	axev__page_sent_free(&page->sent);
	free(page->targets);
	free(page->requests);
	free(page->hops);
	free(page->product);
	free(page->user_agent);
	free(page->browser_user_agent);
	free(page->agent_params);
	free(page->zone_params);
	free(page->time_zone);
	free(page->final_url);
	free(page->title);
	free(page->failure);
	free(page->mime_type);
	free(page->charset);
	free(page->protocol);
	free(page->remote_address);
	free(page->document_url);
	free(page->file_url);
	memset(page, 0, sizeof(*page));
}

/* The first @kept bytes, not cut inside of a character, and what is cut. */
static int cut_text(struct axev__span value, size_t kept, char **ret_copy, axev_error *err)
{
	uint8_t sha256[AXEV__SHA256];
	char mark[AXEV__CUT_MARK_SIZE];

	while (kept > 0 && (value.data[kept] & 0xC0) == 0x80)
		kept--;
	TRY(axev__sha256(value.data, value.size, sha256, err));
	axev__cdp_cut_mark(mark, value.size, sha256);
	return asprintf(ret_copy, "%.*s%s", (int)kept, (const char *)value.data, mark) < 0 ? axev__nomem(err) : AXEV_OK;
}

static int set_text(char **text, struct axev__span value, size_t max, size_t kept, axev_error *err)
{
	char *copy = NULL;

	if (value.size > max) {
		TRY(cut_text(value, kept, &copy, err));
	} else {
		copy = strndup((const char *)value.data, value.size);
		if (!copy)
			return axev__nomem(err);
	}
	free(*text);
	*text = copy;
	return AXEV_OK;
}

int axev__page_set_text(char **text, const axev__json *object, const char *key, axev_error *err)
{
	struct axev__span value;

	if (!axev__json_as_string(axev__json_get(object, key), &value))
		return AXEV_OK;
	return set_text(text, value, axev__span_starts(value, "data:") ? CUT_BYTES : AXEV__MAX_CDP_STRING_BYTES, CUT_BYTES, err);
}

int axev__page_set_shown(char **text, const axev__json *object, const char *key, size_t max, axev_error *err)
{
	struct axev__span value;

	return axev__json_as_string(axev__json_get(object, key), &value) ? set_text(text, value, max, max, err) : AXEV_OK;
}

/* ---- go ---- */

static int quote(const char *text, struct axev__buf *out, axev_error *err)
{
	AXEV__JSON *string = axev__json_new_string(axev__span_str(text));

	if (!string)
		return axev__fail(err, AXEV_E_INVAL, "expected an address in UTF-8");
	return axev__json_canonical(string, out, err);
}

static int note_failure(struct axev__page *page, const axev__json *answer, axev_error *err)
{
	bool is_download = false;

	axev__json_as_bool(axev__json_get(answer, "isDownload"), &is_download);
	page->is_download = is_download;
	return is_download ? AXEV_OK : axev__page_set_text(&page->failure, answer, "errorText", err);
}

/* The server took the connection and says nothing: an observation, as long as the browser is there. */
static int note_silence(struct axev__page *page, int status, uint32_t waited_ms, axev_error *err)
{
	char text[64];

	if (status != AXEV_E_NETWORK || axev__cdp_is_gone(page->cdp))
		return status;
	axev_error_clear(err);
	snprintf(text, sizeof(text), "no answer within %u ms", waited_ms);
	page->failure = strdup(text);
	return page->failure ? AXEV_OK : axev__nomem(err);
}

int axev__page_go(struct axev__page *page, const char *url, int64_t deadline_ms, axev_error *err)
{
	AXEV__BUF params = AXEV__BUF_INIT(16 * AXEV__MAX_URL_BYTES);
	AXEV__JSON *answer = NULL;
	int64_t left_ms = deadline_ms - axev__cdp_clock_ms();
	int status;

	TRY(axev__buf_str(&params, "{\"url\":", err));
	TRY(quote(url, &params, err));
	TRY(axev__buf_byte(&params, '}', err));
	TRY(axev__now(page->env, &page->navigate_ns, err));
	page->last_traffic_ms = axev__cdp_clock_ms();
	status = axev__cdp_call(page->cdp, page->session, "Page.navigate", (const char *)params.data,
				left_ms > 0 ? (uint32_t)left_ms : 1, &answer, err);
	if (status < 0)
		return note_silence(page, status, (uint32_t)left_ms, err);
	return note_failure(page, answer, err);
}

/* ---- describe, quit ---- */

int axev__page_wait(struct axev__page *page, uint32_t ms, axev_error *err)
{
	int64_t deadline_ms = axev__cdp_clock_ms() + ms, left_ms;

	while ((left_ms = deadline_ms - axev__cdp_clock_ms()) > 0) {
		TRY(axev__cdp_pump(page->cdp, left_ms < 50 ? (uint32_t)left_ms : 50, err));
		if (page->has_crashed)
			return axev__fail(err, AXEV_E_PEER, "the page crashed in the browser");
	}
	return AXEV_OK;
}

int axev__page_describe(struct axev__page *page, axev_error *err)
{
	AXEV__JSON *history = NULL;
	const axev__json *entries;
	int64_t current = 0;

	TRY(axev__cdp_call(page->cdp, page->session, "Page.getNavigationHistory", NULL, CALL_MS,
			   &history, err));
	entries = axev__json_get(history, "entries");
	if (!axev__json_as_integer(axev__json_get(history, "currentIndex"), &current) || current < 0)
		return AXEV_OK;
	TRY(axev__page_set_text(&page->final_url, axev__json_at(entries, (size_t)current), "url", err));
	return axev__page_set_text(&page->title, axev__json_at(entries, (size_t)current), "title", err);
}

int axev__page_cast(struct axev__page *page, bool is_on, axev_error *err)
{
	return axev__cdp_call(page->cdp, page->session, is_on ? "Page.startScreencast" : "Page.stopScreencast",
			      is_on ? "{\"format\":\"jpeg\",\"quality\":85,\"everyNthFrame\":1}" : NULL, CALL_MS, NULL, err);
}

int axev__page_quit(struct axev__page *page, axev_error *err)
{
	if (!page->stopped_mono_ns)
		page->stopped_mono_ns = axev__mono_ns();
	return axev__cdp_send(page->cdp, "", "Browser.close", NULL, err);
}
