/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/facts.json: people and case of a capture as a salted record set (FORMAT.md section 3). Each value can be shown and
 * proven alone; what is withheld cannot be guessed.
 */
#include "package/record_set.h"

#include <stdio.h>

#include "base/text.h"
#include "crypto/merkle.h"

#define FACTS_FORMAT "ax-facts/1"
#define CASE_FORMAT "ax-case/1"
#define ENCODING "row-c14n/1"

/* Field 0 of every record is its type, then these, in this order. Appending needs a new format. */
static const char *const case_fields[] = {
	"number", "clue_number", "document_number", "cause", "agency", "purpose", "fact_to_prove", "place",
	"access", "notices", "medium", "medium_not_seized_reason", "no_video_reason", "no_witness_reason",
	"no_party_reason", "exceptions", "secrecy", "note", NULL
};
static const char *const person_fields[] = {
	"role", "name", "unit", "id_kind", "id_number", "address", "contact", "statement", "note", NULL
};
static const char *const required_case[] = { "purpose", "fact_to_prove", "place", NULL };
static const char *const required_person[] = { "role", "name", NULL };
static const char *const roles[] = { "officer", "operator", "witness", "party", "recorder", "director",
				     NULL };

static const char *const *fields_of(struct axev__span type)
{
	if (axev__span_is(type, "case"))
		return case_fields;
	return axev__span_is(type, "person") ? person_fields : NULL;
}

static bool is_one_of(struct axev__span text, const char *const *names)
{
	for (; *names; names++)
		if (axev__span_is(text, *names))
			return true;
	return false;
}

/* ---- the values ---- */

static int check_values(const axev__json *values, const char *const *fields,
			const char *const *required, axev_error *err)
{
	struct axev__shown shown;
	struct axev__span text;
	const char *key;
	axev__json *value;
	void *iterator = NULL;

	if (axev__json_type(values) != AXEV__JSON_OBJECT)
		return axev__fail(err, AXEV_E_FORMAT, "expected an object");
	TRY(axev__json_only(values, fields, err));
	for (; *required; required++)
		if (!axev__json_get(values, *required))
			return axev__fail(err, AXEV_E_FORMAT, "member '%s' is required", *required);
	while (axev__json_next(values, &iterator, &key, &value)) {
		if (!axev__json_as_string(value, &text) || text.size == 0)
			return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected text, not empty",
					  axev__show_str(&shown, key));
		if (text.size > AXEV__MAX_FACT_BYTES)
			return axev__fail(err, AXEV_E_LIMIT, "member '%s': expected at most %zu bytes",
					  key, AXEV__MAX_FACT_BYTES);
	}
	return AXEV_OK;
}

static int check_record(struct axev__span type, const axev__json *values, axev_error *err)
{
	struct axev__shown shown;
	struct axev__span role;

	if (axev__span_is(type, "case"))
		return check_values(values, case_fields, required_case, err);
	TRY(check_values(values, person_fields, required_person, err));
	TRY(axev__json_string(values, "role", &role, err));
	if (!is_one_of(role, roles))
		return axev__fail(err, AXEV_E_FORMAT,
				  "member 'role': expected officer, operator, witness, party, recorder or "
				  "director, found '%s'",
				  axev__show(&shown, role));
	return AXEV_OK;
}

/* ---- the tree ---- */

static int record_root(const uint8_t secret[32], uint64_t index, struct axev__span type,
		       const axev__json *values, uint8_t out[32], axev_error *err)
{
	const char *const *fields = fields_of(type);
	uint8_t leaves[AXEV__COUNT(case_fields)][32];
	uint8_t key[32], salt[AXEV__SALT_BYTES];
	AXEV__BUF cell = AXEV__BUF_INIT(AXEV__MAX_FACT_BYTES + 5);
	uint32_t i;

	TRY(axev__record_key(secret, index, key, err));
	for (i = 0; i == 0 || fields[i - 1]; i++) {
		struct axev__span text = type;

		if (i > 0 && !axev__json_as_string(axev__json_get(values, fields[i - 1]), &text))
			text = axev__span(NULL, 0);
		axev__buf_clear(&cell);
		TRY(axev__cell_text(text, &cell, err));
		TRY(axev__field_salt(key, i, salt, err));
		TRY(axev__field_leaf(salt, i, axev__buf_view(&cell), leaves[i], err));
	}
	return axev__merkle_root((const uint8_t(*)[32])leaves, i, out, err);
}

static int tagged_leaf(uint8_t tag, struct axev__span content, uint8_t out[32], axev_error *err)
{
	AXEV__HASHER *hasher = NULL;
	const uint8_t head[2] = { 0x00, tag };
	struct axev__digests digests;

	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	TRY(axev__hasher_update(hasher, head, sizeof(head), err));
	TRY(axev__hasher_update(hasher, content.data, content.size, err));
	TRY(axev__hasher_final(hasher, &digests, err));
	memcpy(out, digests.sha256, 32);
	return AXEV_OK;
}

