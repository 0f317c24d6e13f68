/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The browser's log counts on CLOCK_MONOTONIC from a time of day that the browser looks up once. When the clock is set later,
 * or the machine sleeps, or that one look was wrong, the log's times are not those of the machine's clock, by which the rest of
 * the manifest goes. Nobody can say when that was: it is found and told, and no time is changed.
 */
#ifndef AXEV_CAPTURE_WEB_CLOCK_H
#define AXEV_CAPTURE_WEB_CLOCK_H

#include "base/env.h"

/* Time of day when CLOCK_MONOTONIC was at 0, by the clock of the capture: as the log began, and when it had ended. */
struct axev__web_clock {
	int64_t zero_ns[2];
};

int axev__web_clock_look(const axev_env *env, int64_t *ret_zero_ns, axev_error *err);

/* How far the log's times were behind that clock where they were farthest from it, negative: ahead. 0: within 100 ms. */
int64_t axev__web_clock_behind_ns(const struct axev__web_clock *clock, int64_t log_zero_ns);

struct axev__web;
/* Looks a second time, and lists what it finds. */
int axev__web_note_clock(struct axev__web *web, axev_error *err);

#endif
