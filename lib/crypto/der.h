/* SPDX-License-Identifier: Apache-2.0 */
/* DER, strict in and canonical out: definite minimal lengths, low tag numbers, bounded depth. */
#ifndef AXEV_CRYPTO_DER_H
#define AXEV_CRYPTO_DER_H

#include "base/buf.h"

/* A cursor over the content of one constructed value. */
struct axev__der {
	struct axev__span rest;
	uint64_t offset; /* of rest.data in the outermost input, for messages */
};

enum {
	AXEV__DER_BOOLEAN = 0x01,
	AXEV__DER_INTEGER = 0x02,
	AXEV__DER_BIT_STRING = 0x03,
	AXEV__DER_OCTET_STRING = 0x04,
	AXEV__DER_NULL = 0x05,
	AXEV__DER_OID = 0x06,
	AXEV__DER_UTF8_STRING = 0x0C,
	AXEV__DER_UTC_TIME = 0x17,
	AXEV__DER_GENERALIZED_TIME = 0x18,
	AXEV__DER_SEQUENCE = 0x30,
	AXEV__DER_SET = 0x31,
	AXEV__DER_CONTEXT_0 = 0xA0,
	AXEV__DER_CONTEXT_1 = 0xA1
};

struct axev__der axev__der_open(struct axev__span input);
bool axev__der_done(const struct axev__der *der);
int axev__der_peek(const struct axev__der *der); /* next tag byte, -1 at the end */

/* Next value must have @tag: its content, and (if asked) the whole TLV. */
int axev__der_take(struct axev__der *der, int tag, struct axev__span *ret_content,
		   struct axev__span *ret_whole, const char *what, axev_error *err);
/* The same, opened as a cursor. */
int axev__der_enter(struct axev__der *der, int tag, struct axev__der *ret_inner, const char *what,
		    axev_error *err);
/* Nothing may follow. */
int axev__der_end(const struct axev__der *der, const char *what, axev_error *err);

/*
 * Exactly one value, canonical down to its primitive leaves: lengths, BOOLEAN, INTEGER, string forms.
 * SET OF order is not looked at: which sets are signed only the caller knows.
 */
int axev__der_check(struct axev__span input, const char *what, axev_error *err);

/* INTEGER of at most 64 bits, not negative; @content as axev__der_take gave it. */
bool axev__der_u64(struct axev__span content, uint64_t *ret_value);

/* Write one value with its header. */
int axev__der_put(struct axev__buf *out, int tag, struct axev__span content, axev_error *err);
/* The same around several parts, one after another. */
int axev__der_put_parts(struct axev__buf *out, int tag, const struct axev__span *parts, size_t count,
			axev_error *err);
/* INTEGER of an unsigned big-endian number (sign octet added, leading zeros dropped). */
int axev__der_put_unsigned(struct axev__buf *out, struct axev__span big_endian, axev_error *err);
int axev__der_put_small(struct axev__buf *out, uint64_t value, axev_error *err);
/* SET OF: elements sorted by their encodings (X.690 11.6). */
int axev__der_put_set_of(struct axev__buf *out, int tag, struct axev__span *elements, size_t count,
			 axev_error *err);

#endif
