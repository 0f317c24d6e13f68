/* SPDX-License-Identifier: Apache-2.0 */
#include "support_container.h"

#include <unistd.h>

#include "base/text.h"
#include "package/container_read.h"
#include "package/container_write.h"
#include "package/zip_format.h"

static axev_error err;

/* The smallest whole container: one object, a manifest, one "signature". */
static void write_container(int fd, uint8_t sha256[32])
{
	AXEV__CONTAINER *writer = NULL;
	uint8_t tbs[32];
	uint64_t size_bytes;

	assert_ok(axev__container_new(fd, &writer, &err));
	assert_ok(axev__container_add(writer, "data/0001.txt", axev__span_str("hello\n"), NULL, &err));
	assert_ok(axev__container_add(writer, "data/evidence.json", axev__span_str("{}"), NULL, &err));
	assert_ok(axev__container_seal_begin(writer, 1, &err));
	assert_ok(axev__container_to_be_signed(writer, 1, tbs, &err));
	assert_ok(axev__container_add_signature(writer, 1, axev__span_str("p7s"), &err));
	assert_ok(axev__container_finish(writer, NULL, &size_bytes, sha256, &err));
}

static void sample(struct axev__buf *out)
{
	AXEV__CLOSE int fd = memory_file();
	uint8_t sha256[32], again[32];

	write_container(fd, sha256);
	load_file(fd, out);
	assert_ok(axev__sha256(out->data, out->size, again, &err));
	ck_assert_mem_eq(sha256, again, 32);
}

#define SAMPLE(name) \
	AXEV__BUF name = AXEV__BUF_INIT(AXEV__MIB); \
	sample(&name)

/* Everything a reader does, in its order. */
static int read_all(struct axev__span bytes)
{
	struct axev__source source = axev__source_memory(bytes);
	AXEV__CONTAINER_READER *container = NULL;
	unsigned signatures;

	TRY(axev__container_open(&source, &container, &err));
	TRY(axev__container_hash(container, NULL, &err));
	return axev__container_check_lists(container, &signatures, &err);
}

START_TEST(container__what_is_written_is_read_back)
{
	SAMPLE(bytes);
	struct axev__source source = axev__source_memory(axev__buf_view(&bytes));
	AXEV__CONTAINER_READER *container = NULL;
	AXEV__BUF content = AXEV__BUF_INIT(100);

	assert_ok(read_all(axev__buf_view(&bytes)));
	assert_ok(axev__container_open(&source, &container, &err));
	ck_assert_uint_eq(axev__container_count(container), 6);
	assert_ok(axev__container_read(container, axev__container_find(container, "data/0001.txt"),
				       &content, &err));
	ck_assert_str_eq((char *)content.data, "hello\n");
}
END_TEST

START_TEST(container__bytes_are_the_same_everywhere_and_always)
{
	uint8_t sha256[32];
	char hex[65];

	SAMPLE(first);
	setenv("TZ", "Asia/Shanghai", 1);
	SAMPLE(second);
	ck_assert_uint_eq(first.size, second.size);
	ck_assert_mem_eq(first.data, second.data, first.size);
	assert_ok(axev__sha256(first.data, first.size, sha256, &err));
	axev__hex(hex, sha256, 32);
	ck_assert_str_eq(hex, "b9258f0a6a30b10397f4c23c747c34b81c8e3588fe141d1197bdd7000734f5b5"); /* doc/FORMAT.md, vector C1 */
}
END_TEST

START_TEST(container__every_changed_byte_is_refused)
{
	SAMPLE(bytes);
	const char *signature = memmem(bytes.data, bytes.size, "p7sPK", 5);
	size_t i;
	int bit;

	ck_assert_ptr_nonnull(signature);
	for (i = 0; i < bytes.size; i++)
		for (bit = 0; bit < 8; bit++) {
			bytes.data[i] ^= (uint8_t)(1 << bit);
			memset(&err, 0, sizeof(err));
			ck_assert_msg(read_all(axev__buf_view(&bytes)) < 0, "byte %zu bit %d", i, bit);
			ck_assert_str_ne(err.message, "");
			bytes.data[i] ^= (uint8_t)(1 << bit);
		}
}
END_TEST

START_TEST(container__every_cut_is_refused)
{
	SAMPLE(bytes);
	size_t i;

	for (i = 0; i < bytes.size; i++)
		ck_assert_int_lt(read_all(axev__span(bytes.data, i)), 0);
}
END_TEST

