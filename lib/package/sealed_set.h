/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One record set of a package that is stored here, opened so that parts of it can be shown. Nothing is verified on the way
 * in: a proof out of it is checked against the root in the manifest before it is handed on.
 */
#ifndef AXEV_PACKAGE_SEALED_SET_H
#define AXEV_PACKAGE_SEALED_SET_H

#include "package/all_objects.h"
#include "package/record_proof.h"

/* A package, also as the only one of a bundle. */
struct axev__stored_package {
	int fd;
	struct axev__container *container;
	axev__json *manifest;
	uint8_t id[32];
	struct axev__all_objects objects;
};
int axev__stored_package_open(const char *path, struct axev__stored_package *ret_package, axev_error *err);
void axev__stored_package_close(struct axev__stored_package *package);
#define AXEV__STORED_PACKAGE AXEV__CLEANUP(axev__stored_package_close) struct axev__stored_package

struct axev__sealed_set {
	const axev__json *row; /* of record_sets[]; lent by the package's manifest */
	struct axev__buf header_bytes, index;
	struct axev__record_header header;
	struct axev__source records;
	uint64_t record_count;
	uint8_t root[32];
};
/* @name: of the set, or its path; NULL: the only one. */
int axev__sealed_set_open(const struct axev__stored_package *package, const char *name,
			  struct axev__sealed_set *ret_set, axev_error *err);
void axev__sealed_set_close(struct axev__sealed_set *set);
#define AXEV__SEALED_SET AXEV__CLEANUP(axev__sealed_set_close) struct axev__sealed_set

/* Number of the cell of the column @name. */
int axev__record_header_field(const struct axev__record_header *header, struct axev__span name, uint32_t *ret_field,
			      axev_error *err);
/* Name of the column of cell @field; "(count)" of the first of a multiset. */
int axev__record_header_name(const struct axev__record_header *header, uint32_t field, struct axev__span *ret_name,
			     axev_error *err);

int axev__sealed_set_prove(const struct axev__sealed_set *set, const struct axev__record_choice *choice,
			   struct axev__buf *ret_proof, axev_error *err);

/* Records whose cell @field reads as @text, in their order; each is visited with its number. */
typedef int (*axev__found_visitor)(void *payload, uint64_t record, axev_error *err);
int axev__sealed_set_find(const struct axev__sealed_set *set, uint32_t field, struct axev__span text,
			  axev__found_visitor visit, void *payload, axev_error *err);

#endif
