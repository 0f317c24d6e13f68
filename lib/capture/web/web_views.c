/* SPDX-License-Identifier: Apache-2.0 */
/* What the page looks like, as objects. Each goes through one scratch file: it need not fit into memory. */
#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/web.h"

struct axev__spill axev__web_view(const struct axev__web *web)
{
	return (struct axev__spill){ web->view_fd, 0, AXEV__MAX_PAGE_SHOT_BYTES };
}

static int allow_refusal(struct axev__web *web, int status, const char *name, axev_error *err)
{
	return axev__web_can_begin_again(web) ? status : axev__web_allow(web, status, name, err);
}

static int take_screenshot(struct axev__web *web, axev_error *err)
{
	struct axev__spill png = axev__web_view(web);
	struct axev__page_picture picture = { 0 };
	char why[128];
	int status = axev__page_screenshot(web->page, &png, &picture, err);

	if (status < 0)
		return allow_refusal(web, status, "screenshot.png", err);
	web->shot_width = picture.width;
	web->shot_height = picture.height;
	if (picture.page_height > picture.height) {
		snprintf(why, sizeof(why), "cut off at %u of %" PRIu64 " rows", picture.height,
			 picture.page_height);
		TRY(axev__web_missing(web, "screenshot.png", why, err));
	}
	return axev__web_spilled_object(web, "data/screenshot.png", axev__span_str("screenshot.png"), "screenshot", "image/png",
					"picture of the whole page, made by the browser", &png, err);
}

static int make_text(struct axev__page *page, struct axev__spill *out, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_PAGE_TEXT_BYTES);

	TRY(axev__page_text(page, &text, err));
	return axev__spill_put(out, axev__buf_view(&text), err);
}

static int make_frame_texts(struct axev__page *page, struct axev__spill *out, axev_error *err)
{
	AXEV__BUF json = AXEV__BUF_INIT(AXEV__MAX_PAGE_TEXT_BYTES);

	TRY(axev__page_frame_texts(page, &json, err));
	return axev__spill_put(out, axev__buf_view(&json), err);
}

struct view {
	int (*make)(struct axev__page *page, struct axev__spill *out, axev_error *err);
	const char *name, *role, *media_type, *how;
};

#define HOW_DOM_WITHOUT_SECRETS \
	"document tree of every frame with its shadow trees, written by the browser; secrets typed or given and values of password fields are replaced"

/* Printing lays the page out anew, so it comes last. */
static const struct view views[] = {
	{ make_text, "text.txt", "text", "text/plain; charset=utf-8",
	  "text of the page as shown, read out by the browser" },
	{ make_frame_texts, "frame-texts.json", "frame-texts", "application/json",
	  "text of each frame in the page as shown, read out by the browser" },
	{ axev__page_dom, "dom.json", "dom", "application/json",
	  "document tree of every frame with its shadow trees, written by the browser" },
	{ axev__page_mhtml, "page.mhtml", "mhtml", "multipart/related",
	  "page in one file, written by the browser; scripts are left out" },
	{ axev__page_pdf, "page.pdf", "pdf", "application/pdf", "page as printed by the browser" },
};

/* The tree as it was put, for what the page shows about who runs it: parsed in memory. */
static int look_for_subject(struct axev__web *web, const struct axev__spill *dom, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_PAGE_SHOT_BYTES);
	struct axev__source source = axev__spill_source(dom);

	if (!web->subject->is_wanted)
		return AXEV_OK;
	TRY(axev__source_load(&source, &text, err));
	return axev__site_subject_look(web, axev__buf_view(&text), err);
}

static int take_view(struct axev__web *web, const struct view *view, axev_error *err)
{
	struct axev__spill bytes = axev__web_view(web);
	bool is_dom = view->make == axev__page_dom;
	char path[64];
	/* No call to a page that has crashed would be answered. */
	int status = web->page->has_crashed ? axev__fail(err, AXEV_E_PEER, "the page crashed in the browser") :
					      view->make(web->page, &bytes, err);

	if (status < 0)
		return allow_refusal(web, status, view->name, err);
	if (is_dom)
		TRY(look_for_subject(web, &bytes, err));
	if (view->make == make_frame_texts && bytes.size_bytes == 0)
		return AXEV_OK;
	snprintf(path, sizeof(path), "data/%s", view->name);
	return axev__web_spilled_object(web, path, axev__span_str(view->name), view->role, view->media_type,
					is_dom && web->page->secrets ? HOW_DOM_WITHOUT_SECRETS : view->how, &bytes, err);
}

int axev__web_views(struct axev__web *web, axev_error *err)
{
	size_t i;

	/* A session's goes on behind the checks that follow it. */
	if (!web->opts->interactive)
		TRY(axev__web_video_end(web, err));
	TRY(take_screenshot(web, err));
	for (i = 0; i < AXEV__COUNT(views); i++)
		TRY(take_view(web, &views[i], err));
	if (web->page->has_cut_texts)
		TRY(axev__web_missing(web, "frame-texts.json", "texts of frames beyond its limit are left out", err));
	return axev__take_step(web->take, "render", "screenshot, text, DOM, MHTML, PDF", err);
}
