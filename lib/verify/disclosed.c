/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/disclosed.h"

#include <stdio.h>

#include "package/disclosed_sets.h"
#include "package/disclosure.h"
#include "package/manifest.h"
#include "verify/shown.h"

static int read_entry(const struct axev__container *container, const char *name, struct axev__buf *out, axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(container, name);

	if (!entry)
		return axev__fail(err, AXEV_E_FORMAT, "%s: not in the package", name);
	return axev__prefix(axev__container_read(container, entry, out, err), err, "%s", name);
}

static int read_original(const struct axev__container *container, axev__json **ret_manifest, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);

	TRY(read_entry(container, AXEV__ORIGINAL_MANIFEST, &bytes, err));
	return axev__manifest_read(axev__buf_view(&bytes), ret_manifest, err);
}

/* Proven once more: only what leads to the root is printed. */
static int read_cells(const struct axev__container *container, const struct axev__disclosed_set *set, axev_report *report,
		      axev_error *err)
{
	struct axev__showing showing = { .report = report };
	unsigned number;
	char name[64];

	for (number = set->first; number < set->first + set->proofs; number++) {
		AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);

		snprintf(name, sizeof(name), AXEV__DISCLOSED_FORM, number);
		TRY(read_entry(container, name, &bytes, err));
		TRY(axev__prefix(axev__record_proof_check(axev__buf_view(&bytes), set->root, axev__show_proven, &showing, err),
				 err, "%s", name));
	}
	return AXEV_OK;
}

int axev__disclosed_cells_open(const struct axev__container *container, const axev__json *manifest,
			       struct axev__disclosed_cells *ret_disclosed, axev_error *err)
{
	AXEV__REPORT *report = NULL;
	struct axev__disclosed_sets sets;
	size_t i;

	TRY(axev__report_new(&report, err));
	TRY(read_original(container, &ret_disclosed->original, err));
	TRY(axev__disclosed_sets_read(axev__json_get(manifest, "source"), ret_disclosed->original, container, &sets, err));
	for (i = 0; i < sets.count; i++)
		TRY(read_cells(container, &sets.list[i], report, err));
	ret_disclosed->cells = axev__steal(report->shown);
	ret_disclosed->more = report->shown_more;
	return AXEV_OK;
}

void axev__disclosed_cells_close(struct axev__disclosed_cells *disclosed)
{
	axev__json_free(disclosed->original);
	axev__json_free(disclosed->cells);
	*disclosed = (struct axev__disclosed_cells){ 0 };
}

bool axev__shown_of_several(const axev__json *rows)
{
	struct axev__span first, text;
	size_t i;

	for (i = 0; i < axev__json_count(rows); i++)
		if (!axev__json_as_string(axev__json_get(axev__json_at(rows, 0), "record_set"), &first) ||
		    !axev__json_as_string(axev__json_get(axev__json_at(rows, i), "record_set"), &text) ||
		    !axev__span_equal(first, text))
			return true;
	return false;
}
