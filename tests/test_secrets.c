/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/limits.h"
#include "capture/web/page_keys.h"
#include "capture/web/secrets.h"

static axev_error err;

/* Two fields, the second a password field; "name" is used twice. */
#define SNAPSHOT(value, strings) \
	"{\"documents\":[{\"documentURL\":0,\"nodes\":{\"nodeName\":[1,1],\"attributes\":[[2,3],[2,4]]," \
	"\"inputValue\":{\"index\":[0,1],\"value\":[5," value "]},\"textValue\":{\"index\":[],\"value\":[]}}}]," \
	"\"strings\":[\"http://a/\",\"INPUT\",\"type\",\"text\",\"PassWord\",\"name\"" strings "]}"

static void hide(struct axev__secrets *secrets, const char *snapshot, const char *expected)
{
	struct axev__buf out = AXEV__BUF_INIT(AXEV__MIB);

	assert_ok(axev__secrets_hide(secrets, axev__span_str(snapshot), &out, &err));
	ck_assert_str_eq((const char *)out.data, expected);
	axev__buf_free(&out);
}

START_TEST(secrets__the_value_of_a_password_field_is_replaced)
{
	struct axev__secrets secrets = { 0 };

	hide(&secrets, SNAPSHOT("6", ",\"hun\\\"t\\u00e9r\",\"rest\""), SNAPSHOT("6", ",\"[secret, not kept]\",\"rest\""));
	ck_assert_uint_eq(secrets.hidden, 1);
	ck_assert_uint_eq(secrets.count, 1);
	ck_assert_str_eq(secrets.list[0], "hun\"t\xC3\xA9r");
	axev__secrets_free(&secrets);
}
END_TEST

START_TEST(secrets__what_was_typed_is_replaced_in_any_field)
{
	struct axev__secrets secrets = { 0 };

	assert_ok(axev__secrets_add(&secrets, axev__span_str("name"), &err));
	assert_ok(axev__secrets_add(&secrets, axev__span_str("name"), &err));
	ck_assert_uint_eq(secrets.count, 1);
	hide(&secrets, SNAPSHOT("-1", ",\"a name\""),
	     "{\"documents\":[{\"documentURL\":0,\"nodes\":{\"nodeName\":[1,1],\"attributes\":[[2,3],[2,4]],"
	     "\"inputValue\":{\"index\":[0,1],\"value\":[5,-1]},\"textValue\":{\"index\":[],\"value\":[]}}}],"
	     "\"strings\":[\"http://a/\",\"INPUT\",\"type\",\"text\",\"PassWord\",\"[secret, not kept]\",\"a name\"]}");
	axev__secrets_free(&secrets);
}
END_TEST

START_TEST(secrets__a_snapshot_without_any_stays_byte_for_byte)
{
	struct axev__secrets secrets = { 0 };

	hide(&secrets, SNAPSHOT("-1", ",\"\\ud800 alone\",\"tab\\t\""), SNAPSHOT("-1", ",\"\\ud800 alone\",\"tab\\t\""));
	ck_assert_uint_eq(secrets.hidden, 0);
	axev__secrets_free(&secrets);
}
END_TEST

START_TEST(secrets__a_form_that_is_not_known_is_left_out)
{
	static const char *const forms[] = {
		"{\"documents\":[],\"strings\":[]}",
		"{\"documents\":{},\"strings\":[\"a\"]}",
		"{\"documents\":[],\"strings\":[\"a\"],\"more\":1}",
		"{\"documents\":[],\"strings\" :[\"a\"]}",
		"{\"documents\":[],\"strings\":[\"a\", \"b\"]}",
		"{\"documents\":[],\"strings\":[1]}",
		"{\"documents\":[],\"x\":{\"strings\":[\"z\"]},\"strings\":[\"a\",\"b\"]}",
	};
	struct axev__secrets secrets = { 0 };
	size_t i;

	for (i = 0; i < AXEV__COUNT(forms); i++) {
		struct axev__buf out = AXEV__BUF_INIT(AXEV__MIB);

		assert_fails(axev__secrets_hide(&secrets, axev__span_str(forms[i]), &out, &err), AXEV_E_PEER,
			     "left out: secrets were typed, and its form is not known");
		axev__buf_free(&out);
	}
}
END_TEST

