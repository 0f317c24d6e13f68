/* SPDX-License-Identifier: Apache-2.0 */
/* DNS replies to a query whose id, and type, the first bytes choose. What is accepted answers that query. */
#include "content/dns_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF query = AXEV__BUF_INIT(512);
	struct axev__dns_reply reply;

	if (size < 2 || size > AXEV__MAX_DNS_MESSAGE)
		return 0;
	if (axev__dns_query("a.example", data[0] & 1 ? AXEV__DNS_AAAA : AXEV__DNS_A,
			    (uint16_t)(data[0] << 8 | data[1]), &query, NULL) < 0)
		return 0;
	if (axev__dns_reply(axev__span(data, size), axev__buf_view(&query), &reply, NULL) < 0)
		return 0;
	if (reply.count > AXEV__MAX_DNS_ADDRESSES || reply.code > 15 || size < query.size)
		__builtin_trap();
	return 0;
}
