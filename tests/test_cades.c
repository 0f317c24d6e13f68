/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures: one form in and out, and the ways in which verifiers of CMS have been deceived. Where OpenSSL's CMS_verify
 * takes what is refused here, the test says so beside it.
 */
#include "support_pki.h"

#include <openssl/cms.h>
#include <openssl/err.h>

#include "base/time.h"
#include "crypto/digest.h"

#define CONTENT "<asic/>\n"

static axev_error err;
static uint8_t content_sha256[32];

/* One signer: a root, a certificate under it, and what was signed. */
struct made {
	EVP_PKEY *key;
	struct axev__certs certs;
	struct axev__buf attributes, signature, p7s;
};

static void made_free(struct made *made)
{
	EVP_PKEY_free(made->key);
	axev__certs_free(&made->certs);
	axev__buf_free(&made->attributes);
	axev__buf_free(&made->signature);
	axev__buf_free(&made->p7s);
}
#define MADE AXEV__CLEANUP(made_free) struct made

static void sign_raw(EVP_PKEY *key, struct axev__span tbs, struct axev__buf *out)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t signature[1024];
	size_t size = sizeof(signature);

	ck_assert(EVP_DigestSignInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL));
	ck_assert(EVP_DigestSign(context, signature, &size, tbs.data, tbs.size));
	EVP_MD_CTX_free(context);
	assert_ok(axev__buf_append(out, signature, size, &err));
}

static void begin(const char *key_name, struct made *made)
{
	AXEV__PKEY *root_key = pki_pkey("rsa3072-b");
	AXEV__BUF root = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF leaf = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	memset(made, 0, sizeof(*made));
	made->attributes.max = made->signature.max = made->p7s.max = AXEV__MAX_DER_BYTES;
	made->key = pki_pkey(key_name);
	pki_issue(&pki_root, root_key, axev__span("", 0), NULL, &root);
	pki_issue(&pki_signer, made->key, axev__buf_view(&root), root_key, &leaf);
	assert_ok(axev__certs_add(&made->certs, axev__buf_view(&leaf), &err));
	assert_ok(axev__certs_add(&made->certs, axev__buf_view(&root), &err));
	assert_ok(axev__sha256(CONTENT, strlen(CONTENT), content_sha256, &err));
}

/* Sign made->attributes and put the p7s together. */
static void finish(struct made *made)
{
	sign_raw(made->key, axev__buf_view(&made->attributes), &made->signature);
	assert_ok(axev__cades_assemble(&made->certs, axev__buf_view(&made->attributes),
				       axev__buf_view(&made->signature), axev__span("", 0), &made->p7s,
				       &err));
}

static void make(const char *key_name, struct made *made)
{
	begin(key_name, made);
	assert_ok(axev__cades_tbs(axev__cert_at(&made->certs, 0), content_sha256, PKI_NOW,
				  &made->attributes, &err));
	finish(made);
}

static int check(struct axev__span p7s)
{
	AXEV__CADES cades = { 0 };

	memset(&err, 0, sizeof(err));
	TRY(axev__cades_parse(p7s, &cades, &err));
	return axev__cades_check(&cades, content_sha256, &err);
}

/* What `openssl cms -verify -binary [-cades] -purpose any -CAfile root` says of @content. */
static bool openssl_accepts(struct axev__span p7s, struct axev__span content, const struct made *made,
			    unsigned flags)
{
	const unsigned char *in = p7s.data;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &in, (long)p7s.size);
	BIO *bio = BIO_new_mem_buf(content.data, (int)content.size);
	X509_STORE *store = X509_STORE_new();
	AXEV__X509 *root = NULL;
	bool is_accepted;

	ck_assert_ptr_nonnull(cms);
	assert_ok(axev__x509_parse(axev__cert_at(&made->certs, 1), &root, &err));
	ck_assert(X509_STORE_add_cert(store, root));
	ck_assert(X509_STORE_set_purpose(store, X509_PURPOSE_ANY));
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), PKI_NOW / AXEV__NS_PER_SECOND);
	is_accepted = CMS_verify(cms, NULL, store, bio, NULL, CMS_BINARY | flags) == 1;
	ERR_clear_error();
	X509_STORE_free(store);
	BIO_free(bio);
	CMS_ContentInfo_free(cms);
	return is_accepted;
}

#define CONTENT_SPAN axev__span(CONTENT, strlen(CONTENT))

/* ---- taking a p7s apart and putting it together otherwise ---- */

