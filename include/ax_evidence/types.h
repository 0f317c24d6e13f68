/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Export marks and the few plain value types that every other header uses.
 *
 * No type of a dependency (OpenSSL, libgit2, jansson, ...) appears in any public header.
 */
#ifndef AX_EVIDENCE_TYPES_H
#define AX_EVIDENCE_TYPES_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define AXEV_API __attribute__((visibility("default")))
#define AXEV_MUST_USE __attribute__((warn_unused_result))
#define AXEV_PRINTF(format_index, first_index) \
	__attribute__((format(printf, format_index, first_index)))
#else
#define AXEV_API
#define AXEV_MUST_USE
#define AXEV_PRINTF(format_index, first_index)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of a SHA-256 digest. A package id is one. */
#define AXEV_SHA256_BYTES 32

/** A package id: the SHA-256 of the exact bytes of data/evidence.json (FORMAT.md section 2). */
typedef struct axev_id {
	uint8_t bytes[AXEV_SHA256_BYTES];
} axev_id;

/** Characters of an id in hexadecimal, with the closing NUL. */
#define AXEV_ID_HEX_SIZE 65

#ifdef __cplusplus
}
#endif
#endif
