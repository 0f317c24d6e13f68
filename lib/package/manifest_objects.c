/* SPDX-License-Identifier: Apache-2.0 */
/* What the manifest states about objects, against what is there. */
#include "package/container_read.h"
#include "package/layout.h"
#include "package/manifest.h"
#include "package/manifest_shape.h"

#include <stdio.h>

#include "base/text.h"

#define PART_INDEX_FORMAT "ax-part/1"

/* Entries of a container taken one after another, as objects[] and parts[] must list them. */
struct cursor {
	const struct axev__container *container;
	size_t next;
};

static const struct axev__entry *next_data(struct cursor *cursor)
{
	const struct axev__entry *entry;

	while ((entry = axev__container_entry(cursor->container, cursor->next)) != NULL) {
		cursor->next++;
		if (strncmp(entry->name, "data/", 5) == 0 && strcmp(entry->name, AXEV__NAME_MANIFEST) != 0)
			return entry;
	}
	return NULL;
}

static int compare_entry(const axev__json *item, const char *path_key, const char *bytes_key,
			 const char *sha256_key, const struct axev__entry *entry, axev_error *err)
{
	struct axev__span path, decimal;
	struct axev__shown shown;
	uint64_t size_bytes = 0;
	uint8_t sha256[32];

	TRY(axev__json_string(item, path_key, &path, err));
	TRY(axev__json_string(item, bytes_key, &decimal, err));
	TRY(axev__json_hex(item, sha256_key, sha256, sizeof(sha256), err));
	if (!entry)
		return axev__fail(err, AXEV_E_INVALID, "entry '%s' is listed and is not there",
				  axev__show(&shown, path));
	if (!axev__span_is(path, entry->name))
		return axev__fail(err, AXEV_E_INVALID,
				  "expected entry '%s' as the next one listed, found '%s': an entry is missing, "
				  "not listed, listed twice or out of order",
				  entry->name, axev__show(&shown, path));
	if (!axev__parse_u64(decimal, UINT64_MAX, &size_bytes) || size_bytes != entry->size_bytes)
		return axev__fail(err, AXEV_E_INVALID, "entry '%s': expected %s bytes, found %llu",
				  entry->name, axev__show(&shown, decimal),
				  (unsigned long long)entry->size_bytes);
	if (!entry->is_hashed)
		return axev__fail(err, AXEV_E_STATE, "entry '%s' has not been hashed", entry->name);
	if (memcmp(sha256, entry->sha256, sizeof(sha256)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "entry '%s': its SHA-256 is not the one listed",
				  entry->name);
	return AXEV_OK;
}

static int expect_no_more(struct cursor *cursor, axev_error *err)
{
	const struct axev__entry *entry = next_data(cursor);

	if (!entry)
		return AXEV_OK;
	return axev__fail(err, AXEV_E_INVALID, "entry '%s' is there and is not listed", entry->name);
}

static int check_list(const axev__json *objects, struct cursor *cursor, axev_error *err)
{
	size_t i;

	for (i = 0; i < axev__json_count(objects); i++)
		TRY(axev__prefix(compare_entry(axev__json_at(objects, i), "path", "bytes", "sha256",
					       next_data(cursor), err),
				 err, "objects[%zu]", i));
	return AXEV_OK;
}

/* ---- parts ---- */

static int read_index(const struct axev__container *container, const struct axev__entry *entry,
		      axev__json **ret_objects, axev__json **ret_index, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_PART_INDEX_BYTES);
	AXEV__JSON *index = NULL;
	struct axev__span format;

	TRY(axev__container_read(container, entry, &bytes, err));
	TRY(axev__json_parse_canonical(axev__buf_view(&bytes), &index, err));
	TRY(axev__json_string(index, "format", &format, err));
	if (!axev__span_is(format, PART_INDEX_FORMAT))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "newer format: expected " PART_INDEX_FORMAT);
	TRY(axev__shape_check(index, &axev__part_index_shape, err));
	*ret_objects = axev__json_get(index, "objects");
	*ret_index = axev__steal(index);
	return AXEV_OK;
}

/* A part's paths must not be used twice, so that unpacking all parts into one place loses nothing. */
static int check_part_paths(const struct axev__container *outer, const struct axev__container *part,
			    axev_error *err)
{
	size_t i;

	for (i = 0; i < axev__container_count(part); i++)
		if (axev__container_find(outer, axev__container_entry(part, i)->name))
			return axev__fail(err, AXEV_E_INVALID, "entry '%s' stands outside the part, too",
					  axev__container_entry(part, i)->name);
	return AXEV_OK;
}

