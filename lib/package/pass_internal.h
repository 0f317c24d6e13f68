/* SPDX-License-Identifier: Apache-2.0 */
/* The plan of a pass, between the file that makes it and the one that runs it. */
#ifndef AXEV_PACKAGE_PASS_INTERNAL_H
#define AXEV_PACKAGE_PASS_INTERNAL_H

#include "package/pass.h"

struct axev__range {
	uint64_t offset, size_bytes;   /* in the file of the pass */
	uint32_t crc_before, crc_behind; /* CRC-32 of the file up to the start and up to the end */
	uint8_t sha256[32];
};

/* Ranges one behind another that one SHA-256 goes along. A container's entries lie one lane below it. */
struct axev__lane {
	struct axev__range *ranges;
	size_t count, capacity;
};

/* The file, the bundle, a part-bundle, a package, a part. */
#define AXEV__PASS_LANES (AXEV__MAX_NESTING + 2)

struct axev__pass {
	struct axev__source source;
	struct axev__lane lanes[AXEV__PASS_LANES];
	size_t count; /* ranges in all lanes */
};

/* Hash all ranges of @pass. */
int axev__pass_read(struct axev__pass *pass, const axev_env *env, axev_error *err);

#endif
