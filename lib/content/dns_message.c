/* SPDX-License-Identifier: Apache-2.0 */
#include "content/dns_message.h"

#include <ctype.h>
#include <string.h>

#define HEAD_BYTES 12
#define MAX_LABEL 63
#define MAX_NAME 255 /* RFC 1035 2.3.4, on the wire */
#define MAX_RECORDS 256
#define TYPE_CNAME 5
#define CLASS_IN 1

struct name {
	uint8_t text[MAX_NAME + 1]; /* labels with their lengths, in lower case */
	size_t size;
};

struct reader {
	struct axev__span message;
	size_t at;
	axev_error *err;
};

/* ---- query ---- */

static int put_u16(struct axev__buf *out, unsigned value, axev_error *err)
{
	TRY(axev__buf_byte(out, (uint8_t)(value >> 8), err));
	return axev__buf_byte(out, (uint8_t)value, err);
}

static int put_name(struct axev__buf *out, const char *host, axev_error *err)
{
	size_t length = strlen(host);

	if (length > 0 && host[length - 1] == '.')
		length--;
	if (length == 0 || length > MAX_NAME - 2)
		return axev__fail(err, AXEV_E_INVAL, "expected a host name of 1 to 253 bytes");
	while (length > 0) {
		const char *dot = memchr(host, '.', length);
		size_t label = dot ? (size_t)(dot - host) : length;

		if (label == 0 || label > MAX_LABEL)
			return axev__fail(err, AXEV_E_INVAL, "expected labels of 1 to 63 bytes in the host name");
		TRY(axev__buf_byte(out, (uint8_t)label, err));
		TRY(axev__buf_append(out, host, label, err));
		host += label + (dot != NULL);
		length -= label + (dot != NULL);
	}
	return axev__buf_byte(out, 0, err);
}

int axev__dns_query(const char *host, unsigned type, uint16_t id, struct axev__buf *out, axev_error *err)
{
	/* RFC 1035 4.1.1: QR 0, opcode 0, RD 1; RFC 6840 5.7: AD asks for the resolver's word on validation. */
	TRY(put_u16(out, id, err));
	TRY(put_u16(out, 0x0120, err));
	TRY(put_u16(out, 1, err));
	TRY(put_u16(out, 0, err));
	TRY(put_u16(out, 0, err));
	TRY(put_u16(out, 0, err));
	TRY(put_name(out, host, err));
	TRY(put_u16(out, type, err));
	return put_u16(out, CLASS_IN, err);
}

/* ---- reply ---- */

static int ends_early(const struct reader *reader)
{
	return axev__fail_at(reader->err, AXEV_E_FORMAT, reader->at,
			     "expected a whole DNS message, found its end");
}

static unsigned u16_at(struct axev__span message, size_t at)
{
	return (unsigned)message.data[at] << 8 | message.data[at + 1];
}

static int take_u16(struct reader *reader, unsigned *ret_value)
{
	if (reader->message.size - reader->at < 2)
		return ends_early(reader);
	*ret_value = u16_at(reader->message, reader->at);
	reader->at += 2;
	return AXEV_OK;
}

static int add_label(const struct reader *walk, struct name *name, size_t length)
{
	size_t i;

	if (name->size + length + 2 > MAX_NAME)
		return axev__fail_at(walk->err, AXEV_E_FORMAT, walk->at, "expected a name of at most %d bytes",
				     MAX_NAME);
	name->text[name->size++] = (uint8_t)length;
	for (i = 0; i < length; i++)
		name->text[name->size++] = (uint8_t)tolower(walk->message.data[walk->at + i]);
	return AXEV_OK;
}

/* RFC 1035 4.1.4: a pointer names a place before it. Each must lie before the one it came from, so that there is an end. */
static int take_name(struct reader *reader, struct name *ret_name)
{
	struct reader walk = *reader;
	size_t end = 0, limit = reader->at;

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
				return axev__fail_at(reader->err, AXEV_E_FORMAT, reader->at,
						     "expected a name that points backwards");
			limit = walk.at;
			continue;
		}
		if (length > MAX_LABEL)
			return axev__fail_at(reader->err, AXEV_E_FORMAT, walk.at - 1,
					     "expected a label of at most %d bytes", MAX_LABEL);
		if (walk.message.size - walk.at < length)
			return ends_early(&walk);
		TRY(add_label(&walk, ret_name, length));
		walk.at += length;
	}
	reader->at = end ? end : walk.at;
	return AXEV_OK;
}

