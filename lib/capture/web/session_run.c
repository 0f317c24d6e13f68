/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A person at a browser that can be seen: where they go, click and type is told by listeners in worlds of our own,
 * which scripts of the page cannot reach, and only for events that a person made. Keys in password fields are counted.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/web.h"

#define LOOK_MS 3000 /* a page that does not come to rest has its picture taken anyway */
#define MAX_ACT_BYTES (64 * AXEV__KIB)
#define MAX_TYPED_BYTES 120
#define MAX_NAME_BYTES 120
#define SHARED_BYTES 4   /* so much of a declared secret in a row leaves the row's text out */

/*
 * Printable keys are told only in fields that are known to be no secret: not in password fields, nor in ones that were, or are
 * named like one; nor anywhere else, since a closed shadow tree hides which field it is.
 */
static const char script[] =
	"(() => {"
	"const tell = act => axevTell(JSON.stringify(act));"
	"const secrets = new WeakSet();"
	"const kinds = ['text', 'search', 'email', 'url', 'tel', 'number', 'date', 'time', 'month', 'week', 'datetime-local'];"
	"const hint = /pass|pwd|pin|otp|secret|cvv|cvc|code|\\u5bc6|\\u9a8c\\u8bc1/i;"
	"const name = e => e.localName + (e.id ? '#' + e.id : e.name ? '[name=' + e.name + ']' : '');"
	"const isOpen = e => {"
	" if (e instanceof HTMLInputElement) {"
	"  if (e.type === 'password' || hint.test([e.name, e.id, e.autocomplete, e.placeholder].join(' '))) secrets.add(e);"
	"  return kinds.includes(e.type) && !secrets.has(e); }"
	" return e instanceof HTMLTextAreaElement || e.isContentEditable === true; };"
	/* The browser may run this twice in one document. */
	"const on = (type, told) => { const key = 'axev' + type; removeEventListener(type, globalThis[key], true);"
	" addEventListener(type, globalThis[key] = told, true); };"
	"const target = event => event.composedPath()[0];"
	"const label = e => { const c = e.closest('a, button, label, summary, option, [role=button]');"
	" return c ? c.textContent.trim().slice(0, 60) : ''; };"
	/* detail is 0 for the click that a key makes, and the key is told. */
	"on('click', event => { const e = target(event);"
	" if (event.isTrusted && event.detail && e instanceof Element) tell({ act: 'click', on: name(e), x: Math.round(event.clientX),"
	"  y: Math.round(event.clientY), text: isOpen(e) ? '' : label(e) }); });"
	"on('keydown', event => { const e = target(event);"
	" if (!event.isTrusted || !(e instanceof Element) || event.isComposing || event.key === 'Process') return;"
	" if (['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return;"
	" const prefix = (event.ctrlKey ? 'Control+' : '') + (event.altKey ? 'Alt+' : '');"
	" if ([...event.key].length > 1 || prefix) tell({ act: 'press', key: prefix + event.key, on: name(e) });"
	" else if (isOpen(e)) tell({ act: 'type', text: event.key, on: name(e) });"
	" else tell({ act: 'secret', on: name(e) }); });"
	"on('compositionend', event => { const e = target(event);"
	" if (event.isTrusted && e instanceof Element)"
	"  tell(isOpen(e) ? { act: 'type', text: event.data, on: name(e) } : { act: 'secret', on: name(e) }); });"
	"on('paste', event => { const e = target(event);"
	" if (event.isTrusted && e instanceof Element) tell({ act: 'paste', on: name(e) }); });"
	"})()";

struct session {
	struct axev__web *web;
	char on[512];            /* what is being typed into; "": nothing */
	struct axev__buf typed;
	uint64_t secret_keys;
	uint64_t rows, unlisted;
	uint64_t navigations;    /* of which pictures were taken */
	int64_t navigated_ms;    /* when the newest was seen; 0: its picture is there */
	uint64_t pictures;
};

/* ---- declared secrets ---- */

/* Someone corrects what they type: a part of a secret is one, too. */
static bool shares_run(struct axev__span text, const char *secret)
{
	size_t size = strlen(secret), run = size < SHARED_BYTES ? size : SHARED_BYTES, i;

	for (i = 0; run && i + run <= size; i++)
		if (memmem(text.data, text.size, secret + i, run))
			return true;
	return false;
}

