/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case number that came after the capture. The ledger has only a salted commitment, since case numbers can be guessed;
 * number and salt stay beside the repository, in LEDGER/cases/, and leave it when somebody hands them over.
 */
#include <inttypes.h>
#include <stdio.h>

#include <ax_evidence/ledger.h>

#include "base/io.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "ledger/events.h"

#define SALT_SIZE 16

struct opening {
	char number[AXEV__MAX_CASE_NUMBER + 1];
	uint8_t salt[SALT_SIZE];
	uint8_t commitment[32];
};

static int check_number(const char *number, axev_error *err)
{
	struct axev__span text = axev__span_str(number);
	size_t i;

	if (text.size == 0 || text.size > AXEV__MAX_CASE_NUMBER || !axev__is_utf8(text))
		return axev__fail(err, AXEV_E_INVAL, "expected a case number of 1 to %d bytes, in UTF-8",
				  AXEV__MAX_CASE_NUMBER);
	for (i = 0; i < text.size; i++)
		if (text.data[i] < 0x20 || text.data[i] == 0x7F)
			return axev__fail(err, AXEV_E_INVAL, "case number: control character");
	return AXEV_OK;
}

/* SHA-256(tag || salt || case number): the number itself never stands in the ledger. */
static int commit(struct opening *opening, uint8_t out[32], axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__KIB);

	TRY(axev__buf_str(&bytes, "ax-case/1\n", err));
	TRY(axev__buf_append(&bytes, opening->salt, SALT_SIZE, err));
	TRY(axev__buf_str(&bytes, opening->number, err));
	return axev__sha256(bytes.data, bytes.size, out, err);
}

static void opening_path(const uint8_t commitment[32], char out[96])
{
	char hex[65];

	axev__hex(hex, commitment, 32);
	snprintf(out, 96, "cases/%s.json", hex);
}

static int opening_json(const struct opening *opening, axev__json **ret_json, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();

	TRY(axev__json_set_str(json, "case_number", opening->number, err));
	TRY(axev__json_set_hex(json, "commitment", opening->commitment, 32, err));
	TRY(axev__json_set_hex(json, "salt", opening->salt, SALT_SIZE, err));
	*ret_json = axev__steal(json);
	return AXEV_OK;
}

/* Durable before the entry: a commitment that nobody could open would be worth nothing. */
static int keep_opening(axev_ledger *ledger, const struct opening *opening, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(4 * AXEV__KIB);
	AXEV__JSON *json = NULL;
	char path[96];

	TRY(opening_json(opening, &json, err));
	TRY(axev__json_canonical(json, &text, err));
	TRY(axev__make_dirs_durable(ledger->dirfd, "cases", 0700, err));
	opening_path(opening->commitment, path);
	return axev__create_file_durable(ledger->dirfd, path, axev__buf_view(&text), 0600, err);
}

static int read_opening(axev_ledger *ledger, const uint8_t commitment[32], struct opening *ret_opening,
			axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(4 * AXEV__KIB);
	AXEV__JSON *json = NULL;
	struct opening opening = { .number = "" };
	struct axev__span number;
	uint8_t again[32];
	char path[96];
	int status;

	opening_path(commitment, path);
	status = axev__read_file(ledger->dirfd, path, &text, NULL);
	if (status == AXEV_E_NOTFOUND)
		return axev__fail(err, AXEV_E_STATE,
				  "a case was assigned, but its number is not kept here: %s is missing", path);
	if (status < 0)
		return axev__read_file(ledger->dirfd, path, &text, err);
	TRY(axev__prefix(axev__json_parse_canonical(axev__buf_view(&text), &json, err), err, "%s", path));
	TRY(axev__prefix(axev__json_string(json, "case_number", &number, err), err, "%s", path));
	TRY(axev__prefix(axev__json_hex(json, "salt", opening.salt, SALT_SIZE, err), err, "%s", path));
	if (number.size > AXEV__MAX_CASE_NUMBER)
		return axev__fail(err, AXEV_E_CORRUPT, "%s: case number too long", path);
	memcpy(opening.number, number.data, number.size);
	memcpy(opening.commitment, commitment, 32);
	TRY(commit(&opening, again, err));
	if (memcmp(again, commitment, 32) != 0)
		return axev__fail(err, AXEV_E_CORRUPT, "%s: does not open the commitment in the ledger", path);
	*ret_opening = opening;
	return AXEV_OK;
}

