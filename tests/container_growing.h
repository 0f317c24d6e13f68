/* SPDX-License-Identifier: Apache-2.0 */
/* Containers with entries and parts whose size is known only at their end; an entry may be large enough to move. */
#ifndef AXEV_TESTS_CONTAINER_GROWING_H
#define AXEV_TESTS_CONTAINER_GROWING_H

#include "support_container.h"
#include "support_disk.h"

#include "package/container_internal.h"

#define BIG_BYTES (4 * AXEV__MIB + 12345) /* several pieces of a move, and a rest */
#define PART "data/parts/0001.zip"

static axev_error err;
static struct axev__buf big = AXEV__BUF_INIT(8 * AXEV__MIB), other = AXEV__BUF_INIT(8 * AXEV__MIB);

static inline void make_content(void)
{
	fill(&big, BIG_BYTES, 7);
	fill(&other, AXEV__MIB + 1, 11);
}

static inline void free_content(void)
{
	axev__buf_free(&big);
	axev__buf_free(&other);
}

/* In pieces that fit nothing. */
static inline void write_pieces(struct axev__container_writer *writer, struct axev__span content)
{
	size_t at, size;

	for (at = 0; at < content.size; at += size) {
		size = content.size - at < 70001 ? content.size - at : 70001;
		assert_ok(axev__container_write(writer, content.data + at, size, &err));
	}
}

static inline void grow(struct axev__container_writer *writer, const char *name, struct axev__span content)
{
	uint8_t sha256[32];
	struct axev__digests digests;

	assert_ok(axev__container_begin_growing(writer, name, &err));
	write_pieces(writer, content);
	assert_ok(axev__container_end(writer, &digests, &err));
	assert_ok(axev__sha256(content.data, content.size, sha256, &err));
	ck_assert_mem_eq(digests.sha256, sha256, 32);
	ck_assert_uint_eq(digests.crc32, axev__crc32(content));
}

/* What follows the objects; the digest of the whole must be that of the file. */
static inline void finish(struct axev__container_writer *writer, int fd, struct axev__buf *out)
{
	uint8_t sha256[32], again[32];
	uint64_t size_bytes;

	assert_ok(axev__container_add(writer, "data/evidence.json", axev__span_str("{}"), NULL, &err));
	assert_ok(axev__container_seal_begin(writer, 1, &err));
	assert_ok(axev__container_add_signature(writer, 1, axev__span_str("p7s"), &err));
	assert_ok(axev__container_finish(writer, NULL, &size_bytes, sha256, &err));
	load_file(fd, out);
	ck_assert_uint_eq(out->size, size_bytes);
	assert_ok(axev__sha256(out->data, out->size, again, &err));
	ck_assert_mem_eq(sha256, again, 32);
}

static inline void put_objects(struct axev__container_writer *part)
{
	assert_ok(axev__container_add(part, "data/small", axev__span_str("small"), NULL, &err));
	grow(part, "data/big", axev__buf_view(&big));
	assert_ok(axev__container_add(part, "data/other", axev__buf_view(&other), NULL, &err));
}

static inline void add_part(struct axev__container_writer *writer, const char *name, struct axev__digests *ret_digests)
{
	AXEV__CONTAINER *part = NULL;

	assert_ok(axev__part_begin(writer, name, &part, &err));
	put_objects(part);
	assert_ok(axev__part_end(writer, part, NULL, &ret_digests->size_bytes, &err));
	assert_ok(axev__part_digest(writer, NULL, name, ret_digests->sha256, &err));
}

#endif
