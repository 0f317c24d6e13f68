/* SPDX-License-Identifier: Apache-2.0 */
#include "support_pki.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/io.h"
#include "base/text.h"
#include "base/time.h"
#include "crypto/digest.h"

static axev_error err;

void pki_read(const char *name, struct axev__buf *out)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", getenv("AXEV_TEST_DATA"), name);
	assert_ok(axev__read_file(AT_FDCWD, path, out, &err));
}

EVP_PKEY *pki_pkey(const char *name)
{
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	EVP_PKEY *pkey;
	char path[256];
	BIO *bio;

	snprintf(path, sizeof(path), "keys/TEST-%s.pem", name);
	pki_read(path, &pem);
	bio = BIO_new_mem_buf(pem.data, (int)pem.size);
	pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	ck_assert_ptr_nonnull(pkey);
	BIO_free(bio);
	return pkey;
}

struct axev__key *pki_key(const char *name)
{
	struct axev__key *key = NULL;

	assert_ok(axev__key_wrap(pki_pkey(name), &key, &err));
	return key;
}

void pki_unhex(const char *hex, struct axev__buf *out)
{
	AXEV__FREE uint8_t *bytes = malloc(strlen(hex) / 2 + 1);

	ck_assert(axev__unhex(bytes, strlen(hex) / 2, axev__span_str(hex)));
	assert_ok(axev__buf_append(out, bytes, strlen(hex) / 2, &err));
}

/* ---- certificates ---- */

const struct pki_cert pki_root = { .name = "TEST root",
				   .basic = "critical,CA:TRUE",
				   .usage = "critical,keyCertSign,cRLSign" };
const struct pki_cert pki_signer = { .name = "TEST signer",
				     .basic = "critical,CA:FALSE",
				     .usage = "critical,digitalSignature,nonRepudiation" };
const struct pki_cert pki_authority = { .name = "TEST authority",
					.basic = "critical,CA:FALSE",
					.usage = "critical,digitalSignature",
					.extended = "critical,timeStamping" };

static void extend(X509 *x509, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	if (!value)
		return;
	X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	ck_assert_msg(extension && X509_add_ext(x509, extension, -1), "extension %s", value);
	X509_EXTENSION_free(extension);
}

static void extend_other(X509 *x509, const char *value)
{
	X509_EXTENSION *extension;

	if (!value)
		return;
	extension = X509V3_EXT_conf(NULL, NULL, "1.2.3.4", value);
	ck_assert_msg(extension && X509_add_ext(x509, extension, -1), "extension %s", value);
	X509_EXTENSION_free(extension);
}

static void name_and_date(X509 *x509, const struct pki_cert *want, long serial)
{
	X509_NAME *name = X509_get_subject_name(x509);

	ck_assert(X509_set_version(x509, X509_VERSION_3));
	ck_assert(ASN1_INTEGER_set(X509_get_serialNumber(x509), want->serial ? want->serial : serial));
	ck_assert(X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
					     (const unsigned char *)want->name, -1, -1, 0));
	ck_assert(ASN1_TIME_set_string_X509(X509_getm_notBefore(x509),
					    want->from ? want->from : "20260101000000Z"));
	ck_assert(ASN1_TIME_set_string_X509(X509_getm_notAfter(x509),
					    want->until ? want->until : "20350101000000Z"));
}

void pki_issue(const struct pki_cert *want, EVP_PKEY *key, struct axev__span issuer,
	       EVP_PKEY *issuer_key, struct axev__buf *ret_der)
{
	AXEV__X509 *x509 = X509_new();
	AXEV__X509 *by = NULL;
	unsigned char *der = NULL;
	int size;

	if (issuer.size)
		assert_ok(axev__x509_parse(issuer, &by, &err));
	name_and_date(x509, want, by ? 2 : 1);
	ck_assert(X509_set_pubkey(x509, key));
	ck_assert(X509_set_issuer_name(x509, X509_get_subject_name(by ? by : x509)));
	extend(x509, by ? by : x509, NID_basic_constraints, want->basic);
	extend(x509, by ? by : x509, NID_key_usage, want->usage);
	extend(x509, by ? by : x509, NID_ext_key_usage, want->extended);
	extend(x509, by ? by : x509, NID_subject_alt_name, want->names);
	extend_other(x509, want->other);
	extend(x509, by ? by : x509, NID_subject_key_identifier, "hash");
	ck_assert_int_gt(X509_sign(x509, issuer.size ? issuer_key : key,
				   EVP_get_digestbyname(want->digest ? want->digest : "SHA256")),
			 0);
	size = i2d_X509(x509, &der);
	ck_assert_int_gt(size, 0);
	assert_ok(axev__buf_append(ret_der, der, (size_t)size, &err));
	OPENSSL_free(der);
}

