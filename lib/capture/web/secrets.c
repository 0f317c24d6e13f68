/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/secrets.h"

#include <stdlib.h>
#include <strings.h>

#include "base/limits.h"
#include "capture/web/cdp.h"

int axev__secrets_add(struct axev__secrets *secrets, struct axev__span text, axev_error *err)
{
	char **list, *copy;
	size_t i;

	for (i = 0; i < secrets->count; i++)
		if (axev__span_is(text, secrets->list[i]))
			return AXEV_OK;
	if (secrets->count == AXEV__MAX_SECRETS)
		return axev__fail(err, AXEV_E_LIMIT, "more than %d secrets", AXEV__MAX_SECRETS);
	list = reallocarray(secrets->list, secrets->count + 1, sizeof(*list));
	if (!list)
		return axev__nomem(err);
	secrets->list = list;
	copy = strndup((const char *)text.data, text.size);
	if (!copy)
		return axev__nomem(err);
	secrets->list[secrets->count++] = copy;
	return AXEV_OK;
}

void axev__secrets_free(struct axev__secrets *secrets)
{
	size_t i;

	for (i = 0; i < secrets->count; i++) {
		explicit_bzero(secrets->list[i], strlen(secrets->list[i]));
		free(secrets->list[i]);
	}
	free(secrets->list);
	*secrets = (struct axev__secrets){ 0 };
}

/* ---- which strings of a snapshot are secret ---- */

struct snapshot {
	const axev__json *strings;
	uint8_t *is_hidden; /* of each string */
	size_t count;
};

static struct axev__span string_at(const struct snapshot *snapshot, const axev__json *index, size_t *ret_index)
{
	struct axev__span text = axev__span("", 0);
	int64_t number = -1;

	*ret_index = SIZE_MAX;
	if (axev__json_as_integer(index, &number) && number >= 0 && (uint64_t)number < snapshot->count &&
	    axev__json_as_string(axev__json_at(snapshot->strings, (size_t)number), &text))
		*ret_index = (size_t)number;
	return text;
}

static bool is_word(struct axev__span text, const char *word)
{
	return text.size == strlen(word) && strncasecmp((const char *)text.data, word, text.size) == 0;
}

/* Attributes are a list of name, value, name, value. */
static bool is_password_field(const struct snapshot *snapshot, const axev__json *attributes)
{
	size_t i, ignored;

	for (i = 0; i + 1 < axev__json_count(attributes); i += 2)
		if (is_word(string_at(snapshot, axev__json_at(attributes, i), &ignored), "type") &&
		    is_word(string_at(snapshot, axev__json_at(attributes, i + 1), &ignored), "password"))
			return true;
	return false;
}

/* "inputValue": {"index": [nodes], "value": [strings]} */
static int hide_fields(struct axev__secrets *secrets, const struct snapshot *snapshot,
		       const axev__json *document, axev_error *err)
{
	const axev__json *nodes = axev__json_get(document, "nodes");
	const axev__json *input = axev__json_get(nodes, "inputValue"), *values = axev__json_get(input, "value");
	size_t i, index;

	for (i = 0; i < axev__json_count(values); i++) {
		struct axev__span text = string_at(snapshot, axev__json_at(values, i), &index);
		int64_t node = -1;

		axev__json_as_integer(axev__json_at(axev__json_get(input, "index"), i), &node);
		if (index == SIZE_MAX || text.size == 0 || node < 0 ||
		    !is_password_field(snapshot,
				       axev__json_at(axev__json_get(nodes, "attributes"), (size_t)node)))
			continue;
		TRY(axev__secrets_add(secrets, text, err));
	}
	return AXEV_OK;
}

static bool is_secret(const struct axev__secrets *secrets, struct axev__span text)
{
	size_t i;

	for (i = 0; i < secrets->count; i++)
		if (axev__span_is(text, secrets->list[i]))
			return true;
	return false;
}

static void mark_secrets(const struct axev__secrets *secrets, struct snapshot *snapshot)
{
	struct axev__span text;
	size_t i;

	for (i = 0; i < snapshot->count; i++)
		snapshot->is_hidden[i] =
			axev__json_as_string(axev__json_at(snapshot->strings, i), &text) && is_secret(secrets, text);
}

/* ---- the bytes again ---- */

/* Behind the closing quote of the string literal at the start; 0: there is none. */
static size_t literal_length(struct axev__span text)
{
	size_t i;

	if (text.size == 0 || text.data[0] != '"')
		return 0;
	for (i = 1; i < text.size; i++) {
		if (text.data[i] == '\\')
			i++;
		else if (text.data[i] == '"')
			return i + 1;
	}
	return 0;
}

static int fail_form(axev_error *err)
{
	return axev__fail(err, AXEV_E_PEER, "left out: secrets were typed, and its form is not known");
}

/* Documents hold numbers only, so that the list of strings is the first of its name. */
static int copy_strings(struct axev__secrets *secrets, const struct snapshot *snapshot, struct axev__span text,
			struct axev__buf *out, axev_error *err)
{
	static const char before[] = "\"strings\":[";
	const uint8_t *found = memmem(text.data, text.size, before, strlen(before)), *begin;
	size_t i, length;

