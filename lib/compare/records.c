/* SPDX-License-Identifier: Apache-2.0 */
/* Which record sets of the two packages belong together. */
#include "compare/records.h"

#include "base/text.h"
#include "crypto/digest.h"
#include "package/all_objects.h"

struct package {
	struct axev__all_objects objects;
	const axev__json *sets; /* lent by the manifest */
};

static void package_close(struct package *package)
{
	axev__all_objects_close(&package->objects);
}

static int package_open(const struct axev__compared *compared, struct package *package, axev_error *err)
{
	package->sets = axev__json_get(compared->manifest, "record_sets");
	return axev__all_objects_open(compared->manifest, compared->container, &package->objects, err);
}

/* ---- one set ---- */

static const axev__json *object_row(const struct package *package, struct axev__span path)
{
	const axev__json *row;
	struct axev__span found;
	size_t i;

	for (i = 0; (row = axev__all_objects_row(&package->objects, i)); i++)
		if (axev__json_as_string(axev__json_get(row, "path"), &found) && axev__span_equal(found, path))
			return row;
	return NULL;
}

/* Its bytes are hashed again: between the verification and now the file was out of our hands. */
static int check_bytes(const struct package *package, struct axev__span path, const struct axev__source *source,
		       axev_error *err)
{
	AXEV__FREE uint8_t *chunk = malloc(AXEV__COPY_CHUNK);
	AXEV__HASHER *hasher = NULL;
	const axev__json *row = object_row(package, path);
	struct axev__digests digests;
	uint8_t stated[32];
	uint64_t at;
	size_t size;

	if (!chunk)
		return axev__nomem(err);
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	for (at = 0; at < source->size; at += size) {
		size = source->size - at < AXEV__COPY_CHUNK ? (size_t)(source->size - at) : AXEV__COPY_CHUNK;
		TRY(axev__source_read(source, at, chunk, size, err));
		TRY(axev__hasher_update(hasher, chunk, size, err));
	}
	TRY(axev__hasher_final(hasher, &digests, err));
	TRY(axev__json_hex(row, "sha256", stated, sizeof(stated), err));
	if (memcmp(stated, digests.sha256, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "records: changed while they were compared");
	return AXEV_OK;
}

static int open_side(const struct package *package, const axev__json *set, struct axev__records_side *side,
		     axev_error *err)
{
	AXEV__BUF header = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	struct axev__span path;

	TRY(axev__json_string(set, "header", &path, err));
	TRY(axev__all_objects_read(&package->objects, path, &header, err));
	TRY(axev__record_header_read(axev__buf_view(&header), &side->header, err));
	TRY(axev__json_string(set, "path", &path, err));
	TRY(axev__all_objects_find(&package->objects, path, &side->records, err));
	return check_bytes(package, path, &side->records, err);
}

static void sides_free(struct axev__records_side (*sides)[2])
{
	axev__record_header_free(&(*sides)[0].header);
	axev__record_header_free(&(*sides)[1].header);
}

/* What was not read is neither removed nor added: a set that ends early is never called the same. */
static int tell_early_end(const axev__json *a, const axev__json *b, axev__json *result, bool *ret_is_same, axev_error *err)
{
	bool is_early[2] = { false, false };

	axev__json_as_bool(axev__json_get(a, "ended_early"), &is_early[0]);
	axev__json_as_bool(axev__json_get(b, "ended_early"), &is_early[1]);
	if (is_early[0])
		TRY(axev__json_set_bool(result, "ended_early_a", true, err));
	if (is_early[1])
		TRY(axev__json_set_bool(result, "ended_early_b", true, err));
	*ret_is_same = *ret_is_same && !is_early[0] && !is_early[1];
	return AXEV_OK;
}

static int add_pair(struct axev__compare *compare, const struct package packages[2], const axev__json *a,
		    const axev__json *b, axev__json *list, bool *ret_is_named, axev_error *err)
{
	AXEV__CLEANUP(sides_free) struct axev__records_side sides[2] = { 0 };
	AXEV__RECORDS_PLAN plan = { 0 };
	AXEV__JSON *result = axev__json_new_object();
	bool is_same_shape, is_same_rows = false;

	TRY(axev__json_set(result, "name_a", axev__json_copy(axev__json_get(a, "name")), err));
	TRY(axev__json_set(result, "name_b", axev__json_copy(axev__json_get(b, "name")), err));
	TRY(open_side(&packages[0], a, &sides[0], err));
	TRY(open_side(&packages[1], b, &sides[1], err));
	TRY(axev__records_plan_make(sides, compare->opts, result, &plan, &is_same_shape, err));
	TRY(axev__records_rows(sides, compare->opts, &plan, result, &is_same_rows, err));
	TRY(tell_early_end(a, b, result, &is_same_rows, err));
	compare->is_same = compare->is_same && is_same_shape && is_same_rows;
	*ret_is_named = *ret_is_named || plan.is_named;
	return axev__json_append(list, axev__steal(result), err);
}

/* ---- all sets ---- */

static bool is_named(const axev__json *set, struct axev__span name)
{
	struct axev__span found;

	return axev__json_as_string(axev__json_get(set, "name"), &found) && axev__span_equal(found, name);
}

/* Who handed a file over is no data: it differs between any two hand-overs. */
static bool is_data(const axev__json *set)
{
	return !is_named(set, axev__span_str("handover"));
}

static const axev__json *only_set(const struct package *package)
{
	const axev__json *found = NULL;
	size_t i;

	for (i = 0; i < axev__json_count(package->sets); i++)
		if (is_data(axev__json_at(package->sets, i))) {
			if (found)
				return NULL;
			found = axev__json_at(package->sets, i);
		}
	return found;
}

static const axev__json *partner(const struct package *package, const axev__json *set)
{
	struct axev__span name;
	size_t i;

	for (i = 0; axev__json_as_string(axev__json_get(set, "name"), &name) && i < axev__json_count(package->sets); i++)
		if (is_named(axev__json_at(package->sets, i), name))
			return axev__json_at(package->sets, i);
	return NULL;
}

static int add_only(struct axev__compare *compare, const struct package *package, const struct package *other,
		    const char *member, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < axev__json_count(package->sets); i++) {
		const axev__json *set = axev__json_at(package->sets, i);

		if (!is_data(set) || partner(other, set))
			continue;
		compare->is_same = false;
		TRY(axev__json_append(list, axev__json_copy(axev__json_get(set, "name")), err));
	}
	return axev__json_set(axev__json_get(compare->result, "records"), member, axev__steal(list), err);
}

