/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <jansson.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"

/* jansson parses by recursion up to its own built-in depth; ours is smaller and checked first. */
static int check_depth(struct axev__span text, size_t max_depth, axev_error *err)
{
	size_t depth = 0, i;
	bool in_string = false;

	for (i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
			continue;
		}
		if (c == '"')
			in_string = true;
		else if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && depth > 0)
			depth--;
		if (depth > max_depth)
			return axev__fail_at(err, AXEV_E_LIMIT, i, "expected at most %zu levels of JSON",
					     max_depth);
	}
	return AXEV_OK;
}

static int check_key(const char *key, axev_error *err)
{
	const char *c;

	for (c = key; *c; c++)
		if (*c < 0x20 || *c > 0x7E)
			return axev__fail(err, AXEV_E_FORMAT, "expected ASCII member names in JSON");
	return AXEV_OK;
}

/* The restricted value domain of our own formats. */
static int check_domain(const json_t *value, axev_error *err)
{
	const char *key;
	json_t *member;
	json_int_t integer;
	size_t i;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		json_object_foreach((json_t *)value, key, member) {
			TRY(check_key(key, err));
			TRY(check_domain(member, err));
		}
		return AXEV_OK;
	case JSON_ARRAY:
		json_array_foreach(value, i, member)
			TRY(check_domain(member, err));
		return AXEV_OK;
	case JSON_INTEGER:
		integer = json_integer_value(value);
		if (integer > AXEV__MAX_SAFE_INTEGER || integer < -AXEV__MAX_SAFE_INTEGER)
			return axev__fail(err, AXEV_E_FORMAT, "expected JSON integers within 2^53-1");
		return AXEV_OK;
	case JSON_STRING:
	case JSON_TRUE:
	case JSON_FALSE:
		return AXEV_OK;
	default:
		return axev__fail(err, AXEV_E_FORMAT,
				  "expected no null and no fractions in JSON; write them as strings");
	}
}

static int load(struct axev__span text, size_t max_depth, json_t **ret_value, axev_error *err)
{
	json_error_t details;
	struct axev__shown shown;

	TRY(check_depth(text, max_depth, err));
	memset(&details, 0, sizeof(details));
	*ret_value = json_loadb((const char *)text.data, text.size,
				JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &details);
	if (*ret_value)
		return AXEV_OK;
	/* jansson 2.14 leaves no text for most failed allocations; its codes are meaningless then. */
	if (details.text[0] == '\0' || json_error_code(&details) == json_error_out_of_memory)
		return axev__nomem(err);
	return axev__fail_at(err, AXEV_E_FORMAT, details.position > 0 ? (uint64_t)details.position : 0,
			     "not the expected JSON, line %d: %s", details.line,
			     axev__show_str(&shown, details.text));
}

int axev__json_parse_foreign(struct axev__span text, axev__json **ret_value, axev_error *err)
{
	return load(text, AXEV__MAX_FOREIGN_JSON_DEPTH, ret_value, err);
}

int axev__json_parse(struct axev__span text, axev__json **ret_value, axev_error *err)
{
	AXEV__JSON *value = NULL;

	TRY(load(text, AXEV__MAX_JSON_DEPTH, &value, err));
	TRY(check_domain(value, err));
	*ret_value = axev__steal(value);
	return AXEV_OK;
}

int axev__json_parse_canonical(struct axev__span text, axev__json **ret_value, axev_error *err)
{
	AXEV__BUF again = AXEV__BUF_INIT(text.size + 1);
	AXEV__JSON *value = NULL;
	int status;

	TRY(axev__json_parse(text, &value, err));
	status = axev__json_canonical(value, &again, NULL);
	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (status < 0 || !axev__span_equal(axev__buf_view(&again), text))
		return axev__fail(err, AXEV_E_FORMAT, "expected canonical JSON (RFC 8785)");
	*ret_value = axev__steal(value);
	return AXEV_OK;
}

void axev__json_free(axev__json *value)
{
	json_decref(value);
}

enum axev__json_type axev__json_type(const axev__json *value)
{
	if (!value)
		return AXEV__JSON_OTHER;
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return AXEV__JSON_OBJECT;
	case JSON_ARRAY:
		return AXEV__JSON_ARRAY;
	case JSON_STRING:
		return AXEV__JSON_STRING;
	case JSON_INTEGER:
		return AXEV__JSON_INTEGER;
	case JSON_TRUE:
	case JSON_FALSE:
		return AXEV__JSON_BOOL;
	default:
		return AXEV__JSON_OTHER;
	}
}

axev__json *axev__json_get(const axev__json *object, const char *key)
{
	return json_object_get(object, key);
}

