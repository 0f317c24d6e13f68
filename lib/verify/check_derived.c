/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The disclosures that a disclosure was made from (FORMAT.md section 3.5): of each its entry in the ledger, which ties its id to the
 * original and to the one before. Who approved them and why is what the maker says; the report says that, too.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "package/disclosed_from.h"
#include "package/disclosure.h"
#include "proof/tlog_proof.h"
#include "verify/verify.h"

struct derived {
	const struct axev__verify *verify;
	const struct axev__subject *subject;
	const axev__json *rows;
	const uint8_t *original;
	uint64_t last_entry;      /* of the one before: each was logged later */
	struct axev__buf origin;  /* of the ledger that has the original */
};

static void derived_end(struct derived *derived)
{
	axev__buf_free(&derived->origin);
}

static int read_origin(struct derived *derived, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES + 16 * AXEV__KIB);
	AXEV__FREE struct axev__note *note = malloc(sizeof(*note));
	struct axev__checkpoint checkpoint;
	struct axev__tlog_proof proof;

	if (!note)
		return axev__nomem(err);
	TRY(axev__subject_read(derived->subject, AXEV__ORIGINAL_PROOF, &bytes, err));
	TRY(axev__tlog_proof_parse(axev__buf_view(&bytes), &proof, err));
	TRY(axev__note_parse(proof.checkpoint, note, err));
	TRY(axev__checkpoint_parse(note->text, &checkpoint, err));
	return axev__buf_span(&derived->origin, checkpoint.origin, err);
}

static int compare_row(struct derived *derived, unsigned at, const axev__json *entry, uint64_t index, axev_error *err)
{
	const axev__json *row = axev__json_at(derived->rows, at);
	uint8_t id[32], previous[32];
	const struct axev__derived expected = { derived->original, at > 0 ? previous : NULL, id };
	struct axev__span stated, logged;
	uint64_t number;

	TRY(axev__json_hex(row, "id", id, sizeof(id), err));
	if (at > 0)
		TRY(axev__json_hex(axev__json_at(derived->rows, at - 1), "id", previous, sizeof(previous), err));
	TRY(axev__derived_entry_check(entry, &expected, err));
	TRY(axev__json_u64(row, "entry", &number, err));
	if (number != index)
		return axev__fail(err, AXEV_E_INVALID, "expected entry %" PRIu64 " of the ledger, found %" PRIu64, number, index);
	if (index <= derived->last_entry)
		return axev__fail(err, AXEV_E_INVALID, "the entry is not later than that of what it was made from");
	derived->last_entry = index;
	TRY(axev__json_string(row, "disclosed", &stated, err));
	TRY(axev__json_string(entry, "time", &logged, err));
	if (!axev__span_equal(stated, logged))
		return axev__fail(err, AXEV_E_INVALID, "the entry has another time");
	return AXEV_OK;
}

static int check_entry(struct derived *derived, unsigned at, struct axev__buf *proof_bytes, struct axev__note *note, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	char name[AXEV__DERIVED_NAME_SIZE];
	struct axev__checkpoint checkpoint;
	struct axev__tlog_proof proof;
	AXEV__JSON *entry = NULL;
	uint64_t size;

	snprintf(name, sizeof(name), AXEV__DERIVED_ENTRY_FORM, at + 1);
	TRY(axev__subject_read(derived->subject, name, &bytes, err));
	snprintf(name, sizeof(name), AXEV__DERIVED_PROOF_FORM, at + 1);
	TRY(axev__subject_read(derived->subject, name, proof_bytes, err));
	TRY(axev__tlog_proof_parse(axev__buf_view(proof_bytes), &proof, err));
	TRY(axev__tlog_proof_check(&proof, axev__buf_view(&bytes), NULL, &size, err));
	TRY(axev__json_parse_canonical(axev__buf_view(&bytes), &entry, err));
	TRY(compare_row(derived, at, entry, proof.index, err));
	TRY(axev__note_parse(proof.checkpoint, note, err));
	TRY(axev__checkpoint_parse(note->text, &checkpoint, err));
	if (!axev__span_equal(checkpoint.origin, axev__buf_view(&derived->origin)))
		return axev__fail(err, AXEV_E_INVALID, "the entry is of another ledger than that of the original");
	return AXEV_OK;
}

