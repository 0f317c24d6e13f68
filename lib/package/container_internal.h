/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the container writer share. */
#ifndef AXEV_PACKAGE_CONTAINER_INTERNAL_H
#define AXEV_PACKAGE_CONTAINER_INTERNAL_H

#include "package/container_write.h"
#include "package/layout.h"
#include "package/zip_format.h"

struct axev__written {
	char name[AXEV__MAX_ENTRY_NAME + 1];
	uint64_t header_offset;
	uint64_t size_bytes;
	uint32_t crc32;
	uint8_t sha256[32];
};

struct axev__container_writer {
	int fd;
	uint64_t offset; /* behind the last complete entry */
	struct axev__layout layout;
	struct axev__written *entries; /* room for AXEV__MAX_CONTAINER_ENTRIES */
	size_t count;
	struct axev__hasher *hasher;
	bool is_open;              /* an entry has begun: entries[count] */
	bool is_finished;
	struct axev__layout layout_before; /* of the open entry, for rollback */
	uint64_t received_bytes;   /* of the open entry */
};

struct axev__zip_item axev__written_item(const struct axev__written *entry);

/* Directory and end records behind the last entry; *ret_bytes is the size of the file. */
int axev__container_put_directory(struct axev__container_writer *writer, uint64_t *ret_bytes,
				  axev_error *err);

/* Take @size bytes whose digests are made elsewhere (the copy with a hashing thread). */
int axev__container_put_unhashed(struct axev__container_writer *writer, const void *data, size_t size,
				 axev_error *err);
/* Close the open entry with these digests. */
int axev__container_end_with(struct axev__container_writer *writer,
			     const struct axev__digests *digests, axev_error *err);

#endif
