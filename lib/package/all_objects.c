/* SPDX-License-Identifier: Apache-2.0 */
#include "package/all_objects.h"

#include "base/text.h"

static int copy_name(char out[AXEV__MAX_ENTRY_NAME + 1], struct axev__span path, axev_error *err)
{
	struct axev__shown shown;

	if (path.size > AXEV__MAX_ENTRY_NAME)
		return axev__fail(err, AXEV_E_FORMAT, "expected a path, found '%s'", axev__show(&shown, path));
	memcpy(out, path.data, path.size);
	out[path.size] = '\0';
	return AXEV_OK;
}

static int find_outside(const struct axev__container *outer, const axev__json *row, const char *member,
			struct axev__source *ret_window, axev_error *err)
{
	char name[AXEV__MAX_ENTRY_NAME + 1];
	const struct axev__entry *entry;
	struct axev__span path;

	TRY(axev__json_string(row, member, &path, err));
	TRY(copy_name(name, path, err));
	entry = axev__container_find(outer, name);
	if (!entry)
		return axev__fail(err, AXEV_E_INVALID, "%s is not in the package", name);
	*ret_window = axev__source_window(axev__container_source(outer), entry->offset, entry->size_bytes);
	return AXEV_OK;
}

static int read_window(const struct axev__source *window, struct axev__buf *out, axev_error *err)
{
	if (window->size > out->max)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu bytes, found %llu", out->max,
				  (unsigned long long)window->size);
	TRY(axev__buf_reserve(out, (size_t)window->size, err));
	TRY(axev__source_read(window, 0, out->data, (size_t)window->size, err));
	out->size = (size_t)window->size;
	return AXEV_OK;
}

static int open_part(struct axev__all_objects *objects, const axev__json *row, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_PART_INDEX_BYTES);
	struct axev__source window;
	axev__json *index = NULL;

	TRY(find_outside(objects->outer, row, "path", &window, err));
	TRY(axev__part_open(&window, &objects->parts[objects->part_count], err));
	objects->part_count++;
	TRY(find_outside(objects->outer, row, "index", &window, err));
	TRY(read_window(&window, &bytes, err));
	TRY(axev__json_parse_canonical(axev__buf_view(&bytes), &index, err));
	return axev__json_append(objects->indexes, index, err);
}

static int open_parts(struct axev__all_objects *objects, axev_error *err)
{
	const axev__json *rows = axev__json_get(objects->manifest, "parts");
	size_t i;

	objects->indexes = axev__json_new_array();
	objects->parts = calloc(axev__json_count(rows) + 1, sizeof(*objects->parts));
	if (!objects->parts || !objects->indexes)
		return axev__nomem(err);
	for (i = 0; i < axev__json_count(rows); i++)
		TRY(axev__prefix(open_part(objects, axev__json_at(rows, i), err), err, "parts[%zu]", i));
	return AXEV_OK;
}

int axev__all_objects_open(const axev__json *manifest, const struct axev__container *container,
			   struct axev__all_objects *ret_objects, axev_error *err)
{
	AXEV__ALL_OBJECTS objects = { .manifest = manifest, .outer = container };

	TRY(open_parts(&objects, err));
	*ret_objects = objects;
	objects = (struct axev__all_objects){ 0 };
	return AXEV_OK;
}

void axev__all_objects_close(struct axev__all_objects *objects)
{
	size_t i;

	for (i = 0; i < objects->part_count; i++)
		axev__container_close(objects->parts[i]);
	free(objects->parts);
	axev__json_free(objects->indexes);
	*objects = (struct axev__all_objects){ 0 };
}

int axev__all_objects_find(const struct axev__all_objects *objects, struct axev__span path,
			   struct axev__source *ret_window, axev_error *err)
{
	const struct axev__container *container = objects->outer;
	char name[AXEV__MAX_ENTRY_NAME + 1];
	const struct axev__entry *entry;
	size_t i;

	TRY(copy_name(name, path, err));
	entry = axev__container_find(container, name);
	for (i = 0; !entry && i < objects->part_count; i++) {
		container = objects->parts[i];
		entry = axev__container_find(container, name);
	}
	if (!entry)
		return axev__fail(err, AXEV_E_INVALID, "%s is not in the package", name);
	*ret_window = axev__source_window(axev__container_source(container), entry->offset, entry->size_bytes);
	return AXEV_OK;
}

int axev__all_objects_read(const struct axev__all_objects *objects, struct axev__span path,
			   struct axev__buf *out, axev_error *err)
{
	struct axev__source window;

	TRY(axev__all_objects_find(objects, path, &window, err));
	return read_window(&window, out, err);
}

const axev__json *axev__all_objects_row(const struct axev__all_objects *objects, size_t position)
{
	const axev__json *list = axev__json_get(objects->manifest, "objects");
	size_t part;

	for (part = 0; position >= axev__json_count(list); part++) {
		if (part == axev__json_count(objects->indexes))
			return NULL;
		position -= axev__json_count(list);
		list = axev__json_get(axev__json_at(objects->indexes, part), "objects");
	}
	return axev__json_at(list, position);
}
