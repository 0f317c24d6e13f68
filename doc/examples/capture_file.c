/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole life of one file: capture_file LEDGER FILE BUNDLE
 * makes the ledger, captures FILE, seals it, exports BUNDLE, and verifies it under the ledger's demo policy.
 */
#include <stdio.h>

#include <ax_evidence/ax_evidence.h>

static int capture_and_seal(axev_ledger *ledger, const char *path, axev_seal_result *ret_sealed,
			    axev_error *err)
{
	axev_file_opts opts = AXEV_FILE_OPTS_INIT;
	axev_draft *draft = NULL;
	int status;

	opts.paths = &path;
	opts.path_count = 1;
	status = axev_capture_file(ledger, &opts, &draft, err);
	if (status == AXEV_OK)
		status = axev_seal(ledger, draft, NULL, ret_sealed, err);
	axev_draft_free(draft);
	return status;
}

static int verify(const char *bundle, const char *policy_path, axev_error *err)
{
	axev_policy *policy = NULL;
	axev_report *report = NULL;
	char *text = NULL;
	int status = axev_policy_open(policy_path, &policy, err);

	if (status == AXEV_OK)
		status = axev_verify_file(bundle, policy, NULL, &report, err);
	if (report && axev_report_text(report, "en", 0, &text, NULL) == AXEV_OK)
		fputs(text, stdout);
	axev_text_free(text);
	axev_report_free(report);
	axev_policy_free(policy);
	return status;
}

static int run(const char *ledger_path, const char *path, const char *bundle, axev_error *err)
{
	axev_seal_result sealed = { .size = sizeof(sealed) };
	axev_ledger *ledger = NULL;
	char policy_path[4096];
	int status = axev_ledger_init(ledger_path, NULL, err);

	snprintf(policy_path, sizeof(policy_path), "%s/policy.json", ledger_path);
	if (status == AXEV_OK)
		status = axev_ledger_open(ledger_path, NULL, &ledger, err);
	if (status == AXEV_OK)
		status = capture_and_seal(ledger, path, &sealed, err);
	if (status == AXEV_OK)
		status = axev_export(ledger, &sealed.id, 1, bundle, NULL, err);
	axev_ledger_close(ledger);
	return status == AXEV_OK ? verify(bundle, policy_path, err) : status;
}

int main(int argc, char **argv)
{
	axev_error err = AXEV_ERROR_INIT;
	char text[1024];

	if (argc != 4) {
		fputs("usage: capture_file LEDGER FILE BUNDLE\n", stderr);
		return 2;
	}
	if (run(argv[1], argv[2], argv[3], &err) == AXEV_OK)
		return 0;
	axev_error_text(&err, text, sizeof(text));
	fprintf(stderr, "capture_file: %s\n", text);
	return 1;
}
