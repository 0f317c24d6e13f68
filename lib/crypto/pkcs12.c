/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/pkcs12.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pkcs12.h>

#include "crypto/ossl.h"

static void free_pkcs12(PKCS12 **pkcs12)
{
	PKCS12_free(*pkcs12);
}

static int read_file(struct axev__span bytes, PKCS12 **pkcs12, axev_error *err)
{
	const unsigned char *at = bytes.data;

	*pkcs12 = PKCS12_init_ex(NID_pkcs7_data, axev__ossl(), NULL);
	if (!*pkcs12)
		return axev__nomem(err);
	if (bytes.size == 0 || bytes.size > LONG_MAX || !d2i_PKCS12(pkcs12, &at, (long)bytes.size)) {
		*pkcs12 = NULL; /* freed with the failure */
		ERR_clear_error();
		return axev__fail(err, AXEV_E_FORMAT, "expected a file of PKCS #12 (.p12, .pfx)");
	}
	return AXEV_OK;
}

static int give_der(X509 *x509, struct axev__buf *ret_der, axev_error *err)
{
	unsigned char *der = NULL;
	int size = i2d_X509(x509, &der), status;

	if (size <= 0)
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot write the certificate");
	status = axev__buf_append(ret_der, der, (size_t)size, err);
	OPENSSL_free(der);
	return status;
}

/* No passphrase is written in two ways, RFC 7292 appendix B.1: an empty text, or none. */
static bool opens(PKCS12 *pkcs12, const char *passphrase)
{
	return PKCS12_verify_mac(pkcs12, passphrase, -1) == 1 ||
	       (!*passphrase && PKCS12_verify_mac(pkcs12, NULL, 0) == 1);
}

int axev__pkcs12_certificate(struct axev__span bytes, const char *passphrase, struct axev__buf *ret_der, axev_error *err)
{
	AXEV__CLEANUP(free_pkcs12) PKCS12 *pkcs12 = NULL;
	EVP_PKEY *key = NULL;
	X509 *x509 = NULL;
	int status = AXEV_OK;

	TRY(read_file(bytes, &pkcs12, err));
	if (!opens(pkcs12, passphrase)) {
		ERR_clear_error();
		return axev__fail(err, AXEV_E_PASSPHRASE, *passphrase ? "the passphrase does not open it" :
									  "it needs a passphrase");
	}
	if (PKCS12_parse(pkcs12, passphrase, &key, &x509, NULL) != 1)
		return axev__ossl_fail(err, AXEV_E_UNSUPPORTED, "cannot be read; openssl pkcs12 can write it anew");
	if (!key || !x509)
		status = axev__fail(err, AXEV_E_FORMAT, "expected a private key with its certificate");
	if (status >= 0)
		status = give_der(x509, ret_der, err);
	EVP_PKEY_free(key);
	X509_free(x509);
	ERR_clear_error();
	return status;
}
