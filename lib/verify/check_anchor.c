/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lower bound of a package's time. Its manifest names a time-stamp by SHA-256 that was made before the capture began;
 * nobody can name what does not exist yet. A time-stamp that the manifest does not name would prove the opposite,
 * however early the checkpoint is that it covers.
 */
#include "verify/verify.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "package/disclosure.h"

static const char *checkpoint_name(const struct axev__subject *subject)
{
	return subject->is_original ? AXEV__ORIGINAL_ANCHOR : "data/anchor/checkpoint";
}

static const char *token_name(const struct axev__subject *subject)
{
	return subject->is_original ? AXEV__ORIGINAL_ANCHOR_TOKEN : "data/anchor/checkpoint.tst";
}

static int expect_named(const axev__json *anchors, const char *key, struct axev__span bytes,
			uint8_t ret_sha256[32], axev_error *err)
{
	uint8_t expected[32];

	TRY(axev__json_hex(anchors, key, expected, sizeof(expected), err));
	TRY(axev__sha256(bytes.data, bytes.size, ret_sha256, err));
	if (memcmp(expected, ret_sha256, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "its SHA-256 is not the one in the manifest");
	return AXEV_OK;
}

static int compare_checkpoint(const axev__json *anchors, const struct axev__checkpoint *checkpoint,
			      axev_error *err)
{
	struct axev__span origin;
	uint64_t size;

	if (axev__json_get(anchors, "checkpoint_size")) {
		TRY(axev__json_u64(anchors, "checkpoint_size", &size, err));
		if (size != checkpoint->size)
			return axev__fail(err, AXEV_E_INVALID,
					  "the manifest says size %" PRIu64 ", the checkpoint %" PRIu64,
					  size, checkpoint->size);
	}
	if (axev__json_get(anchors, "origin")) {
		TRY(axev__json_string(anchors, "origin", &origin, err));
		if (!axev__span_equal(origin, checkpoint->origin))
			return axev__fail(err, AXEV_E_INVALID,
					  "the manifest names another ledger than the checkpoint");
	}
	return AXEV_OK;
}

static int read_checkpoint(struct axev__subject *subject, const axev__json *anchors,
			   axev_error *err)
{
	struct axev__verified_anchor *anchor = &subject->anchor;
	AXEV__FREE struct axev__note *note = malloc(sizeof(*note));

	if (!note)
		return axev__nomem(err);
	anchor->note.max = AXEV__MAX_NOTE_BYTES;
	TRY(axev__subject_read(subject, checkpoint_name(subject), &anchor->note, err));
	TRY(expect_named(anchors, "checkpoint_sha256", axev__buf_view(&anchor->note),
			 anchor->note_sha256, err));
	TRY(axev__note_parse(axev__buf_view(&anchor->note), note, err));
	TRY(axev__checkpoint_parse(note->text, &anchor->checkpoint, err));
	TRY(compare_checkpoint(anchors, &anchor->checkpoint, err));
	anchor->has_note = true;
	return AXEV_OK;
}

static int read_token(struct axev__subject *subject, const axev__json *anchors, struct axev__buf *der,
		      axev_error *err)
{
	uint8_t sha256[32];

	TRY(axev__subject_read(subject, token_name(subject), der, err));
	return expect_named(anchors, "token_sha256", axev__buf_view(der), sha256, err);
}

static int compare_time(const axev__json *anchors, const struct axev__token *token, axev_error *err)
{
	int64_t stated_ns;

	TRY(axev__json_time(anchors, "token_time", &stated_ns, err));
	if (stated_ns != token->gen_time_ns)
		return axev__fail(err, AXEV_E_INVALID, "token_time is not the time in the token");
	return AXEV_OK;
}

/* What is named can be checked or is missing; what is there must be named. true: go on with @name. */
static int begin(struct axev__check *parent, const struct axev__subject *subject,
		 const axev__json *anchors, const char *key, const char *name,
		 struct axev__check **ret_check, bool *ret_go_on, axev_error *err)
{
	bool is_named = axev__json_get(anchors, key) != NULL;
	bool is_there = axev__container_find(subject->container, name) != NULL;
	axev_error problem = AXEV_ERROR_INIT;

	*ret_go_on = is_named && is_there;
	TRY(axev__check_add(parent, AXEV__C_ANCHOR, name, ret_check, err));
	if (*ret_go_on)
		return AXEV_OK;
	if (is_there) {
		axev__fail(&problem, AXEV_E_INVALID, "%s is there, the manifest does not name it", name);
		return axev__check_close(*ret_check, AXEV_E_INVALID, &problem, err);
	}
	axev__check_remark(*ret_check, AXEV__CHECK_NOT_APPLICABLE,
			   is_named ? AXEV__REMARK_ANCHOR_NOT_THERE : AXEV__REMARK_NO_ANCHOR);
	return AXEV_OK;
}

static int check_token(struct axev__check *parent, struct axev__subject *subject,
		       const axev__json *anchors, axev_error *err)
{
	struct axev__verified_anchor *anchor = &subject->anchor;
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	bool holds;
	int status;

	TRY(begin(parent, subject, anchors, "token_sha256", token_name(subject), &check, &holds, err));
	if (!holds)
		return AXEV_OK;
	status = read_token(subject, anchors, &der, &problem);
	TRY(axev__check_close(check, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	TRY(axev__check_token(parent, token_name(subject), axev__buf_view(&der), anchor->note_sha256, &anchor->token,
			      &holds, err));
	if (!holds)
		return AXEV_OK;
	axev_error_clear(&problem);
	status = compare_time(anchors, &anchor->token, &problem);
	anchor->has_token = status >= 0;
	return axev__check_close(check, status, &problem, err);
}

int axev__check_anchor(struct axev__check *parent, struct axev__subject *subject, axev_error *err)
{
	const axev__json *anchors = axev__json_get(subject->manifest, "anchors");
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	bool is_named;
	int status;

	TRY(begin(parent, subject, anchors, "checkpoint_sha256", checkpoint_name(subject), &check, &is_named, err));
	if (!is_named)
		return AXEV_OK;
	status = read_checkpoint(subject, anchors, &problem);
	TRY(axev__check_close(check, status, &problem, err));
	return status < 0 ? AXEV_OK : check_token(parent, subject, anchors, err);
}
