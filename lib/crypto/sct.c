/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sct.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/ossl.h"
#include "crypto/x509_internal.h"

#define LOG_ID_BYTES 32
#define ECDSA 3
#define RSA 1
#define SHA256 4

/* ---- reading ---- */

static bool take(struct axev__span *rest, size_t size, struct axev__span *ret_piece)
{
	if (size > rest->size)
		return false;
	*ret_piece = axev__span(rest->data, size);
	*rest = axev__span(rest->data + size, rest->size - size);
	return true;
}

static bool vector(struct axev__span *rest, struct axev__span *ret_vector)
{
	struct axev__span length;

	return take(rest, 2, &length) && take(rest, axev__get_u16be(length.data), ret_vector);
}

static int malformed(axev_error *err)
{
	return axev__fail(err, AXEV_E_FORMAT, "list of certificate timestamps: malformed");
}

int axev__sct_begin(struct axev__span list, struct axev__span *ret_rest, axev_error *err)
{
	if (!vector(&list, ret_rest) || list.size)
		return malformed(err);
	return AXEV_OK;
}

/* RFC 6962 3.2 */
static bool read_one(struct axev__span body, struct axev__sct *sct)
{
	struct axev__span time, algorithms;
	uint64_t milliseconds;

	if (!take(&body, LOG_ID_BYTES, &sct->log_id) || !take(&body, 8, &time) ||
	    !vector(&body, &sct->extensions) || !take(&body, 2, &algorithms) ||
	    !vector(&body, &sct->signature) || body.size)
		return false;
	milliseconds = axev__get_u64be(time.data);
	if (milliseconds > INT64_MAX / 1000000)
		return false;
	sct->time_ns = (int64_t)milliseconds * 1000000;
	sct->hash = algorithms.data[0];
	sct->algorithm = algorithms.data[1];
	return true;
}

int axev__sct_next(struct axev__span *rest, struct axev__sct *ret_sct, bool *ret_found, axev_error *err)
{
	struct axev__span one, version;

	*ret_found = false;
	while (rest->size) {
		if (!vector(rest, &one) || !take(&one, 1, &version))
			return malformed(err);
		if (version.data[0] != 0)
			continue;
		if (!read_one(one, ret_sct))
			return malformed(err);
		*ret_found = true;
		return AXEV_OK;
	}
	return AXEV_OK;
}

/* The extension's value is an OCTET STRING once more, RFC 6962 3.3. */
static int put_list(X509_EXTENSION *extension, struct axev__buf *out, axev_error *err)
{
	const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(extension);
	const unsigned char *data = ASN1_STRING_get0_data(value);
	ASN1_OCTET_STRING *list = d2i_ASN1_OCTET_STRING(NULL, &data, ASN1_STRING_length(value));
	int status;

	ERR_clear_error();
	if (!list)
		return malformed(err);
	status = axev__buf_append(out, ASN1_STRING_get0_data(list), (size_t)ASN1_STRING_length(list), err);
	ASN1_OCTET_STRING_free(list);
	return status;
}

int axev__sct_embedded(struct axev__span leaf, struct axev__buf *out, axev_error *err)
{
	AXEV__X509 *x509 = NULL;
	int place;

	TRY(axev__x509_parse(leaf, &x509, err));
	place = X509_get_ext_by_NID(x509, NID_ct_precert_scts, -1);
	if (place < 0)
		return AXEV_OK;
	return put_list(X509_get_ext(x509, place), out, err);
}

/* Of the first answer for this serial number that has any. */
static int put_stapled(OCSP_BASICRESP *basic, const ASN1_INTEGER *serial, struct axev__buf *out, axev_error *err)
{
	int i, place;

	for (i = 0; i < OCSP_resp_count(basic); i++) {
		OCSP_SINGLERESP *one = OCSP_resp_get0(basic, i);
		ASN1_INTEGER *of = NULL;

		OCSP_id_get0_info(NULL, NULL, NULL, &of, (OCSP_CERTID *)OCSP_SINGLERESP_get0_id(one));
		place = of && ASN1_INTEGER_cmp(of, serial) == 0 ? OCSP_SINGLERESP_get_ext_by_NID(one, NID_ct_cert_scts, -1) : -1;
		if (place >= 0)
			return put_list(OCSP_SINGLERESP_get_ext(one, place), out, err);
	}
	return AXEV_OK;
}

