/* SPDX-License-Identifier: Apache-2.0 */
/* A disclosure: what binds the original, then proofs of the records that are shown, out of the original or of a disclosure of it. */
#include "capture/disclose.h"

#include <stdio.h>

#include "base/text.h"

static void end(struct axev__disclosing *disclosing)
{
	size_t i;

	axev__take_end(&disclosing->take);
	for (i = 0; i < disclosing->set_count; i++) {
		axev__disclosed_free(&disclosing->sets[i].chosen);
		axev__sealed_set_close(&disclosing->sets[i].sealed);
		axev__shown_set_close(&disclosing->sets[i].shown);
	}
	free(disclosing->sets);
	axev__disclosure_of_free(&disclosing->of);
	axev__stored_package_close(&disclosing->package);
}

/* ---- what is asked for ---- */

static int open_original_set(struct axev__disclosing *disclosing, const char *name, struct axev__disclosing_set *shown,
			     axev_error *err)
{
	TRY(axev__sealed_set_open(&disclosing->package, name, &shown->sealed, err));
	shown->row = shown->sealed.row;
	shown->fields = shown->sealed.header.fields;
	return AXEV_OK;
}

static int open_set(struct axev__disclosing *disclosing, const axev_disclose_set *asked, axev_error *err)
{
	struct axev__disclosing_set *shown = &disclosing->sets[disclosing->set_count];
	struct axev__shown name;
	size_t i;

	TRY((disclosing->is_derived ? axev__disclose_derived_set : open_original_set)(disclosing, asked->set, shown, err));
	disclosing->set_count++;
	for (i = 0; i + 1 < disclosing->set_count; i++)
		if (disclosing->sets[i].row == shown->row)
			return axev__fail(err, AXEV_E_INVAL, "record set '%s' is asked for twice", axev__show_str(&name, asked->set));
	return disclosing->is_derived ? axev__disclosed_choose_shown(&shown->shown, asked, &shown->chosen, err) :
					axev__disclosed_choose(&shown->sealed, asked, &shown->chosen, err);
}

static int open_sets(struct axev__disclosing *disclosing, axev_error *err)
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

