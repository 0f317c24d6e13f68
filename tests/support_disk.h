/* SPDX-License-Identifier: Apache-2.0 */
/* A disk that is full, as far as a writer sees. */
#ifndef AXEV_TESTS_SUPPORT_DISK_H
#define AXEV_TESTS_SUPPORT_DISK_H

#include "support.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

/* No file of this process may get larger than @bytes: AXEV_E_IO with EFBIG. RLIM_INFINITY: as before. */
static inline void let_grow_to(rlim_t bytes)
{
	const struct rlimit limit = { bytes, RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

#endif
