/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bundles that a dishonest exporter signs anew: form and signature are in order, what they claim is not. The verifier
 * must find each lie in the content, with a policy that trusts everything in it.
 */
#include "support_ledger.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/text.h"
#include "crypto/cades.h"
#include "ledger/handle.h"
#include "package/container_read.h"
#include "package/container_write.h"
#include "package/manifest.h"

static struct axev__buf honest = AXEV__BUF_INIT(256 * 1024); /* a bundle of two packages */

static axev_id capture(const char *text)
{
	const char *paths[] = { in_folder("file.txt") };
	axev_file_opts opts = AXEV_FILE_OPTS_INIT;
	axev_seal_result result = { .size = sizeof(result) };
	axev_draft *draft = NULL;

	assert_ok(axev__write_file_durable(AT_FDCWD, paths[0], axev__span_str(text), 0644, &err));
	opts.paths = paths;
	opts.path_count = 1;
	assert_ok(axev_capture_file(ledger, &opts, &draft, &err));
	assert_ok(axev_seal(ledger, draft, NULL, &result, &err));
	axev_draft_free(draft);
	return result.id;
}

static void make_bundle(void)
{
	axev_id ids[2];

	make_ledger();
	ids[0] = capture("one\n");
	ids[1] = capture("two, and longer\n");
	assert_ok(axev_export(ledger, ids, 2, in_folder("two.asice"), NULL, &err));
	assert_ok(axev__read_file(AT_FDCWD, in_folder("two.asice"), &honest, &err));
}

static void remove_bundle(void)
{
	remove_ledger();
	axev__buf_free(&honest);
}

/* ---- writing a bundle again, with changes ---- */

struct change {
	const char *drop;          /* entry left out */
	const char *from, *into;   /* entry whose bytes take the place of another's */
	const char *from2, *into2; /* and one more */
	void (*edit)(axev__json *manifest);
};

static struct axev__span bytes_for(const struct change *change, const char *name,
				   const struct axev__container *container, struct axev__buf *buf)
{
	const char *read = name;

	if (change->into && strcmp(name, change->into) == 0)
		read = change->from;
	if (change->into2 && strcmp(name, change->into2) == 0)
		read = change->from2;
	assert_ok(axev__container_read(container, axev__container_find(container, read), buf, &err));
	return axev__buf_view(buf);
}

static axev__json *find_object(axev__json *manifest, const char *path, size_t *ret_index)
{
	axev__json *objects = axev__json_get(manifest, "objects");
	struct axev__span text;
	size_t i;

	for (i = 0; i < axev__json_count(objects); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(objects, i), "path"), &text) &&
		    axev__span_is(text, path)) {
			*ret_index = i;
			return axev__json_at(objects, i);
		}
	ck_abort_msg("no object %s", path);
	return NULL;
}

/* objects[] is always made to fit: the lie is elsewhere. */
static void fit_object(axev__json *manifest, const char *path, const struct axev__digests *digests)
{
	size_t unused;
	axev__json *object = find_object(manifest, path, &unused);
	char number[24];

	snprintf(number, sizeof(number), "%" PRIu64, digests->size_bytes);
	assert_ok(axev__json_set_str(object, "bytes", number, &err));
	assert_ok(axev__json_set_hex(object, "sha256", digests->sha256, 32, &err));
}

static void drop_object(axev__json *manifest, const char *path)
{
	axev__json *kept = axev__json_new_array(), *objects = axev__json_get(manifest, "objects");
	size_t gone, i;

	find_object(manifest, path, &gone);
	for (i = 0; i < axev__json_count(objects); i++)
		if (i != gone)
			assert_ok(axev__json_append(kept, axev__json_copy(axev__json_at(objects, i)), &err));
	assert_ok(axev__json_set(manifest, "objects", kept, &err));
}

static void sign(struct axev__container_writer *writer)
{
	AXEV__SIGNER *signer = NULL;
	AXEV__BUF tbs = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF signature = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF p7s = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	uint8_t content[32];

	assert_ok(axev__ledger_operator(ledger, NULL, &signer, &err));
	assert_ok(axev__container_to_be_signed(writer, 1, content, &err));
	assert_ok(axev__cades_tbs(axev__cert_at(axev__signer_certs(signer), 0), content,
				  INT64_C(1795507200000000000), &tbs, &err));
	assert_ok(axev__signer_sign(signer, axev__buf_view(&tbs), &signature, &err));
	assert_ok(axev__cades_assemble(axev__signer_certs(signer), axev__buf_view(&tbs),
				       axev__buf_view(&signature), axev__span("", 0), &p7s, &err));
	assert_ok(axev__container_add_signature(writer, 1, axev__buf_view(&p7s), &err));
}

