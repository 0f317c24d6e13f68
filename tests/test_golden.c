/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Vectors C2 and C3 of FORMAT.md: a package and a bundle of it, made again from published test keys, a fixed clock and
 * fixed randomness, are the checked-in bytes; and these verify, today as in ten years.
 *
 * AXEV_GOLDEN_OUT=FOLDER writes what was made there, for a change of the format (CONTRIBUTING.md).
 */
#include "support_pki.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ax_evidence/ax_evidence.h>

#include "base/io.h"
#include "base/text.h"
#include "base/time.h"
#include "capture/machine.h"
#include "crypto/digest.h"

static axev_error err;
static char folder[64];

/* ---- what differs from run to run, held still (linked with --wrap) ---- */

int __wrap_axev__key_generate(enum axev__key_type type, int rsa_bits, struct axev__key **ret_key,
			      axev_error *problem);
int __wrap_axev__machine_tool(axev__json **ret_tool, axev_error *problem);
int __wrap_axev__machine_environment(axev__json **ret_environment, axev_error *problem);
int __wrap_axev__machine_clock(axev__json **ret_clock, axev_error *problem);

static unsigned ledger_keys, signing_keys;

int __wrap_axev__key_generate(enum axev__key_type type, int rsa_bits, struct axev__key **ret_key,
			      axev_error *problem)
{
	static const char *const ledger[] = { "ed25519-a", "ed25519-b" };
	static const char *const signing[] = { "rsa3072-a", "rsa3072-b" }; /* ECDSA would differ each time */

	(void)rsa_bits;
	(void)problem;
	ck_assert_uint_lt(type == AXEV__KEY_ED25519 ? ledger_keys : signing_keys, 2);
	*ret_key = pki_key(type == AXEV__KEY_ED25519 ? ledger[ledger_keys++] : signing[signing_keys++]);
	return AXEV_OK;
}

int __wrap_axev__machine_tool(axev__json **ret_tool, axev_error *problem)
{
	axev__json *tool = axev__json_new_object();

	TRY(axev__json_set_str(tool, "name", "ax_evidence", problem));
	TRY(axev__json_set_str(tool, "version", "TEST", problem));
	*ret_tool = tool;
	return AXEV_OK;
}

int __wrap_axev__machine_environment(axev__json **ret_environment, axev_error *problem)
{
	axev__json *environment = axev__json_new_object();

	TRY(axev__json_set_str(environment, "os", "TEST", problem));
	*ret_environment = environment;
	return AXEV_OK;
}

int __wrap_axev__machine_clock(axev__json **ret_clock, axev_error *problem)
{
	axev__json *clock = axev__json_new_object();

	TRY(axev__json_set_str(clock, "source", "TEST", problem));
	TRY(axev__json_set_str(clock, "how", "fixed, a millisecond a call", problem));
	*ret_clock = clock;
	return AXEV_OK;
}

struct still {
	int64_t calls;
	uint64_t blocks;
};

static int tick(void *payload, int64_t *ret_unix_ns, axev_error *problem)
{
	struct still *still = payload;

	(void)problem;
	*ret_unix_ns = PKI_NOW + still->calls++ * 1000000;
	return AXEV_OK;
}

/* SHA-256 of a counter. */
static int count_on(void *payload, uint8_t *out, size_t out_bytes, axev_error *problem)
{
	struct still *still = payload;
	uint8_t block[32], counter[8];
	size_t at;

	for (at = 0; at < out_bytes; at += sizeof(block)) {
		axev__put_u64be(counter, still->blocks++);
		TRY(axev__sha256(counter, sizeof(counter), block, problem));
		memcpy(out + at, block, out_bytes - at < 32 ? out_bytes - at : 32);
	}
	return AXEV_OK;
}

/* ---- making ---- */

