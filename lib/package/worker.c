/* SPDX-License-Identifier: Apache-2.0 */
#include "package/worker.h"

#include <signal.h>

int axev__worker_start(pthread_t *ret_thread, void *(*run)(void *payload), void *payload,
		       axev_error *err)
{
	sigset_t all, before;
	int failed;

	/* The mask is inherited: blocked for the moment of creation, blocked in the helper for good. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(ret_thread, NULL, run, payload);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed)
		return axev__fail_errno(err, failed, "cannot start a helper thread");
	return AXEV_OK;
}
