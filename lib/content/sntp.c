/* SPDX-License-Identifier: Apache-2.0 */
#include "content/sntp.h"

#include <string.h>

#include "base/time.h"

#define UNIX_FROM_1900 INT64_C(2208988800)
#define ERA_SECONDS (INT64_C(1) << 32)
#define MAX_ROOT_DISTANCE_NS (AXEV__NS_PER_SECOND * 3 / 2) /* RFC 5905 11.1: MAXDIST is 1.5 s; sizes beyond are unusable */

void axev__sntp_request(const uint8_t nonce[8], uint8_t out[AXEV__SNTP_BYTES])
{
	memset(out, 0, AXEV__SNTP_BYTES);
	out[0] = 0 << 6 | 4 << 3 | 3; /* leap 0, version 4, mode 3 */
	memcpy(out + 40, nonce, 8);
}

static uint32_t u32_at(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Figure 3: 16 bits of seconds, 16 of fraction. */
static int64_t short_ns(const uint8_t *at)
{
	return (int64_t)((uint64_t)u32_at(at) * (uint64_t)AXEV__NS_PER_SECOND >> 16);
}

/* 32 bits of seconds since 1900, 32 of fraction, in the era (6) that is nearest to @near_ns. */
static int64_t stamp_ns(const uint8_t *at, int64_t near_ns)
{
	int64_t seconds = (int64_t)u32_at(at) - UNIX_FROM_1900;
	int64_t near = near_ns / AXEV__NS_PER_SECOND;

	while (seconds < near - ERA_SECONDS / 2)
		seconds += ERA_SECONDS;
	while (seconds > near + ERA_SECONDS / 2)
		seconds -= ERA_SECONDS;
	return seconds * AXEV__NS_PER_SECOND +
	       (int64_t)((uint64_t)u32_at(at + 4) * (uint64_t)AXEV__NS_PER_SECOND >> 32);
}

static int refuse(axev_error *err, const char *expected)
{
	return axev__fail(err, AXEV_E_PEER, "expected %s", expected);
}

/* RFC 5905 9.2 and figure 18: the checks of a packet that a client makes. */
static int check(struct axev__span message, const uint8_t nonce[8], axev_error *err)
{
	static const uint8_t zero[8];
	const uint8_t *p = message.data;
	unsigned version = p[0] >> 3 & 7, stratum = p[1];

	if ((p[0] & 7) != 4)
		return refuse(err, "a reply of a time server (mode 4)");
	if (version != 3 && version != 4)
		return refuse(err, "NTP version 3 or 4");
	if (memcmp(p + 24, nonce, 8) != 0)
		return refuse(err, "the reply to this request (origin timestamp)");
	if (stratum == 0)
		return refuse(err, "a time, found a kiss-o'-death");
	if (stratum > 15 || p[0] >> 6 == 3)
		return refuse(err, "a server that is itself synchronised");
	if (memcmp(p + 32, zero, 8) == 0 || memcmp(p + 40, zero, 8) == 0)
		return refuse(err, "receive and transmit timestamps");
	return AXEV_OK;
}

static void read_reference(const uint8_t *message, char out[5])
{
	size_t i;

	memset(out, 0, 5);
	if (message[1] != 1)
		return;
	for (i = 0; i < 4 && message[12 + i] > ' ' && message[12 + i] <= '~'; i++)
		out[i] = (char)message[12 + i];
}

/* Section 8: offset and delay out of the four timestamps; the era of the server's is the client's own. */
int axev__sntp_reply(struct axev__span message, const uint8_t nonce[8], int64_t sent_ns, int64_t received_ns,
		     struct axev__sntp_reply *ret_reply, axev_error *err)
{
	struct axev__sntp_reply reply = { 0 };
	int64_t arrived_ns, left_ns;

	if (message.size < AXEV__SNTP_BYTES)
		return axev__fail(err, AXEV_E_PEER, "expected at least %d bytes, found %zu", AXEV__SNTP_BYTES,
				  message.size);
	TRY(check(message, nonce, err));
	arrived_ns = stamp_ns(message.data + 32, sent_ns);
	left_ns = stamp_ns(message.data + 40, sent_ns);
	reply.round_trip_ns = (received_ns - sent_ns) - (left_ns - arrived_ns);
	if (left_ns < arrived_ns || received_ns < sent_ns || reply.round_trip_ns < 0)
		return refuse(err, "timestamps one after another");
	reply.stratum = message.data[1];
	reply.root_delay_ns = short_ns(message.data + 4);
	reply.root_dispersion_ns = short_ns(message.data + 8);
	if (reply.root_delay_ns / 2 + reply.root_dispersion_ns >= MAX_ROOT_DISTANCE_NS)
		return refuse(err, "a server less than 1.5 s away from its reference");
	read_reference(message.data, reply.reference);
	reply.offset_ns = (arrived_ns - sent_ns) / 2 + (left_ns - received_ns) / 2;
	reply.bound_ns = reply.round_trip_ns / 2 + reply.root_delay_ns / 2 + reply.root_dispersion_ns + 1;
	*ret_reply = reply;
	return AXEV_OK;
}
