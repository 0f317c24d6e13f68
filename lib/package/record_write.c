/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_write.h"

#include <inttypes.h>

#include "base/io.h"
#include "package/record_leaves.h"
#include "package/record_set_read.h"
#include "package/row_c14n.h"

#define MAX_PENDING 8192

struct axev__record_writer {
	int fd;
	struct axev__record_header header;
	uint8_t secret[32];
	struct axev__buf pending;  /* records not yet hashed and written */
	size_t pending_records;
	uint8_t (*leaves)[32];     /* room for those of the pending ones */
	struct axev__buf previous; /* cells of the record before, without the count, of a multiset */
	struct axev__buf index;
	struct axev__frontier block; /* leaves since the last full block */
	struct axev__frontier blocks;
	uint64_t block_offset;     /* of the first record in this block */
	struct axev__record_totals totals;
};

void axev__record_writer_free(struct axev__record_writer *writer)
{
	if (!writer)
		return;
	axev__record_header_free(&writer->header);
	axev__buf_free(&writer->pending);
	axev__buf_free(&writer->previous);
	axev__buf_free(&writer->index);
	free(writer->leaves);
	explicit_bzero(writer->secret, sizeof(writer->secret));
	free(writer);
}

static int close_block(struct axev__record_writer *writer, axev_error *err)
{
	uint8_t line[AXEV__INDEX_LINE];

	axev__put_u64be(line, writer->block_offset);
	TRY(axev__frontier_root(&writer->block, line + 8, err));
	TRY(axev__buf_append(&writer->index, line, sizeof(line), err));
	TRY(axev__frontier_append(&writer->blocks, line + 8, err));
	writer->block.size = 0;
	writer->block.count = 0;
	writer->block_offset = writer->totals.bytes;
	return AXEV_OK;
}

static int add_leaf(struct axev__record_writer *writer, const uint8_t leaf[32], axev_error *err)
{
	if (writer->block.size == AXEV__BLOCK_LEAVES)
		TRY(close_block(writer, err));
	return axev__frontier_append(&writer->block, leaf, err);
}

static int begin_index(struct axev__record_writer *writer, const uint8_t secret[32], axev_error *err)
{
	static const uint8_t counts[16];

	TRY(axev__buf_str(&writer->index, AXEV__INDEX_MAGIC, err));
	TRY(axev__buf_append(&writer->index, secret, 32, err));
	return axev__buf_append(&writer->index, counts, sizeof(counts), err);
}

int axev__record_writer_new(int fd, struct axev__span header, const uint8_t secret[32],
			    struct axev__record_writer **ret_writer, axev_error *err)
{
	AXEV__RECORD_WRITER *writer = calloc(1, sizeof(*writer));
	uint8_t leaf[32];

	if (!writer)
		return axev__nomem(err);
	writer->fd = fd;
	writer->pending.max = AXEV__COPY_CHUNK + AXEV__MAX_RECORD_BYTES + 4;
	writer->previous.max = AXEV__MAX_RECORD_BYTES;
	writer->index.max = AXEV__MAX_RECORD_INDEX_BYTES;
	TRY(axev__record_header_read(header, &writer->header, err));
	memcpy(writer->secret, secret, sizeof(writer->secret));
	writer->leaves = calloc(MAX_PENDING, sizeof(*writer->leaves));
	if (!writer->leaves)
		return axev__nomem(err);
	TRY(begin_index(writer, secret, err));
	TRY(axev__record_header_leaf(header, leaf, err));
	TRY(add_leaf(writer, leaf, err));
	*ret_writer = axev__steal(writer);
	return AXEV_OK;
}

