/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/asn1.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "base/text.h"
#include "base/time.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/ossl.h"
#include "crypto/x509_internal.h"

void axev__certs_free(struct axev__certs *certs)
{
	size_t i;

	for (i = 0; i < certs->count; i++)
		free(certs->items[i].data);
	free(certs->items);
	*certs = (struct axev__certs){ 0 };
}

static int make_room(struct axev__certs *certs, axev_error *err)
{
	size_t capacity = certs->capacity ? 2 * certs->capacity : 4;
	struct axev__cert_der *items;

	if (certs->count < certs->capacity)
		return AXEV_OK;
	if (certs->count >= AXEV__MAX_CERTS)
		return axev__fail(err, AXEV_E_LIMIT, "more than %d certificates", AXEV__MAX_CERTS);
	items = reallocarray(certs->items, capacity, sizeof(*items));
	if (!items)
		return axev__nomem(err);
	certs->items = items;
	certs->capacity = capacity;
	return AXEV_OK;
}

int axev__certs_add(struct axev__certs *certs, struct axev__span der, axev_error *err)
{
	struct axev__cert_der *item;

	TRY(make_room(certs, err));
	item = &certs->items[certs->count];
	item->data = malloc(der.size ? der.size : 1);
	if (!item->data)
		return axev__nomem(err);
	if (der.size)
		memcpy(item->data, der.data, der.size);
	item->size = der.size;
	certs->count++;
	return AXEV_OK;
}

int axev__certs_collect(struct axev__certs *into, const struct axev__certs *from, axev_error *err)
{
	size_t i, known;

	for (i = 0; i < from->count; i++) {
		for (known = 0; known < into->count; known++)
			if (axev__span_equal(axev__cert_at(into, known), axev__cert_at(from, i)))
				break;
		if (known == into->count)
			TRY(axev__certs_add(into, axev__cert_at(from, i), err));
	}
	return AXEV_OK;
}

/* ---- reading ---- */

/*
 * OpenSSL reads some BER too and keeps the bytes it read, so that writing them again shows no difference:
 * the to-be-signed part has to be made anew for the comparison.
 */
static bool is_reencoded_the_same(X509 *x509, struct axev__span der)
{
	struct axev__der outer = axev__der_open(der), inner;
	struct axev__span tbs;
	unsigned char *bytes = NULL;
	bool is_same;
	int size;

	if (axev__der_enter(&outer, AXEV__DER_SEQUENCE, &inner, "", NULL) < 0 ||
	    axev__der_take(&inner, AXEV__DER_SEQUENCE, NULL, &tbs, "", NULL) < 0)
		return false;
	size = i2d_re_X509_tbs(x509, &bytes);
	is_same = size > 0 && axev__span_equal(axev__span(bytes, (size_t)size), tbs);
	OPENSSL_free(bytes);
	if (!is_same)
		return false;
	bytes = NULL;
	size = i2d_X509(x509, &bytes);
	is_same = size > 0 && axev__span_equal(axev__span(bytes, (size_t)size), der);
	OPENSSL_free(bytes);
	return is_same;
}

int axev__x509_parse(struct axev__span der, X509 **ret_x509, axev_error *err)
{
	AXEV__X509 *x509 = axev__x509_known(der);
	const unsigned char *in = der.data;
	X509 *read;

	if (x509) {
		*ret_x509 = axev__steal(x509);
		return AXEV_OK;
	}
	/* Without a context of our own OpenSSL would take the machine's, which a file may configure. */
	x509 = axev__ossl() ? X509_new_ex(axev__ossl(), NULL) : NULL;
	if (!x509)
		return axev__ossl_fail(err, AXEV_E_NOMEM, "cannot make a certificate");
	TRY(axev__der_check(der, "certificate", err));
	read = x509;
	if (!d2i_X509(&read, &in, (long)der.size)) {
		x509 = read; /* freed and cleared by the failed call */
		return axev__ossl_fail(err, AXEV_E_FORMAT, "expected a certificate");
	}
	if (in != der.data + der.size || !is_reencoded_the_same(x509, der)) {
		ERR_clear_error();
		return axev__fail(err, AXEV_E_FORMAT, "the certificate is not exactly DER");
	}
	axev__x509_remember(der, x509);
	*ret_x509 = axev__steal(x509);
	return AXEV_OK;
}

