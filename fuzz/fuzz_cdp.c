/* SPDX-License-Identifier: Apache-2.0 */
/* What a browser says over its pipe, and what a page makes of it. */
#include <fcntl.h>
#include <sys/socket.h>

#include "capture/web/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int pipe_of(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct axev__page page = { .frame = "F", .navigate_ns = 1 };
	axev_error err = AXEV_ERROR_INIT;
	char sink[4096];
	int ends[2];
	size_t rounds;

	if (size > 100000 || pipe_of(ends) < 0)
		return 0;
	if (axev__cdp_new(ends[0], ends[0], NULL, axev__page_event, &page, &page.cdp, &err) == 0 &&
	    send(ends[1], data, size, MSG_NOSIGNAL) == (ssize_t)size) {
		shutdown(ends[1], SHUT_WR);
		for (rounds = 0; rounds < 1000 && axev__cdp_pump(page.cdp, 0, &err) == 0; rounds++)
			while (recv(ends[1], sink, sizeof(sink), MSG_DONTWAIT) > 0)
				;
	}
	axev__page_close(&page);
	close(ends[0]);
	close(ends[1]);
	return 0;
}
