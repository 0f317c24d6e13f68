/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>

#include "crypto/der.h"
#include "crypto/ossl.h"
#include "crypto/x509_internal.h"

#define MAX_RSA_BITS 8192

struct axev__key {
	EVP_PKEY *pkey;
	enum axev__key_type type;
};

void axev__key_free(struct axev__key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey); /* wipes the private part */
	free(key);
}

EVP_PKEY *axev__key_pkey(const struct axev__key *key)
{
	return key->pkey;
}

enum axev__key_type axev__key_type(const struct axev__key *key)
{
	return key->type;
}

static int type_of(const EVP_PKEY *pkey, enum axev__key_type *ret_type, axev_error *err)
{
	switch (EVP_PKEY_get_base_id(pkey)) {
	case EVP_PKEY_RSA:
		if (EVP_PKEY_get_bits(pkey) < 2048 || EVP_PKEY_get_bits(pkey) > MAX_RSA_BITS)
			break;
		*ret_type = AXEV__KEY_RSA;
		return AXEV_OK;
	case EVP_PKEY_EC:
		if (!axev__pkey_may_sign_evidence(pkey))
			break;
		*ret_type = AXEV__KEY_EC_P256;
		return AXEV_OK;
	case EVP_PKEY_ED25519:
		*ret_type = AXEV__KEY_ED25519;
		return AXEV_OK;
	default:
		break;
	}
	ERR_clear_error();
	return axev__fail(err, AXEV_E_CRYPTO,
			  "expected a key of EC P-256, RSA (2048 to %d bits) or Ed25519, found %s of %d bits",
			  MAX_RSA_BITS,
			  EVP_PKEY_get0_type_name(pkey) ? EVP_PKEY_get0_type_name(pkey) : "another kind",
			  EVP_PKEY_get_bits(pkey));
}

int axev__key_wrap(EVP_PKEY *pkey, struct axev__key **ret_key, axev_error *err)
{
	AXEV__PKEY *owned = pkey;
	enum axev__key_type type = AXEV__KEY_EC_P256;
	struct axev__key *key;

	TRY(type_of(owned, &type, err));
	key = malloc(sizeof(*key));
	if (!key)
		return axev__nomem(err);
	key->pkey = axev__steal(owned);
	key->type = type;
	*ret_key = key;
	return AXEV_OK;
}

int axev__key_generate(enum axev__key_type type, int rsa_bits, struct axev__key **ret_key,
		       axev_error *err)
{
	EVP_PKEY *pkey = NULL;

	switch (type) {
	case AXEV__KEY_EC_P256:
		pkey = EVP_PKEY_Q_keygen(axev__ossl(), NULL, "EC", "P-256");
		break;
	case AXEV__KEY_RSA:
		pkey = EVP_PKEY_Q_keygen(axev__ossl(), NULL, "RSA", (size_t)rsa_bits);
		break;
	case AXEV__KEY_ED25519:
		pkey = EVP_PKEY_Q_keygen(axev__ossl(), NULL, "ED25519");
		break;
	}
	if (!pkey)
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot generate a key");
	return axev__key_wrap(pkey, ret_key, err);
}

/* ---- PEM ---- */

/* OWASP's figure of 2023 for PBKDF2-HMAC-SHA-256; OpenSSL's own 2048 guesses cost next to nothing. */
#define PBKDF2_ROUNDS 600000
#define PBKDF2_SALT_BYTES 16

static bool write_encrypted(BIO *bio, const EVP_PKEY *pkey, const char *passphrase)
{
	PKCS8_PRIV_KEY_INFO *plain = EVP_PKEY2PKCS8(pkey);
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(axev__ossl(), "AES-256-CBC", NULL);
	X509_SIG *sealed = NULL;
	bool is_written;

	if (plain && cipher)
		sealed = PKCS8_encrypt_ex(-1, cipher, passphrase, (int)strlen(passphrase), NULL,
					  PBKDF2_SALT_BYTES, PBKDF2_ROUNDS, plain, axev__ossl(), NULL);
	is_written = sealed && PEM_write_bio_PKCS8(bio, sealed) == 1;
	X509_SIG_free(sealed);
	EVP_CIPHER_free(cipher);
	PKCS8_PRIV_KEY_INFO_free(plain);
	return is_written;
}

