/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "ax-wire-requests/1" (doc/FORMAT.md 1.7), read again: its form, and that it names each answer of the WARC once. What
 * the browser's two sides said in it cannot be checked by anybody.
 */
#ifndef AXEV_CONTENT_REQUESTS_INDEX_H
#define AXEV_CONTENT_REQUESTS_INDEX_H

#include "base/json.h"

struct axev__requests_index;

struct axev__requests_counts {
	uint64_t joined;      /* of the log and the page */
	uint64_t log_only, page_only;
	uint64_t browsers_own; /* of the log, not the page's */
	uint64_t records, other_records; /* other: of no request that the log binds them to */
};

int axev__requests_index_read(struct axev__span document, struct axev__requests_index **ret_index, axev_error *err);
void axev__requests_index_free(struct axev__requests_index *index);
static inline void axev__requests_index_freep(struct axev__requests_index **index)
{
	axev__requests_index_free(*index);
}
#define AXEV__REQUESTS_INDEX AXEV__CLEANUP(axev__requests_index_freep) struct axev__requests_index

/* An answer of the WARC. AXEV_E_INVALID: it is not named, named twice in the WARC, or is from another address. */
int axev__requests_index_met(struct axev__requests_index *index, const char *id, const char *target_uri,
			     axev_error *err);

/* All answers have been met. AXEV_E_INVALID: others are named. */
int axev__requests_index_end(const struct axev__requests_index *index, struct axev__requests_counts *ret_counts,
			     axev_error *err);

#endif
