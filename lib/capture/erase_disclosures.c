/* SPDX-License-Identifier: Apache-2.0 */
/* The disclosures that are to stand in the place of an original: each is verified as if the original were gone already. */
#include <inttypes.h>

#include "base/text.h"
#include "capture/disclosure_verify.h"
#include "capture/erase.h"
#include "package/container_read.h"
#include "package/disclosure.h"
#include "proof/tlog_proof.h"

/* ---- one disclosure ---- */

static int open_disclosure(struct axev__erasing *erasing, const axev_id *id, struct axev__history *history, int *ret_fd,
			   axev_error *err)
{
	TRY(axev__history_find(erasing->ledger, id, history, err));
	if (history->package.sealed_index == UINT64_MAX)
		return axev__fail(err, AXEV_E_STATE, "it is not sealed");
	TRY(axev__history_here(erasing->ledger, history, err));
	return axev__ledger_object_open(erasing->ledger->log, history->package.package_sha256, ret_fd, err);
}

/* Its proof that the original was sealed is signed by this ledger; the verifier compares entry and proof. */
static int check_ledger_key(struct axev__erasing *erasing, const struct axev__source *source, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES + 16 * AXEV__KIB);
	AXEV__FREE struct axev__note *note = malloc(sizeof(*note));
	AXEV__CONTAINER_READER *container = NULL;
	const struct axev__entry *entry;
	struct axev__tlog_proof proof;

	if (!note)
		return axev__nomem(err);
	TRY(axev__container_open(source, &container, err));
	entry = axev__container_find(container, AXEV__ORIGINAL_PROOF);
	if (!entry)
		return axev__fail(err, AXEV_E_INVALID, "expected entry %s, which is missing", AXEV__ORIGINAL_PROOF);
	TRY(axev__container_read(container, entry, &bytes, err));
	TRY(axev__tlog_proof_parse(axev__buf_view(&bytes), &proof, err));
	TRY(axev__note_parse(proof.checkpoint, note, err));
	if (axev__note_check(note, axev__ledger_log_key(erasing->ledger->log), NULL, NULL) < 0)
		return axev__fail(err, AXEV_E_INVALID, "its proof of the original's entry is not signed by this ledger");
	return AXEV_OK;
}

