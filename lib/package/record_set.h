/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Record sets: many small records under one Merkle tree with salted field leaves. FORMAT.md section 3.
 * First use: the facts (people, case) of a capture.
 */
#ifndef AXEV_PACKAGE_RECORD_SET_H
#define AXEV_PACKAGE_RECORD_SET_H

#include "base/json.h"
#include "base/limits.h"
#include "crypto/digest.h"

#define AXEV__SALT_BYTES 16

/* Salt of one field: HMAC chain secret -> record key -> field salt (first 16 bytes). */
int axev__record_key(const uint8_t secret[32], uint64_t record_index, uint8_t out[32],
		     axev_error *err);
int axev__field_salt(const uint8_t record_key[32], uint32_t field_index,
		     uint8_t out[AXEV__SALT_BYTES], axev_error *err);

/* row-c14n/1 text cell: tag 0x05, u32 big-endian length, UTF-8 bytes; NULL cell: tag 0x00. */
int axev__cell_text(struct axev__span text, struct axev__buf *out, axev_error *err);

/* SHA-256(0x00 || salt || u32 be field index || canonical cell). */
int axev__field_leaf(const uint8_t salt[AXEV__SALT_BYTES], uint32_t field_index,
		     struct axev__span cell, uint8_t out[32], axev_error *err);

/* ---- facts ---- */

/*
 * Make data/facts.json (bytes) and its root from the county's case file. @case_facts is what
 * doc/schema/case-facts.schema.json describes: {"format":"ax-case/1","case":{...},"people":[{...}]}; all values are
 * strings. Unknown members are refused with their name; required people and case fields missing are named.
 */
int axev__facts_make(const axev__json *case_facts, const uint8_t secret[32],
		     struct axev__buf *ret_bytes, uint8_t ret_root[32], uint64_t *ret_records,
		     axev_error *err);
/* Recompute the root of data/facts.json; strict canonical. */
int axev__facts_read(struct axev__span bytes, axev__json **ret_facts, uint8_t ret_root[32],
		     uint64_t *ret_records, axev_error *err);

#endif
