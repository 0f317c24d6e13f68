/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_proof.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "package/record_proof_internal.h"
#include "package/record_salts.h"
#include "package/row_c14n.h"

struct maker {
	struct axev__span header;
	const struct axev__source *records;
	struct axev__record_index index;
	struct axev__record_salts salts;
	const struct axev__record_choice *choice;
	struct axev__proof_shape shape;
	axev__json *hashes, *proven;
	uint64_t block;              /* whose leaves are in @leaves; UINT64_MAX: none */
	size_t leaf_count;
	uint64_t at;                 /* record that is visited next */
	uint8_t leaves[AXEV__BLOCK_LEAVES][32];
	uint8_t (*cell_salts)[AXEV__SALT]; /* of one record */
	struct axev__buf field_leaves;     /* of it */
};

static void maker_freep(struct maker **maker)
{
	if (!*maker)
		return;
	if ((*maker)->cell_salts)
		explicit_bzero((*maker)->cell_salts, (*maker)->salts.fields * sizeof(*(*maker)->cell_salts));
	free((*maker)->cell_salts);
	axev__record_salts_free(&(*maker)->salts);
	axev__buf_free(&(*maker)->field_leaves);
	free(*maker);
}

/* ---- one block ---- */

static bool is_shown(const struct axev__record_choice *choice, uint32_t field)
{
	size_t i;

	for (i = 0; choice->fields && i < choice->field_count; i++)
		if (choice->fields[i] == field)
			return true;
	return !choice->fields;
}

static int show_cell(struct axev__span cell, const uint8_t salt[16], axev__json *field, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(2 * AXEV__MAX_INLINE_CELL);

	TRY(axev__base64(&text, cell, err));
	TRY(axev__json_set_string(field, "cell", axev__buf_view(&text), err));
	return axev__json_set_hex(field, "salt", salt, 16, err);
}

static int show_record(struct maker *maker, struct axev__span cells, axev_error *err)
{
	AXEV__JSON *record = axev__json_new_array();
	struct axev__cell cell;
	const uint8_t *salt;
	uint8_t leaf[32];
	uint32_t i;

	for (i = 0; cells.size > 0; i++) {
		AXEV__JSON *field = axev__json_new_object();

		TRY(axev__cell_next(&cells, &cell, err));
		salt = maker->cell_salts[i];
		if (is_shown(maker->choice, i)) {
			TRY(show_cell(cell.whole, salt, field, err));
		} else {
			TRY(axev__record_field_leaf(salt, i, cell.whole, leaf, err));
			TRY(axev__json_set_hex(field, "leaf", leaf, 32, err));
		}
		TRY(axev__json_append(record, axev__steal(field), err));
	}
	return axev__json_append(maker->proven, axev__steal(record), err);
}

static int visit(void *payload, struct axev__span cells, axev_error *err)
{
	struct maker *maker = payload;
	int status;

	TRY(axev__record_salts_make(&maker->salts, maker->at, 1, maker->cell_salts, err));
	status = axev__record_leaf((const uint8_t(*)[AXEV__SALT])maker->cell_salts, maker->salts.fields, cells, &maker->field_leaves,
				   maker->leaves[maker->leaf_count++], err);
	if (status < 0)
		return axev__prefix(status, err, "record %" PRIu64, maker->at);
	if (maker->at >= maker->choice->first && maker->at - maker->choice->first < maker->choice->count)
		TRY(show_record(maker, cells, err));
	maker->at++;
	return AXEV_OK;
}

static int load_block(struct maker *maker, uint64_t block, axev_error *err)
{
	uint64_t first_leaf = block * AXEV__BLOCK_LEAVES, want = maker->shape.leaves - first_leaf;
	uint64_t offset = axev__get_u64be(maker->index.lines + block * AXEV__INDEX_LINE);
	bool has_count = want <= AXEV__BLOCK_LEAVES;

	want = has_count ? want : AXEV__BLOCK_LEAVES;
	maker->leaf_count = 0;
	maker->at = first_leaf ? first_leaf - 1 : 0;
	if (first_leaf == 0)
		TRY(axev__record_header_leaf(maker->header, maker->leaves[maker->leaf_count++], err));
	TRY(axev__records_each(maker->records, offset, want - maker->leaf_count - has_count, visit, maker, err));
	if (has_count && maker->leaf_count + 1 == want)
		TRY(axev__record_count_leaf(maker->index.records, maker->leaves[maker->leaf_count++], err));
	if (maker->leaf_count != want)
		return axev__fail(err, AXEV_E_INVALID, "the records are not as many as the index says");
	maker->block = block;
	return AXEV_OK;
}

/* ---- the hashes ---- */

