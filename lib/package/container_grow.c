/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries whose size is known only at their end, and parts as such entries: written where they will stand, so that a large
 * part is not written twice.
 */
#include "package/container_internal.h"

#include "base/io.h"
#include "base/spill.h"

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
	TRY(move_up(writer->fd, place, entry->size_bytes, (size_t)(axev__container_place(writer) - place), err));
	entry->moved = axev__container_place(writer) - place;
	return AXEV_OK;
}

int axev__part_begin(struct axev__container_writer *container, const char *name,
		     struct axev__container_writer **ret_part, axev_error *err)
{
	TRY(axev__container_begin_growing(container, name, err));
	TRY(axev__container_writer_new(container->fd, axev__container_place(container), AXEV__LAYOUT_PART, ret_part, err));
	(*ret_part)->moved = &container->entries[container->count].moved;
	return AXEV_OK;
}

/* ---- the end of a part ---- */

/*
 * CRC-32 of a finished part out of those of its pieces: its header can be written before all of it is hashed, and the file can be
 * hashed beside it.
 */
static int join_crc32(const struct axev__container_writer *part, uint64_t size_bytes, uint32_t *ret_crc32, axev_error *err)
{
	AXEV__BUF directory = AXEV__BUF_INIT(AXEV__MAX_CENTRAL_DIRECTORY + AXEV__ZIP_MAX_TAIL);
	const struct axev__source tail = { .fd = part->fd, .base = part->base + part->offset,
					   .size = size_bytes - part->offset };
	uint8_t header[AXEV__ZIP_MAX_LOCAL];
	uint32_t crc32 = 0;
	size_t i;

	for (i = 0; i < part->count; i++) {
		struct axev__zip_item item = axev__written_item(&part->entries[i]);
		struct axev__span bytes = axev__span(header, axev__zip_put_local(&item, header));

		crc32 = axev__crc32_join(crc32, axev__crc32(bytes), bytes.size);
		crc32 = axev__crc32_join(crc32, part->entries[i].crc32, part->entries[i].size_bytes);
	}
	TRY(axev__source_load(&tail, &directory, err));
	*ret_crc32 = axev__crc32_join(crc32, axev__crc32(axev__buf_view(&directory)), directory.size);
	return AXEV_OK;
}

static int keep(struct axev__container_writer *container, int status)
{
	if (status < 0)
		container->lacks_digest = container->is_finished = true;
	return status;
}

int axev__part_end(struct axev__container_writer *container, struct axev__container_writer *part, const axev_env *env,
		   uint64_t *ret_bytes, axev_error *err)
{
	struct axev__source content = { .fd = container->fd };
	struct axev__digests digests = { 0 };

	TRY(axev__part_settle(container, env, err));
	TRY(axev__container_put_directory(part, &content.size, err));
	container->received_bytes = content.size;
	TRY(axev__container_settle(container, err));
	content.base = axev__container_place(container);
	part->base = content.base; /* it may have moved */
	TRY(join_crc32(part, content.size, &digests.crc32, err));
	TRY(axev__container_end_with(container, &digests, err));
	*ret_bytes = content.size;
	container->hashed = &container->entries[container->count - 1];
	return keep(container, axev__part_hash_begin(&content, &container->head, &container->hashing, err));
}

int axev__part_settle(struct axev__container_writer *container, const axev_env *env, axev_error *err)
{
	if (!container->hashing)
		return AXEV_OK;
	return keep(container, axev__part_hash_end(&container->hashing, env, container->hashed->name, container->hashed->sha256,
						   &container->head, err));
}

int axev__part_digest(struct axev__container_writer *container, const axev_env *env, const char *name, uint8_t ret_sha256[32],
		      axev_error *err)
{
	const struct axev__written *entry = axev__container_written(container, name);

	if (!entry)
		return axev__fail(err, AXEV_E_STATE, "there is no %s", name);
	TRY(axev__part_settle(container, env, err));
	if (container->lacks_digest)
		return axev__fail(err, AXEV_E_STATE, "the digest of a part could not be made");
	memcpy(ret_sha256, entry->sha256, sizeof(entry->sha256));
	return AXEV_OK;
}

/* ---- the digest of the file's first bytes ---- */

void axev__container_take_head(struct axev__container_writer *writer, struct axev__container_head *ret_head)
{
	*ret_head = writer->head;
	writer->head = (struct axev__container_head){ 0 };
}

void axev__container_give_head(struct axev__container_writer *writer, struct axev__container_head *head)
{
	writer->head = *head;
	if (head->bytes > writer->offset) /* not of this file */
		writer->head.bytes = 0;
	head->bytes = 0;
}
