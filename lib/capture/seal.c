/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From draft to sealed package: signatures, time-stamps, the file in the store, the ledger entry. Every step may
 * be interrupted: what is repeated gives the same outcome, and nothing is acknowledged before it is durable.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "capture/draft_store.h"
#include "capture/take.h"
#include "crypto/cades.h"
#include "crypto/tsp.h"
#include "ledger/erased.h"
#include "net/authority.h"

struct sealing {
	axev_ledger *ledger;
	const axev_env *env;
	const axev_seal_opts *opts;
	struct axev__draft_state *state;
	struct axev__container_head *head; /* of the draft */
	axev_signer *operator_signer; /* owned, when no signer was given */
	axev_seal_result result;
};

static const axev_tsa embedded_authority = { sizeof(axev_tsa), "embedded", NULL, 0, 0 };

static size_t signer_count(const struct sealing *sealing)
{
	return sealing->opts->signer_count ? sealing->opts->signer_count : 1;
}

static const axev_signer *signer_at(const struct sealing *sealing, size_t index)
{
	return sealing->opts->signer_count ? sealing->opts->signers[index] : sealing->operator_signer;
}

/* The manifest fixed who signs when the capture ended; anyone else makes an attestation instead. */
static int check_signers(const struct sealing *sealing, axev_error *err)
{
	const axev__json *expected = axev__json_get(sealing->state->json, "expected_signatures");
	struct axev__span leaf;
	struct axev__cert_info info;
	char hex[AXEV_ID_HEX_SIZE];
	size_t i;

	if (axev__json_count(expected) != signer_count(sealing))
		return axev__fail(err, AXEV_E_STATE,
				  "expected %zu signers, as fixed when the capture ended; found %zu",
				  axev__json_count(expected), signer_count(sealing));
	for (i = 0; i < signer_count(sealing); i++) {
		TRY(axev__cert_info(axev__cert_at(axev__signer_certs(signer_at(sealing, i)), 0), &info,
				    err));
		axev__hex(hex, info.sha256, sizeof(info.sha256));
		if (!axev__json_as_string(axev__json_at(axev__json_get(axev__json_at(expected, i),
								       "certificates"),
							0),
					  &leaf) ||
		    !axev__span_is(leaf, hex))
			return axev__fail(err, AXEV_E_STATE,
					  "signer %zu: the capture expects another certificate than %s", i + 1,
					  info.subject);
	}
	return AXEV_OK;
}

/* A token over the signature value. An authority that is away does not lose the evidence. */
static int stamp(struct sealing *sealing, struct axev__span signature, struct axev__buf *token,
		 axev_error *err)
{
	const axev_tsa *authorities = sealing->opts->authorities;
	size_t count = sealing->opts->authority_count;
	axev_error problem = AXEV_ERROR_INIT;
	uint8_t imprint[32];
	int status;

	if (count == 0) {
		authorities = &embedded_authority;
		count = 1;
	}
	TRY(axev__sha256(signature.data, signature.size, imprint, err));
	status = axev__authority_stamp(authorities, count, sealing->ledger->dirfd, imprint,
				       sealing->env, token, &problem);
	if (status == AXEV_E_NOMEM || status == AXEV_E_CANCELLED)
		return axev__fail(err, status, "%s", problem.message);
	if (status < 0) {
		axev__buf_clear(token);
		sealing->result.is_time_pending = 1;
		axev_error_text(&problem, sealing->result.time_problem,
				sizeof(sealing->result.time_problem));
	}
	return AXEV_OK;
}

static int note_kind_of_time(struct sealing *sealing, struct axev__span token, axev_error *err)
{
	AXEV__TOKEN read = { 0 };

	if (token.size == 0)
		return AXEV_OK;
	TRY(axev__token_read_canonical(token, &read, err));
	sealing->result.is_embedded_time = read.is_embedded;
	return AXEV_OK;
}

static int sign_one(struct sealing *sealing, struct axev__container_writer *writer, unsigned number,
		    axev_error *err)
{
	const axev_signer *signer = signer_at(sealing, number - 1);
	const struct axev__certs *certs = axev__signer_certs(signer);
	AXEV__BUF tbs = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF signature = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF p7s = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	uint8_t content[32];
	int64_t now_ns;

	TRY(axev__now(sealing->env, &now_ns, err));
	TRY(axev__container_to_be_signed(writer, number, content, err));
	TRY(axev__cades_tbs(axev__cert_at(certs, 0), content, now_ns, &tbs, err));
	TRY(axev__signer_sign(signer, axev__buf_view(&tbs), &signature, err));
	TRY(stamp(sealing, axev__buf_view(&signature), &token, err));
	TRY(note_kind_of_time(sealing, axev__buf_view(&token), err));
	TRY(axev__cades_assemble(certs, axev__buf_view(&tbs), axev__buf_view(&signature),
				 axev__buf_view(&token), &p7s, err));
	return axev__container_add_signature(writer, number, axev__buf_view(&p7s), err);
}

static int close_container(struct sealing *sealing, int fd, axev_error *err)
{
	AXEV__CONTAINER *writer = NULL;
	unsigned count = (unsigned)signer_count(sealing), number;

	TRY(axev__container_resume(fd, axev__json_get(sealing->state->json, "writer"), &writer, err));
	axev__container_give_head(writer, sealing->head);
	TRY(axev__container_seal_begin(writer, count, err));
	for (number = 1; number <= count; number++)
		TRY(sign_one(sealing, writer, number, err));
	return axev__container_finish(writer, sealing->env, &sealing->result.package_bytes,
				      sealing->result.package_sha256, err);
}

