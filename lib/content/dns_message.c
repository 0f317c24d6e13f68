/* SPDX-License-Identifier: Apache-2.0 */
#include "content/dns_message.h"

#include <ctype.h>

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
	if (length == 0 || length > AXEV__MAX_DNS_NAME - 2)
		return axev__fail(err, AXEV_E_INVAL, "expected a host name of 1 to 253 bytes");
	while (length > 0) {
		const char *dot = memchr(host, '.', length);
		size_t label = dot ? (size_t)(dot - host) : length;

		if (label == 0 || label > AXEV__MAX_DNS_LABEL)
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
	return put_u16(out, AXEV__DNS_CLASS_IN, err);
}

/* ---- reply ---- */

/* RFC 4343: names are compared without case. */
static bool is_same(const struct axev__dns_name *a, const struct axev__dns_name *b)
{
	size_t i;

	if (a->size != b->size)
		return false;
	for (i = 0; i < a->size; i++)
		if (tolower(a->text[i]) != tolower(b->text[i]))
			return false;
	return true;
}

static int take_address(const struct axev__dns_record *record, struct axev__dns_reply *reply, axev_error *err)
{
	if (record->data_bytes != (record->type == AXEV__DNS_A ? 4u : 16u))
		return axev__fail_at(err, AXEV_E_FORMAT, record->data.at,
				     "expected an address of its record's length, found %zu bytes",
				     record->data_bytes);
	if (reply->count == AXEV__MAX_DNS_ADDRESSES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d addresses", AXEV__MAX_DNS_ADDRESSES);
	memcpy(reply->addresses[reply->count++], record->data.message.data + record->data.at,
	       record->data_bytes);
	return AXEV_OK;
}

/* @wanted: whose addresses count; a CNAME of it moves it on (RFC 1034 3.6.2; servers send the chain in order). */
static int take_record(struct axev__dns_cursor *cursor, unsigned wanted_type, struct axev__dns_name *wanted,
		       struct axev__dns_reply *reply)
{
	struct axev__dns_record record;

	TRY(axev__dns_take_record(cursor, &record));
	if (record.class != AXEV__DNS_CLASS_IN || !is_same(&record.owner, wanted))
		return AXEV_OK;
	if (record.type == AXEV__DNS_CNAME) {
		TRY(axev__dns_record_name(&record, wanted));
		if (reply->alias_count < AXEV__MAX_DNS_ALIASES)
			reply->aliases[reply->alias_count++] = *wanted;
		return AXEV_OK;
	}
	return record.type == wanted_type ? take_address(&record, reply, cursor->err) : AXEV_OK;
}

/* RFC 5452 9.1: what is not the answer to this very question is none. */
static int check_head(struct axev__span message, struct axev__span query, axev_error *err)
{
	size_t question = query.size - AXEV__DNS_HEAD_BYTES;

	if (message.size < AXEV__DNS_HEAD_BYTES)
		return axev__fail(err, AXEV_E_FORMAT, "expected a DNS message, found %zu bytes", message.size);
	if (axev__get_u16be(message.data + 0) != axev__get_u16be(query.data + 0))
		return axev__fail_at(err, AXEV_E_FORMAT, 0, "expected the id of the query");
	if ((message.data[2] & 0xF8) != 0x80)
		return axev__fail_at(err, AXEV_E_FORMAT, 2, "expected a response to a standard query");
	if (axev__get_u16be(message.data + 4) != 1 || message.size - AXEV__DNS_HEAD_BYTES < question ||
	    memcmp(message.data + AXEV__DNS_HEAD_BYTES, query.data + AXEV__DNS_HEAD_BYTES, question) != 0)
		return axev__fail_at(err, AXEV_E_FORMAT, AXEV__DNS_HEAD_BYTES, "expected the question of the query");
	return AXEV_OK;
}

int axev__dns_reply(struct axev__span message, struct axev__span query, struct axev__dns_reply *ret_reply,
		    axev_error *err)
{
	struct axev__dns_reply reply = { 0 };
	struct axev__dns_cursor cursor = { message, AXEV__DNS_HEAD_BYTES, err };
	struct axev__dns_name wanted;
	unsigned type, class, records, i;

	TRY(check_head(message, query, err));
	reply.code = message.data[3] & 0xF;
	reply.is_cut = (message.data[2] & 0x02) != 0;
	reply.is_authentic = (message.data[3] & 0x20) != 0;
	records = axev__get_u16be(message.data + 6);
	TRY(axev__dns_check_count(records, err));
	TRY(axev__dns_take_name(&cursor, &wanted));
	TRY(axev__dns_take_u16(&cursor, &type));
	TRY(axev__dns_take_u16(&cursor, &class));
	for (i = 0; i < records && !reply.is_cut; i++)
		TRY(take_record(&cursor, type, &wanted, &reply));
	*ret_reply = reply;
	return AXEV_OK;
}
