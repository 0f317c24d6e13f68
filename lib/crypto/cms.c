/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cms.h"

#include <openssl/evp.h>

#include "crypto/ossl.h"

#define OID(text) { (const uint8_t *)(text), sizeof(text) - 1 }
#define PKCS9 "\x2A\x86\x48\x86\xF7\x0D\x01\x09"
#define SHA2 "\x60\x86\x48\x01\x65\x03\x04\x02"

const struct axev__span axev__oid_signed_data = OID("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02");
const struct axev__span axev__oid_data = OID("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01");
const struct axev__span axev__oid_tst_info = OID("\x06\x0B" PKCS9 "\x10\x01\x04");
const struct axev__span axev__oid_content_type = OID("\x06\x09" PKCS9 "\x03");
const struct axev__span axev__oid_message_digest = OID("\x06\x09" PKCS9 "\x04");
const struct axev__span axev__oid_signing_time = OID("\x06\x09" PKCS9 "\x05");
const struct axev__span axev__oid_signing_cert_v2 = OID("\x06\x0B" PKCS9 "\x10\x02\x2F");
const struct axev__span axev__oid_algorithm_protection = OID("\x06\x09" PKCS9 "\x34");
const struct axev__span axev__oid_time_stamp_token = OID("\x06\x0B" PKCS9 "\x10\x02\x0E");
static const struct axev__cms_digest digests[] = {
	{ "SHA256", OID("\x06\x09" SHA2 "\x01"), OID("\x30\x0B\x06\x09" SHA2 "\x01"), 32 },
	{ "SHA384", OID("\x06\x09" SHA2 "\x02"), OID("\x30\x0B\x06\x09" SHA2 "\x02"), 48 },
	{ "SHA512", OID("\x06\x09" SHA2 "\x03"), OID("\x30\x0B\x06\x09" SHA2 "\x03"), 64 },
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
