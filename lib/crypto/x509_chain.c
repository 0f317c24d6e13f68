/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of certificates, and their check against stated roots at a stated time. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/text.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/ossl.h"
#include "crypto/x509_internal.h"

int axev__path_links(const struct axev__certs *path, axev_error *err)
{
	size_t i;

	if (path->count == 0)
		return axev__fail(err, AXEV_E_INVALID, "there is no certificate");
	for (i = 0; i < path->count; i++) {
		size_t next = i + 1 < path->count ? i + 1 : i;
		AXEV__X509 *subject = NULL;
		AXEV__X509 *issuer = NULL;

		TRY(axev__x509_parse(axev__cert_at(path, i), &subject, err));
		TRY(axev__x509_parse(axev__cert_at(path, next), &issuer, err));
		if (!axev__x509_issued(issuer, subject))
			return axev__fail(err, AXEV_E_INVALID,
					  "certificate %zu of the path is not signed by certificate %zu",
					  i + 1, next + 1);
	}
	return AXEV_OK;
}

/* The first certificate in @pool that issued @subject; a self-signed one is preferred. *ret_found -1: none. */
static int find_issuer(const struct axev__certs *pool, X509 *subject, X509 **ret_issuer, int *ret_found,
		       axev_error *err)
{
	int found = -1, status;
	size_t i;

	for (i = 0; pool && i < pool->count; i++) {
		AXEV__X509 *issuer = NULL;
		bool is_root;

		status = axev__x509_parse(axev__cert_at(pool, i), &issuer, NULL);
		if (status == AXEV_E_NOMEM)
			return axev__nomem(err);
		if (status < 0 || !axev__x509_issued(issuer, subject))
			continue; /* a broken one issues nothing */
		is_root = axev__x509_issued(issuer, issuer);
		if (found >= 0 && !is_root)
			continue;
		X509_free(*ret_issuer);
		*ret_issuer = axev__steal(issuer);
		found = (int)i;
		if (is_root)
			break;
	}
	*ret_found = found;
	return AXEV_OK;
}

int axev__certs_path(struct axev__span leaf, const struct axev__certs *pool,
		     const struct axev__certs *more, struct axev__certs *ret_path,
		     bool *ret_is_complete, axev_error *err)
{
	AXEV__X509 *subject = NULL;

	*ret_is_complete = false;
	TRY(axev__x509_parse(leaf, &subject, err));
	TRY(axev__certs_add(ret_path, leaf, err));
	while (!axev__x509_issued(subject, subject)) {
		const struct axev__certs *from = pool;
		AXEV__X509 *issuer = NULL;
		int found;

		TRY(find_issuer(pool, subject, &issuer, &found, err));
		if (found < 0) {
			from = more;
			TRY(find_issuer(more, subject, &issuer, &found, err));
		}
		if (found < 0)
			return AXEV_OK;
		X509_free(subject);
		subject = axev__steal(issuer);
		if (ret_path->count >= AXEV__MAX_CHAIN)
			return axev__fail(err, AXEV_E_LIMIT, "a path of more than %d certificates",
					  AXEV__MAX_CHAIN);
		TRY(axev__certs_add(ret_path, axev__cert_at(from, (size_t)found), err));
	}
	*ret_is_complete = true;
	return AXEV_OK;
}

/* ---- chain check ---- */

struct check {
	X509_STORE *store;
	X509_STORE_CTX *context;
	STACK_OF(X509) *untrusted;
	STACK_OF(X509_CRL) *crls;
	int64_t at_ns;
};

static void check_free(struct check *check)
{
	X509_STORE_CTX_free(check->context);
	X509_STORE_free(check->store);
	sk_X509_pop_free(check->untrusted, X509_free);
	sk_X509_CRL_pop_free(check->crls, X509_CRL_free);
	ERR_clear_error();
}

static bool has_crl_of(const struct check *check, const X509_NAME *issuer)
{
	int i;

	for (i = 0; i < sk_X509_CRL_num(check->crls); i++)
		if (X509_NAME_cmp(X509_CRL_get_issuer(sk_X509_CRL_value(check->crls, i)), issuer) == 0)
			return true;
	return false;
}

static bool is_later(const ASN1_TIME *time, int64_t at_ns)
{
	time_t at = (time_t)(at_ns / AXEV__NS_PER_SECOND);

	return X509_cmp_time(time, &at) > 0;
}

/* In doubt from the earlier of revocation and invalidityDate: the key was no longer safe (RFC 5280 5.3.2). */
static bool was_safe(const X509_REVOKED *revoked, int64_t at_ns)
{
	int critical = -1;
	ASN1_GENERALIZEDTIME *doubt =
		X509_REVOKED_get_ext_d2i(revoked, NID_invalidity_date, &critical, NULL);
	/* -1: absent; anything else without a value is an extension that cannot be read. */
	bool is_safe = is_later(X509_REVOKED_get0_revocationDate(revoked), at_ns) &&
		       (doubt ? is_later(doubt, at_ns) : critical == -1);

	ASN1_GENERALIZEDTIME_free(doubt);
	return is_safe;
}

