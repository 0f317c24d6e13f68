/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries and parts whose size is known only at their end. Built twice: as it is, and with ZIP64 from 3 MB on (meson.build), so that
 * what is larger moves by the 20 bytes of its ZIP64 field. The bytes are compared with those of a writer that knew the size
 * before, and read by libarchive, unzip and Python.
 */
#include "container_growing.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/spill.h"
#include "base/text.h"
#include "package/container_read.h"

#define IS_LOW (AXEV__ZIP64_FROM < AXEV__ZIP64_ELSEWHERE)

/* Two entries that grow, one behind the other, between others; sizes known before or not. */
static void write_sample(int fd, bool grows, struct axev__buf *out)
{
	AXEV__CONTAINER *writer = NULL;

	assert_ok(axev__container_new(fd, &writer, &err));
	if (grows) {
		grow(writer, "data/empty", axev__span("", 0));
		grow(writer, "data/big", axev__buf_view(&big));
		grow(writer, "data/other", axev__buf_view(&other));
	} else {
		assert_ok(axev__container_add(writer, "data/empty", axev__span("", 0), NULL, &err));
		assert_ok(axev__container_add(writer, "data/big", axev__buf_view(&big), NULL, &err));
		assert_ok(axev__container_add(writer, "data/other", axev__buf_view(&other), NULL, &err));
	}
	assert_ok(axev__container_add(writer, "data/last", axev__span_str("last"), NULL, &err));
	finish(writer, fd, out);
}

/* The container with a part that was written into a file of its own first. */
static void write_copied_part(struct axev__buf *out, struct axev__digests *ret_digests)
{
	AXEV__CLOSE int fd = memory_file();
	AXEV__CLOSE int part_fd = memory_file();
	AXEV__CONTAINER *writer = NULL, *part = NULL;
	AXEV__BUF bytes = AXEV__BUF_INIT(16 * AXEV__MIB);

	assert_ok(axev__part_new(part_fd, &part, &err));
	put_objects(part);
	assert_ok(axev__part_finish(part, &err));
	load_file(part_fd, &bytes);
	assert_ok(axev__container_new(fd, &writer, &err));
	assert_ok(axev__container_add(writer, PART, axev__buf_view(&bytes), ret_digests, &err));
	assert_ok(axev__container_add(writer, "data/parts/0001.json", axev__span_str("{}"), NULL, &err));
	finish(writer, fd, out);
}

static void assert_same(const struct axev__buf *found, const struct axev__buf *expected)
{
	ck_assert_uint_eq(found->size, expected->size);
	ck_assert_int_eq(memcmp(found->data, expected->data, found->size), 0);
}

static void assert_reads(const struct axev__source *source, struct axev__span expected)
{
	AXEV__BUF found = AXEV__BUF_INIT(16 * AXEV__MIB);

	assert_ok(axev__source_load(source, &found, &err));
	ck_assert_uint_eq(found.size, expected.size);
	ck_assert_int_eq(memcmp(found.data, expected.data, found.size), 0);
}

/* ---- read by others ---- */

struct known {
	const char *name;
	struct axev__span content;
};

static void assert_libarchive_reads(int fd, bool in_order, const struct known *known, size_t count)
{
	struct archive *reader = archive_read_new();
	struct archive_entry *entry;
	AXEV__BUF found = AXEV__BUF_INIT(16 * AXEV__MIB);
	char path[40];
	size_t i, seen = 0;

	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	if (in_order)
		archive_read_support_format_zip_streamable(reader);
	else
		archive_read_support_format_zip_seekable(reader);
	assert_ok(axev__buf_reserve(&found, found.max, &err));
	ck_assert_int_eq(archive_read_open_filename(reader, path, 65536), ARCHIVE_OK);
	while (archive_read_next_header(reader, &entry) == ARCHIVE_OK)
		for (i = 0; i < count; i++) {
			if (strcmp(archive_entry_pathname(entry), known[i].name) != 0)
				continue;
			ck_assert_int_eq(archive_read_data(reader, found.data, found.max), (la_ssize_t)known[i].content.size);
			ck_assert_int_eq(memcmp(found.data, known[i].content.data, known[i].content.size), 0);
			seen++;
		}
	ck_assert_uint_eq(seen, count);
	archive_read_free(reader);
}

