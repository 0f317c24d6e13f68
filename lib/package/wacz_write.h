/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A WACZ 1.1.1 file from a WARC file of ours (FORMAT.md section 1.6): the ZIP profile of containers, every
 * entry STORED, index derived from the WARC, hashes in datapackage.json. Memory does not grow with the
 * WARC, only with the number of its records. No signedData: what seals a capture is the package around it.
 */
#ifndef AXEV_PACKAGE_WACZ_WRITE_H
#define AXEV_PACKAGE_WACZ_WRITE_H

#include "base/env.h"
#include "base/error.h"

struct axev__wacz_page {
	const char *id;    /* unique among the pages */
	const char *url;   /* as WARC-Target-URI of a record, which verifiers look for */
	int64_t time_ns;   /* as its WARC-Date; whole seconds are written */
	const char *title; /* NULL: none */
	const char *text;  /* what the page says, for search; NULL: none */
};

struct axev__wacz_about {
	const char *title; /* of the collection; NULL: none */
	int64_t created_ns;
	const struct axev__wacz_page *pages; /* the first is the main one; 1 to AXEV__MAX_WACZ_PAGES */
	size_t page_count;
};

/* @out_fd: an empty file. @warc_fd: a file of axev__warc_write, read from its start to its end. */
int axev__wacz_write(int out_fd, int warc_fd, const struct axev__wacz_about *about,
		     const axev_env *env, axev_error *err);

#endif
