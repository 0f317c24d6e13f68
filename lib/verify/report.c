/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/report.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "verify/reasons.h"

int axev__report_new(axev_report **ret_report, axev_error *err)
{
	static const struct axev__check_text root_text = { .id = "root" };
	axev_report *report = calloc(1, sizeof(*report));

	if (!report)
		return axev__nomem(err);
	report->root.text = &root_text;
	*ret_report = report;
	return AXEV_OK;
}

static void add_bound(struct axev__bound *all, const struct axev__bound *one, bool is_earliest)
{
	all->is_known = all->is_known && one->is_known;
	all->is_embedded = all->is_embedded || one->is_embedded;
	if (all->is_known && (one->unix_ns < all->unix_ns) == is_earliest)
		all->unix_ns = one->unix_ns;
}

void axev__report_add_times(axev_report *report, const struct axev__times *times)
{
	if (report->package_count++ == 0) {
		report->times = *times;
		return;
	}
	add_bound(&report->times.not_before, &times->not_before, true);
	add_bound(&report->times.not_after, &times->not_after, false);
	add_bound(&report->times.claimed, &times->claimed, true);
}

static void free_children(struct axev__check *check)
{
	struct axev__check *child, *next;

	for (child = check->first_child; child; child = next) {
		next = child->next;
		free_children(child);
		free(child->looked_at);
		free(child->expected);
		free(child->found);
		free(child->found_zh);
		free(child->command);
		free(child);
	}
}

void axev_report_free(axev_report *report)
{
	if (!report)
		return;
	free_children(&report->root);
	axev__json_free(report->shown);
	axev__json_free(report->derived_from);
	free(report->file);
	free(report);
}

static int escaped(const char *text, char **ret_text, axev_error *err)
{
	AXEV__BUF out = AXEV__BUF_INIT(64 * AXEV__KIB);

	TRY(axev__escape(&out, axev__span_str(text), err));
	TRY(axev__buf_str(&out, "", err));
	*ret_text = axev__buf_steal_str(&out);
	return *ret_text ? AXEV_OK : axev__nomem(err);
}

int axev__check_add(struct axev__check *parent, enum axev__check_id id, const char *looked_at,
		    struct axev__check **ret_check, axev_error *err)
{
	struct axev__check *check = calloc(1, sizeof(*check));

	if (!check)
		return axev__nomem(err);
	check->text = axev__check_text(id);
	check->status = AXEV__CHECK_INDETERMINATE;
	check->parent = parent;
	if (parent->last_child)
		parent->last_child->next = check;
	else
		parent->first_child = check;
	parent->last_child = check;
	*ret_check = check;
	return looked_at ? escaped(looked_at, &check->looked_at, err) : AXEV_OK;
}

static bool is_environment(int status)
{
	return status == AXEV_E_NOMEM || status == AXEV_E_IO || status == AXEV_E_CANCELLED;
}

static int say_zh(struct axev__check *check, const char *text, axev_error *err)
{
	AXEV__BUF zh = AXEV__BUF_INIT(64 * AXEV__KIB);

	TRY(axev__reason_zh(text, &zh, &check->reason, err));
	free(check->found_zh);
	check->found_zh = axev__buf_steal_str(&zh);
	return check->found_zh ? AXEV_OK : axev__nomem(err);
}

int axev__check_close(struct axev__check *check, int status, const axev_error *step,
		      axev_error *err)
{
	char text[1100];

	if (status >= 0) {
		axev__check_remark(check, AXEV__CHECK_PASSED, AXEV__REMARK_OK);
		return AXEV_OK;
	}
	if (is_environment(status)) {
		if (err)
			*err = *step;
		return status;
	}
	check->status = status == AXEV_E_INDETERMINATE ? AXEV__CHECK_INDETERMINATE :
							 AXEV__CHECK_FAILED;
	check->remark = AXEV__REMARK_NONE;
	axev_error_text(step, text, sizeof(text));
	TRY(say_zh(check, text, err));
	return axev__check_say(check, AXEV__CHECK_FOUND, err, "%s", text);
}

