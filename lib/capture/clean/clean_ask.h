/* SPDX-License-Identifier: Apache-2.0 */
/* Asking resolvers: for the comparison, and to find time servers without waiting for the system's patience. */
#ifndef AXEV_CAPTURE_CLEAN_ASK_H
#define AXEV_CAPTURE_CLEAN_ASK_H

#include "content/dns_message.h"
#include "net/ask.h"

/* One resolver asked for A and AAAA of one name. */
struct axev__resolver_probe {
	const char *host;
	char label[64];
	bool is_system;
	struct axev__server server;
	uint16_t ids[2];
	struct axev__buf queries[2], messages[2];
	struct axev__dns_reply replies[2];
	bool has[2];
	int status;
	axev_error err;
};
/* @host, @server and @ids are given; at most a second. */
void axev__resolver_probe_run(struct axev__resolver_probe *probe);
void axev__resolver_probe_free(struct axev__resolver_probe *probe);

/* nameserver lines of resolv.conf(5). */
unsigned axev__system_resolvers(struct axev__span resolv_conf, struct axev__server *out, unsigned max);

#endif
