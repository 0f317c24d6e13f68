/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of a ledger that is not ours: the index (its checksum made right), trees, entry bundles. */
#include <stdlib.h>

#include "crypto/digest.h"
#include "ledger/git_store.h"
#include "ledger/index.h"
#include "proof/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_index(struct axev__span body)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__GIB);
	AXEV__BUF again = AXEV__BUF_INIT(AXEV__GIB);
	struct axev__index_view view;
	uint8_t sha256[32];

	if (axev__sha256(body.data, body.size, sha256, NULL) < 0 ||
	    axev__buf_span(&bytes, body, NULL) < 0 || axev__buf_append(&bytes, sha256, 32, NULL) < 0 ||
	    axev__index_decode(axev__buf_view(&bytes), &view, NULL) < 0)
		return;
	/* What is read is exactly what would be written. */
	if (axev__index_encode(&view, &again, NULL) < 0 ||
	    !axev__span_equal(axev__buf_view(&bytes), axev__buf_view(&again)))
		abort();
	free(view.packages);
	free(view.takes);
}

static void read_tree(struct axev__span tree)
{
	struct axev__git_tree_entry entry;
	int status;

	while (axev__git_tree_next(&tree, &entry, &status, NULL))
		if (entry.name.size == 0 || memchr(entry.name.data, '/', entry.name.size))
			abort();
}

static void read_bundle(struct axev__span bundle)
{
	struct axev__span entry;

	while (bundle.size && axev__entry_bundle_take(&bundle, &entry, NULL) == AXEV_OK)
		;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct axev__span bytes = axev__span(data, size);

	read_index(bytes);
	read_tree(bytes);
	read_bundle(bytes);
	return 0;
}
