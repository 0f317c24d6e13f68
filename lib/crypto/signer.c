/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <openssl/crypto.h>

#include "base/io.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/x509_internal.h"

#define MAX_SIGNATURE_BYTES 1024

struct axev_signer {
	struct axev__key *key; /* NULL: the callback signs */
	axev_sign_callback sign;
	void *payload;
	struct axev__certs certs; /* leaf first */
};

void axev_signer_free(axev_signer *signer)
{
	if (!signer)
		return;
	axev__key_free(signer->key);
	axev__certs_free(&signer->certs);
	free(signer);
}

const struct axev__certs *axev__signer_certs(const axev_signer *signer)
{
	return &signer->certs;
}

static int check_leaf(struct axev__span leaf, axev_error *err)
{
	struct axev__cert_info info;
	AXEV__X509 *x509 = NULL;

	TRY(axev__x509_parse(leaf, &x509, err));
	TRY(axev__cert_info(leaf, &info, err));
	if (!axev__pkey_may_sign_evidence(X509_get0_pubkey(x509)) ||
	    axev__x509_key(x509) == AXEV__CERT_KEY_OTHER)
		return axev__fail(err, AXEV_E_CRYPTO,
				  "expected a key of EC P-256 or RSA of 3072 bits or more, found %s",
				  info.key);
	if (!info.may_sign)
		return axev__fail(err, AXEV_E_CRYPTO,
				  "the certificate's key usage does not allow signatures");
	return AXEV_OK;
}

/* A copy of @certs, which must be a path: each issued by the next, nothing besides. */
static int copy_path(const struct axev__certs *certs, struct axev__certs *ret_path, axev_error *err)
{
	bool is_complete;

	if (certs->count == 0)
		return axev__fail(err, AXEV_E_CRYPTO, "the signer has no certificate");
	TRY(axev__certs_path(axev__cert_at(certs, 0), certs, NULL, ret_path, &is_complete, err));
	if (ret_path->count != certs->count)
		return axev__fail(err, AXEV_E_CRYPTO,
				  "expected the signer's certificate first and then only its issuers, "
				  "found %zu certificates of which %zu belong together",
				  certs->count, ret_path->count);
	return AXEV_OK;
}

/* For evidence; the embedded authority's own signer is made below this check. */
static int check_purpose(const axev_signer *signer, axev_error *err)
{
	struct axev__cert_info info;

	TRY(axev__cert_info(axev__cert_at(&signer->certs, 0), &info, err));
	if (info.is_for_others)
		return axev__fail(err, AXEV_E_CRYPTO,
				  "the certificate's extended key usage is not for documents");
	return AXEV_OK;
}

static int new_signer(const struct axev__certs *certs, axev_signer **ret_signer, axev_error *err)
{
	AXEV__SIGNER *signer = calloc(1, sizeof(*signer));

	if (!signer)
		return axev__nomem(err);
	TRY(copy_path(certs, &signer->certs, err));
	TRY(check_leaf(axev__cert_at(&signer->certs, 0), err));
	*ret_signer = axev__steal(signer);
	return AXEV_OK;
}

int axev__signer_new(struct axev__key *key, const struct axev__certs *certs, axev_signer **ret_signer,
		     axev_error *err)
{
	AXEV__KEY *owned = key;
	AXEV__SIGNER *signer = NULL;

	TRY(new_signer(certs, &signer, err));
	if (!axev__key_matches(owned, axev__cert_at(&signer->certs, 0)))
		return axev__fail(err, AXEV_E_CRYPTO, "the key is not that of the certificate");
	signer->key = axev__steal(owned);
	*ret_signer = axev__steal(signer);
	return AXEV_OK;
}

int axev_signer_new_callback(const char *cert_pem, size_t cert_pem_bytes, axev_sign_callback sign,
			     void *payload, axev_signer **ret_signer, axev_error *err)
{
	AXEV__CERTS certs = { 0 };
	AXEV__SIGNER *signer = NULL;

	if (!cert_pem || !sign || !ret_signer)
		return axev__fail(err, AXEV_E_INVAL, "certificate, callback and result are required");
	TRY(axev__certs_read(axev__span(cert_pem, cert_pem_bytes), &certs, err));
	TRY(new_signer(&certs, &signer, err));
	TRY(check_purpose(signer, err));
	signer->sign = sign;
	signer->payload = payload;
	*ret_signer = axev__steal(signer);
	return AXEV_OK;
}

/* ---- files ---- */

static void wipe(struct axev__buf *buf)
{
	if (buf->data)
		OPENSSL_cleanse(buf->data, buf->capacity);
	axev__buf_free(buf);
}