struct pieces {
	struct axev__span body[6]; /* version, digestAlgorithms, encapContentInfo, certificates, signerInfos */
	size_t body_count;
	struct axev__span signer[8]; /* version, sid, digest, signedAttrs, algorithm, signature, unsigned */
	size_t signer_count;
	unsigned signers; /* how many SignerInfos: 1 */
};

static void list(struct axev__der *der, struct axev__span *out, size_t *ret_count)
{
	for (*ret_count = 0; !axev__der_done(der); (*ret_count)++)
		assert_ok(axev__der_take(der, axev__der_peek(der), NULL, &out[*ret_count], "piece", &err));
}

static void take_apart(struct axev__span p7s, struct pieces *pieces)
{
	struct axev__der top = axev__der_open(p7s), info, wrapped, body, set, signer;

	assert_ok(axev__der_enter(&top, AXEV__DER_SEQUENCE, &info, "", &err));
	assert_ok(axev__der_take(&info, AXEV__DER_OID, NULL, NULL, "", &err));
	assert_ok(axev__der_enter(&info, AXEV__DER_CONTEXT_0, &wrapped, "", &err));
	assert_ok(axev__der_enter(&wrapped, AXEV__DER_SEQUENCE, &body, "", &err));
	list(&body, pieces->body, &pieces->body_count);
	ck_assert_uint_eq(pieces->body_count, 5);
	set = axev__der_open(pieces->body[4]);
	assert_ok(axev__der_enter(&set, AXEV__DER_SET, &set, "", &err));
	assert_ok(axev__der_enter(&set, AXEV__DER_SEQUENCE, &signer, "", &err));
	list(&signer, pieces->signer, &pieces->signer_count);
	pieces->signers = 1;
}

static void put_together(const struct pieces *pieces, struct axev__buf *out)
{
	AXEV__BUF signer = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF set = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF body = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF wrapped = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span list_[6], outer[2] = { axev__oid_signed_data }, signers[2];
	size_t i;

	assert_ok(axev__der_put_parts(&signer, AXEV__DER_SEQUENCE, pieces->signer, pieces->signer_count,
				      &err));
	signers[0] = signers[1] = axev__buf_view(&signer);
	assert_ok(axev__der_put_parts(&set, AXEV__DER_SET, signers, pieces->signers, &err));
	for (i = 0; i < 4; i++)
		list_[i] = pieces->body[i];
	list_[4] = axev__buf_view(&set);
	assert_ok(axev__der_put_parts(&body, AXEV__DER_SEQUENCE, list_, 5, &err));
	assert_ok(axev__der_put(&wrapped, AXEV__DER_CONTEXT_0, axev__buf_view(&body), &err));
	outer[1] = axev__buf_view(&wrapped);
	assert_ok(axev__der_put_parts(out, AXEV__DER_SEQUENCE, outer, 2, &err));
}

/* ---- the form ---- */

START_TEST(cades__what_is_assembled_is_parsed_and_checked)
{
	static const char *const keys[] = { "p256", "rsa3072-a" };
	size_t i;

	for (i = 0; i < AXEV__COUNT(keys); i++) {
		MADE made = { 0 };
		AXEV__CADES cades = { 0 };

		make(keys[i], &made);
		assert_ok(axev__cades_parse(axev__buf_view(&made.p7s), &cades, &err));
		assert_ok(axev__cades_check(&cades, content_sha256, &err));
		ck_assert_int_eq(cades.claimed_time_ns, PKI_NOW);
		ck_assert_mem_eq(cades.message_digest, content_sha256, 32);
		ck_assert_uint_eq(cades.certs.count, 2);
		ck_assert_uint_eq(cades.token.size, 0);
		ck_assert(openssl_accepts(axev__buf_view(&made.p7s), CONTENT_SPAN, &made, CMS_CADES));
	}
}
END_TEST

/* To-be-signed bytes out, signature in: the key may be on another machine, in another hand. */
START_TEST(cades__signing_in_two_steps_gives_the_same_p7s)
{
	MADE made = { 0 };
	AXEV__BUF tbs = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF signature = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF p7s = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	make("rsa3072-a", &made);
	assert_ok(axev__cades_tbs(axev__cert_at(&made.certs, 0), content_sha256, PKI_NOW, &tbs, &err));
	sign_raw(made.key, axev__buf_view(&tbs), &signature);
	assert_ok(axev__cades_assemble(&made.certs, axev__buf_view(&tbs), axev__buf_view(&signature),
				       axev__span("", 0), &p7s, &err));
	ck_assert_uint_eq(p7s.size, made.p7s.size);
	ck_assert_mem_eq(p7s.data, made.p7s.data, p7s.size);
}
END_TEST

