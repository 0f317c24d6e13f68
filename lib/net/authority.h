/* SPDX-License-Identifier: Apache-2.0 */
/* Getting a time-stamp token: from authorities over HTTP, or from the embedded one of a ledger. */
#ifndef AXEV_NET_AUTHORITY_H
#define AXEV_NET_AUTHORITY_H

#include <ax_evidence/tsa.h>

#include "base/buf.h"
#include "base/env.h"
#include "crypto/tsp.h"

/*
 * Ask @authorities in turn until one gives a token that passes every check of RFC 3161 section 2.2 and its
 * chain, and normalise it (FORMAT.md section 1). @ledger_dirfd serves "embedded". When all fail:
 * AXEV_E_NETWORK or AXEV_E_PEER with every authority's reason.
 */
int axev__authority_stamp(const axev_tsa *authorities, size_t count, int ledger_dirfd,
			  const uint8_t imprint[32], const axev_env *env,
			  struct axev__buf *ret_token, axev_error *err);

/* Keys and serial counter of the embedded authority below @ledger_dirfd: keys/tsa.pem, keys/tsa-serial. */
int axev__embedded_init(int ledger_dirfd, const char *origin, const axev_env *env,
			axev_error *err);
/* Answer one request; the serial is made durable before the answer is signed. */
int axev__embedded_answer(int ledger_dirfd, struct axev__span request, const axev_env *env,
			  struct axev__buf *ret_response, axev_error *err);

#endif