START_TEST(container__bytes_before_and_behind_are_refused)
{
	AXEV__BUF more = AXEV__BUF_INIT(AXEV__MIB);
	SAMPLE(bytes);

	assert_ok(axev__buf_str(&more, "MZ", &err));
	assert_ok(axev__buf_span(&more, axev__buf_view(&bytes), &err));
	ck_assert_int_eq(read_all(axev__buf_view(&more)), AXEV_E_FORMAT);
	assert_ok(axev__buf_byte(&bytes, 0, &err));
	ck_assert_int_eq(read_all(axev__buf_view(&bytes)), AXEV_E_FORMAT);
}
END_TEST

START_TEST(container__second_end_record_is_refused)
{
	uint8_t end[AXEV__ZIP_END_BYTES];
	SAMPLE(bytes);

	memcpy(end, bytes.data + bytes.size - sizeof(end), sizeof(end));
	assert_ok(axev__buf_append(&bytes, end, sizeof(end), &err));
	ck_assert_int_eq(read_all(axev__buf_view(&bytes)), AXEV_E_FORMAT);
	ck_assert_ptr_nonnull(strstr(err.message, "expected the central directory to end at"));
}
END_TEST

/* ---- containers that a hostile writer makes ---- */

struct evil {
	const char *name, *local_name; /* NULL: the same */
	const char *content;
	uint32_t gap;      /* bytes before the local header */
	uint64_t declared; /* 0: the truth */
};

static void put_evil(struct axev__buf *out, const struct evil *entries, size_t count)
{
	uint8_t header[AXEV__ZIP_MAX_CENTRAL], tail[AXEV__ZIP_MAX_TAIL];
	struct axev__zip_item items[8];
	struct axev__zip_end end = { .count = count };
	size_t i, used;

	for (i = 0; i < count; i++) {
		struct axev__digests digests;
		AXEV__HASHER *hasher = NULL;
		size_t size = strlen(entries[i].content);

		assert_ok(axev__hasher_new(AXEV__DIGEST_CRC32, &hasher, &err));
		assert_ok(axev__hasher_update(hasher, entries[i].content, size, &err));
		assert_ok(axev__hasher_final(hasher, &digests, &err));
		for (used = 0; used < entries[i].gap; used++)
			assert_ok(axev__buf_byte(out, 0, &err));
		items[i] = (struct axev__zip_item){ axev__span_str(entries[i].local_name ?
									   entries[i].local_name :
									   entries[i].name),
						    out->size,
						    entries[i].declared ? entries[i].declared : size,
						    digests.crc32 };
		used = axev__zip_put_local(&items[i], header);
		assert_ok(axev__buf_append(out, header, used, &err));
		assert_ok(axev__buf_str(out, entries[i].content, &err));
		items[i].name = axev__span_str(entries[i].name);
	}
	end.directory_offset = out->size;
	for (i = 0; i < count; i++) {
		used = axev__zip_put_central(&items[i], header);
		assert_ok(axev__buf_append(out, header, used, &err));
	}
	end.directory_bytes = out->size - end.directory_offset;
	assert_ok(axev__buf_append(out, tail, axev__zip_put_tail(&end, tail), &err));
}

#define MIMETYPE { "mimetype", NULL, "application/vnd.etsi.asic-e+zip", 0, 0 }

static void assert_refused(const struct evil *entries, size_t count, const char *text)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);

	put_evil(&bytes, entries, count);
	memset(&err, 0, sizeof(err));
	ck_assert_int_lt(read_all(axev__buf_view(&bytes)), 0);
	ck_assert_msg(strstr(err.subject, text) || strstr(err.message, text), "%s: %s: %s", text,
		      err.subject, err.message);
}

#define REFUSED(text, ...) \
	do { \
		const struct evil entries_[] = { MIMETYPE, __VA_ARGS__ }; \
		assert_refused(entries_, AXEV__COUNT(entries_), text); \
	} while (0)

