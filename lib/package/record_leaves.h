/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leaves of many records, made together: all salts of some records, then all leaves of their fields, then theirs (FORMAT.md section 3.2). What
 * axev__record_leaf() makes one after another, in less time.
 */
#ifndef AXEV_PACKAGE_RECORD_LEAVES_H
#define AXEV_PACKAGE_RECORD_LEAVES_H

#include "crypto/sha256_many.h"
#include "package/record_tree.h"

struct axev__record_leaves {
	size_t fields;
	size_t group; /* records that are made together */
	struct axev__sha256_many many;
	struct axev__span *cells; /* @fields of each record, as are the others */
	uint8_t (*salts)[16];
	uint8_t (*field_leaves)[32];
};

/* @is_plain: with OpenSSL alone. */
int axev__record_leaves_init(struct axev__record_leaves *leaves, size_t fields, bool is_plain, axev_error *err);
/* Salts are gone then. */
void axev__record_leaves_free(struct axev__record_leaves *leaves);

/* @records: each a u32 length and its cells, the first one being number @first. @ret_large: cells whose content is kept elsewhere. */
int axev__record_leaves_make(struct axev__record_leaves *leaves, const uint8_t secret[32], uint64_t first, struct axev__span records,
			     uint8_t (*ret_leaves)[32], uint64_t *ret_large, axev_error *err);

/* Cells of the first record, which is taken off @records. */
struct axev__span axev__record_take(struct axev__span *records);

#endif
