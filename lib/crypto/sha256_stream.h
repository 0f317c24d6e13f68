/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 of one range of bytes for two digests that began at different places: that of a part and that of the file in which it stands.
 * Where the processor has instructions for SHA-256, both together take hardly longer than one: OpenSSL waits for each result.
 */
#ifndef AXEV_CRYPTO_SHA256_STREAM_H
#define AXEV_CRYPTO_SHA256_STREAM_H

#include <openssl/sha.h>
#include <stdint.h>

struct axev__sha256_stream {
	SHA256_CTX context; /* OpenSSL's, a plain value */
};

void axev__sha256_stream_begin(struct axev__sha256_stream *stream);
void axev__sha256_stream_add(struct axev__sha256_stream *stream, const uint8_t *data, size_t size);
void axev__sha256_stream_add_both(struct axev__sha256_stream *first, struct axev__sha256_stream *second, const uint8_t *data, size_t size);
void axev__sha256_stream_end(struct axev__sha256_stream *stream, uint8_t out[32]);

#endif