START_TEST(container__known_attacks_are_refused)
{
	static const char *const names[] = { "../../tmp/x", "/etc/passwd", "data/../x", "data//x",
					     "c:/x", "data\\x", "data/A.TXT", "data/nul.txt", "data/x/",
					     "data/.x", "data/a\x1b", "META-INF/evil.txt", "x.txt" };
	size_t i;

	for (i = 0; i < AXEV__COUNT(names); i++)
		REFUSED("expected a name as data/", { names[i], NULL, "x", 0, 0 });
	REFUSED("is there twice", { "data/a", NULL, "x", 0, 0 }, { "data/a", NULL, "y", 0, 0 });
	REFUSED("is also the directory of", { "data/a", NULL, "x", 0, 0 },
		{ "data/a/b", NULL, "y", 0, 0 });
	REFUSED("name or extra field", { "data/a", "data/b", "x", 0, 0 });
	REFUSED("a gap, an overlap or another order", { "data/a", NULL, "x", 40, 0 });
	REFUSED("10737418240 declared", { "data/a", NULL, "x", 0, UINT64_C(10) << 30 });
	REFUSED("cannot stand after mimetype", { "VERIFY.md", NULL, "x", 0, 0 });
	REFUSED("cannot stand after data/evidence.json", { "data/evidence.json", NULL, "{}", 0, 0 },
		{ "data/late", NULL, "x", 0, 0 });
	REFUSED("cannot stand after mimetype", MIMETYPE);
	REFUSED("the container ends after data/evidence.json",
		{ "data/evidence.json", NULL, "{}", 0, 0 });
}
END_TEST

START_TEST(container__mimetype_must_be_first_and_exact)
{
	const struct evil none[] = { { "data/a", NULL, "x", 0, 0 } };

	assert_refused(none, 1, "expected mimetype as the first entry");
}
END_TEST

START_TEST(container__hidden_local_header_is_refused)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	SAMPLE(whole);

	/* A whole container hidden before a whole container: only the last directory counts. */
	assert_ok(axev__buf_span(&bytes, axev__buf_view(&whole), &err));
	assert_ok(axev__buf_span(&bytes, axev__buf_view(&whole), &err));
	ck_assert_int_eq(read_all(axev__buf_view(&bytes)), AXEV_E_FORMAT);
}
END_TEST

START_TEST(container__nul_in_a_name_is_refused)
{
	SAMPLE(bytes);
	uint8_t *at;
	int found = 0;

	while ((at = memmem(bytes.data, bytes.size, "data/0001.txtP", 13)) && found++ < 8)
		at[6] = '\0';
	ck_assert_int_lt(read_all(axev__buf_view(&bytes)), 0);
}
END_TEST

/* ---- writer ---- */

START_TEST(container__writer_refuses_wrong_sizes_and_names)
{
	AXEV__CLOSE int fd = memory_file();
	AXEV__CONTAINER *writer = NULL;

	assert_ok(axev__container_new(fd, &writer, &err));
	assert_ok(axev__container_begin(writer, "data/a", 3, &err));
	assert_fails(axev__container_write(writer, "xxxx", 4, &err), AXEV_E_STATE,
		     "entry 'data/a': expected 3 bytes, more came");
	assert_ok(axev__container_write(writer, "xx", 2, &err));
	assert_fails(axev__container_end(writer, NULL, &err), AXEV_E_STATE,
		     "entry 'data/a': expected 3 bytes, only 2 came");
	assert_ok(axev__container_rollback(writer, &err));
	assert_ok(axev__container_add(writer, "data/a", axev__span_str("x"), NULL, &err));
	assert_fails(axev__container_begin(writer, "data/a", 3, &err), AXEV_E_FORMAT,
		     "entry 'data/a': entry 'data/a' is there twice");
	assert_fails(axev__container_seal_begin(writer, 1, &err), AXEV_E_STATE,
		     "expected data/evidence.json to be added before sealing");
}
END_TEST

START_TEST(container__a_saved_container_goes_on_in_another_process)
{
	AXEV__CLOSE int fd = memory_file();
	AXEV__CONTAINER *writer = NULL, *again = NULL;
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__JSON *state = NULL;
	uint8_t sha256[32];
	uint64_t size_bytes;
	SAMPLE(expected);

	assert_ok(axev__container_new(fd, &writer, &err));
	assert_ok(axev__container_add(writer, "data/0001.txt", axev__span_str("hello\n"), NULL, &err));
	assert_ok(axev__container_save(writer, &state, &err));
	assert_ok(axev__container_begin(writer, "data/lost", 9, &err));
	assert_ok(axev__container_write(writer, "lost", 4, &err));
	assert_ok(axev__container_resume(fd, state, &again, &err));
	assert_ok(axev__container_add(again, "data/evidence.json", axev__span_str("{}"), NULL, &err));
	assert_ok(axev__container_seal_begin(again, 1, &err));
	assert_ok(axev__container_add_signature(again, 1, axev__span_str("p7s"), &err));
	assert_ok(axev__container_finish(again, NULL, &size_bytes, sha256, &err));
	load_file(fd, &bytes);
	ck_assert_uint_eq(bytes.size, expected.size);
	ck_assert_mem_eq(bytes.data, expected.data, expected.size);
}
END_TEST

