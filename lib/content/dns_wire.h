/* SPDX-License-Identifier: Apache-2.0 */
/* Walking through a DNS message (RFC 1035 section 4): numbers, names with their pointers, records. */
#ifndef AXEV_CONTENT_DNS_WIRE_H
#define AXEV_CONTENT_DNS_WIRE_H

#include "base/buf.h"
#include "base/span.h"

#define AXEV__DNS_HEAD_BYTES 12
#define AXEV__MAX_DNS_LABEL 63  /* RFC 1035 2.3.4 */
#define AXEV__MAX_DNS_NAME 255  /* the same, with lengths and root */
#define AXEV__MAX_DNS_RECORDS 256 /* of one section */

enum { AXEV__DNS_A = 1, AXEV__DNS_CNAME = 5, AXEV__DNS_AAAA = 28, AXEV__DNS_CLASS_IN = 1 };

struct axev__dns_cursor {
	struct axev__span message;
	size_t at;
	axev_error *err;
};

/* Labels, each behind its length, as they were sent; without the root. */
struct axev__dns_name {
	uint8_t text[AXEV__MAX_DNS_NAME];
	size_t size;
};

struct axev__dns_record {
	struct axev__dns_name owner;
	unsigned type, class;
	struct axev__dns_cursor data; /* stands at the record's data */
	size_t data_bytes;
};

/* Each is AXEV_E_FORMAT, with the place, for what is no whole message. */
int axev__dns_pass(struct axev__dns_cursor *cursor, size_t size);
int axev__dns_take_u16(struct axev__dns_cursor *cursor, unsigned *ret_value);
int axev__dns_take_name(struct axev__dns_cursor *cursor, struct axev__dns_name *ret_name);
int axev__dns_take_record(struct axev__dns_cursor *cursor, struct axev__dns_record *ret_record);
/* The name that is all of a record's data. */
int axev__dns_record_name(const struct axev__dns_record *record, struct axev__dns_name *ret_name);

/*
 * As RFC 1035 5.1 writes it, without the dot at the end; "." is the root. What is no printable ASCII, and a dot or a
 * backslash inside of a label, is \\DDD or behind a backslash: two names never look the same.
 */
int axev__dns_name_text(const struct axev__dns_name *name, struct axev__buf *out, axev_error *err);

/* AXEV_E_LIMIT beyond AXEV__MAX_DNS_RECORDS. */
int axev__dns_check_count(unsigned count, axev_error *err);

#endif