START_TEST(cades__a_signature_of_another_key_is_found)
{
	MADE made = { 0 };
	MADE other = { 0 };
	AXEV__BUF p7s = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	make("rsa3072-a", &made);
	make("rsa3072-b", &other);
	assert_ok(axev__cades_assemble(&made.certs, axev__buf_view(&made.attributes),
				       axev__buf_view(&other.signature), axev__span("", 0), &p7s, &err));
	ck_assert_int_eq(check(axev__buf_view(&p7s)), AXEV_E_INVALID);
	ck_assert_ptr_nonnull(strstr(err.message, "the signature was not made by the certificate's key over "
						  "these bytes"));
}
END_TEST

START_TEST(cades__every_changed_bit_is_refused)
{
	static const char *const keys[] = { "p256", "rsa3072-a" };
	size_t i, k, first;
	uint8_t *root;
	int bit;

	for (k = 0; k < AXEV__COUNT(keys); k++) {
		MADE made = { 0 };

		make(keys[k], &made);
		/* The root stands in it for others to build a path; the manifest binds it, not the signature. */
		root = memmem(made.p7s.data, made.p7s.size, made.certs.items[1].data,
			      made.certs.items[1].size);
		ck_assert_ptr_nonnull(root);
		first = (size_t)(root - made.p7s.data);
		for (i = 0; i < made.p7s.size; i++)
			/* RSA differs in what is flipped, not in how it is found: one bit of each byte. */
			for (bit = k ? (int)(i % 8) : 0; bit < (k ? (int)(i % 8) + 1 : 8); bit++) {
				made.p7s.data[i] ^= (uint8_t)(1 << bit);
				if (i < first || i >= first + made.certs.items[1].size) {
					ck_assert_msg(check(axev__buf_view(&made.p7s)) < 0,
						      "%s: byte %zu bit %d", keys[k], i, bit);
					ck_assert_str_ne(err.message, "");
				}
				made.p7s.data[i] ^= (uint8_t)(1 << bit);
			}
		assert_ok(check(axev__buf_view(&made.p7s)));
	}
}
END_TEST

START_TEST(cades__every_cut_is_refused)
{
	MADE made = { 0 };
	size_t i;

	make("p256", &made);
	for (i = 0; i < made.p7s.size; i++)
		ck_assert_int_eq(check(axev__span(made.p7s.data, i)), AXEV_E_FORMAT);
}
END_TEST

START_TEST(cades__a_certificate_that_does_not_belong_is_refused)
{
	MADE made = { 0 };
	MADE other = { 0 };

	make("p256", &made);
	make("rsa3072-a", &other);
	assert_ok(axev__certs_add(&made.certs, axev__cert_at(&other.certs, 0), &err));
	axev__buf_clear(&made.p7s);
	axev__buf_clear(&made.signature);
	finish(&made);
	assert_fails(check(axev__buf_view(&made.p7s)), AXEV_E_FORMAT,
		     "expected one certificate of the signer, found 2");
	/* One with a serial number of its own does not lie on the path. */
	axev__certs_free(&made.certs);
	made_free(&other);
	begin("p256", &other);
	made.certs = other.certs;
	other.certs = (struct axev__certs){ 0 };
	{
		AXEV__PKEY *stray_key = pki_pkey("rsa3072-a");
		AXEV__BUF stray = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

		pki_issue(&pki_signer, stray_key, axev__span("", 0), NULL, &stray);
		assert_ok(axev__certs_add(&made.certs, axev__buf_view(&stray), &err));
	}
	axev__buf_clear(&made.p7s);
	axev__buf_clear(&made.signature);
	axev__buf_clear(&made.attributes);
	assert_ok(axev__cades_tbs(axev__cert_at(&made.certs, 0), content_sha256, PKI_NOW,
				  &made.attributes, &err));
	finish(&made);
	assert_fails(check(axev__buf_view(&made.p7s)), AXEV_E_FORMAT,
		     "a certificate does not belong to the signer's chain");
}
END_TEST

/* ---- signed attributes ---- */

static void put_time(const char *hex, struct axev__buf *out)
{
	AXEV__BUF value = AXEV__BUF_INIT(100);

	pki_unhex(hex, &value);
	assert_ok(axev__cms_put_attribute(out, axev__oid_signing_time, axev__buf_view(&value), &err));
}

/* The honest attributes, each as bytes, in DER order: contentType, signingTime, messageDigest, the certificate. */
static void honest_attributes(const struct made *made, struct axev__buf *set, struct axev__span out[4])
{
	struct axev__der der;
	size_t count;

	assert_ok(axev__cades_tbs(axev__cert_at(&made->certs, 0), content_sha256, PKI_NOW, set, &err));
	der = axev__der_open(axev__buf_view(set));
	assert_ok(axev__der_enter(&der, AXEV__DER_SET, &der, "", &err));
	list(&der, out, &count);
	ck_assert_uint_eq(count, 4);
}

