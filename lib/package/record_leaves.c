/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_leaves.h"

#include <inttypes.h>

#include "package/record_salts.h"
#include "package/row_c14n.h"

/* So that all of a group stays in the cache next to the processor, and its messages fill sixteen lanes. Powers of two. */
#define GROUP_FIELDS 512
#define GROUP_RECORDS 32

struct group {
	uint64_t first;
	size_t count;
	uint64_t large;
};

int axev__record_leaves_init(struct axev__record_leaves *leaves, size_t fields, bool is_plain, axev_error *err)
{
	size_t group = GROUP_RECORDS;

	while (group > 1 && group * fields > GROUP_FIELDS)
		group /= 2;
	*leaves = (struct axev__record_leaves){ .fields = fields, .group = group, .many.is_plain = is_plain };
	leaves->cells = calloc(group * fields, sizeof(*leaves->cells));
	leaves->salts = calloc(group * fields, sizeof(*leaves->salts));
	leaves->field_leaves = calloc(group * fields, sizeof(*leaves->field_leaves));
	if (leaves->cells && leaves->salts && leaves->field_leaves)
		return AXEV_OK;
	axev__record_leaves_free(leaves);
	return axev__nomem(err);
}

void axev__record_leaves_free(struct axev__record_leaves *leaves)
{
	axev__sha256_many_free(&leaves->many);
	if (leaves->salts)
		explicit_bzero(leaves->salts, leaves->group * leaves->fields * sizeof(*leaves->salts));
	free(leaves->cells);
	free(leaves->salts);
	free(leaves->field_leaves);
	*leaves = (struct axev__record_leaves){ 0 };
}

struct axev__span axev__record_take(struct axev__span *records)
{
	size_t size = axev__get_u32be(records->data);
	struct axev__span cells = axev__span(records->data + 4, size);

	*records = axev__span(records->data + 4 + size, records->size - 4 - size);
	return cells;
}

/* ---- what is hashed ---- */

/* By copies of its own: a cell whose place another function knows is kept in memory, and each of a table would wait for that. */
static int refuse(struct axev__span cells, size_t number, axev_error *err)
{
	struct axev__cell cell;

	return axev__prefix(axev__cell_next(&cells, &cell, err), err, "cell %zu", number);
}

static int split(struct axev__record_leaves *leaves, struct group *group, struct axev__span cells, struct axev__span *fields,
		 axev_error *err)
{
	struct axev__cell cell;
	size_t i;

	for (i = 0; cells.size > 0; i++) {
		if (!axev__cell_take(&cells, &cell))
			return refuse(cells, i, err);
		if (i < leaves->fields)
			fields[i] = cell.whole;
		group->large += cell.tag == AXEV__CELL_LARGE;
	}
	if (i != leaves->fields)
		return axev__fail(err, AXEV_E_FORMAT, "expected %zu cells, found %zu", leaves->fields, i);
	return AXEV_OK;
}

static int add_field(struct axev__record_leaves *leaves, const uint8_t salt[16], size_t field, struct axev__span cell,
		     uint8_t out[32], axev_error *err)
{
	size_t size = AXEV__FIELD_HEAD + cell.size;
	uint8_t *message;

	if (size > AXEV__SHA256_MANY_BYTES)
		return axev__record_field_leaf(salt, (uint32_t)field, cell, out, err);
	message = axev__sha256_many_add(&leaves->many, size, out);
	if (!message)
		return axev__nomem(err);
	axev__record_field_head(salt, (uint32_t)field, message);
	memcpy(message + AXEV__FIELD_HEAD, cell.data, cell.size);
	return AXEV_OK;
}

static int make_field_leaves(struct axev__record_leaves *leaves, const struct group *group, axev_error *err)
{
	size_t record, field;

	for (record = 0; record < group->count; record++)
		for (field = 0; field < leaves->fields; field++)
			TRY(add_field(leaves, leaves->salts[record * leaves->fields + field], field,
				      leaves->cells[record * leaves->fields + field],
				      leaves->field_leaves[record * leaves->fields + field], err));
	axev__sha256_many_end(&leaves->many);
	return AXEV_OK;
}

static int make_leaf(struct axev__record_leaves *leaves, size_t record, uint8_t out[32], axev_error *err)
{
	const uint8_t(*fields)[32] = (const uint8_t(*)[32])leaves->field_leaves + record * leaves->fields;
	size_t size = AXEV__RECORD_LEAF_HEAD + 32 * leaves->fields;
	uint8_t *message;

	if (size > AXEV__SHA256_MANY_BYTES)
		return axev__record_leaf_of(fields, leaves->fields, out, err);
	message = axev__sha256_many_add(&leaves->many, size, out);
	if (!message)
		return axev__nomem(err);
	axev__record_leaf_head(message);
	memcpy(message + AXEV__RECORD_LEAF_HEAD, fields, 32 * leaves->fields);
	return AXEV_OK;
}

/* ---- records ---- */

static int make_group(struct axev__record_leaves *leaves, struct axev__record_salts *salts, const struct group *group,
		      uint8_t (*ret_leaves)[32], axev_error *err)
{
	size_t i;

	TRY(axev__record_salts_make(salts, group->first, group->count, leaves->salts, err));
	TRY(make_field_leaves(leaves, group, err));
	for (i = 0; i < group->count; i++)
		TRY(make_leaf(leaves, i, ret_leaves[i], err));
	axev__sha256_many_end(&leaves->many);
	return AXEV_OK;
}

/* Groups end at multiples of their size, so that none has salts of two keys. */
static bool is_full(const struct axev__record_leaves *leaves, const struct group *group)
{
	return (group->first + group->count) % leaves->group == 0;
}

static int make_all(struct axev__record_leaves *leaves, struct axev__record_salts *salts, struct group *group,
		    struct axev__span records, uint8_t (*ret_leaves)[32], axev_error *err)
{
	size_t done = 0;
	int status;

	while (records.size > 0) {
		status = split(leaves, group, axev__record_take(&records), leaves->cells + group->count * leaves->fields, err);
		if (status < 0)
			return axev__prefix(status, err, "record %" PRIu64, group->first + group->count);
		group->count++;
		if (!is_full(leaves, group) && records.size > 0)
			continue;
		TRY(make_group(leaves, salts, group, ret_leaves + done, err));
		done += group->count;
		group->first += group->count;
		group->count = 0;
	}
	return AXEV_OK;
}

int axev__record_leaves_make(struct axev__record_leaves *leaves, const uint8_t secret[32], uint64_t first, struct axev__span records,
			     uint8_t (*ret_leaves)[32], uint64_t *ret_large, axev_error *err)
{
	AXEV__RECORD_SALTS salts = { 0 };
	struct group group = { .first = first };

	TRY(axev__record_salts_init(&salts, secret, leaves->fields, err));
	TRY(make_all(leaves, &salts, &group, records, ret_leaves, err));
	*ret_large = group.large;
	return AXEV_OK;
}
