/* SPDX-License-Identifier: Apache-2.0 */
/* The order of checks: bytes first, then what they say, then who is trusted. */
#include "verify/verify.h"

#include <fcntl.h>
#include <stdio.h>

#include "base/io.h"
#include "base/text.h"
#include "package/pass.h"

void axev__subject_free(struct axev__subject *subject)
{
	size_t i;

	for (i = 0; i < AXEV__MAX_SIGNATURES; i++) {
		axev__token_free(&subject->signatures[i].token);
		axev__cades_free(&subject->signatures[i].cades);
		axev__buf_free(&subject->signatures[i].p7s);
	}
	axev__token_free(&subject->anchor.token);
	axev__buf_free(&subject->anchor.note);
	axev__json_free(subject->manifest);
	axev__container_close(subject->container);
	memset(subject, 0, sizeof(*subject));
}

int axev__subject_read(const struct axev__subject *subject, const char *name, struct axev__buf *out,
		       axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(subject->container, name);

	if (!entry)
		return axev__fail(err, AXEV_E_FORMAT, "expected entry %s, which is missing", name);
	return axev__prefix(axev__container_read(subject->container, entry, out, err), err, "%s", name);
}

int axev__check_subject(const struct axev__verify *verify, struct axev__check *parent,
			const struct axev__source *source, struct axev__subject *subject,
			axev_error *err)
{
	TRY(axev__check_container(verify, parent, source, subject, err));
	if (!subject->is_whole)
		return AXEV_OK; /* nothing inside changed bytes is parsed */
	TRY(axev__check_signatures(verify, parent, subject, err));
	TRY(axev__check_manifest(verify, parent, subject, err));
	TRY(axev__check_expected(verify, parent, subject, err));
	if (subject->manifest && !subject->is_bundle)
		TRY(axev__check_anchor(parent, subject, err));
	if (subject->is_bundle && !subject->is_newer)
		TRY(axev__check_bundle(verify, parent, subject, err));
	return AXEV_OK;
}

static int set_file(axev_report *report, const char *name, axev_error *err)
{
	AXEV__BUF out = AXEV__BUF_INIT(64 * AXEV__KIB);

	if (!name)
		return AXEV_OK;
	TRY(axev__escape(&out, axev__span_str(name), err));
	report->file = axev__buf_steal_str(&out);
	return report->file ? AXEV_OK : axev__nomem(err);
}

static int check_all(const struct axev__verify *verify, const struct axev__source *source,
		     axev_error *err)
{
	AXEV__SUBJECT subject = { 0 };
	struct axev__check *check = NULL;

	TRY(axev__check_subject(verify, &verify->report->root, source, &subject, err));
	if (!subject.is_whole || subject.is_bundle || subject.is_newer)
		return AXEV_OK;
	TRY(axev__check_trust(verify, &verify->report->root, &subject, err));
	TRY(axev__check_add(&verify->report->root, AXEV__C_TRUST_LEDGER, NULL, &check, err));
	if (verify->policy->is_ledger_required)
		axev__check_remark(check, AXEV__CHECK_INDETERMINATE, AXEV__REMARK_NO_LEDGER_REQUIRED);
	else
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE, AXEV__REMARK_NO_LEDGER);
	return AXEV_OK;
}

int axev__verify_source(const struct axev__source *source, const char *name,
			const axev_policy *policy, const axev_verify_opts *opts,
			axev_report **ret_report, axev_error *err)
{
	AXEV__REPORT *report = NULL;
	AXEV__POLICY *empty = NULL;
	AXEV__PASS *pass = NULL;
	struct axev__source hashed = *source;
	struct axev__verify verify = { .env = opts ? opts->env : NULL, .policy = policy };
	int64_t now_ns;

	if (!policy) {
		TRY(axev_policy_new(&empty, err));
		verify.policy = empty;
	}
	TRY(axev__now(verify.env, &now_ns, err));
	verify.at_ns = opts && opts->at_unix_ns != 0 ? opts->at_unix_ns : now_ns;
	TRY(axev__report_new(&report, err));
	report->verified_at_ns = now_ns;
	report->judged_at_ns = verify.at_ns;
	verify.report = report;
	TRY(set_file(report, name, err));
	/* Read once for all digests. What is not whole is found by the checks, each in its turn. */
	TRY(axev__pass_run(source, verify.env, &pass, err));
	axev__hex(report->sha256_hex, axev__pass_sha256(pass), 32);
	report->bytes = source->size;
	hashed.pass = pass;
	TRY(check_all(&verify, &hashed, err));
	*ret_report = axev__steal(report);
	return AXEV_OK;
}

int axev__verdict_status(const axev_report *report, axev_error *err)
{
	switch (axev_report_verdict(report)) {
	case AXEV_VERDICT_VALID:
		return AXEV_OK;
	case AXEV_VERDICT_INVALID:
		return axev__fail(err, AXEV_E_INVALID, "changed, incomplete or refused");
	default:
		return axev__fail(err, AXEV_E_INDETERMINATE,
				  "whole, but not trusted by the policy, or of a newer format");
	}
}

int axev_verify_file(const char *path, const axev_policy *policy, const axev_verify_opts *opts,
		     axev_report **ret_report, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	struct axev__source source;

	if (!path || !ret_report)
		return axev__fail(err, AXEV_E_INVAL, "expected a path and room for a report");
	TRY(axev__open(AT_FDCWD, path, O_RDONLY, 0, &fd, err));
	TRY(axev__source_file(fd, &source, err));
	TRY(axev__verify_source(&source, path, policy, opts, ret_report, err));
	return axev__verdict_status(*ret_report, err);
}

int axev_verify_memory(const void *data, size_t data_bytes, const axev_policy *policy,
		       const axev_verify_opts *opts, axev_report **ret_report, axev_error *err)
{
	struct axev__source source = axev__source_memory(axev__span(data, data_bytes));

	if ((!data && data_bytes > 0) || !ret_report)
		return axev__fail(err, AXEV_E_INVAL, "expected bytes and room for a report");
	TRY(axev__verify_source(&source, NULL, policy, opts, ret_report, err));
	return axev__verdict_status(*ret_report, err);
}
