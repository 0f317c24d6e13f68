/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to the page, asked in a world of our own. */
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/cdp_large.h"
#include "capture/web/page.h"

#define PAGE_TEXT "document.body?document.body.innerText:''" /* as shown: without what is hidden */
#define TEXT_MS 60000

bool axev__page_is_silent(const struct axev__page *page, int status)
{
	return (status == AXEV_E_PEER || status == AXEV_E_NETWORK) && !axev__cdp_is_gone(page->cdp) && !page->has_crashed;
}

/* The browser keeps one world of a name for each document, so this makes it only once. */
static int make_world(struct axev__page *page, const char *session, const char *frame,
		      uint32_t timeout_ms, int64_t *ret_context, axev_error *err)
{
	AXEV__JSON *world = NULL;
	char params[160];

	snprintf(params, sizeof(params), "{\"frameId\":\"%s\",\"worldName\":\"evidence\"}", frame);
	TRY(axev__cdp_call(page->cdp, session, "Page.createIsolatedWorld", params, timeout_ms,
			   &world, err));
	if (!axev__json_as_integer(axev__json_get(world, "executionContextId"), ret_context))
		return axev__fail(err, AXEV_E_PEER, "the browser made no world to ask in");
	return AXEV_OK;
}

/* The parameters of Runtime.evaluate. */
static int put_question(struct axev__page *page, const char *session, const char *frame, const char *expression,
			uint32_t timeout_ms, struct axev__buf *params, axev_error *err)
{
	int64_t context = 0;

	TRY(make_world(page, session, frame, timeout_ms, &context, err));
	return axev__buf_printf(params, err,
				"{\"contextId\":%lld,\"returnByValue\":true,\"awaitPromise\":true,\"expression\":\"%s\"}",
				(long long)context, expression);
}

static int ask_frame(struct axev__page *page, const char *session, const char *frame, const char *expression,
		     uint32_t timeout_ms, axev__json **ret_value, axev_error *err)
{
	AXEV__BUF params = AXEV__BUF_INIT(64 * AXEV__KIB);
	AXEV__JSON *result = NULL;
	const axev__json *value;

	TRY(put_question(page, session, frame, expression, timeout_ms, &params, err));
	TRY(axev__cdp_call(page->cdp, session, "Runtime.evaluate", (const char *)params.data,
			   timeout_ms, &result, err));
	value = axev__json_get(axev__json_get(result, "result"), "value");
	if (!value)
		return axev__fail(err, AXEV_E_PEER, "the page gave no answer");
	*ret_value = axev__json_copy(value);
	return *ret_value ? AXEV_OK : axev__nomem(err);
}

int axev__page_ask(struct axev__page *page, const char *expression, uint32_t timeout_ms,
		   axev__json **ret_value, axev_error *err)
{
	return ask_frame(page, page->session, page->frame, expression, timeout_ms, ret_value, err);
}

static int append_piece(void *text, struct axev__span piece, axev_error *err)
{
	return axev__buf_span(text, piece, err);
}

int axev__page_frame_text(struct axev__page *page, const char *session, const char *frame, uint32_t timeout_ms,
			  struct axev__buf *text, axev_error *err)
{
	AXEV__BUF params = AXEV__BUF_INIT(64 * AXEV__KIB);
	struct axev__source result;
	int status;

	TRY(put_question(page, session, frame, PAGE_TEXT, timeout_ms, &params, err));
	TRY(axev__cdp_call_raw(page->cdp, session, "Runtime.evaluate", (const char *)params.data, timeout_ms, &result, err));
	status = axev__cdp_string(&result, "{\"result\":{\"type\":\"string\",\"value\":\"", "}}", append_piece, text, err);
	if (status != AXEV_E_FORMAT)
		return status;
	axev_error_clear(err);
	return axev__fail(err, AXEV_E_PEER, "the browser gave no text");
}

int axev__page_text(struct axev__page *page, struct axev__buf *text, axev_error *err)
{
	return axev__page_frame_text(page, page->session, page->frame, TEXT_MS, text, err);
}

int axev__page_ask_numbers(struct axev__page *page, const char *expression, uint32_t timeout_ms,
			   uint64_t *ret_numbers, size_t count, axev_error *err)
{
	AXEV__JSON *list = NULL;
	int64_t number;
	size_t i;

	TRY(axev__page_ask(page, expression, timeout_ms, &list, err));
	if (axev__json_count(list) != count)
		return axev__fail(err, AXEV_E_PEER, "the page gave no answer of %zu numbers", count);
	for (i = 0; i < count; i++) {
		if (!axev__json_as_integer(axev__json_at(list, i), &number) || number < 0)
			number = 0;
		ret_numbers[i] = (uint64_t)number;
	}
	return AXEV_OK;
}
