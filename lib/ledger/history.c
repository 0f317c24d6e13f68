/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a package, read back from the entries. */
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "ledger/erased.h"
#include "ledger/index.h"

static bool is_event(const axev__json *entry, const char *event)
{
	struct axev__span text;

	return axev__json_as_string(axev__json_get(entry, "event"), &text) &&
	       axev__span_is(text, event);
}

static int read_sealed(const axev__json *entry, uint64_t index, struct axev__history *history,
		       axev_error *err)
{
	axev_ledger_package *package = &history->package;
	struct axev__span number;
	bool is_pending = false;

	TRY(axev__json_hex(entry, "package_sha256", package->package_sha256, 32, err));
	TRY(axev__json_string(entry, "package_bytes", &number, err));
	TRY(axev__json_boolean(entry, "time_pending", &is_pending, err));
	if (!axev__parse_u64(number, AXEV__MAX_CONTAINER_BYTES, &package->package_bytes))
		return axev__fail(err, AXEV_E_CORRUPT, "entry %llu: package_bytes is not a number",
				  (unsigned long long)index);
	package->sealed_index = index;
	history->was_time_pending = is_pending;
	return AXEV_OK;
}

static int read_captured(const axev__json *entry, uint64_t index, struct axev__history *history,
			 axev_error *err)
{
	uint8_t session[16];

	TRY(axev__json_hex(entry, "session", session, sizeof(session), err));
	axev__hex(history->session, session, sizeof(session));
	history->package.captured_index = index;
	return axev__json_time(entry, "time", &history->package.captured_unix_ns, err);
}

void axev__history_start(struct axev__history *history, const axev_id *id)
{
	*history = (struct axev__history){
		.started_index = UINT64_MAX,
		.token_index = UINT64_MAX,
		.case_index = UINT64_MAX,
		.abandoned_index = UINT64_MAX,
		.erased_index = UINT64_MAX,
	};
	history->package = (axev_ledger_package){
		.size = sizeof(history->package),
		.id = *id,
		.captured_index = UINT64_MAX,
		.sealed_index = UINT64_MAX,
		.erased_index = UINT64_MAX,
	};
}

static void set_first(uint64_t *index, uint64_t found)
{
	if (*index == UINT64_MAX)
		*index = found;
}

/* A malformed one erases nothing; the check of the ledger says what is wrong with it. */
static int apply_erased(struct axev__history *history, const axev__json *entry, uint64_t index, axev_error *err)
{
	struct axev__erased erased;
	int status = axev__erased_read(entry, &erased, NULL);

	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (status >= 0)
		set_first(&history->erased_index, index);
	return AXEV_OK;
}

int axev__history_apply(struct axev__history *history, const axev__json *entry, uint64_t index,
			axev_error *err)
{
	axev_ledger_package *package = &history->package;

	if (is_event(entry, "captured") && package->captured_index == UINT64_MAX)
		TRY(read_captured(entry, index, history, err));
	if (is_event(entry, "sealed") && package->sealed_index == UINT64_MAX)
		TRY(read_sealed(entry, index, history, err));
	if (is_event(entry, "abandoned"))
		set_first(&history->abandoned_index, index);
	if (is_event(entry, "token"))
		set_first(&history->token_index, index);
	if (is_event(entry, "case-assigned"))
		history->case_index = index;
	if (axev__erased_is(entry))
		TRY(apply_erased(history, entry, index, err));
	package->erased_index = history->erased_index;
	package->is_abandoned = history->abandoned_index != UINT64_MAX;
	package->is_time_pending = history->was_time_pending && history->token_index == UINT64_MAX;
	return AXEV_OK;
}

bool axev__history_equal(const struct axev__history *a, const struct axev__history *b)
{
	return memcmp(&a->package.id, &b->package.id, sizeof(a->package.id)) == 0 &&
	       memcmp(a->package.package_sha256, b->package.package_sha256, 32) == 0 &&
	       strcmp(a->session, b->session) == 0 &&
	       a->package.captured_index == b->package.captured_index &&
	       a->package.sealed_index == b->package.sealed_index &&
	       a->package.captured_unix_ns == b->package.captured_unix_ns &&
	       a->package.package_bytes == b->package.package_bytes &&
	       a->was_time_pending == b->was_time_pending && a->started_index == b->started_index &&
	       a->token_index == b->token_index && a->case_index == b->case_index &&
	       a->abandoned_index == b->abandoned_index && a->erased_index == b->erased_index;
}

/* ---- one package, from its entries ---- */

static bool speaks_of(const axev__json *entry, const char *hex)
{
	const axev__json *about = axev__json_get(entry, "about");
	struct axev__span text;
	size_t i;

	if (axev__json_as_string(axev__json_get(entry, "id"), &text) && axev__span_is(text, hex))
		return true;
	if (!about || axev__json_type(about) != AXEV__JSON_ARRAY)
		return false;
	for (i = 0; i < axev__json_count(about); i++)
		if (axev__json_as_string(axev__json_at(about, i), &text) && axev__span_is(text, hex))
			return true;
	return false;
}

static int read_again(axev_ledger *ledger, const char *hex, uint64_t index,
		      struct axev__history *history, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__JSON *entry = NULL;

	if (index == UINT64_MAX)
		return AXEV_OK;
	TRY(axev__ledger_entry_read(ledger->log, index, &bytes, err));
	TRY(axev__json_parse_canonical(axev__buf_view(&bytes), &entry, err));
	return speaks_of(entry, hex) ? axev__history_apply(history, entry, index, err) : AXEV_OK;
}

