/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_write.h"

#include <inttypes.h>

#include "base/io.h"
#include "package/crew.h"
#include "package/record_leaves.h"
#include "package/record_set_read.h"
#include "package/row_c14n.h"

#define BATCH_BYTES (128 * AXEV__KIB)
#define BATCH_RECORDS 4096

/* Records on their way: hashing their cells is most of the work, and is shared among threads. */
struct batch {
	struct axev__buf records; /* each a u32 length and its cells */
	size_t count;
	uint64_t first;
	uint64_t large;
	uint32_t ends[BATCH_RECORDS]; /* of each record, in bytes */
	uint8_t (*leaves)[32];        /* room for BATCH_RECORDS; of a whole block its root stands first */
	struct axev__record_leaves room;
};

struct axev__record_writer {
	int fd;                 /* -1: nowhere, or into the sink */
	struct axev__sink sink; /* .put NULL: there is none */
	struct axev__record_header header;
	uint8_t secret[32];
	struct batch batches[AXEV__CREW_BATCHES];
	struct axev__crew *crew;
	struct batch *filling;     /* NULL: none yet */
	struct axev__buf previous; /* cells of the record before, without the count, of a multiset */
	struct axev__buf index;
	struct axev__frontier block; /* leaves since the last full block */
	struct axev__frontier blocks;
	uint64_t block_offset;     /* of the first record in this block */
	struct axev__record_totals totals;
};

void axev__record_writer_free(struct axev__record_writer *writer)
{
	size_t i;

	if (!writer)
		return;
	axev__crew_free(writer->crew);
	for (i = 0; i < AXEV__CREW_BATCHES; i++) {
		axev__buf_free(&writer->batches[i].records);
		axev__record_leaves_free(&writer->batches[i].room);
		free(writer->batches[i].leaves);
	}
	axev__record_header_free(&writer->header);
	axev__buf_free(&writer->previous);
	axev__buf_free(&writer->index);
	explicit_bzero(writer->secret, sizeof(writer->secret));
	free(writer);
}

static int add_block(struct axev__record_writer *writer, const uint8_t root[32], axev_error *err)
{
	uint8_t line[AXEV__INDEX_LINE];

	axev__put_u64be(line, writer->block_offset);
	memcpy(line + 8, root, 32);
	TRY(axev__buf_append(&writer->index, line, sizeof(line), err));
	TRY(axev__frontier_append(&writer->blocks, root, err));
	writer->block_offset = writer->totals.bytes;
	return AXEV_OK;
}

