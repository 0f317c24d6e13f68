/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/lines.h"

#include "base/limits.h"
#include "base/text.h"

struct lines {
	struct axev__span text; /* lent */
	struct axev__span *items;
	size_t count;
};

static void lines_free(struct lines *lines)
{
	free(lines->items);
}
#define LINES AXEV__CLEANUP(lines_free) struct lines

static int split(struct lines *lines, axev_error *err)
{
	const uint8_t *at = lines->text.data, *end = at + lines->text.size;
	size_t count = 0, i;

	for (i = 0; i < lines->text.size; i++)
		count += lines->text.data[i] == '\n';
	lines->items = calloc(count + 1, sizeof(*lines->items));
	if (!lines->items)
		return axev__nomem(err);
	while (at && at < end) {
		const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));
		const uint8_t *stop = newline ? newline : end;

		lines->items[lines->count++] = axev__span(at, (size_t)(stop - at));
		at = stop + 1;
	}
	return AXEV_OK;
}

/* ---- lines that differ ---- */

struct edits {
	axev__json *removed, *added; /* lent */
	uint64_t removed_count, added_count;
};

static int note(axev__json *list, uint64_t *count, struct axev__span line, size_t number, axev_error *err)
{
	AXEV__JSON *row = axev__json_new_object();
	struct axev__shown shown;

	if (++*count > AXEV__MAX_COMPARED_LINES)
		return AXEV_OK; /* counted all the same */
	TRY(axev__json_set_u64(row, "line", number, err));
	TRY(axev__json_set_str(row, "text", axev__show(&shown, line), err));
	return axev__json_append(list, axev__steal(row), err);
}

static int remove_line(struct edits *edits, const struct lines *a, size_t i, axev_error *err)
{
	return note(edits->removed, &edits->removed_count, a->items[i], i + 1, err);
}

static int add_line(struct edits *edits, const struct lines *b, size_t i, axev_error *err)
{
	return note(edits->added, &edits->added_count, b->items[i], i + 1, err);
}

/* ---- in order ---- */

/* What lies between the common start and the common end. */
struct middle {
	const struct lines *a, *b;
	size_t start;            /* lines that begin both */
	ptrdiff_t size_a, size_b; /* of the rest, without the common end */
};

static struct middle find_middle(const struct lines *a, const struct lines *b)
{
	size_t shorter = a->count < b->count ? a->count : b->count, start = 0, end = 0;

	while (start < shorter && axev__span_equal(a->items[start], b->items[start]))
		start++;
	while (end < shorter - start &&
	       axev__span_equal(a->items[a->count - 1 - end], b->items[b->count - 1 - end]))
		end++;
	return (struct middle){ a, b, start, (ptrdiff_t)(a->count - start - end),
				(ptrdiff_t)(b->count - start - end) };
}

static bool is_equal(const struct middle *middle, ptrdiff_t x, ptrdiff_t y)
{
	return axev__span_equal(middle->a->items[middle->start + (size_t)x],
				middle->b->items[middle->start + (size_t)y]);
}

/* furthest[d][k + d]: the x reached on diagonal k with d edits. */
struct trace {
	ptrdiff_t *furthest[AXEV__MAX_COMPARED_EDITS + 1];
};

static void trace_free(struct trace *trace)
{
	size_t d;

	for (d = 0; d <= AXEV__MAX_COMPARED_EDITS; d++)
		free(trace->furthest[d]);
}

static ptrdiff_t reached(const struct trace *trace, ptrdiff_t d, ptrdiff_t k)
{
	return k < -d || k > d ? -1 : trace->furthest[d][k + d];
}

/* Did the step to (d, k) add a line, coming from the diagonal above? Else it removed one. */
static bool is_addition(const struct trace *trace, ptrdiff_t d, ptrdiff_t k)
{
	return k == -d || (k != d && reached(trace, d - 1, k - 1) < reached(trace, d - 1, k + 1));
}

static ptrdiff_t begin_of(const struct trace *trace, ptrdiff_t d, ptrdiff_t k)
{
	if (d == 0)
		return 0;
	return is_addition(trace, d, k) ? reached(trace, d - 1, k + 1) : reached(trace, d - 1, k - 1) + 1;
}

/* *ret_edits is the length of the shortest script, or -1 when it is longer than the limit. */
static int search(const struct middle *middle, struct trace *trace, ptrdiff_t *ret_edits, axev_error *err)
{
	ptrdiff_t d, k;

	*ret_edits = -1;
	for (d = 0; d <= AXEV__MAX_COMPARED_EDITS; d++) {
		trace->furthest[d] = calloc(2 * (size_t)d + 1, sizeof(ptrdiff_t));
		if (!trace->furthest[d])
			return axev__nomem(err);
		for (k = -d; k <= d; k += 2) {
			ptrdiff_t x = begin_of(trace, d, k), y = x - k;

			while (x < middle->size_a && y >= 0 && y < middle->size_b && is_equal(middle, x, y)) {
				x++;
				y++;
			}
			trace->furthest[d][k + d] = x;
			if (k == middle->size_a - middle->size_b && x >= middle->size_a) {
				*ret_edits = d;
				return AXEV_OK;
			}
		}
	}
	return AXEV_OK;
}

