/* SPDX-License-Identifier: Apache-2.0 */
/* Packages of kind db, properly signed by a maker who lies: root, index and counts are made again by the verifier. */
#include "support_ledger.h"

#include <inttypes.h>
#include <sys/mman.h>

#include "capture/record_objects.h"
#include "package/record_view.h"
#include "package/row_c14n.h"

#define HEADER \
	"{\"encoding\":\"row-c14n/2\",\"fields\":[{\"name\":\"id\",\"type\":\"INTEGER\"}," \
	"{\"name\":\"v\",\"type\":\"BLOB\"}],\"format\":\"ax-records/3\",\"name\":\"t\",\"order\":\"id\"}"
#define LARGE (1024 * 1024 + 1)

static bool is_in_part;

enum lie {
	NOTHING, RECORD, SHORTER, INDEX, ROOT, RECORDS, ROWS, NO_CELL, ENCODING, NO_HEADER, VIEW, VIEW_RULES
};

static void add_large(struct axev__take *take, struct axev__buf *cells)
{
	AXEV__FREE uint8_t *bytes = calloc(1, LARGE);
	const struct axev__object object = { .path = "data/cells/000001.bin", .name = axev__span_str("000001.bin"),
		.media_type = "application/octet-stream", .role = "cell", .modified_ns = INT64_MIN, .mode = -1 };
	struct axev__digests digests;

	if (take) {
		assert_ok(axev__container_add(take->writer, object.path, axev__span(bytes, LARGE), &digests, &err));
		assert_ok(axev__take_object(take, &object, &digests, &err));
	} else {
		assert_ok(axev__sha256(bytes, LARGE, digests.sha256, &err));
	}
	assert_ok(axev__cell_large(AXEV__CELL_BYTES, LARGE, digests.sha256, cells, &err));
}

static int keep(void *payload, struct axev__span bytes, axev_error *error)
{
	return axev__buf_span(payload, bytes, error);
}

/* "id","v" and three rows; with a lie another number in the first. */
static void add_view(struct axev__take *take, const struct axev__record_objects *set, enum lie lie)
{
	const struct axev__object object = { .path = "data/views/001.csv", .name = axev__span_str("001.csv"),
		.media_type = "text/csv", .role = "view", .derived_from = "data/records/001.bin",
		.how = lie == VIEW_RULES ? "ax-view/2" : axev__view_how(AXEV__VIEW_CSV),
		.modified_ns = INT64_MIN, .mode = -1 };
	struct axev__source source = { .fd = set->fd, .size = set->totals.bytes };
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	const struct axev__sink sink = { keep, &text };
	struct axev__digests digests;

	assert_ok(axev__view_write(AXEV__VIEW_CSV, set->header, &source, &sink, &err));
	ck_assert_int_eq(memcmp(text.data, "\"id\",\"v\"\r\n0,\r\n1,\r\n2,\"[1048577 bytes, SHA-256 ", 45), 0);
	if (lie == VIEW)
		text.data[10] = '7';
	assert_ok(axev__container_add(take->writer, object.path, axev__buf_view(&text), &digests, &err));
	assert_ok(axev__take_object(take, &object, &digests, &err));
}

static void add_set(struct axev__take *take, enum lie lie)
{
	static const uint8_t secret[32] = { 1 };
	AXEV__RECORD_WRITER *writer = NULL;
	AXEV__BUF index = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__record_objects set = { .name = "t", .header = axev__span_str(HEADER) };
	int i;

	set.fd = memfd_create("records", MFD_CLOEXEC);
	assert_ok(axev__record_writer_new(set.fd, set.header, secret, &writer, &err));
	for (i = 0; i < 3; i++) {
		AXEV__BUF cells = AXEV__BUF_INIT(1000);

		assert_ok(axev__cell_integer(i, &cells, &err));
		if (i == 2)
			add_large(lie == NO_CELL ? NULL : take, &cells);
		else
			assert_ok(axev__cell_null(&cells, &err));
		assert_ok(axev__record_writer_add(writer, axev__buf_view(&cells), &err));
	}
	assert_ok(axev__record_writer_finish(writer, &index, &set.totals, &err));
	if (lie == RECORD)
		assert_ok(axev__pwrite_full(set.fd, "\x07", 1, 4 + 2, &err));
	if (lie == SHORTER)
		set.totals.bytes = 4 + 4;
	if (lie == SHORTER)
		ck_assert_int_eq(ftruncate(set.fd, 4 + 4), 0);
	if (lie == INDEX)
		index.data[index.size - 1] ^= 1;
	if (lie == ROOT)
		set.totals.root[0] ^= 1;
	if (lie == RECORDS)
		set.totals.records = 2;
	set.index = axev__buf_view(&index);
	assert_ok(axev__take_records(take, 1, &set, &err));
	if (lie == NOTHING || lie == VIEW || lie == VIEW_RULES)
		add_view(take, &set, lie);
	close(set.fd);
}

