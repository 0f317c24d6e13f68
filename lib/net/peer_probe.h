/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one address answers: a connection, TLS on it if that is wanted, and one request of HTTP/1.1 of whose answer just the head
 * is taken. Each step has its own time, and the first that fails is the last.
 */
#ifndef AXEV_NET_PEER_PROBE_H
#define AXEV_NET_PEER_PROBE_H

#include "base/limits.h"
#include "crypto/tls_client.h"
#include "net/ask.h"

/* How a step came out. */
enum axev__probe_end {
	AXEV__PROBE_NOT_TRIED,
	AXEV__PROBE_DONE,      /* connected; handshake done; the end of a head received */
	AXEV__PROBE_TIMED_OUT,
	AXEV__PROBE_ERRNO,     /* the system's number is there */
	AXEV__PROBE_CLOSED,    /* the peer ended it without a word */
	AXEV__PROBE_ALERT,     /* TLS: the peer's */
	AXEV__PROBE_REFUSED,   /* TLS: by this side; perhaps with an alert */
	AXEV__PROBE_FULL       /* HTTP: as much as is taken came, and the head goes on */
};

struct axev__probe_step {
	enum axev__probe_end end;
	int sys_errno;
	int64_t began_ns, ended_ns; /* axev__mono_ns() */
};

struct axev__peer_probe {
	/* given */
	struct axev__server server;
	const char *server_name;   /* for TLS; NULL: none is sent */
	bool is_tls;
	struct axev__span request; /* as it is sent */
	uint32_t connect_ms, tls_ms, http_ms;
	/* found */
	struct axev__probe_step tcp, tls, http;
	const char *tls_version;   /* static; once the handshake is done */
	uint8_t leaf_sha256[32];
	bool has_leaf;
	int alert;                 /* of the step that ended so; -1: none */
	struct axev__buf received; /* of HTTP, as it came */
	int status;                /* of this machine: NOMEM, CRYPTO, IO */
	axev_error err;
};

/* SIGPIPE must be blocked: a thread of axev__worker_start(). Looks nothing up. */
void axev__peer_probe_run(struct axev__peer_probe *probe);
void axev__peer_probe_free(struct axev__peer_probe *probe);

#endif
