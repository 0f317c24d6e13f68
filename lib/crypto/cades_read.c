/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cades.h"
#include "crypto/cms.h"

void axev__cades_free(struct axev__cades *cades)
{
	free(cades->signed_attributes_copy);
	cades->signed_attributes_copy = NULL;
	axev__certs_free(&cades->certs);
}

/* The only unsigned attribute there may be; whether there are others, the comparison tells. */
static int read_token(struct axev__span attributes, struct axev__span *ret_token, axev_error *err)
{
	struct axev__der der = axev__der_open(attributes), attribute, values;
	struct axev__span oid;

	*ret_token = axev__span(NULL, 0);
	if (attributes.size == 0)
		return AXEV_OK;
	TRY(axev__der_enter(&der, AXEV__DER_SEQUENCE, &attribute, "unsigned attribute", err));
	TRY(axev__der_take(&attribute, AXEV__DER_OID, NULL, &oid, "unsigned attribute", err));
	if (!axev__span_equal(oid, axev__oid_time_stamp_token))
		return axev__fail(err, AXEV_E_FORMAT,
				  "expected a time-stamp token as the only unsigned attribute");
	TRY(axev__der_enter(&attribute, AXEV__DER_SET, &values, "unsigned attribute", err));
	return axev__der_take(&values, AXEV__DER_SEQUENCE, NULL, ret_token, "time-stamp token", err);
}

static int copy_attributes(struct axev__span content, struct axev__cades *cades, axev_error *err)
{
	AXEV__BUF set = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	TRY(axev__der_put(&set, AXEV__DER_SET, content, err));
	cades->signed_attributes = axev__buf_view(&set);
	cades->signed_attributes_copy = axev__steal(set.data);
	axev__buf_free(&set);
	return AXEV_OK;
}

static int read_attributes(const struct axev__signed_data *data, struct axev__cades *cades,
			   axev_error *err)
{
	struct axev__signed_attributes attributes;

	TRY(axev__signed_attributes_read(data->attributes, &attributes, err));
	if (attributes.other_count || !attributes.has_signing_time ||
	    !axev__span_equal(attributes.content_type, axev__oid_data) ||
	    attributes.message_digest.size != 32)
		return axev__fail(err, AXEV_E_FORMAT,
				  "expected as signed attributes contentType id-data, signingTime, a "
				  "SHA-256 messageDigest and signing-certificate-v2, and no others");
	memcpy(cades->message_digest, attributes.message_digest.data, 32);
	cades->claimed_time_ns = attributes.signing_time_ns;
	return copy_attributes(data->attributes, cades, err);
}

static int read_path(const struct axev__signed_data *data, struct axev__cades *cades,
		     axev_error *err)
{
	bool is_complete;
	size_t leaf;

	TRY(axev__signed_data_signer(data, &leaf, err));
	TRY(axev__certs_path(axev__cert_at(&data->certs, leaf), &data->certs, NULL, &cades->certs,
			     &is_complete, err));
	if (cades->certs.count != data->certs.count)
		return axev__fail(err, AXEV_E_FORMAT,
				  "a certificate does not belong to the signer's chain");
	return AXEV_OK;
}

/* What is not signed has one form only: made again from the parts, it must be these bytes. */
static int compare(struct axev__span der, const struct axev__cades *cades, axev_error *err)
{
	AXEV__BUF again = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	TRY(axev__cades_assemble(&cades->certs, cades->signed_attributes, cades->signature,
				 cades->token, &again, err));
	if (!axev__span_equal(der, axev__buf_view(&again)))
		return axev__fail(err, AXEV_E_FORMAT, "the signature is not in its canonical form");
	return AXEV_OK;
}

int axev__cades_parse(struct axev__span der, struct axev__cades *ret_cades, axev_error *err)
{
	AXEV__SIGNED_DATA data = { 0 };
	AXEV__CADES cades = { 0 };

	TRY(axev__signed_data_read(der, &data, err));
	if (data.has_content)
		return axev__fail(err, AXEV_E_FORMAT, "expected a detached signature, found content");
	TRY(read_attributes(&data, &cades, err));
	TRY(read_path(&data, &cades, err));
	TRY(read_token(data.unsigned_attributes, &cades.token, err));
	cades.signature = data.signature;
	TRY(compare(der, &cades, err));
	*ret_cades = cades;
	memset(&cades, 0, sizeof(cades)); /* handed on */
	return AXEV_OK;
}

/*
 * Their signer could have written the same in other ways (a later form of time, further certificates, policies):
 * a reader that knows only one form cannot be led to another reading.
 */
static int compare_attributes(const struct axev__cades *cades, axev_error *err)
{
	AXEV__BUF again = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	TRY(axev__cades_tbs(axev__cert_at(&cades->certs, 0), cades->message_digest,
			    cades->claimed_time_ns, &again, err));
	if (!axev__span_equal(cades->signed_attributes, axev__buf_view(&again)))
		return axev__fail(err, AXEV_E_FORMAT,
				  "the signed attributes are not in their canonical form");
	return AXEV_OK;
}

int axev__cades_check(const struct axev__cades *cades, const uint8_t content_sha256[32],
		      axev_error *err)
{
	struct axev__signed_attributes attributes;
	struct axev__der set = axev__der_open(cades->signed_attributes);
	struct axev__span content, leaf = axev__cert_at(&cades->certs, 0);

	if (memcmp(cades->message_digest, content_sha256, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the signature is over other content");
	TRY(axev__der_take(&set, AXEV__DER_SET, &content, NULL, "signed attributes", err));
	TRY(axev__signed_attributes_read(content, &attributes, err));
	TRY(axev__cms_check_ess(attributes.signing_cert, leaf, err));
	TRY(compare_attributes(cades, err));
	return axev__x509_verify(leaf, "SHA256", cades->signed_attributes, cades->signature, err);
}
