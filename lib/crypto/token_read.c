/* SPDX-License-Identifier: Apache-2.0 */
/* Time-stamp tokens (RFC 3161 2.4.2): what was signed is strict, what was not is only passed over. */
#include <openssl/objects.h>
#include <openssl/err.h>

#include "base/text.h"
#include "base/time.h"
#include "crypto/cms.h"
#include "crypto/token.h"
#include "crypto/tsp.h"

void axev__token_free(struct axev__token *token)
{
	axev__certs_free(&token->path);
}

static int read_imprint(struct axev__der *info, struct axev__token *token, axev_error *err)
{
	struct axev__der imprint;
	struct axev__span oid, octets;

	TRY(axev__der_enter(info, AXEV__DER_SEQUENCE, &imprint, "messageImprint", err));
	TRY(axev__cms_algorithm(&imprint, &oid, "messageImprint", err));
	TRY(axev__der_take(&imprint, AXEV__DER_OCTET_STRING, &octets, NULL, "messageImprint", err));
	TRY(axev__der_end(&imprint, "messageImprint", err));
	if (axev__cms_digest_by_oid(oid) != axev__cms_digest_by_size(32) || octets.size != 32)
		return axev__fail(err, AXEV_E_FORMAT, "expected a SHA-256 imprint");
	memcpy(token->imprint, octets.data, 32);
	return AXEV_OK;
}

static int read_policy(struct axev__span oid, struct axev__token *token, axev_error *err)
{
	const unsigned char *in = oid.data;
	ASN1_OBJECT *object = d2i_ASN1_OBJECT(NULL, &in, (long)oid.size);
	int length = object ? OBJ_obj2txt(token->policy_oid, sizeof(token->policy_oid), object, 1) : 0;

	ASN1_OBJECT_free(object);
	ERR_clear_error();
	if (length <= 0 || (size_t)length >= sizeof(token->policy_oid))
		return axev__fail(err, AXEV_E_FORMAT, "the token's policy identifier is broken");
	token->is_embedded = strcmp(token->policy_oid, AXEV__EMBEDDED_TSA_POLICY) == 0;
	return AXEV_OK;
}

static int read_accuracy(struct axev__der *info, struct axev__token *token, axev_error *err)
{
	static const int64_t unit_ns[] = { AXEV__NS_PER_SECOND, 1000000, 1000 };
	static const uint64_t limit[] = { 1000000000, 999, 999 };
	static const int tags[] = { AXEV__DER_INTEGER, 0x80, 0x81 };
	struct axev__der accuracy;
	struct axev__span number;
	uint64_t value;
	size_t i;

	token->accuracy_ns = -1;
	if (axev__der_peek(info) != AXEV__DER_SEQUENCE)
		return AXEV_OK;
	TRY(axev__der_enter(info, AXEV__DER_SEQUENCE, &accuracy, "accuracy", err));
	token->accuracy_ns = 0;
	for (i = 0; i < 3; i++) {
		if (axev__der_peek(&accuracy) != tags[i])
			continue;
		TRY(axev__der_take(&accuracy, tags[i], &number, NULL, "accuracy", err));
		if (!axev__der_u64(number, &value) || value > limit[i])
			return axev__fail(err, AXEV_E_FORMAT, "the accuracy is out of range");
		token->accuracy_ns += (int64_t)value * unit_ns[i];
	}
	return axev__der_end(&accuracy, "accuracy", err);
}

/* An unknown critical extension changes the meaning: refused. */
static int read_extensions(struct axev__der *info, axev_error *err)
{
	struct axev__der list, extension;

	if (axev__der_peek(info) != AXEV__DER_CONTEXT_1)
		return AXEV_OK;
	TRY(axev__der_enter(info, AXEV__DER_CONTEXT_1, &list, "extensions", err));
	while (!axev__der_done(&list)) {
		TRY(axev__der_enter(&list, AXEV__DER_SEQUENCE, &extension, "extension", err));
		TRY(axev__der_take(&extension, AXEV__DER_OID, NULL, NULL, "extension", err));
		if (axev__der_peek(&extension) == AXEV__DER_BOOLEAN)
			return axev__fail(err, AXEV_E_FORMAT, "unknown critical extension in the token");
		TRY(axev__der_take(&extension, AXEV__DER_OCTET_STRING, NULL, NULL, "extension", err));
		TRY(axev__der_end(&extension, "extension", err));
	}
	return AXEV_OK;
}

