/* SPDX-License-Identifier: Apache-2.0 */
/* Where clock, randomness, transport and progress enter. @env may be NULL: the system's own. */
#ifndef AXEV_BASE_ENV_H
#define AXEV_BASE_ENV_H

#include <ax_evidence/env.h>

#include "base/error.h"

int axev__now(const axev_env *env, int64_t *ret_unix_ns, axev_error *err);
int axev__random(const axev_env *env, void *out, size_t out_bytes, axev_error *err);

/* AXEV_E_CANCELLED when the callback asks to stop. @total_bytes 0 = not known. */
int axev__progress(const axev_env *env, const char *phase, const char *subject, uint64_t done_bytes,
		   uint64_t total_bytes, axev_error *err);

#endif
