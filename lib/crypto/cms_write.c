/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical form of a SignedData. */
#include "base/time.h"
#include "crypto/cms.h"

#define OID(text) { (const uint8_t *)(text), sizeof(text) - 1 }

static const struct axev__span rsa_encryption =
	OID("\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01\x05\x00");

/* ECDSA with parameters absent (RFC 5758 3.2): SHA-256, SHA-384, SHA-512. */
static const struct {
	size_t digest_size;
	struct axev__span algorithm;
} ecdsa[] = {
	{ 32, OID("\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x02") },
	{ 48, OID("\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x03") },
	{ 64, OID("\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x04") },
};

int axev__cms_put_issuer_serial(struct axev__span cert, struct axev__buf *out, axev_error *err)
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

	TRY(axev__cms_digest_compute(axev__cms_digest_by_size(32), cert, digest, err));
	TRY(axev__der_put(&hash, AXEV__DER_OCTET_STRING, axev__span(digest, 32), err));
	TRY(axev__cms_put_issuer_serial(cert, &serial, err));
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

static struct axev__span ecdsa_with(size_t digest_size)
{
	size_t i = 0;

	while (ecdsa[i].digest_size != digest_size)
		i++;
	return ecdsa[i].algorithm;
}

static int put_signature_algorithm(const struct axev__cms_parts *parts, struct axev__buf *out,
				   axev_error *err)
{
	AXEV__X509 *x509 = NULL;

	if (parts->protected_signature.size) {
		TRY(axev__buf_span(out, parts->protected_signature, err));
		out->data[0] = AXEV__DER_SEQUENCE; /* IMPLICIT [1], RFC 6211 2 */
		return AXEV_OK;
	}
	TRY(axev__x509_parse(parts->signer, &x509, err));
	switch (axev__x509_key(x509)) {
	case AXEV__CERT_KEY_RSA:
		return axev__buf_span(out, rsa_encryption, err);
	case AXEV__CERT_KEY_EC:
		return axev__buf_span(out, ecdsa_with(parts->digest->size), err);
	default:
		return axev__fail(err, AXEV_E_FORMAT, "the signer's kind of key is not accepted");
	}
}

static struct axev__span digest_algorithm(const struct axev__cms_parts *parts)
{
	return parts->protected_digest.size ? parts->protected_digest : parts->digest->algorithm;
}

static int put_signer(const struct axev__cms_parts *parts, struct axev__buf *out, axev_error *err)
{
	AXEV__BUF sid = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF attributes = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF algorithm = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF signature = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF unsigned_set = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	static const uint8_t one[] = { AXEV__DER_INTEGER, 1, 1 };
	struct axev__span pair[2], list[7];

	TRY(axev__cert_sid(parts->signer, &pair[0], &pair[1], err));
	TRY(axev__der_put_parts(&sid, AXEV__DER_SEQUENCE, pair, 2, err));
	TRY(axev__buf_span(&attributes, parts->signed_attributes, err));
	attributes.data[0] = AXEV__DER_CONTEXT_0; /* IMPLICIT, RFC 5652 5.3 */
	TRY(put_signature_algorithm(parts, &algorithm, err));
	TRY(axev__der_put(&signature, AXEV__DER_OCTET_STRING, parts->signature, err));
	if (parts->token.size) {
		TRY(axev__cms_put_attribute(&token, axev__oid_time_stamp_token, parts->token, err));
		TRY(axev__der_put(&unsigned_set, AXEV__DER_CONTEXT_1, axev__buf_view(&token), err));
	}
	list[0] = axev__span(one, sizeof(one));
	list[1] = axev__buf_view(&sid);
	list[2] = digest_algorithm(parts);
	list[3] = axev__buf_view(&attributes);
	list[4] = axev__buf_view(&algorithm);
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
	struct axev__span list[AXEV__MAX_CMS_CERTS];
	size_t i;

	if (certs->count == 0)
		return AXEV_OK;
	if (certs->count > AXEV__MAX_CMS_CERTS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d certificates",
				  AXEV__MAX_CMS_CERTS);
	for (i = 0; i < certs->count; i++)
		list[i] = axev__cert_at(certs, i);
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
	struct axev__span list[5], outer[2] = { axev__oid_signed_data };

	TRY(axev__der_put(&algorithms, AXEV__DER_SET, digest_algorithm(parts), err));
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
