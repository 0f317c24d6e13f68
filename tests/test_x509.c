/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and chains: what is taken, at which time, and who is refused. */
#include "support_pki.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/text.h"
#include "base/time.h"

static axev_error err;

/* A root, a certification authority below it, and a signer below that. */
static EVP_PKEY *root_key, *middle_key, *leaf_key;
static struct axev__buf root = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
static struct axev__buf middle = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
static struct axev__certs roots;

static const struct pki_cert middle_cert = { .name = "TEST middle",
					     .basic = "critical,CA:TRUE",
					     .usage = "critical,keyCertSign,cRLSign" };

static void make_chain(void)
{
	root_key = EVP_EC_gen("P-256");
	middle_key = EVP_EC_gen("P-256");
	leaf_key = pki_pkey("p256");
	pki_issue(&pki_root, root_key, axev__span("", 0), NULL, &root);
	pki_issue(&middle_cert, middle_key, axev__buf_view(&root), root_key, &middle);
	assert_ok(axev__certs_add(&roots, axev__buf_view(&root), &err));
}

static void remove_chain(void)
{
	EVP_PKEY_free(root_key);
	EVP_PKEY_free(middle_key);
	EVP_PKEY_free(leaf_key);
	axev__buf_free(&root);
	axev__buf_free(&middle);
	axev__certs_free(&roots);
}

static int64_t at(const char *time)
{
	int64_t time_ns;

	ck_assert(axev__parse_time_argument(axev__span_str(time), &time_ns));
	return time_ns;
}

/* Path of leaf and middle as a p7s would carry it. */
static void make_path(const struct pki_cert *leaf, EVP_PKEY *key, struct axev__certs *path)
{
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	pki_issue(leaf, key, axev__buf_view(&middle), middle_key, &der);
	assert_ok(axev__certs_add(path, axev__buf_view(&der), &err));
	assert_ok(axev__certs_add(path, axev__buf_view(&middle), &err));
}

static int check_chain(const struct axev__certs *path, const char *crls, enum axev__chain_purpose purpose,
		       int64_t at_ns)
{
	uint8_t used[32] = { 0 };
	struct axev__cert_info info;
	int status;

	memset(&err, 0, sizeof(err));
	status = axev__chain_check(path, &roots, axev__span_str(crls ? crls : ""), purpose, at_ns, used,
				   &err);
	if (status == AXEV_OK) {
		assert_ok(axev__cert_info(axev__cert_at(&roots, 0), &info, &err));
		ck_assert_mem_eq(used, info.sha256, 32);
	}
	return status;
}

static int check_signer(const struct pki_cert *leaf, EVP_PKEY *key, const char *time)
{
	AXEV__CERTS path = { 0 };

	make_path(leaf, key, &path);
	return check_chain(&path, NULL, AXEV__CHAIN_SIGNER, time ? at(time) : PKI_NOW);
}

/* ---- reading ---- */

START_TEST(x509__what_a_certificate_says_is_told)
{
	const struct pki_cert want = { .name = "张三, 公证员", .basic = "critical,CA:FALSE",
				       .usage = "critical,nonRepudiation", .serial = 0xABCDEF };
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__cert_info info;

	pki_issue(&want, leaf_key, axev__buf_view(&root), root_key, &der);
	assert_ok(axev__cert_info(axev__buf_view(&der), &info, &err));
	ck_assert_str_eq(info.subject, "CN=张三\\\\, 公证员");
	ck_assert_str_eq(info.issuer, "CN=TEST root");
	ck_assert_str_eq(info.serial_hex, "abcdef");
	ck_assert_int_eq(info.not_before_ns, at("2026-01-01T00:00:00Z"));
	ck_assert_int_eq(info.not_after_ns, at("2035-01-01T00:00:00Z"));
	ck_assert_str_eq(info.key, "EC P-256");
	ck_assert(!info.is_ca && !info.is_self_signed && info.may_sign && !info.is_time_stamper);
	assert_ok(axev__cert_info(axev__buf_view(&root), &info, &err));
	ck_assert(info.is_ca && info.is_self_signed && !info.may_sign);
}
END_TEST

