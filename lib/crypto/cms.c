/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cms.h"

#include <openssl/evp.h>

#include "base/time.h"
#include "crypto/ossl.h"

#define OID(text) { (const uint8_t *)(text), sizeof(text) - 1 }
#define PKCS9 "\x2A\x86\x48\x86\xF7\x0D\x01\x09"
#define SHA2 "\x60\x86\x48\x01\x65\x03\x04\x02"

static const struct axev__span oid_signed_data = OID("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02");
const struct axev__span axev__oid_data = OID("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01");
const struct axev__span axev__oid_tst_info = OID("\x06\x0B" PKCS9 "\x10\x01\x04");
const struct axev__span axev__oid_content_type = OID("\x06\x09" PKCS9 "\x03");
const struct axev__span axev__oid_message_digest = OID("\x06\x09" PKCS9 "\x04");
const struct axev__span axev__oid_signing_time = OID("\x06\x09" PKCS9 "\x05");
const struct axev__span axev__oid_signing_cert_v2 = OID("\x06\x0B" PKCS9 "\x10\x02\x2F");
const struct axev__span axev__oid_time_stamp_token = OID("\x06\x0B" PKCS9 "\x10\x02\x0E");
static const struct axev__span rsa_encryption =
	OID("\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01\x05\x00");

static const struct axev__cms_digest digests[] = {
	{ "SHA256", OID("\x06\x09" SHA2 "\x01"), OID("\x30\x0B\x06\x09" SHA2 "\x01"), 32 },
	{ "SHA384", OID("\x06\x09" SHA2 "\x02"), OID("\x30\x0B\x06\x09" SHA2 "\x02"), 48 },
	{ "SHA512", OID("\x06\x09" SHA2 "\x03"), OID("\x30\x0B\x06\x09" SHA2 "\x03"), 64 },
};

/* In the order of the digests: ECDSA with parameters absent (RFC 5758 3.2). */
static const struct axev__span ecdsa[] = {
	OID("\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x02"),
	OID("\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x03"),
	OID("\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x04"),
};

const struct axev__cms_digest *axev__cms_digest_by_oid(struct axev__span oid)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(digests); i++)
		if (axev__span_equal(oid, digests[i].oid))
			return &digests[i];
	return NULL;
}

const struct axev__cms_digest *axev__cms_digest_by_size(size_t size)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(digests); i++)
		if (size == digests[i].size)
			return &digests[i];
	return NULL;
}

int axev__cms_digest_compute(const struct axev__cms_digest *digest, struct axev__span data,
			     uint8_t out[64], axev_error *err)
{
	if (EVP_Q_digest(axev__ossl(), digest->name, NULL, data.data, data.size, out, NULL) != 1)
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot digest");
	return AXEV_OK;
}

int axev__cms_algorithm(struct axev__der *der, struct axev__span *ret_oid, const char *what,
			axev_error *err)
{
	struct axev__der inner;

	TRY(axev__der_enter(der, AXEV__DER_SEQUENCE, &inner, what, err));
	TRY(axev__der_take(&inner, AXEV__DER_OID, NULL, ret_oid, what, err));
	if (!axev__der_done(&inner))
		TRY(axev__der_take(&inner, AXEV__DER_NULL, NULL, NULL, what, err));
	return axev__der_end(&inner, what, err);
}

/* ---- reading ---- */

void axev__signed_data_free(struct axev__signed_data *data)
{
	axev__certs_free(&data->certs);
}

static int read_content(struct axev__der *der, struct axev__signed_data *data, axev_error *err)
{
	struct axev__der info, wrapped;

	TRY(axev__der_enter(der, AXEV__DER_SEQUENCE, &info, "encapContentInfo", err));
	TRY(axev__der_take(&info, AXEV__DER_OID, NULL, &data->content_type, "eContentType", err));
	data->has_content = !axev__der_done(&info);
	if (!data->has_content)
		return AXEV_OK;
	TRY(axev__der_enter(&info, AXEV__DER_CONTEXT_0, &wrapped, "eContent", err));
	TRY(axev__der_take(&wrapped, AXEV__DER_OCTET_STRING, &data->content, NULL, "eContent", err));
	TRY(axev__der_end(&wrapped, "eContent", err));
	return axev__der_end(&info, "encapContentInfo", err);
}