static int read_tail(struct axev__der *info, struct axev__token *token, axev_error *err)
{
	struct axev__span number;

	TRY(read_accuracy(info, token, err));
	if (axev__der_peek(info) == AXEV__DER_BOOLEAN)
		TRY(axev__der_take(info, AXEV__DER_BOOLEAN, NULL, NULL, "ordering", err));
	if (axev__der_peek(info) == AXEV__DER_INTEGER) {
		TRY(axev__der_take(info, AXEV__DER_INTEGER, &number, NULL, "nonce", err));
		if (!axev__der_u64(number, &token->nonce))
			return axev__fail(err, AXEV_E_FORMAT, "the nonce has more than 64 bits");
		token->has_nonce = true;
	}
	if (axev__der_peek(info) == AXEV__DER_CONTEXT_0)
		TRY(axev__der_take(info, AXEV__DER_CONTEXT_0, NULL, NULL, "tsa", err));
	TRY(read_extensions(info, err));
	return axev__der_end(info, "TSTInfo", err);
}

static int read_info(struct axev__span content, struct axev__token *token, axev_error *err)
{
	struct axev__der top = axev__der_open(content), info;
	struct axev__span number, oid, serial, time;
	uint64_t version;

	TRY(axev__der_check(content, "TSTInfo", err));
	TRY(axev__der_enter(&top, AXEV__DER_SEQUENCE, &info, "TSTInfo", err));
	TRY(axev__der_take(&info, AXEV__DER_INTEGER, &number, NULL, "version", err));
	if (!axev__der_u64(number, &version) || version != 1)
		return axev__fail(err, AXEV_E_FORMAT, "expected TSTInfo version 1");
	TRY(axev__der_take(&info, AXEV__DER_OID, NULL, &oid, "policy", err));
	TRY(read_policy(oid, token, err));
	TRY(read_imprint(&info, token, err));
	TRY(axev__der_take(&info, AXEV__DER_INTEGER, &serial, NULL, "serialNumber", err));
	if (serial.size > 64)
		return axev__fail(err, AXEV_E_FORMAT, "the serial number has more than 64 octets");
	axev__hex(token->serial_hex, serial.data, serial.size);
	TRY(axev__der_take(&info, AXEV__DER_GENERALIZED_TIME, &time, NULL, "genTime", err));
	if (!axev__parse_generalized_time(time, &token->gen_time_ns))
		return axev__fail(err, AXEV_E_FORMAT, "genTime: expected YYYYMMDDHHMMSS[.f]Z");
	return read_tail(&info, token, err);
}

#define OID(...) { (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }) }
#define RSA_OID(last) OID(0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, last)
#define ECDSA_OID(last) OID(0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, last)

/* digest_size 0: the algorithm leaves the digest to digestAlgorithm (RFC 3370 3.2). */
static const struct {
	struct axev__span oid;
	const char *key;
	size_t digest_size;
} signature_algorithms[] = {
	{ RSA_OID(0x01), "RSA", 0 }, /* rsaEncryption */
	{ RSA_OID(0x0B), "RSA", 32 },
	{ RSA_OID(0x0C), "RSA", 48 },
	{ RSA_OID(0x0D), "RSA", 64 },
	{ ECDSA_OID(0x02), "EC", 32 },
	{ ECDSA_OID(0x03), "EC", 48 },
	{ ECDSA_OID(0x04), "EC", 64 },
};

/* The algorithm named beside the signature must be that of the key and digest, or a synonym of it. */
static int check_algorithm(const struct axev__signed_data *data, struct axev__span leaf,
			   axev_error *err)
{
	struct axev__cert_info info;
	size_t i;

	TRY(axev__cert_info(leaf, &info, err));
	for (i = 0; i < AXEV__COUNT(signature_algorithms); i++)
		if (axev__span_equal(data->signature_oid, signature_algorithms[i].oid) &&
		    strncmp(info.key, signature_algorithms[i].key,
			    strlen(signature_algorithms[i].key)) == 0 &&
		    (signature_algorithms[i].digest_size == 0 ||
		     signature_algorithms[i].digest_size == data->digest->size))
			return AXEV_OK;
	return axev__fail(err, AXEV_E_FORMAT,
			  "the token's signature algorithm is not that of its key and digest");
}