static int check_part_content(const struct axev__container *outer, const struct axev__entry *zip,
			      const axev__json *objects, axev_error *err)
{
	struct axev__source window =
		axev__source_window(axev__container_source(outer), zip->offset, zip->size_bytes);
	AXEV__CONTAINER_READER *part = NULL;
	struct cursor cursor = { 0 };

	TRY(axev__part_open(&window, &part, err));
	TRY(check_part_paths(outer, part, err));
	TRY(axev__container_hash(part, NULL, err));
	cursor.container = part;
	TRY(check_list(objects, &cursor, err));
	return expect_no_more(&cursor, err);
}

/* Names of all objects in parts, to find one that two parts hold. They are lent by the indexes. */
struct names {
	const char **items;
	size_t count, capacity;
	axev__json *indexes; /* array */
};

static void free_names(struct names *names)
{
	free(names->items);
	axev__json_free(names->indexes);
}

static int keep_names(struct names *names, axev__json *index, axev_error *err)
{
	axev__json *objects = axev__json_get(index, "objects");
	struct axev__span path;
	size_t i;

	TRY(axev__json_append(names->indexes, index, err));
	for (i = 0; i < axev__json_count(objects); i++) {
		if (names->count == names->capacity) {
			size_t capacity = names->capacity ? 2 * names->capacity : 1024;
			const char **items =
				reallocarray(names->items, capacity, sizeof(*items));

			if (!items)
				return axev__nomem(err);
			names->items = items;
			names->capacity = capacity;
		}
		TRY(axev__json_string(axev__json_at(objects, i), "path", &path, err));
		names->items[names->count++] = (const char *)path.data; /* NUL behind it */
	}
	return AXEV_OK;
}

static int expect_name(const axev__json *row, const char *key, const char *form, size_t number,
		       axev_error *err)
{
	struct axev__shown shown;
	struct axev__span found;
	char expected[64];

	snprintf(expected, sizeof(expected), form, number);
	TRY(axev__json_string(row, key, &found, err));
	if (!axev__span_is(found, expected))
		return axev__fail(err, AXEV_E_INVALID, "expected %s, found %s", expected,
				  axev__show(&shown, found));
	return AXEV_OK;
}

static int check_part(const axev__json *row, size_t number, const struct axev__container *container,
		      struct cursor *cursor, struct names *names, axev_error *err)
{
	const struct axev__entry *zip = next_data(cursor);
	const struct axev__entry *list;
	AXEV__JSON *index = NULL;
	axev__json *objects = NULL;
	uint64_t stated;

	TRY(expect_name(row, "path", "data/parts/%04zu.zip", number, err));
	TRY(expect_name(row, "index", "data/parts/%04zu.json", number, err));
	TRY(compare_entry(row, "path", "bytes", "sha256", zip, err));
	list = next_data(cursor);
	TRY(compare_entry(row, "index", "index_bytes", "index_sha256", list, err));
	TRY(axev__prefix(read_index(container, list, &objects, &index, err), err, "%s", list->name));
	TRY(axev__json_u64(row, "objects", &stated, err));
	if (stated != axev__json_count(objects))
		return axev__fail(err, AXEV_E_INVALID, "expected %llu objects in its index, found %zu",
				  (unsigned long long)stated, axev__json_count(objects));
	TRY(axev__prefix(check_part_content(container, zip, objects, err), err, "%s", zip->name));
	return keep_names(names, axev__steal(index), err);
}

static int check_parts(const axev__json *parts, const struct axev__container *container,
		       struct cursor *cursor, axev_error *err)
{
	AXEV__CLEANUP(free_names) struct names names = { .indexes = axev__json_new_array() };
	size_t i;

	if (!names.indexes)
		return axev__nomem(err);
	for (i = 0; i < axev__json_count(parts); i++)
		TRY(axev__prefix(check_part(axev__json_at(parts, i), i + 1, container, cursor, &names,
					    err),
				 err, "parts[%zu]", i));
	return names.count > 0 ? axev__layout_unique(names.items, names.count, err) : AXEV_OK;
}

int axev__manifest_check_objects(const axev__json *manifest, const struct axev__container *container,
				 axev_error *err)
{
	struct cursor cursor = { container, 0 };
	const axev__json *parts = axev__json_get(manifest, "parts");
	struct axev__span kind;

	TRY(check_list(axev__json_get(manifest, "objects"), &cursor, err));
	if (parts)
		TRY(check_parts(parts, container, &cursor, err));
	TRY(expect_no_more(&cursor, err));
	TRY(axev__json_string(manifest, "kind", &kind, err));
	if (axev__container_find(container, AXEV__NAME_RECIPE) && !axev__span_is(kind, "bundle"))
		return axev__fail(err, AXEV_E_INVALID, "entry '%s' stands only in a bundle",
				  AXEV__NAME_RECIPE);
	return AXEV_OK;
}