static int read_certs(struct axev__der *der, struct axev__signed_data *data, axev_error *err)
{
	struct axev__der set;
	struct axev__span cert;

	if (axev__der_peek(der) != AXEV__DER_CONTEXT_0)
		return AXEV_OK;
	TRY(axev__der_enter(der, AXEV__DER_CONTEXT_0, &set, "certificates", err));
	while (!axev__der_done(&set)) {
		TRY(axev__der_take(&set, axev__der_peek(&set), NULL, &cert, "certificate", err));
		/* Other choices (attribute certificates) serve nothing here. */
		if (cert.data[0] == AXEV__DER_SEQUENCE)
			TRY(axev__certs_add(&data->certs, cert, err));
	}
	return AXEV_OK;
}

static int read_sid(struct axev__der *der, struct axev__signed_data *data, axev_error *err)
{
	struct axev__der sid;

	if (axev__der_peek(der) == 0x80)
		return axev__der_take(der, 0x80, &data->sid_ski, NULL, "sid", err);
	TRY(axev__der_enter(der, AXEV__DER_SEQUENCE, &sid, "sid", err));
	TRY(axev__der_take(&sid, AXEV__DER_SEQUENCE, NULL, &data->sid_issuer, "issuer", err));
	TRY(axev__der_take(&sid, AXEV__DER_INTEGER, NULL, &data->sid_serial, "serialNumber", err));
	return axev__der_end(&sid, "sid", err);
}

static int read_signer(struct axev__der *set, struct axev__signed_data *data, axev_error *err)
{
	struct axev__der signer;
	struct axev__span oid;

	TRY(axev__der_enter(set, AXEV__DER_SEQUENCE, &signer, "SignerInfo", err));
	TRY(axev__der_take(&signer, AXEV__DER_INTEGER, NULL, NULL, "SignerInfo version", err));
	TRY(read_sid(&signer, data, err));
	TRY(axev__cms_algorithm(&signer, &oid, "digestAlgorithm", err));
	data->digest = axev__cms_digest_by_oid(oid);
	if (!data->digest)
		return axev__fail_at(err, AXEV_E_FORMAT, signer.offset,
				     "expected SHA-256, SHA-384 or SHA-512 as the digest algorithm");
	/*
	 * Without signed attributes the signature is over the content itself, and a signature over
	 * attributes can be passed off as one over content that looks like attributes.
	 */
	TRY(axev__der_take(&signer, AXEV__DER_CONTEXT_0, &data->attributes, NULL, "signedAttrs", err));
	TRY(axev__cms_algorithm(&signer, &data->signature_oid, "signatureAlgorithm", err));
	TRY(axev__der_take(&signer, AXEV__DER_OCTET_STRING, &data->signature, NULL, "signature", err));
	if (!axev__der_done(&signer))
		TRY(axev__der_take(&signer, AXEV__DER_CONTEXT_1, &data->unsigned_attributes, NULL,
				   "unsignedAttrs", err));
	return axev__der_end(&signer, "SignerInfo", err);
}

static int read_parts(struct axev__span der, struct axev__signed_data *data, axev_error *err)
{
	struct axev__der top = axev__der_open(der), info, wrapped, body, signers;
	struct axev__span oid;

	TRY(axev__der_enter(&top, AXEV__DER_SEQUENCE, &info, "ContentInfo", err));
	TRY(axev__der_take(&info, AXEV__DER_OID, NULL, &oid, "contentType", err));
	if (!axev__span_equal(oid, oid_signed_data))
		return axev__fail_at(err, AXEV_E_FORMAT, info.offset, "expected CMS SignedData");
	TRY(axev__der_enter(&info, AXEV__DER_CONTEXT_0, &wrapped, "content", err));
	TRY(axev__der_end(&info, "ContentInfo", err));
	TRY(axev__der_enter(&wrapped, AXEV__DER_SEQUENCE, &body, "SignedData", err));
	TRY(axev__der_end(&wrapped, "content", err));
	TRY(axev__der_take(&body, AXEV__DER_INTEGER, NULL, NULL, "version", err));
	TRY(axev__der_take(&body, AXEV__DER_SET, NULL, NULL, "digestAlgorithms", err));
	TRY(read_content(&body, data, err));
	TRY(read_certs(&body, data, err));
	if (axev__der_peek(&body) == AXEV__DER_CONTEXT_1)
		TRY(axev__der_take(&body, AXEV__DER_CONTEXT_1, NULL, NULL, "crls", err));
	TRY(axev__der_enter(&body, AXEV__DER_SET, &signers, "signerInfos", err));
	TRY(axev__der_end(&body, "SignedData", err));
	if (axev__der_done(&signers))
		return axev__fail_at(err, AXEV_E_FORMAT, signers.offset,
				     "expected one SignerInfo, found none");
	TRY(read_signer(&signers, data, err));
	return axev__der_end(&signers, "expected one SignerInfo", err);
}

