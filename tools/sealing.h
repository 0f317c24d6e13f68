/* SPDX-License-Identifier: Apache-2.0 */
/* Options of sealing, shared by `capture` and `seal`, and how the outcome is told. */
#ifndef AXEV_TOOLS_SEALING_H
#define AXEV_TOOLS_SEALING_H

#include "cli.h"

#define MAX_AUTHORITIES 8

struct sealing_options {
	axev_tsa authorities[MAX_AUTHORITIES];
	size_t authority_count;
	const char *tsa_ca;
	const char *passphrase_file;
	const char *key_path, *cert_path;
	int is_json;
	int despite_checks;
};

#define SEALING_LONG_OPTIONS \
	{ "tsa", required_argument, NULL, 'T' }, \
	{ "tsa-ca", required_argument, NULL, 'A' }, \
	{ "passphrase-file", required_argument, NULL, 'P' }, \
	{ "key", required_argument, NULL, 'K' }, \
	{ "cert", required_argument, NULL, 'E' }, \
	{ "json", no_argument, NULL, 'J' }

#define SEALING_USAGE \
	"  --tsa URL             time-stamp authority; may be given again, asked in turn\n" \
	"                        (default: the ledger's embedded one)\n" \
	"  --tsa-ca FILE         PEM roots of the authorities\n" \
	"  --key FILE            signer: PEM key or PKCS#12 (default: the operator)\n" \
	"  --cert FILE           the signer's certificate chain, PEM\n" \
	"  --passphrase-file F   passphrase of the key (or AXEV_PASSPHRASE, or a prompt)\n" \
	"  --json                one JSON object on stdout\n"

/* 1 when the option was one of sealing's, 0 when not, -1 after an error line. */
int sealing_option(struct sealing_options *sealing, int option, char *argument);

/* Opens the signer when --key was given (else *ret_signer is NULL). Exit code. */
int sealing_signer(const struct sealing_options *sealing, axev_signer **ret_signer);

/* Lent; NULL when none was given. */
const axev_tsa *sealing_authorities(struct sealing_options *sealing, size_t *ret_count);

/* Seal and tell. Exit code. */
int sealing_run(axev_ledger *ledger, axev_draft *draft, const struct sealing_options *sealing,
		axev_signer *signer);
int sealing_complete(axev_ledger *ledger, const axev_id *id,
		     const struct sealing_options *sealing);

#endif
