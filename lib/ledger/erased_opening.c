/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who approved an erasure, and on what ground. Names can be guessed, so the ledger has a salted commitment; text and salt stay
 * beside the repository, in LEDGER/erasures/, and leave it when somebody hands them over.
 */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <ax_evidence/erase.h>

#include "base/io.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "ledger/erased.h"

#define SALT_SIZE 16
#define MAX_OPENING_BYTES (16 * AXEV__KIB)

static int said_json(struct axev__span approver, struct axev__span ground, axev__json **ret_json, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();

	TRY(axev__json_set_string(json, "approver", approver, err));
	TRY(axev__json_set_string(json, "ground", ground, err));
	*ret_json = axev__steal(json);
	return AXEV_OK;
}

/* SHA-256(tag || salt || canonical JSON of approver and ground). */
static int commit(const axev__json *said, const uint8_t salt[SALT_SIZE], uint8_t out[32], axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(MAX_OPENING_BYTES);
	AXEV__BUF text = AXEV__BUF_INIT(MAX_OPENING_BYTES);

	TRY(axev__json_canonical(said, &text, err));
	TRY(axev__buf_str(&bytes, "ax-erasure/1\n", err));
	TRY(axev__buf_append(&bytes, salt, SALT_SIZE, err));
	TRY(axev__buf_append(&bytes, text.data, text.size, err));
	return axev__sha256(bytes.data, bytes.size, out, err);
}

static void opening_path(const uint8_t commitment[32], char out[96])
{
	char hex[65];

	axev__hex(hex, commitment, 32);
	snprintf(out, 96, "erasures/%s.json", hex);
}

int axev__erased_keep(axev_ledger *ledger, const char *approver, const char *ground, uint8_t ret_commitment[32],
		      axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(MAX_OPENING_BYTES);
	AXEV__JSON *json = NULL;
	uint8_t salt[SALT_SIZE], commitment[32];
	char path[96];

	TRY(axev__random(ledger->env, salt, sizeof(salt), err));
	TRY(said_json(axev__span_str(approver), axev__span_str(ground), &json, err));
	TRY(commit(json, salt, commitment, err));
	TRY(axev__json_set_hex(json, "commitment", commitment, sizeof(commitment), err));
	TRY(axev__json_set_hex(json, "salt", salt, sizeof(salt), err));
	TRY(axev__json_canonical(json, &text, err));
	TRY(axev__make_dirs_durable(ledger->dirfd, "erasures", 0700, err));
	opening_path(commitment, path);
	TRY(axev__create_file_durable(ledger->dirfd, path, axev__buf_view(&text), 0600, err));
	memcpy(ret_commitment, commitment, sizeof(commitment));
	return AXEV_OK;
}

void axev__erased_forget(axev_ledger *ledger, const uint8_t commitment[32])
{
	char path[96];

	opening_path(commitment, path);
	unlinkat(ledger->dirfd, path, 0);
}

static int check_opening(const axev__json *json, const uint8_t commitment[32], axev_error *err)
{
	static const char *const members[] = { "approver", "commitment", "ground", "salt", NULL };
	struct axev__span approver, ground;
	AXEV__JSON *said = NULL;
	uint8_t salt[SALT_SIZE], again[32];

	TRY(axev__json_only(json, members, err));
	TRY(axev__json_string(json, "approver", &approver, err));
	TRY(axev__json_string(json, "ground", &ground, err));
	TRY(axev__json_hex(json, "salt", salt, sizeof(salt), err));
	TRY(said_json(approver, ground, &said, err));
	TRY(commit(said, salt, again, err));
	if (memcmp(again, commitment, sizeof(again)) != 0)
		return axev__fail(err, AXEV_E_CORRUPT, "does not open the commitment in the ledger");
	return AXEV_OK;
}

/* *ret_json stays NULL when it is not kept here, as in a mirror. */
static int read_opening(axev_ledger *ledger, const uint8_t commitment[32], axev__json **ret_json, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(MAX_OPENING_BYTES);
	AXEV__JSON *json = NULL;
	char path[96];
	int status;

	opening_path(commitment, path);
	status = axev__read_file(ledger->dirfd, path, &text, NULL);
	if (status == AXEV_E_NOTFOUND)
		return AXEV_OK;
	if (status < 0)
		return axev__fail(err, status, "%s: cannot be read", path);
	status = axev__json_parse_canonical(axev__buf_view(&text), &json, err);
	if (status >= 0)
		status = check_opening(json, commitment, err);
	TRY(axev__prefix(status, err, "%s", path));
	*ret_json = axev__steal(json);
	return AXEV_OK;
}

/* ---- what can be handed over ---- */

static int add_entry(axev_ledger *ledger, uint64_t index, axev__json *json, axev_error *err)
{
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__BUF proof = AXEV__BUF_INIT(2 * AXEV__MAX_NOTE_BYTES);
	AXEV__JSON *parsed = NULL;

	TRY(axev__ledger_entry_read(ledger->log, index, &entry, err));
	TRY(axev__ledger_prove(ledger->log, index, &proof, err));
	TRY(axev__json_parse_canonical(axev__buf_view(&entry), &parsed, err));
	TRY(axev__json_set(json, "disclosures", axev__json_copy(axev__json_get(parsed, "disclosures")), err));
	TRY(axev__json_set(json, "without", axev__json_copy(axev__json_get(parsed, "without")), err));
	TRY(axev__json_set_u64(json, "entry", index, err));
	TRY(axev__json_set_str(json, "entry_json", (const char *)entry.data, err));
	return axev__json_set_str(json, "tlog_proof", (const char *)proof.data, err);
}

int axev_erasure(axev_ledger *ledger, const axev_id *id, char **ret_json, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__JSON *json = NULL;
	struct axev__history history;
	struct axev__erased erased;
	char *given;

	if (!ledger || !id || !ret_json)
		return axev__fail(err, AXEV_E_INVAL, "expected a ledger and a package");
	TRY(axev__history_find(ledger, id, &history, err));
	if (history.erased_index == UINT64_MAX)
		return axev__fail(err, AXEV_E_NOTFOUND, "the package was not erased");
	TRY(axev__history_erased(ledger, &history, &erased, err));
	TRY(read_opening(ledger, erased.commitment, &json, err));
	if (!json) {
		json = axev__json_new_object();
		TRY(axev__json_set_hex(json, "commitment", erased.commitment, sizeof(erased.commitment), err));
	}
	TRY(add_entry(ledger, history.erased_index, json, err));
	TRY(axev__json_canonical(json, &text, err));
	given = axev__buf_steal_str(&text);
	if (!given)
		return axev__nomem(err);
	*ret_json = given;
	return AXEV_OK;
}
