/* SPDX-License-Identifier: Apache-2.0 */
/* Packages of a file that was handed over and of any record sets, properly signed, as a dishonest maker would have them. */
#ifndef AXEV_TESTS_HANDED_PACKAGE_H
#define AXEV_TESTS_HANDED_PACKAGE_H

#include "support_ledger.h"

#include <sys/mman.h>

#include "capture/record_objects.h"
#include "package/row_c14n.h"

static inline void handed_begin(struct axev__take *take)
{
	const axev_capture_common common = AXEV_CAPTURE_COMMON_INIT;

	assert_ok(axev__take_begin(ledger, &common, "db", "test", axev__span_str("db"), take, &err));
	assert_ok(axev__take_part_begin(take, &err));
}

static inline void handed_file(struct axev__take *take, const char *path, struct axev__span bytes)
{
	const struct axev__object object = { .path = path, .name = axev__span_str("file"), .media_type = "text/csv",
		.role = "handed-over", .modified_ns = INT64_MIN, .mode = -1 };
	struct axev__digests digests;

	assert_ok(axev__container_add(take->writer, path, bytes, &digests, &err));
	assert_ok(axev__take_object(take, &object, &digests, &err));
}

/* @records: each a u32 length and its cells. */
static inline unsigned handed_set(struct axev__take *take, unsigned number, const char *name, struct axev__span header,
				  struct axev__span records)
{
	static const uint8_t secret[32] = { 1 };
	AXEV__RECORD_WRITER *writer = NULL;
	AXEV__BUF index = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__record_objects set = { .name = name, .header = header };
	unsigned rows = 0;

	set.fd = memfd_create("records", MFD_CLOEXEC);
	assert_ok(axev__record_writer_new(set.fd, set.header, secret, &writer, &err));
	for (; records.size > 0; rows++) {
		struct axev__span cells = axev__span(records.data + 4, axev__get_u32be(records.data));

		assert_ok(axev__record_writer_add(writer, cells, &err));
		records = axev__span(cells.data + cells.size, records.size - 4 - cells.size);
	}
	assert_ok(axev__record_writer_finish(writer, &index, &set.totals, &err));
	set.index = axev__buf_view(&index);
	assert_ok(axev__take_records(take, number, &set, &err));
	close(set.fd);
	return rows;
}

static inline void handed_finish(struct axev__take *take, unsigned rows)
{
	axev_seal_result result = { .size = sizeof(result) };
	AXEV__JSON *source = axev__json_new_object();
	axev_draft *draft = NULL;
	char text[16];

	snprintf(text, sizeof(text), "%u", rows);
	assert_ok(axev__take_part_end(take, &err));
	assert_ok(axev__json_set_str(source, "system", "a file", &err));
	assert_ok(axev__json_set_str(source, "dsn", "csv:file.csv", &err));
	assert_ok(axev__json_set_str(source, "rows", text, &err));
	assert_ok(axev__take_set(take, "source", axev__steal(source), &err));
	assert_ok(axev__take_finish(take, &draft, &err));
	assert_ok(axev_seal(ledger, draft, NULL, &result, &err));
	axev_draft_free(draft);
	remove(in_folder("b.asice"));
	assert_ok(axev_export(ledger, &result.id, 1, in_folder("b.asice"), NULL, &err));
}

static inline void assert_handed(int verdict, const char *said)
{
	axev_report *report = NULL;
	char *text = NULL;

	ck_assert_int_eq(axev_verify_file(in_folder("b.asice"), policy, NULL, &report, &err) == AXEV_OK,
			 verdict == AXEV_VERDICT_VALID);
	ck_assert_ptr_nonnull(report);
	assert_ok(axev_report_text(report, "en", 1, &text, &err));
	ck_assert_msg((int)axev_report_verdict(report) == verdict, "%s: %.3000s", said, text);
	ck_assert_msg(strstr(text, said) != NULL, "expected '%s' in:\n%.3500s", said, text);
	axev_text_free(text);
	axev_report_free(report);
}

#endif
