/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts on disk: LEDGER/drafts/<id>/ with package.part, draft.json and, once signed, sealed.json. */
#ifndef AXEV_CAPTURE_DRAFT_STORE_H
#define AXEV_CAPTURE_DRAFT_STORE_H

#include "capture/take.h"

struct axev__draft_state {
	axev_id id;
	char session[33];
	char directory[96]; /* below the ledger */
	bool is_complete;
	axev__json *json;   /* draft.json */
};
void axev__draft_state_free(struct axev__draft_state *state);
#define AXEV__DRAFT_STATE AXEV__CLEANUP(axev__draft_state_free) struct axev__draft_state

/* AXEV_E_NOTFOUND when there is no draft of this id (never captured, sealed already, or abandoned). */
int axev__draft_load(axev_ledger *ledger, const axev_id *id, struct axev__draft_state *ret_state,
		     axev_error *err);

/* Remember, durably, what the finished package is, before it is moved into the store. */
int axev__draft_note_sealed(axev_ledger *ledger, const struct axev__draft_state *state,
			    const axev_seal_result *result, axev_error *err);

/* Was it finished and stored before a crash? Then *ret_result is filled from what was remembered. */
bool axev__draft_was_sealed(axev_ledger *ledger, const struct axev__draft_state *state,
			    axev_seal_result *ret_result);

#endif