START_TEST(x509__names_cannot_forge_lines_of_a_report)
{
	const struct pki_cert want = { .name = "real\nvalid: yes\x1b[2J\xE2\x80\xAE" };
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__cert_info info;
	const char *c;

	pki_issue(&want, leaf_key, axev__buf_view(&root), root_key, &der);
	assert_ok(axev__cert_info(axev__buf_view(&der), &info, &err));
	for (c = info.subject; *c; c++)
		ck_assert_msg((unsigned char)*c >= ' ', "%s", info.subject);
	ck_assert_ptr_null(strstr(info.subject, "\xE2\x80\xAE"));
}
END_TEST

/* The key usage hides it from OpenSSL's own question, but the certificate claims to be an authority's. */
START_TEST(x509__a_certificate_that_claims_to_be_an_authority_is_one)
{
	const struct pki_cert want = { .name = "TEST", .basic = "critical,CA:TRUE",
				       .usage = "critical,digitalSignature" };
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__cert_info info;

	pki_issue(&want, leaf_key, axev__buf_view(&root), root_key, &der);
	assert_ok(axev__cert_info(axev__buf_view(&der), &info, &err));
	ck_assert(info.is_ca);
}
END_TEST

START_TEST(x509__years_that_nanoseconds_cannot_hold_are_clamped)
{
	const struct pki_cert want = { .name = "TEST", .from = "19500101000000Z",
				       .until = "99991231235959Z" };
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__cert_info info;

	pki_issue(&want, leaf_key, axev__span("", 0), NULL, &der);
	assert_ok(axev__cert_info(axev__buf_view(&der), &info, &err));
	ck_assert_int_eq(info.not_before_ns, 0);
	ck_assert_int_eq(info.not_after_ns, INT64_MAX);
}
END_TEST

START_TEST(x509__only_exact_der_is_a_certificate)
{
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__X509 *x509 = NULL;
	uint8_t *critical;
	size_t i;

	for (i = 0; i < root.size; i++)
		ck_assert_int_eq(axev__x509_parse(axev__span(root.data, i), &x509, &err), AXEV_E_FORMAT);
	assert_ok(axev__buf_span(&der, axev__buf_view(&root), &err));
	assert_ok(axev__buf_byte(&der, 0, &err));
	assert_fails(axev__x509_parse(axev__buf_view(&der), &x509, &err), AXEV_E_FORMAT,
		     "certificate: expected the end, found more bytes");
	/* BER's other TRUE: OpenSSL reads it and keeps the bytes, so that they look unchanged. */
	axev__buf_clear(&der);
	assert_ok(axev__buf_span(&der, axev__buf_view(&root), &err));
	critical = memmem(der.data, der.size, "\x01\x01\xFF\x04", 4);
	ck_assert_ptr_nonnull(critical);
	critical[2] = 0x01;
	assert_fails(axev__x509_parse(axev__buf_view(&der), &x509, &err), AXEV_E_FORMAT,
		     "certificate: expected a BOOLEAN of 00 or ff");
	assert_fails(axev__x509_parse(axev__span("\x30\x03\x02\x01\x00", 5), &x509, &err), AXEV_E_FORMAT,
		     "expected a certificate: nested asn1 error");
	ck_assert_ptr_null(x509);
}
END_TEST

START_TEST(x509__pem_texts_give_their_certificates_and_nothing_else)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__CERTS certs = { 0 };
	AXEV__CERTS more = { 0 };
	AXEV__CERTS none = { 0 };

	assert_ok(axev__buf_str(&text, "# a comment\n", &err));
	assert_ok(axev__certs_add(&certs, axev__buf_view(&root), &err));
	assert_ok(axev__certs_add(&certs, axev__buf_view(&middle), &err));
	assert_ok(axev__certs_to_pem(&certs, &text, &err));
	pki_read("keys/TEST-p256.pem", &text); /* appended: passed over */
	assert_ok(axev__certs_read(axev__buf_view(&text), &more, &err));
	ck_assert_uint_eq(more.count, 2);
	ck_assert(axev__span_equal(axev__cert_at(&more, 1), axev__buf_view(&middle)));
	/* Cut in the middle of a block: an error, not one certificate fewer. */
	assert_fails(axev__certs_read(axev__span(text.data, 400), &none, &err), AXEV_E_FORMAT,
		     "broken PEM text: bad end line");
	assert_fails(axev__certs_read(axev__span_str("nothing"), &none, &err), AXEV_E_FORMAT,
		     "expected a PEM or DER certificate, found none");
	assert_ok(axev__certs_read(axev__buf_view(&root), &none, &err)); /* DER */
}
END_TEST

