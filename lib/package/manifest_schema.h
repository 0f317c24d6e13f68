/* SPDX-License-Identifier: Apache-2.0 */
/* The table of members that doc/FORMAT.md section 2 prints: names, types, kinds, required or not. */
#ifndef AXEV_PACKAGE_MANIFEST_SCHEMA_H
#define AXEV_PACKAGE_MANIFEST_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

enum axev__member_type {
	AXEV__IS_TEXT,     /* string */
	AXEV__IS_HEX16,    /* 32 lower-case hexadecimal digits */
	AXEV__IS_HEX32,    /* 64 */
	AXEV__IS_HEX64,    /* 128 */
	AXEV__IS_DECIMAL,  /* string: decimal from 0, fits 64 bits: byte counts */
	AXEV__IS_SIGNED,   /* string: decimal, '-' allowed: nanoseconds */
	AXEV__IS_INTEGER,  /* from 0 */
	AXEV__IS_BOOL,
	AXEV__IS_TRUE,     /* true, or absent */
	AXEV__IS_TIME,     /* RFC 3339, nine digits, Z */
	AXEV__IS_PATH,     /* data/... of the container profile */
	AXEV__IS_BASE64,
	AXEV__IS_MODE,     /* four octal digits */
	AXEV__IS_KIND,
	AXEV__IS_FORMAT,
	AXEV__IS_OBJECT,   /* of @shape */
	AXEV__IS_OBJECTS,  /* array of objects of @shape */
	AXEV__IS_TEXTS,    /* array of strings */
	AXEV__IS_HEX32S,   /* array of digests */
	AXEV__IS_FLAT,     /* object of strings, integers, booleans: names are not fixed */
	AXEV__IS_COMPLETE, /* true, or a list of what is missing that is not empty */
	AXEV__IS_SOURCE,   /* object of the shape of the kind */
	AXEV__IS_ANY       /* anything: only "ext" */
};

enum {
	AXEV__KIND_WEB = 1,
	AXEV__KIND_MAIL = 2,
	AXEV__KIND_EDI = 4,
	AXEV__KIND_DB = 8,
	AXEV__KIND_FILE = 16,
	AXEV__KIND_ATTESTATION = 32,
	AXEV__KIND_DISCLOSURE = 64,
	AXEV__KIND_BUNDLE = 128,
	AXEV__KINDS_CAPTURE = 31,
	AXEV__KINDS_ALL = 255
};

struct axev__shape;
struct axev__member {
	const char *name;
	enum axev__member_type type;
	unsigned required_in; /* kinds that must have it */
	unsigned allowed_in;  /* kinds that may have it */
	const struct axev__shape *shape;
};
struct axev__shape {
	const struct axev__member *members;
	size_t count;
};

extern const struct axev__shape axev__manifest_shape;
extern const struct axev__shape axev__object_shape;     /* one of objects[] */
extern const struct axev__shape axev__part_index_shape; /* data/parts/NNNN.json */

/* 0: not a kind. */
unsigned axev__kind_from_name(const char *name, size_t size);
const struct axev__shape *axev__source_shape(unsigned kind);

#endif
