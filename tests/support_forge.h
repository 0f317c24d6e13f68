/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A complete package, with case facts, two parts, an anchor and two signers, taken apart so that a test can change it and
 * have it signed anew: lists, digests and signatures always fit, only the lie does not.
 */
#ifndef AXEV_TESTS_SUPPORT_FORGE_H
#define AXEV_TESTS_SUPPORT_FORGE_H

#include "support_pki.h"

#include <ax_evidence/ax_evidence.h>

#include "base/json.h"

#define FORGE_MAX_ITEMS 48
#define FORGE_MAX_SIGNERS 4

struct forge_item {
	char path[AXEV__MAX_ENTRY_NAME + 1];
	struct axev__buf bytes;
};

/* One token over a signature value; 0 bytes: none. */
typedef void (*forge_stamp)(unsigned number, const uint8_t imprint[32], struct axev__buf *ret_token);

struct forge {
	struct forge_item items[FORGE_MAX_ITEMS]; /* data/ entries but the manifest, in their order */
	size_t count;
	axev__json *manifest;
	const axev_signer *signers[FORGE_MAX_SIGNERS]; /* lent */
	size_t signer_count;
	forge_stamp stamp;            /* NULL: the ledger's own authority */
	bool is_unfitted;             /* objects[] and parts[] are left as they are */
};

/* What all forgeries of a test program start from. */
struct forge_base {
	char folder[64];
	axev_ledger *ledger;
	axev_id id;
	axev_policy *policy;          /* trusts the ledger, its authority, and both officers */
	axev_signer *first, *second;  /* the two that the manifest expects */
	axev_signer *stranger;        /* whom nobody trusts */
	struct axev__buf package;     /* as the library sealed it: without parts */
};
void forge_base_new(struct forge_base *ret_base);
void forge_base_free(struct forge_base *base);

/* The honest package with two parts. */
void forge_begin(const struct forge_base *base, struct forge *ret_forge);
/* Any container, to be signed by @signer alone and without a token: a bundle. */
void forge_begin_bundle(struct axev__span bytes, const axev_signer *signer, struct forge *ret_forge);
void forge_free(struct forge *forge);
#define FORGE AXEV__CLEANUP(forge_free) struct forge

struct forge_item *forge_item(struct forge *forge, const char *path);
void forge_set(struct forge *forge, const char *path, struct axev__span bytes);
void forge_insert(struct forge *forge, size_t at, const char *path, struct axev__span bytes);
void forge_remove(struct forge *forge, const char *path);
void forge_swap(struct forge *forge, const char *one, const char *other); /* places in the order */
axev__json *forge_row(struct forge *forge, const char *path); /* of objects[] */

/* A part with these two objects, and its index. */
void forge_part(const char *first, const char *second, struct axev__buf *ret_zip,
		struct axev__buf *ret_index);

/* Write and sign. */
void forge_finish(const struct forge_base *base, struct forge *forge, struct axev__buf *ret_bytes);
void forge_certs(struct forge *forge); /* expected_signatures as forge->signers have them */

/* Verdict of @bytes under @policy (NULL: none); *ret_text is the report in English. The one in Chinese is checked for
 * reasons that nobody translated. */
int forge_verdict(struct axev__span bytes, const axev_policy *policy, char **ret_text);

#endif