static void run_on(int fd, const char *command)
{
	char line[600];

	ck_assert_int_eq(fcntl(fd, F_SETFD, 0), 0); /* they open it by its number */
	snprintf(line, sizeof(line), "f=/dev/fd/%d; %s", fd, command);
	ck_assert_msg(system(line) == 0, "%s", line);
}

/* Python reads parts within, too. */
static void assert_all_read(int fd, const struct known *known, size_t count)
{
	assert_libarchive_reads(fd, false, known, count);
	assert_libarchive_reads(fd, true, known, count);
	run_on(fd, "unzip -tqq $f");
	run_on(fd, "python3 -c 'import sys, zipfile\n"
		   "z = zipfile.ZipFile(sys.argv[1])\n"
		   "parts = [zipfile.ZipFile(z.open(n)) for n in z.namelist() if n.endswith(\".zip\")]\n"
		   "sys.exit(any(a.testzip() is not None for a in [z] + parts))' $f");
}

static int read_strictly(int fd)
{
	AXEV__CONTAINER_READER *container = NULL, *part = NULL;
	struct axev__source file, inner;
	const struct axev__entry *entry;
	unsigned signatures;

	TRY(axev__source_file(fd, &file, &err));
	TRY(axev__container_open(&file, &container, &err));
	TRY(axev__container_hash(container, NULL, &err));
	TRY(axev__container_check_lists(container, &signatures, &err));
	entry = axev__container_find(container, PART);
	if (!entry)
		return AXEV_OK;
	inner = axev__source_window(&file, entry->offset, entry->size_bytes);
	TRY(axev__part_open(&inner, &part, &err));
	return axev__container_hash(part, NULL, &err);
}

/* ---- entries ---- */

START_TEST(container_grow__the_bytes_are_those_of_a_size_known_before)
{
	AXEV__CLOSE int known_fd = memory_file();
	AXEV__CLOSE int fd = memory_file();
	AXEV__BUF expected = AXEV__BUF_INIT(16 * AXEV__MIB);
	AXEV__BUF found = AXEV__BUF_INIT(16 * AXEV__MIB);

	write_sample(known_fd, false, &expected);
	write_sample(fd, true, &found);
	assert_same(&found, &expected);
	assert_ok(read_strictly(fd));
}
END_TEST

START_TEST(container_grow__others_read_it)
{
	AXEV__CLOSE int fd = memory_file();
	AXEV__BUF bytes = AXEV__BUF_INIT(16 * AXEV__MIB);
	const struct known known[] = { { "data/empty", axev__span("", 0) }, { "data/big", axev__buf_view(&big) },
				       { "data/other", axev__buf_view(&other) }, { "data/last", axev__span_str("last") } };

	write_sample(fd, true, &bytes);
	/* The header of data/big, where the sizes stand: else nothing has moved, and this shows less than it says. */
	ck_assert_int_eq(memmem(bytes.data, 200, "data/big\x01\x00\x10\x00", 12) != NULL, IS_LOW);
	assert_all_read(fd, known, AXEV__COUNT(known));
}
END_TEST

START_TEST(container_grow__so_far_and_last_are_what_was_written)
{
	AXEV__CLOSE int fd = memory_file();
	AXEV__CONTAINER *writer = NULL;
	struct axev__source source;

	assert_ok(axev__container_new(fd, &writer, &err));
	assert_ok(axev__container_last(writer, &source, &err));
	assert_reads(&source, axev__span_str("application/vnd.etsi.asic-e+zip"));
	assert_fails(axev__container_so_far(writer, &source, &err), AXEV_E_STATE, "expected an entry to be begun first");
	assert_ok(axev__container_begin_growing(writer, "data/big", &err));
	assert_ok(axev__container_so_far(writer, &source, &err));
	ck_assert_uint_eq(source.size, 0);
	write_pieces(writer, axev__span(big.data, 3500000));
	assert_ok(axev__container_so_far(writer, &source, &err));
	assert_reads(&source, axev__span(big.data, 3500000));
	assert_fails(axev__container_last(writer, &source, &err), AXEV_E_STATE, "expected the open entry to be ended first");
	write_pieces(writer, axev__span(big.data + 3500000, big.size - 3500000));
	assert_ok(axev__container_end(writer, NULL, &err));
	assert_ok(axev__container_last(writer, &source, &err));
	assert_reads(&source, axev__buf_view(&big));
}
END_TEST

