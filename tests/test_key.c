/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and signers: files as other tools write them, passphrases, kinds that are refused, keys elsewhere. */
#include "support_folder.h"
#include "support_pki.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <unistd.h>

static axev_error err;

static void write_bio(const char *name, BIO *bio)
{
	char *data;
	long size = BIO_get_mem_data(bio, &data);

	assert_ok(axev__write_file_durable(AT_FDCWD, in_folder(name), axev__span(data, (size_t)size),
					   0600, &err));
	BIO_free(bio);
}

/* Key as PKCS#8, encrypted when there is a passphrase. */
static void write_key(const char *name, EVP_PKEY *key, const char *passphrase)
{
	BIO *bio = BIO_new(BIO_s_mem());

	ck_assert(PEM_write_bio_PKCS8PrivateKey(bio, key, passphrase ? EVP_aes_256_cbc() : NULL, passphrase,
						passphrase ? (int)strlen(passphrase) : 0, NULL, NULL));
	write_bio(name, bio);
}

static void write_cert(const char *name, const struct pki_cert *want, EVP_PKEY *key)
{
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__CERTS certs = { 0 };

	pki_issue(want, key, axev__span("", 0), NULL, &der);
	assert_ok(axev__certs_add(&certs, axev__buf_view(&der), &err));
	assert_ok(axev__certs_to_pem(&certs, &pem, &err));
	assert_ok(axev__write_file_durable(AT_FDCWD, in_folder(name), axev__buf_view(&pem), 0600, &err));
}

/* A message of ours with the folder in front of it. */
static const char *about(const char *name, const char *message)
{
	static char text[1100];

	snprintf(text, sizeof(text), "%s: %s", in_folder(name), message);
	return text;
}

static int open_signer(const char *key, const char *cert, const char *passphrase, axev_signer **signer)
{
	memset(&err, 0, sizeof(err));
	return axev_signer_open(in_folder(key), cert ? in_folder(cert) : NULL, passphrase, signer, &err);
}

static void assert_signs(const axev_signer *signer)
{
	AXEV__BUF signature = AXEV__BUF_INIT(2048);
	struct axev__span tbs = axev__span_str("to be signed");

	assert_ok(axev__signer_sign(signer, tbs, &signature, &err));
	assert_ok(axev__x509_verify(axev__cert_at(axev__signer_certs(signer), 0), "SHA256", tbs,
				    axev__buf_view(&signature), &err));
}

/* ---- PEM ---- */

START_TEST(key__a_pem_key_with_its_certificate_signs)
{
	static const char *const keys[] = { "p256", "rsa3072-a" };
	size_t i;

	for (i = 0; i < AXEV__COUNT(keys); i++) {
		AXEV__PKEY *key = pki_pkey(keys[i]);
		AXEV__SIGNER *signer = NULL;

		write_key("key.pem", key, NULL);
		write_cert("cert.pem", &pki_signer, key);
		assert_ok(open_signer("key.pem", "cert.pem", NULL, &signer));
		assert_signs(signer);
	}
}
END_TEST

START_TEST(key__an_encrypted_key_wants_its_passphrase)
{
	AXEV__PKEY *key = pki_pkey("p256");
	AXEV__SIGNER *signer = NULL;

	write_key("key.pem", key, "correct horse");
	write_cert("cert.pem", &pki_signer, key);
	assert_fails(open_signer("key.pem", "cert.pem", NULL, &signer), AXEV_E_PASSPHRASE,
		     about("key.pem", "the key is encrypted: a passphrase is needed"));
	assert_fails(open_signer("key.pem", "cert.pem", "wrong", &signer), AXEV_E_PASSPHRASE,
		     about("key.pem", "the passphrase does not open the key"));
	assert_fails(open_signer("key.pem", "cert.pem", "", &signer), AXEV_E_PASSPHRASE,
		     about("key.pem", "the passphrase does not open the key"));
	ck_assert_ptr_null(signer);
	assert_ok(open_signer("key.pem", "cert.pem", "correct horse", &signer));
	assert_signs(signer);
}
END_TEST

