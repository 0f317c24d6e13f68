/* SPDX-License-Identifier: Apache-2.0 */
/* A disclosure: what binds the original, then proofs of the records that are shown. FORMAT.md section 3.5. */
#include <ax_evidence/disclose.h>

#include <inttypes.h>
#include <stdio.h>

#include "base/path.h"
#include "base/text.h"
#include "capture/disclose_choice.h"
#include "ledger/events.h"
#include "package/disclosure.h"
#include "package/layout.h"

struct disclosing {
	struct axev__take take;
	const axev_disclose_opts *opts;
	struct axev__stored_package package;
	struct axev__sealed_set set;
	struct axev__history history; /* of the original */
	struct axev__disclosed chosen;
	unsigned proofs;
	uint64_t records, shown, withheld;
};

static void end(struct disclosing *disclosing)
{
	axev__take_end(&disclosing->take);
	axev__disclosed_free(&disclosing->chosen);
	axev__sealed_set_close(&disclosing->set);
	axev__stored_package_close(&disclosing->package);
}

/* ---- may it be shown? ---- */

/* Facts have a secret, an anchor is public: no digest that the manifest lists tells anything of a cell. */
static int check_guessable(const axev__json *manifest, axev_error *err)
{
	static const char *const harmless[] = { "facts", "anchor", "environment" };
	const axev__json *objects = axev__json_get(manifest, "objects");
	struct axev__span role, path;
	struct axev__shown shown;
	size_t i, k;

	for (i = 0; i < axev__json_count(objects); i++) {
		TRY(axev__json_string(axev__json_at(objects, i), "role", &role, err));
		for (k = 0; k < AXEV__COUNT(harmless) && !axev__span_is(role, harmless[k]); k++)
			;
		if (k < AXEV__COUNT(harmless))
			continue;
		TRY(axev__json_string(axev__json_at(objects, i), "path", &path, err));
		return axev__fail(err, AXEV_E_STATE,
				  "the manifest lists the plain SHA-256 of '%s': withheld cells could be guessed from it",
				  axev__show(&shown, path));
	}
	return AXEV_OK;
}

