/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What takes long when a part has ended: its digest, that of the file up to its end, and an fsync. All three run beside whatever is written
 * behind the part.
 */
#ifndef AXEV_PACKAGE_PART_HASH_H
#define AXEV_PACKAGE_PART_HASH_H

#include "package/container_write.h"

struct axev__part_hash;
/* @part lies in a file whose bytes up to the end of the part stand for good. @head is taken, and continued. */
int axev__part_hash_begin(const struct axev__source *part, struct axev__container_head *head, struct axev__part_hash **ret_hash,
			  axev_error *err);
/* Waits; progress is told as "read" of @name. *hash is NULL then. */
int axev__part_hash_end(struct axev__part_hash **hash, const axev_env *env, const char *name, uint8_t ret_sha256[32],
			struct axev__container_head *ret_head, axev_error *err);
/* Stops it. NULL is allowed. */
void axev__part_hash_free(struct axev__part_hash *hash);
static inline void axev__part_hash_freep(struct axev__part_hash **hash)
{
	axev__part_hash_free(*hash);
}

#endif
