/* SPDX-License-Identifier: Apache-2.0 */
/* Random access bytes: a window of a file, or memory. Plain value; the file stays the caller's. */
#ifndef AXEV_BASE_SOURCE_H
#define AXEV_BASE_SOURCE_H

#include "base/error.h"
#include "base/span.h"

struct axev__pass; /* package/ knows it */

struct axev__source {
	int fd;              /* -1: memory */
	const uint8_t *data; /* memory */
	uint64_t base;       /* window start in the file */
	uint64_t size;
	const struct axev__pass *pass; /* lent: digests that are known already; NULL: none */
	const uint64_t *moved;         /* lent: by how much the bytes were moved since; NULL: they stay */
};
struct axev__source axev__source_memory(struct axev__span bytes);
int axev__source_file(int fd, struct axev__source *ret_source, axev_error *err);
/* A window inside another source: nested containers are read in place, because they are STORED. */
struct axev__source axev__source_window(const struct axev__source *source, uint64_t offset,
					uint64_t size);
/* Where @window, which comes from @source, begins in it. */
uint64_t axev__source_distance(const struct axev__source *source,
			       const struct axev__source *window);
int axev__source_read(const struct axev__source *source, uint64_t offset, void *out, size_t size,
		      axev_error *err);

#endif
