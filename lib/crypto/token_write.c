/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical tokens, and the embedded authority that makes them. */
#include <openssl/err.h>
#include <openssl/objects.h>

#include "base/time.h"
#include "crypto/token.h"

static int write_token(const struct axev__certs *certs, struct axev__span leaf,
		       const struct axev__cms_digest *digest, struct axev__span content,
		       struct axev__span attributes, struct axev__span signature,
		       struct axev__buf *ret_der, axev_error *err)
{
	struct axev__cms_parts parts = {
		.version = 3, /* RFC 5652 5.1: content other than id-data */
		.content_type = axev__oid_tst_info,
		.content = content,
		.signer = leaf,
		.certs = certs,
		.digest = digest,
		.signed_attributes = attributes,
		.signature = signature,
	};
	struct axev__signed_attributes read;
	struct axev__der set = axev__der_open(attributes);
	struct axev__span elements;

	TRY(axev__der_take(&set, AXEV__DER_SET, &elements, NULL, "signed attributes", err));
	TRY(axev__signed_attributes_read(elements, &read, err));
	parts.protected_digest = read.protected_digest;
	parts.protected_signature = read.protected_signature;
	return axev__cms_write(&parts, ret_der, err);
}

int axev__token_normalise(struct axev__span der, const struct axev__certs *known,
			  struct axev__buf *ret_der, axev_error *err)
{
	AXEV__SIGNED_DATA data = { 0 };
	AXEV__TOKEN token = { 0 };
	AXEV__BUF set = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	bool is_complete;
	size_t leaf;

	TRY(axev__token_open(der, &data, &token, &leaf, err));
	TRY(axev__certs_path(axev__cert_at(&data.certs, leaf), &data.certs, known, &token.path,
			     &is_complete, err));
	if (!is_complete)
		return axev__fail(err, AXEV_E_NOTFOUND,
				  "the token's certificates do not reach a self-signed root");
	TRY(axev__der_put(&set, AXEV__DER_SET, data.attributes, err));
	return write_token(&token.path, axev__cert_at(&token.path, 0), data.digest, data.content,
			   axev__buf_view(&set), data.signature, ret_der, err);
}

/* ---- the embedded authority ---- */

struct asked {
	struct axev__span imprint; /* whole */
	struct axev__span nonce;   /* whole, or empty */
	bool wants_certs;
};

static int put_policy(struct axev__buf *out, axev_error *err)
{
	ASN1_OBJECT *object = OBJ_txt2obj(AXEV__EMBEDDED_TSA_POLICY, 1);
	unsigned char *der = NULL;
	int size = object ? i2d_ASN1_OBJECT(object, &der) : -1, status;

	ASN1_OBJECT_free(object);
	ERR_clear_error();
	if (size <= 0)
		return axev__nomem(err);
	status = axev__buf_append(out, der, (size_t)size, err);
	OPENSSL_free(der);
	return status;
}

static int read_imprint(struct axev__der *body, struct asked *asked, axev_error *err)
{
	struct axev__der again = *body, imprint;
	struct axev__span oid, octets;

	TRY(axev__der_take(body, AXEV__DER_SEQUENCE, NULL, &asked->imprint, "messageImprint", err));
	TRY(axev__der_enter(&again, AXEV__DER_SEQUENCE, &imprint, "messageImprint", err));
	TRY(axev__cms_algorithm(&imprint, &oid, "messageImprint", err));
	TRY(axev__der_take(&imprint, AXEV__DER_OCTET_STRING, &octets, NULL, "messageImprint", err));
	TRY(axev__der_end(&imprint, "messageImprint", err));
	if (axev__cms_digest_by_oid(oid) != axev__cms_digest_by_size(32) || octets.size != 32)
		return axev__fail(err, AXEV_E_FORMAT, "only SHA-256 imprints are time-stamped");
	return AXEV_OK;
}

static int read_request(struct axev__span request, struct asked *asked, axev_error *err)
{
	AXEV__BUF ours = AXEV__BUF_INIT(200);
	struct axev__der top = axev__der_open(request), body;
	struct axev__span part;
	uint64_t version;

	TRY(axev__der_check(request, "time-stamp request", err));
	TRY(axev__der_enter(&top, AXEV__DER_SEQUENCE, &body, "time-stamp request", err));
	TRY(axev__der_take(&body, AXEV__DER_INTEGER, &part, NULL, "version", err));
	if (!axev__der_u64(part, &version) || version != 1)
		return axev__fail(err, AXEV_E_FORMAT, "expected a version 1 request");
	TRY(read_imprint(&body, asked, err));
	if (axev__der_peek(&body) == AXEV__DER_OID) {
		TRY(axev__der_take(&body, AXEV__DER_OID, NULL, &part, "reqPolicy", err));
		TRY(put_policy(&ours, err));
		if (!axev__span_equal(part, axev__buf_view(&ours)))
			return axev__fail(err, AXEV_E_UNSUPPORTED, "another policy is asked for");
	}
	if (axev__der_peek(&body) == AXEV__DER_INTEGER)
		TRY(axev__der_take(&body, AXEV__DER_INTEGER, NULL, &asked->nonce, "nonce", err));
	if (axev__der_peek(&body) == AXEV__DER_BOOLEAN) {
		TRY(axev__der_take(&body, AXEV__DER_BOOLEAN, &part, NULL, "certReq", err));
		asked->wants_certs = part.data[0] != 0;
	}
	return axev__der_end(&body, "time-stamp request", err);
}

