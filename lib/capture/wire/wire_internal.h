/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the wire recorder share. */
#ifndef AXEV_CAPTURE_WIRE_INTERNAL_H
#define AXEV_CAPTURE_WIRE_INTERNAL_H

#include <pthread.h>

#include "capture/wire/wire.h"
#include "content/netlog.h"

#define AXEV__WIRE_NONE SIZE_MAX /* an index that points nowhere */

enum axev__wire_direction {
	AXEV__WIRE_SENT,
	AXEV__WIRE_RECEIVED
};

/* A growing array whose memory is counted against AXEV__MAX_WIRE_KEPT. */
#define AXEV__WIRE_LIST(type) \
	struct { \
		type *items; \
		size_t count, room; \
	}

/* Bytes of one event: where they lie in the spool, and where in their stream. */
struct axev__wire_extent {
	uint64_t spool_offset, stream_offset;
	int64_t time_ns;
};

struct axev__wire_stream {
	AXEV__WIRE_LIST(struct axev__wire_extent) extents;
	uint64_t kept_bytes, dropped_bytes;
	uint64_t spool_offset; /* once assembled: the whole stream lies here */
	uint64_t unread_bytes; /* belong to no HTTP message */
	char *why;             /* what broke the reading; NULL: nothing */
	/* The peer said that no more comes: FIN, and inside TLS its closing alert. 0: it did not. */
	int64_t ended_ns;
	int64_t fin_ns; /* nothing more came, whatever the peer meant by it; 0: no such end */
	uint8_t sha256[32];
};

struct axev__wire_attempt {
	char *address;
	int64_t began_ns, ended_ns; /* 0: not stated */
	int64_t os_error;
};

struct axev__wire_handshake {
	bool is_sent;
	uint8_t type;
	int64_t time_ns;
	char *base64;
};

struct axev__wire_tls {
	int64_t began_ns, ended_ns; /* ended 0: never */
	int64_t net_error;
	char *version, *next_protocol; /* of a handshake that succeeded, else NULL */
	int64_t cipher, group, signature;
	bool is_resumed, is_hello_encrypted;
	char *server_name; /* SNI of the ClientHello; NULL: none */
	AXEV__WIRE_LIST(size_t) certificates; /* index into the wire's; leaf first */
	AXEV__WIRE_LIST(struct axev__wire_handshake) handshake;
	size_t verification; /* index; NONE: the log binds none to this connection */
};

/* A request of the browser that was given a connection, perhaps one of several for it. */
struct axev__wire_given {
	size_t hop;
	bool is_taken; /* by an exchange */
};

/* What is not as it should be with an HTTP/2 stream. */
struct axev__wire_flaw {
	uint32_t stream;
	bool is_rendered; /* it is among the exchanges all the same */
	char *text;
};

enum axev__wire_protocol {
	AXEV__WIRE_SILENT,  /* no bytes */
	AXEV__WIRE_HTTP1,
	AXEV__WIRE_HTTP2,
	AXEV__WIRE_UNKNOWN
};

struct axev__wire_connection {
	int64_t id, opened_ns, closed_ns; /* closed 0: not before the log's end */
	char *destination;  /* as the browser groups it: scheme, host and port; NULL: not stated */
	char *local, *remote, *ip_address;
	int64_t net_error;
	AXEV__WIRE_LIST(struct axev__wire_attempt) attempts;
	AXEV__WIRE_LIST(struct axev__wire_given) requests; /* in the order of the log */
	size_t requests_taken; /* that many from the start */
	struct axev__wire_tls *tls;
	struct axev__wire_stream streams[2];
	enum axev__wire_protocol protocol;
	size_t exchanges, interim_answers;
	AXEV__WIRE_LIST(struct axev__wire_flaw) flaws;
	char *tunnel;      /* target of a CONNECT; NULL: none was asked for */
	uint32_t tunnel_status;
	bool is_tunnelled; /* begins inside of a tunnel through the proxy of `outer` */
	bool is_nested;    /* TLS inside of TLS: the log does not keep their bytes apart */
	size_t outer;
	char *upgraded_to; /* of an answer 101 */
};

