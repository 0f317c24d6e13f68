/* SPDX-License-Identifier: Apache-2.0 */
#include "net/ask.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>

#include "base/text.h"
#include "base/time.h"

/* ---- addresses ---- */

void axev__server_from_bytes(const uint8_t *bytes, size_t size, uint16_t port, struct axev__server *ret_server)
{
	*ret_server = (struct axev__server){ .size = 0 };
	if (size == 4) {
		struct sockaddr_in *in = (struct sockaddr_in *)(void *)&ret_server->address;

		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		memcpy(&in->sin_addr, bytes, 4);
		ret_server->size = sizeof(*in);
	} else {
		struct sockaddr_in6 *in = (struct sockaddr_in6 *)(void *)&ret_server->address;

		in->sin6_family = AF_INET6;
		in->sin6_port = htons(port);
		memcpy(&in->sin6_addr, bytes, 16);
		ret_server->size = sizeof(*in);
	}
}

void axev__server_text(const struct axev__server *server, char out[46])
{
	const void *address = &server->address;

	if (server->address.ss_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, out, 46);
	else
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, out, 46);
}

bool axev__server_parse(const char *text, uint16_t default_port, struct axev__server *ret_server)
{
	const char *colon = strrchr(text, ':'), *end = text + strlen(text);
	bool is_bracketed = *text == '[', has_port;
	char host[64];
	uint8_t bytes[16];
	uint64_t port = default_port;

	/* More than one colon without brackets is an IPv6 address. */
	has_port = colon && (is_bracketed ? colon[-1] == ']' : strchr(text, ':') == colon);
	if (has_port) {
		if (!axev__parse_u64(axev__span_str(colon + 1), 65535, &port) || port == 0)
			return false;
		end = colon;
	}
	if (is_bracketed) {
		if (end - text < 3 || end[-1] != ']')
			return false;
		text++;
		end--;
	}
	if (end <= text || (size_t)(end - text) >= sizeof(host))
		return false;
	snprintf(host, sizeof(host), "%.*s", (int)(end - text), text);
	if (!is_bracketed && inet_pton(AF_INET, host, bytes) == 1)
		axev__server_from_bytes(bytes, 4, (uint16_t)port, ret_server);
	else if ((is_bracketed || !has_port) && inet_pton(AF_INET6, host, bytes) == 1)
		axev__server_from_bytes(bytes, 16, (uint16_t)port, ret_server);
	else
		return false;
	return true;
}

int axev__server_name(const struct axev__server *server, char out[AXEV__SERVER_NAME_SIZE])
{
	bool is_v4 = server->address.ss_family == AF_INET;
	unsigned port = ntohs(is_v4 ? ((const struct sockaddr_in *)(const void *)&server->address)->sin_port :
				      ((const struct sockaddr_in6 *)(const void *)&server->address)->sin6_port);
	char text[INET6_ADDRSTRLEN];

	axev__server_text(server, text);
	return snprintf(out, AXEV__SERVER_NAME_SIZE, is_v4 ? "%s:%u" : "[%s]:%u", text, port);
}

/* ---- UDP ---- */

/* The system's number goes along: it says more than its words. */
static int fail_network(axev_error *err, int sys_errno, const char *what)
{
	int status = axev__fail(err, AXEV_E_NETWORK, "%s: %s", what, strerrordesc_np(sys_errno));

	if (err)
		err->sys_errno = sys_errno;
	return status;
}

int axev__udp_open(const struct axev__server *server, int *ret_fd, axev_error *err)
{
	AXEV__CLOSE int fd = socket(server->address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return axev__fail_errno(err, errno, "cannot make a socket");
	if (connect(fd, (const struct sockaddr *)&server->address, server->size) < 0)
		return fail_network(err, errno, "no way to the server");
	*ret_fd = axev__steal_fd(&fd);
	return AXEV_OK;
}

int axev__udp_send(int fd, struct axev__span message, axev_error *err)
{
	if (send(fd, message.data, message.size, MSG_NOSIGNAL) == (ssize_t)message.size)
		return AXEV_OK;
	return fail_network(err, errno, "cannot send");
}

int axev__udp_receive(int fd, int timeout_ms, struct axev__buf *out, axev_error *err)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };
	ssize_t got;

	if (poll(&one, 1, timeout_ms < 0 ? 0 : timeout_ms) <= 0)
		return axev__fail(err, AXEV_E_NETWORK, "no answer");
	axev__buf_clear(out);
	TRY(axev__buf_reserve(out, 4096, err));
	got = recv(fd, out->data, 4096, MSG_NOSIGNAL);
	if (got < 0)
		return fail_network(err, errno, "no answer");
	out->size = (size_t)got;
	return AXEV_OK;
}

/* ---- TCP ---- */

static int64_t now_ms(void)
{
	return axev__mono_ns() / 1000000;
}

static int await(int fd, short events, int64_t deadline_ms, axev_error *err)
{
	struct pollfd one = { .fd = fd, .events = events };
	int64_t left = deadline_ms - now_ms();

	if (left > 0 && poll(&one, 1, (int)left) > 0)
		return AXEV_OK;
	return axev__fail(err, AXEV_E_NETWORK, "no answer over TCP");
}

int axev__tcp_open(const struct axev__server *server, int64_t deadline_ns, int *ret_fd, axev_error *err)
{
	AXEV__CLOSE int fd = socket(server->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int problem = 0;
	socklen_t size = sizeof(problem);

	if (fd < 0)
		return axev__fail_errno(err, errno, "cannot make a socket");
	if (connect(fd, (const struct sockaddr *)&server->address, server->size) < 0 && errno != EINPROGRESS)
		return fail_network(err, errno, "cannot connect");
	TRY(await(fd, POLLOUT, deadline_ns / 1000000, err));
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &size) < 0 || problem)
		return fail_network(err, problem, "cannot connect");
	*ret_fd = axev__steal_fd(&fd);
	return AXEV_OK;
}

static int receive_exactly(int fd, uint8_t *out, size_t size, int64_t deadline_ms, axev_error *err)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got;

		TRY(await(fd, POLLIN, deadline_ms, err));
		got = recv(fd, out + done, size - done, MSG_NOSIGNAL);
		if (got <= 0)
			return axev__fail(err, AXEV_E_NETWORK, "the server closed before its answer was whole");
		done += (size_t)got;
	}
	return AXEV_OK;
}

int axev__tcp_ask(const struct axev__server *server, struct axev__span message, int timeout_ms,
		  struct axev__buf *out, axev_error *err)
{
	AXEV__BUF framed = AXEV__BUF_INIT(65537);
	AXEV__CLOSE int fd = -1;
	int64_t deadline_ms = now_ms() + timeout_ms;
	uint8_t length[2] = { (uint8_t)(message.size >> 8), (uint8_t)message.size };
	size_t size;

	TRY(axev__buf_append(&framed, length, 2, err));
	TRY(axev__buf_span(&framed, message, err));
	TRY(axev__tcp_open(server, deadline_ms * 1000000, &fd, err));
	if (send(fd, framed.data, framed.size, MSG_NOSIGNAL) != (ssize_t)framed.size)
		return axev__fail(err, AXEV_E_NETWORK, "cannot send over TCP");
	TRY(receive_exactly(fd, length, 2, deadline_ms, err));
	size = (size_t)length[0] << 8 | length[1];
	axev__buf_clear(out);
	TRY(axev__buf_reserve(out, size, err));
	TRY(receive_exactly(fd, out->data, size, deadline_ms, err));
	out->size = size;
	return AXEV_OK;
}