START_TEST(key__the_older_encrypted_pem_is_opened_too)
{
	AXEV__PKEY *key = pki_pkey("rsa3072-a");
	AXEV__SIGNER *signer = NULL;
	BIO *bio = BIO_new(BIO_s_mem());

	ck_assert(PEM_write_bio_PrivateKey_traditional(bio, key, EVP_aes_128_cbc(),
						       (const unsigned char *)"old", 3, NULL, NULL));
	write_bio("key.pem", bio);
	write_cert("cert.pem", &pki_signer, key);
	assert_fails(open_signer("key.pem", "cert.pem", NULL, &signer), AXEV_E_PASSPHRASE,
		     about("key.pem", "the key is encrypted: a passphrase is needed"));
	assert_ok(open_signer("key.pem", "cert.pem", "old", &signer));
	assert_signs(signer);
}
END_TEST

START_TEST(key__passphrases_have_a_limit)
{
	AXEV__FREE char *passphrase = malloc(AXEV__MAX_PASSPHRASE + 2);
	AXEV__PKEY *key = pki_pkey("p256");
	AXEV__SIGNER *signer = NULL;

	memset(passphrase, 'p', AXEV__MAX_PASSPHRASE + 1);
	passphrase[AXEV__MAX_PASSPHRASE + 1] = '\0';
	assert_fails(open_signer("key.pem", NULL, passphrase, &signer), AXEV_E_LIMIT,
		     "the passphrase is longer than 1024 bytes");
	passphrase[AXEV__MAX_PASSPHRASE] = '\0';
	write_key("key.pem", key, passphrase);
	write_cert("cert.pem", &pki_signer, key);
	assert_ok(open_signer("key.pem", "cert.pem", passphrase, &signer));
}
END_TEST

START_TEST(key__what_we_write_costs_a_guesser_600000_rounds_a_try)
{
	static const uint8_t rounds[] = { 0x02, 0x03, 0x09, 0x27, 0xC0 }; /* INTEGER 600000 */
	AXEV__KEY *key = NULL;
	AXEV__KEY *again = NULL;
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	char *name, *header;
	unsigned char *der;
	long size;
	BIO *bio;

	assert_ok(axev__key_generate(AXEV__KEY_EC_P256, 0, &key, &err));
	assert_ok(axev__key_to_pem(key, "secret", &pem, &err));
	bio = BIO_new_mem_buf(pem.data, (int)pem.size);
	ck_assert(PEM_read_bio(bio, &name, &header, &der, &size));
	ck_assert_str_eq(name, "ENCRYPTED PRIVATE KEY");
	ck_assert_ptr_nonnull(memmem(der, (size_t)size, rounds, sizeof(rounds)));
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(der);
	BIO_free(bio);
	assert_fails(axev__key_from_pem(axev__buf_view(&pem), "Secret", &again, &err), AXEV_E_PASSPHRASE,
		     "the passphrase does not open the key");
	assert_ok(axev__key_from_pem(axev__buf_view(&pem), "secret", &again, &err));
	ck_assert_int_eq(EVP_PKEY_eq(axev__key_pkey(key), axev__key_pkey(again)), 1);
}
END_TEST

START_TEST(key__files_that_hold_no_key_are_refused)
{
	AXEV__PKEY *key = pki_pkey("p256");
	AXEV__SIGNER *signer = NULL;

	write_cert("cert.pem", &pki_signer, key);
	ck_assert_int_eq(open_signer("cert.pem", NULL, NULL, &signer), AXEV_E_FORMAT);
	ck_assert_ptr_nonnull(strstr(err.message, "expected a private key in PEM"));
	ck_assert_int_eq(open_signer("none.pem", NULL, NULL, &signer), AXEV_E_NOTFOUND);
	assert_ok(axev__write_file_durable(AT_FDCWD, in_folder("empty"), axev__span("", 0), 0600, &err));
	ck_assert_int_eq(open_signer("empty", NULL, NULL, &signer), AXEV_E_FORMAT);
	write_key("key.pem", key, NULL);
	assert_fails(open_signer("key.pem", NULL, NULL, &signer), AXEV_E_FORMAT,
		     about("key.pem", "expected a PEM or DER certificate, found none"));
}
END_TEST

