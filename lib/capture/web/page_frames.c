/* SPDX-License-Identifier: Apache-2.0 */
/* The text of each frame in the page, those of other sites too: the page's own text has none of them. */
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/web/page.h"

#define ALL_MS 10000 /* for the texts of all frames */
#define CALL_MS 2000 /* for one answer */

struct texts {
	struct axev__page *page;
	axev__json *list;
	int64_t deadline_ms;
	size_t left_bytes; /* of all texts together */
};

static uint32_t time_left(const struct texts *texts)
{
	int64_t left_ms = texts->deadline_ms - axev__cdp_clock_ms();

	return left_ms <= 0 ? 0 : left_ms < CALL_MS ? (uint32_t)left_ms : CALL_MS;
}

static int add_entry(struct texts *texts, struct axev__span url, const struct axev__buf *text, const char *why, axev_error *err)
{
	AXEV__JSON *entry = axev__json_new_object();

	TRY(axev__json_set_string(entry, "url", url, err));
	if (why)
		TRY(axev__json_set_str(entry, "why", why, err));
	else
		TRY(axev__json_set_string(entry, "text", text->size ? axev__buf_view(text) : axev__span("", 0), err));
	return axev__json_append(texts->list, axev__steal(entry), err);
}

static int ask(struct texts *texts, const char *session, const char *frame, struct axev__buf *text, const char **ret_why,
	       axev_error *err)
{
	uint32_t left_ms = time_left(texts);
	int status;

	*ret_why = "no time was left to ask";
	if (!left_ms)
		return AXEV_OK;
	status = axev__page_frame_text(texts->page, session, frame, left_ms, text, err);
	texts->page->has_cut_texts |= status == AXEV_E_LIMIT;
	if (status < 0 && status != AXEV_E_LIMIT && !axev__page_is_silent(texts->page, status))
		return status;
	axev_error_clear(err);
	*ret_why = status >= 0 ? NULL :
		   status == AXEV_E_LIMIT ? "the texts of all frames are longer than what is kept" :
		   time_left(texts) ? "the frame gave no text" : *ret_why;
	texts->left_bytes -= status >= 0 ? text->size : 0;
	return AXEV_OK;
}

static int add_frame(struct texts *texts, const char *session, const axev__json *node, axev_error *err)
{
	const axev__json *frame = axev__json_get(node, "frame"), *children = axev__json_get(node, "childFrames");
	AXEV__BUF text = AXEV__BUF_INIT(texts->left_bytes);
	const char *why;
	char id[AXEV__PAGE_ID_SIZE];
	struct axev__span url;
	size_t i;

	axev__page_word(id, sizeof(id), frame, "id");
	TRY(axev__json_string(frame, "url", &url, err));
	if (axev__json_count(texts->list) == AXEV__MAX_PAGE_TARGETS) {
		texts->page->has_cut_texts = true;
		return AXEV_OK;
	}
	if (strcmp(id, texts->page->frame) != 0) {
		TRY(ask(texts, session, id, &text, &why, err));
		TRY(add_entry(texts, url, &text, why, err));
		axev__buf_free(&text); /* its frames come next */
	}
	for (i = 0; i < axev__json_count(children); i++)
		TRY(add_frame(texts, session, axev__json_at(children, i), err));
	return AXEV_OK;
}

static int add_target(struct texts *texts, const char *session, axev_error *err)
{
	AXEV__JSON *tree = NULL;
	int status;

	if (!time_left(texts))
		return AXEV_OK;
	status = axev__cdp_call(texts->page->cdp, session, "Page.getFrameTree", NULL, time_left(texts), &tree, err);
	if (status >= 0)
		return add_frame(texts, session, axev__json_get(tree, "frameTree"), err);
	if (!axev__page_is_silent(texts->page, status))
		return status;
	axev_error_clear(err);
	return AXEV_OK;
}

/* One that is still there and has not been asked is named. */
static int add_unasked(struct texts *texts, const char *session, axev_error *err)
{
	const struct axev__page_target *target = axev__page_find_target(texts->page, session);

	if (!target || strcmp(session, texts->page->session) == 0)
		return AXEV_OK;
	return add_entry(texts, axev__span_str(target->url ? target->url : ""), NULL,
			 time_left(texts) ? "the frame gave no text" : "no time was left to ask", err);
}

int axev__page_frame_sessions(const struct axev__page *page, struct axev__buf *sessions, axev_error *err)
{
	size_t i;

	for (i = 0; i < page->target_count; i++)
		if (!strcmp(page->targets[i].type, "page") || !strcmp(page->targets[i].type, "iframe"))
			TRY(axev__buf_append(sessions, page->targets[i].session, AXEV__PAGE_ID_SIZE, err));
	return AXEV_OK;
}

int axev__page_frame_texts(struct axev__page *page, struct axev__buf *json, axev_error *err)
{
	AXEV__JSON *root = axev__json_new_object(), *list = axev__json_new_array();
	AXEV__BUF sessions = AXEV__BUF_INIT(AXEV__MAX_PAGE_TARGETS * AXEV__PAGE_ID_SIZE);
	struct texts texts = { page, list, axev__cdp_clock_ms() + ALL_MS, json->max / 2 };
	size_t i, before;

	TRY(axev__page_frame_sessions(page, &sessions, err));
	for (i = 0; i < sessions.size; i += AXEV__PAGE_ID_SIZE) {
		before = axev__json_count(list);
		TRY(add_target(&texts, (const char *)sessions.data + i, err));
		if (axev__json_count(list) == before)
			TRY(add_unasked(&texts, (const char *)sessions.data + i, err));
	}
	if (axev__json_count(list) == 0)
		return AXEV_OK;
	TRY(axev__json_set_str(root, "format", "ax-frame-texts/1", err));
	TRY(axev__json_set(root, "frames", axev__steal(list), err));
	return axev__json_canonical(root, json, err);
}