/* Escaped, as all of a report. */
static int say_row(struct derived *derived, unsigned at, struct axev__check *check, axev_error *err)
{
	static const char *const members[] = { "id", "disclosed", "approver", "ground" };
	const axev__json *row = axev__json_at(derived->rows, at);
	axev_report *report = derived->verify->report;
	AXEV__JSON *said = axev__json_new_object();
	struct axev__span text;
	uint64_t entry;
	size_t i;

	for (i = 0; i < AXEV__COUNT(members); i++) {
		AXEV__BUF shown = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);

		if (!axev__json_as_string(axev__json_get(row, members[i]), &text))
			continue;
		TRY(axev__escape(&shown, text, err));
		TRY(axev__json_set_string(said, members[i], axev__buf_view(&shown), err));
	}
	TRY(axev__json_set_hex(said, "disclosure", derived->subject->id, sizeof(derived->subject->id), err));
	TRY(axev__json_u64(row, "entry", &entry, err));
	TRY(axev__json_set_u64(said, "entry", entry, err));
	TRY(axev__json_string(said, "id", &text, err));
	TRY(axev__check_say(check, AXEV__CHECK_FOUND, err, "%.*s", (int)text.size, (const char *)text.data));
	if (!report->derived_from)
		report->derived_from = axev__json_new_array();
	return axev__json_append(report->derived_from, axev__steal(said), err);
}

static int check_row(struct derived *derived, unsigned at, struct axev__check *node, axev_error *err)
{
	AXEV__FREE struct axev__note *note = malloc(sizeof(*note));
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES + 16 * AXEV__KIB);
	axev_error problem = AXEV_ERROR_INIT;
	char name[AXEV__DERIVED_NAME_SIZE];
	struct axev__check *check;
	int status;

	if (!note)
		return axev__nomem(err);
	status = check_entry(derived, at, &proof, note, &problem);
	snprintf(name, sizeof(name), AXEV__DERIVED_ENTRY_FORM, at + 1);
	TRY(axev__check_add(node, AXEV__C_DISCLOSURE_DERIVED, name, &check, err));
	TRY(axev__check_close(check, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	TRY(say_row(derived, at, check, err));
	snprintf(name, sizeof(name), AXEV__DERIVED_PROOF_FORM, at + 1);
	return axev__check_note_chosen(derived->verify, node, name, note, err);
}

static int begin(struct derived *derived, const axev__json *source, unsigned *ret_count, axev_error *err)
{
	derived->rows = axev__json_get(source, AXEV__DERIVED_MEMBER);
	TRY(axev__derived_count(source, ret_count, err));
	if (*ret_count == 0)
		return AXEV_OK;
	TRY(axev__json_u64(source, "entry", &derived->last_entry, err));
	return read_origin(derived, err);
}

int axev__check_derived(const struct axev__verify *verify, struct axev__check *node, const struct axev__subject *subject,
			const uint8_t original[32], axev_error *err)
{
	AXEV__CLEANUP(derived_end) struct derived derived = {
		.verify = verify,
		.subject = subject,
		.original = original,
		.origin = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES),
	};
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	unsigned count = 0, at;
	int status = begin(&derived, axev__json_get(subject->manifest, "source"), &count, &problem);

	if (status < 0) {
		TRY(axev__check_add(node, AXEV__C_DISCLOSURE_DERIVED, NULL, &check, err));
		return axev__check_close(check, status, &problem, err);
	}
	for (at = 0; at < count; at++)
		TRY(check_row(&derived, at, node, err));
	return AXEV_OK;
}
