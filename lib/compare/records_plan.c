/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/records.h"

static axev__json *fields_of(const struct axev__records_side *side)
{
	return axev__json_get(side->header.json, "fields");
}

/* Position of the field with this name, or -1. A name that stands twice is the first one. */
static int64_t find_field(const axev__json *fields, struct axev__span name)
{
	struct axev__span found;
	size_t i;

	for (i = 0; i < axev__json_count(fields); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(fields, i), "name"), &found) &&
		    axev__span_equal(found, name))
			return (int64_t)i;
	return -1;
}

static int add_changed_type(axev__json *list, struct axev__span name, struct axev__span type_a,
			    struct axev__span type_b, axev_error *err)
{
	AXEV__JSON *row = axev__json_new_object();

	TRY(axev__json_set_string(row, "name", name, err));
	TRY(axev__json_set_string(row, "type_a", type_a, err));
	TRY(axev__json_set_string(row, "type_b", type_b, err));
	return axev__json_append(list, axev__steal(row), err);
}

/* Field @i of A: one of both, or of A only. */
static int add_column(const struct axev__records_side sides[2], size_t i, axev__json *result,
		      struct axev__records_plan *plan, axev_error *err)
{
	const axev__json *field = axev__json_at(fields_of(&sides[0]), i);
	struct axev__span name, type_a, type_b;
	int64_t other;

	TRY(axev__json_string(field, "name", &name, err));
	TRY(axev__json_string(field, "type", &type_a, err));
	other = find_field(fields_of(&sides[1]), name);
	if (other < 0 || find_field(fields_of(&sides[0]), name) != (int64_t)i)
		return axev__json_append(axev__json_get(result, "columns_only_a"), axev__json_new_string(name), err);
	TRY(axev__json_string(axev__json_at(fields_of(&sides[1]), (size_t)other), "type", &type_b, err));
	if (!axev__span_equal(type_a, type_b))
		TRY(add_changed_type(axev__json_get(result, "columns_changed"), name, type_a, type_b, err));
	plan->column[0][plan->common] = (uint32_t)i + sides[0].header.is_multiset;
	plan->column[1][plan->common] = (uint32_t)other + sides[1].header.is_multiset;
	plan->common++;
	return axev__json_append(plan->names, axev__json_new_string(name), err);
}

static int add_only_b(const struct axev__records_side sides[2], axev__json *result, axev_error *err)
{
	const axev__json *fields = fields_of(&sides[1]);
	struct axev__span name;
	size_t i;

	for (i = 0; i < axev__json_count(fields); i++) {
		TRY(axev__json_string(axev__json_at(fields, i), "name", &name, err));
		if (find_field(fields_of(&sides[0]), name) < 0 || find_field(fields, name) != (int64_t)i)
			TRY(axev__json_append(axev__json_get(result, "columns_only_b"), axev__json_new_string(name),
					      err));
	}
	return AXEV_OK;
}

/* ---- the key ---- */

static const axev__json *key_of(const struct axev__records_side *side)
{
	return axev__json_get(axev__json_get(side->header.json, "about"), "key");
}

static bool is_same_key(const axev__json *a, const axev__json *b)
{
	struct axev__span one, other;
	size_t i;

	for (i = 0; i < axev__json_count(a); i++)
		if (!axev__json_as_string(axev__json_at(a, i), &one) || !axev__json_as_string(axev__json_at(b, i), &other) ||
		    !axev__span_equal(one, other))
			return false;
	return axev__json_count(a) == axev__json_count(b);
}

static int64_t find_name(const axev__json *names, struct axev__span name)
{
	struct axev__span found;
	size_t i;

	for (i = 0; i < axev__json_count(names); i++)
		if (axev__json_as_string(axev__json_at(names, i), &found) && axev__span_equal(found, name))
			return (int64_t)i;
	return -1;
}