int axev__key_to_pem(const struct axev__key *key, const char *passphrase, struct axev__buf *out,
		     axev_error *err)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	bool is_written;
	char *text;
	long size;
	int status;

	if (!bio)
		return axev__nomem(err);
	is_written = passphrase ? write_encrypted(bio, key->pkey, passphrase) :
				  PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL,
								NULL) == 1;
	if (!is_written) {
		BIO_free(bio);
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot write the key");
	}
	size = BIO_get_mem_data(bio, &text);
	status = axev__buf_append(out, text, (size_t)size, err);
	BIO_free(bio);
	return status;
}

struct asked {
	const char *passphrase;
	bool was_asked;
};

/* OpenSSL's own callback would prompt on the terminal. */
static int give_passphrase(char *buffer, int size, int is_write, void *payload)
{
	struct asked *asked = payload;
	size_t length = asked->passphrase ? strlen(asked->passphrase) : 0;

	(void)is_write;
	asked->was_asked = true;
	if (!asked->passphrase || length > (size_t)size)
		return -1;
	memcpy(buffer, asked->passphrase, length);
	return (int)length;
}

int axev__key_from_pem(struct axev__span pem, const char *passphrase, struct axev__key **ret_key,
		       axev_error *err)
{
	struct asked asked = { passphrase, false };
	EVP_PKEY *pkey;
	BIO *bio;

	if (pem.size > AXEV__MAX_PEM_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "key: larger than %zu bytes",
				  AXEV__MAX_PEM_BYTES);
	bio = BIO_new_mem_buf(pem.data ? (const void *)pem.data : "", (int)pem.size);
	if (!bio)
		return axev__nomem(err);
	ERR_clear_error();
	pkey = PEM_read_bio_PrivateKey_ex(bio, NULL, give_passphrase, &asked, axev__ossl(), NULL);
	BIO_free(bio);
	if (!pkey && asked.was_asked) {
		ERR_clear_error();
		return axev__fail(err, AXEV_E_PASSPHRASE,
				  passphrase ? "the passphrase does not open the key"
					     : "the key is encrypted: a passphrase is needed");
	}
	if (!pkey)
		return axev__ossl_fail(err, AXEV_E_FORMAT, "expected a private key in PEM");
	ERR_clear_error();
	return axev__key_wrap(pkey, ret_key, err);
}

/* ---- PKCS#12 ---- */

static int add_x509(struct axev__certs *certs, X509 *x509, axev_error *err)
{
	unsigned char *der = NULL;
	int size = i2d_X509(x509, &der), status;

	if (size <= 0)
		return axev__ossl_fail(err, AXEV_E_FORMAT, "broken certificate");
	status = axev__certs_add(certs, axev__span(der, (size_t)size), err);
	OPENSSL_free(der);
	return status;
}

/* Leaf first, then issuer after issuer; other certificates of the file are passed over. */
static int order_certs(X509 *leaf, STACK_OF(X509) *others, struct axev__certs *ret_certs,
		       axev_error *err)
{
	AXEV__CERTS leaf_only = { 0 };
	AXEV__CERTS pool = { 0 };
	bool is_complete;
	int i;

	TRY(add_x509(&leaf_only, leaf, err));
	for (i = 0; i < sk_X509_num(others); i++)
		TRY(add_x509(&pool, sk_X509_value(others, i), err));
	return axev__certs_path(axev__cert_at(&leaf_only, 0), &pool, NULL, ret_certs, &is_complete,
				err);
}

static int open_pkcs12(PKCS12 *file, const char *passphrase, struct axev__key **ret_key,
		       struct axev__certs *ret_certs, axev_error *err)
{
	AXEV__KEY *key = NULL;
	AXEV__CERTS certs = { 0 };
	STACK_OF(X509) *others = NULL;
	EVP_PKEY *pkey = NULL;
	X509 *leaf = NULL;
	int status;

	if (PKCS12_parse(file, passphrase, &pkey, &leaf, &others) != 1)
		return axev__ossl_fail(err, AXEV_E_FORMAT,
				       "the PKCS#12 file cannot be opened (old files use algorithms "
				       "that are not accepted)");
	if (!pkey || !leaf) {
		EVP_PKEY_free(pkey);
		status = axev__fail(err, AXEV_E_FORMAT,
				    "expected a key with its certificate in the PKCS#12 file");
	} else {
		status = axev__key_wrap(pkey, &key, err);
		if (status == AXEV_OK)
			status = order_certs(leaf, others, &certs, err);
	}
	X509_free(leaf);
	sk_X509_pop_free(others, X509_free);
	ERR_clear_error();
	TRY(status);
	*ret_key = axev__steal(key);
	*ret_certs = certs;
	certs = (struct axev__certs){ 0 }; /* handed on */
	return AXEV_OK;
}

