/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/page_input.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/page_keys.h"
#include "capture/web/page_where.h"

#define CALL_MS 15000
#define MAX_OPTIONS 5000

/* ---- questions ---- */

/* In the frame that the step names. AXEV_E_PEER when it is not there. */
static int ask(struct axev__page *page, const char *function, const char *first, const char *second,
	       bool is_by_value, struct axev__page_place *place, axev__json **ret_result, axev_error *err)
{
	struct axev__shown shown;
	size_t missing = 0;
	bool is_there = false;

	TRY(axev__page_go_to(page, page->where.count, place, &is_there, &missing, err));
	if (!is_there)
		return axev__fail(err, AXEV_E_PEER, "there is no frame %s",
				  axev__show_str(&shown, page->where.frames[missing]));
	return axev__page_call(page, place, function, first, second, is_by_value, ret_result, err);
}

/* A document that is being replaced takes its worlds with it: no answer, and no failure either. */
static int ask_now(struct axev__page *page, const char *function, const char *first, const char *second,
		   axev__json **ret_value, axev_error *err)
{
	AXEV__JSON *result = NULL;
	struct axev__page_place place;
	int status = ask(page, function, first, second, true, &place, &result, err);

	if (status == AXEV_E_PEER && !axev__cdp_is_gone(page->cdp)) {
		axev_error_clear(err);
		*ret_value = axev__json_new_object();
		return *ret_value ? AXEV_OK : axev__nomem(err);
	}
	TRY(status);
	*ret_value = axev__json_copy(axev__json_get(result, "value"));
	return *ret_value ? AXEV_OK : axev__fail(err, AXEV_E_PEER, "the browser gave no value");
}

/* ---- elements ---- */

/*
 * The middle of what can be seen of the element, and what a click there meets. A label passes a click on to its control.
 */
static const char find_script[] =
	"(selector, scrolls) => {"
	" const e = document.querySelector(selector);"
	" if (!e) return { is_there: false };"
	" if (scrolls) e.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });"
	" const found = { is_there: true, is_visible: false, is_enabled: !e.matches(':disabled'), is_hit: false,"
	"  x: 0, y: 0, tag: e.localName, type: String(e.type || ''), cover: '' };"
	" const box = [...e.getClientRects()].find(r => r.width > 0 && r.height > 0);"
	" if (!box || !e.checkVisibility({ visibilityProperty: true, opacityProperty: false })) return found;"
	" found.is_visible = true;"
	" const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);"
	" const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);"
	" if (left >= right || top >= bottom) return found;"
	" found.x = Math.floor((left + right) / 2);"
	" found.y = Math.floor((top + bottom) / 2);"
	" const met = document.elementFromPoint(found.x, found.y);"
	" found.is_hit = met !== null && (met === e || e.contains(met) || met.closest('label')?.control === e);"
	" if (met) found.cover = met.localName + (met.id ? '#' + met.id : '');"
	" return found; }";

static void copy_shown(char *out, size_t out_size, const axev__json *object, const char *key)
{
	struct axev__span text = axev__span("", 0);
	struct axev__shown shown;

	axev__json_as_string(axev__json_get(object, key), &text);
	snprintf(out, out_size, "%s", axev__show(&shown, text));
}

/* Of an element that is not there: does its frame? */
static int find_frame(struct axev__page *page, struct axev__page_element *element, axev_error *err)
{
	struct axev__page_place place;
	size_t missing = 0;
	bool is_there = false;
	int status;

	if (element->is_there || page->where.count == 0)
		return AXEV_OK;
	status = axev__page_go_to(page, page->where.count, &place, &is_there, &missing, err);
	if (status == AXEV_E_PEER && !axev__cdp_is_gone(page->cdp)) {
		axev_error_clear(err);
		return AXEV_OK;
	}
	if (status >= 0 && !is_there)
		element->missing_frame = missing + 1;
	return status;
}

/* A document above that is being replaced has no element either. */
static int lift(struct axev__page *page, bool is_scrolled, struct axev__page_element *element, axev_error *err)
{
	int status = axev__page_lift(page, is_scrolled, element, err);

	if (status != AXEV_E_PEER || axev__cdp_is_gone(page->cdp))
		return status;
	axev_error_clear(err);
	*element = (struct axev__page_element){ 0 };
	return AXEV_OK;
}