/* Signed with these attributes, in this order. */
static int check_attributes(struct made *made, const struct axev__span *list_, size_t count)
{
	axev__buf_clear(&made->attributes);
	axev__buf_clear(&made->signature);
	axev__buf_clear(&made->p7s);
	assert_ok(axev__der_put_parts(&made->attributes, AXEV__DER_SET, list_, count, &err));
	finish(made);
	return check(axev__buf_view(&made->p7s));
}

#define NEEDED \
	"expected contentType, messageDigest and signing-certificate-v2 among the signed attributes"
#define EXACTLY \
	"expected as signed attributes contentType id-data, signingTime, a SHA-256 messageDigest and " \
	"signing-certificate-v2, and no others"

START_TEST(cades__signed_attributes_are_exactly_four_in_der_order)
{
	MADE made = { 0 };
	AXEV__BUF set = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF more = AXEV__BUF_INIT(100);
	AXEV__BUF type = AXEV__BUF_INIT(100);
	struct axev__span all[4], some[5];
	int i, k, count;

	begin("p256", &made);
	honest_attributes(&made, &set, all);
	assert_ok(check_attributes(&made, all, 4));
	for (i = 0; i < 4; i++) {
		for (k = count = 0; k < 4; k++)
			if (k != i)
				some[count++] = all[k];
		ck_assert_int_eq(check_attributes(&made, some, 3), AXEV_E_FORMAT);
		ck_assert_msg(strcmp(err.message, NEEDED) == 0 || strcmp(err.message, EXACTLY) == 0, "%s",
			      err.message);
	}
	some[0] = all[1];
	some[1] = all[0];
	some[2] = all[2];
	some[3] = all[3];
	assert_fails(check_attributes(&made, some, 4), AXEV_E_FORMAT,
		     "the signed attributes are not in DER order");
	/* The same attribute twice, equal and different. */
	some[0] = some[1] = all[0];
	assert_fails(check_attributes(&made, some, 4), AXEV_E_FORMAT,
		     "a signed attribute stands there twice");
	put_time("170d3236303932313134313332315a", &more);
	some[0] = all[0];
	some[1] = axev__span_compare(all[1], axev__buf_view(&more)) < 0 ? all[1] : axev__buf_view(&more);
	some[2] = axev__span_equal(some[1], all[1]) ? axev__buf_view(&more) : all[1];
	some[3] = all[2];
	some[4] = all[3];
	assert_fails(check_attributes(&made, some, 5), AXEV_E_FORMAT,
		     "a signed attribute stands there twice");
	/* One that is not known; contentType of something else. */
	axev__buf_clear(&more);
	pki_unhex("300906032a030431020500", &more);
	some[0] = axev__buf_view(&more);
	memcpy(some + 1, all, sizeof(all));
	assert_fails(check_attributes(&made, some, 5), AXEV_E_FORMAT, EXACTLY);
	assert_ok(axev__cms_put_attribute(&type, axev__oid_content_type, axev__oid_tst_info, &err));
	memcpy(some, all, sizeof(all));
	some[0] = axev__buf_view(&type);
	assert_fails(check_attributes(&made, some, 4), AXEV_E_FORMAT, EXACTLY);
}
END_TEST

/* Signed, and it names the right certificate, but not as we would: with SHA-512, without IssuerSerial. */
START_TEST(cades__other_forms_of_the_signed_attributes_are_refused)
{
	MADE made = { 0 };
	AXEV__BUF set = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF ess = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF value = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span all[4], leaf;
	uint8_t sha512[64];

	begin("p256", &made);
	honest_attributes(&made, &set, all);
	leaf = axev__cert_at(&made.certs, 0);
	assert_ok(axev__cms_digest_compute(axev__cms_digest_by_size(64), leaf, sha512, &err));
	/* SEQUENCE { SEQUENCE { SEQUENCE { AlgorithmIdentifier SHA-512, OCTET STRING } } } */
	pki_unhex("30533051304f" "300b0609608648016503040203" "0440", &value);
	assert_ok(axev__buf_append(&value, sha512, 64, &err));
	assert_ok(axev__cms_put_attribute(&ess, axev__oid_signing_cert_v2, axev__buf_view(&value), &err));
	all[3] = axev__buf_view(&ess);
	assert_fails(check_attributes(&made, all, 4), AXEV_E_FORMAT,
		     "the signed attributes are not in their canonical form");
	ck_assert(openssl_accepts(axev__buf_view(&made.p7s), CONTENT_SPAN, &made, CMS_CADES));
}
END_TEST

