/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/take.h"

#include <stdio.h>

#include "base/env.h"

#define LARGE_PART (32 * AXEV__MIB)
#define MOST_SPLIT 100 /* a container has room for more: for those that are full */

static int open_part(struct axev__take *take, axev_error *err)
{
	TRY(axev__part_open_new(take->container, axev__json_count(take->parts) + 1, &take->part, err));
	take->writer = axev__part_container(take->part);
	return AXEV_OK;
}

int axev__take_part_begin(struct axev__take *take, axev_error *err)
{
	take->parts = axev__json_new_array();
	return open_part(take, err);
}

/* 32 bytes so that the part's digest cannot be guessed; up to 4095 more so that its size tells little about one cell. */
static int add_blinding(struct axev__take *take, axev_error *err)
{
	char path[40];
	struct axev__object object;
	size_t number = axev__json_count(take->parts) + 1, size;
	uint8_t bytes[32 + 4095], extra[2];
	struct axev__digests digests;
	axev__json *json = NULL;

	if (number == 1)
		snprintf(path, sizeof(path), "data/blinding.bin");
	else
		snprintf(path, sizeof(path), "data/blinding-%04zu.bin", number);
	object = axev__object_made(path, "application/octet-stream", "blinding");
	TRY(axev__random(take->env, extra, sizeof(extra), err));
	size = 32 + ((size_t)extra[0] | (size_t)(extra[1] & 0x0f) << 8);
	TRY(axev__random(take->env, bytes, size, err));
	TRY(axev__container_add(take->writer, path, axev__span(bytes, size), &digests, err));
	TRY(axev__object_json(&object, &digests, &json, err));
	take->object_count++;
	return axev__part_list(take->part, json, err);
}

static int close_part(struct axev__take *take, axev_error *err)
{
	TRY(add_blinding(take, err));
	take->writer = take->container;
	return axev__part_close(&take->part, take->env, take->parts, err);
}

int axev__take_part_turn(struct axev__take *take, axev_error *err)
{
	if (axev__part_room(take->part) > 1) /* the last place is for the random bytes */
		return AXEV_OK;
	TRY(close_part(take, err));
	return open_part(take, err);
}

/* What is written next is hashed beside the digest of what there is. */
int axev__take_part_split(struct axev__take *take, axev_error *err)
{
	if (axev__part_bytes(take->part) < LARGE_PART || axev__json_count(take->parts) >= MOST_SPLIT)
		return AXEV_OK;
	TRY(close_part(take, err));
	return open_part(take, err);
}

int axev__take_part_end(struct axev__take *take, axev_error *err)
{
	TRY(close_part(take, err));
	TRY(axev__parts_finish(take->container, take->env, take->parts, err));
	return axev__take_set(take, "parts", axev__steal(take->parts), err);
}
