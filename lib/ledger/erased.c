/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/erased.h"

#include <inttypes.h>

#include "base/text.h"
#include "crypto/digest.h"
#include "package/container_read.h"
#include "package/disclosure.h"

bool axev__erased_is(const axev__json *entry)
{
	struct axev__span event;

	return axev__json_as_string(axev__json_get(entry, "event"), &event) && axev__span_is(event, AXEV__ERASED_EVENT);
}

/* ---- reading ---- */

static int read_ids(const axev__json *entry, const char *member, axev_id *ids, size_t max, size_t *ret_count,
		    axev_error *err)
{
	axev__json *list = NULL;
	struct axev__span text;
	size_t i;

	TRY(axev__json_array(entry, member, &list, err));
	if (axev__json_count(list) == 0 || axev__json_count(list) > max)
		return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected 1 to %zu ids, found %zu", member, max,
				  axev__json_count(list));
	for (i = 0; i < axev__json_count(list); i++) {
		if (!axev__json_as_string(axev__json_at(list, i), &text) || !axev__unhex(ids[i].bytes, sizeof(ids[i].bytes), text))
			return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected ids of 64 hexadecimal digits", member);
		if (i > 0 && memcmp(ids[i - 1].bytes, ids[i].bytes, sizeof(ids[i].bytes)) >= 0)
			return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected ids in ascending order, none twice", member);
	}
	*ret_count = axev__json_count(list);
	return AXEV_OK;
}

static int read_range(const axev__json *row, struct axev__set_range *range, axev_error *err)
{
	static const char *const members[] = { "first", "last", NULL };
	uint64_t first, last;

	TRY(axev__json_only(row, members, err));
	TRY(axev__json_u64(row, "first", &first, err));
	TRY(axev__json_u64(row, "last", &last, err));
	if (first < 1 || last > AXEV__MAX_RECORD_SETS || first > last)
		return axev__fail(err, AXEV_E_FORMAT, "member 'without': expected record sets from 1 to %d", AXEV__MAX_RECORD_SETS);
	*range = (struct axev__set_range){ (uint32_t)first, (uint32_t)last };
	return AXEV_OK;
}

/* One form for one set of positions: ranges ascend, and do not touch. */
static int read_without(const axev__json *entry, struct axev__erased *erased, axev_error *err)
{
	axev__json *list = NULL;
	size_t i;

	TRY(axev__json_array(entry, "without", &list, err));
	erased->without_count = axev__json_count(list);
	if (erased->without_count > AXEV__MAX_ERASE_RANGES)
		return axev__fail(err, AXEV_E_FORMAT, "member 'without': expected at most %d ranges", AXEV__MAX_ERASE_RANGES);
	for (i = 0; i < erased->without_count; i++) {
		struct axev__set_range *range = &erased->without[i];

		TRY(read_range(axev__json_at(list, i), range, err));
		if (i > 0 && range->first <= range[-1].last + 1)
			return axev__fail(err, AXEV_E_FORMAT,
					  "member 'without': expected ranges in ascending order, with sets between them");
	}
	return AXEV_OK;
}

int axev__erased_read(const axev__json *entry, struct axev__erased *ret_erased, axev_error *err)
{
	static const char *const members[] = { "about", "commitment", "disclosures", "event", "format", "time", "without", NULL };
	struct axev__erased erased = { .disclosure_count = 0 };
	struct axev__span format;
	int64_t time_ns;
	size_t one;

	TRY(axev__json_only(entry, members, err));
	TRY(axev__json_string(entry, "format", &format, err));
	if (!axev__erased_is(entry) || !axev__span_is(format, AXEV__LEDGER_FORMAT))
		return axev__fail(err, AXEV_E_FORMAT, "expected event erased of format " AXEV__LEDGER_FORMAT);
	TRY(axev__json_time(entry, "time", &time_ns, err));
	TRY(read_ids(entry, "about", &erased.original, 1, &one, err));
	TRY(read_ids(entry, "disclosures", erased.disclosures, AXEV__MAX_ERASE_DISCLOSURES, &erased.disclosure_count, err));
	TRY(read_without(entry, &erased, err));
	TRY(axev__json_hex(entry, "commitment", erased.commitment, sizeof(erased.commitment), err));
	*ret_erased = erased;
	return AXEV_OK;
}

/* ---- writing ---- */

static int append_id(axev__json *list, const axev_id *id, axev_error *err)
{
	char hex[AXEV_ID_HEX_SIZE];

	axev__hex(hex, id->bytes, sizeof(id->bytes));
	return axev__json_append_str(list, hex, err);
}