START_TEST(cades__signing_times_around_2050_are_written_and_read_as_der_wants_them)
{
	static const char *const times[] = { "2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z",
					     "1970-01-01T00:00:00Z", "2261-12-31T00:00:00Z" };
	MADE made = { 0 };
	size_t i;

	begin("p256", &made);
	for (i = 0; i < AXEV__COUNT(times); i++) {
		AXEV__CADES cades = { 0 };
		int64_t time_ns;

		ck_assert(axev__parse_time_argument(axev__span_str(times[i]), &time_ns));
		axev__buf_clear(&made.attributes);
		axev__buf_clear(&made.signature);
		axev__buf_clear(&made.p7s);
		assert_ok(axev__cades_tbs(axev__cert_at(&made.certs, 0), content_sha256, time_ns,
					  &made.attributes, &err));
		finish(&made);
		assert_ok(axev__cades_parse(axev__buf_view(&made.p7s), &cades, &err));
		ck_assert_int_eq(cades.claimed_time_ns, time_ns);
		ck_assert(openssl_accepts(axev__buf_view(&made.p7s), CONTENT_SPAN, &made, CMS_CADES));
	}
	assert_fails(axev__cades_tbs(axev__cert_at(&made.certs, 0), content_sha256, -1, &made.attributes,
				     &err),
		     AXEV_E_INVAL, "the signing time is before 1970");
}
END_TEST

START_TEST(time__signing_times_that_can_be_read_in_two_ways_are_refused)
{
	static const struct {
		const char *hex, *text;
	} cases[] = {
		{ "170b323630393231313431335a", "signingTime: expected YYMMDDHHMMSSZ" }, /* no seconds */
		{ "17113236303932313134313332302b30383030", "signingTime: expected YYMMDDHHMMSSZ" },
		{ "170d3530303130313030303030305a", "signingTime: expected a time in UTC" }, /* 1950, not 2050 */
		{ "170d3639313233313233353935395a", "signingTime: expected a time in UTC" }, /* 1969 */
		{ "180e3230323630393231313431333230", "signingTime: expected a time in UTC" }, /* local */
		{ "18113230323630393231313431333230" "2e305a", "signingTime: expected a time in UTC" },
		{ "170d3236303932313235313332305a", "signingTime: expected a time in UTC" }, /* 25 h */
		{ "0c0d3236303932313134313332305a", "signingTime: expected tag 18, found 0c" },
		/* RFC 5652 11.3: UTCTime before 2050. */
		{ "180f32303236303932313134313332305a",
		  "the signed attributes are not in their canonical form" },
	};
	MADE made = { 0 };
	AXEV__BUF set = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span all[4], elements[4];
	size_t i, k;

	begin("p256", &made);
	honest_attributes(&made, &set, all);
	for (i = 0; i < AXEV__COUNT(cases); i++) {
		AXEV__BUF time = AXEV__BUF_INIT(100);
		size_t count = 0;

		put_time(cases[i].hex, &time);
		for (k = 0; k < 4; k++) {
			struct axev__der der = axev__der_open(all[k]);
			struct axev__span oid;

			assert_ok(axev__der_enter(&der, AXEV__DER_SEQUENCE, &der, "", &err));
			assert_ok(axev__der_take(&der, AXEV__DER_OID, NULL, &oid, "", &err));
			if (!axev__span_equal(oid, axev__oid_signing_time))
				elements[count++] = all[k];
		}
		elements[count++] = axev__buf_view(&time);
		ck_assert_uint_eq(count, 4);
		axev__buf_clear(&made.attributes);
		axev__buf_clear(&made.signature);
		axev__buf_clear(&made.p7s);
		assert_ok(axev__der_put_set_of(&made.attributes, AXEV__DER_SET, elements, 4, &err));
		finish(&made);
		assert_fails(check(axev__buf_view(&made.p7s)), AXEV_E_FORMAT, cases[i].text);
	}
}
END_TEST

/* ---- known attacks ---- */