static bool holds_secret(const struct session *session, struct axev__span text)
{
	const axev_web_opts *opts = session->web->opts;
	size_t i;

	for (i = 0; text.size && i < opts->session_secret_count; i++)
		if (shares_run(text, opts->session_secrets[i]))
			return true;
	return false;
}

/* ---- rows of capture.steps ---- */

static int add_row(struct session *session, const char *action, const char *result, axev_error *err)
{
	if (session->rows == AXEV__MAX_SESSION_ROWS) {
		session->unlisted++;
		return AXEV_OK;
	}
	session->rows++;
	if (holds_secret(session, axev__span_str(action)))
		return axev__take_step(session->web->take, "operator: an act, not kept: it holds a part of a secret", result,
				       err);
	return axev__take_step(session->web->take, action, result, err);
}

static uint64_t count_characters(struct axev__span text)
{
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < text.size; i++)
		count += (text.data[i] & 0xC0) != 0x80;
	return count;
}

/* What was typed, key after key, is one row. */
static int end_typing(struct session *session, axev_error *err)
{
	AXEV__BUF action = AXEV__BUF_INIT(16 * AXEV__KIB);
	AXEV__BUF shown = AXEV__BUF_INIT(AXEV__KIB);

	if (!session->on[0])
		return AXEV_OK;
	if (!session->secret_keys && holds_secret(session, axev__buf_view(&session->typed)))
		session->secret_keys = count_characters(axev__buf_view(&session->typed));
	if (session->secret_keys) {
		session->web->secrets_typed++;
		TRY(axev__buf_printf(&action, err, "operator: types %" PRIu64 " keys, not kept, into %s",
				     session->secret_keys, session->on));
	} else {
		TRY(axev__web_clip(&shown, (const char *)session->typed.data, MAX_TYPED_BYTES, err));
		TRY(axev__buf_str(&action, "operator: types ", err));
		TRY(axev__escape(&action, axev__buf_view(&shown), err));
		TRY(axev__buf_printf(&action, err, " into %s", session->on));
	}
	session->on[0] = '\0';
	session->secret_keys = 0;
	axev__buf_clear(&session->typed);
	return add_row(session, (const char *)action.data, "recorded", err);
}

/* ---- what listeners tell ---- */

static int shown_member(const axev__json *act, const char *key, char out[512], axev_error *err)
{
	AXEV__BUF clipped = AXEV__BUF_INIT(AXEV__KIB);
	AXEV__BUF shown = AXEV__BUF_INIT(16 * AXEV__KIB);
	AXEV__FREE char *copy = NULL;
	struct axev__span text = axev__span("", 0);

	axev__json_as_string(axev__json_get(act, key), &text);
	copy = strndup((const char *)text.data, text.size);
	if (!copy)
		return axev__nomem(err);
	TRY(axev__web_clip(&clipped, copy, MAX_NAME_BYTES, err));
	TRY(axev__escape(&shown, axev__buf_view(&clipped), err));
	snprintf(out, 512, "%s", shown.data ? (const char *)shown.data : "");
	return AXEV_OK;
}

static int on_typed(struct session *session, const axev__json *act, bool is_secret, axev_error *err)
{
	struct axev__span text = axev__span("", 0);
	char on[512];

	TRY(shown_member(act, "on", on, err));
	if (strcmp(on, session->on) != 0 || is_secret != (session->secret_keys > 0) ||
	    session->typed.size > 2 * MAX_TYPED_BYTES)
		TRY(end_typing(session, err));
	memcpy(session->on, on, sizeof(on));
	if (is_secret) {
		session->secret_keys++;
		return AXEV_OK;
	}
	axev__json_as_string(axev__json_get(act, "text"), &text);
	return axev__buf_append(&session->typed, text.data, text.size < MAX_TYPED_BYTES ? text.size : MAX_TYPED_BYTES,
				err);
}

