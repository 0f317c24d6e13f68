/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_proof.h"

#include <inttypes.h>

#include "base/text.h"
#include "package/record_proof_internal.h"
#include "package/row_c14n.h"

/* ---- form ---- */

void axev__proof_close(struct axev__read_proof *proof)
{
	axev__record_header_free(&proof->parsed);
	free(proof->leaves);
	free(proof->salts);
	axev__json_free(proof->json);
	axev__buf_free(&proof->header);
	*proof = (struct axev__read_proof){ 0 };
}

static int decimal(const axev__json *json, const char *key, uint64_t *ret_value, axev_error *err)
{
	struct axev__span text;

	TRY(axev__json_string(json, key, &text, err));
	if (!axev__parse_u64(text, AXEV__MAX_RECORDS, ret_value))
		return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected a number of a record as text", key);
	return AXEV_OK;
}

static int read_header(struct axev__read_proof *proof, axev_error *err)
{
	struct axev__span text;

	TRY(axev__json_string(proof->json, "header", &text, err));
	if (!axev__unbase64(&proof->header, text))
		return axev__fail(err, AXEV_E_FORMAT, "member 'header': expected canonical base64");
	TRY(axev__record_header_read(axev__buf_view(&proof->header), &proof->parsed, err));
	proof->fields = proof->parsed.fields;
	return AXEV_OK;
}

static int read_proof(struct axev__span bytes, struct axev__read_proof *proof, axev_error *err)
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

static int next_hash(struct axev__read_proof *proof, uint8_t out[32], axev_error *err)
{
	struct axev__span text;

	if (!axev__json_as_string(axev__json_at(proof->hashes, proof->used), &text) ||
	    !axev__unhex(out, 32, text))
		return axev__fail(err, AXEV_E_FORMAT, "hashes[%zu]: expected a SHA-256", proof->used);
	proof->used++;
	return AXEV_OK;
}

int axev__proof_fold(struct axev__read_proof *proof, uint64_t from, uint64_t to, uint8_t out[32], axev_error *err)
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
	TRY(axev__proof_fold(proof, from, from + split, left, err));
	TRY(axev__proof_fold(proof, from + split, to, right, err));
	return axev__merkle_node(left, right, out, err);
}

static int keep_salt(struct axev__read_proof *proof, const uint8_t salt[16], axev_error *err)
{
	size_t capacity = proof->salt_capacity ? 2 * proof->salt_capacity : 64;
	void *salts;

	if (proof->salt_count == proof->salt_capacity) {
		salts = reallocarray(proof->salts, capacity, sizeof(*proof->salts));
		if (!salts)
			return axev__nomem(err);
		proof->salts = salts;
		proof->salt_capacity = capacity;
	}
	memcpy(proof->salts[proof->salt_count++], salt, 16);
	return AXEV_OK;
}

static int compare_salts(const void *a, const void *b)
{
	return memcmp(a, b, 16);
}

/* Salts are 128 bits out of a tree of keys. One that comes twice was not made so, and might open a cell that is withheld. */
static int check_salts(struct axev__read_proof *proof, axev_error *err)
{
	size_t i;

	if (proof->salt_count > 1)
		qsort(proof->salts, proof->salt_count, sizeof(*proof->salts), compare_salts);
	for (i = 1; i < proof->salt_count; i++)
		if (memcmp(proof->salts[i - 1], proof->salts[i], 16) == 0)
			return axev__fail(err, AXEV_E_INVALID, "one salt serves two cells");
	return AXEV_OK;
}

static int parse_cell(const axev__json *field, struct axev__buf *bytes, struct axev__cell *ret_cell, axev_error *err)
{
	struct axev__span text, rest;

	axev__buf_clear(bytes);
	TRY(axev__json_string(field, "cell", &text, err));
	if (!axev__unbase64(bytes, text))
		return axev__fail(err, AXEV_E_FORMAT, "member 'cell': expected canonical base64");
	rest = axev__buf_view(bytes);
	TRY(axev__cell_next(&rest, ret_cell, err));
	if (rest.size > 0)
		return axev__fail(err, AXEV_E_FORMAT, "member 'cell': expected one cell, found more");
	return AXEV_OK;
}

