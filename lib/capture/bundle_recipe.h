/* SPDX-License-Identifier: Apache-2.0 */
/* VERIFY.md: how to repeat every check with stock tools, in 中文 and English, for this very bundle. */
#ifndef AXEV_CAPTURE_BUNDLE_RECIPE_H
#define AXEV_CAPTURE_BUNDLE_RECIPE_H

#include "base/buf.h"
#include "base/json.h"

/* What the manifest of the bundle does not tell of a package. */
struct axev__recipe_package {
	struct axev__buf sealed_proof; /* the tlog-proof of its sealed entry */
	bool has_anchor_token;         /* data/anchor/checkpoint.tst is inside */
	struct axev__buf disclosure;   /* recipe_disclosure.h; empty: it is none */
	struct axev__buf records;      /* recipe_records.h; empty: there are none */
	struct axev__buf reach;        /* recipe_reach.h; empty: there is nothing of the kind */
	struct axev__buf tls;          /* recipe_tls.h; empty: there is no handshake that it fits */
};

/* Commands stand in ```sh blocks; a test executes them line by line. @packages in the order of the manifest. */
int axev__bundle_recipe(const axev__json *bundle_manifest,
			const struct axev__recipe_package *packages, struct axev__buf *out,
			axev_error *err);

#endif
