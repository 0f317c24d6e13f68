/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/page_where.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"

#define CALL_MS 15000

/* ---- asking ---- */

static int make_world(struct axev__page *page, struct axev__page_place *place, axev_error *err)
{
	AXEV__JSON *world = NULL;
	char params[160];

	snprintf(params, sizeof(params), "{\"frameId\":\"%s\",\"worldName\":\"evidence\"}", place->frame);
	TRY(axev__cdp_call(page->cdp, place->session, "Page.createIsolatedWorld", params, CALL_MS, &world, err));
	if (!axev__json_as_integer(axev__json_get(world, "executionContextId"), &place->context))
		return axev__fail(err, AXEV_E_PEER, "the browser made no world to ask in");
	return AXEV_OK;
}

int axev__page_add_quoted(struct axev__buf *out, const char *text, axev_error *err)
{
	AXEV__JSON *string = axev__json_new_string(axev__span_str(text));

	if (!string)
		return axev__fail(err, AXEV_E_INVAL, "expected a text in UTF-8");
	return axev__json_canonical(string, out, err);
}

/* What a script threw. Only selectors can be at fault: the rest of each script is ours. */
static int fail_thrown(const axev__json *thrown, axev_error *err)
{
	struct axev__span what = axev__span("no reason given", 15);
	struct axev__shown shown;
	const uint8_t *end;

	axev__json_as_string(axev__json_get(axev__json_get(thrown, "exception"), "description"), &what);
	end = memchr(what.data, '\n', what.size);
	if (end)
		what.size = (size_t)(end - what.data);
	return axev__fail(err, AXEV_E_INVAL, "the browser does not take the selector: %s", axev__show(&shown, what));
}

int axev__page_call(struct axev__page *page, const struct axev__page_place *place, const char *function, const char *first,
		    const char *second, bool is_by_value, axev__json **ret_result, axev_error *err)
{
	AXEV__BUF script = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF params = AXEV__BUF_INIT(2 * AXEV__MIB);
	AXEV__JSON *answer = NULL;

	TRY(axev__buf_printf(&script, err, "(%s)(", function));
	TRY(axev__page_add_quoted(&script, first, err));
	if (second) {
		TRY(axev__buf_byte(&script, ',', err));
		TRY(axev__page_add_quoted(&script, second, err));
	}
	TRY(axev__buf_byte(&script, ')', err));
	TRY(axev__buf_printf(&params, err, "{\"contextId\":%lld,\"returnByValue\":%s,\"expression\":",
			     (long long)place->context, is_by_value ? "true" : "false"));
	TRY(axev__page_add_quoted(&params, (const char *)script.data, err));
	TRY(axev__buf_byte(&params, '}', err));
	TRY(axev__cdp_call(page->cdp, place->session, "Runtime.evaluate", (const char *)params.data, CALL_MS, &answer, err));
	if (axev__json_get(answer, "exceptionDetails"))
		return fail_thrown(axev__json_get(answer, "exceptionDetails"), err);
	*ret_result = axev__json_copy(axev__json_get(answer, "result"));
	return *ret_result ? AXEV_OK : axev__nomem(err);
}

/* ---- down ---- */

/* A frame's identifier is that of its target, when it has one: then its document is in another process. */
static void enter(struct axev__page *page, const axev__json *node, struct axev__page_place *place)
{
	size_t i;

	axev__page_word(place->frame, sizeof(place->frame), node, "frameId");
	for (i = 0; i < page->target_count; i++)
		if (strcmp(page->targets[i].frame, place->frame) == 0)
			memcpy(place->session, page->targets[i].session, sizeof(place->session));
}

/* *ret_is_there false: no element. */
static int step_into(struct axev__page *page, const char *selector, struct axev__page_place *place, bool *ret_is_there,
		     axev_error *err)
{
	AXEV__BUF params = AXEV__BUF_INIT(4 * AXEV__KIB);
	AXEV__JSON *element = NULL;
	AXEV__JSON *answer = NULL;
	struct axev__shown shown;
	struct axev__span object;
	const axev__json *node;

	TRY(axev__page_call(page, place, "(selector) => document.querySelector(selector)", selector, NULL, false, &element,
			    err));
	*ret_is_there = axev__json_as_string(axev__json_get(element, "objectId"), &object);
	if (!*ret_is_there)
		return AXEV_OK;
	TRY(axev__buf_str(&params, "{\"objectId\":", err));
	TRY(axev__json_canonical(axev__json_get(element, "objectId"), &params, err));
	TRY(axev__buf_byte(&params, '}', err));
	TRY(axev__cdp_call(page->cdp, place->session, "DOM.describeNode", (const char *)params.data, CALL_MS, &answer, err));
	node = axev__json_get(answer, "node");
	if (!axev__json_get(node, "frameId"))
		return axev__fail(err, AXEV_E_INVAL, "the element %s is no frame", axev__show_str(&shown, selector));
	enter(page, node, place);
	return make_world(page, place, err);
}

