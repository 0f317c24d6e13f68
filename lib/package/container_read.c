/* SPDX-License-Identifier: Apache-2.0 */
#include "package/container_read.h"

#include "base/buf.h"
#include "base/text.h"
#include "package/container_entries.h"
#include "package/layout.h"
#include "package/zip_format.h"

struct axev__container {
	struct axev__source source;
	enum axev__layout_kind kind;
	unsigned signature_count;
	size_t count;
	struct axev__entry *entries;
	char *names; /* NUL-terminated, one after another */
	const char **name_list;
};

/* ---- end of the file ---- */

static int find_directory(const struct axev__source *source, struct axev__zip_end *ret_end,
			  axev_error *err)
{
	uint8_t bytes[AXEV__ZIP_END_BYTES], end64[AXEV__ZIP_END64_BYTES];
	uint64_t at;

	if (source->size < AXEV__ZIP_END_BYTES)
		return axev__fail_at(err, AXEV_E_FORMAT, 0,
				     "expected a container, found only %llu bytes",
				     (unsigned long long)source->size);
	if (source->size > AXEV__MAX_CONTAINER_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %llu bytes, found %llu",
				  (unsigned long long)AXEV__MAX_CONTAINER_BYTES,
				  (unsigned long long)source->size);
	at = source->size - AXEV__ZIP_END_BYTES;
	TRY(axev__source_read(source, at, bytes, sizeof(bytes), err));
	if (axev__get_u32le(bytes) != AXEV__ZIP_END_MAGIC)
		return axev__fail_at(err, AXEV_E_FORMAT, at,
				     "expected the end record 06054b50 in the last 22 bytes, found %08x: "
				     "cut off, something appended, or not a container",
				     axev__get_u32le(bytes));
	ret_end->count = axev__get_u16le(bytes + 10);
	ret_end->directory_bytes = axev__get_u32le(bytes + 12);
	ret_end->directory_offset = axev__get_u32le(bytes + 16);
	if (!axev__zip_has_end64(ret_end))
		return AXEV_OK;
	if (at < AXEV__ZIP_END64_BYTES + AXEV__ZIP_LOCATOR_BYTES)
		return axev__fail_at(err, AXEV_E_FORMAT, at, "expected a ZIP64 end record before this");
	at -= AXEV__ZIP_END64_BYTES + AXEV__ZIP_LOCATOR_BYTES;
	TRY(axev__source_read(source, at, end64, sizeof(end64), err));
	ret_end->directory_offset = axev__get_u64le(end64 + 48);
	if (!axev__zip_has_end64(ret_end))
		return axev__fail_at(err, AXEV_E_FORMAT, at + 48,
				     "ZIP64 is used for a directory offset that fits 32 bits");
	return AXEV_OK;
}

/* The end records must be the ones that belong to this directory, and end the file with it. */
static int check_tail(const struct axev__source *source, const struct axev__zip_end *end,
		      axev_error *err)
{
	uint8_t expected[AXEV__ZIP_MAX_TAIL], found[AXEV__ZIP_MAX_TAIL];
	size_t size = axev__zip_put_tail(end, expected);
	uint64_t behind;

	if (end->count == 0 || end->count > AXEV__MAX_CONTAINER_ENTRIES)
		return axev__fail_at(err, AXEV_E_LIMIT, source->size - AXEV__ZIP_END_BYTES + 10,
				     "expected 1 to %d entries, found %llu", AXEV__MAX_CONTAINER_ENTRIES,
				     (unsigned long long)end->count);
	if (end->directory_bytes > AXEV__MAX_CENTRAL_DIRECTORY)
		return axev__fail_at(err, AXEV_E_LIMIT, source->size - AXEV__ZIP_END_BYTES + 12,
				     "expected a central directory of at most %zu bytes, found %llu",
				     AXEV__MAX_CENTRAL_DIRECTORY,
				     (unsigned long long)end->directory_bytes);
	if (!axev__add_u64(end->directory_offset, end->directory_bytes, &behind) ||
	    source->size < size || behind != source->size - size)
		return axev__fail_at(err, AXEV_E_FORMAT, source->size - AXEV__ZIP_END_BYTES,
				     "expected the central directory to end at %llu, found that it ends at "
				     "%llu: something stands between, or is missing",
				     (unsigned long long)(source->size < size ? 0 : source->size - size),
				     (unsigned long long)behind);
	TRY(axev__source_read(source, behind, found, size, err));
	return axev__zip_compare(AXEV__ZIP_TAIL, "", axev__span(expected, size),
				 axev__span(found, size), behind, err);
}

/* ---- entries ---- */

