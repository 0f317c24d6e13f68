/* SPDX-License-Identifier: Apache-2.0 */
/* What happens in the page, as the browser tells it. */
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/page.h"
#include "capture/web/web_nearby.h"

/* ---- values ---- */

/* Identifiers and type names go into messages again, so nothing else is let through. */
void axev__page_word(char *out, size_t out_size, const axev__json *object, const char *key)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	struct axev__span value = axev__span("", 0);
	size_t length = 0;

	axev__json_as_string(axev__json_get(object, key), &value);
	while (length < value.size && length + 1 < out_size && value.data[length] &&
	       strchr(allowed, value.data[length]))
		length++;
	memcpy(out, value.data, length);
	out[length] = '\0';
}

static bool is_text(const axev__json *object, const char *key, const char *text)
{
	struct axev__span value;

	return axev__json_as_string(axev__json_get(object, key), &value) && axev__span_is(value, text);
}

static uint32_t number(const axev__json *object, const char *key)
{
	int64_t value = 0;

	return axev__json_as_integer(axev__json_get(object, key), &value) && value > 0 &&
			       value <= UINT32_MAX ?
		       (uint32_t)value :
		       0;
}

/* Room for one more element, zeroed; NULL without memory. Doubles. */
static void *grow(void **array, size_t count, size_t element_bytes)
{
	uint8_t *more = *array;

	if ((count & (count - 1)) == 0) {
		more = reallocarray(*array, count ? 2 * count : 1, element_bytes);
		if (!more)
			return NULL;
		*array = more;
	}
	return memset(more + count * element_bytes, 0, element_bytes);
}

/* ---- targets ---- */

int axev__page_listen(struct axev__page *page, const char *session, axev_error *err)
{
	TRY(axev__cdp_send(page->cdp, session, "Runtime.enable", NULL, err));
	TRY(axev__cdp_send(page->cdp, session, "Runtime.addBinding",
			   "{\"name\":\"axevTell\",\"executionContextName\":\"session\"}", err));
	return axev__cdp_send(page->cdp, session, "Page.addScriptToEvaluateOnNewDocument", page->listener, err);
}

/* Frames of other sites and workers wait until we listen to them, so that nothing is missed. */
static int listen(struct axev__page *page, const char *session, const char *type, axev_error *err)
{
	bool is_frame = strcmp(type, "page") == 0 || strcmp(type, "iframe") == 0;

	if (is_frame)
		TRY(axev__cdp_send(page->cdp, session, "Page.enable", NULL, err));
	if (is_frame)
		TRY(axev__cdp_send(page->cdp, session, "Log.enable", NULL, err));
	if (is_frame && page->listener)
		TRY(axev__page_listen(page, session, err));
	TRY(axev__cdp_send(page->cdp, session, "Network.enable", NULL, err));
	TRY(axev__cdp_send(page->cdp, session, "Target.setAutoAttach",
			   "{\"autoAttach\":true,\"waitForDebuggerOnStart\":true,\"flatten\":true}", err));
	TRY(axev__page_emulate_target(page, session, err));
	return axev__cdp_send(page->cdp, session, "Runtime.runIfWaitingForDebugger", NULL, err);
}

struct axev__page_target *axev__page_find_target(struct axev__page *page, const char *session)
{
	size_t i;

	for (i = 0; i < page->target_count; i++)
		if (strcmp(page->targets[i].session, session) == 0)
			return &page->targets[i];
	return NULL;
}

/* A window that the page opens is not part of it: closed. One without an opener is never attached to, only told of. */
static int close_popup(struct axev__page *page, const axev__json *info, axev_error *err)
{
	char target[AXEV__PAGE_ID_SIZE], params[128];

	if (page->keeps_windows)
		return AXEV_OK;
	axev__page_word(target, sizeof(target), info, "targetId");
	snprintf(params, sizeof(params), "{\"targetId\":\"%s\"}", target);
	return axev__cdp_send(page->cdp, "", "Target.closeTarget", params, err);
}