/* The signed attributes are passed off as the content: then nobody looks for attributes any more. */
START_TEST(cms_1__stripped_signed_attributes_are_refused)
{
	MADE made = { 0 };
	AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct pieces pieces;

	make("rsa3072-a", &made);
	take_apart(axev__buf_view(&made.p7s), &pieces);
	memmove(&pieces.signer[3], &pieces.signer[4], 2 * sizeof(pieces.signer[0]));
	pieces.signer_count--;
	put_together(&pieces, &forged);
	/* Stock: "CAdES Verification successful", over content that is the DER of the attributes. */
	ck_assert(openssl_accepts(axev__buf_view(&forged), axev__buf_view(&made.attributes), &made, 0));
	assert_ok(axev__sha256(made.attributes.data, made.attributes.size, content_sha256, &err));
	ck_assert_int_eq(check(axev__buf_view(&forged)), AXEV_E_FORMAT);
	ck_assert_str_eq(err.message, "signedAttrs: expected tag a0, found 30");
}
END_TEST

START_TEST(cms_2__bytes_behind_the_signature_are_refused)
{
	MADE made = { 0 };

	make("p256", &made);
	assert_ok(axev__buf_str(&made.p7s, "payload", &err));
	ck_assert(openssl_accepts(axev__buf_view(&made.p7s), CONTENT_SPAN, &made, CMS_CADES));
	assert_fails(check(axev__buf_view(&made.p7s)), AXEV_E_FORMAT,
		     "CMS: expected the end, found more bytes");
}
END_TEST

START_TEST(cms_3__no_signer_is_no_signature)
{
	MADE made = { 0 };
	AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct pieces pieces;

	make("p256", &made);
	take_apart(axev__buf_view(&made.p7s), &pieces);
	pieces.signers = 0;
	put_together(&pieces, &forged);
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "expected one SignerInfo, found none");
}
END_TEST

START_TEST(cms_4__enclosed_content_is_refused)
{
	MADE made = { 0 };
	AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF encap = AXEV__BUF_INIT(200);
	struct pieces pieces;

	make("p256", &made);
	take_apart(axev__buf_view(&made.p7s), &pieces);
	pki_unhex("301706092a864886f70d010701a00a04083c617369632f3e0a", &encap);
	pieces.body[2] = axev__buf_view(&encap);
	put_together(&pieces, &forged);
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "expected a detached signature, found content");
}
END_TEST

/* A certificate of the same name and key, but with other rights, is put in the place of the signer's. */
START_TEST(cms_5__a_certificate_that_the_signature_does_not_name_is_refused)
{
	const struct pki_cert twin = { .name = "TEST signer", .basic = "critical,CA:FALSE" };
	AXEV__PKEY *root_key = pki_pkey("rsa3072-b");
	MADE made = { 0 };
	MADE other = { 0 };
	AXEV__BUF leaf = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	make("p256", &made);
	begin("p256", &other);
	pki_issue(&twin, other.key, axev__cert_at(&other.certs, 1), root_key, &leaf);
	free(other.certs.items[0].data);
	other.certs.items[0].data = malloc(leaf.size);
	memcpy(other.certs.items[0].data, leaf.data, leaf.size);
	other.certs.items[0].size = leaf.size;
	assert_ok(axev__cades_assemble(&other.certs, axev__buf_view(&made.attributes),
				       axev__buf_view(&made.signature), axev__span("", 0), &other.p7s,
				       &err));
	/* Without -cades OpenSSL does not ask which certificate was meant. */
	ck_assert(openssl_accepts(axev__buf_view(&other.p7s), CONTENT_SPAN, &other, 0));
	assert_fails(check(axev__buf_view(&other.p7s)), AXEV_E_INVALID,
		     "signing-certificate-v2 names another certificate than the signer's");
}
END_TEST

START_TEST(cms_5__a_token_over_something_else_does_not_parse_as_another_attribute)
{
	MADE made = { 0 };
	AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF attribute = AXEV__BUF_INIT(200);
	AXEV__BUF twice = AXEV__BUF_INIT(200);
	struct pieces pieces;

	make("p256", &made);
	take_apart(axev__buf_view(&made.p7s), &pieces);
	/* countersignature instead of a token; two tokens. */
	pki_unhex("a113301106092a864886f70d010906310430020500", &attribute);
	pieces.signer[pieces.signer_count++] = axev__buf_view(&attribute);
	put_together(&pieces, &forged);
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "expected a time-stamp token as the only unsigned attribute");
	axev__buf_clear(&forged);
	pki_unhex("a12a" "3013060b2a864886f70d010910020e310430020500"
		  "3013060b2a864886f70d010910020e310430020500", &twice);
	pieces.signer[pieces.signer_count - 1] = axev__buf_view(&twice);
	put_together(&pieces, &forged);
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "the signature is not in its canonical form");
}
END_TEST

START_TEST(cms_6__several_signers_in_one_file_are_refused)
{
	MADE made = { 0 };
	AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct pieces pieces;

	make("p256", &made);
	take_apart(axev__buf_view(&made.p7s), &pieces);
	pieces.signers = 2;
	put_together(&pieces, &forged);
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "expected one SignerInfo: expected the end, found more bytes");
}
END_TEST

