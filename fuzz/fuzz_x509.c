/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates, alone or in PEM texts: what is read is exact DER, and is written back the same. */
#include <stdlib.h>

#include "crypto/x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF pem = AXEV__BUF_INIT(4 * AXEV__MAX_PEM_BYTES);
	AXEV__CERTS certs = { 0 };
	AXEV__CERTS again = { 0 };
	struct axev__cert_info info;
	uint8_t root[32];
	size_t i;

	if (axev__certs_read(axev__span(data, size), &certs, NULL) < 0)
		return 0;
	for (i = 0; i < certs.count; i++)
		if (axev__cert_info(axev__cert_at(&certs, i), &info, NULL) == AXEV_OK)
			(void)axev__cert_acceptable(axev__cert_at(&certs, i), info.not_before_ns, NULL);
	(void)axev__path_links(&certs, NULL);
	(void)axev__chain_check(&certs, &certs, axev__span(data, size), AXEV__CHAIN_SIGNER,
				INT64_C(1790000000000000000), root, NULL);
	(void)axev__chain_check(&certs, &certs, axev__span("", 0), AXEV__CHAIN_TIME_STAMP,
				INT64_C(1790000000000000000), root, NULL);
	if (axev__certs_to_pem(&certs, &pem, NULL) < 0 ||
	    axev__certs_read(axev__buf_view(&pem), &again, NULL) < 0 || again.count != certs.count)
		abort();
	for (i = 0; i < certs.count; i++)
		if (!axev__span_equal(axev__cert_at(&certs, i), axev__cert_at(&again, i)))
			abort();
	return 0;
}
