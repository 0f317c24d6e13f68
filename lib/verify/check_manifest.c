/* SPDX-License-Identifier: Apache-2.0 */
/* What the manifest says, against the entries. */
#include "verify/verify.h"

#include "base/text.h"
#include "package/layout.h"
#include "package/manifest.h"
#include "package/record_set.h"

static int check_facts(struct axev__subject *subject, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(8 * AXEV__MIB);
	AXEV__JSON *facts = NULL;
	axev__json *stated = axev__json_get(subject->manifest, "facts");
	uint8_t root[32], expected[32];
	uint64_t records, expected_records;

	TRY(axev__json_hex(stated, "root", expected, sizeof(expected), err));
	TRY(axev__json_u64(stated, "records", &expected_records, err));
	TRY(axev__subject_read(subject, "data/facts.json", &bytes, err));
	TRY(axev__facts_read(axev__buf_view(&bytes), &facts, root, &records, err));
	if (memcmp(root, expected, 32) != 0 || records != expected_records)
		return axev__fail(err, AXEV_E_INVALID,
				  "data/facts.json does not give the root in the manifest");
	return AXEV_OK;
}

static int check_parts(const struct axev__verify *verify, struct axev__check *parent,
		       struct axev__subject *subject, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	struct axev__span kind;
	bool is_complete;
	int status = axev__manifest_check_objects(subject->manifest, subject->container, &problem);

	TRY(axev__check_add(parent, AXEV__C_OBJECTS, NULL, &check, err));
	TRY(axev__check_close(check, status, &problem, err));
	if (status >= 0)
		TRY(axev__check_web(verify, parent, subject, err));
	if (status >= 0)
		TRY(axev__check_clean(parent, subject, err));
	if (status >= 0)
		TRY(axev__check_records(verify, parent, subject, err));
	if (status >= 0)
		TRY(axev__check_disclosure(verify, parent, subject, err));
	TRY(axev__check_add(parent, AXEV__C_FACTS, NULL, &check, err));
	axev_error_clear(&problem);
	if (axev__json_get(subject->manifest, "facts"))
		TRY(axev__check_close(check, check_facts(subject, &problem), &problem, err));
	else
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_NO_FACTS);
	if (subject->is_bundle)
		return AXEV_OK;
	TRY(axev__check_add(parent, AXEV__C_COMPLETE, NULL, &check, err));
	if (axev__json_as_string(axev__json_get(subject->manifest, "kind"), &kind) && axev__span_is(kind, "disclosure")) {
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_DISCLOSURE);
		return AXEV_OK;
	}
	if (axev__json_as_bool(axev__json_get(subject->manifest, "complete"), &is_complete) &&
	    is_complete) {
		axev__check_remark(check, AXEV__CHECK_PASSED, AXEV__REMARK_OK);
		return AXEV_OK;
	}
	/* An honest partial capture is whole evidence of what it holds; it is said at the top. */
	verify->report->is_partial = true;
	axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_PARTIAL);
	return AXEV_OK;
}

static void note_identity(const struct axev__verify *verify, struct axev__subject *subject)
{
	axev__json *capture = axev__json_get(subject->manifest, "capture");
	struct axev__span kind = { 0 };
	axev_report *report = verify->report;
	int64_t started;

	if (axev__json_as_string(axev__json_get(subject->manifest, "kind"), &kind))
		subject->is_bundle = axev__span_is(kind, "bundle");
	if (subject->depth == 0) {
		size_t size = kind.size < sizeof(report->kind) ? kind.size : sizeof(report->kind) - 1;

		memcpy(report->kind, kind.data ? (const void *)kind.data : "", size);
		axev__hex(report->id_hex, subject->id, 32);
	}
	if (capture && axev__json_time(capture, "started", &started, NULL) >= 0)
		subject->times.claimed = (struct axev__bound){ true, started };
}

int axev__check_manifest(const struct axev__verify *verify, struct axev__check *parent,
			 struct axev__subject *subject, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	int status = axev__subject_read(subject, AXEV__NAME_MANIFEST, &bytes, &problem);

	if (status >= 0) {
		TRY(axev__sha256(bytes.data, bytes.size, subject->id, err));
		status = axev__manifest_read(axev__buf_view(&bytes), &subject->manifest, &problem);
	}
	subject->is_newer = status == AXEV_E_UNSUPPORTED;
	if (subject->is_newer) {
		verify->report->is_newer_format = true;
		TRY(axev__check_add(parent, AXEV__C_FORMAT, NULL, &check, err));
		axev__check_remark(check, AXEV__CHECK_INDETERMINATE, AXEV__REMARK_NEWER);
		return AXEV_OK;
	}
	TRY(axev__check_add(parent, AXEV__C_MANIFEST, AXEV__NAME_MANIFEST, &check, err));
	TRY(axev__check_close(check, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	note_identity(verify, subject);
	return check_parts(verify, parent, subject, err);
}
