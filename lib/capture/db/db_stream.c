/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/db_stream.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/io.h"
#include "base/spill.h"

int axev__db_stream_begin(struct axev__db_set *set, axev_error *err)
{
	struct axev__db_capture *capture = set->capture;
	char path[64];

	TRY(axev__db_stream_aside(capture, err));
	snprintf(path, sizeof(path), "data/records/%03u.bin", capture->sets + 1);
	TRY(axev__container_begin_growing(capture->take->writer, path, err));
	capture->straight = set;
	set->is_straight = true;
	return AXEV_OK;
}

int axev__db_stream_put(void *payload, struct axev__span records, axev_error *err)
{
	struct axev__db_set *set = payload;
	int status;

	pthread_mutex_lock(&set->stream_lock);
	if (set->is_straight)
		status = axev__container_write(set->capture->take->writer, records.data, records.size, err);
	else
		status = axev__write_full(set->fd, records.data, records.size, err);
	pthread_mutex_unlock(&set->stream_lock);
	return status;
}

/* What came so far into a file; the entry is as if it had not begun. */
static int move_aside(struct axev__db_set *set, axev_error *err)
{
	struct axev__container_writer *writer = set->capture->take->writer;
	struct axev__spill spill = { .fd = set->fd, .max_bytes = UINT64_MAX };
	struct axev__source so_far;

	TRY(axev__container_so_far(writer, &so_far, err));
	TRY(axev__spill_copy(&spill, &so_far, err));
	if (lseek(set->fd, (off_t)so_far.size, SEEK_SET) < 0)
		return axev__fail(err, AXEV_E_IO, "cannot go to the end of the records");
	TRY(axev__container_rollback(writer, err));
	set->is_straight = false;
	return AXEV_OK;
}

int axev__db_stream_aside(struct axev__db_capture *capture, axev_error *err)
{
	struct axev__db_set *set = capture->straight;
	int status;

	if (!set)
		return AXEV_OK;
	TRY(axev__db_spool(capture, &set->fd, err));
	pthread_mutex_lock(&set->stream_lock);
	status = move_aside(set, err);
	pthread_mutex_unlock(&set->stream_lock);
	capture->straight = NULL;
	return status;
}

int axev__db_stream_end(struct axev__db_set *set, struct axev__record_objects *objects, struct axev__source *ret_records,
			axev_error *err)
{
	struct axev__container_writer *writer = set->capture->take->writer;

	if (set->capture->straight == set) {
		TRY(axev__container_end(writer, &objects->digests, err));
		set->capture->straight = NULL;
		objects->is_stored = true;
		return axev__container_last(writer, ret_records, err);
	}
	TRY(axev__db_stream_aside(set->capture, err)); /* another set: the objects of this one come first */
	objects->fd = set->fd;
	*ret_records = (struct axev__source){ .fd = set->fd, .size = objects->totals.bytes };
	return AXEV_OK;
}

void axev__db_stream_drop(struct axev__db_set *set)
{
	if (set->capture->straight != set)
		return;
	(void)axev__container_rollback(set->capture->take->writer, NULL);
	set->capture->straight = NULL;
}
