/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went over the browser's connections, out of Chromium's NetLog: exact bytes of each connection, the HTTP exchanges
 * in them, TLS certificates, addresses and DNS answers. Reads, spools and indexes; never changes a byte, and what it
 * cannot read it counts.
 */
#ifndef AXEV_CAPTURE_WIRE_H
#define AXEV_CAPTURE_WIRE_H

#include "base/json.h"
#include "base/source.h"
#include "content/address_space.h"

struct axev__wire;

/*
 * Reads the log from @log_fd (taken over) on a thread of its own until it ends. Bytes of connections go into @spool_fd,
 * an empty scratch file that stays the caller's; after @max_spool_bytes further bytes are dropped, and that is told.
 */
int axev__wire_start(int log_fd, int spool_fd, uint64_t max_spool_bytes, struct axev__wire **ret_wire,
		     axev_error *err);

/* What is known once the log has ended. Nothing here is an error by itself: the capture says it. */
struct axev__wire_summary {
	bool is_closed;            /* the log was ended by the browser, not cut off */
	bool is_over_limit;        /* bytes were dropped */
	uint64_t bad_lines;        /* lines that could not be read */
	uint64_t unreadable_bytes; /* of connections: neither HTTP/1 nor HTTP/2 */
	size_t connections, exchanges, requests, failed_requests;
};

/* Bytes are being dropped. May be asked while the log is read. */
bool axev__wire_is_full(const struct axev__wire *wire);

/*
 * What had not ended at @mono_ns was ended by us; @reason as WARC-Truncated has it, "time" or "length". Before the end. By the
 * clock that the log counts on: the time of day may have been set meanwhile.
 */
void axev__wire_stopped(struct axev__wire *wire, int64_t mono_ns, const char *reason);

/* Waits for the end of the log (the browser must have exited, or be about to) and indexes what was read. */
int axev__wire_finish(struct axev__wire *wire, struct axev__wire_summary *ret_summary, axev_error *err);

/* One request and its answer. All memory is lent for the callback. */
struct axev__exchange {
	size_t connection;         /* index into wire/connections.json */
	size_t request;            /* index for axev__wire_request_at; SIZE_MAX: the log binds none */
	const char *url;           /* scheme, authority and target as sent, printable ASCII or UTF-8 */
	const char *protocol;      /* "http/1.1", "http/1.0" or "h2" */
	const char *tls_version;   /* "tls/1.3" ..., NULL without TLS */
	const char *ip_address;    /* of the peer; NULL when the log does not say */
	const char *method;
	const char *media_type;    /* of the answer: its Content-Type without parameters, lower case; "" when not stated */
	uint32_t status;           /* 0: no answer */
	/* When the browser noted that the first bytes were sent, and that it had read the first ones: a moment behind both. */
	int64_t request_ns, response_ns;
	struct axev__span request_head, response_head;     /* HTTP/1: as sent. h2: doc/FORMAT.md, "h2-head/1" */
	struct axev__source request_body, response_body; /* HTTP/1 with its chunk framing, h2: DATA joined */
	uint8_t payload_sha256[32]; /* transfer coding removed, content coding kept */
	uint64_t payload_bytes;
	const char *truncated;     /* "disconnect", "time", "length", "unspecified"; NULL: whole */
};
typedef int (*axev__exchange_fn)(void *payload, const struct axev__exchange *exchange, axev_error *err);

/* In the order in which the requests were sent. Memory stays bounded by the largest message's bookkeeping. */
int axev__wire_each(struct axev__wire *wire, axev__exchange_fn each, void *payload, axev_error *err);

/*
 * All the bytes of one direction of a connection, as they were, piece by piece: they hold what the exchanges do not,
 * as frames of HTTP/2 and what follows an upgrade. Their SHA-256 is in wire/connections.json.
 */
typedef int (*axev__wire_piece_fn)(void *payload, struct axev__span piece, axev_error *err);
int axev__wire_stream_each(const struct axev__wire *wire, size_t connection, bool is_received,
			   axev__wire_piece_fn each, void *payload, axev_error *err);

/* A WebSocket: what both sides sent behind the handshake, and the messages in it (FORMAT.md 9.3). Lent. */
struct axev__socket {
	size_t request;            /* as of an exchange */
	uint32_t stream;           /* of HTTP/2: there is no exchange for the handshake; 0: there is */
	const char *url;
	struct axev__span sent, received;
	const axev__json *index;
};
typedef int (*axev__socket_fn)(void *payload, const struct axev__socket *socket, axev_error *err);
int axev__wire_socket_each(const struct axev__wire *wire, axev__socket_fn each, void *payload,
			   axev_error *err);

/* Requests as the browser's network service saw them (URL_REQUEST), in order. Lent. */
struct axev__wire_request {
	const char *url;
	const char *method;
	const char *type;          /* "main frame", "subframe", "other" as the log says; "" unknown */
	int64_t started_ns;
	int net_error;             /* 0, or Chromium's negative number */
	bool has_answer;           /* response headers arrived */
	bool is_own;               /* the browser's own, not the page's: no origin initiated it, and it loads no frame */
};
size_t axev__wire_request_count(const struct axev__wire *wire);
const struct axev__wire_request *axev__wire_request_at(const struct axev__wire *wire, size_t index);

/* Whom a connection is with; without one, the nearest address that was tried. Lent. */
struct axev__wire_peer {
	const char *address;     /* with its port; NULL: the log states none */
	enum axev__space space;
	bool is_connected;
};
size_t axev__wire_connection_count(const struct axev__wire *wire);
void axev__wire_peer(const struct axev__wire *wire, size_t connection, struct axev__wire_peer *ret_peer);

/* TLS facts of the connection that carried the main document; members as `source.tls` of the manifest, NULL without. */
int axev__wire_tls_json(const struct axev__wire *wire, size_t connection, axev__json **ret_json, axev_error *err);

/* On how many connections the server asked for a certificate of the client's, and on how many @der was shown. */
void axev__wire_client_certificate(const struct axev__wire *wire, struct axev__span der, uint64_t *ret_asked,
				   uint64_t *ret_sent);

/*
 * wire/connections.json and wire/dns.json (doc/FORMAT.md). @has_secrets: without the SHA-256 of what was sent, from which whoever
 * knows the rest of it could guess a secret of few possibilities.
 */
int axev__wire_connections_json(const struct axev__wire *wire, bool has_secrets, axev__json **ret_json, axev_error *err);
int axev__wire_dns_json(const struct axev__wire *wire, axev__json **ret_json, axev_error *err);

/*
 * Time of day when CLOCK_MONOTONIC, on which the log counts, was at 0. The browser looks it up once, when the log begins: all
 * times here are this and what that clock counted since. False when the log did not begin.
 */
bool axev__wire_clock(const struct axev__wire *wire, int64_t *ret_zero_ns);

/* Lent: version, command line and OS as the browser states them ("clientInfo"); NULL when the log did not begin. */
const axev__json *axev__wire_client_info(const struct axev__wire *wire);

void axev__wire_free(struct axev__wire *wire);
static inline void axev__wire_freep(struct axev__wire **wire)
{
	axev__wire_free(*wire);
}
#define AXEV__WIRE AXEV__CLEANUP(axev__wire_freep) struct axev__wire

#endif
