/* SPDX-License-Identifier: Apache-2.0 */
/* What the two manifests say of the document, and the objects of a capture by name. */
#include <stdio.h>

#include "compare/compare.h"

/* ---- facts of the document ---- */

/* A value as text, at a path of slashes; false when it is not there. */
static bool value_at(const axev__json *value, const char *path, char *number, size_t number_size,
		     struct axev__span *ret_text)
{
	char key[64];
	int64_t integer;

	while (value && *path) {
		size_t length = strcspn(path, "/");

		snprintf(key, sizeof(key), "%.*s", (int)length, path);
		value = axev__json_type(value) == AXEV__JSON_ARRAY ? axev__json_at(value, 0) :
								      axev__json_get(value, key);
		path += length + (path[length] == '/');
	}
	if (axev__json_as_string(value, ret_text))
		return true;
	if (!axev__json_as_integer(value, &integer))
		return false;
	snprintf(number, number_size, "%lld", (long long)integer);
	*ret_text = axev__span_str(number);
	return true;
}

static int compare_fact(struct axev__compare *compare, axev__json *list, const char *name,
			const char *path, axev_error *err)
{
	AXEV__JSON *row = axev__json_new_object();
	char number_a[24], number_b[24];
	struct axev__span a = { NULL, 0 }, b = { NULL, 0 };
	bool has_a = value_at(compare->a->manifest, path, number_a, sizeof(number_a), &a);
	bool has_b = value_at(compare->b->manifest, path, number_b, sizeof(number_b), &b);
	bool is_same = has_a == has_b && (!has_a || axev__span_equal(a, b));

	if (!has_a && !has_b)
		return AXEV_OK;
	TRY(axev__json_set_str(row, "name", name, err));
	if (has_a)
		TRY(axev__json_set_string(row, "a", a, err));
	if (has_b)
		TRY(axev__json_set_string(row, "b", b, err));
	TRY(axev__json_set_bool(row, "same", is_same, err));
	compare->is_same = compare->is_same && is_same;
	return axev__json_append(list, axev__steal(row), err);
}

int axev__compare_facts(struct axev__compare *compare, axev_error *err)
{
	static const struct {
		const char *name, *path;
	} facts[] = {
		{ "url", "source/url" },
		{ "final_url", "source/final_url" },
		{ "failure", "source/failure" },
		{ "status", "source/status" },
		{ "title", "source/title" },
		{ "media_type", "source/media_type" },
		{ "remote_address", "source/remote_address" },
		{ "protocol", "source/protocol" },
		{ "tls_version", "source/tls/version" },
		{ "certificate_sha256", "source/tls/certificates/0" },
	};
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < AXEV__COUNT(facts); i++)
		TRY(compare_fact(compare, list, facts[i].name, facts[i].path, err));
	return axev__json_set(compare->result, "facts", axev__steal(list), err);
}

/* ---- objects by name ---- */

static const axev__json *find_object(const axev__json *manifest, struct axev__span name)
{
	const axev__json *objects = axev__json_get(manifest, "objects");
	struct axev__span found;
	size_t i;

	for (i = 0; i < axev__json_count(objects); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(objects, i), "name"), &found) &&
		    axev__span_equal(found, name))
			return axev__json_at(objects, i);
	return NULL;
}

/* What was taken from elsewhere: neither the ledger's checkpoint nor the salted facts, which are never the same twice. */
static bool is_captured(const axev__json *object)
{
	struct axev__span role;

	return axev__json_as_string(axev__json_get(object, "role"), &role) &&
	       !axev__span_is(role, "anchor") && !axev__span_is(role, "facts");
}

static int add_name(axev__json *lists, const char *list, struct axev__span name, axev_error *err)
{
	return axev__json_append(axev__json_get(lists, list), axev__json_new_string(name), err);
}

/* Names of @manifest that @other lacks, and, the first time, those that it has with other bytes. */
static int walk(struct axev__compare *compare, const axev__json *manifest, const axev__json *other,
		axev__json *lists, const char *only, bool is_first, uint64_t *same, axev_error *err)
{
	const axev__json *objects = axev__json_get(manifest, "objects");
	struct axev__span name, a, b;
	size_t i;

	for (i = 0; i < axev__json_count(objects); i++) {
		const axev__json *row = axev__json_at(objects, i), *found;

		if (!is_captured(row) || !axev__json_as_string(axev__json_get(row, "name"), &name))
			continue; /* without a name: see is_listed_whole */
		found = find_object(other, name);
		if (!found) {
			compare->is_same = false;
			TRY(add_name(lists, only, name, err));
			continue;
		}
		TRY(axev__json_string(row, "sha256", &a, err));
		TRY(axev__json_string(found, "sha256", &b, err));
		if (axev__span_equal(a, b)) {
			*same += is_first;
		} else if (is_first) {
			compare->is_same = false;
			TRY(add_name(lists, "changed", name, err));
		}
	}
	return AXEV_OK;
}

/* Parts hold more than a manifest lists, and names may be no text: such captures are not said to be compared. */
static bool is_listed_whole(const axev__json *manifest)
{
	const axev__json *objects = axev__json_get(manifest, "objects");
	size_t i;

	for (i = 0; i < axev__json_count(objects); i++)
		if (!axev__json_get(axev__json_at(objects, i), "name"))
			return false;
	return !axev__json_get(manifest, "parts");
}

int axev__compare_objects(struct axev__compare *compare, axev_error *err)
{
	static const char *const names[] = { "changed", "only_a", "only_b" };
	AXEV__JSON *lists = axev__json_new_object();
	uint64_t same = 0;
	size_t i;

	if (!is_listed_whole(compare->a->manifest) || !is_listed_whole(compare->b->manifest))
		return axev__compare_skip(compare, "objects", "objects in parts, or names that are no text", err);
	for (i = 0; i < AXEV__COUNT(names); i++)
		TRY(axev__json_set(lists, names[i], axev__json_new_array(), err));
	TRY(walk(compare, compare->a->manifest, compare->b->manifest, lists, "only_a", true, &same, err));
	TRY(walk(compare, compare->b->manifest, compare->a->manifest, lists, "only_b", false, &same, err));
	TRY(axev__json_set_u64(lists, "same", same, err));
	return axev__json_set(compare->result, "objects", axev__steal(lists), err);
}