/* Certificate blocks of a PEM text; everything else, keys too, is passed over and wiped. */
static int read_pem(BIO *bio, struct axev__certs *certs, axev_error *err)
{
	char *name, *header;
	unsigned char *data;
	long size;
	int status = AXEV_OK;

	while (status == AXEV_OK && PEM_read_bio(bio, &name, &header, &data, &size)) {
		if (strcmp(name, PEM_STRING_X509) == 0)
			status = axev__certs_add(certs, axev__span(data, (size_t)size), err);
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_clear_free(data, (size_t)size);
	}
	if (status < 0)
		return status;
	if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		return axev__ossl_fail(err, AXEV_E_FORMAT, "broken PEM text");
	ERR_clear_error();
	return AXEV_OK;
}

int axev__certs_read(struct axev__span pem_or_der, struct axev__certs *certs, axev_error *err)
{
	size_t before = certs->count, i;
	X509 *x509;
	BIO *bio;
	int status;

	if (pem_or_der.size > AXEV__MAX_PEM_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "certificates: larger than %zu bytes",
				  AXEV__MAX_PEM_BYTES);
	if (pem_or_der.size && pem_or_der.data[0] == AXEV__DER_SEQUENCE) {
		TRY(axev__certs_add(certs, pem_or_der, err));
	} else {
		ERR_clear_error();
		bio = BIO_new_mem_buf(pem_or_der.data ? (const void *)pem_or_der.data : "",
				      (int)pem_or_der.size);
		if (!bio)
			return axev__nomem(err);
		status = read_pem(bio, certs, err);
		BIO_free(bio);
		TRY(status);
	}
	if (certs->count == before)
		return axev__fail(err, AXEV_E_FORMAT, "expected a PEM or DER certificate, found none");
	for (i = before; i < certs->count; i++) {
		TRY(axev__x509_parse(axev__cert_at(certs, i), &x509, err));
		X509_free(x509);
	}
	return AXEV_OK;
}

int axev__certs_to_pem(const struct axev__certs *certs, struct axev__buf *out, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(2 * AXEV__MAX_DER_BYTES);
	size_t i, at, line;

	for (i = 0; i < certs->count; i++) {
		axev__buf_clear(&text);
		TRY(axev__base64(&text, axev__cert_at(certs, i), err));
		TRY(axev__buf_str(out, "-----BEGIN CERTIFICATE-----\n", err));
		for (at = 0; at < text.size; at += line) {
			line = text.size - at < 64 ? text.size - at : 64;
			TRY(axev__buf_append(out, text.data + at, line, err));
			TRY(axev__buf_byte(out, '\n', err));
		}
		TRY(axev__buf_str(out, "-----END CERTIFICATE-----\n", err));
	}
	return AXEV_OK;
}

int axev__cert_sid(struct axev__span der, struct axev__span *ret_issuer,
		   struct axev__span *ret_serial, axev_error *err)
{
	struct axev__der outer = axev__der_open(der), cert, tbs;

	TRY(axev__der_enter(&outer, AXEV__DER_SEQUENCE, &cert, "certificate", err));
	TRY(axev__der_enter(&cert, AXEV__DER_SEQUENCE, &tbs, "certificate", err));
	if (axev__der_peek(&tbs) == AXEV__DER_CONTEXT_0)
		TRY(axev__der_take(&tbs, AXEV__DER_CONTEXT_0, NULL, NULL, "version", err));
	TRY(axev__der_take(&tbs, AXEV__DER_INTEGER, NULL, ret_serial, "serialNumber", err));
	TRY(axev__der_take(&tbs, AXEV__DER_SEQUENCE, NULL, NULL, "signature", err));
	return axev__der_take(&tbs, AXEV__DER_SEQUENCE, NULL, ret_issuer, "issuer", err);
}

