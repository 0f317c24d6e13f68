/* SPDX-License-Identifier: Apache-2.0 */
/* Trust: time first, because certificates are judged at the proven time and never at a claimed one. */
#include "verify/verify.h"

#include "base/time.h"
#include "package/layout.h"

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

int axev__check_witness(const struct axev__verify *verify, struct axev__check *check,
			const struct axev__token *token, bool *ret_trusted, bool *ret_embedded,
			axev_error *err)
{
	const struct axev__trusted *trusted = &verify->policy->timestamps;
	const struct axev__trusted_cert *label;
	axev_error problem = AXEV_ERROR_INIT;
	uint8_t root[32];
	int status = AXEV_E_INDETERMINATE;

	*ret_trusted = false;
	*ret_embedded = token->is_embedded;
	if (trusted->certs.count > 0)
		status = axev__chain_check(&token->path, &trusted->certs, axev__span(NULL, 0),
					   AXEV__CHAIN_TIME_STAMP, token->gen_time_ns, root, &problem);
	if (status == AXEV_E_INDETERMINATE) {
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_NOT_RELIED_ON);
		return AXEV_OK;
	}
	TRY(axev__check_close(check, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	label = axev__trusted_find(trusted, root);
	*ret_trusted = true;
	*ret_embedded = *ret_embedded || (label && label->is_embedded);
	axev__check_remark(check, AXEV__CHECK_PASSED,
			   *ret_embedded ? AXEV__REMARK_EMBEDDED_TRUSTED : AXEV__REMARK_TRUSTED);
	return AXEV_OK;
}

static void note_time(struct axev__times *times, const struct axev__token *token, bool is_embedded)
{
	/* Of several, the latest: everything was there by then. */
	if (!times->not_after.is_known || times->not_after.unix_ns < token->gen_time_ns)
		times->not_after = (struct axev__bound){ true, token->gen_time_ns, is_embedded };
}

static const char *show_time(char out[AXEV__RFC3339_S_SIZE], const struct axev__token *token)
{
	axev__rfc3339_seconds(out, token->gen_time_ns);
	return out;
}

static int check_time(const struct axev__verify *verify, struct axev__check *parent,
		      struct axev__subject *subject, struct axev__verified_signature *signature,
		      int64_t *ret_at_ns, axev_error *err)
{
	char shown[AXEV__RFC3339_S_SIZE];
	struct axev__check *check;
	bool is_embedded = signature->token.is_embedded;

	TRY(axev__check_add(parent, AXEV__C_TRUST_TIME,
			    signature->has_token ? show_time(shown, &signature->token) : NULL, &check,
			    err));
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
	/* A time that nobody trusts proves nothing: whoever makes the token could choose a moment that suits. */
	is_embedded = is_embedded || signature->token.is_embedded;
	if (check->status == AXEV__CHECK_PASSED)
		note_time(&subject->times, &signature->token, is_embedded);
	else
		*ret_at_ns = verify->at_ns;
	verify->report->is_embedded_time = verify->report->is_embedded_time || is_embedded;
	if (is_embedded && check->status == AXEV__CHECK_PASSED)
		axev__check_remark(check, AXEV__CHECK_PASSED, AXEV__REMARK_EMBEDDED_TRUSTED);
	else if (is_embedded && check->status == AXEV__CHECK_INDETERMINATE)
		axev__check_remark(check, AXEV__CHECK_INDETERMINATE, AXEV__REMARK_EMBEDDED_NOT_CHOSEN);
	return AXEV_OK;
}

int axev__check_not_before(const struct axev__verify *verify, struct axev__check *parent,
			   struct axev__subject *subject, axev_error *err)
{
	const struct axev__verified_anchor *anchor = &subject->anchor;
	char shown[AXEV__RFC3339_S_SIZE];
	struct axev__check *check;
	bool is_trusted, is_embedded;

	TRY(axev__check_add(parent, AXEV__C_TRUST_BEFORE,
			    anchor->has_token ? show_time(shown, &anchor->token) : NULL, &check, err));
	if (!anchor->has_token) {
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_NO_NOT_BEFORE);
		return AXEV_OK;
	}
	TRY(axev__check_witness(verify, check, &anchor->token, &is_trusted, &is_embedded, err));
	if (is_trusted)
		subject->times.not_before =
			(struct axev__bound){ true, anchor->token.gen_time_ns, is_embedded };
	return AXEV_OK;
}

