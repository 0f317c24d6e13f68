/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_proof.h"

#include <inttypes.h>

#include "base/text.h"
#include "package/record_proof_internal.h"
#include "package/row_c14n.h"

/* ---- form ---- */

struct proof {
	axev__json *json;
	axev__json *proven, *hashes; /* lent */
	struct axev__proof_shape shape;
	struct axev__buf header;
	size_t fields;
	size_t used;                 /* hashes */
	const uint8_t (*leaves)[32]; /* of the records shown */
	uint8_t header_leaf[32], count_leaf[32];
};

static void proof_free(struct proof *proof)
{
	axev__json_free(proof->json);
	axev__buf_free(&proof->header);
}

static int decimal(const axev__json *json, const char *key, uint64_t *ret_value, axev_error *err)
{
	struct axev__span text;

	TRY(axev__json_string(json, key, &text, err));
	if (!axev__parse_u64(text, (UINT64_C(1) << AXEV__KEY_TREE_HEIGHT) - 1, ret_value))
		return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected a number of a record as text", key);
	return AXEV_OK;
}

static int read_header(struct proof *proof, axev_error *err)
{
	AXEV__RECORD_HEADER header = { 0 };
	struct axev__span text;

	TRY(axev__json_string(proof->json, "header", &text, err));
	if (!axev__unbase64(&proof->header, text))
		return axev__fail(err, AXEV_E_FORMAT, "member 'header': expected canonical base64");
	TRY(axev__record_header_read(axev__buf_view(&proof->header), &header, err));
	proof->fields = header.fields;
	return AXEV_OK;
}

static int read_proof(struct axev__span bytes, struct proof *proof, axev_error *err)
{
	static const char *const known[] = { "format", "header", "records", "first", "proven", "hashes", NULL };
	struct axev__span format;
	uint64_t records;

	if (bytes.size > AXEV__MAX_RECORD_PROOF_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu bytes, found %zu",
				  AXEV__MAX_RECORD_PROOF_BYTES, bytes.size);
	TRY(axev__json_parse_canonical(bytes, &proof->json, err));
	TRY(axev__json_string(proof->json, "format", &format, err));
	if (!axev__span_is(format, AXEV__PROOF_FORMAT))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "member 'format': expected " AXEV__PROOF_FORMAT);
	TRY(axev__json_only(proof->json, known, err));
	TRY(decimal(proof->json, "records", &records, err));
	TRY(decimal(proof->json, "first", &proof->shape.first, err));
	TRY(axev__json_array(proof->json, "proven", &proof->proven, err));
	TRY(axev__json_array(proof->json, "hashes", &proof->hashes, err));
	proof->shape.leaves = records + 2;
	proof->shape.count = axev__json_count(proof->proven);
	if (proof->shape.count == 0 || proof->shape.count > AXEV__MAX_PROVEN_RECORDS ||
	    proof->shape.first >= records || proof->shape.count > records - proof->shape.first)
		return axev__fail(err, AXEV_E_FORMAT, "expected 1 to %d records of the set", AXEV__MAX_PROVEN_RECORDS);
	return read_header(proof, err);
}

/* ---- checking ---- */

static int next_hash(struct proof *proof, uint8_t out[32], axev_error *err)
{
	struct axev__span text;

	if (!axev__json_as_string(axev__json_at(proof->hashes, proof->used), &text) ||
	    !axev__unhex(out, 32, text))
		return axev__fail(err, AXEV_E_FORMAT, "hashes[%zu]: expected a SHA-256", proof->used);
	proof->used++;
	return AXEV_OK;
}

static int fold(struct proof *proof, uint64_t from, uint64_t to, uint8_t out[32], axev_error *err)
{
	const struct axev__proof_shape *shape = &proof->shape;
	uint8_t left[32], right[32];
	uint64_t split;

	if (!axev__proof_knows(shape, from, to))
		return next_hash(proof, out, err);
	if (to - from == 1) {
		memcpy(out,
		       from == 0 ? proof->header_leaf :
		       to == shape->leaves ? proof->count_leaf :
					     proof->leaves[from - 1 - shape->first],
		       32);
		return AXEV_OK;
	}
	split = axev__proof_split(to - from);
	TRY(fold(proof, from, from + split, left, err));
	TRY(fold(proof, from + split, to, right, err));
	return axev__merkle_node(left, right, out, err);
}

