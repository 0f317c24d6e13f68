/* SPDX-License-Identifier: Apache-2.0 */
/* The embedded authority, whose door may be open to a network: what it answers, its own client reads. */
#include <stdlib.h>

#include "crypto/tsp.h"

/* Made once: an authority with a certificate of its own. */
static axev_signer *make_signer(void)
{
	const struct axev__cert_request request = { .common_name = "fuzz",
						    .not_before_ns = 0,
						    .not_after_ns = INT64_C(4000000000000000000),
						    .is_time_stamper = true };
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__CERTS certs = { 0 };
	struct axev__key *key = NULL;
	axev_signer *signer = NULL;

	if (axev__key_generate(AXEV__KEY_EC_P256, 0, &key, NULL) < 0 ||
	    axev__cert_issue(&request, key, axev__span("", 0), key, &der, NULL) < 0 ||
	    axev__certs_add(&certs, axev__buf_view(&der), NULL) < 0 ||
	    axev__signer_new(key, &certs, &signer, NULL) < 0)
		abort();
	return signer;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static axev_signer *signer;
	AXEV__BUF response = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF whole = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__TOKEN token = { 0 };
	struct axev__tsa tsa = { .serial = 1, .now_ns = INT64_C(1790000000000000000),
				 .accuracy_ns = 1000000000 };
	struct axev__span der;

	if (!signer)
		signer = make_signer();
	tsa.signer = signer;
	if (axev__tsa_respond(&tsa, axev__span(data, size), &response, NULL) < 0)
		return 0;
	if (axev__tsp_response_token(axev__buf_view(&response), &der, NULL) < 0)
		abort();
	/* Without certReq there is no certificate to read it with. */
	if (axev__token_normalise(der, axev__signer_certs(signer), &whole, NULL) == AXEV_OK &&
	    axev__token_read_canonical(axev__buf_view(&whole), &token, NULL) < 0)
		abort();
	return 0;
}