/* ---- kinds ---- */

START_TEST(key__weak_and_unknown_kinds_are_refused)
{
	static const struct {
		const char *key, *blamed, *text;
	} cases[] = {
		{ "rsa1024", "key.pem",
		  "expected a key of EC P-256, RSA (2048 to 8192 bits) or Ed25519, found RSA of 1024 bits" },
		{ "rsa2048", "cert.pem",
		  "expected a key of EC P-256 or RSA of 3072 bits or more, found RSA 2048" },
		{ "p384", "key.pem",
		  "expected a key of EC P-256, RSA (2048 to 8192 bits) or Ed25519, found EC of 384 bits" },
		{ "p256-explicit", "cert.pem",
		  "expected a key of EC P-256 or RSA of 3072 bits or more, found EC" },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		AXEV__PKEY *key = pki_pkey(cases[i].key);
		AXEV__SIGNER *signer = NULL;

		write_key("key.pem", key, NULL);
		write_cert("cert.pem", &pki_signer, key);
		assert_fails(open_signer("key.pem", "cert.pem", NULL, &signer), AXEV_E_CRYPTO,
			     about(cases[i].blamed, cases[i].text));
	}
}
END_TEST

START_TEST(key__ed25519_signs_no_evidence)
{
	AXEV__PKEY *key = pki_pkey("ed25519-a");
	AXEV__PKEY *other = pki_pkey("p256");
	AXEV__SIGNER *signer = NULL;

	write_key("key.pem", key, NULL);
	write_cert("cert.pem", &pki_signer, other);
	assert_fails(open_signer("key.pem", "cert.pem", NULL, &signer), AXEV_E_CRYPTO,
		     about("cert.pem", "the key is not that of the certificate"));
}
END_TEST

START_TEST(key__certificates_for_other_uses_are_refused)
{
	static const struct {
		const char *usage, *extended, *text;
	} cases[] = {
		{ "critical,keyEncipherment", NULL, "the certificate's key usage does not allow signatures" },
		{ "critical,digitalSignature", "serverAuth",
		  "the certificate's extended key usage is not for documents" },
		{ "critical,digitalSignature", "critical,timeStamping",
		  "the certificate's extended key usage is not for documents" },
		{ "critical,digitalSignature", "codeSigning,OCSPSigning",
		  "the certificate's extended key usage is not for documents" },
		{ "critical,digitalSignature", "serverAuth,clientAuth", NULL },
		{ "critical,nonRepudiation", "emailProtection", NULL },
		{ NULL, "1.3.6.1.5.5.7.3.36", NULL }, /* id-kp-documentSigning, RFC 9336 */
	};
	AXEV__PKEY *key = pki_pkey("p256");
	size_t i;

	write_key("key.pem", key, NULL);
	for (i = 0; i < AXEV__COUNT(cases); i++) {
		const struct pki_cert want = { .name = "TEST signer", .usage = cases[i].usage,
					       .extended = cases[i].extended };
		AXEV__SIGNER *signer = NULL;

		write_cert("cert.pem", &want, key);
		if (cases[i].text)
			assert_fails(open_signer("key.pem", "cert.pem", NULL, &signer), AXEV_E_CRYPTO,
				     about("cert.pem", cases[i].text));
		else
			assert_ok(open_signer("key.pem", "cert.pem", NULL, &signer));
	}
}
END_TEST

