/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The strict reader: parse the central directory, re-serialise everything, compare every header byte.
 * Whatever is not exactly what the writer would have written is refused, with offset and reason.
 */
#ifndef AXEV_PACKAGE_CONTAINER_READ_H
#define AXEV_PACKAGE_CONTAINER_READ_H

#include "base/buf.h"
#include "base/env.h"
#include "base/limits.h"
#include "base/source.h"
#include "crypto/digest.h"

struct axev__entry {
	const char *name;
	uint64_t offset; /* of the content, in the container's source */
	uint64_t size_bytes;
	uint32_t crc32;  /* as the directory states */
	bool is_hashed;
	uint8_t sha256[32]; /* computed from the bytes */
};

struct axev__container;
/* Structure only: headers, names, order, gaps. Contents are hashed by axev__container_hash. */
int axev__container_open(const struct axev__source *source, struct axev__container **ret_container,
			 axev_error *err);
/* The same for data/parts/NNNN.zip, and for a WACZ file (FORMAT.md section 1.6). */
int axev__part_open(const struct axev__source *source, struct axev__container **ret_container,
		    axev_error *err);
int axev__wacz_open(const struct axev__source *source, struct axev__container **ret_container,
		    axev_error *err);
void axev__container_close(struct axev__container *container);
static inline void axev__container_closep(struct axev__container **container)
{
	axev__container_close(*container);
}
#define AXEV__CONTAINER_READER AXEV__CLEANUP(axev__container_closep) struct axev__container

/*
 * Digests of every entry, CRCs compared. The first mismatch is AXEV_E_INVALID. They are taken from the pass over the
 * file that the container lies in (source.pass); without one, or where it has other ranges, a pass is made here.
 */
int axev__container_hash(struct axev__container *container, const axev_env *env, axev_error *err);

size_t axev__container_count(const struct axev__container *container);
const struct axev__entry *axev__container_entry(const struct axev__container *container,
						size_t index);
const struct axev__entry *axev__container_find(const struct axev__container *container,
					       const char *name);
const struct axev__source *axev__container_source(const struct axev__container *container);
/* Whole content of an entry, at most out->max. */
int axev__container_read(const struct axev__container *container, const struct axev__entry *entry,
			 struct axev__buf *out, axev_error *err);

/* manifest-sha256.txt and each META-INF/ASiCManifest must be byte for byte what the hashed entries give;
 * META-INF must hold ASiCManifest and signature files in pairs from 001, nothing else. */
int axev__container_check_lists(const struct axev__container *container,
				unsigned *ret_signature_count, axev_error *err);

#endif
