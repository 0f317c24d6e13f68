/* SPDX-License-Identifier: Apache-2.0 */
/*
 * head-mask/1: the head of an HTTP request in which each byte of a secret is "*", every other byte as it was. For values that
 * somebody gave and that must not go into a package. What is looked for, and where, stands in doc/FORMAT.md.
 */
#ifndef AXEV_CONTENT_HEAD_MASK_H
#define AXEV_CONTENT_HEAD_MASK_H

#include "base/buf.h"

/* Values of cookies, and, where that differs, what they are without percent-encoding (RFC 3986 2.1). */
struct axev__sought {
	char **values;
	size_t count;
};

int axev__sought_add(struct axev__sought *sought, const char *value, axev_error *err);
void axev__sought_free(struct axev__sought *sought); /* overwrites */

/* Does a value of AXEV__MIN_SOUGHT_BYTES or more stand in it? */
bool axev__sought_in(const struct axev__sought *sought, struct axev__span bytes);

/*
 * Masks @head (first line, fields, empty line) in place: whole values of Cookie fields, of any length, and in every field but not
 * in the first line the values that axev__sought_in() finds. *ret_count: how many were masked.
 */
int axev__head_mask(const struct axev__sought *sought, uint8_t *head, size_t size, uint64_t *ret_count, axev_error *err);

#endif