/* ---- chains ---- */

START_TEST(x509__a_chain_to_a_chosen_root_holds_within_its_time)
{
	assert_ok(check_signer(&pki_signer, leaf_key, NULL));
	assert_ok(check_signer(&pki_signer, leaf_key, "2026-01-01T00:00:00Z"));
	assert_fails(check_signer(&pki_signer, leaf_key, "2025-12-31T23:59:59Z"), AXEV_E_INDETERMINATE,
		     "certificate chain: certificate is not yet valid");
	assert_fails(check_signer(&pki_signer, leaf_key, "2035-01-01T00:00:01Z"), AXEV_E_INDETERMINATE,
		     "certificate chain: certificate has expired");
}
END_TEST

START_TEST(x509__without_the_root_or_the_middle_nothing_is_decided)
{
	AXEV__CERTS path = { 0 };
	AXEV__CERTS other_roots = { 0 };
	AXEV__PKEY *other_key = EVP_EC_gen("P-256");
	AXEV__BUF other = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	uint8_t used[32];

	make_path(&pki_signer, leaf_key, &path);
	/* A root of the same name with another key. */
	pki_issue(&pki_root, other_key, axev__span("", 0), NULL, &other);
	assert_ok(axev__certs_add(&other_roots, axev__buf_view(&other), &err));
	assert_fails(axev__chain_check(&path, &other_roots, axev__span("", 0), AXEV__CHAIN_SIGNER, PKI_NOW,
				       used, &err),
		     AXEV_E_INDETERMINATE, "certificate chain: certificate signature failure");
	free(path.items[1].data);
	path.count = 1;
	assert_fails(check_chain(&path, NULL, AXEV__CHAIN_SIGNER, PKI_NOW), AXEV_E_INDETERMINATE,
		     "certificate chain: unable to get local issuer certificate");
	axev__certs_free(&path);
	assert_fails(check_chain(&path, NULL, AXEV__CHAIN_SIGNER, PKI_NOW), AXEV_E_INVALID,
		     "there is no certificate");
}
END_TEST

START_TEST(x509__a_root_in_the_path_is_not_trusted_for_being_there)
{
	AXEV__CERTS path = { 0 };
	AXEV__PKEY *own_key = EVP_EC_gen("P-256");
	AXEV__BUF own = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF leaf = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	const struct pki_cert own_root = { .name = "own root", .basic = "critical,CA:TRUE",
					   .usage = "critical,keyCertSign" };

	pki_issue(&own_root, own_key, axev__span("", 0), NULL, &own);
	pki_issue(&pki_signer, leaf_key, axev__buf_view(&own), own_key, &leaf);
	assert_ok(axev__certs_add(&path, axev__buf_view(&leaf), &err));
	assert_ok(axev__certs_add(&path, axev__buf_view(&own), &err));
	assert_fails(check_chain(&path, NULL, AXEV__CHAIN_SIGNER, PKI_NOW), AXEV_E_INDETERMINATE,
		     "certificate chain: self-signed certificate in certificate chain");
}
END_TEST

START_TEST(x509__one_who_is_no_authority_issues_nothing)
{
	AXEV__CERTS path = { 0 };
	AXEV__BUF issuer = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF leaf = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	pki_issue(&pki_signer, middle_key, axev__buf_view(&root), root_key, &issuer);
	pki_issue(&(struct pki_cert){ .name = "TEST victim", .serial = 9 }, leaf_key,
		  axev__buf_view(&issuer), middle_key, &leaf);
	assert_ok(axev__certs_add(&path, axev__buf_view(&leaf), &err));
	assert_ok(axev__certs_add(&path, axev__buf_view(&issuer), &err));
	ck_assert_int_lt(check_chain(&path, NULL, AXEV__CHAIN_SIGNER, PKI_NOW), 0);
	ck_assert_msg(strstr(err.message, "certificate chain: "), "%s", err.message);
}
END_TEST