static int open_original(struct disclosing *disclosing, axev_ledger *ledger, const axev_id *id, axev_error *err)
{
	AXEV__FREE char *path = NULL;

	TRY(axev__history_find(ledger, id, &disclosing->history, err));
	if (disclosing->history.package.sealed_index == UINT64_MAX)
		return axev__fail(err, AXEV_E_STATE, "the package is not sealed");
	TRY(axev_ledger_package_path(ledger, id, &path, err));
	TRY(axev__stored_package_open(path, &disclosing->package, err));
	if (memcmp(disclosing->package.id, id->bytes, sizeof(id->bytes)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the stored package has another id");
	TRY(check_guessable(disclosing->package.manifest, err));
	TRY(axev__sealed_set_open(&disclosing->package, disclosing->opts->set, &disclosing->set, err));
	return axev__disclosed_choose(&disclosing->set, disclosing->opts, &disclosing->chosen, err);
}

/* ---- objects ---- */

static int add(struct disclosing *disclosing, const char *path, struct axev__span content, const char *media_type,
	       const char *role, axev_error *err)
{
	const struct axev__object object = {
		.path = path,
		.name = axev__base_name(axev__span_str(path)),
		.media_type = media_type,
		.role = role,
		.modified_ns = INT64_MIN,
		.mode = -1,
	};
	struct axev__digests digests;

	TRY(axev__container_add(disclosing->take.writer, path, content, &digests, err));
	return axev__take_object(&disclosing->take, &object, &digests, err);
}

static int copy_entry(struct disclosing *disclosing, const char *from, const char *to, const char *media_type,
		      axev_error *err)
{
	const struct axev__container *container = disclosing->package.container;
	const struct axev__entry *entry = axev__container_find(container, from);
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);

	if (!entry)
		return axev__fail(err, AXEV_E_INVALID, "expected entry %s, which is missing", from);
	TRY(axev__prefix(axev__container_read(container, entry, &bytes, err), err, "%s", from));
	return add(disclosing, to, axev__buf_view(&bytes), media_type, AXEV__ORIGINAL_ROLE, err);
}

static int add_signatures(struct disclosing *disclosing, axev_error *err)
{
	const axev__json *expected = axev__json_get(disclosing->package.manifest, "expected_signatures");
	unsigned number;

	for (number = 1; number <= axev__json_count(expected); number++) {
		char from[AXEV__META_NAME_SIZE], to[64];

		axev__asic_name(from, number);
		snprintf(to, sizeof(to), AXEV__ORIGINAL_LIST_FORM, number);
		TRY(copy_entry(disclosing, from, to, "application/xml", err));
		axev__signature_name(from, number);
		snprintf(to, sizeof(to), AXEV__ORIGINAL_SIGNATURE_FORM, number);
		TRY(copy_entry(disclosing, from, to, "application/pkcs7-signature", err));
	}
	return AXEV_OK;
}

static int add_original(struct disclosing *disclosing, axev_error *err)
{
	struct axev__ledger *log = disclosing->take.ledger->log;
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES + 16 * AXEV__KIB);
	uint64_t index = disclosing->history.package.sealed_index;

	TRY(copy_entry(disclosing, AXEV__NAME_MANIFEST, AXEV__ORIGINAL_MANIFEST, "application/json", err));
	TRY(add_signatures(disclosing, err));
	TRY(axev__ledger_entry_read(log, index, &entry, err));
	TRY(axev__ledger_prove(log, index, &proof, err));
	TRY(add(disclosing, AXEV__ORIGINAL_ENTRY, axev__buf_view(&entry), "application/json", AXEV__ORIGINAL_ROLE, err));
	return add(disclosing, AXEV__ORIGINAL_PROOF, axev__buf_view(&proof), "text/plain", AXEV__ORIGINAL_ROLE, err);
}

static int add_proof(struct disclosing *disclosing, uint64_t first, uint64_t count, axev_error *err)
{
	const struct axev__disclosed *chosen = &disclosing->chosen;
	const struct axev__record_choice choice = { first, count, chosen->fields, chosen->field_count };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	axev_error problem = AXEV_ERROR_INIT;
	char path[64];
	int status = axev__sealed_set_prove(&disclosing->set, &choice, &proof, &problem);

	if (status == AXEV_E_LIMIT && count > 1) { /* more than one file may hold */
		TRY(add_proof(disclosing, first, count / 2, err));
		return add_proof(disclosing, first + count / 2, count - count / 2, err);
	}
	if (status < 0)
		return axev__fail(err, status, "%s", problem.message);
	if (disclosing->proofs == AXEV__MAX_DISCLOSED_PROOFS)
		return axev__fail(err, AXEV_E_LIMIT, "expected records that stand in at most %d groups of neighbours",
				  AXEV__MAX_DISCLOSED_PROOFS);
	snprintf(path, sizeof(path), AXEV__DISCLOSED_FORM, ++disclosing->proofs);
	disclosing->records += count;
	disclosing->shown += count * chosen->field_count;
	disclosing->withheld += count * (disclosing->set.header.fields - chosen->field_count);
	return add(disclosing, path, axev__buf_view(&proof), "application/json", AXEV__DISCLOSED_ROLE, err);
}

static int add_proofs(struct disclosing *disclosing, axev_error *err)
{
	size_t i;

	for (i = 0; i < disclosing->chosen.range_count; i++) {
		struct axev_record_range range = disclosing->chosen.ranges[i];

		while (range.count > 0) {
			uint64_t step = range.count < AXEV__MAX_PROVEN_RECORDS ? range.count : AXEV__MAX_PROVEN_RECORDS;

			TRY(add_proof(disclosing, range.first, step, err));
			range.first += step;
			range.count -= step;
		}
	}
	return AXEV_OK;
}

