/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bundle that holds a disclosure and another one that it says it was made from: what it says of that one is compared, and that it shows
 * nothing that the other withholds. FORMAT.md section 3.5.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "package/disclosed_from.h"
#include "package/disclosure.h"
#include "package/shown_set.h"
#include "verify/verify.h"

struct listed {
	const struct axev__subject *package; /* the disclosure whose word is looked at */
	const axev__json *rows;              /* its source.derived_from */
	struct axev__container *container;   /* of the one that it was made from */
	struct axev__disclosure_of of;
};

static void listed_end(struct listed *listed)
{
	axev__disclosure_of_free(&listed->of);
	axev__container_close(listed->container);
}

/* ---- what is said ---- */

static int compare_text(const axev__json *row, const axev__json *source, const char *member, axev_error *err)
{
	struct axev__span stated, found;

	TRY(axev__json_string(row, member, &stated, err));
	TRY(axev__json_string(source, member, &found, err));
	if (!axev__span_equal(stated, found))
		return axev__fail(err, AXEV_E_INVALID, "that disclosure states another %s", member);
	return AXEV_OK;
}

static int compare_id(const axev__json *row, const uint8_t expected[32], axev_error *err)
{
	uint8_t id[32];

	TRY(axev__json_hex(row, "id", id, sizeof(id), err));
	if (memcmp(id, expected, sizeof(id)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "that disclosure was made from something else");
	return AXEV_OK;
}

static int compare_said(const struct listed *listed, unsigned at, axev_error *err)
{
	const axev__json *source = axev__json_get(listed->of.manifest, "source"), *row = axev__json_at(listed->rows, at);
	const axev__json *before = axev__json_get(source, AXEV__DERIVED_MEMBER);
	struct axev__span original;
	uint8_t id[32];
	unsigned count, i;

	if (!axev__json_as_string(axev__json_at(axev__json_get(axev__json_get(listed->package->manifest, "source"), "about"), 0), &original) ||
	    !axev__unhex(id, sizeof(id), original) || memcmp(id, listed->of.about, sizeof(id)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "that disclosure is of another original");
	TRY(compare_text(row, source, "approver", err));
	TRY(compare_text(row, source, "ground", err));
	TRY(axev__derived_count(source, &count, err));
	if (count != at)
		return axev__fail(err, AXEV_E_INVALID, "that disclosure was made from something else");
	for (i = 0; i < count; i++) {
		TRY(axev__json_hex(axev__json_at(before, i), "id", id, sizeof(id), err));
		TRY(compare_id(axev__json_at(listed->rows, i), id, err));
	}
	return AXEV_OK;
}

/* ---- what is shown ---- */

static int look_for(void *payload, const struct axev__proven *proven, axev_error *err)
{
	struct axev__shown_set *set = payload;
	bool is_shown = true;

	if (!proven->is_withheld)
		TRY(axev__shown_set_shows(set, proven->record, proven->field, &is_shown, err));
	if (!is_shown)
		return axev__fail(err, AXEV_E_INVALID, "that disclosure withholds a cell of record %" PRIu64 " that is shown here",
				  proven->record);
	return AXEV_OK;
}

static int compare_set(const struct listed *listed, const struct axev__disclosed_set *shown, axev_error *err)
{
	AXEV__CLEANUP(axev__shown_set_close) struct axev__shown_set mine = { 0 }, theirs = { 0 };
	const struct axev__disclosed_set *found = NULL;
	struct axev__shown name;
	size_t i;

	for (i = 0; i < listed->of.sets.count; i++)
		if (listed->of.sets.list[i].position == shown->position)
			found = &listed->of.sets.list[i];
	if (!found)
		return axev__fail(err, AXEV_E_INVALID, "that disclosure does not show record set '%s'", axev__show(&name, shown->path));
	TRY(axev__shown_set_open(listed->package->container, shown, &mine, err));
	TRY(axev__shown_set_open(listed->container, found, &theirs, err));
	return axev__shown_set_each(&mine, look_for, &theirs, err);
}

static int compare_cells(const struct listed *listed, axev_error *err)
{
	AXEV__FREE struct axev__disclosed_sets *sets = malloc(sizeof(*sets));
	size_t i;

	if (!sets)
		return axev__nomem(err);
	TRY(axev__disclosed_sets_read(axev__json_get(listed->package->manifest, "source"), listed->of.original,
				      listed->package->container, sets, err));
	for (i = 0; i < sets->count; i++)
		TRY(compare_set(listed, &sets->list[i], err));
	return AXEV_OK;
}

/* ---- the bundle ---- */

static const struct axev__entry *find(const struct axev__subject *bundle, const axev__json *row)
{
	const axev__json *packages = axev__json_get(bundle->manifest, "packages");
	struct axev__span wanted, id, path;
	char name[AXEV__MAX_ENTRY_NAME + 1];
	size_t i;

	for (i = 0; i < axev__json_count(packages); i++) {
		const axev__json *listed = axev__json_at(packages, i);

		if (!axev__json_as_string(axev__json_get(row, "id"), &wanted) ||
		    !axev__json_as_string(axev__json_get(listed, "id"), &id) || !axev__span_equal(id, wanted) ||
		    !axev__json_as_string(axev__json_get(listed, "path"), &path) || path.size >= sizeof(name))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)path.size, (const char *)path.data);
		return axev__container_find(bundle->container, name);
	}
	return NULL;
}

