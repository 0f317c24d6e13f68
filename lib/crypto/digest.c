/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/digest.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <zlib.h>

#include "crypto/ossl.h"
#include "crypto/sha256_small.h"

/* Fetched once: a fetch by name for each small leaf costs more than hashing it. */
enum { SHA256, SHA512, SM3, SHA1, ALGORITHMS };
static const struct algorithm {
	unsigned flag;
	const char *name;
} known[ALGORITHMS] = {
	[SHA256] = { AXEV__DIGEST_SHA256, "SHA256" },
	[SHA512] = { AXEV__DIGEST_SHA512, "SHA512" },
	[SM3] = { AXEV__DIGEST_SM3, "SM3" },
	[SHA1] = { AXEV__DIGEST_SHA1, "SHA1" },
};
static EVP_MD *fetched[ALGORITHMS];
static pthread_once_t fetch_once = PTHREAD_ONCE_INIT;

static void fetch_all(void)
{
	OSSL_LIB_CTX *library = axev__ossl();
	int i;

	for (i = 0; library && i < ALGORITHMS; i++)
		fetched[i] = EVP_MD_fetch(library, known[i].name, NULL);
}

/*
 * Idle contexts, taken and given back by atomic exchange. Making one costs several times what a small
 * leaf costs; thread-local ones would need a destructor that outlives dlclose().
 */
#define POOL 8
static _Atomic(EVP_MD_CTX *) pool[POOL];

static EVP_MD_CTX *context_take(void)
{
	EVP_MD_CTX *context;
	int i;

	for (i = 0; i < POOL; i++) {
		context = atomic_exchange(&pool[i], NULL);
		if (context)
			return context;
	}
	return EVP_MD_CTX_new();
}

static void context_give(EVP_MD_CTX *context)
{
	int i;

	for (i = 0; i < POOL && context; i++)
		context = atomic_exchange(&pool[i], context);
	EVP_MD_CTX_free(context);
}

static int hash_parts(const struct axev__span *parts, size_t count, uint8_t out[AXEV__SHA256],
		      axev_error *err)
{
	EVP_MD_CTX *context;
	size_t i;
	int good;

	pthread_once(&fetch_once, fetch_all);
	if (!fetched[SHA256])
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "SHA-256 is not available");
	context = context_take();
	if (!context)
		return axev__nomem(err);
	good = EVP_DigestInit_ex2(context, fetched[SHA256], NULL);
	for (i = 0; good && i < count; i++)
		good = EVP_DigestUpdate(context, parts[i].data, parts[i].size);
	good = good && EVP_DigestFinal_ex(context, out, NULL);
	context_give(context);
	return good ? AXEV_OK : axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot make a SHA-256 digest");
}

int axev__sha256(const void *data, size_t size, uint8_t out[AXEV__SHA256], axev_error *err)
{
	struct axev__span part = axev__span(data, size);

	if (size > 0 && size <= AXEV__SHA256_SMALL) {
		axev__sha256_small(data, size, out);
		return AXEV_OK;
	}
	return hash_parts(&part, 1, out, err);
}

/* RFC 2104 section 2: H(K xor opad, H(K xor ipad, text)), B = 64 for SHA-256. */
int axev__hmac_sha256(struct axev__span key, struct axev__span data, uint8_t out[AXEV__SHA256],
		      axev_error *err)
{
	uint8_t inner_pad[64], outer_pad[64], hashed[AXEV__SHA256], inner[AXEV__SHA256];
	struct axev__span parts[2];
	size_t i;

	if (key.size > sizeof(inner_pad)) {
		TRY(hash_parts(&key, 1, hashed, err));
		key = axev__span(hashed, sizeof(hashed));
	}
	for (i = 0; i < sizeof(inner_pad); i++) {
		uint8_t byte = i < key.size ? key.data[i] : 0;

		inner_pad[i] = byte ^ 0x36;
		outer_pad[i] = byte ^ 0x5C;
	}
	parts[0] = axev__span(inner_pad, sizeof(inner_pad));
	parts[1] = data;
	TRY(hash_parts(parts, 2, inner, err));
	parts[0] = axev__span(outer_pad, sizeof(outer_pad));
	parts[1] = axev__span(inner, sizeof(inner));
	return hash_parts(parts, 2, out, err);
}

