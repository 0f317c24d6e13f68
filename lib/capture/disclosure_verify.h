/* SPDX-License-Identifier: Apache-2.0 */
/* A disclosure that is stored here is to stand for its original: it is verified first, as if the original were gone. */
#ifndef AXEV_CAPTURE_DISCLOSURE_VERIFY_H
#define AXEV_CAPTURE_DISCLOSURE_VERIFY_H

#include "ledger/handle.h"
#include "verify/verify.h"

/*
 * @sha256: of the file that the ledger sealed. AXEV_E_INVALID when it is not valid; without a policy nobody's identity is asked for.
 * @is_strict: a partial original, or under a policy one whose identity is left open, is refused, too.
 */
int axev__disclosure_verify(axev_ledger *ledger, const struct axev__source *source, const uint8_t sha256[32],
			    const axev_policy *policy, bool is_strict, axev_error *err);

#endif
