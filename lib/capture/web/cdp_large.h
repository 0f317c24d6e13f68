/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of the browser that are too large to be held: strings out of them, and what is left without long ones. */
#ifndef AXEV_CAPTURE_CDP_LARGE_H
#define AXEV_CAPTURE_CDP_LARGE_H

#include "base/spill.h"

/* The end of a message that is cut: "... (31457280 bytes, SHA-256 6ae8...)". */
#define AXEV__CUT_MARK_SIZE 128
/* @bytes, @sha256: of all of the text. */
void axev__cdp_cut_mark(char out[AXEV__CUT_MARK_SIZE], uint64_t bytes, const uint8_t sha256[32]);

/*
 * A copy of the JSON text in which each string of more than AXEV__MAX_CDP_STRING_BYTES is its beginning and the mark. Not
 * more of the JSON than its strings is looked at.
 */
int axev__cdp_shorten(const struct axev__source *message, struct axev__buf *out, axev_error *err);

/*
 * Content of the string in @text, which has to be @before (with the opening quote), the string, and @behind (without the
 * closing one). AXEV_E_FORMAT for anything else.
 */
int axev__cdp_string(const struct axev__source *text, const char *before, const char *behind,
		     int (*take)(void *payload, struct axev__span piece, axev_error *err), void *payload, axev_error *err);

/* The same with base64 in the string, decoded. */
int axev__cdp_base64(const struct axev__source *text, const char *before, const char *behind, struct axev__spill *out,
		     axev_error *err);

#endif