START_TEST(cms_6__a_signer_named_by_key_identifier_is_not_the_form)
{
	MADE made = { 0 };
	AXEV__BUF ski = AXEV__BUF_INIT(100);
	AXEV__BUF sid = AXEV__BUF_INIT(100);
	AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	static const uint8_t version[] = { 2, 1, 3 };
	struct pieces pieces;

	make("p256", &made);
	take_apart(axev__buf_view(&made.p7s), &pieces);
	assert_ok(axev__cert_ski(axev__cert_at(&made.certs, 0), &ski, &err));
	assert_ok(axev__der_put(&sid, 0x80, axev__buf_view(&ski), &err));
	pieces.signer[0] = axev__span(version, 3);
	pieces.signer[1] = axev__buf_view(&sid);
	put_together(&pieces, &forged);
	ck_assert(openssl_accepts(axev__buf_view(&forged), CONTENT_SPAN, &made, CMS_CADES));
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "the signature is not in its canonical form");
}
END_TEST

START_TEST(cms_6__versions_other_than_the_standard_s_are_refused)
{
	static const uint8_t wrong[] = { 2, 1, 5 };
	MADE made = { 0 };
	size_t i;

	make("p256", &made);
	for (i = 0; i < 2; i++) {
		AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
		struct pieces pieces;

		take_apart(axev__buf_view(&made.p7s), &pieces);
		if (i)
			pieces.signer[0] = axev__span(wrong, 3);
		else
			pieces.body[0] = axev__span(wrong, 3);
		put_together(&pieces, &forged);
		/* Nothing of it is signed, and OpenSSL does not look. */
		ck_assert(openssl_accepts(axev__buf_view(&forged), CONTENT_SPAN, &made, CMS_CADES));
		assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
			     "the signature is not in its canonical form");
	}
}
END_TEST

START_TEST(cms_7__algorithms_off_the_list_are_refused)
{
	static const struct {
		const char *hex;
		size_t piece; /* of the SignerInfo */
		const char *text;
	} cases[] = {
		{ "300906052b0e03021a0500", 2, /* SHA-1 */
		  "expected SHA-256, SHA-384 or SHA-512 as the digest algorithm" },
		{ "300c06082a864886f70d02050500", 2, /* MD5 */
		  "expected SHA-256, SHA-384 or SHA-512 as the digest algorithm" },
		{ "300d06096086480165030402030500", 2, /* SHA-512 */
		  "the signature is not in its canonical form" },
		{ "300d06096086480165030402010500", 2, /* SHA-256 with NULL */
		  "the signature is not in its canonical form" },
		{ "300d06092a864886f70d0101010500", 4, /* rsaEncryption for an EC key */
		  "the signature is not in its canonical form" },
		{ "304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886"
		  "f70d010108300d06096086480165030402010500a203020120",
		  4, /* RSASSA-PSS */
		  "signatureAlgorithm: expected tag 05, found 30" },
	};
	MADE made = { 0 };
	size_t i;

	make("p256", &made);
	for (i = 0; i < AXEV__COUNT(cases); i++) {
		AXEV__BUF algorithm = AXEV__BUF_INIT(200);
		AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
		struct pieces pieces;

		take_apart(axev__buf_view(&made.p7s), &pieces);
		pki_unhex(cases[i].hex, &algorithm);
		pieces.signer[cases[i].piece] = axev__buf_view(&algorithm);
		put_together(&pieces, &forged);
		assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT, cases[i].text);
	}
}
END_TEST

START_TEST(cms_7__keys_off_the_list_are_refused)
{
	MADE made = { 0 };

	/* Explicit parameters let a forger choose the generator: not even the mathematics is tried. */
	begin("p256-explicit", &made);
	assert_ok(axev__cades_tbs(axev__cert_at(&made.certs, 0), content_sha256, PKI_NOW,
				  &made.attributes, &err));
	sign_raw(made.key, axev__buf_view(&made.attributes), &made.signature);
	assert_fails(axev__cades_assemble(&made.certs, axev__buf_view(&made.attributes),
					  axev__buf_view(&made.signature), axev__span("", 0), &made.p7s,
					  &err),
		     AXEV_E_FORMAT, "the signer's kind of key is not accepted");
	assert_fails(axev__x509_verify(axev__cert_at(&made.certs, 0), "SHA256",
				       axev__buf_view(&made.attributes), axev__buf_view(&made.signature),
				       &err),
		     AXEV_E_INVALID, "the signer's kind of key is not accepted");
}
END_TEST

