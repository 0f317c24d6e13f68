/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs are text: lines that end in a newline, hashes in base64. */
#ifndef AXEV_PROOF_LINES_H
#define AXEV_PROOF_LINES_H

#include "base/limits.h"
#include "base/span.h"

/* The next line without its newline; false when there is none. */
bool axev__take_line(struct axev__span *rest, struct axev__span *ret_line);
/* Exactly 32 bytes in canonical base64. */
bool axev__read_hash(struct axev__span line, uint8_t out[32]);

#endif
