/* SPDX-License-Identifier: Apache-2.0 */
/* One HTTP exchange, by libcurl or by the transport of the caller's axev_env. */
#ifndef AXEV_NET_HTTP_H
#define AXEV_NET_HTTP_H

#include "base/buf.h"
#include "base/env.h"

/* The answer's body goes to @ret_body (its maximum is kept); a status other than 200 is AXEV_E_PEER. */
int axev__http_exchange(const axev_env *env, const axev_http_request *request,
			struct axev__buf *ret_body, axev_error *err);

#endif
