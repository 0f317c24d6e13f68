/* SPDX-License-Identifier: Apache-2.0 */
/* Making certificates: for a new ledger, for tests and for the embedded authority. */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/time.h"
#include "crypto/ossl.h"
#include "crypto/x509_internal.h"

static int fail(axev_error *err)
{
	return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot make the certificate");
}

static int set_serial(X509 *x509, const uint8_t serial[16], axev_error *err)
{
	uint8_t positive[16];
	ASN1_INTEGER *made;
	BIGNUM *number;

	memcpy(positive, serial, sizeof(positive));
	/* RFC 5280 4.1.2.2: positive, at most 20 octets; the fixed bit keeps it from being zero. */
	positive[0] = (uint8_t)((positive[0] & 0x7F) | 0x40);
	number = BN_bin2bn(positive, sizeof(positive), NULL);
	made = number ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
	BN_free(number);
	if (!made || X509_set_serialNumber(x509, made) != 1) {
		ASN1_INTEGER_free(made);
		return fail(err);
	}
	ASN1_INTEGER_free(made);
	return AXEV_OK;
}

static int set_times(X509 *x509, const struct axev__cert_request *request, axev_error *err)
{
	if (!ASN1_TIME_set(X509_getm_notBefore(x509),
			   (time_t)(request->not_before_ns / AXEV__NS_PER_SECOND)) ||
	    !ASN1_TIME_set(X509_getm_notAfter(x509),
			   (time_t)(request->not_after_ns / AXEV__NS_PER_SECOND)))
		return fail(err);
	return AXEV_OK;
}

static int add_name(X509_NAME *name, int nid, const char *text, axev_error *err)
{
	if (X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, (const unsigned char *)text, -1, -1,
				       0) != 1)
		return axev__ossl_fail(err, AXEV_E_INVAL, "the name does not fit a certificate");
	return AXEV_OK;
}

static int set_subject(X509 *x509, const struct axev__cert_request *request, axev_error *err)
{
	X509_NAME *name = X509_NAME_new();
	int status = AXEV_OK;

	if (!name)
		return fail(err);
	if (request->organisation)
		status = add_name(name, NID_organizationName, request->organisation, err);
	if (status == AXEV_OK)
		status = add_name(name, NID_commonName, request->common_name, err);
	if (status == AXEV_OK && X509_set_subject_name(x509, name) != 1)
		status = fail(err);
	X509_NAME_free(name);
	return status;
}

static int add_extension(X509 *x509, X509V3_CTX *context, int nid, const char *value, axev_error *err)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, context, nid, value);
	int is_added = extension && X509_add_ext(x509, extension, -1);

	X509_EXTENSION_free(extension);
	return is_added ? AXEV_OK : fail(err);
}

static int add_extensions(X509 *x509, X509 *issuer, const struct axev__cert_request *request,
			  axev_error *err)
{
	X509V3_CTX context;

	X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
	X509V3_set_ctx_nodb(&context);
	TRY(add_extension(x509, &context, NID_basic_constraints,
			  request->is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE", err));
	TRY(add_extension(x509, &context, NID_key_usage,
			  request->is_ca           ? "critical,keyCertSign,cRLSign"
			  : request->is_time_stamper ? "critical,digitalSignature"
						     : "critical,digitalSignature,nonRepudiation",
			  err));
	if (request->is_time_stamper)
		TRY(add_extension(x509, &context, NID_ext_key_usage, "critical,timeStamping", err));
	if (request->server_name) {
		TRY(add_extension(x509, &context, NID_ext_key_usage, "serverAuth", err));
		TRY(add_extension(x509, &context, NID_subject_alt_name, request->server_name, err));
	}
	TRY(add_extension(x509, &context, NID_subject_key_identifier, "hash", err));
	if (issuer != x509)
		TRY(add_extension(x509, &context, NID_authority_key_identifier, "keyid", err));
	return AXEV_OK;
}

static int sign(X509 *x509, EVP_PKEY *key, axev_error *err)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int outcome = context && EVP_DigestSignInit_ex(context, NULL, "SHA256", axev__ossl(), NULL, key,
						       NULL) == 1 &&
		      X509_sign_ctx(x509, context) > 0;

	EVP_MD_CTX_free(context);
	return outcome ? AXEV_OK : fail(err);
}

int axev__cert_issue(const struct axev__cert_request *request, const struct axev__key *subject_key,
		     struct axev__span issuer_der, const struct axev__key *issuer_key,
		     struct axev__buf *ret_der, axev_error *err)
{
	AXEV__X509 *x509 = X509_new_ex(axev__ossl(), NULL);
	AXEV__X509 *issuer = NULL;
	unsigned char *der = NULL;
	int size, status;

	if (!x509)
		return axev__nomem(err);
	if (issuer_der.size)
		TRY(axev__x509_parse(issuer_der, &issuer, err));
	if (X509_set_version(x509, X509_VERSION_3) != 1 ||
	    X509_set_pubkey(x509, axev__key_pkey(subject_key)) != 1)
		return fail(err);
	TRY(set_serial(x509, request->serial, err));
	TRY(set_times(x509, request, err));
	TRY(set_subject(x509, request, err));
	if (X509_set_issuer_name(x509, X509_get_subject_name(issuer ? issuer : x509)) != 1)
		return fail(err);
	TRY(add_extensions(x509, issuer ? issuer : x509, request, err));
	TRY(sign(x509, axev__key_pkey(issuer_key), err));
	size = i2d_X509(x509, &der);
	if (size <= 0)
		return fail(err);
	status = axev__buf_append(ret_der, der, (size_t)size, err);
	OPENSSL_free(der);
	return status;
}
