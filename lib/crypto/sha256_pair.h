/* SPDX-License-Identifier: Apache-2.0 */
/* FIPS 180-4 6.2.2 on two states at once, for the x86 instructions whose results one state alone would have to wait for. */
#ifndef AXEV_CRYPTO_SHA256_PAIR_H
#define AXEV_CRYPTO_SHA256_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does this processor have them? */
bool axev__sha256_pair_exists(void);
/* @blocks blocks of 64 bytes from each of both places; only where they exist. */
void axev__sha256_pair(uint32_t *const states[2], const uint8_t *const data[2], size_t blocks);

#endif