static int on_attached(struct axev__page *page, const axev__json *params, axev_error *err)
{
	const axev__json *info = axev__json_get(params, "targetInfo");
	struct axev__page_target *target;
	char session[AXEV__PAGE_ID_SIZE], type[24];

	axev__page_word(session, sizeof(session), params, "sessionId");
	axev__page_word(type, sizeof(type), info, "type");
	if (strcmp(type, "page") == 0 && page->session[0] && page->keeps_windows)
		return axev__cdp_send(page->cdp, session, "Runtime.runIfWaitingForDebugger", NULL, err);
	if (strcmp(type, "page") == 0 && page->session[0])
		return close_popup(page, info, err);
	if (page->target_count == AXEV__MAX_PAGE_TARGETS) {
		page->is_over_limit = true;
		return axev__cdp_send(page->cdp, session, "Runtime.runIfWaitingForDebugger", NULL, err);
	}
	if (!session[0] || axev__page_find_target(page, session))
		return AXEV_OK;
	target = grow((void **)&page->targets, page->target_count, sizeof(*target));
	if (!target)
		return axev__nomem(err);
	page->target_count++;
	memcpy(target->session, session, sizeof(session));
	memcpy(target->type, type, sizeof(type));
	axev__page_word(target->frame, sizeof(target->frame), info, "targetId");
	TRY(axev__page_set_text(&target->url, info, "url", err));
	if (strcmp(type, "page") == 0)
		memcpy(page->session, session, sizeof(session));
	return listen(page, session, type, err);
}

static int on_created(struct axev__page *page, const axev__json *params, axev_error *err)
{
	const axev__json *info = axev__json_get(params, "targetInfo");

	if (!page->navigate_ns || !is_text(info, "type", "page") || is_text(info, "targetId", page->frame))
		return AXEV_OK;
	page->popups++;
	return close_popup(page, info, err);
}

/* Its requests will never be reported as ended. */
static int on_detached(struct axev__page *page, const axev__json *params)
{
	char session[AXEV__PAGE_ID_SIZE];
	struct axev__page_target *target;
	size_t i;

	axev__page_word(session, sizeof(session), params, "sessionId");
	axev__cdp_detached(page->cdp, session);
	if (strcmp(session, page->session) == 0)
		page->is_closed = true;
	for (i = 0; i < page->request_count; i++)
		if (page->requests[i].state == AXEV__REQUEST_OPEN &&
		    strcmp(page->requests[i].session, session) == 0)
			page->requests[i].state = AXEV__REQUEST_DONE;
	target = axev__page_find_target(page, session);
	if (target) {
		free(target->url);
		*target = page->targets[--page->target_count];
	}
	return AXEV_OK;
}

/* ---- requests ---- */

static struct axev__page_request *find_request(struct axev__page *page, const axev__json *params)
{
	char id[AXEV__PAGE_ID_SIZE];
	size_t i;

	axev__page_word(id, sizeof(id), params, "requestId");
	for (i = page->request_count; i > 0; i--)
		if (strcmp(page->requests[i - 1].id, id) == 0)
			return &page->requests[i - 1];
	return NULL;
}

static bool is_document(const struct axev__page *page, const axev__json *params)
{
	return is_text(params, "type", "Document") && is_text(params, "frameId", page->frame);
}

/* Seconds since 1970 with a fraction, as the browser tells them. */
static int64_t wall_ns(const axev__json *params)
{
	double seconds = 0;

	axev__json_as_real(axev__json_get(params, "wallTime"), &seconds);
	return seconds > 0 && seconds < 9e9 ? (int64_t)(seconds * 1e9) : 0;
}

static int add_visit(struct axev__page *page, const axev__json *answer, axev_error *err)
{
	struct axev__page_visit *visit;

	if (page->visit_count == AXEV__MAX_PAGE_VISITS) {
		page->is_over_limit = true;
		return AXEV_OK;
	}
	visit = grow((void **)&page->visits, page->visit_count, sizeof(*visit));
	if (!visit)
		return axev__nomem(err);
	page->visit_count++;
	visit->status = number(answer, "status");
	visit->begun_ns = page->asked_ns;
	return axev__page_set_text(&visit->url, answer, "url", err);
}

/* Where an operator goes next is a way of its own. */
static void forget_hops(struct axev__page *page)
{
	while (page->hop_count) {
		page->hop_count--;
		free(page->hops[page->hop_count].url);
		free(page->hops[page->hop_count].location);
	}
	free(page->hops);
	page->hops = NULL;
}

static int add_hop(struct axev__page *page, const axev__json *params, const axev__json *answer,
		   axev_error *err)
{
	struct axev__page_hop *hop;

	if (page->hop_count == AXEV__MAX_PAGE_HOPS)
		return AXEV_OK;
	hop = grow((void **)&page->hops, page->hop_count, sizeof(*hop));
	if (!hop)
		return axev__nomem(err);
	page->hop_count++;
	hop->status = number(answer, "status");
	TRY(axev__page_set_text(&hop->url, answer, "url", err));
	return axev__page_set_text(&hop->location, axev__json_get(params, "request"), "url", err);
}

