/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of both sides go into one sort as: key || side || count || cells. Then rows of one key stand together, A's before B's. Without a key
 * all cells are the key. A cell tells its own length, so that no key is the beginning of another.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/io.h"
#include "base/text.h"
#include "compare/records.h"
#include "package/cell_text.h"
#include "package/row_c14n.h"
#include "package/row_sort.h"

#define TAIL (1 + 8) /* side and count */

struct counts {
	uint64_t rows[2], same, changed, removed, added;
	uint64_t repeated, repeated_on[2]; /* keys that stand for several rows: of either side, of each */
};

/* Rows of one key. */
struct group {
	struct axev__buf key;
	uint64_t rows[2];
	struct axev__buf first[2]; /* cells of a row of each side */
};

struct merge {
	const struct axev__records_plan *plan;
	struct axev__row_sort *sort;
	struct axev__cell cells[AXEV__MAX_RECORD_FIELDS + 1]; /* of the row that is added */
	struct axev__buf row;
	unsigned side;           /* that is added */
	bool is_multiset;        /* is it? */
	struct group group;
	struct counts counts;
	axev__json *listed;
	size_t listed_bytes;
	uint64_t not_listed;
};

/* ---- rows into the sort ---- */

static int put_columns(struct merge *merge, const uint32_t *positions, size_t count, axev_error *err)
{
	const uint32_t *column = merge->plan->column[merge->side];
	size_t i;

	for (i = 0; i < count; i++)
		TRY(axev__buf_span(&merge->row, merge->cells[column[positions ? positions[i] : i]].whole, err));
	return AXEV_OK;
}

static int add_row(void *payload, struct axev__span cells, axev_error *err)
{
	struct merge *merge = payload;
	const struct axev__records_plan *plan = merge->plan;
	uint8_t tail[TAIL] = { (uint8_t)merge->side };
	uint64_t count = 1;
	size_t i;

	for (i = 0; cells.size > 0 && i < AXEV__COUNT(merge->cells); i++)
		TRY(axev__cell_next(&cells, &merge->cells[i], err));
	if (merge->is_multiset)
		count = (uint64_t)axev__cell_as_integer(&merge->cells[0]);
	merge->counts.rows[merge->side] += count;
	axev__put_u64be(tail + 1, count);
	axev__buf_clear(&merge->row);
	TRY(put_columns(merge, plan->key, plan->key_count, err));
	if (plan->key_count == 0)
		TRY(put_columns(merge, NULL, plan->common, err));
	TRY(axev__buf_append(&merge->row, tail, sizeof(tail), err));
	if (plan->key_count > 0)
		TRY(put_columns(merge, NULL, plan->common, err));
	return axev__row_sort_add(merge->sort, axev__buf_view(&merge->row), err);
}

/* ---- what is listed ---- */

static const char *const kinds[] = {
	[AXEV__CELL_NULL] = "null",	    [AXEV__CELL_INTEGER] = "integer", [AXEV__CELL_BOOLEAN] = "boolean",
	[AXEV__CELL_DECIMAL] = "decimal",   [AXEV__CELL_REAL] = "real",	      [AXEV__CELL_TEXT] = "text",
	[AXEV__CELL_BYTES] = "bytes",	    [AXEV__CELL_RAW_TEXT] = "raw",    [AXEV__CELL_INSTANT] = "instant",
	[AXEV__CELL_CALENDAR] = "calendar", [AXEV__CELL_LARGE] = "large",     [AXEV__CELL_OTHER] = "other",
};

static struct axev__span cut(struct axev__span text)
{
	size_t size = AXEV__MAX_COMPARED_CELL;

	if (text.size <= size)
		return text;
	while (size > 0 && (text.data[size] & 0xC0) == 0x80)
		size--;
	return axev__span(text.data, size);
}

