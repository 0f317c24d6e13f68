/* SPDX-License-Identifier: Apache-2.0 */
#include "package/file_sync.h"

#include <errno.h>
#include <unistd.h>

#include "package/worker.h"

static void *run(void *payload)
{
	struct axev__file_sync *sync = payload;

	if (fsync(sync->fd) < 0)
		sync->failed_errno = errno;
	return NULL;
}

void axev__file_sync_begin(struct axev__file_sync *sync, int fd)
{
	*sync = (struct axev__file_sync){ .fd = fd };
	sync->is_running = axev__worker_start(&sync->thread, run, sync, NULL) >= 0;
}

int axev__file_sync_end(struct axev__file_sync *sync, int status, axev_error *err)
{
	if (sync->is_running)
		pthread_join(sync->thread, NULL);
	else
		run(sync);
	sync->is_running = false;
	TRY(status);
	if (sync->failed_errno)
		return axev__fail_errno(err, sync->failed_errno, "cannot make the container durable");
	return AXEV_OK;
}
