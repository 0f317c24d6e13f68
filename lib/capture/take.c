/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/take.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/path.h"
#include "base/text.h"
#include "capture/anchor.h"
#include "capture/machine.h"
#include "ledger/events.h"
#include "package/manifest.h"
#include "package/record_set.h"

#define TARGET_TAG "ax-target/1\n"

/* SHA-256(tag || salt || target): tells afterwards what was begun, and nothing before. */
static int commit_to_target(const uint8_t salt[16], struct axev__span target, uint8_t out[32],
			    axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);

	TRY(axev__buf_str(&bytes, TARGET_TAG, err));
	TRY(axev__buf_append(&bytes, salt, 16, err));
	TRY(axev__buf_span(&bytes, target, err));
	return axev__sha256(bytes.data, bytes.size, out, err);
}

static int log_started(struct axev__take *take, axev__json *capture, struct axev__span target,
		       axev_error *err)
{
	uint8_t salt[16], commitment[32];
	uint64_t index;

	TRY(axev__random(take->env, salt, sizeof(salt), err));
	TRY(commit_to_target(salt, target, commitment, err));
	TRY(axev__json_set_string(capture, "target", target, err));
	TRY(axev__json_set_hex(capture, "target_salt", salt, sizeof(salt), err));
	TRY(axev__json_set_str(capture, "session", take->session, err));
	return axev__event_started(take->ledger, take->session, commitment, &index, err);
}

static int open_draft(struct axev__take *take, axev_error *err)
{
	char path[96];
	int dirfd = take->ledger->dirfd;

	snprintf(take->directory, sizeof(take->directory), "drafts/%s", take->session);
	TRY(axev__make_dirs_durable(dirfd, take->directory, 0700, err));
	snprintf(path, sizeof(path), "%s/package.part", take->directory);
	TRY(axev__open(dirfd, path, O_RDWR | O_CREAT | O_EXCL, 0600, &take->fd, err));
	TRY(axev__container_new(take->fd, &take->container, err));
	take->writer = take->container;
	return AXEV_OK;
}

static int make_facts(struct axev__take *take, const char *case_file, struct axev__buf *bytes,
		      axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_CASE_FACTS_BYTES);
	AXEV__JSON *case_facts = NULL;
	AXEV__JSON *facts = axev__json_new_object();
	struct axev__shown shown;
	uint8_t secret[32], root[32];
	uint64_t records;
	int status;

	TRY(axev__read_file(AT_FDCWD, case_file, &text, err));
	TRY(axev__random(take->env, secret, sizeof(secret), err));
	status = axev__json_parse(axev__buf_view(&text), &case_facts, err);
	if (status >= 0)
		status = axev__facts_make(case_facts, secret, bytes, root, &records, err);
	TRY(axev__prefix(status, err, "%s", axev__show_str(&shown, case_file)));
	TRY(axev__json_set_str(facts, "path", "data/facts.json", err));
	TRY(axev__json_set_hex(facts, "root", root, sizeof(root), err));
	TRY(axev__json_set_u64(facts, "records", records, err));
	return axev__json_set(take->manifest, "facts", axev__steal(facts), err);
}

int axev__expected_signature(const struct axev__certs *certs, const char *role,
			     axev__json **ret_json, axev_error *err)
{
	AXEV__JSON *expected = axev__json_new_object();
	AXEV__JSON *list = axev__json_new_array();
	struct axev__cert_info info;
	char hex[AXEV_ID_HEX_SIZE];
	size_t i;

	for (i = 0; i < certs->count; i++) {
		TRY(axev__cert_info(axev__cert_at(certs, i), &info, err));
		axev__hex(hex, info.sha256, sizeof(info.sha256));
		TRY(axev__json_append_str(list, hex, err));
		if (i == 0)
			TRY(axev__json_set_str(expected, "algorithm",
					       strncmp(info.key, "EC", 2) == 0 ? "ecdsa-p256-sha256" :
										 "rsa-pkcs1-sha256",
					       err));
	}
	TRY(axev__json_set_str(expected, "role", role, err));
	TRY(axev__json_set(expected, "certificates", axev__steal(list), err));
	*ret_json = axev__steal(expected);
	return AXEV_OK;
}

