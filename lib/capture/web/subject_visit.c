/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a licence mark leads to is opened in the same browser and window, once the views of the page have been taken: its
 * bytes are on the same record of connections, and one seal is over both. What the manifest says of the page stays.
 */
#include <ctype.h>
#include <stdio.h>

#include "base/text.h"
#include "capture/web/subject.h"
#include "capture/web/web.h"
#include "capture/web/web_url.h"

/* ---- where to ---- */

static int append_encoded(struct axev__buf *out, struct axev__span text, axev_error *err)
{
	size_t i;

	for (i = 0; i < text.size; i++)
		TRY(isalnum(text.data[i]) && text.data[i] < 0x80 ? axev__buf_byte(out, text.data[i], err) :
								    axev__buf_printf(out, err, "%%%02X", text.data[i]));
	return AXEV_OK;
}

/* As the browser would go to it. NULL in *ret_url: it is no address, or there was no answer. */
static int resolve(struct axev__web *web, const axev__json *mark, char **ret_url, axev_error *err)
{
	AXEV__BUF expression = AXEV__BUF_INIT(60 * AXEV__KIB);
	AXEV__JSON *answer = NULL;
	struct axev__span href, base = axev__span("", 0), url;
	int status;

	*ret_url = NULL;
	if (!axev__json_as_string(axev__json_get(mark, "href"), &href) || href.size > AXEV__MAX_URL_BYTES)
		return AXEV_OK;
	axev__json_as_string(axev__json_get(mark, "base"), &base);
	TRY(axev__buf_str(&expression, "(function(){try{return new URL(decodeURIComponent('", err));
	TRY(append_encoded(&expression, href, err));
	TRY(axev__buf_str(&expression, "'),decodeURIComponent('", err));
	TRY(append_encoded(&expression, base, err));
	TRY(axev__buf_str(&expression, "')).href}catch(e){return ''}})()", err));
	status = axev__page_ask(web->page, (const char *)expression.data, 5000, &answer, err);
	if (status < 0 && !axev__cdp_is_gone(web->page->cdp) && (status == AXEV_E_PEER || status == AXEV_E_NETWORK)) {
		axev_error_clear(err);
		return AXEV_OK;
	}
	TRY(status);
	if (!axev__json_as_string(answer, &url) || url.size == 0 || url.size > AXEV__MAX_URL_BYTES)
		return AXEV_OK;
	*ret_url = strndup((const char *)url.data, url.size);
	return *ret_url ? AXEV_OK : axev__nomem(err);
}

static const char *refuse(const struct axev__web *web, const char *url)
{
	char host[256];

	if (!url)
		return "its address could not be read";
	if (axev__web_check_url(url, NULL) < 0)
		return "it is no address of http or https";
	axev__site_host(axev__span_str(url), host, sizeof(host));
	if (axev__site_is_local(host) && !(web->page->remote_address && axev__site_is_local(web->page->remote_address)))
		return "it is an address of this machine or its own network, and the page is not";
	if (axev__page_has_enough(web->page))
		return "the limit of bytes was reached";
	return NULL;
}

static bool is_known(const struct axev__site_subject *subject, const char *url)
{
	size_t i;

	for (i = 0; i < subject->target_count; i++)
		if (url && subject->targets[i].url && strcmp(subject->targets[i].url, url) == 0)
			return true;
	return false;
}

static int choose_one(struct axev__web *web, size_t mark, axev_error *err)
{
	struct axev__site_subject *subject = web->subject;
	struct axev__site_target *target = &subject->targets[subject->target_count];
	char *url = NULL;

	TRY(resolve(web, axev__json_at(subject->marks.list, mark), &url, err));
	if (is_known(subject, url)) {
		free(url);
		return AXEV_OK;
	}
	if (subject->target_count == AXEV__MAX_SITE_TARGETS) {
		subject->targets_left_out++;
		free(url);
		return AXEV_OK;
	}
	subject->target_count++;
	*target = (struct axev__site_target){ .mark = mark, .url = url, .outcome = "not opened",
						 .marks = AXEV__SITE_MARKS_INIT };
	target->why = refuse(web, url);
	return AXEV_OK;
}

static bool is_licence_link(const axev__json *mark, bool is_register)
{
	struct axev__span kind, href;
	const char *by;

	return axev__json_as_string(axev__json_get(mark, "kind"), &kind) && axev__span_is(kind, "licence") &&
	       axev__json_as_string(axev__json_get(mark, "href"), &href) &&
	       (axev__site_licence_link(href, &by) && strcmp(by, "host") == 0) == is_register;
}

