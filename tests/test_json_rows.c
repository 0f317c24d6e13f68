/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "content/json_rows.h"

static axev_error err;
static struct axev__json_rows rows; /* large */

/* Each row a line: kind and value of each column, "-" where it has none. */
static int read_all(struct axev__span bytes, bool is_lines, struct axev__buf *out)
{
	AXEV__TEXT_READER text = { 0 };
	struct axev__source source = axev__source_memory(bytes);
	enum axev__json_kind kind;
	struct axev__span value;
	bool more;
	size_t i;

	axev__json_rows_free(&rows);
	TRY(axev__text_open(&source, AXEV__TEXT_UTF8, AXEV__MAX_RECORD_BYTES, &text, &err));
	TRY(axev__json_rows_init(&rows, &text, is_lines, &err));
	for (;;) {
		TRY(axev__json_rows_next(&rows, &more, &err));
		if (!more)
			return AXEV_OK;
		for (i = 0; i < rows.count; i++) {
			if (!axev__json_rows_value(&rows, i, &kind, &value)) {
				TRY(axev__buf_str(out, "- ", &err));
				continue;
			}
			TRY(axev__buf_span(out, axev__json_rows_name(&rows, i), &err));
			TRY(axev__buf_printf(out, &err, "=%c", "s#tfn{"[kind]));
			TRY(axev__buf_span(out, value, &err));
			TRY(axev__buf_byte(out, ' ', &err));
		}
		TRY(axev__buf_byte(out, '\n', &err));
	}
}

static void assert_rows(const char *bytes, bool is_lines, const char *want)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MIB);

	assert_ok(read_all(axev__span_str(bytes), is_lines, &out));
	assert_ok(axev__buf_byte(&out, 0, &err));
	ck_assert_str_eq((char *)out.data, want);
}

static void assert_wrong(const char *bytes, bool is_lines, int status, const char *message)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MIB);

	assert_fails(read_all(axev__span_str(bytes), is_lines, &out), status, message);
}
#define refuse(bytes, message) assert_wrong("[{\"a\":" bytes, false, AXEV_E_FORMAT, message)

START_TEST(json_rows__members_are_columns_in_order_of_appearance)
{
	assert_rows(" [ {\"b\":1,\"a\":\"x\"} ,\n {\"a\":null,\"c\":true}, {} ] \n", false,
		    "b=#1 a=sx \n- a=nnull c=ttrue \n- - - \n");
	assert_rows("{\"a\":1}\r\n {\"b\":false} \n{}", true, "a=#1 \n- b=ffalse \n- - \n");
	assert_rows("[]", false, "");
	assert_rows("", true, "");
	assert_rows("\xEF\xBB\xBF[{\"\":0}]", false, "=#0 \n");
}
END_TEST

START_TEST(json_rows__values_stay_as_they_are_written)
{
	assert_rows("[{\"a\":-0.10e+5,\"b\":12345678901234567890123,\"c\":{ \"x\" : [ 1 , {} , [ ] ] , \"y\\u0041\" : \"\\/ \\\"\" }}]",
		    false, "a=#-0.10e+5 b=#12345678901234567890123 c={{\"x\":[1,{},[]],\"y\\u0041\":\"\\/ \\\"\"} \n");
	assert_rows("[{\"\\u738b\":\"\\ud83d\\ude00 \\n\\t\\\"\\\\\\/\\b\\f\\r \\u0000.\"}]", false,
		    "王=s\xF0\x9F\x98\x80 \n\t\"\\/\b\f\r ");
}
END_TEST

