/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

static const char usage[] =
	"usage: axev print FILE|ID -o OUT.pdf [options]\n"
	"\n"
	"Prints the forms of a package or of all packages of a bundle, or with\n"
	"--form report a verification report. Verified first; the same file gives\n"
	"the same bytes.\n"
	"\n"
	"  -o, --output FILE   the PDF\n"
	"  --form NAME         all (default), extraction, list, web, clean, disclosure,\n"
	"                      report\n"
	"  --policy P          for the report: whom to trust\n"
	"  --lang zh|en        language of the form (default zh)\n"
	"  --ledger DIR        where ID is looked up (default: AXEV_LEDGER)\n";

struct options {
	const char *output, *policy_path, *ledger_path;
	axev_print_opts opts;
};

static int print_report(const char *path, const struct options *options)
{
	axev_verify_opts verify = AXEV_VERIFY_OPTS_INIT;
	axev_error err = AXEV_ERROR_INIT;
	axev_policy *policy = NULL;
	axev_report *report = NULL;
	int status = AXEV_OK;

	if (options->policy_path)
		status = axev_policy_open(options->policy_path, &policy, &err);
	if (status >= 0)
		status = axev_verify_file(path, policy, &verify, &report, &err);
	if (report) {
		axev_error_clear(&err);
		status = axev_print_report(report, options->output, &options->opts, &err);
	}
	axev_report_free(report);
	axev_policy_free(policy);
	return status < 0 ? cli_fail(&err, status) : EXIT_DONE;
}

static int print_file(const char *path, const struct options *options)
{
	axev_error err = AXEV_ERROR_INIT;
	int status = axev_print_package(path, options->output, &options->opts, &err);

	return status < 0 ? cli_fail(&err, status) : EXIT_DONE;
}

static int print_id(const char *id_text, const struct options *options)
{
	axev_ledger_package package = { .size = sizeof(package) };
	axev_error err = AXEV_ERROR_INIT;
	axev_ledger *ledger;
	int code, status;

	ledger = cli_open_ledger(options->ledger_path, &code);
	if (!ledger)
		return code;
	code = cli_find(ledger, id_text, &package);
	if (code == EXIT_DONE) {
		status = axev_print_ledger_package(ledger, &package.id, options->output, &options->opts,
						   &err);
		code = status < 0 ? cli_fail(&err, status) : EXIT_DONE;
	}
	axev_ledger_close(ledger);
	return code;
}

/* A report is of a file: the one in the ledger, without what stands beside it. */
static int print_id_report(const char *id_text, const struct options *options)
{
	char *path = NULL;
	int code = cli_package_path(options->ledger_path, id_text, &path);

	if (code == EXIT_DONE)
		code = print_report(path, options);
	axev_text_free(path);
	return code;
}

static int is_report(const struct options *options)
{
	return options->opts.form && strcmp(options->opts.form, "report") == 0;
}

int cmd_print(int argc, char **argv)
{
	struct options options = { .opts = AXEV_PRINT_OPTS_INIT };
	const struct cli_option known[] = {
		{ "output", 'o', .text = &options.output },      { "form", .text = &options.opts.form },
		{ "policy", .text = &options.policy_path },      { "lang", .text = &options.opts.lang },
		{ "ledger", .text = &options.ledger_path },      { 0 },
	};
	struct stat st;
	int code;

	if (!cli_options("print", usage, known, argc, argv, &code))
		return code;
	if (argc - optind != 1 || !options.output)
		return cli_usage("print", "expected one file or package id, and -o OUT.pdf");
	if (stat(argv[optind], &st) == 0)
		return is_report(&options) ? print_report(argv[optind], &options) :
					     print_file(argv[optind], &options);
	return is_report(&options) ? print_id_report(argv[optind], &options) :
				     print_id(argv[optind], &options);
}