/* Those that lead to a register of the market supervision first. */
static int choose(struct axev__web *web, axev_error *err)
{
	const axev__json *list = web->subject->marks.list;
	unsigned round;
	size_t i;

	for (round = 0; round < 2; round++)
		for (i = 0; i < axev__json_count(list); i++)
			if (is_licence_link(axev__json_at(list, i), round == 0))
				TRY(choose_one(web, i, err));
	return AXEV_OK;
}

/* ---- there ---- */

/* What a page tells of its document: put aside while another is shown. */
struct kept {
	struct axev__page_hop *hops;
	size_t hop_count, visit_count;
	char *final_url, *title, *failure, *mime_type, *charset, *protocol, *remote_address, *document_url;
	uint32_t status, remote_port;
	int64_t navigate_ns, answer_ns, load_ns, asked_ns;
	uint64_t dialogs, popups;
	bool is_download;
	struct axev__page_layout layout;
};

static void swap_texts(struct axev__page *page, struct kept *kept)
{
	char **const of_page[] = { &page->final_url, &page->title,	  &page->failure,	 &page->mime_type,
				   &page->charset,   &page->protocol, &page->remote_address, &page->document_url };
	char **const of_kept[] = { &kept->final_url, &kept->title,	  &kept->failure,	 &kept->mime_type,
				   &kept->charset,   &kept->protocol, &kept->remote_address, &kept->document_url };
	size_t i;

	for (i = 0; i < AXEV__COUNT(of_page); i++) {
		char *text = *of_page[i];

		*of_page[i] = *of_kept[i];
		*of_kept[i] = text;
	}
}

static void put_aside(struct axev__page *page, struct kept *kept)
{
	*kept = (struct kept){ .hops = page->hops, .hop_count = page->hop_count, .visit_count = page->visit_count,
			       .status = page->status, .remote_port = page->remote_port, .navigate_ns = page->navigate_ns,
			       .answer_ns = page->answer_ns, .load_ns = page->load_ns, .asked_ns = page->asked_ns,
			       .dialogs = page->dialogs, .popups = page->popups, .is_download = page->is_download,
			       .layout = page->layout };
	swap_texts(page, kept);
	page->hops = NULL;
	page->hop_count = 0;
	page->status = page->remote_port = 0;
	page->answer_ns = page->load_ns = 0;
	page->is_download = false;
	page->layout = (struct axev__page_layout){ 0 };
}

static void take_back(struct axev__page *page, struct kept *kept)
{
	size_t i;

	for (i = 0; i < page->hop_count; i++) {
		free(page->hops[i].url);
		free(page->hops[i].location);
	}
	free(page->hops);
	while (page->visit_count > kept->visit_count)
		free(page->visits[--page->visit_count].url);
	swap_texts(page, kept);
	free(kept->final_url);
	free(kept->title);
	free(kept->failure);
	free(kept->mime_type);
	free(kept->charset);
	free(kept->protocol);
	free(kept->remote_address);
	free(kept->document_url);
	page->hops = kept->hops;
	page->hop_count = kept->hop_count;
	page->status = kept->status;
	page->remote_port = kept->remote_port;
	page->navigate_ns = kept->navigate_ns;
	page->answer_ns = kept->answer_ns;
	page->load_ns = kept->load_ns;
	page->asked_ns = kept->asked_ns;
	page->dialogs = kept->dialogs;
	page->popups = kept->popups;
	page->is_download = kept->is_download;
	page->layout = kept->layout;
}

struct target_view {
	const char *suffix, *media_type, *how;
};

static int make_view(struct axev__web *web, size_t view, struct axev__spill *bytes, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_PAGE_TEXT_BYTES);
	struct axev__page_picture picture;

	if (web->page->has_crashed)
		return axev__fail(err, AXEV_E_PEER, "the page crashed in the browser");
	if (view == 0)
		return axev__page_screenshot(web->page, bytes, &picture, err);
	if (view == 2)
		return axev__page_dom(web->page, bytes, err);
	TRY(axev__page_text(web->page, &text, err));
	return axev__spill_put(bytes, axev__buf_view(&text), err);
}

static int find_marks(const struct axev__spill *dom, struct axev__site_marks *marks, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_PAGE_SHOT_BYTES);
	struct axev__source source = axev__spill_source(dom);

	TRY(axev__source_load(&source, &text, err));
	return axev__site_marks_find(axev__buf_view(&text), marks, err);
}