START_TEST(x509__signers_have_the_right_use_and_a_strong_key)
{
	static const struct {
		const char *usage, *extended, *other, *key, *digest, *text;
		int status;
	} cases[] = {
		{ "critical,keyEncipherment", NULL, NULL, "p256", NULL,
		  "the certificate's key usage allows neither digitalSignature nor nonRepudiation",
		  AXEV_E_INVALID },
		{ "critical,digitalSignature", "serverAuth", NULL, "p256", NULL,
		  "the certificate's extended key usage is not for documents", AXEV_E_INVALID },
		{ "critical,digitalSignature", "critical,timeStamping", NULL, "p256", NULL,
		  "the certificate's extended key usage is not for documents", AXEV_E_INVALID },
		{ "critical,digitalSignature", NULL, "critical,DER:0500", "p256", NULL,
		  "certificate chain: unhandled critical extension", AXEV_E_INVALID },
		{ "critical,digitalSignature", NULL, "DER:0500", "p256", NULL, NULL, AXEV_OK },
		{ "critical,digitalSignature", NULL, NULL, "rsa2048", NULL,
		  "expected a key of EC P-256 or RSA of 3072 bits or more, found RSA 2048", AXEV_E_INVALID },
		{ "critical,digitalSignature", NULL, NULL, "p384", NULL,
		  "expected a key of EC P-256 or RSA of 3072 bits or more, found EC P-384", AXEV_E_INVALID },
		{ "critical,digitalSignature", NULL, NULL, "p256-explicit", NULL,
		  "the certificate's key (EC) is not accepted at that time", AXEV_E_INVALID },
		{ "critical,digitalSignature", NULL, NULL, "rsa3072-a", NULL, NULL, AXEV_OK },
		{ "critical,digitalSignature", NULL, NULL, "p256", "SHA1",
		  "the certificate is signed with ecdsa-with-SHA1, which is not accepted", AXEV_E_INVALID },
		{ "critical,digitalSignature", "clientAuth,emailProtection", NULL, "p256", "SHA512", NULL,
		  AXEV_OK },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		const struct pki_cert want = { .name = "TEST signer", .basic = "critical,CA:FALSE",
					       .usage = cases[i].usage, .extended = cases[i].extended,
					       .other = cases[i].other, .digest = cases[i].digest };
		AXEV__PKEY *key = pki_pkey(cases[i].key);

		if (cases[i].text)
			assert_fails(check_signer(&want, key, NULL), cases[i].status, cases[i].text);
		else
			assert_ok(check_signer(&want, key, NULL));
	}
}
END_TEST

START_TEST(x509__a_key_of_an_unknown_kind_is_refused)
{
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__CERTS path = { 0 };
	struct axev__cert_info info;

	pki_issue(&pki_signer, leaf_key, axev__buf_view(&root), root_key, &der);
	pki_unknown_key(&der);
	assert_ok(axev__certs_add(&path, axev__buf_view(&der), &err));
	assert_ok(axev__cert_info(axev__buf_view(&der), &info, &err));
	ck_assert_str_eq(info.key, "unknown");
	assert_fails(check_chain(&path, NULL, AXEV__CHAIN_SIGNER, PKI_NOW), AXEV_E_INVALID,
		     "expected a key of EC P-256 or RSA of 3072 bits or more, found unknown");
	assert_fails(axev__x509_verify(axev__buf_view(&der), "SHA256", axev__span_str("x"),
				       axev__span_str("y"), &err),
		     AXEV_E_INVALID, "the signer's kind of key is not accepted");
}
END_TEST