static void put_file(const char *path, const char *text)
{
	const struct timespec times[2] = { { PKI_NOW / AXEV__NS_PER_SECOND, 0 },
					   { PKI_NOW / AXEV__NS_PER_SECOND, 0 } };

	assert_ok(axev__write_file_durable(AT_FDCWD, path, axev__span_str(text), 0644, &err));
	ck_assert_int_eq(chmod(path, 0644), 0);
	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static axev_id capture(axev_ledger *ledger)
{
	static const char *const paths[] = { "笔录.txt", "table.csv" };
	axev_file_opts opts = AXEV_FILE_OPTS_INIT;
	axev_seal_result result = { .size = sizeof(result) };
	axev_draft *draft = NULL;
	char case_file[4096];

	snprintf(case_file, sizeof(case_file), "%s/doc/examples/case-facts.json",
		 getenv("AXEV_SOURCE_ROOT"));
	put_file("笔录.txt", "测试\n");
	put_file("table.csv", "id,value\n1,TEST\n");
	opts.common.case_file = case_file;
	opts.paths = paths;
	opts.path_count = 2;
	assert_ok(axev_capture_file(ledger, &opts, &draft, &err));
	assert_ok(axev_seal(ledger, draft, NULL, &result, &err));
	ck_assert_int_eq(result.is_time_pending, 0);
	axev_draft_free(draft);
	return result.id;
}

/* In the scratch folder: L/, bundle.asice; and the package's path. */
static void make(char **ret_package)
{
	struct still still = { 0, 0 };
	const axev_env env = { sizeof(env), &still, tick, count_on, NULL, NULL };
	axev_init_opts opts = AXEV_INIT_OPTS_INIT;
	axev_ledger *ledger = NULL;
	axev_id id;

	ledger_keys = signing_keys = 0;
	opts.env = &env;
	opts.origin = "test.example/golden";
	opts.operator_name = "TEST signer of ax_evidence, proves nothing";
	assert_ok(axev_ledger_init("L", &opts, &err));
	assert_ok(axev_ledger_open("L", &env, &ledger, &err));
	id = capture(ledger);
	assert_ok(axev_export(ledger, &id, 1, "bundle.asice", NULL, &err));
	assert_ok(axev_ledger_package_path(ledger, &id, ret_package, &err));
	axev_ledger_close(ledger);
}

static void begin(void)
{
	strcpy(folder, "/tmp/axev-golden-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static void end(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	axev__remove_tree(AT_FDCWD, folder, NULL);
}

/* ---- comparing ---- */

static void compare(const char *made_path, const char *name)
{
	AXEV__BUF made = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF golden = AXEV__BUF_INIT(AXEV__MIB);
	const char *out = getenv("AXEV_GOLDEN_OUT");
	char path[4096];
	size_t i;

	assert_ok(axev__read_file(AT_FDCWD, made_path, &made, &err));
	if (out) {
		snprintf(path, sizeof(path), "%s/%s", out, name);
		assert_ok(axev__write_file_durable(AT_FDCWD, path, axev__buf_view(&made), 0644, &err));
		return;
	}
	snprintf(path, sizeof(path), "container/golden/%s", name);
	pki_read(path, &golden);
	for (i = 0; i < made.size && i < golden.size; i++)
		ck_assert_msg(made.data[i] == golden.data[i],
			      "%s: byte %zu differs (on purpose? see container/golden/README)", name, i);
	ck_assert_uint_eq(made.size, golden.size);
}

START_TEST(golden__package_bundle_and_policy_are_made_again_byte_for_byte)
{
	char *package = NULL;

	make(&package);
	compare(package, "c2.asice");
	compare("bundle.asice", "c3.asice");
	compare("L/policy.json", "policy.json");
	axev_text_free(package);
}
END_TEST

/* The SHA-256 that FORMAT.md prints are those of the files, which are small enough to read by hand. */
START_TEST(golden__the_specification_names_these_bytes)
{
	static const char *const names[] = { "c1.asice", "c2.asice", "c3.asice" };
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	char path[4096];
	size_t i;

	snprintf(path, sizeof(path), "%s/doc/FORMAT.md", getenv("AXEV_SOURCE_ROOT"));
	assert_ok(axev__read_file(AT_FDCWD, path, &text, &err));
	for (i = 0; i < AXEV__COUNT(names); i++) {
		AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
		uint8_t sha256[32];
		char hex[65];

		snprintf(path, sizeof(path), "container/golden/%s", names[i]);
		pki_read(path, &bytes);
		assert_ok(axev__sha256(bytes.data, bytes.size, sha256, &err));
		axev__hex(hex, sha256, 32);
		ck_assert_msg(strstr((char *)text.data, hex) != NULL, "%s: %s is not in FORMAT.md", names[i],
			      hex);
		if (i == 1)
			ck_assert_uint_le(bytes.size, 32 * AXEV__KIB);
	}
}
END_TEST

/* ---- verifying ---- */

static int verdict_of(struct axev__span bytes, int64_t at_ns, char **ret_text)
{
	char path[4096];
	axev_policy *policy = NULL;
	axev_report *report = NULL;
	axev_verify_opts opts = AXEV_VERIFY_OPTS_INIT;
	int verdict;

	snprintf(path, sizeof(path), "%s/container/golden/policy.json", getenv("AXEV_TEST_DATA"));
	assert_ok(axev_policy_open(path, &policy, &err));
	opts.at_unix_ns = at_ns;
	axev_error_clear(&err);
	(void)!axev_verify_memory(bytes.data, bytes.size, policy, &opts, &report, &err);
	ck_assert_ptr_nonnull(report);
	verdict = axev_report_verdict(report);
	if (ret_text)
		assert_ok(axev_report_text(report, "en", 1, ret_text, &err));
	axev_report_free(report);
	axev_policy_free(policy);
	return verdict;
}

START_TEST(golden__both_verify_under_the_policy_beside_them)
{
	static const char *const names[] = { "container/golden/c2.asice", "container/golden/c3.asice" };
	size_t i;

	for (i = 0; i < AXEV__COUNT(names); i++) {
		AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
		char *text = NULL;

		pki_read(names[i], &bytes);
		ck_assert_msg(verdict_of(axev__buf_view(&bytes), PKI_NOW + 1000 * AXEV__NS_PER_SECOND,
					 &text) == AXEV_VERDICT_VALID,
			      "%s", text);
		axev_text_free(text);
	}
}
END_TEST

/* The token tells when the certificate was used, so the package outlives it. */
START_TEST(golden__the_package_outlives_the_certificates)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	int64_t late_ns;
	char *text = NULL;

	ck_assert(axev__parse_time_argument(axev__span_str("2099-01-01T00:00:00Z"), &late_ns));
	pki_read("container/golden/c2.asice", &bytes);
	ck_assert_msg(verdict_of(axev__buf_view(&bytes), late_ns, &text) == AXEV_VERDICT_VALID, "%s", text);
	axev_text_free(text);
}
END_TEST

START_TEST(golden__every_changed_byte_of_the_package_is_invalid)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	size_t i;

	pki_read("container/golden/c2.asice", &bytes);
	for (i = 0; i < bytes.size; i++) {
		uint8_t honest = bytes.data[i];

		bytes.data[i] ^= (uint8_t)(1 << i % 8);
		ck_assert_msg(verdict_of(axev__buf_view(&bytes), PKI_NOW, NULL) == AXEV_VERDICT_INVALID,
			      "byte %zu", i);
		bytes.data[i] = honest;
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("golden");
	TCase *tcase = tcase_create("golden");

	tcase_set_timeout(tcase, 200);
	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase, golden__package_bundle_and_policy_are_made_again_byte_for_byte);
	tcase_add_test(tcase, golden__the_specification_names_these_bytes);
	tcase_add_test(tcase, golden__both_verify_under_the_policy_beside_them);
	tcase_add_test(tcase, golden__the_package_outlives_the_certificates);
	tcase_add_test(tcase, golden__every_changed_byte_of_the_package_is_invalid);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
