/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a page shows about who runs it (公示信息): links, pictures and words for a business licence (亮照), ICP numbers,
 * numbers of the public security filing, credit codes, names behind a label. Read out of "ax-dom/1", so that anybody can read
 * it again. A mark is what stands on the page; whether it is true is another matter.
 */
#ifndef AXEV_CONTENT_SITE_MARKS_H
#define AXEV_CONTENT_SITE_MARKS_H

#include "base/json.h"

struct axev__site_marks {
	axev__json *list;      /* of objects: FORMAT.md 1.10 */
	uint64_t left_out;     /* beyond AXEV__MAX_SITE_MARKS of a kind */
	bool is_cut;           /* there was more text, or were more elements, than are looked through */
	struct axev__buf text; /* of all frames, as axev__site_text() makes it but with line breaks */
};
#define AXEV__SITE_MARKS_INIT { .text = AXEV__BUF_INIT(AXEV__MAX_PAGE_TEXT_BYTES) }

/* @dom: data/dom.json. AXEV_E_FORMAT when it is none, LIMIT when it is larger than AXEV__MAX_SITE_DOM_BYTES. */
int axev__site_marks_find(struct axev__span dom, struct axev__site_marks *marks, axev_error *err);
void axev__site_marks_free(struct axev__site_marks *marks);
#define AXEV__SITE_MARKS AXEV__CLEANUP(axev__site_marks_free) struct axev__site_marks

/*
 * Text for comparison: full-width forms of ASCII become ASCII, other white space a blank, zero-width characters nothing.
 * Stops at the end of @out's room; false: it was not all.
 */
bool axev__site_text(struct axev__span text, struct axev__buf *out);

/* The same without any white space and with capitals for ASCII letters. */
bool axev__site_plain(struct axev__span text, struct axev__buf *out);

/* "https://a.example:8/x" and "//a.example/x" give "a.example", in lower case; "" without a host. */
void axev__site_host(struct axev__span url, char *out, size_t out_bytes);

/* ---- patterns in such text ---- */

enum axev__site_kind {
	AXEV__SITE_LICENCE,
	AXEV__SITE_ICP,
	AXEV__SITE_POLICE,
	AXEV__SITE_CREDIT_CODE,
	AXEV__SITE_LICENCE_NUMBER,
	AXEV__SITE_NAME,
	AXEV__SITE_KINDS
};
const char *axev__site_kind_name(enum axev__site_kind kind);

struct axev__site_match {
	size_t from, to; /* in the text */
	char value[128]; /* without blanks; of a licence the word that was found */
};
/* What the pattern with this number is for; AXEV__SITE_KINDS behind the last. */
enum axev__site_kind axev__site_pattern_kind(unsigned pattern);
/* The pattern's next place at or behind @from. */
bool axev__site_find(struct axev__span text, unsigned pattern, size_t from, struct axev__site_match *ret_match);
bool axev__site_says_licence(struct axev__span text);

/* ---- addresses ---- */

/* Is it the address of a register of licences, or of one by its name? @ret_by: "host", "path". */
bool axev__site_licence_link(struct axev__span url, const char **ret_by);
/* A host of this machine or its own network, by what is written. Nothing is looked up. */
bool axev__site_is_local(const char *host);
/* "icp", "police" or NULL: the address of the register that such numbers link to. */
const char *axev__site_register_link(struct axev__span url);

#endif