/* Order and count of equal rows; what comes twice, or not in order, would hide behind another count. */
static int check_multiset(struct axev__record_writer *writer, struct axev__span cells, axev_error *err)
{
	struct axev__cell count;

	TRY(axev__cell_next(&cells, &count, err));
	if (count.tag != AXEV__CELL_INTEGER || axev__cell_as_integer(&count) < 1)
		return axev__fail(err, AXEV_E_FORMAT, "expected the number of equal rows, from 1, as the first cell");
	if (writer->totals.records > 0 &&
	    axev__span_compare(axev__buf_view(&writer->previous), cells) >= 0)
		return axev__fail(err, AXEV_E_FORMAT, "a row does not stand behind the one before in the order of bytes");
	if (!axev__add_u64(writer->totals.rows, (uint64_t)axev__cell_as_integer(&count), &writer->totals.rows))
		return axev__fail(err, AXEV_E_LIMIT, "more rows than a count can hold");
	axev__buf_clear(&writer->previous);
	return axev__buf_span(&writer->previous, cells, err);
}

/* The pending records into the tree, the index and the file. */
static int flush(struct axev__record_writer *writer, axev_error *err)
{
	struct axev__span records = axev__buf_view(&writer->pending);
	size_t i, at = 0;

	TRY(axev__record_leaves(writer->secret, records, writer->totals.records - writer->pending_records,
				writer->pending_records, writer->leaves, err));
	for (i = 0; i < writer->pending_records; i++) {
		size_t size = 4 + axev__get_u32be(records.data + at);

		TRY(add_leaf(writer, writer->leaves[i], err));
		writer->totals.bytes += size;
		at += size;
	}
	if (writer->fd >= 0)
		TRY(axev__write_full(writer->fd, records.data, records.size, err));
	axev__buf_clear(&writer->pending);
	writer->pending_records = 0;
	return AXEV_OK;
}

static int store(struct axev__record_writer *writer, struct axev__span cells, axev_error *err)
{
	uint8_t length[4];

	axev__put_u32be(length, (uint32_t)cells.size);
	TRY(axev__buf_append(&writer->pending, length, sizeof(length), err));
	TRY(axev__buf_span(&writer->pending, cells, err));
	writer->pending_records++;
	writer->totals.records++;
	return writer->pending.size >= AXEV__COPY_CHUNK || writer->pending_records == MAX_PENDING ? flush(writer, err) :
												     AXEV_OK;
}

/* Cells as they must be, as many as there are fields. */
static int check_cells(struct axev__record_writer *writer, struct axev__span cells, axev_error *err)
{
	struct axev__cell cell;
	size_t fields = 0;

	for (; cells.size > 0; fields++) {
		TRY(axev__prefix(axev__cell_next(&cells, &cell, err), err, "cell %zu", fields));
		writer->totals.large += cell.tag == AXEV__CELL_LARGE;
	}
	if (fields != writer->header.fields)
		return axev__fail(err, AXEV_E_FORMAT, "expected %zu cells, found %zu", writer->header.fields,
				  fields);
	return AXEV_OK;
}

static int add(struct axev__record_writer *writer, struct axev__span cells, axev_error *err)
{
	if (cells.size > AXEV__MAX_RECORD_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu bytes, found %zu",
				  AXEV__MAX_RECORD_BYTES, cells.size);
	TRY(check_cells(writer, cells, err));
	if (writer->header.is_multiset)
		TRY(check_multiset(writer, cells, err));
	else
		writer->totals.rows++;
	return store(writer, cells, err);
}

int axev__record_writer_add(struct axev__record_writer *writer, struct axev__span cells, axev_error *err)
{
	return axev__prefix(add(writer, cells, err), err, "record %" PRIu64, writer->totals.records);
}

int axev__record_writer_finish(struct axev__record_writer *writer, struct axev__buf *ret_index,
			       struct axev__record_totals *ret_totals, axev_error *err)
{
	uint8_t leaf[32];

	TRY(flush(writer, err));
	TRY(axev__record_count_leaf(writer->totals.records, leaf, err));
	TRY(add_leaf(writer, leaf, err));
	TRY(close_block(writer, err));
	TRY(axev__frontier_root(&writer->blocks, writer->totals.root, err));
	axev__put_u64be(writer->index.data + 40, writer->totals.records);
	axev__put_u64be(writer->index.data + 48, writer->totals.bytes);
	TRY(axev__buf_span(ret_index, axev__buf_view(&writer->index), err));
	*ret_totals = writer->totals;
	return AXEV_OK;
}
