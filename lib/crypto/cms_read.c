/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of a SignedData, and of the attributes that were signed. Nothing is verified but the certificate's name. */
#include "base/limits.h"
#include "base/time.h"
#include "crypto/cms.h"

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
		if (cert.data[0] != AXEV__DER_SEQUENCE)
			continue;
		if (data->certs.count == AXEV__MAX_CMS_CERTS)
			return axev__fail(err, AXEV_E_LIMIT, "expected at most %d certificates",
					  AXEV__MAX_CMS_CERTS);
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
	if (!axev__span_equal(oid, axev__oid_signed_data))
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

/* RFC 6211 2: digestAlgorithm, then signatureAlgorithm [1]; a MAC [2] signs nothing. */
static int read_protection(struct axev__der *values, struct axev__signed_attributes *ret,
			   axev_error *err)
{
	struct axev__der protection;

	TRY(axev__der_enter(values, AXEV__DER_SEQUENCE, &protection, "CMSAlgorithmProtection", err));
	TRY(axev__der_take(&protection, AXEV__DER_SEQUENCE, NULL, &ret->protected_digest,
			   "CMSAlgorithmProtection", err));
	TRY(axev__der_take(&protection, AXEV__DER_CONTEXT_1, NULL, &ret->protected_signature,
			   "CMSAlgorithmProtection", err));
	return axev__der_end(&protection, "CMSAlgorithmProtection", err);
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
	if (axev__span_equal(oid, axev__oid_algorithm_protection))
		return read_protection(values, ret, err);
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
	unsigned count = 0;

	memset(ret, 0, sizeof(*ret));
	while (!axev__der_done(&der)) {
		/* Each is compared with each below. */
		if (count++ == AXEV__MAX_SIGNED_ATTRIBUTES)
			return axev__fail(err, AXEV_E_LIMIT, "expected at most %d signed attributes",
					  AXEV__MAX_SIGNED_ATTRIBUTES);
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
	struct axev__span oid = axev__cms_digest_by_size(32)->oid; /* DEFAULT */

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
	TRY(axev__cms_put_issuer_serial(cert, &expected, err));
	if (!axev__span_equal(hash, axev__span(found, digest->size)) ||
	    (issuer_serial.size && !axev__span_equal(issuer_serial, axev__buf_view(&expected))))
		return axev__fail(err, AXEV_E_INVALID,
				  "signing-certificate-v2 names another certificate than the signer's");
	return AXEV_OK;
}
