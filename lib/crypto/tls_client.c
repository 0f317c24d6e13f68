/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tls_client.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "crypto/digest.h"
#include "crypto/ossl.h"

struct axev__tls_client {
	SSL_CTX *context;
	SSL *ssl;
	int received, sent; /* fatal alerts; -1: none */
	int sys_errno;
};

/* RFC 8446 6: of the levels only fatal (2) ends a handshake. */
static void see(const SSL *ssl, int where, int value)
{
	struct axev__tls_client *client = SSL_get_app_data(ssl);

	if (!(where & SSL_CB_ALERT) || value >> 8 != SSL3_AL_FATAL)
		return;
	if (where & SSL_CB_READ)
		client->received = value & 0xFF;
	else
		client->sent = value & 0xFF;
}

/* Whatever a server can do is an answer: security is no matter of this connection. */
static bool prepare_context(SSL_CTX *context)
{
	SSL_CTX_set_security_level(context, 0);
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	return SSL_CTX_set_min_proto_version(context, TLS1_VERSION) == 1 &&
	       SSL_CTX_set_cipher_list(context, "ALL:!aNULL:@SECLEVEL=0") == 1;
}

/* RFC 7301: what is said over it is HTTP/1.1. */
static bool prepare(struct axev__tls_client *client, int fd, const char *host)
{
	static const unsigned char http1[] = "\x08http/1.1";

	if (SSL_set_fd(client->ssl, fd) != 1 || SSL_set_app_data(client->ssl, client) != 1 ||
	    SSL_set_alpn_protos(client->ssl, http1, sizeof(http1) - 1) != 0)
		return false;
	SSL_set_info_callback(client->ssl, see);
	SSL_set_connect_state(client->ssl);
	return !host || SSL_set_tlsext_host_name(client->ssl, host) == 1;
}

int axev__tls_client_new(int fd, const char *host, struct axev__tls_client **ret_client, axev_error *err)
{
	AXEV__TLS_CLIENT *client = calloc(1, sizeof(*client));

	if (!client)
		return axev__nomem(err);
	client->received = client->sent = -1;
	client->context = SSL_CTX_new_ex(axev__ossl(), NULL, TLS_client_method());
	if (!client->context || !prepare_context(client->context))
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot make a TLS client");
	client->ssl = SSL_new(client->context);
	if (!client->ssl || !prepare(client, fd, host))
		return axev__ossl_fail(err, AXEV_E_CRYPTO, "cannot make a TLS client");
	*ret_client = axev__steal(client);
	return AXEV_OK;
}

void axev__tls_client_free(struct axev__tls_client *client)
{
	if (!client)
		return;
	if (client->ssl && SSL_is_init_finished(client->ssl))
		SSL_shutdown(client->ssl);
	SSL_free(client->ssl);
	SSL_CTX_free(client->context);
	ERR_clear_error();
	free(client);
}

static bool is_end(unsigned long code)
{
	return ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
}

/* OpenSSL's queue was empty before the call that gave @result. */
static enum axev__tls_state state_of(struct axev__tls_client *client, int result, int sys_errno)
{
	int reason = SSL_get_error(client->ssl, result);
	unsigned long code = ERR_peek_error();

	ERR_clear_error();
	if (reason == SSL_ERROR_WANT_READ)
		return AXEV__TLS_WANTS_READ;
	if (reason == SSL_ERROR_WANT_WRITE)
		return AXEV__TLS_WANTS_WRITE;
	if (client->received >= 0)
		return AXEV__TLS_ALERT;
	if (reason == SSL_ERROR_ZERO_RETURN || is_end(code) || (reason == SSL_ERROR_SYSCALL && sys_errno == 0))
		return AXEV__TLS_CLOSED;
	if (reason == SSL_ERROR_SYSCALL) {
		client->sys_errno = sys_errno;
		return AXEV__TLS_FAILED;
	}
	return AXEV__TLS_REFUSED;
}

enum axev__tls_state axev__tls_client_handshake(struct axev__tls_client *client)
{
	int result;

	ERR_clear_error();
	errno = 0;
	result = SSL_do_handshake(client->ssl);
	return result == 1 ? AXEV__TLS_DONE : state_of(client, result, errno);
}

enum axev__tls_state axev__tls_client_write(struct axev__tls_client *client, struct axev__span bytes, size_t *ret_done)
{
	int result;

	*ret_done = 0;
	ERR_clear_error();
	errno = 0;
	result = SSL_write_ex(client->ssl, bytes.data, bytes.size, ret_done);
	return result == 1 ? AXEV__TLS_DONE : state_of(client, result, errno);
}

enum axev__tls_state axev__tls_client_read(struct axev__tls_client *client, void *out, size_t size, size_t *ret_got)
{
	int result;

	*ret_got = 0;
	ERR_clear_error();
	errno = 0;
	result = SSL_read_ex(client->ssl, out, size, ret_got);
	return result == 1 ? AXEV__TLS_DONE : state_of(client, result, errno);
}

int axev__tls_client_alert(const struct axev__tls_client *client)
{
	return client->received >= 0 ? client->received : client->sent;
}

int axev__tls_client_errno(const struct axev__tls_client *client)
{
	return client->sys_errno;
}

const char *axev__tls_client_version(const struct axev__tls_client *client)
{
	switch (SSL_version(client->ssl)) {
	case TLS1_VERSION:
		return "TLS 1.0";
	case TLS1_1_VERSION:
		return "TLS 1.1";
	case TLS1_2_VERSION:
		return "TLS 1.2";
	default:
		return "TLS 1.3";
	}
}

bool axev__tls_client_leaf(const struct axev__tls_client *client, uint8_t out[32])
{
	X509 *leaf = SSL_get0_peer_certificate(client->ssl);
	unsigned char *der = NULL;
	int size = leaf ? i2d_X509(leaf, &der) : -1;
	bool is_there = size > 0 && axev__sha256(der, (size_t)size, out, NULL) >= 0;

	OPENSSL_free(der);
	return is_there;
}