static int compare(const struct axev__erasing *erasing, const axev_id *id, const struct axev__disclosure_of *of, axev_error *err)
{
	const axev_ledger_package *original = &erasing->history.package;
	char hex[AXEV_ID_HEX_SIZE];

	axev__hex(hex, of->about, 32);
	if (memcmp(of->id, id->bytes, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "its file is that of another package");
	if (memcmp(of->about, original->id.bytes, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "it is of another original: %.16s", hex);
	if (memcmp(of->package_sha256, original->package_sha256, 32) != 0 || of->entry != original->sealed_index)
		return axev__fail(err, AXEV_E_INVALID, "it names another file or entry of the original");
	return AXEV_OK;
}

/* ---- the original's sets ---- */

static int list_sets(struct axev__erasing *erasing, axev_error *err)
{
	const axev__json *rows = axev__json_get(erasing->original, "record_sets");
	size_t i, count = axev__json_count(rows);

	erasing->sets = calloc(count + 1, sizeof(*erasing->sets));
	erasing->disclosed = calloc(count + 1, sizeof(bool));
	if (!erasing->sets || !erasing->disclosed)
		return axev__nomem(err);
	erasing->set_count = count;
	for (i = 0; i < count; i++) {
		struct axev__span records;
		struct axev__shown shown;

		erasing->sets[i].name = strdup(axev__show(&shown, axev__record_set_name(erasing->original, i)));
		if (!erasing->sets[i].name)
			return axev__nomem(err);
		if (axev__json_as_string(axev__json_get(axev__json_at(rows, i), "records"), &records))
			axev__parse_u64(records, UINT64_MAX, &erasing->sets[i].records);
	}
	return AXEV_OK;
}

static int note_set(struct axev__erasing *erasing, const struct axev__disclosed_set *disclosed, axev_error *err)
{
	axev_erase_set *set = &erasing->sets[disclosed->position]; /* the same manifest in all: its SHA-256 is the id */
	uint64_t records, cells;

	TRY(axev__json_u64(disclosed->counts, "records", &records, err));
	TRY(axev__json_u64(disclosed->counts, "shown", &cells, err));
	set->disclosures++;
	set->shown_records += records;
	set->shown_cells += cells;
	erasing->disclosed[disclosed->position] = true;
	return AXEV_OK;
}

static int note_disclosure(struct axev__erasing *erasing, struct axev__disclosure_of *of, axev_error *err)
{
	size_t i;

	if (!erasing->original) {
		erasing->original = axev__steal(of->original);
		TRY(list_sets(erasing, err));
	}
	for (i = 0; i < of->sets.count; i++)
		TRY(note_set(erasing, &of->sets.list[i], err));
	return AXEV_OK;
}

static int check_one(struct axev__erasing *erasing, const axev_id *id, axev_error *err)
{
	AXEV__DISCLOSURE_OF of = { .original = NULL };
	struct axev__history history;
	struct axev__source source;
	AXEV__CLOSE int fd = -1;

	TRY(open_disclosure(erasing, id, &history, &fd, err));
	TRY(axev__source_file(fd, &source, err));
	TRY(axev__disclosure_verify(erasing->ledger, &source, history.package.package_sha256, erasing->opts->policy, true, err));
	TRY(axev__disclosure_of(&source, &of, err));
	TRY(compare(erasing, id, &of, err));
	TRY(check_ledger_key(erasing, &source, err));
	return note_disclosure(erasing, &of, err);
}

/* ---- sets that go wholly ---- */

static bool is_named(const struct axev__erasing *erasing, size_t i, const char *name)
{
	const axev__json *row = axev__json_at(axev__json_get(erasing->original, "record_sets"), i);
	struct axev__span path;

	return axev__span_is(axev__record_set_name(erasing->original, i), name) ||
	       (axev__json_as_string(axev__json_get(row, "path"), &path) && axev__span_is(path, name));
}

static int mark_without(const struct axev__erasing *erasing, const char *name, bool *without, axev_error *err)
{
	size_t i, count = 0;
	struct axev__shown shown;

	for (i = 0; i < erasing->set_count; i++) {
		if (!is_named(erasing, i, name))
			continue;
		without[i] = true;
		count++;
	}
	if (count == 0)
		return axev__fail(err, AXEV_E_NOTFOUND, "the original has no record set '%s'", axev__show_str(&shown, name));
	if (count > 1)
		return axev__fail(err, AXEV_E_INVAL, "%zu record sets are named '%s': expected the path of one", count,
				  axev__show_str(&shown, name));
	return AXEV_OK;
}

static int make_ranges(struct axev__erasing *erasing, const bool *without, axev_error *err)
{
	struct axev__erased *erased = &erasing->erased;
	size_t i;

	for (i = 0; i < erasing->set_count; i++) {
		if (!without[i])
			continue;
		if (i > 0 && without[i - 1]) {
			erased->without[erased->without_count - 1].last = (uint32_t)i + 1;
			continue;
		}
		if (erased->without_count == AXEV__MAX_ERASE_RANGES)
			return axev__fail(err, AXEV_E_LIMIT, "expected record sets that go wholly in at most %d groups of neighbours",
					  AXEV__MAX_ERASE_RANGES);
		erased->without[erased->without_count++] = (struct axev__set_range){ (uint32_t)i + 1, (uint32_t)i + 1 };
	}
	return AXEV_OK;
}

static int take_without(struct axev__erasing *erasing, axev_error *err)
{
	AXEV__FREE bool *without = calloc(erasing->set_count + 1, sizeof(bool));
	size_t i;

	if (!without)
		return axev__nomem(err);
	for (i = 0; i < erasing->opts->without_set_count; i++)
		TRY(mark_without(erasing, erasing->opts->without_sets[i], without, err));
	TRY(make_ranges(erasing, without, err));
	for (i = 0; i < erasing->set_count; i++)
		if (!without[i] && !erasing->disclosed[i])
			return axev__fail(err, AXEV_E_INVALID,
					  "record set '%s' is shown by none of the disclosures, and was not named as one that goes wholly",
					  erasing->sets[i].name);
	return axev__erased_covers(&erasing->erased, erasing->disclosed, erasing->set_count, err);
}

static int compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(axev_id));
}

