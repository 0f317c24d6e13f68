/* SPDX-License-Identifier: Apache-2.0 */
#include "package/manifest.h"

#include "base/path.h"
#include "base/text.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "package/manifest_schema.h"
#include "package/manifest_shape.h"

static int check_shape(const axev__json *value, const struct axev__shape *shape, unsigned kind,
		       axev_error *err);

/* ---- single values ---- */

static bool is_hex(struct axev__span text, size_t bytes)
{
	uint8_t out[64];

	return axev__unhex(out, bytes, text);
}

static bool is_base64(struct axev__span text)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_SOURCE_NAME);

	return axev__unbase64(&out, text);
}

static bool is_decimal(struct axev__span text, bool is_signed)
{
	uint64_t value;

	if (is_signed && text.size > 1 && text.data[0] == '-') {
		text = axev__span(text.data + 1, text.size - 1);
		return axev__parse_u64(text, INT64_MAX, &value) && value != 0; /* "-0" is 0 */
	}
	return axev__parse_u64(text, is_signed ? INT64_MAX : UINT64_MAX, &value);
}

static bool is_mode(struct axev__span text)
{
	size_t i;

	for (i = 0; i < text.size; i++)
		if (text.data[i] < '0' || text.data[i] > '7')
			return false;
	return text.size == 4;
}

static bool is_path(struct axev__span text)
{
	return axev__span_starts(text, "data/") && axev__is_entry_name(text);
}

static bool is_text_of(enum axev__member_type type, struct axev__span text)
{
	int64_t time_ns;

	switch (type) {
	case AXEV__IS_TEXT:
		return true;
	case AXEV__IS_HEX16:
		return is_hex(text, 16);
	case AXEV__IS_HEX32:
		return is_hex(text, 32);
	case AXEV__IS_HEX64:
		return is_hex(text, 64);
	case AXEV__IS_DECIMAL:
		return is_decimal(text, false);
	case AXEV__IS_SIGNED:
		return is_decimal(text, true);
	case AXEV__IS_TIME:
		return axev__parse_rfc3339(text, &time_ns);
	case AXEV__IS_PATH:
		return is_path(text);
	case AXEV__IS_BASE64:
		return is_base64(text);
	case AXEV__IS_MODE:
		return is_mode(text);
	case AXEV__IS_FORMAT:
		return axev__span_is(text, AXEV__FORMAT_NAME);
	case AXEV__IS_KIND:
		return axev__kind_from_name((const char *)text.data, text.size) != 0;
	default:
		return false;
	}
}

static const char *const descriptions[] = {
	[AXEV__IS_TEXT] = "text",
	[AXEV__IS_HEX16] = "32 lower-case hexadecimal digits",
	[AXEV__IS_HEX32] = "64 lower-case hexadecimal digits",
	[AXEV__IS_HEX64] = "128 lower-case hexadecimal digits",
	[AXEV__IS_DECIMAL] = "a decimal number from 0 as text",
	[AXEV__IS_SIGNED] = "a decimal number as text",
	[AXEV__IS_INTEGER] = "an integer from 0",
	[AXEV__IS_BOOL] = "true or false",
	[AXEV__IS_TRUE] = "true, or no such member",
	[AXEV__IS_TIME] = "a time as 2026-11-24T08:00:00.000000000Z",
	[AXEV__IS_PATH] = "a path as data/name",
	[AXEV__IS_BASE64] = "canonical base64",
	[AXEV__IS_MODE] = "four octal digits",
	[AXEV__IS_KIND] = "web, mail, edi, db, file, attestation, disclosure or bundle",
	[AXEV__IS_FORMAT] = AXEV__FORMAT_NAME,
	[AXEV__IS_OBJECT] = "an object",
	[AXEV__IS_OBJECTS] = "an array of objects",
	[AXEV__IS_TEXTS] = "an array of texts",
	[AXEV__IS_HEX32S] = "an array of SHA-256 in lower-case hexadecimal",
	[AXEV__IS_FLAT] = "an object of texts, integers and booleans",
	[AXEV__IS_COMPLETE] = "true, or what is missing as a list of {what, why} that is not empty",
	[AXEV__IS_SOURCE] = "an object",
	[AXEV__IS_ANY] = "anything",
};

/* ---- compound values ---- */

