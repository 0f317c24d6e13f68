/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <unistd.h>

#include "ledger/ledger.h"
#include "proof/tlog_proof.h"

static axev_error err;

START_TEST(ledger__entries_come_back_and_prove_themselves)
{
	char path[] = "/tmp/axev-ledger-XXXXXX", texts[600][64];
	struct axev__ledger_entry entries[600] = { 0 };
	struct axev__ledger *ledger = NULL;
	struct axev__buf out = AXEV__BUF_INIT(AXEV__MIB), entry = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__tlog_proof proof;
	struct axev__ledger_check check;
	uint64_t first, size;
	size_t i;

	ck_assert_ptr_nonnull(mkdtemp(path));
	assert_ok(axev__ledger_init(path, "example.com/log", NULL, &err));
	assert_ok(axev__ledger_open(path, NULL, &ledger, &err));
	for (i = 0; i < 600; i++) {
		snprintf(texts[i], sizeof(texts[i]), "{\"n\":\"%zu\"}", i);
		entries[i].bytes = axev__span_str(texts[i]);
	}
	assert_ok(axev__ledger_append(ledger, entries, 3, &first, &err));
	assert_ok(axev__ledger_append(ledger, entries + 3, 597, &first, &err));
	ck_assert_uint_eq(first, 3);
	axev__ledger_close(ledger);
	assert_ok(axev__ledger_open(path, NULL, &ledger, &err));
	for (i = 0; i < 600; i += 37) {
		axev__buf_clear(&out);
		axev__buf_clear(&entry);
		assert_ok(axev__ledger_entry_read(ledger, i, &entry, &err));
		ck_assert_str_eq((char *)entry.data, texts[i]);
		assert_ok(axev__ledger_prove(ledger, i, &out, &err));
		assert_ok(axev__tlog_proof_parse(axev__buf_view(&out), &proof, &err));
		assert_ok(axev__tlog_proof_check(&proof, axev__buf_view(&entry),
						 axev__ledger_log_key(ledger), &size, &err));
		ck_assert_uint_eq(size, 600);
	}
	assert_ok(axev__ledger_check(ledger, NULL, &check, &err));
	ck_assert_uint_eq(check.entries, 600);
	ck_assert_uint_eq(check.commits, 3);
	axev__ledger_close(ledger);
	axev__buf_free(&out);
	axev__buf_free(&entry);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ledger");
	TCase *cases = tcase_create("ledger");

	tcase_add_test(cases, ledger__entries_come_back_and_prove_themselves);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
