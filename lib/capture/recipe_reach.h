/* SPDX-License-Identifier: Apache-2.0 */
/* The part of VERIFY.md that reads what could be reached, and binds an earlier capture by its id, with jq, base64 and sha256sum. */
#ifndef AXEV_CAPTURE_RECIPE_REACH_H
#define AXEV_CAPTURE_RECIPE_REACH_H

#include "package/container_read.h"

/* Nothing when @package has no such facts. @number: as 0001. */
int axev__recipe_reach(const struct axev__container *package, const char *number, struct axev__buf *out, axev_error *err);

#endif
