/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The digest of a part and that of the file's first bytes, which are made beside what is written next. Built twice, as test_container_grow.c is.
 */
#include "container_growing.h"

#include "base/text.h"

static void assert_head(int fd, const struct axev__container_head *head, uint64_t bytes)
{
	AXEV__BUF file = AXEV__BUF_INIT(32 * AXEV__MIB);
	struct axev__sha256_stream stream = head->stream;
	uint8_t found[32], sha256[32];

	load_file(fd, &file);
	ck_assert_uint_eq(head->bytes, bytes);
	ck_assert_uint_le(bytes, file.size);
	axev__sha256_stream_end(&stream, found);
	assert_ok(axev__sha256(file.data, bytes, sha256, &err));
	ck_assert_mem_eq(found, sha256, 32);
}

static uint64_t end_of_last(const struct axev__container_writer *writer)
{
	struct axev__source last;

	assert_ok(axev__container_last(writer, &last, &err));
	return last.base + last.size;
}

START_TEST(container_head__the_head_is_the_digest_of_the_first_bytes)
{
	AXEV__CLOSE int fd = memory_file();
	AXEV__CONTAINER *writer = NULL;
	struct axev__container_head head;
	struct axev__digests digests;
	uint64_t end;

	assert_ok(axev__container_new(fd, &writer, &err));
	axev__container_take_head(writer, &head);
	ck_assert_uint_eq(head.bytes, 0);
	add_part(writer, PART, &digests);
	assert_ok(axev__container_add(writer, "data/parts/0001.json", axev__span_str("{}"), NULL, &err));
	add_part(writer, "data/parts/0002.zip", &digests);
	end = end_of_last(writer);
	assert_ok(axev__container_add(writer, "data/parts/0002.json", axev__span_str("{}"), NULL, &err));
	axev__container_take_head(writer, &head);
	assert_head(fd, &head, end);
}
END_TEST

START_TEST(container_head__a_container_that_resumes_goes_on_from_the_head)
{
	AXEV__CLOSE int fd = memory_file();
	AXEV__CONTAINER *writer = NULL, *again = NULL;
	AXEV__BUF found = AXEV__BUF_INIT(16 * AXEV__MIB);
	AXEV__JSON *state = NULL;
	struct axev__container_head head;
	struct axev__digests digests;

	assert_ok(axev__container_new(fd, &writer, &err));
	add_part(writer, PART, &digests);
	assert_ok(axev__container_save(writer, &state, &err));
	axev__container_take_head(writer, &head);
	assert_ok(axev__container_resume(fd, state, &again, &err));
	axev__container_give_head(again, &head);
	ck_assert_uint_eq(head.bytes, 0);
	ck_assert_uint_eq(again->head.bytes, end_of_last(again));
	finish(again, fd, &found); /* compares with the digest of the file */
}
END_TEST

START_TEST(container_head__a_head_that_reaches_too_far_is_not_used)
{
	AXEV__CLOSE int fd = memory_file();
	AXEV__CLOSE int short_fd = memory_file();
	AXEV__CONTAINER *writer = NULL, *shorter = NULL;
	AXEV__BUF found = AXEV__BUF_INIT(16 * AXEV__MIB);
	struct axev__container_head head;
	struct axev__digests digests;

	assert_ok(axev__container_new(fd, &writer, &err));
	add_part(writer, PART, &digests);
	axev__container_take_head(writer, &head);
	assert_ok(axev__container_new(short_fd, &shorter, &err));
	axev__container_give_head(shorter, &head);
	ck_assert_uint_eq(shorter->head.bytes, 0);
	finish(shorter, short_fd, &found);
}
END_TEST