/*
 * Revoked only later than the moment in question? Then the signature had been made in time. Every list of the
 * issuer is asked: OpenSSL forgets which one it was when that list is younger than the moment.
 */
static bool is_revoked_later(const struct check *check, X509 *x509)
{
	unsigned found = 0;
	int i;

	for (i = 0; i < sk_X509_CRL_num(check->crls); i++) {
		X509_CRL *crl = sk_X509_CRL_value(check->crls, i);
		X509_REVOKED *revoked = NULL;

		if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_issuer_name(x509)) != 0 ||
		    X509_CRL_get0_by_cert(crl, &revoked, x509) != 1)
			continue;
		found++;
		if (!was_safe(revoked, check->at_ns))
			return false;
	}
	return found > 0;
}

static int on_finding(int is_good, X509_STORE_CTX *context)
{
	const struct check *check = X509_STORE_CTX_get_app_data(context);

	if (is_good)
		return 1;
	switch (X509_STORE_CTX_get_error(context)) {
	case X509_V_ERR_UNABLE_TO_GET_CRL:
		return !has_crl_of(check, X509_get_issuer_name(
						  X509_STORE_CTX_get_current_cert(context)));
	case X509_V_ERR_CRL_NOT_YET_VALID:
		return 1; /* made after the moment: it knows more, not less */
	case X509_V_ERR_CERT_REVOKED:
		return is_revoked_later(check, X509_STORE_CTX_get_current_cert(context));
	default:
		return 0;
	}
}

/* In the library's own context, as the certificates; NULL: no more, or broken. */
static X509_CRL *read_crl(BIO *bio)
{
	X509_CRL *crl = X509_CRL_new_ex(axev__ossl(), NULL);

	if (crl && !PEM_read_bio_X509_CRL(bio, &crl, NULL, NULL)) {
		X509_CRL_free(crl); /* NULL when the failed call freed it */
		return NULL;
	}
	return crl;
}

static int read_crls(struct check *check, struct axev__span pem, axev_error *err)
{
	X509_CRL *crl;
	BIO *bio;

	check->crls = sk_X509_CRL_new_null();
	if (!check->crls)
		return axev__nomem(err);
	if (pem.size == 0)
		return AXEV_OK;
	if (pem.size > INT32_MAX)
		return axev__fail(err, AXEV_E_LIMIT, "the revocation lists are too large");
	bio = BIO_new_mem_buf(pem.data, (int)pem.size);
	if (!bio)
		return axev__nomem(err);
	ERR_clear_error();
	while ((crl = read_crl(bio)))
		if (!sk_X509_CRL_push(check->crls, crl)) {
			X509_CRL_free(crl);
			BIO_free(bio);
			return axev__nomem(err);
		}
	BIO_free(bio);
	if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		return axev__ossl_fail(err, AXEV_E_FORMAT, "broken revocation list");
	ERR_clear_error();
	return AXEV_OK;
}

static int load(struct check *check, const struct axev__certs *path, const struct axev__certs *roots,
		axev_error *err)
{
	size_t i;

	check->store = X509_STORE_new();
	check->context = X509_STORE_CTX_new_ex(axev__ossl(), NULL);
	check->untrusted = sk_X509_new_null();
	if (!check->store || !check->context || !check->untrusted)
		return axev__nomem(err);
	for (i = 0; i < roots->count; i++) {
		AXEV__X509 *root = NULL;

		TRY(axev__x509_parse(axev__cert_at(roots, i), &root, err));
		if (X509_STORE_add_cert(check->store, root) != 1)
			return axev__ossl_fail(err, AXEV_E_NOMEM, "cannot take a root");
	}
	for (i = 1; i < path->count; i++) {
		AXEV__X509 *x509 = NULL;

		TRY(axev__x509_parse(axev__cert_at(path, i), &x509, err));
		if (!sk_X509_push(check->untrusted, x509))
			return axev__nomem(err);
		x509 = NULL;
	}
	return AXEV_OK;
}

static int status_of(int error)
{
	switch (error) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	/* The links of a path are verified where it is read: here a root has the name, but another key. */
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_CERT_UNTRUSTED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_UNABLE_TO_GET_CRL:
	case X509_V_ERR_CRL_HAS_EXPIRED:
		return AXEV_E_INDETERMINATE;
	case X509_V_ERR_OUT_OF_MEM:
		return AXEV_E_NOMEM;
	default:
		return AXEV_E_INVALID;
	}
}