static bool is_array_of(const axev__json *value, enum axev__member_type type)
{
	struct axev__span text;
	size_t i;

	if (axev__json_type(value) != AXEV__JSON_ARRAY)
		return false;
	for (i = 0; i < axev__json_count(value); i++)
		if (!axev__json_as_string(axev__json_at(value, i), &text) || !is_text_of(type, text))
			return false;
	return true;
}

static bool is_flat(const axev__json *value)
{
	const char *key;
	axev__json *member;
	void *iterator = NULL;

	if (axev__json_type(value) != AXEV__JSON_OBJECT)
		return false;
	while (axev__json_next(value, &iterator, &key, &member)) {
		enum axev__json_type type = axev__json_type(member);

		if (type != AXEV__JSON_STRING && type != AXEV__JSON_INTEGER && type != AXEV__JSON_BOOL)
			return false;
	}
	return true;
}

static bool is_complete_member(const axev__json *value)
{
	static const char *const known[] = { "what", "why", NULL };
	struct axev__span text;
	bool is_true;
	size_t i;

	if (axev__json_as_bool(value, &is_true))
		return is_true;
	if (axev__json_type(value) != AXEV__JSON_ARRAY || axev__json_count(value) == 0)
		return false;
	for (i = 0; i < axev__json_count(value); i++) {
		const axev__json *item = axev__json_at(value, i);

		if (axev__json_string(item, "what", &text, NULL) < 0 ||
		    axev__json_string(item, "why", &text, NULL) < 0 ||
		    axev__json_only(item, known, NULL) < 0)
			return false;
	}
	return true;
}

static bool is_plain(const axev__json *value, enum axev__member_type type)
{
	struct axev__span text;
	int64_t integer;
	bool boolean;

	switch (type) {
	case AXEV__IS_INTEGER:
		return axev__json_as_integer(value, &integer) && integer >= 0;
	case AXEV__IS_BOOL:
		return axev__json_as_bool(value, &boolean);
	case AXEV__IS_TRUE:
		return axev__json_as_bool(value, &boolean) && boolean;
	case AXEV__IS_TEXTS:
		return is_array_of(value, AXEV__IS_TEXT);
	case AXEV__IS_HEX32S:
		return is_array_of(value, AXEV__IS_HEX32);
	case AXEV__IS_FLAT:
		return is_flat(value);
	case AXEV__IS_COMPLETE:
		return is_complete_member(value);
	case AXEV__IS_ANY:
		return true;
	default:
		return axev__json_as_string(value, &text) && is_text_of(type, text);
	}
}

static int wrong(const struct axev__member *member, axev_error *err)
{
	return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected %s", member->name,
			  descriptions[member->type]);
}

static int check_objects_of(const axev__json *value, const struct axev__member *member, unsigned kind,
			    axev_error *err)
{
	size_t i;

	if (axev__json_type(value) != AXEV__JSON_ARRAY)
		return wrong(member, err);
	for (i = 0; i < axev__json_count(value); i++)
		TRY(axev__prefix(check_shape(axev__json_at(value, i), member->shape, kind, err), err,
				 "%s[%zu]", member->name, i));
	return AXEV_OK;
}

static int check_member(const axev__json *value, const struct axev__member *member, unsigned kind,
			axev_error *err)
{
	switch (member->type) {
	case AXEV__IS_OBJECT:
		return axev__prefix(check_shape(value, member->shape, kind, err), err, "%s",
				    member->name);
	case AXEV__IS_SOURCE:
		return axev__prefix(check_shape(value, axev__source_shape(kind), kind, err), err, "%s",
				    member->name);
	case AXEV__IS_OBJECTS:
		return check_objects_of(value, member, kind, err);
	default:
		return is_plain(value, member->type) ? AXEV_OK : wrong(member, err);
	}
}

static const struct axev__member *find_member(const struct axev__shape *shape, const char *name,
					      unsigned kind)
{
	size_t i;

	for (i = 0; i < shape->count; i++)
		if (strcmp(shape->members[i].name, name) == 0)
			return shape->members[i].allowed_in & kind ? &shape->members[i] : NULL;
	return NULL;
}

/* Fails only with a name that is not in the table: the one thing that depends on no order. */
static int check_names(const axev__json *value, const struct axev__shape *shape, unsigned kind,
		       axev_error *err)
{
	struct axev__shown shown;
	const char *key;
	axev__json *member;
	void *iterator = NULL;

	if (axev__json_type(value) != AXEV__JSON_OBJECT)
		return axev__fail(err, AXEV_E_FORMAT, "expected an object");
	while (axev__json_next(value, &iterator, &key, &member))
		if (!find_member(shape, key, kind))
			return axev__fail(err, AXEV_E_FORMAT,
					  "member '%s' is not known here; own members go under \"ext\"",
					  axev__show_str(&shown, key));
	return AXEV_OK;
}

