/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a package, read back from the entries. */
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "ledger/events.h"

static bool is_event(const axev__json *entry, const char *event)
{
	struct axev__span text;

	return axev__json_as_string(axev__json_get(entry, "event"), &text) &&
	       axev__span_is(text, event);
}

static bool entry_id(const axev__json *entry, axev_id *ret_id)
{
	return axev__json_hex(entry, "id", ret_id->bytes, sizeof(ret_id->bytes), NULL) == AXEV_OK;
}

static int read_sealed(const axev__json *entry, uint64_t index, axev_ledger_package *package,
		       axev_error *err)
{
	struct axev__span number;
	bool is_pending = false;

	TRY(axev__json_hex(entry, "package_sha256", package->package_sha256, 32, err));
	TRY(axev__json_string(entry, "package_bytes", &number, err));
	TRY(axev__json_boolean(entry, "time_pending", &is_pending, err));
	if (!axev__parse_u64(number, AXEV__MAX_CONTAINER_BYTES, &package->package_bytes))
		return axev__fail(err, AXEV_E_CORRUPT, "entry %llu: package_bytes is not a number",
				  (unsigned long long)index);
	package->sealed_index = index;
	package->is_time_pending = is_pending;
	return AXEV_OK;
}

static int read_captured(const axev__json *entry, uint64_t index, struct axev__history *history,
			 axev_error *err)
{
	struct axev__span session;

	TRY(axev__json_string(entry, "session", &session, err));
	if (session.size != sizeof(history->session) - 1)
		return axev__fail(err, AXEV_E_CORRUPT, "entry %llu: session is not 32 digits",
				  (unsigned long long)index);
	memcpy(history->session, session.data, session.size);
	history->package.captured_index = index;
	return axev__json_time(entry, "time", &history->package.captured_unix_ns, err);
}

static void start_history(struct axev__history *history, const axev_id *id)
{
	*history = (struct axev__history){ .started_index = UINT64_MAX, .token_index = UINT64_MAX };
	history->package = (axev_ledger_package){
		.size = sizeof(history->package),
		.id = *id,
		.captured_index = UINT64_MAX,
		.sealed_index = UINT64_MAX,
	};
}

static int apply(struct axev__history *history, const axev__json *entry, uint64_t index,
		 axev_error *err)
{
	if (is_event(entry, "captured"))
		return read_captured(entry, index, history, err);
	if (is_event(entry, "sealed"))
		return read_sealed(entry, index, &history->package, err);
	if (is_event(entry, "abandoned"))
		history->package.is_abandoned = 1;
	if (is_event(entry, "token")) {
		history->package.is_time_pending = 0;
		history->token_index = index;
	}
	return AXEV_OK;
}

static int on_found(void *payload, uint64_t index, struct axev__span bytes, axev_error *err)
{
	AXEV__JSON *entry = NULL;

	TRY(axev__json_parse_canonical(bytes, &entry, err));
	return apply(payload, entry, index, err);
}

struct started_search {
	const char *session;
	uint64_t found;
};

static int on_started(void *payload, uint64_t index, struct axev__span bytes, axev_error *err)
{
	struct started_search *search = payload;
	AXEV__JSON *entry = NULL;
	struct axev__span session;

	TRY(axev__json_parse_canonical(bytes, &entry, err));
	if (is_event(entry, "started") &&
	    axev__json_as_string(axev__json_get(entry, "session"), &session) &&
	    axev__span_is(session, search->session))
		search->found = index;
	return AXEV_OK;
}

int axev__history_find(axev_ledger *ledger, const axev_id *id, struct axev__history *ret_history,
		       axev_error *err)
{
	struct started_search search = { .found = UINT64_MAX };
	struct axev__history history;
	char hex[AXEV_ID_HEX_SIZE];

	start_history(&history, id);
	TRY(axev__ledger_find(ledger->log, id->bytes, on_found, &history, err));
	if (history.package.captured_index == UINT64_MAX) {
		axev__hex(hex, id->bytes, sizeof(id->bytes));
		return axev__fail(err, AXEV_E_NOTFOUND, "no package %s in this ledger", hex);
	}
	search.session = history.session;
	TRY(axev__ledger_each(ledger->log, 0, on_started, &search, err));
	history.started_index = search.found;
	*ret_history = history;
	return AXEV_OK;
}

