/* SPDX-License-Identifier: Apache-2.0 */
#include "package/part_write.h"

#include <inttypes.h>
#include <stdio.h>

struct axev__part_writer {
	size_t number;
	struct axev__container_writer *container; /* lent */
	struct axev__container_writer *writer;
	axev__json *objects;
};

int axev__part_open_new(struct axev__container_writer *container, size_t number,
			struct axev__part_writer **ret_part, axev_error *err)
{
	AXEV__CLEANUP(axev__part_abortp) struct axev__part_writer *part = calloc(1, sizeof(*part));
	char name[40];

	if (!part)
		return axev__nomem(err);
	part->container = container;
	part->number = number;
	if (number == 0 || number > AXEV__MAX_PARTS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d parts", AXEV__MAX_PARTS);
	part->objects = axev__json_new_array();
	if (!part->objects)
		return axev__nomem(err);
	snprintf(name, sizeof(name), "data/parts/%04zu.zip", part->number);
	TRY(axev__part_begin(container, name, &part->writer, err));
	*ret_part = axev__steal(part);
	return AXEV_OK;
}

void axev__part_abort(struct axev__part_writer *part)
{
	if (!part)
		return;
	axev__container_free(part->writer);
	axev__json_free(part->objects);
	free(part);
}

uint64_t axev__part_bytes(const struct axev__part_writer *part)
{
	return axev__container_bytes(part->writer);
}

size_t axev__part_room(const struct axev__part_writer *part)
{
	return AXEV__MAX_OBJECTS_PER_PART - axev__json_count(part->objects);
}

struct axev__container_writer *axev__part_container(struct axev__part_writer *part)
{
	return part->writer;
}

int axev__part_list(struct axev__part_writer *part, axev__json *object, axev_error *err)
{
	return axev__json_append(part->objects, object, err);
}

static int set_decimal(axev__json *row, const char *key, uint64_t value, axev_error *err)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	return axev__json_set_str(row, key, text, err);
}

static int end_zip(struct axev__part_writer *part, const axev_env *env, axev__json *row, axev_error *err)
{
	uint64_t size_bytes;
	char name[40];

	TRY(axev__part_end(part->container, part->writer, env, &size_bytes, err));
	snprintf(name, sizeof(name), "data/parts/%04zu.zip", part->number);
	TRY(axev__json_set_str(row, "path", name, err));
	return set_decimal(row, "bytes", size_bytes, err);
}

static int add_index(struct axev__part_writer *part, axev__json *row, axev_error *err)
{
	AXEV__JSON *index = axev__json_new_object();
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_PART_INDEX_BYTES);
	struct axev__digests digests;
	char name[40];

	TRY(axev__json_set_u64(row, "objects", axev__json_count(part->objects), err));
	TRY(axev__json_set_str(index, "format", "ax-part/1", err));
	TRY(axev__json_set(index, "objects", axev__steal(part->objects), err));
	TRY(axev__json_canonical(index, &bytes, err));
	snprintf(name, sizeof(name), "data/parts/%04zu.json", part->number);
	TRY(axev__container_add(part->container, name, axev__buf_view(&bytes), &digests, err));
	TRY(axev__json_set_str(row, "index", name, err));
	TRY(set_decimal(row, "index_bytes", bytes.size, err));
	return axev__json_set_hex(row, "index_sha256", digests.sha256, 32, err);
}

int axev__part_close(struct axev__part_writer **part, const axev_env *env, axev__json *parts, axev_error *err)
{
	AXEV__CLEANUP(axev__part_abortp) struct axev__part_writer *closing = axev__steal(*part);
	AXEV__JSON *row = axev__json_new_object();

	TRY(end_zip(closing, env, row, err));
	TRY(add_index(closing, row, err));
	return axev__json_append(parts, axev__steal(row), err);
}

static int set_digest(struct axev__container_writer *container, const axev_env *env, axev__json *row, axev_error *err)
{
	char name[AXEV__MAX_ENTRY_NAME + 1];
	struct axev__span path;
	uint8_t sha256[32];

	TRY(axev__json_string(row, "path", &path, err));
	snprintf(name, sizeof(name), "%.*s", (int)path.size, path.data);
	TRY(axev__part_digest(container, env, name, sha256, err));
	return axev__json_set_hex(row, "sha256", sha256, sizeof(sha256), err);
}

int axev__parts_finish(struct axev__container_writer *container, const axev_env *env, axev__json *parts, axev_error *err)
{
	size_t i;

	for (i = 0; i < axev__json_count(parts); i++)
		TRY(set_digest(container, env, axev__json_at(parts, i), err));
	return AXEV_OK;
}
