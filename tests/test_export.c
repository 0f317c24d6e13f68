/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles of many packages. */
#include "support_folder.h"
#include "support_pki.h"

#include <ax_evidence/ax_evidence.h>

#include "package/container_read.h"

#define PACKAGES 9

static axev_error err;

static axev_signer *new_signer(long serial)
{
	struct pki_cert want = pki_signer;
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__CERTS certs = { 0 };
	struct axev__key *key = NULL;
	axev_signer *signer = NULL;

	want.serial = serial;
	pki_issue(&want, pkey, axev__span("", 0), NULL, &der);
	assert_ok(axev__certs_add(&certs, axev__buf_view(&der), &err));
	assert_ok(axev__key_wrap(pkey, &key, &err));
	assert_ok(axev__signer_new(key, &certs, &signer, &err));
	return signer;
}

/* Captured and signed by as many as may sign, each with a certificate that nobody else has. */
static axev_id capture(axev_ledger *ledger, long first_serial)
{
	axev_signer *signers[AXEV__MAX_SIGNATURES];
	const char *paths[] = { in_folder("file.txt") };
	axev_file_opts opts = AXEV_FILE_OPTS_INIT;
	axev_seal_opts seal = AXEV_SEAL_OPTS_INIT;
	axev_seal_result result = { .size = sizeof(result) };
	axev_draft *draft = NULL;
	int i;

	for (i = 0; i < AXEV__MAX_SIGNATURES; i++)
		signers[i] = new_signer(first_serial + i);
	opts.paths = paths;
	opts.path_count = 1;
	opts.common.signers = seal.signers = signers;
	opts.common.signer_count = seal.signer_count = AXEV__MAX_SIGNATURES;
	assert_ok(axev_capture_file(ledger, &opts, &draft, &err));
	assert_ok(axev_seal(ledger, draft, &seal, &result, &err));
	axev_draft_free(draft);
	for (i = 0; i < AXEV__MAX_SIGNATURES; i++)
		axev_signer_free(signers[i]);
	return result.id;
}

START_TEST(export__the_certificates_of_many_signers_are_enclosed)
{
	axev_ledger *ledger = NULL;
	axev_id ids[PACKAGES];
	AXEV__BUF bundle = AXEV__BUF_INIT(16 * AXEV__MIB);
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__CONTAINER_READER *container = NULL;
	AXEV__CERTS certs = { 0 };
	struct axev__source source;
	int i;

	assert_ok(axev__write_file_durable(AT_FDCWD, in_folder("file.txt"), axev__span_str("x\n"), 0644,
					   &err));
	assert_ok(axev_ledger_init(in_folder("L"), NULL, &err));
	assert_ok(axev_ledger_open(in_folder("L"), NULL, &ledger, &err));
	for (i = 0; i < PACKAGES; i++)
		ids[i] = capture(ledger, 1000 + i * AXEV__MAX_SIGNATURES);
	assert_ok(axev_export(ledger, ids, PACKAGES, in_folder("b.asice"), NULL, &err));
	axev_ledger_close(ledger);
	assert_ok(axev__read_file(AT_FDCWD, in_folder("b.asice"), &bundle, &err));
	source = axev__source_memory(axev__buf_view(&bundle));
	assert_ok(axev__container_open(&source, &container, &err));
	assert_ok(axev__container_read(container,
				       axev__container_find(container, "data/trust/signers.pem"), &pem,
				       &err));
	assert_ok(axev__certs_read(axev__buf_view(&pem), &certs, &err));
	ck_assert_uint_eq(certs.count, PACKAGES * AXEV__MAX_SIGNATURES + 1); /* and the exporter's */
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("export");
	TCase *tcase = tcase_create("export");

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, make_folder, remove_folder);
	tcase_add_test(tcase, export__the_certificates_of_many_signers_are_enclosed);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