int axev__page_find(struct axev__page *page, const char *selector, bool is_scrolled,
		    struct axev__page_element *ret_element, axev_error *err)
{
	AXEV__JSON *value = NULL;
	struct axev__page_element element = { 0 };

	TRY(ask_now(page, find_script, selector, is_scrolled ? "scroll" : "", &value, err));
	element.is_there = axev__page_flag(value, "is_there");
	element.is_visible = axev__page_flag(value, "is_visible");
	element.is_enabled = axev__page_flag(value, "is_enabled");
	element.is_hit = axev__page_flag(value, "is_hit");
	axev__json_as_integer(axev__json_get(value, "x"), &element.x);
	axev__json_as_integer(axev__json_get(value, "y"), &element.y);
	copy_shown(element.tag, sizeof(element.tag), value, "tag");
	copy_shown(element.type, sizeof(element.type), value, "type");
	copy_shown(element.cover, sizeof(element.cover), value, "cover");
	TRY(find_frame(page, &element, err));
	TRY(lift(page, is_scrolled, &element, err));
	*ret_element = element;
	return AXEV_OK;
}

static bool is_ready(const struct axev__page_element *element)
{
	return element->is_visible && element->is_enabled && element->is_hit;
}

static int fail_not_ready(const struct axev__page *page, const struct axev__page_element *element,
			  const char *selector, axev_error *err)
{
	struct axev__shown shown;
	const char *name = axev__show_str(&shown, selector);

	if (element->missing_frame)
		return axev__fail(err, AXEV_E_PEER, "no frame %s came in time",
				  axev__show_str(&shown, page->where.frames[element->missing_frame - 1]));
	if (!element->is_there)
		return axev__fail(err, AXEV_E_PEER, "no element %s came in time", name);
	if (!element->is_visible)
		return axev__fail(err, AXEV_E_PEER, "the element %s is not visible", name);
	if (!element->is_enabled)
		return axev__fail(err, AXEV_E_PEER, "the element %s is disabled", name);
	if (!element->is_hit && !element->cover[0])
		return axev__fail(err, AXEV_E_PEER, "the element %s cannot be scrolled into view", name);
	if (!element->is_hit)
		return axev__fail(err, AXEV_E_PEER, "the element %s is covered by %s", name, element->cover);
	return axev__fail(err, AXEV_E_PEER, "the element %s does not stand still", name);
}

int axev__page_await(struct axev__page *page, const char *selector, int64_t deadline_ms,
		     struct axev__page_element *ret_element, axev_error *err)
{
	struct axev__page_element before = { 0 }, now = { 0 };

	for (;;) {
		TRY(axev__page_find(page, selector, true, &now, err));
		/* At rest: twice at the same place, a few frames apart. */
		if (is_ready(&now) && is_ready(&before) && now.x == before.x && now.y == before.y)
			break;
		if (axev__cdp_clock_ms() >= deadline_ms)
			return fail_not_ready(page, &now, selector, err);
		before = now;
		TRY(axev__page_wait(page, 50, err));
	}
	*ret_element = now;
	return AXEV_OK;
}

/* ---- mouse ---- */

static int mouse(struct axev__page *page, const struct axev__page_element *element, const char *type,
		 axev_error *err)
{
	bool is_move = strcmp(type, "mouseMoved") == 0;
	char params[200];

	snprintf(params, sizeof(params),
		 "{\"type\":\"%s\",\"x\":%lld,\"y\":%lld,\"button\":\"%s\",\"buttons\":%d,\"clickCount\":%d}", type,
		 (long long)element->x, (long long)element->y, is_move ? "none" : "left",
		 strcmp(type, "mousePressed") == 0, is_move ? 0 : 1);
	return axev__cdp_call(page->cdp, page->session, "Input.dispatchMouseEvent", params, CALL_MS, NULL, err);
}

