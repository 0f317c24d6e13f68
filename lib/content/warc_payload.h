/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The payload of a record, out of its block: the body of an HTTP message without its transfer coding, its content
 * coding kept; of any other record the whole block. Reads in pieces, so a body of any size costs no memory.
 */
#ifndef AXEV_CONTENT_WARC_PAYLOAD_H
#define AXEV_CONTENT_WARC_PAYLOAD_H

#include "content/warc_read.h"

/*
 * SHA-256 of the payload. A message cut short gives what there is. AXEV_E_UNSUPPORTED for a transfer coding other than
 * chunked, AXEV_E_FORMAT for a block without an HTTP head or with broken chunks: those have no payload digest.
 */
int axev__warc_payload_sha256(const struct axev__source *warc, const struct axev__warc_view *view,
			      uint8_t out[32], axev_error *err);

/* The HTTP head at the start of a block of type request or response, read into @out; data NULL: none. */
int axev__warc_http_head(const struct axev__source *warc, const struct axev__warc_view *view,
			 struct axev__buf *out, struct axev__span *ret_head, axev_error *err);

#endif
