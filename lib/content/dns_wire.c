/* SPDX-License-Identifier: Apache-2.0 */
#include "content/dns_wire.h"

#include "base/cleanup.h"

static int ends_early(const struct axev__dns_cursor *cursor)
{
	return axev__fail_at(cursor->err, AXEV_E_FORMAT, cursor->at,
			     "expected a whole DNS message, found its end");
}

int axev__dns_pass(struct axev__dns_cursor *cursor, size_t size)
{
	if (cursor->message.size - cursor->at < size)
		return ends_early(cursor);
	cursor->at += size;
	return AXEV_OK;
}

int axev__dns_take_u16(struct axev__dns_cursor *cursor, unsigned *ret_value)
{
	size_t at = cursor->at;

	TRY(axev__dns_pass(cursor, 2));
	*ret_value = axev__get_u16be(cursor->message.data + at);
	return AXEV_OK;
}

static int add_label(const struct axev__dns_cursor *walk, size_t length, struct axev__dns_name *name)
{
	if (name->size + length + 2 > AXEV__MAX_DNS_NAME)
		return axev__fail_at(walk->err, AXEV_E_FORMAT, walk->at, "expected a name of at most %d bytes",
				     AXEV__MAX_DNS_NAME);
	name->text[name->size++] = (uint8_t)length;
	memcpy(name->text + name->size, walk->message.data + walk->at, length);
	name->size += length;
	return AXEV_OK;
}

/* RFC 1035 4.1.4: a pointer names a place before it. Each must lie before the one it came from, so that there is an end. */
int axev__dns_take_name(struct axev__dns_cursor *cursor, struct axev__dns_name *ret_name)
{
	struct axev__dns_cursor walk = *cursor;
	size_t end = 0, limit = cursor->at;

	ret_name->size = 0;
	for (;;) {
		unsigned length;

		if (walk.at >= walk.message.size)
			return ends_early(&walk);
		length = walk.message.data[walk.at++];
		if (length == 0)
			break;
		if (length >= 0xC0) {
			if (walk.at >= walk.message.size)
				return ends_early(&walk);
			end = end ? end : walk.at + 1;
			walk.at = (length & 0x3F) << 8 | walk.message.data[walk.at];
			if (walk.at >= limit)
				return axev__fail_at(cursor->err, AXEV_E_FORMAT, cursor->at,
						     "expected a name that points backwards");
			limit = walk.at;
			continue;
		}
		if (length > AXEV__MAX_DNS_LABEL)
			return axev__fail_at(cursor->err, AXEV_E_FORMAT, walk.at - 1,
					     "expected a label of at most %d bytes", AXEV__MAX_DNS_LABEL);
		if (walk.message.size - walk.at < length)
			return ends_early(&walk);
		TRY(add_label(&walk, length, ret_name));
		walk.at += length;
	}
	cursor->at = end ? end : walk.at;
	return AXEV_OK;
}

int axev__dns_take_record(struct axev__dns_cursor *cursor, struct axev__dns_record *ret_record)
{
	unsigned size;

	TRY(axev__dns_take_name(cursor, &ret_record->owner));
	TRY(axev__dns_take_u16(cursor, &ret_record->type));
	TRY(axev__dns_take_u16(cursor, &ret_record->class));
	TRY(axev__dns_pass(cursor, 4)); /* TTL */
	TRY(axev__dns_take_u16(cursor, &size));
	ret_record->data = *cursor;
	ret_record->data_bytes = size;
	return axev__dns_pass(cursor, size);
}

int axev__dns_record_name(const struct axev__dns_record *record, struct axev__dns_name *ret_name)
{
	struct axev__dns_cursor data = record->data;

	TRY(axev__dns_take_name(&data, ret_name));
	if (data.at != record->data.at + record->data_bytes)
		return axev__fail_at(data.err, AXEV_E_FORMAT, data.at, "expected a name as long as its record");
	return AXEV_OK;
}

static int put_byte(uint8_t byte, struct axev__buf *out, axev_error *err)
{
	if (byte <= ' ' || byte > '~')
		return axev__buf_printf(out, err, "\\%03u", byte);
	if (byte == '.' || byte == '\\')
		TRY(axev__buf_byte(out, '\\', err));
	return axev__buf_byte(out, byte, err);
}

int axev__dns_name_text(const struct axev__dns_name *name, struct axev__buf *out, axev_error *err)
{
	size_t at = 0, i;

	if (name->size == 0)
		return axev__buf_byte(out, '.', err);
	while (at < name->size) {
		size_t end = at + 1 + name->text[at];

		if (at > 0)
			TRY(axev__buf_byte(out, '.', err));
		for (i = at + 1; i < end; i++)
			TRY(put_byte(name->text[i], out, err));
		at = end;
	}
	return AXEV_OK;
}

int axev__dns_check_count(unsigned count, axev_error *err)
{
	if (count <= AXEV__MAX_DNS_RECORDS)
		return AXEV_OK;
	return axev__fail(err, AXEV_E_LIMIT, "expected at most %d records, found %u", AXEV__MAX_DNS_RECORDS,
			  count);
}