START_TEST(container_grow__one_that_is_dropped_leaves_nothing)
{
	AXEV__CLOSE int expected_fd = memory_file();
	AXEV__CLOSE int fd = memory_file();
	AXEV__CONTAINER *writer = NULL, *part = NULL;
	AXEV__BUF expected = AXEV__BUF_INIT(16 * AXEV__MIB);
	AXEV__BUF found = AXEV__BUF_INIT(16 * AXEV__MIB);

	write_sample(expected_fd, false, &expected);
	assert_ok(axev__container_new(fd, &writer, &err));
	grow(writer, "data/empty", axev__span("", 0));
	assert_ok(axev__container_begin_growing(writer, "data/big", &err));
	write_pieces(writer, axev__buf_view(&other));
	assert_ok(axev__container_rollback(writer, &err));
	/* A whole part, too; the same name is free again. */
	assert_ok(axev__part_begin(writer, "data/big", &part, &err));
	put_objects(part);
	assert_ok(axev__container_rollback(writer, &err));
	grow(writer, "data/big", axev__buf_view(&big));
	grow(writer, "data/other", axev__buf_view(&other));
	assert_ok(axev__container_add(writer, "data/last", axev__span_str("last"), NULL, &err));
	finish(writer, fd, &found);
	assert_same(&found, &expected);
}
END_TEST

START_TEST(container_grow__an_error_in_the_middle_can_be_dropped)
{
	AXEV__CLOSE int expected_fd = memory_file();
	AXEV__CLOSE int fd = memory_file();
	AXEV__CONTAINER *writer = NULL;
	AXEV__BUF expected = AXEV__BUF_INIT(16 * AXEV__MIB);
	AXEV__BUF found = AXEV__BUF_INIT(16 * AXEV__MIB);

	write_sample(expected_fd, false, &expected);
	assert_ok(axev__container_new(fd, &writer, &err));
	grow(writer, "data/empty", axev__span("", 0));
	assert_ok(axev__container_begin_growing(writer, "data/big", &err));
	let_grow_to(AXEV__MIB);
	ck_assert_int_eq(axev__container_write(writer, big.data, big.size, &err), AXEV_E_IO);
	ck_assert_int_eq(err.sys_errno, EFBIG);
	let_grow_to(RLIM_INFINITY);
	assert_ok(axev__container_rollback(writer, &err));
	grow(writer, "data/big", axev__buf_view(&big));
	grow(writer, "data/other", axev__buf_view(&other));
	assert_ok(axev__container_add(writer, "data/last", axev__span_str("last"), NULL, &err));
	finish(writer, fd, &found);
	assert_same(&found, &expected);
}
END_TEST

START_TEST(container_grow__no_room_to_move_is_an_error)
{
	AXEV__CLOSE int expected_fd = memory_file();
	AXEV__CLOSE int fd = memory_file();
	AXEV__CONTAINER *writer = NULL;
	AXEV__BUF expected = AXEV__BUF_INIT(16 * AXEV__MIB);
	AXEV__BUF found = AXEV__BUF_INIT(16 * AXEV__MIB);
	struct axev__source so_far;

	write_sample(expected_fd, false, &expected);
	assert_ok(axev__container_new(fd, &writer, &err));
	grow(writer, "data/empty", axev__span("", 0));
	assert_ok(axev__container_begin_growing(writer, "data/big", &err));
	write_pieces(writer, axev__buf_view(&big));
	assert_ok(axev__container_so_far(writer, &so_far, &err));
	let_grow_to(so_far.base + so_far.size + 19); /* one byte less than its header needs */
	if (IS_LOW) {
		ck_assert_int_eq(axev__container_end(writer, NULL, &err), AXEV_E_IO);
		ck_assert_int_eq(err.sys_errno, EFBIG);
		let_grow_to(RLIM_INFINITY);
		assert_ok(axev__container_rollback(writer, &err));
		grow(writer, "data/big", axev__buf_view(&big));
	} else {
		assert_ok(axev__container_end(writer, NULL, &err));
		let_grow_to(RLIM_INFINITY);
	}
	grow(writer, "data/other", axev__buf_view(&other));
	assert_ok(axev__container_add(writer, "data/last", axev__span_str("last"), NULL, &err));
	finish(writer, fd, &found);
	assert_same(&found, &expected);
}
END_TEST

