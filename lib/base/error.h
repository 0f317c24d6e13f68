/* SPDX-License-Identifier: Apache-2.0 */
/* How the library fills an axev_error. The first message wins, outer layers only prefix. */
#ifndef AXEV_BASE_ERROR_H
#define AXEV_BASE_ERROR_H

#include <ax_evidence/error.h>

#include "base/cleanup.h"

/* Set @err (if any, and if still empty) and return @status. Untrusted text must come escaped. */
int axev__fail(axev_error *err, int status, const char *format, ...) AXEV_PRINTF(3, 4);

/* The same for bytes that break a format, at a known offset. */
int axev__fail_at(axev_error *err, int status, uint64_t offset, const char *format, ...)
	AXEV_PRINTF(4, 5);

/* The same for a failed system call: status IO, NOMEM for ENOMEM; ": strerror" is appended. */
int axev__fail_errno(axev_error *err, int sys_errno, const char *format, ...) AXEV_PRINTF(3, 4);

int axev__nomem(axev_error *err);

/* Put "subject: " in front of what @err is about, when @status is a failure. Returns @status. */
int axev__prefix(int status, axev_error *err, const char *format, ...) AXEV_PRINTF(3, 4);

#endif
