/* SPDX-License-Identifier: Apache-2.0 */
#include "net/authority.h"

#include <fcntl.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "net/http.h"

#define DEFAULT_TIMEOUT_MS 10000
/* How far an authority's clock and ours may differ before the token is refused. */
#define CLOCK_TOLERANCE_NS (INT64_C(600) * AXEV__NS_PER_SECOND)

static int fetch_over_http(const axev_tsa *authority, struct axev__span request,
			   const axev_env *env, struct axev__buf *ret_response, axev_error *err)
{
	const axev_http_request exchange = {
		.size = sizeof(exchange),
		.url = authority->url,
		.content_type = "application/timestamp-query",
		.accept = "application/timestamp-reply",
		.body = request.data,
		.body_bytes = request.size,
		.timeout_ms = authority->timeout_ms ? authority->timeout_ms : DEFAULT_TIMEOUT_MS,
		.max_answer_bytes = AXEV__MAX_TSA_ANSWER_BYTES,
	};

	return axev__http_exchange(env, &exchange, ret_response, err);
}

/* RFC 3161 2.2: the client SHALL verify imprint, nonce, and that the time is recent. */
static int check_answer(const struct axev__token *token, const uint8_t imprint[32], uint64_t nonce,
			int64_t now_ns, axev_error *err)
{
	char found[AXEV__RFC3339_S_SIZE];

	if (memcmp(token->imprint, imprint, 32) != 0)
		return axev__fail(err, AXEV_E_PEER, "the token is over another imprint than the one sent");
	if (!token->has_nonce)
		return axev__fail(err, AXEV_E_PEER, "the token lacks the nonce that was sent");
	if (token->nonce != nonce)
		return axev__fail(err, AXEV_E_PEER, "the token has another nonce than the one sent");
	if (token->gen_time_ns > now_ns + CLOCK_TOLERANCE_NS ||
	    token->gen_time_ns < now_ns - CLOCK_TOLERANCE_NS) {
		axev__rfc3339_seconds(found, token->gen_time_ns);
		return axev__fail(err, AXEV_E_PEER,
				  "the token's time %s is more than ten minutes away from this machine's clock",
				  found);
	}
	return AXEV_OK;
}

/* What an authority answered wrongly is never the caller's mistake nor a verdict. */
static int blame_peer(int status)
{
	switch (status) {
	case AXEV_E_FORMAT:
	case AXEV_E_LIMIT:
	case AXEV_E_NOTFOUND:
	case AXEV_E_CRYPTO:
	case AXEV_E_INVALID:
	case AXEV_E_INDETERMINATE:
		return AXEV_E_PEER;
	default:
		return status;
	}
}

static int check_response(struct axev__span response, const struct axev__certs *roots,
			  const uint8_t imprint[32], uint64_t nonce, int64_t now_ns,
			  struct axev__buf *canonical, axev_error *err)
{
	AXEV__TOKEN token = { 0 };
	struct axev__span der;
	uint8_t root[32];

	TRY(axev__tsp_response_token(response, &der, err));
	TRY(axev__token_normalise(der, roots, canonical, err));
	TRY(axev__token_read_canonical(axev__buf_view(canonical), &token, err));
	TRY(check_answer(&token, imprint, nonce, now_ns, err));
	return axev__chain_check(&token.path, roots, axev__span("", 0), AXEV__CHAIN_TIME_STAMP,
				 token.gen_time_ns, root, err);
}

static int accept_response(struct axev__span response, const struct axev__certs *roots,
			   const uint8_t imprint[32], uint64_t nonce, const axev_env *env,
			   struct axev__buf *ret_token, axev_error *err)
{
	AXEV__BUF canonical = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	int64_t now_ns;

	TRY(axev__now(env, &now_ns, err));
	TRY(blame_peer(check_response(response, roots, imprint, nonce, now_ns, &canonical, err)));
	/* Only a token that passed leaves here. */
	return axev__buf_span(ret_token, axev__buf_view(&canonical), err);
}

static bool is_embedded(const axev_tsa *authority)
{
	return strcmp(authority->url, "embedded") == 0;
}

static int read_roots(const axev_tsa *authority, int ledger_dirfd, struct axev__certs *ret_roots,
		      axev_error *err)
{
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);

	if (!is_embedded(authority) && !authority->ca_file)
		return axev__fail(err, AXEV_E_INVAL,
				  "expected the authority's root certificates (--tsa-ca FILE), found none");
	TRY(axev__read_file(is_embedded(authority) ? ledger_dirfd : AT_FDCWD,
			    is_embedded(authority) ? "keys/tsa-cert.pem" : authority->ca_file, &pem, err));
	return axev__certs_read(axev__buf_view(&pem), ret_roots, err);
}

static int ask(const axev_tsa *authority, int ledger_dirfd, const uint8_t imprint[32],
	       const axev_env *env, struct axev__buf *ret_token, axev_error *err)
{
	AXEV__BUF request = AXEV__BUF_INIT(1024);
	AXEV__BUF response = AXEV__BUF_INIT(AXEV__MAX_TSA_ANSWER_BYTES);
	AXEV__CERTS roots = { 0 };
	uint64_t nonce;

	TRY(read_roots(authority, ledger_dirfd, &roots, err));
	TRY(axev__random(env, &nonce, sizeof(nonce), err));
	/* First bit clear: some authorities mishandle a sign octet; top byte set: one fixed length. */
	nonce = (nonce & INT64_MAX) | UINT64_C(0x4000000000000000);
	TRY(axev__tsp_request(imprint, nonce, &request, err));
	if (is_embedded(authority))
		TRY(axev__embedded_answer(ledger_dirfd, axev__buf_view(&request), env, &response, err));
	else
		TRY(fetch_over_http(authority, axev__buf_view(&request), env, &response, err));
	return accept_response(axev__buf_view(&response), &roots, imprint, nonce, env, ret_token, err);
}

/* Another try helps only when the peer was away, not when it answered wrongly. */
static int ask_with_retries(const axev_tsa *authority, int ledger_dirfd, const uint8_t imprint[32],
			    const axev_env *env, struct axev__buf *ret_token, axev_error *err)
{
	uint32_t tries_left = authority->retries;
	int status;

	for (;;) {
		axev_error_clear(err);
		status = ask(authority, ledger_dirfd, imprint, env, ret_token, err);
		if (status != AXEV_E_NETWORK || tries_left-- == 0)
			return status;
	}
}

static bool is_local_failure(int status)
{
	return status == AXEV_E_NOMEM || status == AXEV_E_CANCELLED || status == AXEV_E_INTERNAL;
}

int axev__authority_stamp(const axev_tsa *authorities, size_t count, int ledger_dirfd,
			  const uint8_t imprint[32], const axev_env *env,
			  struct axev__buf *ret_token, axev_error *err)
{
	AXEV__BUF reasons = AXEV__BUF_INIT(16 * AXEV__KIB);
	int status = AXEV_E_INVAL;
	size_t i;

	for (i = 0; i < count; i++) {
		axev_error one = AXEV_ERROR_INIT;
		char text[1100];

		status = ask_with_retries(&authorities[i], ledger_dirfd, imprint, env, ret_token, &one);
		if (status >= 0)
			return status;
		axev_error_text(&one, text, sizeof(text));
		if (is_local_failure(status))
			return axev__fail(err, status, "%s", text);
		TRY(axev__buf_printf(&reasons, err, "%s%s: %s", i ? "; " : "", authorities[i].url, text));
	}
	return axev__fail(err, status, "no time-stamp authority answered usably: %s",
			  reasons.size ? (char *)reasons.data : "none is configured");
}