/* Two clocks agree within what they claim to be exact to; a second where they claim nothing. */
#define UNSTATED_ACCURACY_NS AXEV__NS_PER_SECOND

static int64_t accuracy_of(const struct axev__token *token)
{
	return token->accuracy_ns > UNSTATED_ACCURACY_NS ? token->accuracy_ns : UNSTATED_ACCURACY_NS;
}

/* The signature covers a manifest that names the earlier token: it cannot be older. */
static int compare_times(const struct axev__subject *subject, axev_error *err)
{
	unsigned i;

	for (i = 0; i < subject->signature_count; i++) {
		const struct axev__verified_signature *signature = &subject->signatures[i];
		const struct axev__token *before = &subject->anchor.token;

		if (signature->has_token &&
		    signature->token.gen_time_ns + accuracy_of(&signature->token) <
			    before->gen_time_ns - accuracy_of(before))
			return axev__fail(err, AXEV_E_INVALID,
					  "signature %u has a time-stamp from before the capture began: "
					  "one of the clocks was wrong",
					  i + 1);
	}
	return AXEV_OK;
}

static int check_order(struct axev__check *parent, const struct axev__subject *subject,
		       axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;

	if (!subject->times.not_before.is_known || !subject->times.not_after.is_known)
		return AXEV_OK;
	TRY(axev__check_add(parent, AXEV__C_TIME_ORDER, NULL, &check, err));
	return axev__check_close(check, compare_times(subject, &problem), &problem, err);
}

static int check_signer(const struct axev__verify *verify, struct axev__check *parent,
			const struct axev__subject *subject, unsigned number, int64_t at_ns,
			axev_error *err)
{
	const struct axev__certs *certs = &subject->signatures[number - 1].cades.certs;
	char list[AXEV__META_NAME_SIZE], signature[AXEV__META_NAME_SIZE];
	struct axev__check *check;
	struct axev__cert_info info;
	bool unused;

	TRY(axev__cert_info(axev__cert_at(certs, 0), &info, err));
	TRY(axev__check_add(parent, AXEV__C_TRUST_SIGNER, info.subject, &check, err));
	axev__meta_names(subject, number, list, signature);
	TRY(axev__check_say(check, AXEV__CHECK_COMMAND, err,
			    "openssl cms -verify -binary -cades -inform DER -in %s -content %s "
			    "-CAfile signers.pem -purpose any -out /dev/null",
			    signature, list));
	return check_chain(check, certs, &verify->policy->signers, AXEV__CHAIN_SIGNER, at_ns, &unused,
			   err);
}

int axev__check_signers(const struct axev__verify *verify, struct axev__check *parent,
			struct axev__subject *subject, axev_error *err)
{
	unsigned i;

	for (i = 0; i < subject->signature_count; i++) {
		struct axev__verified_signature *signature = &subject->signatures[i];
		int64_t at_ns;

		if (!signature->is_whole)
			continue;
		TRY(check_time(verify, parent, subject, signature, &at_ns, err));
		TRY(check_signer(verify, parent, subject, i + 1, at_ns, err));
	}
	return AXEV_OK;
}

int axev__check_trust(const struct axev__verify *verify, struct axev__check *parent,
		      struct axev__subject *subject, axev_error *err)
{
	TRY(axev__check_not_before(verify, parent, subject, err));
	TRY(axev__check_signers(verify, parent, subject, err));
	TRY(check_order(parent, subject, err));
	axev__report_add_times(verify->report, &subject->times);
	return AXEV_OK;
}