static int set_value(struct merge *merge, axev__json *row, const char *member, const struct axev__cell *cell,
		     axev_error *err)
{
	AXEV__JSON *value = axev__json_new_object();
	AXEV__BUF text = AXEV__BUF_INIT(4 * AXEV__MAX_INLINE_CELL);
	struct axev__span shown;

	TRY(axev__json_set_str(value, "is", kinds[cell->tag], err));
	if (cell->tag == AXEV__CELL_OTHER)
		TRY(axev__json_set_string(value, "type", axev__span(cell->content.data + 1, cell->content.data[0]), err));
	TRY(axev__cell_as_text(cell, &text, err));
	shown = cut(axev__buf_view(&text));
	if (cell->tag != AXEV__CELL_NULL)
		TRY(axev__json_set_string(value, "text", shown, err));
	if (shown.size < text.size)
		TRY(axev__json_set_bool(value, "cut", true, err));
	merge->listed_bytes += shown.size + 64;
	return axev__json_set(row, member, axev__steal(value), err);
}

/* Columns of the row: of one side all of them, of both those that differ. */
static int list_cells(struct merge *merge, struct axev__span a, struct axev__span b, axev__json *list, axev_error *err)
{
	bool has_a = a.size > 0, has_b = b.size > 0;
	struct axev__cell one, other;
	size_t i;

	for (i = 0; i < merge->plan->common; i++) {
		AXEV__JSON *row = axev__json_new_object();

		if (has_a)
			TRY(axev__cell_next(&a, &one, err));
		if (has_b)
			TRY(axev__cell_next(&b, &other, err));
		if (has_a && has_b && axev__span_equal(one.whole, other.whole))
			continue;
		TRY(axev__json_set(row, "name", axev__json_copy(axev__json_at(merge->plan->names, i)), err));
		if (has_a)
			TRY(set_value(merge, row, "a", &one, err));
		if (has_b)
			TRY(set_value(merge, row, "b", &other, err));
		TRY(axev__json_append(list, axev__steal(row), err));
	}
	return AXEV_OK;
}

static int list_key(struct merge *merge, axev__json *list, axev_error *err)
{
	struct axev__span rest = axev__buf_view(&merge->group.key);
	struct axev__cell cell;
	size_t i;

	for (i = 0; i < merge->plan->key_count; i++) {
		AXEV__JSON *row = axev__json_new_object();

		TRY(axev__cell_next(&rest, &cell, err));
		TRY(axev__json_set(row, "name", axev__json_copy(axev__json_at(merge->plan->names, merge->plan->key[i])),
				   err));
		TRY(set_value(merge, row, "value", &cell, err));
		TRY(axev__json_append(list, axev__steal(row), err));
	}
	return AXEV_OK;
}

/* @a, @b: cells of a row; one is empty where that side has none. */
static int list(struct merge *merge, const char *what, uint64_t count, struct axev__span a, struct axev__span b,
		axev_error *err)
{
	AXEV__JSON *row = axev__json_new_object();
	axev__json *cells = axev__json_new_array(), *key = axev__json_new_array();

	TRY(axev__json_set(row, "cells", cells, err));
	TRY(axev__json_set(row, "key", key, err));
	if (axev__json_count(merge->listed) == AXEV__MAX_COMPARED_ROWS ||
	    merge->listed_bytes > AXEV__MAX_COMPARED_ROWS_BYTES) {
		merge->not_listed += count;
		return AXEV_OK;
	}
	TRY(axev__json_set_str(row, "what", what, err));
	TRY(axev__json_set_u64(row, "count", count, err));
	TRY(list_key(merge, key, err));
	TRY(list_cells(merge, a, b, cells, err));
	return axev__json_append(merge->listed, axev__steal(row), err);
}

/* ---- rows of one key ---- */

/* One side has none of the other's; of a multiset only what is left over. */
static int tell_one_side(struct merge *merge, bool is_added, uint64_t count, struct axev__span cells, axev_error *err)
{
	const struct axev__span none = axev__span(NULL, 0);

	*(is_added ? &merge->counts.added : &merge->counts.removed) += count;
	return is_added ? list(merge, "added", count, none, cells, err) : list(merge, "removed", count, cells, none, err);
}

