/* SPDX-License-Identifier: Apache-2.0 */
/* Forms as data: fields name a label and the place of their value; builders add the tables. */
#ifndef AXEV_PRINT_FORM_H
#define AXEV_PRINT_FORM_H

#include "print/document.h"
#include "print/print.h"

struct axev__phrase {
	const char *zh, *en;
};

struct axev__form_build {
	const struct axev__print_input *input;
	struct axev__document *document;
	const axev__json *case_values; /* of the facts; NULL: none enclosed */
	char id_hex[65];               /* of the package; empty: not known */
	bool is_zh;
};

static inline const char *axev__say(const struct axev__form_build *build, struct axev__phrase phrase)
{
	return build->is_zh ? phrase.zh : phrase.en;
}

enum axev__field_from { AXEV__FROM_MANIFEST, AXEV__FROM_CASE };

enum axev__field_show {
	AXEV__SHOW_TEXT,  /* texts, integers and booleans as they are */
	AXEV__SHOW_TIME,  /* RFC 3339 as UTC+8 with milliseconds */
	AXEV__SHOW_HEX,   /* digest in groups */
	AXEV__SHOW_MS,    /* nanoseconds as milliseconds */
	AXEV__SHOW_OWN,   /* the same, in words of this software: rendered by the table of form_phrases.c */
	AXEV__SHOW_CHECK, /* boolean: what the browser found when it checked a certificate */
	AXEV__SHOW_FLAT,  /* members one a line */
	AXEV__SHOW_TEXTS, /* list of texts, one a line */
	AXEV__SHOW_KIND,  /* kind of a capture, in words */
	AXEV__SHOW_ORIGIN /* of a whole manifest: what was captured */
};

struct axev__form_field {
	struct axev__phrase label;
	enum axev__field_from from;
	const char *path; /* "capture/clock/source" */
	enum axev__field_show show;
	bool is_half;     /* shares its line with the next half field */
	bool is_optional; /* left out when there is nothing to say */
};

/* What this software wrote into the manifest, in the language of the form; any other text as it stands. */
int axev__form_own(const struct axev__form_build *build, struct axev__span text, struct axev__buf *out,
		   axev_error *err);
/* The same for the name of a member. */
const char *axev__form_key(const struct axev__form_build *build, const char *key);

/* A table of label and value; what is absent is printed as not recorded. */
int axev__form_fields(struct axev__form_build *build, const struct axev__form_field *fields,
		      size_t count, axev_error *err);

/* The row of objects[] with this path, or NULL. */
const axev__json *axev__form_object(const axev__json *manifest, const char *path);

/* Value at a path of slashes, or NULL. */
const axev__json *axev__form_at(const axev__json *value, const char *path);

/* Append @value in words; *ret_has is false, and nothing appended, when there is nothing to say. */
int axev__form_value(const struct axev__form_build *build, const axev__json *value,
		     enum axev__field_show show, struct axev__buf *out, bool *ret_has,
		     axev_error *err);

/* What was captured, in few words: a URL, the files, else the target as the ledger knows it. */
int axev__form_origin(const struct axev__form_build *build, const axev__json *manifest,
		      struct axev__buf *out, axev_error *err);

/* One cell with what is at @path of @value, or "not recorded". */
int axev__form_cell(struct axev__form_build *build, const axev__json *value, const char *path,
		    enum axev__field_show show, const struct axev__cell *look, axev_error *err);

/* How many records a row of record_sets[] has, and whether they are not all. */
int axev__form_record_count(struct axev__form_build *build, const axev__json *set, const struct axev__cell *look,
			    axev_error *err);

/* Table head: the titles, centred. */
int axev__form_head(struct axev__form_build *build, const uint16_t *weights,
		    const struct axev__phrase *titles, size_t count, axev_error *err);
int axev__form_number_cell(struct axev__form_build *build, size_t number, axev_error *err);
/* A row of one cell over all columns, saying in grey that there is nothing. */
int axev__form_empty_row(struct axev__form_build *build, size_t columns, struct axev__phrase phrase,
			 axev_error *err);
int axev__form_heading(struct axev__form_build *build, struct axev__phrase phrase, axev_error *err);
int axev__form_note(struct axev__form_build *build, struct axev__phrase phrase, axev_error *err);

/* "not recorded", or "not enclosed" for facts that exist but were left out. */
const char *axev__form_absent(const struct axev__form_build *build, enum axev__field_from from);

/* A word of the format ("officer", "passed") in the language of the form; itself when not known. */
struct axev__word {
	const char *code;
	struct axev__phrase phrase;
};
const char *axev__form_word(const struct axev__form_build *build, const struct axev__word *words,
			    size_t count, const char *code);

/* What every form begins and ends with: the id in words and as a QR code, on the first page and on the last. */
int axev__form_begin(struct axev__form_build *build, struct axev__phrase title, axev_error *err);
int axev__form_end(struct axev__form_build *build, axev_error *err);
int axev__form_time_note(struct axev__form_build *build, enum axev__print_time time, axev_error *err);
/* Digests, completeness, signatures expected, ledger, time. */
int axev__form_integrity(struct axev__form_build *build, axev_error *err);
/* Whether the capture is complete, else what is missing and why. */
int axev__form_missing(struct axev__form_build *build, axev_error *err);
/* Look-ups of names, of a web capture. */
int axev__form_dns(struct axev__form_build *build, axev_error *err);
/* The TLS connection of a web capture, and what its handshake proves. */
int axev__form_tls(struct axev__form_build *build, axev_error *err);
/* What could be reached, now and at an earlier capture; nothing when nobody asked. */
int axev__form_reach(struct axev__form_build *build, axev_error *err);
/* What a page shows about who runs it; nothing when nobody asked. */
int axev__form_subject(struct axev__form_build *build, axev_error *err);
int axev__form_signatures(struct axev__form_build *build, axev_error *err);
int axev__form_limits(struct axev__form_build *build, axev_error *err);
extern const struct axev__phrase axev__honest_limit;

/* Cells of a record set, shown or withheld, one a row; @more are not among them. */
int axev__form_shown_cells(struct axev__form_build *build, const axev__json *rows, uint64_t more, axev_error *err);

/* The builders. */
int axev__form_contents(struct axev__form_build *build, axev_error *err);
int axev__form_extraction(struct axev__form_build *build, axev_error *err);
int axev__form_list(struct axev__form_build *build, axev_error *err);
int axev__form_web(struct axev__form_build *build, axev_error *err);
int axev__form_report(struct axev__form_build *build, axev_error *err);
int axev__form_comparison(struct axev__form_build *build, axev_error *err);
int axev__form_clean(struct axev__form_build *build, axev_error *err);
/* Rows of two databases or files of data, inside of that. */
int axev__form_records(struct axev__form_build *build, const axev__json *records, axev_error *err);
int axev__form_disclosure(struct axev__form_build *build, axev_error *err);

/* How the cleanliness checks came out, in one line under a heading. */
int axev__form_clean_verdict(struct axev__form_build *build, axev_error *err);

/* What this software writes into manifests, '%' for what it is filled with; the last has no @en. */
struct axev__sentence {
	const char *en, *zh;
};
extern const struct axev__sentence axev__clean_sentences[];
extern const struct axev__sentence axev__subject_sentences[];
extern const struct axev__sentence axev__reach_sentences[];

#endif
