/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "cli.h"

static const char usage[] =
	"usage: axev verify FILE|ID [--policy P] [--json] [--full] [--lang zh|en]\n"
	"\n"
	"Verifies a package or bundle, offline. Exit: 0 valid, 1 invalid, 2 usage,\n"
	"3 environment, 4 indeterminate.\n"
	"\n"
	"  --policy P      whom to trust (axev policy add); none: identity not chosen\n"
	"  --ledger DIR    where ID is looked up (default: AXEV_LEDGER)\n"
	"  --json          one JSON object\n"
	"  --full          every check with the command that repeats it\n"
	"  --lang zh|en    language of the report\n";

struct options {
	const char *policy_path, *ledger_path, *lang;
	int is_json, is_full;
};

static int tell(const axev_report *report, const struct options *options)
{
	axev_error err = AXEV_ERROR_INIT;
	char *text = NULL;
	int status = options->is_json ?
			     axev_report_json(report, &text, &err) :
			     axev_report_text(report, cli_lang(options->lang), options->is_full, &text, &err);

	if (status < 0)
		return cli_fail(&err, status);
	fputs(text, stdout);
	axev_text_free(text);
	switch (axev_report_verdict(report)) {
	case AXEV_VERDICT_VALID:
		return EXIT_DONE;
	case AXEV_VERDICT_INVALID:
		return EXIT_BAD_BYTES;
	default:
		return EXIT_INDETERMINATE;
	}
}

static int verify(const char *path, const struct options *options)
{
	axev_verify_opts opts = AXEV_VERIFY_OPTS_INIT;
	axev_error err = AXEV_ERROR_INIT;
	axev_policy *policy = NULL;
	axev_report *report = NULL;
	int status = AXEV_OK, code;

	opts.env = cli_env();
	if (options->policy_path)
		status = axev_policy_open(options->policy_path, &policy, &err);
	if (status >= 0)
		status = axev_verify_file(path, policy, &opts, &report, &err);
	code = report ? tell(report, options) : cli_fail(&err, status);
	axev_report_free(report);
	axev_policy_free(policy);
	return code;
}

int cmd_verify(int argc, char **argv)
{
	struct options options = { 0 };
	const struct cli_option known[] = {
		{ "policy", .text = &options.policy_path }, { "ledger", .text = &options.ledger_path },
		{ "lang", .text = &options.lang },          { "json", .on = &options.is_json },
		{ "full", .on = &options.is_full },         { 0 },
	};
	char *path = NULL;
	int code;

	if (!cli_options("verify", usage, known, argc, argv, &code))
		return code;
	if (argc - optind != 1)
		return cli_usage("verify", "expected one file or package id");
	code = cli_file_or_id(options.ledger_path, argv[optind], &path);
	if (code == EXIT_DONE)
		code = verify(path, &options);
	axev_text_free(path);
	return code;
}