/* The document was there, and then went elsewhere by itself. */
static int add_own_hop(struct axev__page *page, const axev__json *params, axev_error *err)
{
	AXEV__JSON *answer = axev__json_new_object();

	if (!page->document_url)
		return AXEV_OK;
	TRY(axev__json_set_str(answer, "url", page->document_url, err));
	page->load_ns = 0;
	page->layout = (struct axev__page_layout){ 0 };
	if (page->is_steered) {
		forget_hops(page);
		return AXEV_OK;
	}
	return add_hop(page, params, answer, err);
}

static int on_request(struct axev__page *page, const char *session, const axev__json *params,
		      axev_error *err)
{
	const axev__json *answer = axev__json_get(params, "redirectResponse");
	struct axev__page_request *request = answer ? find_request(page, params) : NULL;

	if (is_document(page, params))
		page->asked_ns = wall_ns(params);
	if (is_document(page, params))
		TRY(answer ? add_hop(page, params, answer, err) : add_own_hop(page, params, err));
	if (request)
		return axev__page_set_shown(&request->url, axev__json_get(params, "request"), "url", AXEV__KIB, err);
	if (page->request_count == AXEV__MAX_PAGE_REQUESTS) {
		page->is_over_limit = true;
		return AXEV_OK;
	}
	request = grow((void **)&page->requests, page->request_count, sizeof(*request));
	if (!request)
		return axev__nomem(err);
	page->request_count++;
	axev__page_word(request->id, sizeof(request->id), params, "requestId");
	axev__page_word(request->type, sizeof(request->type), params, "type");
	snprintf(request->session, sizeof(request->session), "%s", session);
	request->is_endless = strcmp(request->type, "EventSource") == 0;
	return axev__page_set_shown(&request->url, axev__json_get(params, "request"), "url", AXEV__KIB, err);
}

static int on_answer(struct axev__page *page, const axev__json *params, axev_error *err)
{
	const axev__json *answer = axev__json_get(params, "response");
	struct axev__page_request *request = find_request(page, params);

	if (request)
		request->has_answer = true;
	/* Streams of parts never end by themselves. */
	if (request && (is_text(answer, "mimeType", "text/event-stream") ||
			is_text(answer, "mimeType", "multipart/x-mixed-replace")))
		request->is_endless = true;
	if (!is_document(page, params))
		return AXEV_OK;
	TRY(add_visit(page, answer, err));
	page->status = number(answer, "status");
	page->remote_port = number(answer, "remotePort");
	TRY(axev__now(page->env, &page->answer_ns, err));
	TRY(axev__page_set_text(&page->document_url, answer, "url", err));
	TRY(axev__page_set_text(&page->mime_type, answer, "mimeType", err));
	TRY(axev__page_set_text(&page->charset, answer, "charset", err));
	TRY(axev__page_set_text(&page->protocol, answer, "protocol", err));
	return axev__page_set_text(&page->remote_address, answer, "remoteIPAddress", err);
}

static int on_ended(struct axev__page *page, const axev__json *params, bool has_failed,
		    axev_error *err)
{
	struct axev__page_request *request = find_request(page, params);

	if (!request)
		return AXEV_OK;
	request->state = has_failed ? AXEV__REQUEST_FAILED : AXEV__REQUEST_DONE;
	return has_failed ? axev__page_set_text(&request->error, params, "errorText", err) : AXEV_OK;
}

static int on_network(struct axev__page *page, const char *session, const char *method,
		      const axev__json *params, axev_error *err)
{
	const struct axev__page_target *target = axev__page_find_target(page, session);

	page->last_traffic_ms = axev__cdp_clock_ms();
	TRY(axev__page_note_sent(page, target ? target->type : "", method, params, err));
	if (strcmp(method, "requestWillBeSent") == 0)
		return on_request(page, session, params, err);
	if (strcmp(method, "responseReceived") == 0)
		return on_answer(page, params, err);
	if (strcmp(method, "loadingFinished") == 0)
		return on_ended(page, params, false, err);
	if (strcmp(method, "loadingFailed") == 0)
		return on_ended(page, params, true, err);
	return AXEV_OK;
}

/* ---- the page ---- */

/* A dialog would hold the page for ever: "cancel", but let it be left. */
static int on_dialog(struct axev__page *page, const char *session, const axev__json *params,
		     axev_error *err)
{
	bool is_leaving = is_text(params, "type", "beforeunload");

	/* A person answers for themselves. */
	if (page->keeps_windows)
		return AXEV_OK;
	page->dialogs++;
	return axev__cdp_send(page->cdp, session, "Page.handleJavaScriptDialog",
			      is_leaving ? "{\"accept\":true}" : "{\"accept\":false}", err);
}

