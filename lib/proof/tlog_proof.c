/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/tlog_proof.h"

#include "base/text.h"
#include "crypto/merkle.h"
#include "proof/lines.h"

#define MAGIC "c2sp.org/tlog-proof@v1"

static int bad_proof(axev_error *err, const char *what)
{
	return axev__fail(err, AXEV_E_FORMAT, "tlog-proof: %s", what);
}

/* "extra <base64>": unauthenticated data of the application; ours writes none, others' is skipped. */
static int skip_extra(struct axev__span line, axev_error *err)
{
	AXEV__BUF extra = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);

	if (line.size > AXEV__MAX_NOTE_BYTES ||
	    !axev__unbase64(&extra, axev__span(line.data + 6, line.size - 6)))
		return bad_proof(err, "extra data is not canonical base64");
	return AXEV_OK;
}

static int take_hash(struct axev__span line, struct axev__tlog_proof *proof, axev_error *err)
{
	if (proof->hash_count == AXEV__MAX_PROOF_HASHES - 1) /* at most 63, as in tlog-witness */
		return bad_proof(err, "more than 63 hashes");
	if (!axev__read_hash(line, proof->hashes[proof->hash_count++]))
		return bad_proof(err, "expected a hash of 32 bytes in base64");
	return AXEV_OK;
}

int axev__tlog_proof_parse(struct axev__span text, struct axev__tlog_proof *ret_proof,
			   axev_error *err)
{
	struct axev__tlog_proof proof = { 0 };
	struct axev__span rest = text, line;

	if (!axev__take_line(&rest, &line) || !axev__span_is(line, MAGIC))
		return bad_proof(err, "expected " MAGIC);
	if (!axev__take_line(&rest, &line))
		return bad_proof(err, "ends early");
	if (axev__span_starts(line, "extra ")) {
		TRY(skip_extra(line, err));
		if (!axev__take_line(&rest, &line))
			return bad_proof(err, "ends early");
	}
	if (!axev__span_starts(line, "index ") ||
	    !axev__parse_u64(axev__span(line.data + 6, line.size - 6), INT64_MAX, &proof.index))
		return bad_proof(err, "expected the index of the entry");
	for (;;) {
		if (!axev__take_line(&rest, &line))
			return bad_proof(err, "ends before the checkpoint");
		if (line.size == 0)
			break;
		TRY(take_hash(line, &proof, err));
	}
	if (rest.size == 0)
		return bad_proof(err, "the checkpoint is missing");
	proof.checkpoint = rest;
	*ret_proof = proof;
	return AXEV_OK;
}

int axev__tlog_proof_text(uint64_t index, const uint8_t (*hashes)[32], size_t hash_count,
			  struct axev__span checkpoint, struct axev__buf *out, axev_error *err)
{
	size_t i;

	TRY(axev__buf_printf(out, err, MAGIC "\nindex %llu\n", (unsigned long long)index));
	for (i = 0; i < hash_count; i++) {
		TRY(axev__base64(out, axev__span(hashes[i], 32), err));
		TRY(axev__buf_byte(out, '\n', err));
	}
	TRY(axev__buf_byte(out, '\n', err));
	return axev__buf_span(out, checkpoint, err);
}

/* A bare checkpoint path-checks too: without a log key the signatures are not looked at. */
static int check_signed(const struct axev__note *note, const struct axev__checkpoint *checkpoint,
			const struct axev__note_key *log_key, axev_error *err)
{
	struct axev__shown shown;

	if (!axev__span_is(checkpoint->origin, log_key->name))
		return axev__fail(err, AXEV_E_NOTFOUND, "checkpoint of another log: %s",
				  axev__show(&shown, checkpoint->origin));
	return axev__note_check(note, log_key, NULL, err);
}

int axev__tlog_proof_check(const struct axev__tlog_proof *proof, struct axev__span entry,
			   const struct axev__note_key *log_key, uint64_t *ret_tree_size,
			   axev_error *err)
{
	AXEV__FREE struct axev__note *note = malloc(sizeof(*note));
	struct axev__checkpoint checkpoint;
	uint8_t leaf[32];

	if (!note)
		return axev__nomem(err);
	TRY(axev__note_parse(proof->checkpoint, note, err));
	TRY(axev__checkpoint_parse(note->text, &checkpoint, err));
	if (log_key)
		TRY(check_signed(note, &checkpoint, log_key, err));
	TRY(axev__merkle_leaf(entry, leaf, err));
	TRY(axev__merkle_check_inclusion(proof->index, checkpoint.size, leaf, proof->hashes,
					 proof->hash_count, checkpoint.root, err));
	if (ret_tree_size)
		*ret_tree_size = checkpoint.size;
	return AXEV_OK;
}
