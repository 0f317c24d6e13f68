/* SPDX-License-Identifier: Apache-2.0 */
/* The digest of a part and of the file in front of it, made in the background: right, stopped when somebody wants so, and told when it fails. */
#include "support.h"
#include "support_container.h"

#include <openssl/evp.h>
#include <unistd.h>

#include "base/io.h"
#include "package/part_hash.h"

static axev_error err;

#define FILE_BYTES (3 * AXEV__MIB + 17)
#define HUGE_BYTES (UINT64_C(1) << 40) /* nobody waits for so much */

static int make_file(uint8_t **ret_bytes)
{
	int fd = memory_file();
	uint8_t *bytes = malloc(FILE_BYTES);
	size_t i;

	for (i = 0; i < FILE_BYTES; i++)
		bytes[i] = (uint8_t)(i * 7 + (i >> 9));
	assert_ok(axev__pwrite_full(fd, bytes, FILE_BYTES, 0, &err));
	*ret_bytes = bytes;
	return fd;
}

static int huge_file(void)
{
	int fd = memory_file();

	ck_assert_int_eq(ftruncate(fd, (off_t)HUGE_BYTES), 0);
	return fd;
}

static void assert_evp(const uint8_t *data, size_t size, const uint8_t sha256[32])
{
	uint8_t evp[32];

	ck_assert_int_eq(EVP_Digest(data, size, evp, NULL, EVP_sha256(), NULL), 1);
	ck_assert_mem_eq(evp, sha256, 32);
}

START_TEST(part_hash__part_and_head_are_as_evp_has_them)
{
	static const size_t ends[] = { 1000, 5000, 500000, AXEV__MIB, FILE_BYTES };
	AXEV__FREE uint8_t *bytes = NULL;
	AXEV__CLOSE int fd = make_file(&bytes);
	struct axev__container_head head = { 0 };
	uint8_t whole[32];
	size_t i, begin = 50; /* something stands in front, and between them */

	for (i = 0; i < AXEV__COUNT(ends); i++) {
		const struct axev__source part = { .fd = fd, .base = begin, .size = ends[i] - begin };
		struct axev__part_hash *hash = NULL;
		uint8_t sha256[32];

		assert_ok(axev__part_hash_begin(&part, &head, &hash, &err));
		ck_assert_uint_eq(head.bytes, 0);
		assert_ok(axev__part_hash_end(&hash, NULL, "part", sha256, &head, &err));
		ck_assert_ptr_null(hash);
		assert_evp(bytes + begin, part.size, sha256);
		ck_assert_uint_eq(head.bytes, ends[i]);
		begin = ends[i] + i * 100;
	}
	axev__sha256_stream_end(&head.stream, whole);
	assert_evp(bytes, FILE_BYTES, whole);
}
END_TEST

static int asked;

static int cancel(void *payload, const axev_progress *progress)
{
	(void)payload;
	ck_assert_str_eq(progress->phase, "read");
	ck_assert_str_eq(progress->subject, "part");
	ck_assert_uint_eq(progress->total_bytes, HUGE_BYTES);
	return ++asked == 2;
}

START_TEST(part_hash__waiting_can_be_cancelled)
{
	AXEV__CLOSE int fd = huge_file();
	const struct axev__source part = { .fd = fd, .size = HUGE_BYTES };
	axev_env env = AXEV_ENV_INIT;
	struct axev__container_head head = { 0 };
	struct axev__part_hash *hash = NULL;
	uint8_t sha256[32];

	env.progress = cancel;
	assert_ok(axev__part_hash_begin(&part, &head, &hash, &err));
	assert_fails(axev__part_hash_end(&hash, &env, "part", sha256, &head, &err), AXEV_E_CANCELLED, "cancelled");
	ck_assert_int_eq(asked, 2);
	ck_assert_ptr_null(hash);
	ck_assert_uint_eq(head.bytes, 0);
}
END_TEST

START_TEST(part_hash__one_that_nobody_waits_for_is_stopped)
{
	AXEV__CLOSE int fd = huge_file();
	const struct axev__source part = { .fd = fd, .base = 5, .size = HUGE_BYTES - 5 };
	struct axev__container_head head = { 0 };
	struct axev__part_hash *hash = NULL;

	assert_ok(axev__part_hash_begin(&part, &head, &hash, &err));
	axev__part_hash_free(hash); /* the test's time limit would tell */
	axev__part_hash_free(NULL);
}
END_TEST

START_TEST(part_hash__a_file_that_is_too_short_is_an_error)
{
	AXEV__FREE uint8_t *bytes = NULL;
	AXEV__CLOSE int fd = make_file(&bytes);
	const struct axev__source part = { .fd = fd, .base = 1000, .size = FILE_BYTES };
	struct axev__container_head head = { 0 };
	struct axev__part_hash *hash = NULL;
	uint8_t sha256[32];

	assert_ok(axev__part_hash_begin(&part, &head, &hash, &err));
	ck_assert_int_lt(axev__part_hash_end(&hash, NULL, "part", sha256, &head, &err), 0);
	ck_assert_str_ne(err.message, "");
	ck_assert_uint_eq(head.bytes, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("part_hash");
	TCase *tcase = tcase_create("part_hash");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, part_hash__part_and_head_are_as_evp_has_them);
	tcase_add_test(tcase, part_hash__waiting_can_be_cancelled);
	tcase_add_test(tcase, part_hash__one_that_nobody_waits_for_is_stopped);
	tcase_add_test(tcase, part_hash__a_file_that_is_too_short_is_an_error);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
