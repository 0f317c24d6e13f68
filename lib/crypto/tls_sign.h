/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What TLS asks of a server's certificate: its signature in the handshake, its names, its chain at a time, and the
 * promises of Certificate Transparency logs about it (RFC 6962).
 */
#ifndef AXEV_CRYPTO_TLS_SIGN_H
#define AXEV_CRYPTO_TLS_SIGN_H

#include "crypto/x509.h"

#define AXEV__TLS_MAX_HASH 64

/* @digest "SHA256" or "SHA384" over the pieces one after another. */
int axev__tls_hash(const char *digest, const struct axev__span *pieces, size_t count,
		   uint8_t out[AXEV__TLS_MAX_HASH], size_t *ret_size, axev_error *err);

/*
 * Signature of @scheme (RFC 8446 4.2.3) by the key of @leaf over @tbs. TLS 1.3 binds an ECDSA scheme to its curve and
 * knows no PKCS #1 v1.5. AXEV_E_INVALID: not made by that key over these bytes, or the scheme is not for such a key.
 * AXEV_E_UNSUPPORTED: a scheme that is not known here.
 */
int axev__tls_verify(struct axev__span leaf, uint16_t scheme, bool is_1_3, struct axev__span tbs,
		     struct axev__span signature, axev_error *err);

/*
 * Is @leaf for @host, by its subjectAltName alone (RFC 6125; RFC 9525)? @host is a name in its ASCII form, or an IP
 * address without brackets. AXEV_E_INVALID.
 */
int axev__tls_names(struct axev__span leaf, struct axev__span host, axev_error *err);

/*
 * Chain of path->items[0], through the others in any order, to one of @roots at @at_ns, for a TLS server.
 * AXEV_E_INDETERMINATE when there is none or it is outside its validity; AXEV_E_INVALID when it is broken.
 */
int axev__tls_chain(const struct axev__certs *path, const struct axev__certs *roots, int64_t at_ns,
		    uint8_t ret_root_sha256[32], axev_error *err);

#endif
