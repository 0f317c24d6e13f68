/* SPDX-License-Identifier: Apache-2.0 */
/* VERIFY.md: how to repeat every check with stock tools, in 中文 and English, for this very bundle. */
#ifndef AXEV_CAPTURE_BUNDLE_RECIPE_H
#define AXEV_CAPTURE_BUNDLE_RECIPE_H

#include "base/buf.h"
#include "base/json.h"

/* Commands stand in ```sh blocks; a test executes them line by line. */
/* @sealed_proofs: the tlog-proof of each package's sealed entry, in the order of the manifest's packages. */
int axev__bundle_recipe(const axev__json *bundle_manifest, const struct axev__buf *sealed_proofs,
			struct axev__buf *out, axev_error *err);

#endif