struct axev__wire_hop {
	struct axev__wire_request facts;
	int64_t source;
	int64_t ended_ns; /* the browser let go of it; 0: not before the log's end */
};

/* A named job of the resolver, the certificate verifier or a pool, found by its id. */
struct axev__wire_verification {
	char *host;
	int64_t began_ns, ended_ns;
	int64_t net_error, cert_status;
	bool is_known_root;
	AXEV__WIRE_LIST(size_t) presented, path;
};

struct axev__wire_answer {
	size_t lookup; /* NONE: the log binds none */
	char *name;
	int64_t type, rcode, time_ns;
	char *server; /* NULL: not stated */
	char *message;
};

struct axev__wire_lookup {
	char *host; /* as the browser asks, "https://example.org" */
	int64_t began_ns, ended_ns, net_error;
	bool has_system, is_secure;
	int64_t system_error, system_os_error;
	AXEV__WIRE_LIST(char *) addresses; /* what the operating system's resolver said */
};

struct axev__wire_certificate {
	uint8_t sha256[32];
	uint8_t *der;
	size_t size;
};

/* A message in one piece: its head, and behind it its body. */
struct axev__wire_message {
	uint64_t spool_offset, head_bytes, body_bytes;
	int64_t time_ns;
};

struct axev__wire_exchange {
	size_t connection, request; /* request: NONE when the log binds none */
	uint64_t order; /* of the first byte sent, among all connections */
	char *url, *method, *media_type;
	const char *protocol, *truncated;
	uint32_t status;
	struct axev__wire_message sent, received;
	uint8_t payload_sha256[32];
	uint64_t payload_bytes;
};

/* ---- WebSockets: bytes that are no HTTP, and when they came ---- */

struct axev__wire_mark {
	uint64_t offset, order;
	int64_t time_ns;
};

struct axev__wire_socket_side {
	uint64_t spool_offset, bytes, dropped_bytes;
	AXEV__WIRE_LIST(struct axev__wire_mark) marks;
};

struct axev__wire_socket {
	size_t connection, request; /* request: NONE when the log binds none */
	uint32_t stream;            /* HTTP/2: its number; 0: HTTP/1.1 */
	char *url, *extensions;
	char *subprotocol;          /* NULL: none was agreed on */
	char *fields[2];            /* HTTP/2: of both heads, a line each, escaped */
	struct axev__wire_socket_side sides[2];
};

enum axev__wire_kind {
	AXEV__WIRE_FREE_SLOT,
	AXEV__WIRE_CONNECTION,
	AXEV__WIRE_REQUEST,      /* its latest hop */
	AXEV__WIRE_STREAM_JOB,   /* index: of a connection */
	AXEV__WIRE_CONNECT_JOB,  /* index: into texts, the destination */
	AXEV__WIRE_SESSION,      /* HTTP/2; index: of a connection */
	AXEV__WIRE_VERIFICATION,
	AXEV__WIRE_LOOKUP,
	AXEV__WIRE_ANSWER,       /* index: the latest of a DNS transaction */
	AXEV__WIRE_QUESTION,     /* index: of a lookup */
	AXEV__WIRE_CERTIFICATE,  /* id: of its fingerprint the start */
	AXEV__WIRE_UDP,          /* index: into texts, the address */
	AXEV__WIRE_UDP_OUTER     /* index: another source */
};

struct axev__wire_map {
	struct axev__wire_slot {
		int64_t id;
		enum axev__wire_kind kind;
		size_t index;
	} *slots;
	size_t count, room; /* room: a power of two */
};