static int put_accuracy(int64_t accuracy_ns, struct axev__buf *out, axev_error *err)
{
	AXEV__BUF body = AXEV__BUF_INIT(100);
	AXEV__BUF number = AXEV__BUF_INIT(20);
	const uint64_t fraction[] = { (uint64_t)(accuracy_ns / 1000000) % 1000,
				      (uint64_t)(accuracy_ns / 1000) % 1000 };
	size_t i;

	if (accuracy_ns <= 0)
		return AXEV_OK;
	if (accuracy_ns >= AXEV__NS_PER_SECOND)
		TRY(axev__der_put_small(&body, (uint64_t)(accuracy_ns / AXEV__NS_PER_SECOND), err));
	for (i = 0; i < 2; i++) {
		if (fraction[i] == 0)
			continue;
		axev__buf_clear(&number);
		TRY(axev__der_put_small(&number, fraction[i], err));
		number.data[0] = (uint8_t)(0x80 + i); /* IMPLICIT millis [0], micros [1] */
		TRY(axev__buf_span(&body, axev__buf_view(&number), err));
	}
	return axev__der_put(out, AXEV__DER_SEQUENCE, axev__buf_view(&body), err);
}

static int put_info(const struct axev__tsa *tsa, const struct asked *asked, struct axev__buf *out,
		    axev_error *err)
{
	AXEV__BUF body = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	char time[AXEV__GENERALIZED_SIZE];

	axev__generalized_time(time, tsa->now_ns);
	TRY(axev__der_put_small(&body, 1, err));
	TRY(put_policy(&body, err));
	TRY(axev__buf_span(&body, asked->imprint, err));
	TRY(axev__der_put_small(&body, tsa->serial, err));
	TRY(axev__der_put(&body, AXEV__DER_GENERALIZED_TIME, axev__span_str(time), err));
	TRY(put_accuracy(tsa->accuracy_ns, &body, err));
	if (asked->nonce.size)
		TRY(axev__buf_span(&body, asked->nonce, err));
	return axev__der_put(out, AXEV__DER_SEQUENCE, axev__buf_view(&body), err);
}

static int make_token(const struct axev__tsa *tsa, const struct asked *asked,
		      struct axev__buf *ret_token, axev_error *err)
{
	static const struct axev__certs none = { 0 };
	const struct axev__certs *certs = axev__signer_certs(tsa->signer);
	const struct axev__cms_digest *sha256 = axev__cms_digest_by_size(32);
	AXEV__BUF info = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF attributes = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF signature = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span leaf = axev__cert_at(certs, 0);
	uint8_t digest[64];

	TRY(put_info(tsa, asked, &info, err));
	TRY(axev__cms_digest_compute(sha256, axev__buf_view(&info), digest, err));
	TRY(axev__cms_signed_attributes(axev__oid_tst_info, axev__span(digest, 32), leaf, -1,
					&attributes, err));
	TRY(axev__signer_sign(tsa->signer, axev__buf_view(&attributes), &signature, err));
	/* RFC 3161 2.4.1: without certReq no certificates. */
	return write_token(asked->wants_certs ? certs : &none, leaf, sha256, axev__buf_view(&info),
			   axev__buf_view(&attributes), axev__buf_view(&signature), ret_token, err);
}

int axev__tsa_respond(const struct axev__tsa *tsa, struct axev__span request,
		      struct axev__buf *ret_response, axev_error *err)
{
	static const uint8_t granted[] = { AXEV__DER_SEQUENCE, 3, AXEV__DER_INTEGER, 1, 0 };
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__span parts[2] = { { granted, sizeof(granted) } };
	struct asked asked = { 0 };

	TRY(read_request(request, &asked, err));
	TRY(make_token(tsa, &asked, &token, err));
	parts[1] = axev__buf_view(&token);
	return axev__der_put_parts(ret_response, AXEV__DER_SEQUENCE, parts, 2, err);
}

int axev__tsa_refuse(unsigned failure_bit, const char *text, struct axev__buf *ret_response,
		     axev_error *err)
{
	AXEV__BUF info = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF utf8 = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF status = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	uint8_t bits[5] = { 0 };

	if (failure_bit > 31)
		return axev__fail(err, AXEV_E_INVAL, "PKIFailureInfo has 32 bits");
	/* X.690 11.2.2: named bits without trailing zeros. */
	bits[0] = (uint8_t)(7 - failure_bit % 8);
	bits[1 + failure_bit / 8] = (uint8_t)(0x80 >> (failure_bit % 8));
	TRY(axev__der_put_small(&info, 2, err));
	TRY(axev__der_put(&utf8, AXEV__DER_UTF8_STRING, axev__span_str(text), err));
	TRY(axev__der_put(&info, AXEV__DER_SEQUENCE, axev__buf_view(&utf8), err));
	TRY(axev__der_put(&info, AXEV__DER_BIT_STRING, axev__span(bits, 2 + failure_bit / 8), err));
	TRY(axev__der_put(&status, AXEV__DER_SEQUENCE, axev__buf_view(&info), err));
	return axev__der_put(ret_response, AXEV__DER_SEQUENCE, axev__buf_view(&status), err);
}