static bool is_opened_by(PKCS12 *file, const char *passphrase)
{
	if (PKCS12_verify_mac(file, passphrase, passphrase ? -1 : 0) == 1)
		return true;
	/* An empty passphrase is written in two ways: as none, and as an empty string. */
	return !passphrase && PKCS12_verify_mac(file, "", 0) == 1;
}

int axev__key_from_pkcs12(struct axev__span der, const char *passphrase, struct axev__key **ret_key,
			  struct axev__certs *ret_certs, axev_error *err)
{
	PKCS12 *file = PKCS12_init_ex(NID_pkcs7_data, axev__ossl(), NULL);
	const unsigned char *in = der.data;
	int status;

	if (!file)
		return axev__ossl_fail(err, AXEV_E_NOMEM, "cannot make a PKCS#12 file");
	if (der.size > AXEV__MAX_PEM_BYTES || !d2i_PKCS12(&file, &in, (long)der.size)) {
		/* d2i freed it */
		return axev__ossl_fail(err, AXEV_E_FORMAT, "expected a PKCS#12 file");
	}
	if (in != der.data + der.size)
		status = axev__fail(err, AXEV_E_FORMAT, "bytes behind the PKCS#12 file");
	else if (PKCS12_mac_present(file) && !is_opened_by(file, passphrase))
		status = axev__fail(err, AXEV_E_PASSPHRASE,
				    passphrase ? "the passphrase does not open the PKCS#12 file"
					       : "the PKCS#12 file is encrypted: a passphrase is needed");
	else
		status = open_pkcs12(file, passphrase, ret_key, ret_certs, err);
	PKCS12_free(file);
	ERR_clear_error();
	return status;
}

bool axev__key_matches(const struct axev__key *key, struct axev__span cert_der)
{
	AXEV__X509 *x509 = NULL;
	bool is_match;

	if (axev__x509_parse(cert_der, &x509, NULL) < 0)
		return false;
	is_match = X509_get0_pubkey(x509) && EVP_PKEY_eq(X509_get0_pubkey(x509), key->pkey) == 1;
	ERR_clear_error();
	return is_match;
}

/* ---- signing ---- */

int axev__key_sign(const struct axev__key *key, struct axev__span tbs, struct axev__buf *ret_signature,
		   axev_error *err)
{
	const char *digest = key->type == AXEV__KEY_ED25519 ? NULL : "SHA256";
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t signature[MAX_RSA_BITS / 8];
	size_t size = sizeof(signature);
	int is_signed;

	if (!context)
		return axev__nomem(err);
	is_signed = EVP_DigestSignInit_ex(context, NULL, digest, axev__ossl(), NULL, key->pkey, NULL) ==
			    1 &&
		    EVP_DigestSign(context, signature, &size, tbs.data, tbs.size) == 1;
	EVP_MD_CTX_free(context);
	if (!is_signed)
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot sign");
	return axev__buf_append(ret_signature, signature, size, err);
}

int axev__ed25519_public(const struct axev__key *key, uint8_t out[32], axev_error *err)
{
	size_t size = 32;

	if (key->type != AXEV__KEY_ED25519)
		return axev__fail(err, AXEV_E_INVAL, "expected an Ed25519 key");
	if (EVP_PKEY_get_raw_public_key(key->pkey, out, &size) != 1 || size != 32)
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot read the public key");
	return AXEV_OK;
}

int axev__ed25519_verify(const uint8_t public_key[32], struct axev__span message,
			 const uint8_t signature[64], axev_error *err)
{
	AXEV__PKEY *pkey =
		EVP_PKEY_new_raw_public_key_ex(axev__ossl(), "ED25519", NULL, public_key, 32);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int outcome = -1;

	if (!context)
		return axev__nomem(err);
	if (pkey && EVP_DigestVerifyInit_ex(context, NULL, NULL, axev__ossl(), NULL, pkey, NULL) == 1)
		outcome = EVP_DigestVerify(context, signature, 64, message.data, message.size);
	EVP_MD_CTX_free(context);
	ERR_clear_error();
	if (outcome != 1)
		return axev__fail(err, AXEV_E_INVALID, "the Ed25519 signature does not verify");
	return AXEV_OK;
}
