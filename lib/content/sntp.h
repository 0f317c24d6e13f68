/* SPDX-License-Identifier: Apache-2.0 */
/* SNTP, the client's side (RFC 5905 7.3, 8, 14): one request, one reply, what it says of a clock. Not authenticated. */
#ifndef AXEV_CONTENT_SNTP_H
#define AXEV_CONTENT_SNTP_H

#include "base/error.h"
#include "base/span.h"

#define AXEV__SNTP_BYTES 48

/* Version 4, mode client. The transmit timestamp is @nonce: the server must send it back, and learns no time from it. */
void axev__sntp_request(const uint8_t nonce[8], uint8_t out[AXEV__SNTP_BYTES]);

struct axev__sntp_reply {
	int64_t offset_ns;       /* what must be added to the clock that @sent_ns and @received_ns are from */
	int64_t bound_ns;        /* the offset is right to this, if the server is: half of all delays, and dispersion */
	int64_t round_trip_ns;
	unsigned stratum;        /* 1: the server has its time from a reference clock */
	char reference[5];       /* of stratum 1: "GPS", "PPS"...; else empty */
	int64_t root_delay_ns, root_dispersion_ns;
};

/* AXEV_E_PEER: no reply to this request, or one of a server that itself has no time to give. */
int axev__sntp_reply(struct axev__span message, const uint8_t nonce[8], int64_t sent_ns, int64_t received_ns,
		     struct axev__sntp_reply *ret_reply, axev_error *err);

#endif