size_t axev__json_count(const axev__json *array_or_object)
{
	return json_is_array(array_or_object) ? json_array_size(array_or_object) :
						json_object_size(array_or_object);
}

axev__json *axev__json_at(const axev__json *array, size_t index)
{
	return json_array_get(array, index);
}

bool axev__json_next(const axev__json *object, void **iterator, const char **ret_key,
		     axev__json **ret_value)
{
	json_t *members = (json_t *)object;

	*iterator = *iterator ? json_object_iter_next(members, *iterator) :
				json_object_iter(members);
	if (!*iterator)
		return false;
	*ret_key = json_object_iter_key(*iterator);
	*ret_value = json_object_iter_value(*iterator);
	return true;
}

bool axev__json_as_string(const axev__json *value, struct axev__span *ret_text)
{
	if (!json_is_string(value))
		return false;
	*ret_text = axev__span(json_string_value(value), json_string_length(value));
	return true;
}

bool axev__json_as_integer(const axev__json *value, int64_t *ret_value)
{
	if (!json_is_integer(value))
		return false;
	*ret_value = json_integer_value(value);
	return true;
}

bool axev__json_as_real(const axev__json *value, double *ret_value)
{
	if (!json_is_number(value))
		return false;
	*ret_value = json_number_value(value);
	return true;
}

bool axev__json_as_bool(const axev__json *value, bool *ret_value)
{
	if (!json_is_boolean(value))
		return false;
	*ret_value = json_is_true(value);
	return true;
}

static int unexpected(const char *key, const axev__json *found, const char *expected,
		      axev_error *err)
{
	return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected %s, found %s", key, expected,
			  found ? "something else" : "none");
}

int axev__json_string(const axev__json *object, const char *key, struct axev__span *ret_text,
		      axev_error *err)
{
	const axev__json *value = axev__json_get(object, key);

	if (!axev__json_as_string(value, ret_text))
		return unexpected(key, value, "a string", err);
	return AXEV_OK;
}

int axev__json_u64(const axev__json *object, const char *key, uint64_t *ret_value, axev_error *err)
{
	const axev__json *value = axev__json_get(object, key);
	int64_t integer;

	if (!axev__json_as_integer(value, &integer) || integer < 0)
		return unexpected(key, value, "an integer from 0", err);
	*ret_value = (uint64_t)integer;
	return AXEV_OK;
}

int axev__json_boolean(const axev__json *object, const char *key, bool *ret_value, axev_error *err)
{
	const axev__json *value = axev__json_get(object, key);

	if (!axev__json_as_bool(value, ret_value))
		return unexpected(key, value, "true or false", err);
	return AXEV_OK;
}

int axev__json_array(const axev__json *object, const char *key, axev__json **ret_array,
		     axev_error *err)
{
	axev__json *value = axev__json_get(object, key);

	if (!json_is_array(value))
		return unexpected(key, value, "an array", err);
	*ret_array = value;
	return AXEV_OK;
}

int axev__json_object(const axev__json *object, const char *key, axev__json **ret_object,
		      axev_error *err)
{
	axev__json *value = axev__json_get(object, key);

	if (!json_is_object(value))
		return unexpected(key, value, "an object", err);
	*ret_object = value;
	return AXEV_OK;
}

int axev__json_hex(const axev__json *object, const char *key, uint8_t *out, size_t size,
		   axev_error *err)
{
	struct axev__span text;

	TRY(axev__json_string(object, key, &text, err));
	if (!axev__unhex(out, size, text))
		return axev__fail(err, AXEV_E_FORMAT,
				  "member '%s': expected %zu lower-case hexadecimal digits", key, 2 * size);
	return AXEV_OK;
}

int axev__json_time(const axev__json *object, const char *key, int64_t *ret_unix_ns, axev_error *err)
{
	struct axev__span text;

	TRY(axev__json_string(object, key, &text, err));
	if (!axev__parse_rfc3339(text, ret_unix_ns))
		return axev__fail(err, AXEV_E_FORMAT,
				  "member '%s': expected a time as 2026-11-24T08:00:00.000000000Z", key);
	return AXEV_OK;
}

int axev__json_only(const axev__json *object, const char *const *known, axev_error *err)
{
	struct axev__shown shown;
	const char *key;
	axev__json *value;
	void *iterator = NULL;

	while (axev__json_next(object, &iterator, &key, &value)) {
		const char *const *name = known;

		while (*name && strcmp(*name, key) != 0)
			name++;
		if (!*name)
			return axev__fail(err, AXEV_E_FORMAT, "unknown member '%s'",
					  axev__show_str(&shown, key));
	}
	return AXEV_OK;
}
