/* SPDX-License-Identifier: Apache-2.0 */
/* libarchive as a second reader of our containers: it sees the same entries in both of its modes. */
#include "support.h"

#include <archive.h>
#include <archive_entry.h>

static const char *const names[] = { "mimetype", "data/0001.txt", "data/evidence.json",
				     "manifest-sha256.txt", "META-INF/ASiCManifest001.xml",
				     "META-INF/signature001.p7s" };

static void check_reader(const char *format)
{
	struct archive *reader = archive_read_new();
	struct archive_entry *entry;
	char path[4200], content[64];
	size_t i = 0;

	snprintf(path, sizeof(path), "%s/container/golden/c1.asice", getenv("AXEV_TEST_DATA"));
	if (strcmp(format, "seek") == 0)
		archive_read_support_format_zip_seekable(reader);
	else
		archive_read_support_format_zip_streamable(reader);
	ck_assert_int_eq(archive_read_open_filename(reader, path, 4096), ARCHIVE_OK);
	while (archive_read_next_header(reader, &entry) == ARCHIVE_OK) {
		ck_assert_str_eq(archive_entry_pathname(entry), names[i]);
		if (i++ == 1) {
			ck_assert_int_eq((int)archive_read_data(reader, content, sizeof(content)), 6);
			ck_assert_mem_eq(content, "hello\n", 6);
		}
	}
	ck_assert_uint_eq(i, 6);
	archive_read_free(reader);
}

START_TEST(container_foreign__both_modes_of_libarchive_agree_with_us)
{
	check_reader("seek");
	check_reader("stream");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("container_foreign");
	TCase *tcase = tcase_create("container_foreign");

	tcase_add_test(tcase, container_foreign__both_modes_of_libarchive_agree_with_us);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