static int open_package(struct axev__disclosing *disclosing, const axev_id *id, axev_error *err)
{
	axev_ledger *ledger = disclosing->ledger;
	AXEV__FREE char *path = NULL;
	struct axev__span kind;

	TRY(axev__history_find(ledger, id, &disclosing->history, err));
	if (disclosing->history.package.sealed_index == UINT64_MAX)
		return axev__fail(err, AXEV_E_STATE, "the package is not sealed");
	TRY(axev_ledger_package_path(ledger, id, &path, err));
	TRY(axev__stored_package_open(path, &disclosing->package, err));
	if (memcmp(disclosing->package.id, id->bytes, sizeof(id->bytes)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the stored package has another id");
	disclosing->is_derived = axev__json_as_string(axev__json_get(disclosing->package.manifest, "kind"), &kind) &&
				 axev__span_is(kind, "disclosure");
	TRY(disclosing->is_derived ? axev__disclose_derived_open(disclosing, err) : axev__disclose_original_open(disclosing, err));
	return open_sets(disclosing, err);
}

/* ---- records ---- */

static void count(struct axev__disclose_counts *counts, const struct axev__disclosing_set *shown, uint64_t records)
{
	counts->proofs++;
	counts->records += records;
	counts->shown += records * shown->chosen.field_count;
	counts->withheld += records * (shown->fields - shown->chosen.field_count);
}

static int add_proof(struct axev__disclosing *disclosing, struct axev__disclosing_set *shown, uint64_t first, uint64_t records,
		     axev_error *err)
{
	const struct axev__record_choice choice = { first, records, shown->chosen.fields, shown->chosen.field_count };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	axev_error problem = AXEV_ERROR_INIT;
	char path[64];
	int status = disclosing->is_derived ? axev__shown_set_prove(&shown->shown, &choice, &proof, &problem) :
					      axev__sealed_set_prove(&shown->sealed, &choice, &proof, &problem);

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
	return axev__take_bytes(&disclosing->take, path, axev__buf_view(&proof), "application/json", AXEV__DISCLOSED_ROLE, err);
}

static int add_proofs(struct axev__disclosing *disclosing, struct axev__disclosing_set *shown, axev_error *err)
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

static int set_about(const struct axev__disclosing *disclosing, axev__json *source, axev_error *err)
{
	const axev_ledger_package *original = &disclosing->of_original.package;
	AXEV__JSON *about = axev__json_new_array();
	char hex[AXEV_ID_HEX_SIZE];

	axev__hex(hex, original->id.bytes, 32);
	TRY(axev__json_append_str(about, hex, err));
	TRY(axev__json_set(source, "about", axev__steal(about), err));
	TRY(axev__json_set_hex(source, "package_sha256", original->package_sha256, 32, err));
	return axev__json_set_u64(source, "entry", original->sealed_index, err);
}

static int set_counts(axev__json *json, const struct axev__disclose_counts *counts, axev_error *err)
{
	TRY(axev__json_set_u64(json, "records", counts->records, err));
	TRY(axev__json_set_u64(json, "shown", counts->shown, err));
	return axev__json_set_u64(json, "withheld", counts->withheld, err);
}

static int set_path(axev__json *json, const char *member, const struct axev__disclosing_set *shown, axev_error *err)
{
	struct axev__span path;

	TRY(axev__json_string(shown->row, "path", &path, err));
	return axev__json_set_string(json, member, path, err);
}

static int set_record_sets(const struct axev__disclosing *disclosing, axev__json *source, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	if (disclosing->set_count == 1)
		return set_path(source, "record_set", &disclosing->sets[0], err);
	for (i = 0; i < disclosing->set_count; i++) {
		const struct axev__disclosing_set *shown = &disclosing->sets[i];
		AXEV__JSON *row = axev__json_new_object();

		TRY(set_path(row, "path", shown, err));
		TRY(axev__json_set_u64(row, "proofs", shown->counts.proofs, err));
		TRY(set_counts(row, &shown->counts, err));
		TRY(axev__json_append(list, axev__steal(row), err));
	}
	return axev__json_set(source, "record_sets", axev__steal(list), err);
}

static int set_source(struct axev__disclosing *disclosing, axev_error *err)
{
	AXEV__JSON *source = axev__json_new_object();

	TRY(set_about(disclosing, source, err));
	TRY(set_record_sets(disclosing, source, err));
	if (disclosing->is_derived)
		TRY(axev__disclose_derived_tell(disclosing, source, err));
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

static const char *method(const struct axev__disclosing *disclosing)
{
	static const char *const methods[2][2] = {
		{ "cells of a record set shown, all others as digests", "cells of several record sets shown, all others as digests" },
		{ "cells of a record set shown, out of those that a disclosure shows, all others as digests",
		  "cells of several record sets shown, out of those that a disclosure shows, all others as digests" },
	};

	return methods[disclosing->is_derived][disclosing->set_count > 1];
}

static int disclose(struct axev__disclosing *disclosing, const axev_id *id, axev_draft **ret_draft, axev_error *err)
{
	char target[16 + AXEV_ID_HEX_SIZE] = "disclosure\n";
	axev_draft *draft = NULL;
	uint64_t index;
	size_t i;
	int status;

	axev__hex(target + strlen(target), id->bytes, sizeof(id->bytes));
	/* What cannot be disclosed must be found before anything is logged. */
	TRY(open_package(disclosing, id, err));
	TRY(axev__take_begin(disclosing->ledger, &disclosing->opts->common, "disclosure", method(disclosing), axev__span_str(target),
			     &disclosing->take, err));
	TRY(disclosing->is_derived ? axev__disclose_derived_add(disclosing, err) : axev__disclose_original_add(disclosing, err));
	for (i = 0; i < disclosing->set_count; i++)
		TRY(add_proofs(disclosing, &disclosing->sets[i], err));
	TRY(set_source(disclosing, err));
	TRY(axev__take_finish(&disclosing->take, &draft, err));
	status = axev__event_disclosed(disclosing->ledger, &disclosing->of_original.package.id, disclosing->is_derived ? id : NULL,
				       &draft->id, &index, err);
	if (status < 0)
		axev_draft_free(draft);
	else
		*ret_draft = draft;
	return status;
}

int axev_disclose(axev_ledger *ledger, const axev_id *id, const axev_disclose_opts *opts, axev_draft **ret_draft,
		  axev_error *err)
{
	AXEV__CLEANUP(end) struct axev__disclosing disclosing = {
		.take = { .fd = -1 },
		.opts = opts,
		.ledger = ledger,
		.package = { .fd = -1 },
	};

	if (!ledger || !id || !opts || opts->size < sizeof(*opts) || !ret_draft)
		return axev__fail(err, AXEV_E_INVAL, "expected a ledger, a package and options of known size");
	TRY(check_text(opts->approver, "who approved", err));
	TRY(check_text(opts->ground, "the legal ground", err));
	return disclose(&disclosing, id, ret_draft, err);
}