int axev__page_click(struct axev__page *page, const struct axev__page_element *element, axev_error *err)
{
	TRY(mouse(page, element, "mouseMoved", err));
	TRY(mouse(page, element, "mousePressed", err));
	return mouse(page, element, "mouseReleased", err);
}

/* ---- keyboard ---- */

static int key_event(struct axev__page *page, const struct axev__page_key *key, bool is_down,
		     const char *more, axev_error *err)
{
	AXEV__BUF params = AXEV__BUF_INIT(4 * AXEV__KIB);

	TRY(axev__buf_printf(&params, err, "{\"type\":\"%s\",\"code\":\"%s\",\"windowsVirtualKeyCode\":%d,\"modifiers\":%d%s,\"key\":",
			     !is_down	      ? "keyUp" :
			     key->text[0] ? "keyDown" :
					    "rawKeyDown",
			     key->code, key->virtual_key, key->modifiers, more));
	TRY(axev__page_add_quoted(&params, key->key, err));
	if (is_down && key->text[0]) {
		TRY(axev__buf_str(&params, ",\"text\":", err));
		TRY(axev__page_add_quoted(&params, key->text, err));
	}
	TRY(axev__buf_byte(&params, '}', err));
	return axev__cdp_call(page->cdp, page->session, "Input.dispatchKeyEvent", (const char *)params.data, CALL_MS,
			      NULL, err);
}

static int press(struct axev__page *page, const char *name, const char *more, axev_error *err)
{
	struct axev__page_key key;

	if (!axev__page_key_find(name, &key))
		return axev__fail(err, AXEV_E_INVAL, "there is no such key");
	TRY(key_event(page, &key, true, more, err));
	return key_event(page, &key, false, "", err);
}

int axev__page_press(struct axev__page *page, const char *key, axev_error *err)
{
	return press(page, key, "", err);
}

/* The editing command comes with the key: which keys stand for it differs between systems. */
int axev__page_select_all(struct axev__page *page, axev_error *err)
{
	return press(page, "Control+a", ",\"commands\":[\"selectAll\"]", err);
}

static int insert(struct axev__page *page, const char *text, axev_error *err)
{
	AXEV__BUF params = AXEV__BUF_INIT(4 * AXEV__KIB);

	TRY(axev__buf_str(&params, "{\"text\":", err));
	TRY(axev__page_add_quoted(&params, text, err));
	TRY(axev__buf_byte(&params, '}', err));
	return axev__cdp_call(page->cdp, page->session, "Input.insertText", (const char *)params.data, CALL_MS, NULL,
			      err);
}

int axev__page_type(struct axev__page *page, const char *text, axev_error *err)
{
	char one[8] = "";

	while (*text) {
		size_t length = axev__utf8_length(axev__span_str(text));

		if (length == 0 || length >= sizeof(one))
			return axev__fail(err, AXEV_E_INVAL, "expected a text in UTF-8");
		memcpy(one, text, length);
		one[length] = '\0';
		if (*text == '\n' || *text == '\t')
			TRY(axev__page_press(page, *text == '\n' ? "Enter" : "Tab", err));
		else if (axev__page_key_find(one, NULL))
			TRY(axev__page_press(page, one, err));
		else
			TRY(insert(page, one, err));
		text += length;
	}
	explicit_bzero(one, sizeof(one));
	return AXEV_OK;
}

/* ---- lists of options ---- */

int axev__page_focus(struct axev__page *page, const char *selector, axev_error *err)
{
	AXEV__JSON *value = NULL;

	return ask_now(page, "(selector) => { document.querySelector(selector)?.focus(); return true; }", selector, NULL,
		       &value, err);
}

/* Which way, and how often: the arrow keys leave out what is disabled. */
static const char choose_script[] =
	"(selector, wanted) => {"
	" const e = document.querySelector(selector);"
	" if (!(e instanceof HTMLSelectElement)) return { is_select: false };"
	" const open = [...e.options].filter(o => !o.disabled && !o.closest('optgroup')?.disabled);"
	" let to = open.findIndex(o => o.value === wanted);"
	" if (to < 0) to = open.findIndex(o => o.label.trim() === wanted.trim());"
	" return { is_select: true, is_several: e.multiple, from: open.findIndex(o => o.index === e.selectedIndex), to }; }";

