/* SPDX-License-Identifier: Apache-2.0 */
/* Files that were handed over, properly signed by a maker whose record set says something else than the file. */
#include "support.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <ax_evidence/ax_evidence.h>

#include "base/io.h"
#include "capture/record_objects.h"
#include "package/row_c14n.h"

#define ABOUT_CSV "\"bom\":false,\"delimiter\":\",\",\"encoding\":\"UTF-8\",\"format\":\"csv\",\"names\":true," \
		  "\"path\":\"data/handover/file.csv\",\"quote\":\"\\\"\",\"what\":\"file\""
#define CSV "id,name\n1,\xE7\x8E\x8B\n2,\n3,\"\"\n"

static char folder[64];
static axev_ledger *ledger;
static axev_policy *policy;
static axev_error err;

struct lie {
	const char *file, *about, *second_name;
	const char *cells[4][2]; /* NULL: NULL; no first cell: no more records */
	int verdict;
	const char *said;
};

static const char *in_folder(const char *name)
{
	static char path[4][128];
	static unsigned next;
	char *out = path[next++ % 4];

	snprintf(out, sizeof(path[0]), "%s/%s", folder, name);
	return out;
}

static void make_ledger(void)
{
	strcpy(folder, "/tmp/axev-handed-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	assert_ok(axev_ledger_init(in_folder("L"), NULL, &err));
	assert_ok(axev_ledger_open(in_folder("L"), NULL, &ledger, &err));
	assert_ok(axev_policy_open(in_folder("L/policy.json"), &policy, &err));
}

static void remove_ledger(void)
{
	axev_ledger_close(ledger);
	axev_policy_free(policy);
	axev__remove_tree(AT_FDCWD, folder, NULL);
}

static void add_file(struct axev__take *take, const char *bytes)
{
	const struct axev__object object = { .path = "data/handover/file.csv", .name = axev__span_str("file.csv"),
		.media_type = "text/csv", .role = "handed-over", .modified_ns = INT64_MIN, .mode = -1 };
	struct axev__digests digests;

	assert_ok(axev__container_add(take->writer, object.path, axev__span_str(bytes), &digests, &err));
	assert_ok(axev__take_object(take, &object, &digests, &err));
}

static unsigned add_set(struct axev__take *take, const struct lie *lie)
{
	static const uint8_t secret[32] = { 1 };
	AXEV__RECORD_WRITER *writer = NULL;
	AXEV__BUF index = AXEV__BUF_INIT(AXEV__MIB), header = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__record_objects set = { .name = "file.csv" };
	unsigned i, j;

	assert_ok(axev__buf_printf(&header, &err,
				   "{\"about\":{%s},\"encoding\":\"row-c14n/1\",\"fields\":[{\"name\":\"id\",\"type\":\"text\"},"
				   "{\"name\":\"%s\",\"type\":\"text\"}],\"format\":\"ax-records/2\",\"name\":\"file.csv\","
				   "\"order\":\"rows of the file, in its order\"}",
				   lie->about, lie->second_name));
	set.header = axev__buf_view(&header);
	set.fd = memfd_create("records", MFD_CLOEXEC);
	assert_ok(axev__record_writer_new(set.fd, set.header, secret, &writer, &err));
	for (i = 0; i < 4 && lie->cells[i][0]; i++) {
		AXEV__BUF cells = AXEV__BUF_INIT(1000);

		for (j = 0; j < 2; j++)
			assert_ok(lie->cells[i][j] ? axev__cell_string(axev__span_str(lie->cells[i][j]), &cells, &err) :
						     axev__cell_null(&cells, &err));
		assert_ok(axev__record_writer_add(writer, axev__buf_view(&cells), &err));
	}
	assert_ok(axev__record_writer_finish(writer, &index, &set.totals, &err));
	set.index = axev__buf_view(&index);
	assert_ok(axev__take_records(take, 1, &set, &err));
	close(set.fd);
	return i;
}

static void make_bundle(const struct lie *lie)
{
	const axev_capture_common common = AXEV_CAPTURE_COMMON_INIT;
	axev_seal_result result = { .size = sizeof(result) };
	AXEV__JSON *source = axev__json_new_object();
	AXEV__TAKE take = { 0 };
	axev_draft *draft = NULL;
	char rows[16];

	assert_ok(axev__take_begin(ledger, &common, "db", "test", axev__span_str("db"), &take, &err));
	assert_ok(axev__take_part_begin(&take, &err));
	add_file(&take, lie->file);
	snprintf(rows, sizeof(rows), "%u", add_set(&take, lie));
	assert_ok(axev__take_part_end(&take, &err));
	assert_ok(axev__json_set_str(source, "system", "CSV file", &err));
	assert_ok(axev__json_set_str(source, "dsn", "csv:file.csv", &err));
	assert_ok(axev__json_set_str(source, "rows", rows, &err));
	assert_ok(axev__take_set(&take, "source", axev__steal(source), &err));
	assert_ok(axev__take_finish(&take, &draft, &err));
	assert_ok(axev_seal(ledger, draft, NULL, &result, &err));
	axev_draft_free(draft);
	remove(in_folder("b.asice"));
	assert_ok(axev_export(ledger, &result.id, 1, in_folder("b.asice"), NULL, &err));
}

static void assert_verdict(const struct lie *lie)
{
	axev_report *report = NULL;
	char *text = NULL;

	make_bundle(lie);
	ck_assert_int_eq(axev_verify_file(in_folder("b.asice"), policy, NULL, &report, &err) == AXEV_OK,
			 lie->verdict == AXEV_VERDICT_VALID);
	ck_assert_ptr_nonnull(report);
	assert_ok(axev_report_text(report, "en", 1, &text, &err));
	ck_assert_msg((int)axev_report_verdict(report) == lie->verdict, "%s: %.3000s", lie->said, text);
	ck_assert_msg(strstr(text, lie->said) != NULL, "expected '%s' in:\n%.3500s", lie->said, text);
	axev_text_free(text);
	axev_report_free(report);
}

#define ROW_1 { "1", "\xE7\x8E\x8B" }
#define ROW_2 { "2", NULL }
#define ROW_3 { "3", "" }
#define HONEST { ROW_1, ROW_2, ROW_3 }
#define INVALID AXEV_VERDICT_INVALID
#define UNREADABLE "the file cannot be read as its record set says: "

static const struct lie lies[] = {
	{ CSV, ABOUT_CSV, "name", HONEST, AXEV_VERDICT_VALID, "record set and the file handed over" },
	{ CSV, ABOUT_CSV, "name", { ROW_1, ROW_3, ROW_2 }, INVALID, "record 1 is not what the file gives" },
	{ CSV, ABOUT_CSV, "name", { ROW_1, { "2", "" }, ROW_3 }, INVALID, "record 1 is not what the file gives" },
	{ CSV, ABOUT_CSV, "name", { ROW_1, ROW_2 }, INVALID, "the record set has 2 rows, the file has more" },
	{ CSV, ABOUT_CSV, "name", { ROW_1, ROW_2, ROW_3, { "4", "x" } }, INVALID,
	  "the file has 3 rows, the record set has more" },
	{ CSV, ABOUT_CSV, "title", HONEST, INVALID, "the columns of the record set are not those of the file" },
	{ "\xEF\xBB\xBF" CSV, ABOUT_CSV, "name", HONEST, INVALID,
	  "whether the file begins with the signature of UTF-8 is stated wrongly" },
	{ CSV "4,\n", ABOUT_CSV, "name", HONEST, INVALID, "the record set has 3 rows, the file has more" },
	{ "id,name\n1,\xE7\x8E\x8B,\n", ABOUT_CSV, "name", HONEST, INVALID,
	  UNREADABLE "line 2: expected 2 fields, found 3" },
	{ "id,name\n1,\xCD\xF5\n", ABOUT_CSV, "name", HONEST, INVALID, UNREADABLE "line 2, byte 10 of the file: not UTF-8" },
	{ "", ABOUT_CSV, "name", HONEST, INVALID, UNREADABLE "expected at least one line, found an empty file" },
	{ CSV, "\"bom\":false,\"encoding\":\"UTF-8\",\"format\":\"ods\",\"path\":\"data/handover/file.csv\",\"what\":\"file\"",
	  "name", HONEST, AXEV_VERDICT_INDETERMINATE, "newer format" },
	{ CSV, "\"path\":\"data/handover/other.csv\",\"what\":\"file\"", "name", HONEST, INVALID,
	  "data/handover/other.csv is not in the package" },
	{ CSV, "\"what\":\"file\"", "name", HONEST, INVALID, "member 'path'" },
};

START_TEST(verify_handed__each_lie_is_found)
{
	assert_verdict(&lies[_i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify_handed");
	TCase *tcase = tcase_create("verify_handed");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, make_ledger, remove_ledger);
	tcase_add_loop_test(tcase, verify_handed__each_lie_is_found, 0, (int)AXEV__COUNT(lies));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
