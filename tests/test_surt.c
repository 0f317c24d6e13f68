/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "content/surt.h"

/* Each right side is what getSurt of warcio.js 2.4.11 gives (tests/interop/wacz_peers.sh asks it again). */
static const struct {
	const char *url, *key;
} cases[] = {
	{ "http://www.example.com/", "com,example)/" },
	{ "http://example.com", "com,example)/" },
	{ "https://www2.Example.com:8443/A/B?z=1&A=2&b=%41", "com,example:8443)/a/b?a=2&b=%41&z=1" },
	{ "http://www.www.example.com/", "com,example,www)/" },
	{ "http://wwww.example.com/", "com,example,wwww)/" },
	{ "http://example.com:80/", "com,example)/" },
	{ "https://example.com:443/", "com,example)/" },
	{ "https://example.com:80/", "com,example:80)/" },
	{ "http://example.com:0080/", "com,example)/" },
	{ "http://user:pw@example.com/x#fragment", "com,example)/x" },
	{ "http://[::1]:8080/a", "[::1]:8080)/a" },
	{ "http://127.0.0.1/", "1,0,0,127)/" },
	{ "http://a.b./", ",b,a)/" },
	{ "http://example.com?", "com,example)/" },
	{ "http://example.com/?b&a&&=", "com,example)/?&=&a&b" },
	{ "http://example.com/a^b|c`d{e}'f", "com,example)/a^b|c%60d%7Be%7D'f" },
	{ "http://example.com/?a^b|c`d{e}'f\"<>", "com,example)/?a^b|c`d{e}%27f%22%3C%3E" },
	{ "http://example.com/%2e%2E/a/./b/../c", "com,example)/a/c" },
	{ "http://example.com/a/b/..", "com,example)/a/" },
	{ "http://EXAMPLE.com\\a\\b", "com,example)/a/b" },
	{ "http:/example.com/x", "com,example)/x" },
	{ "http://example.com/ a \t b\n", "com,example)/%20a%20%20b" },
	{ "http://a/?q=\xc3\xa9 x#y", "a)/?q=%C3%A9%20x" },
	/* No URL of a browser: its own key. */
	{ "HTTP://www.example.com/", "HTTP://www.example.com/" },
	{ "urn:view:http://X/", "urn:view:http://X/" },
	{ "http://exa mple.com/x", "http://exa mple.com/x" },
	{ "http://example.com:99999/", "http://example.com:99999/" },
	{ "https://www.", "https://" },
	{ "http:", "http:" },
	{ "", "" },
};

START_TEST(surt__keys_are_those_of_the_readers_in_use)
{
	AXEV__BUF key = AXEV__BUF_INIT(1000);
	axev_error err;

	assert_ok(axev__surt(axev__span_str(cases[_i].url), &key, &err));
	ck_assert_str_eq(key.data ? (char *)key.data : "", cases[_i].key);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("surt");
	TCase *tcase = tcase_create("surt");

	tcase_add_loop_test(tcase, surt__keys_are_those_of_the_readers_in_use, 0,
			    (int)AXEV__COUNT(cases));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