static int end_multiset(struct merge *merge, axev_error *err)
{
	const uint64_t *rows = merge->group.rows;
	uint64_t common = rows[0] < rows[1] ? rows[0] : rows[1];
	struct axev__span cells = axev__buf_view(&merge->group.key);

	merge->counts.same += common;
	if (rows[0] > common)
		return tell_one_side(merge, false, rows[0] - common, cells, err);
	return rows[1] > common ? tell_one_side(merge, true, rows[1] - common, cells, err) : AXEV_OK;
}

static int end_key(struct merge *merge, axev_error *err)
{
	struct group *group = &merge->group;
	struct axev__span a = axev__buf_view(&group->first[0]), b = axev__buf_view(&group->first[1]);

	if (group->rows[0] > 1 || group->rows[1] > 1) {
		merge->counts.repeated++;
		merge->counts.repeated_on[0] += group->rows[0] > 1;
		merge->counts.repeated_on[1] += group->rows[1] > 1;
		return AXEV_OK;
	}
	if (group->rows[0] == 0)
		return tell_one_side(merge, true, 1, b, err);
	if (group->rows[1] == 0)
		return tell_one_side(merge, false, 1, a, err);
	if (axev__span_equal(a, b)) {
		merge->counts.same++;
		return AXEV_OK;
	}
	merge->counts.changed++;
	return list(merge, "changed", 1, a, b, err);
}

static int end_group(struct merge *merge, axev_error *err)
{
	struct group *group = &merge->group;

	if (group->rows[0] + group->rows[1] > 0)
		TRY(merge->plan->key_count > 0 ? end_key(merge, err) : end_multiset(merge, err));
	group->rows[0] = group->rows[1] = 0;
	return AXEV_OK;
}

static int see_row(void *payload, struct axev__span row, uint64_t equal, axev_error *err)
{
	struct merge *merge = payload;
	const struct axev__records_plan *plan = merge->plan;
	struct axev__span rest = row, key;
	struct axev__cell cell;
	unsigned side;
	size_t i;

	for (i = 0; i < (plan->key_count ? plan->key_count : plan->common); i++)
		TRY(axev__cell_next(&rest, &cell, err));
	key = axev__span(row.data, row.size - rest.size);
	if (!axev__span_equal(key, axev__buf_view(&merge->group.key))) {
		TRY(end_group(merge, err));
		axev__buf_clear(&merge->group.key);
		TRY(axev__buf_span(&merge->group.key, key, err));
	}
	side = rest.data[0] & 1;
	if (merge->group.rows[side] == 0) {
		axev__buf_clear(&merge->group.first[side]);
		TRY(axev__buf_append(&merge->group.first[side], rest.data + TAIL, rest.size - TAIL, err));
	}
	merge->group.rows[side] += equal * axev__get_u64be(rest.data + 1);
	return AXEV_OK;
}

/* ---- */

static void merge_free(struct merge **merge)
{
	if (!*merge)
		return;
	axev__row_sort_free((*merge)->sort);
	axev__buf_free(&(*merge)->row);
	axev__buf_free(&(*merge)->group.key);
	axev__buf_free(&(*merge)->group.first[0]);
	axev__buf_free(&(*merge)->group.first[1]);
	axev__json_free((*merge)->listed);
	free(*merge);
}

static int merge_new(const struct axev__records_plan *plan, int fd, struct merge **ret_merge, axev_error *err)
{
	struct merge *merge = calloc(1, sizeof(*merge));

	if (!merge)
		return axev__nomem(err);
	*ret_merge = merge;
	merge->plan = plan;
	merge->row.max = merge->group.key.max = 2 * AXEV__MAX_RECORD_BYTES;
	merge->group.first[0].max = merge->group.first[1].max = AXEV__MAX_RECORD_BYTES;
	merge->listed = axev__json_new_array();
	return axev__row_sort_new(fd, AXEV__MAX_SORT_MEMORY, &merge->sort, err);
}

