/* SPDX-License-Identifier: Apache-2.0 */
/* Lies in a bundle, signed by its exporter: packages, entries, proofs and tokens put in the place of others. */
#include "sealed_rows.h"

#include "forged_case.h"

#include <fcntl.h>

#include "base/io.h"

static void load_bundle(const axev_id *ids, size_t count, struct axev__buf *ret_bytes)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/b.asice", base.folder);
	assert_ok(axev_export(base.ledger, ids, count, path, NULL, &err));
	axev__buf_clear(ret_bytes);
	assert_ok(axev__read_file(AT_FDCWD, path, ret_bytes, &err));
}

/* The officers themselves, after the ledger has recorded what they signed. */
START_TEST(bundle_forged__its_own_signers_cannot_replace_what_the_ledger_recorded)
{
	AXEV__BUF bundle = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF package = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__SIGNER *operator_signer = NULL;
	axev__json *missing = axev__json_new_array(), *row = axev__json_new_object();
	FORGE inner;
	FORGE outer;

	assert_ok(axev__ledger_operator(base.ledger, NULL, &operator_signer, &err));
	load_bundle(&base.id, 1, &bundle);
	ck_assert_int_eq(forge_verdict(axev__buf_view(&bundle), base.policy, NULL), AXEV_VERDICT_VALID);
	/* The same evidence, now said to be partial. */
	forge_begin(&base, &inner);
	assert_ok(axev__json_set_str(row, "what", "a file", &err));
	assert_ok(axev__json_set_str(row, "why", "no reason", &err));
	assert_ok(axev__json_append(missing, row, &err));
	assert_ok(axev__json_set(inner.manifest, "complete", missing, &err));
	assert_verdict(&inner, AXEV_VERDICT_VALID, "note: a partial capture");
	forge_finish(&base, &inner, &package);
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &outer);
	forge_set(&outer, "data/packages/0001.asice", axev__buf_view(&package));
	assert_found(&outer, "captured: the id is not the package's");
}
END_TEST

static axev_id capture_without_time(const char *text)
{
	char file[128], ca[160];
	const char *paths[] = { file };
	axev_tsa away = AXEV_TSA_INIT;
	axev_file_opts opts = AXEV_FILE_OPTS_INIT;
	axev_seal_opts seal = AXEV_SEAL_OPTS_INIT;
	axev_seal_result result = { .size = sizeof(result) };
	axev_draft *draft = NULL;

	snprintf(file, sizeof(file), "%s/late.txt", base.folder);
	snprintf(ca, sizeof(ca), "%s/L/keys/tsa-cert.pem", base.folder);
	away.url = "http://127.0.0.1:9/";
	away.ca_file = ca;
	away.retries = 0;
	assert_ok(axev__write_file_durable(AT_FDCWD, file, axev__span_str(text), 0644, &err));
	opts.paths = paths;
	opts.path_count = 1;
	opts.common.authorities = seal.authorities = &away;
	opts.common.authority_count = seal.authority_count = 1;
	assert_ok(axev_capture_file(base.ledger, &opts, &draft, &err));
	assert_ok(axev_seal(base.ledger, draft, &seal, &result, &err));
	ck_assert_int_eq(result.is_time_pending, 1);
	axev_draft_free(draft);
	assert_ok(axev_seal_complete(base.ledger, &result.id, NULL, &result, &err));
	return result.id;
}

static void exchange(struct forge *forge, const char *one, const char *other)
{
	struct forge_item *left = forge_item(forge, one), *right = forge_item(forge, other);
	struct axev__buf kept = left->bytes;

	left->bytes = right->bytes;
	right->bytes = kept;
}