START_TEST(x509__time_stampers_have_the_right_use_and_rsa_2048_until_2031)
{
	static const struct {
		const char *basic, *extended, *key, *time, *text;
		int status;
	} cases[] = {
		{ "critical,CA:FALSE", "critical,timeStamping", "p256", NULL, NULL, AXEV_OK },
		{ "critical,CA:FALSE", "critical,timeStamping", "rsa2048", "2030-12-31T23:59:59Z", NULL,
		  AXEV_OK },
		{ "critical,CA:FALSE", "critical,timeStamping", "rsa2048", "2031-01-01T00:00:00Z",
		  "the certificate's key (RSA 2048) is not accepted at that time", AXEV_E_INVALID },
		{ "critical,CA:FALSE", "critical,timeStamping", "rsa1024", NULL,
		  "the certificate's key (RSA 1024) is not accepted at that time", AXEV_E_INVALID },
		{ "critical,CA:FALSE", "timeStamping", "p256", NULL,
		  "the certificate's extended key usage is not critical and solely timeStamping",
		  AXEV_E_INVALID },
		{ "critical,CA:TRUE", "critical,timeStamping", "p256", NULL,
		  "a certification authority's certificate signs time-stamps", AXEV_E_INVALID },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		const struct pki_cert want = { .name = "TEST authority", .basic = cases[i].basic,
					       .usage = "critical,digitalSignature",
					       .extended = cases[i].extended };
		AXEV__PKEY *key = pki_pkey(cases[i].key);
		AXEV__CERTS path = { 0 };
		int64_t at_ns = cases[i].time ? at(cases[i].time) : PKI_NOW;

		make_path(&want, key, &path);
		if (cases[i].text)
			assert_fails(check_chain(&path, NULL, AXEV__CHAIN_TIME_STAMP, at_ns),
				     cases[i].status, cases[i].text);
		else
			assert_ok(check_chain(&path, NULL, AXEV__CHAIN_TIME_STAMP, at_ns));
	}
}
END_TEST

START_TEST(x509__weak_issuers_spoil_a_chain)
{
	AXEV__PKEY *weak_key = pki_pkey("rsa1024");
	AXEV__CERTS path = { 0 };
	AXEV__BUF weak = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF leaf = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	pki_issue(&middle_cert, weak_key, axev__buf_view(&root), root_key, &weak);
	pki_issue(&pki_signer, leaf_key, axev__buf_view(&weak), weak_key, &leaf);
	assert_ok(axev__certs_add(&path, axev__buf_view(&leaf), &err));
	assert_ok(axev__certs_add(&path, axev__buf_view(&weak), &err));
	assert_fails(check_chain(&path, NULL, AXEV__CHAIN_SIGNER, PKI_NOW), AXEV_E_INVALID,
		     "certificate chain: CA certificate key too weak");
}
END_TEST

START_TEST(x509__a_policy_may_name_the_certificate_itself)
{
	AXEV__CERTS path = { 0 };
	AXEV__CERTS leaf_only = { 0 };
	uint8_t used[32];

	make_path(&pki_signer, leaf_key, &path);
	assert_ok(axev__certs_add(&leaf_only, axev__cert_at(&path, 0), &err));
	assert_ok(axev__chain_check(&path, &leaf_only, axev__span("", 0), AXEV__CHAIN_SIGNER, PKI_NOW, used,
				    &err));
	assert_fails(axev__chain_check(&path, &leaf_only, axev__span("", 0), AXEV__CHAIN_SIGNER,
				       at("2036-01-01T00:00:00Z"), used, &err),
		     AXEV_E_INDETERMINATE, "certificate chain: certificate has expired");
}
END_TEST

START_TEST(x509__paths_without_end_are_cut_off)
{
	const struct pki_cert a = { .name = "A", .basic = "critical,CA:TRUE" };
	const struct pki_cert b = { .name = "B", .basic = "critical,CA:TRUE" };
	AXEV__PKEY *key_a = EVP_EC_gen("P-256");
	AXEV__PKEY *key_b = EVP_EC_gen("P-256");
	AXEV__BUF self_a = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF self_b = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF a_by_b = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF b_by_a = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__CERTS pool = { 0 };
	AXEV__CERTS path = { 0 };
	bool is_complete;

	/* Two authorities that certify each other. */
	pki_issue(&a, key_a, axev__span("", 0), NULL, &self_a);
	pki_issue(&b, key_b, axev__span("", 0), NULL, &self_b);
	pki_issue(&a, key_a, axev__buf_view(&self_b), key_b, &a_by_b);
	pki_issue(&b, key_b, axev__buf_view(&self_a), key_a, &b_by_a);
	assert_ok(axev__certs_add(&pool, axev__buf_view(&a_by_b), &err));
	assert_ok(axev__certs_add(&pool, axev__buf_view(&b_by_a), &err));
	assert_fails(axev__certs_path(axev__cert_at(&pool, 0), &pool, NULL, &path, &is_complete, &err),
		     AXEV_E_LIMIT, "a path of more than 8 certificates");
	axev__certs_free(&path);
	/* With one of the roots at hand the path ends there. */
	assert_ok(axev__certs_add(&pool, axev__buf_view(&self_b), &err));
	assert_ok(axev__certs_path(axev__cert_at(&pool, 0), &pool, NULL, &path, &is_complete, &err));
	ck_assert(is_complete);
	ck_assert_uint_eq(path.count, 2);
}
END_TEST

