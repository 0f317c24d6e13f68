/* SPDX-License-Identifier: Apache-2.0 */
#include "package/row_sort.h"

#include "base/io.h"

#define RUN_WINDOW (16 * AXEV__KIB)

struct row {
	size_t offset, size; /* in the memory */
};

/* A sorted stretch of the file: u32 length and bytes, one row after another. */
struct run {
	uint64_t at, end;
	struct axev__buf row;    /* the one that is next */
	struct axev__buf window; /* bytes of the file from @at on */
	size_t used;             /* of the window */
};

struct axev__row_sort {
	int fd;
	size_t memory_bytes;
	struct axev__buf memory;
	struct row *rows;
	size_t row_count, row_capacity;
	uint64_t file_bytes;
	struct run *runs;
	size_t run_count;
	size_t *heap; /* runs, the one with the smallest row first */
	size_t heap_count;
};

int axev__row_sort_new(int fd, size_t memory_bytes, struct axev__row_sort **ret_sort, axev_error *err)
{
	struct axev__row_sort *sort = calloc(1, sizeof(*sort));

	if (!sort)
		return axev__nomem(err);
	sort->fd = fd;
	sort->memory_bytes = memory_bytes;
	sort->memory.max = memory_bytes + AXEV__MAX_RECORD_BYTES;
	*ret_sort = sort;
	return AXEV_OK;
}

void axev__row_sort_free(struct axev__row_sort *sort)
{
	size_t i;

	if (!sort)
		return;
	for (i = 0; i < sort->run_count; i++) {
		axev__buf_free(&sort->runs[i].row);
		axev__buf_free(&sort->runs[i].window);
	}
	free(sort->runs);
	free(sort->heap);
	free(sort->rows);
	axev__buf_free(&sort->memory);
	free(sort);
}

/* ---- runs ---- */

static int compare_rows(const void *a, const void *b, void *memory)
{
	const struct row *one = a, *other = b;
	const uint8_t *base = memory;

	return axev__span_compare(axev__span(base + one->offset, one->size),
				  axev__span(base + other->offset, other->size));
}

static int new_run(struct axev__row_sort *sort, struct run **ret_run, axev_error *err)
{
	struct run *runs;

	if (sort->run_count == AXEV__MAX_SORT_RUNS)
		return axev__fail(err, AXEV_E_LIMIT, "too many rows without a key to be sorted here");
	runs = realloc(sort->runs, (sort->run_count + 1) * sizeof(*runs));
	if (!runs)
		return axev__nomem(err);
	sort->runs = runs;
	*ret_run = &runs[sort->run_count++];
	**ret_run = (struct run){ .at = sort->file_bytes,
				  .row = AXEV__BUF_INIT(AXEV__MAX_RECORD_BYTES),
				  .window = AXEV__BUF_INIT(RUN_WINDOW) };
	return AXEV_OK;
}

static int spill(struct axev__row_sort *sort, axev_error *err)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__COPY_CHUNK + AXEV__MAX_RECORD_BYTES + 4);
	struct run *run = NULL;
	uint8_t length[4];
	size_t i;

	if (sort->row_count == 0)
		return AXEV_OK;
	TRY(new_run(sort, &run, err));
	qsort_r(sort->rows, sort->row_count, sizeof(*sort->rows), compare_rows, sort->memory.data);
	for (i = 0; i < sort->row_count; i++) {
		axev__put_u32be(length, (uint32_t)sort->rows[i].size);
		TRY(axev__buf_append(&out, length, sizeof(length), err));
		TRY(axev__buf_append(&out, sort->memory.data + sort->rows[i].offset, sort->rows[i].size, err));
		if (out.size < AXEV__COPY_CHUNK && i + 1 < sort->row_count)
			continue;
		TRY(axev__pwrite_full(sort->fd, out.data, out.size, sort->file_bytes, err));
		sort->file_bytes += out.size;
		axev__buf_clear(&out);
	}
	run->end = sort->file_bytes;
	sort->row_count = 0;
	axev__buf_clear(&sort->memory);
	return AXEV_OK;
}

