/* SPDX-License-Identifier: Apache-2.0 */
/* The disclosures that a disclosure was made from, each out of the one before, the first one out of the original. FORMAT.md section 3.5. */
#ifndef AXEV_PACKAGE_DISCLOSED_FROM_H
#define AXEV_PACKAGE_DISCLOSED_FROM_H

#include "base/json.h"
#include "base/limits.h"

#define AXEV__DERIVED_MEMBER "derived_from"
#define AXEV__DERIVED_ROLE "derived"
/* With the number of the disclosure, from 1. */
#define AXEV__DERIVED_ENTRY_FORM "data/derived/%03u.entry.json"
#define AXEV__DERIVED_PROOF_FORM "data/derived/%03u.tlog-proof"
#define AXEV__DERIVED_NAME_SIZE 64

/* How many there are: 0 for one that was made of the original. AXEV_E_INVALID when they are more than there may be. */
int axev__derived_count(const axev__json *source, unsigned *ret_count, axev_error *err);

/* Is @path that of an entry, or of its proof, of one of them? */
bool axev__is_derived_entry(const axev__json *source, struct axev__span path);

/* What one entry of the ledger has to say: @id is a disclosure of @original, made from @previous; NULL: from the original itself. */
struct axev__derived {
	const uint8_t *original, *previous, *id;
};
int axev__derived_entry_check(const axev__json *entry, const struct axev__derived *expected, axev_error *err);

#endif