/* S/MIME tools turn LF into CRLF unless told otherwise: these are other bytes. */
START_TEST(cms_8__line_ends_are_bytes)
{
	MADE made = { 0 };
	AXEV__CADES cades = { 0 };
	uint8_t crlf[32];

	make("p256", &made);
	assert_ok(axev__cades_parse(axev__buf_view(&made.p7s), &cades, &err));
	assert_ok(axev__sha256("<asic/>\r\n", 9, crlf, &err));
	assert_fails(axev__cades_check(&cades, crlf, &err), AXEV_E_INVALID,
		     "the signature is over other content");
}
END_TEST

START_TEST(cms_9__ber_is_refused)
{
	MADE made = { 0 };
	AXEV__BUF forged = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF octets = AXEV__BUF_INIT(1000);
	AXEV__BUF constructed = AXEV__BUF_INIT(1000);
	struct pieces pieces;
	struct axev__der der;
	struct axev__span signature;

	make("p256", &made);
	/* Indefinite length outside, end-of-contents at the end. */
	assert_ok(axev__buf_append(&forged, "\x30\x80", 2, &err));
	assert_ok(axev__buf_append(&forged, made.p7s.data + 4, made.p7s.size - 4, &err));
	assert_ok(axev__buf_append(&forged, "\0\0", 2, &err));
	ck_assert(openssl_accepts(axev__buf_view(&forged), CONTENT_SPAN, &made, CMS_CADES));
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "CMS: expected a definite length of at most four octets");
	/* The signature as a constructed OCTET STRING. */
	take_apart(axev__buf_view(&made.p7s), &pieces);
	der = axev__der_open(pieces.signer[5]);
	assert_ok(axev__der_take(&der, AXEV__DER_OCTET_STRING, &signature, NULL, "", &err));
	assert_ok(axev__der_put(&octets, AXEV__DER_OCTET_STRING, signature, &err));
	assert_ok(axev__der_put(&constructed, 0x24, axev__buf_view(&octets), &err));
	pieces.signer[5] = axev__buf_view(&constructed);
	axev__buf_clear(&forged);
	put_together(&pieces, &forged);
	ck_assert(openssl_accepts(axev__buf_view(&forged), CONTENT_SPAN, &made, CMS_CADES));
	assert_fails(check(axev__buf_view(&forged)), AXEV_E_FORMAT,
		     "CMS: primitive and constructed form do not fit the type");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cades");
	TCase *tcase = tcase_create("cades");

	tcase_set_timeout(tcase, 200);
	tcase_add_test(tcase, cades__what_is_assembled_is_parsed_and_checked);
	tcase_add_test(tcase, cades__signing_in_two_steps_gives_the_same_p7s);
	tcase_add_test(tcase, cades__a_signature_of_another_key_is_found);
	tcase_add_test(tcase, cades__every_changed_bit_is_refused);
	tcase_add_test(tcase, cades__every_cut_is_refused);
	tcase_add_test(tcase, cades__a_certificate_that_does_not_belong_is_refused);
	tcase_add_test(tcase, cades__signed_attributes_are_exactly_four_in_der_order);
	tcase_add_test(tcase, cades__other_forms_of_the_signed_attributes_are_refused);
	tcase_add_test(tcase, cades__signing_times_around_2050_are_written_and_read_as_der_wants_them);
	tcase_add_test(tcase, time__signing_times_that_can_be_read_in_two_ways_are_refused);
	tcase_add_test(tcase, cms_1__stripped_signed_attributes_are_refused);
	tcase_add_test(tcase, cms_2__bytes_behind_the_signature_are_refused);
	tcase_add_test(tcase, cms_3__no_signer_is_no_signature);
	tcase_add_test(tcase, cms_4__enclosed_content_is_refused);
	tcase_add_test(tcase, cms_5__a_certificate_that_the_signature_does_not_name_is_refused);
	tcase_add_test(tcase, cms_5__a_token_over_something_else_does_not_parse_as_another_attribute);
	tcase_add_test(tcase, cms_6__several_signers_in_one_file_are_refused);
	tcase_add_test(tcase, cms_6__a_signer_named_by_key_identifier_is_not_the_form);
	tcase_add_test(tcase, cms_6__versions_other_than_the_standard_s_are_refused);
	tcase_add_test(tcase, cms_7__algorithms_off_the_list_are_refused);
	tcase_add_test(tcase, cms_7__keys_off_the_list_are_refused);
	tcase_add_test(tcase, cms_8__line_ends_are_bytes);
	tcase_add_test(tcase, cms_9__ber_is_refused);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
