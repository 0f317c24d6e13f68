/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CDXJ index of a WARC file of ours: one line a response, resource or metadata record, sorted by bytes
 * (CDXJ 0.1.0; keys as warcio.js computes them). It is derived from the WARC and from nothing else, so that
 * whoever has the WARC can make it again.
 */
#ifndef AXEV_CONTENT_CDXJ_H
#define AXEV_CONTENT_CDXJ_H

#include "base/buf.h"
#include "base/source.h"

#define AXEV__WARC_FILE_NAME "data.warc" /* below archive/ in a WACZ file */

/*
 * Append the index. A request is taken together with the response beside it (response first, or last)
 * when both have the same target URI: its method and body then become part of the line. Records whose
 * fields say application/warc-fields are not listed.
 */
int axev__cdxj_from_warc(const struct axev__source *warc, struct axev__buf *out, axev_error *err);

#endif
