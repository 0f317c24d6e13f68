/* SPDX-License-Identifier: Apache-2.0 */
/* DNS messages (RFC 1035, RFC 3596) as a small client needs them: one question, addresses in the answer. */
#ifndef AXEV_CONTENT_DNS_MESSAGE_H
#define AXEV_CONTENT_DNS_MESSAGE_H

#include "base/buf.h"
#include "content/dns_wire.h"

#define AXEV__MAX_DNS_ADDRESSES 64
#define AXEV__MAX_DNS_MESSAGE 65535
#define AXEV__MAX_DNS_ALIASES 16 /* of one reply that are kept */

struct axev__dns_reply {
	unsigned code;     /* RFC 1035 4.1.1: 0 no error, 2 server failure, 3 no such name, 5 refused */
	bool is_cut;       /* TC: ask again over TCP */
	bool is_authentic; /* AD (RFC 4035 3.2.3): the resolver says that it validated; nothing proves it */
	size_t count;
	uint8_t addresses[AXEV__MAX_DNS_ADDRESSES][16]; /* 4 bytes used for A; in the order of the answer */
	size_t alias_count; /* CNAME records on the way, as they lead on */
	struct axev__dns_name aliases[AXEV__MAX_DNS_ALIASES];
};

/* A query for @host with recursion desired. AXEV_E_INVAL: no name that DNS could hold. */
int axev__dns_query(const char *host, unsigned type, uint16_t id, struct axev__buf *out, axev_error *err);

/*
 * The reply to just @query: its id and its question must be those sent. Addresses count when their owner is the name
 * asked for, or one to which CNAME records lead from it. AXEV_E_FORMAT, LIMIT.
 */
int axev__dns_reply(struct axev__span message, struct axev__span query, struct axev__dns_reply *ret_reply,
		    axev_error *err);

#endif
