/* SPDX-License-Identifier: Apache-2.0 */
/* What the page asked for, as the browser tells it: which frame, why, as what. One a hop, in the order told. */
#ifndef AXEV_CAPTURE_PAGE_SENT_H
#define AXEV_CAPTURE_PAGE_SENT_H

#include "base/json.h"

struct axev__page_sent {
	char *url, *method;
	char *document_url, *initiator_url; /* NULL: not told */
	char id[64], frame[64], type[24];   /* "": not told; so with the next */
	char initiator[24];                 /* "parser", "script", "preload", "preflight", "other" ... */
	char told_by[24];                   /* type of the target: "page", "iframe", "worker" ... */
	char error[64];                     /* "net::ERR_...", or why the browser did not let it be sent */
	const char *from;                   /* "memory cache" ...: not over the network; NULL: not told */
	int64_t time_ns;
	size_t next, same;                  /* of the same method and address: the next one; how many, at the first */
	bool is_joined;                     /* to a request of the network log */
};

struct axev__page_sent_list {
	struct axev__page_sent *items;
	uint32_t *id_hashes;                /* to find one by its id */
	size_t count, room, text_bytes;
	uint64_t not_noted;                 /* more than are followed */
	struct group {
		size_t first, cursor;       /* SIZE_MAX: free; cursor: all before it are joined */
	} *groups;                          /* made for joining */
	size_t group_room;
};

struct axev__page;

/* An event of "Network." */
int axev__page_note_sent(struct axev__page *page, const char *told_by, const char *method, const axev__json *params,
			 axev_error *err);
void axev__page_sent_free(struct axev__page_sent_list *list);

/* Before the first that is joined. */
int axev__page_sent_group(struct axev__page_sent_list *list, axev_error *err);

/*
 * The first of this method and address (user and fragment aside, ws as http) that is not joined yet, was not told to be
 * from elsewhere than the network, and was asked for before @time_ns, give or take a second between two clocks. It is
 * joined then; NULL: there is none. *ret_same: how many there are of this method and address.
 */
struct axev__page_sent *axev__page_join_sent(struct axev__page_sent_list *list, const char *method, const char *url,
					     int64_t time_ns, size_t *ret_same);

#endif
