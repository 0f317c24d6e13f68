/* SPDX-License-Identifier: Apache-2.0 */
/* A proof out of a record set (FORMAT.md section 3.3), against a package that is verified with it or against a root alone. */
#include <fcntl.h>

#include "base/io.h"
#include "base/text.h"
#include "package/sealed_set.h"
#include "verify/shown.h"
#include "verify/verify.h"

/* The sets of a package have different roots; the proof belongs to the one it leads to. */
static int check_against(const char *package_path, struct axev__span proof, struct axev__showing *showing, axev_error *err)
{
	AXEV__STORED_PACKAGE package = { .fd = -1 };
	const axev__json *sets;
	uint8_t root[32];
	size_t i;
	int status;

	TRY(axev__stored_package_open(package_path, &package, err));
	sets = axev__json_get(package.manifest, "record_sets");
	status = axev__fail(err, AXEV_E_INVALID, "the package has no record sets");
	for (i = 0; i < axev__json_count(sets) && status == AXEV_E_INVALID; i++) {
		axev_error_clear(err);
		TRY(axev__json_hex(axev__json_at(sets, i), "root", root, sizeof(root), err));
		status = axev__record_proof_check(proof, root, axev__show_proven, showing, err);
	}
	return status;
}

static int add_proof(axev_report *report, const char *proof_path, const char *package_path, const uint8_t *root,
		     struct axev__span proof, axev_error *err)
{
	struct axev__showing showing = { .report = report };
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	int status = package_path ? check_against(package_path, proof, &showing, &problem) :
				    axev__record_proof_check(proof, root, axev__show_proven, &showing, &problem);

	TRY(axev__check_add(&report->root, AXEV__C_RECORD_PROOF, proof_path, &check, err));
	return axev__check_close(check, status, &problem, err);
}

static int begin_report(const char *proof_path, struct axev__span proof, const axev_verify_opts *opts,
			axev_report **ret_report, axev_error *err)
{
	AXEV__REPORT *report = NULL;
	AXEV__BUF name = AXEV__BUF_INIT(64 * AXEV__KIB);
	struct axev__check *check;
	uint8_t sha256[32];

	TRY(axev__report_new(&report, err));
	TRY(axev__now(opts ? opts->env : NULL, &report->verified_at_ns, err));
	report->judged_at_ns = report->verified_at_ns;
	TRY(axev__sha256(proof.data, proof.size, sha256, err));
	axev__hex(report->sha256_hex, sha256, sizeof(sha256));
	report->bytes = proof.size;
	TRY(axev__escape(&name, axev__span_str(proof_path), err));
	report->file = axev__buf_steal_str(&name);
	if (!report->file)
		return axev__nomem(err);
	TRY(axev__check_add(&report->root, AXEV__C_TRUST_ROOT, NULL, &check, err));
	axev__check_remark(check, AXEV__CHECK_INDETERMINATE, AXEV__REMARK_ROOT_GIVEN);
	*ret_report = axev__steal(report);
	return AXEV_OK;
}

int axev_verify_record_proof(const char *proof_path, const char *package_path, const uint8_t *root,
			     const axev_policy *policy, const axev_verify_opts *opts, axev_report **ret_report,
			     axev_error *err)
{
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	AXEV__REPORT *report = NULL;
	AXEV__CLOSE int fd = -1;
	struct axev__source source;

	if (!proof_path || !package_path == !root || !ret_report)
		return axev__fail(err, AXEV_E_INVAL, "expected a proof, and either a package or a root");
	TRY(axev__read_file(AT_FDCWD, proof_path, &proof, err));
	if (package_path) {
		TRY(axev__open(AT_FDCWD, package_path, O_RDONLY, 0, &fd, err));
		TRY(axev__source_file(fd, &source, err));
		TRY(axev__verify_source(&source, package_path, policy, opts, &report, err));
	} else {
		TRY(begin_report(proof_path, axev__buf_view(&proof), opts, &report, err));
	}
	/* Nothing inside changed bytes is parsed. */
	if (axev__report_content(report) == AXEV__CONTENT_UNCHANGED)
		TRY(add_proof(report, proof_path, package_path, root, axev__buf_view(&proof), err));
	*ret_report = axev__steal(report);
	return axev__verdict_status(*ret_report, err);
}