struct axev__wire {
	/* the thread's until it is joined */
	int log_fd, spool_fd, stop_fd; /* stop: eventfd */
	uint64_t max_spool_bytes, spool_bytes;
	pthread_t thread;
	bool is_running, is_finished;
	int failed; /* status of what ended the reading early */
	axev_error failure;
	struct axev__netlog *log;
	struct axev__buf scratch; /* one event's bytes */
	size_t kept_bytes;
	uint64_t bad_lines;
	bool is_over_limit;
	_Atomic bool is_full;    /* read by another thread */
	int64_t stopped_mono_ns; /* 0: not told */
	int64_t stopped_ns;      /* the same as the log's times are; once it has ended */
	const char *stop_reason;

	struct axev__wire_map map;
	AXEV__WIRE_LIST(char *) texts;
	AXEV__WIRE_LIST(struct axev__wire_connection) connections;
	AXEV__WIRE_LIST(struct axev__wire_hop) hops;
	AXEV__WIRE_LIST(struct axev__wire_verification) verifications;
	AXEV__WIRE_LIST(struct axev__wire_lookup) lookups;
	AXEV__WIRE_LIST(struct axev__wire_answer) answers;
	AXEV__WIRE_LIST(struct axev__wire_certificate) certificates;

	/* made by axev__wire_finish */
	AXEV__WIRE_LIST(struct axev__wire_exchange) exchanges;
	AXEV__WIRE_LIST(struct axev__wire_socket) sockets;
};

/* ---- wire_keep.c: memory, and finding things by the log's ids ---- */

/* Room for one more item, which is zeroed; AXEV_E_LIMIT when the recorder may keep no more. */
int axev__wire_grow(struct axev__wire *wire, void *items, size_t *count, size_t *room,
		    size_t item_bytes, axev_error *err);
#define AXEV__WIRE_ADD(wire, list, err) \
	axev__wire_grow(wire, &(list)->items, &(list)->count, &(list)->room, \
			sizeof(*(list)->items), err)
#define AXEV__WIRE_LAST(list) (&(list)->items[(list)->count - 1])

int axev__wire_keep(struct axev__wire *wire, struct axev__span text, char **ret_text,
		    axev_error *err);
/* The string member @key of @object; nothing when it has none. */
int axev__wire_keep_member(struct axev__wire *wire, const axev__json *object, const char *key,
			   char **ret_text, axev_error *err);
/* A string member that must be base64; what it decodes to is left in the scratch buffer. */
int axev__wire_keep_base64(struct axev__wire *wire, const axev__json *object, const char *key,
			   char **ret_base64, axev_error *err);
int64_t axev__wire_number(const axev__json *object, const char *key); /* 0 without */
bool axev__wire_flag(const axev__json *object, const char *key);
/* "[::1]:8802" and "127.0.0.1:8802" without port and brackets. */
struct axev__span axev__wire_ip(struct axev__span address);
/* params.source_dependency.id */
bool axev__wire_dependency(const axev__json *params, int64_t *ret_id);

size_t axev__wire_find(const struct axev__wire *wire, enum axev__wire_kind kind, int64_t id);
/* A later entry of the same kind and id replaces the earlier one. */
int axev__wire_bind(struct axev__wire *wire, enum axev__wire_kind kind, int64_t id, size_t index,
		    axev_error *err);

void axev__wire_release(struct axev__wire *wire); /* all the lists */

/* ---- wire_events.c, wire_tls.c, wire_dns.c: what an event says ---- */
int axev__wire_event(struct axev__wire *wire, const struct axev__netlog_event *event,
		     axev_error *err);
int axev__wire_tls_event(struct axev__wire *wire, struct axev__wire_connection *connection,
			 const struct axev__netlog_event *event, axev_error *err);
int axev__wire_verify_event(struct axev__wire *wire, const struct axev__netlog_event *event,
			    axev_error *err);
int axev__wire_dns_event(struct axev__wire *wire, const struct axev__netlog_event *event,
			 axev_error *err);