static int check_leaf(X509 *leaf, struct axev__span der, enum axev__chain_purpose purpose,
		      axev_error *err)
{
	struct axev__cert_info info;

	TRY(axev__cert_info(der, &info, err));
	if (!info.may_sign)
		return axev__fail(err, AXEV_E_INVALID,
				  "the certificate's key usage allows neither digitalSignature nor "
				  "nonRepudiation");
	if (purpose == AXEV__CHAIN_TIME_STAMP) {
		if (!info.is_time_stamper)
			return axev__fail(err, AXEV_E_INVALID,
					  "the certificate's extended key usage is not critical and "
					  "solely timeStamping");
		if (info.is_ca)
			return axev__fail(err, AXEV_E_INVALID,
					  "a certification authority's certificate signs time-stamps");
		return AXEV_OK;
	}
	if (info.is_for_others)
		return axev__fail(err, AXEV_E_INVALID,
				  "the certificate's extended key usage is not for documents");
	if (!axev__pkey_may_sign_evidence(X509_get0_pubkey(leaf)))
		return axev__fail(err, AXEV_E_INVALID,
				  "expected a key of EC P-256 or RSA of 3072 bits or more, found %s",
				  info.key);
	return AXEV_OK;
}

/* What X509_verify_cert leaves open: strength of every key, basicConstraints present in every issuer. */
static int check_chain_certs(STACK_OF(X509) *chain, int64_t at_ns, axev_error *err)
{
	unsigned char *der;
	int i, size, status;

	for (i = 0; i < sk_X509_num(chain); i++) {
		der = NULL;
		size = i2d_X509(sk_X509_value(chain, i), &der);
		if (size <= 0)
			return axev__nomem(err);
		status = axev__cert_acceptable(axev__span(der, (size_t)size), at_ns, err);
		OPENSSL_free(der);
		TRY(status);
		if (i > 0 && X509_check_ca(sk_X509_value(chain, i)) != 1)
			return axev__fail(err, AXEV_E_INVALID,
					  "an issuing certificate is not that of a certification "
					  "authority");
	}
	return AXEV_OK;
}

static int build_chain(struct check *check, X509 *leaf, axev_error *err)
{
	X509_VERIFY_PARAM *param;
	int error;

	if (X509_STORE_CTX_init(check->context, check->store, leaf, check->untrusted) != 1)
		return axev__ossl_fail(err, AXEV_E_NOMEM, "cannot start a chain check");
	X509_STORE_CTX_set_app_data(check->context, check);
	X509_STORE_CTX_set_verify_cb(check->context, on_finding);
	param = X509_STORE_CTX_get0_param(check->context);
	X509_VERIFY_PARAM_set_time(param, (time_t)(check->at_ns / AXEV__NS_PER_SECOND));
	X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY);
	X509_VERIFY_PARAM_set_auth_level(param, 2); /* 112 bits, no SHA-1 */
	X509_VERIFY_PARAM_set_depth(param, AXEV__MAX_CHAIN);
	/* A policy may name the certificate itself instead of its root. */
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	if (sk_X509_CRL_num(check->crls) > 0) {
		X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
		X509_STORE_CTX_set0_crls(check->context, check->crls);
	}
	if (X509_verify_cert(check->context) == 1)
		return AXEV_OK;
	error = X509_STORE_CTX_get_error(check->context);
	ERR_clear_error();
	return axev__fail(err, status_of(error), "certificate chain: %s",
			  X509_verify_cert_error_string(error));
}

int axev__chain_check(const struct axev__certs *path, const struct axev__certs *roots,
		      struct axev__span crls_pem, enum axev__chain_purpose purpose, int64_t at_ns,
		      uint8_t ret_root_sha256[32], axev_error *err)
{
	AXEV__CLEANUP(check_free) struct check check = { .at_ns = at_ns };
	AXEV__X509 *leaf = NULL;
	STACK_OF(X509) *chain;
	unsigned char *der = NULL;
	int size, status;

	if (path->count == 0)
		return axev__fail(err, AXEV_E_INVALID, "there is no certificate");
	TRY(axev__x509_parse(axev__cert_at(path, 0), &leaf, err));
	TRY(check_leaf(leaf, axev__cert_at(path, 0), purpose, err));
	TRY(axev__cert_acceptable(axev__cert_at(path, 0), at_ns, err));
	TRY(read_crls(&check, crls_pem, err));
	TRY(load(&check, path, roots, err));
	TRY(build_chain(&check, leaf, err));
	chain = X509_STORE_CTX_get0_chain(check.context);
	TRY(check_chain_certs(chain, at_ns, err));
	size = i2d_X509(sk_X509_value(chain, sk_X509_num(chain) - 1), &der);
	if (size <= 0)
		return axev__nomem(err);
	status = axev__sha256(der, (size_t)size, ret_root_sha256, err);
	OPENSSL_free(der);
	return status;
}
