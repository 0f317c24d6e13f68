/* SPDX-License-Identifier: Apache-2.0 */
/* A growable buffer that is born with a maximum: reaching it is AXEV_E_LIMIT, never a crash. */
#ifndef AXEV_BASE_BUF_H
#define AXEV_BASE_BUF_H

#include "base/error.h"
#include "base/span.h"

struct axev__buf {
	uint8_t *data; /* always followed by a NUL once anything was appended */
	size_t size;
	size_t capacity;
	size_t max;
};

#define AXEV__BUF_INIT(max_bytes) { NULL, 0, 0, (max_bytes) }

/* Frees, and keeps the maximum: the buffer can be used again. */
void axev__buf_free(struct axev__buf *buf);
#define AXEV__BUF AXEV__CLEANUP(axev__buf_free) struct axev__buf

/* Forget the content, keep the memory. */
void axev__buf_clear(struct axev__buf *buf);

/* Room for @more bytes behind the content. */
int axev__buf_reserve(struct axev__buf *buf, size_t more, axev_error *err);

/* @size bytes more, which the caller writes. Inline where there is room already: cells and views append by the hundred million. */
static inline int axev__buf_room(struct axev__buf *buf, size_t size, uint8_t **ret_room, axev_error *err)
{
	if (!buf->data || size >= buf->capacity - buf->size || size > buf->max - buf->size)
		TRY(axev__buf_reserve(buf, size, err));
	*ret_room = buf->data + buf->size;
	buf->size += size;
	buf->data[buf->size] = '\0';
	return AXEV_OK;
}

static inline int axev__buf_append(struct axev__buf *buf, const void *data, size_t size, axev_error *err)
{
	uint8_t *room;

	TRY(axev__buf_room(buf, size, &room, err));
	if (size)
		memcpy(room, data, size);
	return AXEV_OK;
}

static inline int axev__buf_span(struct axev__buf *buf, struct axev__span span, axev_error *err)
{
	return axev__buf_append(buf, span.data, span.size, err);
}

static inline int axev__buf_str(struct axev__buf *buf, const char *text, axev_error *err)
{
	return axev__buf_append(buf, text, strlen(text), err);
}

static inline int axev__buf_byte(struct axev__buf *buf, uint8_t byte, axev_error *err)
{
	return axev__buf_append(buf, &byte, 1, err);
}

/* In decimal, without printf: for what is written by the million. */
int axev__buf_i64(struct axev__buf *buf, int64_t value, axev_error *err);
int axev__buf_printf(struct axev__buf *buf, axev_error *err, const char *format, ...)
	AXEV_PRINTF(3, 4);

/* Drop @count bytes from the front. */
void axev__buf_consume(struct axev__buf *buf, size_t count);

static inline struct axev__span axev__buf_view(const struct axev__buf *buf)
{
	return axev__span(buf->data, buf->size);
}

/* Hand the memory over as a NUL-terminated string; the buffer is empty again. NULL = no memory. */
char *axev__buf_steal_str(struct axev__buf *buf);

#endif