int axev__signed_data_read(struct axev__span der, struct axev__signed_data *ret_data,
			   axev_error *err)
{
	int status;

	memset(ret_data, 0, sizeof(*ret_data));
	TRY(axev__der_check(der, "CMS", err));
	status = read_parts(der, ret_data, err);
	if (status < 0)
		axev__signed_data_free(ret_data);
	return status;
}

static bool is_named(const struct axev__signed_data *data, struct axev__span cert)
{
	AXEV__BUF ski = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span issuer, serial;

	if (data->sid_ski.size)
		return axev__cert_ski(cert, &ski, NULL) == AXEV_OK &&
		       axev__span_equal(axev__buf_view(&ski), data->sid_ski);
	return axev__cert_sid(cert, &issuer, &serial, NULL) == AXEV_OK &&
	       axev__span_equal(issuer, data->sid_issuer) &&
	       axev__span_equal(serial, data->sid_serial);
}

int axev__signed_data_signer(const struct axev__signed_data *data, size_t *ret_index,
			     axev_error *err)
{
	size_t i, found = 0, count = 0;

	/* Authorities are seen that enclose their certificate twice; two different ones are refused. */
	for (i = 0; i < data->certs.count; i++)
		if (is_named(data, axev__cert_at(&data->certs, i)) &&
		    (count == 0 || !axev__span_equal(axev__cert_at(&data->certs, i),
						     axev__cert_at(&data->certs, found)))) {
			found = i;
			count++;
		}
	if (count != 1)
		return axev__fail(err, AXEV_E_FORMAT,
				  "expected one certificate of the signer, found %zu", count);
	*ret_index = found;
	return AXEV_OK;
}

static int read_signing_time(struct axev__der *values, struct axev__signed_attributes *ret,
			     axev_error *err)
{
	struct axev__span text;
	char full[17];

	if (axev__der_peek(values) == AXEV__DER_UTC_TIME) {
		TRY(axev__der_take(values, AXEV__DER_UTC_TIME, &text, NULL, "signingTime", err));
		if (text.size != 13)
			return axev__fail(err, AXEV_E_FORMAT, "signingTime: expected YYMMDDHHMMSSZ");
		/* RFC 5652 11.3: years 50 to 99 are 19xx. */
		memcpy(full, text.data[0] >= '5' ? "19" : "20", 2);
		memcpy(full + 2, text.data, 13);
		text = axev__span(full, 15);
	} else {
		TRY(axev__der_take(values, AXEV__DER_GENERALIZED_TIME, &text, NULL, "signingTime",
				   err));
	}
	if (!axev__parse_generalized_time(text, &ret->signing_time_ns))
		return axev__fail(err, AXEV_E_FORMAT, "signingTime: expected a time in UTC");
	ret->has_signing_time = true;
	return AXEV_OK;
}

static int read_attribute(struct axev__span oid, struct axev__der *values,
			  struct axev__signed_attributes *ret, axev_error *err)
{
	if (axev__span_equal(oid, axev__oid_content_type))
		return axev__der_take(values, AXEV__DER_OID, NULL, &ret->content_type, "contentType",
				      err);
	if (axev__span_equal(oid, axev__oid_message_digest))
		return axev__der_take(values, AXEV__DER_OCTET_STRING, &ret->message_digest, NULL,
				      "messageDigest", err);
	if (axev__span_equal(oid, axev__oid_signing_cert_v2))
		return axev__der_take(values, AXEV__DER_SEQUENCE, NULL, &ret->signing_cert,
				      "signing-certificate-v2", err);
	if (axev__span_equal(oid, axev__oid_signing_time))
		return read_signing_time(values, ret, err);
	ret->other_count++;
	return axev__der_take(values, axev__der_peek(values), NULL, NULL, "attribute value", err);
}