static int header_leaf(const axev__json *facts, uint8_t out[32], axev_error *err)
{
	AXEV__JSON *header = axev__json_new_object();
	AXEV__BUF bytes = AXEV__BUF_INIT(64 * AXEV__KIB);

	TRY(axev__json_set_str(header, "format", FACTS_FORMAT, err));
	TRY(axev__json_set_str(header, "encoding", ENCODING, err));
	TRY(axev__json_set(header, "fields", axev__json_copy(axev__json_get(facts, "fields")), err));
	TRY(axev__json_canonical(header, &bytes, err));
	return tagged_leaf(0x01, axev__buf_view(&bytes), out, err);
}

static int record_leaf(const axev__json *record, const uint8_t secret[32], uint64_t index,
		       uint8_t out[32], axev_error *err)
{
	static const char *const known[] = { "type", "values", NULL };
	struct axev__span type;
	axev__json *values;
	uint8_t root[32];

	TRY(axev__json_only(record, known, err));
	TRY(axev__json_string(record, "type", &type, err));
	TRY(axev__json_object(record, "values", &values, err));
	if (!fields_of(type))
		return axev__fail(err, AXEV_E_FORMAT, "member 'type': expected case or person");
	if (axev__span_is(type, "case") != (index == 0))
		return axev__fail(err, AXEV_E_FORMAT,
				  "expected the case as the first record, and people after it");
	TRY(check_record(type, values, err));
	TRY(record_root(secret, index, type, values, root, err));
	return tagged_leaf(0x02, axev__span(root, 32), out, err);
}

static int set_root(const axev__json *facts, const uint8_t secret[32], uint8_t ret_root[32],
		    uint64_t *ret_records, axev_error *err)
{
	axev__json *records;
	AXEV__FREE uint8_t(*leaves)[32] = NULL;
	uint8_t count_bytes[8];
	size_t count, i;

	TRY(axev__json_array(facts, "records", &records, err));
	count = axev__json_count(records);
	if (count == 0 || count > AXEV__MAX_FACTS)
		return axev__fail(err, AXEV_E_LIMIT, "expected 1 to %d records, found %zu",
				  AXEV__MAX_FACTS, count);
	leaves = calloc(count + 2, sizeof(*leaves));
	if (!leaves)
		return axev__nomem(err);
	TRY(header_leaf(facts, leaves[0], err));
	for (i = 0; i < count; i++)
		TRY(axev__prefix(record_leaf(axev__json_at(records, i), secret, i, leaves[i + 1], err),
				 err, "record %zu", i));
	axev__put_u64be(count_bytes, count);
	TRY(tagged_leaf(0x03, axev__span(count_bytes, 8), leaves[count + 1], err));
	TRY(axev__merkle_root((const uint8_t(*)[32])leaves, count + 2, ret_root, err));
	*ret_records = count;
	return AXEV_OK;
}

/* ---- making ---- */

static int add_names(axev__json *object, const char *type, const char *const *fields, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();

	for (; *fields; fields++)
		TRY(axev__json_append_str(list, *fields, err));
	return axev__json_set(object, type, axev__steal(list), err);
}

static int field_names(axev__json **ret_fields, axev_error *err)
{
	AXEV__JSON *fields = axev__json_new_object();

	TRY(add_names(fields, "case", case_fields, err));
	TRY(add_names(fields, "person", person_fields, err));
	*ret_fields = axev__steal(fields);
	return AXEV_OK;
}

static int add_record(axev__json *records, const char *type, const axev__json *values, axev_error *err)
{
	AXEV__JSON *record = axev__json_new_object();

	TRY(axev__json_set_str(record, "type", type, err));
	TRY(axev__json_set(record, "values", axev__json_copy(values), err));
	return axev__json_append(records, axev__steal(record), err);
}

static size_t count_role(const axev__json *people, const char *role)
{
	size_t count = 0, i;

	for (i = 0; i < axev__json_count(people); i++) {
		struct axev__span found;

		if (axev__json_as_string(axev__json_get(axev__json_at(people, i), "role"), &found) &&
		    axev__span_is(found, role))
			count++;
	}
	return count;
}

