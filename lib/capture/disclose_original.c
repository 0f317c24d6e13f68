/* SPDX-License-Identifier: Apache-2.0 */
/* A disclosure made of the original: may it be shown at all, and what binds it. */
#include "capture/disclose.h"

#include <stdio.h>

#include "base/text.h"
#include "ledger/side_car.h"
#include "package/layout.h"

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

int axev__disclose_original_open(struct axev__disclosing *disclosing, axev_error *err)
{
	disclosing->of_original = disclosing->history;
	return check_guessable(disclosing->package.manifest, err);
}

/* ---- objects ---- */

int axev__disclose_copy(struct axev__disclosing *disclosing, const char *from, const char *to, const char *media_type,
			const char *role, axev_error *err)
{
	const struct axev__container *container = disclosing->package.container;
	const struct axev__entry *entry = axev__container_find(container, from);
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);

	if (!entry)
		return axev__fail(err, AXEV_E_INVALID, "expected entry %s, which is missing", from);
	TRY(axev__prefix(axev__container_read(container, entry, &bytes, err), err, "%s", from));
	return axev__take_bytes(&disclosing->take, to, axev__buf_view(&bytes), media_type, role, err);
}

static int copy_entry(struct axev__disclosing *disclosing, const char *from, const char *to, const char *media_type,
		      axev_error *err)
{
	return axev__disclose_copy(disclosing, from, to, media_type, AXEV__ORIGINAL_ROLE, err);
}

static int add_signatures(struct axev__disclosing *disclosing, axev_error *err)
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
static int add_anchor(struct axev__disclosing *disclosing, axev_error *err)
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

int axev__disclose_late_token(struct axev__disclosing *disclosing, axev_error *err)
{
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	if (disclosing->of_original.token_index == UINT64_MAX)
		return AXEV_OK;
	TRY(axev__side_car_read(disclosing->take.ledger, &disclosing->of_original, &token, err));
	return axev__take_bytes(&disclosing->take, AXEV__ORIGINAL_LATE_TOKEN, axev__buf_view(&token), "application/timestamp-token",
		   AXEV__ORIGINAL_ROLE, err);
}

int axev__disclose_original_add(struct axev__disclosing *disclosing, axev_error *err)
{
	struct axev__ledger *log = disclosing->take.ledger->log;
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES + 16 * AXEV__KIB);
	uint64_t index = disclosing->of_original.package.sealed_index;

	TRY(copy_entry(disclosing, AXEV__NAME_MANIFEST, AXEV__ORIGINAL_MANIFEST, "application/json", err));
	TRY(add_signatures(disclosing, err));
	TRY(add_anchor(disclosing, err));
	TRY(axev__disclose_late_token(disclosing, err));
	TRY(axev__ledger_entry_read(log, index, &entry, err));
	TRY(axev__ledger_prove(log, index, &proof, err));
	TRY(axev__take_bytes(&disclosing->take, AXEV__ORIGINAL_ENTRY, axev__buf_view(&entry), "application/json", AXEV__ORIGINAL_ROLE, err));
	return axev__take_bytes(&disclosing->take, AXEV__ORIGINAL_PROOF, axev__buf_view(&proof), "text/plain", AXEV__ORIGINAL_ROLE, err);
}
