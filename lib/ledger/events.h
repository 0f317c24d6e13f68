/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the ledger's entries say: canonical JSON, at most 4 KiB, no personal data in clear.
 * FORMAT.md section 4 has the members of each event.
 */
#ifndef AXEV_LEDGER_EVENTS_H
#define AXEV_LEDGER_EVENTS_H

#include "ledger/handle.h"

#define AXEV__LEDGER_FORMAT "ax-ledger/1"

int axev__event_started(axev_ledger *ledger, const char *session, const uint8_t commitment[32],
			uint64_t *ret_index, axev_error *err);
int axev__event_captured(axev_ledger *ledger, const char *session, const axev_id *id,
			 uint64_t *ret_index, axev_error *err);

struct axev__sealed {
	axev_id id;
	const char *session;
	uint8_t package_sha256[32];
	uint64_t package_bytes;
	bool is_time_pending;
};
/*
 * The first container of an id wins: when another process was faster nothing is appended, and @sealed becomes what it
 * logged. AXEV_E_STATE when the package was given up.
 */
int axev__event_sealed(axev_ledger *ledger, struct axev__sealed *sealed, uint64_t *ret_index,
		       axev_error *err);
/* @id NULL: the take never got one. AXEV_E_STATE when the package is sealed: it stays. */
int axev__event_abandoned(axev_ledger *ledger, const char *session, const axev_id *id,
			  const char *reason, axev_error *err);
/* A time-stamp token that came after the seal, over the value of signature @number; the first one counts. */
int axev__event_token(axev_ledger *ledger, const axev_id *id, unsigned number,
		      const uint8_t token_sha256[32], uint64_t *ret_index, axev_error *err);

/* @id is a disclosure of @original, made from @from, another one; NULL: from the original itself. */
int axev__event_disclosed(axev_ledger *ledger, const axev_id *original, const axev_id *from, const axev_id *id,
			  uint64_t *ret_index, axev_error *err);

struct axev__erased;
/*
 * The bytes of a package are about to be removed. The first one counts: *ret_index may be that of another process's entry.
 * AXEV_E_STATE when the package is not sealed.
 */
int axev__event_erased(axev_ledger *ledger, const struct axev__erased *erased, uint64_t *ret_index, axev_error *err);

int axev__event_case_assigned(axev_ledger *ledger, const axev_id *ids, size_t id_count,
			      const uint8_t commitment[32], uint64_t *ret_index, axev_error *err);

/* One package as far as the entries tell, with the session that ties its events. */
struct axev__history {
	axev_ledger_package package;
	char session[33];
	bool was_time_pending;  /* as the sealed entry says */
	uint64_t started_index; /* UINT64_MAX: none, and so for all of them */
	uint64_t token_index;
	uint64_t case_index; /* the newest assignment */
	uint64_t abandoned_index;
	uint64_t erased_index; /* the first entry that is well-formed; whether it holds is the check's business */
};
/* The entries are read again: what comes back may be used as evidence. */
int axev__history_find(axev_ledger *ledger, const axev_id *id, struct axev__history *ret_history,
		       axev_error *err);

#endif
