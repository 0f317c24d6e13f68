/* SPDX-License-Identifier: Apache-2.0 */
#include "support_container.h"

#include "package/container_write.h"
#include "package/pass.h"

#define INNER "data/packages/0001.asice"
#define BIG_BYTES (6 * AXEV__MIB + 12345) /* more chunks than the ring has slots */

static axev_error err;
static struct axev__buf outer = AXEV__BUF_INIT(32 * AXEV__MIB);
static int outer_fd = -1;

static int write_container(const char *name, struct axev__span content)
{
	int fd = memory_file();
	AXEV__CONTAINER *writer = NULL;
	uint8_t sha256[32];
	uint64_t size_bytes;

	assert_ok(axev__container_new(fd, &writer, &err));
	assert_ok(axev__container_add(writer, "data/empty", axev__span("", 0), NULL, &err));
	assert_ok(axev__container_add(writer, name, content, NULL, &err));
	assert_ok(axev__container_add(writer, "data/evidence.json", axev__span_str("{}"), NULL, &err));
	assert_ok(axev__container_seal_begin(writer, 1, &err));
	assert_ok(axev__container_add_signature(writer, 1, axev__span_str("p7s"), &err));
	assert_ok(axev__container_finish(writer, NULL, &size_bytes, sha256, &err));
	return fd;
}

static void make_outer(void)
{
	AXEV__BUF big = AXEV__BUF_INIT(16 * AXEV__MIB);
	AXEV__BUF inner = AXEV__BUF_INIT(16 * AXEV__MIB);
	AXEV__CLOSE int inner_fd = -1;

	fill(&big, BIG_BYTES, 7);
	inner_fd = write_container("data/0001.bin", axev__buf_view(&big));
	load_file(inner_fd, &inner);
	outer_fd = write_container(INNER, axev__buf_view(&inner));
	load_file(outer_fd, &outer);
}

static void remove_outer(void)
{
	axev__buf_free(&outer);
	close(outer_fd);
}

static uint32_t crc_of(struct axev__span bytes)
{
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;

	assert_ok(axev__hasher_new(AXEV__DIGEST_CRC32, &hasher, &err));
	assert_ok(axev__hasher_update(hasher, bytes.data, bytes.size, &err));
	assert_ok(axev__hasher_final(hasher, &digests, &err));
	return digests.crc32;
}

static void assert_known(const struct axev__pass *pass, const struct axev__container *container)
{
	const struct axev__source *source = axev__container_source(container);
	size_t i;

	for (i = 0; i < axev__container_count(container); i++) {
		const struct axev__entry *entry = axev__container_entry(container, i);
		AXEV__BUF content = AXEV__BUF_INIT(16 * AXEV__MIB);
		const uint8_t *found;
		uint8_t expected[32];
		uint32_t crc32;

		ck_assert_msg(axev__pass_find(pass, source, entry->offset, entry->size_bytes, &crc32,
					      &found),
			      "%s is not known", entry->name);
		ck_assert(!axev__pass_find(pass, source, entry->offset, entry->size_bytes + 1,
					   &crc32, &found));
		assert_ok(axev__container_read(container, entry, &content, &err));
		assert_ok(axev__sha256(content.data, content.size, expected, &err));
		ck_assert_mem_eq(found, expected, 32);
		ck_assert_uint_eq(crc32, crc_of(axev__buf_view(&content)));
		ck_assert_uint_eq(crc32, entry->crc32);
	}
}

static void assert_all_known(const struct axev__source *source)
{
	AXEV__PASS *pass = NULL;
	AXEV__CONTAINER_READER *container = NULL, *inner = NULL;
	struct axev__source window;
	const struct axev__entry *entry;
	uint8_t whole[32];

	assert_ok(axev__pass_run(source, NULL, &pass, &err));
	assert_ok(axev__sha256(outer.data, outer.size, whole, &err));
	ck_assert_mem_eq(axev__pass_sha256(pass), whole, 32);
	assert_ok(axev__container_open(source, &container, &err));
	assert_known(pass, container);
	entry = axev__container_find(container, INNER);
	window = axev__source_window(axev__container_source(container), entry->offset,
				     entry->size_bytes);
	assert_ok(axev__container_open(&window, &inner, &err));
	assert_known(pass, inner);
}

START_TEST(pass__knows_every_entry_and_every_entry_inside)
{
	struct axev__source memory = axev__source_memory(axev__buf_view(&outer)), file;

	assert_all_known(&memory);
	assert_ok(axev__source_file(outer_fd, &file, &err));
	assert_all_known(&file);
}
END_TEST

