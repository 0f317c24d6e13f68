/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A proof out of a proof. All that it needs stands in the first one: the leaf of a field that is withheld there, cell and salt of one
 * that is shown, and a hash for each part of the tree that the first one's reader does not compute. FORMAT.md section 3.3.
 */
#include <inttypes.h>

#include "base/text.h"
#include "package/record_proof.h"
#include "package/record_proof_internal.h"

struct narrowing {
	struct axev__read_proof *from;
	const struct axev__record_choice *choice;
	struct axev__proof_shape shape;
	axev__json *hashes, *proven; /* of the new proof; lent */
	bool *is_shown;              /* of each field */
};

static void narrowing_end(struct narrowing *narrowing)
{
	free(narrowing->is_shown);
}

static int choose(struct narrowing *narrowing, axev_error *err)
{
	const struct axev__record_choice *choice = narrowing->choice;
	const struct axev__proof_shape *from = &narrowing->from->shape;
	size_t i;

	if (choice->count == 0 || choice->first < from->first || choice->count > from->count ||
	    choice->first - from->first > from->count - choice->count)
		return axev__fail(err, AXEV_E_INVAL, "expected records of the %" PRIu64 " that the proof shows from record %" PRIu64 " on",
				  from->count, from->first);
	narrowing->shape = (struct axev__proof_shape){ from->leaves, choice->first, choice->count };
	narrowing->is_shown = calloc(narrowing->from->fields, sizeof(*narrowing->is_shown));
	if (!narrowing->is_shown)
		return axev__nomem(err);
	for (i = 0; !choice->fields && i < narrowing->from->fields; i++)
		narrowing->is_shown[i] = true;
	for (i = 0; choice->fields && i < choice->field_count; i++) {
		if (choice->fields[i] >= narrowing->from->fields)
			return axev__fail(err, AXEV_E_INVAL, "expected one of %zu fields", narrowing->from->fields);
		narrowing->is_shown[choice->fields[i]] = true;
	}
	return AXEV_OK;
}

/* ---- records ---- */

static int add_field(struct narrowing *narrowing, const axev__json *field, uint32_t index, struct axev__buf *bytes,
		     axev__json *record, axev_error *err)
{
	AXEV__JSON *hidden = NULL;
	struct axev__field_leaf leaf;

	if (narrowing->is_shown[index]) {
		if (axev__json_get(field, "leaf"))
			return axev__fail(err, AXEV_E_INVAL, "field %u is withheld by the proof", index);
		return axev__json_append(record, axev__json_copy(field), err);
	}
	hidden = axev__json_new_object();
	TRY(axev__proof_field_leaf(field, index, bytes, &leaf, err));
	TRY(axev__json_set_hex(hidden, "leaf", leaf.sha256, sizeof(leaf.sha256), err));
	return axev__json_append(record, axev__steal(hidden), err);
}

static int add_record(struct narrowing *narrowing, uint64_t number, struct axev__buf *bytes, axev_error *err)
{
	const axev__json *shown = axev__json_at(narrowing->from->proven, number - narrowing->from->shape.first);
	AXEV__JSON *record = axev__json_new_array();
	uint32_t i;

	for (i = 0; i < narrowing->from->fields; i++)
		TRY(axev__prefix(add_field(narrowing, axev__json_at(shown, i), i, bytes, record, err), err, "record %" PRIu64, number));
	return axev__json_append(narrowing->proven, axev__steal(record), err);
}

static int add_records(struct narrowing *narrowing, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_INLINE_CELL + AXEV__CELL_MAX_HEAD);
	uint64_t i;

	for (i = 0; i < narrowing->choice->count; i++)
		TRY(add_record(narrowing, narrowing->choice->first + i, &bytes, err));
	return AXEV_OK;
}

/* ---- the hashes ---- */

/*
 * Every part of the tree that the new proof's reader computes, the first one's does, too. The rest is met from left to right, as
 * its hashes stand in the first proof.
 */
static int emit(struct narrowing *narrowing, uint64_t from, uint64_t to, axev_error *err)
{
	uint64_t split;
	uint8_t hash[32];
	char hex[65];

	if (!axev__proof_knows(&narrowing->shape, from, to)) {
		TRY(axev__proof_fold(narrowing->from, from, to, hash, err));
		axev__hex(hex, hash, sizeof(hash));
		return axev__json_append_str(narrowing->hashes, hex, err);
	}
	if (to - from == 1)
		return AXEV_OK;
	split = axev__proof_split(to - from);
	TRY(emit(narrowing, from, from + split, err));
	return emit(narrowing, from + split, to, err);
}

int axev__record_proof_narrow(struct axev__read_proof *from, const struct axev__record_choice *choice, const uint8_t root[32],
			      struct axev__buf *ret_proof, axev_error *err)
{
	AXEV__CLEANUP(narrowing_end) struct narrowing narrowing = { .from = from, .choice = choice };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	AXEV__JSON *json = NULL;

	TRY(choose(&narrowing, err));
	TRY(axev__proof_begin(axev__buf_view(&from->header), &narrowing.shape, &json, err));
	narrowing.proven = axev__json_get(json, "proven");
	narrowing.hashes = axev__json_get(json, "hashes");
	TRY(add_records(&narrowing, err));
	from->used = 0;
	TRY(emit(&narrowing, 0, narrowing.shape.leaves, err));
	TRY(axev__json_canonical(json, &proof, err));
	TRY(axev__record_proof_check(axev__buf_view(&proof), root, NULL, NULL, err));
	return axev__buf_span(ret_proof, axev__buf_view(&proof), err);
}
