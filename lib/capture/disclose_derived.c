/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disclosure made of a disclosure: the original may be gone. What binds the original is copied; of the one that it is made of only
 * its id and its entry in the ledger go along, with who approved that one and why. Its manifest does not: it has the sizes of files that
 * hold cells which are withheld now.
 */
#include "capture/disclose.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "capture/disclosure_verify.h"
#include "package/disclosed_from.h"

/* ---- the one that it is made of ---- */

static int open_of(struct axev__disclosing *disclosing, axev_error *err)
{
	struct axev__source source;
	axev_id original;

	TRY(axev__source_file(disclosing->package.fd, &source, err));
	TRY(axev__disclosure_verify(disclosing->ledger, &source, disclosing->history.package.package_sha256, NULL, false, err));
	TRY(axev__disclosure_of(&source, &disclosing->of, err));
	memcpy(original.bytes, disclosing->of.about, sizeof(original.bytes));
	TRY(axev__prefix(axev__history_find(disclosing->ledger, &original, &disclosing->of_original, err), err, "its original"));
	if (memcmp(disclosing->of.package_sha256, disclosing->of_original.package.package_sha256, 32) != 0 ||
	    disclosing->of.entry != disclosing->of_original.package.sealed_index)
		return axev__fail(err, AXEV_E_INVALID, "it names another file or entry of the original");
	return AXEV_OK;
}

int axev__disclose_derived_open(struct axev__disclosing *disclosing, axev_error *err)
{
	unsigned before;

	TRY(axev__prefix(open_of(disclosing, err), err, "the disclosure"));
	TRY(axev__derived_count(axev__json_get(disclosing->of.manifest, "source"), &before, err));
	if (before == AXEV__MAX_DERIVED)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d disclosures, each made from the one before", AXEV__MAX_DERIVED);
	return AXEV_OK;
}

static bool is_named(const struct axev__disclosing *disclosing, size_t position, const char *name)
{
	const axev__json *row = axev__json_at(axev__json_get(disclosing->of.original, "record_sets"), position);
	struct axev__span path;

	return axev__span_is(axev__record_set_name(disclosing->of.original, position), name) ||
	       (axev__json_as_string(axev__json_get(row, "path"), &path) && axev__span_is(path, name));
}

static int fail_set(const struct axev__disclosing *disclosing, const char *name, size_t found, axev_error *err)
{
	size_t i, count = axev__json_count(axev__json_get(disclosing->of.original, "record_sets"));
	struct axev__shown shown;

	if (found > 1)
		return axev__fail(err, AXEV_E_INVAL, "expected the name or the path of one of %zu record sets", found);
	for (i = 0; i < count; i++)
		if (is_named(disclosing, i, name))
			return axev__fail(err, AXEV_E_INVAL, "the disclosure does not show record set '%s' of its original",
					  axev__show_str(&shown, name));
	return axev__fail(err, AXEV_E_NOTFOUND, "the disclosure has no record set '%s'", axev__show_str(&shown, name));
}

int axev__disclose_derived_set(struct axev__disclosing *disclosing, const char *name, struct axev__disclosing_set *set,
			       axev_error *err)
{
	const struct axev__disclosed_set *found = NULL;
	size_t i, count = 0;

	for (i = 0; i < disclosing->of.sets.count; i++) {
		const struct axev__disclosed_set *disclosed = &disclosing->of.sets.list[i];

		if (name && !is_named(disclosing, disclosed->position, name))
			continue;
		found = disclosed;
		count++;
	}
	if (count != 1)
		return fail_set(disclosing, name, count, err);
	TRY(axev__shown_set_open(disclosing->package.container, found, &set->shown, err));
	set->row = found->row;
	set->fields = set->shown.header.fields;
	return AXEV_OK;
}

/* ---- objects ---- */

static int copy_object(struct axev__disclosing *disclosing, const axev__json *object, bool *has_late, axev_error *err)
{
	struct axev__span role, path, media_type;
	char name[AXEV__MAX_ENTRY_NAME + 1], type[128];

	TRY(axev__json_string(object, "role", &role, err));
	if (!axev__span_is(role, AXEV__ORIGINAL_ROLE) && !axev__span_is(role, AXEV__DERIVED_ROLE))
		return AXEV_OK;
	TRY(axev__json_string(object, "path", &path, err));
	TRY(axev__json_string(object, "media_type", &media_type, err));
	if (path.size >= sizeof(name) || media_type.size >= sizeof(type))
		return axev__fail(err, AXEV_E_INVALID, "the disclosure has an object with a longer name or type than there is");
	snprintf(name, sizeof(name), "%.*s", (int)path.size, (const char *)path.data);
	snprintf(type, sizeof(type), "%.*s", (int)media_type.size, (const char *)media_type.data);
	*has_late = *has_late || strcmp(name, AXEV__ORIGINAL_LATE_TOKEN) == 0;
	return axev__disclose_copy(disclosing, name, name, type,
				   axev__span_is(role, AXEV__ORIGINAL_ROLE) ? AXEV__ORIGINAL_ROLE : AXEV__DERIVED_ROLE, err);
}

static int copy_objects(struct axev__disclosing *disclosing, axev_error *err)
{
	const axev__json *objects = axev__json_get(disclosing->of.manifest, "objects");
	bool has_late = false;
	size_t i;

	for (i = 0; i < axev__json_count(objects); i++)
		TRY(copy_object(disclosing, axev__json_at(objects, i), &has_late, err));
	/* One that came after the disclosure was made. */
	return has_late ? AXEV_OK : axev__disclose_late_token(disclosing, err);
}

