/* SPDX-License-Identifier: Apache-2.0 */
/* Captures of many addresses: each in a process and a browser of its own, so that no page sees another. */
#ifndef AXEV_TOOLS_CAPTURE_LIST_H
#define AXEV_TOOLS_CAPTURE_LIST_H

struct capture_list {
	const char *path;     /* one address a line; NULL: no list */
	const char *results;  /* one JSON object a line; NULL: the list's name and ".results" */
	unsigned jobs;        /* captures at a time */
	unsigned delay_ms;    /* between two of one host; with it, one at a time of each host */
	int is_json;
};

#define CAPTURE_LIST_INIT { NULL, NULL, 1, 1000, 0 }

/* Captures @url and tells the outcome as --json does. Exit code. Called in a child process. */
typedef int (*capture_one)(void *context, const char *url);

/*
 * Every address of the list that the results do not name as sealed yet. Each outcome is written down, durably, as soon as
 * it is known, so that the same call goes on where it was stopped. EXIT_DONE when all are sealed.
 */
int capture_list_run(const struct capture_list *list, capture_one one, void *context);

#endif