static int temporary(int *ret_fd, axev_error *err)
{
	const char *folder = getenv("TMPDIR");

	return axev__open(AT_FDCWD, folder && *folder ? folder : "/tmp", O_RDWR | O_TMPFILE, 0600, ret_fd, err);
}

static int run(const struct axev__records_side sides[2], struct merge *merge, axev_error *err)
{
	for (merge->side = 0; merge->side < 2; merge->side++) {
		merge->is_multiset = sides[merge->side].header.is_multiset;
		TRY(axev__records_each(&sides[merge->side].records, 0, UINT64_MAX, add_row, merge, err));
	}
	TRY(axev__row_sort_each(merge->sort, see_row, merge, err));
	return end_group(merge, err);
}

static int set_counts(struct merge *merge, axev__json *result, axev_error *err)
{
	const struct counts *counts = &merge->counts;
	const struct {
		const char *name;
		uint64_t value;
	} members[] = {
		{ "rows_a", counts->rows[0] },	 { "rows_b", counts->rows[1] }, { "same", counts->same },
		{ "changed", counts->changed },	 { "removed", counts->removed }, { "added", counts->added },
		{ "rows_not_listed", merge->not_listed },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(members); i++)
		TRY(axev__json_set_u64(result, members[i].name, members[i].value, err));
	return axev__json_set(result, "rows", axev__steal(merge->listed), err);
}

static int refuse_named_key(const struct merge *merge, const axev__json *result, axev_error *err)
{
	AXEV__BUF names = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	struct axev__shown shown;
	struct axev__span name;
	size_t i;

	for (i = 0; axev__json_as_string(axev__json_at(axev__json_get(result, "key"), i), &name); i++)
		TRY(axev__buf_printf(&names, err, "%s%s", i > 0 ? ", " : "", axev__show(&shown, name)));
	TRY(axev__json_string(result, "name_a", &name, err));
	return axev__fail(err, AXEV_E_INVAL,
			  "the key that was named (%.200s) does not tell the rows of '%s' apart: values of it that stand for several "
			  "rows: %" PRIu64 " in A, %" PRIu64 " in B",
			  (const char *)names.data, axev__show(&shown, name), merge->counts.repeated_on[0],
			  merge->counts.repeated_on[1]);
}

/* *ret_repeated: how many keys stand for more than one row; then nothing is told yet. */
static int compare_once(const struct axev__records_side sides[2], const struct axev__records_plan *plan, axev__json *result,
			uint64_t *ret_repeated, bool *ret_is_same, axev_error *err)
{
	AXEV__CLEANUP(merge_free) struct merge *merge = NULL;
	AXEV__CLOSE int fd = -1;

	TRY(temporary(&fd, err));
	TRY(merge_new(plan, fd, &merge, err));
	TRY(run(sides, merge, err));
	*ret_repeated = merge->counts.repeated;
	if (merge->counts.repeated > 0 && plan->is_named)
		return refuse_named_key(merge, result, err);
	if (merge->counts.repeated > 0)
		return AXEV_OK;
	*ret_is_same = merge->counts.changed == 0 && merge->counts.removed == 0 && merge->counts.added == 0;
	return set_counts(merge, result, err);
}

int axev__records_rows(const struct axev__records_side sides[2], const axev_compare_opts *opts, struct axev__records_plan *plan,
		       axev__json *result, bool *ret_is_same, axev_error *err)
{
	uint64_t repeated = 0;

	if (plan->common == 0)
		return axev__json_set_str(result, "not_compared", "no column has one name on both sides", err);
	TRY(compare_once(sides, plan, result, &repeated, ret_is_same, err));
	if (repeated == 0)
		return AXEV_OK;
	/* What does not tell rows apart is no key. */
	TRY(axev__records_plan_key_repeats(opts, repeated, result, plan, err));
	return compare_once(sides, plan, result, &repeated, ret_is_same, err);
}
