/* SPDX-License-Identifier: Apache-2.0 */
/* Record sets of a file that was handed over (FORMAT.md section 3.6) are made again out of the bytes of that file. */
#ifndef AXEV_VERIFY_CHECK_HANDED_H
#define AXEV_VERIFY_CHECK_HANDED_H

#include "package/all_objects.h"
#include "package/record_set_read.h"
#include "verify/verify.h"

/* Rows of record_sets[] that say they were read out of a file, in their order. */
struct axev__handed_sets {
	const axev__json *list[AXEV__MAX_RECORD_SETS];
	size_t count;
	bool all_hold; /* all record sets of the package, these and others */
};
void axev__handed_note(struct axev__handed_sets *sets, const axev__json *set, const struct axev__record_header *header);

/* Adds a check when a file was handed over or a set says so, nothing otherwise. */
int axev__check_handed(const struct axev__verify *verify, struct axev__check *parent,
		       const struct axev__all_objects *objects, const struct axev__handed_sets *sets, axev_error *err);

/* Who handed a file over, and what a workbook holds beside its rows: their records are no rows of the data. */
bool axev__is_no_data(const struct axev__record_header *header);

/* ---- what the files of one format share with those of another ---- */

/* One of the sets; the records are lent by @objects. */
int axev__handed_open(const struct axev__all_objects *objects, const axev__json *set, struct axev__record_header *ret_header,
		      struct axev__source *ret_records, axev_error *err);
/* "about" names a workbook. */
bool axev__is_of_workbook(const struct axev__record_header *header);
/* All sheets of @file against all sets. */
int axev__check_workbook(const struct axev__verify *verify, const struct axev__all_objects *objects,
			 const struct axev__handed_sets *sets, const char *path, const struct axev__source *file,
			 axev_error *err);

#endif
