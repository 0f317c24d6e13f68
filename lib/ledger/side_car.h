/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens that came after the seal: bytes in the ledger's tree, digest in an entry. A package never changes. */
#ifndef AXEV_LEDGER_SIDE_CAR_H
#define AXEV_LEDGER_SIDE_CAR_H

#include "ledger/events.h"

/* Store the late time-stamp of signature @number durably, then log it. */
int axev__side_car_add(axev_ledger *ledger, const axev_id *id, unsigned number,
		       struct axev__span token, uint64_t *ret_index, axev_error *err);

/* Read it back; compared with the digest in its entry. */
int axev__side_car_read(axev_ledger *ledger, const struct axev__history *history,
			struct axev__buf *ret_token, axev_error *err);

#endif
