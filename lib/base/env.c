/* SPDX-License-Identifier: Apache-2.0 */
#include "base/env.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

#include "base/time.h"

int axev__now(const axev_env *env, int64_t *ret_unix_ns, axev_error *err)
{
	struct timespec now;

	if (env && env->now)
		return env->now(env->payload, ret_unix_ns, err);
	if (clock_gettime(CLOCK_REALTIME, &now) < 0)
		return axev__fail_errno(err, errno, "cannot read the clock");
	*ret_unix_ns = (int64_t)now.tv_sec * AXEV__NS_PER_SECOND + now.tv_nsec;
	return AXEV_OK;
}

int axev__random(const axev_env *env, void *out, size_t out_bytes, axev_error *err)
{
	size_t done = 0;

	if (env && env->random)
		return env->random(env->payload, out, out_bytes, err);
	while (done < out_bytes) {
		ssize_t got = getrandom((uint8_t *)out + done, out_bytes - done, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return axev__fail_errno(err, errno, "cannot read random bytes");
		done += (size_t)got;
	}
	return AXEV_OK;
}

int axev__progress(const axev_env *env, const char *phase, const char *subject, uint64_t done_bytes,
		   uint64_t total_bytes, axev_error *err)
{
	axev_progress progress = { sizeof(progress), phase, subject, done_bytes, total_bytes };

	if (!env || !env->progress || env->progress(env->payload, &progress) == 0)
		return AXEV_OK;
	return axev__fail(err, AXEV_E_CANCELLED, "cancelled");
}
