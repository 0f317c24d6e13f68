/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disclosure (FORMAT.md section 3.5): from the cells that it shows to the root in the original's manifest, from there to the
 * original's signatures, their times and its entry in the ledger. Nothing of this needs trust in who made the disclosure.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "package/asic_manifest.h"
#include "package/disclosed_from.h"
#include "package/disclosed_sets.h"
#include "package/disclosure.h"
#include "package/manifest.h"
#include "proof/tlog_proof.h"
#include "verify/shown.h"
#include "verify/verify.h"

struct disclosure {
	const struct axev__verify *verify;
	const struct axev__subject *subject;
	const axev__json *source;      /* of the disclosure */
	struct axev__subject original; /* lends the container */
	struct axev__disclosed_sets sets;
	const struct axev__disclosed_set *set; /* the one being looked at */
	struct axev__showing showing;
	uint64_t next_record;          /* of it: none before this one may come */
	bool is_shown_whole;
	struct axev__shown_counts all; /* of all sets */
};

static void free_disclosure(struct disclosure *disclosure)
{
	disclosure->original.container = NULL;
	axev__subject_free(&disclosure->original);
}

static int close_step(struct axev__check *parent, enum axev__check_id id, const char *looked_at, int status,
		      axev_error *problem, axev_error *err)
{
	struct axev__check *check;

	TRY(axev__check_add(parent, id, looked_at, &check, err));
	TRY(axev__check_close(check, status, problem, err));
	axev_error_clear(problem);
	return AXEV_OK;
}

/* ---- the original ---- */

static int check_original(struct disclosure *disclosure, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	const axev__json *about = axev__json_get(disclosure->source, "about");
	struct axev__span text, kind;
	struct axev__shown shown;
	char hex[AXEV_ID_HEX_SIZE];
	bool is_complete;

	if (axev__json_count(about) != 1)
		return axev__fail(err, AXEV_E_INVALID, "expected one original, found %zu", axev__json_count(about));
	TRY(axev__subject_read(disclosure->subject, AXEV__ORIGINAL_MANIFEST, &bytes, err));
	TRY(axev__sha256(bytes.data, bytes.size, disclosure->original.id, err));
	axev__hex(hex, disclosure->original.id, 32);
	if (!axev__json_as_string(axev__json_at(about, 0), &text) || !axev__span_is(text, hex))
		return axev__fail(err, AXEV_E_INVALID,
				  "the manifest of the original has another SHA-256 than the id that is named");
	TRY(axev__manifest_read(axev__buf_view(&bytes), &disclosure->original.manifest, err));
	TRY(axev__json_string(disclosure->original.manifest, "kind", &kind, err));
	if (axev__span_is(kind, "bundle") || axev__span_is(kind, "disclosure") || axev__span_is(kind, "attestation"))
		return axev__fail(err, AXEV_E_INVALID, "a disclosure is of a capture, found %s", axev__show(&shown, kind));
	/* What the original says it could not capture is missing here as well. */
	if (!axev__json_as_bool(axev__json_get(disclosure->original.manifest, "complete"), &is_complete) || !is_complete)
		disclosure->verify->report->is_partial = true;
	disclosure->original.signature_count =
		(unsigned)axev__json_count(axev__json_get(disclosure->original.manifest, "expected_signatures"));
	return AXEV_OK;
}

