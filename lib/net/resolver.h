/* SPDX-License-Identifier: Apache-2.0 */
/* One resolver asked for A and AAAA of one name: over UDP, and over TCP what does not fit. */
#ifndef AXEV_NET_RESOLVER_H
#define AXEV_NET_RESOLVER_H

#include "content/dns_message.h"
#include "net/ask.h"

struct axev__resolver_probe {
	/* given */
	const char *host;
	struct axev__server server;
	uint16_t ids[2];
	uint32_t answer_ms;     /* in all; 0: a second */
	char label[64];         /* the caller's */
	bool is_system;         /* the caller's */
	/* found; [0] of A, [1] of AAAA */
	struct axev__buf queries[2], messages[2];
	struct axev__dns_reply replies[2];
	bool has[2];            /* an answer; a cut one for which TCP brought nothing is none, and stays in messages */
	bool is_over_tcp[2];
	int64_t asked_ns, answered_ns[2]; /* axev__mono_ns() */
	int status;
	axev_error err;         /* its sys_errno: what the system said of the way there; 0: it was just silent */
};
void axev__resolver_probe_run(struct axev__resolver_probe *probe);
void axev__resolver_probe_free(struct axev__resolver_probe *probe);

#endif
