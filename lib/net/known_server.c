/* SPDX-License-Identifier: Apache-2.0 */
#include "net/known_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "crypto/tls_server.h"
#include "package/worker.h"

#define PATIENCE_S 10

static const char not_found[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

struct seat {
	struct axev__known_server *server;
	struct axev__known_visit visit;
	int fd;
	pthread_t thread;
	bool is_running;
};

struct axev__known_server {
	struct axev__tls_server *tls;
	const struct axev__known_answer *answers;
	size_t answer_count;
	int listener, stop_fd;
	uint16_t port;
	pthread_t thread;
	bool is_running;
	struct seat seats[AXEV__MAX_KNOWN_VISITS]; /* the listening thread's until it has ended */
	size_t count, refused;
};

/* ---- one connection ---- */

/* RFC 9112 3: "GET /target HTTP/1.1". */
static struct axev__span answer_to(const struct seat *seat, struct axev__span head, bool *ret_known)
{
	const struct axev__known_server *server = seat->server;
	char line[128];
	size_t i;

	*ret_known = true;
	for (i = 0; i < server->answer_count; i++) {
		snprintf(line, sizeof(line), "GET %s HTTP/1.1\r\n", server->answers[i].target);
		if (axev__span_starts(head, line))
			return server->answers[i].response;
	}
	*ret_known = false;
	return axev__span_str(not_found);
}

static int answer(struct seat *seat, struct axev__tls_peer *peer, struct axev__span head)
{
	struct axev__known_visit *visit = &seat->visit;
	bool is_known;
	struct axev__span response = answer_to(seat, head, &is_known);

	visit->requests++;
	visit->unknown += !is_known;
	TRY(axev__buf_span(&visit->sent, response, NULL));
	return axev__tls_peer_write(peer, response, NULL);
}

static void serve(struct seat *seat, struct axev__tls_peer *peer)
{
	struct axev__buf *received = &seat->visit.received;
	uint8_t chunk[4096];
	size_t got, begin = 0;

	for (;;) {
		const uint8_t *end;

		axev__tls_peer_read(peer, chunk, sizeof(chunk), &got);
		if (got == 0 || axev__buf_append(received, chunk, got, NULL) < 0)
			return;
		while ((end = memmem(received->data + begin, received->size - begin, "\r\n\r\n", 4))) {
			size_t head = (size_t)(end - (received->data + begin)) + 4;

			if (answer(seat, peer, axev__span(received->data + begin, head)) < 0)
				return;
			begin += head;
		}
	}
}

static void *run_seat(void *payload)
{
	struct seat *seat = payload;
	AXEV__TLS_PEER *peer = NULL;

	if (axev__tls_accept(seat->server->tls, seat->fd, &peer, NULL) < 0)
		return NULL;
	seat->visit.is_established = true;
	serve(seat, peer);
	return NULL;
}

/* ---- all of them ---- */

static void seat_next(struct axev__known_server *server)
{
	struct sockaddr_in from = { 0 };
	socklen_t length = sizeof(from);
	struct timeval patience = { .tv_sec = PATIENCE_S };
	AXEV__CLOSE int fd = accept4(server->listener, (struct sockaddr *)&from, &length, SOCK_CLOEXEC);
	struct seat *seat;

	if (fd < 0)
		return;
	if (server->count == AXEV__MAX_KNOWN_VISITS) {
		server->refused++;
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	seat = &server->seats[server->count];
	*seat = (struct seat){ .server = server,
			       .visit = { .port = ntohs(from.sin_port),
					  .received = AXEV__BUF_INIT(AXEV__MAX_KNOWN_VISIT_BYTES),
					  .sent = AXEV__BUF_INIT(AXEV__MAX_KNOWN_VISIT_BYTES) },
			       .fd = -1 };
	seat->fd = axev__steal_fd(&fd);
	server->count++;
	seat->is_running = axev__worker_start(&seat->thread, run_seat, seat, NULL) >= 0;
}

static void *listen_until_stopped(void *payload)
{
	struct axev__known_server *server = payload;
	struct pollfd waiting[] = { { .fd = server->listener, .events = POLLIN },
				    { .fd = server->stop_fd, .events = POLLIN } };

	while (poll(waiting, 2, -1) >= 0 || errno == EINTR) {
		if (waiting[1].revents)
			break;
		if (waiting[0].revents)
			seat_next(server);
	}
	return NULL;
}

void axev__known_server_stop(struct axev__known_server *server)
{
	size_t i;

	if (server->is_running && eventfd_write(server->stop_fd, 1) == 0)
		pthread_join(server->thread, NULL);
	server->is_running = false;
	for (i = 0; i < server->count; i++) {
		struct seat *seat = &server->seats[i];

		if (seat->fd >= 0)
			shutdown(seat->fd, SHUT_RDWR);
		if (seat->is_running)
			pthread_join(seat->thread, NULL);
		seat->is_running = false;
		axev__closep(&seat->fd);
		seat->fd = -1;
	}
}

/* ---- */

static int listen_here(struct axev__known_server *server, axev_error *err)
{
	struct sockaddr_in where = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof(where);

	server->stop_fd = eventfd(0, EFD_CLOEXEC);
	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server->stop_fd < 0 || server->listener < 0)
		return axev__fail_errno(err, errno, "cannot make a socket");
	if (bind(server->listener, (struct sockaddr *)&where, sizeof(where)) < 0 ||
	    listen(server->listener, 16) < 0 ||
	    getsockname(server->listener, (struct sockaddr *)&where, &length) < 0)
		return axev__fail_errno(err, errno, "cannot listen on 127.0.0.1");
	server->port = ntohs(where.sin_port);
	return AXEV_OK;
}

int axev__known_server_start(const struct axev__key *key, struct axev__span cert_der,
			     const struct axev__known_answer *answers, size_t count,
			     struct axev__known_server **ret_server, axev_error *err)
{
	AXEV__KNOWN_SERVER *server = calloc(1, sizeof(*server));

	if (!server)
		return axev__nomem(err);
	server->listener = server->stop_fd = -1;
	server->answers = answers;
	server->answer_count = count;
	TRY(axev__tls_server_new(key, cert_der, &server->tls, err));
	TRY(listen_here(server, err));
	TRY(axev__worker_start(&server->thread, listen_until_stopped, server, err));
	server->is_running = true;
	*ret_server = axev__steal(server);
	return AXEV_OK;
}

uint16_t axev__known_server_port(const struct axev__known_server *server)
{
	return server->port;
}

size_t axev__known_server_count(const struct axev__known_server *server)
{
	return server->count;
}

const struct axev__known_visit *axev__known_server_visit(const struct axev__known_server *server, size_t index)
{
	return &server->seats[index].visit;
}

size_t axev__known_server_refused(const struct axev__known_server *server)
{
	return server->refused;
}

void axev__known_server_free(struct axev__known_server *server)
{
	size_t i;

	if (!server)
		return;
	axev__known_server_stop(server);
	for (i = 0; i < server->count; i++) {
		axev__buf_free(&server->seats[i].visit.received);
		axev__buf_free(&server->seats[i].visit.sent);
	}
	axev__closep(&server->listener);
	axev__closep(&server->stop_fd);
	axev__tls_server_free(server->tls);
	free(server);
}
