/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/disclosure_verify.h"

#include "base/text.h"

/* The first check that failed or was left open, in the report's own words. */
static int fail_report(const axev_report *report, axev_error *err)
{
	const struct axev__check *check = &report->root;
	unsigned depth = 0;

	while ((check = axev__check_next(check, &depth)))
		if (!check->first_child && check->status == AXEV__CHECK_FAILED)
			return axev__fail(err, AXEV_E_INVALID, "it does not verify: %s%s%s", check->text->id, check->found ? ": " : "",
					  check->found ? check->found : "");
	return axev__fail(err, AXEV_E_INVALID, "it is not valid under the policy given (axev verify says why)");
}

int axev__disclosure_verify(axev_ledger *ledger, const struct axev__source *source, const uint8_t sha256[32],
			    const axev_policy *policy, bool is_strict, axev_error *err)
{
	axev_verify_opts opts = AXEV_VERIFY_OPTS_INIT;
	axev_error problem = AXEV_ERROR_INIT;
	AXEV__REPORT *report = NULL;
	char hex[AXEV_ID_HEX_SIZE];
	int status;

	opts.env = ledger->env;
	status = axev__verify_source(source, NULL, policy, &opts, &report, &problem);
	if (!report)
		return axev__fail(err, status, "%s", problem.message);
	axev__hex(hex, sha256, 32);
	if (strcmp(report->sha256_hex, hex) != 0)
		return axev__fail(err, AXEV_E_CORRUPT, "its file is not the one that was sealed");
	if (axev_report_verdict(report) == AXEV_VERDICT_INVALID)
		return fail_report(report, err);
	if (is_strict && (axev__report_content(report) != AXEV__CONTENT_UNCHANGED ||
			  (policy && axev_report_verdict(report) != AXEV_VERDICT_VALID)))
		return fail_report(report, err);
	return AXEV_OK;
}
