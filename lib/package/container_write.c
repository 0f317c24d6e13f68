/* SPDX-License-Identifier: Apache-2.0 */
#include "package/container_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"

#define WRITEBACK_EVERY (16 * AXEV__MIB)

struct axev__zip_item axev__written_item(const struct axev__written *entry)
{
	return (struct axev__zip_item){
		.name = axev__span_str(entry->name),
		.header_offset = entry->header_offset,
		.size_bytes = entry->size_bytes,
		.crc32 = entry->crc32,
	};
}

const struct axev__written *axev__container_written(const struct axev__container_writer *writer, const char *name)
{
	size_t i;

	for (i = 0; i < writer->count; i++)
		if (strcmp(writer->entries[i].name, name) == 0)
			return &writer->entries[i];
	return NULL;
}

int axev__container_writer_new(int fd, uint64_t base, enum axev__layout_kind kind,
			       struct axev__container_writer **ret_writer, axev_error *err)
{
	AXEV__CONTAINER *writer = calloc(1, sizeof(*writer));

	if (!writer)
		return axev__nomem(err);
	writer->fd = fd;
	writer->base = base;
	writer->layout.kind = kind;
	writer->entries = calloc(AXEV__MAX_CONTAINER_ENTRIES + 1, sizeof(*writer->entries));
	if (!writer->entries)
		return axev__nomem(err);
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256 | AXEV__DIGEST_CRC32, &writer->hasher, err));
	*ret_writer = axev__steal(writer);
	return AXEV_OK;
}

static int expect_empty(int fd, axev_error *err)
{
	uint64_t size_bytes;

	TRY(axev__file_size(fd, &size_bytes, err));
	if (size_bytes != 0)
		return axev__fail(err, AXEV_E_INVAL, "expected an empty file for a new container");
	return AXEV_OK;
}

int axev__container_new(int fd, struct axev__container_writer **ret_writer, axev_error *err)
{
	AXEV__CONTAINER *writer = NULL;

	TRY(expect_empty(fd, err));
	TRY(axev__container_writer_new(fd, 0, AXEV__LAYOUT_CONTAINER, &writer, err));
	TRY(axev__container_add(writer, AXEV__NAME_MIMETYPE, axev__span_str(AXEV__MIMETYPE), NULL,
				err));
	*ret_writer = axev__steal(writer);
	return AXEV_OK;
}

int axev__part_new(int fd, struct axev__container_writer **ret_writer, axev_error *err)
{
	TRY(expect_empty(fd, err));
	return axev__container_writer_new(fd, 0, AXEV__LAYOUT_PART, ret_writer, err);
}

int axev__wacz_new(int fd, struct axev__container_writer **ret_writer, axev_error *err)
{
	TRY(expect_empty(fd, err));
	return axev__container_writer_new(fd, 0, AXEV__LAYOUT_WACZ, ret_writer, err);
}

void axev__container_free(struct axev__container_writer *writer)
{
	if (!writer)
		return;
	axev__part_hash_free(writer->hashing);
	axev__hasher_free(writer->hasher);
	free(writer->entries);
	free(writer);
}

static size_t header_size(const struct axev__written *entry)
{
	return axev__zip_local_size(strlen(entry->name), entry->size_bytes);
}

static uint64_t content_offset(const struct axev__container_writer *writer, const struct axev__written *entry)
{
	return writer->base + entry->header_offset + header_size(entry);
}

uint64_t axev__container_place(const struct axev__container_writer *writer)
{
	return content_offset(writer, &writer->entries[writer->count]);
}

static int check_size(const struct axev__container_writer *writer, uint64_t size_bytes, axev_error *err)
{
	if (size_bytes > AXEV__MAX_CONTAINER_BYTES || writer->base + writer->offset > AXEV__MAX_CONTAINER_BYTES - size_bytes)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %llu bytes in a container",
				  (unsigned long long)AXEV__MAX_CONTAINER_BYTES);
	return AXEV_OK;
}

static int check_state(const struct axev__container_writer *writer, bool is_open, axev_error *err)
{
	if (writer->is_finished)
		return axev__fail(err, AXEV_E_STATE, "the container is finished");
	if (writer->is_open != is_open)
		return axev__fail(err, AXEV_E_STATE, is_open ? "expected an entry to be begun first" :
							       "expected the open entry to be ended first");
	return AXEV_OK;
}