START_TEST(bundle_forged__a_late_token_of_another_package_is_found)
{
	AXEV__BUF bundle = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__SIGNER *operator_signer = NULL;
	axev_id ids[2];
	FORGE token;
	FORGE all;
	FORGE none;

	assert_ok(axev__ledger_operator(base.ledger, NULL, &operator_signer, &err));
	ids[0] = capture_without_time("one\n");
	ids[1] = capture_without_time("another\n");
	load_bundle(ids, 2, &bundle);
	ck_assert_int_eq(forge_verdict(axev__buf_view(&bundle), base.policy, NULL), AXEV_VERDICT_VALID);
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &token);
	exchange(&token, "data/proofs/0001/signature001.tst", "data/proofs/0002/signature001.tst");
	assert_found(&token, "the entry is about another token or package");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &all);
	exchange(&all, "data/proofs/0001/signature001.tst", "data/proofs/0002/signature001.tst");
	exchange(&all, "data/proofs/0001/token.entry.json", "data/proofs/0002/token.entry.json");
	exchange(&all, "data/proofs/0001/token.tlog-proof", "data/proofs/0002/token.tlog-proof");
	assert_found(&all, "the entry is about another token or package");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &none);
	forge_remove(&none, "data/proofs/0001/token.entry.json");
	assert_found(&none, "expected entry data/proofs/0001/token.entry.json, which is missing");
}
END_TEST

static int yes(void *payload, const axev_erase_plan *plan)
{
	(void)payload;
	(void)plan;
	return 0;
}

/* A disclosure whose original is erased. */
static axev_id disclosed_and_erased(void)
{
	axev_disclose_opts disclose = AXEV_DISCLOSE_OPTS_INIT;
	axev_erase_opts erase = AXEV_ERASE_OPTS_INIT;
	axev_erase_result erased = { .size = sizeof(erased) };
	axev_seal_result sealed = { .size = sizeof(sealed) };
	const axev_record_range first = { 0, 1 };
	axev_draft *draft = NULL;
	axev_id original;

	sealed_rows(base.ledger, 1, true, &original);
	disclose.ranges = &first;
	disclose.range_count = 1;
	disclose.approver = erase.approver = "x";
	disclose.ground = erase.ground = "y";
	assert_ok(axev_disclose(base.ledger, &original, &disclose, &draft, &err));
	assert_ok(axev_seal(base.ledger, draft, NULL, &sealed, &err));
	axev_draft_free(draft);
	erase.disclosures = &sealed.id;
	erase.disclosure_count = 1;
	erase.confirm = yes;
	assert_ok(axev_erase(base.ledger, &original, &erase, &erased, &err));
	return sealed.id;
}

static void copy_item(struct forge *forge, const char *from, const char *to)
{
	forge_set(forge, to, axev__buf_view(&forge_item(forge, from)->bytes));
}

START_TEST(bundle_forged__an_erasure_of_another_original_is_found)
{
	AXEV__BUF bundle = AXEV__BUF_INIT(4 * AXEV__MIB);
	AXEV__SIGNER *operator_signer = NULL;
	axev_id ids[3];
	FORGE both;
	FORGE entry;
	FORGE event;
	FORGE no_disclosure;

	assert_ok(axev__ledger_operator(base.ledger, NULL, &operator_signer, &err));
	ids[0] = disclosed_and_erased();
	ids[1] = disclosed_and_erased();
	ids[2] = base.id;
	load_bundle(ids, 3, &bundle);
	ck_assert_int_eq(forge_verdict(axev__buf_view(&bundle), base.policy, NULL), AXEV_VERDICT_VALID);
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &both);
	exchange(&both, "data/proofs/0001/erased.entry.json", "data/proofs/0002/erased.entry.json");
	exchange(&both, "data/proofs/0001/erased.tlog-proof", "data/proofs/0002/erased.tlog-proof");
	assert_found(&both, "erased: the entry is about another original");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &entry);
	exchange(&entry, "data/proofs/0001/erased.entry.json", "data/proofs/0002/erased.entry.json");
	assert_found(&entry, "entry that erased the original");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &event);
	copy_item(&event, "data/proofs/0001/sealed.entry.json", "data/proofs/0001/erased.entry.json");
	copy_item(&event, "data/proofs/0001/sealed.tlog-proof", "data/proofs/0001/erased.tlog-proof");
	assert_found(&event, "expected event erased");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &no_disclosure);
	forge_insert(&no_disclosure, no_disclosure.count, "data/proofs/0003/erased.entry.json",
		     axev__buf_view(&forge_item(&no_disclosure, "data/proofs/0001/erased.entry.json")->bytes));
	forge_insert(&no_disclosure, no_disclosure.count, "data/proofs/0003/erased.tlog-proof",
		     axev__buf_view(&forge_item(&no_disclosure, "data/proofs/0001/erased.tlog-proof")->bytes));
	assert_found(&no_disclosure, "erased: the package is no disclosure");
}
END_TEST

