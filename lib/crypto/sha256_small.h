/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 of leaves and nodes of trees, which have few blocks: what EVP adds to a call costs more than hashing them.
 * So OpenSSL's compression function is called as it is; it takes the machine's own instructions.
 */
#ifndef AXEV_CRYPTO_SHA256_SMALL_H
#define AXEV_CRYPTO_SHA256_SMALL_H

#include <stddef.h>
#include <stdint.h>

#define AXEV__SHA256_SMALL 1024

/* @size: 1 to AXEV__SHA256_SMALL. */
void axev__sha256_small(const uint8_t *data, size_t size, uint8_t out[32]);
/* A message of @blocks blocks of 64 bytes that is padded already. */
void axev__sha256_padded(const uint8_t *message, size_t blocks, uint8_t out[32]);

#endif