static int take_ids(struct axev__erasing *erasing, axev_error *err)
{
	struct axev__erased *erased = &erasing->erased;
	size_t i;

	if (erasing->opts->disclosure_count == 0 || erasing->opts->disclosure_count > AXEV__MAX_ERASE_DISCLOSURES)
		return axev__fail(err, AXEV_E_INVAL, "expected 1 to %d disclosures of the package", AXEV__MAX_ERASE_DISCLOSURES);
	erased->disclosure_count = erasing->opts->disclosure_count;
	memcpy(erased->disclosures, erasing->opts->disclosures, erased->disclosure_count * sizeof(axev_id));
	qsort(erased->disclosures, erased->disclosure_count, sizeof(axev_id), compare_ids);
	for (i = 1; i < erased->disclosure_count; i++)
		if (compare_ids(&erased->disclosures[i - 1], &erased->disclosures[i]) == 0)
			return axev__fail(err, AXEV_E_INVAL, "a disclosure was given twice");
	return AXEV_OK;
}

int axev__erase_check_disclosures(struct axev__erasing *erasing, axev_error *err)
{
	size_t i;

	TRY(take_ids(erasing, err));
	for (i = 0; i < erasing->erased.disclosure_count; i++) {
		const axev_id *id = &erasing->erased.disclosures[i];
		char hex[AXEV_ID_HEX_SIZE];

		axev__hex(hex, id->bytes, sizeof(id->bytes));
		TRY(axev__prefix(check_one(erasing, id, err), err, "disclosure %.16s", hex));
	}
	return take_without(erasing, err);
}

/* ---- those that were not given ---- */

static bool is_given(const struct axev__erasing *erasing, const axev_id *id)
{
	return bsearch(id, erasing->erased.disclosures, erasing->erased.disclosure_count, sizeof(*id), compare_ids) != NULL;
}

static int add_other(struct axev__erasing *erasing, const axev_id *id, axev_error *err)
{
	axev_id *others = reallocarray(erasing->others, erasing->other_count + 1, sizeof(*others));

	if (!others)
		return axev__nomem(err);
	others[erasing->other_count++] = *id;
	erasing->others = others;
	return AXEV_OK;
}

static int on_entry(void *payload, uint64_t index, struct axev__span bytes, axev_error *err)
{
	struct axev__erasing *erasing = payload;
	AXEV__JSON *entry = NULL;
	struct axev__span text;
	struct axev__history history;
	char hex[AXEV_ID_HEX_SIZE];
	axev_id id;

	(void)index;
	axev__hex(hex, erasing->history.package.id.bytes, 32);
	TRY(axev__json_parse_canonical(bytes, &entry, err));
	if (!axev__json_as_string(axev__json_get(entry, "event"), &text) || !axev__span_is(text, "disclosed") ||
	    !axev__json_as_string(axev__json_at(axev__json_get(entry, "about"), 0), &text) || !axev__span_is(text, hex) ||
	    axev__json_hex(entry, "disclosure", id.bytes, sizeof(id.bytes), NULL) < 0 || is_given(erasing, &id))
		return 0;
	/* One that was given up is not here. */
	if (axev__history_find(erasing->ledger, &id, &history, NULL) == AXEV_OK && history.package.is_abandoned &&
	    history.package.sealed_index == UINT64_MAX)
		return 0;
	return add_other(erasing, &id, err);
}

int axev__erase_find_others(struct axev__erasing *erasing, axev_error *err)
{
	return axev__ledger_each(erasing->ledger->log, 0, on_entry, erasing, err);
}
