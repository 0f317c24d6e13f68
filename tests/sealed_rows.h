/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed packages with record sets, made without a database. */
#ifndef AXEV_TESTS_SEALED_ROWS_H
#define AXEV_TESTS_SEALED_ROWS_H

#include "support.h"

#include <sys/mman.h>
#include <unistd.h>

#include <ax_evidence/ax_evidence.h>

#include "base/text.h"
#include "capture/record_objects.h"
#include "package/row_c14n.h"

#define SEALED_ROWS 600 /* in each set */

static void sealed_rows_add(struct axev__record_writer *writer)
{
	axev_error err;
	int i;

	for (i = 0; i < SEALED_ROWS; i++) {
		AXEV__BUF cells = AXEV__BUF_INIT(1000);
		char phone[16];

		snprintf(phone, sizeof(phone), "1380000%04d", i * 7919 % 10000);
		assert_ok(axev__cell_integer(i, &cells, &err));
		assert_ok(axev__cell_string(axev__span_str(phone), &cells, &err));
		assert_ok(axev__cell_string(axev__span_str("王小明"), &cells, &err));
		assert_ok(axev__record_writer_add(writer, axev__buf_view(&cells), &err));
	}
}

static void sealed_rows_set(struct axev__take *take, unsigned number, const char *name)
{
	struct axev__record_objects set = { .name = name };
	AXEV__BUF index = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__RECORD_WRITER *writer = NULL;
	uint8_t secret[32];
	char header[512];
	axev_error err;

	snprintf(header, sizeof(header),
		 "{\"encoding\":\"row-c14n/2\",\"fields\":[{\"name\":\"id\",\"type\":\"INTEGER\"},"
		 "{\"name\":\"phone\",\"type\":\"TEXT\"},{\"name\":\"name\",\"type\":\"TEXT\"}],"
		 "\"format\":\"ax-records/3\",\"name\":\"%s\",\"order\":\"id\"}",
		 name);
	set.header = axev__span_str(header);
	set.fd = memfd_create("records", MFD_CLOEXEC);
	assert_ok(axev__random(NULL, secret, sizeof(secret), &err));
	assert_ok(axev__record_writer_new(set.fd, set.header, secret, &writer, &err));
	sealed_rows_add(writer);
	assert_ok(axev__record_writer_finish(writer, &index, &set.totals, &err));
	set.index = axev__buf_view(&index);
	assert_ok(axev__take_records(take, number, &set, &err));
	close(set.fd);
}

static void sealed_rows_seal(axev_ledger *ledger, struct axev__take *take, axev_id *ret_id)
{
	axev_seal_result result = { .size = sizeof(result) };
	axev_draft *draft = NULL;
	axev_error err;

	assert_ok(axev__take_finish(take, &draft, &err));
	assert_ok(axev_seal(ledger, draft, NULL, &result, &err));
	axev_draft_free(draft);
	*ret_id = result.id;
}

/* @sets of them: "orders", "customers", "visits". */
static void sealed_rows_take(axev_ledger *ledger, unsigned sets, bool is_in_part, struct axev__take *take)
{
	static const char *const names[] = { "orders", "customers", "visits" };
	const axev_capture_common common = AXEV_CAPTURE_COMMON_INIT;
	AXEV__JSON *source = axev__json_new_object();
	char rows[16];
	axev_error err;
	unsigned i;

	assert_ok(axev__take_begin(ledger, &common, "db", "test", axev__span_str("db"), take, &err));
	if (is_in_part)
		assert_ok(axev__take_part_begin(take, &err));
	for (i = 0; i < sets; i++)
		sealed_rows_set(take, i + 1, names[i]);
	if (is_in_part)
		assert_ok(axev__take_part_end(take, &err));
	assert_ok(axev__json_set_str(source, "system", "test", &err));
	assert_ok(axev__json_set_str(source, "dsn", "test", &err));
	snprintf(rows, sizeof(rows), "%u", sets * SEALED_ROWS);
	assert_ok(axev__json_set_str(source, "rows", rows, &err));
	assert_ok(axev__take_set(take, "source", axev__steal(source), &err));
}

static void sealed_rows(axev_ledger *ledger, unsigned sets, bool is_in_part, axev_id *ret_id)
{
	AXEV__TAKE take = { .fd = -1 };

	sealed_rows_take(ledger, sets, is_in_part, &take);
	sealed_rows_seal(ledger, &take, ret_id);
}

#endif