struct walk {
	struct axev__container *container;
	struct axev__layout layout;
	uint64_t next_header; /* where the next local header must be */
	size_t names_used;
};

static int check_local(const struct axev__source *source, const struct axev__zip_item *item,
		       const char *shown, axev_error *err)
{
	uint8_t expected[AXEV__ZIP_MAX_LOCAL], found[AXEV__ZIP_MAX_LOCAL];
	size_t size = axev__zip_put_local(item, expected);

	TRY(axev__source_read(source, item->header_offset, found, size, err));
	return axev__zip_compare(AXEV__ZIP_LOCAL, shown, axev__span(expected, size),
				 axev__span(found, size), item->header_offset, err);
}

static int check_placement(struct walk *walk, const struct axev__zip_item *item, uint64_t directory,
			   axev_error *err)
{
	uint64_t content = walk->next_header +
			   axev__zip_local_size(item->name.size, item->size_bytes);

	if (item->header_offset != walk->next_header)
		return axev__fail_at(err, AXEV_E_FORMAT, walk->next_header,
				     "expected its local header at %llu, the directory says %llu: "
				     "a gap, an overlap or another order",
				     (unsigned long long)walk->next_header,
				     (unsigned long long)item->header_offset);
	if (content > directory || item->size_bytes > directory - content)
		return axev__fail_at(err, AXEV_E_FORMAT, walk->next_header,
				     "expected at most %llu bytes of content before the central directory, "
				     "found %llu declared",
				     (unsigned long long)(content > directory ? 0 : directory - content),
				     (unsigned long long)item->size_bytes);
	return AXEV_OK;
}

static void keep_entry(struct walk *walk, const struct axev__zip_item *item)
{
	struct axev__container *container = walk->container;
	struct axev__entry *entry = &container->entries[container->count];
	char *name = container->names + walk->names_used;

	memcpy(name, item->name.data, item->name.size);
	name[item->name.size] = '\0';
	walk->names_used += item->name.size + 1;
	*entry = (struct axev__entry){
		.name = name,
		.offset = item->header_offset +
			  axev__zip_local_size(item->name.size, item->size_bytes),
		.size_bytes = item->size_bytes,
		.crc32 = item->crc32,
	};
	walk->next_header = entry->offset + entry->size_bytes;
	container->name_list[container->count++] = name;
}

static int check_entry(struct walk *walk, const struct axev__zip_item *item, uint64_t directory,
		       axev_error *err)
{
	struct axev__shown shown;
	const char *name = axev__show(&shown, item->name);

	TRY(axev__prefix(axev__layout_next(&walk->layout, item->name, item->size_bytes, err), err,
			 "entry '%s'", name));
	TRY(axev__prefix(check_placement(walk, item, directory, err), err, "entry '%s'", name));
	TRY(check_local(&walk->container->source, item, name, err));
	keep_entry(walk, item);
	return AXEV_OK;
}

static int walk_directory(struct walk *walk, struct axev__span bytes, const struct axev__zip_end *end,
			  axev_error *err)
{
	uint8_t expected[AXEV__ZIP_MAX_CENTRAL];
	size_t done = 0;
	uint64_t i;

	for (i = 0; i < end->count; i++) {
		struct axev__span rest = axev__span(bytes.data + done, bytes.size - done);
		struct axev__zip_item item;
		struct axev__shown shown;
		size_t used, size;

		TRY(axev__zip_get_central(rest, end->directory_offset + done, &item, &used, err));
		size = axev__zip_put_central(&item, expected);
		TRY(axev__zip_compare(AXEV__ZIP_CENTRAL, axev__show(&shown, item.name),
				      axev__span(expected, size), axev__span(rest.data, used),
				      end->directory_offset + done, err));
		TRY(check_entry(walk, &item, end->directory_offset, err));
		done += used;
	}
	if (done != bytes.size)
		return axev__fail_at(err, AXEV_E_FORMAT, end->directory_offset + done,
				     "central directory: expected %llu entries and its end, found %zu "
				     "more bytes",
				     (unsigned long long)end->count, bytes.size - done);
	if (walk->next_header != end->directory_offset)
		return axev__fail_at(err, AXEV_E_FORMAT, walk->next_header,
				     "expected the central directory at %llu, found it at %llu: something "
				     "stands before it",
				     (unsigned long long)walk->next_header,
				     (unsigned long long)end->directory_offset);
	return AXEV_OK;
}

