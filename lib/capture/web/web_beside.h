/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a web capture does beside its main course, in threads of their own: the digest of the browser, some 250 MB, and
 * the wait until the browser has ended and its directory is gone.
 */
#ifndef AXEV_CAPTURE_WEB_BESIDE_H
#define AXEV_CAPTURE_WEB_BESIDE_H

#include <pthread.h>

#include "capture/web/browser.h"

struct axev__identity {
	int fd;
	bool is_begun, is_running;
	int status;
	pthread_t thread;
	axev_error err;
	uint8_t sha256[32];
};
#define AXEV__IDENTITY_INIT \
	{ .fd = -1 }

/* Opened before the browser starts: what is hashed is the file that is run, whatever takes its name later. */
int axev__identity_open(struct axev__identity *identity, const char *path, axev_error *err);
/* Hashes from here on, once; best while the page is waited for, since a browser that starts needs all processors. */
int axev__identity_begin(struct axev__identity *identity, axev_error *err);
/* sha256 is there when this succeeds. */
int axev__identity_finish(struct axev__identity *identity, axev_error *err);
void axev__identity_end(struct axev__identity *identity);

struct axev__ending {
	struct axev__browser *browser; /* the thread's alone until it has finished */
	bool is_running;
	bool was_killed; /* it did not end by itself */
	bool is_removed; /* profile, home and log are gone */
	pthread_t thread;
};

/* The browser was told to quit. */
int axev__ending_begin(struct axev__ending *ending, struct axev__browser *browser, axev_error *err);
void axev__ending_finish(struct axev__ending *ending);

#endif