int axev__cert_ski(struct axev__span der, struct axev__buf *ret_ski, axev_error *err)
{
	AXEV__X509 *x509 = NULL;
	const ASN1_OCTET_STRING *ski;

	TRY(axev__x509_parse(der, &x509, err));
	ski = X509_get0_subject_key_id(x509);
	if (!ski)
		return AXEV_OK;
	return axev__buf_append(ret_ski, ASN1_STRING_get0_data(ski), (size_t)ASN1_STRING_length(ski),
				err);
}

/* ---- properties ---- */

/* RFC 5480 2.1.1: only namedCurve; explicit parameters let a forger choose the generator. */
static bool is_named_curve(const X509 *x509)
{
	X509_PUBKEY *key = X509_get_X509_PUBKEY(x509);
	X509_ALGOR *algorithm = NULL;
	int type;

	if (!key || !X509_PUBKEY_get0_param(NULL, NULL, NULL, &algorithm, key) || !algorithm)
		return false;
	X509_ALGOR_get0(NULL, &type, NULL, algorithm);
	return type == V_ASN1_OBJECT;
}

enum axev__cert_key axev__x509_key(const X509 *x509)
{
	const EVP_PKEY *pkey = X509_get0_pubkey(x509);

	switch (pkey ? EVP_PKEY_get_base_id(pkey) : EVP_PKEY_NONE) {
	case EVP_PKEY_RSA:
		return AXEV__CERT_KEY_RSA;
	case EVP_PKEY_EC:
		return is_named_curve(x509) ? AXEV__CERT_KEY_EC : AXEV__CERT_KEY_OTHER;
	default:
		ERR_clear_error();
		return AXEV__CERT_KEY_OTHER;
	}
}

static int curve_nid(const EVP_PKEY *pkey)
{
	char group[64];
	size_t length;

	if (EVP_PKEY_get_group_name(pkey, group, sizeof(group), &length) != 1)
		return NID_undef;
	return OBJ_txt2nid(group);
}

static void describe_key(const X509 *x509, char *out, size_t size)
{
	const EVP_PKEY *pkey = X509_get0_pubkey(x509);
	const char *curve;

	switch (axev__x509_key(x509)) {
	case AXEV__CERT_KEY_RSA:
		snprintf(out, size, "RSA %d", EVP_PKEY_get_bits(pkey));
		return;
	case AXEV__CERT_KEY_EC:
		curve = EC_curve_nid2nist(curve_nid(pkey));
		snprintf(out, size, "EC %s", curve ? curve : "of an unknown curve");
		return;
	default:
		snprintf(out, size, "%s",
			 pkey && EVP_PKEY_get0_type_name(pkey) ? EVP_PKEY_get0_type_name(pkey)
							       : "unknown");
	}
}

static int show_name(const X509_NAME *name, char *out, size_t size, axev_error *err)
{
	struct axev__shown shown;
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long length;

	if (!bio)
		return axev__nomem(err);
	if (X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) <
	    0) {
		BIO_free(bio);
		return axev__ossl_fail(err, AXEV_E_FORMAT, "a name of the certificate is broken");
	}
	length = BIO_get_mem_data(bio, &text);
	snprintf(out, size, "%s", axev__show(&shown, axev__span(text, (size_t)length)));
	BIO_free(bio);
	return AXEV_OK;
}

static int show_serial(const X509 *x509, char *out, size_t size, axev_error *err)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x509);
	size_t length = (size_t)ASN1_STRING_length(serial);

	if (2 * length + 1 > size)
		return axev__fail(err, AXEV_E_LIMIT, "the serial number has more than 64 octets");
	axev__hex(out, ASN1_STRING_get0_data(serial), length);
	return AXEV_OK;
}

