/* SPDX-License-Identifier: Apache-2.0 */
/* The text of each frame in the page, those of other sites too: the page's own text has none of them. */
#include "base/limits.h"
#include "base/text.h"
#include "capture/web/page.h"

#define TREE_MS 10000
#define TEXT_MS 10000

/* A frame that does not answer is named with the reason. */
static int add_text(struct axev__page *page, const char *session, const char *frame, axev__json *entry,
		    axev_error *err)
{
	AXEV__JSON *value = NULL;
	struct axev__span text;
	int status = axev__page_ask_frame(page, session, frame, AXEV__PAGE_TEXT, TEXT_MS, &value, err);

	if (status < 0 && (axev__cdp_is_gone(page->cdp) || (status != AXEV_E_PEER && status != AXEV_E_NETWORK)))
		return status;
	axev_error_clear(err);
	if (status >= 0 && axev__json_as_string(value, &text))
		return axev__json_set_string(entry, "text", text, err);
	return axev__json_set_str(entry, "why", "the frame gave no text", err);
}

static int add_frame(struct axev__page *page, const char *session, const axev__json *node, axev__json *list,
		     axev_error *err)
{
	const axev__json *frame = axev__json_get(node, "frame"), *children = axev__json_get(node, "childFrames");
	AXEV__JSON *entry = axev__json_new_object();
	char id[AXEV__PAGE_ID_SIZE];
	struct axev__span url;
	size_t i;

	axev__page_word(id, sizeof(id), frame, "id");
	TRY(axev__json_string(frame, "url", &url, err));
	if (axev__json_count(list) == AXEV__MAX_PAGE_TARGETS) {
		page->is_over_limit = true;
		return AXEV_OK;
	}
	if (strcmp(id, page->frame) != 0) {
		TRY(axev__json_set_string(entry, "url", url, err));
		TRY(add_text(page, session, id, entry, err));
		TRY(axev__json_append(list, axev__steal(entry), err));
	}
	for (i = 0; i < axev__json_count(children); i++)
		TRY(add_frame(page, session, axev__json_at(children, i), list, err));
	return AXEV_OK;
}

static int add_target(struct axev__page *page, const struct axev__page_target *target, axev__json *list,
		      axev_error *err)
{
	AXEV__JSON *tree = NULL;

	TRY(axev__cdp_call(page->cdp, target->session, "Page.getFrameTree", NULL, TREE_MS, &tree, err));
	return add_frame(page, target->session, axev__json_get(tree, "frameTree"), list, err);
}

int axev__page_frame_texts(struct axev__page *page, struct axev__buf *json, axev_error *err)
{
	AXEV__JSON *root = axev__json_new_object(), *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < page->target_count; i++)
		if (!strcmp(page->targets[i].type, "page") || !strcmp(page->targets[i].type, "iframe"))
			TRY(add_target(page, &page->targets[i], list, err));
	if (axev__json_count(list) == 0)
		return AXEV_OK;
	TRY(axev__json_set_str(root, "format", "ax-frame-texts/1", err));
	TRY(axev__json_set(root, "frames", axev__steal(list), err));
	return axev__json_canonical(root, json, err);
}
