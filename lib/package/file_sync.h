/* SPDX-License-Identifier: Apache-2.0 */
/* An fsync() that runs while the file is hashed: both take long, one of the disk and the other of the processor. */
#ifndef AXEV_PACKAGE_FILE_SYNC_H
#define AXEV_PACKAGE_FILE_SYNC_H

#include <pthread.h>
#include <stdbool.h>

#include "base/error.h"

struct axev__file_sync {
	int fd;
	int failed_errno;
	bool is_running; /* else no thread could be started, and the end does it */
	pthread_t thread;
};

void axev__file_sync_begin(struct axev__file_sync *sync, int fd);
/*
 * Always to be called; @status is that of what ran beside it, and is returned if it is a failure. What the kernel tells of a failure it tells
 * once: whoever gets it here must not call the file durable.
 */
int axev__file_sync_end(struct axev__file_sync *sync, int status, axev_error *err);

#endif
