/* SPDX-License-Identifier: Apache-2.0 */
#include "content/site_found.h"

#include "base/limits.h"

static const char *const members[] = { "marks", "marks_not_listed", "all_searched" };

int axev__site_found_set(axev__json *json, const struct axev__site_marks *marks, axev_error *err)
{
	TRY(axev__json_set(json, "marks", axev__json_copy(marks->list), err));
	TRY(axev__json_set_u64(json, "marks_not_listed", marks->left_out, err));
	return axev__json_set_bool(json, "all_searched", !marks->is_cut, err);
}

size_t axev__site_found_count(const axev__json *list, enum axev__site_kind kind)
{
	const char *name = axev__site_kind_name(kind);
	struct axev__span found;
	size_t count = 0, i;

	for (i = 0; i < axev__json_count(list); i++)
		count += axev__json_as_string(axev__json_get(axev__json_at(list, i), "kind"), &found) &&
			 axev__span_is(found, name);
	return count;
}

static int is_same(const axev__json *stated, const axev__json *made, bool *ret_is_same, axev_error *err)
{
	AXEV__BUF left = AXEV__BUF_INIT(AXEV__MAX_SITE_FOUND_BYTES), right = AXEV__BUF_INIT(AXEV__MAX_SITE_FOUND_BYTES);

	*ret_is_same = false;
	if (!stated)
		return AXEV_OK;
	TRY(axev__json_canonical(stated, &left, err));
	TRY(axev__json_canonical(made, &right, err));
	*ret_is_same = axev__span_equal(axev__buf_view(&left), axev__buf_view(&right));
	return AXEV_OK;
}

/* The first mark that differs is the one to look at. */
static int compare_marks(const axev__json *stated, const axev__json *made, axev_error *err)
{
	size_t count = axev__json_count(made), listed = axev__json_count(stated), i;
	bool same = false;

	for (i = 0; i < count && i < listed; i++) {
		TRY(is_same(axev__json_at(stated, i), axev__json_at(made, i), &same, err));
		if (!same)
			return axev__fail(err, AXEV_E_INVALID, "mark %zu is not what the document tree gives", i);
	}
	if (count != listed)
		return axev__fail(err, AXEV_E_INVALID, "the document tree gives %zu marks, listed are %zu", count, listed);
	return AXEV_OK;
}

static int compare(const axev__json *stated, const axev__json *made, axev_error *err)
{
	axev__json *list;
	bool same;
	size_t i;

	TRY(axev__json_array(stated, "marks", &list, err));
	TRY(compare_marks(list, axev__json_get(made, "marks"), err));
	for (i = 1; i < AXEV__COUNT(members); i++) {
		TRY(is_same(axev__json_get(stated, members[i]), axev__json_get(made, members[i]), &same, err));
		if (!same)
			return axev__fail(err, AXEV_E_INVALID, "member '%s' is not what the document tree gives",
					  members[i]);
	}
	return AXEV_OK;
}

static int expect_nothing(const axev__json *stated, axev_error *err)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(members); i++)
		if (axev__json_get(stated, members[i]))
			return axev__fail(err, AXEV_E_INVALID,
					  "marks are stated of a document tree that cannot be looked through");
	return AXEV_OK;
}

int axev__site_found_check(const axev__json *stated, struct axev__span dom, size_t *ret_marks, axev_error *err)
{
	AXEV__SITE_MARKS marks = AXEV__SITE_MARKS_INIT;
	AXEV__JSON *made = axev__json_new_object();
	axev_error problem = AXEV_ERROR_INIT;
	int status = axev__site_marks_find(dom, &marks, &problem);

	*ret_marks = 0;
	if (status == AXEV_E_FORMAT || status == AXEV_E_LIMIT)
		return expect_nothing(stated, err);
	if (status < 0)
		return axev__fail(err, status, "%s", problem.message);
	TRY(axev__site_found_set(made, &marks, err));
	*ret_marks = axev__json_count(marks.list);
	return compare(stated, made, err);
}