START_TEST(key__a_chain_is_the_signer_first_and_then_only_its_issuers)
{
	AXEV__PKEY *key = pki_pkey("p256");
	AXEV__PKEY *root_key = pki_pkey("rsa3072-b");
	AXEV__CERTS certs = { 0 };
	AXEV__BUF root = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF leaf = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__SIGNER *signer = NULL;

	pki_issue(&pki_root, root_key, axev__span("", 0), NULL, &root);
	pki_issue(&pki_signer, key, axev__buf_view(&root), root_key, &leaf);
	write_key("key.pem", key, NULL);
	assert_ok(axev__certs_add(&certs, axev__buf_view(&root), &err));
	assert_ok(axev__certs_add(&certs, axev__buf_view(&leaf), &err));
	assert_ok(axev__certs_to_pem(&certs, &pem, &err));
	assert_ok(axev__write_file_durable(AT_FDCWD, in_folder("cert.pem"), axev__buf_view(&pem), 0600,
					   &err));
	assert_fails(open_signer("key.pem", "cert.pem", NULL, &signer), AXEV_E_CRYPTO,
		     about("cert.pem", "expected the signer's certificate first and then only its issuers, "
				       "found 2 certificates of which 1 belong together"));
	axev__certs_free(&certs);
	axev__buf_clear(&pem);
	assert_ok(axev__certs_add(&certs, axev__buf_view(&leaf), &err));
	assert_ok(axev__certs_add(&certs, axev__buf_view(&root), &err));
	assert_ok(axev__certs_to_pem(&certs, &pem, &err));
	assert_ok(axev__write_file_durable(AT_FDCWD, in_folder("cert.pem"), axev__buf_view(&pem), 0600,
					   &err));
	assert_ok(open_signer("key.pem", "cert.pem", NULL, &signer));
	ck_assert_uint_eq(axev__signer_certs(signer)->count, 2);
}
END_TEST

/* ---- PKCS#12 ---- */

static void write_pkcs12(const char *name, const char *passphrase, EVP_PKEY *key, int key_nid, int cert_nid)
{
	AXEV__PKEY *root_key = pki_pkey("rsa3072-b");
	AXEV__BUF root = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF leaf = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__X509 *root_x509 = NULL;
	AXEV__X509 *leaf_x509 = NULL;
	STACK_OF(X509) *others = sk_X509_new_null();
	BIO *bio = BIO_new(BIO_s_mem());
	PKCS12 *file;

	pki_issue(&pki_root, root_key, axev__span("", 0), NULL, &root);
	pki_issue(&pki_signer, key, axev__buf_view(&root), root_key, &leaf);
	assert_ok(axev__x509_parse(axev__buf_view(&root), &root_x509, &err));
	assert_ok(axev__x509_parse(axev__buf_view(&leaf), &leaf_x509, &err));
	ck_assert(sk_X509_push(others, root_x509));
	file = PKCS12_create(passphrase, "TEST", key, leaf_x509, others, key_nid, cert_nid, 2048, 2048, 0);
	ck_assert_ptr_nonnull(file);
	ck_assert(i2d_PKCS12_bio(bio, file));
	PKCS12_free(file);
	sk_X509_free(others);
	write_bio(name, bio);
}

START_TEST(key__pkcs12_opens_with_its_passphrase_only)
{
	AXEV__PKEY *key = pki_pkey("p256");
	AXEV__SIGNER *signer = NULL;

	write_pkcs12("id.p12", "correct", key, 0, 0);
	assert_fails(open_signer("id.p12", NULL, NULL, &signer), AXEV_E_PASSPHRASE,
		     about("id.p12", "the PKCS#12 file is encrypted: a passphrase is needed"));
	assert_fails(open_signer("id.p12", NULL, "wrong", &signer), AXEV_E_PASSPHRASE,
		     about("id.p12", "the passphrase does not open the PKCS#12 file"));
	assert_ok(open_signer("id.p12", NULL, "correct", &signer));
	ck_assert_uint_eq(axev__signer_certs(signer)->count, 2);
	assert_signs(signer);
}
END_TEST

START_TEST(key__pkcs12_without_a_passphrase_opens_in_both_forms)
{
	AXEV__PKEY *key = pki_pkey("rsa3072-a");
	AXEV__SIGNER *none = NULL;
	AXEV__SIGNER *empty = NULL;

	write_pkcs12("id.p12", NULL, key, -1, -1);
	assert_ok(open_signer("id.p12", NULL, NULL, &none));
	assert_signs(none);
	write_pkcs12("id.p12", "", key, 0, 0);
	assert_ok(open_signer("id.p12", NULL, NULL, &empty));
	assert_signs(empty);
}
END_TEST

