/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tls_sign.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/text.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/ossl.h"
#include "crypto/x509_internal.h"

static void md_context_freep(EVP_MD_CTX **context)
{
	EVP_MD_CTX_free(*context);
}
#define MD_CONTEXT AXEV__CLEANUP(md_context_freep) EVP_MD_CTX

int axev__tls_hash(const char *digest, const struct axev__span *pieces, size_t count,
		   uint8_t out[AXEV__TLS_MAX_HASH], size_t *ret_size, axev_error *err)
{
	MD_CONTEXT *context = EVP_MD_CTX_new();
	EVP_MD *md = EVP_MD_fetch(axev__ossl(), digest, NULL);
	unsigned size = 0;
	bool is_done;
	size_t i;

	is_done = context && md && EVP_DigestInit_ex(context, md, NULL) == 1;
	for (i = 0; is_done && i < count; i++)
		is_done = EVP_DigestUpdate(context, pieces[i].data, pieces[i].size) == 1;
	is_done = is_done && EVP_DigestFinal_ex(context, out, &size) == 1;
	EVP_MD_free(md);
	if (!is_done)
		return axev__ossl_fail(err, AXEV_E_NOMEM, "cannot compute %s", digest);
	*ret_size = size;
	return AXEV_OK;
}

/* ---- signature ---- */

/* RFC 8446 4.2.3; curve NULL: none is demanded. */
static const struct scheme {
	uint16_t number;
	const char *key, *curve, *digest;
	int padding;
	bool is_1_3;
} schemes[] = {
	{ 0x0401, "RSA", NULL, "SHA256", RSA_PKCS1_PADDING, false },
	{ 0x0501, "RSA", NULL, "SHA384", RSA_PKCS1_PADDING, false },
	{ 0x0601, "RSA", NULL, "SHA512", RSA_PKCS1_PADDING, false },
	{ 0x0403, "EC", "prime256v1", "SHA256", 0, true },
	{ 0x0503, "EC", "secp384r1", "SHA384", 0, true },
	{ 0x0603, "EC", "secp521r1", "SHA512", 0, true },
	{ 0x0804, "RSA", NULL, "SHA256", RSA_PKCS1_PSS_PADDING, true },
	{ 0x0805, "RSA", NULL, "SHA384", RSA_PKCS1_PSS_PADDING, true },
	{ 0x0806, "RSA", NULL, "SHA512", RSA_PKCS1_PSS_PADDING, true },
	{ 0x0807, "ED25519", NULL, NULL, 0, true },
	{ 0x0809, "RSA-PSS", NULL, "SHA256", RSA_PKCS1_PSS_PADDING, true },
	{ 0x080A, "RSA-PSS", NULL, "SHA384", RSA_PKCS1_PSS_PADDING, true },
	{ 0x080B, "RSA-PSS", NULL, "SHA512", RSA_PKCS1_PSS_PADDING, true },
};

static const struct scheme *find_scheme(uint16_t number)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(schemes); i++)
		if (schemes[i].number == number)
			return &schemes[i];
	return NULL;
}

/* RFC 8446 4.2.3: in TLS 1.2 an ecdsa scheme names the hash only, so any curve may sign with it. */
static bool fits_key(const struct scheme *scheme, const EVP_PKEY *pkey, bool is_1_3)
{
	char curve[64];
	size_t size;

	if (EVP_PKEY_is_a(pkey, scheme->key) != 1)
		return false;
	if (!is_1_3 || !scheme->curve)
		return scheme->is_1_3 || !is_1_3;
	return EVP_PKEY_get_group_name(pkey, curve, sizeof(curve), &size) == 1 &&
	       strcmp(curve, scheme->curve) == 0;
}

static bool start_verify(EVP_MD_CTX *context, const struct scheme *scheme, EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *options = NULL; /* the context's own */

	if (EVP_DigestVerifyInit_ex(context, &options, scheme->digest, axev__ossl(), NULL, pkey, NULL) != 1)
		return false;
	if (scheme->padding && EVP_PKEY_CTX_set_rsa_padding(options, scheme->padding) <= 0)
		return false;
	/* RFC 8446 4.2.3: the salt is as long as the digest. */
	return scheme->padding != RSA_PKCS1_PSS_PADDING ||
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) > 0;
}

int axev__tls_verify(struct axev__span leaf, uint16_t scheme_number, bool is_1_3, struct axev__span tbs,
		     struct axev__span signature, axev_error *err)
{
	const struct scheme *scheme = find_scheme(scheme_number);
	MD_CONTEXT *context = EVP_MD_CTX_new();
	AXEV__X509 *x509 = NULL;
	EVP_PKEY *pkey;
	int outcome;

	if (!context)
		return axev__nomem(err);
	if (!scheme)
		return axev__fail(err, AXEV_E_UNSUPPORTED, "signature scheme 0x%04x is not known here",
				  scheme_number);
	TRY(axev__x509_parse(leaf, &x509, err));
	pkey = X509_get0_pubkey(x509);
	if (!pkey || !fits_key(scheme, pkey, is_1_3))
		return axev__fail(err, AXEV_E_INVALID,
				  "signature scheme 0x%04x is not for the certificate's key", scheme_number);
	if (!start_verify(context, scheme, pkey))
		return axev__ossl_fail(err, AXEV_E_INVALID, "the certificate's key cannot verify");
	outcome = EVP_DigestVerify(context, signature.data, signature.size, tbs.data, tbs.size);
	ERR_clear_error();
	if (outcome != 1)
		return axev__fail(err, AXEV_E_INVALID,
				  "the handshake's signature was not made by the certificate's key over this "
				  "handshake");
	return AXEV_OK;
}

