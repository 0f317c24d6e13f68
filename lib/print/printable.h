/* SPDX-License-Identifier: Apache-2.0 */
/* A verified package opened for printing: everything that its forms say, read out of it. */
#ifndef AXEV_PRINT_PRINTABLE_H
#define AXEV_PRINT_PRINTABLE_H

#include "base/json.h"
#include "package/container_read.h"
#include "print/print.h"

struct axev__printable {
	struct axev__container *container;
	axev__json *manifest;
	axev__json *facts;      /* NULL: none enclosed */
	axev__json *parts;      /* NULL: none, or too many objects to list */
	axev__json *signatures;
	const axev__json *ledger; /* lent; NULL: not enclosed */
	enum axev__print_time time;
};

struct axev__print_beside; /* print/job.h */

/* The bytes have been verified; digests are compared once more where they lead on to other entries. */
int axev__printable_open(const struct axev__source *source, const struct axev__print_beside *beside,
			 struct axev__printable *ret_printable, axev_error *err);
void axev__printable_close(struct axev__printable *printable);
#define AXEV__PRINTABLE AXEV__CLEANUP(axev__printable_close) struct axev__printable

/* Append the forms @name: "all" (NULL), "extraction", "list", "web". */
int axev__printable_add(const struct axev__printable *printable, const char *name, const char *lang,
			struct axev__document *document, axev_error *err);

/* Does it have this form? A bundle is asked for one that only some of its packages have. INVAL: no such form. */
int axev__printable_has(const struct axev__printable *printable, const char *name, bool *ret_has,
			axev_error *err);

/* data/evidence.json of any container. */
int axev__printable_manifest(const struct axev__container *container, axev__json **ret_manifest,
			     axev_error *err);

/* Append {index, entry} to a list as print.h wants it. */
int axev__printable_entry(axev__json *ledger, uint64_t index, struct axev__span entry, axev_error *err);

#endif
