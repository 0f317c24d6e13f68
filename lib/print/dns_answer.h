/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses and other names in one DNS answer (RFC 1035 4.1, RFC 3596 2.1), for people to read. */
#ifndef AXEV_PRINT_DNS_ANSWER_H
#define AXEV_PRINT_DNS_ANSWER_H

#include "base/buf.h"

/*
 * Append "203.0.113.7, 2001:db8::7, CNAME cdn.example" to @out; record types other than A, AAAA and CNAME are passed over.
 * A code other than 0 (RFC 1035 4.1.1: RCODE) goes into *ret_code. Names are escaped. AXEV_E_FORMAT: no whole answer.
 */
int axev__dns_answer(struct axev__span message, struct axev__buf *out, unsigned *ret_code,
		     axev_error *err);

#endif