static void stamp_by_a_stranger(const uint8_t imprint[32], struct axev__buf *token)
{
	static struct pki_tsa tsa;
	struct pki_token want = { .tsa = &tsa };

	pki_tsa_new(NULL, NULL, &tsa);
	memcpy(want.imprint, imprint, 32);
	pki_token(&want, token);
	pki_tsa_free(&tsa);
}

/* Further witnesses: judged by the policy, and said when they are not relied on; broken ones are found. */
START_TEST(bundle_forged__a_time_stamp_over_the_bundle_s_checkpoint_is_judged)
{
	AXEV__BUF bundle = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF own = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF strange = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF broken = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__SIGNER *operator_signer = NULL;
	struct axev__buf *note;
	uint8_t imprint[32];
	FORGE trusted;
	FORGE unknown;
	FORGE other;

	assert_ok(axev__ledger_operator(base.ledger, NULL, &operator_signer, &err));
	load_bundle(&base.id, 1, &bundle);
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &trusted);
	note = &forge_item(&trusted, "data/ledger/checkpoint")->bytes;
	stamp_checkpoint(note, &own);
	assert_ok(axev__sha256(note->data, note->size, imprint, &err));
	stamp_by_a_stranger(imprint, &strange);
	imprint[0] ^= 1;
	stamp_by_a_stranger(imprint, &broken);
	forge_insert(&trusted, trusted.count, "data/ledger/checkpoint-001.tst", axev__buf_view(&own));
	assert_verdict(&trusted, AXEV_VERDICT_VALID,
		       "[passed] authority of the checkpoint's time-stamp");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &unknown);
	forge_insert(&unknown, unknown.count, "data/ledger/checkpoint-001.tst",
		     axev__buf_view(&strange));
	assert_verdict(&unknown, AXEV_VERDICT_VALID,
		       "whole, but its authority is not in your policy: not relied on");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &other);
	forge_insert(&other, other.count, "data/ledger/checkpoint-001.tst", axev__buf_view(&broken));
	assert_found(&other, "the token covers other bytes");
}
END_TEST

START_TEST(bundle_forged__the_ledger_must_have_grown_out_of_the_anchor)
{
	AXEV__BUF bundle = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__SIGNER *operator_signer = NULL;
	axev_id ids[2];
	FORGE gone;
	FORGE other;
	FORGE exporters;

	assert_ok(axev__ledger_operator(base.ledger, NULL, &operator_signer, &err));
	ids[0] = capture_without_time("one\n");
	ids[1] = capture_without_time("another\n");
	load_bundle(ids, 2, &bundle);
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &gone);
	forge_remove(&gone, "data/proofs/0002/anchor.add-checkpoint");
	assert_found(&gone, "expected entry data/proofs/0002/anchor.add-checkpoint, which is missing");
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &other);
	exchange(&other, "data/proofs/0001/anchor.add-checkpoint",
		 "data/proofs/0002/anchor.add-checkpoint");
	assert_found(&other, "expected a proof from size ");
	/* And a bundle has one signature. */
	forge_begin_bundle(axev__buf_view(&bundle), operator_signer, &exporters);
	exporters.signers[exporters.signer_count++] = base.stranger;
	forge_certs(&exporters);
	assert_found(&exporters, "signature 1: expected the role exporter, found signer");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("bundle_forged");
	TCase *tcase = tcase_create("bundle_forged");

	tcase_set_timeout(tcase, 200);
	tcase_add_unchecked_fixture(tcase, begin, end);
	tcase_add_test(tcase, bundle_forged__its_own_signers_cannot_replace_what_the_ledger_recorded);
	tcase_add_test(tcase, bundle_forged__a_late_token_of_another_package_is_found);
	tcase_add_test(tcase, bundle_forged__an_erasure_of_another_original_is_found);
	tcase_add_test(tcase, bundle_forged__a_time_stamp_over_the_bundle_s_checkpoint_is_judged);
	tcase_add_test(tcase, bundle_forged__the_ledger_must_have_grown_out_of_the_anchor);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