static int on_other(struct session *session, const axev__json *act, const char *word, axev_error *err)
{
	AXEV__BUF action = AXEV__BUF_INIT(16 * AXEV__KIB);
	char on[512], more[512];
	int64_t x = 0, y = 0;

	TRY(end_typing(session, err));
	TRY(shown_member(act, "on", on, err));
	TRY(shown_member(act, strcmp(word, "press") == 0 ? "key" : "text", more, err));
	if (strcmp(word, "click") == 0) {
		axev__json_as_integer(axev__json_get(act, "x"), &x);
		axev__json_as_integer(axev__json_get(act, "y"), &y);
		TRY(axev__buf_printf(&action, err, "operator: clicks %s at %" PRId64 ",%" PRId64 "%s%s", on, x, y,
				     more[0] ? ": " : "", more));
	} else if (strcmp(word, "press") == 0) {
		TRY(axev__buf_printf(&action, err, "operator: presses %s in %s", more, on));
	} else {
		TRY(axev__buf_printf(&action, err, "operator: pastes, not kept, into %s", on));
	}
	return add_row(session, (const char *)action.data, "recorded", err);
}

static int on_told(void *payload, struct axev__span text, axev_error *err)
{
	struct session *session = payload;
	AXEV__JSON *act = NULL;
	struct axev__span word = axev__span("", 0);

	if (text.size > MAX_ACT_BYTES || axev__json_parse_foreign(text, &act, NULL) < 0) {
		session->unlisted++;
		return AXEV_OK;
	}
	axev__json_as_string(axev__json_get(act, "act"), &word);
	if (axev__span_is(word, "type") || axev__span_is(word, "secret"))
		return on_typed(session, act, axev__span_is(word, "secret"), err);
	if (axev__span_is(word, "click"))
		return on_other(session, act, "click", err);
	if (axev__span_is(word, "press"))
		return on_other(session, act, "press", err);
	return on_other(session, act, "paste", err);
}

/* ---- pages ---- */

static int take_picture(struct session *session, axev_error *err)
{
	struct axev__web *web = session->web;
	struct axev__spill png = axev__web_view(web);
	AXEV__BUF action = AXEV__BUF_INIT(16 * AXEV__KIB);
	AXEV__BUF clipped = AXEV__BUF_INIT(AXEV__KIB);
	const char *url = web->page->final_url ? web->page->final_url : "";
	char path[40], result[64];

	TRY(end_typing(session, err));
	TRY(axev__web_clip(&clipped, url, MAX_NAME_BYTES, err));
	TRY(axev__buf_str(&action, "page: ", err));
	TRY(axev__escape(&action, axev__buf_view(&clipped), err));
	if (session->pictures == AXEV__MAX_STEP_SHOTS)
		return add_row(session, (const char *)action.data, "no picture: there are as many as are kept", err);
	TRY(axev__page_screenshot_window(web->page, &png, err));
	snprintf(path, sizeof(path), "data/steps/%03" PRIu64 ".png", ++session->pictures);
	TRY(axev__web_spilled_object(web, path, axev__buf_view(&clipped), "step-screenshot", "image/png",
				     "picture of what the window showed, made by the browser", &png, err));
	snprintf(result, sizeof(result), "shown; %s", path);
	return add_row(session, (const char *)action.data, result, err);
}

/* Once a page has come to rest after going elsewhere. */
static int look(struct session *session, axev_error *err)
{
	struct axev__page *page = session->web->page;
	int status;

	if (page->navigations != session->navigations) {
		session->navigations = page->navigations;
		session->navigated_ms = axev__cdp_clock_ms();
	}
	if (!session->navigated_ms ||
	    (!axev__page_is_still(page) && axev__cdp_clock_ms() - session->navigated_ms < LOOK_MS))
		return AXEV_OK;
	session->navigated_ms = 0;
	TRY(axev__page_describe(page, err));
	TRY(axev__login_hold(session->web, err));
	status = take_picture(session, err);
	if (status != AXEV_E_PEER && status != AXEV_E_NETWORK)
		return status;
	if (axev__cdp_is_gone(page->cdp))
		return status;
	axev_error_clear(err);
	return add_row(session, "picture of the page", "the browser could not make it", err);
}

/* ---- the session ---- */

enum ending {
	ENDED_BY_NOTHING, /* it goes on */
	ENDED_BY_TIME,
	ENDED_BY_OPERATOR,
	ENDED_BY_WINDOW
};