/* The persons a record of taking evidence must name, or say why not. */
static int check_people(const axev__json *case_values, const axev__json *people, axev_error *err)
{
	size_t officers = count_role(people, "officer");

	/* Administrative Penalty Law, Article 42: not fewer than two enforcement officers. */
	if (officers < 2)
		return axev__fail(err, AXEV_E_FORMAT,
				  "people: expected at least two with role officer, found %zu", officers);
	if (count_role(people, "operator") == 0)
		return axev__fail(err, AXEV_E_FORMAT, "people: expected one with role operator, found none");
	if (count_role(people, "witness") == 0 && !axev__json_get(case_values, "no_witness_reason"))
		return axev__fail(err, AXEV_E_FORMAT,
				  "people: expected one with role witness, or case.no_witness_reason");
	if (count_role(people, "party") == 0 && !axev__json_get(case_values, "no_party_reason"))
		return axev__fail(err, AXEV_E_FORMAT,
				  "people: expected one with role party, or case.no_party_reason");
	return AXEV_OK;
}

static int check_case_file(const axev__json *case_facts, axev__json **ret_case, axev__json **ret_people,
			   axev_error *err)
{
	static const char *const known[] = { "format", "case", "people", NULL };
	struct axev__span format;
	size_t i;

	TRY(axev__json_string(case_facts, "format", &format, err));
	if (!axev__span_is(format, CASE_FORMAT))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "member 'format': expected " CASE_FORMAT);
	TRY(axev__json_only(case_facts, known, err));
	TRY(axev__json_object(case_facts, "case", ret_case, err));
	TRY(axev__json_array(case_facts, "people", ret_people, err));
	TRY(axev__prefix(check_record(axev__span_str("case"), *ret_case, err), err, "case"));
	for (i = 0; i < axev__json_count(*ret_people); i++)
		TRY(axev__prefix(check_record(axev__span_str("person"), axev__json_at(*ret_people, i),
					      err),
				 err, "people[%zu]", i));
	return check_people(*ret_case, *ret_people, err);
}

int axev__facts_make(const axev__json *case_facts, const uint8_t secret[32],
		     struct axev__buf *ret_bytes, uint8_t ret_root[32], uint64_t *ret_records,
		     axev_error *err)
{
	AXEV__JSON *facts = axev__json_new_object();
	AXEV__JSON *records = axev__json_new_array();
	axev__json *case_values, *people, *fields = NULL;
	size_t i;

	TRY(check_case_file(case_facts, &case_values, &people, err));
	TRY(add_record(records, "case", case_values, err));
	for (i = 0; i < axev__json_count(people); i++)
		TRY(add_record(records, "person", axev__json_at(people, i), err));
	TRY(field_names(&fields, err));
	TRY(axev__json_set(facts, "fields", fields, err));
	TRY(axev__json_set_str(facts, "format", FACTS_FORMAT, err));
	TRY(axev__json_set_hex(facts, "secret", secret, 32, err));
	TRY(axev__json_set(facts, "records", axev__steal(records), err));
	TRY(set_root(facts, secret, ret_root, ret_records, err));
	return axev__json_canonical(facts, ret_bytes, err);
}

/* ---- reading ---- */

static int check_fields(const axev__json *facts, axev_error *err)
{
	AXEV__BUF expected = AXEV__BUF_INIT(64 * AXEV__KIB);
	AXEV__BUF found = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	AXEV__JSON *fields = NULL;
	axev__json *stated;

	TRY(axev__json_object(facts, "fields", &stated, err));
	TRY(field_names(&fields, err));
	TRY(axev__json_canonical(fields, &expected, err));
	TRY(axev__json_canonical(stated, &found, err));
	if (!axev__span_equal(axev__buf_view(&expected), axev__buf_view(&found)))
		return axev__fail(err, AXEV_E_FORMAT, "member 'fields': expected the fields of " FACTS_FORMAT);
	return AXEV_OK;
}

static int facts_read(struct axev__span bytes, axev__json **ret_facts, uint8_t ret_root[32],
		      uint64_t *ret_records, axev_error *err)
{
	static const char *const known[] = { "format", "secret", "fields", "records", NULL };
	AXEV__JSON *facts = NULL;
	struct axev__span format;
	uint8_t secret[32], root[32];
	uint64_t records;

	TRY(axev__json_parse_canonical(bytes, &facts, err));
	TRY(axev__json_string(facts, "format", &format, err));
	if (!axev__span_is(format, FACTS_FORMAT))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "member 'format': expected " FACTS_FORMAT);
	TRY(axev__json_only(facts, known, err));
	TRY(axev__json_hex(facts, "secret", secret, sizeof(secret), err));
	TRY(check_fields(facts, err));
	TRY(set_root(facts, secret, root, &records, err));
	memcpy(ret_root, root, 32);
	*ret_records = records;
	*ret_facts = axev__steal(facts);
	return AXEV_OK;
}

int axev__facts_read(struct axev__span bytes, axev__json **ret_facts, uint8_t ret_root[32],
		     uint64_t *ret_records, axev_error *err)
{
	return axev__prefix(facts_read(bytes, ret_facts, ret_root, ret_records, err), err,
			    "data/facts.json");
}