START_TEST(key__broken_pkcs12_is_refused)
{
	AXEV__PKEY *key = pki_pkey("p256");
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__KEY *read = NULL;
	AXEV__CERTS certs = { 0 };
	size_t i;

	write_pkcs12("id.p12", "p", key, 0, 0);
	assert_ok(axev__read_file(AT_FDCWD, in_folder("id.p12"), &bytes, &err));
	for (i = 0; i < bytes.size; i += 7)
		ck_assert_int_lt(axev__key_from_pkcs12(axev__span(bytes.data, i), "p", &read, &certs, &err),
				 0);
	assert_ok(axev__buf_byte(&bytes, 0, &err));
	assert_fails(axev__key_from_pkcs12(axev__buf_view(&bytes), "p", &read, &certs, &err), AXEV_E_FORMAT,
		     "bytes behind the PKCS#12 file");
	ck_assert_ptr_null(read);
	ck_assert_uint_eq(certs.count, 0);
}
END_TEST

START_TEST(key__pkcs12_with_a_weak_key_is_refused)
{
	AXEV__PKEY *key = pki_pkey("rsa2048");
	AXEV__SIGNER *signer = NULL;

	write_pkcs12("id.p12", "p", key, 0, 0);
	assert_fails(open_signer("id.p12", NULL, "p", &signer), AXEV_E_CRYPTO,
		     about("id.p12",
			   "expected a key of EC P-256 or RSA of 3072 bits or more, found RSA 2048"));
}
END_TEST

/* ---- keys elsewhere ---- */

struct elsewhere {
	struct axev__key *key;
	int mode; /* 0 honest, 1 fails, 2 signs something else, 3 empty, 4 too long */
};

static int sign_elsewhere(void *payload, const uint8_t *tbs, size_t tbs_bytes, uint8_t *signature,
			  size_t *signature_bytes, axev_error *problem)
{
	struct elsewhere *elsewhere = payload;
	AXEV__BUF out = AXEV__BUF_INIT(2048);

	if (elsewhere->mode == 1)
		return axev__fail(problem, AXEV_E_IO, "the card was taken out");
	if (elsewhere->mode == 3 || elsewhere->mode == 4) {
		*signature_bytes = elsewhere->mode == 3 ? 0 : *signature_bytes + 1;
		return 0;
	}
	if (axev__key_sign(elsewhere->key, axev__span(tbs, tbs_bytes - (elsewhere->mode == 2)), &out,
			   problem) < 0)
		return -1;
	ck_assert_uint_le(out.size, *signature_bytes);
	memcpy(signature, out.data, out.size);
	*signature_bytes = out.size;
	return 0;
}

START_TEST(key__a_callback_signs_and_what_it_gives_is_checked)
{
	static const char *const keys[] = { "p256", "rsa3072-a" };
	static const struct {
		int mode, status;
		const char *text;
	} cases[] = {
		{ 1, AXEV_E_IO, "the card was taken out" },
		{ 2, AXEV_E_CRYPTO, "the signing callback gave a signature that does not verify" },
		{ 3, AXEV_E_CRYPTO, "the signing callback gave 0 bytes" },
		{ 4, AXEV_E_CRYPTO, "the signing callback gave 1025 bytes" },
	};
	size_t i, k;

	for (k = 0; k < AXEV__COUNT(keys); k++) {
		AXEV__PKEY *key = pki_pkey(keys[k]);
		AXEV__KEY *owned = pki_key(keys[k]);
		AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
		AXEV__BUF signature = AXEV__BUF_INIT(2048);
		AXEV__SIGNER *signer = NULL;
		struct elsewhere elsewhere = { owned, 0 };

		write_cert("cert.pem", &pki_signer, key);
		assert_ok(axev__read_file(AT_FDCWD, in_folder("cert.pem"), &pem, &err));
		assert_ok(axev_signer_new_callback((char *)pem.data, pem.size, sign_elsewhere, &elsewhere,
						   &signer, &err));
		assert_signs(signer);
		for (i = 0; i < AXEV__COUNT(cases); i++) {
			elsewhere.mode = cases[i].mode;
			assert_fails(axev__signer_sign(signer, axev__span_str("tbs"), &signature, &err),
				     cases[i].status, cases[i].text);
			ck_assert_uint_eq(signature.size, 0);
		}
	}
}
END_TEST

