/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/disclosed.h"

#include <stdio.h>

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

static int find_root(const axev__json *original, const axev__json *manifest, uint8_t ret_root[32], axev_error *err)
{
	const axev__json *sets = axev__json_get(original, "record_sets");
	struct axev__span wanted, path;
	size_t i;

	TRY(axev__json_string(axev__json_get(manifest, "source"), "record_set", &wanted, err));
	for (i = 0; i < axev__json_count(sets); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(sets, i), "path"), &path) &&
		    axev__span_equal(path, wanted))
			return axev__json_hex(axev__json_at(sets, i), "root", ret_root, 32, err);
	return axev__fail(err, AXEV_E_INVALID, "the original has no such record set");
}

/* Proven once more: only what leads to the root is printed. */
static int read_cells(const struct axev__container *container, const uint8_t root[32], axev_report *report, axev_error *err)
{
	struct axev__showing showing = { .report = report };
	unsigned number;
	char name[64];

	for (number = 1; number <= AXEV__MAX_DISCLOSED_PROOFS; number++) {
		AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);

		snprintf(name, sizeof(name), AXEV__DISCLOSED_FORM, number);
		if (!axev__container_find(container, name))
			return AXEV_OK;
		TRY(read_entry(container, name, &bytes, err));
		TRY(axev__prefix(axev__record_proof_check(axev__buf_view(&bytes), root, axev__show_proven, &showing, err), err,
				 "%s", name));
	}
	return AXEV_OK;
}

int axev__disclosed_cells_open(const struct axev__container *container, const axev__json *manifest,
			       struct axev__disclosed_cells *ret_disclosed, axev_error *err)
{
	AXEV__REPORT *report = NULL;
	uint8_t root[32];

	TRY(axev__report_new(&report, err));
	TRY(read_original(container, &ret_disclosed->original, err));
	TRY(find_root(ret_disclosed->original, manifest, root, err));
	TRY(read_cells(container, root, report, err));
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