/* Certificates may stand outside the years that nanoseconds can hold: such ends are clamped. */
static int read_time(const ASN1_TIME *time, int64_t *ret_ns, axev_error *err)
{
	struct tm tm;
	struct axev__civil civil;

	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return axev__ossl_fail(err, AXEV_E_FORMAT, "a validity time is broken");
	civil = (struct axev__civil){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
				      tm.tm_min, tm.tm_sec, 0 };
	if (civil.year < 1970)
		*ret_ns = 0;
	else if (civil.year > 2261)
		*ret_ns = INT64_MAX;
	else if (!axev__civil_to_ns(&civil, ret_ns))
		return axev__fail(err, AXEV_E_FORMAT, "a validity time is broken");
	return AXEV_OK;
}

bool axev__x509_issued(X509 *issuer, X509 *subject)
{
	bool is_issued = X509_NAME_cmp(X509_get_subject_name(issuer),
				       X509_get_issuer_name(subject)) == 0 &&
			 X509_get0_pubkey(issuer) &&
			 X509_verify(subject, X509_get0_pubkey(issuer)) == 1;

	ERR_clear_error();
	return is_issued;
}

/* RFC 3161 2.3: the extension MUST be critical, and id-kp-timeStamping the only purpose. */
static bool is_time_stamper(const X509 *x509)
{
	int critical = -1;
	EXTENDED_KEY_USAGE *usage = X509_get_ext_d2i(x509, NID_ext_key_usage, &critical, NULL);
	bool is_sole = usage && critical == 1 && sk_ASN1_OBJECT_num(usage) == 1 &&
		       OBJ_obj2nid(sk_ASN1_OBJECT_value(usage, 0)) == NID_time_stamp;

	sk_ASN1_OBJECT_pop_free(usage, ASN1_OBJECT_free);
	ERR_clear_error();
	return is_sole;
}

/* RFC 5280 4.2.1.12: a certificate MUST only be used for one of the purposes indicated. */
static bool is_for_others(const X509 *x509)
{
	EXTENDED_KEY_USAGE *usage = X509_get_ext_d2i(x509, NID_ext_key_usage, NULL, NULL);
	bool is_other = usage != NULL;
	int i;

	for (i = 0; i < sk_ASN1_OBJECT_num(usage); i++) {
		int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(usage, i));

		if (nid != NID_server_auth && nid != NID_code_sign && nid != NID_time_stamp &&
		    nid != NID_OCSP_sign)
			is_other = false;
	}
	sk_ASN1_OBJECT_pop_free(usage, ASN1_OBJECT_free);
	ERR_clear_error();
	return is_other;
}