static int check_new_name(const struct axev__container_writer *writer, const char *name,
			  axev_error *err)
{
	AXEV__FREE const char **names = malloc((writer->count + 1) * sizeof(*names));
	size_t i;

	if (!names)
		return axev__nomem(err);
	for (i = 0; i < writer->count; i++)
		names[i] = writer->entries[i].name;
	names[i] = name;
	return axev__layout_unique(names, i + 1, err);
}

static int begin(struct axev__container_writer *writer, const char *name, uint64_t size_bytes,
		 axev_error *err)
{
	struct axev__written *entry = &writer->entries[writer->count];
	struct axev__layout layout = writer->layout;

	TRY(check_state(writer, false, err));
	TRY(axev__layout_next(&layout, axev__span_str(name), size_bytes, err));
	TRY(check_new_name(writer, name, err));
	TRY(check_size(writer, size_bytes, err));
	memset(entry, 0, sizeof(*entry));
	memcpy(entry->name, name, strlen(name));
	entry->header_offset = writer->offset;
	entry->size_bytes = size_bytes;
	writer->layout_before = writer->layout;
	writer->layout = layout;
	writer->received_bytes = 0;
	writer->is_open = true;
	return AXEV_OK;
}

int axev__container_begin(struct axev__container_writer *writer, const char *name,
			  uint64_t size_bytes, axev_error *err)
{
	struct axev__shown shown;

	return axev__prefix(begin(writer, name, size_bytes, err), err, "entry '%s'",
			    axev__show_str(&shown, name));
}