static void make_bundle(enum lie lie)
{
	const axev_capture_common common = AXEV_CAPTURE_COMMON_INIT;
	axev_seal_result result = { .size = sizeof(result) };
	AXEV__JSON *source = axev__json_new_object();
	AXEV__TAKE take = { 0 };
	axev_draft *draft = NULL;
	axev__json *row;

	assert_ok(axev__take_begin(ledger, &common, "db", "test", axev__span_str("db"), &take, &err));
	if (is_in_part)
		assert_ok(axev__take_part_begin(&take, &err));
	add_set(&take, lie);
	if (is_in_part)
		assert_ok(axev__take_part_end(&take, &err));
	row = axev__json_at(axev__json_get(take.manifest, "record_sets"), 0);
	if (lie == ENCODING)
		assert_ok(axev__json_set_str(row, "encoding", "row-c14n/1", &err));
	if (lie == NO_HEADER)
		assert_ok(axev__json_set_str(row, "header", "data/records/002.header.json", &err));
	assert_ok(axev__json_set_str(source, "system", "test", &err));
	assert_ok(axev__json_set_str(source, "dsn", "test", &err));
	assert_ok(axev__json_set_str(source, "rows", lie == ROWS ? "4" : "3", &err));
	assert_ok(axev__take_set(&take, "source", axev__steal(source), &err));
	assert_ok(axev__take_finish(&take, &draft, &err));
	assert_ok(axev_seal(ledger, draft, NULL, &result, &err));
	axev_draft_free(draft);
	remove(in_folder("b.asice"));
	assert_ok(axev_export(ledger, &result.id, 1, in_folder("b.asice"), NULL, &err));
}

static void assert_verdict(enum lie lie, int verdict, const char *said)
{
	axev_report *report = NULL;
	char *text = NULL;

	make_bundle(lie);
	ck_assert_int_eq(axev_verify_file(in_folder("b.asice"), policy, NULL, &report, &err) == AXEV_OK,
			 verdict == AXEV_VERDICT_VALID);
	ck_assert_ptr_nonnull(report);
	assert_ok(axev_report_text(report, "en", 1, &text, &err));
	ck_assert_msg((int)axev_report_verdict(report) == verdict, "lie %d: %.3000s", lie, text);
	ck_assert_msg(strstr(text, said) != NULL, "expected '%s' in:\n%.3500s", said, text);
	axev_text_free(text);
	axev_report_free(report);
}

START_TEST(verify_records__the_honest_one_is_valid)
{
	assert_verdict(NOTHING, AXEV_VERDICT_VALID, "records 3; ");
}
END_TEST

START_TEST(verify_records__each_lie_is_found)
{
	assert_verdict(RECORD, AXEV_VERDICT_INVALID, "the index is not the one that the records give");
	assert_verdict(SHORTER, AXEV_VERDICT_INVALID, "the index is not the one that the records give");
	assert_verdict(INDEX, AXEV_VERDICT_INVALID, "the index is not the one that the records give");
	assert_verdict(ROOT, AXEV_VERDICT_INVALID, "the records do not give the root in the manifest");
	assert_verdict(RECORDS, AXEV_VERDICT_INVALID, "expected the 2 records of the manifest, found 3");
	assert_verdict(ROWS, AXEV_VERDICT_INVALID, "expected the 4 rows of the manifest, found 3");
	assert_verdict(NO_CELL, AXEV_VERDICT_INVALID, "no object holds the content of a large cell, ");
	assert_verdict(VIEW, AXEV_VERDICT_INVALID, "view 'data/views/001.csv' is not what the records give");
	assert_verdict(NO_HEADER, AXEV_VERDICT_INVALID, "data/records/002.header.json is not in the package");
}
END_TEST

START_TEST(verify_records__in_a_part_it_is_the_same)
{
	is_in_part = true;
	assert_verdict(NOTHING, AXEV_VERDICT_VALID, "records 3; ");
	assert_verdict(RECORD, AXEV_VERDICT_INVALID, "the index is not the one that the records give");
	assert_verdict(ROOT, AXEV_VERDICT_INVALID, "the records do not give the root in the manifest");
	assert_verdict(NO_CELL, AXEV_VERDICT_INVALID, "no object holds the content of a large cell, ");
	assert_verdict(VIEW, AXEV_VERDICT_INVALID, "view 'data/views/001.csv' is not what the records give");
	is_in_part = false;
}
END_TEST

START_TEST(verify_records__an_encoding_of_later_is_indeterminate)
{
	assert_verdict(ENCODING, AXEV_VERDICT_INDETERMINATE, "newer");
	assert_verdict(VIEW_RULES, AXEV_VERDICT_INDETERMINATE, "newer");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify_records");
	TCase *tcase = tcase_create("verify_records");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, make_ledger, remove_ledger);
	tcase_add_test(tcase, verify_records__the_honest_one_is_valid);
	tcase_add_test(tcase, verify_records__each_lie_is_found);
	tcase_add_test(tcase, verify_records__in_a_part_it_is_the_same);
	tcase_add_test(tcase, verify_records__an_encoding_of_later_is_indeterminate);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
