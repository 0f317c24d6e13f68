/* SPDX-License-Identifier: Apache-2.0 */
#include "package/disclosed_from.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

int axev__derived_count(const axev__json *source, unsigned *ret_count, axev_error *err)
{
	const axev__json *list = axev__json_get(source, AXEV__DERIVED_MEMBER);
	size_t count = axev__json_count(list);

	if (list && (axev__json_type(list) != AXEV__JSON_ARRAY || count == 0 || count > AXEV__MAX_DERIVED))
		return axev__fail(err, AXEV_E_INVALID, "expected 1 to %d disclosures in derived_from, found %zu", AXEV__MAX_DERIVED, count);
	*ret_count = (unsigned)count;
	return AXEV_OK;
}

bool axev__is_derived_entry(const axev__json *source, struct axev__span path)
{
	char name[AXEV__DERIVED_NAME_SIZE];
	unsigned count, number;

	if (axev__derived_count(source, &count, NULL) < 0)
		return false;
	for (number = 1; number <= count; number++) {
		snprintf(name, sizeof(name), AXEV__DERIVED_ENTRY_FORM, number);
		if (axev__span_is(path, name))
			return true;
		snprintf(name, sizeof(name), AXEV__DERIVED_PROOF_FORM, number);
		if (axev__span_is(path, name))
			return true;
	}
	return false;
}

static bool is_id(const axev__json *list, size_t at, const uint8_t id[32])
{
	struct axev__span text;
	uint8_t found[32];

	return axev__json_as_string(axev__json_at(list, at), &text) && axev__unhex(found, sizeof(found), text) &&
	       memcmp(found, id, sizeof(found)) == 0;
}

int axev__derived_entry_check(const axev__json *entry, const struct axev__derived *expected, axev_error *err)
{
	const axev__json *about = axev__json_get(entry, "about");
	struct axev__span text;
	uint8_t id[32];

	TRY(axev__json_string(entry, "format", &text, err));
	if (!axev__span_is(text, "ax-ledger/1"))
		return axev__fail(err, AXEV_E_FORMAT, "expected an entry of format ax-ledger/1");
	TRY(axev__json_string(entry, "event", &text, err));
	if (!axev__span_is(text, "disclosed"))
		return axev__fail(err, AXEV_E_INVALID, "the entry is about no disclosure");
	TRY(axev__json_hex(entry, "disclosure", id, sizeof(id), err));
	if (memcmp(id, expected->id, sizeof(id)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the entry is about another disclosure");
	if (!is_id(about, 0, expected->original))
		return axev__fail(err, AXEV_E_INVALID, "the entry is about a disclosure of another original");
	if (axev__json_count(about) != (expected->previous ? 2u : 1u) ||
	    (expected->previous && !is_id(about, 1, expected->previous)))
		return axev__fail(err, AXEV_E_INVALID, "the entry says that it was made from something else");
	return AXEV_OK;
}
