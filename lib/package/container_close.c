/* SPDX-License-Identifier: Apache-2.0 */
/* The closing steps of a container: lists, signatures, directory, and the digest of the whole. */
#include "package/container_internal.h"

#include "base/io.h"
#include "package/asic_manifest.h"
#include "package/file_sync.h"

/* Everything outside META-INF but mimetype, as it has been written so far. */
static size_t list_entries(const struct axev__container_writer *writer, struct axev__listed *items)
{
	size_t count = 0, i;

	for (i = 0; i < writer->count; i++) {
		const struct axev__written *entry = &writer->entries[i];

		if (axev__layout_is_listed(entry->name))
			items[count++] = (struct axev__listed){ entry->name, entry->sha256 };
	}
	return count;
}

static int add_lists(struct axev__container_writer *writer, unsigned signature_count,
		     struct axev__listed *items, axev_error *err)
{
	AXEV__BUF list = AXEV__BUF_INIT(AXEV__MAX_SHA256_LIST_BYTES);
	AXEV__BUF xml = AXEV__BUF_INIT(AXEV__MAX_ASIC_MANIFEST_BYTES);
	char name[AXEV__META_NAME_SIZE];
	unsigned number;
	size_t count = list_entries(writer, items);

	TRY(axev__sha256_list(items, count, &list, err));
	TRY(axev__container_add(writer, AXEV__NAME_LIST, axev__buf_view(&list), NULL, err));
	for (number = 1; number <= signature_count; number++) {
		count = list_entries(writer, items);
		axev__buf_clear(&xml);
		TRY(axev__asic_manifest(items, count, number, &xml, err));
		axev__asic_name(name, number);
		TRY(axev__container_add(writer, name, axev__buf_view(&xml), NULL, err));
	}
	return AXEV_OK;
}

int axev__container_seal_begin(struct axev__container_writer *writer, unsigned signature_count,
			       axev_error *err)
{
	AXEV__FREE struct axev__listed *items =
		malloc(AXEV__MAX_CONTAINER_ENTRIES * sizeof(*items));

	if (!items)
		return axev__nomem(err);
	if (writer->layout.kind != AXEV__LAYOUT_CONTAINER)
		return axev__fail(err, AXEV_E_STATE, "a part is not signed");
	if (signature_count == 0 || signature_count > AXEV__MAX_SIGNATURES)
		return axev__fail(err, AXEV_E_INVAL, "expected 1 to %d signatures, found %u",
				  AXEV__MAX_SIGNATURES, signature_count);
	if (writer->layout.group != AXEV__GROUP_MANIFEST && writer->layout.group != AXEV__GROUP_RECIPE)
		return axev__fail(err, AXEV_E_STATE, "expected %s to be added before sealing",
				  AXEV__NAME_MANIFEST);
	TRY(axev__part_settle(writer, NULL, err));
	return add_lists(writer, signature_count, items, err);
}

int axev__container_to_be_signed(const struct axev__container_writer *writer, unsigned number,
				 uint8_t out[32], axev_error *err)
{
	const struct axev__written *entry;
	char name[AXEV__META_NAME_SIZE];

	axev__asic_name(name, number);
	entry = axev__container_written(writer, name);
	if (!entry)
		return axev__fail(err, AXEV_E_STATE, "there is no %s: sealing has not begun for it", name);
	memcpy(out, entry->sha256, sizeof(entry->sha256));
	return AXEV_OK;
}

int axev__container_add_signature(struct axev__container_writer *writer, unsigned number,
				  struct axev__span p7s, axev_error *err)
{
	char name[AXEV__META_NAME_SIZE];

	if (number != writer->layout.signature_count + 1 || number > writer->layout.asic_count)
		return axev__fail(err, AXEV_E_STATE, "expected signature %u of %u, found %u",
				  writer->layout.signature_count + 1, writer->layout.asic_count, number);
	axev__signature_name(name, number);
	return axev__container_add(writer, name, p7s, NULL, err);
}

/* ---- finish ---- */

#define HASH_CHUNK (128 * AXEV__KIB) /* what was read is still in the cache next to the processor */

int axev__container_read_range(const struct axev__source *range, uint64_t from, const struct axev__sink *sink, const axev_env *env,
			       const char *phase, const char *name, axev_error *err)
{
	AXEV__FREE uint8_t *chunk = malloc(HASH_CHUNK);
	uint64_t done = from;

	if (!chunk)
		return axev__nomem(err);
	while (done < range->size) {
		size_t size = range->size - done < HASH_CHUNK ? (size_t)(range->size - done) : HASH_CHUNK;

		TRY(axev__source_read(range, done, chunk, size, err));
		TRY(sink->put(sink->payload, axev__span(chunk, size), err));
		done += size;
		TRY(axev__progress(env, phase, name, done, range->size, err));
	}
	return AXEV_OK;
}

static int add(void *payload, struct axev__span bytes, axev_error *err)
{
	(void)err;
	axev__sha256_stream_add(payload, bytes.data, bytes.size);
	return AXEV_OK;
}

static int hash_file(struct axev__container_writer *writer, const struct axev__source *whole, const axev_env *env,
		     uint8_t ret_sha256[32], axev_error *err)
{
	struct axev__container_head *head = &writer->head;
	const struct axev__sink sink = { add, &head->stream };

	if (head->bytes == 0)
		axev__sha256_stream_begin(&head->stream);
	TRY(axev__container_read_range(whole, head->bytes, &sink, env, "seal", NULL, err));
	axev__sha256_stream_end(&head->stream, ret_sha256);
	head->bytes = 0;
	return AXEV_OK;
}

int axev__container_finish(struct axev__container_writer *writer, const axev_env *env,
			   uint64_t *ret_bytes, uint8_t ret_sha256[32], axev_error *err)
{
	struct axev__file_sync sync;
	struct axev__source whole = { .fd = writer->fd };
	int status;

	if (writer->layout.kind != AXEV__LAYOUT_CONTAINER)
		return axev__fail(err, AXEV_E_STATE, "expected a container, this is a part");
	TRY(axev__container_put_directory(writer, &whole.size, err));
	axev__file_sync_begin(&sync, writer->fd);
	status = hash_file(writer, &whole, env, ret_sha256, err);
	TRY(axev__file_sync_end(&sync, status, err));
	*ret_bytes = whole.size;
	return AXEV_OK;
}