int axev__cert_info(struct axev__span der, struct axev__cert_info *ret_info, axev_error *err)
{
	struct axev__cert_info info = { 0 };
	AXEV__X509 *x509 = NULL;
	uint32_t usage;

	TRY(axev__x509_parse(der, &x509, err));
	TRY(show_name(X509_get_subject_name(x509), info.subject, sizeof(info.subject), err));
	TRY(show_name(X509_get_issuer_name(x509), info.issuer, sizeof(info.issuer), err));
	TRY(show_serial(x509, info.serial_hex, sizeof(info.serial_hex), err));
	TRY(read_time(X509_get0_notBefore(x509), &info.not_before_ns, err));
	TRY(read_time(X509_get0_notAfter(x509), &info.not_after_ns, err));
	TRY(axev__sha256(der.data, der.size, info.sha256, err));
	info.is_self_signed = axev__x509_issued(x509, x509);
	/* X509_check_ca says no when the key usage lacks keyCertSign; what the certificate claims counts too. */
	info.is_ca = X509_check_ca(x509) != 0 || (X509_get_extension_flags(x509) & EXFLAG_CA) != 0;
	usage = X509_get_key_usage(x509); /* all bits when absent */
	info.may_sign = (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
	info.is_time_stamper = is_time_stamper(x509);
	info.is_for_others = is_for_others(x509);
	describe_key(x509, info.key, sizeof(info.key));
	ERR_clear_error();
	*ret_info = info;
	return AXEV_OK;
}

/* Keys and digests that are accepted, and until when. Later than that a certificate proves nothing new. */
static const struct {
	enum axev__cert_key key;
	int min_bits;
	int64_t until_ns;
} key_table[] = {
	{ AXEV__CERT_KEY_EC, 256, INT64_MAX },
	{ AXEV__CERT_KEY_RSA, 3072, INT64_MAX },
	/* NIST SP 800-57 part 1 table 4: 112 bits of strength until the end of 2030. */
	{ AXEV__CERT_KEY_RSA, 2048, INT64_C(1924992000) * AXEV__NS_PER_SECOND },
};

static bool is_key_acceptable(const X509 *x509, int64_t at_ns)
{
	const EVP_PKEY *pkey = X509_get0_pubkey(x509);
	enum axev__cert_key key = axev__x509_key(x509);
	int nid;
	size_t i;

	if (key == AXEV__CERT_KEY_EC) {
		nid = curve_nid(pkey);
		if (nid != NID_X9_62_prime256v1 && nid != NID_secp384r1 && nid != NID_secp521r1)
			return false;
	}
	for (i = 0; i < AXEV__COUNT(key_table); i++)
		if (key == key_table[i].key && EVP_PKEY_get_bits(pkey) >= key_table[i].min_bits &&
		    at_ns < key_table[i].until_ns)
			return true;
	return false;
}

static bool is_signature_acceptable(const X509 *x509)
{
	switch (X509_get_signature_nid(x509)) {
	case NID_sha256WithRSAEncryption:
	case NID_sha384WithRSAEncryption:
	case NID_sha512WithRSAEncryption:
	case NID_ecdsa_with_SHA256:
	case NID_ecdsa_with_SHA384:
	case NID_ecdsa_with_SHA512:
		return true;
	default:
		return false;
	}
}

int axev__cert_acceptable(struct axev__span der, int64_t at_ns, axev_error *err)
{
	AXEV__X509 *x509 = NULL;
	char key[64];

	TRY(axev__x509_parse(der, &x509, err));
	if (!is_key_acceptable(x509, at_ns)) {
		describe_key(x509, key, sizeof(key));
		return axev__fail(err, AXEV_E_INVALID,
				  "the certificate's key (%s) is not accepted at that time", key);
	}
	if (!is_signature_acceptable(x509))
		return axev__fail(err, AXEV_E_INVALID,
				  "the certificate is signed with %s, which is not accepted",
				  OBJ_nid2ln(X509_get_signature_nid(x509)));
	return AXEV_OK;
}

bool axev__pkey_may_sign_evidence(const EVP_PKEY *pkey)
{
	if (!pkey) /* a kind of key that OpenSSL does not know */
		return false;
	if (EVP_PKEY_get_base_id(pkey) == EVP_PKEY_RSA)
		return EVP_PKEY_get_bits(pkey) >= 3072;
	return EVP_PKEY_get_base_id(pkey) == EVP_PKEY_EC && curve_nid(pkey) == NID_X9_62_prime256v1;
}

/* ---- signatures with a certificate's key ---- */

int axev__x509_verify(struct axev__span cert, const char *digest, struct axev__span tbs,
		      struct axev__span signature, axev_error *err)
{
	AXEV__X509 *x509 = NULL;
	EVP_MD_CTX *context;
	int outcome = -1;

	TRY(axev__x509_parse(cert, &x509, err));
	if (axev__x509_key(x509) == AXEV__CERT_KEY_OTHER)
		return axev__fail(err, AXEV_E_INVALID, "the signer's kind of key is not accepted");
	context = EVP_MD_CTX_new();
	if (!context)
		return axev__nomem(err);
	if (EVP_DigestVerifyInit_ex(context, NULL, digest, axev__ossl(), NULL,
				    X509_get0_pubkey(x509), NULL) == 1)
		outcome = EVP_DigestVerify(context, signature.data, signature.size, tbs.data, tbs.size);
	EVP_MD_CTX_free(context);
	if (outcome == 1)
		return AXEV_OK;
	return axev__ossl_fail(err, AXEV_E_INVALID,
			       "the signature was not made by the certificate's key over these bytes");
}
