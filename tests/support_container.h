/* SPDX-License-Identifier: Apache-2.0 */
/* Containers in files without a name. */
#ifndef AXEV_TESTS_SUPPORT_CONTAINER_H
#define AXEV_TESTS_SUPPORT_CONTAINER_H

#include "support.h"

#include <sys/mman.h>

#include "base/buf.h"
#include "base/io.h"

static inline int memory_file(void)
{
	int fd = memfd_create("container", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return fd;
}

/* All of the file behind @out. */
static inline void load_file(int fd, struct axev__buf *out)
{
	axev_error err;
	uint64_t size_bytes;

	assert_ok(axev__file_size(fd, &size_bytes, &err));
	assert_ok(axev__buf_reserve(out, size_bytes, &err));
	assert_ok(axev__pread_full(fd, out->data, size_bytes, 0, &err));
	out->size = size_bytes;
}

/* Bytes that no shift of themselves repeats. */
static inline void fill(struct axev__buf *out, size_t size, uint32_t seed)
{
	axev_error err;
	size_t i;

	assert_ok(axev__buf_reserve(out, size, &err));
	for (i = 0; i < size; i++) {
		seed = seed * 1664525 + 1013904223;
		out->data[i] = (uint8_t)(seed >> 24);
	}
	out->size = size;
}

#endif
