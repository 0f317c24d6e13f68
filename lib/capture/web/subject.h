/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who runs the site, as the site itself shows it (Article 11: 公示信息): what stands on the page, the pages that its licence
 * marks lead to, and how both compare with a filing record. FORMAT.md 1.10.
 */
#ifndef AXEV_CAPTURE_WEB_SUBJECT_H
#define AXEV_CAPTURE_WEB_SUBJECT_H

#include "base/limits.h"
#include "content/site_marks.h"

struct axev__web;

/* A filing record, "ax-subject/1". */
struct axev__filing {
	struct axev__buf bytes; /* as given */
	axev__json *json;       /* NULL: none was given */
};
#define AXEV__FILING_INIT { .bytes = AXEV__BUF_INIT(AXEV__MAX_FILING_BYTES) }
/* AXEV_E_FORMAT naming the member. */
int axev__filing_load(const char *path, struct axev__filing *filing, axev_error *err);
int axev__filing_parse(struct axev__span text, axev__json **ret_filing, axev_error *err);
void axev__filing_free(struct axev__filing *filing);
#define AXEV__FILING AXEV__CLEANUP(axev__filing_free) struct axev__filing

/* A page that a licence mark leads to. */
struct axev__site_target {
	size_t mark;           /* of the page's marks */
	char *url;             /* as the browser resolved it */
	char *document_url;    /* of the answer; NULL: none came */
	char *final_url, *title, *failure, *remote_address;
	uint32_t status;
	int64_t asked_ns, began_ns, ended_ns;
	int64_t exchange_ns;   /* when what brought it was asked for, by the log; 0: not found there */
	const char *outcome;   /* "opened", "not received", "not opened" */
	const char *why;       /* it was not opened; NULL */
	bool is_download, has_marks;
	struct axev__site_marks marks; /* of its own document tree */
	char dom[48], text[48], picture[48]; /* objects; empty: none */
};

struct axev__site_subject {
	bool is_wanted, is_looked;
	const struct axev__filing *filing;
	struct axev__site_marks marks;
	char *not_searched;    /* why; NULL */
	struct axev__site_target targets[AXEV__MAX_SITE_TARGETS];
	size_t target_count, targets_left_out;
	unsigned equal, different, not_found, not_in_filing;
};
#define AXEV__SUBJECT_INIT { .marks = AXEV__SITE_MARKS_INIT }
void axev__site_subject_free(struct axev__site_subject *subject);
#define AXEV__SUBJECT AXEV__CLEANUP(axev__site_subject_free) struct axev__site_subject

/* Looks through data/dom.json, as it goes into the package. A tree that cannot be looked through is listed as missing. */
int axev__site_subject_look(struct axev__web *web, struct axev__span dom, axev_error *err);
/* Opens what the licence marks lead to, one after another in the same browser; the views of the page have been taken. */
int axev__site_subject_visit(struct axev__web *web, axev_error *err);
/* data/subject.json, the filing record, and the manifest's "subject". Nothing when it was not asked for. */
int axev__site_subject_conclude(struct axev__web *web, axev_error *err);

/* "ax-subject-found/1" without what the package says of it. */
int axev__site_subject_json(const struct axev__web *web, axev__json **ret_json, axev_error *err);

/* What a page shows against a filing. Fills @ret_list and the counts of @subject. */
int axev__site_subject_compare(struct axev__web *web, axev__json **ret_list, axev_error *err);

#endif
