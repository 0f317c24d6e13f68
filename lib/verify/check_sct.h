/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AXEV_VERIFY_CHECK_SCT_H
#define AXEV_VERIFY_CHECK_SCT_H

#include "verify/policy.h"
#include "verify/report.h"
#include "verify/tls_document.h"

/*
 * The certificate timestamps of path->items[0], inside it and in the handshake: those of the policy's logs must be right.
 * Nothing when the policy names no logs.
 */
int axev__check_scts(const axev_policy *policy, struct axev__check *node,
		     const struct axev__tls_connection *connection,
		     const struct axev__tls_handshake *handshake, const struct axev__certs *path,
		     axev_error *err);

#endif
