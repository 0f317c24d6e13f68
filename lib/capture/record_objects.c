/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/record_objects.h"

#include <inttypes.h>
#include <stdio.h>

static int add(struct axev__take *take, const char *path, const char *media_type, const char *role,
	       const struct axev__digests *digests, axev_error *err)
{
	const struct axev__object object = {
		.path = path,
		.name = axev__span_str(strrchr(path, '/') + 1),
		.media_type = media_type,
		.role = role,
		.modified_ns = INT64_MIN,
		.mode = -1,
	};

	return axev__take_object(take, &object, digests, err);
}

static int add_row(struct axev__take *take, const struct axev__record_objects *set, const char *paths[3],
		   axev_error *err)
{
	AXEV__JSON *row = axev__json_new_object();
	axev__json *list = axev__json_get(take->manifest, "record_sets");
	char number[24];

	snprintf(number, sizeof(number), "%" PRIu64, set->totals.records);
	TRY(axev__json_set_str(row, "name", set->name, err));
	TRY(axev__json_set_str(row, "encoding", "row-c14n/2", err));
	TRY(axev__json_set_str(row, "records", number, err));
	TRY(axev__json_set_hex(row, "root", set->totals.root, 32, err));
	TRY(axev__json_set_str(row, "header", paths[0], err));
	TRY(axev__json_set_str(row, "path", paths[1], err));
	TRY(axev__json_set_str(row, "index", paths[2], err));
	if (set->ended_early)
		TRY(axev__json_set_bool(row, "ended_early", true, err));
	if (!list) {
		TRY(axev__take_set(take, "record_sets", axev__json_new_array(), err));
		list = axev__json_get(take->manifest, "record_sets");
	}
	return axev__json_append(list, axev__steal(row), err);
}

static int add_records(struct axev__take *take, const char *path, const struct axev__record_objects *set, axev_error *err)
{
	struct axev__digests digests = set->digests;

	if (!set->is_stored) {
		if (lseek(set->fd, 0, SEEK_SET) < 0)
			return axev__fail(err, AXEV_E_IO, "cannot go to the beginning of the records");
		TRY(axev__container_add_fd(take->writer, path, set->fd, set->totals.bytes, take->env, &digests, err));
	}
	return add(take, path, "application/octet-stream", "records", &digests, err);
}

int axev__take_records(struct axev__take *take, unsigned number, const struct axev__record_objects *set,
		       axev_error *err)
{
	char header[64], records[64], index[64];
	const char *paths[3] = { header, records, index };
	struct axev__digests digests;

	snprintf(header, sizeof(header), "data/records/%03u.header.json", number);
	snprintf(records, sizeof(records), "data/records/%03u.bin", number);
	snprintf(index, sizeof(index), "data/records/%03u.index", number);
	TRY(add_records(take, records, set, err));
	TRY(axev__container_add(take->writer, header, set->header, &digests, err));
	TRY(add(take, header, "application/json", "record-header", &digests, err));
	TRY(axev__container_add(take->writer, index, set->index, &digests, err));
	TRY(add(take, index, "application/octet-stream", "record-index", &digests, err));
	return add_row(take, set, paths, err);
}
