/* SPDX-License-Identifier: Apache-2.0 */
/* The part of VERIFY.md that verifies a TLS handshake with jq, base64 and openssl. */
#ifndef AXEV_CAPTURE_RECIPE_TLS_H
#define AXEV_CAPTURE_RECIPE_TLS_H

#include "base/buf.h"
#include "base/json.h"

/*
 * The commands for the first connection of wire/connections.json that they fit: TLS 1.3 without a retry, and a scheme that
 * openssl is told in one way. Nothing when there is none. @number is the package's, as 0001.
 */
int axev__recipe_tls(const axev__json *document, const char *number, struct axev__buf *out,
		     axev_error *err);

#endif
