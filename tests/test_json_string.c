/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/json.h"
#include "base/json_string.h"
#include "base/limits.h"

static axev_error err;

static int append(void *out, struct axev__span piece, axev_error *piece_err)
{
	return axev__buf_span(out, piece, piece_err);
}

/* @text begins behind the opening quote. */
static int read_string(struct axev__span text, struct axev__buf *out, uint64_t *ret_end)
{
	struct axev__source source = axev__source_memory(text);

	axev__buf_clear(out);
	axev_error_clear(&err);
	return axev__json_string_read(&source, 0, append, out, ret_end, &err);
}

static void expect(const char *text, const char *content, uint64_t end)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MIB);
	uint64_t found = 0;

	assert_ok(read_string(axev__span_str(text), &out, &found));
	ck_assert_msg(axev__span_is(axev__buf_view(&out), content), "%s", text);
	ck_assert_uint_eq(found, end);
}

static void refuse(const char *text, uint64_t offset, const char *expected)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MIB);
	uint64_t found = 77;
	char message[128];

	snprintf(message, sizeof(message), "expected %s in a JSON string", expected);
	assert_fails(read_string(axev__span_str(text), &out, &found), AXEV_E_FORMAT, message);
	ck_assert_uint_eq(err.offset, offset);
	ck_assert_uint_eq(found, 77);
}

START_TEST(json_string__content_is_decoded_up_to_the_closing_quote)
{
	expect("plain\", \"more\"", "plain", 6);
	expect("\"", "", 1);
	expect("\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"", "\"\\/\b\f\n\r\tA", 23);
	expect("\xE4\xBA\xAE \\u4eae \\u4EAE \\ud83d\\ude00\"", "\xE4\xBA\xAE \xE4\xBA\xAE \xE4\xBA\xAE \xF0\x9F\x98\x80", 31);
	expect("\\u00e9\\u07ff\\u0800\"", "\xC3\xA9\xDF\xBF\xE0\xA0\x80", 19);
}
END_TEST

START_TEST(json_string__halves_of_pairs_and_nul_become_replacement_characters)
{
	expect("a\\u0000b\"", "a\xEF\xBF\xBD" "b", 9);
	expect("\\ud800\"", "\xEF\xBF\xBD", 7);
	expect("\\udc00\\ud800\"", "\xEF\xBF\xBD\xEF\xBF\xBD", 13);
	expect("\\ud83d\\u0041\"", "\xEF\xBF\xBD" "A", 13);
}
END_TEST

START_TEST(json_string__what_is_no_string_is_refused_with_its_offset)
{
	refuse("", 0, "a closing quote");
	refuse("no end", 6, "a closing quote");
	refuse("a\\x\"", 1, "an escape");
	refuse("a\\", 1, "an escape");
	refuse("\\u12g4\"", 0, "four hexadecimal digits");
	refuse("\\u12", 0, "four hexadecimal digits");
	refuse("line\nbreak\"", 4, "no control character");
	refuse("a\xFF\"", 1, "UTF-8");
	refuse("\xED\xA0\x80\"", 0, "UTF-8");
	refuse("\xE4\xBA", 0, "UTF-8");
}
END_TEST

/* Wherever the pieces that are read end, the content is that of jansson. */
START_TEST(json_string__a_string_longer_than_what_is_read_at_once_is_the_same)
{
	static const char *const units[] = { "\\ud83d\\ude00", "\xF0\x9F\x98\x80", "\\n", "\\u4eae", "x" };
	AXEV__BUF text = AXEV__BUF_INIT(4 * AXEV__MIB);
	AXEV__BUF out = AXEV__BUF_INIT(4 * AXEV__MIB);
	AXEV__JSON *string = NULL;
	struct axev__span content;
	uint64_t end;
	size_t shift, i;

	for (shift = 0; shift < 13; shift++) {
		axev__buf_clear(&text);
		assert_ok(axev__buf_append(&text, "\"ppppppppppppp", 1 + shift, &err));
		for (i = 0; i < 30000; i++)
			assert_ok(axev__buf_str(&text, units[i % AXEV__COUNT(units)], &err));
		assert_ok(axev__buf_byte(&text, '"', &err));
		assert_ok(read_string(axev__span(text.data + 1, text.size - 1), &out, &end));
		ck_assert_uint_eq(end, text.size - 1);
		axev__json_free(string);
		string = NULL;
		assert_ok(axev__json_parse_foreign(axev__buf_view(&text), &string, &err));
		ck_assert(axev__json_as_string(string, &content) && axev__span_equal(content, axev__buf_view(&out)));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("json_string");
	TCase *strings = tcase_create("strings");

	tcase_set_timeout(strings, 60);
	tcase_add_test(strings, json_string__content_is_decoded_up_to_the_closing_quote);
	tcase_add_test(strings, json_string__halves_of_pairs_and_nul_become_replacement_characters);
	tcase_add_test(strings, json_string__what_is_no_string_is_refused_with_its_offset);
	tcase_add_test(strings, json_string__a_string_longer_than_what_is_read_at_once_is_the_same);
	suite_add_tcase(suite, strings);
	return run_suite(suite);
}
