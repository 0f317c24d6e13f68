/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/take.h"

#include "base/env.h"

#define BLINDING "data/blinding.bin"

int axev__take_part_begin(struct axev__take *take, axev_error *err)
{
	TRY(axev__part_open_new(take->ledger->dirfd, take->directory, 1, &take->part, err));
	take->writer = axev__part_container(take->part);
	return AXEV_OK;
}

/* 32 bytes so that the part's digest cannot be guessed; up to 4095 more so that its size tells little about one cell. */
static int add_blinding(struct axev__take *take, axev_error *err)
{
	static const struct axev__object object = {
		.path = BLINDING,
		.name = { (const uint8_t *)"blinding.bin", 12 },
		.media_type = "application/octet-stream",
		.role = "blinding",
		.modified_ns = INT64_MIN,
		.mode = -1,
	};
	uint8_t bytes[32 + 4095], extra[2];
	struct axev__digests digests;
	size_t size;

	TRY(axev__random(take->env, extra, sizeof(extra), err));
	size = 32 + ((size_t)extra[0] | (size_t)(extra[1] & 0x0f) << 8);
	TRY(axev__random(take->env, bytes, size, err));
	TRY(axev__container_add(take->writer, object.path, axev__span(bytes, size), &digests, err));
	return axev__take_object(take, &object, &digests, err);
}

int axev__take_part_end(struct axev__take *take, axev_error *err)
{
	AXEV__JSON *parts = axev__json_new_array();

	TRY(add_blinding(take, err));
	take->writer = take->container;
	TRY(axev__part_close(&take->part, take->container, take->env, parts, err));
	return axev__take_set(take, "parts", axev__steal(parts), err);
}
