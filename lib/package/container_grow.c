/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries whose size is known only at their end, and parts as such entries: written where they will stand, so that a large
 * part is not written twice.
 */
#include "package/container_internal.h"

#include "base/io.h"

int axev__container_begin_growing(struct axev__container_writer *writer, const char *name, axev_error *err)
{
	TRY(axev__container_begin(writer, name, 0, err));
	writer->is_growing = true;
	return AXEV_OK;
}

/* Backwards, since both ranges overlap. */
static int move_up(int fd, uint64_t from, uint64_t size_bytes, size_t by, axev_error *err)
{
	AXEV__FREE uint8_t *chunk = malloc(AXEV__MIB);

	if (!chunk)
		return axev__nomem(err);
	while (size_bytes > 0) {
		size_t size = size_bytes < AXEV__MIB ? (size_t)size_bytes : AXEV__MIB;

		size_bytes -= size;
		TRY(axev__pread_full(fd, chunk, size, from + size_bytes, err));
		TRY(axev__pwrite_full(fd, chunk, size, from + size_bytes + by, err));
	}
	return AXEV_OK;
}

/* Beyond 4 GiB the header in front has 20 bytes more than there is room for. */
int axev__container_settle(struct axev__container_writer *writer, axev_error *err)
{
	struct axev__written *entry = &writer->entries[writer->count];
	uint64_t place = axev__container_place(writer);

	if (!writer->is_growing)
		return AXEV_OK;
	entry->size_bytes = writer->received_bytes;
	writer->is_growing = false;
	if (axev__container_place(writer) == place)
		return AXEV_OK;
	return move_up(writer->fd, place, entry->size_bytes, (size_t)(axev__container_place(writer) - place), err);
}

int axev__part_begin(struct axev__container_writer *container, const char *name,
		     struct axev__container_writer **ret_part, axev_error *err)
{
	TRY(axev__container_begin_growing(container, name, err));
	return axev__container_writer_new(container->fd, axev__container_place(container), AXEV__LAYOUT_PART, ret_part, err);
}

int axev__part_end(struct axev__container_writer *container, struct axev__container_writer *part, const axev_env *env,
		   struct axev__digests *ret_digests, axev_error *err)
{
	struct axev__source content = { .fd = container->fd };
	const char *name = container->entries[container->count].name;

	TRY(axev__container_put_directory(part, &content.size, err));
	container->received_bytes = content.size;
	TRY(axev__container_settle(container, err));
	content.base = axev__container_place(container);
	TRY(axev__container_hash_range(&content, AXEV__DIGEST_SHA256 | AXEV__DIGEST_CRC32, env, "read", name, ret_digests,
				       err));
	return axev__container_end_with(container, ret_digests, err);
}