/* Nobody waits for a part's digest before it is asked for. */
START_TEST(container_head__what_follows_a_part_is_written_while_it_is_hashed)
{
	static const char *const names[] = { PART, "data/parts/0002.zip", "data/parts/0003.zip" };
	AXEV__CLOSE int fd = memory_file();
	AXEV__CONTAINER *writer = NULL;
	AXEV__BUF found = AXEV__BUF_INIT(64 * AXEV__MIB);
	AXEV__JSON *state = NULL;
	struct axev__source content[3];
	uint8_t sha256[32], again[32];
	uint64_t size_bytes;
	size_t i;

	assert_ok(axev__container_new(fd, &writer, &err));
	for (i = 0; i < 3; i++) {
		AXEV__CONTAINER *part = NULL;

		assert_ok(axev__part_begin(writer, names[i], &part, &err));
		put_objects(part);
		assert_ok(axev__part_end(writer, part, NULL, &size_bytes, &err));
		assert_ok(axev__container_last(writer, &content[i], &err));
		ck_assert_uint_eq(content[i].size, size_bytes);
		grow(writer, i == 0 ? "data/parts/0001.json" : i == 1 ? "data/parts/0002.json" : "data/parts/0003.json", axev__buf_view(&other));
	}
	assert_fails(axev__container_save(writer, &state, &err), AXEV_E_STATE,
		     "expected a container between two entries, with the digests of all");
	for (i = 0; i < 3; i++) {
		assert_ok(axev__part_digest(writer, NULL, names[i], sha256, &err));
		load_file(fd, &found);
		assert_ok(axev__sha256(found.data + content[i].base, content[i].size, again, &err));
		ck_assert_mem_eq(sha256, again, 32);
	}
	assert_fails(axev__part_digest(writer, NULL, "data/parts/0004.zip", sha256, &err), AXEV_E_STATE, "there is no data/parts/0004.zip");
	finish(writer, fd, &found);
}
END_TEST

START_TEST(container_head__a_container_is_closed_with_the_digest_of_its_part)
{
	AXEV__CLOSE int fd = memory_file();
	AXEV__CONTAINER *writer = NULL, *part = NULL;
	AXEV__BUF found = AXEV__BUF_INIT(16 * AXEV__MIB);
	uint8_t sha256[32];
	char hex[65];
	uint64_t size_bytes;

	assert_ok(axev__container_new(fd, &writer, &err));
	assert_ok(axev__part_begin(writer, PART, &part, &err));
	put_objects(part);
	assert_ok(axev__part_end(writer, part, NULL, &size_bytes, &err));
	finish(writer, fd, &found); /* nobody asked for it */
	assert_ok(axev__part_digest(writer, NULL, PART, sha256, &err));
	axev__hex(hex, sha256, 32);
	ck_assert_ptr_nonnull(memmem(found.data, found.size, hex, 64));
}
END_TEST

static int cancel(void *payload, const axev_progress *progress)
{
	(void)payload, (void)progress;
	return 1;
}

START_TEST(container_head__nothing_follows_a_digest_that_could_not_be_made)
{
	AXEV__CLOSE int fd = memory_file();
	AXEV__CLOSE int huge = memory_file();
	const struct axev__source endless = { .fd = huge, .size = UINT64_C(1) << 40 };
	AXEV__CONTAINER *writer = NULL;
	AXEV__JSON *state = NULL;
	axev_env env = AXEV_ENV_INIT;
	struct axev__digests digests;
	uint8_t sha256[32];

	env.progress = cancel;
	ck_assert_int_eq(ftruncate(huge, (off_t)endless.size), 0);
	assert_ok(axev__container_new(fd, &writer, &err));
	add_part(writer, PART, &digests);
	assert_ok(axev__part_hash_begin(&endless, &writer->head, &writer->hashing, &err)); /* as if the part were so long */
	assert_fails(axev__part_digest(writer, &env, PART, sha256, &err), AXEV_E_CANCELLED, "cancelled");
	assert_fails(axev__part_digest(writer, NULL, PART, sha256, &err), AXEV_E_STATE, "the digest of a part could not be made");
	assert_fails(axev__container_add(writer, "data/other", axev__span_str(""), NULL, &err), AXEV_E_STATE,
		     "entry 'data/other': the container is finished");
	assert_fails(axev__container_save(writer, &state, &err), AXEV_E_STATE,
		     "expected a container between two entries, with the digests of all");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("container_head");
	TCase *tcase = tcase_create("container_head");

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, make_content, free_content);
	tcase_add_test(tcase, container_head__the_head_is_the_digest_of_the_first_bytes);
	tcase_add_test(tcase, container_head__a_container_that_resumes_goes_on_from_the_head);
	tcase_add_test(tcase, container_head__a_head_that_reaches_too_far_is_not_used);
	tcase_add_test(tcase, container_head__what_follows_a_part_is_written_while_it_is_hashed);
	tcase_add_test(tcase, container_head__a_container_is_closed_with_the_digest_of_its_part);
	tcase_add_test(tcase, container_head__nothing_follows_a_digest_that_could_not_be_made);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
