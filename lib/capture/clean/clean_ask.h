/* SPDX-License-Identifier: Apache-2.0 */
/* Which resolvers are asked: for comparisons, for what can be reached, and to find time servers without the system's patience. */
#ifndef AXEV_CAPTURE_CLEAN_ASK_H
#define AXEV_CAPTURE_CLEAN_ASK_H

#include <ax_evidence/capture.h>

#include "base/limits.h"
#include "net/resolver.h"

/* nameserver lines of resolv.conf(5). */
unsigned axev__system_resolvers(struct axev__span resolv_conf, struct axev__server *out, unsigned max);

struct axev__resolver {
	struct axev__server server;
	char label[64];       /* as it was given */
	const char *chosen;   /* "system", "option", "default" */
};

/* Those of @resolv_conf, then those of @opts, which have been checked, or the ones of this software. Returns how many. */
size_t axev__resolvers_choose(const axev_web_opts *opts, struct axev__span resolv_conf,
			      struct axev__resolver out[AXEV__MAX_RESOLVERS]);

#endif