/* @is_nearest: cells are looked for in one of them only, which does the same with the one before if that is here, too. */
static int compare(const struct axev__subject *bundle, const struct axev__entry *entry, struct listed *listed, unsigned at,
		   bool is_nearest, axev_error *err)
{
	struct axev__source source =
		axev__source_window(axev__container_source(bundle->container), entry->offset, entry->size_bytes);

	TRY(axev__container_open(&source, &listed->container, err));
	TRY(axev__disclosure_of(&source, &listed->of, err));
	TRY(compare_id(axev__json_at(listed->rows, at), listed->of.id, err));
	TRY(compare_said(listed, at, err));
	return is_nearest ? compare_cells(listed, err) : AXEV_OK;
}

/* So that the report no longer says that it is not proven. */
static int tell(const struct axev__verify *verify, const struct axev__subject *package, const axev__json *row, axev_error *err)
{
	struct axev__span wanted, id, disclosure;
	char hex[AXEV_ID_HEX_SIZE];
	size_t i;

	axev__hex(hex, package->id, 32);
	for (i = 0; i < axev__json_count(verify->report->derived_from); i++) {
		axev__json *said = axev__json_at(verify->report->derived_from, i);

		if (axev__json_as_string(axev__json_get(row, "id"), &wanted) && axev__json_as_string(axev__json_get(said, "id"), &id) &&
		    axev__span_equal(id, wanted) && axev__json_as_string(axev__json_get(said, "disclosure"), &disclosure) &&
		    axev__span_is(disclosure, hex))
			TRY(axev__json_set_bool(said, "compared", true, err));
	}
	return AXEV_OK;
}

static int check_row(const struct axev__verify *verify, struct axev__check *parent, const struct axev__subject *bundle,
		     const struct axev__subject *package, unsigned at, bool *has_nearest, axev_error *err)
{
	AXEV__CLEANUP(listed_end) struct listed listed = {
		.package = package,
		.rows = axev__json_get(axev__json_get(package->manifest, "source"), AXEV__DERIVED_MEMBER),
	};
	const struct axev__entry *entry = find(bundle, axev__json_at(listed.rows, at));
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	int status;

	if (!entry)
		return AXEV_OK;
	status = compare(bundle, entry, &listed, at, !*has_nearest, &problem);
	*has_nearest = true;
	TRY(axev__check_add(parent, AXEV__C_DISCLOSURE_DERIVED_PACKAGE, entry->name, &check, err));
	TRY(axev__check_close(check, status, &problem, err));
	return status < 0 ? AXEV_OK : tell(verify, package, axev__json_at(listed.rows, at), err);
}

int axev__check_derived_listed(const struct axev__verify *verify, struct axev__check *parent, const struct axev__subject *bundle,
			       const struct axev__subject *package, axev_error *err)
{
	const axev__json *source = axev__json_get(package->manifest, "source");
	bool has_nearest = false;
	unsigned count;

	/* A list that is too long is told elsewhere. */
	if (axev__derived_count(source, &count, NULL) < 0)
		return AXEV_OK;
	for (; count > 0; count--)
		TRY(check_row(verify, parent, bundle, package, count - 1, &has_nearest, err));
	return AXEV_OK;
}
