/* SPDX-License-Identifier: Apache-2.0 */
/* What the content sheet of a web page shows out of a package's objects. */
#ifndef AXEV_PRINT_PRINTABLE_WEB_H
#define AXEV_PRINT_PRINTABLE_WEB_H

#include "print/printable.h"

struct axev__printable_web {
	axev__json *dns;       /* "ax-wire-dns/1"; NULL: none, or not readable */
	axev__json *tls_proof; /* NULL: no TLS facts in the manifest */
	axev__json *subject;   /* "ax-subject-found/1", likewise */
	axev__json *reach, *reach_comparison; /* "ax-reach/1", "ax-reach-comparison/1", likewise */
	struct axev__buf text; /* start of what the page shows, UTF-8 */
	bool is_text_cut;
};

int axev__printable_web_open(const struct axev__printable *printable, struct axev__printable_web *ret_web,
			     axev_error *err);
void axev__printable_web_close(struct axev__printable_web *web);
#define AXEV__PRINTABLE_WEB AXEV__CLEANUP(axev__printable_web_close) struct axev__printable_web

/* What print.h calls tls_proof; stays NULL without TLS facts in the manifest. */
int axev__printable_tls(const struct axev__printable *printable, axev__json **ret_proof, axev_error *err);

#endif
