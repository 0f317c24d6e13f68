/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/limits.h"
#include "base/path.h"

START_TEST(path__entry_names_are_plain_on_every_system)
{
	static const char *const names[] = {
		"a", "data/evidence.json", "data/0001.html", "a-b_c.d/e", "data/communication.txt",
		"data/com10", "data/console", "data/x.con", "data/1..2",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_assert_msg(axev__is_entry_name(axev__span_str(names[i])), "%s", names[i]);
}
END_TEST

START_TEST(path__names_that_could_surprise_are_refused)
{
	static const char *const names[] = {
		"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", ".hidden", "a/.b",
		"a.", "a./b", "A", "data/A.txt", "a b", "a\\b", "a:b", "a\nb", "\xE8\xAF\x81", "con",
		"data/con", "con.txt", "data/nul.tar.gz", "aux", "prn", "com1", "lpt9.txt", "com0", "~",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_assert_msg(!axev__is_entry_name(axev__span_str(names[i])), "%s", names[i]);
	ck_assert(!axev__is_entry_name(axev__span("a\0b", 3)));
}
END_TEST

START_TEST(path__length_has_a_maximum)
{
	char name[AXEV__MAX_ENTRY_NAME + 1];

	memset(name, 'a', sizeof(name));
	ck_assert(axev__is_entry_name(axev__span(name, AXEV__MAX_ENTRY_NAME)));
	ck_assert(!axev__is_entry_name(axev__span(name, AXEV__MAX_ENTRY_NAME + 1)));
}
END_TEST

START_TEST(path__base_name_is_behind_the_last_slash)
{
	ck_assert(axev__span_is(axev__base_name(axev__span_str("a/b/c.txt")), "c.txt"));
	ck_assert(axev__span_is(axev__base_name(axev__span_str("c.txt")), "c.txt"));
	ck_assert(axev__span_is(axev__base_name(axev__span_str("a/")), ""));
	ck_assert(axev__span_is(axev__base_name(axev__span_str("")), ""));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("path");
	TCase *tcase = tcase_create("path");

	tcase_add_test(tcase, path__entry_names_are_plain_on_every_system);
	tcase_add_test(tcase, path__names_that_could_surprise_are_refused);
	tcase_add_test(tcase, path__length_has_a_maximum);
	tcase_add_test(tcase, path__base_name_is_behind_the_last_slash);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
