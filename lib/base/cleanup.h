/* SPDX-License-Identifier: Apache-2.0 */
/* Leave early on failure, release on every way out, give away exactly once. */
#ifndef AXEV_BASE_CLEANUP_H
#define AXEV_BASE_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

#define AXEV__CLEANUP(release) __attribute__((cleanup(release)))

/* Return the status of a failed step; the step has already filled the error. */
#define TRY(step) \
	do { \
		int try_status_ = (step); \
		if (try_status_ < 0) \
			return try_status_; \
	} while (0)

/* Hand an owned pointer on: the variable becomes NULL, so its cleanup does nothing. */
#define axev__steal(pointer) \
	({ \
		__typeof__(pointer) stolen_ = (pointer); \
		(pointer) = NULL; \
		stolen_; \
	})

static inline void axev__freep(void *pointer_to_pointer)
{
	free(*(void **)pointer_to_pointer);
}

static inline void axev__closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline int axev__steal_fd(int *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}

#define AXEV__FREE AXEV__CLEANUP(axev__freep)
#define AXEV__CLOSE AXEV__CLEANUP(axev__closep)

#define AXEV__COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