START_TEST(secrets__are_found_in_mhtml_however_it_is_broken)
{
	static const struct {
		const char *mhtml;
		bool is_found;
	} pages[] = {
		{ "value=3D\"h&t2=C3=A9\"", true },
		{ "value=3D\"h&amp;t=\r\n2=C3=A9\"", true },
		{ "h=\n&t=32=C3=\r\n=A9", true },
		{ "h&t2\xC3\xA9", true },
		{ "=68=26=74=32=C3=A9", true },
		{ "value=3D\"h&t2=C3=AA\"", false },
		{ "h&t2=C3=", false },
		{ "", false },
	};
	struct axev__secrets secrets = { 0 };
	size_t i;

	assert_ok(axev__secrets_add(&secrets, axev__span_str("h&t2\xC3\xA9"), &err));
	for (i = 0; i < AXEV__COUNT(pages); i++)
		ck_assert_msg(axev__secrets_in_mhtml(&secrets, axev__span_str(pages[i].mhtml)) == pages[i].is_found,
			      "%s", pages[i].mhtml);
	axev__secrets_free(&secrets);
}
END_TEST

START_TEST(secrets__there_is_an_end_to_them)
{
	struct axev__secrets secrets = { 0 };
	char text[16];
	int i;

	for (i = 0; i < AXEV__MAX_SECRETS; i++) {
		snprintf(text, sizeof(text), "%d", i);
		assert_ok(axev__secrets_add(&secrets, axev__span_str(text), &err));
	}
	assert_fails(axev__secrets_add(&secrets, axev__span_str("one more"), &err), AXEV_E_LIMIT,
		     "more than 4096 secrets");
	axev__secrets_free(&secrets);
}
END_TEST

START_TEST(secrets__keys_are_those_of_a_keyboard)
{
	static const struct {
		const char *name, *key, *code, *text;
		int virtual_key, modifiers;
	} keys[] = {
		{ "a", "a", "KeyA", "a", 'A', 0 },	 { "A", "A", "KeyA", "A", 'A', 8 },
		{ "7", "7", "Digit7", "7", '7', 0 },	 { "&", "&", "Digit7", "&", '7', 8 },
		{ "+", "+", "Equal", "+", 0xBB, 8 },	 { "Enter", "Enter", "Enter", "\r", 13, 0 },
		{ " ", " ", "Space", " ", 32, 0 },	 { "Control+a", "a", "KeyA", "", 'A', 2 },
		{ "Shift+Tab", "Tab", "Tab", "", 9, 8 }, { "Alt+ArrowLeft", "ArrowLeft", "ArrowLeft", "", 0x25, 1 },
	};
	static const char *const none[] = { "", "F1", "enter", "Control+", "Control+Shift+a", "\xC3\xA9", "ab", "\n" };
	struct axev__page_key key;
	size_t i;

	for (i = 0; i < AXEV__COUNT(keys); i++) {
		ck_assert_msg(axev__page_key_find(keys[i].name, &key), "%s", keys[i].name);
		ck_assert_str_eq(key.key, keys[i].key);
		ck_assert_str_eq(key.code, keys[i].code);
		ck_assert_str_eq(key.text, keys[i].text);
		ck_assert_int_eq(key.virtual_key, keys[i].virtual_key);
		ck_assert_int_eq(key.modifiers, keys[i].modifiers);
	}
	for (i = 0; i < AXEV__COUNT(none); i++)
		ck_assert_msg(!axev__page_key_find(none[i], &key), "%s", none[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("secrets");
	TCase *tcase = tcase_create("secrets");

	tcase_add_test(tcase, secrets__the_value_of_a_password_field_is_replaced);
	tcase_add_test(tcase, secrets__what_was_typed_is_replaced_in_any_field);
	tcase_add_test(tcase, secrets__a_snapshot_without_any_stays_byte_for_byte);
	tcase_add_test(tcase, secrets__a_form_that_is_not_known_is_left_out);
	tcase_add_test(tcase, secrets__are_found_in_mhtml_however_it_is_broken);
	tcase_add_test(tcase, secrets__there_is_an_end_to_them);
	tcase_add_test(tcase, secrets__keys_are_those_of_a_keyboard);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
