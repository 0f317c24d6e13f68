/* SPDX-License-Identifier: Apache-2.0 */
/* The part of VERIFY.md that makes roots of record sets again, and compares rows with a CSV file, with Python alone. */
#ifndef AXEV_CAPTURE_RECIPE_RECORDS_H
#define AXEV_CAPTURE_RECIPE_RECORDS_H

#include "package/container_read.h"

/* Nothing when @package has no record sets and shows none. @number: as 0001. The program stands there once: *has_script. */
int axev__recipe_records(const struct axev__container *package, const char *number, bool *has_script,
			 struct axev__buf *out, axev_error *err);

#endif
