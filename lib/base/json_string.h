/* SPDX-License-Identifier: Apache-2.0 */
/* One string of a JSON text that need not fit into memory: its content piece by piece, as it is read. */
#ifndef AXEV_BASE_JSON_STRING_H
#define AXEV_BASE_JSON_STRING_H

#include "base/source.h"

typedef int (*axev__json_piece_fn)(void *payload, struct axev__span piece, axev_error *err);

/*
 * The string whose opening quote stands before @offset. Strict as RFC 8259 section 7 and UTF-8 want it; what section 8.2 leaves
 * open, halves of surrogate pairs, becomes U+FFFD, and so does U+0000. Pieces are cut between characters. *ret_end: behind
 * the closing quote. AXEV_E_FORMAT with the offset where it is no string.
 */
int axev__json_string_read(const struct axev__source *text, uint64_t offset, axev__json_piece_fn take, void *payload,
			   uint64_t *ret_end, axev_error *err);

#endif