int axev__page_go_to(struct axev__page *page, size_t depth, struct axev__page_place *ret_place, bool *ret_is_there,
		     size_t *ret_missing, axev_error *err)
{
	struct axev__page_place place = { .context = 0 };
	size_t i;

	memcpy(place.session, page->session, sizeof(place.session));
	memcpy(place.frame, page->frame, sizeof(place.frame));
	TRY(make_world(page, &place, err));
	*ret_is_there = true;
	for (i = 0; i < depth && *ret_is_there; i++) {
		*ret_missing = i;
		TRY(step_into(page, page->where.frames[i], &place, ret_is_there, err));
	}
	*ret_place = place;
	return AXEV_OK;
}

/* ---- up again ---- */

/*
 * From the frame's own coordinates to those of the document that holds it: its content begins inside of border and padding. A frame that a
 * transformation shows in another size than it has could be missed.
 */
static const char lift_script[] =
	"(selector, given) => {"
	" const e = document.querySelector(selector), [x, y, scrolls] = given.split(' ').map(Number);"
	" if (!e) return { is_there: false };"
	" const place = () => { const box = e.getBoundingClientRect(), style = getComputedStyle(e);"
	"  return { x: Math.floor(box.left + e.clientLeft + parseFloat(style.paddingLeft) + x),"
	"   y: Math.floor(box.top + e.clientTop + parseFloat(style.paddingTop) + y),"
	"   is_scaled: Math.abs(box.width - e.offsetWidth) > 1 || Math.abs(box.height - e.offsetHeight) > 1 }; };"
	" const isOut = p => p.x < 0 || p.y < 0 || p.x >= innerWidth || p.y >= innerHeight;"
	" let p = place();"
	" if (scrolls && isOut(p)) {"
	"  scrollBy({ left: p.x < 0 || p.x >= innerWidth ? p.x - innerWidth / 2 : 0,"
	"   top: p.y < 0 || p.y >= innerHeight ? p.y - innerHeight / 2 : 0, behavior: 'instant' });"
	"  p = place(); }"
	" const met = document.elementFromPoint(p.x, p.y);"
	" return { is_there: true, x: p.x, y: p.y, is_scaled: p.is_scaled, is_hit: met === e,"
	"  cover: met && met !== e ? met.localName + (met.id ? '#' + met.id : '') : '' }; }";

bool axev__page_flag(const axev__json *object, const char *key)
{
	bool value = false;

	axev__json_as_bool(axev__json_get(object, key), &value);
	return value;
}

static int lift_once(struct axev__page *page, size_t depth, bool is_scrolled, struct axev__page_element *element,
		     axev_error *err)
{
	struct axev__page_place place;
	AXEV__JSON *result = NULL;
	const axev__json *value;
	struct axev__shown shown;
	struct axev__span cover;
	char given[64];
	size_t missing;
	bool is_there = false;

	TRY(axev__page_go_to(page, depth, &place, &is_there, &missing, err));
	snprintf(given, sizeof(given), "%lld %lld %d", (long long)element->x, (long long)element->y, is_scrolled);
	if (is_there)
		TRY(axev__page_call(page, &place, lift_script, page->where.frames[depth], given, true, &result, err));
	value = axev__json_get(result, "value");
	if (!axev__page_flag(value, "is_there")) {
		*element = (struct axev__page_element){ .missing_frame = depth + 1 };
		return AXEV_OK;
	}
	if (axev__page_flag(value, "is_scaled"))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "the frame %s is shown in another size than it has",
				  axev__show_str(&shown, page->where.frames[depth]));
	axev__json_as_integer(axev__json_get(value, "x"), &element->x);
	axev__json_as_integer(axev__json_get(value, "y"), &element->y);
	if (element->is_hit && !axev__page_flag(value, "is_hit")) {
		element->is_hit = false;
		axev__json_as_string(axev__json_get(value, "cover"), &cover);
		snprintf(element->cover, sizeof(element->cover), "%s", axev__show(&shown, cover));
	}
	return AXEV_OK;
}

int axev__page_lift(struct axev__page *page, bool is_scrolled, struct axev__page_element *element, axev_error *err)
{
	size_t depth = page->where.count;

	while (depth > 0 && element->is_visible)
		TRY(lift_once(page, --depth, is_scrolled, element, err));
	return AXEV_OK;
}
