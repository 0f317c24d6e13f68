/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Salts of a record set (FORMAT.md section 3.2): a binary tree of keys, of which each one at the bottom makes, with AES-256 in counter mode, the
 * salts of 256 records. A salt tells nothing of any other; a key tells all salts of its records, and no key ever leaves this.
 */
#ifndef AXEV_PACKAGE_RECORD_SALTS_H
#define AXEV_PACKAGE_RECORD_SALTS_H

#include "crypto/aes_ctr.h"

#define AXEV__SALT 16
#define AXEV__KEY_TREE_HEIGHT 32
#define AXEV__KEY_RECORDS 256 /* that have one key */

/* Keys on the way to the records that were asked for last: those of the next key cost two hashes on average. */
struct axev__record_salts {
	EVP_CIPHER_CTX *cipher; /* has the key at the end of the way */
	size_t fields;          /* cells of a record, the count of a multiset included */
	bool has_group;
	uint32_t group; /* number of the key */
	uint8_t path[AXEV__KEY_TREE_HEIGHT + 1][32];
};
int axev__record_salts_init(struct axev__record_salts *salts, const uint8_t secret[32], size_t fields, axev_error *err);
/* All keys are gone then. */
void axev__record_salts_free(struct axev__record_salts *salts);
#define AXEV__RECORD_SALTS AXEV__CLEANUP(axev__record_salts_free) struct axev__record_salts

/* Those of @count records from @first on, one record after another, each with all its cells. */
int axev__record_salts_make(struct axev__record_salts *salts, uint64_t first, size_t count, uint8_t (*ret_salts)[AXEV__SALT],
			    axev_error *err);

#endif
