/* SPDX-License-Identifier: Apache-2.0 */
/* Web captures: the list of requests names each answer in the WARC once, and no other. */
#include "verify/verify.h"

#include <inttypes.h>

#include "base/limits.h"
#include "content/requests_index.h"
#include "content/warc_read.h"
#include "package/layout.h"
#include "package/wacz_read.h"

static int meet_all(struct axev__requests_index *index, const struct axev__source *warc, axev_error *err)
{
	AXEV__WARC_READER reader;
	struct axev__warc_view view;
	bool is_found;

	axev__warc_reader_init(&reader, warc);
	for (;;) {
		TRY(axev__warc_next(&reader, &view, &is_found, err));
		if (!is_found)
			return AXEV_OK;
		if (strcmp(view.record.type, "response") == 0)
			TRY(axev__requests_index_met(index, view.record.id,
						     view.record.target_uri ? view.record.target_uri : "", err));
	}
}

static int meet_records(const struct axev__subject *subject, struct axev__requests_index *index, axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(subject->container, "data/page.wacz");
	AXEV__CONTAINER_READER *wacz = NULL;
	struct axev__source source, warc;

	if (!entry)
		return AXEV_OK;
	source = axev__source_window(axev__container_source(subject->container), entry->offset, entry->size_bytes);
	TRY(axev__wacz_open(&source, &wacz, err));
	entry = axev__container_find(wacz, AXEV__WACZ_WARC);
	warc = axev__source_window(axev__container_source(wacz), entry->offset, entry->size_bytes);
	return meet_all(index, &warc, err);
}

static int check_all(const struct axev__subject *subject, const char *name, struct axev__requests_counts *ret_counts,
		     axev_error *err)
{
	AXEV__BUF document = AXEV__BUF_INIT(AXEV__MAX_REQUESTS_BYTES);
	AXEV__REQUESTS_INDEX *index = NULL;

	TRY(axev__container_read(subject->container, axev__container_find(subject->container, name), &document,
				 err));
	TRY(axev__requests_index_read(axev__buf_view(&document), &index, err));
	TRY(meet_records(subject, index, err));
	return axev__requests_index_end(index, ret_counts, err);
}

int axev__check_requests(struct axev__check *parent, const struct axev__subject *subject, const char *name,
			 axev_error *err)
{
	struct axev__requests_counts counts = { 0 };
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	int status;

	if (strcmp(name, "data/wire/requests.json") != 0)
		return AXEV_OK;
	TRY(axev__check_add(parent, AXEV__C_WEB_REQUESTS, name, &check, err));
	status = check_all(subject, name, &counts, &problem);
	TRY(axev__check_close(check, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	return axev__check_say(check, AXEV__CHECK_FOUND, err,
			       "网络日志与页面均有 in log and page %" PRIu64 "; 仅网络日志 log only %" PRIu64
			       "; 仅页面 page only %" PRIu64 "; 浏览器自身 browser's own %" PRIu64
			       "; 应答 answers %" PRIu64 ", 未对应请求 of no request %" PRIu64,
			       counts.joined, counts.log_only, counts.page_only, counts.browsers_own,
			       counts.records, counts.other_records);
}
