/* SPDX-License-Identifier: Apache-2.0 */
/* Saving and resuming a container that is not finished: a draft waits for signatures made elsewhere. */
#include "package/container_internal.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"

#define STATE_FORMAT "ax-container-state/1"

static int save_entry(const struct axev__written *entry, axev__json *list, axev_error *err)
{
	AXEV__JSON *item = axev__json_new_object();
	uint8_t crc32[4];
	char decimal[24];

	axev__put_u32be(crc32, entry->crc32);
	snprintf(decimal, sizeof(decimal), "%llu", (unsigned long long)entry->size_bytes);
	TRY(axev__json_set_str(item, "name", entry->name, err));
	TRY(axev__json_set_str(item, "bytes", decimal, err));
	TRY(axev__json_set_hex(item, "crc32", crc32, sizeof(crc32), err));
	TRY(axev__json_set_hex(item, "sha256", entry->sha256, sizeof(entry->sha256), err));
	return axev__json_append(list, axev__steal(item), err);
}

int axev__container_save(const struct axev__container_writer *writer, axev__json **ret_state,
			 axev_error *err)
{
	AXEV__JSON *state = axev__json_new_object();
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	if (writer->is_open || writer->is_finished || writer->hashing || writer->layout.kind == AXEV__LAYOUT_WACZ)
		return axev__fail(err, AXEV_E_STATE, "expected a container between two entries, with the digests of all");
	for (i = 0; i < writer->count; i++)
		TRY(save_entry(&writer->entries[i], list, err));
	TRY(axev__json_set_str(state, "format", STATE_FORMAT, err));
	TRY(axev__json_set_bool(state, "part", writer->layout.kind == AXEV__LAYOUT_PART, err));
	TRY(axev__json_set(state, "entries", axev__steal(list), err));
	*ret_state = axev__steal(state);
	return AXEV_OK;
}

/* The header in the file must be what the state says: else the file is not the one that was saved. */
static int check_header(int fd, const struct axev__written *entry, size_t *ret_bytes, axev_error *err)
{
	uint8_t expected[AXEV__ZIP_MAX_LOCAL], found[AXEV__ZIP_MAX_LOCAL];
	struct axev__zip_item item = axev__written_item(entry);
	size_t size = axev__zip_put_local(&item, expected);

	TRY(axev__pread_full(fd, found, size, entry->header_offset, err));
	if (memcmp(expected, found, size) != 0)
		return axev__fail_at(err, AXEV_E_CORRUPT, entry->header_offset,
				     "entry '%s': the file does not have the header that was saved",
				     entry->name);
	*ret_bytes = size;
	return AXEV_OK;
}

static int load_entry(struct axev__container_writer *writer, const axev__json *item, axev_error *err)
{
	static const char *const known[] = { "name", "bytes", "crc32", "sha256", NULL };
	struct axev__written *entry = &writer->entries[writer->count];
	struct axev__span name, decimal;
	uint8_t crc32[4];
	size_t header_bytes;

	TRY(axev__json_only(item, known, err));
	TRY(axev__json_string(item, "name", &name, err));
	TRY(axev__json_string(item, "bytes", &decimal, err));
	TRY(axev__json_hex(item, "crc32", crc32, sizeof(crc32), err));
	TRY(axev__json_hex(item, "sha256", entry->sha256, sizeof(entry->sha256), err));
	if (!axev__parse_u64(decimal, AXEV__MAX_CONTAINER_BYTES, &entry->size_bytes))
		return axev__fail(err, AXEV_E_FORMAT, "member 'bytes': expected a decimal string");
	TRY(axev__layout_next(&writer->layout, name, entry->size_bytes, err));
	memcpy(entry->name, name.data, name.size);
	entry->crc32 = axev__get_u32be(crc32);
	entry->header_offset = writer->offset;
	TRY(check_header(writer->fd, entry, &header_bytes, err));
	writer->offset += header_bytes + entry->size_bytes;
	writer->count++;
	return AXEV_OK;
}

static int load_entries(struct axev__container_writer *writer, const axev__json *state,
			axev_error *err)
{
	axev__json *list;
	size_t i;

	TRY(axev__json_array(state, "entries", &list, err));
	if (axev__json_count(list) > AXEV__MAX_CONTAINER_ENTRIES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d entries",
				  AXEV__MAX_CONTAINER_ENTRIES);
	for (i = 0; i < axev__json_count(list); i++)
		TRY(axev__prefix(load_entry(writer, axev__json_at(list, i), err), err,
				 "saved entry %zu", i));
	return AXEV_OK;
}

static int cut_to_state(struct axev__container_writer *writer, axev_error *err)
{
	uint64_t size_bytes;

	TRY(axev__file_size(writer->fd, &size_bytes, err));
	if (size_bytes < writer->offset)
		return axev__fail(err, AXEV_E_CORRUPT,
				  "the file was saved with %llu bytes and now has %llu",
				  (unsigned long long)writer->offset, (unsigned long long)size_bytes);
	/* Bytes behind: an entry that was open when the process ended. */
	if (ftruncate(writer->fd, (off_t)writer->offset) < 0)
		return axev__fail_errno(err, errno, "cannot cut the container back");
	return AXEV_OK;
}

static int resume(int fd, const axev__json *state, struct axev__container_writer **ret_writer,
		  axev_error *err)
{
	static const char *const known[] = { "format", "part", "entries", NULL };
	AXEV__CONTAINER *writer = calloc(1, sizeof(*writer));
	struct axev__span format;
	bool is_part;

	if (!writer)
		return axev__nomem(err);
	TRY(axev__json_only(state, known, err));
	TRY(axev__json_string(state, "format", &format, err));
	if (!axev__span_is(format, STATE_FORMAT))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "expected format %s", STATE_FORMAT);
	writer->fd = fd;
	writer->entries = calloc(AXEV__MAX_CONTAINER_ENTRIES + 1, sizeof(*writer->entries));
	if (!writer->entries)
		return axev__nomem(err);
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256 | AXEV__DIGEST_CRC32, &writer->hasher, err));
	TRY(axev__json_boolean(state, "part", &is_part, err));
	writer->layout.kind = is_part ? AXEV__LAYOUT_PART : AXEV__LAYOUT_CONTAINER;
	TRY(load_entries(writer, state, err));
	TRY(cut_to_state(writer, err));
	*ret_writer = axev__steal(writer);
	return AXEV_OK;
}

int axev__container_resume(int fd, const axev__json *state,
			   struct axev__container_writer **ret_writer, axev_error *err)
{
	return axev__prefix(resume(fd, state, ret_writer, err), err, "container state");
}