/* What can be handed over: the opening, the entry's exact bytes and its proof. */
static int describe(axev_ledger *ledger, const struct opening *opening, uint64_t index,
		    char **ret_opening_json, axev_error *err)
{
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__BUF proof = AXEV__BUF_INIT(2 * AXEV__MAX_NOTE_BYTES);
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__JSON *json = NULL;
	char *given;

	TRY(axev__ledger_entry_read(ledger->log, index, &entry, err));
	TRY(axev__ledger_prove(ledger->log, index, &proof, err));
	TRY(opening_json(opening, &json, err));
	TRY(axev__json_set_u64(json, "entry", index, err));
	TRY(axev__json_set_str(json, "entry_json", (const char *)entry.data, err));
	TRY(axev__json_set_str(json, "tlog_proof", (const char *)proof.data, err));
	TRY(axev__json_canonical(json, &text, err));
	given = axev__buf_steal_str(&text);
	if (!given)
		return axev__nomem(err);
	*ret_opening_json = given;
	return AXEV_OK;
}

int axev_ledger_assign_case(axev_ledger *ledger, const axev_id *ids, size_t id_count,
			    const char *case_number, char **ret_opening_json, axev_error *err)
{
	struct opening opening = { .number = "" };
	struct axev__history history;
	uint64_t index;
	size_t i;

	if (!ledger || !ids || !case_number || !ret_opening_json)
		return axev__fail(err, AXEV_E_INVAL, "expected a ledger, packages and a case number");
	if (id_count == 0 || id_count > AXEV__MAX_CASE_PACKAGES)
		return axev__fail(err, AXEV_E_INVAL, "expected 1 to %d packages", AXEV__MAX_CASE_PACKAGES);
	TRY(check_number(case_number, err));
	for (i = 0; i < id_count; i++)
		TRY(axev__history_find(ledger, &ids[i], &history, err));
	snprintf(opening.number, sizeof(opening.number), "%s", case_number);
	TRY(axev__random(ledger->env, opening.salt, SALT_SIZE, err));
	TRY(commit(&opening, opening.commitment, err));
	TRY(keep_opening(ledger, &opening, err));
	TRY(axev__event_case_assigned(ledger, ids, id_count, opening.commitment, &index, err));
	return describe(ledger, &opening, index, ret_opening_json, err);
}

int axev_ledger_case(axev_ledger *ledger, const axev_id *id, char **ret_case_number,
		     char **ret_opening_json, axev_error *err)
{
	AXEV__FREE char *number = NULL;
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__JSON *json = NULL;
	struct axev__history history;
	struct opening opening;
	uint8_t commitment[32];

	if (!ledger || !id || !ret_case_number || !ret_opening_json)
		return axev__fail(err, AXEV_E_INVAL, "expected a ledger and a package");
	TRY(axev__history_find(ledger, id, &history, err));
	if (history.case_index == UINT64_MAX)
		return axev__fail(err, AXEV_E_NOTFOUND, "no case number was assigned to this package");
	TRY(axev__ledger_entry_read(ledger->log, history.case_index, &entry, err));
	TRY(axev__json_parse_canonical(axev__buf_view(&entry), &json, err));
	TRY(axev__json_hex(json, "commitment", commitment, sizeof(commitment), err));
	TRY(read_opening(ledger, commitment, &opening, err));
	number = strdup(opening.number);
	if (!number)
		return axev__nomem(err);
	TRY(describe(ledger, &opening, history.case_index, ret_opening_json, err));
	*ret_case_number = axev__steal(number);
	return AXEV_OK;
}