/* A field is shown with its salt, or it is a leaf. */
int axev__proof_field_leaf(const axev__json *field, uint32_t index, struct axev__buf *bytes, struct axev__field_leaf *ret_leaf,
			   axev_error *err)
{
	static const char *const shown[] = { "cell", "salt", NULL };
	static const char *const hidden[] = { "leaf", NULL };
	struct axev__cell cell;

	if (axev__json_get(field, "salt") && (axev__json_get(field, "leaf") || !axev__json_get(field, "cell")))
		return axev__fail(err, AXEV_E_INVALID, "a salt stands with a cell that is withheld");
	ret_leaf->is_shown = !axev__json_get(field, "leaf");
	if (!ret_leaf->is_shown) {
		TRY(axev__json_only(field, hidden, err));
		return axev__json_hex(field, "leaf", ret_leaf->sha256, 32, err);
	}
	TRY(axev__json_only(field, shown, err));
	TRY(parse_cell(field, bytes, &cell, err));
	TRY(axev__json_hex(field, "salt", ret_leaf->salt, sizeof(ret_leaf->salt), err));
	return axev__record_field_leaf(ret_leaf->salt, index, cell.whole, ret_leaf->sha256, err);
}

static int proven_leaf(struct axev__read_proof *proof, const axev__json *record, uint8_t out[32], axev_error *err)
{
	AXEV__BUF cell = AXEV__BUF_INIT(AXEV__MAX_INLINE_CELL + AXEV__CELL_MAX_HEAD), leaves = AXEV__RECORD_LEAF_INIT;
	struct axev__field_leaf leaf;
	uint32_t i;

	if (axev__json_type(record) != AXEV__JSON_ARRAY || axev__json_count(record) != proof->fields)
		return axev__fail(err, AXEV_E_FORMAT, "expected %zu cells, found %zu", proof->fields,
				  axev__json_count(record));
	TRY(axev__record_leaf_begin(&leaves, err));
	for (i = 0; i < proof->fields; i++) {
		TRY(axev__prefix(axev__proof_field_leaf(axev__json_at(record, i), i, &cell, &leaf, err), err, "cell %u", i));
		if (leaf.is_shown)
			TRY(keep_salt(proof, leaf.salt, err));
		TRY(axev__record_leaf_add(&leaves, leaf.sha256, err));
	}
	return axev__record_leaf_end(&leaves, out, err);
}

static int check(struct axev__read_proof *proof, const uint8_t root[32], axev_error *err)
{
	uint8_t found[32];
	uint64_t i;

	proof->leaves = calloc(proof->shape.count, sizeof(*proof->leaves));
	if (!proof->leaves)
		return axev__nomem(err);
	TRY(axev__record_header_leaf(axev__buf_view(&proof->header), proof->header_leaf, err));
	TRY(axev__record_count_leaf(proof->shape.leaves - 2, proof->count_leaf, err));
	for (i = 0; i < proof->shape.count; i++)
		TRY(axev__prefix(proven_leaf(proof, axev__json_at(proof->proven, i), proof->leaves[i], err), err,
				 "record %" PRIu64, proof->shape.first + i));
	TRY(check_salts(proof, err));
	TRY(axev__proof_fold(proof, 0, proof->shape.leaves, found, err));
	if (proof->used != axev__json_count(proof->hashes))
		return axev__fail(err, AXEV_E_FORMAT, "expected %zu hashes, found %zu", proof->used,
				  axev__json_count(proof->hashes));
	if (memcmp(found, root, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the proof does not lead to the root of the record set");
	return AXEV_OK;
}

static int visit_all(const struct axev__read_proof *proof, axev__proven_visitor visit, void *payload, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_INLINE_CELL + AXEV__CELL_MAX_HEAD);
	struct axev__proven proven = { .header = &proof->parsed, .records = proof->shape.leaves - 2 };
	uint64_t i;
	uint32_t k;

	for (i = 0; i < proof->shape.count; i++)
		for (k = 0; k < proof->fields; k++) {
			const axev__json *field = axev__json_at(axev__json_at(proof->proven, i), k);

			proven.record = proof->shape.first + i;
			proven.field = k;
			proven.is_withheld = axev__json_get(field, "leaf") != NULL;
			TRY(proven.is_withheld ? axev__json_hex(field, "leaf", proven.leaf, 32, err) :
						 parse_cell(field, &bytes, &proven.cell, err));
			TRY(visit(payload, &proven, err));
		}
	return AXEV_OK;
}

int axev__proof_open(struct axev__span bytes, const uint8_t root[32], struct axev__read_proof *ret_proof, axev_error *err)
{
	AXEV__READ_PROOF proof = { .header = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES) };

	TRY(axev__prefix(read_proof(bytes, &proof, err), err, "proof"));
	TRY(axev__prefix(check(&proof, root, err), err, "proof"));
	*ret_proof = proof;
	proof = (struct axev__read_proof){ 0 };
	return AXEV_OK;
}

int axev__record_proof_check(struct axev__span bytes, const uint8_t root[32],
			     axev__proven_visitor visit, void *payload, axev_error *err)
{
	AXEV__READ_PROOF proof = { 0 };

	TRY(axev__proof_open(bytes, root, &proof, err));
	return visit ? visit_all(&proof, visit, payload, err) : AXEV_OK;
}
