/* SPDX-License-Identifier: Apache-2.0 */
/* What a browser says over its pipe, and what a page makes of it. */
#include <fcntl.h>
#include <sys/socket.h>

#include "capture/web/cdp_large.h"
#include "capture/web/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int pipe_of(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends);
}

/* What is JSON stays JSON when its long strings are cut. */
static void shorten(struct axev__span text)
{
	AXEV__BUF shorter = AXEV__BUF_INIT(text.size + 64);
	AXEV__JSON *whole = NULL, *cut = NULL;
	struct axev__source source = axev__source_memory(text);
	int status = axev__cdp_shorten(&source, &shorter, NULL);

	if (axev__cdp_parse(text, &whole, NULL) == AXEV_OK && (status != AXEV_OK ||
							       axev__cdp_parse(axev__buf_view(&shorter), &cut, NULL) != AXEV_OK))
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct axev__page page = { .frame = "F", .navigate_ns = 1 };
	axev_error err = AXEV_ERROR_INIT;
	char sink[4096];
	int ends[2];
	size_t rounds;

	if (size > 100000)
		return 0;
	shorten(axev__span(data, strnlen((const char *)data, size)));
	if (pipe_of(ends) < 0)
		return 0;
	if (axev__cdp_new(ends[0], ends[0], -1, NULL, axev__page_event, &page, &page.cdp, &err) == 0 &&
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
