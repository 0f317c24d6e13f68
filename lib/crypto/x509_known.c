/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates parsed a moment ago. A verification meets the same handful some thirty times over, and OpenSSL 3 takes
 * longer to decode the key in one than to check a signature with it. An answer is found by all its bytes, never by a name
 * or a digest, and nothing in it is ever changed: it is what parsing anew would give.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/x509_internal.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	uint8_t *der;
	size_t size;
	X509 *x509;
} known[AXEV__MAX_KNOWN_CERTS];
static size_t next; /* to be replaced */

X509 *axev__x509_known(struct axev__span der)
{
	X509 *found = NULL;
	size_t i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < AXEV__MAX_KNOWN_CERTS && !found; i++)
		if (known[i].x509 && known[i].size == der.size && memcmp(known[i].der, der.data, der.size) == 0 &&
		    X509_up_ref(known[i].x509))
			found = known[i].x509;
	pthread_mutex_unlock(&lock);
	return found;
}

void axev__x509_remember(struct axev__span der, X509 *x509)
{
	uint8_t *copy;

	if (der.size > AXEV__MAX_KNOWN_CERT_BYTES || !(copy = malloc(der.size)))
		return;
	memcpy(copy, der.data, der.size);
	pthread_mutex_lock(&lock);
	if (X509_up_ref(x509)) {
		X509_free(known[next].x509);
		free(known[next].der);
		known[next].der = copy;
		known[next].size = der.size;
		known[next].x509 = x509;
		next = (next + 1) % AXEV__MAX_KNOWN_CERTS;
		copy = NULL;
	}
	pthread_mutex_unlock(&lock);
	free(copy);
}
