/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges of addresses, at both ends of each and just outside. */
#include "support.h"

#include "base/cleanup.h"
#include "content/address_space.h"

static const struct {
	const char *address, *space; /* NULL: no address */
} addresses[] = {
	{ "0.0.0.0", "loopback" },
	{ "0.255.255.255", "loopback" },
	{ "1.0.0.0", "public" },
	{ "9.255.255.255", "public" },
	{ "10.0.0.0", "private" },
	{ "10.255.255.255", "private" },
	{ "11.0.0.0", "public" },
	{ "100.63.255.255", "public" },
	{ "100.64.0.0", "private" },
	{ "100.127.255.255", "private" },
	{ "100.128.0.0", "public" },
	{ "126.255.255.255", "public" },
	{ "127.0.0.0", "loopback" },
	{ "127.0.0.1", "loopback" },
	{ "127.255.255.255", "loopback" },
	{ "128.0.0.0", "public" },
	{ "169.253.255.255", "public" },
	{ "169.254.0.0", "link-local" },
	{ "169.254.255.255", "link-local" },
	{ "169.255.0.0", "public" },
	{ "172.15.255.255", "public" },
	{ "172.16.0.0", "private" },
	{ "172.31.255.255", "private" },
	{ "172.32.0.0", "public" },
	{ "191.255.255.255", "public" },
	{ "192.0.0.0", "private" },
	{ "192.0.0.255", "private" },
	{ "192.0.1.0", "public" },
	{ "192.167.255.255", "public" },
	{ "192.168.0.0", "private" },
	{ "192.168.255.255", "private" },
	{ "192.169.0.0", "public" },
	{ "198.17.255.255", "public" },
	{ "198.18.0.0", "private" },
	{ "198.19.255.255", "private" },
	{ "198.20.0.0", "public" },
	{ "203.0.113.7", "public" },
	{ "255.255.255.254", "public" },
	{ "255.255.255.255", "link-local" },
	{ "::", "loopback" },
	{ "::1", "loopback" },
	{ "::2", "public" },
	{ "::ffff:127.0.0.1", "loopback" },
	{ "::ffff:7f00:1", "loopback" },
	{ "::ffff:192.168.1.1", "private" },
	{ "::ffff:203.0.113.7", "public" },
	{ "::fffe:127.0.0.1", "public" },
	{ "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "public" },
	{ "fc00::", "private" },
	{ "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private" },
	{ "fe00::", "public" },
	{ "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "public" },
	{ "fe80::", "link-local" },
	{ "fe80::1%eth0", "link-local" },
	{ "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local" },
	{ "fec0::", "private" },
	{ "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private" },
	{ "ff00::", "public" },
	{ "64:ff9b::203.0.113.7", "public" },
	{ "64:ff9b::10.1.2.3", "private" },
	{ "64:ff9b::1:0:10.1.2.3", "public" },
	{ "64:ff9b:1::", "private" },
	{ "64:ff9b:1:ffff::", "private" },
	{ "64:ff9b:2::", "public" },
	{ "2002:7f00:1::1", "loopback" },
	{ "2002:c0a8:101::", "private" },
	{ "2002:cb00:7107::", "public" },
	{ "2003:c0a8:101::", "public" },
	{ "2001:db8::1", "public" },
	{ "", NULL },
	{ "localhost", NULL },
	{ "127.0.0.1:80", NULL },
	{ "[::1]", NULL },
	{ "127.1", NULL },
	{ "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", NULL },
};

START_TEST(address_space__ranges_end_where_they_end)
{
	enum axev__space space = axev__address_space(axev__span_str(addresses[_i].address));
	const char *name = axev__space_name(space);

	if (!addresses[_i].space)
		ck_assert_int_eq(space, AXEV__SPACE_UNKNOWN);
	else
		ck_assert_msg(name && strcmp(name, addresses[_i].space) == 0, "%s: expected %s, found %s",
			      addresses[_i].address, addresses[_i].space, name ? name : "none");
}
END_TEST

START_TEST(address_space__a_byte_of_zero_ends_no_address)
{
	ck_assert_int_eq(axev__address_space(axev__span("127.0.0.1\0.5", 12)), AXEV__SPACE_UNKNOWN);
}
END_TEST

START_TEST(address_space__what_is_nearer)
{
	static const enum axev__space from_near[] = { AXEV__SPACE_LOOPBACK, AXEV__SPACE_PRIVATE, AXEV__SPACE_PUBLIC };
	size_t i, j;

	for (i = 0; i < 3; i++)
		for (j = 0; j < 3; j++)
			ck_assert_int_eq(axev__space_is_nearer(from_near[i], from_near[j]), i < j);
	ck_assert(!axev__space_is_nearer(AXEV__SPACE_LINK_LOCAL, AXEV__SPACE_PRIVATE));
	ck_assert(!axev__space_is_nearer(AXEV__SPACE_PRIVATE, AXEV__SPACE_LINK_LOCAL));
	ck_assert(axev__space_is_nearer(AXEV__SPACE_LINK_LOCAL, AXEV__SPACE_PUBLIC));
	ck_assert(axev__space_is_nearer(AXEV__SPACE_LOOPBACK, AXEV__SPACE_LINK_LOCAL));
	ck_assert(!axev__space_is_nearer(AXEV__SPACE_UNKNOWN, AXEV__SPACE_PUBLIC));
	ck_assert(!axev__space_is_nearer(AXEV__SPACE_LOOPBACK, AXEV__SPACE_UNKNOWN));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("address_space");
	TCase *tcase = tcase_create("address_space");

	tcase_add_loop_test(tcase, address_space__ranges_end_where_they_end, 0, (int)AXEV__COUNT(addresses));
	tcase_add_test(tcase, address_space__a_byte_of_zero_ends_no_address);
	tcase_add_test(tcase, address_space__what_is_nearer);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
