/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "ax-reach/1" (FORMAT.md 10): what resolvers said of the host of an address, and what its addresses answered. A document holds
 * facts that a machine recorded, and what follows from them: the latter is made here, by a capture and again by a verifier.
 */
#ifndef AXEV_CONTENT_REACH_H
#define AXEV_CONTENT_REACH_H

#include "base/json.h"
#include "base/limits.h"

#define AXEV__REACH_FORMAT "ax-reach/1"
#define AXEV__REACH_COMPARISON_FORMAT "ax-reach-comparison/1"

enum axev__reach_host {
	AXEV__REACH_NAME,    /* to be looked up */
	AXEV__REACH_ADDRESS, /* there is nothing to look up */
	AXEV__REACH_OWN      /* RFC 6761 6.3: localhost, which no resolver is asked for */
};

/* Where an address leads (RFC 3986). */
struct axev__reach_target {
	enum axev__reach_host kind;
	bool is_tls;
	char host[AXEV__MAX_REACH_HOST + 1]; /* lower case; IPv6 without brackets */
	uint16_t port;
};

/*
 * AXEV_E_INVAL for a host that a DNS question or a request could not name as it stands: letters outside of ASCII, percent
 * signs, an IPv4 address in an unusual form.
 */
int axev__reach_target(struct axev__span url, struct axev__reach_target *ret_target, axev_error *err);

/* The one request that is made of each address: GET, no body is waited for. */
int axev__reach_request(struct axev__span url, struct axev__buf *out, axev_error *err);

/* Whole heads at the start of @received up to that of a final answer (RFC 9110 15.2); *ret_size: behind it. */
bool axev__reach_head(struct axev__span received, size_t *ret_size);

/* ---- a document ---- */

/*
 * From "url" and "resolvers" with what they answered: sets "host" and the like, what each message says, and "addresses", those
 * of the host first, then those of @earlier (NULL: none), a document of the same address.
 */
int axev__reach_names(axev__json *document, const axev__json *earlier, axev_error *err);

/* From what each of "addresses" answered: status, how far it got, and "summary". */
int axev__reach_ends(axev__json *document, axev_error *err);

enum axev__reach_earlier {
	AXEV__REACH_ALONE,  /* no earlier document: all addresses are of the host */
	AXEV__REACH_AGAIN,  /* it is given */
	AXEV__REACH_UNKNOWN /* there may have been one that is not here: its addresses are taken as they are */
};

/*
 * Strict: form, then everything that follows from the facts made again. AXEV_E_FORMAT, AXEV_E_INVALID. @ret_document may be
 * NULL; free with axev__json_free().
 */
int axev__reach_read(struct axev__span text, enum axev__reach_earlier how, const axev__json *earlier,
		     axev__json **ret_document, axev_error *err);

/* Form alone: members, types, words, times within started and finished. */
int axev__reach_check_form(const axev__json *document, axev_error *err);

/* "ax-reach-comparison/1" of two documents that were read: resolver by resolver, address by address. */
int axev__reach_compare(const axev__json *earlier, const axev__json *later, axev__json **ret_comparison,
			axev_error *err);

#endif
