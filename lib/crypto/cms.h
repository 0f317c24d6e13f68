/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CMS SignedData (RFC 5652) as signatures and time-stamp tokens share it: one reader of the parts, one
 * writer of the canonical form. Object identifiers are whole TLVs.
 */
#ifndef AXEV_CRYPTO_CMS_H
#define AXEV_CRYPTO_CMS_H

#include "crypto/der.h"
#include "crypto/x509_internal.h"

extern const struct axev__span axev__oid_signed_data;      /* id-signedData */
extern const struct axev__span axev__oid_data;             /* id-data */
extern const struct axev__span axev__oid_tst_info;         /* id-ct-TSTInfo */
extern const struct axev__span axev__oid_content_type;
extern const struct axev__span axev__oid_message_digest;
extern const struct axev__span axev__oid_signing_time;
extern const struct axev__span axev__oid_signing_cert_v2;  /* RFC 5035 */
extern const struct axev__span axev__oid_algorithm_protection; /* id-aa-CMSAlgorithmProtect, RFC 6211 */
extern const struct axev__span axev__oid_time_stamp_token; /* id-aa-timeStampToken, RFC 3161 A */

/* A digest that CMS names: OpenSSL's name, OID, size. */
struct axev__cms_digest {
	const char *name;
	struct axev__span oid;
	struct axev__span algorithm; /* AlgorithmIdentifier, parameters absent (RFC 5754 2) */
	size_t size;
};
const struct axev__cms_digest *axev__cms_digest_by_oid(struct axev__span oid);
const struct axev__cms_digest *axev__cms_digest_by_size(size_t size);
int axev__cms_digest_compute(const struct axev__cms_digest *digest, struct axev__span data,
			     uint8_t out[64], axev_error *err);

/* AlgorithmIdentifier content: OID, and parameters absent or NULL. */
int axev__cms_algorithm(struct axev__der *der, struct axev__span *ret_oid, const char *what,
			axev_error *err);

/* ---- reading ---- */

struct axev__signed_data {
	struct axev__span content_type; /* OID */
	bool has_content;
	struct axev__span content;      /* octets of eContent */
	struct axev__certs certs;       /* in the order found */
	struct axev__span sid_issuer, sid_serial; /* or, when these are empty: */
	struct axev__span sid_ski;
	const struct axev__cms_digest *digest;
	struct axev__span attributes;   /* content of signedAttrs */
	struct axev__span signature_oid;
	struct axev__span signature;
	struct axev__span unsigned_attributes; /* content, empty when absent */
};
void axev__signed_data_free(struct axev__signed_data *data);
#define AXEV__SIGNED_DATA AXEV__CLEANUP(axev__signed_data_free) struct axev__signed_data

/* Any DER SignedData with exactly one SignerInfo that has signed attributes. Nothing is verified. */
int axev__signed_data_read(struct axev__span der, struct axev__signed_data *ret_data,
			   axev_error *err);
/* Index of the certificate that the signer identifier names, exactly one. */
int axev__signed_data_signer(const struct axev__signed_data *data, size_t *ret_index,
			     axev_error *err);

struct axev__signed_attributes {
	struct axev__span content_type;   /* OID */
	struct axev__span message_digest; /* octets */
	struct axev__span signing_cert;   /* SigningCertificateV2 */
	bool has_signing_time;
	int64_t signing_time_ns;
	/* CMSAlgorithmProtection (RFC 6211 2): AlgorithmIdentifiers, whole; the second is tagged [1]. */
	struct axev__span protected_digest, protected_signature;
	size_t other_count; /* with the protection */
};
/* In DER order, none twice, one value each (RFC 5652 11). */
int axev__signed_attributes_read(struct axev__span content, struct axev__signed_attributes *ret,
				 axev_error *err);
/* RFC 5035 3: the first ESSCertIDv2 must name @cert. AXEV_E_INVALID. */
int axev__cms_check_ess(struct axev__span signing_cert, struct axev__span cert, axev_error *err);

/* ---- writing ---- */

struct axev__cms_parts {
	int version;
	struct axev__span content_type; /* OID */
	struct axev__span content;      /* empty: detached */
	struct axev__span signer;       /* certificate, for the signer identifier */
	const struct axev__certs *certs;/* may be empty: field absent */
	const struct axev__cms_digest *digest;
	struct axev__span signed_attributes; /* SET */
	struct axev__span signature;
	struct axev__span token;        /* empty: no unsigned attribute */
	/* AlgorithmIdentifiers that the signer bound, whole (the second in its tag [1]); empty: the usual. */
	struct axev__span protected_digest, protected_signature;
};
int axev__cms_write(const struct axev__cms_parts *parts, struct axev__buf *ret_der, axev_error *err);

/* Attribute with one value. */
int axev__cms_put_attribute(struct axev__buf *out, struct axev__span oid, struct axev__span value,
			    axev_error *err);
/* IssuerSerial of a certificate: GeneralNames with one directoryName [4], serial (RFC 5035 5). */
int axev__cms_put_issuer_serial(struct axev__span cert, struct axev__buf *out, axev_error *err);
/* contentType, messageDigest, signing-certificate-v2 and, unless negative, signingTime; as SET. */
int axev__cms_signed_attributes(struct axev__span content_type, struct axev__span message_digest,
				struct axev__span signer_cert, int64_t signing_time_ns,
				struct axev__buf *ret_set, axev_error *err);

#endif
