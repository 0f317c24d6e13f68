/* SPDX-License-Identifier: Apache-2.0 */
/* SNTP: the figures of RFC 5905 section 8, the turn of the era, and every reply that gives no time. */
#include "support.h"

#include "base/time.h"
#include "content/sntp.h"

static axev_error err;
static const uint8_t nonce[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static struct axev__sntp_reply reply;

#define SECOND AXEV__NS_PER_SECOND
#define SENT (INT64_C(1800000000) * SECOND) /* 2027-01-15 */

static void put_u32(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 24);
	at[1] = (uint8_t)(value >> 16);
	at[2] = (uint8_t)(value >> 8);
	at[3] = (uint8_t)value;
}

/* A whole second and quarters of it, so that no fraction is rounded. */
static void put_stamp(uint8_t *at, int64_t unix_ns)
{
	put_u32(at, (uint32_t)(unix_ns / SECOND + INT64_C(2208988800)));
	put_u32(at + 4, (uint32_t)(unix_ns % SECOND / (SECOND / 4)) << 30);
}

static void make(uint8_t message[AXEV__SNTP_BYTES], int64_t arrived_ns, int64_t left_ns)
{
	memset(message, 0, AXEV__SNTP_BYTES);
	message[0] = 0x24; /* version 4, mode 4 */
	message[1] = 1;
	memcpy(message + 12, "GPS", 3);
	put_u32(message + 4, 0x00008000); /* root delay 0.5 s */
	put_u32(message + 8, 0x00004000); /* root dispersion 0.25 s */
	memcpy(message + 24, nonce, 8);
	put_stamp(message + 32, arrived_ns);
	put_stamp(message + 40, left_ns);
}

static int read_reply(const uint8_t message[AXEV__SNTP_BYTES], int64_t sent_ns, int64_t received_ns)
{
	return axev__sntp_reply(axev__span(message, AXEV__SNTP_BYTES), nonce, sent_ns, received_ns, &reply, &err);
}

START_TEST(sntp__a_request_tells_nothing_but_its_nonce)
{
	uint8_t request[AXEV__SNTP_BYTES], expected[AXEV__SNTP_BYTES] = { 0x23 };

	memcpy(expected + 40, nonce, 8);
	axev__sntp_request(nonce, request);
	ck_assert_mem_eq(request, expected, sizeof(request));
}
END_TEST

START_TEST(sntp__offset_and_bound_follow_from_four_timestamps)
{
	uint8_t message[AXEV__SNTP_BYTES];

	/* Ten seconds behind the server; half a second there, a quarter in the server, half a second back. */
	make(message, SENT + 10 * SECOND + SECOND / 2, SENT + 10 * SECOND + SECOND * 3 / 4);
	assert_ok(read_reply(message, SENT, SENT + SECOND * 5 / 4));
	ck_assert_int_eq(reply.offset_ns, 10 * SECOND);
	ck_assert_int_eq(reply.round_trip_ns, SECOND);
	ck_assert_int_eq(reply.bound_ns, SECOND / 2 + SECOND / 4 + SECOND / 4 + 1);
	ck_assert_uint_eq(reply.stratum, 1);
	ck_assert_str_eq(reply.reference, "GPS");
}
END_TEST

START_TEST(sntp__the_era_is_that_of_the_client)
{
	int64_t turn_ns = (INT64_C(4294967296) - INT64_C(2208988800)) * SECOND; /* 2036-02-07T06:28:16Z */
	uint8_t message[AXEV__SNTP_BYTES];

	make(message, turn_ns + SECOND, turn_ns + SECOND);
	assert_ok(read_reply(message, turn_ns - SECOND, turn_ns - SECOND));
	ck_assert_int_eq(reply.offset_ns, 2 * SECOND);
	make(message, turn_ns - SECOND, turn_ns - SECOND);
	assert_ok(read_reply(message, turn_ns + SECOND, turn_ns + SECOND));
	ck_assert_int_eq(reply.offset_ns, -2 * SECOND);
}
END_TEST

static const struct {
	size_t at;
	uint8_t value;
	const char *text;
} wrong[] = {
	{ 0, 0x23, "expected a reply of a time server (mode 4)" },
	{ 0, 0x14, "expected NTP version 3 or 4" },
	{ 0, 0xE4, "expected a server that is itself synchronised" },
	{ 1, 0, "expected a time, found a kiss-o'-death" },
	{ 1, 16, "expected a server that is itself synchronised" },
	{ 24, 9, "expected the reply to this request (origin timestamp)" },
	{ 5, 3, "expected a server less than 1.5 s away from its reference" },
	{ 9, 2, "expected a server less than 1.5 s away from its reference" },
};

START_TEST(sntp__a_reply_without_a_time_is_refused)
{
	uint8_t message[AXEV__SNTP_BYTES];

	make(message, SENT, SENT);
	assert_ok(read_reply(message, SENT, SENT));
	message[wrong[_i].at] = wrong[_i].value;
	assert_fails(read_reply(message, SENT, SENT), AXEV_E_PEER, wrong[_i].text);
}
END_TEST

START_TEST(sntp__timestamps_that_cannot_be_are_refused)
{
	uint8_t message[AXEV__SNTP_BYTES];

	make(message, SENT, SENT);
	memset(message + 40, 0, 8);
	assert_fails(read_reply(message, SENT, SENT), AXEV_E_PEER, "expected receive and transmit timestamps");
	make(message, SENT + SECOND, SENT);
	assert_fails(read_reply(message, SENT, SENT + SECOND), AXEV_E_PEER,
		     "expected timestamps one after another");
	make(message, SENT, SENT + 2 * SECOND);
	assert_fails(read_reply(message, SENT, SENT + SECOND), AXEV_E_PEER,
		     "expected timestamps one after another");
	assert_fails(axev__sntp_reply(axev__span(message, 47), nonce, SENT, SENT, &reply, &err), AXEV_E_PEER,
		     "expected at least 48 bytes, found 47");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sntp");
	TCase *tcase = tcase_create("sntp");

	tcase_add_test(tcase, sntp__a_request_tells_nothing_but_its_nonce);
	tcase_add_test(tcase, sntp__offset_and_bound_follow_from_four_timestamps);
	tcase_add_test(tcase, sntp__the_era_is_that_of_the_client);
	tcase_add_loop_test(tcase, sntp__a_reply_without_a_time_is_refused, 0, (int)AXEV__COUNT(wrong));
	tcase_add_test(tcase, sntp__timestamps_that_cannot_be_are_refused);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
