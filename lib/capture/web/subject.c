/* SPDX-License-Identifier: Apache-2.0 */
/* data/subject.json: what was found, what was opened, what was compared. */
#include "capture/web/subject.h"

#include <stdio.h>

#include "base/text.h"
#include "capture/web/web.h"
#include "content/site_found.h"
#include "crypto/digest.h"

#define FILING "data/subject/filing.json"

void axev__site_subject_free(struct axev__site_subject *subject)
{
	size_t i;

	axev__site_marks_free(&subject->marks);
	free(subject->not_searched);
	for (i = 0; i < subject->target_count; i++) {
		struct axev__site_target *target = &subject->targets[i];

		free(target->url);
		free(target->document_url);
		free(target->final_url);
		free(target->title);
		free(target->failure);
		free(target->remote_address);
		axev__site_marks_free(&target->marks);
	}
	memset(subject, 0, sizeof(*subject));
}

/* ---- looking ---- */

static int note_not_searched(struct axev__web *web, const char *why, axev_error *err)
{
	web->subject->not_searched = strdup(why);
	if (!web->subject->not_searched)
		return axev__nomem(err);
	return axev__web_missing(web, "what the page shows about who runs it", why, err);
}

int axev__site_subject_look(struct axev__web *web, struct axev__span dom, axev_error *err)
{
	struct axev__site_subject *subject = web->subject;
	char why[1024];
	int status;

	if (!subject->is_wanted)
		return AXEV_OK;
	subject->is_looked = true;
	status = axev__site_marks_find(dom, &subject->marks, err);
	if (status != AXEV_E_FORMAT && status != AXEV_E_LIMIT) {
		if (status >= 0 && subject->marks.is_cut)
			return axev__web_missing(web, "what the page shows about who runs it",
						 "the page has more than is looked through", err);
		return status;
	}
	axev_error_text(err, why, sizeof(why));
	axev_error_clear(err);
	return note_not_searched(web, why, err);
}

/* ---- the object ---- */

/* Texts that a page chooses: clipped, and escaped where they are not UTF-8. */
static int set_text(axev__json *json, const char *key, const char *text, axev_error *err)
{
	AXEV__BUF clipped = AXEV__BUF_INIT(2 * AXEV__MAX_WEB_FACT_BYTES);
	AXEV__BUF shown = AXEV__BUF_INIT(16 * AXEV__MAX_WEB_FACT_BYTES);

	if (!text)
		return AXEV_OK;
	TRY(axev__web_clip(&clipped, text, AXEV__MAX_WEB_FACT_BYTES, err));
	if (axev__is_utf8(axev__buf_view(&clipped)))
		return axev__json_set_string(json, key, axev__buf_view(&clipped), err);
	TRY(axev__escape(&shown, axev__buf_view(&clipped), err));
	return axev__json_set_string(json, key, axev__buf_view(&shown), err);
}

static int set_target_objects(const struct axev__site_target *target, axev__json *json, axev_error *err)
{
	if (target->picture[0])
		TRY(axev__json_set_str(json, "screenshot", target->picture, err));
	if (target->text[0])
		TRY(axev__json_set_str(json, "text", target->text, err));
	if (target->dom[0])
		TRY(axev__json_set_str(json, "dom", target->dom, err));
	return target->has_marks ? axev__site_found_set(json, &target->marks, err) : AXEV_OK;
}

static int append_target(const struct axev__site_target *target, axev__json *list, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();

	TRY(axev__json_set_u64(json, "mark", target->mark, err));
	TRY(set_text(json, "url", target->url, err));
	TRY(axev__json_set_str(json, "outcome", target->outcome, err));
	TRY(set_text(json, "why", target->why ? target->why : target->failure, err));
	TRY(set_text(json, "final_url", target->final_url, err));
	TRY(set_text(json, "title", target->title, err));
	TRY(set_text(json, "remote_address", target->remote_address, err));
	if (target->status)
		TRY(axev__json_set_u64(json, "status", target->status, err));
	if (target->is_download)
		TRY(axev__json_set_bool(json, "download", true, err));
	if (target->began_ns)
		TRY(axev__json_set_time(json, "started", target->began_ns, err));
	if (target->ended_ns)
		TRY(axev__json_set_time(json, "finished", target->ended_ns, err));
	TRY(set_target_objects(target, json, err));
	return axev__json_append(list, axev__steal(json), err);
}

