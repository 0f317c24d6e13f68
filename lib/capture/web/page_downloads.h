/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Downloads of a page, its address itself among them. They are let happen, into a directory that is removed with the
 * profile, because their bytes go over a connection only as long as somebody takes them.
 */
#ifndef AXEV_CAPTURE_PAGE_DOWNLOADS_H
#define AXEV_CAPTURE_PAGE_DOWNLOADS_H

#include <stdbool.h>

#include "base/json.h"

enum axev__download_state {
	AXEV__DOWNLOAD_GOING,
	AXEV__DOWNLOAD_DONE,
	AXEV__DOWNLOAD_STOPPED
};

struct axev__page_download {
	char id[64];
	char *url;
	uint64_t received_bytes;
	enum axev__download_state state;
};

struct axev__page_downloads {
	struct axev__page_download *items;
	size_t count;
	uint64_t refused;      /* that many more were not let begin */
	uint64_t max_bytes;    /* of all together */
	bool is_over_limit;    /* so they were stopped */
};

struct axev__page;

/* Until then they are refused. @directory: of the browser's user. */
int axev__page_allow_downloads(struct axev__page *page, const char *directory, uint64_t max_bytes,
			       axev_error *err);
/* Browser.downloadWillBegin and Browser.downloadProgress */
int axev__page_download_begins(struct axev__page *page, const axev__json *params, axev_error *err);
int axev__page_download_goes_on(struct axev__page *page, const axev__json *params, axev_error *err);
bool axev__page_is_downloading(const struct axev__page *page);
/* A limit of bytes was reached. */
bool axev__page_has_enough(const struct axev__page *page);
int axev__page_stop_downloads(struct axev__page *page, axev_error *err);
void axev__page_downloads_free(struct axev__page_downloads *downloads);

#endif