/* ---- its entry ---- */

struct looking {
	const struct axev__disclosing *disclosing;
	uint64_t index; /* UINT64_MAX: not found yet */
	struct axev__buf *entry;
};

static int on_entry(void *payload, uint64_t index, struct axev__span bytes, axev_error *err)
{
	struct looking *looking = payload;
	AXEV__JSON *entry = NULL;
	struct axev__span event;
	uint8_t id[32];

	TRY(axev__json_parse_canonical(bytes, &entry, err));
	if (!axev__json_as_string(axev__json_get(entry, "event"), &event) || !axev__span_is(event, "disclosed") ||
	    axev__json_hex(entry, "disclosure", id, sizeof(id), NULL) < 0 || memcmp(id, looking->disclosing->package.id, sizeof(id)) != 0)
		return 0;
	looking->index = index;
	TRY(axev__buf_span(looking->entry, bytes, err));
	return 1;
}

/* That one was made of what it says: compared here as a verifier will. */
static int compare(const struct axev__disclosing *disclosing, const axev__json *entry, unsigned before, axev_error *err)
{
	const axev__json *rows = axev__json_get(axev__json_get(disclosing->of.manifest, "source"), AXEV__DERIVED_MEMBER);
	struct axev__derived expected = { disclosing->of.about, NULL, disclosing->of.id };
	uint8_t previous[32];

	if (before > 0) {
		TRY(axev__json_hex(axev__json_at(rows, before - 1), "id", previous, sizeof(previous), err));
		expected.previous = previous;
	}
	return axev__derived_entry_check(entry, &expected, err);
}

static int find_entry(const struct axev__disclosing *disclosing, uint64_t *ret_index, struct axev__buf *ret_bytes,
		      axev__json **ret_entry, axev_error *err)
{
	struct looking looking = { disclosing, UINT64_MAX, ret_bytes };
	AXEV__JSON *entry = NULL;
	unsigned before;

	/* It stands between "captured" and "sealed". */
	TRY(axev__ledger_each(disclosing->ledger->log, disclosing->history.package.captured_index, on_entry, &looking, err));
	if (looking.index == UINT64_MAX)
		return axev__fail(err, AXEV_E_INVALID, "the ledger has no entry that says of what the disclosure is one");
	TRY(axev__json_parse_canonical(axev__buf_view(ret_bytes), &entry, err));
	TRY(axev__derived_count(axev__json_get(disclosing->of.manifest, "source"), &before, err));
	TRY(axev__prefix(compare(disclosing, entry, before, err), err, "entry %" PRIu64, looking.index));
	*ret_index = looking.index;
	*ret_entry = axev__steal(entry);
	return AXEV_OK;
}

int axev__disclose_derived_add(struct axev__disclosing *disclosing, axev_error *err)
{
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES + 16 * AXEV__KIB);
	AXEV__JSON *json = NULL;
	char name[AXEV__DERIVED_NAME_SIZE];
	uint64_t index;
	unsigned before;

	TRY(copy_objects(disclosing, err));
	TRY(find_entry(disclosing, &index, &entry, &json, err));
	TRY(axev__derived_count(axev__json_get(disclosing->of.manifest, "source"), &before, err));
	TRY(axev__ledger_prove(disclosing->ledger->log, index, &proof, err));
	snprintf(name, sizeof(name), AXEV__DERIVED_ENTRY_FORM, before + 1);
	TRY(axev__take_bytes(&disclosing->take, name, axev__buf_view(&entry), "application/json", AXEV__DERIVED_ROLE, err));
	snprintf(name, sizeof(name), AXEV__DERIVED_PROOF_FORM, before + 1);
	return axev__take_bytes(&disclosing->take, name, axev__buf_view(&proof), "text/plain", AXEV__DERIVED_ROLE, err);
}

/* ---- manifest ---- */

static int copy_text(const axev__json *from, const char *member, axev__json *row, const char *as, axev_error *err)
{
	struct axev__span text;

	TRY(axev__json_string(from, member, &text, err));
	return axev__json_set_string(row, as, text, err);
}

static int own_row(const struct axev__disclosing *disclosing, axev__json **ret_row, axev_error *err)
{
	const axev__json *source = axev__json_get(disclosing->of.manifest, "source");
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__JSON *entry = NULL, *row = axev__json_new_object();
	uint64_t index;

	TRY(find_entry(disclosing, &index, &bytes, &entry, err));
	TRY(axev__json_set_hex(row, "id", disclosing->of.id, sizeof(disclosing->of.id), err));
	TRY(axev__json_set_u64(row, "entry", index, err));
	TRY(copy_text(entry, "time", row, "disclosed", err));
	TRY(copy_text(source, "approver", row, "approver", err));
	TRY(copy_text(source, "ground", row, "ground", err));
	*ret_row = axev__steal(row);
	return AXEV_OK;
}

int axev__disclose_derived_tell(const struct axev__disclosing *disclosing, axev__json *source, axev_error *err)
{
	const axev__json *before = axev__json_get(axev__json_get(disclosing->of.manifest, "source"), AXEV__DERIVED_MEMBER);
	AXEV__JSON *rows = before ? axev__json_copy(before) : axev__json_new_array(), *row = NULL;

	TRY(own_row(disclosing, &row, err));
	TRY(axev__json_append(rows, axev__steal(row), err));
	return axev__json_set(source, AXEV__DERIVED_MEMBER, axev__steal(rows), err);
}
