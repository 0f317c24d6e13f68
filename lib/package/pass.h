/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every digest that checking a file needs, from reading it once: of the file, of each entry, of each entry of the
 * packages and parts inside, in place. Containers of the file then find the digests of their entries here.
 */
#ifndef AXEV_PACKAGE_PASS_H
#define AXEV_PACKAGE_PASS_H

#include "package/container_read.h"

struct axev__pass;

/*
 * Read @source once, on several cores. Which ranges are hashed is taken from headers alone, and nothing is decided
 * here: a range that nobody asks for later, or that is missing, costs time and never changes a verdict.
 * Only the environment's failures are returned.
 */
int axev__pass_run(const struct axev__source *source, const axev_env *env,
		   struct axev__pass **ret_pass, axev_error *err);
/* The same for the entries of one container and nothing else. */
int axev__pass_entries(const struct axev__container *container, const axev_env *env,
		       struct axev__pass **ret_pass, axev_error *err);
void axev__pass_free(struct axev__pass *pass);
static inline void axev__pass_freep(struct axev__pass **pass)
{
	axev__pass_free(*pass);
}
#define AXEV__PASS AXEV__CLEANUP(axev__pass_freep) struct axev__pass

/* Of the whole file. */
const uint8_t *axev__pass_sha256(const struct axev__pass *pass);
/* Of @size_bytes at @offset of @source, which is the file of the pass or a window of it. false: not hashed. */
bool axev__pass_find(const struct axev__pass *pass, const struct axev__source *source,
		     uint64_t offset, uint64_t size_bytes, uint32_t *ret_crc32,
		     const uint8_t **ret_sha256);

#endif
