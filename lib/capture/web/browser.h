/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Chromium of our own for one capture: fresh profile, no extensions, no proxy, its sandbox always on, steered over a
 * pipe that nobody else can reach, its network log in a FIFO. Started with posix_spawn; as root it runs as a user who
 * owns nothing else. Never reads or writes the profile of a person.
 */
#ifndef AXEV_CAPTURE_BROWSER_H
#define AXEV_CAPTURE_BROWSER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/span.h"
#include "base/limits.h"

struct axev__browser_opts {
	const char *path;    /* from axev__browser_find() */
	const char *ca_file; /* one more root (PEM), for this profile only; NULL: none */
	struct axev__span ca_pem; /* instead of a file; empty: none */
	struct axev__span client_p12; /* certificate and key for sites that ask for one; empty: none */
	const char *client_passphrase;
	const char *client_host; /* who gets to see it, as in an address */
	const char *lang;    /* "zh-CN" */
	uint32_t width, height;
	const char *display; /* X11, as ":0": a window that can be seen; NULL: none */
};

struct axev__browser {
	const char *path;    /* lent: the binary that runs */
	char directory[64];  /* profile, home and log; removed when the browser is freed */
	pid_t pid;           /* leader of its process group; 0: ended */
	uid_t uid;           /* whom it runs as */
	int command_fd;      /* we write */
	int answer_fd;       /* we read */
	int netlog_fd;       /* the log's reading end; -1 once handed on */
	int netlog_hold_fd;  /* a writing end, only while the browser starts */
	struct axev__buf listing; /* what stood in profile/ and home/ just before the start, one a line */
	const char *display; /* lent; NULL: none */
};
#define AXEV__BROWSER_INIT \
	{ .command_fd = -1, .answer_fd = -1, .netlog_fd = -1, \
			     .netlog_hold_fd = -1, .listing = AXEV__BUF_INIT(64 * AXEV__KIB) }

/* @path, or where distributions put the binary itself. Lent. AXEV_E_NOTFOUND, IO with what to do. */
int axev__browser_find(const char *path, const char **ret_path, axev_error *err);

/* IO when it cannot be started: what it said is in the message. */
int axev__browser_start(struct axev__browser *browser, const struct axev__browser_opts *opts,
			const axev_env *env, axev_error *err);

/* Its directory below, as "home/x". */
int axev__browser_make_below(const struct axev__browser *browser, const char *name, axev_error *err);
/* Runs @tool as the browser's user, with its home, and waits. AXEV_E_FORMAT: it ended with a failure, and what it said. */
int axev__browser_run_tool(struct axev__browser *browser, const char *tool, const char *const *arguments, axev_error *err);
/* A further root and a client certificate, into the database of this browser's home. */
int axev__browser_give_trust(struct axev__browser *browser, const struct axev__browser_opts *opts, axev_error *err);
/* Writes a file for the browser's user alone; it must not be there. */
int axev__browser_write(const struct axev__browser *browser, const char *path, struct axev__span bytes, axev_error *err);

/* The cookie of the display (XAUTHORITY or ~/.Xauthority) where the browser's user can read it. None there: as it is. */
int axev__browser_give_display(const struct axev__browser *browser, axev_error *err);

/* A copy of @bytes that the browser can read and a page sees as @name; *path becomes where it is. */
int axev__browser_give_file(const struct axev__browser *browser, uint32_t number, const char *name,
			    struct axev__span bytes, char *path, size_t path_size, axev_error *err);

/* What the browser last said on its standard error, for messages: one escaped line, perhaps empty. */
void axev__browser_last_words(const struct axev__browser *browser, char *out, size_t out_size);

/* Has it ended by itself? */
bool axev__browser_has_ended(struct axev__browser *browser);

/* Waits until it has ended, at most @timeout_ms, then kills. False when it had to be killed. */
bool axev__browser_wait(struct axev__browser *browser, uint32_t timeout_ms);

/* Removes profile, home and log, once it has ended. False: something of it is still there. */
bool axev__browser_remove(struct axev__browser *browser);

/* Kills what still runs and removes the directory. */
void axev__browser_end(struct axev__browser *browser);
#define AXEV__BROWSER AXEV__CLEANUP(axev__browser_end) struct axev__browser

#endif
