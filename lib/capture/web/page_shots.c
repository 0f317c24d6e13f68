/* SPDX-License-Identifier: Apache-2.0 */
/* What the page looks like: picture, MHTML, DOM, text, PDF. Made by the browser, so a verifier cannot make them again. */
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/page.h"

#define SHOT_MS 60000

/* A string member straight out of the text of a result, undecoded: {"data":"..."}. Only for base64. */
static bool cut_base64(struct axev__span result, struct axev__span *ret_text)
{
	const char before[] = "{\"data\":\"";
	const uint8_t *end;

	if (!axev__span_starts(result, before))
		return false;
	*ret_text = axev__span(result.data + strlen(before), result.size - strlen(before));
	end = memchr(ret_text->data, '"', ret_text->size);
	if (!end)
		return false;
	ret_text->size = (size_t)(end - ret_text->data);
	return true;
}

/* ---- picture ---- */

static uint64_t rounded_up(const axev__json *object, const char *key)
{
	int64_t whole = 0;
	double fraction = 0;

	if (axev__json_as_integer(axev__json_get(object, key), &whole))
		return whole > 0 ? (uint64_t)whole : 0;
	if (axev__json_as_real(axev__json_get(object, key), &fraction) && fraction > 0 &&
	    fraction < 1e9)
		return (uint64_t)fraction + ((double)(uint64_t)fraction < fraction);
	return 0;
}

static int measure(struct axev__page *page, struct axev__page_picture *picture, axev_error *err)
{
	AXEV__JSON *metrics = NULL;
	const axev__json *content;
	uint64_t width;

	TRY(axev__cdp_call(page->cdp, page->session, "Page.getLayoutMetrics", NULL, SHOT_MS, &metrics,
			   err));
	content = axev__json_get(metrics, "cssContentSize");
	width = rounded_up(content, "width");
	picture->page_height = rounded_up(content, "height");
	picture->width = width > AXEV__MAX_SCREENSHOT_COLUMNS ? AXEV__MAX_SCREENSHOT_COLUMNS : (uint32_t)width;
	picture->height = picture->page_height > AXEV__MAX_SCREENSHOT_ROWS ?
				  AXEV__MAX_SCREENSHOT_ROWS :
				  (uint32_t)picture->page_height;
	/* In device pixels while that many fit, else in CSS pixels. */
	picture->scale = page->scale;
	if ((uint64_t)picture->height * picture->scale > AXEV__MAX_SCREENSHOT_ROWS ||
	    (uint64_t)picture->width * picture->scale > AXEV__MAX_SCREENSHOT_COLUMNS)
		picture->scale = 1;
	if (picture->width == 0 || picture->height == 0)
		return axev__fail(err, AXEV_E_PEER, "the page has no size");
	return AXEV_OK;
}

int axev__page_screenshot(struct axev__page *page, struct axev__buf *png,
			  struct axev__page_picture *ret_picture, axev_error *err)
{
	struct axev__page_picture picture = { 0 };
	struct axev__span result, text;
	char params[256];
	uint32_t millionths;

	TRY(measure(page, &picture, err));
	/* In integers: the host process may have a locale that writes a comma. */
	millionths = (1000000 * picture.scale + page->scale / 2) / page->scale;
	snprintf(params, sizeof(params),
		 "{\"format\":\"png\",\"captureBeyondViewport\":true,\"clip\":{\"x\":0,\"y\":0,\"width\":%u,\"height\":%u,\"scale\":%u.%06u}}",
		 picture.width, picture.height, millionths / 1000000, millionths % 1000000);
	TRY(axev__cdp_call_raw(page->cdp, page->session, "Page.captureScreenshot", params, SHOT_MS,
			       &result, err));
	if (!cut_base64(result, &text) || !axev__unbase64(png, text))
		return axev__fail(err, AXEV_E_PEER, "the browser gave no picture that can be read");
	picture.width *= picture.scale;
	picture.height *= picture.scale;
	picture.page_height *= picture.scale;
	*ret_picture = picture;
	return AXEV_OK;
}

int axev__page_screenshot_window(struct axev__page *page, struct axev__buf *png, axev_error *err)
{
	struct axev__span result, text;

	TRY(axev__cdp_call_raw(page->cdp, page->session, "Page.captureScreenshot", "{\"format\":\"png\"}", SHOT_MS,
			       &result, err));
	if (!cut_base64(result, &text) || !axev__unbase64(png, text))
		return axev__fail(err, AXEV_E_PEER, "the browser gave no picture that can be read");
	return AXEV_OK;
}

/* ---- MHTML and DOM ---- */