static int compare_list(const struct disclosure *disclosure, unsigned number, const char *name, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	uint8_t listed[32];

	TRY(axev__subject_read(disclosure->subject, name, &bytes, err));
	TRY(axev__asic_manifest_find(axev__buf_view(&bytes), number, AXEV__NAME_MANIFEST, listed, err));
	if (memcmp(listed, disclosure->original.id, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the list that was signed has another SHA-256 of the manifest");
	return AXEV_OK;
}

static int check_bound(struct disclosure *disclosure, struct axev__check *node, axev_error *err)
{
	struct axev__subject *original = &disclosure->original;
	axev_error problem = AXEV_ERROR_INIT;
	unsigned number;

	for (number = 1; number <= original->signature_count; number++) {
		char list[AXEV__META_NAME_SIZE], signature[AXEV__META_NAME_SIZE];

		axev__meta_names(original, number, list, signature);
		TRY(close_step(node, AXEV__C_DISCLOSURE_LIST, list, compare_list(disclosure, number, list, &problem),
			       &problem, err));
	}
	TRY(axev__check_signatures(disclosure->verify, node, original, err));
	return axev__check_expected(disclosure->verify, node, original, err);
}

/* ---- its times ---- */

static int read_late(const struct disclosure *disclosure, const struct axev__verified_signature *signature,
		     struct axev__buf *der, axev_error *err)
{
	/* It came because there was none: the first one counts. */
	if (signature->cades.token.size > 0)
		return axev__fail(err, AXEV_E_INVALID, "a later time-stamp stands beside a signature that has one of its own");
	return axev__subject_read(disclosure->subject, AXEV__ORIGINAL_LATE_TOKEN, der, err);
}

/* A time-stamp that came after the original was sealed is over its first signature's value, as one within would be. */
static int check_late_token(struct disclosure *disclosure, struct axev__check *node, axev_error *err)
{
	struct axev__verified_signature *signature = &disclosure->original.signatures[0];
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	uint8_t imprint[32];
	int status;

	if (!signature->is_whole || !axev__container_find(disclosure->subject->container, AXEV__ORIGINAL_LATE_TOKEN))
		return AXEV_OK;
	status = read_late(disclosure, signature, &der, &problem);
	if (status < 0) {
		TRY(axev__check_add(node, AXEV__C_TOKEN, AXEV__ORIGINAL_LATE_TOKEN, &check, err));
		return axev__check_close(check, status, &problem, err);
	}
	TRY(axev__sha256(signature->cades.signature.data, signature->cades.signature.size, imprint, err));
	return axev__check_token(node, AXEV__ORIGINAL_LATE_TOKEN, axev__buf_view(&der), imprint, &signature->token,
				 &signature->has_token, err);
}

/* ---- what else it holds ---- */

/* All that is read, and no more. */
static bool is_of_original(const struct disclosure *disclosure, struct axev__span path)
{
	static const char *const names[] = { AXEV__ORIGINAL_MANIFEST, AXEV__ORIGINAL_ENTRY, AXEV__ORIGINAL_PROOF,
					     AXEV__ORIGINAL_ANCHOR, AXEV__ORIGINAL_ANCHOR_TOKEN, AXEV__ORIGINAL_LATE_TOKEN };
	unsigned number;
	size_t i;

	for (i = 0; i < AXEV__COUNT(names); i++)
		if (axev__span_is(path, names[i]))
			return true;
	for (number = 1; number <= disclosure->original.signature_count; number++) {
		char list[AXEV__META_NAME_SIZE], signature[AXEV__META_NAME_SIZE];

		axev__meta_names(&disclosure->original, number, list, signature);
		if (axev__span_is(path, list) || axev__span_is(path, signature))
			return true;
	}
	return false;
}

static bool is_part(const struct disclosure *disclosure, const axev__json *object, struct axev__span path, unsigned *proofs,
		    axev_error *err)
{
	struct axev__span role;
	char expected[64];

	if (axev__json_string(object, "role", &role, err) < 0)
		return false;
	if (axev__span_is(role, "facts"))
		return axev__span_is(path, "data/facts.json") && axev__json_get(disclosure->subject->manifest, "facts");
	if (axev__span_is(role, "anchor"))
		return axev__span_starts(path, "data/anchor/");
	if (axev__span_is(role, AXEV__ORIGINAL_ROLE))
		return is_of_original(disclosure, path);
	if (axev__span_is(role, AXEV__DERIVED_ROLE))
		return axev__is_derived_entry(disclosure->source, path);
	snprintf(expected, sizeof(expected), AXEV__DISCLOSED_FORM, ++*proofs);
	return axev__span_is(role, AXEV__DISCLOSED_ROLE) && axev__span_is(path, expected);
}

/* Nothing rides along that a reader could take for a part of the original. */
static int check_objects(const struct disclosure *disclosure, axev_error *err)
{
	const axev__json *objects = axev__json_get(disclosure->subject->manifest, "objects");
	struct axev__span path;
	struct axev__shown shown;
	unsigned proofs = 0;
	size_t i;

	for (i = 0; i < axev__json_count(objects); i++) {
		TRY(axev__json_string(axev__json_at(objects, i), "path", &path, err));
		if (!is_part(disclosure, axev__json_at(objects, i), path, &proofs, err))
			return axev__fail(err, AXEV_E_INVALID, "object '%s' is no part of a disclosure",
					  axev__show(&shown, path));
	}
	if (axev__json_get(disclosure->subject->manifest, "parts"))
		return axev__fail(err, AXEV_E_INVALID, "object '%s' is no part of a disclosure", "data/parts/0001.zip");
	return AXEV_OK;
}

/* ---- the ledger ---- */

static int compare_entry(const struct disclosure *disclosure, const axev__json *entry, uint64_t index, axev_error *err)
{
	uint8_t id[32], logged[32], stated[32];
	struct axev__span text;
	uint64_t number;

	TRY(axev__json_string(entry, "format", &text, err));
	if (!axev__span_is(text, "ax-ledger/1"))
		return axev__fail(err, AXEV_E_FORMAT, "expected an entry of format ax-ledger/1");
	TRY(axev__json_string(entry, "event", &text, err));
	if (!axev__span_is(text, "sealed"))
		return axev__fail(err, AXEV_E_INVALID, "the entry does not seal the original that is named");
	TRY(axev__json_hex(entry, "id", id, sizeof(id), err));
	if (memcmp(id, disclosure->original.id, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the entry does not seal the original that is named");
	TRY(axev__json_hex(entry, "package_sha256", logged, sizeof(logged), err));
	TRY(axev__json_hex(disclosure->source, "package_sha256", stated, sizeof(stated), err));
	if (memcmp(logged, stated, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the entry has another SHA-256 of the package");
	TRY(axev__json_u64(disclosure->source, "entry", &number, err));
	if (number != index)
		return axev__fail(err, AXEV_E_INVALID, "expected entry %" PRIu64 " of the ledger, found %" PRIu64, number,
				  index);
	return AXEV_OK;
}

static int check_entry(const struct disclosure *disclosure, struct axev__buf *proof_bytes, struct axev__note *note,
		       axev_error *err)
{
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__JSON *json = NULL;
	struct axev__tlog_proof proof;
	uint64_t size;

	TRY(axev__subject_read(disclosure->subject, AXEV__ORIGINAL_ENTRY, &entry, err));
	TRY(axev__subject_read(disclosure->subject, AXEV__ORIGINAL_PROOF, proof_bytes, err));
	TRY(axev__tlog_proof_parse(axev__buf_view(proof_bytes), &proof, err));
	TRY(axev__tlog_proof_check(&proof, axev__buf_view(&entry), NULL, &size, err));
	TRY(axev__json_parse_canonical(axev__buf_view(&entry), &json, err));
	TRY(compare_entry(disclosure, json, proof.index, err));
	return axev__note_parse(proof.checkpoint, note, err);
}

static int check_ledger(struct disclosure *disclosure, struct axev__check *node, axev_error *err)
{
	AXEV__FREE struct axev__note *note = malloc(sizeof(*note));
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES + 16 * AXEV__KIB);
	axev_error problem = AXEV_ERROR_INIT;
	int status;

	if (!note)
		return axev__nomem(err);
	status = check_entry(disclosure, &proof, note, &problem);
	TRY(close_step(node, AXEV__C_DISCLOSURE_ENTRY, AXEV__ORIGINAL_ENTRY, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	return axev__check_note_chosen(disclosure->verify, node, AXEV__ORIGINAL_PROOF, note, err);
}

/* ---- the records ---- */

static int show_in_order(void *payload, const struct axev__proven *proven, axev_error *err)
{
	struct disclosure *disclosure = payload;

	if (proven->record < disclosure->next_record)
		return axev__fail(err, AXEV_E_INVALID, "record %" PRIu64 " stands twice or out of order", proven->record);
	if (proven->field + 1 == proven->header->fields)
		disclosure->next_record = proven->record + 1;
	return axev__show_proven(&disclosure->showing, proven, err);
}

static int check_proof(struct disclosure *disclosure, const char *name, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);

	TRY(axev__subject_read(disclosure->subject, name, &bytes, err));
	return axev__record_proof_check(axev__buf_view(&bytes), disclosure->set->root, show_in_order, disclosure, err);
}

static int expect_count(const axev__json *source, const char *member, uint64_t found, axev_error *err)
{
	uint64_t stated;

	TRY(axev__json_u64(source, member, &stated, err));
	if (stated != found)
		return axev__fail(err, AXEV_E_INVALID, "the source states %" PRIu64 " %s, found %" PRIu64, stated, member, found);
	return AXEV_OK;
}

static int check_counts(const axev__json *stated, const struct axev__shown_counts *counts, axev_error *err)
{
	if (counts->records == 0)
		return axev__fail(err, AXEV_E_INVALID, "no records are shown");
	TRY(expect_count(stated, "records", counts->records, err));
	TRY(expect_count(stated, "shown", counts->shown, err));
	return expect_count(stated, "withheld", counts->withheld, err);
}

static int check_set_counts(struct disclosure *disclosure, struct axev__check *node, axev_error *err)
{
	const struct axev__shown_counts *counts = &disclosure->showing.counts;
	axev_error problem = AXEV_ERROR_INIT;
	char name[AXEV__MAX_ENTRY_NAME + 1] = "";
	int status = check_counts(disclosure->set->counts, counts, &problem);

	if (disclosure->set->path.size <= AXEV__MAX_ENTRY_NAME)
		memcpy(name, disclosure->set->path.data, disclosure->set->path.size);
	TRY(close_step(node, AXEV__C_DISCLOSURE_COUNTS, name, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	disclosure->all.records += counts->records;
	disclosure->all.shown += counts->shown;
	disclosure->all.withheld += counts->withheld;
	return axev__check_say(node->last_child, AXEV__CHECK_FOUND, err,
			       "记录 records %" PRIu64 " / %" PRIu64 "; 出示 shown %" PRIu64 "; 遮盖 withheld %" PRIu64,
			       counts->records, counts->all_records, counts->shown, counts->withheld);
}

static int check_set(struct disclosure *disclosure, const struct axev__disclosed_set *set, struct axev__check *node,
		     axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	bool is_whole = true;
	unsigned number;

	disclosure->set = set;
	disclosure->next_record = 0;
	disclosure->showing.counts = (struct axev__shown_counts){ 0 };
	for (number = set->first; number < set->first + set->proofs; number++) {
		char name[64];
		int status;

		snprintf(name, sizeof(name), AXEV__DISCLOSED_FORM, number);
		status = check_proof(disclosure, name, &problem);
		is_whole = is_whole && status >= 0;
		TRY(close_step(node, AXEV__C_DISCLOSURE_RECORDS, name, status, &problem, err));
	}
	disclosure->is_shown_whole = disclosure->is_shown_whole && is_whole;
	return is_whole ? check_set_counts(disclosure, node, err) : AXEV_OK;
}

static int check_shown(struct disclosure *disclosure, struct axev__check *node, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	size_t i;
	int status = axev__disclosed_sets_read(disclosure->source, disclosure->original.manifest,
					       disclosure->subject->container, &disclosure->sets, &problem);

	if (status < 0)
		return close_step(node, AXEV__C_DISCLOSURE_COUNTS, NULL, status, &problem, err);
	disclosure->is_shown_whole = true;
	for (i = 0; i < disclosure->sets.count; i++)
		TRY(check_set(disclosure, &disclosure->sets.list[i], node, err));
	if (!disclosure->is_shown_whole || disclosure->sets.count == 1)
		return AXEV_OK;
	/* Of all sets together. */
	status = check_counts(disclosure->source, &disclosure->all, &problem);
	return close_step(node, AXEV__C_DISCLOSURE_COUNTS, NULL, status, &problem, err);
}

static int check_all(struct disclosure *disclosure, struct axev__check *node, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	int status;

	status = check_original(disclosure, &problem);
	TRY(close_step(node, AXEV__C_DISCLOSURE_ORIGINAL, AXEV__ORIGINAL_MANIFEST, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	TRY(close_step(node, AXEV__C_DISCLOSURE_OBJECTS, NULL, check_objects(disclosure, &problem), &problem, err));
	TRY(check_bound(disclosure, node, err));
	TRY(check_late_token(disclosure, node, err));
	TRY(axev__check_anchor(node, &disclosure->original, err));
	TRY(check_ledger(disclosure, node, err));
	TRY(axev__check_derived(disclosure->verify, node, disclosure->subject, disclosure->original.id, err));
	TRY(check_shown(disclosure, node, err));
	TRY(axev__check_not_before(disclosure->verify, node, &disclosure->original, err));
	return axev__check_signers(disclosure->verify, node, &disclosure->original, err);
}

int axev__check_disclosure(const struct axev__verify *verify, struct axev__check *parent,
			   const struct axev__subject *subject, axev_error *err)
{
	AXEV__CLEANUP(free_disclosure) struct disclosure disclosure = {
		.verify = verify,
		.subject = subject,
		.source = axev__json_get(subject->manifest, "source"),
		.original = { .container = subject->container, .is_original = true, .depth = subject->depth },
		.showing = { .report = verify->report },
	};
	struct axev__check *node;
	struct axev__span kind;

	if (!axev__json_as_string(axev__json_get(subject->manifest, "kind"), &kind) || !axev__span_is(kind, "disclosure"))
		return AXEV_OK;
	TRY(axev__check_add(parent, AXEV__C_DISCLOSURE, NULL, &node, err));
	TRY(check_all(&disclosure, node, err));
	axev__check_sum(node);
	return AXEV_OK;
}
