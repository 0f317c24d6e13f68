/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects beyond AXEV__MAX_DATA_ENTRIES go into parts: data/parts/NNNN.zip with data/parts/NNNN.json beside it
 * (FORMAT.md section 1). A part is written into a file of its own, then copied into the container and removed.
 */
#ifndef AXEV_PACKAGE_PART_WRITE_H
#define AXEV_PACKAGE_PART_WRITE_H

#include "package/container_write.h"

struct axev__part_writer;

/* @number from 1; the file is @directory/part-NNNN.zip below @dirfd. */
int axev__part_open_new(int dirfd, const char *directory, size_t number,
			struct axev__part_writer **ret_part, axev_error *err);
/* So many objects more. */
size_t axev__part_room(const struct axev__part_writer *part);
/* Lent: where the objects are added. */
struct axev__container_writer *axev__part_container(struct axev__part_writer *part);
/* Enter what was just added into the index; takes @object (one of objects[]) over. */
int axev__part_list(struct axev__part_writer *part, axev__json *object, axev_error *err);
/* Copies the part and its index into @writer, appends the row for parts[], frees: *part is NULL then. */
int axev__part_close(struct axev__part_writer **part, struct axev__container_writer *writer,
		     const axev_env *env, axev__json *parts, axev_error *err);
/* Frees and removes the file. */
void axev__part_abort(struct axev__part_writer *part);
static inline void axev__part_abortp(struct axev__part_writer **part)
{
	axev__part_abort(*part);
}

#endif