static int close_block(struct axev__record_writer *writer, axev_error *err)
{
	uint8_t root[32];

	TRY(axev__frontier_root(&writer->block, root, err));
	writer->block.size = 0;
	writer->block.count = 0;
	return add_block(writer, root, err);
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

/* ---- batches ---- */

/* Leaf 0 of the set is that of the header. */
static bool is_whole_block(const struct batch *batch, size_t i)
{
	return (batch->first + i + 1) % AXEV__BLOCK_LEAVES == 0 && batch->count - i >= AXEV__BLOCK_LEAVES;
}

static int hash_batch(void *payload, void *pointer, axev_error *err)
{
	struct axev__record_writer *writer = payload;
	struct batch *batch = pointer;
	size_t i;

	TRY(axev__record_leaves_make(&batch->room, writer->secret, batch->first, axev__buf_view(&batch->records), batch->leaves,
				     &batch->large, err));
	for (i = 0; i < batch->count; i++)
		if (is_whole_block(batch, i))
			TRY(axev__merkle_full_root(&batch->room.many, batch->leaves + i, AXEV__BLOCK_LEAVES, err));
	return AXEV_OK;
}

/* Record @i of the batch, or the block that begins with it. */
static int add_record(struct axev__record_writer *writer, const struct batch *batch, size_t *i, axev_error *err)
{
	bool is_block = is_whole_block(batch, *i);
	uint64_t before = writer->totals.bytes - (*i > 0 ? batch->ends[*i - 1] : 0);
	const uint8_t *hash = batch->leaves[*i];

	if (!is_block)
		TRY(add_leaf(writer, hash, err));
	else if (writer->block.size > 0)
		TRY(close_block(writer, err));
	*i += is_block ? AXEV__BLOCK_LEAVES : 1;
	writer->totals.bytes = before + batch->ends[*i - 1];
	return is_block ? add_block(writer, hash, err) : AXEV_OK;
}

/* Into the tree, the index and the file. */
static int hand_on(void *payload, void *pointer, axev_error *err)
{
	struct axev__record_writer *writer = payload;
	struct batch *batch = pointer;
	size_t i = 0;

	while (i < batch->count)
		TRY(add_record(writer, batch, &i, err));
	writer->totals.large += batch->large;
	if (writer->sink.put)
		return writer->sink.put(writer->sink.payload, axev__buf_view(&batch->records), err);
	if (writer->fd >= 0)
		TRY(axev__write_full(writer->fd, batch->records.data, batch->records.size, err));
	return AXEV_OK;
}

/* Nothing is kept of it: what was made is made again, and with other code. */
static bool is_check(const struct axev__record_writer *writer)
{
	return writer->fd < 0 && !writer->sink.put;
}

static int begin_batch(struct axev__record_writer *writer, axev_error *err)
{
	struct batch *batch;
	void *pointer;

	TRY(axev__crew_next(writer->crew, &pointer, err));
	batch = pointer;
	if (batch->records.capacity > 4 * BATCH_BYTES) /* one long record is no reason to keep so much */
		axev__buf_free(&batch->records);
	axev__buf_clear(&batch->records);
	batch->count = 0;
	batch->large = 0;
	batch->first = writer->totals.records;
	batch->records.max = 2 * BATCH_BYTES + AXEV__MAX_RECORD_BYTES + 4;
	if (!batch->leaves) {
		TRY(axev__record_leaves_init(&batch->room, writer->header.fields, is_check(writer), err));
		batch->leaves = calloc(BATCH_RECORDS, sizeof(*batch->leaves));
	}
	if (!batch->leaves)
		return axev__nomem(err);
	writer->filling = batch;
	return AXEV_OK;
}

static void end_batch(struct axev__record_writer *writer)
{
	if (writer->filling)
		axev__crew_give(writer->crew);
	writer->filling = NULL;
}

/* Where a block ends, if it ends soon. */
static bool is_full(const struct batch *batch)
{
	bool is_enough = batch->records.size >= BATCH_BYTES || batch->count + AXEV__BLOCK_LEAVES > BATCH_RECORDS;

	return (is_enough && (batch->first + batch->count + 1) % AXEV__BLOCK_LEAVES == 0) ||
	       batch->records.size >= 2 * BATCH_BYTES || batch->count == BATCH_RECORDS;
}

static int store(struct axev__record_writer *writer, struct axev__span cells, axev_error *err)
{
	uint8_t length[4];
	struct batch *batch;

	if (!writer->filling)
		TRY(begin_batch(writer, err));
	batch = writer->filling;
	axev__put_u32be(length, (uint32_t)cells.size);
	TRY(axev__buf_append(&batch->records, length, sizeof(length), err));
	TRY(axev__buf_span(&batch->records, cells, err));
	batch->ends[batch->count++] = (uint32_t)batch->records.size;
	writer->totals.records++;
	if (is_full(batch))
		end_batch(writer);
	return AXEV_OK;
}

int axev__record_writer_new(int fd, struct axev__span header, const uint8_t secret[32],
			    struct axev__record_writer **ret_writer, axev_error *err)
{
	AXEV__RECORD_WRITER *writer = calloc(1, sizeof(*writer));
	const struct axev__crew_job job = { hash_batch, hand_on, writer };
	uint8_t leaf[32];

	if (!writer)
		return axev__nomem(err);
	writer->fd = fd;
	writer->previous.max = AXEV__MAX_RECORD_BYTES;
	writer->index.max = AXEV__MAX_RECORD_INDEX_BYTES;
	TRY(axev__record_header_read(header, &writer->header, err));
	memcpy(writer->secret, secret, sizeof(writer->secret));
	TRY(axev__crew_new(&job, writer->batches, sizeof(writer->batches[0]), &writer->crew, err));
	TRY(begin_index(writer, secret, err));
	TRY(axev__record_header_leaf(header, leaf, err));
	TRY(add_leaf(writer, leaf, err));
	*ret_writer = axev__steal(writer);
	return AXEV_OK;
}

void axev__record_writer_to(struct axev__record_writer *writer, const struct axev__sink *sink)
{
	writer->sink = *sink;
}

/* ---- records ---- */

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

static int check(struct axev__record_writer *writer, struct axev__span cells, axev_error *err)
{
	if (cells.size > AXEV__MAX_RECORD_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu bytes, found %zu",
				  AXEV__MAX_RECORD_BYTES, cells.size);
	if (writer->header.is_multiset)
		return check_multiset(writer, cells, err);
	writer->totals.rows++;
	return AXEV_OK;
}

int axev__record_writer_add(struct axev__record_writer *writer, struct axev__span cells, axev_error *err)
{
	TRY(axev__prefix(check(writer, cells, err), err, "record %" PRIu64, writer->totals.records));
	return store(writer, cells, err);
}

bool axev__record_writer_help(struct axev__record_writer *writer)
{
	return axev__crew_help(writer->crew);
}

int axev__record_writer_finish(struct axev__record_writer *writer, struct axev__buf *ret_index,
			       struct axev__record_totals *ret_totals, axev_error *err)
{
	uint8_t leaf[32];

	end_batch(writer);
	TRY(axev__crew_wait(writer->crew, err));
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
