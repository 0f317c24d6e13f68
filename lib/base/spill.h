/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes on their way into a scratch file, with a maximum: what need not be in memory as a whole. */
#ifndef AXEV_BASE_SPILL_H
#define AXEV_BASE_SPILL_H

#include "base/buf.h"
#include "base/source.h"

struct axev__spill {
	int fd; /* lent; -1: there is none, and nothing can be put */
	uint64_t size_bytes, max_bytes;
};

/* AXEV_E_LIMIT beyond the maximum. */
int axev__spill_put(struct axev__spill *spill, struct axev__span bytes, axev_error *err);
int axev__spill_copy(struct axev__spill *spill, const struct axev__source *from, axev_error *err);
/* Forgets what was put behind @size_bytes. */
void axev__spill_cut(struct axev__spill *spill, uint64_t size_bytes);

/* What was put, until more is. */
struct axev__source axev__spill_source(const struct axev__spill *spill);

/* All of @source into @out, whose maximum is the limit. */
int axev__source_load(const struct axev__source *source, struct axev__buf *out, axev_error *err);

#endif
