/* SPDX-License-Identifier: Apache-2.0 */
/* Certificate Transparency: the promises that come with a server's certificate, against the logs of the policy. */
#include "verify/check_sct.h"

#include "base/text.h"
#include "base/time.h"
#include "crypto/sct.h"

struct tally {
	const axev_policy *policy;
	struct axev__span leaf, issuer;
	int64_t at_ns;
	size_t found, verified;
	struct axev__buf names; /* of the logs */
	axev_error problem;     /* of the first that is wrong */
	int status;
};

static const struct axev__policy_ct_log *find_log(const axev_policy *policy, struct axev__span id)
{
	size_t i;

	for (i = 0; i < policy->ct_log_count; i++)
		if (axev__span_equal(axev__span(policy->ct_logs[i].sha256, 32), id))
			return &policy->ct_logs[i];
	return NULL;
}

static int count_one(struct tally *tally, const struct axev__sct *sct, bool is_embedded, axev_error *err)
{
	const struct axev__policy_ct_log *log = find_log(tally->policy, sct->log_id);
	char time[AXEV__RFC3339_S_SIZE];
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__shown shown;
	int status;

	tally->found++;
	if (!log)
		return AXEV_OK;
	status = axev__sct_verify(sct, tally->leaf, tally->issuer, is_embedded, axev__buf_view(&log->key),
				  &problem);
	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (status >= 0 && sct->time_ns > tally->at_ns)
		status = axev__fail(&problem, AXEV_E_INVALID,
				    "certificate timestamp: it is later than the handshake");
	if (status < 0) {
		if (tally->status >= 0) {
			tally->status = AXEV_E_INDETERMINATE; /* the certificate is what it is all the same */
			tally->problem = problem;
		}
		return AXEV_OK;
	}
	axev__rfc3339_seconds(time, sct->time_ns);
	return axev__buf_printf(&tally->names, err, "%s%s %s", tally->verified++ ? ", " : "",
				axev__show_str(&shown, log->name), time);
}

/* A list that cannot be read is a problem of the certificate, like a timestamp that is wrong. */
static int count_list(struct tally *tally, struct axev__span list, bool is_embedded, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__span rest = { 0 };
	struct axev__sct sct;
	bool is_found = true;
	int status;

	if (list.size == 0)
		return AXEV_OK;
	status = axev__sct_begin(list, &rest, &problem);
	while (status >= 0 && is_found) {
		status = axev__sct_next(&rest, &sct, &is_found, &problem);
		if (status >= 0 && is_found)
			TRY(count_one(tally, &sct, is_embedded, err));
	}
	if (status < 0 && tally->status >= 0) {
		tally->status = AXEV_E_INDETERMINATE;
		tally->problem = problem;
	}
	return AXEV_OK;
}

static int count_stapled(struct tally *tally, struct axev__span ocsp, axev_error *err)
{
	AXEV__BUF list = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	axev_error problem = AXEV_ERROR_INIT;
	int status = ocsp.size ? axev__sct_stapled(ocsp, tally->leaf, &list, &problem) : AXEV_OK;

	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (status < 0 && tally->status >= 0) {
		tally->status = AXEV_E_INDETERMINATE;
		tally->problem = problem;
	}
	return count_list(tally, axev__buf_view(&list), false, err);
}

static int count_all(struct tally *tally, const struct axev__tls_handshake *handshake, axev_error *err)
{
	AXEV__BUF embedded = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	int status = axev__sct_embedded(tally->leaf, &embedded, &tally->problem);

	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (status < 0)
		tally->status = AXEV_E_INDETERMINATE;
	TRY(count_list(tally, axev__buf_view(&embedded), true, err));
	TRY(count_list(tally, handshake->scts, false, err));
	return count_stapled(tally, handshake->ocsp, err);
}

static int conclude(struct tally *tally, struct axev__check *check, axev_error *err)
{
	const char *names = tally->names.size ? (const char *)tally->names.data : "-";

	if (tally->status < 0)
		return axev__check_close(check, tally->status, &tally->problem, err);
	axev__check_remark(check, tally->verified ? AXEV__CHECK_PASSED : AXEV__CHECK_NOT_APPLICABLE,
			   AXEV__REMARK_NONE);
	TRY(axev__check_say(check, AXEV__CHECK_FOUND_ZH, err, "%zu 个证书时间戳，其中 %zu 个由所选策略列明的日志签署：%s",
			    tally->found, tally->verified, names));
	return axev__check_say(check, AXEV__CHECK_FOUND, err,
			       "%zu certificate timestamps, %zu of them signed by logs that the policy names: %s",
			       tally->found, tally->verified, names);
}

int axev__check_scts(const axev_policy *policy, struct axev__check *node,
		     const struct axev__tls_connection *connection,
		     const struct axev__tls_handshake *handshake, const struct axev__certs *path,
		     axev_error *err)
{
	struct axev__span leaf = axev__cert_at(path, 0);
	struct tally tally = { .policy = policy, .leaf = leaf, .at_ns = connection->at_ns,
			       .issuer = axev__certs_issuer(path, leaf),
			       .names = AXEV__BUF_INIT(64 * AXEV__KIB), .problem = AXEV_ERROR_INIT };
	struct axev__check *check;
	int status;

	if (policy->ct_log_count == 0)
		return AXEV_OK; /* said once, for all connections */
	TRY(axev__check_add(node, AXEV__C_TRUST_SCT, NULL, &check, err));
	status = count_all(&tally, handshake, err);
	if (status >= 0)
		status = conclude(&tally, check, err);
	axev__buf_free(&tally.names);
	if (status >= 0 && connection->exchanges == 0 && check->status == AXEV__CHECK_INDETERMINATE)
		check->status = AXEV__CHECK_NOT_APPLICABLE; /* nothing of the capture came from there */
	return status;
}
