/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON body as form-encoded pairs, in the order and with the numbers of ECMAScript, because that is
 * what readers compare. Numbers may be fractions and keys may repeat, so base/json.h does not fit.
 */
#include "content/post_query.h"

#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"

#define MAX_DEPTH 64

struct pair {
	size_t key_at, key_size, value_at, value_size; /* in walk.bytes */
	unsigned repeated;
};

struct walk {
	struct axev__span text;
	size_t at;
	unsigned depth;
	struct axev__buf bytes; /* decoded keys and values */
	struct axev__buf pairs;
};

/* ---- grammar (RFC 8259) ---- */

static int peek(const struct walk *walk)
{
	return walk->at < walk->text.size ? walk->text.data[walk->at] : -1;
}

static int skip_space(struct walk *walk)
{
	while (peek(walk) == ' ' || peek(walk) == '\t' || peek(walk) == '\n' || peek(walk) == '\r')
		walk->at++;
	return peek(walk);
}

static bool take(struct walk *walk, const char *text)
{
	size_t length = strlen(text);

	if (walk->text.size - walk->at < length ||
	    memcmp(walk->text.data + walk->at, text, length) != 0)
		return false;
	walk->at += length;
	return true;
}

static size_t take_digits(struct walk *walk)
{
	size_t begin = walk->at;

	while (peek(walk) >= '0' && peek(walk) <= '9')
		walk->at++;
	return walk->at - begin;
}

static bool check_number(struct walk *walk)
{
	take(walk, "-");
	if (!take(walk, "0") && !take_digits(walk))
		return false;
	if (take(walk, ".") && !take_digits(walk))
		return false;
	if (take(walk, "e") || take(walk, "E")) {
		if (!take(walk, "+"))
			take(walk, "-");
		return take_digits(walk) > 0;
	}
	return true;
}

static bool get_hex4(struct walk *walk, uint32_t *ret_unit)
{
	uint8_t unit[2];
	char lower[4];
	size_t i;

	if (walk->text.size - walk->at < 4)
		return false;
	for (i = 0; i < 4; i++) {
		lower[i] = (char)walk->text.data[walk->at + i];
		if (lower[i] >= 'A' && lower[i] <= 'F')
			lower[i] = (char)(lower[i] | 0x20);
	}
	if (!axev__unhex(unit, 2, axev__span(lower, 4)))
		return false;
	*ret_unit = axev__get_u16be(unit);
	walk->at += 4;
	return true;
}

static bool check_string(struct walk *walk)
{
	uint32_t unit;

	if (!take(walk, "\""))
		return false;
	while (peek(walk) >= 0x20 && peek(walk) != '"') {
		if (!take(walk, "\\")) {
			walk->at++;
			continue;
		}
		if (peek(walk) <= 0 || !strchr("\"\\/bfnrtu", peek(walk)))
			return false;
		if (walk->text.data[walk->at++] == 'u' && !get_hex4(walk, &unit))
			return false;
	}
	return take(walk, "\"");
}

static bool check_value(struct walk *walk);

static bool check_members(struct walk *walk, bool is_object)
{
	char end = is_object ? '}' : ']';

	walk->at++;
	if (skip_space(walk) == end)
		return walk->at++, true;
	for (;;) {
		skip_space(walk);
		if (is_object && (!check_string(walk) || skip_space(walk) != ':'))
			return false;
		walk->at += is_object;
		if (!check_value(walk))
			return false;
		if (skip_space(walk) == end)
			return walk->at++, true;
		if (!take(walk, ","))
			return false;
	}
}

static bool check_value(struct walk *walk)
{
	bool is_good;

	switch (skip_space(walk)) {
	case '{':
	case '[':
		if (++walk->depth > MAX_DEPTH)
			return false;
		is_good = check_members(walk, peek(walk) == '{');
		walk->depth--;
		return is_good;
	case '"':
		return check_string(walk);
	case 't':
		return take(walk, "true");
	case 'f':
		return take(walk, "false");
	case 'n':
		return take(walk, "null");
	default:
		return check_number(walk);
	}
}

/* ---- strings ---- */

