/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LEDGER/index: which entries speak of which package (FORMAT.md section 4.4).
 *
 * A convenience, rebuilt from the entries whenever it is missing, damaged, of another ledger or behind. It is never
 * evidence: whoever needs one package for more than a list reads that package's entries again.
 */
#ifndef AXEV_LEDGER_INDEX_H
#define AXEV_LEDGER_INDEX_H

#include "base/json.h"
#include "ledger/events.h"

struct axev__index;
void axev__index_free(struct axev__index *index);

/* The index of all entries that the handle knows, from the file, the entries or both; lent by the handle. */
int axev__index_get(axev_ledger *ledger, const struct axev__index **ret_index, axev_error *err);
/* Forget what the file said and read every entry again. */
int axev__index_rebuild(axev_ledger *ledger, const struct axev__index **ret_index, axev_error *err);
/* After an append, now and then: bring the file up to date. Failing is no error. */
void axev__index_keep(axev_ledger *ledger);

/* In the order of capture. */
size_t axev__index_count(const struct axev__index *index);
const struct axev__history *axev__index_at(const struct axev__index *index, size_t position);
/* NULL: no such package. */
const struct axev__history *axev__index_find(const struct axev__index *index, const axev_id *id);

/* What one entry says of @history's package; the first event of each kind counts. */
int axev__history_apply(struct axev__history *history, const axev__json *entry, uint64_t index,
			axev_error *err);
void axev__history_start(struct axev__history *history, const axev_id *id);
bool axev__history_equal(const struct axev__history *a, const struct axev__history *b);

/* ---- index_file.c: the file's bytes ---- */

/* A take that was started and has no id yet. */
struct axev__open_take {
	char session[33];
	uint64_t started_index;
};
struct axev__index_view {
	uint64_t size; /* of the ledger */
	uint8_t root[32];
	size_t package_count, take_count;
	struct axev__history *packages;
	struct axev__open_take *takes;
};
int axev__index_encode(const struct axev__index_view *view, struct axev__buf *out, axev_error *err);
/* AXEV_E_FORMAT for whatever is not exactly what the writer writes. The arrays are the caller's to free. */
int axev__index_decode(struct axev__span bytes, struct axev__index_view *ret_view, axev_error *err);
/* Ledger size that the file claims; 0: none. */
uint64_t axev__index_peek(int ledger_dirfd);

#endif
