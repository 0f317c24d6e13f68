/* SPDX-License-Identifier: Apache-2.0 */
/* A signature that was made here, to be checked, changed, and shown to OpenSSL. */
#ifndef AXEV_TESTS_SUPPORT_CADES_H
#define AXEV_TESTS_SUPPORT_CADES_H

#include "support_pki.h"

#include <openssl/cms.h>
#include <openssl/err.h>

#include "base/time.h"
#include "crypto/digest.h"

#define CONTENT "<asic/>\n"
#define CONTENT_SPAN axev__span(CONTENT, strlen(CONTENT))

static axev_error err;
static uint8_t content_sha256[32];

/* One signer: a root, a certificate under it, and what was signed. */
struct made {
	EVP_PKEY *key;
	struct axev__certs certs;
	struct axev__buf attributes, signature, p7s;
};

static inline void made_free(struct made *made)
{
	EVP_PKEY_free(made->key);
	axev__certs_free(&made->certs);
	axev__buf_free(&made->attributes);
	axev__buf_free(&made->signature);
	axev__buf_free(&made->p7s);
}
#define MADE AXEV__CLEANUP(made_free) struct made

static inline void sign_raw(EVP_PKEY *key, struct axev__span tbs, struct axev__buf *out)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t signature[1024];
	size_t size = sizeof(signature);

	ck_assert(EVP_DigestSignInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL));
	ck_assert(EVP_DigestSign(context, signature, &size, tbs.data, tbs.size));
	EVP_MD_CTX_free(context);
	assert_ok(axev__buf_append(out, signature, size, &err));
}

static inline void begin(const char *key_name, struct made *made)
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
static inline void finish(struct made *made)
{
	sign_raw(made->key, axev__buf_view(&made->attributes), &made->signature);
	assert_ok(axev__cades_assemble(&made->certs, axev__buf_view(&made->attributes),
				       axev__buf_view(&made->signature), axev__span("", 0), &made->p7s,
				       &err));
}

static inline void make(const char *key_name, struct made *made)
{
	begin(key_name, made);
	assert_ok(axev__cades_tbs(axev__cert_at(&made->certs, 0), content_sha256, PKI_NOW,
				  &made->attributes, &err));
	finish(made);
}

static inline int check(struct axev__span p7s)
{
	AXEV__CADES cades = { 0 };

	memset(&err, 0, sizeof(err));
	TRY(axev__cades_parse(p7s, &cades, &err));
	return axev__cades_check(&cades, content_sha256, &err);
}

/* What `openssl cms -verify -binary [-cades] -purpose any -CAfile root` says of @content. */
static inline bool openssl_accepts(struct axev__span p7s, struct axev__span content, const struct made *made,
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

/* The elements of @der, each as bytes. */
static inline void list(struct axev__der *der, struct axev__span *out, size_t *ret_count)
{
	for (*ret_count = 0; !axev__der_done(der); (*ret_count)++)
		assert_ok(axev__der_take(der, axev__der_peek(der), NULL, &out[*ret_count], "piece", &err));
}

#endif
