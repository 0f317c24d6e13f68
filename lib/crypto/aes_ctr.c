/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/aes_ctr.h"

#include <openssl/evp.h>
#include <pthread.h>

#include "crypto/ossl.h"

/* At a time, so that zeros are still in the cache next to the processor when they are enciphered; and a size of OpenSSL is an int. */
#define PIECE_BLOCKS 1024

/* Fetched once, as digests are. */
static EVP_CIPHER *fetched;
static pthread_once_t fetch_once = PTHREAD_ONCE_INIT;

static void fetch(void)
{
	if (axev__ossl())
		fetched = EVP_CIPHER_fetch(axev__ossl(), "AES-256-CTR", NULL);
}

int axev__aes_ctr_new(EVP_CIPHER_CTX **ret_cipher, axev_error *err)
{
	EVP_CIPHER_CTX *cipher;

	pthread_once(&fetch_once, fetch);
	if (!fetched)
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "AES-256-CTR is not available");
	cipher = EVP_CIPHER_CTX_new();
	if (!cipher)
		return axev__nomem(err);
	*ret_cipher = cipher;
	return AXEV_OK;
}

void axev__aes_ctr_free(EVP_CIPHER_CTX *cipher)
{
	EVP_CIPHER_CTX_free(cipher); /* OpenSSL clears what it has made of the key */
}

int axev__aes_ctr_key(EVP_CIPHER_CTX *cipher, const uint8_t key[32], axev_error *err)
{
	if (EVP_EncryptInit_ex2(cipher, fetched, key, NULL, NULL) != 1)
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot start AES-256-CTR");
	return AXEV_OK;
}

int axev__aes_ctr_stream(EVP_CIPHER_CTX *cipher, const uint8_t counter[AXEV__AES_BLOCK], size_t count,
			 uint8_t (*ret_blocks)[AXEV__AES_BLOCK], axev_error *err)
{
	int good = EVP_EncryptInit_ex2(cipher, NULL, NULL, counter, NULL), written;
	size_t blocks;

	for (; good == 1 && count > 0; count -= blocks, ret_blocks += blocks) {
		blocks = count < PIECE_BLOCKS ? count : PIECE_BLOCKS;
		memset(ret_blocks, 0, blocks * AXEV__AES_BLOCK);
		good = EVP_EncryptUpdate(cipher, ret_blocks[0], &written, ret_blocks[0], (int)(blocks * AXEV__AES_BLOCK));
	}
	return good == 1 ? AXEV_OK : axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot continue AES-256-CTR");
}
