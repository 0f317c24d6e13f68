/* SPDX-License-Identifier: Apache-2.0 */
/* Capture of files and folders: exact bytes, streamed, each file read once. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/io.h"
#include "base/text.h"
#include "capture/file_state.h"
#include "capture/take.h"
#include "capture/walk.h"
#include "package/part_write.h"

/* Objects that stand in the container itself; further ones go into parts (FORMAT.md section 1). */
#define DIRECT_OBJECTS (AXEV__MAX_DATA_ENTRIES - 20)

struct file_capture {
	struct axev__take *take;
	struct axev__part_writer *part; /* open part, or NULL */
	axev__json *parts;
	uint64_t files, bytes, skipped;
};

/* The container that takes the next object: the package itself, or a part of it. */
static int choose_writer(struct file_capture *capture, struct axev__container_writer **ret_writer,
			 axev_error *err)
{
	if (capture->take->object_count < DIRECT_OBJECTS) {
		*ret_writer = capture->take->writer;
		return AXEV_OK;
	}
	if (capture->part && axev__part_room(capture->part) == 0)
		TRY(axev__part_close(&capture->part, capture->take->env, capture->parts, err));
	if (!capture->part)
		TRY(axev__part_open_new(capture->take->container, axev__json_count(capture->parts) + 1, &capture->part, err));
	*ret_writer = axev__part_container(capture->part);
	return AXEV_OK;
}

static int list_object(struct file_capture *capture, const struct axev__object *object,
		       const struct axev__digests *digests, axev_error *err)
{
	axev__json *json = NULL;

	if (!capture->part)
		return axev__take_object(capture->take, object, digests, err);
	TRY(axev__object_json(object, digests, &json, err));
	return axev__part_list(capture->part, json, err);
}

static int capture_one(void *payload, const struct axev__walk_file *file, axev_error *err)
{
	struct file_capture *capture = payload;
	struct axev__container_writer *writer = NULL;
	struct axev__digests digests;
	char path[64];
	struct axev__object object = {
		.path = path,
		.name = file->name,
		.media_type = "application/octet-stream",
		.role = "file",
		.modified_ns = axev__modified_ns(&file->before),
		.mode = (int)(file->before.st_mode & 07777),
		.is_observed = false,
	};
	int status;

	TRY(choose_writer(capture, &writer, err));
	snprintf(path, sizeof(path), "data/files/%06" PRIu64 ".bin", capture->files + 1);
	status = axev__container_add_fd(writer, path, file->fd, (uint64_t)file->before.st_size,
					capture->take->env, &digests, err);
	if (status == AXEV_E_STATE) {
		/* Grew or shrank while it was read: its bytes are not of one moment, so none are kept. */
		axev_error_clear(err);
		TRY(axev__container_rollback(writer, err));
		capture->skipped++;
		return axev__take_missing(capture->take, file->name,
					  "changed while it was read; capture it again", err);
	}
	TRY(status);
	if (axev__has_changed(&file->before, file->fd)) {
		object.how = "written to while it was read: bytes may be of several moments";
		TRY(axev__take_missing(capture->take, file->name,
				       "was written to while it was read; the bytes kept may be of several moments",
				       err));
	}
	capture->files++;
	capture->bytes += digests.size_bytes;
	return list_object(capture, &object, &digests, err);
}

static int note_skipped(void *payload, struct axev__span name, const char *why, axev_error *err)
{
	struct file_capture *capture = payload;

	capture->skipped++;
	return axev__take_missing(capture->take, name, why, err);
}

/* What the ledger's "started" commits to: the kind and the paths as the user gave them. */
static int describe_target(const axev_file_opts *opts, struct axev__buf *target, axev_error *err)
{
	size_t i;

	TRY(axev__buf_str(target, "file", err));
	for (i = 0; i < opts->path_count; i++) {
		TRY(axev__buf_byte(target, '\n', err));
		TRY(axev__escape(target, axev__span_str(opts->paths[i]), err));
	}
	return AXEV_OK;
}

static int set_source(struct file_capture *capture, const axev_file_opts *opts, axev_error *err)
{
	AXEV__JSON *source = axev__json_new_object();
	AXEV__JSON *roots = axev__json_new_array();
	AXEV__BUF shown = AXEV__BUF_INIT(4 * AXEV__MAX_SOURCE_NAME);
	char number[24];
	size_t i;

	for (i = 0; i < opts->path_count; i++) {
		axev__buf_clear(&shown);
		TRY(axev__escape(&shown, axev__span_str(opts->paths[i]), err));
		TRY(axev__json_append(roots, axev__json_new_string(axev__buf_view(&shown)), err));
	}
	TRY(axev__json_set(source, "roots", axev__steal(roots), err));
	TRY(axev__json_set_u64(source, "files", capture->files, err));
	TRY(axev__json_set_u64(source, "skipped", capture->skipped, err));
	snprintf(number, sizeof(number), "%" PRIu64, capture->bytes);
	TRY(axev__json_set_str(source, "bytes", number, err));
	return axev__take_set(capture->take, "source", axev__steal(source), err);
}

static int capture_all(struct file_capture *capture, const axev_file_opts *opts, axev_error *err)
{
	const struct axev__walk walk = { capture_one, note_skipped, capture };
	size_t i;

	for (i = 0; i < opts->path_count; i++)
		TRY(axev__walk_root(opts->paths[i], &walk, err));
	if (capture->files == 0)
		return axev__fail(err, AXEV_E_NOTFOUND, "found no file that can be captured");
	if (capture->part)
		TRY(axev__part_close(&capture->part, capture->take->env, capture->parts, err));
	TRY(axev__parts_finish(capture->take->container, capture->take->env, capture->parts, err));
	if (axev__json_count(capture->parts))
		TRY(axev__take_set(capture->take, "parts", axev__steal(capture->parts), err));
	return set_source(capture, opts, err);
}

int axev_capture_file(axev_ledger *ledger, const axev_file_opts *opts, axev_draft **ret_draft,
		      axev_error *err)
{
	AXEV__TAKE take = { .fd = -1 };
	AXEV__BUF target = AXEV__BUF_INIT(AXEV__MIB);
	struct file_capture capture = { .take = &take };
	int status;

	if (!ledger || !opts || opts->size < sizeof(*opts) || opts->path_count == 0)
		return axev__fail(err, AXEV_E_INVAL, "expected a ledger and at least one path");
	TRY(describe_target(opts, &target, err));
	TRY(axev__take_begin(ledger, &opts->common, "file", "files read once, byte for byte",
			     axev__buf_view(&target), &take, err));
	capture.parts = axev__json_new_array();
	status = capture_all(&capture, opts, err);
	axev__part_abort(capture.part);
	axev__json_free(capture.parts);
	TRY(status);
	return axev__take_finish(&take, ret_draft, err);
}