/* The signed file goes into the store under its own digest; then nothing but the entry is missing. */
static int store_package(struct sealing *sealing, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	char path[128];

	snprintf(path, sizeof(path), "%s/package.part", sealing->state->directory);
	TRY(axev__open(sealing->ledger->dirfd, path, O_RDWR, 0, &fd, err));
	TRY(close_container(sealing, fd, err));
	TRY(axev__draft_note_sealed(sealing->ledger, sealing->state, &sealing->result, err));
	return axev__ledger_object_commit(sealing->ledger->log, path, sealing->result.package_sha256,
					  err);
}

/* Bytes of an erased package do not come back through a draft that was left over. */
static int check_erased(const struct sealing *sealing, axev_error *err)
{
	struct axev__history history;

	TRY(axev__history_find(sealing->ledger, &sealing->state->id, &history, err));
	return axev__history_here(sealing->ledger, &history, err);
}

/* Of two processes that sealed one draft, the slower one takes back what it put into the store: no entry names it. */
static int take_back(const struct sealing *sealing, const uint8_t stored[32], axev_error *err)
{
	struct axev__history history;
	bool is_removed, is_erased;

	is_erased = axev__history_find(sealing->ledger, &sealing->state->id, &history, NULL) == AXEV_OK &&
		    history.erased_index != UINT64_MAX;
	if (!is_erased && memcmp(stored, sealing->result.package_sha256, 32) == 0)
		return AXEV_OK;
	TRY(axev__ledger_object_remove(sealing->ledger->log, stored, &is_removed, NULL, err));
	return is_erased ? axev__history_here(sealing->ledger, &history, err) : AXEV_OK;
}

static int log_sealed(struct sealing *sealing, axev_error *err)
{
	uint8_t stored[32];
	struct axev__sealed sealed = {
		.id = sealing->state->id,
		.session = sealing->state->session,
		.package_bytes = sealing->result.package_bytes,
		.is_time_pending = sealing->result.is_time_pending,
	};

	memcpy(stored, sealing->result.package_sha256, 32);
	memcpy(sealed.package_sha256, stored, 32);
	TRY(axev__event_sealed(sealing->ledger, &sealed, &sealing->result.sealed_index, err));
	/* Another process may have been faster: then its container is the package. */
	memcpy(sealing->result.package_sha256, sealed.package_sha256, 32);
	sealing->result.package_bytes = sealed.package_bytes;
	sealing->result.is_time_pending = sealed.is_time_pending;
	return take_back(sealing, stored, err);
}

/* Fail closed: a capture of the strict profile that was not clean is sealed only when somebody decides so. */
static int check_held(const struct sealing *sealing, axev_error *err)
{
	struct axev__span why;
	char hex[AXEV_ID_HEX_SIZE];

	if (sealing->opts->despite_checks ||
	    !axev__json_as_string(axev__json_get(sealing->state->json, "held"), &why))
		return AXEV_OK;
	axev__hex(hex, sealing->state->id.bytes, sizeof(sealing->state->id.bytes));
	return axev__fail(err, AXEV_E_STATE,
			  "not sealed, the draft is kept: axev seal --despite-checks %.16s, or axev abandon %.16s; checks of the strict profile: %.*s",
			  hex, hex, (int)(why.size < 500 ? why.size : 500), (const char *)why.data);
}

static int seal(struct sealing *sealing, axev_error *err)
{
	TRY(check_held(sealing, err));
	TRY(check_erased(sealing, err));
	if (sealing->opts->signer_count == 0)
		TRY(axev__ledger_operator(sealing->ledger, sealing->opts->passphrase,
					  &sealing->operator_signer, err));
	TRY(check_signers(sealing, err));
	/* A crash between store and entry left a finished package: only the entry is added. */
	if (!axev__draft_was_sealed(sealing->ledger, sealing->state, &sealing->result))
		TRY(store_package(sealing, err));
	TRY(log_sealed(sealing, err));
	/* Best effort: the entry stands; a leftover draft of a sealed id is dropped at the next seal. */
	axev__remove_tree(sealing->ledger->dirfd, sealing->state->directory, NULL);
	return AXEV_OK;
}

int axev_seal(axev_ledger *ledger, axev_draft *draft, const axev_seal_opts *opts,
	      axev_seal_result *ret_result, axev_error *err)
{
	static const axev_seal_opts defaults = AXEV_SEAL_OPTS_INIT;
	AXEV__DRAFT_STATE state = { 0 };
	struct sealing sealing = { .ledger = ledger, .opts = opts ? opts : &defaults };
	int status;

	if (!ledger || !draft || !ret_result || ret_result->size < sizeof(*ret_result))
		return axev__fail(err, AXEV_E_INVAL, "expected a ledger, a draft and a result of known size");
	sealing.env = ledger->env;
	sealing.state = &state;
	sealing.head = &draft->head;
	TRY(axev__draft_load(ledger, &draft->id, &state, err));
	sealing.result = (axev_seal_result){ .size = sizeof(sealing.result), .id = draft->id };
	status = seal(&sealing, err);
	axev_signer_free(sealing.operator_signer);
	TRY(status);
	*ret_result = sealing.result;
	return AXEV_OK;
}

int axev_abandon(axev_ledger *ledger, const axev_id *id, const char *reason, axev_error *err)
{
	AXEV__DRAFT_STATE state = { 0 };

	if (!reason || !*reason || strlen(reason) > 1000)
		return axev__fail(err, AXEV_E_INVAL, "expected a reason of 1 to 1000 bytes");
	TRY(axev__draft_load(ledger, id, &state, err));
	TRY(axev__event_abandoned(ledger, state.session, id, reason, err));
	return axev__remove_tree(ledger->dirfd, state.directory, err);
}
