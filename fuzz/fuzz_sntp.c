/* SPDX-License-Identifier: Apache-2.0 */
/* SNTP replies: what is accepted has a bound, and an offset within half an era. */
#include "content/sntp.h"

#include "base/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const int64_t sent_ns = INT64_C(1800000000) * AXEV__NS_PER_SECOND;
	const int64_t half_era_ns = (INT64_C(1) << 31) * AXEV__NS_PER_SECOND;
	struct axev__sntp_reply reply;

	if (size < AXEV__SNTP_BYTES)
		return 0;
	if (axev__sntp_reply(axev__span(data, size), data + 24, sent_ns, sent_ns + AXEV__NS_PER_SECOND, &reply,
			     NULL) < 0)
		return 0;
	if (reply.bound_ns <= 0 || reply.round_trip_ns < 0 || reply.offset_ns > half_era_ns + AXEV__NS_PER_SECOND ||
	    reply.offset_ns < -half_era_ns - AXEV__NS_PER_SECOND)
		__builtin_trap();
	return 0;
}