static int put_character(struct axev__buf *out, uint32_t c, axev_error *err)
{
	uint8_t bytes[4];
	size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

	for (i = size - 1; i > 0; i--) {
		bytes[i] = (uint8_t)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	bytes[0] = (uint8_t)(size == 1 ? c : (0xf00u >> size & 0xff) | c);
	return axev__buf_append(out, bytes, size, err);
}

/* A half of a pair alone becomes U+FFFD when it is written out. */
static uint32_t join_halves(struct walk *walk, uint32_t unit)
{
	size_t before = walk->at;
	uint32_t low;

	if (unit < 0xd800 || unit > 0xdfff)
		return unit;
	if (unit < 0xdc00 && take(walk, "\\u") && get_hex4(walk, &low) && low >= 0xdc00 &&
	    low <= 0xdfff)
		return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
	walk->at = before;
	return 0xfffd;
}

/* The text has been checked. */
static int get_string(struct walk *walk, struct axev__buf *out, axev_error *err)
{
	static const char names[] = "bfnrt", meant[] = "\b\f\n\r\t";
	uint32_t unit = 0;

	walk->at++;
	while (peek(walk) != '"') {
		uint8_t c = walk->text.data[walk->at++];
		const char *name;

		if (c != '\\') {
			TRY(axev__buf_byte(out, c, err));
			continue;
		}
		c = walk->text.data[walk->at++];
		name = strchr(names, c);
		if (c == 'u') {
			(void)get_hex4(walk, &unit);
			TRY(put_character(out, join_halves(walk, unit), err));
		} else {
			TRY(axev__buf_byte(out, name ? (uint8_t)meant[name - names] : c, err));
		}
	}
	walk->at++;
	return AXEV_OK;
}

/* ---- numbers (ECMA-262, Number::toString) ---- */

/* Shortest digits that read back as @value; "d.ddde[+-]XX" as printf writes it. */
static void shortest(double value, char out[40])
{
	int precision;

	for (precision = 0; precision < 17; precision++) {
		snprintf(out, 40, "%.*e", precision, value);
		if (strtod(out, NULL) == value)
			return;
	}
}

static void lay_out(const char *scientific, char out[40])
{
	char digits[24] = "";
	int exponent = atoi(strchr(scientific, 'e') + 1), count = 0, i;
	char *put = out;

	for (; *scientific != 'e'; scientific++)
		if (*scientific >= '0' && *scientific <= '9')
			digits[count++] = *scientific;
	if (exponent >= 21 || exponent < -6) {
		*put++ = digits[0];
		snprintf(put, 38, "%s%se%+d", count > 1 ? "." : "", digits + 1, exponent);
		return;
	}
	if (exponent < 0) {
		snprintf(put, 39, "0.%.*s%s", -exponent - 1, "000000", digits);
		return;
	}
	for (i = 0; i <= exponent || i < count; i++) {
		if (i == exponent + 1)
			*put++ = '.';
		*put++ = i < count ? digits[i] : '0';
	}
	*put = '\0';
}

static void show_number(const char *text, char out[40])
{
	char scientific[40];
	double value = strtod(text, NULL);

	if (value == 0) {
		strcpy(out, "0");
		return;
	}
	*out = '-';
	out += value < 0;
	value = value < 0 ? -value : value;
	if (value > 1.7976931348623157e308) {
		strcpy(out, "Infinity");
		return;
	}
	shortest(value, scientific);
	lay_out(scientific, out);
}

/* The decimal point of the program's locale is not JSON's. */
static int get_number(struct walk *walk, struct axev__buf *out, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_POST_QUERY_BYTES * 4);
	size_t begin = walk->at;
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), before;
	char shown[48] = "";
	int status;

	(void)check_number(walk);
	status = axev__buf_append(&text, walk->text.data + begin, walk->at - begin, err);
	if (!plain)
		return axev__nomem(err);
	before = uselocale(plain);
	if (status == AXEV_OK)
		show_number((const char *)text.data, shown);
	uselocale(before);
	freelocale(plain);
	TRY(status);
	return axev__buf_str(out, shown, err);
}

