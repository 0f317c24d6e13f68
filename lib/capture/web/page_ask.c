/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to the page, asked in a world of our own. */
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/page.h"

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

int axev__page_ask_frame(struct axev__page *page, const char *session, const char *frame,
			 const char *expression, uint32_t timeout_ms, axev__json **ret_value,
			 axev_error *err)
{
	AXEV__BUF params = AXEV__BUF_INIT(64 * AXEV__KIB);
	AXEV__JSON *result = NULL;
	const axev__json *value;
	int64_t context = 0;

	TRY(make_world(page, session, frame, timeout_ms, &context, err));
	TRY(axev__buf_printf(&params, err,
			     "{\"contextId\":%lld,\"returnByValue\":true,\"awaitPromise\":true,\"expression\":\"%s\"}",
			     (long long)context, expression));
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
	return axev__page_ask_frame(page, page->session, page->frame, expression, timeout_ms, ret_value, err);
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
