/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library's own OpenSSL context: default provider, no configuration file, so that nothing on a machine
 * can change a verdict. Made once for the process, never changed afterwards.
 */
#ifndef AXEV_CRYPTO_OSSL_H
#define AXEV_CRYPTO_OSSL_H

#include <openssl/types.h>

#include "base/error.h"

/* NULL when it could not be made. */
OSSL_LIB_CTX *axev__ossl(void);

/* Empty OpenSSL's error queue; its newest reason is appended to the message. */
int axev__ossl_fail(axev_error *err, int status, const char *format, ...) AXEV_PRINTF(3, 4);

#endif
