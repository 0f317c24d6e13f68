/* SPDX-License-Identifier: Apache-2.0 */
#include "print/dns_answer.h"

#include <arpa/inet.h>

#include "base/text.h"

#define HEAD_BYTES 12
#define MAX_NAME_BYTES 255 /* RFC 1035 2.3.4 */

enum { TYPE_A = 1, TYPE_CNAME = 5, TYPE_AAAA = 28, CLASS_IN = 1 };

struct cursor {
	struct axev__span message;
	size_t at;
	axev_error *err;
};

static int ends_early(struct cursor *cursor)
{
	return axev__fail_at(cursor->err, AXEV_E_FORMAT, cursor->at,
			     "expected a whole DNS answer, found its end");
}

static int take_u16(struct cursor *cursor, unsigned *ret_value)
{
	if (cursor->message.size - cursor->at < 2)
		return ends_early(cursor);
	*ret_value = (unsigned)cursor->message.data[cursor->at] << 8 | cursor->message.data[cursor->at + 1];
	cursor->at += 2;
	return AXEV_OK;
}

static int pass(struct cursor *cursor, size_t size)
{
	if (cursor->message.size - cursor->at < size)
		return ends_early(cursor);
	cursor->at += size;
	return AXEV_OK;
}

/*
 * RFC 1035 4.1.4: a pointer names a place before it. Each one must lie before the last, so that there is an end. @out may
 * be NULL; @cursor stands behind the name afterwards, where its first pointer ended it.
 */
static int take_name(struct cursor *cursor, struct axev__buf *out)
{
	struct cursor walk = *cursor;
	size_t end = 0, limit = cursor->at, used = 0;

	for (;;) {
		unsigned length, low;

		if (walk.at >= walk.message.size)
			return ends_early(&walk);
		length = walk.message.data[walk.at++];
		if (length == 0)
			break;
		if (length >= 0xC0) {
			if (walk.at >= walk.message.size)
				return ends_early(&walk);
			low = walk.message.data[walk.at++];
			end = end ? end : walk.at;
			walk.at = (length & 0x3Fu) << 8 | low;
			if (walk.at >= limit)
				return axev__fail_at(cursor->err, AXEV_E_FORMAT, cursor->at,
						     "expected a name that points backwards");
			limit = walk.at;
			continue;
		}
		if (length > 63 || used + length + 1 > MAX_NAME_BYTES)
			return axev__fail_at(cursor->err, AXEV_E_FORMAT, cursor->at,
					     "expected a name of at most %d bytes", MAX_NAME_BYTES);
		if (walk.message.size - walk.at < length)
			return ends_early(&walk);
		if (out && used > 0)
			TRY(axev__buf_byte(out, '.', cursor->err));
		if (out)
			TRY(axev__escape(out, axev__span(walk.message.data + walk.at, length), cursor->err));
		used += length + 1;
		walk.at += length;
	}
	cursor->at = end ? end : walk.at;
	return AXEV_OK;
}

static int take_data(struct cursor *cursor, unsigned type, unsigned size, struct axev__buf *out)
{
	char address[INET6_ADDRSTRLEN];
	struct cursor data = *cursor;
	bool is_address = (type == TYPE_A && size == 4) || (type == TYPE_AAAA && size == 16);

	TRY(pass(cursor, size));
	if (!is_address && type != TYPE_CNAME)
		return AXEV_OK;
	if (out->size > 0)
		TRY(axev__buf_str(out, ", ", cursor->err));
	if (is_address) {
		inet_ntop(type == TYPE_A ? AF_INET : AF_INET6, data.message.data + data.at, address,
			  sizeof(address));
		return axev__buf_str(out, address, cursor->err);
	}
	TRY(axev__buf_str(out, "CNAME ", cursor->err));
	TRY(take_name(&data, out));
	if (data.at != cursor->at)
		return axev__fail_at(cursor->err, AXEV_E_FORMAT, data.at,
				     "expected a name as long as its record");
	return AXEV_OK;
}

static int take_record(struct cursor *cursor, struct axev__buf *out)
{
	unsigned type, class, size;

	TRY(take_name(cursor, NULL));
	TRY(take_u16(cursor, &type));
	TRY(take_u16(cursor, &class));
	TRY(pass(cursor, 4)); /* TTL */
	TRY(take_u16(cursor, &size));
	return take_data(cursor, class == CLASS_IN ? type : 0, size, out);
}

static int check_count(struct cursor *cursor, unsigned count)
{
	if (count <= AXEV__MAX_DNS_RECORDS)
		return AXEV_OK;
	return axev__fail(cursor->err, AXEV_E_LIMIT, "expected at most %d records, found %u",
			  AXEV__MAX_DNS_RECORDS, count);
}

int axev__dns_answer(struct axev__span message, struct axev__buf *out, unsigned *ret_code,
		     axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	struct cursor cursor = { message, 0, err };
	unsigned flags, questions, answers, i;

	TRY(pass(&cursor, 2));
	TRY(take_u16(&cursor, &flags));
	TRY(take_u16(&cursor, &questions));
	TRY(take_u16(&cursor, &answers));
	TRY(pass(&cursor, 4));
	if (!(flags & 0x8000))
		return axev__fail_at(err, AXEV_E_FORMAT, 2, "expected an answer, found a query");
	TRY(check_count(&cursor, questions));
	TRY(check_count(&cursor, answers));
	for (i = 0; i < questions; i++) {
		TRY(take_name(&cursor, NULL));
		TRY(pass(&cursor, 4));
	}
	for (i = 0; i < answers; i++)
		TRY(take_record(&cursor, &text));
	TRY(axev__buf_span(out, axev__buf_view(&text), err));
	*ret_code = flags & 0xF;
	return AXEV_OK;
}