static int seen_before(struct axev__span content, struct axev__span oid, axev_error *err)
{
	struct axev__der der = axev__der_open(content), attribute;
	struct axev__span other;
	unsigned count = 0;

	while (!axev__der_done(&der)) {
		TRY(axev__der_enter(&der, AXEV__DER_SEQUENCE, &attribute, "attribute", err));
		TRY(axev__der_take(&attribute, AXEV__DER_OID, NULL, &other, "attribute", err));
		count += axev__span_equal(oid, other);
	}
	if (count != 1)
		return axev__fail(err, AXEV_E_FORMAT, "a signed attribute stands there twice");
	return AXEV_OK;
}

int axev__signed_attributes_read(struct axev__span content, struct axev__signed_attributes *ret,
				 axev_error *err)
{
	struct axev__der der = axev__der_open(content), attribute, values;
	struct axev__span previous = { 0 }, whole, oid;

	memset(ret, 0, sizeof(*ret));
	while (!axev__der_done(&der)) {
		attribute = der;
		TRY(axev__der_take(&der, AXEV__DER_SEQUENCE, NULL, &whole, "attribute", err));
		if (previous.size && axev__span_compare(previous, whole) >= 0)
			return axev__fail(err, AXEV_E_FORMAT, "the signed attributes are not in DER order");
		previous = whole;
		TRY(axev__der_enter(&attribute, AXEV__DER_SEQUENCE, &attribute, "attribute", err));
		TRY(axev__der_take(&attribute, AXEV__DER_OID, NULL, &oid, "attribute", err));
		TRY(seen_before(content, oid, err));
		TRY(axev__der_enter(&attribute, AXEV__DER_SET, &values, "attribute values", err));
		TRY(axev__der_end(&attribute, "attribute", err));
		TRY(read_attribute(oid, &values, ret, err));
		TRY(axev__der_end(&values, "attribute values", err));
	}
	if (!ret->content_type.size || !ret->message_digest.size || !ret->signing_cert.size)
		return axev__fail(err, AXEV_E_FORMAT,
				  "expected contentType, messageDigest and signing-certificate-v2 among "
				  "the signed attributes");
	return AXEV_OK;
}

static int read_ess_id(struct axev__span signing_cert, const struct axev__cms_digest **ret_digest,
		       struct axev__span *ret_hash, struct axev__span *ret_issuer_serial,
		       axev_error *err)
{
	struct axev__der top = axev__der_open(signing_cert), attribute, list, id;
	struct axev__span oid = digests[0].oid;

	TRY(axev__der_enter(&top, AXEV__DER_SEQUENCE, &attribute, "SigningCertificateV2", err));
	TRY(axev__der_enter(&attribute, AXEV__DER_SEQUENCE, &list, "ESSCertIDv2", err));
	TRY(axev__der_enter(&list, AXEV__DER_SEQUENCE, &id, "ESSCertIDv2", err));
	if (axev__der_peek(&id) == AXEV__DER_SEQUENCE)
		TRY(axev__cms_algorithm(&id, &oid, "ESSCertIDv2", err));
	*ret_digest = axev__cms_digest_by_oid(oid);
	TRY(axev__der_take(&id, AXEV__DER_OCTET_STRING, ret_hash, NULL, "certHash", err));
	*ret_issuer_serial = id.rest;
	return AXEV_OK;
}

/* IssuerSerial content for a certificate: GeneralNames with one directoryName [4], serial. */
static int put_issuer_serial(struct axev__span cert, struct axev__buf *out, axev_error *err)
{
	AXEV__BUF name = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF names = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span issuer, serial, parts[2];

	TRY(axev__cert_sid(cert, &issuer, &serial, err));
	TRY(axev__der_put(&name, 0xA4, issuer, err));
	TRY(axev__der_put(&names, AXEV__DER_SEQUENCE, axev__buf_view(&name), err));
	parts[0] = axev__buf_view(&names);
	parts[1] = serial;
	return axev__der_put_parts(out, AXEV__DER_SEQUENCE, parts, 2, err);
}

