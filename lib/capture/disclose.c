/* SPDX-License-Identifier: Apache-2.0 */
/* A disclosure: what binds the original, then proofs of the records that are shown. FORMAT.md section 3.5. */
#include <ax_evidence/disclose.h>

#include <inttypes.h>
#include <stdio.h>

#include "base/path.h"
#include "base/text.h"
#include "capture/disclose_choice.h"
#include "ledger/events.h"
#include "ledger/side_car.h"
#include "package/disclosure.h"
#include "package/layout.h"

struct counts {
	unsigned proofs;
	uint64_t records, shown, withheld;
};

struct shown_set {
	struct axev__sealed_set set;
	struct axev__disclosed chosen;
	struct counts counts;
};

struct disclosing {
	struct axev__take take;
	const axev_disclose_opts *opts;
	struct axev__stored_package package;
	struct axev__history history; /* of the original */
	struct shown_set *sets;
	size_t set_count;
	struct counts all;
};

static void end(struct disclosing *disclosing)
{
	size_t i;

	axev__take_end(&disclosing->take);
	for (i = 0; i < disclosing->set_count; i++) {
		axev__disclosed_free(&disclosing->sets[i].chosen);
		axev__sealed_set_close(&disclosing->sets[i].set);
	}
	free(disclosing->sets);
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

static int open_set(struct disclosing *disclosing, const axev_disclose_set *asked, axev_error *err)
{
	struct shown_set *shown = &disclosing->sets[disclosing->set_count];
	struct axev__shown name;
	size_t i;

	TRY(axev__sealed_set_open(&disclosing->package, asked->set, &shown->set, err));
	disclosing->set_count++;
	for (i = 0; i + 1 < disclosing->set_count; i++)
		if (disclosing->sets[i].set.row == shown->set.row)
			return axev__fail(err, AXEV_E_INVAL, "record set '%s' is asked for twice", axev__show_str(&name, asked->set));
	return axev__disclosed_choose(&shown->set, asked, &shown->chosen, err);
}

static int open_sets(struct disclosing *disclosing, axev_error *err)
{
	const axev_disclose_opts *opts = disclosing->opts;
	const axev_disclose_set first = { opts->set, opts->ranges, opts->range_count, opts->keys, opts->key_count, opts->columns,
					  opts->column_count, opts->withheld_columns, opts->withheld_column_count };
	size_t i;

	if (opts->more_set_count >= AXEV__MAX_DISCLOSED_SETS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d record sets", AXEV__MAX_DISCLOSED_SETS);
	disclosing->sets = calloc(opts->more_set_count + 1, sizeof(*disclosing->sets));
	if (!disclosing->sets)
		return axev__nomem(err);
	TRY(open_set(disclosing, &first, err));
	for (i = 0; i < opts->more_set_count; i++) {
		if (!opts->set || !opts->more_sets[i].set)
			return axev__fail(err, AXEV_E_INVAL, "expected the name of each of several record sets");
		TRY(open_set(disclosing, &opts->more_sets[i], err));
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
	return open_sets(disclosing, err);
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

/* The checkpoint and the time-stamp that were older than the capture; a capture may have neither. */
static int add_anchor(struct disclosing *disclosing, axev_error *err)
{
	static const char *const names[][3] = {
		{ "data/anchor/checkpoint", AXEV__ORIGINAL_ANCHOR, "text/plain" },
		{ "data/anchor/checkpoint.tst", AXEV__ORIGINAL_ANCHOR_TOKEN, "application/timestamp-token" },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(names); i++)
		if (axev__container_find(disclosing->package.container, names[i][0]))
			TRY(copy_entry(disclosing, names[i][0], names[i][1], names[i][2], err));
	return AXEV_OK;
}

/* A time-stamp that came after the seal stands in the ledger only. */
static int add_late_token(struct disclosing *disclosing, axev_error *err)
{
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	if (disclosing->history.token_index == UINT64_MAX)
		return AXEV_OK;
	TRY(axev__side_car_read(disclosing->take.ledger, &disclosing->history, &token, err));
	return add(disclosing, AXEV__ORIGINAL_LATE_TOKEN, axev__buf_view(&token), "application/timestamp-token",
		   AXEV__ORIGINAL_ROLE, err);
}

static int add_original(struct disclosing *disclosing, axev_error *err)
{
	struct axev__ledger *log = disclosing->take.ledger->log;
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES + 16 * AXEV__KIB);
	uint64_t index = disclosing->history.package.sealed_index;

	TRY(copy_entry(disclosing, AXEV__NAME_MANIFEST, AXEV__ORIGINAL_MANIFEST, "application/json", err));
	TRY(add_signatures(disclosing, err));
	TRY(add_anchor(disclosing, err));
	TRY(add_late_token(disclosing, err));
	TRY(axev__ledger_entry_read(log, index, &entry, err));
	TRY(axev__ledger_prove(log, index, &proof, err));
	TRY(add(disclosing, AXEV__ORIGINAL_ENTRY, axev__buf_view(&entry), "application/json", AXEV__ORIGINAL_ROLE, err));
	return add(disclosing, AXEV__ORIGINAL_PROOF, axev__buf_view(&proof), "text/plain", AXEV__ORIGINAL_ROLE, err);
}

static void count(struct counts *counts, const struct shown_set *shown, uint64_t records)
{
	counts->proofs++;
	counts->records += records;
	counts->shown += records * shown->chosen.field_count;
	counts->withheld += records * (shown->set.header.fields - shown->chosen.field_count);
}

static int add_proof(struct disclosing *disclosing, struct shown_set *shown, uint64_t first, uint64_t records,
		     axev_error *err)
{
	const struct axev__record_choice choice = { first, records, shown->chosen.fields, shown->chosen.field_count };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	axev_error problem = AXEV_ERROR_INIT;
	char path[64];
	int status = axev__sealed_set_prove(&shown->set, &choice, &proof, &problem);

	if (status == AXEV_E_LIMIT && records > 1) { /* more than one file may hold */
		TRY(add_proof(disclosing, shown, first, records / 2, err));
		return add_proof(disclosing, shown, first + records / 2, records - records / 2, err);
	}
	if (status < 0)
		return axev__fail(err, status, "%s", problem.message);
	if (disclosing->all.proofs == AXEV__MAX_DISCLOSED_PROOFS)
		return axev__fail(err, AXEV_E_LIMIT, "expected records that stand in at most %d groups of neighbours",
				  AXEV__MAX_DISCLOSED_PROOFS);
	count(&disclosing->all, shown, records);
	count(&shown->counts, shown, records);
	snprintf(path, sizeof(path), AXEV__DISCLOSED_FORM, disclosing->all.proofs);
	return add(disclosing, path, axev__buf_view(&proof), "application/json", AXEV__DISCLOSED_ROLE, err);
}

static int add_proofs(struct disclosing *disclosing, struct shown_set *shown, axev_error *err)
{
	size_t i;

	for (i = 0; i < shown->chosen.range_count; i++) {
		struct axev_record_range range = shown->chosen.ranges[i];

		while (range.count > 0) {
			uint64_t step = range.count < AXEV__MAX_PROVEN_RECORDS ? range.count : AXEV__MAX_PROVEN_RECORDS;

			TRY(add_proof(disclosing, shown, range.first, step, err));
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

static int set_counts(axev__json *json, const struct counts *counts, axev_error *err)
{
	TRY(axev__json_set_u64(json, "records", counts->records, err));
	TRY(axev__json_set_u64(json, "shown", counts->shown, err));
	return axev__json_set_u64(json, "withheld", counts->withheld, err);
}

static int set_path(axev__json *json, const char *member, const struct shown_set *shown, axev_error *err)
{
	struct axev__span path;

	TRY(axev__json_string(shown->set.row, "path", &path, err));
	return axev__json_set_string(json, member, path, err);
}

static int set_record_sets(const struct disclosing *disclosing, axev__json *source, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	if (disclosing->set_count == 1)
		return set_path(source, "record_set", &disclosing->sets[0], err);
	for (i = 0; i < disclosing->set_count; i++) {
		const struct shown_set *shown = &disclosing->sets[i];
		AXEV__JSON *row = axev__json_new_object();

		TRY(set_path(row, "path", shown, err));
		TRY(axev__json_set_u64(row, "proofs", shown->counts.proofs, err));
		TRY(set_counts(row, &shown->counts, err));
		TRY(axev__json_append(list, axev__steal(row), err));
	}
	return axev__json_set(source, "record_sets", axev__steal(list), err);
}

static int set_source(struct disclosing *disclosing, axev_error *err)
{
	AXEV__JSON *source = axev__json_new_object();

	TRY(set_about(disclosing, source, err));
	TRY(set_record_sets(disclosing, source, err));
	TRY(axev__json_set_str(source, "approver", disclosing->opts->approver, err));
	TRY(axev__json_set_str(source, "ground", disclosing->opts->ground, err));
	TRY(set_counts(source, &disclosing->all, err));
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
	size_t i;
	int status;

	axev__hex(target + strlen(target), id->bytes, sizeof(id->bytes));
	/* What cannot be disclosed must be found before anything is logged. */
	TRY(open_original(disclosing, ledger, id, err));
	TRY(axev__take_begin(ledger, &disclosing->opts->common, "disclosure",
			     disclosing->set_count > 1 ? "cells of several record sets shown, all others as digests" :
							 "cells of a record set shown, all others as digests",
			     axev__span_str(target),
			     &disclosing->take, err));
	TRY(add_original(disclosing, err));
	for (i = 0; i < disclosing->set_count; i++)
		TRY(add_proofs(disclosing, &disclosing->sets[i], err));
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
