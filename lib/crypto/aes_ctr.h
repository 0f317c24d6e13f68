/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AES-256 (FIPS 197) in counter mode (SP 800-38A 6.5): the stream of blocks alone, for salts of record sets. Nothing is
 * enciphered with it. The library's own OSSL_LIB_CTX is used.
 */
#ifndef AXEV_CRYPTO_AES_CTR_H
#define AXEV_CRYPTO_AES_CTR_H

#include <openssl/types.h>

#include "base/error.h"
#include "base/span.h"

#define AXEV__AES_BLOCK 16

/* May be given one key after another. */
int axev__aes_ctr_new(EVP_CIPHER_CTX **ret_cipher, axev_error *err);
void axev__aes_ctr_free(EVP_CIPHER_CTX *cipher); /* the key is gone then */
int axev__aes_ctr_key(EVP_CIPHER_CTX *cipher, const uint8_t key[32], axev_error *err);

/* What @counter and the numbers behind it, of 128 bits, big-endian, are enciphered to: @count blocks. */
int axev__aes_ctr_stream(EVP_CIPHER_CTX *cipher, const uint8_t counter[AXEV__AES_BLOCK], size_t count,
			 uint8_t (*ret_blocks)[AXEV__AES_BLOCK], axev_error *err);

#endif
