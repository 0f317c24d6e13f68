/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that breaks off half-way. Without axev_db_opts.keep_incomplete that is an error like any other; with it, the rows that had
 * come are kept, what is missing is named, and the server is asked for nothing more.
 */
#ifndef AXEV_CAPTURE_DB_DB_CUT_H
#define AXEV_CAPTURE_DB_DB_CUT_H

#include "capture/db/db_set.h"

/* Rows of @set were being read with @status and @problem. AXEV_OK: they are all there, or set->capture->is_cut. */
int axev__db_cut_rows(struct axev__db_set *set, int status, const axev_error *problem, axev_error *err);

/* @what was being asked about, before its rows, or behind them (@is_read), to count them again. AXEV_OK: done, or @capture->is_cut. */
int axev__db_cut_between(struct axev__db_capture *capture, const char *what, bool is_read, int status,
			 const axev_error *problem, axev_error *err);

/* @what would have come behind the place where @capture was cut off. */
int axev__db_cut_behind(struct axev__db_capture *capture, const char *what, axev_error *err);

/* A check of what was read that is made at the end, and was not. */
int axev__db_cut_unchecked(struct axev__db_capture *capture, const char *what, axev_error *err);

#endif
