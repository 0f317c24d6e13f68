/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cleanliness checks that a capture recorded: raw outputs against the digests stated, and how they came out. That
 * the machine told the truth about itself no verifier can know: the counts are a report, not a verdict.
 */
#include "verify/verify.h"

#include "base/text.h"

static const axev__json *find_object(const axev__json *objects, struct axev__span path)
{
	struct axev__span found;
	size_t i;

	for (i = 0; i < axev__json_count(objects); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(objects, i), "path"), &found) &&
		    axev__span_equal(found, path))
			return axev__json_at(objects, i);
	return NULL;
}

/* The bytes of every object have been held against the SHA-256 of its row; here the check's own must be that one. */
static int check_one(const axev__json *objects, const axev__json *check, axev_error *err)
{
	struct axev__span path, stated, listed, verdict, item;
	struct axev__shown shown;
	const axev__json *object;

	if (!axev__json_as_string(axev__json_get(check, "path"), &path)) {
		if (!axev__json_as_string(axev__json_get(check, "verdict"), &verdict) ||
		    !axev__span_is(verdict, "passed") ||
		    !axev__json_as_string(axev__json_get(check, "item"), &item))
			return AXEV_OK;
		return axev__fail(err, AXEV_E_INVALID, "check '%s' is called passed, and nothing shows it",
				  axev__show(&shown, item));
	}
	object = find_object(objects, path);
	if (!object)
		return axev__fail(err, AXEV_E_INVALID, "raw output '%s' is named and is not listed",
				  axev__show(&shown, path));
	if (!axev__json_as_string(axev__json_get(check, "sha256"), &stated) ||
	    !axev__json_as_string(axev__json_get(object, "sha256"), &listed) ||
	    !axev__span_equal(stated, listed))
		return axev__fail(err, AXEV_E_INVALID,
				  "raw output '%s': its SHA-256 is not the one that the check states",
				  axev__show(&shown, path));
	return AXEV_OK;
}

static bool has_raw(const axev__json *checks)
{
	size_t i;

	for (i = 0; i < axev__json_count(checks); i++)
		if (axev__json_get(axev__json_at(checks, i), "path"))
			return true;
	return false;
}

static bool is_named(const axev__json *checks, struct axev__span path)
{
	struct axev__span named;
	size_t i;

	for (i = 0; i < axev__json_count(checks); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(checks, i), "path"), &named) &&
		    axev__span_equal(named, path))
			return true;
	return false;
}

static int check_raw(const axev__json *objects, const axev__json *checks, axev_error *err)
{
	struct axev__span role, path;
	struct axev__shown shown;
	size_t i;

	for (i = 0; i < axev__json_count(checks); i++)
		TRY(check_one(objects, axev__json_at(checks, i), err));
	for (i = 0; i < axev__json_count(objects); i++) {
		const axev__json *object = axev__json_at(objects, i);

		if (axev__json_as_string(axev__json_get(object, "role"), &role) &&
		    axev__span_is(role, "environment") &&
		    axev__json_as_string(axev__json_get(object, "path"), &path) && !is_named(checks, path))
			return axev__fail(err, AXEV_E_INVALID, "raw output '%s' belongs to no check",
					  axev__show(&shown, path));
	}
	return AXEV_OK;
}

enum { PASSED, NOTED, FAILED, NOT_REACHABLE, NOT_CHECKED, OTHER, VERDICTS };

static void count_verdicts(const axev__json *checks, unsigned counts[VERDICTS])
{
	static const char *const names[] = { "passed", "noted", "failed", "not_reachable", "not_checked" };
	struct axev__span verdict;
	size_t i, known;

	for (i = 0; i < axev__json_count(checks); i++) {
		known = OTHER;
		if (axev__json_as_string(axev__json_get(axev__json_at(checks, i), "verdict"), &verdict))
			for (known = 0; known < AXEV__COUNT(names); known++)
				if (axev__span_is(verdict, names[known]))
					break;
		counts[known]++;
	}
}

static int tell_counts(struct axev__check *check, const axev__json *checks, axev_error *err)
{
	unsigned counts[VERDICTS] = { 0 };

	count_verdicts(checks, counts);
	check->status = AXEV__CHECK_NOT_APPLICABLE;
	if (counts[NOT_CHECKED] == axev__json_count(checks)) {
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_CLEAN_NOT_CHECKED);
		return AXEV_OK;
	}
	return axev__check_say(check, AXEV__CHECK_FOUND, err,
			       "由提取所用计算机记录，未核实 as recorded by the capturing machine, not verified: 通过 passed %u; "
			       "记录 noted %u; 失败 failed %u; 未能进行 not reachable %u; 未检查 not checked %u; 其他 other %u",
			       counts[PASSED], counts[NOTED], counts[FAILED], counts[NOT_REACHABLE],
			       counts[NOT_CHECKED], counts[OTHER]);
}

int axev__check_clean(struct axev__check *parent, const struct axev__subject *subject, axev_error *err)
{
	const axev__json *objects = axev__json_get(subject->manifest, "objects");
	const axev__json *environment = axev__json_get(subject->manifest, "environment");
	const axev__json *checks = axev__json_get(environment, "checks");
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	struct axev__span kind;
	int status;

	if (!axev__json_as_string(axev__json_get(subject->manifest, "kind"), &kind) ||
	    (axev__json_count(checks) == 0 && !axev__span_is(kind, "web")))
		return AXEV_OK;
	status = check_raw(objects, checks, &problem);
	if (status < 0 || has_raw(checks)) {
		TRY(axev__check_add(parent, AXEV__C_CLEAN_RAW, NULL, &check, err));
		TRY(axev__check_close(check, status, &problem, err));
	}
	TRY(axev__check_add(parent, AXEV__C_CLEAN, NULL, &check, err));
	if (axev__json_count(checks) > 0)
		return tell_counts(check, checks, err);
	axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_NO_CLEAN);
	return AXEV_OK;
}