START_TEST(pass__hashes_what_is_no_container_and_what_is_empty)
{
	static const char *const texts[] = { "", "not a container" };
	size_t i;

	for (i = 0; i < AXEV__COUNT(texts); i++) {
		struct axev__source source = axev__source_memory(axev__span_str(texts[i]));
		AXEV__PASS *pass = NULL;
		uint8_t expected[32];

		assert_ok(axev__pass_run(&source, NULL, &pass, &err));
		assert_ok(axev__sha256(texts[i], strlen(texts[i]), expected, &err));
		ck_assert_mem_eq(axev__pass_sha256(pass), expected, 32);
	}
}
END_TEST

/* A file that is another by the time its containers are opened gets nothing from the pass over what it was. */
START_TEST(pass__of_other_bytes_does_not_vouch_for_a_container)
{
	struct axev__source source = axev__source_memory(axev__buf_view(&outer));
	struct axev__source other = axev__source_memory(axev__span_str("something else"));
	AXEV__CONTAINER_READER *container = NULL;
	AXEV__PASS *pass = NULL;
	const struct axev__entry *entry;
	uint8_t expected[32];

	assert_ok(axev__pass_run(&other, NULL, &pass, &err));
	source.pass = pass;
	assert_ok(axev__container_open(&source, &container, &err));
	assert_ok(axev__container_hash(container, NULL, &err));
	entry = axev__container_find(container, INNER);
	assert_ok(axev__sha256(outer.data + entry->offset, entry->size_bytes, expected, &err));
	ck_assert_mem_eq(entry->sha256, expected, 32);
}
END_TEST

START_TEST(pass__changed_content_is_told_of_the_entry_it_is_in)
{
	struct axev__source source = axev__source_memory(axev__buf_view(&outer));
	AXEV__CONTAINER_READER *container = NULL;
	const struct axev__entry *entry;
	char expected[200];
	AXEV__PASS *pass = NULL;
	uint32_t crc32;

	assert_ok(axev__container_open(&source, &container, &err));
	entry = axev__container_find(container, INNER);
	outer.data[entry->offset + 3 * AXEV__MIB] ^= 1;
	crc32 = crc_of(axev__span(outer.data + entry->offset, entry->size_bytes));
	snprintf(expected, sizeof(expected),
		 "entry '" INNER "': expected CRC-32 %08x, found %08x: its content was changed",
		 entry->crc32, crc32);
	assert_fails(axev__container_hash(container, NULL, &err), AXEV_E_INVALID, expected);
	outer.data[entry->offset + 3 * AXEV__MIB] ^= 1;
	assert_ok(axev__pass_run(&source, NULL, &pass, &err));
}
END_TEST

static int stop_half_way(void *payload, const axev_progress *progress)
{
	uint64_t *seen = payload;

	ck_assert_str_eq(progress->phase, "verify");
	ck_assert_uint_le(progress->done_bytes, progress->total_bytes);
	ck_assert_uint_ge(progress->done_bytes, *seen);
	*seen = progress->done_bytes;
	return progress->done_bytes > progress->total_bytes / 2;
}

START_TEST(pass__can_be_cancelled)
{
	struct axev__source source = axev__source_memory(axev__buf_view(&outer));
	uint64_t seen = 0;
	axev_env env = AXEV_ENV_INIT;
	AXEV__PASS *pass = NULL;

	env.payload = &seen;
	env.progress = stop_half_way;
	assert_fails(axev__pass_run(&source, &env, &pass, &err), AXEV_E_CANCELLED, "cancelled");
	ck_assert_ptr_null(pass);
	ck_assert_uint_gt(seen, source.size / 2);
}
END_TEST

/* Cut while it is read: said as such, never a digest of what was not there. */
START_TEST(pass__a_file_that_became_shorter_has_no_digests)
{
	AXEV__CLOSE int fd = memfd_create("short", MFD_CLOEXEC);
	struct axev__source source;
	AXEV__PASS *pass = NULL;

	assert_ok(axev__pwrite_full(fd, "some bytes", 10, 0, &err));
	assert_ok(axev__source_file(fd, &source, &err));
	ck_assert_int_eq(ftruncate(fd, 4), 0);
	ck_assert_int_eq(axev__pass_run(&source, NULL, &pass, &err), AXEV_E_FORMAT);
	ck_assert_ptr_nonnull(strstr(err.message, "expected 6 more bytes, found the end of the file"));
	ck_assert_ptr_null(pass);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pass");
	TCase *tcase = tcase_create("pass");

	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, make_outer, remove_outer);
	tcase_add_test(tcase, pass__knows_every_entry_and_every_entry_inside);
	tcase_add_test(tcase, pass__hashes_what_is_no_container_and_what_is_empty);
	tcase_add_test(tcase, pass__of_other_bytes_does_not_vouch_for_a_container);
	tcase_add_test(tcase, pass__changed_content_is_told_of_the_entry_it_is_in);
	tcase_add_test(tcase, pass__can_be_cancelled);
	tcase_add_test(tcase, pass__a_file_that_became_shorter_has_no_digests);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