void pki_unknown_key(struct axev__buf *der)
{
	/* id-ecPublicKey becomes 1.2.840.10045.2.127, which nobody has given a meaning. */
	uint8_t *oid = memmem(der->data, der->size, "\x2A\x86\x48\xCE\x3D\x02\x01", 7);

	ck_assert_ptr_nonnull(oid);
	oid[6] = 0x7F;
}

/* ---- an authority ---- */

void pki_tsa_new(const struct pki_cert *want, const char *key, struct pki_tsa *ret_tsa)
{
	AXEV__BUF root = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF leaf = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	memset(ret_tsa, 0, sizeof(*ret_tsa));
	ret_tsa->key = pki_pkey(key ? key : "p256");
	ret_tsa->root_key = EVP_EC_gen("P-256");
	pki_issue(&pki_root, ret_tsa->root_key, axev__span("", 0), NULL, &root);
	pki_issue(want ? want : &pki_authority, ret_tsa->key, axev__buf_view(&root),
		  ret_tsa->root_key, &leaf);
	assert_ok(axev__certs_add(&ret_tsa->certs, axev__buf_view(&leaf), &err));
	assert_ok(axev__certs_add(&ret_tsa->certs, axev__buf_view(&root), &err));
	assert_ok(axev__certs_add(&ret_tsa->roots, axev__buf_view(&root), &err));
}

void pki_tsa_free(struct pki_tsa *tsa)
{
	EVP_PKEY_free(tsa->root_key);
	EVP_PKEY_free(tsa->key);
	axev__certs_free(&tsa->certs);
	axev__certs_free(&tsa->roots);
}

/* ---- tokens ---- */

static void put_imprint(const struct pki_token *want, struct axev__buf *out)
{
	AXEV__BUF body = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	if (want->imprint_algorithm)
		pki_unhex(want->imprint_algorithm, &body);
	else
		assert_ok(axev__buf_span(&body, axev__cms_digest_by_size(32)->algorithm, &err));
	assert_ok(axev__der_put(&body, AXEV__DER_OCTET_STRING, axev__span(want->imprint, 32), &err));
	assert_ok(axev__der_put(out, AXEV__DER_SEQUENCE, axev__buf_view(&body), &err));
}

static void put_info(const struct pki_token *want, struct axev__buf *out)
{
	AXEV__BUF body = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	char time[AXEV__GENERALIZED_SIZE];

	axev__generalized_time(time, PKI_NOW);
	assert_ok(axev__der_put_small(&body, want->version ? (unsigned)want->version : 1, &err));
	pki_unhex("06042a030405", &body); /* policy 1.2.3.4.5 */
	put_imprint(want, &body);
	assert_ok(axev__der_put_small(&body, 7, &err));
	assert_ok(axev__der_put(&body, AXEV__DER_GENERALIZED_TIME,
				axev__span_str(want->gen_time ? want->gen_time : time), &err));
	if (want->accuracy)
		pki_unhex(want->accuracy, &body);
	if (want->nonce)
		assert_ok(axev__der_put_small(&body, want->nonce, &err));
	if (want->extensions)
		pki_unhex(want->extensions, &body);
	assert_ok(axev__der_put(out, AXEV__DER_SEQUENCE, axev__buf_view(&body), &err));
}

/* SigningCertificate(V2) { { { hash } } } */
static void put_ess(const struct pki_token *want, struct axev__buf *out)
{
	AXEV__BUF oid = AXEV__BUF_INIT(100);
	AXEV__BUF id = AXEV__BUF_INIT(200);
	AXEV__BUF value = AXEV__BUF_INIT(200);
	struct axev__span cert = axev__cert_at(&want->tsa->certs, want->ess_of_root);
	uint8_t hash[32];
	int layer;

	if (want->ess_sha1)
		ck_assert(EVP_Digest(cert.data, cert.size, hash, NULL, EVP_sha1(), NULL));
	else
		assert_ok(axev__sha256(cert.data, cert.size, hash, &err));
	assert_ok(axev__der_put(&value, AXEV__DER_OCTET_STRING,
				axev__span(hash, want->ess_sha1 ? 20 : 32), &err));
	for (layer = 0; layer < 3; layer++) {
		axev__buf_clear(&id);
		assert_ok(axev__buf_span(&id, axev__buf_view(&value), &err));
		axev__buf_clear(&value);
		assert_ok(axev__der_put(&value, AXEV__DER_SEQUENCE, axev__buf_view(&id), &err));
	}
	pki_unhex(want->ess_oid ? want->ess_oid : "060b2a864886f70d010910022f", &oid);
	assert_ok(axev__cms_put_attribute(out, axev__buf_view(&oid), axev__buf_view(&value), &err));
}

