/* SPDX-License-Identifier: Apache-2.0 */
/* A network log, line by line, and the bytes of its events. */
#include "content/netlog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(1 << 20);
	AXEV__NETLOG *log = NULL;
	struct axev__netlog_event event;
	const uint8_t *end = data + size, *stop;

	if (axev__netlog_new(&log, NULL) < 0)
		return 0;
	while (data < end) {
		stop = memchr(data, '\n', (size_t)(end - data));
		if (!stop)
			stop = end;
		if (axev__netlog_line(log, axev__span(data, (size_t)(stop - data)), &event, NULL) ==
			    AXEV_OK &&
		    event.base64.size) {
			axev__buf_clear(&bytes);
			if (axev__netlog_bytes(&event, &bytes, NULL) == AXEV_OK &&
			    bytes.size != event.byte_count)
				__builtin_trap();
		}
		data = stop + 1;
	}
	return 0;
}