int axev__page_mhtml(struct axev__page *page, struct axev__buf *mhtml, axev_error *err)
{
	AXEV__JSON *result = NULL;
	struct axev__span text;

	TRY(axev__cdp_call(page->cdp, page->session, "Page.captureSnapshot", "{\"format\":\"mhtml\"}",
			   SHOT_MS, &result, err));
	TRY(axev__json_string(result, "data", &text, err));
	if (page->secrets && axev__secrets_in_mhtml(page->secrets, text))
		return axev__fail(err, AXEV_E_PEER, "left out: a secret or the value of a password field stands in it");
	return axev__buf_span(mhtml, text, err);
}

static int add_frame(struct axev__page *page, const struct axev__page_target *target, const char *session,
		     struct axev__buf *json, axev_error *err)
{
	AXEV__JSON *url = axev__json_new_string(axev__span_str(target->url ? target->url : ""));
	struct axev__span snapshot;

	TRY(axev__buf_printf(json, err, "\n{\"target\":\"%s\",\"url\":", target->type));
	TRY(url ? axev__json_canonical(url, json, err) : axev__buf_str(json, "\"\"", err));
	TRY(axev__cdp_call_raw(page->cdp, session, "DOMSnapshot.captureSnapshot",
			       "{\"computedStyles\":[],\"includeDOMRects\":true}", SHOT_MS, &snapshot,
			       err));
	TRY(axev__buf_str(json, ",\"snapshot\":", err));
	TRY(page->secrets ? axev__secrets_hide(page->secrets, snapshot, json, err) :
			    axev__buf_span(json, snapshot, err));
	return axev__buf_byte(json, '}', err);
}

/* A frame that goes while it is asked is no longer part of the page. */
int axev__page_dom(struct axev__page *page, struct axev__buf *json, axev_error *err)
{
	AXEV__BUF sessions = AXEV__BUF_INIT(AXEV__MAX_PAGE_TARGETS * AXEV__PAGE_ID_SIZE);
	size_t i, before, frames = 0;
	int status;

	TRY(axev__page_frame_sessions(page, &sessions, err));
	TRY(axev__buf_str(json, "{\"format\":\"ax-dom/1\",\"frames\":[", err));
	for (i = 0; i < sessions.size; i += AXEV__PAGE_ID_SIZE) {
		const char *session = (const char *)sessions.data + i;
		const struct axev__page_target *target = axev__page_find_target(page, session);

		if (!target)
			continue;
		before = json->size;
		if (frames)
			TRY(axev__buf_byte(json, ',', err));
		status = add_frame(page, target, session, json, err);
		if (status < 0 && (status != AXEV_E_PEER || axev__page_find_target(page, session)))
			return status;
		if (status < 0) {
			axev_error_clear(err);
			json->size = before;
		}
		frames += status >= 0;
	}
	return axev__buf_str(json, "\n]}\n", err);
}

/* ---- text ---- */

int axev__page_text(struct axev__page *page, struct axev__buf *text, axev_error *err)
{
	AXEV__JSON *result = NULL;
	struct axev__span value;

	TRY(axev__page_ask(page, AXEV__PAGE_TEXT, SHOT_MS, &result, err));
	if (!axev__json_as_string(result, &value))
		return axev__fail(err, AXEV_E_PEER, "the browser gave no text");
	return axev__buf_span(text, value, err);
}

/* ---- PDF ---- */

static int read_stream(struct axev__page *page, const char *params, struct axev__buf *out,
		       bool *ret_is_end, axev_error *err)
{
	AXEV__BUF piece = AXEV__BUF_INIT(4 * AXEV__MIB);
	AXEV__JSON *result = NULL;
	struct axev__span data;

	TRY(axev__cdp_call(page->cdp, page->session, "IO.read", params, SHOT_MS, &result, err));
	TRY(axev__json_string(result, "data", &data, err));
	TRY(axev__json_boolean(result, "eof", ret_is_end, err));
	if (!axev__unbase64(&piece, data))
		return axev__fail(err, AXEV_E_PEER, "the browser gave no PDF that can be read");
	return axev__buf_span(out, axev__buf_view(&piece), err);
}

int axev__page_pdf(struct axev__page *page, struct axev__buf *pdf, axev_error *err)
{
	AXEV__JSON *result = NULL;
	struct axev__span handle;
	char params[256];
	bool is_end = false;

	/* ISO 216 A4, in inches. */
	TRY(axev__cdp_call(page->cdp, page->session, "Page.printToPDF",
			   "{\"printBackground\":true,\"transferMode\":\"ReturnAsStream\",\"paperWidth\":8.27,\"paperHeight\":11.69}",
			   SHOT_MS, &result, err));
	TRY(axev__json_string(result, "stream", &handle, err));
	snprintf(params, sizeof(params), "{\"handle\":\"%.*s\",\"size\":%d}", (int)handle.size,
		 (const char *)handle.data, 1 << 20);
	while (!is_end)
		TRY(read_stream(page, params, pdf, &is_end, err));
	return AXEV_OK;
}
