/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of two record sets: by key where there is one, otherwise as a multiset. One sort on disk, one pass; memory does not grow with them. */
#ifndef AXEV_COMPARE_RECORDS_H
#define AXEV_COMPARE_RECORDS_H

#include "compare/compare.h"
#include "package/record_set_read.h"

/* One of the two sets. */
struct axev__records_side {
	struct axev__record_header header;
	struct axev__source records;
};

/* Which columns are compared: those with one name on both sides. */
struct axev__records_plan {
	size_t common;
	uint32_t *column[2];  /* of each, its cell on side 0 and 1 */
	axev__json *names;    /* of each */
	uint32_t *key;        /* positions among the common ones */
	size_t key_count;     /* 0: no key */
	bool is_named;        /* the key, by the operator */
};
/* Adds columns_only_a, columns_only_b, columns_changed, key and key_named to @result. *ret_is_same: no difference among them. */
int axev__records_plan_make(const struct axev__records_side sides[2], const axev_compare_opts *opts, axev__json *result,
			    struct axev__records_plan *ret_plan, bool *ret_is_same, axev_error *err);
/*
 * The key that the sets state stands for several rows @repeated times, so it is none. The one that the operator named takes its place, if
 * it is of columns of both: key_stated then is the former one. Adds key_repeated.
 */
int axev__records_plan_key_repeats(const axev_compare_opts *opts, uint64_t repeated, axev__json *result,
				   struct axev__records_plan *plan, axev_error *err);
void axev__records_plan_free(struct axev__records_plan *plan);
#define AXEV__RECORDS_PLAN AXEV__CLEANUP(axev__records_plan_free) struct axev__records_plan

/* INVAL when a key that was named does not tell rows apart. Adds rows_a, rows_b, same, changed, removed, added, rows and rows_not_listed. */
int axev__records_rows(const struct axev__records_side sides[2], const axev_compare_opts *opts, struct axev__records_plan *plan,
		       axev__json *result, bool *ret_is_same, axev_error *err);

/* What was compared, for people. */
int axev__records_text(const axev__json *records, bool is_zh, struct axev__buf *out, axev_error *err);
/* That the rows of a side end early, a line each; nothing if they do not. */
int axev__records_early_end(const axev__json *set, bool is_zh, struct axev__buf *out, axev_error *err);
/* A value as the comparison has it; NULL and what a JSON object has not are told. */
int axev__records_value(const axev__json *value, bool is_zh, struct axev__buf *out, axev_error *err);

#endif