START_TEST(json_rows__what_is_no_json_is_refused)
{
	refuse("01}]", "line 1, byte 9: a number has a zero in front");
	refuse("+1}]", "line 1, byte 7: expected a value, found '+'");
	refuse("1.}]", "line 1, byte 9: expected a digit, found '}'");
	refuse("1e}]", "line 1, byte 9: expected a digit, found '}'");
	refuse("NaN}]", "line 1, byte 7: expected a value, found 'N'");
	refuse("nul}]", "line 1, byte 7: expected a value, found 'n'");
	refuse("'x'}]", "line 1, byte 7: expected a value, found '''");
	refuse("\"x\n\"}]", "line 1, byte 9: a control character in a string must be escaped, found 0a");
	refuse("\"\\x\"}]", "line 1, byte 9: expected an escape as \\n or \\u0041, found 'x'");
	refuse("\"\\ud800\"}]", "line 1, byte 10: half of a surrogate pair is no character");
	refuse("\"\\ud800\\u0041\"}]", "line 1, byte 10: half of a surrogate pair is no character");
	refuse("\"\\udc00\"}]", "line 1, byte 10: half of a surrogate pair is no character");
	refuse("\"\\u12g4\"}]", "line 1, byte 12: expected a hexadecimal digit, found 'g'");
	refuse("\"x", "line 1, byte 9: a string is never closed");
	refuse("1,}]", "line 1, byte 9: expected \", found '}'");
	refuse("1,\"a\":2}]", "line 1, byte 12: one object has two members 'a'");
	refuse("{\"b\":1,\"\\u0062\":2}}]", "line 1, byte 25: one object has two members 'b'");
	refuse("[1,]}]", "line 1, byte 10: expected a value, found ']'");
	refuse("[1}]}]", "line 1, byte 9: expected , or ], found '}'");
	refuse("1]]", "line 1, byte 8: expected ,, found ']'");
	refuse("1}\n{\"a\":2}]", "line 2, byte 1: expected , or ], found {");
	refuse("1}]\n]", "line 2, byte 1: expected nothing behind the array, found ]");
	refuse("1},]", "line 1, byte 10: expected an object, found ]");
	refuse("1},2]", "line 1, byte 10: expected an object, found 2");
	refuse("1}", "line 1, byte 9: expected , or ], found the end");
	refuse("1", "line 1, byte 8: expected ,, found the end");
	assert_wrong("{\"a\":1}", false, AXEV_E_FORMAT, "line 1, byte 1: expected an array of objects, found {");
	assert_wrong("", false, AXEV_E_FORMAT, "line 1, byte 1: expected an array of objects, found the end");
	assert_wrong("{\"a\":1}\n\n", true, AXEV_E_FORMAT, "line 2, byte 1: expected {, found the end");
	assert_wrong("{\"a\":1} {\"a\":2}\n", true, AXEV_E_FORMAT, "line 1, byte 9: more stands behind the object");
	assert_wrong("[1]\n", true, AXEV_E_FORMAT, "line 1, byte 1: expected {, found '['");
}
END_TEST

START_TEST(json_rows__depth_and_columns_have_a_limit)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB), out = AXEV__BUF_INIT(AXEV__MIB);
	int i;

	assert_ok(axev__buf_str(&bytes, "{\"a\":", &err));
	for (i = 0; i < 65; i++)
		assert_ok(axev__buf_byte(&bytes, '[', &err));
	assert_fails(read_all(axev__buf_view(&bytes), true, &out), AXEV_E_LIMIT,
		     "line 1, byte 70: expected at most 64 levels of objects and arrays");
	axev__buf_clear(&bytes);
	for (i = 0; i <= 4096; i++)
		assert_ok(axev__buf_printf(&bytes, &err, "%c\"%d\":0", i ? ',' : '{', i));
	assert_ok(axev__buf_byte(&bytes, '}', &err));
	assert_fails(read_all(axev__buf_view(&bytes), true, &out), AXEV_E_LIMIT,
		     "line 1, byte 35762: expected at most 4096 different members");
}
END_TEST

/* Each byte of a row comes to lie at the seam of two pieces once. */
START_TEST(json_rows__pieces_of_the_file_leave_no_trace)
{
	static const char row[] = ",\n{\"a\":\"}\\\"]\",\"b\":[{\"c\":\"\xE7\x8E\x8B\"}]} ]\n";
	AXEV__BUF bytes = AXEV__BUF_INIT(4 * AXEV__MIB), out = AXEV__BUF_INIT(4 * AXEV__MIB);
	size_t shift, size;

	for (shift = 0; shift < sizeof(row) + 2; shift++) {
		axev__buf_clear(&bytes);
		axev__buf_clear(&out);
		assert_ok(axev__buf_str(&bytes, "[{\"a\":\"", &err));
		size = AXEV__COPY_CHUNK - bytes.size - 2 - shift;
		assert_ok(axev__buf_reserve(&bytes, size, &err));
		memset(bytes.data + bytes.size, 'x', size);
		bytes.size += size;
		assert_ok(axev__buf_str(&bytes, "\"}", &err));
		assert_ok(axev__buf_str(&bytes, row, &err));
		assert_ok(read_all(axev__buf_view(&bytes), false, &out));
		ck_assert_uint_eq(out.size, size + strlen("a=s \na=s}\"] b={[{\"c\":\"王\"}] \n"));
		ck_assert(axev__span_ends(axev__buf_view(&out), "x \na=s}\"] b={[{\"c\":\"王\"}] \n"));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("json_rows");
	TCase *tcase = tcase_create("json_rows");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, json_rows__members_are_columns_in_order_of_appearance);
	tcase_add_test(tcase, json_rows__values_stay_as_they_are_written);
	tcase_add_test(tcase, json_rows__what_is_no_json_is_refused);
	tcase_add_test(tcase, json_rows__depth_and_columns_have_a_limit);
	tcase_add_test(tcase, json_rows__pieces_of_the_file_leave_no_trace);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