/* The verdict on the chain of @connection: the one bound to it, or an earlier one on the same chain and host. */
const struct axev__wire_verification *
axev__wire_verdict(const struct axev__wire *wire, const struct axev__wire_connection *connection,
		   bool *ret_is_own);
/* Host of "https://host:port", without brackets. */
struct axev__span axev__wire_host(const char *destination);

/* ---- wire_spool.c: bytes of streams ---- */
int axev__wire_spool(struct axev__wire *wire, struct axev__wire_stream *stream,
		     const struct axev__netlog_event *event, axev_error *err);
/* Append to the scratch file. */
int axev__wire_put(struct axev__wire *wire, struct axev__span bytes, axev_error *err);
/* Lay the stream out in one piece. */
int axev__wire_assemble(struct axev__wire *wire, struct axev__wire_stream *stream, axev_error *err);
/* The extent that holds byte @offset of the stream. */
const struct axev__wire_extent *axev__wire_extent_at(const struct axev__wire_stream *stream,
						     uint64_t offset);
/* Place of byte @offset among all bytes of the log. */
uint64_t axev__wire_order(const struct axev__wire_stream *stream, uint64_t offset);

struct axev__wire_view {
	struct axev__span bytes;
	void *mapped;
	size_t mapped_bytes;
};
int axev__wire_view(const struct axev__wire *wire, uint64_t spool_offset, uint64_t size,
		    struct axev__wire_view *ret_view, axev_error *err);
/* What was looked at need not stay in memory: it is read again when it is looked at again. */
void axev__wire_view_let_go(const struct axev__wire_view *view);
void axev__wire_view_free(struct axev__wire_view *view);

/* Two directions of one connection that are walked through: now and then all of them is let go. */
struct axev__wire_walk {
	const struct axev__wire_view *views[2];
	size_t walked_bytes;
};
void axev__wire_walked(void *walk, size_t bytes);
#define AXEV__WIRE_VIEW AXEV__CLEANUP(axev__wire_view_free) struct axev__wire_view

/* ---- wire_http.c: messages ---- */
/* Why a message of @connection that is not whole is not: a value of WARC-Truncated. */
const char *axev__wire_truncation(const struct axev__wire *wire,
				  const struct axev__wire_connection *connection, size_t request, bool is_reset);
int axev__wire_index(struct axev__wire *wire, size_t connection, axev_error *err);
int axev__wire_read_h2(struct axev__wire *wire, size_t connection, struct axev__span sent,
		       struct axev__span received, struct axev__wire_walk *walk, axev_error *err);
/* Type and subtype of a Content-Type, lower case; "" when there is none. */
int axev__wire_keep_media_type(struct axev__wire *wire, struct axev__span content_type,
			       char **ret_type, axev_error *err);

/* ---- wire_socket.c ---- */
/* Behind the answer 101 of @exchange, whose head is @head; ret_kept 0: there are too many sockets. */
int axev__wire_keep_socket(struct axev__wire *wire, size_t connection,
			   const struct axev__wire_exchange *exchange, struct axev__span head,
			   const uint64_t begins[2], uint64_t ret_kept[2], axev_error *err);
struct axev__h2;
struct axev__h2_exchange;
/* @begins: first byte of both directions, in which the pieces of @from lie. */
int axev__wire_keep_tunnel(struct axev__wire *wire, size_t connection, const struct axev__h2 *h2,
			   const struct axev__h2_exchange *from, const uint8_t *const begins[2],
			   bool *ret_is_kept, axev_error *err);

/* ---- wire_url.c ---- */
int axev__wire_put_url(struct axev__buf *url, struct axev__span text, axev_error *err);
struct axev__span axev__wire_without_port(struct axev__span authority, bool is_secure);
size_t axev__wire_hop_of(const struct axev__wire *wire, struct axev__wire_connection *connection,
			 const char *method, const char *url);

#endif
