/* SPDX-License-Identifier: Apache-2.0 */
/* Trust: time first, because certificates are judged at the proven time and never at a claimed one. */
#include "verify/verify.h"

#include "base/time.h"

static int check_chain(struct axev__check *check, const struct axev__certs *path,
		       const struct axev__trusted *trusted, enum axev__chain_purpose purpose,
		       int64_t at_ns, bool *ret_is_embedded, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	const struct axev__trusted_cert *label;
	uint8_t root[32];
	int status;

	if (trusted->certs.count == 0) {
		axev__check_remark(check, AXEV__CHECK_INDETERMINATE, AXEV__REMARK_NOT_CHOSEN);
		return AXEV_OK;
	}
	status = axev__chain_check(path, &trusted->certs, axev__span(NULL, 0), purpose, at_ns, root,
				   &problem);
	TRY(axev__check_close(check, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	label = axev__trusted_find(trusted, root);
	*ret_is_embedded = label && label->is_embedded;
	axev__check_remark(check, AXEV__CHECK_PASSED, AXEV__REMARK_TRUSTED);
	return AXEV_OK;
}

static void note_time(const struct axev__verify *verify, const struct axev__token *token)
{
	axev_report *report = verify->report;

	/* Of several, the latest: everything was there by then. */
	if (!report->not_after.is_known || report->not_after.unix_ns < token->gen_time_ns)
		report->not_after = (struct axev__bound){ true, token->gen_time_ns };
}

static int check_time(const struct axev__verify *verify, struct axev__check *parent,
		      struct axev__verified_signature *signature, int64_t *ret_at_ns,
		      axev_error *err)
{
	struct axev__check *check;
	bool is_embedded = signature->token.is_embedded;

	TRY(axev__check_add(parent, AXEV__C_TRUST_TIME, NULL, &check, err));
	*ret_at_ns = verify->at_ns;
	if (!signature->has_token) {
		verify->report->is_time_pending = true;
		axev__check_remark(check,
				   verify->policy->is_timestamp_required ?
					   AXEV__CHECK_INDETERMINATE :
					   AXEV__CHECK_NOT_APPLICABLE,
				   AXEV__REMARK_TIME_PENDING);
		return AXEV_OK;
	}
	*ret_at_ns = signature->token.gen_time_ns;
	TRY(check_chain(check, &signature->token.path, &verify->policy->timestamps,
			AXEV__CHAIN_TIME_STAMP, *ret_at_ns, &is_embedded, err));
	if (check->status == AXEV__CHECK_PASSED)
		note_time(verify, &signature->token);
	is_embedded = is_embedded || signature->token.is_embedded;
	verify->report->is_embedded_time = verify->report->is_embedded_time || is_embedded;
	if (is_embedded && check->status == AXEV__CHECK_PASSED)
		axev__check_remark(check, AXEV__CHECK_PASSED, AXEV__REMARK_EMBEDDED_TRUSTED);
	else if (is_embedded && check->status == AXEV__CHECK_INDETERMINATE)
		axev__check_remark(check, AXEV__CHECK_INDETERMINATE, AXEV__REMARK_EMBEDDED_NOT_CHOSEN);
	return AXEV_OK;
}

int axev__check_trust(const struct axev__verify *verify, struct axev__check *parent,
		      struct axev__subject *subject, axev_error *err)
{
	unsigned i;

	for (i = 0; i < subject->signature_count; i++) {
		struct axev__verified_signature *signature = &subject->signatures[i];
		struct axev__check *check;
		struct axev__cert_info info;
		int64_t at_ns;
		bool unused;

		if (!signature->is_whole)
			continue;
		TRY(check_time(verify, parent, signature, &at_ns, err));
		TRY(axev__cert_info(axev__cert_at(&signature->cades.certs, 0), &info, err));
		TRY(axev__check_add(parent, AXEV__C_TRUST_SIGNER, info.subject, &check,
				    err));
		TRY(axev__check_say(check, AXEV__CHECK_COMMAND, err,
				    "openssl cms -verify -binary -cades -inform DER -in "
				    "META-INF/signature%03u.p7s -content META-INF/ASiCManifest%03u.xml "
				    "-CAfile signers.pem -purpose any -out /dev/null",
				    i + 1, i + 1));
		TRY(check_chain(check, &signature->cades.certs, &verify->policy->signers,
				AXEV__CHAIN_SIGNER, at_ns, &unused, err));
	}
	return AXEV_OK;
}
