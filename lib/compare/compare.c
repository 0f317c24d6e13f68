/* SPDX-License-Identifier: Apache-2.0 */
/* The public calls, and the order in which two packages are compared. */
#include "compare/compare.h"

#include <stdio.h>

#include "base/text.h"

int axev__compare_skip(struct axev__compare *compare, const char *part, const char *why, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();

	compare->is_same = false;
	TRY(axev__json_set_str(json, "not_compared", why, err));
	return axev__json_set(compare->result, part, axev__steal(json), err);
}

/* ---- who is who ---- */

static int describe(const struct axev__compared *compared, axev__json **ret_json, axev_error *err)
{
	static const char *const times[] = { "started", "finished" };
	const axev__json *capture = axev__json_get(compared->manifest, "capture");
	AXEV__JSON *json = axev__json_new_object();
	struct axev__shown shown;
	struct axev__span text;
	size_t i;

	TRY(axev__json_set_str(json, "file", axev__show_str(&shown, compared->path), err));
	TRY(axev__json_set_hex(json, "id", compared->id, sizeof(compared->id), err));
	TRY(axev__json_string(compared->manifest, "kind", &text, err));
	TRY(axev__json_set_string(json, "kind", text, err));
	for (i = 0; i < AXEV__COUNT(times); i++)
		if (axev__json_as_string(axev__json_get(capture, times[i]), &text))
			TRY(axev__json_set_string(json, times[i], text, err));
	*ret_json = axev__steal(json);
	return AXEV_OK;
}

static int describe_both(struct axev__compare *compare, axev_error *err)
{
	axev__json *json = NULL;

	TRY(axev__json_set_str(compare->result, "format", "ax-comparison/1", err));
	TRY(describe(compare->a, &json, err));
	TRY(axev__json_set(compare->result, "a", json, err));
	TRY(describe(compare->b, &json, err));
	return axev__json_set(compare->result, "b", json, err);
}

/* ---- */

static bool is_kind(const struct axev__compared *compared, const char *kind)
{
	struct axev__span found;

	return axev__json_as_string(axev__json_get(compared->manifest, "kind"), &found) &&
	       axev__span_is(found, kind);
}

static int same_kind(const struct axev__compare *compare, axev_error *err)
{
	struct axev__span a, b;

	TRY(axev__json_string(compare->a->manifest, "kind", &a, err));
	TRY(axev__json_string(compare->b->manifest, "kind", &b, err));
	if (axev__span_equal(a, b))
		return AXEV_OK;
	return axev__fail(err, AXEV_E_INVALID,
			  "expected two captures of one kind, found '%.*s' and '%.*s'", (int)a.size,
			  (const char *)a.data, (int)b.size, (const char *)b.data);
}

static int compare_all(struct axev__compare *compare, axev_error *err)
{
	TRY(same_kind(compare, err));
	if (compare->opts->key_count > 0 && !is_kind(compare->a, "db"))
		return axev__fail(err, AXEV_E_INVAL, "a key is for rows of databases and files of data: these captures have none");
	TRY(describe_both(compare, err));
	if (is_kind(compare->a, "web")) {
		TRY(axev__compare_facts(compare, err));
		TRY(axev__prefix(axev__compare_resources(compare, err), err, "resources"));
		TRY(axev__prefix(axev__compare_text(compare, err), err, "text"));
		TRY(axev__prefix(axev__compare_pictures(compare, err), err, "picture"));
	} else if (is_kind(compare->a, "db")) {
		TRY(axev__prefix(axev__compare_records(compare, err), err, "records"));
	} else {
		TRY(axev__compare_objects(compare, err));
	}
	return axev__json_set_bool(compare->result, "same", compare->is_same, err);
}

int axev_compare_files(const char *path_a, const char *path_b, const axev_compare_opts *opts,
		       axev_comparison **ret_comparison, axev_error *err)
{
	static const axev_compare_opts none = AXEV_COMPARE_OPTS_INIT;
	AXEV__COMPARED a = { .fd = -1 };
	AXEV__COMPARED b = { .fd = -1 };
	AXEV__JSON *result = axev__json_new_object();
	struct axev__compare compare = { &a, &b, opts ? opts : &none, result, true };
	axev_comparison *comparison;

	if (!path_a || !path_b || !ret_comparison || (opts && opts->size < sizeof(*opts)))
		return axev__fail(err, AXEV_E_INVAL, "expected two files");
	TRY(axev__prefix(axev__compared_open(path_a, &a, err), err, "%s", path_a));
	TRY(axev__prefix(axev__compared_open(path_b, &b, err), err, "%s", path_b));
	TRY(compare_all(&compare, err));
	comparison = calloc(1, sizeof(*comparison));
	if (!comparison)
		return axev__nomem(err);
	comparison->json = axev__steal(result);
	*ret_comparison = comparison;
	return AXEV_OK;
}

const axev__json *axev__comparison_json(const axev_comparison *comparison)
{
	return comparison->json;
}

int axev_comparison_is_same(const axev_comparison *comparison)
{
	bool is_same = false;

	if (comparison)
		axev__json_as_bool(axev__json_get(comparison->json, "same"), &is_same);
	return is_same;
}

int axev_comparison_json(const axev_comparison *comparison, char **ret_text, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_COMPARISON_BYTES);
	char *stolen;

	if (!comparison || !ret_text)
		return axev__fail(err, AXEV_E_INVAL, "expected a comparison");
	TRY(axev__json_canonical(comparison->json, &text, err));
	TRY(axev__buf_byte(&text, '\n', err));
	stolen = axev__buf_steal_str(&text);
	if (!stolen)
		return axev__nomem(err);
	*ret_text = stolen;
	return AXEV_OK;
}

void axev_comparison_free(axev_comparison *comparison)
{
	if (!comparison)
		return;
	axev__json_free(comparison->json);
	free(comparison);
}
