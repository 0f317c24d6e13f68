/* SPDX-License-Identifier: Apache-2.0 */
/* The part of VERIFY.md that leads from a disclosure to its original with sha256sum and openssl. */
#ifndef AXEV_CAPTURE_RECIPE_DISCLOSURE_H
#define AXEV_CAPTURE_RECIPE_DISCLOSURE_H

#include "crypto/key.h"
#include "package/container_read.h"

/* Nothing when @package is no disclosure. @number: as 0001. The certificates that signed the original go to @signers. */
int axev__recipe_disclosure(const struct axev__container *package, const char *number, struct axev__certs *signers,
			    struct axev__buf *out, axev_error *err);

#endif
