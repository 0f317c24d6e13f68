/* SPDX-License-Identifier: Apache-2.0 */
/* One question to a server by its address, over UDP or TCP, with a deadline. Nothing is looked up. */
#ifndef AXEV_NET_ASK_H
#define AXEV_NET_ASK_H

#include <sys/socket.h>

#include "base/buf.h"

struct axev__server {
	struct sockaddr_storage address;
	socklen_t size;
};

/* "192.0.2.1", "192.0.2.1:53", "2001:db8::1" or "[2001:db8::1]:53". False: none of these. */
bool axev__server_parse(const char *text, uint16_t default_port, struct axev__server *ret_server);
/* The same from 4 or 16 bytes. */
void axev__server_from_bytes(const uint8_t *bytes, size_t size, uint16_t port, struct axev__server *ret_server);
/* Its address without the port; @out has room for INET6_ADDRSTRLEN (46) bytes. */
void axev__server_text(const struct axev__server *server, char out[46]);

/* With the port, "192.0.2.1:53" or "[2001:db8::1]:53". */
#define AXEV__SERVER_NAME_SIZE 64
int axev__server_name(const struct axev__server *server, char out[AXEV__SERVER_NAME_SIZE]);

/* A socket that hears only @server; -1 with @err: IO, NETWORK. */
int axev__udp_open(const struct axev__server *server, int *ret_fd, axev_error *err);
int axev__udp_send(int fd, struct axev__span message, axev_error *err);
/* One datagram into @out, which is emptied first. AXEV_E_NETWORK: nothing within @timeout_ms, or refused. */
int axev__udp_receive(int fd, int timeout_ms, struct axev__buf *out, axev_error *err);

/*
 * A connection, non-blocking. AXEV_E_NETWORK with the system's number in @err, or with 0 when nothing came until
 * @deadline_ns (axev__mono_ns()).
 */
int axev__tcp_open(const struct axev__server *server, int64_t deadline_ns, int *ret_fd, axev_error *err);

/* RFC 1035 4.2.2: messages with two bytes of length before them. */
int axev__tcp_ask(const struct axev__server *server, struct axev__span message, int timeout_ms,
		  struct axev__buf *out, axev_error *err);

#endif