int axev__sct_stapled(struct axev__span response, struct axev__span leaf, struct axev__buf *out, axev_error *err)
{
	const unsigned char *data = response.data;
	AXEV__X509 *x509 = NULL;
	OCSP_RESPONSE *whole;
	OCSP_BASICRESP *basic;
	int status = AXEV_OK;

	TRY(axev__x509_parse(leaf, &x509, err));
	whole = d2i_OCSP_RESPONSE(NULL, &data, (long)response.size);
	if (!whole || data != response.data + response.size) {
		OCSP_RESPONSE_free(whole);
		ERR_clear_error();
		return axev__fail(err, AXEV_E_FORMAT, "stapled OCSP response: malformed");
	}
	/* "tryLater" and the like hold no answers. */
	basic = OCSP_response_get1_basic(whole);
	if (basic)
		status = put_stapled(basic, X509_get0_serialNumber(x509), out, err);
	OCSP_BASICRESP_free(basic);
	OCSP_RESPONSE_free(whole);
	ERR_clear_error();
	return status;
}

struct axev__span axev__certs_issuer(const struct axev__certs *certs, struct axev__span leaf)
{
	AXEV__X509 *subject = NULL;
	size_t i;

	if (axev__x509_parse(leaf, &subject, NULL) < 0)
		return axev__span(NULL, 0);
	for (i = 0; i < certs->count; i++) {
		AXEV__X509 *issuer = NULL;

		if (axev__x509_parse(axev__cert_at(certs, i), &issuer, NULL) >= 0 &&
		    axev__x509_issued(issuer, subject))
			return axev__cert_at(certs, i);
	}
	return axev__span(NULL, 0);
}

/* ---- what is signed ---- */

static int put_u24(struct axev__buf *out, size_t number, axev_error *err)
{
	const uint8_t bytes[3] = { (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number };

	if (number > 0xFFFFFF)
		return axev__fail(err, AXEV_E_LIMIT, "the certificate is too large");
	return axev__buf_append(out, bytes, sizeof(bytes), err);
}

static int put_issuer_key(struct axev__span issuer, struct axev__buf *out, axev_error *err)
{
	AXEV__X509 *x509 = NULL;
	unsigned char *der = NULL;
	uint8_t sha256[32];
	int size, status;

	TRY(axev__x509_parse(issuer, &x509, err));
	size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &der);
	if (size <= 0)
		return axev__nomem(err);
	status = axev__sha256(der, (size_t)size, sha256, err);
	OPENSSL_free(der);
	return status < 0 ? status : axev__buf_append(out, sha256, sizeof(sha256), err);
}

/* RFC 6962 3.2: the TBSCertificate without the extension that holds the timestamps. */
static int put_precert(struct axev__span leaf, struct axev__buf *out, axev_error *err)
{
	AXEV__X509 *x509 = NULL;
	AXEV__X509 *copy = NULL;
	unsigned char *der = NULL;
	int place, size, status;

	TRY(axev__x509_parse(leaf, &x509, err));
	copy = X509_dup(x509);
	if (!copy)
		return axev__nomem(err);
	place = X509_get_ext_by_NID(copy, NID_ct_precert_scts, -1);
	if (place >= 0)
		X509_EXTENSION_free(X509_delete_ext(copy, place));
	size = i2d_re_X509_tbs(copy, &der);
	if (size <= 0)
		return axev__nomem(err);
	status = put_u24(out, (size_t)size, err);
	if (status >= 0)
		status = axev__buf_append(out, der, (size_t)size, err);
	OPENSSL_free(der);
	return status;
}