static int tree_hash(struct maker *maker, uint64_t from, uint64_t to, uint8_t out[32], axev_error *err)
{
	uint64_t block = from / AXEV__BLOCK_LEAVES, begin = block * AXEV__BLOCK_LEAVES, split;
	uint8_t left[32], right[32];

	if (to - from > AXEV__BLOCK_LEAVES) {
		split = axev__proof_split(to - from);
		TRY(tree_hash(maker, from, from + split, left, err));
		TRY(tree_hash(maker, from + split, to, right, err));
		return axev__merkle_node(left, right, out, err);
	}
	if (from == begin && (to - from == AXEV__BLOCK_LEAVES || to == maker->shape.leaves)) {
		memcpy(out, maker->index.lines + block * AXEV__INDEX_LINE + 8, 32);
		return AXEV_OK;
	}
	if (maker->block != block)
		TRY(load_block(maker, block, err));
	return axev__merkle_root((const uint8_t(*)[32])maker->leaves + (from - begin), to - from, out, err);
}

static int emit(struct maker *maker, uint64_t from, uint64_t to, axev_error *err)
{
	uint64_t split;
	uint8_t hash[32];
	char hex[65];

	if (axev__proof_knows(&maker->shape, from, to)) {
		if (to - from == 1) /* a leaf that is shown: its block must have been visited */
			return maker->block == from / AXEV__BLOCK_LEAVES ?
				       AXEV_OK :
				       load_block(maker, from / AXEV__BLOCK_LEAVES, err);
		split = axev__proof_split(to - from);
		TRY(emit(maker, from, from + split, err));
		return emit(maker, from + split, to, err);
	}
	TRY(tree_hash(maker, from, to, hash, err));
	axev__hex(hex, hash, 32);
	return axev__json_append_str(maker->hashes, hex, err);
}

static int set_decimal(axev__json *json, const char *key, uint64_t value, axev_error *err)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	return axev__json_set_str(json, key, text, err);
}

int axev__proof_begin(struct axev__span header, const struct axev__proof_shape *shape, axev__json **ret_proof, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();
	AXEV__BUF text = AXEV__BUF_INIT(2 * AXEV__MAX_RECORD_HEADER_BYTES);

	TRY(axev__json_set_str(json, "format", AXEV__PROOF_FORMAT, err));
	TRY(axev__base64(&text, header, err));
	TRY(axev__json_set_string(json, "header", axev__buf_view(&text), err));
	TRY(set_decimal(json, "records", shape->leaves - 2, err));
	TRY(set_decimal(json, "first", shape->first, err));
	TRY(axev__json_set(json, "proven", axev__json_new_array(), err));
	TRY(axev__json_set(json, "hashes", axev__json_new_array(), err));
	*ret_proof = axev__steal(json);
	return AXEV_OK;
}

static int make(struct maker *maker, struct axev__buf *ret_proof, axev_error *err)
{
	AXEV__JSON *json = NULL;

	TRY(axev__proof_begin(maker->header, &maker->shape, &json, err));
	maker->proven = axev__json_get(json, "proven");
	maker->hashes = axev__json_get(json, "hashes");
	TRY(emit(maker, 0, maker->shape.leaves, err));
	return axev__json_canonical(json, ret_proof, err);
}

static int begin_salts(struct maker *maker, axev_error *err)
{
	AXEV__RECORD_HEADER header = { 0 };

	TRY(axev__record_header_read(maker->header, &header, err));
	maker->cell_salts = calloc(header.fields, sizeof(*maker->cell_salts));
	if (!maker->cell_salts)
		return axev__nomem(err);
	return axev__record_salts_init(&maker->salts, maker->index.secret, header.fields, err);
}

int axev__record_proof_make(struct axev__span header, const struct axev__source *records,
			    struct axev__span index, const struct axev__record_choice *choice,
			    const uint8_t root[32], struct axev__buf *ret_proof, axev_error *err)
{
	AXEV__CLEANUP(maker_freep) struct maker *maker = calloc(1, sizeof(*maker));
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);

	if (!maker)
		return axev__nomem(err);
	TRY(axev__record_index_read(index, &maker->index, err));
	if (choice->count == 0 || choice->count > AXEV__MAX_PROVEN_RECORDS ||
	    choice->first >= maker->index.records ||
	    choice->count > maker->index.records - choice->first)
		return axev__fail(err, AXEV_E_INVAL, "expected 1 to %d records of the %" PRIu64 " there are",
				  AXEV__MAX_PROVEN_RECORDS, maker->index.records);
	maker->field_leaves = (struct axev__buf)AXEV__RECORD_LEAF_INIT;
	maker->header = header;
	maker->records = records;
	maker->choice = choice;
	maker->block = UINT64_MAX;
	maker->shape = (struct axev__proof_shape){ maker->index.records + 2, choice->first, choice->count };
	TRY(begin_salts(maker, err));
	TRY(make(maker, &proof, err));
	TRY(axev__record_proof_check(axev__buf_view(&proof), root, NULL, NULL, err));
	return axev__buf_span(ret_proof, axev__buf_view(&proof), err);
}
