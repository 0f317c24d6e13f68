/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as the formats use it: strict in, RFC 8785 canonical out.
 *
 * The value domain is restricted so that canonical form is simple: objects with ASCII keys, arrays,
 * UTF-8 strings, integers of at most 2^53-1 in size, true and false. No null, no fractions.
 */
#ifndef AXEV_BASE_JSON_H
#define AXEV_BASE_JSON_H

#include "base/buf.h"

typedef struct json_t axev__json;

/* ---- reading ---- */

/*
 * Parse one complete document. Duplicate keys, null, fractions, exponents, integers beyond 2^53-1,
 * keys that are not printable ASCII, nesting beyond AXEV__MAX_JSON_DEPTH and trailing bytes are refused.
 */
int axev__json_parse(struct axev__span text, axev__json **ret_value, axev_error *err);

/* The same, and the bytes must be the canonical form of what they say. */
int axev__json_parse_canonical(struct axev__span text, axev__json **ret_value, axev_error *err);

/* Also null and fractions, for foreign documents (browser messages). Never for our own formats. */
int axev__json_parse_foreign(struct axev__span text, axev__json **ret_value, axev_error *err);

void axev__json_free(axev__json *value);
static inline void axev__json_freep(axev__json **value)
{
	axev__json_free(*value);
}
#define AXEV__JSON AXEV__CLEANUP(axev__json_freep) axev__json

enum axev__json_type {
	AXEV__JSON_OBJECT,
	AXEV__JSON_ARRAY,
	AXEV__JSON_STRING,
	AXEV__JSON_INTEGER,
	AXEV__JSON_BOOL,
	AXEV__JSON_OTHER
};
enum axev__json_type axev__json_type(const axev__json *value);

/* Lent; NULL when @object is not an object or has no such member. */
axev__json *axev__json_get(const axev__json *object, const char *key);
size_t axev__json_count(const axev__json *array_or_object);
axev__json *axev__json_at(const axev__json *array, size_t index);

/* Members one after another, in no stated order: start with *iterator = NULL; false at the end. */
bool axev__json_next(const axev__json *object, void **iterator, const char **ret_key,
		     axev__json **ret_value);

/* Lent views of a value; false when it is of another type. */
bool axev__json_as_string(const axev__json *value, struct axev__span *ret_text);
bool axev__json_as_integer(const axev__json *value, int64_t *ret_value);
bool axev__json_as_real(const axev__json *value, double *ret_value); /* foreign documents only */
bool axev__json_as_bool(const axev__json *value, bool *ret_value);

/* Required members: absence or another type is AXEV_E_FORMAT "member 'key': expected ...". */
int axev__json_string(const axev__json *object, const char *key, struct axev__span *ret_text,
		      axev_error *err);
int axev__json_u64(const axev__json *object, const char *key, uint64_t *ret_value, axev_error *err);
int axev__json_boolean(const axev__json *object, const char *key, bool *ret_value, axev_error *err);
int axev__json_array(const axev__json *object, const char *key, axev__json **ret_array,
		     axev_error *err);
int axev__json_object(const axev__json *object, const char *key, axev__json **ret_object,
		      axev_error *err);
/* 2 * @size lower-case hexadecimal digits. */
int axev__json_hex(const axev__json *object, const char *key, uint8_t *out, size_t size,
		   axev_error *err);
/* RFC 3339 with nine digits. */
int axev__json_time(const axev__json *object, const char *key, int64_t *ret_unix_ns, axev_error *err);

/* Refuse every member that is not in the NULL-terminated list @known. */
int axev__json_only(const axev__json *object, const char *const *known, axev_error *err);

/* ---- writing ---- */

axev__json *axev__json_new_object(void); /* NULL: no memory, seen by the next call that takes it */
axev__json *axev__json_new_array(void);
axev__json *axev__json_new_string(struct axev__span text); /* NULL: not UTF-8, or no memory */
axev__json *axev__json_copy(const axev__json *value);      /* deep */

/* Set or append; @value is taken over in every case, NULL is AXEV_E_NOMEM. */
int axev__json_set(axev__json *object, const char *key, axev__json *value, axev_error *err);
int axev__json_append(axev__json *array, axev__json *value, axev_error *err);

int axev__json_set_str(axev__json *object, const char *key, const char *text, axev_error *err);
int axev__json_set_string(axev__json *object, const char *key, struct axev__span text,
			  axev_error *err); /* INVAL when not UTF-8 */
int axev__json_set_u64(axev__json *object, const char *key, uint64_t value, axev_error *err);
int axev__json_set_bool(axev__json *object, const char *key, bool value, axev_error *err);
int axev__json_set_hex(axev__json *object, const char *key, const uint8_t *data, size_t size,
		       axev_error *err);
int axev__json_set_time(axev__json *object, const char *key, int64_t unix_ns, axev_error *err);
int axev__json_append_str(axev__json *array, const char *text, axev_error *err);

/* RFC 8785: members sorted, no white space, shortest escapes. */
int axev__json_canonical(const axev__json *value, struct axev__buf *out, axev_error *err);

/* For people: members sorted, two blanks an indent, a newline at the end. */
int axev__json_pretty(const axev__json *value, struct axev__buf *out, axev_error *err);

#endif