START_TEST(key__a_callback_s_certificate_is_held_to_the_same_rules)
{
	AXEV__PKEY *key = pki_pkey("rsa2048");
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__SIGNER *signer = NULL;

	write_cert("cert.pem", &pki_signer, key);
	assert_ok(axev__read_file(AT_FDCWD, in_folder("cert.pem"), &pem, &err));
	assert_fails(axev_signer_new_callback((char *)pem.data, pem.size, sign_elsewhere, NULL, &signer,
					      &err),
		     AXEV_E_CRYPTO,
		     "expected a key of EC P-256 or RSA of 3072 bits or more, found RSA 2048");
	assert_fails(axev_signer_new_callback(NULL, 0, sign_elsewhere, NULL, &signer, &err), AXEV_E_INVAL,
		     "certificate, callback and result are required");
}
END_TEST

START_TEST(key__a_certificate_with_a_key_of_an_unknown_kind_is_refused)
{
	AXEV__PKEY *key = pki_pkey("p256");
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__SIGNER *signer = NULL;

	pki_issue(&pki_signer, key, axev__span("", 0), NULL, &der);
	pki_unknown_key(&der);
	assert_fails(axev_signer_new_callback((char *)der.data, der.size, sign_elsewhere, NULL, &signer, &err),
		     AXEV_E_CRYPTO, "expected a key of EC P-256 or RSA of 3072 bits or more, found unknown");
}
END_TEST

START_TEST(key__the_fingerprint_is_that_of_the_certificate)
{
	AXEV__PKEY *key = pki_pkey("p256");
	AXEV__CERTS certs = { 0 };
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__SIGNER *signer = NULL;
	struct axev__cert_info info;
	axev_id fingerprint;

	write_key("key.pem", key, NULL);
	write_cert("cert.pem", &pki_signer, key);
	assert_ok(open_signer("key.pem", "cert.pem", NULL, &signer));
	assert_ok(axev_signer_fingerprint(signer, &fingerprint, &err));
	assert_ok(axev__read_file(AT_FDCWD, in_folder("cert.pem"), &pem, &err));
	assert_ok(axev__certs_read(axev__buf_view(&pem), &certs, &err));
	assert_ok(axev__cert_info(axev__cert_at(&certs, 0), &info, &err));
	ck_assert_mem_eq(fingerprint.bytes, info.sha256, 32);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("key");
	TCase *tcase = tcase_create("key");

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, make_folder, remove_folder);
	tcase_add_test(tcase, key__a_pem_key_with_its_certificate_signs);
	tcase_add_test(tcase, key__an_encrypted_key_wants_its_passphrase);
	tcase_add_test(tcase, key__the_older_encrypted_pem_is_opened_too);
	tcase_add_test(tcase, key__passphrases_have_a_limit);
	tcase_add_test(tcase, key__what_we_write_costs_a_guesser_600000_rounds_a_try);
	tcase_add_test(tcase, key__files_that_hold_no_key_are_refused);
	tcase_add_test(tcase, key__weak_and_unknown_kinds_are_refused);
	tcase_add_test(tcase, key__ed25519_signs_no_evidence);
	tcase_add_test(tcase, key__certificates_for_other_uses_are_refused);
	tcase_add_test(tcase, key__a_chain_is_the_signer_first_and_then_only_its_issuers);
	tcase_add_test(tcase, key__pkcs12_opens_with_its_passphrase_only);
	tcase_add_test(tcase, key__pkcs12_without_a_passphrase_opens_in_both_forms);
	tcase_add_test(tcase, key__broken_pkcs12_is_refused);
	tcase_add_test(tcase, key__pkcs12_with_a_weak_key_is_refused);
	tcase_add_test(tcase, key__a_callback_signs_and_what_it_gives_is_checked);
	tcase_add_test(tcase, key__a_callback_s_certificate_is_held_to_the_same_rules);
	tcase_add_test(tcase, key__a_certificate_with_a_key_of_an_unknown_kind_is_refused);
	tcase_add_test(tcase, key__the_fingerprint_is_that_of_the_certificate);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
