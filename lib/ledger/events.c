/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/events.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "ledger/erased.h"
#include "ledger/index.h"

static int new_event(axev_ledger *ledger, const char *event, const char *session,
		     axev__json **ret_json, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();
	int64_t now_ns;

	TRY(axev__now(ledger->env, &now_ns, err));
	TRY(axev__json_set_str(json, "format", AXEV__LEDGER_FORMAT, err));
	TRY(axev__json_set_str(json, "event", event, err));
	TRY(axev__json_set_time(json, "time", now_ns, err));
	if (session)
		TRY(axev__json_set_str(json, "session", session, err));
	*ret_json = axev__steal(json);
	return AXEV_OK;
}

/* One entry, and what must be true of its package when it is appended. */
struct proposal {
	axev_ledger *ledger;
	struct axev__ledger_entry entry;
	const axev_id *id; /* NULL: nothing to ask */
	/* Under the lock, with what the newest entries say; *ret_existing: nothing to add, it is this entry. */
	int (*decide)(void *payload, const struct axev__history *history, uint64_t *ret_existing,
		      axev_error *err);
	void *payload;
	uint64_t existing;
};

static int prepare(void *payload, struct axev__ledger *log, const struct axev__ledger_entry **ret_entries,
		   size_t *ret_count, axev_error *err)
{
	struct proposal *proposal = payload;
	struct axev__history history;

	(void)log;
	proposal->existing = UINT64_MAX;
	if (proposal->id) {
		TRY(axev__history_find(proposal->ledger, proposal->id, &history, err));
		TRY(proposal->decide(proposal->payload, &history, &proposal->existing, err));
	}
	*ret_entries = &proposal->entry;
	*ret_count = proposal->existing == UINT64_MAX;
	return AXEV_OK;
}

static int propose(struct proposal *proposal, const axev__json *json, uint64_t *ret_index,
		   axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	uint64_t index;

	TRY(axev__json_canonical(json, &bytes, err));
	proposal->entry.bytes = axev__buf_view(&bytes);
	TRY(axev__prefix(axev__ledger_append_with(proposal->ledger->log, prepare, proposal, &index, err),
			 err, "ledger"));
	axev__index_keep(proposal->ledger);
	*ret_index = proposal->existing == UINT64_MAX ? index : proposal->existing;
	return AXEV_OK;
}

static int append(axev_ledger *ledger, const axev__json *json, uint64_t *ret_index, axev_error *err)
{
	struct proposal proposal = { .ledger = ledger };

	return propose(&proposal, json, ret_index, err);
}

static int set_id(axev__json *json, const axev_id *id, axev_error *err)
{
	return axev__json_set_hex(json, "id", id->bytes, sizeof(id->bytes), err);
}

static int set_about(axev__json *json, const axev_id *ids, size_t count, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	char hex[AXEV_ID_HEX_SIZE];
	size_t i;

	for (i = 0; i < count; i++) {
		axev__hex(hex, ids[i].bytes, sizeof(ids[i].bytes));
		TRY(axev__json_append_str(list, hex, err));
	}
	return axev__json_set(json, "about", axev__steal(list), err);
}

int axev__event_started(axev_ledger *ledger, const char *session, const uint8_t commitment[32],
			uint64_t *ret_index, axev_error *err)
{
	AXEV__JSON *json = NULL;

	TRY(new_event(ledger, "started", session, &json, err));
	TRY(axev__json_set_hex(json, "commitment", commitment, 32, err));
	return append(ledger, json, ret_index, err);
}

int axev__event_captured(axev_ledger *ledger, const char *session, const axev_id *id,
			 uint64_t *ret_index, axev_error *err)
{
	AXEV__JSON *json = NULL;

	TRY(new_event(ledger, "captured", session, &json, err));
	TRY(set_id(json, id, err));
	return append(ledger, json, ret_index, err);
}

static int decide_sealed(void *payload, const struct axev__history *history, uint64_t *ret_existing,
			 axev_error *err)
{
	struct axev__sealed *sealed = payload;

	if (history->package.sealed_index == UINT64_MAX && history->package.is_abandoned)
		return axev__fail(err, AXEV_E_STATE, "the package was given up: entry %" PRIu64,
				  history->abandoned_index);
	*ret_existing = history->package.sealed_index;
	if (*ret_existing == UINT64_MAX)
		return AXEV_OK;
	memcpy(sealed->package_sha256, history->package.package_sha256, 32);
	sealed->package_bytes = history->package.package_bytes;
	sealed->is_time_pending = history->package.is_time_pending;
	return AXEV_OK;
}