/* ---- listing ---- */

struct listing {
	struct axev__history *items;
	size_t count, capacity;
};

static struct axev__history *lookup(struct listing *listing, const axev_id *id)
{
	size_t i = listing->count;

	/* Newest first: events of one package stand near one another. */
	while (i-- > 0)
		if (memcmp(&listing->items[i].package.id, id, sizeof(*id)) == 0)
			return &listing->items[i];
	return NULL;
}

static int add_captured(struct listing *listing, const axev_id *id, struct axev__history **ret_item,
			axev_error *err)
{
	if (listing->count == listing->capacity) {
		size_t capacity = listing->capacity ? 2 * listing->capacity : 64;
		struct axev__history *items =
			reallocarray(listing->items, capacity, sizeof(*items));

		if (!items)
			return axev__nomem(err);
		listing->items = items;
		listing->capacity = capacity;
	}
	*ret_item = &listing->items[listing->count++];
	start_history(*ret_item, id);
	return AXEV_OK;
}

static bool about_id(const axev__json *entry, size_t position, axev_id *ret_id)
{
	struct axev__span text;

	return axev__json_as_string(axev__json_at(axev__json_get(entry, "about"), position), &text) &&
	       axev__unhex(ret_id->bytes, sizeof(ret_id->bytes), text);
}

static int on_entry(void *payload, uint64_t index, struct axev__span bytes, axev_error *err)
{
	struct listing *listing = payload;
	struct axev__history *item = NULL;
	AXEV__JSON *entry = NULL;
	axev_id id;

	TRY(axev__json_parse_canonical(bytes, &entry, err));
	if (!entry_id(entry, &id) && !(is_event(entry, "token") && about_id(entry, 0, &id)))
		return AXEV_OK;
	item = lookup(listing, &id);
	if (!item && is_event(entry, "captured"))
		TRY(add_captured(listing, &id, &item, err));
	return item ? apply(item, entry, index, err) : AXEV_OK;
}

static int read_all(axev_ledger *ledger, struct listing *listing, axev_error *err)
{
	return axev__ledger_each(ledger->log, 0, on_entry, listing, err);
}

int axev_ledger_list(axev_ledger *ledger, axev_ledger_package_callback callback, void *payload,
		     axev_error *err)
{
	struct listing listing = { 0 };
	int status = read_all(ledger, &listing, err);
	size_t i;

	for (i = 0; status >= 0 && i < listing.count; i++)
		if (callback(payload, &listing.items[i].package) != 0)
			break;
	free(listing.items);
	return status;
}

static bool hex_starts(const axev_id *id, const char *prefix)
{
	char hex[AXEV_ID_HEX_SIZE];

	axev__hex(hex, id->bytes, sizeof(id->bytes));
	return strncmp(hex, prefix, strlen(prefix)) == 0;
}

int axev_ledger_find(axev_ledger *ledger, const char *id_hex, axev_ledger_package *ret_package,
		     axev_error *err)
{
	struct listing listing = { 0 };
	struct axev__shown shown;
	axev_ledger_package found = { 0 };
	size_t matches = 0, i;
	int status;

	if (!id_hex || strlen(id_hex) < 8 || strlen(id_hex) > 64)
		return axev__fail(err, AXEV_E_INVAL,
				  "expected a package id of 64 hexadecimal digits, or at least its first 8");
	status = read_all(ledger, &listing, err);
	for (i = 0; status >= 0 && i < listing.count; i++)
		if (hex_starts(&listing.items[i].package.id, id_hex)) {
			found = listing.items[i].package;
			matches++;
		}
	free(listing.items);
	TRY(status);
	if (matches == 0)
		return axev__fail(err, AXEV_E_NOTFOUND, "no package %s in this ledger",
				  axev__show_str(&shown, id_hex));
	if (matches > 1)
		return axev__fail(err, AXEV_E_INVAL, "%zu packages start with %s; give more digits", matches,
				  axev__show_str(&shown, id_hex));
	*ret_package = found;
	return AXEV_OK;
}
