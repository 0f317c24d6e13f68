/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody's certificate and key in one file (PKCS #12, RFC 7292): which certificate it is, and whether the passphrase opens it. */
#ifndef AXEV_CRYPTO_PKCS12_H
#define AXEV_CRYPTO_PKCS12_H

#include "base/buf.h"

/*
 * The certificate whose key is in the file, as DER. AXEV_E_PASSPHRASE when it does not open; FORMAT when it is no such file, or has
 * no key with a certificate; UNSUPPORTED: encrypted in a way that is not supported (RC2). The key is not kept.
 */
int axev__pkcs12_certificate(struct axev__span bytes, const char *passphrase, struct axev__buf *ret_der, axev_error *err);

#endif