static int set_targets(const struct axev__site_subject *subject, axev__json *json, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < subject->target_count; i++)
		TRY(append_target(&subject->targets[i], list, err));
	TRY(axev__json_set(json, "targets", axev__steal(list), err));
	return axev__json_set_u64(json, "targets_not_opened", subject->targets_left_out, err);
}

static int add_filing(struct axev__web *web, axev__json *json, axev_error *err)
{
	const struct axev__filing *filing = web->subject->filing;
	AXEV__JSON *about = axev__json_new_object();
	axev__json *list = NULL;
	uint8_t sha256[32];

	TRY(axev__sha256(filing->bytes.data, filing->bytes.size, sha256, err));
	TRY(axev__json_set_str(about, "path", FILING, err));
	TRY(axev__json_set_hex(about, "sha256", sha256, sizeof(sha256), err));
	TRY(axev__json_set(json, "filing", axev__steal(about), err));
	TRY(axev__site_subject_compare(web, &list, err));
	TRY(axev__json_set(json, "comparison", list, err));
	return axev__web_object(web, "subject/filing.json", "subject", "application/json", NULL,
				axev__buf_view(&filing->bytes), err);
}

int axev__site_subject_json(const struct axev__web *web, axev__json **ret_json, axev_error *err)
{
	const struct axev__site_subject *subject = web->subject;
	AXEV__JSON *json = axev__json_new_object();

	TRY(axev__json_set_str(json, "format", "ax-subject-found/1", err));
	if (subject->not_searched) {
		TRY(axev__json_set_str(json, "not_searched", subject->not_searched, err));
	} else {
		TRY(axev__json_set_str(json, "dom", "data/dom.json", err));
		TRY(axev__site_found_set(json, &subject->marks, err));
	}
	TRY(set_targets(subject, json, err));
	*ret_json = axev__steal(json);
	return AXEV_OK;
}

/* ---- the manifest ---- */

static int set_summary(struct axev__web *web, axev_error *err)
{
	const struct axev__site_subject *subject = web->subject;
	AXEV__JSON *flat = axev__json_new_object();
	size_t opened = 0, i;

	for (i = 0; i < subject->target_count; i++)
		opened += strcmp(subject->targets[i].outcome, "opened") == 0;
	TRY(axev__json_set_bool(flat, "searched", !subject->not_searched, err));
	if (!subject->not_searched) {
		TRY(axev__json_set_u64(flat, "licence_marks",
				       axev__site_found_count(subject->marks.list, AXEV__SITE_LICENCE), err));
		TRY(axev__json_set_u64(flat, "icp_numbers",
				       axev__site_found_count(subject->marks.list, AXEV__SITE_ICP), err));
		TRY(axev__json_set_u64(flat, "targets_opened", opened, err));
	}
	if (subject->filing && subject->filing->json && !subject->not_searched) {
		TRY(axev__json_set_u64(flat, "equal", subject->equal, err));
		TRY(axev__json_set_u64(flat, "different", subject->different, err));
		TRY(axev__json_set_u64(flat, "not_found", subject->not_found, err));
		TRY(axev__json_set_u64(flat, "not_in_filing", subject->not_in_filing, err));
	}
	return axev__take_set(web->take, "subject", axev__steal(flat), err);
}

static int tell_comparison(struct axev__web *web, axev_error *err)
{
	const struct axev__site_subject *subject = web->subject;
	char why[128];

	snprintf(why, sizeof(why), "equal %u, different %u, not found on the page %u, not in the filing %u", subject->equal,
		 subject->different, subject->not_found, subject->not_in_filing);
	return axev__take_step(web->take, "compare the page with the filing record", why, err);
}

int axev__site_subject_conclude(struct axev__web *web, axev_error *err)
{
	struct axev__site_subject *subject = web->subject;
	AXEV__JSON *json = NULL;
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_SITE_FOUND_BYTES);

	if (!subject->is_wanted)
		return AXEV_OK;
	if (!subject->is_looked && !subject->not_searched)
		TRY(note_not_searched(web, "there is no document tree of the page to look through", err));
	TRY(axev__site_subject_json(web, &json, err));
	if (subject->filing && subject->filing->json && !subject->not_searched) {
		TRY(add_filing(web, json, err));
		TRY(tell_comparison(web, err));
	}
	TRY(axev__json_canonical(json, &bytes, err));
	TRY(axev__web_object(web, "subject.json", "subject", "application/json", NULL, axev__buf_view(&bytes), err));
	return set_summary(web, err);
}
