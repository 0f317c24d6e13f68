/* SPDX-License-Identifier: Apache-2.0 */
/* wire/requests.json (doc/FORMAT.md 1.7). */
#ifndef AXEV_CAPTURE_WEB_REQUESTS_H
#define AXEV_CAPTURE_WEB_REQUESTS_H

#include "base/json.h"

struct axev__web;

/* Answers in the WARC, by the request of the log that each belongs to; SIZE_MAX: the log binds none. */
struct axev__web_records {
	struct axev__web_record {
		size_t request, order;
		char id[37]; /* UUID */
	} *items;
	size_t count, room;
};

int axev__web_record_add(struct axev__web_records *records, size_t request, const char *id, axev_error *err);
void axev__web_records_free(struct axev__web_records *records);

/* After the WARC is written; fills the counts of @web. */
int axev__web_requests_json(struct axev__web *web, axev__json **ret_json, axev_error *err);
/* The counts as members of the manifest's source. */
int axev__web_requests_facts(const struct axev__web *web, axev__json *source, axev_error *err);

#endif