static enum ending how_it_ends(const struct session *session, int64_t deadline_ms)
{
	const axev_web_opts *opts = session->web->opts;

	if (session->web->page->is_closed)
		return ENDED_BY_WINDOW;
	if (opts->session_is_over && opts->session_is_over(opts->session_payload))
		return ENDED_BY_OPERATOR;
	return axev__cdp_clock_ms() >= deadline_ms ? ENDED_BY_TIME : ENDED_BY_NOTHING;
}

static int follow(struct session *session, int64_t deadline_ms, enum ending *ret_ending, axev_error *err)
{
	enum ending ending;
	int status = AXEV_OK;

	while (status >= 0 && (ending = how_it_ends(session, deadline_ms)) == ENDED_BY_NOTHING) {
		status = axev__page_wait(session->web->page, 100, err);
		if (status >= 0 && !session->web->page->is_closed)
			status = look(session, err);
	}
	/* With the last window goes the browser; with others open, the page alone. */
	if (status < 0 && (axev__cdp_is_gone(session->web->page->cdp) || session->web->page->is_closed)) {
		axev_error_clear(err);
		ending = ENDED_BY_WINDOW;
		status = AXEV_OK;
	}
	*ret_ending = ending;
	return status;
}

static int conclude(struct session *session, enum ending ending, axev_error *err)
{
	static const char *const ends[] = { "", "the time limit", "by the operator", "the operator closed the window" };
	struct axev__web *web = session->web;
	char why[64];

	web->page->told = NULL;
	TRY(end_typing(session, err));
	if (ending != ENDED_BY_WINDOW)
		TRY(axev__login_hold(web, err));
	TRY(axev__login_save(web, err));
	if (session->unlisted) {
		snprintf(why, sizeof(why), "%" PRIu64 ", not named here", session->unlisted);
		TRY(axev__web_missing(web, "acts of the operator", why, err));
	}
	if (ending == ENDED_BY_WINDOW)
		TRY(axev__web_missing(web, "views of the page", "the operator closed the window", err));
	return axev__take_step(web->take, "end of the session", ends[ending], err);
}

int axev__session_begin(struct axev__web *web, axev_error *err)
{
	AXEV__BUF params = AXEV__BUF_INIT(64 * AXEV__KIB);
	AXEV__JSON *source = axev__json_new_string(axev__span_str(script));
	size_t i;

	TRY(axev__buf_str(&params, "{\"worldName\":\"session\",\"runImmediately\":true,\"source\":", err));
	TRY(axev__json_canonical(source, &params, err));
	TRY(axev__buf_byte(&params, '}', err));
	web->page->listener = axev__buf_steal_str(&params);
	if (!web->page->listener)
		return axev__nomem(err);
	web->page->is_steered = true;
	web->page->keeps_windows = true;
	web->page->secrets = &web->secrets;
	for (i = 0; i < web->opts->session_secret_count; i++)
		TRY(axev__secrets_add(&web->secrets, axev__span_str(web->opts->session_secrets[i]), err));
	return axev__page_listen(web->page, web->page->session, err);
}

int axev__session_run(struct axev__web *web, bool *ret_is_closed, axev_error *err)
{
	struct session session = { .web = web, .typed = AXEV__BUF_INIT(AXEV__MIB) };
	int64_t deadline_ms = axev__cdp_clock_ms() + web->opts->session_ms;
	enum ending ending = ENDED_BY_NOTHING;
	int status;

	status = axev__page_ask_numbers(web->page, "[innerWidth,innerHeight]", LOOK_MS, web->window, 2, err);
	if (status < 0 && (status != AXEV_E_PEER && status != AXEV_E_NETWORK))
		return status;
	axev_error_clear(err);
	session.navigated_ms = axev__cdp_clock_ms();
	session.navigations = web->page->navigations;
	web->page->told = on_told;
	web->page->told_payload = &session;
	status = follow(&session, deadline_ms, &ending, err);
	if (status == AXEV_OK)
		status = conclude(&session, ending, err);
	web->page->told = NULL;
	axev__buf_free(&session.typed);
	*ret_is_closed = ending == ENDED_BY_WINDOW;
	return status;
}