/* A field is shown with its salt, or it is a leaf. */
static int field_leaf(const axev__json *field, uint32_t index, struct axev__buf *cell, uint8_t out[32],
		      axev_error *err)
{
	static const char *const shown[] = { "cell", "salt", NULL };
	static const char *const hidden[] = { "leaf", NULL };
	struct axev__span text, rest;
	struct axev__cell parsed;
	uint8_t salt[16];

	axev__buf_clear(cell);
	if (axev__json_get(field, "leaf")) {
		TRY(axev__json_only(field, hidden, err));
		return axev__json_hex(field, "leaf", out, 32, err);
	}
	TRY(axev__json_string(field, "cell", &text, err));
	TRY(axev__json_hex(field, "salt", salt, sizeof(salt), err));
	TRY(axev__json_only(field, shown, err));
	if (!axev__unbase64(cell, text))
		return axev__fail(err, AXEV_E_FORMAT, "member 'cell': expected canonical base64");
	rest = axev__buf_view(cell);
	TRY(axev__cell_next(&rest, &parsed, err));
	if (rest.size > 0)
		return axev__fail(err, AXEV_E_FORMAT, "member 'cell': expected one cell, found more");
	return axev__record_field_leaf(salt, index, parsed.whole, out, err);
}

static int proven_leaf(const struct proof *proof, const axev__json *record, uint8_t out[32], axev_error *err)
{
	AXEV__BUF cell = AXEV__BUF_INIT(AXEV__MAX_INLINE_CELL + AXEV__CELL_HEAD);
	struct axev__frontier frontier = { 0 };
	uint8_t leaf[32], root[32];
	uint32_t i;

	if (axev__json_type(record) != AXEV__JSON_ARRAY || axev__json_count(record) != proof->fields)
		return axev__fail(err, AXEV_E_FORMAT, "expected %zu cells, found %zu", proof->fields,
				  axev__json_count(record));
	for (i = 0; i < proof->fields; i++) {
		TRY(axev__prefix(field_leaf(axev__json_at(record, i), i, &cell, leaf, err), err, "cell %u", i));
		TRY(axev__frontier_append(&frontier, leaf, err));
	}
	TRY(axev__frontier_root(&frontier, root, err));
	return axev__record_leaf(root, out, err);
}

static int check(struct proof *proof, const uint8_t root[32], axev_error *err)
{
	AXEV__FREE uint8_t(*leaves)[32] = calloc(proof->shape.count, sizeof(*leaves));
	uint8_t found[32];
	uint64_t i;

	if (!leaves)
		return axev__nomem(err);
	TRY(axev__record_header_leaf(axev__buf_view(&proof->header), proof->header_leaf, err));
	TRY(axev__record_count_leaf(proof->shape.leaves - 2, proof->count_leaf, err));
	for (i = 0; i < proof->shape.count; i++)
		TRY(axev__prefix(proven_leaf(proof, axev__json_at(proof->proven, i), leaves[i], err), err,
				 "record %" PRIu64, proof->shape.first + i));
	proof->leaves = (const uint8_t(*)[32])leaves;
	TRY(fold(proof, 0, proof->shape.leaves, found, err));
	proof->leaves = NULL;
	if (proof->used != axev__json_count(proof->hashes))
		return axev__fail(err, AXEV_E_FORMAT, "expected %zu hashes, found %zu", proof->used,
				  axev__json_count(proof->hashes));
	if (memcmp(found, root, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the proof does not lead to the root of the record set");
	return AXEV_OK;
}

static int visit_all(const struct proof *proof, axev__proven_visitor visit, void *payload, axev_error *err)
{
	AXEV__BUF cell = AXEV__BUF_INIT(AXEV__MAX_INLINE_CELL + AXEV__CELL_HEAD);
	uint64_t i;
	uint32_t k;

	for (i = 0; i < proof->shape.count; i++)
		for (k = 0; k < proof->fields; k++) {
			const axev__json *field = axev__json_at(axev__json_at(proof->proven, i), k);
			struct axev__span text;

			axev__buf_clear(&cell);
			if (!axev__json_as_string(axev__json_get(field, "cell"), &text) ||
			    !axev__unbase64(&cell, text))
				continue;
			TRY(visit(payload, proof->shape.first + i, k, axev__buf_view(&cell), err));
		}
	return AXEV_OK;
}

int axev__record_proof_check(struct axev__span bytes, const uint8_t root[32],
			     axev__proven_visitor visit, void *payload, axev_error *err)
{
	AXEV__CLEANUP(proof_free) struct proof proof = {
		.header = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES),
	};

	TRY(axev__prefix(read_proof(bytes, &proof, err), err, "proof"));
	TRY(axev__prefix(check(&proof, root, err), err, "proof"));
	return visit ? visit_all(&proof, visit, payload, err) : AXEV_OK;
}
