/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "capture/db/db_address.h"

static axev_error err;

static void parse(const char *text, const char *user, const char *host, unsigned port, const char *database,
		  const char *socket)
{
	struct axev__db_address address;

	assert_ok(axev__db_address_parse(text, &address, &err));
	ck_assert_str_eq(address.user, user);
	ck_assert_str_eq(address.host, host);
	ck_assert_uint_eq(address.port, port);
	ck_assert_str_eq(address.database, database);
	ck_assert_str_eq(address.socket, socket);
}

START_TEST(db_address__each_part_may_be_there_or_not)
{
	parse("reader@db.example:3307/shop", "reader", "db.example", 3307, "shop", "");
	parse("/shop", "", "", 0, "shop", "");
	parse("localhost/shop?socket=/run/my.sock", "", "localhost", 0, "shop", "/run/my.sock");
	parse("a%40b@[2001:db8::1]:3306/%E5%BA%97", "a@b", "2001:db8::1", 3306, "\xe5\xba\x97", "");
	parse("[::1]/s%3f", "", "::1", 0, "s?", "");
}
END_TEST

START_TEST(db_address__what_is_wrong_is_named)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "localhost", "expected / and the name of a database behind the host" },
		{ "localhost/", "expected the name of a database behind the host" },
		{ "localhost:0/a", "expected a port from 1 to 65535 behind the host" },
		{ "localhost:65536/a", "expected a port from 1 to 65535 behind the host" },
		{ "localhost:1234567/a", "expected a port from 1 to 65535 behind the host" },
		{ "localhost:x/a", "expected a port from 1 to 65535 behind the host" },
		{ "[::1/a", "expected ] behind the IPv6 address of the host" },
		{ "[::1]3306/a", "expected a port behind the IPv6 address of the host" },
		{ "h/%zz", "expected two hex digits behind a % in the name of a database" },
		{ "h/a%00", "expected two hex digits behind a % in the name of a database" },
		{ "h/a%4", "expected two hex digits behind a % in the name of a database" },
		{ "h/a?charset=gbk", "expected socket=PATH behind the ?" },
	};
	struct axev__db_address address;
	char text[600] = "h/";
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++)
		assert_fails(axev__db_address_parse(cases[i].text, &address, &err), AXEV_E_INVAL, cases[i].message);
	memset(text + 2, 'a', 256);
	assert_fails(axev__db_address_parse(text, &address, &err), AXEV_E_LIMIT,
		     "expected a name of a database of at most 255 bytes");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("db_address");
	TCase *tcase = tcase_create("db_address");

	tcase_add_test(tcase, db_address__each_part_may_be_there_or_not);
	tcase_add_test(tcase, db_address__what_is_wrong_is_named);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
