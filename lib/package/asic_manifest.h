/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two lists that bind entries together, each with one serialisation: ASiCManifest<n>.xml (EN 319 162-1 A.4),
 * which is what a signature is over, and manifest-sha256.txt, which sha256sum reads.
 */
#ifndef AXEV_PACKAGE_ASIC_MANIFEST_H
#define AXEV_PACKAGE_ASIC_MANIFEST_H

#include "base/buf.h"
#include "base/limits.h"

/* Lent. */
struct axev__listed {
	const char *name;
	const uint8_t *sha256;
};

/* @items in any order; they are sorted by name here. */
int axev__asic_manifest(struct axev__listed *items, size_t count, unsigned number,
			struct axev__buf *out, axev_error *err);

/* The digest that such a list has for @name: AXEV_E_FORMAT unless the bytes are exactly what axev__asic_manifest writes. */
int axev__asic_manifest_find(struct axev__span bytes, unsigned number, const char *name, uint8_t ret_sha256[32],
			     axev_error *err);

/* One line an item, in the order given. */
int axev__sha256_list(const struct axev__listed *items, size_t count, struct axev__buf *out,
		      axev_error *err);

#endif