START_TEST(container__a_file_is_copied_and_hashed_and_its_size_must_hold)
{
	AXEV__CLOSE int fd = memory_file();
	AXEV__CLOSE int in_fd = memory_file();
	AXEV__CONTAINER *writer = NULL;
	AXEV__FREE uint8_t *content = calloc(1, 9 * AXEV__MIB + 5);
	struct axev__digests digests;
	uint8_t sha256[32];
	size_t size = 9 * AXEV__MIB + 5;

	content[size - 1] = 7;
	assert_ok(axev__write_full(in_fd, content, size, &err));
	lseek(in_fd, 0, SEEK_SET);
	assert_ok(axev__container_new(fd, &writer, &err));
	assert_ok(axev__container_add_fd(writer, "data/a", in_fd, size, NULL, &digests, &err));
	assert_ok(axev__sha256(content, size, sha256, &err));
	ck_assert_mem_eq(digests.sha256, sha256, 32);
	lseek(in_fd, 0, SEEK_SET);
	assert_fails(axev__container_add_fd(writer, "data/b", in_fd, size - 1, NULL, NULL, &err),
		     AXEV_E_STATE,
		     "entry 'data/b': changed while it was read: it is longer than it was");
	lseek(in_fd, 0, SEEK_SET);
	assert_fails(axev__container_add_fd(writer, "data/b", in_fd, size + 1, NULL, NULL, &err),
		     AXEV_E_STATE,
		     "entry 'data/b': changed while it was read: it is shorter than it was");
}
END_TEST

START_TEST(container__zip64_is_used_from_the_limit_and_not_before)
{
	struct axev__zip_item item = { axev__span_str("data/a"), 0, UINT64_C(0xFFFFFFFE), 1 };
	uint8_t header[AXEV__ZIP_MAX_CENTRAL];
	struct axev__zip_item back;
	size_t used;

	ck_assert_uint_eq(axev__zip_put_local(&item, header), 36);
	item.size_bytes++;
	ck_assert_uint_eq(axev__zip_put_local(&item, header), 56);
	item.header_offset = UINT64_C(5) << 32;
	ck_assert_uint_eq(axev__zip_put_central(&item, header), 46 + 6 + 28);
	assert_ok(axev__zip_get_central(axev__span(header, sizeof(header)), 0, &back, &used, &err));
	ck_assert_uint_eq(back.size_bytes, item.size_bytes);
	ck_assert_uint_eq(back.header_offset, item.header_offset);
	axev__put_u64le(header + 46 + 6 + 4, 5);
	assert_fails(axev__zip_get_central(axev__span(header, sizeof(header)), 0, &back, &used, &err),
		     AXEV_E_FORMAT, "central directory: ZIP64 is used for a size that fits 32 bits");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("container");
	TCase *tcase = tcase_create("container");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, container__what_is_written_is_read_back);
	tcase_add_test(tcase, container__bytes_are_the_same_everywhere_and_always);
	tcase_add_test(tcase, container__every_changed_byte_is_refused);
	tcase_add_test(tcase, container__every_cut_is_refused);
	tcase_add_test(tcase, container__bytes_before_and_behind_are_refused);
	tcase_add_test(tcase, container__second_end_record_is_refused);
	tcase_add_test(tcase, container__known_attacks_are_refused);
	tcase_add_test(tcase, container__mimetype_must_be_first_and_exact);
	tcase_add_test(tcase, container__hidden_local_header_is_refused);
	tcase_add_test(tcase, container__nul_in_a_name_is_refused);
	tcase_add_test(tcase, container__writer_refuses_wrong_sizes_and_names);
	tcase_add_test(tcase, container__a_saved_container_goes_on_in_another_process);
	tcase_add_test(tcase, container__a_file_is_copied_and_hashed_and_its_size_must_hold);
	tcase_add_test(tcase, container__zip64_is_used_from_the_limit_and_not_before);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
