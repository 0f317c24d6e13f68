/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time-stamp authorities (RFC 3161): the ones a seal asks, and the embedded one over HTTP.
 */
#ifndef AX_EVIDENCE_TSA_H
#define AX_EVIDENCE_TSA_H

#include <ax_evidence/env.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One authority to ask. */
typedef struct axev_tsa {
	size_t size;
	const char *url;      /**< http:// or https://; "embedded" = the ledger's own, in process */
	const char *ca_file;  /**< PEM with the authority's root (and intermediates); required for a URL */
	uint32_t timeout_ms;  /**< 0 = 10,000 */
	uint32_t retries;     /**< further tries after the first */
} axev_tsa;

#define AXEV_TSA_INIT { sizeof(axev_tsa), NULL, NULL, 0, 2 }

/**
 * Serve the embedded authority of a ledger over HTTP/1.1 (application/timestamp-query) until *@stop is not 0.
 *
 * @param address  IPv4 address to bind; loopback unless the network is closed.
 * @param port     0 = any free one, told through @ready.
 * @param ready    called once with the port in use; may be NULL.
 */
AXEV_API AXEV_MUST_USE int axev_tsa_serve(const char *ledger_path, const char *address,
					  uint16_t port,
					  void (*ready)(void *payload, uint16_t port), void *payload,
					  const volatile int *stop, axev_error *err);

#ifdef __cplusplus
}
#endif
#endif