static int take_target_views(struct axev__web *web, struct axev__site_target *target, size_t number, axev_error *err)
{
	static const struct target_view views[] = {
		{ "png", "image/png", "picture of a page that a licence mark leads to, made by the browser" },
		{ "txt", "text/plain; charset=utf-8", "text of a page that a licence mark leads to, read out by the browser" },
		{ "json", "application/json", "document tree of a page that a licence mark leads to, written by the browser" },
	};
	char *const names[] = { target->picture, target->text, target->dom };
	size_t i;

	for (i = 0; i < AXEV__COUNT(views); i++) {
		struct axev__spill bytes = axev__web_view(web);
		char path[48], *name = path + strlen("data/");
		int status = make_view(web, i, &bytes, err);

		snprintf(path, sizeof(path), "data/subject/target-%zu.%s", number, views[i].suffix);
		if (status < 0) {
			TRY(axev__web_allow(web, status, name, err));
			continue;
		}
		TRY(axev__web_spilled_object(web, path, axev__span_str(name), "subject", views[i].media_type, views[i].how, &bytes,
					     err));
		snprintf(names[i], sizeof(target->dom), "%s", path);
		if (i != 2)
			continue;
		status = find_marks(&bytes, &target->marks, err);
		target->has_marks = status >= 0;
		TRY(status == AXEV_E_FORMAT ? axev__web_missing(web, name, "not a document tree that can be looked through", err) :
					      axev__web_allow(web, status, name, err));
	}
	return AXEV_OK;
}

static int copy_text(char **ret_copy, const char *text, axev_error *err)
{
	*ret_copy = text ? strdup(text) : NULL;
	return text && !*ret_copy ? axev__nomem(err) : AXEV_OK;
}

static int keep_facts(const struct axev__page *page, size_t visits_before, struct axev__site_target *target,
		      axev_error *err)
{
	const struct axev__page_visit *visit = page->visit_count > visits_before ? &page->visits[page->visit_count - 1] : NULL;

	target->status = page->status;
	target->is_download = page->is_download;
	target->asked_ns = visit ? visit->begun_ns : 0;
	target->outcome = page->document_url && !page->failure ? "opened" : "not received";
	TRY(copy_text(&target->document_url, visit ? visit->url : NULL, err));
	TRY(copy_text(&target->final_url, page->final_url, err));
	TRY(copy_text(&target->title, page->title, err));
	TRY(copy_text(&target->failure, page->failure, err));
	return copy_text(&target->remote_address, page->remote_address, err);
}

static int show_target(struct axev__web *web, struct axev__site_target *target, size_t number, axev_error *err)
{
	uint32_t ms = web->opts->timeout_ms < AXEV__MAX_SITE_TARGET_MS ? web->opts->timeout_ms : AXEV__MAX_SITE_TARGET_MS;
	int64_t deadline_ms = axev__cdp_clock_ms() + ms;
	bool is_still = false;

	TRY(axev__page_go(web->page, target->url, deadline_ms, err));
	if (web->page->failure)
		return AXEV_OK;
	TRY(axev__page_settle(web->page, AXEV__REST_MS, deadline_ms, &is_still, err));
	if (!is_still) {
		TRY(axev__page_stop(web->page, err));
		TRY(axev__web_missing(web, target->url, "opened from a licence mark: not at rest; loading stopped", err));
	}
	TRY(axev__page_describe(web->page, err));
	return web->page->is_download || !web->page->document_url ? AXEV_OK : take_target_views(web, target, number, err);
}

static int open_target(struct axev__web *web, struct axev__site_target *target, size_t number, axev_error *err)
{
	struct kept kept;
	int status, facts;

	TRY(axev__now(web->take->env, &target->began_ns, err));
	put_aside(web->page, &kept);
	status = axev__web_allow(web, show_target(web, target, number, err), target->url, err);
	facts = status < 0 ? AXEV_OK : keep_facts(web->page, kept.visit_count, target, err);
	take_back(web->page, &kept);
	TRY(status);
	TRY(facts);
	TRY(axev__now(web->take->env, &target->ended_ns, err));
	return axev__take_step(web->take, "open what a licence mark leads to", target->outcome, err);
}

int axev__site_subject_visit(struct axev__web *web, axev_error *err)
{
	struct axev__site_subject *subject = web->subject;
	size_t i;

	if (!subject->is_wanted || !subject->is_looked || subject->not_searched || web->page->has_crashed)
		return AXEV_OK;
	TRY(choose(web, err));
	for (i = 0; i < subject->target_count; i++) {
		struct axev__site_target *target = &subject->targets[i];

		if (!target->why && web->page->has_crashed)
			target->why = "an earlier one crashed in the browser";
		if (!target->why)
			TRY(open_target(web, target, i + 1, err));
	}
	return AXEV_OK;
}