static int check_shape(const axev__json *value, const struct axev__shape *shape, unsigned kind,
		       axev_error *err)
{
	size_t i;

	TRY(check_names(value, shape, kind, err));
	for (i = 0; i < shape->count; i++) {
		const struct axev__member *member = &shape->members[i];
		const axev__json *found = axev__json_get(value, member->name);

		if (found)
			TRY(check_member(found, member, kind, err));
		else if (member->required_in & kind)
			return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected %s, found none",
					  member->name, descriptions[member->type]);
	}
	return AXEV_OK;
}

int axev__shape_check(const axev__json *value, const struct axev__shape *shape, axev_error *err)
{
	return check_shape(value, shape, AXEV__KINDS_ALL, err);
}

/* ---- the whole ---- */

static int check_signature_count(const axev__json *manifest, axev_error *err)
{
	size_t count = axev__json_count(axev__json_get(manifest, "expected_signatures"));

	if (count == 0 || count > AXEV__MAX_SIGNATURES)
		return axev__fail(err, AXEV_E_FORMAT,
				  "member 'expected_signatures': expected 1 to %d, found %zu",
				  AXEV__MAX_SIGNATURES, count);
	return AXEV_OK;
}

/* Whose rows are not all there is not whole. */
static int check_early_ends(const axev__json *manifest, axev_error *err)
{
	const axev__json *sets = axev__json_get(manifest, "record_sets");
	bool is_complete = false;
	size_t i;

	axev__json_as_bool(axev__json_get(manifest, "complete"), &is_complete);
	for (i = 0; is_complete && i < axev__json_count(sets); i++)
		if (axev__json_get(axev__json_at(sets, i), "ended_early"))
			return axev__fail(err, AXEV_E_FORMAT,
					  "member 'complete': expected what is missing of record_sets[%zu], which ended early, found true", i);
	return AXEV_OK;
}

static int check(const axev__json *manifest, axev_error *err)
{
	struct axev__span format, kind;
	struct axev__shown shown;
	unsigned bit;

	TRY(axev__json_string(manifest, "format", &format, err));
	if (!axev__span_is(format, AXEV__FORMAT_NAME))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "newer format: expected " AXEV__FORMAT_NAME
				  ", found '%s'", axev__show(&shown, format));
	TRY(axev__json_string(manifest, "kind", &kind, err));
	bit = axev__kind_from_name((const char *)kind.data, kind.size);
	if (!bit)
		return axev__fail(err, AXEV_E_FORMAT, "member 'kind': expected %s, found '%s'",
				  descriptions[AXEV__IS_KIND], axev__show(&shown, kind));
	TRY(check_shape(manifest, &axev__manifest_shape, bit, err));
	TRY(check_early_ends(manifest, err));
	return check_signature_count(manifest, err);
}

int axev__manifest_check(const axev__json *manifest, axev_error *err)
{
	return axev__prefix(check(manifest, err), err, "data/evidence.json");
}

int axev__manifest_read(struct axev__span bytes, axev__json **ret_manifest, axev_error *err)
{
	AXEV__JSON *manifest = NULL;

	if (bytes.size > AXEV__MAX_MANIFEST_BYTES)
		return axev__fail(err, AXEV_E_LIMIT,
				  "data/evidence.json: expected at most %zu bytes, found %zu",
				  AXEV__MAX_MANIFEST_BYTES, bytes.size);
	TRY(axev__prefix(axev__json_parse_canonical(bytes, &manifest, err), err, "data/evidence.json"));
	TRY(axev__manifest_check(manifest, err));
	*ret_manifest = axev__steal(manifest);
	return AXEV_OK;
}

int axev__manifest_write(const axev__json *manifest, struct axev__buf *out, uint8_t ret_id[32],
			 axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);

	TRY(axev__manifest_check(manifest, err));
	TRY(axev__prefix(axev__json_canonical(manifest, &bytes, err), err, "data/evidence.json"));
	TRY(axev__buf_span(out, axev__buf_view(&bytes), err));
	return axev__sha256(bytes.data, bytes.size, ret_id, err);
}
