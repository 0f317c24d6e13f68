/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/web_clock.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"
#include "capture/web/web.h"

#define MILLISECOND_NS INT64_C(1000000)
#define APART_NS (100 * MILLISECOND_NS)
#define LOOKS 8

/* Two clocks cannot be read at once: of several looks, the one in which least time went by. */
int axev__web_clock_look(const axev_env *env, int64_t *ret_zero_ns, axev_error *err)
{
	int64_t before, now, took, least = INT64_MAX, zero = 0;
	int i;

	for (i = 0; i < LOOKS && least > MILLISECOND_NS; i++) {
		before = axev__mono_ns();
		TRY(axev__now(env, &now, err));
		took = axev__mono_ns() - before;
		if (took >= least)
			continue;
		least = took;
		zero = now - before - took / 2;
	}
	*ret_zero_ns = zero;
	return AXEV_OK;
}

int64_t axev__web_clock_behind_ns(const struct axev__web_clock *clock, int64_t log_zero_ns)
{
	int64_t first = clock->zero_ns[0] - log_zero_ns, last = clock->zero_ns[1] - log_zero_ns;
	int64_t farther = llabs(last) > llabs(first) ? last : first;

	return llabs(farther) > APART_NS ? farther : 0;
}

int axev__web_note_clock(struct axev__web *web, axev_error *err)
{
	int64_t log_zero_ns, behind_ns;
	char why[96];

	TRY(axev__web_clock_look(web->take->env, &web->clock.zero_ns[1], err));
	if (!axev__wire_clock(web->wire, &log_zero_ns))
		return AXEV_OK;
	behind_ns = axev__web_clock_behind_ns(&web->clock, log_zero_ns);
	if (!behind_ns)
		return AXEV_OK;
	if (behind_ns > 0)
		snprintf(why, sizeof(why), "compared at its beginning and end: %" PRId64 " ms behind the machine's clock",
			 behind_ns / MILLISECOND_NS);
	else
		snprintf(why, sizeof(why), "compared at its beginning and end: %" PRId64 " ms ahead of the machine's clock",
			 -behind_ns / MILLISECOND_NS);
	return axev__web_missing(web, "times of the network log, WARC-Date among them", why, err);
}