int axev__cms_check_ess(struct axev__span signing_cert, struct axev__span cert, axev_error *err)
{
	AXEV__BUF expected = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	const struct axev__cms_digest *digest;
	struct axev__span hash, issuer_serial;
	uint8_t found[64];

	TRY(read_ess_id(signing_cert, &digest, &hash, &issuer_serial, err));
	if (!digest)
		return axev__fail(err, AXEV_E_INVALID,
				  "signing-certificate-v2: the digest algorithm is not accepted");
	TRY(axev__cms_digest_compute(digest, cert, found, err));
	TRY(put_issuer_serial(cert, &expected, err));
	if (!axev__span_equal(hash, axev__span(found, digest->size)) ||
	    (issuer_serial.size && !axev__span_equal(issuer_serial, axev__buf_view(&expected))))
		return axev__fail(err, AXEV_E_INVALID,
				  "signing-certificate-v2 names another certificate than the signer's");
	return AXEV_OK;
}

/* ---- writing ---- */

int axev__cms_put_attribute(struct axev__buf *out, struct axev__span oid, struct axev__span value,
			    axev_error *err)
{
	AXEV__BUF set = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span parts[2] = { oid };

	TRY(axev__der_put(&set, AXEV__DER_SET, value, err));
	parts[1] = axev__buf_view(&set);
	return axev__der_put_parts(out, AXEV__DER_SEQUENCE, parts, 2, err);
}

static int put_ess(struct axev__span cert, struct axev__buf *out, axev_error *err)
{
	AXEV__BUF hash = AXEV__BUF_INIT(100);
	AXEV__BUF serial = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF id = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF list = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span parts[2];
	uint8_t digest[64];

	TRY(axev__cms_digest_compute(&digests[0], cert, digest, err));
	TRY(axev__der_put(&hash, AXEV__DER_OCTET_STRING, axev__span(digest, 32), err));
	TRY(put_issuer_serial(cert, &serial, err));
	parts[0] = axev__buf_view(&hash);
	parts[1] = axev__buf_view(&serial);
	TRY(axev__der_put_parts(&id, AXEV__DER_SEQUENCE, parts, 2, err));
	TRY(axev__der_put(&list, AXEV__DER_SEQUENCE, axev__buf_view(&id), err));
	return axev__der_put(out, AXEV__DER_SEQUENCE, axev__buf_view(&list), err);
}

/* RFC 5652 11.3: UTCTime from 1950 to 2049, GeneralizedTime later. */
static int put_time(int64_t time_ns, struct axev__buf *out, axev_error *err)
{
	char text[AXEV__GENERALIZED_SIZE];

	axev__generalized_time(text, time_ns);
	if (strncmp(text, "2050", 4) < 0)
		return axev__der_put(out, AXEV__DER_UTC_TIME, axev__span_str(text + 2), err);
	return axev__der_put(out, AXEV__DER_GENERALIZED_TIME, axev__span_str(text), err);
}

int axev__cms_signed_attributes(struct axev__span content_type, struct axev__span message_digest,
				struct axev__span signer_cert, int64_t signing_time_ns,
				struct axev__buf *ret_set, axev_error *err)
{
	AXEV__BUF value = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF type = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF digest = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF ess = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF time = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span elements[4];
	size_t count = 3;

	TRY(axev__cms_put_attribute(&type, axev__oid_content_type, content_type, err));
	TRY(axev__der_put(&value, AXEV__DER_OCTET_STRING, message_digest, err));
	TRY(axev__cms_put_attribute(&digest, axev__oid_message_digest, axev__buf_view(&value), err));
	axev__buf_clear(&value);
	TRY(put_ess(signer_cert, &value, err));
	TRY(axev__cms_put_attribute(&ess, axev__oid_signing_cert_v2, axev__buf_view(&value), err));
	if (signing_time_ns >= 0) {
		axev__buf_clear(&value);
		TRY(put_time(signing_time_ns, &value, err));
		TRY(axev__cms_put_attribute(&time, axev__oid_signing_time, axev__buf_view(&value),
					    err));
		elements[3] = axev__buf_view(&time);
		count = 4;
	}
	elements[0] = axev__buf_view(&type);
	elements[1] = axev__buf_view(&digest);
	elements[2] = axev__buf_view(&ess);
	return axev__der_put_set_of(ret_set, AXEV__DER_SET, elements, count, err);
}

