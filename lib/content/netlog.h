/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chromium's NetLog, line by line: constants first, then one event a line, as the browser writes it
 * through a pipe. Numbers of events and sources are never assumed: each log names its own. Lines of
 * kinds that nobody here needs are passed over without being read.
 */
#ifndef AXEV_CONTENT_NETLOG_H
#define AXEV_CONTENT_NETLOG_H

#include "base/json.h"

/* Events that are read; the name in the log is the part behind AXEV__NETLOG_. */
enum axev__netlog_type {
	AXEV__NETLOG_NONE, /* nothing on this line */
	AXEV__NETLOG_CANCELLED,
	AXEV__NETLOG_FAILED,
	AXEV__NETLOG_REQUEST_ALIVE,
	AXEV__NETLOG_URL_REQUEST_START_JOB,
	AXEV__NETLOG_HTTP_STREAM_REQUEST_BOUND_TO_JOB,
	AXEV__NETLOG_HTTP_TRANSACTION_READ_RESPONSE_HEADERS,
	AXEV__NETLOG_HTTP_STREAM_JOB_HTTP2_SESSION_AVAILABLE,
	AXEV__NETLOG_HTTP2_SESSION_INITIALIZED,
	AXEV__NETLOG_HTTP2_SESSION_POOL_FOUND_EXISTING_SESSION,
	AXEV__NETLOG_HTTP2_SESSION_POOL_FOUND_EXISTING_SESSION_FROM_IP_POOL,
	AXEV__NETLOG_HTTP2_SESSION_POOL_IMPORTED_SESSION_FROM_SOCKET,
	AXEV__NETLOG_SOCKET_POOL_BOUND_TO_SOCKET,
	AXEV__NETLOG_SOCKET_POOL_CONNECT_JOB_CREATED,
	AXEV__NETLOG_SOCKET_ALIVE,
	AXEV__NETLOG_SOCKET_CONNECT,
	AXEV__NETLOG_SOCKET_BYTES_SENT,
	AXEV__NETLOG_SOCKET_BYTES_RECEIVED,
	AXEV__NETLOG_TCP_CONNECT,
	AXEV__NETLOG_TCP_CONNECT_ATTEMPT,
	AXEV__NETLOG_SSL_CONNECT,
	AXEV__NETLOG_SSL_SOCKET_BYTES_SENT,
	AXEV__NETLOG_SSL_SOCKET_BYTES_RECEIVED,
	AXEV__NETLOG_SSL_ALERT_RECEIVED,
	AXEV__NETLOG_SSL_CERTIFICATES_RECEIVED,
	AXEV__NETLOG_SSL_HANDSHAKE_MESSAGE_SENT,
	AXEV__NETLOG_SSL_HANDSHAKE_MESSAGE_RECEIVED,
	AXEV__NETLOG_CERT_VERIFIER_JOB,
	AXEV__NETLOG_CERT_VERIFIER_REQUEST_BOUND_TO_JOB,
	AXEV__NETLOG_HOST_RESOLVER_MANAGER_JOB,
	AXEV__NETLOG_HOST_RESOLVER_DNS_TASK,
	AXEV__NETLOG_HOST_RESOLVER_SYSTEM_TASK,
	AXEV__NETLOG_DNS_TRANSACTION,
	AXEV__NETLOG_DNS_TRANSACTION_RESPONSE,
	AXEV__NETLOG_TYPE_COUNT
};

/* Where an event comes from; the name in the log is the part behind AXEV__NETLOG_FROM_. */
enum axev__netlog_source {
	AXEV__NETLOG_FROM_OTHER,
	AXEV__NETLOG_FROM_URL_REQUEST,
	AXEV__NETLOG_FROM_SOCKET,
	AXEV__NETLOG_FROM_UDP_SOCKET,
	AXEV__NETLOG_FROM_UDP_CLIENT_SOCKET,
	AXEV__NETLOG_FROM_HOST_RESOLVER_IMPL_JOB,
	AXEV__NETLOG_FROM_DNS_TRANSACTION,
	AXEV__NETLOG_SOURCE_COUNT
};

enum axev__netlog_phase {
	AXEV__NETLOG_AT,
	AXEV__NETLOG_BEGIN,
	AXEV__NETLOG_END
};

struct axev__netlog_event {
	enum axev__netlog_type type;
	enum axev__netlog_phase phase;
	enum axev__netlog_source source;
	int64_t id;       /* of the source */
	int64_t time_ns;  /* since 1970 */
	/* SOCKET_BYTES_* and SSL_SOCKET_BYTES_*: see axev__netlog_bytes. None received: the peer ended. */
	uint64_t byte_count;
	struct axev__span base64;
	/* The other types: lent until the next line; NULL when the event has none. */
	const axev__json *params;
};

struct axev__netlog;

int axev__netlog_new(struct axev__netlog **ret_log, axev_error *err);
void axev__netlog_free(struct axev__netlog *log);
static inline void axev__netlog_freep(struct axev__netlog **log)
{
	axev__netlog_free(*log);
}
#define AXEV__NETLOG AXEV__CLEANUP(axev__netlog_freep) struct axev__netlog

/*
 * One line without its LF. AXEV_E_FORMAT and AXEV_E_LIMIT: this line cannot be read, the next may be.
 * AXEV_E_UNSUPPORTED: the constants lack an event that is needed, so this log cannot be used.
 */
int axev__netlog_line(struct axev__netlog *log, struct axev__span line,
		      struct axev__netlog_event *ret_event, axev_error *err);

/* Append the bytes of a bytes event; AXEV_E_FORMAT when they are not the number it states. */
int axev__netlog_bytes(const struct axev__netlog_event *event, struct axev__buf *out,
		       axev_error *err);

/* What comes behind the events is no matter of ours, and may be long. */
bool axev__netlog_is_past_events(const struct axev__netlog *log);
bool axev__netlog_is_closed(const struct axev__netlog *log); /* the browser ended it itself */

/* Time of day when the clock that the log counts on was at 0, as the browser looked it up once; false: there were no constants. */
bool axev__netlog_clock(const struct axev__netlog *log, int64_t *ret_zero_ns);

/* Lent; NULL when the constants were not there, or lacked it. */
const axev__json *axev__netlog_client_info(const struct axev__netlog *log);
const char *axev__netlog_error_name(const struct axev__netlog *log, int64_t net_error);

/* Lent names of the bits of a certificate status, one after another: *@bit starts as 0. */
const char *axev__netlog_cert_status(const struct axev__netlog *log, int64_t status, int *bit);

#endif
