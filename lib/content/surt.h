/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key of a URL in a CDXJ index: host reversed, without "www.", lower case, arguments sorted. The
 * CDXJ specification leaves room; this follows what the readers in use compute (warcio.js), because
 * they look pages up with it. It is a means to find a record, never a statement about it.
 */
#ifndef AXEV_CONTENT_SURT_H
#define AXEV_CONTENT_SURT_H

#include "base/buf.h"

/*
 * Append the key of @url. URLs are expected as a browser writes them (WHATWG URL serialiser). What is
 * not http or https, and what has a host that a browser would not leave so, is its own key.
 */
int axev__surt(struct axev__span url, struct axev__buf *out, axev_error *err);

#endif
