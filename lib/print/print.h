/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The printed forms. What a capture did not record is printed as "not recorded", never filled in; each page says
 * what the print proves and what it does not.
 */
#ifndef AXEV_PRINT_PRINT_H
#define AXEV_PRINT_PRINT_H

#include "base/json.h"
#include "package/container_read.h"
#include "print/document.h"

enum axev__form {
	AXEV__FORM_EXTRACTION = 1, /* 电子数据证据提取笔录 */
	AXEV__FORM_LIST = 2,       /* 电子数据提取固定清单 */
	AXEV__FORM_WEB = 4,        /* 网页内容固定单, with the screenshot in slices */
	AXEV__FORM_REPORT = 8,     /* 核验报告 */
	AXEV__FORM_CONTENTS = 16,  /* 卷宗证据目录, of a bundle */
	AXEV__FORM_COMPARISON = 32, /* 电子数据比对表, of two packages */
	AXEV__FORM_CLEAN = 64,     /* 清洁性检查记录, where checks were recorded */
	AXEV__FORM_DISCLOSURE = 128 /* 电子数据披露单 */
};

/* How the time of the seal is attested. */
enum axev__print_time {
	AXEV__PRINT_TIME_UNKNOWN,  /* nothing is said about it */
	AXEV__PRINT_TIME_PENDING,  /* no time-stamp yet */
	AXEV__PRINT_TIME_EMBEDDED, /* only the maker's own authority */
	AXEV__PRINT_TIME_AUTHORITY /* not the embedded one; whose it is, a policy must say */
};

/* All JSON is lent and may be NULL where it says so. */
struct axev__print_input {
	/* All forms but report and comparison: data/evidence.json. The package id is computed from it. */
	const axev__json *manifest;
	/* data/facts.json ("ax-facts/1") or NULL: not enclosed. */
	const axev__json *facts;
	/* List of the parts' indexes ("ax-part/1") in the order of the manifest. NULL: their objects are not listed. */
	const axev__json *parts;
	/* List of {index, entry}: entries of the ledger ("ax-ledger/1"). NULL: not enclosed. */
	const axev__json *ledger;
	/* List of {number, subject, issuer, sha256, stamped, authority, is_embedded, is_late}: who signed, and the time-stamp
	 * on it; "stamped" and what follows only with one. NULL: not looked at. */
	const axev__json *signatures;
	/* For the contents: the manifests of the packages, in order. */
	const axev__json *packages;
	/* "ax-wire-dns/1" of a web capture. NULL: not recorded. */
	const axev__json *dns;
	/*
	 * {connections, proven, checks, not_before, not_after}: of those with the facts of source.tls how many the verifier's
	 * checks prove, and the checks of one: {id, title, title_zh, status, found, found_zh}. NULL: not looked at.
	 */
	const axev__json *tls_proof;
	/* "ax-subject-found/1" of a web capture. NULL: not looked for. */
	const axev__json *subject;
	/* "ax-reach/1" and "ax-reach-comparison/1" of a web capture. NULL: not looked for, or not there. */
	const axev__json *reach, *reach_comparison;
	/* Of a disclosure: the original's manifest, and rows of cells as "ax-report/1" has them in "shown". NULL: none. */
	const axev__json *original, *disclosed;
	uint64_t disclosed_more;
	/* Start of what a page shows, UTF-8, and whether there is more. Empty: not recorded. */
	struct axev__span page_text;
	bool is_page_text_cut;
	/* "ax-report/1", for the report alone. */
	const axev__json *report;
	/* "ax-comparison/1", for the comparison alone. */
	const axev__json *comparison;
	/* For the header; NULL: the first sixteen digits of the package id. */
	const char *evidence_number;
	enum axev__print_time time;
	/* Date of the PDF; 0: capture.finished of the manifest, or what the report's times or the later capture give. */
	int64_t instant_ns;
	/* The object @screenshot_path of the manifest; its bytes must have the SHA-256 stated. NULL: none. */
	const char *screenshot_path;
	struct axev__source screenshot;
};

/*
 * Append forms of one package, combined with |, to @document: each begins on a page of its own. @lang is "zh" (NULL)
 * or "en". A screenshot's source must stay readable until the document is printed; nothing else of @input need.
 */
int axev__print_add(struct axev__document *document, unsigned forms,
		    const struct axev__print_input *input, const char *lang, axev_error *err);

/* The same input gives the same bytes. */
int axev__print_form(unsigned forms, const struct axev__print_input *input, const char *lang, int out_fd,
		     axev_error *err);

#endif
