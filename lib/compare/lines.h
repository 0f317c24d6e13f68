/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two texts line by line: Myers' shortest edit script ("An O(ND) Difference Algorithm and Its Variations", 1986) between
 * what begins and what ends alike. Two texts with little in common are compared as heaps of lines instead, and that is said.
 */
#ifndef AXEV_COMPARE_LINES_H
#define AXEV_COMPARE_LINES_H

#include "base/json.h"

/* Adds removed[], added[], their counts, lines_a, lines_b and in_order to @json (doc/schema/comparison.schema.json). */
int axev__lines_compare(struct axev__span text_a, struct axev__span text_b, axev__json *json, bool *ret_is_same,
			axev_error *err);

#endif
