/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client's side of TLS over a non-blocking socket, to find out what a server answers. It takes what any server can do, old
 * versions and weak keys too, checks no certificate and proves nothing about whose it is: nothing is confided to it.
 */
#ifndef AXEV_CRYPTO_TLS_CLIENT_H
#define AXEV_CRYPTO_TLS_CLIENT_H

#include "base/buf.h"

struct axev__tls_client;

enum axev__tls_state {
	AXEV__TLS_DONE,
	AXEV__TLS_WANTS_READ,
	AXEV__TLS_WANTS_WRITE,
	AXEV__TLS_ALERT,   /* the server ended it with an alert */
	AXEV__TLS_REFUSED, /* this side did, with an alert: what came is no TLS, or none that it speaks */
	AXEV__TLS_CLOSED,  /* the server ended the connection without a word */
	AXEV__TLS_FAILED   /* the system did: see sys_errno */
};

/* @host is sent as the server's name (RFC 6066 3); NULL: an address, which has none. @fd stays the caller's. */
int axev__tls_client_new(int fd, const char *host, struct axev__tls_client **ret_client, axev_error *err);
void axev__tls_client_free(struct axev__tls_client *client);
static inline void axev__tls_client_freep(struct axev__tls_client **client)
{
	axev__tls_client_free(*client);
}
#define AXEV__TLS_CLIENT AXEV__CLEANUP(axev__tls_client_freep) struct axev__tls_client

/* As far as the socket lets it; again once it is readable or writable. SIGPIPE must be blocked: axev__worker_start() does. */
enum axev__tls_state axev__tls_client_handshake(struct axev__tls_client *client);
enum axev__tls_state axev__tls_client_write(struct axev__tls_client *client, struct axev__span bytes, size_t *ret_done);
enum axev__tls_state axev__tls_client_read(struct axev__tls_client *client, void *out, size_t size, size_t *ret_got);

/* RFC 8446 6: number of the alert of ALERT or REFUSED; -1: none was seen. */
int axev__tls_client_alert(const struct axev__tls_client *client);
/* RFC 8446 6: "handshake_failure"; NULL: not a known number. Static. */
const char *axev__tls_alert_name(unsigned number);
int axev__tls_client_errno(const struct axev__tls_client *client);
/* "TLS 1.3"; static. Once DONE. */
const char *axev__tls_client_version(const struct axev__tls_client *client);
/* SHA-256 of the certificate that the server sent first. False: it sent none. */
bool axev__tls_client_leaf(const struct axev__tls_client *client, uint8_t out[32]);

#endif
