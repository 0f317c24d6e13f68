/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/draft_store.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"

void axev__draft_state_free(struct axev__draft_state *state)
{
	axev__json_free(state->json);
	state->json = NULL;
}

static int read_state(struct axev__draft_state *state, axev_error *err)
{
	struct axev__span session;
	axev_id id;

	TRY(axev__json_hex(state->json, "id", id.bytes, sizeof(id.bytes), err));
	TRY(axev__json_string(state->json, "session", &session, err));
	TRY(axev__json_boolean(state->json, "is_complete", &state->is_complete, err));
	if (memcmp(&id, &state->id, sizeof(id)) != 0 || session.size != sizeof(state->session) - 1)
		return axev__fail(err, AXEV_E_CORRUPT, "is not the draft of this id");
	memcpy(state->session, session.data, session.size);
	return AXEV_OK;
}

int axev__draft_load(axev_ledger *ledger, const axev_id *id, struct axev__draft_state *ret_state,
		     axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(16 * AXEV__MIB);
	char hex[AXEV_ID_HEX_SIZE], path[128];
	int status;

	axev__hex(hex, id->bytes, sizeof(id->bytes));
	ret_state->id = *id;
	snprintf(ret_state->directory, sizeof(ret_state->directory), "drafts/%s", hex);
	snprintf(path, sizeof(path), "%s/draft.json", ret_state->directory);
	status = axev__read_file(ledger->dirfd, path, &text, NULL);
	if (status == AXEV_E_NOTFOUND)
		return axev__fail(err, AXEV_E_NOTFOUND,
				  "no draft %s in this ledger: never captured, sealed already, or abandoned",
				  hex);
	if (status < 0)
		return axev__read_file(ledger->dirfd, path, &text, err);
	status = axev__json_parse_canonical(axev__buf_view(&text), &ret_state->json, err);
	if (status >= 0)
		status = read_state(ret_state, err);
	return axev__prefix(status, err, "%s", path);
}

static void sealed_path(const struct axev__draft_state *state, char out[128])
{
	snprintf(out, 128, "%s/sealed.json", state->directory);
}

int axev__draft_note_sealed(axev_ledger *ledger, const struct axev__draft_state *state,
			    const axev_seal_result *result, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();
	AXEV__BUF text = AXEV__BUF_INIT(4 * AXEV__KIB);
	char path[128], number[24];

	snprintf(number, sizeof(number), "%" PRIu64, result->package_bytes);
	TRY(axev__json_set_hex(json, "package_sha256", result->package_sha256, 32, err));
	TRY(axev__json_set_str(json, "package_bytes", number, err));
	TRY(axev__json_set_bool(json, "time_pending", result->is_time_pending, err));
	TRY(axev__json_set_bool(json, "embedded_time", result->is_embedded_time, err));
	TRY(axev__json_set_str(json, "time_problem", result->time_problem, err));
	TRY(axev__json_canonical(json, &text, err));
	sealed_path(state, path);
	return axev__write_file_durable(ledger->dirfd, path, axev__buf_view(&text), 0600, err);
}

static bool read_sealed(const axev__json *json, axev_seal_result *result)
{
	struct axev__span number, problem;
	bool is_pending, is_embedded;

	if (axev__json_hex(json, "package_sha256", result->package_sha256, 32, NULL) < 0 ||
	    axev__json_string(json, "package_bytes", &number, NULL) < 0 ||
	    axev__json_string(json, "time_problem", &problem, NULL) < 0 ||
	    axev__json_boolean(json, "time_pending", &is_pending, NULL) < 0 ||
	    axev__json_boolean(json, "embedded_time", &is_embedded, NULL) < 0 ||
	    problem.size >= sizeof(result->time_problem) ||
	    !axev__parse_u64(number, AXEV__MAX_CONTAINER_BYTES, &result->package_bytes))
		return false;
	memcpy(result->time_problem, problem.data, problem.size);
	result->is_time_pending = is_pending;
	result->is_embedded_time = is_embedded;
	return true;
}

bool axev__draft_was_sealed(axev_ledger *ledger, const struct axev__draft_state *state,
			    axev_seal_result *ret_result)
{
	AXEV__BUF text = AXEV__BUF_INIT(4 * AXEV__KIB);
	AXEV__JSON *json = NULL;
	AXEV__CLOSE int stored = -1;
	axev_seal_result remembered = *ret_result;
	char path[128];

	sealed_path(state, path);
	if (axev__read_file(ledger->dirfd, path, &text, NULL) < 0 ||
	    axev__json_parse_canonical(axev__buf_view(&text), &json, NULL) < 0 ||
	    !read_sealed(json, &remembered))
		return false;
	/* Remembered but not moved into the store: sign again, the part is still there. */
	if (axev__ledger_object_open(ledger->log, remembered.package_sha256, &stored, NULL) < 0)
		return false;
	*ret_result = remembered;
	return true;
}

int axev_draft_open(axev_ledger *ledger, const axev_id *id, axev_draft **ret_draft, axev_error *err)
{
	AXEV__DRAFT_STATE state = { 0 };
	AXEV__FREE axev_draft *draft = calloc(1, sizeof(*draft));

	if (!draft)
		return axev__nomem(err);
	TRY(axev__draft_load(ledger, id, &state, err));
	*draft = (axev_draft){ ledger, *id, state.is_complete, false };
	*ret_draft = axev__steal(draft);
	return AXEV_OK;
}

void axev_draft_id(const axev_draft *draft, axev_id *ret_id)
{
	*ret_id = draft->id;
}

int axev_draft_is_complete(const axev_draft *draft)
{
	return draft->is_complete;
}

int axev_draft_holds_login(const axev_draft *draft)
{
	return draft->holds_login;
}

void axev_draft_free(axev_draft *draft)
{
	free(draft);
}
