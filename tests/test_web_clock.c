/* SPDX-License-Identifier: Apache-2.0 */
/* The browser's log and the machine's clock: do they still go together? */
#include "support.h"

#include <time.h>

#include "base/time.h"
#include "capture/web/web_clock.h"

#define SECOND INT64_C(1000000000)

static axev_error err;
static int64_t set_by; /* the clock was set, or the machine slept */
static int looks;

static int now(void *payload, int64_t *ret_unix_ns, axev_error *error)
{
	struct timespec pause = { .tv_nsec = 20000000 };

	(void)error;
	/* A thread that has to wait for a processor between two clocks; not each time. */
	if (payload && looks++ < 3)
		nanosleep(&pause, NULL);
	TRY(axev__now(NULL, ret_unix_ns, error));
	*ret_unix_ns += set_by;
	return AXEV_OK;
}

static struct axev__web_clock look_twice(int64_t set_meanwhile)
{
	axev_env env = AXEV_ENV_INIT;
	struct axev__web_clock clock;

	env.now = now;
	set_by = 0;
	assert_ok(axev__web_clock_look(&env, &clock.zero_ns[0], &err));
	set_by = set_meanwhile;
	assert_ok(axev__web_clock_look(&env, &clock.zero_ns[1], &err));
	return clock;
}

static void assert_near(int64_t found, int64_t expected)
{
	ck_assert_int_le(llabs(found - expected), 20000000);
}

START_TEST(web_clock__a_clock_that_is_not_set_says_nothing)
{
	struct axev__web_clock clock = look_twice(0);

	ck_assert_int_eq(axev__web_clock_behind_ns(&clock, clock.zero_ns[0]), 0);
	/* What is lost by milliseconds in the log is nothing. */
	ck_assert_int_eq(axev__web_clock_behind_ns(&clock, clock.zero_ns[0] / 1000000 * 1000000), 0);
}
END_TEST

START_TEST(web_clock__one_that_is_set_while_the_browser_runs_is_found)
{
	struct axev__web_clock ahead = look_twice(7 * SECOND), back = look_twice(-3 * SECOND);

	assert_near(axev__web_clock_behind_ns(&ahead, ahead.zero_ns[0]), 7 * SECOND);
	assert_near(axev__web_clock_behind_ns(&back, back.zero_ns[0]), -3 * SECOND);
}
END_TEST

START_TEST(web_clock__a_log_that_began_with_another_time_is_found)
{
	struct axev__web_clock clock = look_twice(0);

	assert_near(axev__web_clock_behind_ns(&clock, clock.zero_ns[0] - 2 * SECOND), 2 * SECOND);
	assert_near(axev__web_clock_behind_ns(&clock, clock.zero_ns[0] + SECOND / 5), -SECOND / 5);
	/* It was set right while the browser ran: at the beginning it was wrong. */
	clock = look_twice(4 * SECOND);
	assert_near(axev__web_clock_behind_ns(&clock, clock.zero_ns[1]), -4 * SECOND);
}
END_TEST

START_TEST(web_clock__time_that_goes_by_while_it_is_read_does_not_count)
{
	axev_env env = AXEV_ENV_INIT;
	int64_t calm, held_up;
	int once = 1;

	set_by = 0;
	looks = 0;
	assert_ok(axev__web_clock_look(NULL, &calm, &err));
	env.now = now;
	env.payload = &once;
	assert_ok(axev__web_clock_look(&env, &held_up, &err));
	ck_assert_int_gt(looks, 3);
	ck_assert_int_le(llabs(held_up - calm), 5000000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("web_clock");
	TCase *tcase = tcase_create("web_clock");

	tcase_add_test(tcase, web_clock__a_clock_that_is_not_set_says_nothing);
	tcase_add_test(tcase, web_clock__one_that_is_set_while_the_browser_runs_is_found);
	tcase_add_test(tcase, web_clock__a_log_that_began_with_another_time_is_found);
	tcase_add_test(tcase, web_clock__time_that_goes_by_while_it_is_read_does_not_count);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
