/* SPDX-License-Identifier: Apache-2.0 */
/* A lent range of bytes, and arithmetic on sizes that cannot wrap. */
#ifndef AXEV_BASE_SPAN_H
#define AXEV_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct axev__span {
	const uint8_t *data;
	size_t size;
};

static inline struct axev__span axev__span(const void *data, size_t size)
{
	return (struct axev__span){ (const uint8_t *)data, size };
}

static inline struct axev__span axev__span_str(const char *text)
{
	return axev__span(text, strlen(text));
}

static inline bool axev__span_equal(struct axev__span a, struct axev__span b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool axev__span_is(struct axev__span a, const char *text)
{
	return axev__span_equal(a, axev__span_str(text));
}

/* Order by bytes, shorter first when one is the start of the other. */
static inline int axev__span_compare(struct axev__span a, struct axev__span b)
{
	size_t common = a.size < b.size ? a.size : b.size;
	int order = common ? memcmp(a.data, b.data, common) : 0;

	if (order != 0)
		return order;
	return a.size < b.size ? -1 : a.size > b.size;
}

static inline bool axev__span_starts(struct axev__span a, const char *prefix)
{
	size_t length = strlen(prefix);

	return a.size >= length && memcmp(a.data, prefix, length) == 0;
}

static inline bool axev__span_ends(struct axev__span a, const char *suffix)
{
	size_t length = strlen(suffix);

	return a.size >= length && memcmp(a.data + a.size - length, suffix, length) == 0;
}

/* false when the sum or product does not fit. */
static inline bool axev__add_u64(uint64_t a, uint64_t b, uint64_t *ret_sum)
{
	return !__builtin_add_overflow(a, b, ret_sum);
}

static inline bool axev__mul_size(size_t a, size_t b, size_t *ret_product)
{
	return !__builtin_mul_overflow(a, b, ret_product);
}

static inline void axev__put_u16le(uint8_t *out, uint16_t value)
{
	out[0] = (uint8_t)value;
	out[1] = (uint8_t)(value >> 8);
}

static inline void axev__put_u32le(uint8_t *out, uint32_t value)
{
	axev__put_u16le(out, (uint16_t)value);
	axev__put_u16le(out + 2, (uint16_t)(value >> 16));
}

static inline void axev__put_u64le(uint8_t *out, uint64_t value)
{
	axev__put_u32le(out, (uint32_t)value);
	axev__put_u32le(out + 4, (uint32_t)(value >> 32));
}

static inline uint16_t axev__get_u16le(const uint8_t *in)
{
	return (uint16_t)(in[0] | in[1] << 8);
}

static inline uint32_t axev__get_u32le(const uint8_t *in)
{
	return (uint32_t)axev__get_u16le(in) | (uint32_t)axev__get_u16le(in + 2) << 16;
}

static inline uint64_t axev__get_u64le(const uint8_t *in)
{
	return (uint64_t)axev__get_u32le(in) | (uint64_t)axev__get_u32le(in + 4) << 32;
}

static inline void axev__put_u16be(uint8_t *out, uint16_t value)
{
	out[0] = (uint8_t)(value >> 8);
	out[1] = (uint8_t)value;
}

static inline void axev__put_u32be(uint8_t *out, uint32_t value)
{
	axev__put_u16be(out, (uint16_t)(value >> 16));
	axev__put_u16be(out + 2, (uint16_t)value);
}

static inline void axev__put_u64be(uint8_t *out, uint64_t value)
{
	axev__put_u32be(out, (uint32_t)(value >> 32));
	axev__put_u32be(out + 4, (uint32_t)value);
}

static inline uint16_t axev__get_u16be(const uint8_t *in)
{
	return (uint16_t)(in[0] << 8 | in[1]);
}

static inline uint32_t axev__get_u32be(const uint8_t *in)
{
	return (uint32_t)axev__get_u16be(in) << 16 | axev__get_u16be(in + 2);
}

static inline uint64_t axev__get_u64be(const uint8_t *in)
{
	return (uint64_t)axev__get_u32be(in) << 32 | axev__get_u32be(in + 4);
}

#endif
