/* SPDX-License-Identifier: Apache-2.0 */
#include "content/json_scan.h"

#include "base/text.h"

void axev__json_scan_init(struct axev__json_scan *scan)
{
	memset(scan, 0, sizeof(*scan));
	scan->names.max = AXEV__MAX_RECORD_BYTES;
}

void axev__json_scan_free(struct axev__json_scan *scan)
{
	axev__buf_free(&scan->names);
	free(scan->stack);
	scan->stack = NULL;
}

/* ---- bytes ---- */

static int peek(const struct axev__json_scan *scan)
{
	return scan->at < scan->text.size ? scan->text.data[scan->at] : -1;
}

static int wrong(const struct axev__json_scan *scan, const char *expected, axev_error *err)
{
	struct axev__span rest = axev__span(scan->text.data + scan->at, scan->text.size - scan->at);
	struct axev__shown shown;

	rest.size = axev__utf8_length(rest);
	if (rest.size == 0)
		return axev__fail(err, AXEV_E_FORMAT, "expected %s, found the end", expected);
	return axev__fail(err, AXEV_E_FORMAT, "expected %s, found '%s'", expected, axev__show(&shown, rest));
}

void axev__json_scan_blanks(struct axev__json_scan *scan)
{
	int c;

	while ((c = peek(scan)) == ' ' || c == '\t' || c == '\n' || c == '\r')
		scan->at++;
}

int axev__json_scan_sign(struct axev__json_scan *scan, char sign, axev_error *err)
{
	const char expected[] = { sign, '\0' };

	if (peek(scan) != sign)
		return wrong(scan, expected, err);
	scan->at++;
	return AXEV_OK;
}

/* ---- strings ---- */

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits behind \u. */
static int code_unit(struct axev__json_scan *scan, uint32_t *ret_unit, axev_error *err)
{
	uint32_t unit = 0;
	int i, digit;

	for (i = 0; i < 4; i++) {
		digit = hex_digit(peek(scan));
		if (digit < 0)
			return wrong(scan, "a hexadecimal digit", err);
		unit = unit << 4 | (uint32_t)digit;
		scan->at++;
	}
	*ret_unit = unit;
	return AXEV_OK;
}

static int put_character(uint32_t c, struct axev__buf *out, axev_error *err)
{
	uint8_t bytes[4];

	return axev__buf_append(out, bytes, axev__put_utf8(c, bytes), err);
}

/* RFC 8259 7: a character beyond U+FFFF is two escapes, a surrogate pair. */
static int escaped_character(struct axev__json_scan *scan, struct axev__buf *out, axev_error *err)
{
	size_t begin = scan->at;
	uint32_t unit, low;

	TRY(code_unit(scan, &unit, err));
	if (unit < 0xD800 || unit > 0xDFFF)
		return put_character(unit, out, err);
	low = 0;
	if (unit < 0xDC00 && scan->text.size - scan->at >= 2 && memcmp(scan->text.data + scan->at, "\\u", 2) == 0) {
		scan->at += 2;
		TRY(code_unit(scan, &low, err));
	}
	if (low < 0xDC00 || low > 0xDFFF) {
		scan->at = begin;
		return axev__fail(err, AXEV_E_FORMAT, "half of a surrogate pair is no character");
	}
	return put_character(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), out, err);
}

