/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tls_server.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "crypto/ossl.h"
#include "crypto/x509_internal.h"

struct axev__tls_server {
	SSL_CTX *context;
};

struct axev__tls_peer {
	SSL *ssl;
};

static int fail(axev_error *err)
{
	return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot make a TLS server");
}

static int prepare(SSL_CTX *context, const struct axev__key *key, struct axev__span cert_der, axev_error *err)
{
	AXEV__X509 *cert = NULL;

	TRY(axev__x509_parse(cert_der, &cert, err));
	if (SSL_CTX_use_certificate(context, cert) != 1 ||
	    SSL_CTX_use_PrivateKey(context, axev__key_pkey(key)) != 1 ||
	    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_num_tickets(context, 0) != 1)
		return fail(err);
	SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	return AXEV_OK;
}

int axev__tls_server_new(const struct axev__key *key, struct axev__span cert_der,
			 struct axev__tls_server **ret_server, axev_error *err)
{
	struct axev__tls_server *server = calloc(1, sizeof(*server));
	int status;

	if (!server)
		return axev__nomem(err);
	server->context = SSL_CTX_new_ex(axev__ossl(), NULL, TLS_server_method());
	status = server->context ? prepare(server->context, key, cert_der, err) : fail(err);
	if (status < 0) {
		axev__tls_server_free(server);
		return status;
	}
	*ret_server = server;
	return AXEV_OK;
}

void axev__tls_server_free(struct axev__tls_server *server)
{
	if (!server)
		return;
	SSL_CTX_free(server->context);
	free(server);
}

int axev__tls_accept(struct axev__tls_server *server, int fd, struct axev__tls_peer **ret_peer,
		     axev_error *err)
{
	AXEV__TLS_PEER *peer = calloc(1, sizeof(*peer));

	if (!peer)
		return axev__nomem(err);
	peer->ssl = SSL_new(server->context);
	if (!peer->ssl || SSL_set_fd(peer->ssl, fd) != 1)
		return fail(err);
	if (SSL_accept(peer->ssl) != 1)
		return axev__ossl_fail(err, AXEV_E_PEER, "the TLS handshake failed");
	*ret_peer = axev__steal(peer);
	return AXEV_OK;
}

void axev__tls_peer_free(struct axev__tls_peer *peer)
{
	if (!peer)
		return;
	/* RFC 8446 6.1: each side ends its own direction; the other's answer is not waited for. */
	if (peer->ssl && SSL_is_init_finished(peer->ssl))
		SSL_shutdown(peer->ssl);
	SSL_free(peer->ssl);
	ERR_clear_error();
	free(peer);
}

void axev__tls_peer_read(struct axev__tls_peer *peer, void *out, size_t size, size_t *ret_got)
{
	if (SSL_read_ex(peer->ssl, out, size, ret_got) != 1)
		*ret_got = 0;
	ERR_clear_error();
}

int axev__tls_peer_write(struct axev__tls_peer *peer, struct axev__span bytes, axev_error *err)
{
	size_t done;

	if (bytes.size == 0 || SSL_write_ex(peer->ssl, bytes.data, bytes.size, &done) == 1)
		return AXEV_OK;
	return axev__ossl_fail(err, AXEV_E_PEER, "the peer took no more");
}