static int set_ids(axev__json *entry, const char *member, const axev_id *ids, size_t count, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < count; i++)
		TRY(append_id(list, &ids[i], err));
	return axev__json_set(entry, member, axev__steal(list), err);
}

static int append_range(axev__json *list, const struct axev__set_range *range, axev_error *err)
{
	AXEV__JSON *row = axev__json_new_object();

	TRY(axev__json_set_u64(row, "first", range->first, err));
	TRY(axev__json_set_u64(row, "last", range->last, err));
	return axev__json_append(list, axev__steal(row), err);
}

static int set_without(const struct axev__erased *erased, axev__json *entry, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < erased->without_count; i++)
		TRY(append_range(list, &erased->without[i], err));
	return axev__json_set(entry, "without", axev__steal(list), err);
}

int axev__erased_set(const struct axev__erased *erased, axev__json *entry, axev_error *err)
{
	TRY(set_ids(entry, "about", &erased->original, 1, err));
	TRY(set_ids(entry, "disclosures", erased->disclosures, erased->disclosure_count, err));
	TRY(set_without(erased, entry, err));
	return axev__json_set_hex(entry, "commitment", erased->commitment, sizeof(erased->commitment), err);
}

/* ---- meaning ---- */

static bool goes_wholly(const struct axev__erased *erased, size_t number)
{
	size_t i;

	for (i = 0; i < erased->without_count; i++)
		if (number >= erased->without[i].first && number <= erased->without[i].last)
			return true;
	return false;
}

int axev__erased_covers(const struct axev__erased *erased, const bool *disclosed, size_t set_count, axev_error *err)
{
	size_t i;

	for (i = 0; i < set_count; i++) {
		if (!disclosed[i] && !goes_wholly(erased, i + 1))
			return axev__fail(err, AXEV_E_INVALID,
					  "record set %zu of the original is neither disclosed nor named as one that goes wholly", i + 1);
		if (disclosed[i] && goes_wholly(erased, i + 1))
			return axev__fail(err, AXEV_E_INVALID,
					  "record set %zu of the original is disclosed, and named as one that goes wholly", i + 1);
	}
	if (erased->without_count && erased->without[erased->without_count - 1].last > set_count)
		return axev__fail(err, AXEV_E_INVALID, "the original has %zu record sets, the entry names one beyond them",
				  set_count);
	return AXEV_OK;
}

int axev__history_erased(axev_ledger *ledger, const struct axev__history *history, struct axev__erased *ret_erased,
			 axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__JSON *entry = NULL;

	TRY(axev__ledger_entry_read(ledger->log, history->erased_index, &bytes, err));
	TRY(axev__json_parse_canonical(axev__buf_view(&bytes), &entry, err));
	return axev__erased_read(entry, ret_erased, err);
}

int axev__history_here(axev_ledger *ledger, const struct axev__history *history, axev_error *err)
{
	char hex[AXEV_ID_HEX_SIZE], instead[AXEV_ID_HEX_SIZE];
	struct axev__erased erased;

	if (history->erased_index == UINT64_MAX)
		return AXEV_OK;
	TRY(axev__history_erased(ledger, history, &erased, err));
	axev__hex(hex, erased.original.bytes, sizeof(erased.original.bytes));
	axev__hex(instead, erased.disclosures[0].bytes, sizeof(erased.disclosures[0].bytes));
	if (erased.disclosure_count == 1)
		return axev__fail(err, AXEV_E_STATE,
				  "package %.16s was erased (ledger entry %" PRIu64 "): in its place stands disclosure %s", hex,
				  history->erased_index, instead);
	return axev__fail(err, AXEV_E_STATE,
			  "package %.16s was erased (ledger entry %" PRIu64
			  "): in its place stand disclosure %s and %zu more (axev show %.16s)",
			  hex, history->erased_index, instead, erased.disclosure_count - 1, hex);
}

int axev__erased_original(axev_ledger *ledger, const struct axev__container *container, uint64_t *ret_index, axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(container, AXEV__ORIGINAL_MANIFEST);
	AXEV__BUF manifest = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__history history;
	axev_id original;
	int status;

	*ret_index = UINT64_MAX;
	if (!entry)
		return AXEV_OK;
	TRY(axev__container_read(container, entry, &manifest, err));
	TRY(axev__sha256(manifest.data, manifest.size, original.bytes, err));
	status = axev__history_find(ledger, &original, &history, NULL);
	if (status == AXEV_E_NOTFOUND)
		return AXEV_OK; /* of another ledger */
	if (status < 0)
		return axev__fail(err, status, "cannot look for the original of the disclosure");
	*ret_index = history.erased_index;
	return AXEV_OK;
}
