/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <jansson.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"

axev__json *axev__json_new_object(void)
{
	return json_object();
}

axev__json *axev__json_new_array(void)
{
	return json_array();
}

axev__json *axev__json_new_string(struct axev__span text)
{
	return json_stringn((const char *)text.data, text.size);
}

axev__json *axev__json_copy(const axev__json *value)
{
	return json_deep_copy(value);
}

int axev__json_set(axev__json *object, const char *key, axev__json *value, axev_error *err)
{
	if (!object || !value || json_object_set(object, key, value) < 0) {
		json_decref(value);
		return axev__nomem(err);
	}
	json_decref(value);
	return AXEV_OK;
}

int axev__json_append(axev__json *array, axev__json *value, axev_error *err)
{
	if (!array || !value || json_array_append(array, value) < 0) {
		json_decref(value);
		return axev__nomem(err);
	}
	json_decref(value);
	return AXEV_OK;
}

int axev__json_set_string(axev__json *object, const char *key, struct axev__span text,
			  axev_error *err)
{
	if (!axev__is_utf8(text))
		return axev__fail(err, AXEV_E_INVAL, "member '%s': expected UTF-8", key);
	return axev__json_set(object, key, axev__json_new_string(text), err);
}

int axev__json_set_str(axev__json *object, const char *key, const char *text, axev_error *err)
{
	return axev__json_set_string(object, key, axev__span_str(text), err);
}

int axev__json_set_u64(axev__json *object, const char *key, uint64_t value, axev_error *err)
{
	if (value > AXEV__MAX_SAFE_INTEGER)
		return axev__fail(err, AXEV_E_LIMIT, "member '%s': expected at most 2^53-1", key);
	return axev__json_set(object, key, json_integer((json_int_t)value), err);
}

int axev__json_set_bool(axev__json *object, const char *key, bool value, axev_error *err)
{
	return axev__json_set(object, key, json_boolean(value), err);
}

int axev__json_set_hex(axev__json *object, const char *key, const uint8_t *data, size_t size,
		       axev_error *err)
{
	AXEV__FREE char *text = malloc(2 * size + 1);

	if (!text)
		return axev__nomem(err);
	axev__hex(text, data, size);
	return axev__json_set_str(object, key, text, err);
}

int axev__json_set_time(axev__json *object, const char *key, int64_t unix_ns, axev_error *err)
{
	char text[AXEV__RFC3339_SIZE];

	axev__rfc3339(text, unix_ns);
	return axev__json_set_str(object, key, text, err);
}

int axev__json_append_str(axev__json *array, const char *text, axev_error *err)
{
	return axev__json_append(array, json_string(text), err);
}

/* RFC 8785 3.2.2.2: the two-character escapes where JSON has them, else \u00xx in lower case. */
static int write_string(struct axev__buf *out, struct axev__span text, axev_error *err)
{
	static const char short_escapes[] = "btnvfr"; /* 0x08 to 0x0d, 'v' is not one */
	size_t i;

	TRY(axev__buf_byte(out, '"', err));
	for (i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (c == '"' || c == '\\')
			TRY(axev__buf_printf(out, err, "\\%c", c));
		else if (c >= 0x08 && c <= 0x0D && c != 0x0B)
			TRY(axev__buf_printf(out, err, "\\%c", short_escapes[c - 0x08]));
		else if (c < 0x20)
			TRY(axev__buf_printf(out, err, "\\u%04x", c));
		else
			TRY(axev__buf_byte(out, c, err));
	}
	return axev__buf_byte(out, '"', err);
}

static int compare_keys(const void *a, const void *b)
{
	/* ASCII keys: byte order and the UTF-16 order that RFC 8785 3.2.3 asks for are the same. */
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct layout {
	int indent; /* -1: canonical, no white space */
};

static int write_break(struct axev__buf *out, struct layout layout, axev_error *err)
{
	if (layout.indent < 0)
		return AXEV_OK;
	return axev__buf_printf(out, err, "\n%*s", 2 * layout.indent, "");
}

static struct layout deeper(struct layout layout)
{
	if (layout.indent >= 0)
		layout.indent++;
	return layout;
}

static int write_value(struct axev__buf *out, const json_t *value, struct layout layout,
		       axev_error *err);

static int write_members(struct axev__buf *out, const json_t *object, const char **keys,
			 struct layout layout, axev_error *err)
{
	size_t count = json_object_size(object), i;

	for (i = 0; i < count; i++) {
		if (i)
			TRY(axev__buf_byte(out, ',', err));
		TRY(write_break(out, deeper(layout), err));
		TRY(write_string(out, axev__span_str(keys[i]), err));
		TRY(axev__buf_str(out, layout.indent < 0 ? ":" : ": ", err));
		TRY(write_value(out, json_object_get(object, keys[i]), deeper(layout), err));
	}
	return count ? write_break(out, layout, err) : AXEV_OK;
}

static int write_object(struct axev__buf *out, const json_t *object, struct layout layout,
			axev_error *err)
{
	AXEV__FREE const char **keys = calloc(json_object_size(object) + 1, sizeof(*keys));
	const char *key;
	json_t *member;
	size_t count = 0;

	if (!keys)
		return axev__nomem(err);
	json_object_foreach((json_t *)object, key, member)
		keys[count++] = key;
	qsort(keys, count, sizeof(*keys), compare_keys);
	TRY(axev__buf_byte(out, '{', err));
	TRY(write_members(out, object, keys, layout, err));
	return axev__buf_byte(out, '}', err);
}

static int write_array(struct axev__buf *out, const json_t *array, struct layout layout,
		       axev_error *err)
{
	json_t *member;
	size_t i;

	TRY(axev__buf_byte(out, '[', err));
	json_array_foreach(array, i, member) {
		if (i)
			TRY(axev__buf_byte(out, ',', err));
		TRY(write_break(out, deeper(layout), err));
		TRY(write_value(out, member, deeper(layout), err));
	}
	if (json_array_size(array))
		TRY(write_break(out, layout, err));
	return axev__buf_byte(out, ']', err);
}

static int write_value(struct axev__buf *out, const json_t *value, struct layout layout,
		       axev_error *err)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return write_object(out, value, layout, err);
	case JSON_ARRAY:
		return write_array(out, value, layout, err);
	case JSON_STRING:
		return write_string(out,
				    axev__span(json_string_value(value), json_string_length(value)),
				    err);
	case JSON_INTEGER:
		return axev__buf_printf(out, err, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	case JSON_TRUE:
		return axev__buf_str(out, "true", err);
	case JSON_FALSE:
		return axev__buf_str(out, "false", err);
	default:
		return axev__fail(err, AXEV_E_INVAL, "null and fractions have no canonical form here");
	}
}

int axev__json_canonical(const axev__json *value, struct axev__buf *out, axev_error *err)
{
	return write_value(out, value, (struct layout){ -1 }, err);
}

int axev__json_pretty(const axev__json *value, struct axev__buf *out, axev_error *err)
{
	TRY(write_value(out, value, (struct layout){ 0 }, err));
	return axev__buf_byte(out, '\n', err);
}