static void copy_entries(struct axev__container_writer *writer,
			 const struct axev__container *container, axev__json *manifest,
			 const struct change *change)
{
	size_t i;

	for (i = 0; i < axev__container_count(container); i++) {
		const char *name = axev__container_entry(container, i)->name;
		AXEV__BUF buf = AXEV__BUF_INIT(256 * 1024);
		struct axev__digests digests;

		if (strncmp(name, "data/", 5) != 0 || strcmp(name, "data/evidence.json") == 0)
			continue;
		if (change->drop && strcmp(name, change->drop) == 0) {
			drop_object(manifest, name);
			continue;
		}
		assert_ok(axev__container_add(writer, name, bytes_for(change, name, container, &buf),
					      &digests, &err));
		fit_object(manifest, name, &digests);
	}
}

static void close_bundle(struct axev__container_writer *writer, axev__json *manifest)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	uint8_t id[32], sha256[32];
	uint64_t size;

	assert_ok(axev__manifest_write(manifest, &bytes, id, &err));
	assert_ok(axev__container_add(writer, "data/evidence.json", axev__buf_view(&bytes), NULL, &err));
	assert_ok(axev__container_add(writer, "VERIFY.md", axev__span_str("# none\n"), NULL, &err));
	assert_ok(axev__container_seal_begin(writer, 1, &err));
	sign(writer);
	assert_ok(axev__container_finish(writer, NULL, &size, sha256, &err));
}

/* Verdict and report of the honest bundle after @change, signed anew by the same operator. */
static int verdict_after(const struct change *change, char **ret_report)
{
	AXEV__CONTAINER_READER *container = NULL;
	AXEV__CONTAINER *writer = NULL;
	AXEV__JSON *manifest = NULL;
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__source source = axev__source_memory(axev__buf_view(&honest));
	axev_report *report = NULL;
	int fd = open(in_folder("again.asice"), O_RDWR | O_CREAT | O_TRUNC, 0600), verdict, status;

	ck_assert_int_ge(fd, 0);
	assert_ok(axev__container_open(&source, &container, &err));
	assert_ok(axev__container_read(container,
				       axev__container_find(container, "data/evidence.json"), &bytes,
				       &err));
	assert_ok(axev__manifest_read(axev__buf_view(&bytes), &manifest, &err));
	assert_ok(axev__container_new(fd, &writer, &err));
	copy_entries(writer, container, manifest, change);
	if (change->edit)
		change->edit(manifest);
	close_bundle(writer, manifest);
	close(fd);
	axev_error_clear(&err);
	status = axev_verify_file(in_folder("again.asice"), policy, NULL, &report, &err);
	ck_assert_ptr_nonnull(report);
	verdict = axev_report_verdict(report);
	ck_assert_int_eq(status == AXEV_OK, verdict == AXEV_VERDICT_VALID);
	assert_ok(axev_report_text(report, "en", 0, ret_report, &err));
	axev_report_free(report);
	return verdict;
}

static void assert_found(const struct change *change, const char *said)
{
	char *text = NULL;
	int verdict = verdict_after(change, &text);

	ck_assert_msg(verdict == AXEV_VERDICT_INVALID, "not found:\n%s", text);
	ck_assert_msg(strstr(text, said) != NULL, "expected '%s' in:\n%s", said, text);
	axev_text_free(text);
}

/* ---- the lies ---- */

START_TEST(verify_resigned__without_a_change_it_is_valid)
{
	char *text = NULL;
	const struct change none = { 0 };

	ck_assert_msg(verdict_after(&none, &text) == AXEV_VERDICT_VALID, "%s", text);
	axev_text_free(text);
}
END_TEST

