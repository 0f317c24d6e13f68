/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outcome of a verification: a tree of checks. It never decides anything by itself; the verdict is what
 * the statuses of the checks add up to.
 */
#ifndef AXEV_VERIFY_REPORT_H
#define AXEV_VERIFY_REPORT_H

#include <ax_evidence/verify.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "verify/messages.h"

enum axev__check_status {
	AXEV__CHECK_PASSED,
	AXEV__CHECK_FAILED,
	AXEV__CHECK_INDETERMINATE,
	AXEV__CHECK_NOT_APPLICABLE
};

struct axev__check {
	const struct axev__check_text *text;
	enum axev__check_status status;
	char *looked_at; /* escaped; NULL: nothing to say */
	char *expected;  /* NULL: what the table says */
	char *found;
	char *found_zh;         /* the same in Chinese; set with found when the check was closed */
	const char *reason;     /* stable id of why it failed; NULL: none */
	enum axev__remark remark; /* found, in words of the table; AXEV__REMARK_NONE: see found */
	char *command;
	struct axev__check *parent, *first_child, *last_child, *next;
};

struct axev__bound {
	bool is_known;
	int64_t unix_ns;
	bool is_embedded; /* attested by the maker's own authority */
};

/* When one package was captured and sealed, or all packages of a bundle. */
struct axev__times {
	struct axev__bound not_before; /* of a time-stamp that the manifest names; of several the earliest */
	struct axev__bound not_after;  /* of a time-stamp over the signature; of several the latest */
	struct axev__bound claimed;    /* by the maker; of several the earliest */
};

struct axev_report {
	struct axev__check root; /* not shown: holds the top checks */
	char *file;              /* escaped name of what was verified */
	char kind[32];
	char id_hex[AXEV_ID_HEX_SIZE]; /* empty until the manifest's bytes are known */
	char sha256_hex[AXEV_ID_HEX_SIZE];
	uint64_t bytes;
	size_t package_count;    /* whose times were added up */
	struct axev__times times; /* a bound is known when it is known of every package */
	int64_t verified_at_ns;  /* by the verifier's clock */
	int64_t judged_at_ns;    /* certificates without a time-stamp are judged at this time: the same, unless asked otherwise */
	bool is_embedded_time;   /* a time rests on the maker's own authority only */
	bool is_time_pending;
	bool is_truncated;       /* the file ends before its directory: incomplete, not altered */
	bool is_partial;         /* the manifest lists what could not be captured */
	bool is_original_erased; /* of a disclosure, as its ledger says */
	bool is_newer_format;
	axev__json *derived_from; /* disclosures that one of the packages says it was made from, escaped; NULL: none */
	axev__json *shown;       /* rows of cells that proofs or a disclosure show, escaped; NULL: none */
	uint64_t shown_more;     /* further cells, not listed */
};

int axev__report_new(axev_report **ret_report, axev_error *err);
static inline void axev__report_freep(axev_report **report)
{
	axev_report_free(*report);
}
#define AXEV__REPORT AXEV__CLEANUP(axev__report_freep) axev_report

/* Add the times of one more package. */
void axev__report_add_times(axev_report *report, const struct axev__times *times);

/* A new last child of @parent, indeterminate until it is closed. @looked_at is escaped here; may be NULL. */
int axev__check_add(struct axev__check *parent, enum axev__check_id id, const char *looked_at,
		    struct axev__check **ret_check, axev_error *err);

/*
 * Close a check with the outcome of a step. Bytes that are wrong make it failed, AXEV_E_INDETERMINATE makes it
 * indeterminate. Only the environment's failures (memory, reading, cancelling) are returned.
 */
int axev__check_close(struct axev__check *check, int status, const axev_error *step,
		      axev_error *err);

/* The same in words of the remark table. */
void axev__check_remark(struct axev__check *check, enum axev__check_status status,
			enum axev__remark remark);

enum axev__check_field { AXEV__CHECK_EXPECTED, AXEV__CHECK_FOUND, AXEV__CHECK_COMMAND,
			AXEV__CHECK_FOUND_ZH };
int axev__check_say(struct axev__check *check, enum axev__check_field field, axev_error *err,
		    const char *format, ...) AXEV_PRINTF(4, 5);

/* Failed when one child failed, else indeterminate when one is, else passed. */
void axev__check_sum(struct axev__check *check);

const char *axev__check_status_name(enum axev__check_status status);

/* What the two first lines say. */
enum axev__content { AXEV__CONTENT_UNCHANGED, AXEV__CONTENT_CHANGED, AXEV__CONTENT_INCOMPLETE,
		     AXEV__CONTENT_NEWER };
enum axev__trust { AXEV__TRUST_CHOSEN, AXEV__TRUST_NOT_CHOSEN, AXEV__TRUST_REFUSED,
		   AXEV__TRUST_NOT_ASKED };
enum axev__content axev__report_content(const axev_report *report);
enum axev__trust axev__report_trust(const axev_report *report);

/* Next check of the tree in reading order; NULL at the end. Start with &report->root. */
const struct axev__check *axev__check_next(const struct axev__check *check, unsigned *depth);

#endif