	if (!found)
		return fail_form(err);
	begin = found + strlen(before);
	TRY(axev__buf_append(out, text.data, (size_t)(begin - text.data), err));
	text = axev__span(begin, text.size - (size_t)(begin - text.data));
	for (i = 0; i < snapshot->count; i++) {
		if (i && (text.size == 0 || text.data[0] != ','))
			return fail_form(err);
		text = axev__span(text.data + (i > 0), text.size - (i > 0));
		length = literal_length(text);
		if (length == 0)
			return fail_form(err);
		secrets->hidden += snapshot->is_hidden[i];
		TRY(axev__buf_str(out, i ? "," : "", err));
		TRY(snapshot->is_hidden[i] ? axev__buf_str(out, "\"" AXEV__SECRET_MARK "\"", err) :
					     axev__buf_append(out, text.data, length, err));
		text = axev__span(text.data + length, text.size - length);
	}
	return axev__span_is(text, "]}") ? axev__buf_str(out, "]}", err) : fail_form(err);
}

int axev__secrets_hide(struct axev__secrets *secrets, struct axev__span text, struct axev__buf *out,
		       axev_error *err)
{
	AXEV__JSON *json = NULL;
	AXEV__FREE uint8_t *is_hidden = NULL;
	struct snapshot snapshot = { 0 };
	const axev__json *documents;
	size_t i;

	TRY(axev__cdp_parse(text, &json, err));
	documents = axev__json_get(json, "documents");
	snapshot.strings = axev__json_get(json, "strings");
	snapshot.count = axev__json_count(snapshot.strings);
	if (axev__json_type(documents) != AXEV__JSON_ARRAY || snapshot.count == 0)
		return fail_form(err);
	snapshot.is_hidden = is_hidden = calloc(snapshot.count, 1);
	if (!is_hidden)
		return axev__nomem(err);
	for (i = 0; i < axev__json_count(documents); i++)
		TRY(hide_fields(secrets, &snapshot, axev__json_at(documents, i), err));
	mark_secrets(secrets, &snapshot);
	return copy_strings(secrets, &snapshot, text, out, err);
}

/* ---- MHTML ---- */

static int digit(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The next byte of the content; -1 at the end. Soft line breaks are passed over. */
static int next_byte(struct axev__span text, size_t *at)
{
	while (*at < text.size && text.data[*at] == '=') {
		if (text.size - *at >= 3 && text.data[*at + 1] == '\r' && text.data[*at + 2] == '\n') {
			*at += 3;
		} else if (text.size - *at >= 2 && text.data[*at + 1] == '\n') {
			*at += 2;
		} else if (text.size - *at >= 3 && digit(text.data[*at + 1]) >= 0 && digit(text.data[*at + 2]) >= 0) {
			*at += 3;
			return digit(text.data[*at - 2]) << 4 | digit(text.data[*at - 1]);
		} else {
			break;
		}
	}
	return *at < text.size ? text.data[(*at)++] : -1;
}

static bool stands_at(struct axev__span text, size_t at, const char *secret)
{
	for (; *secret; secret++)
		if (next_byte(text, &at) != (uint8_t)*secret)
			return false;
	return true;
}

static bool stands_in(struct axev__span mhtml, const char *secret)
{
	size_t at;

	if (memmem(mhtml.data, mhtml.size, secret, strlen(secret)))
		return true;
	for (at = 0; at < mhtml.size; at++)
		if ((mhtml.data[at] == (uint8_t)secret[0] || mhtml.data[at] == '=') && stands_at(mhtml, at, secret))
			return true;
	return false;
}

/* As HTML serialises an attribute; whether < and > are escaped has changed over the years. */
static void escape_html(const char *text, bool is_all, char out[6 * AXEV__MAX_COOKIE_BYTES + 1])
{
	size_t used = 0;

	for (; *text && used < 6 * AXEV__MAX_COOKIE_BYTES - 6; text++) {
		const char *name = *text == '&' ? "&amp;" :
				   *text == '"' ? "&quot;" :
				   is_all && *text == '<' ? "&lt;" :
				   is_all && *text == '>' ? "&gt;" :
							    NULL;

		if (name) {
			memcpy(out + used, name, strlen(name));
			used += strlen(name);
		} else {
			out[used++] = *text;
		}
	}
	out[used] = '\0';
}

bool axev__secrets_in_mhtml(const struct axev__secrets *secrets, struct axev__span mhtml)
{
	char escaped[6 * AXEV__MAX_COOKIE_BYTES + 1]; /* the longest secret is a cookie */
	bool is_found = false;
	size_t i;
	int is_all;

	for (i = 0; i < secrets->count && !is_found; i++) {
		is_found = stands_in(mhtml, secrets->list[i]);
		for (is_all = 0; is_all < 2 && !is_found && strpbrk(secrets->list[i], "&\"<>"); is_all++) {
			escape_html(secrets->list[i], is_all, escaped);
			is_found = stands_in(mhtml, escaped);
		}
	}
	explicit_bzero(escaped, sizeof(escaped));
	return is_found;
}
