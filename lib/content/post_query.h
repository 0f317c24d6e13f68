/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The body of a request as one line of text, so that an index can tell apart two requests to the same
 * URL (CDX guidelines for requests that are not GET). Follows what the readers in use compute.
 */
#ifndef AXEV_CONTENT_POST_QUERY_H
#define AXEV_CONTENT_POST_QUERY_H

#include "base/buf.h"

#define AXEV__MAX_POST_QUERY_UNITS 4096 /* UTF-16 code units: readers cut there */

/* Append the text of @body, whose media type with parameters is @content_type. */
int axev__post_query(struct axev__span content_type, struct axev__span body, struct axev__buf *out,
		     axev_error *err);

/* "URL?__wb_method=POST&..." with @query decoded, for the key of the index. */
int axev__post_url(struct axev__span url, struct axev__span method, struct axev__span query,
		   struct axev__buf *out, axev_error *err);

/* One pair of names and values a leaf of @json, form-encoded; nothing when it is not JSON. */
int axev__json_query(struct axev__span json, struct axev__buf *out, axev_error *err);

/* Text as a browser reads bytes that should be UTF-8: U+FFFD for what is broken. */
int axev__decode_utf8(struct axev__span bytes, struct axev__buf *out, axev_error *err);

/* x-www-form-urlencoded (WHATWG URL 5.2). */
int axev__form_encode(struct axev__buf *out, struct axev__span text, axev_error *err);

#endif
