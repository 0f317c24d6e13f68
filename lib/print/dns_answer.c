/* SPDX-License-Identifier: Apache-2.0 */
#include "print/dns_answer.h"

#include <arpa/inet.h>

#include "base/text.h"
#include "content/dns_wire.h"

static int put_name(const struct axev__dns_name *name, struct axev__buf *out, axev_error *err)
{
	size_t at;

	for (at = 0; at < name->size; at += name->text[at] + 1u) {
		if (at > 0)
			TRY(axev__buf_byte(out, '.', err));
		TRY(axev__escape(out, axev__span(name->text + at + 1, name->text[at]), err));
	}
	return AXEV_OK;
}

static int put_record(const struct axev__dns_record *record, struct axev__buf *out, axev_error *err)
{
	bool is_v4 = record->type == AXEV__DNS_A && record->data_bytes == 4;
	bool is_v6 = record->type == AXEV__DNS_AAAA && record->data_bytes == 16;
	char address[INET6_ADDRSTRLEN];
	struct axev__dns_name name;

	if (record->class != AXEV__DNS_CLASS_IN || (!is_v4 && !is_v6 && record->type != AXEV__DNS_CNAME))
		return AXEV_OK;
	if (out->size > 0)
		TRY(axev__buf_str(out, ", ", err));
	if (is_v4 || is_v6) {
		inet_ntop(is_v4 ? AF_INET : AF_INET6, record->data.message.data + record->data.at, address,
			  sizeof(address));
		return axev__buf_str(out, address, err);
	}
	TRY(axev__buf_str(out, "CNAME ", err));
	TRY(axev__dns_record_name(record, &name));
	return put_name(&name, out, err);
}

int axev__dns_answer(struct axev__span message, struct axev__buf *out, unsigned *ret_code,
		     axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__dns_cursor cursor = { message, 0, err };
	unsigned flags, questions, answers, i;
	struct axev__dns_record record;

	TRY(axev__dns_pass(&cursor, 2));
	TRY(axev__dns_take_u16(&cursor, &flags));
	TRY(axev__dns_take_u16(&cursor, &questions));
	TRY(axev__dns_take_u16(&cursor, &answers));
	TRY(axev__dns_pass(&cursor, 4));
	if (!(flags & 0x8000))
		return axev__fail_at(err, AXEV_E_FORMAT, 2, "expected an answer, found a query");
	TRY(axev__dns_check_count(questions, err));
	TRY(axev__dns_check_count(answers, err));
	for (i = 0; i < questions; i++) {
		TRY(axev__dns_take_name(&cursor, &record.owner));
		TRY(axev__dns_pass(&cursor, 4));
	}
	for (i = 0; i < answers; i++) {
		TRY(axev__dns_take_record(&cursor, &record));
		TRY(put_record(&record, &text, err));
	}
	TRY(axev__buf_span(out, axev__buf_view(&text), err));
	*ret_code = flags & 0xF;
	return AXEV_OK;
}
