/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AXEV_VERIFY_CHECK_HANDED_H
#define AXEV_VERIFY_CHECK_HANDED_H

#include "package/all_objects.h"
#include "package/record_set_read.h"
#include "verify/verify.h"

/* Adds a check when the set was read out of a file that was handed over, nothing otherwise. */
int axev__check_handed(const struct axev__verify *verify, struct axev__check *parent,
		       const struct axev__all_objects *objects, const struct axev__record_header *header,
		       const struct axev__source *records, axev_error *err);

/* Who handed a file over, and what a workbook holds beside its rows: their records are no rows of the data. */
bool axev__is_no_data(const struct axev__record_header *header);

#endif
