/* SPDX-License-Identifier: Apache-2.0 */
/* The part of data/subject.json that follows from a document tree alone (FORMAT.md 1.10): made by a capture, made again by a verifier. */
#ifndef AXEV_CONTENT_SITE_FOUND_H
#define AXEV_CONTENT_SITE_FOUND_H

#include "content/site_marks.h"

/* Sets "marks", "marks_not_listed" and "all_searched". */
int axev__site_found_set(axev__json *json, const struct axev__site_marks *marks, axev_error *err);

/* How many of the marks in @list are of @kind. */
size_t axev__site_found_count(const axev__json *list, enum axev__site_kind kind);

/*
 * @stated says of the tree @dom what axev__site_found_set() would. AXEV_E_INVALID: it says something else. Of a tree that
 * cannot be looked through (axev__site_marks_find() gives FORMAT or LIMIT) nothing may be stated. @ret_marks: how many there are.
 */
int axev__site_found_check(const axev__json *stated, struct axev__span dom, size_t *ret_marks, axev_error *err);

#endif