void axev__check_remark(struct axev__check *check, enum axev__check_status status,
			enum axev__remark remark)
{
	check->status = status;
	check->remark = remark;
}

int axev__check_say(struct axev__check *check, enum axev__check_field field, axev_error *err,
		    const char *format, ...)
{
	char **slot = field == AXEV__CHECK_EXPECTED ? &check->expected :
		      field == AXEV__CHECK_FOUND    ? &check->found :
		      field == AXEV__CHECK_FOUND_ZH ? &check->found_zh :
						      &check->command;
	char *text = NULL;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		return axev__nomem(err);
	free(*slot);
	*slot = text;
	return AXEV_OK;
}

void axev__check_sum(struct axev__check *check)
{
	const struct axev__check *child;

	axev__check_remark(check, AXEV__CHECK_PASSED, AXEV__REMARK_OK);
	for (child = check->first_child; child; child = child->next) {
		if (child->status == AXEV__CHECK_FAILED)
			axev__check_remark(check, AXEV__CHECK_FAILED, AXEV__REMARK_NONE);
		else if (child->status == AXEV__CHECK_INDETERMINATE &&
			 check->status == AXEV__CHECK_PASSED)
			axev__check_remark(check, AXEV__CHECK_INDETERMINATE, AXEV__REMARK_NONE);
	}
}

const char *axev__check_status_name(enum axev__check_status status)
{
	static const char *const names[] = { "passed", "failed", "indeterminate", "not-applicable" };

	return names[status];
}

const struct axev__check *axev__check_next(const struct axev__check *check, unsigned *depth)
{
	if (check->first_child) {
		(*depth)++;
		return check->first_child;
	}
	while (check && !check->next) {
		check = check->parent;
		(*depth)--;
	}
	return check ? check->next : NULL;
}

/* Is there a check of this kind and status? Parents only add up their children and are passed over. */
static bool has_check(const axev_report *report, enum axev__check_about about,
		      enum axev__check_status status)
{
	const struct axev__check *check = &report->root;
	unsigned depth = 0;

	while ((check = axev__check_next(check, &depth)))
		if (!check->first_child && check->text->about == about && check->status == status)
			return true;
	return false;
}

enum axev__content axev__report_content(const axev_report *report)
{
	if (has_check(report, AXEV__ABOUT_CONTENT, AXEV__CHECK_FAILED))
		return report->is_truncated ? AXEV__CONTENT_INCOMPLETE : AXEV__CONTENT_CHANGED;
	if (has_check(report, AXEV__ABOUT_CONTENT, AXEV__CHECK_INDETERMINATE))
		return AXEV__CONTENT_NEWER;
	return AXEV__CONTENT_UNCHANGED;
}

enum axev__trust axev__report_trust(const axev_report *report)
{
	if (has_check(report, AXEV__ABOUT_TRUST, AXEV__CHECK_FAILED))
		return AXEV__TRUST_REFUSED;
	if (has_check(report, AXEV__ABOUT_CONTENT, AXEV__CHECK_FAILED))
		return AXEV__TRUST_NOT_ASKED; /* who signed does not matter once the bytes are not his */
	if (has_check(report, AXEV__ABOUT_TRUST, AXEV__CHECK_INDETERMINATE) ||
	    !has_check(report, AXEV__ABOUT_TRUST, AXEV__CHECK_PASSED))
		return AXEV__TRUST_NOT_CHOSEN;
	return AXEV__TRUST_CHOSEN;
}

int axev_report_verdict(const axev_report *report)
{
	enum axev__content content = axev__report_content(report);
	enum axev__trust trust = axev__report_trust(report);

	if (content == AXEV__CONTENT_CHANGED || content == AXEV__CONTENT_INCOMPLETE ||
	    trust == AXEV__TRUST_REFUSED)
		return AXEV_VERDICT_INVALID;
	if (content == AXEV__CONTENT_NEWER || trust != AXEV__TRUST_CHOSEN)
		return AXEV_VERDICT_INDETERMINATE;
	return AXEV_VERDICT_VALID;
}