struct choice {
	int64_t from, to;
};

static int ask_choice(struct axev__page *page, const char *selector, const char *option,
		      struct choice *choice, axev_error *err)
{
	AXEV__JSON *value = NULL;
	struct axev__shown shown;

	*choice = (struct choice){ -1, -1 };
	TRY(ask_now(page, choose_script, selector, option, &value, err));
	if (!axev__page_flag(value, "is_select") || axev__page_flag(value, "is_several"))
		return axev__fail(err, AXEV_E_PEER, "the element %s is not a list of options to choose one of",
				  axev__show_str(&shown, selector));
	axev__json_as_integer(axev__json_get(value, "from"), &choice->from);
	axev__json_as_integer(axev__json_get(value, "to"), &choice->to);
	if (choice->to < 0 || choice->to > MAX_OPTIONS)
		return axev__fail(err, AXEV_E_NOTFOUND, "there is no option %s", axev__show_str(&shown, option));
	return AXEV_OK;
}

int axev__page_choose(struct axev__page *page, const char *selector, const char *option, axev_error *err)
{
	struct choice choice;
	int64_t presses = 0;

	TRY(ask_choice(page, selector, option, &choice, err));
	while (choice.from != choice.to) {
		if (presses++ > 2 * MAX_OPTIONS)
			return axev__fail(err, AXEV_E_PEER, "the list does not let itself be changed");
		TRY(axev__page_press(page, choice.from < choice.to ? "ArrowDown" : "ArrowUp", err));
		TRY(ask_choice(page, selector, option, &choice, err));
	}
	return AXEV_OK;
}

/* ---- files ---- */

int axev__page_give_file(struct axev__page *page, const char *selector, const char *path, axev_error *err)
{
	AXEV__BUF params = AXEV__BUF_INIT(64 * AXEV__KIB);
	AXEV__JSON *result = NULL;
	struct axev__page_place place;
	struct axev__span object;
	struct axev__shown shown;

	TRY(ask(page,
		"(selector) => { const e = document.querySelector(selector);"
		" return e instanceof HTMLInputElement && e.type === 'file' ? e : null; }",
		selector, NULL, false, &place, &result, err));
	if (!axev__json_as_string(axev__json_get(result, "objectId"), &object))
		return axev__fail(err, AXEV_E_PEER, "the element %s is not a field for files",
				  axev__show_str(&shown, selector));
	TRY(axev__buf_str(&params, "{\"files\":[", err));
	TRY(axev__page_add_quoted(&params, path, err));
	TRY(axev__buf_str(&params, "],\"objectId\":", err));
	TRY(axev__json_canonical(axev__json_get(result, "objectId"), &params, err));
	TRY(axev__buf_byte(&params, '}', err));
	return axev__cdp_call(page->cdp, place.session, "DOM.setFileInputFiles", (const char *)params.data, CALL_MS,
			      NULL, err);
}

/* ---- scrolling and looking ---- */

int axev__page_scroll_by(struct axev__page *page, bool is_to_end, int32_t rows, axev_error *err)
{
	AXEV__JSON *value = NULL;
	char number[16];

	snprintf(number, sizeof(number), "%d", rows);
	return ask_now(page,
		       "(end, rows) => { if (Number(rows)) scrollBy({ top: Number(rows), behavior: 'instant' });"
		       " else scrollTo({ top: end ? document.documentElement.scrollHeight : 0, behavior: 'instant' });"
		       " return true; }",
		       is_to_end ? "end" : "", number, &value, err);
}

int axev__page_shows(struct axev__page *page, const char *selector, const char *text, bool *ret_shows,
		     axev_error *err)
{
	AXEV__JSON *value = NULL;

	TRY(ask_now(page,
		    "(text, selector) => { const e = selector ? document.querySelector(selector) : document.body;"
		    " return Boolean(e && e.innerText.includes(text)); }",
		    text, selector ? selector : "", &value, err));
	*ret_shows = false;
	axev__json_as_bool(value, ret_shows);
	return AXEV_OK;
}
