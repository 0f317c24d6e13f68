/* SPDX-License-Identifier: Apache-2.0 */
#include "package/disclosed_sets.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "package/disclosure.h"

static unsigned count_proofs(const struct axev__container *container)
{
	unsigned count;
	char name[64];

	for (count = 0; count < AXEV__MAX_DISCLOSED_PROOFS; count++) {
		snprintf(name, sizeof(name), AXEV__DISCLOSED_FORM, count + 1);
		if (!axev__container_find(container, name))
			break;
	}
	return count;
}

static int find_root(const axev__json *original, struct axev__disclosed_set *set, axev_error *err)
{
	const axev__json *rows = axev__json_get(original, "record_sets");
	struct axev__span path;
	struct axev__shown shown;
	size_t i;

	for (i = 0; i < axev__json_count(rows); i++) {
		set->row = axev__json_at(rows, i);
		set->position = i;
		TRY(axev__json_string(set->row, "path", &path, err));
		if (axev__span_equal(path, set->path))
			return axev__json_hex(set->row, "root", set->root, 32, err);
	}
	return axev__fail(err, AXEV_E_INVALID, "the original has no record set '%s'", axev__show(&shown, set->path));
}

static int add(struct axev__disclosed_sets *sets, const axev__json *counts, struct axev__span path, unsigned proofs,
	       const axev__json *original, axev_error *err)
{
	struct axev__disclosed_set *set = &sets->list[sets->count];
	struct axev__shown shown;
	size_t i;

	for (i = 0; i < sets->count; i++)
		if (axev__span_equal(sets->list[i].path, path))
			return axev__fail(err, AXEV_E_INVALID, "record set '%s' is listed twice", axev__show(&shown, path));
	*set = (struct axev__disclosed_set){ .counts = counts, .path = path, .first = 1, .proofs = proofs };
	if (sets->count > 0)
		set->first = sets->list[sets->count - 1].first + sets->list[sets->count - 1].proofs;
	sets->count++;
	return find_root(original, set, err);
}

static int read_list(const axev__json *list, const axev__json *original, struct axev__disclosed_sets *sets, axev_error *err)
{
	struct axev__span path;
	uint64_t proofs, all = 0;
	size_t i;

	if (axev__json_count(list) < 2 || axev__json_count(list) > AXEV__MAX_DISCLOSED_SETS)
		return axev__fail(err, AXEV_E_INVALID, "expected a list of 2 to %d record sets, found %zu",
				  AXEV__MAX_DISCLOSED_SETS, axev__json_count(list));
	for (i = 0; i < axev__json_count(list); i++) {
		const axev__json *row = axev__json_at(list, i);

		TRY(axev__json_string(row, "path", &path, err));
		TRY(axev__json_u64(row, "proofs", &proofs, err));
		if (proofs == 0 || proofs > sets->proofs - all)
			return axev__fail(err, AXEV_E_INVALID, "the source lists other numbers of proofs than the %u there are",
					  sets->proofs);
		all += proofs;
		TRY(add(sets, row, path, (unsigned)proofs, original, err));
	}
	if (all != sets->proofs)
		return axev__fail(err, AXEV_E_INVALID, "the source lists other numbers of proofs than the %u there are",
				  sets->proofs);
	return AXEV_OK;
}

int axev__disclosed_sets_read(const axev__json *source, const axev__json *original, const struct axev__container *container,
			      struct axev__disclosed_sets *ret_sets, axev_error *err)
{
	const axev__json *list = axev__json_get(source, "record_sets");
	struct axev__span path;

	*ret_sets = (struct axev__disclosed_sets){ .proofs = count_proofs(container) };
	if (!list) {
		TRY(axev__json_string(source, "record_set", &path, err));
		return add(ret_sets, source, path, ret_sets->proofs, original, err);
	}
	if (axev__json_get(source, "record_set"))
		return axev__fail(err, AXEV_E_INVALID, "the source names one record set and lists several");
	return read_list(list, original, ret_sets, err);
}
