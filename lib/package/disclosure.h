/* SPDX-License-Identifier: Apache-2.0 */
/* Names inside of a disclosure, for the writer and the verifier, and what it says it is of. FORMAT.md section 3.5. */
#ifndef AXEV_PACKAGE_DISCLOSURE_H
#define AXEV_PACKAGE_DISCLOSURE_H

#include "base/json.h"
#include "base/source.h"
#include "package/disclosed_sets.h"

#define AXEV__ORIGINAL_ROLE "original"
#define AXEV__ORIGINAL_FOLDER "data/original"
#define AXEV__ORIGINAL_MANIFEST AXEV__ORIGINAL_FOLDER "/evidence.json"
#define AXEV__ORIGINAL_ENTRY AXEV__ORIGINAL_FOLDER "/sealed.entry.json"
#define AXEV__ORIGINAL_PROOF AXEV__ORIGINAL_FOLDER "/sealed.tlog-proof"
/* The anchor that the original's manifest names, and a time-stamp of its first signature that came after the seal. */
#define AXEV__ORIGINAL_ANCHOR AXEV__ORIGINAL_FOLDER "/checkpoint"
#define AXEV__ORIGINAL_ANCHOR_TOKEN AXEV__ORIGINAL_ANCHOR ".tst"
#define AXEV__ORIGINAL_LATE_TOKEN AXEV__ORIGINAL_FOLDER "/signature001.tst"
/* With the number of the signature. */
#define AXEV__ORIGINAL_LIST_FORM AXEV__ORIGINAL_FOLDER "/asicmanifest%03u.xml"
#define AXEV__ORIGINAL_SIGNATURE_FORM AXEV__ORIGINAL_FOLDER "/signature%03u.p7s"

#define AXEV__DISCLOSED_ROLE "record-proof"
#define AXEV__DISCLOSED_FORM "data/disclosed/%03u.json"

/* What a disclosure that is stored here says of itself. Its bytes were compared with the digest in the ledger before. */
struct axev__disclosure_of {
	uint8_t id[32];             /* of the disclosure */
	uint8_t about[32];          /* the original: SHA-256 of the manifest that is enclosed */
	uint8_t package_sha256[32]; /* of the original's file */
	uint64_t entry;             /* that sealed the original */
	axev__json *manifest;       /* its own, which lends to sets */
	axev__json *original;       /* the original's manifest, which lends to sets */
	struct axev__disclosed_sets sets;
};
/* AXEV_E_INVALID when it is no disclosure, or does not enclose the manifest that it names. */
int axev__disclosure_of(const struct axev__source *source, struct axev__disclosure_of *ret_of, axev_error *err);
void axev__disclosure_of_free(struct axev__disclosure_of *of);
#define AXEV__DISCLOSURE_OF AXEV__CLEANUP(axev__disclosure_of_free) struct axev__disclosure_of

/* "orders", or the path when the set has no name; lent by @manifest. */
struct axev__span axev__record_set_name(const axev__json *manifest, size_t position);

#endif