static int escape(struct axev__json_scan *scan, struct axev__buf *out, axev_error *err)
{
	static const char signs[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	int c = peek(scan);
	const char *sign = c > 0 ? strchr(signs, c) : NULL;

	if (c != 'u' && !sign)
		return wrong(scan, "an escape as \\n or \\u0041", err);
	scan->at++;
	return c == 'u' ? escaped_character(scan, out, err) :
			  axev__buf_byte(out, (uint8_t)meanings[sign - signs], err);
}

int axev__json_scan_string(struct axev__json_scan *scan, struct axev__buf *out, axev_error *err)
{
	size_t begin;
	int c;

	TRY(axev__json_scan_sign(scan, '"', err));
	for (;;) {
		for (begin = scan->at; (c = peek(scan)) >= 0x20 && c != '"' && c != '\\';)
			scan->at++;
		TRY(axev__buf_append(out, scan->text.data + begin, scan->at - begin, err));
		if (c == '"')
			break;
		if (c < 0)
			return axev__fail(err, AXEV_E_FORMAT, "a string is never closed");
		if (c < 0x20)
			return axev__fail(err, AXEV_E_FORMAT, "a control character in a string must be escaped, found %02x", c);
		scan->at++;
		TRY(escape(scan, out, err));
	}
	scan->at++;
	return AXEV_OK;
}

/* ---- numbers and words ---- */

static size_t digits(struct axev__json_scan *scan)
{
	size_t begin = scan->at;

	while (peek(scan) >= '0' && peek(scan) <= '9')
		scan->at++;
	return scan->at - begin;
}

/* RFC 8259 6: [ minus ] int [ frac ] [ exp ]; no zero in front of other digits. */
static int number(struct axev__json_scan *scan, axev_error *err)
{
	size_t whole;
	bool is_zero;

	scan->at += peek(scan) == '-';
	is_zero = peek(scan) == '0';
	whole = digits(scan);
	if (whole == 0)
		return wrong(scan, "a value", err);
	if (is_zero && whole > 1)
		return axev__fail(err, AXEV_E_FORMAT, "a number has a zero in front");
	if (peek(scan) == '.') {
		scan->at++;
		if (digits(scan) == 0)
			return wrong(scan, "a digit", err);
	}
	if (peek(scan) == 'e' || peek(scan) == 'E') {
		scan->at++;
		scan->at += peek(scan) == '+' || peek(scan) == '-';
		if (digits(scan) == 0)
			return wrong(scan, "a digit", err);
	}
	return AXEV_OK;
}

static int word(struct axev__json_scan *scan, const char *text, axev_error *err)
{
	size_t size = strlen(text);

	if (scan->text.size - scan->at < size || memcmp(scan->text.data + scan->at, text, size) != 0)
		return wrong(scan, "a value", err);
	scan->at += size;
	return AXEV_OK;
}

static int scalar(struct axev__json_scan *scan, enum axev__json_kind *ret_kind, axev_error *err)
{
	switch (peek(scan)) {
	case 't':
		*ret_kind = AXEV__JSON_IS_TRUE;
		return word(scan, "true", err);
	case 'f':
		*ret_kind = AXEV__JSON_IS_FALSE;
		return word(scan, "false", err);
	case 'n':
		*ret_kind = AXEV__JSON_IS_NULL;
		return word(scan, "null", err);
	default:
		*ret_kind = AXEV__JSON_IS_NUMBER;
		return number(scan, err);
	}
}

/* ---- objects and arrays ---- */

static int compare_names(const void *a, const void *b, void *bytes)
{
	const struct axev__json_name *one = a, *other = b;
	const uint8_t *base = bytes;

	return axev__span_compare(axev__span(base + one->offset, one->size),
				  axev__span(base + other->offset, other->size));
}

static int close_names(struct axev__json_scan *scan, size_t first, axev_error *err)
{
	const struct axev__json_name *names = scan->stack + first;
	struct axev__shown shown;
	size_t i;

	if (scan->count - first > 1)
		qsort_r(scan->stack + first, scan->count - first, sizeof(*names), compare_names, scan->names.data);
	for (i = 1; i < scan->count - first; i++)
		if (compare_names(&names[i - 1], &names[i], scan->names.data) == 0)
			return axev__fail(err, AXEV_E_FORMAT, "one object has two members '%s'",
					  axev__show(&shown, axev__span(scan->names.data + names[i].offset, names[i].size)));
	scan->count = first;
	return AXEV_OK;
}

static int open_name(struct axev__json_scan *scan, axev_error *err)
{
	struct axev__json_name *stack;
	size_t begin = scan->names.size;

	TRY(axev__json_scan_string(scan, &scan->names, err));
	if (scan->count == scan->capacity) {
		scan->capacity = scan->capacity ? 2 * scan->capacity : 64;
		stack = realloc(scan->stack, scan->capacity * sizeof(*stack));
		if (!stack)
			return axev__nomem(err);
		scan->stack = stack;
	}
	scan->stack[scan->count++] = (struct axev__json_name){ begin, scan->names.size - begin };
	return AXEV_OK;
}

static int nested(struct axev__json_scan *scan, struct axev__buf *out, axev_error *err);

/* A value inside of another, as written. */
static int inner_value(struct axev__json_scan *scan, struct axev__buf *out, axev_error *err)
{
	size_t begin = scan->at, kept = scan->names.size;
	enum axev__json_kind kind;

	if (peek(scan) == '{' || peek(scan) == '[')
		return nested(scan, out, err);
	if (peek(scan) == '"') {
		TRY(axev__json_scan_string(scan, &scan->names, err)); /* only to see that it is one */
		scan->names.size = kept;
	} else {
		TRY(scalar(scan, &kind, err));
	}
	return axev__buf_append(out, scan->text.data + begin, scan->at - begin, err);
}

static int member(struct axev__json_scan *scan, struct axev__buf *out, axev_error *err)
{
	size_t begin = scan->at;

	TRY(open_name(scan, err));
	TRY(axev__buf_append(out, scan->text.data + begin, scan->at - begin, err));
	axev__json_scan_blanks(scan);
	TRY(axev__json_scan_sign(scan, ':', err));
	TRY(axev__buf_byte(out, ':', err));
	axev__json_scan_blanks(scan);
	return inner_value(scan, out, err);
}

static int elements(struct axev__json_scan *scan, bool is_object, struct axev__buf *out, axev_error *err)
{
	const char end = is_object ? '}' : ']';

	TRY(axev__buf_byte(out, scan->text.data[scan->at++], err));
	axev__json_scan_blanks(scan);
	while (peek(scan) != end) {
		TRY(is_object ? member(scan, out, err) : inner_value(scan, out, err));
		axev__json_scan_blanks(scan);
		if (peek(scan) == end)
			break;
		if (peek(scan) != ',')
			return wrong(scan, is_object ? ", or }" : ", or ]", err);
		scan->at++;
		TRY(axev__buf_byte(out, ',', err));
		axev__json_scan_blanks(scan);
		if (peek(scan) == end)
			return wrong(scan, is_object ? "a member" : "a value", err);
	}
	scan->at++;
	return axev__buf_byte(out, (uint8_t)end, err);
}

static int nested(struct axev__json_scan *scan, struct axev__buf *out, axev_error *err)
{
	bool is_object = peek(scan) == '{';
	size_t first = scan->count, kept = scan->names.size;

	if (scan->depth == AXEV__MAX_HANDED_JSON_DEPTH)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d levels of objects and arrays",
				  AXEV__MAX_HANDED_JSON_DEPTH);
	scan->depth++;
	TRY(elements(scan, is_object, out, err));
	scan->depth--;
	TRY(close_names(scan, first, err));
	scan->names.size = kept;
	return AXEV_OK;
}

int axev__json_scan_value(struct axev__json_scan *scan, struct axev__buf *out, enum axev__json_kind *ret_kind,
			  axev_error *err)
{
	size_t begin = scan->at;

	switch (peek(scan)) {
	case '"':
		*ret_kind = AXEV__JSON_IS_STRING;
		return axev__json_scan_string(scan, out, err);
	case '{':
	case '[':
		*ret_kind = AXEV__JSON_IS_NESTED;
		scan->depth = 0;
		scan->count = 0;
		axev__buf_clear(&scan->names);
		return nested(scan, out, err);
	default:
		TRY(scalar(scan, ret_kind, err));
		return axev__buf_append(out, scan->text.data + begin, scan->at - begin, err);
	}
}
