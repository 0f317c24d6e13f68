/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/io.h"

static char folder[64];
static int dir = -1;

static void set_up(void)
{
	strcpy(folder, "/tmp/axev-test-io-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(dir, 0);
}

static void tear_down(void)
{
	close(dir);
	ck_assert_int_eq(axev__remove_tree(AT_FDCWD, folder, NULL), AXEV_OK);
	ck_assert_int_ne(access(folder, F_OK), 0);
}

static void assert_holds(const char *name, const char *expected)
{
	AXEV__BUF found = AXEV__BUF_INIT(100);
	axev_error err;

	assert_ok(axev__read_file(dir, name, &found, &err));
	ck_assert_str_eq((char *)found.data, expected);
}

START_TEST(io__a_file_is_replaced_with_the_mode_asked_for)
{
	axev_error err;
	struct stat st;
	mode_t before = umask(077);

	assert_ok(axev__write_file_durable(dir, "a", axev__span_str("one"), 0644, &err));
	assert_ok(axev__write_file_durable(dir, "a", axev__span_str("two"), 0444, &err));
	umask(before);
	assert_holds("a", "two");
	ck_assert_int_eq(fstatat(dir, "a", &st, 0), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0444);
}
END_TEST

START_TEST(io__creating_does_not_replace)
{
	axev_error err;

	assert_ok(axev__create_file_durable(dir, "a", axev__span_str("one"), 0600, &err));
	assert_fails(axev__create_file_durable(dir, "a", axev__span_str("two"), 0600, &err),
		     AXEV_E_EXISTS, "a: exists already");
	assert_holds("a", "one");
}
END_TEST

START_TEST(io__what_is_not_there_is_named)
{
	AXEV__BUF out = AXEV__BUF_INIT(2);
	axev_error err;

	assert_fails(axev__read_file(dir, "no\nne", &out, &err), AXEV_E_NOTFOUND,
		     "no\\nne: cannot open: No such file or directory");
	assert_ok(axev__make_dirs_durable(dir, "x/y/z", 0700, &err));
	assert_fails(axev__read_file(dir, "x", &out, &err), AXEV_E_INVAL,
		     "x: expected a regular file");
	assert_ok(axev__write_file_durable(dir, "x/y/z/b", axev__span_str("abc"), 0600, &err));
	assert_fails(axev__read_file(dir, "x/y/z/b", &out, &err), AXEV_E_LIMIT,
		     "x/y/z/b: expected at most 2 bytes, found more");
}
END_TEST

START_TEST(io__a_short_file_says_where_it_ends)
{
	AXEV__CLOSE int fd = -1;
	axev_error err;
	char bytes[8];
	uint64_t size;

	assert_ok(axev__write_file_durable(dir, "a", axev__span_str("abcd"), 0600, &err));
	assert_ok(axev__open(dir, "a", O_RDWR, 0, &fd, &err));
	assert_ok(axev__pread_full(fd, bytes, 2, 1, &err));
	ck_assert_mem_eq(bytes, "bc", 2);
	assert_fails(axev__pread_full(fd, bytes, 8, 1, &err), AXEV_E_FORMAT,
		     "expected 5 more bytes, found the end of the file");
	ck_assert_uint_eq(err.offset, 4);
	assert_ok(axev__pwrite_full(fd, "xyz", 3, 3, &err));
	assert_ok(axev__file_size(fd, &size, &err));
	ck_assert_uint_eq(size, 6);
}
END_TEST

START_TEST(io__renames_between_folders)
{
	axev_error err;

	assert_ok(axev__make_dirs_durable(dir, "p/q", 0700, &err));
	assert_ok(axev__make_dirs_durable(dir, "p/q", 0700, &err));
	assert_ok(axev__write_file_durable(dir, "p/a", axev__span_str("one"), 0600, &err));
	assert_ok(axev__rename_durable(dir, "p/a", "p/q/b", &err));
	assert_holds("p/q/b", "one");
}
END_TEST

START_TEST(io__removing_a_tree_does_not_follow_links)
{
	axev_error err;

	assert_ok(axev__make_dirs_durable(dir, "kept", 0700, &err));
	assert_ok(axev__write_file_durable(dir, "kept/a", axev__span_str("one"), 0600, &err));
	assert_ok(axev__make_dirs_durable(dir, "gone/deep", 0700, &err));
	ck_assert_int_eq(symlinkat("../kept", dir, "gone/link"), 0);
	assert_ok(axev__remove_tree(dir, "gone", &err));
	assert_ok(axev__remove_tree(dir, "gone", &err));
	assert_holds("kept/a", "one");
	ck_assert_int_ne(faccessat(dir, "gone", F_OK, 0), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("io");
	TCase *tcase = tcase_create("io");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, io__a_file_is_replaced_with_the_mode_asked_for);
	tcase_add_test(tcase, io__creating_does_not_replace);
	tcase_add_test(tcase, io__what_is_not_there_is_named);
	tcase_add_test(tcase, io__a_short_file_says_where_it_ends);
	tcase_add_test(tcase, io__renames_between_folders);
	tcase_add_test(tcase, io__removing_a_tree_does_not_follow_links);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
