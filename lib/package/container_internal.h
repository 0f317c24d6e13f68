/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the container writer share. */
#ifndef AXEV_PACKAGE_CONTAINER_INTERNAL_H
#define AXEV_PACKAGE_CONTAINER_INTERNAL_H

#include "base/sink.h"
#include "package/container_write.h"
#include "package/layout.h"
#include "package/part_hash.h"
#include "package/zip_format.h"

struct axev__written {
	char name[AXEV__MAX_ENTRY_NAME + 1];
	uint64_t header_offset;
	uint64_t size_bytes;
	uint32_t crc32;
	uint8_t sha256[32];
	uint64_t moved; /* bytes by which its content went up at its end */
};

struct axev__container_writer {
	int fd;
	uint64_t base;   /* where it begins in the file: a part is written at its place in the container */
	const uint64_t *moved; /* of the entry that a part is; lives as long as the container. NULL: no part of one */
	uint64_t offset; /* behind the last complete entry */
	struct axev__layout layout;
	struct axev__written *entries; /* room for AXEV__MAX_CONTAINER_ENTRIES */
	size_t count;
	struct axev__hasher *hasher;
	bool is_open;              /* an entry has begun: entries[count] */
	bool is_growing;           /* and its size is not known before its end */
	bool is_finished;
	struct axev__layout layout_before; /* of the open entry, for rollback */
	uint64_t received_bytes;   /* of the open entry */
	struct axev__container_head head;
	struct axev__part_hash *hashing; /* of the part that ended last; NULL: done */
	struct axev__written *hashed;    /* that part */
	bool lacks_digest;               /* of a part, which could not be made: nothing may follow */
};

/* For a container whose first byte is at @base of @fd. */
int axev__container_writer_new(int fd, uint64_t base, enum axev__layout_kind kind,
			       struct axev__container_writer **ret_writer, axev_error *err);
/* Where in the file the content of the open entry begins. */
uint64_t axev__container_place(const struct axev__container_writer *writer);
/* What came is the whole of the open entry, whose size was not known. */
int axev__container_settle(struct axev__container_writer *writer, axev_error *err);

/* NULL: there is none. */
const struct axev__written *axev__container_written(const struct axev__container_writer *writer, const char *name);
/* The digest of the part that ended last stands among the entries then. */
int axev__part_settle(struct axev__container_writer *container, const axev_env *env, axev_error *err);
struct axev__zip_item axev__written_item(const struct axev__written *entry);

/* Directory and end records behind the last entry; *ret_bytes is the size of the file. */
int axev__container_put_directory(struct axev__container_writer *writer, uint64_t *ret_bytes,
				  axev_error *err);

/* Take @size bytes whose digests are made elsewhere (the copy with a hashing thread). */
int axev__container_put_unhashed(struct axev__container_writer *writer, const void *data, size_t size,
				 axev_error *err);
/* The header of the open entry, whose size is known. */
int axev__container_put_header(struct axev__container_writer *writer, uint32_t crc32, axev_error *err);
/* Close the open entry with these digests. */
int axev__container_end_with(struct axev__container_writer *writer,
			     const struct axev__digests *digests, axev_error *err);

/* What already stands in the file, from @from on, in pieces. @phase and @name: of the progress that is told. */
int axev__container_read_range(const struct axev__source *range, uint64_t from, const struct axev__sink *sink, const axev_env *env,
			       const char *phase, const char *name, axev_error *err);

#endif
