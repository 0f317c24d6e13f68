/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/anchor.h"

#include "net/authority.h"

void axev__anchor_free(struct axev__anchor_taken *anchor)
{
	axev__buf_free(&anchor->note);
	axev__buf_free(&anchor->token);
}

static int stamp(struct axev__take *take, const axev_capture_common *common,
		 const uint8_t imprint[32], struct axev__anchor_taken *anchor, axev_error *err)
{
	static const axev_tsa embedded = { sizeof(axev_tsa), "embedded", NULL, 0, 0 };
	bool is_given = common->authority_count > 0;
	int status = axev__authority_stamp(is_given ? common->authorities : &embedded,
					   is_given ? common->authority_count : 1,
					   take->ledger->dirfd, imprint, take->env, &anchor->token,
					   &anchor->problem);

	if (status == AXEV_E_NOMEM || status == AXEV_E_CANCELLED)
		return axev__fail(err, status, "%s", anchor->problem.message);
	if (status < 0)
		axev__buf_clear(&anchor->token);
	return AXEV_OK;
}

static int name_token(axev__json *anchors, struct axev__span der, axev_error *err)
{
	AXEV__TOKEN token = { 0 };
	uint8_t sha256[32];

	if (der.size == 0)
		return AXEV_OK;
	TRY(axev__token_read_canonical(der, &token, err));
	TRY(axev__sha256(der.data, der.size, sha256, err));
	TRY(axev__json_set_hex(anchors, "token_sha256", sha256, sizeof(sha256), err));
	return axev__json_set_time(anchors, "token_time", token.gen_time_ns, err);
}

int axev__anchor_take(struct axev__take *take, const axev_capture_common *common,
		      struct axev__anchor_taken *anchor, axev_error *err)
{
	AXEV__JSON *anchors = axev__json_new_object();
	const struct axev__note_key *key = axev__ledger_log_key(take->ledger->log);
	uint8_t sha256[32];

	TRY(axev__ledger_checkpoint(take->ledger->log, &anchor->note, err));
	TRY(axev__sha256(anchor->note.data, anchor->note.size, sha256, err));
	TRY(axev__json_set_str(anchors, "origin", key->name, err));
	TRY(axev__json_set_hex(anchors, "checkpoint_sha256", sha256, sizeof(sha256), err));
	TRY(axev__json_set_u64(anchors, "checkpoint_size", axev_ledger_size(take->ledger), err));
	TRY(stamp(take, common, sha256, anchor, err));
	TRY(name_token(anchors, axev__buf_view(&anchor->token), err));
	return axev__json_set(take->manifest, "anchors", axev__steal(anchors), err);
}

int axev__anchor_add(struct axev__take *take, const struct axev__anchor_taken *anchor,
		     axev_error *err)
{
	char problem[1100];

	TRY(axev__take_bytes(take, "data/anchor/checkpoint", axev__buf_view(&anchor->note), "text/plain", "anchor", err));
	if (anchor->token.size > 0)
		return axev__take_bytes(take, "data/anchor/checkpoint.tst", axev__buf_view(&anchor->token), "application/timestamp-token",
					"anchor", err);
	axev_error_text(&anchor->problem, problem, sizeof(problem));
	return axev__take_step(take, "time-stamp of the newest checkpoint", problem, err);
}
