/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets that were typed into a page, kept out of the views made of it. Chromium writes what stands in a password field
 * into its DOM snapshots in clear; MHTML has it only where a script copied it into an attribute.
 */
#ifndef AXEV_CAPTURE_SECRETS_H
#define AXEV_CAPTURE_SECRETS_H

#include "base/buf.h"

struct axev__secrets {
	char **list;
	size_t count;
	uint64_t hidden; /* strings of snapshots that were replaced */
};

/* Twice the same is once. LIMIT beyond AXEV__MAX_SECRETS. */
int axev__secrets_add(struct axev__secrets *secrets, struct axev__span text, axev_error *err);

/* Overwrites, then releases. */
void axev__secrets_free(struct axev__secrets *secrets);

#define AXEV__SECRET_MARK "[secret, not kept]"

/*
 * Appends @snapshot, an answer of DOMSnapshot.captureSnapshot, with AXEV__SECRET_MARK instead of each string that is the
 * value of a password field or equals a secret; every other byte stays. Such values are secrets from then on. AXEV_E_PEER
 * when it has not the form that is known, so that nothing slips through.
 */
int axev__secrets_hide(struct axev__secrets *secrets, struct axev__span snapshot, struct axev__buf *out,
		       axev_error *err);

/* Does one of the secrets stand in it, quoted-printable (RFC 2045 6.7) or plain? */
bool axev__secrets_in_mhtml(const struct axev__secrets *secrets, struct axev__span mhtml);

#endif
