/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of making a disclosure share: it is made of the original, or of another disclosure of it. FORMAT.md section 3.5. */
#ifndef AXEV_CAPTURE_DISCLOSE_H
#define AXEV_CAPTURE_DISCLOSE_H

#include "capture/disclose_choice.h"
#include "ledger/events.h"
#include "package/disclosure.h"

struct axev__disclose_counts {
	unsigned proofs;
	uint64_t records, shown, withheld;
};

struct axev__disclosing_set {
	struct axev__sealed_set sealed;    /* of the original */
	struct axev__shown_set shown;      /* or as a disclosure shows it */
	const axev__json *row;             /* of the original's record_sets[]; lent by one of the two */
	size_t fields;                     /* that a record has */
	struct axev__disclosed chosen;
	struct axev__disclose_counts counts;
};

struct axev__disclosing {
	struct axev__take take;
	const axev_disclose_opts *opts;
	axev_ledger *ledger;
	struct axev__stored_package package; /* that it is made of */
	struct axev__history history;        /* of that package */
	struct axev__history of_original;    /* the same, unless the package is a disclosure */
	bool is_derived;                     /* it is one */
	struct axev__disclosure_of of;       /* then: what that one is of */
	struct axev__disclosing_set *sets;
	size_t set_count;
	struct axev__disclose_counts all;
};

/* ---- of the original ---- */

int axev__disclose_original_open(struct axev__disclosing *disclosing, axev_error *err);
/* What binds the original: manifest, signatures, times, ledger entry. */
int axev__disclose_original_add(struct axev__disclosing *disclosing, axev_error *err);

/* ---- of a disclosure ---- */

/* It must hold, alone: what it encloses of the original is copied as it is. */
int axev__disclose_derived_open(struct axev__disclosing *disclosing, axev_error *err);
int axev__disclose_derived_set(struct axev__disclosing *disclosing, const char *name, struct axev__disclosing_set *set,
			       axev_error *err);
/* What it encloses of the original and of disclosures that it was made from, then its own entry in the ledger. */
int axev__disclose_derived_add(struct axev__disclosing *disclosing, axev_error *err);
/* source.derived_from. */
int axev__disclose_derived_tell(const struct axev__disclosing *disclosing, axev__json *source, axev_error *err);

/* ---- common to both ---- */

int axev__disclose_copy(struct axev__disclosing *disclosing, const char *from, const char *to, const char *media_type,
			const char *role, axev_error *err);
/* A time-stamp of the original that came after its seal stands in the ledger only. */
int axev__disclose_late_token(struct axev__disclosing *disclosing, axev_error *err);

#endif
