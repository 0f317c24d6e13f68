/* SPDX-License-Identifier: Apache-2.0 */
/* Which records and which cells of them a disclosure shows: what was asked for, looked up and put in order. */
#ifndef AXEV_CAPTURE_DISCLOSE_CHOICE_H
#define AXEV_CAPTURE_DISCLOSE_CHOICE_H

#include <ax_evidence/disclose.h>

#include "capture/take.h"
#include "package/sealed_set.h"

struct axev__disclosed {
	axev_record_range *ranges; /* ascending, none touches the next */
	size_t range_count, range_capacity;
	uint32_t *fields;          /* cells that are shown, ascending */
	size_t field_count;
};
int axev__disclosed_choose(const struct axev__sealed_set *set, const axev_disclose_set *asked,
			   struct axev__disclosed *ret_chosen, axev_error *err);
void axev__disclosed_free(struct axev__disclosed *chosen);

#endif
