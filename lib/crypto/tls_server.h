/* SPDX-License-Identifier: Apache-2.0 */
/* The server's side of TLS over a socket, with one key and one certificate. For pages whose answer is known. */
#ifndef AXEV_CRYPTO_TLS_SERVER_H
#define AXEV_CRYPTO_TLS_SERVER_H

#include "crypto/key.h"

struct axev__tls_server;

/* Each connection makes a handshake of its own: there are no tickets and no sessions. */
int axev__tls_server_new(const struct axev__key *key, struct axev__span cert_der,
			 struct axev__tls_server **ret_server, axev_error *err);
void axev__tls_server_free(struct axev__tls_server *server);

struct axev__tls_peer;

/*
 * The handshake over @fd, which stays the caller's and whose time-outs hold. Writing to a peer that is gone raises SIGPIPE
 * where that is not blocked: axev__worker_start() blocks it. AXEV_E_PEER when it fails.
 */
int axev__tls_accept(struct axev__tls_server *server, int fd, struct axev__tls_peer **ret_peer,
		     axev_error *err);
void axev__tls_peer_free(struct axev__tls_peer *peer);
static inline void axev__tls_peer_freep(struct axev__tls_peer **peer)
{
	axev__tls_peer_free(*peer);
}
#define AXEV__TLS_PEER AXEV__CLEANUP(axev__tls_peer_freep) struct axev__tls_peer

/* *ret_got is 0 at the end, however that came. */
void axev__tls_peer_read(struct axev__tls_peer *peer, void *out, size_t size, size_t *ret_got);
int axev__tls_peer_write(struct axev__tls_peer *peer, struct axev__span bytes, axev_error *err);

#endif
