/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TLS server on the loopback address, in this process, that gives known answers and keeps every byte that it received
 * and sent. Against it, what shows and records a page can be tested.
 */
#ifndef AXEV_NET_KNOWN_SERVER_H
#define AXEV_NET_KNOWN_SERVER_H

#include "base/buf.h"
#include "base/limits.h"
#include "crypto/key.h"

struct axev__known_answer {
	const char *target;         /* of the request, as "/" */
	struct axev__span response; /* head and body, as they are sent */
};

/* One connection, from the server's side. */
struct axev__known_visit {
	uint16_t port;              /* of the peer */
	bool is_established;        /* its TLS handshake succeeded */
	unsigned requests, unknown; /* unknown: answered with 404 */
	struct axev__buf received, sent; /* inside TLS */
};

struct axev__known_server;

/* @answers are lent until the server is freed. */
int axev__known_server_start(const struct axev__key *key, struct axev__span cert_der,
			     const struct axev__known_answer *answers, size_t count,
			     struct axev__known_server **ret_server, axev_error *err);
uint16_t axev__known_server_port(const struct axev__known_server *server);

/* Ends all connections; twice is once. What came can be read from then on, in the order in which it came. */
void axev__known_server_stop(struct axev__known_server *server);
size_t axev__known_server_count(const struct axev__known_server *server);
const struct axev__known_visit *axev__known_server_visit(const struct axev__known_server *server, size_t index);
/* Connections beyond AXEV__MAX_KNOWN_VISITS: closed unheard. */
size_t axev__known_server_refused(const struct axev__known_server *server);

void axev__known_server_free(struct axev__known_server *server);
static inline void axev__known_server_freep(struct axev__known_server **server)
{
	axev__known_server_free(*server);
}
#define AXEV__KNOWN_SERVER AXEV__CLEANUP(axev__known_server_freep) struct axev__known_server

#endif
