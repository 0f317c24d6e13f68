/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 (FIPS 180-4) of sixteen messages at once, one in each 32-bit lane of AVX-512. OpenSSL hashes one message after another; for the
 * millions of short ones that leaves and nodes of record sets are, this takes less than half the time. Nothing else is hashed this way, and
 * what was made with it is always checked with OpenSSL: see sha256_many.h.
 */
#ifndef AXEV_CRYPTO_SHA256_LANES_H
#define AXEV_CRYPTO_SHA256_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AXEV__SHA256_LANES 16

/* Whether this processor has what it needs. */
bool axev__sha256_lanes_exist(void);

/* Messages of @blocks blocks of 64 bytes each, padded already; where such lanes exist. */
void axev__sha256_lanes(const uint8_t *const messages[AXEV__SHA256_LANES], size_t blocks, uint8_t *const outs[AXEV__SHA256_LANES]);

#endif
