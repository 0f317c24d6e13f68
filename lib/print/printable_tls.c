/* SPDX-License-Identifier: Apache-2.0 */
/* What the handshakes that are enclosed prove of the server: the verifier's own checks, made for the print. */
#include "print/printable_web.h"

#include "verify/verify.h"

static int set_check(axev__json *list, const struct axev__check *check, axev_error *err)
{
	AXEV__JSON *row = axev__json_new_object();
	const char *found = check->found ? check->found : axev__remark_text(check->remark, false);
	const char *found_zh = check->found_zh ? check->found_zh : axev__remark_text(check->remark, true);

	TRY(axev__json_set_str(row, "id", check->text->id, err));
	TRY(axev__json_set_str(row, "title", check->text->title_en, err));
	TRY(axev__json_set_str(row, "title_zh", check->text->title_zh, err));
	TRY(axev__json_set_str(row, "status", axev__check_status_name(check->status), err));
	if (found)
		TRY(axev__json_set_str(row, "found", found, err));
	if (found_zh)
		TRY(axev__json_set_str(row, "found_zh", found_zh, err));
	return axev__json_append(list, axev__steal(row), err);
}

static int make_proof(const struct axev__tls_of_source *found, axev__json **ret_proof, axev_error *err)
{
	AXEV__JSON *proof = axev__json_new_object();
	AXEV__JSON *list = axev__json_new_array();
	const struct axev__check *check = found->shown ? found->shown->first_child : NULL;

	TRY(axev__json_set_u64(proof, "connections", found->connections, err));
	TRY(axev__json_set_u64(proof, "proven", found->proven, err));
	if (found->has_validity) {
		TRY(axev__json_set_time(proof, "not_before", found->not_before_ns, err));
		TRY(axev__json_set_time(proof, "not_after", found->not_after_ns, err));
	}
	for (; check; check = check->next)
		TRY(set_check(list, check, err));
	TRY(axev__json_set(proof, "checks", axev__steal(list), err));
	*ret_proof = axev__steal(proof);
	return AXEV_OK;
}

/* A print is made without a policy: whom to trust its reader decides, with the verifier. */
int axev__printable_tls(const struct axev__printable *printable, axev__json **ret_proof, axev_error *err)
{
	AXEV__REPORT *report = NULL;
	AXEV__POLICY *policy = NULL;
	const struct axev__subject subject = { .container = printable->container, .manifest = printable->manifest };
	struct axev__verify verify = { 0 };
	struct axev__tls_of_source found = { 0 };

	if (!axev__json_get(axev__json_get(printable->manifest, "source"), "tls"))
		return AXEV_OK;
	TRY(axev_policy_new(&policy, err));
	TRY(axev__report_new(&report, err));
	verify.policy = policy;
	verify.report = report;
	TRY(axev__check_tls(&verify, &report->root, &subject, &found, err));
	return make_proof(&found, ret_proof, err);
}
