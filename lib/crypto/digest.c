/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <zlib.h>

#include "crypto/ossl.h"

/* Fetched once: a fetch by name for each small leaf costs more than hashing it. */
static struct {
	pthread_once_t once;
	EVP_MD *sha256, *sha512, *sm3;
} algorithms = { .once = PTHREAD_ONCE_INIT };

static void fetch_algorithms(void)
{
	algorithms.sha256 = EVP_MD_fetch(axev__ossl(), "SHA256", NULL);
	algorithms.sha512 = EVP_MD_fetch(axev__ossl(), "SHA512", NULL);
	algorithms.sm3 = EVP_MD_fetch(axev__ossl(), "SM3", NULL);
}

struct axev__hasher {
	unsigned which;
	uint64_t size_bytes;
	uint32_t crc32;
	EVP_MD_CTX *sha256, *sha512, *sm3;
};

static int begin(EVP_MD_CTX *context, const EVP_MD *algorithm, axev_error *err)
{
	if (!algorithm || !context || EVP_DigestInit_ex2(context, algorithm, NULL) != 1)
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot start a digest");
	return AXEV_OK;
}

static int restart(struct axev__hasher *hasher, axev_error *err)
{
	hasher->size_bytes = 0;
	hasher->crc32 = 0;
	if (hasher->which & AXEV__DIGEST_SHA256)
		TRY(begin(hasher->sha256, algorithms.sha256, err));
	if (hasher->which & AXEV__DIGEST_SHA512)
		TRY(begin(hasher->sha512, algorithms.sha512, err));
	if (hasher->which & AXEV__DIGEST_SM3)
		TRY(begin(hasher->sm3, algorithms.sm3, err));
	return AXEV_OK;
}

int axev__hasher_new(unsigned which, struct axev__hasher **ret_hasher, axev_error *err)
{
	AXEV__HASHER *hasher = calloc(1, sizeof(*hasher));

	if (!hasher)
		return axev__nomem(err);
	pthread_once(&algorithms.once, fetch_algorithms);
	hasher->which = which;
	hasher->sha256 = EVP_MD_CTX_new();
	hasher->sha512 = EVP_MD_CTX_new();
	hasher->sm3 = EVP_MD_CTX_new();
	TRY(restart(hasher, err));
	*ret_hasher = axev__steal(hasher);
	return AXEV_OK;
}

void axev__hasher_free(struct axev__hasher *hasher)
{
	if (!hasher)
		return;
	EVP_MD_CTX_free(hasher->sha256);
	EVP_MD_CTX_free(hasher->sha512);
	EVP_MD_CTX_free(hasher->sm3);
	EVP_MD_CTX_free(hasher->sha1);
	free(hasher);
}

static int update_one(EVP_MD_CTX *context, const void *data, size_t size, axev_error *err)
{
	if (EVP_DigestUpdate(context, data, size) != 1)
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot continue a digest");
	return AXEV_OK;
}

int axev__hasher_update(struct axev__hasher *hasher, const void *data, size_t size, axev_error *err)
{
	if (size == 0)
		return AXEV_OK;
	hasher->size_bytes += size;
	if (hasher->which & AXEV__DIGEST_CRC32)
		hasher->crc32 = (uint32_t)crc32_z(hasher->crc32, data, size);
	if (hasher->which & AXEV__DIGEST_SHA256)
		TRY(update_one(hasher->sha256, data, size, err));
	if (hasher->which & AXEV__DIGEST_SHA512)
		TRY(update_one(hasher->sha512, data, size, err));
	if (hasher->which & AXEV__DIGEST_SM3)
		TRY(update_one(hasher->sm3, data, size, err));
	return AXEV_OK;
}

static int final_one(EVP_MD_CTX *context, uint8_t *out, axev_error *err)
{
	if (EVP_DigestFinal_ex(context, out, NULL) != 1)
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot finish a digest");
	return AXEV_OK;
}

int axev__hasher_final(struct axev__hasher *hasher, struct axev__digests *ret_digests,
		       axev_error *err)
{
	struct axev__digests digests = { .which = hasher->which };

	digests.size_bytes = hasher->size_bytes;
	digests.crc32 = hasher->crc32;
	if (hasher->which & AXEV__DIGEST_SHA256)
		TRY(final_one(hasher->sha256, digests.sha256, err));
	if (hasher->which & AXEV__DIGEST_SHA512)
		TRY(final_one(hasher->sha512, digests.sha512, err));
	if (hasher->which & AXEV__DIGEST_SM3)
		TRY(final_one(hasher->sm3, digests.sm3, err));
	*ret_digests = digests;
	return restart(hasher, err);
}

int axev__sha256(const void *data, size_t size, uint8_t out[AXEV__SHA256], axev_error *err)
{
	EVP_MD_CTX *context;
	int good;

	pthread_once(&algorithms.once, fetch_algorithms);
	context = EVP_MD_CTX_new();
	good = context && algorithms.sha256 && EVP_DigestInit_ex2(context, algorithms.sha256, NULL) == 1 &&
	       EVP_DigestUpdate(context, data, size) == 1 && EVP_DigestFinal_ex(context, out, NULL) == 1;
	EVP_MD_CTX_free(context);
	return good ? AXEV_OK : axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot make a SHA-256 digest");
}

int axev__hmac_sha256(struct axev__span key, struct axev__span data, uint8_t out[AXEV__SHA256],
		      axev_error *err)
{
	size_t length = 0;

	if (!EVP_Q_mac(axev__ossl(), "HMAC", NULL, "SHA256", NULL, key.data, key.size, data.data,
		       data.size, out, AXEV__SHA256, &length) ||
	    length != AXEV__SHA256)
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot make an HMAC");
	return AXEV_OK;
}