static int read_started(axev_ledger *ledger, uint64_t index, struct axev__history *history,
			axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__JSON *entry = NULL;
	struct axev__span session;

	if (index == UINT64_MAX)
		return AXEV_OK;
	TRY(axev__ledger_entry_read(ledger->log, index, &bytes, err));
	TRY(axev__json_parse_canonical(axev__buf_view(&bytes), &entry, err));
	if (is_event(entry, "started") &&
	    axev__json_as_string(axev__json_get(entry, "session"), &session) &&
	    axev__span_is(session, history->session))
		history->started_index = index;
	return AXEV_OK;
}

/* What the entries themselves say, of those that the index names. */
static int from_entries(axev_ledger *ledger, const struct axev__history *claimed,
			struct axev__history *ret_history, axev_error *err)
{
	const axev_ledger_package *package = &claimed->package;
	struct axev__history history;
	char hex[AXEV_ID_HEX_SIZE];

	axev__hex(hex, package->id.bytes, sizeof(package->id.bytes));
	axev__history_start(&history, &package->id);
	TRY(read_again(ledger, hex, package->captured_index, &history, err));
	TRY(read_again(ledger, hex, package->sealed_index, &history, err));
	TRY(read_again(ledger, hex, claimed->abandoned_index, &history, err));
	TRY(read_again(ledger, hex, claimed->token_index, &history, err));
	TRY(read_again(ledger, hex, claimed->case_index, &history, err));
	TRY(read_again(ledger, hex, claimed->erased_index, &history, err));
	TRY(read_started(ledger, claimed->started_index, &history, err));
	*ret_history = history;
	return AXEV_OK;
}

/* An index that does not say what the entries say is thrown away. */
static int confirm(axev_ledger *ledger, const axev_id *id, const struct axev__history *claimed,
		   struct axev__history *ret_history, axev_error *err)
{
	const struct axev__index *index;
	struct axev__history history;

	if (claimed) {
		TRY(from_entries(ledger, claimed, &history, err));
		if (axev__history_equal(&history, claimed)) {
			*ret_history = history;
			return AXEV_OK;
		}
		TRY(axev__index_rebuild(ledger, &index, err));
		claimed = axev__index_find(index, id);
	}
	if (!claimed) {
		char hex[AXEV_ID_HEX_SIZE];

		axev__hex(hex, id->bytes, sizeof(id->bytes));
		return axev__fail(err, AXEV_E_NOTFOUND, "no package %s in this ledger", hex);
	}
	*ret_history = *claimed;
	return AXEV_OK;
}

int axev__history_find(axev_ledger *ledger, const axev_id *id, struct axev__history *ret_history,
		       axev_error *err)
{
	const struct axev__index *index;

	TRY(axev__index_get(ledger, &index, err));
	return confirm(ledger, id, axev__index_find(index, id), ret_history, err);
}

/* ---- all, or by the start of an id ---- */

int axev_ledger_list(axev_ledger *ledger, axev_ledger_package_callback callback, void *payload,
		     axev_error *err)
{
	const struct axev__index *index;
	size_t i;

	TRY(axev__index_get(ledger, &index, err));
	/* The callback may ask this handle, which may make another index: nothing of it is lent out. */
	for (i = 0; i < axev__index_count(ledger->index); i++) {
		axev_ledger_package package = axev__index_at(ledger->index, i)->package;

		if (callback(payload, &package) != 0)
			break;
	}
	return AXEV_OK;
}

static bool hex_starts(const axev_id *id, const char *prefix, size_t digits)
{
	char hex[AXEV_ID_HEX_SIZE];

	axev__hex(hex, id->bytes, digits / 2 + digits % 2);
	return strncmp(hex, prefix, digits) == 0;
}

static int find_by_start(const struct axev__index *index, const char *id_hex, axev_id *ret_id,
			 axev_error *err)
{
	size_t matches = 0, i, digits = strlen(id_hex);
	struct axev__shown shown;

	for (i = 0; i < axev__index_count(index); i++) {
		const axev_id *id = &axev__index_at(index, i)->package.id;

		if (hex_starts(id, id_hex, digits)) {
			*ret_id = *id;
			matches++;
		}
	}
	if (matches == 0)
		return axev__fail(err, AXEV_E_NOTFOUND, "no package %s in this ledger",
				  axev__show_str(&shown, id_hex));
	if (matches > 1)
		return axev__fail(err, AXEV_E_INVAL, "%zu packages start with %s; give more digits", matches,
				  axev__show_str(&shown, id_hex));
	return AXEV_OK;
}

int axev_ledger_find(axev_ledger *ledger, const char *id_hex, axev_ledger_package *ret_package,
		     axev_error *err)
{
	const struct axev__index *index;
	struct axev__history history;
	axev_id id;

	if (!ret_package || ret_package->size < sizeof(size_t))
		return axev__fail(err, AXEV_E_INVAL, "expected a package of known size");
	if (!id_hex || strlen(id_hex) < 8 || strlen(id_hex) > 64)
		return axev__fail(err, AXEV_E_INVAL,
				  "expected a package id of 64 hexadecimal digits, or at least its first 8");
	TRY(axev__index_get(ledger, &index, err));
	TRY(find_by_start(index, id_hex, &id, err));
	TRY(axev__history_find(ledger, &id, &history, err));
	/* A caller built against an older header has a smaller struct. */
	history.package.size = ret_package->size;
	memcpy(ret_package, &history.package,
	       ret_package->size < sizeof(*ret_package) ? ret_package->size : sizeof(*ret_package));
	return AXEV_OK;
}
