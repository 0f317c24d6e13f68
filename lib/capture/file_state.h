/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a file is as it was when it was opened: bytes of one moment, or of several. */
#ifndef AXEV_CAPTURE_FILE_STATE_H
#define AXEV_CAPTURE_FILE_STATE_H

#include <sys/stat.h>

#include "base/time.h"

static inline int64_t axev__modified_ns(const struct stat *st)
{
	return (int64_t)st->st_mtim.tv_sec * AXEV__NS_PER_SECOND + st->st_mtim.tv_nsec;
}

static inline bool axev__has_changed(const struct stat *before, int fd)
{
	struct stat after;

	return fstat(fd, &after) < 0 || after.st_size != before->st_size ||
	       axev__modified_ns(&after) != axev__modified_ns(before) ||
	       after.st_ctim.tv_sec != before->st_ctim.tv_sec ||
	       after.st_ctim.tv_nsec != before->st_ctim.tv_nsec;
}

#endif