struct axev__hasher {
	unsigned which;
	uint64_t size_bytes;
	uint32_t crc32;
	EVP_MD_CTX *contexts[ALGORITHMS]; /* NULL: not asked for */
};

static int restart(struct axev__hasher *hasher, axev_error *err)
{
	int i;

	hasher->size_bytes = 0;
	hasher->crc32 = 0;
	for (i = 0; i < ALGORITHMS; i++) {
		if (!(hasher->which & known[i].flag))
			continue;
		if (!fetched[i])
			return axev__fail(err, AXEV_E_UNSUPPORTED, "%s is not available here",
					  known[i].name);
		if (!EVP_DigestInit_ex2(hasher->contexts[i], fetched[i], NULL))
			return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot start %s", known[i].name);
	}
	return AXEV_OK;
}

int axev__hasher_new(unsigned which, struct axev__hasher **ret_hasher, axev_error *err)
{
	AXEV__HASHER *hasher = calloc(1, sizeof(*hasher));
	int i;

	if (!hasher)
		return axev__nomem(err);
	pthread_once(&fetch_once, fetch_all);
	hasher->which = which;
	for (i = 0; i < ALGORITHMS; i++) {
		if (!(which & known[i].flag))
			continue;
		hasher->contexts[i] = EVP_MD_CTX_new();
		if (!hasher->contexts[i])
			return axev__nomem(err);
	}
	TRY(restart(hasher, err));
	*ret_hasher = axev__steal(hasher);
	return AXEV_OK;
}

void axev__hasher_free(struct axev__hasher *hasher)
{
	int i;

	if (!hasher)
		return;
	for (i = 0; i < ALGORITHMS; i++)
		EVP_MD_CTX_free(hasher->contexts[i]);
	free(hasher);
}

int axev__hasher_update(struct axev__hasher *hasher, const void *data, size_t size, axev_error *err)
{
	int i;

	if (size == 0)
		return AXEV_OK;
	if (!axev__add_u64(hasher->size_bytes, size, &hasher->size_bytes))
		return axev__fail(err, AXEV_E_LIMIT, "more bytes than a count can hold");
	if (hasher->which & AXEV__DIGEST_CRC32)
		hasher->crc32 = (uint32_t)crc32_z(hasher->crc32, data, size);
	for (i = 0; i < ALGORITHMS; i++)
		if (hasher->contexts[i] && !EVP_DigestUpdate(hasher->contexts[i], data, size))
			return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot continue %s", known[i].name);
	return AXEV_OK;
}

uint32_t axev__crc32(struct axev__span bytes)
{
	return (uint32_t)crc32_z(0, bytes.data, bytes.size);
}

uint32_t axev__crc32_join(uint32_t first, uint32_t second, uint64_t second_bytes)
{
	return (uint32_t)crc32_combine64(first, second, (z_off64_t)second_bytes);
}

int axev__hasher_final(struct axev__hasher *hasher, struct axev__digests *ret_digests,
		       axev_error *err)
{
	struct axev__digests digests = { .which = hasher->which,
					 .size_bytes = hasher->size_bytes,
					 .crc32 = hasher->crc32 };
	uint8_t *outs[ALGORITHMS] = { digests.sha256, digests.sha512, digests.sm3, digests.sha1 };
	int i;

	for (i = 0; i < ALGORITHMS; i++)
		if (hasher->contexts[i] && !EVP_DigestFinal_ex(hasher->contexts[i], outs[i], NULL))
			return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot finish %s", known[i].name);
	TRY(restart(hasher, err));
	*ret_digests = digests;
	return AXEV_OK;
}