static void list_first_twice(axev__json *manifest)
{
	axev__json *packages = axev__json_get(manifest, "packages"), *twice = axev__json_new_array();

	assert_ok(axev__json_append(twice, axev__json_copy(axev__json_at(packages, 0)), &err));
	assert_ok(axev__json_append(twice, axev__json_copy(axev__json_at(packages, 0)), &err));
	assert_ok(axev__json_set(manifest, "packages", twice, &err));
}

START_TEST(verify_resigned__one_package_listed_twice_cannot_hide_another)
{
	/* Complete: the material for checks by hand is made to fit as well. */
	const struct change change = { .from = "data/hand/0001/signature001.sig",
				       .into = "data/hand/0002/signature001.sig",
				       .from2 = "data/hand/0001/signature001.tst",
				       .into2 = "data/hand/0002/signature001.tst",
				       .edit = list_first_twice };

	assert_found(&change, "expected the row of the package to have proofs data/proofs/0002, found data/proofs/0001");
}
END_TEST

static void list_first_only(axev__json *manifest)
{
	axev__json *packages = axev__json_get(manifest, "packages"), *one = axev__json_new_array();

	assert_ok(axev__json_append(one, axev__json_copy(axev__json_at(packages, 0)), &err));
	assert_ok(axev__json_set(manifest, "packages", one, &err));
}

START_TEST(verify_resigned__a_package_that_is_not_listed_is_found)
{
	const struct change change = { .edit = list_first_only };

	assert_found(&change, "expected 1 packages as listed, found 2");
}
END_TEST

START_TEST(verify_resigned__a_package_cannot_take_the_place_of_another)
{
	const struct change change = { .from = "data/packages/0001.asice",
				       .into = "data/packages/0002.asice" };

	assert_found(&change, "the size listed is not the package's");
}
END_TEST

START_TEST(verify_resigned__entries_of_another_package_are_found)
{
	const struct change change = { .from = "data/proofs/0001/sealed.entry.json",
				       .into = "data/proofs/0002/sealed.entry.json" };

	assert_found(&change, "inclusion proof does not lead to the root");
}
END_TEST

START_TEST(verify_resigned__proofs_of_another_entry_are_found)
{
	const struct change change = { .from = "data/proofs/0001/captured.tlog-proof",
				       .into = "data/proofs/0001/sealed.tlog-proof" };

	assert_found(&change, "inclusion proof does not lead to the root");
}
END_TEST

START_TEST(verify_resigned__missing_entries_are_found)
{
	static const char *const names[] = {
		"data/proofs/0001/started.entry.json", "data/proofs/0001/captured.tlog-proof",
		"data/proofs/0002/sealed.entry.json", "data/ledger/checkpoint",
		"data/trust/ledger.vkey",
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(names); i++) {
		const struct change change = { .drop = names[i] };
		char said[128];

		snprintf(said, sizeof(said), "expected entry %s, which is missing", names[i]);
		assert_found(&change, said);
	}
}
END_TEST

START_TEST(verify_resigned__material_for_checks_by_hand_must_be_the_package_s)
{
	const struct change signature = { .from = "data/hand/0001/signature001.sig",
					  .into = "data/hand/0002/signature001.sig" };
	const struct change token = { .from = "data/hand/0001/signature001.tst",
				      .into = "data/hand/0002/signature001.tst" };
	const struct change none = { .drop = "data/hand/0001/signature001.tst" };

	assert_found(&signature, "data/hand/0002/signature001.sig is not what the package holds");
	assert_found(&token, "data/hand/0002/signature001.tst is not what the package holds");
	assert_found(&none, "expected entry data/hand/0001/signature001.tst");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify_resigned");
	TCase *tcase = tcase_create("verify_resigned");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, make_bundle, remove_bundle);
	tcase_add_test(tcase, verify_resigned__without_a_change_it_is_valid);
	tcase_add_test(tcase, verify_resigned__one_package_listed_twice_cannot_hide_another);
	tcase_add_test(tcase, verify_resigned__a_package_that_is_not_listed_is_found);
	tcase_add_test(tcase, verify_resigned__a_package_cannot_take_the_place_of_another);
	tcase_add_test(tcase, verify_resigned__entries_of_another_package_are_found);
	tcase_add_test(tcase, verify_resigned__proofs_of_another_entry_are_found);
	tcase_add_test(tcase, verify_resigned__missing_entries_are_found);
	tcase_add_test(tcase, verify_resigned__material_for_checks_by_hand_must_be_the_package_s);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