static bool is_same(const struct name *a, const struct name *b)
{
	return a->size == b->size && memcmp(a->text, b->text, a->size) == 0;
}

/* @wanted: whose addresses count; a CNAME of it moves it on (RFC 1034 3.6.2; servers send the chain in order). */
static int take_record(struct reader *reader, unsigned wanted_type, struct name *wanted,
		       struct axev__dns_reply *reply)
{
	struct name owner, target;
	unsigned type, class, size;
	struct reader data;

	TRY(take_name(reader, &owner));
	TRY(take_u16(reader, &type));
	TRY(take_u16(reader, &class));
	if (reader->message.size - reader->at < 4)
		return ends_early(reader);
	reader->at += 4; /* TTL */
	TRY(take_u16(reader, &size));
	if (reader->message.size - reader->at < size)
		return ends_early(reader);
	data = *reader;
	reader->at += size;
	if (class != CLASS_IN || !is_same(&owner, wanted))
		return AXEV_OK;
	if (type == TYPE_CNAME) {
		TRY(take_name(&data, &target));
		if (data.at != reader->at)
			return axev__fail_at(reader->err, AXEV_E_FORMAT, data.at,
					     "expected a name as long as its record");
		*wanted = target;
		return AXEV_OK;
	}
	if (type != wanted_type)
		return AXEV_OK;
	if (size != (type == AXEV__DNS_A ? 4u : 16u))
		return axev__fail_at(reader->err, AXEV_E_FORMAT, data.at,
				     "expected an address of its record's length, found %u bytes", size);
	if (reply->count == AXEV__MAX_DNS_ADDRESSES)
		return axev__fail(reader->err, AXEV_E_LIMIT, "expected at most %d addresses",
				  AXEV__MAX_DNS_ADDRESSES);
	memcpy(reply->addresses[reply->count++], data.message.data + data.at, size);
	return AXEV_OK;
}

/* RFC 5452 9.1: what is not the answer to this very question is none. */
static int check_head(struct axev__span message, struct axev__span query, axev_error *err)
{
	size_t question = query.size - HEAD_BYTES;

	if (message.size < HEAD_BYTES)
		return axev__fail(err, AXEV_E_FORMAT, "expected a DNS message, found %zu bytes", message.size);
	if (u16_at(message, 0) != u16_at(query, 0))
		return axev__fail_at(err, AXEV_E_FORMAT, 0, "expected the id of the query");
	if ((message.data[2] & 0xF8) != 0x80)
		return axev__fail_at(err, AXEV_E_FORMAT, 2, "expected a response to a standard query");
	if (u16_at(message, 4) != 1 || message.size - HEAD_BYTES < question ||
	    memcmp(message.data + HEAD_BYTES, query.data + HEAD_BYTES, question) != 0)
		return axev__fail_at(err, AXEV_E_FORMAT, HEAD_BYTES, "expected the question of the query");
	return AXEV_OK;
}

int axev__dns_reply(struct axev__span message, struct axev__span query, struct axev__dns_reply *ret_reply,
		    axev_error *err)
{
	struct axev__dns_reply reply = { 0 };
	struct reader reader = { message, HEAD_BYTES, err };
	struct name wanted;
	unsigned type, class, records, i;

	TRY(check_head(message, query, err));
	reply.code = message.data[3] & 0xF;
	reply.is_cut = (message.data[2] & 0x02) != 0;
	reply.is_authentic = (message.data[3] & 0x20) != 0;
	records = u16_at(message, 6);
	if (records > MAX_RECORDS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d records, found %u", MAX_RECORDS,
				  records);
	TRY(take_name(&reader, &wanted));
	TRY(take_u16(&reader, &type));
	TRY(take_u16(&reader, &class));
	for (i = 0; i < records && !reply.is_cut; i++)
		TRY(take_record(&reader, type, &wanted, &reply));
	*ret_reply = reply;
	return AXEV_OK;
}
