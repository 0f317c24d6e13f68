/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/ossl.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/provider.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static OSSL_LIB_CTX *context;

static void make_context(void)
{
	OSSL_LIB_CTX *made = OSSL_LIB_CTX_new();

	if (made && !OSSL_PROVIDER_load(made, "default")) {
		OSSL_LIB_CTX_free(made);
		made = NULL;
	}
	context = made;
}

OSSL_LIB_CTX *axev__ossl(void)
{
	pthread_once(&once, make_context);
	return context;
}

int axev__ossl_fail(axev_error *err, int status, const char *format, ...)
{
	char message[512];
	const char *reason = NULL;
	unsigned long code = ERR_peek_last_error();
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (code)
		reason = ERR_reason_error_string(code);
	if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE)
		status = AXEV_E_NOMEM;
	ERR_clear_error();
	return axev__fail(err, status, "%s%s%s", message, reason ? ": " : "", reason ? reason : "");
}
