/* SPDX-License-Identifier: Apache-2.0 */
/* The entry `erased`: a package whose bytes are removed, and the disclosures that stand in its place. FORMAT.md section 4.5. */
#ifndef AXEV_LEDGER_ERASED_H
#define AXEV_LEDGER_ERASED_H

#include "base/json.h"
#include "base/limits.h"
#include "ledger/events.h"

#define AXEV__ERASED_EVENT "erased"

/* Positions in record_sets[] of the original's manifest, from 1; both ends are in. */
struct axev__set_range {
	uint32_t first, last;
};

struct axev__erased {
	axev_id original;
	axev_id disclosures[AXEV__MAX_ERASE_DISCLOSURES]; /* ascending */
	size_t disclosure_count;
	struct axev__set_range without[AXEV__MAX_ERASE_RANGES]; /* sets that go wholly; ascending, with sets between them */
	size_t without_count;
	uint8_t commitment[32]; /* to who approved and the ground */
};

bool axev__erased_is(const axev__json *entry);
/* AXEV_E_FORMAT when it is not exactly what the writer writes. */
int axev__erased_read(const axev__json *entry, struct axev__erased *ret_erased, axev_error *err);
/* The members that are this event's own. */
int axev__erased_set(const struct axev__erased *erased, axev__json *entry, axev_error *err);

/*
 * Each record set of the original (@disclosed has a flag for each of @set_count) is either disclosed or named as one that goes
 * wholly: AXEV_E_INVALID otherwise.
 */
int axev__erased_covers(const struct axev__erased *erased, const bool *disclosed, size_t set_count, axev_error *err);

/* AXEV_E_STATE, with what stands in its place, when the ledger says that the package was erased. */
int axev__history_here(axev_ledger *ledger, const struct axev__history *history, axev_error *err);
/* What the entry says that erased it. */
int axev__history_erased(axev_ledger *ledger, const struct axev__history *history, struct axev__erased *ret_erased,
			 axev_error *err);

/* The entry that erased the original of the disclosure in @container; UINT64_MAX: none, or it is no disclosure. */
struct axev__container;
int axev__erased_original(axev_ledger *ledger, const struct axev__container *container, uint64_t *ret_index, axev_error *err);

/* ---- who and why: erased_opening.c ---- */

/* Kept in LEDGER/erasures/, mode 0600, durable when it returns; fills in the commitment. */
int axev__erased_keep(axev_ledger *ledger, const char *approver, const char *ground, uint8_t ret_commitment[32],
		      axev_error *err);
/* Best effort, for one that no entry came to name. */
void axev__erased_forget(axev_ledger *ledger, const uint8_t commitment[32]);

#endif
