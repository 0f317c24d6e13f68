/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A complete bundle made by the library itself, and a package with case facts, parts and two signers, then every byte of
 * them changed: the verdict is always invalid, with and without a policy, never valid and never indeterminate.
 */
#include "support_folder.h"
#include "support_forge.h"

#include <sys/stat.h>
#include <unistd.h>

#include <ax_evidence/ax_evidence.h>

#include "base/limits.h"

static struct axev__buf bundle = AXEV__BUF_INIT(64 * 1024);
static axev_policy *policy;
static axev_error err;

static void make_bundle(void)
{
	char source[128], target[128];
	const char *paths[] = { source };
	axev_file_opts opts = AXEV_FILE_OPTS_INIT;
	axev_seal_result result = { .size = sizeof(result) };
	axev_ledger *ledger = NULL;
	axev_draft *draft = NULL;

	make_folder();
	snprintf(source, sizeof(source), "%s/file.txt", folder);
	snprintf(target, sizeof(target), "%s/case.asice", folder);
	assert_ok(axev__write_file_durable(AT_FDCWD, source, axev__span_str("evidence\n"), 0644, &err));
	assert_ok(axev_ledger_init(in_folder("L"), NULL, &err));
	assert_ok(axev_ledger_open(in_folder("L"), NULL, &ledger, &err));
	opts.paths = paths;
	opts.path_count = 1;
	assert_ok(axev_capture_file(ledger, &opts, &draft, &err));
	assert_ok(axev_seal(ledger, draft, NULL, &result, &err));
	assert_ok(axev_export(ledger, &result.id, 1, target, NULL, &err));
	axev_draft_free(draft);
	axev_ledger_close(ledger);
	assert_ok(axev__read_file(AT_FDCWD, target, &bundle, &err));
	assert_ok(axev_policy_open(in_folder("L/policy.json"), &policy, &err));
}

static void remove_bundle(void)
{
	remove_folder();
	axev__buf_free(&bundle);
	axev_policy_free(policy);
	policy = NULL;
}

static int verdict_of(const uint8_t *data, size_t size, const axev_policy *trusted)
{
	axev_report *report = NULL;
	int status, verdict;

	axev_error_clear(&err);
	status = axev_verify_memory(data, size, trusted, NULL, &report, &err);
	ck_assert_ptr_nonnull(report);
	verdict = axev_report_verdict(report);
	/* Whoever reads only the status is as safe as who reads the report. */
	ck_assert_int_eq(status == AXEV_OK, verdict == AXEV_VERDICT_VALID);
	axev_report_free(report);
	return verdict;
}

START_TEST(verify_flip__untouched_it_is_valid_or_indeterminate)
{
	ck_assert_int_eq(verdict_of(bundle.data, bundle.size, policy), AXEV_VERDICT_VALID);
	ck_assert_int_eq(verdict_of(bundle.data, bundle.size, NULL), AXEV_VERDICT_INDETERMINATE);
}
END_TEST

static void flip_all(struct axev__buf *bytes, const axev_policy *trusted)
{
	static const uint8_t changes[] = { 0x01, 0x80, 0xFF };
	/* Sanitizers look for other defects than this test: a sample is enough for them. */
	size_t step = getenv("AXEV_SANITIZED") ? 17 : 1, i, change;

	for (i = 0; i < bytes->size; i += step) {
		uint8_t before = bytes->data[i];

		for (change = 0; change < sizeof(changes); change++) {
			bytes->data[i] = before ^ changes[change];
			ck_assert_msg(verdict_of(bytes->data, bytes->size, change ? NULL : trusted) ==
					      AXEV_VERDICT_INVALID,
				      "byte %zu of %zu, changed by 0x%02x, was not found", i, bytes->size,
				      changes[change]);
		}
		bytes->data[i] = before;
	}
}

START_TEST(verify_flip__every_changed_byte_is_invalid)
{
	flip_all(&bundle, policy);
}
END_TEST

START_TEST(verify_flip__every_changed_byte_of_facts_parts_and_two_signatures_is_invalid)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(32 * AXEV__KIB);
	struct forge_base base;
	FORGE forge;

	forge_base_new(&base);
	forge_begin(&base, &forge);
	forge_finish(&base, &forge, &bytes);
	ck_assert_int_eq(verdict_of(bytes.data, bytes.size, base.policy), AXEV_VERDICT_VALID);
	flip_all(&bytes, base.policy);
	forge_base_free(&base);
}
END_TEST

START_TEST(verify_flip__every_cut_and_every_trailing_byte_is_invalid)
{
	size_t size;

	for (size = 0; size < bundle.size; size += size < 200 ? 1 : 97)
		ck_assert_int_eq(verdict_of(bundle.data, size, policy), AXEV_VERDICT_INVALID);
	assert_ok(axev__buf_byte(&bundle, 0, &err));
	ck_assert_int_eq(verdict_of(bundle.data, bundle.size, policy), AXEV_VERDICT_INVALID);
	bundle.size--;
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify_flip");
	TCase *tcase = tcase_create("verify_flip");

	tcase_set_timeout(tcase, 600);
	tcase_add_unchecked_fixture(tcase, make_bundle, remove_bundle);
	tcase_add_test(tcase, verify_flip__untouched_it_is_valid_or_indeterminate);
	tcase_add_test(tcase, verify_flip__every_changed_byte_is_invalid);
	tcase_add_test(tcase,
		       verify_flip__every_changed_byte_of_facts_parts_and_two_signatures_is_invalid);
	tcase_add_test(tcase, verify_flip__every_cut_and_every_trailing_byte_is_invalid);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
