/* SPDX-License-Identifier: Apache-2.0 */
/* The public ledger handle: the log, and the keys beside it. */
#ifndef AXEV_LEDGER_HANDLE_H
#define AXEV_LEDGER_HANDLE_H

#include <ax_evidence/ledger.h>

#include "crypto/key.h"
#include "ledger/ledger.h"

struct axev_ledger {
	struct axev__ledger *log;
	const axev_env *env;
	char *path;
	int dirfd; /* LEDGER/, lent by log */
	struct axev__index *index; /* of packages, once somebody asked */
};

/* Certificates of the operator (keys/operator-cert.pem), leaf first. */
int axev__ledger_operator_certs(axev_ledger *ledger, struct axev__certs *ret_certs,
				axev_error *err);
/* The operator's signer; AXEV_E_PASSPHRASE when the key is protected. */
int axev__ledger_operator(axev_ledger *ledger, const char *passphrase, axev_signer **ret_signer,
			  axev_error *err);

#endif