/* ---- manifest ---- */

static int set_about(const struct disclosing *disclosing, axev__json *source, axev_error *err)
{
	AXEV__JSON *about = axev__json_new_array();
	char hex[AXEV_ID_HEX_SIZE];

	axev__hex(hex, disclosing->package.id, 32);
	TRY(axev__json_append_str(about, hex, err));
	TRY(axev__json_set(source, "about", axev__steal(about), err));
	TRY(axev__json_set_hex(source, "package_sha256", disclosing->history.package.package_sha256, 32, err));
	return axev__json_set_u64(source, "entry", disclosing->history.package.sealed_index, err);
}

static int set_source(struct disclosing *disclosing, axev_error *err)
{
	AXEV__JSON *source = axev__json_new_object();
	struct axev__span path;

	TRY(set_about(disclosing, source, err));
	TRY(axev__json_string(disclosing->set.row, "path", &path, err));
	TRY(axev__json_set_string(source, "record_set", path, err));
	TRY(axev__json_set_str(source, "approver", disclosing->opts->approver, err));
	TRY(axev__json_set_str(source, "ground", disclosing->opts->ground, err));
	TRY(axev__json_set_u64(source, "records", disclosing->records, err));
	TRY(axev__json_set_u64(source, "shown", disclosing->shown, err));
	TRY(axev__json_set_u64(source, "withheld", disclosing->withheld, err));
	return axev__take_set(&disclosing->take, "source", axev__steal(source), err);
}

static int check_text(const char *text, const char *what, axev_error *err)
{
	size_t size = text ? strlen(text) : 0;

	if (size == 0 || size > AXEV__MAX_DISCLOSE_TEXT || !axev__is_utf8(axev__span(text, size)))
		return axev__fail(err, AXEV_E_INVAL, "expected %s, 1 to %d bytes of UTF-8", what, AXEV__MAX_DISCLOSE_TEXT);
	return AXEV_OK;
}

static int disclose(struct disclosing *disclosing, axev_ledger *ledger, const axev_id *id, axev_draft **ret_draft,
		    axev_error *err)
{
	char target[16 + AXEV_ID_HEX_SIZE] = "disclosure\n";
	axev_draft *draft = NULL;
	uint64_t index;
	int status;

	axev__hex(target + strlen(target), id->bytes, sizeof(id->bytes));
	/* What cannot be disclosed must be found before anything is logged. */
	TRY(open_original(disclosing, ledger, id, err));
	TRY(axev__take_begin(ledger, &disclosing->opts->common, "disclosure",
			     "cells of a record set shown, all others as digests", axev__span_str(target),
			     &disclosing->take, err));
	TRY(add_original(disclosing, err));
	TRY(add_proofs(disclosing, err));
	TRY(set_source(disclosing, err));
	TRY(axev__take_finish(&disclosing->take, &draft, err));
	status = axev__event_disclosed(ledger, id, &draft->id, &index, err);
	if (status < 0)
		axev_draft_free(draft);
	else
		*ret_draft = draft;
	return status;
}

int axev_disclose(axev_ledger *ledger, const axev_id *id, const axev_disclose_opts *opts, axev_draft **ret_draft,
		  axev_error *err)
{
	AXEV__CLEANUP(end) struct disclosing disclosing = { .take = { .fd = -1 }, .opts = opts, .package = { .fd = -1 } };

	if (!ledger || !id || !opts || opts->size < sizeof(*opts) || !ret_draft)
		return axev__fail(err, AXEV_E_INVAL, "expected a ledger, a package and options of known size");
	TRY(check_text(opts->approver, "who approved", err));
	TRY(check_text(opts->ground, "the legal ground", err));
	return disclose(&disclosing, ledger, id, ret_draft, err);
}