/* ---- names ---- */

int axev__tls_names(struct axev__span leaf, struct axev__span host, axev_error *err)
{
	AXEV__X509 *x509 = NULL;
	struct axev__shown shown;
	char text[256];
	bool fits;

	TRY(axev__x509_parse(leaf, &x509, err));
	if (host.size && host.data[host.size - 1] == '.')
		host.size--; /* the root's dot */
	if (host.size == 0 || host.size >= sizeof(text) || memchr(host.data, 0, host.size))
		return axev__fail(err, AXEV_E_INVALID, "'%s' is not the name of a host",
				  axev__show(&shown, host));
	memcpy(text, host.data, host.size);
	text[host.size] = '\0';
	fits = X509_check_ip_asc(x509, text, 0) == 1 ||
	       X509_check_host(x509, text, host.size,
			       X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
			       NULL) == 1;
	ERR_clear_error();
	if (!fits)
		return axev__fail(err, AXEV_E_INVALID, "the certificate is not for host '%s'",
				  axev__show(&shown, host));
	return AXEV_OK;
}

/* ---- chain ---- */

struct chain {
	X509_STORE *store;
	X509_STORE_CTX *context;
	STACK_OF(X509) *untrusted;
};

static void chain_free(struct chain *chain)
{
	X509_STORE_CTX_free(chain->context);
	X509_STORE_free(chain->store);
	sk_X509_pop_free(chain->untrusted, X509_free);
	ERR_clear_error();
}

/* What the server sent beside its own is of no importance when it cannot be read: then no chain uses it. */
static int load(struct chain *chain, const struct axev__certs *path, const struct axev__certs *roots,
		axev_error *err)
{
	size_t i;

	chain->store = X509_STORE_new();
	chain->context = X509_STORE_CTX_new_ex(axev__ossl(), NULL);
	chain->untrusted = sk_X509_new_null();
	if (!chain->store || !chain->context || !chain->untrusted)
		return axev__nomem(err);
	for (i = 0; i < roots->count; i++) {
		AXEV__X509 *root = NULL;

		TRY(axev__x509_parse(axev__cert_at(roots, i), &root, err));
		if (X509_STORE_add_cert(chain->store, root) != 1)
			return axev__ossl_fail(err, AXEV_E_NOMEM, "cannot take a root");
	}
	for (i = 1; i < path->count; i++) {
		AXEV__X509 *x509 = NULL;
		int status = axev__x509_parse(axev__cert_at(path, i), &x509, NULL);

		if (status == AXEV_E_NOMEM)
			return axev__nomem(err);
		if (status < 0)
			continue;
		if (!sk_X509_push(chain->untrusted, x509))
			return axev__nomem(err);
		x509 = NULL;
	}
	return AXEV_OK;
}

/* That no chain reaches a trusted root, or not then, is no change of the content. */
static int status_of(int error)
{
	switch (error) {
	case X509_V_ERR_OUT_OF_MEM:
		return AXEV_E_NOMEM;
	case X509_V_ERR_INVALID_PURPOSE:
	case X509_V_ERR_INVALID_CA:
	case X509_V_ERR_CERT_REJECTED:
	case X509_V_ERR_PERMITTED_VIOLATION:
	case X509_V_ERR_EXCLUDED_VIOLATION:
		return AXEV_E_INVALID;
	default:
		return AXEV_E_INDETERMINATE;
	}
}

static int verify(struct chain *chain, X509 *leaf, int64_t at_ns, axev_error *err)
{
	X509_VERIFY_PARAM *param;
	int error;

	if (X509_STORE_CTX_init(chain->context, chain->store, leaf, chain->untrusted) != 1)
		return axev__ossl_fail(err, AXEV_E_NOMEM, "cannot start a chain check");
	param = X509_STORE_CTX_get0_param(chain->context);
	X509_VERIFY_PARAM_set_time(param, (time_t)(at_ns / AXEV__NS_PER_SECOND));
	X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
	X509_VERIFY_PARAM_set_auth_level(param, 2); /* 112 bits, no SHA-1 */
	X509_VERIFY_PARAM_set_depth(param, AXEV__MAX_CHAIN);
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	if (X509_verify_cert(chain->context) == 1)
		return AXEV_OK;
	error = X509_STORE_CTX_get_error(chain->context);
	ERR_clear_error();
	return axev__fail(err, status_of(error), "certificate chain: %s",
			  X509_verify_cert_error_string(error));
}

int axev__tls_chain(const struct axev__certs *path, const struct axev__certs *roots, int64_t at_ns,
		    uint8_t ret_root_sha256[32], axev_error *err)
{
	AXEV__CLEANUP(chain_free) struct chain chain = { 0 };
	AXEV__X509 *leaf = NULL;
	STACK_OF(X509) *built;
	unsigned char *der = NULL;
	int size, status;

	if (path->count == 0)
		return axev__fail(err, AXEV_E_INVALID, "there is no certificate");
	TRY(axev__x509_parse(axev__cert_at(path, 0), &leaf, err));
	TRY(load(&chain, path, roots, err));
	TRY(verify(&chain, leaf, at_ns, err));
	built = X509_STORE_CTX_get0_chain(chain.context);
	size = i2d_X509(sk_X509_value(built, sk_X509_num(built) - 1), &der);
	if (size <= 0)
		return axev__nomem(err);
	status = axev__sha256(der, (size_t)size, ret_root_sha256, err);
	OPENSSL_free(der);
	return status;
}
