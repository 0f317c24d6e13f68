/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/digits.h"

void axev__buf_free(struct axev__buf *buf)
{
	free(buf->data);
	buf->data = NULL;
	buf->size = 0;
	buf->capacity = 0;
}

void axev__buf_clear(struct axev__buf *buf)
{
	buf->size = 0;
	if (buf->data)
		buf->data[0] = '\0';
}

int axev__buf_reserve(struct axev__buf *buf, size_t more, axev_error *err)
{
	size_t need, capacity;
	uint8_t *data;

	if (more > buf->max || buf->size > buf->max - more)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu bytes, found more", buf->max);
	if (buf->size + more >= PTRDIFF_MAX) /* no object is larger: the closing NUL cannot wrap */
		return axev__nomem(err);
	need = buf->size + more + 1;
	if (need <= buf->capacity)
		return AXEV_OK;
	capacity = buf->capacity ? buf->capacity + buf->capacity / 2 : 64;
	if (capacity > buf->max)
		capacity = buf->max + 1;
	if (capacity < need)
		capacity = need;
	data = realloc(buf->data, capacity);
	if (!data)
		return axev__nomem(err);
	buf->data = data;
	buf->capacity = capacity;
	return AXEV_OK;
}

int axev__buf_i64(struct axev__buf *buf, int64_t value, axev_error *err)
{
	uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
	int count = axev__digit_count(magnitude);
	uint8_t *room;

	TRY(axev__buf_room(buf, (size_t)count + (value < 0), &room, err));
	if (value < 0)
		*room++ = '-';
	axev__digits((char *)room, magnitude, count);
	return AXEV_OK;
}

int axev__buf_printf(struct axev__buf *buf, axev_error *err, const char *format, ...)
{
	va_list args, again;
	int length, status = AXEV_OK;

	va_start(args, format);
	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		status = axev__fail(err, AXEV_E_INTERNAL, "text formatting failed");
	if (status == AXEV_OK)
		status = axev__buf_reserve(buf, (size_t)length, err);
	if (status == AXEV_OK) {
		vsnprintf((char *)buf->data + buf->size, (size_t)length + 1, format, again);
		buf->size += (size_t)length;
	}
	va_end(again);
	return status;
}

void axev__buf_consume(struct axev__buf *buf, size_t count)
{
	if (count >= buf->size) {
		axev__buf_clear(buf);
		return;
	}
	memmove(buf->data, buf->data + count, buf->size - count + 1);
	buf->size -= count;
}

char *axev__buf_steal_str(struct axev__buf *buf)
{
	char *text;

	if (!buf->data)
		return calloc(1, 1);
	text = (char *)buf->data;
	buf->data = NULL;
	buf->size = 0;
	buf->capacity = 0;
	return text;
}
