/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses as they go over a network: user and fragment stay behind, and ws: is http:. */
#ifndef AXEV_CONTENT_REQUEST_URL_H
#define AXEV_CONTENT_REQUEST_URL_H

#include "base/span.h"

/* Whether the scheme is a secure one, and what stands behind it without user and fragment. False: no such address. */
bool axev__request_url_split(struct axev__span url, bool *ret_is_secure, struct axev__span *ret_rest);

bool axev__request_url_same(struct axev__span a, struct axev__span b);

#endif
