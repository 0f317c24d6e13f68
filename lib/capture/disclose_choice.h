/* SPDX-License-Identifier: Apache-2.0 */
/* Which records and which cells of them a disclosure shows: what was asked for, looked up and put in order. */
#ifndef AXEV_CAPTURE_DISCLOSE_CHOICE_H
#define AXEV_CAPTURE_DISCLOSE_CHOICE_H

#include <ax_evidence/disclose.h>

#include "capture/take.h"
#include "package/sealed_set.h"
#include "package/shown_set.h"

struct axev__disclosed {
	axev_record_range *ranges; /* ascending, none touches the next */
	size_t range_count, range_capacity;
	uint32_t *fields;          /* cells that are shown, ascending */
	size_t field_count;
};
int axev__disclosed_choose(const struct axev__sealed_set *set, const axev_disclose_set *asked,
			   struct axev__disclosed *ret_chosen, axev_error *err);
/*
 * Out of what a disclosure shows: AXEV_E_INVAL for records that it does not show and cells that it withholds. No range spans two of its
 * proofs.
 */
int axev__disclosed_choose_shown(const struct axev__shown_set *set, const axev_disclose_set *asked,
				 struct axev__disclosed *ret_chosen, axev_error *err);
void axev__disclosed_free(struct axev__disclosed *chosen);

/* ---- common to both ---- */

/* @there: which fields can be shown at all; NULL: every one. One that is asked for by name is chosen all the same. */
int axev__disclosed_choose_fields(const struct axev__record_header *header, const bool *there, const axev_disclose_set *asked,
				  struct axev__disclosed *chosen, axev_error *err);
int axev__disclosed_add(struct axev__disclosed *chosen, uint64_t first, uint64_t count, axev_error *err);
void axev__disclosed_merge(struct axev__disclosed *chosen);

#endif
