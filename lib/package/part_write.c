/* SPDX-License-Identifier: Apache-2.0 */
#include "package/part_write.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"

struct axev__part_writer {
	int dirfd; /* lent */
	int fd;
	char file[AXEV__MAX_PATH];
	size_t number;
	struct axev__container_writer *writer;
	axev__json *objects;
};

int axev__part_open_new(int dirfd, const char *directory, size_t number,
			struct axev__part_writer **ret_part, axev_error *err)
{
	AXEV__CLEANUP(axev__part_abortp) struct axev__part_writer *part = calloc(1, sizeof(*part));
	int length;

	if (!part)
		return axev__nomem(err);
	part->dirfd = dirfd;
	part->fd = -1;
	part->number = number;
	if (number == 0 || number > AXEV__MAX_PARTS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d parts", AXEV__MAX_PARTS);
	length = snprintf(part->file, sizeof(part->file), "%s/part-%04zu.zip", directory, number);
	if (length < 0 || (size_t)length >= sizeof(part->file))
		return axev__fail(err, AXEV_E_LIMIT, "expected a path of at most %d bytes", AXEV__MAX_PATH);
	part->objects = axev__json_new_array();
	if (!part->objects)
		return axev__nomem(err);
	TRY(axev__open(dirfd, part->file, O_RDWR | O_CREAT | O_TRUNC, 0600, &part->fd, err));
	TRY(axev__part_new(part->fd, &part->writer, err));
	*ret_part = axev__steal(part);
	return AXEV_OK;
}

void axev__part_abort(struct axev__part_writer *part)
{
	if (!part)
		return;
	axev__container_free(part->writer);
	axev__json_free(part->objects);
	if (part->fd >= 0) {
		close(part->fd);
		(void)unlinkat(part->dirfd, part->file, 0);
	}
	free(part);
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

static int add_zip(struct axev__part_writer *part, struct axev__container_writer *writer,
		   const axev_env *env, axev__json *row, axev_error *err)
{
	struct axev__digests digests;
	uint64_t size_bytes;
	char name[40];

	TRY(axev__part_finish(part->writer, err));
	TRY(axev__file_size(part->fd, &size_bytes, err));
	if (lseek(part->fd, 0, SEEK_SET) < 0)
		return axev__fail_errno(err, errno, "cannot go to the start of a part");
	snprintf(name, sizeof(name), "data/parts/%04zu.zip", part->number);
	TRY(axev__container_add_fd(writer, name, part->fd, size_bytes, env, &digests, err));
	TRY(axev__json_set_str(row, "path", name, err));
	TRY(set_decimal(row, "bytes", size_bytes, err));
	return axev__json_set_hex(row, "sha256", digests.sha256, 32, err);
}

static int add_index(struct axev__part_writer *part, struct axev__container_writer *writer,
		     axev__json *row, axev_error *err)
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
	TRY(axev__container_add(writer, name, axev__buf_view(&bytes), &digests, err));
	TRY(axev__json_set_str(row, "index", name, err));
	TRY(set_decimal(row, "index_bytes", bytes.size, err));
	return axev__json_set_hex(row, "index_sha256", digests.sha256, 32, err);
}

int axev__part_close(struct axev__part_writer **part, struct axev__container_writer *writer,
		     const axev_env *env, axev__json *parts, axev_error *err)
{
	AXEV__CLEANUP(axev__part_abortp) struct axev__part_writer *closing = axev__steal(*part);
	AXEV__JSON *row = axev__json_new_object();

	TRY(add_zip(closing, writer, env, row, err));
	TRY(add_index(closing, writer, row, err));
	return axev__json_append(parts, axev__steal(row), err);
}
