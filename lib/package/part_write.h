/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects beyond AXEV__MAX_DATA_ENTRIES go into parts: data/parts/NNNN.zip with data/parts/NNNN.json beside it
 * (FORMAT.md section 1). A part is written at its place in the container, which takes nothing else while one is open.
 */
#ifndef AXEV_PACKAGE_PART_WRITE_H
#define AXEV_PACKAGE_PART_WRITE_H

#include "package/container_write.h"

struct axev__part_writer;

/* @number from 1; @container is lent. */
int axev__part_open_new(struct axev__container_writer *container, size_t number,
			struct axev__part_writer **ret_part, axev_error *err);
/* So many objects more. */
size_t axev__part_room(const struct axev__part_writer *part);
/* Lent: where the objects are added. */
struct axev__container_writer *axev__part_container(struct axev__part_writer *part);
/* Enter what was just added into the index; takes @object (one of objects[]) over. */
int axev__part_list(struct axev__part_writer *part, axev__json *object, axev_error *err);
/* So many bytes so far, of objects that have ended. */
uint64_t axev__part_bytes(const struct axev__part_writer *part);
/* Ends the part, adds its index, appends the row for parts[] without the digest, frees: *part is NULL then. */
int axev__part_close(struct axev__part_writer **part, const axev_env *env, axev__json *parts, axev_error *err);
/* The digests of all, in their rows. */
int axev__parts_finish(struct axev__container_writer *container, const axev_env *env, axev__json *parts, axev_error *err);
/* Frees; the container is left with an entry that has no end, and is of no more use. */
void axev__part_abort(struct axev__part_writer *part);
static inline void axev__part_abortp(struct axev__part_writer **part)
{
	axev__part_abort(*part);
}

#endif
