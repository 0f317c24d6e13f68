/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_set_read.h"

#include <inttypes.h>

static int bad_index(axev_error *err)
{
	return axev__fail(err, AXEV_E_FORMAT, "index of a record set: not of the form that was agreed on");
}

int axev__record_index_read(struct axev__span bytes, struct axev__record_index *ret_index,
			    axev_error *err)
{
	struct axev__record_index index;

	if (bytes.size < AXEV__INDEX_HEAD || bytes.size > AXEV__MAX_RECORD_INDEX_BYTES ||
	    !axev__span_starts(bytes, AXEV__INDEX_MAGIC) ||
	    (bytes.size - AXEV__INDEX_HEAD) % AXEV__INDEX_LINE != 0)
		return bad_index(err);
	index.secret = bytes.data + 8;
	index.records = axev__get_u64be(bytes.data + 40);
	index.bytes = axev__get_u64be(bytes.data + 48);
	index.blocks = (bytes.size - AXEV__INDEX_HEAD) / AXEV__INDEX_LINE;
	index.lines = bytes.data + AXEV__INDEX_HEAD;
	if (index.records > AXEV__MAX_RECORDS ||
	    index.blocks != (index.records + 2 + AXEV__BLOCK_LEAVES - 1) / AXEV__BLOCK_LEAVES)
		return bad_index(err);
	*ret_index = index;
	return AXEV_OK;
}

static int check_size(size_t size, axev_error *err)
{
	if (size > AXEV__MAX_RECORD_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu bytes in a record, found %zu",
				  AXEV__MAX_RECORD_BYTES, size);
	return AXEV_OK;
}

void axev__record_cursor_begin(struct axev__record_cursor *cursor, const struct axev__source *records, uint64_t offset)
{
	*cursor = (struct axev__record_cursor){ .source = *records, .at = offset };
	cursor->window.max = AXEV__COPY_CHUNK + AXEV__MAX_RECORD_BYTES;
}

void axev__record_cursor_end(struct axev__record_cursor *cursor)
{
	axev__buf_free(&cursor->window);
}

/* The window is filled when what is wanted does not lie in it. */
static int look(struct axev__record_cursor *cursor, uint64_t at, size_t size, const uint8_t **ret_data, axev_error *err)
{
	uint64_t rest = at <= cursor->source.size ? cursor->source.size - at : 0;
	size_t want;

	if (size > rest)
		return axev__fail(err, AXEV_E_FORMAT, "the records end inside of a record");
	if (at < cursor->offset || at + size > cursor->offset + cursor->window.size) {
		want = size > AXEV__COPY_CHUNK ? size : AXEV__COPY_CHUNK;
		want = want > rest ? (size_t)rest : want;
		axev__buf_clear(&cursor->window);
		TRY(axev__buf_reserve(&cursor->window, want, err));
		TRY(axev__source_read(&cursor->source, at, cursor->window.data, want, err));
		cursor->window.size = want;
		cursor->offset = at;
	}
	*ret_data = cursor->window.data + (at - cursor->offset);
	return AXEV_OK;
}

int axev__record_cursor_next(struct axev__record_cursor *cursor, struct axev__span *ret_cells, bool *ret_more,
			     axev_error *err)
{
	const uint8_t *data;
	size_t size;

	*ret_more = cursor->at < cursor->source.size;
	if (!*ret_more)
		return AXEV_OK;
	TRY(look(cursor, cursor->at, 4, &data, err));
	size = axev__get_u32be(data);
	TRY(check_size(size, err));
	TRY(look(cursor, cursor->at + 4, size, &data, err));
	*ret_cells = axev__span(data, size);
	cursor->at += 4 + size;
	return AXEV_OK;
}

/* Bytes of the whole records at the start, @max of them at most; of the one behind them @ret_next, if its length is there. */
static int whole_records(struct axev__span bytes, uint64_t max, size_t *ret_whole, uint64_t *ret_count, size_t *ret_next,
			 axev_error *err)
{
	*ret_whole = *ret_next = 0;
	for (*ret_count = 0; *ret_count < max && bytes.size - *ret_whole >= 4; ++*ret_count) {
		size_t size = axev__get_u32be(bytes.data + *ret_whole);

		TRY(check_size(size, err));
		*ret_next = 4 + size;
		if (*ret_next > bytes.size - *ret_whole)
			break;
		*ret_whole += *ret_next;
	}
	return AXEV_OK;
}

int axev__records_load(const struct axev__source *records, uint64_t at, size_t size, uint64_t max, struct axev__buf *ret_records,
		       uint64_t *ret_count, axev_error *err)
{
	uint64_t rest = at <= records->size ? records->size - at : 0;
	size_t whole = 0, next;

	size = size > rest ? (size_t)rest : size;
	while (whole == 0) {
		axev__buf_clear(ret_records);
		TRY(axev__buf_reserve(ret_records, size, err));
		TRY(axev__source_read(records, at, ret_records->data, size, err));
		TRY(whole_records(axev__span(ret_records->data, size), max, &whole, ret_count, &next, err));
		if (whole == 0 && (size < 4 || next > rest))
			return axev__fail(err, AXEV_E_FORMAT, "the records end inside of a record");
		size = next; /* one that is longer than what was read */
	}
	ret_records->size = whole;
	return AXEV_OK;
}

int axev__records_each(const struct axev__source *records, uint64_t offset, uint64_t max,
		       axev__record_visitor visit, void *payload, axev_error *err)
{
	AXEV__RECORD_CURSOR cursor = { 0 };
	struct axev__span cells;
	uint64_t i;
	bool more;

	axev__record_cursor_begin(&cursor, records, offset);
	for (i = 0; i < max; i++) {
		TRY(axev__record_cursor_next(&cursor, &cells, &more, err));
		if (!more)
			break;
		TRY(visit(payload, cells, err));
	}
	return AXEV_OK;
}

struct again {
	struct axev__record_writer *writer;
	const axev_env *env;
	uint64_t done, total;
};

static int write_again(void *payload, struct axev__span cells, axev_error *err)
{
	struct again *again = payload;

	/* Now and then, so that a stop is heard. */
	if (again->done / AXEV__MIB != (again->done + 4 + cells.size) / AXEV__MIB)
		TRY(axev__progress(again->env, "records", NULL, again->done, again->total, err));
	again->done += 4 + cells.size;
	return axev__record_writer_add(again->writer, cells, err);
}

int axev__record_set_check(struct axev__span header, const struct axev__source *records,
			   struct axev__span index, const axev_env *env,
			   struct axev__record_totals *ret_totals, axev_error *err)
{
	AXEV__RECORD_WRITER *writer = NULL;
	AXEV__BUF made = AXEV__BUF_INIT(AXEV__MAX_RECORD_INDEX_BYTES);
	struct axev__record_index stated;
	struct axev__record_totals totals;
	struct again again = { NULL, env, 0, records->size };
	axev_error later = AXEV_ERROR_INIT;
	int status;

	TRY(axev__record_index_read(index, &stated, err));
	TRY(axev__record_writer_new(-1, header, stated.secret, &writer, err));
	again.writer = writer;
	status = axev__records_each(records, 0, UINT64_MAX, write_again, &again, &later);
	/* What is wrong with a record is told before what is wrong behind it. */
	TRY(axev__record_writer_finish(writer, &made, &totals, err));
	if (status < 0 && err)
		*err = later;
	TRY(status);
	if (!axev__span_equal(axev__buf_view(&made), index))
		return axev__fail(err, AXEV_E_INVALID, "the index is not the one that the records give");
	*ret_totals = totals;
	return AXEV_OK;
}
