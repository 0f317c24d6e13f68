/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of HTTP/2 connections for tests: frames by hand, field sections by nghttp2's encoder. */
#ifndef AXEV_TESTS_H2_PEER_H
#define AXEV_TESTS_H2_PEER_H

#include <nghttp2/nghttp2.h>

#include "capture/wire/h2.h"
#include "capture/wire/h2_frame.h"
#include "support.h"

/* One direction while it is being made. */
struct peer {
	struct axev__buf bytes;
	nghttp2_hd_deflater *deflater;
};

/* A list of { name, value } strings ended by NULL. */
typedef const char *const fields_of[][2];

static inline void peer_start(struct peer *peer, const char *preface, size_t table_bytes)
{
	*peer = (struct peer){ .bytes = AXEV__BUF_INIT(AXEV__GIB) };
	ck_assert_int_eq(nghttp2_hd_deflate_new(&peer->deflater, table_bytes), 0);
	ck_assert_int_eq(axev__buf_str(&peer->bytes, preface, NULL), 0);
}

static inline void peer_stop(struct peer *peer)
{
	axev__buf_free(&peer->bytes);
	nghttp2_hd_deflate_del(peer->deflater);
}

static inline struct axev__span peer_view(const struct peer *peer)
{
	return axev__buf_view(&peer->bytes);
}

/* Offset of the frame. */
static inline uint64_t put_frame(struct peer *peer, unsigned type, unsigned flags, uint32_t stream,
				 const void *payload, size_t size)
{
	uint8_t header[9];
	uint64_t offset = peer->bytes.size;

	axev__put_u32be(header, (uint32_t)size << 8 | type);
	header[4] = (uint8_t)flags;
	axev__put_u32be(header + 5, stream);
	ck_assert_int_eq(axev__buf_append(&peer->bytes, header, sizeof(header), NULL), 0);
	ck_assert_int_eq(axev__buf_append(&peer->bytes, payload, size, NULL), 0);
	return offset;
}

static inline uint64_t put_setting(struct peer *peer, unsigned id, uint32_t value)
{
	uint8_t setting[6];

	axev__put_u16be(setting, (uint16_t)id);
	axev__put_u32be(setting + 2, value);
	return put_frame(peer, AXEV__H2_SETTINGS, 0, 0, setting, sizeof(setting));
}

static inline uint64_t put_settings(struct peer *peer, unsigned flags)
{
	return put_frame(peer, AXEV__H2_SETTINGS, flags, 0, NULL, 0);
}

static inline size_t deflate(struct peer *peer, fields_of fields, uint8_t *block, size_t capacity)
{
	nghttp2_nv list[64];
	size_t count = 0;
	ssize_t size;

	for (; fields[count][0]; count++)
		list[count] = (nghttp2_nv){ (uint8_t *)fields[count][0], (uint8_t *)fields[count][1],
					    strlen(fields[count][0]), strlen(fields[count][1]), 0 };
	size = nghttp2_hd_deflate_hd(peer->deflater, block, capacity, list, count);
	ck_assert_int_gt(size, 0);
	return (size_t)size;
}

static inline uint64_t put_headers(struct peer *peer, unsigned flags, uint32_t stream, fields_of fields)
{
	uint8_t block[16384];

	return put_frame(peer, AXEV__H2_HEADERS, flags | AXEV__H2_FLAG_END_HEADERS, stream, block,
			 deflate(peer, fields, block, sizeof(block)));
}

static inline uint64_t put_data(struct peer *peer, unsigned flags, uint32_t stream, const char *text)
{
	return put_frame(peer, AXEV__H2_DATA, flags, stream, text, strlen(text));
}

#define END AXEV__H2_FLAG_END_STREAM
#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

#endif