static void put_attributes(const struct pki_token *want, struct axev__span info,
			   const struct axev__cms_digest *digest, struct axev__buf *out)
{
	AXEV__BUF value = AXEV__BUF_INIT(200);
	AXEV__BUF type = AXEV__BUF_INIT(200);
	AXEV__BUF message_digest = AXEV__BUF_INIT(200);
	AXEV__BUF ess = AXEV__BUF_INIT(200);
	AXEV__BUF more = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span elements[4];
	uint8_t hash[64];

	assert_ok(axev__cms_digest_compute(digest, info, hash, &err));
	assert_ok(axev__cms_put_attribute(&type, axev__oid_content_type, axev__oid_tst_info, &err));
	assert_ok(axev__der_put(&value, AXEV__DER_OCTET_STRING, axev__span(hash, digest->size), &err));
	assert_ok(axev__cms_put_attribute(&message_digest, axev__oid_message_digest,
					  axev__buf_view(&value), &err));
	put_ess(want, &ess);
	if (want->more_attribute)
		pki_unhex(want->more_attribute, &more);
	elements[0] = axev__buf_view(&type);
	elements[1] = axev__buf_view(&message_digest);
	elements[2] = axev__buf_view(&ess);
	elements[3] = axev__buf_view(&more);
	assert_ok(axev__der_put_set_of(out, AXEV__DER_SET, elements, more.size ? 4 : 3, &err));
}

static void sign(EVP_PKEY *key, const struct axev__cms_digest *digest,
		 struct axev__span tbs, struct axev__buf *out)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t signature[1024];
	size_t size = sizeof(signature);

	ck_assert(EVP_DigestSignInit_ex(context, NULL, digest->name, NULL, NULL, key, NULL));
	ck_assert(EVP_DigestSign(context, signature, &size, tbs.data, tbs.size));
	EVP_MD_CTX_free(context);
	assert_ok(axev__buf_append(out, signature, size, &err));
}

void pki_token(const struct pki_token *want, struct axev__buf *ret_der)
{
	static const struct axev__certs none = { 0 };
	AXEV__BUF info = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF attributes = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF signature = AXEV__BUF_INIT(1024);
	AXEV__BUF digest = AXEV__BUF_INIT(100);
	AXEV__BUF algorithm = AXEV__BUF_INIT(100);
	struct axev__cms_parts parts = {
		.version = 3,
		.content_type = axev__oid_tst_info,
		.signer = axev__cert_at(&want->tsa->certs, 0),
		.certs = want->without_certs ? &none : want->certs ? want->certs : &want->tsa->certs,
		.digest = axev__cms_digest_by_size(want->digest_bytes ? want->digest_bytes : 32),
	};

	if (want->protected_digest) {
		pki_unhex(want->protected_digest, &digest);
		pki_unhex(want->protected_signature, &algorithm);
		parts.protected_digest = axev__buf_view(&digest);
		parts.protected_signature = axev__buf_view(&algorithm);
	}
	put_info(want, &info);
	put_attributes(want, axev__buf_view(&info), parts.digest, &attributes);
	sign(want->tsa->key, parts.digest, axev__buf_view(&attributes), &signature);
	parts.content = axev__buf_view(&info);
	parts.signed_attributes = axev__buf_view(&attributes);
	parts.signature = axev__buf_view(&signature);
	assert_ok(axev__cms_write(&parts, ret_der, &err));
}

void pki_response(unsigned status, struct axev__span token, struct axev__buf *ret_der)
{
	const uint8_t info[] = { AXEV__DER_SEQUENCE, 3, AXEV__DER_INTEGER, 1, (uint8_t)status };
	struct axev__span parts[2] = { { info, sizeof(info) }, token };

	assert_ok(axev__der_put_parts(ret_der, AXEV__DER_SEQUENCE, parts, 2, &err));
}