int axev__event_sealed(axev_ledger *ledger, struct axev__sealed *sealed, uint64_t *ret_index,
		       axev_error *err)
{
	struct proposal proposal = {
		.ledger = ledger, .id = &sealed->id, .decide = decide_sealed, .payload = sealed
	};
	AXEV__JSON *json = NULL;
	char number[24];

	TRY(new_event(ledger, "sealed", sealed->session, &json, err));
	TRY(set_id(json, &sealed->id, err));
	TRY(axev__json_set_hex(json, "package_sha256", sealed->package_sha256, 32, err));
	snprintf(number, sizeof(number), "%" PRIu64, sealed->package_bytes);
	TRY(axev__json_set_str(json, "package_bytes", number, err));
	TRY(axev__json_set_bool(json, "time_pending", sealed->is_time_pending, err));
	proposal.entry.has_package = true;
	memcpy(proposal.entry.package_sha256, sealed->package_sha256, 32);
	proposal.entry.package_bytes = sealed->package_bytes;
	return propose(&proposal, json, ret_index, err);
}

/* A sealed package stays, and giving up twice is giving up once. */
static int decide_abandoned(void *payload, const struct axev__history *history, uint64_t *ret_existing,
			    axev_error *err)
{
	(void)payload;
	if (history->package.sealed_index != UINT64_MAX)
		return axev__fail(err, AXEV_E_STATE,
				  "the package is sealed: it stays in the ledger and cannot be given up");
	*ret_existing = history->abandoned_index;
	return AXEV_OK;
}

int axev__event_abandoned(axev_ledger *ledger, const char *session, const axev_id *id,
			  const char *reason, axev_error *err)
{
	struct proposal proposal = { .ledger = ledger, .id = id, .decide = decide_abandoned };
	AXEV__JSON *json = NULL;
	uint64_t index;

	TRY(new_event(ledger, "abandoned", session, &json, err));
	if (id)
		TRY(set_id(json, id, err));
	TRY(axev__json_set_str(json, "reason", reason, err));
	return propose(&proposal, json, &index, err);
}

static int decide_token(void *payload, const struct axev__history *history, uint64_t *ret_existing,
			axev_error *err)
{
	(void)payload;
	if (history->package.sealed_index == UINT64_MAX)
		return axev__fail(err, AXEV_E_STATE, "the package is not sealed yet");
	*ret_existing = history->token_index;
	return AXEV_OK;
}

int axev__event_token(axev_ledger *ledger, const axev_id *id, unsigned number,
		      const uint8_t token_sha256[32], uint64_t *ret_index, axev_error *err)
{
	struct proposal proposal = { .ledger = ledger, .id = id, .decide = decide_token };
	AXEV__JSON *json = NULL;

	TRY(new_event(ledger, "token", NULL, &json, err));
	TRY(set_about(json, id, 1, err));
	TRY(axev__json_set_u64(json, "signature", number, err));
	TRY(axev__json_set_hex(json, "token_sha256", token_sha256, 32, err));
	return propose(&proposal, json, ret_index, err);
}

int axev__event_disclosed(axev_ledger *ledger, const axev_id *original, const axev_id *from, const axev_id *id,
			  uint64_t *ret_index, axev_error *err)
{
	const axev_id about[] = { *original, from ? *from : *original };
	AXEV__JSON *json = NULL;

	TRY(new_event(ledger, "disclosed", NULL, &json, err));
	TRY(set_about(json, about, from ? 2 : 1, err));
	TRY(axev__json_set_hex(json, "disclosure", id->bytes, sizeof(id->bytes), err));
	return append(ledger, json, ret_index, err);
}

static int decide_erased(void *payload, const struct axev__history *history, uint64_t *ret_existing, axev_error *err)
{
	(void)payload;
	if (history->package.sealed_index == UINT64_MAX)
		return axev__fail(err, AXEV_E_STATE, "the package is not sealed");
	*ret_existing = history->erased_index;
	return AXEV_OK;
}

int axev__event_erased(axev_ledger *ledger, const struct axev__erased *erased, uint64_t *ret_index, axev_error *err)
{
	struct proposal proposal = { .ledger = ledger, .id = &erased->original, .decide = decide_erased };
	AXEV__JSON *json = NULL;

	TRY(new_event(ledger, AXEV__ERASED_EVENT, NULL, &json, err));
	TRY(axev__erased_set(erased, json, err));
	return propose(&proposal, json, ret_index, err);
}

int axev__event_case_assigned(axev_ledger *ledger, const axev_id *ids, size_t id_count,
			      const uint8_t commitment[32], uint64_t *ret_index, axev_error *err)
{
	AXEV__JSON *json = NULL;

	TRY(new_event(ledger, "case-assigned", NULL, &json, err));
	TRY(set_about(json, ids, id_count, err));
	TRY(axev__json_set_hex(json, "commitment", commitment, 32, err));
	return append(ledger, json, ret_index, err);
}
