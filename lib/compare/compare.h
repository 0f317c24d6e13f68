/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two packages side by side. Each part below compares one view and adds one member to the comparison, "ax-comparison/1".
 * Nothing here judges whose version is the right one.
 */
#ifndef AXEV_COMPARE_COMPARE_H
#define AXEV_COMPARE_COMPARE_H

#include <ax_evidence/compare.h>

#include "base/json.h"
#include "package/container_read.h"

struct axev_comparison {
	axev__json *json;
};
const axev__json *axev__comparison_json(const axev_comparison *comparison);

/* The name of a fact, or why something was not compared, for people; @code itself when it is not known. */
const char *axev__comparison_word(const char *code, bool is_zh);

/* One of the two, verified and open. */
struct axev__compared {
	const char *path;
	int fd;
	struct axev__source package; /* of the package itself, also when it lies in a bundle */
	struct axev__container *container;
	axev__json *manifest;
	uint8_t id[32];
};

/* INVALID when it was changed, INVAL when it holds several packages. */
int axev__compared_open(const char *path, struct axev__compared *ret_compared, axev_error *err);
void axev__compared_close(struct axev__compared *compared);
#define AXEV__COMPARED AXEV__CLEANUP(axev__compared_close) struct axev__compared

/*
 * Where the object at @path lies; *ret_has is false when the package has none. Its bytes are hashed again here: between
 * the verification and now the file was out of our hands.
 */
int axev__compared_object(const struct axev__compared *compared, const char *path,
			  struct axev__source *ret_source, bool *ret_has, axev_error *err);

/* Gathers whether all was the same, and what could not be compared. */
struct axev__compare {
	const struct axev__compared *a, *b;
	const axev_compare_opts *opts;
	axev__json *result;
	bool is_same;
};

/* result[@part] = {"not_compared": @why}: then the two are not called the same. */
int axev__compare_skip(struct axev__compare *compare, const char *part, const char *why, axev_error *err);

int axev__compare_facts(struct axev__compare *compare, axev_error *err);     /* facts[] of a web capture */
int axev__compare_resources(struct axev__compare *compare, axev_error *err); /* resources{} out of the WARCs */
int axev__compare_text(struct axev__compare *compare, axev_error *err);      /* text{} as shown */
int axev__compare_pictures(struct axev__compare *compare, axev_error *err);  /* picture{}, pixel by pixel */
int axev__compare_records(struct axev__compare *compare, axev_error *err);   /* records{}: rows of databases and files of data */
int axev__compare_objects(struct axev__compare *compare, axev_error *err);   /* objects{} of any other kind */

#endif