static int set_expected_signatures(struct axev__take *take, const axev_capture_common *common,
				   axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	AXEV__CERTS operator_certs = { 0 };
	size_t i;

	if (common->signer_count > AXEV__MAX_SIGNATURES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d signers", AXEV__MAX_SIGNATURES);
	for (i = 0; i < common->signer_count; i++) {
		axev__json *one = NULL;

		TRY(axev__expected_signature(axev__signer_certs(common->signers[i]), "signer", &one, err));
		TRY(axev__json_append(list, one, err));
	}
	if (common->signer_count == 0) {
		axev__json *one = NULL;

		TRY(axev__ledger_operator_certs(take->ledger, &operator_certs, err));
		TRY(axev__expected_signature(&operator_certs, "operator", &one, err));
		TRY(axev__json_append(list, one, err));
	}
	return axev__json_set(take->manifest, "expected_signatures", axev__steal(list), err);
}

static int set_capture(struct axev__take *take, const char *method, struct axev__span target,
		       axev_error *err)
{
	AXEV__JSON *capture = axev__json_new_object();
	axev__json *part = NULL;
	int64_t now_ns;

	TRY(axev__now(take->env, &now_ns, err));
	TRY(axev__json_set_time(capture, "started", now_ns, err));
	TRY(axev__json_set_str(capture, "method", method, err));
	TRY(axev__machine_clock(&part, err));
	TRY(axev__json_set(capture, "clock", part, err));
	TRY(axev__machine_tool(&part, err));
	TRY(axev__json_set(capture, "tool", part, err));
	TRY(axev__json_set(capture, "steps", axev__json_new_array(), err));
	TRY(log_started(take, capture, target, err));
	return axev__json_set(take->manifest, "capture", axev__steal(capture), err);
}

static int begin_manifest(struct axev__take *take, const char *kind, axev_error *err)
{
	axev__json *environment = NULL;
	uint8_t nonce[16], session[16];

	take->manifest = axev__json_new_object();
	TRY(axev__random(take->env, nonce, sizeof(nonce), err));
	TRY(axev__random(take->env, session, sizeof(session), err));
	axev__hex(take->session, session, sizeof(session));
	TRY(axev__json_set_str(take->manifest, "format", AXEV__FORMAT_NAME, err));
	TRY(axev__json_set_str(take->manifest, "kind", kind, err));
	TRY(axev__json_set_hex(take->manifest, "nonce", nonce, sizeof(nonce), err));
	TRY(axev__json_set(take->manifest, "objects", axev__json_new_array(), err));
	TRY(axev__json_set(take->manifest, "complete", axev__json_new_array(), err));
	take->objects = axev__json_get(take->manifest, "objects");
	take->missing = axev__json_get(take->manifest, "complete");
	TRY(axev__machine_environment(&environment, err));
	return axev__json_set(take->manifest, "environment", environment, err);
}

int axev__take_begin(axev_ledger *ledger, const axev_capture_common *common, const char *kind,
		     const char *method, struct axev__span target, struct axev__take *ret_take,
		     axev_error *err)
{
	AXEV__BUF facts = AXEV__BUF_INIT(4 * AXEV__MIB);
	AXEV__ANCHOR_TAKEN anchor = AXEV__ANCHOR_TAKEN_INIT;

	*ret_take = (struct axev__take){ .ledger = ledger, .env = ledger->env, .fd = -1 };
	TRY(begin_manifest(ret_take, kind, err));
	TRY(set_expected_signatures(ret_take, common, err));
	/* A case file with a mistake must be found before anything is logged. */
	if (common->case_file)
		TRY(make_facts(ret_take, common->case_file, &facts, err));
	TRY(axev__anchor_take(ret_take, common, &anchor, err));
	TRY(set_capture(ret_take, method, target, err));
	TRY(open_draft(ret_take, err));
	if (common->case_file)
		TRY(axev__take_bytes(ret_take, "data/facts.json", axev__buf_view(&facts), "application/json", "facts", err));
	return axev__anchor_add(ret_take, &anchor, err);
}

static int set_name(axev__json *json, struct axev__span name, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(2 * AXEV__MAX_SOURCE_NAME);

	if (axev__is_utf8(name))
		return axev__json_set_string(json, "name", name, err);
	TRY(axev__base64(&text, name, err));
	return axev__json_set_string(json, "name_base64", axev__buf_view(&text), err);
}

static int set_optional(axev__json *json, const char *key, const char *value, axev_error *err)
{
	return value ? axev__json_set_str(json, key, value, err) : AXEV_OK;
}

int axev__object_json(const struct axev__object *object, const struct axev__digests *digests,
		      axev__json **ret_json, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();
	char number[24];

	TRY(axev__json_set_str(json, "path", object->path, err));
	TRY(set_name(json, object->name, err));
	TRY(axev__json_set_str(json, "media_type", object->media_type, err));
	snprintf(number, sizeof(number), "%" PRIu64, digests->size_bytes);
	TRY(axev__json_set_str(json, "bytes", number, err));
	TRY(axev__json_set_hex(json, "sha256", digests->sha256, 32, err));
	TRY(axev__json_set_str(json, "role", object->role, err));
	TRY(set_optional(json, "derived_from", object->derived_from, err));
	TRY(set_optional(json, "how", object->how, err));
	if (object->modified_ns != INT64_MIN)
		TRY(axev__json_set_time(json, "modified", object->modified_ns, err));
	if (object->mode >= 0) {
		snprintf(number, sizeof(number), "%04o", (unsigned)object->mode & 07777);
		TRY(axev__json_set_str(json, "mode", number, err));
	}
	if (object->is_observed)
		TRY(axev__json_set_bool(json, "observed", true, err));
	*ret_json = axev__steal(json);
	return AXEV_OK;
}

int axev__take_object(struct axev__take *take, const struct axev__object *object,
		      const struct axev__digests *digests, axev_error *err)
{
	axev__json *json = NULL;

	TRY(axev__object_json(object, digests, &json, err));
	take->object_count++;
	if (!take->part)
		return axev__json_append(take->objects, json, err);
	TRY(axev__part_list(take->part, json, err));
	return axev__take_part_turn(take, err);
}

struct axev__object axev__object_made(const char *path, const char *media_type, const char *role)
{
	return (struct axev__object){
		.path = path,
		.name = axev__base_name(axev__span_str(path)),
		.media_type = media_type,
		.role = role,
		.modified_ns = INT64_MIN,
		.mode = -1,
	};
}

int axev__take_bytes(struct axev__take *take, const char *path, struct axev__span content, const char *media_type, const char *role,
		     axev_error *err)
{
	const struct axev__object object = axev__object_made(path, media_type, role);
	struct axev__digests digests;

	TRY(axev__container_add(take->writer, path, content, &digests, err));
	return axev__take_object(take, &object, &digests, err);
}

int axev__take_missing(struct axev__take *take, struct axev__span what, const char *why,
		       axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();
	AXEV__BUF shown = AXEV__BUF_INIT(16 * AXEV__MAX_SOURCE_NAME);

	TRY(axev__escape(&shown, what, err));
	TRY(axev__json_set_string(json, "what", axev__buf_view(&shown), err));
	TRY(axev__json_set_str(json, "why", why, err));
	return axev__json_append(take->missing, axev__steal(json), err);
}

int axev__take_set(struct axev__take *take, const char *member, axev__json *value, axev_error *err)
{
	return axev__json_set(take->manifest, member, value, err);
}

int axev__take_step(struct axev__take *take, const char *action, const char *result,
		    axev_error *err)
{
	axev__json *steps = axev__json_get(axev__json_get(take->manifest, "capture"), "steps");
	AXEV__JSON *step = axev__json_new_object();
	int64_t now_ns;

	TRY(axev__now(take->env, &now_ns, err));
	TRY(axev__json_set_time(step, "time", now_ns, err));
	TRY(axev__json_set_str(step, "action", action, err));
	TRY(axev__json_set_str(step, "result", result, err));
	return axev__json_append(steps, axev__steal(step), err);
}

int axev__take_hold(struct axev__take *take, struct axev__span why, axev_error *err)
{
	free(take->held);
	take->held = strndup((const char *)why.data, why.size);
	return take->held ? AXEV_OK : axev__nomem(err);
}

static int write_manifest(struct axev__take *take, axev_id *ret_id, bool *ret_complete,
			  axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	axev__json *capture = axev__json_get(take->manifest, "capture");
	int64_t now_ns;

	TRY(axev__now(take->env, &now_ns, err));
	TRY(axev__json_set_time(capture, "finished", now_ns, err));
	*ret_complete = axev__json_count(take->missing) == 0;
	if (*ret_complete)
		TRY(axev__json_set_bool(take->manifest, "complete", true, err));
	take->missing = NULL;
	TRY(axev__manifest_write(take->manifest, &bytes, ret_id->bytes, err));
	return axev__container_add(take->container, "data/evidence.json", axev__buf_view(&bytes), NULL,
				   err);
}

/* drafts/<session> becomes drafts/<id> with everything that another process needs to seal it. */
static int publish_draft(struct axev__take *take, const axev_id *id, bool is_complete,
			 axev_error *err)
{
	AXEV__JSON *draft = axev__json_new_object();
	AXEV__BUF bytes = AXEV__BUF_INIT(16 * AXEV__MIB);
	axev__json *state = NULL;
	char path[128], hex[AXEV_ID_HEX_SIZE], final[96];

	TRY(axev__container_save(take->container, &state, err));
	TRY(axev__json_set(draft, "writer", state, err));
	TRY(axev__json_set_str(draft, "format", "ax-draft/1", err));
	TRY(axev__json_set_hex(draft, "id", id->bytes, sizeof(id->bytes), err));
	TRY(axev__json_set_str(draft, "session", take->session, err));
	TRY(axev__json_set_bool(draft, "is_complete", is_complete, err));
	TRY(axev__json_set(draft, "expected_signatures",
			   axev__json_copy(axev__json_get(take->manifest, "expected_signatures")), err));
	if (take->held)
		TRY(axev__json_set_str(draft, "held", take->held, err));
	TRY(axev__json_canonical(draft, &bytes, err));
	TRY(axev__fsync(take->fd, "the draft", err));
	snprintf(path, sizeof(path), "%s/draft.json", take->directory);
	TRY(axev__write_file_durable(take->ledger->dirfd, path, axev__buf_view(&bytes), 0600, err));
	axev__hex(hex, id->bytes, sizeof(id->bytes));
	snprintf(final, sizeof(final), "drafts/%s", hex);
	return axev__rename_durable(take->ledger->dirfd, take->directory, final, err);
}

int axev__take_finish(struct axev__take *take, axev_draft **ret_draft, axev_error *err)
{
	AXEV__FREE axev_draft *draft = calloc(1, sizeof(*draft));
	uint64_t index;

	if (!draft)
		return axev__nomem(err);
	TRY(write_manifest(take, &draft->id, &draft->is_complete, err));
	TRY(publish_draft(take, &draft->id, draft->is_complete, err));
	take->directory[0] = '\0'; /* from here on it is a draft, not a leftover */
	TRY(axev__event_captured(take->ledger, take->session, &draft->id, &index, err));
	draft->ledger = take->ledger;
	draft->holds_login = take->holds_login;
	axev__container_take_head(take->container, &draft->head);
	*ret_draft = axev__steal(draft);
	return AXEV_OK;
}

void axev__take_end(struct axev__take *take)
{
	bool is_unfinished = take->directory[0] != '\0';

	axev__part_abort(take->part);
	axev__json_free(take->parts);
	axev__container_free(take->container);
	axev__json_free(take->manifest);
	free(take->held);
	if (take->fd >= 0)
		close(take->fd);
	if (is_unfinished) {
		/* Best effort: a take that nobody finished is visible as "started" alone in any case. */
		axev__remove_tree(take->ledger->dirfd, take->directory, NULL);
		axev__event_abandoned(take->ledger, take->session, NULL, "the capture failed", NULL);
	}
	*take = (struct axev__take){ .fd = -1 };
}