static int add_named(struct axev__compare *compare, const struct package packages[2], axev__json *list,
		     bool *ret_is_named, axev_error *err)
{
	size_t i;

	for (i = 0; i < axev__json_count(packages[0].sets); i++) {
		const axev__json *set = axev__json_at(packages[0].sets, i), *other = partner(&packages[1], set);

		if (is_data(set) && other)
			TRY(add_pair(compare, packages, set, other, list, ret_is_named, err));
	}
	TRY(add_only(compare, &packages[0], &packages[1], "only_a", err));
	return add_only(compare, &packages[1], &packages[0], "only_b", err);
}

/* *ret_is_named: the key that the operator named was one somewhere. */
static int compare_sets(struct axev__compare *compare, const struct package packages[2], bool *ret_is_named,
			axev_error *err)
{
	axev__json *list = axev__json_new_array();
	const axev__json *a = only_set(&packages[0]), *b = only_set(&packages[1]);

	TRY(axev__json_set(compare->result, "records", axev__json_new_object(), err));
	TRY(axev__json_set(axev__json_get(compare->result, "records"), "sets", list, err));
	/* One set on each side belong together whatever they are called: files of two deliveries have two names. */
	if (!a || !b)
		return add_named(compare, packages, list, ret_is_named, err);
	TRY(axev__json_set(axev__json_get(compare->result, "records"), "only_a", axev__json_new_array(), err));
	TRY(axev__json_set(axev__json_get(compare->result, "records"), "only_b", axev__json_new_array(), err));
	return add_pair(compare, packages, a, b, list, ret_is_named, err);
}

static void packages_close(struct package (*packages)[2])
{
	package_close(&(*packages)[0]);
	package_close(&(*packages)[1]);
}

int axev__compare_records(struct axev__compare *compare, axev_error *err)
{
	AXEV__CLEANUP(packages_close) struct package packages[2] = { 0 };
	const axev_compare_opts *opts = compare->opts;
	struct axev__shown shown;
	bool is_named = false;

	TRY(package_open(compare->a, &packages[0], err));
	TRY(package_open(compare->b, &packages[1], err));
	TRY(compare_sets(compare, packages, &is_named, err));
	if (opts->key_count > 0 && !is_named)
		return axev__fail(err, AXEV_E_INVAL,
				  "expected a record set without a key of its own, or with one that repeats, that has the column%s '%s'%s on "
				  "both sides, found none",
				  opts->key_count > 1 ? "s" : "", axev__show_str(&shown, opts->keys[0]),
				  opts->key_count > 1 ? " and those named with it" : "");
	return AXEV_OK;
}
