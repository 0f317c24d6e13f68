/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/db_cut.h"

#include <inttypes.h>
#include <stdio.h>

/* Only what the other side did: a full disk, a value that is none of its type, or somebody who stops are no lost connection. */
static bool is_kept(const struct axev__db_capture *capture, int status)
{
	return capture->keeps_incomplete && status == AXEV_E_PEER;
}

static int refuse(int status, const axev_error *problem, axev_error *err)
{
	if (err && err->status == AXEV_OK)
		*err = *problem;
	return status;
}

int axev__db_cut_rows(struct axev__db_set *set, int status, const axev_error *problem, axev_error *err)
{
	struct axev__db_capture *capture = set->capture;
	char why[sizeof(problem->message) + 128];

	if (status >= 0)
		return AXEV_OK;
	if (!is_kept(capture, status))
		return refuse(status, problem, err);
	snprintf(why, sizeof(why), "reading ended after %" PRIu64 " rows: %s", set->rows, problem->message);
	axev__buf_clear(&set->cells); /* of a row that is not whole */
	capture->is_cut = set->is_cut = true;
	return axev__take_missing(capture->take, axev__span_str(set->name), why, err);
}

int axev__db_cut_between(struct axev__db_capture *capture, const char *what, bool is_read, int status,
			 const axev_error *problem, axev_error *err)
{
	char why[sizeof(problem->message) + 128];

	if (status >= 0)
		return AXEV_OK;
	if (!is_kept(capture, status) || capture->sets == 0)
		return refuse(status, problem, err);
	snprintf(why, sizeof(why), is_read ? "all rows were read, and not counted again: %s" : "not read: %s", problem->message);
	capture->is_cut = true;
	return axev__take_missing(capture->take, axev__span_str(what), why, err);
}

int axev__db_cut_behind(struct axev__db_capture *capture, const char *what, axev_error *err)
{
	return axev__take_missing(capture->take, axev__span_str(what), "not read: reading had ended before", err);
}

int axev__db_cut_unchecked(struct axev__db_capture *capture, const char *what, axev_error *err)
{
	return axev__take_missing(capture->take, axev__span_str(what), "not checked: reading had ended before", err);
}