/* Back along the trace, then told from the first line on. */
static int tell(const struct middle *middle, const struct trace *trace, ptrdiff_t edits,
		struct edits *ret_edits, axev_error *err)
{
	AXEV__FREE ptrdiff_t *steps = calloc((size_t)edits + 1, sizeof(*steps)); /* x or y; ~y: added */
	ptrdiff_t k = middle->size_a - middle->size_b, d;

	if (!steps)
		return axev__nomem(err);
	for (d = edits; d > 0; d--) {
		ptrdiff_t x = begin_of(trace, d, k);

		if (is_addition(trace, d, k)) {
			steps[d] = ~(x - k - 1);
			k++;
		} else {
			steps[d] = x - 1;
			k--;
		}
	}
	for (d = 1; d <= edits; d++) {
		if (steps[d] < 0)
			TRY(add_line(ret_edits, middle->b, middle->start + (size_t)~steps[d], err));
		else
			TRY(remove_line(ret_edits, middle->a, middle->start + (size_t)steps[d], err));
	}
	return AXEV_OK;
}

/* ---- as heaps ---- */

struct numbered {
	struct axev__span line;
	size_t number;
};

static int by_line(const void *one, const void *other)
{
	const struct numbered *a = one, *b = other;
	int order = axev__span_compare(a->line, b->line);

	return order ? order : (a->number > b->number) - (a->number < b->number);
}

static struct numbered *sorted(const struct lines *lines)
{
	struct numbered *items = calloc(lines->count + 1, sizeof(*items));
	size_t i;

	for (i = 0; items && i < lines->count; i++)
		items[i] = (struct numbered){ lines->items[i], i };
	if (items && lines->count > 1)
		qsort(items, lines->count, sizeof(*items), by_line);
	return items;
}

static int compare_heaps(const struct lines *a, const struct lines *b, struct edits *edits,
			 axev_error *err)
{
	AXEV__FREE struct numbered *in_a = sorted(a);
	AXEV__FREE struct numbered *in_b = sorted(b);
	size_t i = 0, j = 0;

	if (!in_a || !in_b)
		return axev__nomem(err);
	while (i < a->count || j < b->count) {
		int order = i == a->count ? 1 :
			    j == b->count ? -1 :
					    axev__span_compare(in_a[i].line, in_b[j].line);

		if (order < 0)
			TRY(remove_line(edits, a, in_a[i].number, err));
		else if (order > 0)
			TRY(add_line(edits, b, in_b[j].number, err));
		i += order <= 0;
		j += order >= 0;
	}
	return AXEV_OK;
}

/* ---- */

static int compare_lines(const struct lines *a, const struct lines *b, struct edits *edits,
			 bool *ret_in_order, axev_error *err)
{
	AXEV__CLEANUP(trace_free) struct trace trace = { { NULL } };
	struct middle middle = find_middle(a, b);
	ptrdiff_t count;

	TRY(search(&middle, &trace, &count, err));
	*ret_in_order = count >= 0;
	return count >= 0 ? tell(&middle, &trace, count, edits, err) : compare_heaps(a, b, edits, err);
}

int axev__lines_compare(struct axev__span text_a, struct axev__span text_b, axev__json *json, bool *ret_is_same,
			axev_error *err)
{
	LINES a = { .text = text_a };
	LINES b = { .text = text_b };
	struct edits edits = { 0 };
	bool is_in_order;

	TRY(split(&a, err));
	TRY(split(&b, err));
	TRY(axev__json_set(json, "removed", axev__json_new_array(), err));
	TRY(axev__json_set(json, "added", axev__json_new_array(), err));
	edits.removed = axev__json_get(json, "removed");
	edits.added = axev__json_get(json, "added");
	TRY(compare_lines(&a, &b, &edits, &is_in_order, err));
	TRY(axev__json_set_u64(json, "lines_a", a.count, err));
	TRY(axev__json_set_u64(json, "lines_b", b.count, err));
	TRY(axev__json_set_u64(json, "removed_count", edits.removed_count, err));
	TRY(axev__json_set_u64(json, "added_count", edits.added_count, err));
	TRY(axev__json_set_bool(json, "in_order", is_in_order, err));
	*ret_is_same = is_in_order && edits.removed_count == 0 && edits.added_count == 0;
	return AXEV_OK;
}