/* RFC 6211 3: what stands in the SignerInfo must be what the authority signed that it would be. */
static int check_protection(const struct axev__signed_data *data,
			    const struct axev__signed_attributes *attributes, axev_error *err)
{
	AXEV__BUF algorithms = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span digest_oid, signature_oid;
	struct axev__der der;

	if (attributes->protected_digest.size == 0)
		return AXEV_OK;
	TRY(axev__buf_span(&algorithms, attributes->protected_signature, err));
	algorithms.data[0] = AXEV__DER_SEQUENCE;
	TRY(axev__buf_span(&algorithms, attributes->protected_digest, err));
	der = axev__der_open(axev__buf_view(&algorithms));
	TRY(axev__cms_algorithm(&der, &signature_oid, "CMSAlgorithmProtection", err));
	TRY(axev__cms_algorithm(&der, &digest_oid, "CMSAlgorithmProtection", err));
	if (!axev__span_equal(digest_oid, data->digest->oid) ||
	    !axev__span_equal(signature_oid, data->signature_oid))
		return axev__fail(err, AXEV_E_INVALID,
				  "the token's algorithms are not those that its authority signed");
	return AXEV_OK;
}

static int check_signed(const struct axev__signed_data *data, struct axev__span leaf, axev_error *err)
{
	struct axev__signed_attributes attributes;
	AXEV__BUF set = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	uint8_t digest[64];

	TRY(check_algorithm(data, leaf, err));
	TRY(axev__signed_attributes_read(data->attributes, &attributes, err));
	if (!axev__span_equal(attributes.content_type, axev__oid_tst_info))
		return axev__fail(err, AXEV_E_FORMAT, "expected contentType id-ct-TSTInfo");
	TRY(check_protection(data, &attributes, err));
	TRY(axev__cms_digest_compute(data->digest, data->content, digest, err));
	if (!axev__span_equal(attributes.message_digest, axev__span(digest, data->digest->size)))
		return axev__fail(err, AXEV_E_INVALID, "messageDigest is not that of the TSTInfo");
	TRY(axev__cms_check_ess(attributes.signing_cert, leaf, err));
	TRY(axev__der_put(&set, AXEV__DER_SET, data->attributes, err));
	return axev__x509_verify(leaf, data->digest->name, axev__buf_view(&set), data->signature, err);
}

static int check_leaf(struct axev__span leaf, axev_error *err)
{
	struct axev__cert_info info;

	TRY(axev__cert_info(leaf, &info, err));
	if (!info.is_time_stamper)
		return axev__fail(err, AXEV_E_INVALID,
				  "the token's certificate is not critically and solely for timeStamping");
	if (info.is_ca)
		return axev__fail(err, AXEV_E_INVALID,
				  "a certification authority's certificate signs the token");
	return AXEV_OK;
}

int axev__token_open(struct axev__span der, struct axev__signed_data *data,
		     struct axev__token *token, size_t *ret_leaf, axev_error *err)
{
	TRY(axev__signed_data_read(der, data, err));
	if (!data->has_content || !axev__span_equal(data->content_type, axev__oid_tst_info))
		return axev__fail(err, AXEV_E_FORMAT, "expected eContent id-ct-TSTInfo");
	TRY(axev__signed_data_signer(data, ret_leaf, err));
	TRY(check_signed(data, axev__cert_at(&data->certs, *ret_leaf), err));
	TRY(check_leaf(axev__cert_at(&data->certs, *ret_leaf), err));
	return read_info(data->content, token, err);
}

int axev__token_read(struct axev__span der, struct axev__token *ret_token, axev_error *err)
{
	AXEV__SIGNED_DATA data = { 0 };
	AXEV__TOKEN token = { 0 };
	bool is_complete;
	size_t leaf;

	TRY(axev__token_open(der, &data, &token, &leaf, err));
	TRY(axev__certs_path(axev__cert_at(&data.certs, leaf), &data.certs, NULL, &token.path,
			     &is_complete, err));
	*ret_token = token;
	token.path = (struct axev__certs){ 0 }; /* handed on */
	return AXEV_OK;
}

int axev__token_read_canonical(struct axev__span der, struct axev__token *ret_token,
			       axev_error *err)
{
	AXEV__BUF again = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__TOKEN token = { 0 };
	int status;

	TRY(axev__token_read(der, &token, err));
	status = axev__token_normalise(der, NULL, &again, NULL);
	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (status < 0 || !axev__span_equal(der, axev__buf_view(&again)))
		return axev__fail(err, AXEV_E_FORMAT, "the token is not in its canonical form");
	TRY(axev__path_links(&token.path, err));
	*ret_token = token;
	token.path = (struct axev__certs){ 0 }; /* handed on */
	return AXEV_OK;
}
