/* SPDX-License-Identifier: Apache-2.0 */
/* SSHSIG (OpenSSH PROTOCOL.sshsig) with Ed25519: how git commits are signed without ssh-keygen. */
#ifndef AXEV_CRYPTO_SSHSIG_H
#define AXEV_CRYPTO_SSHSIG_H

#include "crypto/key.h"

/* Armoured signature ("-----BEGIN SSH SIGNATURE-----" ... with a final newline), hash sha512. */
int axev__sshsig_sign(const struct axev__key *ed25519, const char *name_space,
		      struct axev__span message, struct axev__buf *ret_armoured, axev_error *err);
int axev__sshsig_verify(const uint8_t public_key[32], const char *name_space,
			struct axev__span message, struct axev__span armoured, axev_error *err);
/* "ssh-ed25519 AAAA..." without newline, as allowed_signers wants it. */
int axev__ssh_public_line(const uint8_t public_key[32], struct axev__buf *out, axev_error *err);

#endif