/* ---- revocation ---- */

struct crl {
	const char *last, *next;       /* NULL: 2026-09-01 and 2027 */
	const char *revoked, *invalid; /* of serial 2; NULL: not */
	bool by_other_key;
};

static void put_crl(const struct crl *want, EVP_PKEY *key, char out[4000])
{
	X509_CRL *crl = X509_CRL_new();
	AXEV__X509 *issuer = NULL;
	ASN1_TIME *time = ASN1_TIME_new();
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long size;

	assert_ok(axev__x509_parse(axev__buf_view(&middle), &issuer, &err));
	ck_assert(X509_CRL_set_version(crl, 1) &&
		  X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer)));
	ck_assert(ASN1_TIME_set_string_X509(time, want->last ? want->last : "20260901000000Z"));
	ck_assert(X509_CRL_set1_lastUpdate(crl, time));
	ck_assert(ASN1_TIME_set_string_X509(time, want->next ? want->next : "20270101000000Z"));
	ck_assert(X509_CRL_set1_nextUpdate(crl, time));
	if (want->revoked) {
		X509_REVOKED *revoked = X509_REVOKED_new();
		ASN1_INTEGER *serial = ASN1_INTEGER_new();
		ASN1_GENERALIZEDTIME *doubt = ASN1_GENERALIZEDTIME_new();

		ck_assert(ASN1_INTEGER_set(serial, 2));
		ck_assert(ASN1_TIME_set_string_X509(time, want->revoked));
		ck_assert(X509_REVOKED_set_serialNumber(revoked, serial) &&
			  X509_REVOKED_set_revocationDate(revoked, time));
		if (want->invalid) {
			ck_assert(ASN1_GENERALIZEDTIME_set_string(doubt, want->invalid));
			ck_assert(X509_REVOKED_add1_ext_i2d(revoked, NID_invalidity_date, doubt, 0, 0));
		}
		ck_assert(X509_CRL_add0_revoked(crl, revoked));
		ASN1_INTEGER_free(serial);
		ASN1_GENERALIZEDTIME_free(doubt);
	}
	ck_assert(X509_CRL_sort(crl) && X509_CRL_sign(crl, key, EVP_sha256()));
	ck_assert(PEM_write_bio_X509_CRL(bio, crl));
	size = BIO_get_mem_data(bio, &text);
	ck_assert_int_lt(size, 4000);
	memcpy(out, text, (size_t)size);
	out[size] = '\0';
	BIO_free(bio);
	ASN1_TIME_free(time);
	X509_CRL_free(crl);
}

START_TEST(x509__revocation_counts_from_the_moment_in_doubt)
{
	static const struct {
		struct crl crl;
		int status;
		const char *text;
	} cases[] = { /* signed on 2026-09-21 */
		{ { 0 }, AXEV_OK, NULL },
		{ { .revoked = "20260910000000Z" }, AXEV_E_INVALID,
		  "certificate chain: certificate revoked" },
		{ { .revoked = "20261010000000Z", .last = "20261011000000Z" }, AXEV_OK, NULL },
		/* RFC 5280 5.3.2: revoked later, but the key was no longer safe when it signed. */
		{ { .revoked = "20261010000000Z", .invalid = "20260901000000Z", .last = "20261011000000Z" },
		  AXEV_E_INVALID, "certificate chain: certificate revoked" },
		{ { .revoked = "20261010000000Z", .invalid = "20261001000000Z", .last = "20261011000000Z" },
		  AXEV_OK, NULL },
		{ { .next = "20260902000000Z" }, AXEV_E_INDETERMINATE,
		  "certificate chain: CRL has expired" },
		{ { .by_other_key = true }, AXEV_E_INVALID,
		  "certificate chain: CRL signature failure" },
	};
	AXEV__CERTS path = { 0 };
	char pem[4000];
	size_t i;

	make_path(&pki_signer, leaf_key, &path);
	for (i = 0; i < AXEV__COUNT(cases); i++) {
		put_crl(&cases[i].crl, cases[i].crl.by_other_key ? root_key : middle_key, pem);
		if (cases[i].text)
			assert_fails(check_chain(&path, pem, AXEV__CHAIN_SIGNER, PKI_NOW), cases[i].status,
				     cases[i].text);
		else
			assert_ok(check_chain(&path, pem, AXEV__CHAIN_SIGNER, PKI_NOW));
	}
	assert_fails(check_chain(&path, "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
				 AXEV__CHAIN_SIGNER, PKI_NOW),
		     AXEV_E_FORMAT, "broken revocation list: ASN1 lib");
}
END_TEST