static int put_signed(const struct axev__sct *sct, struct axev__span leaf, struct axev__span issuer,
		      bool is_embedded, struct axev__buf *out, axev_error *err)
{
	/* version 1, certificate_timestamp; entry type x509_entry or precert_entry */
	uint8_t head[12] = { 0, 0 }, length[2];

	axev__put_u64be(head + 2, (uint64_t)(sct->time_ns / 1000000));
	axev__put_u16be(head + 10, is_embedded);
	TRY(axev__buf_append(out, head, sizeof(head), err));
	if (is_embedded) {
		TRY(put_issuer_key(issuer, out, err));
		TRY(put_precert(leaf, out, err));
	} else {
		TRY(put_u24(out, leaf.size, err));
		TRY(axev__buf_span(out, leaf, err));
	}
	axev__put_u16be(length, (uint16_t)sct->extensions.size);
	TRY(axev__buf_append(out, length, sizeof(length), err));
	return axev__buf_span(out, sct->extensions, err);
}

/* ---- keys and signatures ---- */

static EVP_PKEY *read_key(struct axev__span der)
{
	const unsigned char *data = der.data;
	EVP_PKEY *pkey = d2i_PUBKEY_ex(NULL, &data, (long)der.size, axev__ossl(), NULL);

	ERR_clear_error();
	if (pkey && data != der.data + der.size) {
		EVP_PKEY_free(pkey);
		return NULL;
	}
	return pkey;
}

int axev__public_key_read(struct axev__span pem_or_der, struct axev__buf *ret_der, axev_error *err)
{
	AXEV__PKEY *pkey = NULL;
	unsigned char *der = NULL;
	BIO *bio;
	int size, status;

	if (pem_or_der.size > AXEV__MAX_PEM_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "expected a public key");
	pkey = read_key(pem_or_der);
	if (!pkey) {
		bio = BIO_new_mem_buf(pem_or_der.data, (int)pem_or_der.size);
		if (!bio)
			return axev__nomem(err);
		pkey = PEM_read_bio_PUBKEY_ex(bio, NULL, NULL, NULL, axev__ossl(), NULL);
		BIO_free(bio);
		ERR_clear_error();
	}
	if (!pkey || (!EVP_PKEY_is_a(pkey, "EC") && !EVP_PKEY_is_a(pkey, "RSA")))
		return axev__fail(err, AXEV_E_FORMAT, "expected a public key, EC or RSA, as PEM or DER");
	size = i2d_PUBKEY(pkey, &der);
	if (size <= 0)
		return axev__nomem(err);
	status = axev__buf_append(ret_der, der, (size_t)size, err);
	OPENSSL_free(der);
	return status;
}

static bool is_made_by(EVP_PKEY *pkey, struct axev__span tbs, struct axev__span signature)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool is = context &&
		  EVP_DigestVerifyInit_ex(context, NULL, "SHA256", axev__ossl(), NULL, pkey, NULL) == 1 &&
		  EVP_DigestVerify(context, signature.data, signature.size, tbs.data, tbs.size) == 1;

	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return is;
}

int axev__sct_verify(const struct axev__sct *sct, struct axev__span leaf, struct axev__span issuer,
		     bool is_embedded, struct axev__span log_key, axev_error *err)
{
	AXEV__BUF tbs = AXEV__BUF_INIT(2 * AXEV__MAX_DER_BYTES);
	AXEV__PKEY *pkey = read_key(log_key);
	uint8_t expected;

	if (!pkey)
		return axev__fail(err, AXEV_E_FORMAT, "expected a public key, EC or RSA, as PEM or DER");
	if (is_embedded && issuer.size == 0)
		return axev__fail(err, AXEV_E_INDETERMINATE,
				  "certificate timestamp: the issuer's certificate is not here");
	expected = EVP_PKEY_is_a(pkey, "EC") ? ECDSA : RSA;
	TRY(put_signed(sct, leaf, issuer, is_embedded, &tbs, err));
	if (sct->hash != SHA256 || sct->algorithm != expected ||
	    !is_made_by(pkey, axev__buf_view(&tbs), sct->signature))
		return axev__fail(err, AXEV_E_INVALID,
				  "certificate timestamp: not signed by the log for this certificate");
	return AXEV_OK;
}