/* The key that one side states, or both the same one; all of it among the columns of both. */
static int choose_key(const struct axev__records_side sides[2], axev__json *result, struct axev__records_plan *plan,
		      axev_error *err)
{
	const axev__json *a = key_of(&sides[0]), *b = key_of(&sides[1]), *key = a ? a : b;
	struct axev__span name;
	int64_t position;
	size_t i;

	if (axev__json_count(key) == 0 || axev__json_count(key) > plan->common || (a && b && !is_same_key(a, b)))
		return AXEV_OK;
	for (i = 0; i < axev__json_count(key); i++) {
		position = axev__json_as_string(axev__json_at(key, i), &name) ? find_name(plan->names, name) : -1;
		if (position < 0)
			return AXEV_OK;
		plan->key[i] = (uint32_t)position;
	}
	plan->key_count = axev__json_count(key);
	return axev__json_set(result, "key", axev__json_copy(key), err);
}

/* The key that the operator named, when it is of columns of both. */
static int take_named_key(const axev_compare_opts *opts, axev__json *result, struct axev__records_plan *plan,
			  axev_error *err)
{
	AXEV__JSON *key = axev__json_new_array();
	int64_t position;
	size_t i;

	if (opts->key_count == 0 || opts->key_count > plan->common)
		return AXEV_OK;
	for (i = 0; i < opts->key_count; i++) {
		position = find_name(plan->names, axev__span_str(opts->keys[i]));
		if (position < 0)
			return AXEV_OK;
		plan->key[i] = (uint32_t)position;
		TRY(axev__json_append_str(key, opts->keys[i], err));
	}
	plan->key_count = opts->key_count;
	plan->is_named = true;
	TRY(axev__json_set(result, "key", axev__steal(key), err));
	return axev__json_set_bool(result, "key_named", true, err);
}

int axev__records_plan_key_repeats(const axev_compare_opts *opts, uint64_t repeated, axev__json *result,
				   struct axev__records_plan *plan, axev_error *err)
{
	AXEV__JSON *stated = axev__json_copy(axev__json_get(result, "key"));

	TRY(axev__json_set_u64(result, "key_repeated", repeated, err));
	plan->key_count = 0;
	TRY(take_named_key(opts, result, plan, err));
	return plan->is_named ? axev__json_set(result, "key_stated", axev__steal(stated), err) : AXEV_OK;
}

/* ---- */

static int make(const struct axev__records_side sides[2], const axev_compare_opts *opts, axev__json *result,
		struct axev__records_plan *plan, axev_error *err)
{
	static const char *const lists[] = { "columns_only_a", "columns_only_b", "columns_changed" };
	size_t count = axev__json_count(fields_of(&sides[0])), i;

	plan->names = axev__json_new_array();
	plan->column[0] = calloc(count, sizeof(uint32_t));
	plan->column[1] = calloc(count, sizeof(uint32_t));
	plan->key = calloc(count, sizeof(uint32_t));
	if (!plan->names || !plan->column[0] || !plan->column[1] || !plan->key)
		return axev__nomem(err);
	for (i = 0; i < AXEV__COUNT(lists); i++)
		TRY(axev__json_set(result, lists[i], axev__json_new_array(), err));
	for (i = 0; i < count; i++)
		TRY(add_column(sides, i, result, plan, err));
	TRY(add_only_b(sides, result, err));
	TRY(choose_key(sides, result, plan, err));
	return plan->key_count > 0 ? AXEV_OK : take_named_key(opts, result, plan, err);
}

int axev__records_plan_make(const struct axev__records_side sides[2], const axev_compare_opts *opts, axev__json *result,
			    struct axev__records_plan *ret_plan, bool *ret_is_same, axev_error *err)
{
	AXEV__RECORDS_PLAN plan = { 0 };

	TRY(make(sides, opts, result, &plan, err));
	*ret_is_same = axev__json_count(axev__json_get(result, "columns_only_a")) == 0 &&
		       axev__json_count(axev__json_get(result, "columns_only_b")) == 0 &&
		       axev__json_count(axev__json_get(result, "columns_changed")) == 0;
	*ret_plan = plan;
	plan = (struct axev__records_plan){ 0 };
	return AXEV_OK;
}

void axev__records_plan_free(struct axev__records_plan *plan)
{
	free(plan->column[0]);
	free(plan->column[1]);
	free(plan->key);
	axev__json_free(plan->names);
	*plan = (struct axev__records_plan){ 0 };
}
