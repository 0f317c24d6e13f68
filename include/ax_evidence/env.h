/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that makes a run differ from the next one enters here: clock, randomness, network
 * transport, progress. Tests replace them and become byte-exact.
 */
#ifndef AX_EVIDENCE_ENV_H
#define AX_EVIDENCE_ENV_H

#include <ax_evidence/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One step of a long call, as told to the progress callback. */
typedef struct axev_progress {
	size_t size;          /**< sizeof(axev_progress) of the library that calls */
	const char *phase;    /**< stable English word: "read", "seal", "verify", "render", ... */
	const char *subject;  /**< what is worked on (escaped UTF-8), or NULL */
	uint64_t done_bytes;  /**< so far */
	uint64_t total_bytes; /**< 0 when not known */
} axev_progress;

/** An HTTP exchange that a transport is asked to make. All memory is lent for the call. */
typedef struct axev_http_request {
	size_t size;
	const char *url;
	const char *content_type; /**< NULL: GET, else POST of body with this type */
	const char *accept;       /**< expected media type of the answer, or NULL */
	const uint8_t *body;
	size_t body_bytes;
	const char *ca_file;      /**< PEM roots for TLS, NULL = the system's */
	uint32_t timeout_ms;
	size_t max_answer_bytes;  /**< more than this is refused */
} axev_http_request;

/** The transport writes the answer through this. @return 0, or negative to stop. */
typedef int (*axev_http_sink)(void *sink_payload, const uint8_t *data, size_t data_bytes);

/**
 * Environment of a call. Fill only what differs; NULL members mean the system's own.
 * Callbacks run on the calling thread unless said otherwise, with @payload.
 */
typedef struct axev_env {
	size_t size; /**< sizeof(axev_env): AXEV_ENV_INIT sets it */
	void *payload;
	/** Current time, nanoseconds since 1970-01-01 UTC. */
	int (*now)(void *payload, int64_t *ret_unix_ns, axev_error *err);
	/** Fill @out with cryptographically strong random bytes. */
	int (*random)(void *payload, uint8_t *out, size_t out_bytes, axev_error *err);
	/** Make one HTTP exchange; *ret_status is the HTTP status code. */
	int (*http)(void *payload, const axev_http_request *request, axev_http_sink sink,
		    void *sink_payload, int *ret_status, axev_error *err);
	/** Told now and then; non-zero cancels the call with AXEV_E_CANCELLED. */
	int (*progress)(void *payload, const axev_progress *progress);
} axev_env;

#define AXEV_ENV_INIT { sizeof(axev_env), NULL, NULL, NULL, NULL, NULL }

#ifdef __cplusplus
}
#endif
#endif