int axev__row_sort_add(struct axev__row_sort *sort, struct axev__span row, axev_error *err)
{
	struct row *rows;

	if (row.size > AXEV__MAX_RECORD_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu bytes in a record, found %zu",
				  AXEV__MAX_RECORD_BYTES, row.size);
	if (sort->memory.size + sort->row_count * sizeof(*rows) >= sort->memory_bytes)
		TRY(spill(sort, err));
	if (sort->row_count == sort->row_capacity) {
		sort->row_capacity = sort->row_capacity ? 2 * sort->row_capacity : 1024;
		rows = realloc(sort->rows, sort->row_capacity * sizeof(*rows));
		if (!rows)
			return axev__nomem(err);
		sort->rows = rows;
	}
	sort->rows[sort->row_count++] = (struct row){ sort->memory.size, row.size };
	return axev__buf_span(&sort->memory, row, err);
}

/* ---- merging ---- */

static int take_bytes(struct axev__row_sort *sort, struct run *run, size_t size, struct axev__buf *out,
		      axev_error *err)
{
	while (size > 0) {
		size_t there = run->window.size - run->used;

		if (there == 0) {
			there = run->end - run->at < RUN_WINDOW ? (size_t)(run->end - run->at) : RUN_WINDOW;
			axev__buf_clear(&run->window);
			TRY(axev__buf_reserve(&run->window, there, err));
			TRY(axev__pread_full(sort->fd, run->window.data, there, run->at, err));
			run->window.size = there;
			run->used = 0;
			run->at += there;
			if (there == 0)
				return axev__fail(err, AXEV_E_INTERNAL, "a run of sorted rows ends early");
		}
		there = there < size ? there : size;
		TRY(axev__buf_append(out, run->window.data + run->used, there, err));
		run->used += there;
		size -= there;
	}
	return AXEV_OK;
}

/* false in *ret_more: this run is at its end. */
static int next_row(struct axev__row_sort *sort, struct run *run, bool *ret_more, axev_error *err)
{
	AXEV__BUF length = AXEV__BUF_INIT(16);

	*ret_more = run->at < run->end || run->used < run->window.size;
	if (!*ret_more)
		return AXEV_OK;
	TRY(take_bytes(sort, run, 4, &length, err));
	axev__buf_clear(&run->row);
	return take_bytes(sort, run, axev__get_u32be(length.data), &run->row, err);
}

static bool is_less(const struct axev__row_sort *sort, size_t a, size_t b)
{
	return axev__span_compare(axev__buf_view(&sort->runs[sort->heap[a]].row),
				  axev__buf_view(&sort->runs[sort->heap[b]].row)) < 0;
}

static void sink(struct axev__row_sort *sort, size_t at)
{
	for (;;) {
		size_t least = at, child = 2 * at + 1, held;

		if (child < sort->heap_count && is_less(sort, child, least))
			least = child;
		if (child + 1 < sort->heap_count && is_less(sort, child + 1, least))
			least = child + 1;
		if (least == at)
			return;
		held = sort->heap[at];
		sort->heap[at] = sort->heap[least];
		sort->heap[least] = held;
		at = least;
	}
}

static int start_heap(struct axev__row_sort *sort, axev_error *err)
{
	size_t i;
	bool more;

	sort->heap = calloc(sort->run_count + 1, sizeof(*sort->heap));
	if (!sort->heap)
		return axev__nomem(err);
	for (i = 0; i < sort->run_count; i++) {
		TRY(next_row(sort, &sort->runs[i], &more, err));
		if (more)
			sort->heap[sort->heap_count++] = i;
	}
	for (i = sort->heap_count; i-- > 0;)
		sink(sort, i);
	return AXEV_OK;
}

int axev__row_sort_each(struct axev__row_sort *sort, axev__sorted_visitor visit, void *payload,
			axev_error *err)
{
	AXEV__BUF current = AXEV__BUF_INIT(AXEV__MAX_RECORD_BYTES);
	uint64_t count = 0;
	bool more;

	TRY(spill(sort, err));
	TRY(start_heap(sort, err));
	while (sort->heap_count > 0) {
		struct run *run = &sort->runs[sort->heap[0]];

		if (count > 0 && !axev__span_equal(axev__buf_view(&current), axev__buf_view(&run->row))) {
			TRY(visit(payload, axev__buf_view(&current), count, err));
			count = 0;
		}
		if (count++ == 0) {
			axev__buf_clear(&current);
			TRY(axev__buf_span(&current, axev__buf_view(&run->row), err));
		}
		TRY(next_row(sort, run, &more, err));
		if (!more)
			sort->heap[0] = sort->heap[--sort->heap_count];
		sink(sort, 0);
	}
	return count > 0 ? visit(payload, axev__buf_view(&current), count, err) : AXEV_OK;
}