static int signature_algorithm(const struct axev__cms_parts *parts, struct axev__span *ret_algorithm,
			       axev_error *err)
{
	AXEV__X509 *x509 = NULL;

	TRY(axev__x509_parse(parts->signer, &x509, err));
	switch (axev__x509_key(x509)) {
	case AXEV__CERT_KEY_RSA:
		*ret_algorithm = rsa_encryption;
		return AXEV_OK;
	case AXEV__CERT_KEY_EC:
		*ret_algorithm = ecdsa[parts->digest - digests];
		return AXEV_OK;
	default:
		return axev__fail(err, AXEV_E_FORMAT, "the signer's kind of key is not accepted");
	}
}

static int put_signer(const struct axev__cms_parts *parts, struct axev__buf *out, axev_error *err)
{
	AXEV__BUF sid = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF attributes = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF signature = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF unsigned_set = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	static const uint8_t one[] = { AXEV__DER_INTEGER, 1, 1 };
	struct axev__span pair[2], list[7];

	TRY(axev__cert_sid(parts->signer, &pair[0], &pair[1], err));
	TRY(axev__der_put_parts(&sid, AXEV__DER_SEQUENCE, pair, 2, err));
	TRY(axev__buf_span(&attributes, parts->signed_attributes, err));
	attributes.data[0] = AXEV__DER_CONTEXT_0; /* IMPLICIT, RFC 5652 5.3 */
	TRY(axev__der_put(&signature, AXEV__DER_OCTET_STRING, parts->signature, err));
	if (parts->token.size) {
		TRY(axev__cms_put_attribute(&token, axev__oid_time_stamp_token, parts->token, err));
		TRY(axev__der_put(&unsigned_set, AXEV__DER_CONTEXT_1, axev__buf_view(&token), err));
	}
	list[0] = axev__span(one, sizeof(one));
	list[1] = axev__buf_view(&sid);
	list[2] = parts->digest->algorithm;
	list[3] = axev__buf_view(&attributes);
	TRY(signature_algorithm(parts, &list[4], err));
	list[5] = axev__buf_view(&signature);
	list[6] = axev__buf_view(&unsigned_set);
	return axev__der_put_parts(out, AXEV__DER_SEQUENCE, list, 7, err);
}

static int put_content(const struct axev__cms_parts *parts, struct axev__buf *out, axev_error *err)
{
	AXEV__BUF octets = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF wrapped = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span list[2] = { parts->content_type };

	if (parts->content.size) {
		TRY(axev__der_put(&octets, AXEV__DER_OCTET_STRING, parts->content, err));
		TRY(axev__der_put(&wrapped, AXEV__DER_CONTEXT_0, axev__buf_view(&octets), err));
	}
	list[1] = axev__buf_view(&wrapped);
	return axev__der_put_parts(out, AXEV__DER_SEQUENCE, list, 2, err);
}

static int put_certs(const struct axev__certs *certs, struct axev__buf *out, axev_error *err)
{
	struct axev__span list[64];
	size_t i;

	for (i = 0; i < certs->count; i++)
		list[i] = axev__cert_at(certs, i);
	if (certs->count == 0)
		return AXEV_OK;
	return axev__der_put_set_of(out, AXEV__DER_CONTEXT_0, list, certs->count, err);
}

int axev__cms_write(const struct axev__cms_parts *parts, struct axev__buf *ret_der, axev_error *err)
{
	AXEV__BUF algorithms = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF content = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF certs = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF signer = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF signers = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF body = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF wrapped = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	const uint8_t version[] = { AXEV__DER_INTEGER, 1, (uint8_t)parts->version };
	struct axev__span list[5], outer[2] = { oid_signed_data };

	TRY(axev__der_put(&algorithms, AXEV__DER_SET, parts->digest->algorithm, err));
	TRY(put_content(parts, &content, err));
	TRY(put_certs(parts->certs, &certs, err));
	TRY(put_signer(parts, &signer, err));
	TRY(axev__der_put(&signers, AXEV__DER_SET, axev__buf_view(&signer), err));
	list[0] = axev__span(version, sizeof(version));
	list[1] = axev__buf_view(&algorithms);
	list[2] = axev__buf_view(&content);
	list[3] = axev__buf_view(&certs);
	list[4] = axev__buf_view(&signers);
	TRY(axev__der_put_parts(&body, AXEV__DER_SEQUENCE, list, 5, err));
	TRY(axev__der_put(&wrapped, AXEV__DER_CONTEXT_0, axev__buf_view(&body), err));
	outer[1] = axev__buf_view(&wrapped);
	return axev__der_put_parts(ret_der, AXEV__DER_SEQUENCE, outer, 2, err);
}