/* Let the disk begin while bytes still come, so that the fsync at the end finds little left to do. */
static void start_writeback(const struct axev__container_writer *writer, size_t size)
{
	if (writer->received_bytes / WRITEBACK_EVERY != (writer->received_bytes + size) / WRITEBACK_EVERY)
		(void)sync_file_range(writer->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

int axev__container_put_unhashed(struct axev__container_writer *writer, const void *data, size_t size,
				 axev_error *err)
{
	const struct axev__written *entry = &writer->entries[writer->count];

	TRY(check_state(writer, true, err));
	if (writer->is_growing)
		TRY(check_size(writer, writer->received_bytes + size, err));
	else if (size > entry->size_bytes - writer->received_bytes)
		return axev__fail(err, AXEV_E_STATE, "entry '%s': expected %llu bytes, more came",
				  entry->name, (unsigned long long)entry->size_bytes);
	TRY(axev__pwrite_full(writer->fd, data, size, axev__container_place(writer) + writer->received_bytes, err));
	start_writeback(writer, size);
	writer->received_bytes += size;
	return AXEV_OK;
}

int axev__container_write(struct axev__container_writer *writer, const void *data, size_t size,
			  axev_error *err)
{
	TRY(axev__container_put_unhashed(writer, data, size, err));
	return axev__hasher_update(writer->hasher, data, size, err);
}

int axev__container_put_header(struct axev__container_writer *writer, uint32_t crc32, axev_error *err)
{
	struct axev__written *entry = &writer->entries[writer->count];
	uint8_t header[AXEV__ZIP_MAX_LOCAL];
	struct axev__zip_item item;

	entry->crc32 = crc32;
	item = axev__written_item(entry);
	return axev__pwrite_full(writer->fd, header, axev__zip_put_local(&item, header),
				 writer->base + entry->header_offset, err);
}

int axev__container_end_with(struct axev__container_writer *writer,
			     const struct axev__digests *digests, axev_error *err)
{
	struct axev__written *entry = &writer->entries[writer->count];

	TRY(check_state(writer, true, err));
	TRY(axev__container_settle(writer, err));
	if (writer->received_bytes != entry->size_bytes)
		return axev__fail(err, AXEV_E_STATE, "entry '%s': expected %llu bytes, only %llu came",
				  entry->name, (unsigned long long)entry->size_bytes,
				  (unsigned long long)writer->received_bytes);
	memcpy(entry->sha256, digests->sha256, sizeof(entry->sha256));
	TRY(axev__container_put_header(writer, digests->crc32, err));
	writer->offset = entry->header_offset + header_size(entry) + entry->size_bytes;
	writer->count++;
	writer->is_open = false;
	return AXEV_OK;
}

uint64_t axev__container_bytes(const struct axev__container_writer *writer)
{
	return writer->offset;
}

int axev__container_so_far(const struct axev__container_writer *writer, struct axev__source *ret_source, axev_error *err)
{
	TRY(check_state(writer, true, err));
	*ret_source = (struct axev__source){ .fd = writer->fd, .base = axev__container_place(writer),
					     .size = writer->received_bytes };
	return AXEV_OK;
}

int axev__container_last(const struct axev__container_writer *writer, struct axev__source *ret_source,
			 axev_error *err)
{
	const struct axev__written *entry;

	TRY(check_state(writer, false, err));
	if (writer->count == 0)
		return axev__fail(err, AXEV_E_STATE, "expected an entry to be added first");
	entry = &writer->entries[writer->count - 1];
	*ret_source = (struct axev__source){ .fd = writer->fd, .base = content_offset(writer, entry),
					     .size = entry->size_bytes, .moved = writer->moved };
	return AXEV_OK;
}

int axev__container_end(struct axev__container_writer *writer, struct axev__digests *ret_digests,
			axev_error *err)
{
	struct axev__digests digests;

	TRY(check_state(writer, true, err));
	TRY(axev__container_settle(writer, err));
	if (writer->received_bytes == writer->entries[writer->count].size_bytes)
		TRY(axev__hasher_final(writer->hasher, &digests, err));
	else
		memset(&digests, 0, sizeof(digests));
	TRY(axev__container_end_with(writer, &digests, err));
	if (ret_digests)
		*ret_digests = digests;
	return AXEV_OK;
}

int axev__container_rollback(struct axev__container_writer *writer, axev_error *err)
{
	struct axev__digests dropped;

	if (!writer->is_open)
		return AXEV_OK;
	TRY(axev__hasher_final(writer->hasher, &dropped, err));
	if (ftruncate(writer->fd, (off_t)(writer->base + writer->offset)) < 0)
		return axev__fail_errno(err, errno, "cannot cut the container back");
	writer->layout = writer->layout_before;
	writer->is_open = writer->is_growing = false;
	return AXEV_OK;
}

int axev__container_add(struct axev__container_writer *writer, const char *name,
			struct axev__span content, struct axev__digests *ret_digests,
			axev_error *err)
{
	int status;

	TRY(axev__container_begin(writer, name, content.size, err));
	status = axev__container_write(writer, content.data, content.size, err);
	if (status == AXEV_OK)
		status = axev__container_end(writer, ret_digests, err);
	if (status < 0)
		(void)axev__container_rollback(writer, NULL);
	return status;
}

/* ---- the end ---- */

static int directory_bytes(const struct axev__container_writer *writer, struct axev__buf *out,
			   axev_error *err)
{
	uint8_t header[AXEV__ZIP_MAX_CENTRAL];
	size_t i;

	for (i = 0; i < writer->count; i++) {
		struct axev__zip_item item = axev__written_item(&writer->entries[i]);
		size_t used = axev__zip_put_central(&item, header);

		TRY(axev__buf_append(out, header, used, err));
	}
	return AXEV_OK;
}

int axev__container_put_directory(struct axev__container_writer *writer, uint64_t *ret_bytes,
				  axev_error *err)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_CENTRAL_DIRECTORY + AXEV__ZIP_MAX_TAIL);
	uint8_t tail[AXEV__ZIP_MAX_TAIL];
	struct axev__zip_end end;

	TRY(check_state(writer, false, err));
	TRY(axev__layout_end(&writer->layout, err));
	TRY(directory_bytes(writer, &out, err));
	end.count = writer->count;
	end.directory_offset = writer->offset;
	end.directory_bytes = out.size;
	TRY(axev__buf_append(&out, tail, axev__zip_put_tail(&end, tail), err));
	TRY(axev__pwrite_full(writer->fd, out.data, out.size, writer->base + writer->offset, err));
	/* A draft that was cut off earlier may be longer than what stands now. */
	if (ftruncate(writer->fd, (off_t)(writer->base + writer->offset + out.size)) < 0)
		return axev__fail_errno(err, errno, "cannot cut the container to its size");
	writer->is_finished = true;
	*ret_bytes = writer->offset + out.size;
	return AXEV_OK;
}

int axev__part_finish(struct axev__container_writer *writer, axev_error *err)
{
	uint64_t size_bytes;

	if (writer->layout.kind == AXEV__LAYOUT_CONTAINER)
		return axev__fail(err, AXEV_E_STATE, "expected a part, this is a container");
	return axev__container_put_directory(writer, &size_bytes, err);
}
