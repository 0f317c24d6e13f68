/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certificate of the operator's for a site that asks for one. It is shown to the host of the address and to nobody else; the
 * package tells which it was, and whether it was asked for and sent. Its key is in this browser's database while it runs.
 */
#ifndef AXEV_CAPTURE_CLIENT_CERT_H
#define AXEV_CAPTURE_CLIENT_CERT_H

#include <ax_evidence/capture.h>

#include "base/json.h"
#include "base/limits.h"
#include "crypto/x509.h"

struct axev__web;

struct axev__client_cert {
	struct axev__buf p12; /* empty: there is none */
	char passphrase[AXEV__MAX_SECRET_BYTES + 1];
	char host[256];
	struct axev__cert_info info;
	struct axev__buf der;
};
#define AXEV__CLIENT_CERT_INIT \
	{ .p12 = AXEV__BUF_INIT(AXEV__MAX_PKCS12_BYTES), .der = AXEV__BUF_INIT(AXEV__MAX_PKCS12_BYTES) }

/* Nothing without opts->client_cert_file. A passphrase that is not given is asked for when one is needed. PASSPHRASE, FORMAT, INVAL. */
int axev__client_cert_load(const axev_web_opts *opts, struct axev__client_cert *ret_cert, axev_error *err);
void axev__client_cert_free(struct axev__client_cert *cert); /* overwrites */

/* A row of the steps, once the browser has it. */
int axev__client_cert_begin(struct axev__web *web, axev_error *err);

/* The member client_certificate of source.login; lists as missing when it was asked for and not sent. */
int axev__client_cert_facts(struct axev__web *web, axev__json *login, axev_error *err);

#endif
