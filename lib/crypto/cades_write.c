/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cades.h"
#include "crypto/cms.h"

int axev__cades_tbs(struct axev__span signer_cert, const uint8_t content_sha256[32],
		    int64_t claimed_time_ns, struct axev__buf *ret_signed_attributes,
		    axev_error *err)
{
	if (claimed_time_ns < 0)
		return axev__fail(err, AXEV_E_INVAL, "the signing time is before 1970");
	return axev__cms_signed_attributes(axev__oid_data, axev__span(content_sha256, 32), signer_cert,
					   claimed_time_ns, ret_signed_attributes, err);
}

int axev__cades_assemble(const struct axev__certs *certs, struct axev__span signed_attributes,
			 struct axev__span signature, struct axev__span token,
			 struct axev__buf *ret_der, axev_error *err)
{
	struct axev__cms_parts parts = {
		.version = 1, /* RFC 5652 5.1: only id-data, X.509 certificates, version 1 signer */
		.content_type = axev__oid_data,
		.certs = certs,
		.digest = axev__cms_digest_by_size(32),
		.signed_attributes = signed_attributes,
		.signature = signature,
		.token = token,
	};

	if (certs->count == 0 || signed_attributes.size == 0 || signature.size == 0)
		return axev__fail(err, AXEV_E_INVAL, "certificate, attributes and signature are needed");
	parts.signer = axev__cert_at(certs, 0);
	return axev__cms_write(&parts, ret_der, err);
}
