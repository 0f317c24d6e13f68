/* SPDX-License-Identifier: Apache-2.0 */
/* What the page looks like: picture, MHTML, DOM, PDF. Made by the browser, so a verifier cannot make them again. */
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/cdp_large.h"
#include "capture/web/page.h"

#define SHOT_MS 60000

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

static int shoot(struct axev__page *page, const char *params, struct axev__spill *png, axev_error *err)
{
	struct axev__source result;
	int status;

	TRY(axev__cdp_call_raw(page->cdp, page->session, "Page.captureScreenshot", params, SHOT_MS,
			       &result, err));
	status = axev__cdp_base64(&result, "{\"data\":\"", "}", png, err);
	if (status != AXEV_E_FORMAT)
		return status;
	axev_error_clear(err);
	return axev__fail(err, AXEV_E_PEER, "the browser gave no picture that can be read");
}

int axev__page_screenshot(struct axev__page *page, struct axev__spill *png,
			  struct axev__page_picture *ret_picture, axev_error *err)
{
	struct axev__page_picture picture = { 0 };
	char params[256];
	uint32_t millionths;

	TRY(measure(page, &picture, err));
	/* In integers: the host process may have a locale that writes a comma. */
	millionths = (1000000 * picture.scale + page->scale / 2) / page->scale;
	snprintf(params, sizeof(params),
		 "{\"format\":\"png\",\"captureBeyondViewport\":true,\"clip\":{\"x\":0,\"y\":0,\"width\":%u,\"height\":%u,\"scale\":%u.%06u}}",
		 picture.width, picture.height, millionths / 1000000, millionths % 1000000);
	TRY(shoot(page, params, png, err));
	picture.width *= picture.scale;
	picture.height *= picture.scale;
	picture.page_height *= picture.scale;
	*ret_picture = picture;
	return AXEV_OK;
}

int axev__page_screenshot_window(struct axev__page *page, struct axev__spill *png, axev_error *err)
{
	return shoot(page, "{\"format\":\"png\"}", png, err);
}

/* ---- MHTML and DOM ---- */

static int put_piece(void *spill, struct axev__span piece, axev_error *err)
{
	return axev__spill_put(spill, piece, err);
}

/* All of @text in memory: only where secrets were typed. */
static int load(const struct axev__source *text, struct axev__buf *out, axev_error *err)
{
	return axev__prefix(axev__source_load(text, out, err), err, "with secrets to look for");
}

static int expect_no_secret(struct axev__page *page, const struct axev__spill *mhtml, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_PAGE_SHOT_BYTES);
	struct axev__source source = axev__spill_source(mhtml);

	TRY(load(&source, &text, err));
	return axev__secrets_in_mhtml(page->secrets, axev__buf_view(&text)) ?
		       axev__fail(err, AXEV_E_PEER, "left out: a secret or the value of a password field stands in it") :
		       AXEV_OK;
}

int axev__page_mhtml(struct axev__page *page, struct axev__spill *mhtml, axev_error *err)
{
	struct axev__source result;
	int status;

	TRY(axev__cdp_call_raw(page->cdp, page->session, "Page.captureSnapshot", "{\"format\":\"mhtml\"}",
			       SHOT_MS, &result, err));
	status = axev__cdp_string(&result, "{\"data\":\"", "}", put_piece, mhtml, err);
	if (status == AXEV_E_FORMAT) {
		axev_error_clear(err);
		return axev__fail(err, AXEV_E_PEER, "the browser gave no MHTML that can be read");
	}
	TRY(status);
	return page->secrets ? expect_no_secret(page, mhtml, err) : AXEV_OK;
}

static int put_hidden(struct axev__page *page, const struct axev__source *snapshot, struct axev__spill *json,
		      axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_PAGE_SHOT_BYTES);
	AXEV__BUF hidden = AXEV__BUF_INIT(AXEV__MAX_PAGE_SHOT_BYTES);

	TRY(load(snapshot, &text, err));
	TRY(axev__secrets_hide(page->secrets, axev__buf_view(&text), &hidden, err));
	return axev__spill_put(json, axev__buf_view(&hidden), err);
}

static int put_start(const struct axev__page_target *target, bool is_first, struct axev__spill *json, axev_error *err)
{
	AXEV__BUF start = AXEV__BUF_INIT(8 * AXEV__MAX_WIRE_URL);
	AXEV__JSON *url = axev__json_new_string(axev__span_str(target->url ? target->url : ""));

	TRY(axev__buf_printf(&start, err, "%s\n{\"target\":\"%s\",\"url\":", is_first ? "" : ",", target->type));
	TRY(url ? axev__json_canonical(url, &start, err) : axev__buf_str(&start, "\"\"", err));
	TRY(axev__buf_str(&start, ",\"snapshot\":", err));
	return axev__spill_put(json, axev__buf_view(&start), err);
}

static int add_frame(struct axev__page *page, const struct axev__page_target *target, const char *session,
		     bool is_first, struct axev__spill *json, axev_error *err)
{
	struct axev__source snapshot;

	TRY(put_start(target, is_first, json, err));
	TRY(axev__cdp_call_raw(page->cdp, session, "DOMSnapshot.captureSnapshot",
			       "{\"computedStyles\":[],\"includeDOMRects\":true}", SHOT_MS, &snapshot,
			       err));
	TRY(page->secrets ? put_hidden(page, &snapshot, json, err) : axev__spill_copy(json, &snapshot, err));
	return axev__spill_put(json, axev__span_str("}"), err);
}

/* A frame that goes while it is asked is no longer part of the page. */
int axev__page_dom(struct axev__page *page, struct axev__spill *json, axev_error *err)
{
	AXEV__BUF sessions = AXEV__BUF_INIT(AXEV__MAX_PAGE_TARGETS * AXEV__PAGE_ID_SIZE);
	size_t i, frames = 0;
	uint64_t before;
	int status;

	TRY(axev__page_frame_sessions(page, &sessions, err));
	TRY(axev__spill_put(json, axev__span_str("{\"format\":\"ax-dom/1\",\"frames\":["), err));
	for (i = 0; i < sessions.size; i += AXEV__PAGE_ID_SIZE) {
		const char *session = (const char *)sessions.data + i;
		const struct axev__page_target *target = axev__page_find_target(page, session);

		if (!target)
			continue;
		before = json->size_bytes;
		status = add_frame(page, target, session, frames == 0, json, err);
		if (status < 0 && (status != AXEV_E_PEER || axev__page_find_target(page, session)))
			return status;
		if (status < 0) {
			axev_error_clear(err);
			axev__spill_cut(json, before);
		}
		frames += status >= 0;
	}
	return axev__spill_put(json, axev__span_str("\n]}\n"), err);
}

/* ---- PDF ---- */

static int read_stream(struct axev__page *page, const char *params, struct axev__spill *out,
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
	return axev__spill_put(out, axev__buf_view(&piece), err);
}

int axev__page_pdf(struct axev__page *page, struct axev__spill *pdf, axev_error *err)
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
