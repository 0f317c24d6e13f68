/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One record set as a disclosure shows it, opened so that less of it can be shown. Each proof is checked against the root in the
 * original's manifest before anything is taken from it.
 */
#ifndef AXEV_PACKAGE_SHOWN_SET_H
#define AXEV_PACKAGE_SHOWN_SET_H

#include "package/disclosed_sets.h"
#include "package/record_proof.h"

struct axev__shown_proof {
	uint64_t first, count; /* records */
};
struct axev__shown_set {
	const struct axev__container *container; /* of the disclosure; lent */
	struct axev__disclosed_set set;          /* lends from the manifests */
	struct axev__record_header header;
	uint64_t record_count;                   /* of the set in the original */
	struct axev__shown_proof *proofs;        /* ascending; set.proofs of them */
	struct axev__read_proof *read;           /* the one that was read last, at @read_at; NULL: none */
	unsigned read_at;
};
int axev__shown_set_open(const struct axev__container *container, const struct axev__disclosed_set *set,
			 struct axev__shown_set *ret_set, axev_error *err);
void axev__shown_set_close(struct axev__shown_set *set);

/* All cells of all records that are shown, in their order. */
int axev__shown_set_each(const struct axev__shown_set *set, axev__proven_visitor visit, void *payload, axev_error *err);

/* The proof that has @record, or NULL: the disclosure does not show it. */
const struct axev__shown_proof *axev__shown_set_find(const struct axev__shown_set *set, uint64_t record);

/* Is this cell shown? False of a record that is not shown. */
int axev__shown_set_shows(struct axev__shown_set *set, uint64_t record, uint32_t field, bool *ret_is_shown, axev_error *err);

/* @choice is of records that one proof shows. */
int axev__shown_set_prove(struct axev__shown_set *set, const struct axev__record_choice *choice, struct axev__buf *ret_proof,
			  axev_error *err);

#endif