static int tell_address(struct axev__page *page, const axev__json *object, axev_error *err)
{
	char *url = NULL;
	int status;

	if (!page->video)
		return AXEV_OK;
	TRY(axev__page_set_text(&url, object, "url", err));
	status = url ? axev__video_address(page->video, url, err) : AXEV_OK;
	free(url);
	return status;
}

/* Targets are attached before they go anywhere. */
static int on_navigated(struct axev__page *page, const char *session, const axev__json *params,
			axev_error *err)
{
	const axev__json *frame = axev__json_get(params, "frame");
	struct axev__page_target *target = axev__page_find_target(page, session);

	if (is_text(frame, "id", page->frame)) {
		page->navigations++;
		TRY(tell_address(page, frame, err));
	}
	if (!target || !is_text(frame, "id", target->frame))
		return AXEV_OK;
	return axev__page_set_text(&target->url, frame, "url", err);
}

/* Each frame is acknowledged, or no other comes. */
static int on_frame(struct axev__page *page, const char *session, const axev__json *params, axev_error *err)
{
	AXEV__BUF jpeg = AXEV__BUF_INIT(AXEV__MAX_VIDEO_PICTURE_BYTES);
	struct axev__span text = axev__span("", 0);
	int64_t number = 0;
	char ack[48];

	axev__json_as_integer(axev__json_get(params, "sessionId"), &number);
	snprintf(ack, sizeof(ack), "{\"sessionId\":%lld}", (long long)number);
	TRY(axev__cdp_send(page->cdp, session, "Page.screencastFrameAck", ack, err));
	axev__json_as_string(axev__json_get(params, "data"), &text);
	if (!page->video || strcmp(session, page->session) != 0)
		return AXEV_OK;
	if (!axev__unbase64(&jpeg, text))
		axev__buf_clear(&jpeg); /* counted as dropped */
	return axev__video_push(page->video, axev__buf_view(&jpeg), err);
}

static int on_page(struct axev__page *page, const char *session, const char *method,
		   const axev__json *params, axev_error *err)
{
	if (strcmp(method, "javascriptDialogOpening") == 0)
		return on_dialog(page, session, params, err);
	if (strcmp(method, "frameNavigated") == 0)
		return on_navigated(page, session, params, err);
	if (strcmp(method, "navigatedWithinDocument") == 0 && is_text(params, "frameId", page->frame)) {
		page->navigations++;
		return tell_address(page, params, err);
	}
	if (strcmp(method, "screencastFrame") == 0)
		return on_frame(page, session, params, err);
	if (strcmp(method, "loadEventFired") == 0 && strcmp(session, page->session) == 0 &&
	    page->navigate_ns)
		return axev__now(page->env, &page->load_ns, err);
	return AXEV_OK;
}

/* Only worlds of our own have the binding. */
static int on_binding(struct axev__page *page, const axev__json *params, axev_error *err)
{
	struct axev__span text;

	if (!page->told || !is_text(params, "name", "axevTell") ||
	    !axev__json_as_string(axev__json_get(params, "payload"), &text))
		return AXEV_OK;
	return page->told(page->told_payload, text, err);
}

int axev__page_event(void *payload, const char *session, const char *method,
		     const axev__json *params, axev_error *err)
{
	struct axev__page *page = payload;

	if (strncmp(method, "Network.", 8) == 0)
		return on_network(page, session, method + 8, params, err);
	if (strncmp(method, "Page.", 5) == 0)
		return on_page(page, session, method + 5, params, err);
	if (strcmp(method, "Target.attachedToTarget") == 0)
		return on_attached(page, params, err);
	if (strcmp(method, "Runtime.bindingCalled") == 0)
		return on_binding(page, params, err);
	if (strcmp(method, "Target.targetCreated") == 0)
		return on_created(page, params, err);
	if (strcmp(method, "Target.detachedFromTarget") == 0)
		return on_detached(page, params);
	if (strcmp(method, "Inspector.targetCrashed") == 0 && strcmp(session, page->session) == 0) {
		page->has_crashed = true; /* no call to it will be answered */
		return axev__fail(err, AXEV_E_PEER, "the page crashed in the browser");
	}
	if (strcmp(method, "Log.entryAdded") == 0)
		return axev__page_note_log(page, params, err);
	if (strcmp(method, "Browser.downloadWillBegin") == 0)
		return axev__page_download_begins(page, params, err);
	if (strcmp(method, "Browser.downloadProgress") == 0)
		return axev__page_download_goes_on(page, params, err);
	return AXEV_OK;
}
