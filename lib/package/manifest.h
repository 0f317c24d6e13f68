/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/evidence.json: one schema, checked when it is written and when it is read. FORMAT.md section 2.
 */
#ifndef AXEV_PACKAGE_MANIFEST_H
#define AXEV_PACKAGE_MANIFEST_H

#include "base/json.h"
#include "base/limits.h"

#define AXEV__FORMAT_NAME "ax-evidence/1"

/* Every member known, of the right type, required ones there, unknown ones only under "ext". An unknown "format" is
 * AXEV_E_UNSUPPORTED ("newer format"). Used on both sides. */
int axev__manifest_check(const axev__json *manifest, axev_error *err);

/* Parse canonical bytes and check; the only way in. */
int axev__manifest_read(struct axev__span bytes, axev__json **ret_manifest, axev_error *err);
/* Check and write canonical bytes; SHA-256 of them is the package id. The only way out. */
int axev__manifest_write(const axev__json *manifest, struct axev__buf *out, uint8_t ret_id[32],
			 axev_error *err);

/* Compare objects[] with the container's data/ entries: every one listed exactly once with size and SHA-256,
 * nothing else. Parts are opened and compared with data/parts/NNNN.json ("part index"). */
struct axev__container;
int axev__manifest_check_objects(const axev__json *manifest, const struct axev__container *container,
				 axev_error *err);

#endif
