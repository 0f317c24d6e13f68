/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of the host of an address can be reached from this machine (FORMAT.md 10): before the page is asked for, so that a page
 * that never comes is evidence too. And the same again later, beside what it was then.
 */
#ifndef AXEV_CAPTURE_WEB_REACH_H
#define AXEV_CAPTURE_WEB_REACH_H

#include <ax_evidence/capture.h>

#include "base/json.h"
#include "base/limits.h"

struct axev__web;

/* An earlier capture, as its ledger has it. */
struct axev__recheck {
	bool is_wanted;
	axev_ledger_package package;
	struct axev__buf manifest, reach; /* data/evidence.json and data/reach.json, as they are in it */
	axev__json *document;             /* the latter, read */
};
#define AXEV__RECHECK_INIT \
	{ .manifest = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES), .reach = AXEV__BUF_INIT(AXEV__MAX_REACH_BYTES) }
void axev__recheck_free(struct axev__recheck *recheck);
#define AXEV__RECHECK AXEV__CLEANUP(axev__recheck_free) struct axev__recheck

/*
 * Mistakes are found before anything is logged: AXEV_E_INVAL for a host that cannot be asked for, and for an earlier capture that
 * is none of this address or has no such facts; NOTFOUND, STATE (not sealed), CORRUPT.
 */
int axev__reach_load(axev_ledger *ledger, const axev_web_opts *opts, struct axev__recheck *recheck, axev_error *err);

/* Asks, and adds data/reach.json, data/recheck/... and what the manifest says of both. Nothing when nobody wants it. */
int axev__web_reach(struct axev__web *web, axev_error *err);

/* The facts alone: a document without what follows from them is completed. */
int axev__reach_run(const axev_web_opts *opts, const axev_env *env, const axev__json *earlier, axev__json **ret_document,
		    axev_error *err);

#endif
