/* SPDX-License-Identifier: Apache-2.0 */
/* "ax-report/1": FORMAT.md section 7, doc/schema/report.schema.json. */
#include "verify/report.h"

#include <inttypes.h>
#include <stdio.h>

#include "axev_config.h"
#include "base/time.h"

#define MAX_REPORT_BYTES (64 * AXEV__MIB)

static const char *const verdict_names[] = { "valid", "invalid", "indeterminate" };
static const char *const content_names[] = { "unchanged", "changed", "incomplete", "newer-format" };
static const char *const trust_names[] = { "trusted", "not-chosen", "refused", "not-asked" };

static int set_optional(axev__json *json, const char *key, const char *value, axev_error *err)
{
	return axev__json_set_str(json, key, value ? value : "", err);
}

static const char *found_text(const struct axev__check *check)
{
	return check->found ? check->found : axev__remark_text(check->remark, false);
}

static int check_json(const struct axev__check *check, axev__json **ret_json, axev_error *err);

static int children_json(const struct axev__check *parent, axev__json **ret_list, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	const struct axev__check *child;

	for (child = parent->first_child; child; child = child->next) {
		axev__json *one = NULL;

		TRY(check_json(child, &one, err));
		TRY(axev__json_append(list, one, err));
	}
	*ret_list = axev__steal(list);
	return AXEV_OK;
}

static int check_json(const struct axev__check *check, axev__json **ret_json, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();
	const struct axev__check_text *text = check->text;
	axev__json *children = NULL;

	TRY(axev__json_set_str(json, "id", text->id, err));
	TRY(axev__json_set_str(json, "title_zh", text->title_zh, err));
	TRY(axev__json_set_str(json, "title_en", text->title_en, err));
	TRY(axev__json_set_str(json, "status", axev__check_status_name(check->status), err));
	TRY(set_optional(json, "looked_at", check->looked_at, err));
	TRY(set_optional(json, "expected", check->expected ? check->expected : text->expected_en, err));
	TRY(set_optional(json, "found", found_text(check), err));
	TRY(set_optional(json, "found_zh",
			 check->found_zh ? check->found_zh : axev__remark_text(check->remark, true), err));
	TRY(set_optional(json, "reason", check->reason, err));
	TRY(set_optional(json, "command", check->command ? check->command : text->command, err));
	TRY(children_json(check, &children, err));
	TRY(axev__json_set(json, "children", children, err));
	*ret_json = axev__steal(json);
	return AXEV_OK;
}

static int set_subject(axev__json *json, const axev_report *report, axev_error *err)
{
	AXEV__JSON *subject = axev__json_new_object();
	char number[24];

	snprintf(number, sizeof(number), "%" PRIu64, report->bytes);
	TRY(set_optional(subject, "file", report->file, err));
	TRY(axev__json_set_str(subject, "kind", report->kind, err));
	TRY(axev__json_set_str(subject, "id", report->id_hex, err));
	TRY(axev__json_set_str(subject, "sha256", report->sha256_hex, err));
	TRY(axev__json_set_str(subject, "bytes", number, err));
	return axev__json_set(json, "subject", axev__steal(subject), err);
}

static int set_bound(axev__json *times, const char *key, const struct axev__bound *bound,
		     axev_error *err)
{
	if (!bound->is_known)
		return axev__json_set_str(times, key, "", err);
	return axev__json_set_time(times, key, bound->unix_ns, err);
}

static int set_times(axev__json *json, const axev_report *report, axev_error *err)
{
	AXEV__JSON *times = axev__json_new_object();

	TRY(set_bound(times, "not_before", &report->times.not_before, err));
	TRY(set_bound(times, "not_after", &report->times.not_after, err));
	TRY(set_bound(times, "claimed", &report->times.claimed, err));
	TRY(axev__json_set_time(times, "verified_at", report->verified_at_ns, err));
	TRY(axev__json_set_time(times, "judged_at", report->judged_at_ns, err));
	TRY(axev__json_set_bool(times, "is_not_before_embedded", report->times.not_before.is_embedded,
				err));
	TRY(axev__json_set_bool(times, "is_embedded_only", report->is_embedded_time, err));
	TRY(axev__json_set_bool(times, "is_pending", report->is_time_pending, err));
	return axev__json_set(json, "times", axev__steal(times), err);
}

static int set_tool(axev__json *json, axev_error *err)
{
	AXEV__JSON *tool = axev__json_new_object();

	TRY(axev__json_set_str(tool, "name", "ax_evidence", err));
	TRY(axev__json_set_str(tool, "version", AXEV_VERSION, err));
	return axev__json_set(json, "tool", axev__steal(tool), err);
}

/* What no verification of bytes can tell, so that nobody reads it into the verdict. */
static int set_not_checked(axev__json *json, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	unsigned i;

	for (i = 0; axev__not_checked(i, false); i++)
		TRY(axev__json_append_str(list, axev__not_checked(i, false), err));
	return axev__json_set(json, "not_checked", axev__steal(list), err);
}

static int report_json(const axev_report *report, axev__json **ret_json, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();
	axev__json *checks = NULL;

	TRY(axev__json_set_str(json, "format", "ax-report/1", err));
	TRY(axev__json_set_str(json, "verdict", verdict_names[axev_report_verdict(report)], err));
	TRY(axev__json_set_str(json, "content", content_names[axev__report_content(report)], err));
	TRY(axev__json_set_str(json, "trust", trust_names[axev__report_trust(report)], err));
	TRY(set_subject(json, report, err));
	TRY(set_times(json, report, err));
	TRY(set_tool(json, err));
	TRY(children_json(&report->root, &checks, err));
	TRY(axev__json_set(json, "checks", checks, err));
	TRY(set_not_checked(json, err));
	if (report->derived_from)
		TRY(axev__json_set(json, "derived_from", axev__json_copy(report->derived_from), err));
	if (report->shown)
		TRY(axev__json_set(json, "shown", axev__json_copy(report->shown), err));
	if (report->shown_more > 0)
		TRY(axev__json_set_u64(json, "shown_more", report->shown_more, err));
	*ret_json = axev__steal(json);
	return AXEV_OK;
}

int axev_report_json(const axev_report *report, char **ret_text, axev_error *err)
{
	AXEV__JSON *json = NULL;
	AXEV__BUF out = AXEV__BUF_INIT(MAX_REPORT_BYTES);
	char *text;

	if (!report || !ret_text)
		return axev__fail(err, AXEV_E_INVAL, "expected a report");
	TRY(report_json(report, &json, err));
	TRY(axev__json_pretty(json, &out, err));
	text = axev__buf_steal_str(&out);
	if (!text)
		return axev__nomem(err);
	*ret_text = text;
	return AXEV_OK;
}
