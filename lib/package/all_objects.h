/* SPDX-License-Identifier: Apache-2.0 */
/* The objects of a package, wherever they stand: as entries of its container or inside of its parts. FORMAT.md section 1.4. */
#ifndef AXEV_PACKAGE_ALL_OBJECTS_H
#define AXEV_PACKAGE_ALL_OBJECTS_H

#include "base/json.h"
#include "package/container_read.h"

struct axev__all_objects {
	const axev__json *manifest;            /* lent */
	const struct axev__container *outer;   /* lent */
	axev__json *indexes;                   /* array: one of each part */
	struct axev__container **parts;
	size_t part_count;
};
/* Structure only. Whether bytes are the ones listed, axev__manifest_check_objects tells. */
int axev__all_objects_open(const axev__json *manifest, const struct axev__container *container,
			   struct axev__all_objects *ret_objects, axev_error *err);
void axev__all_objects_close(struct axev__all_objects *objects);
#define AXEV__ALL_OBJECTS AXEV__CLEANUP(axev__all_objects_close) struct axev__all_objects

/* Where its bytes are; AXEV_E_INVALID "... is not in the package". */
int axev__all_objects_find(const struct axev__all_objects *objects, struct axev__span path,
			   struct axev__source *ret_window, axev_error *err);
int axev__all_objects_read(const struct axev__all_objects *objects, struct axev__span path,
			   struct axev__buf *out, axev_error *err);

/* Rows: of the manifest first, then of each part. NULL behind the last. */
const axev__json *axev__all_objects_row(const struct axev__all_objects *objects, size_t position);

#endif
