/* SPDX-License-Identifier: Apache-2.0 */
/* Walks files and folders in byte order of names, never through a symbolic link. */
#ifndef AXEV_CAPTURE_WALK_H
#define AXEV_CAPTURE_WALK_H

#include <sys/stat.h>

#include "base/buf.h"

struct axev__walk_file {
	struct axev__span name; /* path below the root, root's own name first; any bytes */
	int fd;                 /* open for reading, at the start; the walker closes it */
	struct stat before;     /* taken after opening */
};

struct axev__walk {
	/* One regular file. */
	int (*file)(void *payload, const struct axev__walk_file *file, axev_error *err);
	/* Something that is not captured: link, socket, device, unreadable. */
	int (*skipped)(void *payload, struct axev__span name, const char *why, axev_error *err);
	void *payload;
};

/* @root: a file or folder named by the user. A root that is itself a link is refused. */
int axev__walk_root(const char *root, const struct axev__walk *walk, axev_error *err);

#endif