START_TEST(container_grow__the_limit_counts_what_stands_before_a_part)
{
	AXEV__CLOSE int fd = memory_file();
	AXEV__CONTAINER *part = NULL;

	assert_ok(axev__container_writer_new(fd, AXEV__MAX_CONTAINER_BYTES - 100, AXEV__LAYOUT_PART, &part, &err));
	assert_fails(axev__container_begin(part, "data/a", 101, &err), AXEV_E_LIMIT,
		     "entry 'data/a': expected at most 17592186044416 bytes in a container");
	assert_ok(axev__container_begin_growing(part, "data/a", &err));
	assert_fails(axev__container_write(part, big.data, 101, &err), AXEV_E_LIMIT,
		     "expected at most 17592186044416 bytes in a container");
}
END_TEST

/* ---- parts ---- */

START_TEST(container_grow__a_part_in_its_place_is_the_part_that_was_copied)
{
	AXEV__CLOSE int fd = memory_file();
	AXEV__CONTAINER *writer = NULL;
	AXEV__BUF expected = AXEV__BUF_INIT(16 * AXEV__MIB);
	AXEV__BUF found = AXEV__BUF_INIT(16 * AXEV__MIB);
	struct axev__digests copied, written;

	write_copied_part(&expected, &copied);
	assert_ok(axev__container_new(fd, &writer, &err));
	add_part(writer, PART, &written);
	assert_ok(axev__container_add(writer, "data/parts/0001.json", axev__span_str("{}"), NULL, &err));
	finish(writer, fd, &found);
	assert_same(&found, &expected);
	ck_assert_mem_eq(written.sha256, copied.sha256, 32);
	ck_assert_uint_eq(written.size_bytes, copied.size_bytes);
	assert_ok(read_strictly(fd));
	assert_all_read(fd, NULL, 0);
}
END_TEST

START_TEST(container_grow__what_a_part_lends_is_right_when_the_part_has_moved)
{
	AXEV__CLOSE int fd = memory_file();
	AXEV__CONTAINER *writer = NULL, *part = NULL;
	struct axev__source lent, window;
	uint64_t size_bytes;
	uint8_t first[16];

	assert_ok(axev__container_new(fd, &writer, &err));
	assert_ok(axev__part_begin(writer, PART, &part, &err));
	assert_fails(axev__container_last(part, &lent, &err), AXEV_E_STATE, "expected an entry to be added first");
	grow(part, "data/big", axev__buf_view(&big));
	assert_ok(axev__container_last(part, &lent, &err));
	window = axev__source_window(&lent, 1000, 5000);
	assert_ok(axev__container_add(part, "data/other", axev__buf_view(&other), NULL, &err));
	assert_ok(axev__pread_full(fd, first, sizeof(first), lent.base, &err));
	ck_assert_mem_eq(first, big.data, sizeof(first));
	assert_ok(axev__part_end(writer, part, NULL, &size_bytes, &err));
	assert_ok(axev__pread_full(fd, first, sizeof(first), lent.base, &err));
	ck_assert_int_eq(memcmp(first, big.data, sizeof(first)) != 0, IS_LOW); /* it did move */
	axev__container_free(axev__steal(part));
	assert_reads(&lent, axev__buf_view(&big));
	assert_reads(&window, axev__span(big.data + 1000, 5000));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("container_grow");
	TCase *tcase = tcase_create("container_grow");

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, make_content, free_content);
	tcase_add_test(tcase, container_grow__the_bytes_are_those_of_a_size_known_before);
	tcase_add_test(tcase, container_grow__others_read_it);
	tcase_add_test(tcase, container_grow__so_far_and_last_are_what_was_written);
	tcase_add_test(tcase, container_grow__one_that_is_dropped_leaves_nothing);
	tcase_add_test(tcase, container_grow__an_error_in_the_middle_can_be_dropped);
	tcase_add_test(tcase, container_grow__no_room_to_move_is_an_error);
	tcase_add_test(tcase, container_grow__the_limit_counts_what_stands_before_a_part);
	tcase_add_test(tcase, container_grow__a_part_in_its_place_is_the_part_that_was_copied);
	tcase_add_test(tcase, container_grow__what_a_part_lends_is_right_when_the_part_has_moved);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