/* ---- pairs ---- */

static struct axev__span key_of(const struct walk *walk, const struct pair *pair)
{
	return axev__span(walk->bytes.data + pair->key_at, pair->key_size);
}

static struct pair *find_pair(struct walk *walk, struct axev__span key)
{
	struct pair *pairs = (struct pair *)walk->pairs.data;
	size_t i;

	for (i = 0; i < walk->pairs.size / sizeof(*pairs); i++)
		if (axev__span_equal(key_of(walk, &pairs[i]), key))
			return &pairs[i];
	return NULL;
}

/* The second "a" is called "a.2_", and so on. */
static int unique_key(struct walk *walk, struct axev__span key, struct axev__buf *out, axev_error *err)
{
	struct pair *known = find_pair(walk, key);

	TRY(axev__buf_span(out, key, err));
	if (!known)
		return AXEV_OK;
	known->repeated = known->repeated ? known->repeated + 1 : 2;
	return axev__buf_printf(out, err, ".%u_", known->repeated);
}

static int add_pair(struct walk *walk, struct axev__span key, struct axev__span value, axev_error *err)
{
	AXEV__BUF name = AXEV__BUF_INIT(key.size + 16);
	struct pair *known, pair = { .value_size = value.size };

	if (value.size == 0)
		return AXEV_OK;
	TRY(unique_key(walk, key, &name, err));
	known = find_pair(walk, axev__buf_view(&name));
	pair.key_at = walk->bytes.size;
	pair.key_size = name.size;
	TRY(axev__buf_span(&walk->bytes, axev__buf_view(&name), err));
	pair.value_at = walk->bytes.size;
	TRY(axev__buf_span(&walk->bytes, value, err));
	if (known) {
		known->value_at = pair.value_at;
		known->value_size = pair.value_size;
		return AXEV_OK;
	}
	return axev__buf_append(&walk->pairs, &pair, sizeof(pair), err);
}

/* ---- walking ---- */

struct member {
	size_t key_at, key_size, value_at; /* the key in a buffer, the value in the text */
	size_t order;
	bool is_index; /* ECMAScript puts the names that are array indices first, ascending */
	uint64_t index;
};

static int walk_value(struct walk *walk, struct axev__span key, axev_error *err);

static int by_name(const void *a, const void *b, void *names)
{
	const struct member *left = a, *right = b;
	const struct axev__buf *text = names;
	int order = axev__span_compare(axev__span(text->data + left->key_at, left->key_size),
				       axev__span(text->data + right->key_at, right->key_size));

	return order ? order : left->order < right->order ? -1 : left->order > right->order;
}

static int by_order(const void *a, const void *b)
{
	const struct member *left = a, *right = b;

	if (left->is_index != right->is_index)
		return left->is_index ? -1 : 1;
	if (left->is_index)
		return left->index < right->index ? -1 : left->index > right->index;
	return left->order < right->order ? -1 : left->order > right->order;
}

static int list_members(struct walk *walk, struct axev__buf *names, struct axev__buf *members,
			axev_error *err)
{
	walk->at++;
	while (skip_space(walk) != '}') {
		struct member member = { .key_at = names->size,
					 .order = members->size / sizeof(member) };

		TRY(get_string(walk, names, err));
		member.key_size = names->size - member.key_at;
		member.is_index = axev__parse_u64(axev__span(names->data + member.key_at,
							     member.key_size), 4294967294u,
						  &member.index);
		skip_space(walk);
		walk->at++;
		member.value_at = walk->at;
		TRY(axev__buf_append(members, &member, sizeof(member), err));
		(void)check_value(walk);
		if (skip_space(walk) == ',')
			walk->at++;
	}
	walk->at++;
	return AXEV_OK;
}

/* A name that repeats: the last value, at the place of the first. Returns how many are left. */
static size_t keep_last(struct member *members, size_t count, struct axev__buf *names)
{
	size_t kept = 0, i;

	qsort_r(members, count, sizeof(*members), by_name, names);
	for (i = 0; i < count; i++) {
		struct member *last = kept ? &members[kept - 1] : NULL;

		if (last && axev__span_equal(axev__span(names->data + last->key_at, last->key_size),
					     axev__span(names->data + members[i].key_at,
							members[i].key_size)))
			last->value_at = members[i].value_at;
		else
			members[kept++] = members[i];
	}
	qsort(members, kept, sizeof(*members), by_order);
	return kept;
}