static int read_secret(const char *path, struct axev__buf *out, axev_error *err)
{
	/* Reserved once, so that no growth leaves a copy of the key behind in freed memory. */
	TRY(axev__buf_reserve(out, 64 * AXEV__KIB, err));
	return axev__read_file(AT_FDCWD, path, out, err);
}

static int read_certs(const char *path, struct axev__certs *certs, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);

	TRY(axev__read_file(AT_FDCWD, path, &text, err));
	return axev__prefix(axev__certs_read(axev__buf_view(&text), certs, err), err, "%s", path);
}

static int open_files(const char *key_path, const char *cert_path, const char *passphrase,
		      struct axev__key **ret_key, struct axev__certs *certs, axev_error *err)
{
	AXEV__CLEANUP(wipe) struct axev__buf file = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__KEY *key = NULL;
	struct axev__span bytes;

	TRY(read_secret(key_path, &file, err));
	bytes = axev__buf_view(&file);
	if (bytes.size && bytes.data[0] == AXEV__DER_SEQUENCE)
		TRY(axev__prefix(axev__key_from_pkcs12(bytes, passphrase, &key, certs, err), err, "%s",
				 key_path));
	else
		TRY(axev__prefix(axev__key_from_pem(bytes, passphrase, &key, err), err, "%s",
				 key_path));
	if (cert_path) {
		axev__certs_free(certs);
		TRY(read_certs(cert_path, certs, err));
	} else if (certs->count == 0) {
		TRY(axev__prefix(axev__certs_read(bytes, certs, err), err, "%s", key_path));
	}
	*ret_key = axev__steal(key);
	return AXEV_OK;
}

int axev_signer_open(const char *key_path, const char *cert_path, const char *passphrase,
		     axev_signer **ret_signer, axev_error *err)
{
	AXEV__CERTS certs = { 0 };
	AXEV__KEY *key = NULL;
	AXEV__SIGNER *signer = NULL;

	if (!key_path || !ret_signer)
		return axev__fail(err, AXEV_E_INVAL, "key path and result are required");
	if (passphrase && strlen(passphrase) > AXEV__MAX_PASSPHRASE)
		return axev__fail(err, AXEV_E_LIMIT, "the passphrase is longer than %d bytes",
				  AXEV__MAX_PASSPHRASE);
	TRY(open_files(key_path, cert_path, passphrase, &key, &certs, err));
	TRY(axev__prefix(axev__signer_new(axev__steal(key), &certs, &signer, err), err, "%s",
			 cert_path ? cert_path : key_path));
	TRY(axev__prefix(check_purpose(signer, err), err, "%s", cert_path ? cert_path : key_path));
	*ret_signer = axev__steal(signer);
	return AXEV_OK;
}

/* ---- use ---- */

int axev_signer_fingerprint(const axev_signer *signer, axev_id *ret_fingerprint, axev_error *err)
{
	struct axev__span leaf;

	if (!signer || !ret_fingerprint)
		return axev__fail(err, AXEV_E_INVAL, "signer and result are required");
	leaf = axev__cert_at(&signer->certs, 0);
	return axev__sha256(leaf.data, leaf.size, ret_fingerprint->bytes, err);
}

/* What comes back from elsewhere is checked before it is sealed in. */
static int sign_elsewhere(const axev_signer *signer, struct axev__span tbs,
			  struct axev__buf *ret_signature, axev_error *err)
{
	uint8_t signature[MAX_SIGNATURE_BYTES];
	size_t size = sizeof(signature);
	int status = signer->sign(signer->payload, tbs.data, tbs.size, signature, &size, err);

	if (status < 0)
		return axev__fail(err, status, "the signing callback failed");
	if (size == 0 || size > sizeof(signature))
		return axev__fail(err, AXEV_E_CRYPTO, "the signing callback gave %zu bytes", size);
	status = axev__x509_verify(axev__cert_at(&signer->certs, 0), "SHA256", tbs,
				   axev__span(signature, size), NULL);
	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (status < 0)
		return axev__fail(err, AXEV_E_CRYPTO,
				  "the signing callback gave a signature that does not verify");
	return axev__buf_append(ret_signature, signature, size, err);
}

int axev__signer_sign(const axev_signer *signer, struct axev__span tbs,
		      struct axev__buf *ret_signature, axev_error *err)
{
	if (!signer->key)
		return sign_elsewhere(signer, tbs, ret_signature, err);
	return axev__key_sign(signer->key, tbs, ret_signature, err);
}
