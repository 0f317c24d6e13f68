/* SPDX-License-Identifier: Apache-2.0 */
/* The embedded authority over HTTP/1.1: one request a connection, one connection at a time. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "net/authority.h"

#define MAX_HEAD 8192
#define MAX_QUERY 4096
#define CLIENT_TIMEOUT_S 10

static int listen_on(const char *address, uint16_t port, int *ret_fd, uint16_t *ret_port,
		     axev_error *err)
{
	AXEV__CLOSE int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in where = { .sin_family = AF_INET, .sin_port = htons(port) };
	socklen_t length = sizeof(where);
	struct axev__shown shown;
	int on = 1;

	if (fd < 0)
		return axev__fail_errno(err, errno, "cannot make a socket");
	if (inet_pton(AF_INET, address, &where.sin_addr) != 1)
		return axev__fail(err, AXEV_E_INVAL, "expected an IPv4 address, found '%s'",
				  axev__show_str(&shown, address));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&where, sizeof(where)) < 0 || listen(fd, 16) < 0 ||
	    getsockname(fd, (struct sockaddr *)&where, &length) < 0)
		return axev__fail_errno(err, errno, "cannot listen on %s:%u", address, port);
	*ret_port = ntohs(where.sin_port);
	*ret_fd = axev__steal_fd(&fd);
	return AXEV_OK;
}

/* Value of a header field in the head, or NULL. Field names compare without case (RFC 9110 5.1). */
static const char *field(const char *head, const char *name)
{
	size_t length = strlen(name);
	const char *line = strstr(head, "\r\n");

	while (line && line[2] != '\r') {
		line += 2;
		if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
			line += length + 1;
			while (*line == ' ')
				line++;
			return line;
		}
		line = strstr(line, "\r\n");
	}
	return NULL;
}

/* Read the head and the announced body; the body starts at *ret_body in @in. */
static int read_request(int fd, struct axev__buf *in, size_t *ret_body, size_t *ret_size)
{
	uint8_t chunk[2048];
	const char *end = NULL, *length;
	size_t got;

	while (!end) {
		if (in->size > MAX_HEAD ||
		    axev__read_some(fd, chunk, sizeof(chunk), &got, NULL) < 0 || got == 0 ||
		    axev__buf_append(in, chunk, got, NULL) < 0)
			return 400;
		end = strstr((char *)in->data, "\r\n\r\n");
	}
	*ret_body = (size_t)(end - (char *)in->data) + 4;
	if (strncmp((char *)in->data, "POST ", 5) != 0)
		return 405;
	length = field((char *)in->data, "Content-Length");
	*ret_size = length && isdigit((unsigned char)*length) ? strtoul(length, NULL, 10) : 0;
	if (*ret_size == 0 || *ret_size > MAX_QUERY)
		return 413;
	while (in->size < *ret_body + *ret_size)
		if (axev__read_some(fd, chunk, sizeof(chunk), &got, NULL) < 0 || got == 0 ||
		    axev__buf_append(in, chunk, got, NULL) < 0)
			return 400;
	return 200;
}

static void send_answer(int fd, int status, struct axev__span body)
{
	char head[256];
	int length = snprintf(head, sizeof(head),
			      "HTTP/1.1 %d %s\r\nContent-Type: application/timestamp-reply\r\n"
			      "Content-Length: %zu\r\nConnection: close\r\n\r\n",
			      status, status == 200 ? "OK" : "Refused", body.size);

	if (send(fd, head, (size_t)length, MSG_NOSIGNAL) == length && body.size)
		send(fd, body.data, body.size, MSG_NOSIGNAL);
}

static void serve_one(int fd, int ledger_dirfd)
{
	AXEV__BUF in = AXEV__BUF_INIT(MAX_HEAD + MAX_QUERY + 4096);
	AXEV__BUF response = AXEV__BUF_INIT(AXEV__MAX_TSA_ANSWER_BYTES);
	struct timeval patience = { .tv_sec = CLIENT_TIMEOUT_S };
	size_t body = 0, size = 0;
	int status;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	status = read_request(fd, &in, &body, &size);
	if (status == 200 && axev__embedded_answer(ledger_dirfd, axev__span(in.data + body, size), NULL,
						   &response, NULL) < 0) {
		/* PKIFailureInfo systemFailure (25), RFC 3161 2.4.2. */
		axev__buf_clear(&response);
		if (axev__tsa_refuse(25, "the request cannot be answered", &response, NULL) < 0)
			status = 500;
	}
	send_answer(fd, status, axev__buf_view(&response));
}

int axev_tsa_serve(const char *ledger_path, const char *address, uint16_t port,
		   void (*ready)(void *payload, uint16_t port), void *payload,
		   const volatile int *stop, axev_error *err)
{
	AXEV__CLOSE int dirfd = -1;
	AXEV__CLOSE int listener = -1;
	uint16_t bound = 0;

	TRY(axev__open(AT_FDCWD, ledger_path, O_RDONLY | O_DIRECTORY, 0, &dirfd, err));
	TRY(listen_on(address, port, &listener, &bound, err));
	if (ready)
		ready(payload, bound);
	while (!stop || !*stop) {
		struct pollfd waiting = { .fd = listener, .events = POLLIN };

		if (poll(&waiting, 1, 200) <= 0)
			continue;
		AXEV__CLOSE int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (client >= 0)
			serve_one(client, dirfd);
	}
	return AXEV_OK;
}