static int walk_object(struct walk *walk, axev_error *err)
{
	AXEV__BUF names = AXEV__BUF_INIT(4 * walk->text.size + 16);
	AXEV__BUF listed = AXEV__BUF_INIT((walk->text.size + 1) * sizeof(struct member));
	struct member *members;
	size_t count, end, i;

	TRY(list_members(walk, &names, &listed, err));
	end = walk->at;
	members = (struct member *)listed.data;
	count = members ? keep_last(members, listed.size / sizeof(*members), &names) : 0;
	for (i = 0; i < count; i++) {
		walk->at = members[i].value_at;
		TRY(walk_value(walk, axev__span(names.data + members[i].key_at, members[i].key_size),
			       err));
	}
	walk->at = end;
	return AXEV_OK;
}

static int walk_array(struct walk *walk, struct axev__span key, axev_error *err)
{
	walk->at++;
	while (skip_space(walk) != ']') {
		TRY(walk_value(walk, key, err));
		if (skip_space(walk) == ',')
			walk->at++;
	}
	walk->at++;
	return AXEV_OK;
}

static int walk_leaf(struct walk *walk, struct axev__span key, axev_error *err)
{
	static const char *const words[] = { "true", "false", "null" };
	AXEV__BUF value = AXEV__BUF_INIT(4 * walk->text.size + 64);
	size_t i;

	/* What is kept is no shorter when it is written: more is cut by the caller. */
	if (walk->bytes.size > AXEV__MAX_POST_QUERY_UNITS) {
		(void)check_value(walk);
		return AXEV_OK;
	}
	if (peek(walk) == '"') {
		TRY(get_string(walk, &value, err));
		return add_pair(walk, key, axev__buf_view(&value), err);
	}
	for (i = 0; i < AXEV__COUNT(words); i++)
		if (take(walk, words[i]))
			return add_pair(walk, key, axev__span_str(words[i]), err);
	TRY(get_number(walk, &value, err));
	return add_pair(walk, key, axev__buf_view(&value), err);
}

static int walk_value(struct walk *walk, struct axev__span key, axev_error *err)
{
	switch (skip_space(walk)) {
	case '{':
		return walk_object(walk, err);
	case '[':
		return walk_array(walk, key, err);
	default:
		return walk_leaf(walk, key, err);
	}
}

static int put_pairs(const struct walk *walk, struct axev__buf *out, axev_error *err)
{
	const struct pair *pairs = (const struct pair *)walk->pairs.data;
	size_t i;

	for (i = 0; i < walk->pairs.size / sizeof(*pairs); i++) {
		TRY(axev__buf_str(out, i ? "&" : "", err));
		TRY(axev__form_encode(out, key_of(walk, &pairs[i]), err));
		TRY(axev__buf_byte(out, '=', err));
		TRY(axev__form_encode(out, axev__span(walk->bytes.data + pairs[i].value_at,
						      pairs[i].value_size), err));
	}
	return AXEV_OK;
}

static void free_walk(struct walk *walk)
{
	axev__buf_free(&walk->bytes);
	axev__buf_free(&walk->pairs);
}

int axev__json_query(struct axev__span json, struct axev__buf *out, axev_error *err)
{
	AXEV__CLEANUP(free_walk) struct walk walk = {
		.text = json,
		.bytes = AXEV__BUF_INIT(16 * AXEV__MAX_POST_QUERY_BYTES),
		.pairs = AXEV__BUF_INIT((AXEV__MAX_POST_QUERY_UNITS + 2) * sizeof(struct pair)),
	};

	if (!check_value(&walk) || skip_space(&walk) >= 0)
		return AXEV_OK;
	walk.at = 0;
	TRY(walk_value(&walk, axev__span("", 0), err));
	return put_pairs(&walk, out, err);
}
