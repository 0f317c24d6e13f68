/* SPDX-License-Identifier: Apache-2.0 */
/* First byte: what is known beside the bytes (response, to HEAD, closed); then the connection. */
#include "content/http1.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int keep(void *context, struct axev__span piece, axev_error *err)
{
	return axev__buf_span(context, piece, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF payload = AXEV__BUF_INIT(1 << 20);
	const struct axev__http1_payload kept = { keep, &payload };
	struct axev__http1_message message;
	struct axev__span rest;
	int status;

	if (size == 0)
		return 0;
	rest = axev__span(data + 1, size - 1);
	while (rest.size) {
		axev__buf_clear(&payload);
		status = data[0] & 1 ? axev__http1_response(rest, data[0] & 2, data[0] & 4, &message,
							    &kept, NULL)
				     : axev__http1_request(rest, &message, &kept, NULL);
		if (status < 0)
			return 0;
		if (message.size_bytes > rest.size || message.size_bytes == 0)
			__builtin_trap();
		rest = axev__span(rest.data + message.size_bytes, rest.size - message.size_bytes);
	}
	return 0;
}