static int check_mimetype(const struct axev__container *container, axev_error *err)
{
	const struct axev__entry *entry = &container->entries[0];
	char found[sizeof(AXEV__MIMETYPE)];
	size_t size = strlen(AXEV__MIMETYPE);

	if (entry->size_bytes == size) {
		TRY(axev__source_read(&container->source, entry->offset, found, size, err));
		if (memcmp(found, AXEV__MIMETYPE, size) == 0)
			return AXEV_OK;
	}
	return axev__fail_at(err, AXEV_E_FORMAT, entry->offset,
			     "entry 'mimetype': expected exactly " AXEV__MIMETYPE);
}

static int read_entries(struct axev__container *container, const struct axev__zip_end *end,
			axev_error *err)
{
	struct walk walk = { .container = container, .layout.kind = container->kind };
	AXEV__FREE uint8_t *bytes = malloc((size_t)end->directory_bytes + 1);

	container->entries = calloc((size_t)end->count, sizeof(*container->entries));
	container->name_list = calloc((size_t)end->count, sizeof(*container->name_list));
	/* Names stand in the directory behind 46 bytes each: there is always room for the NULs. */
	container->names = malloc((size_t)end->directory_bytes + 1);
	if (!bytes || !container->entries || !container->name_list || !container->names)
		return axev__nomem(err);
	TRY(axev__source_read(&container->source, end->directory_offset, bytes,
			      (size_t)end->directory_bytes, err));
	TRY(walk_directory(&walk, axev__span(bytes, (size_t)end->directory_bytes), end, err));
	TRY(axev__layout_unique(container->name_list, container->count, err));
	TRY(axev__layout_end(&walk.layout, err));
	container->signature_count = walk.layout.signature_count;
	return container->kind == AXEV__LAYOUT_CONTAINER ? check_mimetype(container, err) : AXEV_OK;
}

static int open_source(const struct axev__source *source, enum axev__layout_kind kind,
		       struct axev__container **ret_container, axev_error *err)
{
	AXEV__CONTAINER_READER *container = calloc(1, sizeof(*container));
	struct axev__zip_end end;

	if (!container)
		return axev__nomem(err);
	container->source = *source;
	container->kind = kind;
	TRY(find_directory(source, &end, err));
	TRY(check_tail(source, &end, err));
	TRY(read_entries(container, &end, err));
	*ret_container = axev__steal(container);
	return AXEV_OK;
}

int axev__container_open(const struct axev__source *source, struct axev__container **ret_container,
			 axev_error *err)
{
	return open_source(source, AXEV__LAYOUT_CONTAINER, ret_container, err);
}

int axev__part_open(const struct axev__source *source, struct axev__container **ret_container,
		    axev_error *err)
{
	return open_source(source, AXEV__LAYOUT_PART, ret_container, err);
}

int axev__wacz_open(const struct axev__source *source, struct axev__container **ret_container,
		    axev_error *err)
{
	return open_source(source, AXEV__LAYOUT_WACZ, ret_container, err);
}

void axev__container_close(struct axev__container *container)
{
	if (!container)
		return;
	free(container->entries);
	free(container->name_list);
	free(container->names);
	free(container);
}

/* ---- use ---- */

size_t axev__container_count(const struct axev__container *container)
{
	return container->count;
}

const struct axev__entry *axev__container_entry(const struct axev__container *container,
						size_t index)
{
	return index < container->count ? &container->entries[index] : NULL;
}

struct axev__entry *axev__container_entry_mutable(struct axev__container *container, size_t index)
{
	return &container->entries[index];
}

const struct axev__entry *axev__container_find(const struct axev__container *container,
					       const char *name)
{
	size_t i;

	for (i = 0; i < container->count; i++)
		if (strcmp(container->entries[i].name, name) == 0)
			return &container->entries[i];
	return NULL;
}

const struct axev__source *axev__container_source(const struct axev__container *container)
{
	return &container->source;
}

bool axev__container_has_lists(const struct axev__container *container)
{
	return container->kind == AXEV__LAYOUT_CONTAINER;
}

unsigned axev__container_signature_count(const struct axev__container *container)
{
	return container->signature_count;
}

int axev__container_read(const struct axev__container *container, const struct axev__entry *entry,
			 struct axev__buf *out, axev_error *err)
{
	if (entry->size_bytes > out->max - out->size)
		return axev__fail(err, AXEV_E_LIMIT, "entry '%s': expected at most %zu bytes, found %llu",
				  entry->name, out->max - out->size,
				  (unsigned long long)entry->size_bytes);
	TRY(axev__buf_reserve(out, (size_t)entry->size_bytes, err));
	TRY(axev__source_read(&container->source, entry->offset, out->data + out->size,
			      (size_t)entry->size_bytes, err));
	out->size += (size_t)entry->size_bytes;
	out->data[out->size] = '\0';
	return AXEV_OK;
}