/* ---- issuing ---- */

START_TEST(x509__what_is_issued_says_what_was_asked_for)
{
	struct axev__cert_request request = { .common_name = "TEST 权威", .organisation = "TEST",
					      .not_before_ns = PKI_NOW, .is_time_stamper = true,
					      .not_after_ns = INT64_C(4000000000000000000) };
	AXEV__KEY *key = pki_key("rsa3072-b");
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF again = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__cert_info info;
	char name[66];

	assert_ok(axev__cert_issue(&request, key, axev__span("", 0), key, &der, &err));
	assert_ok(axev__cert_info(axev__buf_view(&der), &info, &err));
	ck_assert_str_eq(info.subject, "CN=TEST 权威,O=TEST");
	ck_assert_str_eq(info.serial_hex, "40000000000000000000000000000000");
	ck_assert_int_eq(info.not_before_ns, PKI_NOW);
	ck_assert_int_eq(info.not_after_ns, INT64_C(4000000000000000000)); /* 2096: GeneralizedTime */
	ck_assert(info.is_self_signed && info.is_time_stamper && !info.is_ca);
	assert_ok(axev__cert_issue(&request, key, axev__span("", 0), key, &again, &err));
	ck_assert_mem_eq(der.data, again.data, der.size); /* RSA PKCS#1 v1.5 has no chance in it */
	memset(name, 'x', 65);
	name[65] = '\0';
	request.common_name = name;
	assert_fails(axev__cert_issue(&request, key, axev__span("", 0), key, &again, &err), AXEV_E_INVAL,
		     "the name does not fit a certificate: string too long");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("x509");
	TCase *tcase = tcase_create("x509");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, make_chain, remove_chain);
	tcase_add_test(tcase, x509__what_a_certificate_says_is_told);
	tcase_add_test(tcase, x509__names_cannot_forge_lines_of_a_report);
	tcase_add_test(tcase, x509__a_certificate_that_claims_to_be_an_authority_is_one);
	tcase_add_test(tcase, x509__years_that_nanoseconds_cannot_hold_are_clamped);
	tcase_add_test(tcase, x509__only_exact_der_is_a_certificate);
	tcase_add_test(tcase, x509__pem_texts_give_their_certificates_and_nothing_else);
	tcase_add_test(tcase, x509__a_chain_to_a_chosen_root_holds_within_its_time);
	tcase_add_test(tcase, x509__without_the_root_or_the_middle_nothing_is_decided);
	tcase_add_test(tcase, x509__a_root_in_the_path_is_not_trusted_for_being_there);
	tcase_add_test(tcase, x509__one_who_is_no_authority_issues_nothing);
	tcase_add_test(tcase, x509__signers_have_the_right_use_and_a_strong_key);
	tcase_add_test(tcase, x509__a_key_of_an_unknown_kind_is_refused);
	tcase_add_test(tcase, x509__time_stampers_have_the_right_use_and_rsa_2048_until_2031);
	tcase_add_test(tcase, x509__weak_issuers_spoil_a_chain);
	tcase_add_test(tcase, x509__a_policy_may_name_the_certificate_itself);
	tcase_add_test(tcase, x509__paths_without_end_are_cut_off);
	tcase_add_test(tcase, x509__revocation_counts_from_the_moment_in_doubt);
	tcase_add_test(tcase, x509__what_is_issued_says_what_was_asked_for);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
