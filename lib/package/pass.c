/* SPDX-License-Identifier: Apache-2.0 */
/* Which ranges of a file are hashed, and finding them again. */
#include "package/pass_internal.h"

#include <zlib.h>

#include "base/text.h"

/* ---- the plan ---- */

static int add_range(struct axev__pass *pass, size_t level, uint64_t offset, uint64_t size_bytes,
		     axev_error *err)
{
	struct axev__lane *lane = &pass->lanes[level];

	if (lane->count == lane->capacity) {
		size_t capacity = lane->capacity ? 2 * lane->capacity : 16;
		struct axev__range *ranges =
			reallocarray(lane->ranges, capacity, sizeof(*ranges));

		if (!ranges)
			return axev__nomem(err);
		lane->ranges = ranges;
		lane->capacity = capacity;
	}
	lane->ranges[lane->count++] =
		(struct axev__range){ .offset = offset, .size_bytes = size_bytes };
	pass->count++;
	return AXEV_OK;
}

enum nested { NOT_NESTED, NESTED_CONTAINER, NESTED_PART };

static enum nested nested_kind(const char *name)
{
	struct axev__span text = axev__span_str(name);

	if (axev__span_starts(text, "data/packages/") && axev__span_ends(text, ".asice"))
		return NESTED_CONTAINER;
	if (axev__span_starts(text, "data/parts/") && axev__span_ends(text, ".zip"))
		return NESTED_PART;
	return NOT_NESTED;
}

static int add_entries(struct axev__pass *pass, size_t level,
		       const struct axev__container *container, axev_error *err)
{
	uint64_t base = axev__source_distance(&pass->source, axev__container_source(container));
	size_t i;

	for (i = 0; i < axev__container_count(container); i++) {
		const struct axev__entry *entry = axev__container_entry(container, i);

		TRY(add_range(pass, level, base + entry->offset, entry->size_bytes, err));
	}
	return AXEV_OK;
}

static int open_quietly(const struct axev__source *source, enum nested kind,
			struct axev__container **ret_container)
{
	return kind == NESTED_PART ? axev__part_open(source, ret_container, NULL) :
				     axev__container_open(source, ret_container, NULL);
}

/*
 * The strict reader is made for bytes that nobody has vouched for. What it refuses is not planned; whoever opens it again
 * in its turn says why. Where containers are too many, those behind are hashed when they are opened.
 */
static int plan(struct axev__pass *pass, size_t level, const struct axev__source *source,
		enum nested kind, axev_error *err)
{
	AXEV__CONTAINER_READER *container = NULL;
	int status = level < AXEV__PASS_LANES ? open_quietly(source, kind, &container) :
						AXEV_E_LIMIT;
	size_t i;

	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (status < 0 ||
	    pass->count + axev__container_count(container) > AXEV__MAX_PASS_RANGES)
		return AXEV_OK;
	TRY(add_entries(pass, level, container, err));
	for (i = 0; i < axev__container_count(container); i++) {
		const struct axev__entry *entry = axev__container_entry(container, i);
		enum nested inner = nested_kind(entry->name);
		struct axev__source window;

		if (inner == NOT_NESTED || kind == NESTED_PART)
			continue;
		window = axev__source_window(source, entry->offset, entry->size_bytes);
		TRY(plan(pass, level + 1, &window, inner, err));
	}
	return AXEV_OK;
}

static int new_pass(const struct axev__source *source, struct axev__pass **ret_pass,
		    axev_error *err)
{
	struct axev__pass *pass = calloc(1, sizeof(*pass));

	if (!pass)
		return axev__nomem(err);
	pass->source = *source;
	pass->source.pass = NULL;
	*ret_pass = pass;
	return AXEV_OK;
}

int axev__pass_run(const struct axev__source *source, const axev_env *env,
		   struct axev__pass **ret_pass, axev_error *err)
{
	AXEV__PASS *pass = NULL;

	TRY(new_pass(source, &pass, err));
	TRY(add_range(pass, 0, 0, source->size, err));
	TRY(plan(pass, 1, &pass->source, NESTED_CONTAINER, err));
	TRY(axev__pass_read(pass, env, err));
	*ret_pass = axev__steal(pass);
	return AXEV_OK;
}

int axev__pass_entries(const struct axev__container *container, const axev_env *env,
		       struct axev__pass **ret_pass, axev_error *err)
{
	AXEV__PASS *pass = NULL;

	TRY(new_pass(axev__container_source(container), &pass, err));
	TRY(add_entries(pass, 0, container, err));
	TRY(axev__pass_read(pass, env, err));
	*ret_pass = axev__steal(pass);
	return AXEV_OK;
}

void axev__pass_free(struct axev__pass *pass)
{
	size_t i;

	if (!pass)
		return;
	for (i = 0; i < AXEV__PASS_LANES; i++)
		free(pass->lanes[i].ranges);
	free(pass);
}

/* ---- use ---- */

const uint8_t *axev__pass_sha256(const struct axev__pass *pass)
{
	return pass->lanes[0].ranges[0].sha256;
}

static int by_offset(const void *key, const void *item)
{
	const uint64_t *offset = key;
	const struct axev__range *range = item;

	return *offset < range->offset ? -1 : *offset > range->offset;
}

/* No two ranges begin at one place: a header stands before each content. */
static const struct axev__range *find(const struct axev__pass *pass, uint64_t offset)
{
	size_t i;

	for (i = 0; i < AXEV__PASS_LANES; i++) {
		const struct axev__lane *lane = &pass->lanes[i];
		const struct axev__range *range =
			lane->count ? bsearch(&offset, lane->ranges, lane->count,
					      sizeof(*lane->ranges), by_offset) :
				      NULL;

		if (range)
			return range;
	}
	return NULL;
}

bool axev__pass_find(const struct axev__pass *pass, const struct axev__source *source,
		     uint64_t offset, uint64_t size_bytes, uint32_t *ret_crc32,
		     const uint8_t **ret_sha256)
{
	const struct axev__range *range =
		find(pass, axev__source_distance(&pass->source, source) + offset);

	if (!range || range->size_bytes != size_bytes)
		return false;
	/* crc(a || b) = shifted crc(a) xor crc(b), so the part behind is what differs. */
	*ret_crc32 = range->crc_behind ^
		     (uint32_t)crc32_combine(range->crc_before, 0, (z_off_t)range->size_bytes);
	*ret_sha256 = range->sha256;
	return true;
}
