/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>

#include "sealing.h"

static const char seal_usage[] =
	"usage: axev seal ID [options]\n"
	"       axev seal --complete ID [options]\n"
	"\n"
	"Seals a draft; with --complete, fetches the time-stamp of a package that was\n"
	"sealed while no authority answered.\n"
	"\n"
	"  --ledger DIR          ledger (default: AXEV_LEDGER)\n"
	"  --complete            add the late time-stamp as a side-car\n"
	"  --despite-checks      also a capture of the strict profile that was not clean\n" SEALING_USAGE;

static const char abandon_usage[] =
	"usage: axev abandon ID --reason TEXT [--ledger DIR]\n"
	"\n"
	"Gives a draft up. The ledger keeps that it was taken, and the reason.\n";

static int seal_draft(axev_ledger *ledger, const axev_id *id, const struct sealing_options *sealing)
{
	axev_error err = AXEV_ERROR_INIT;
	axev_signer *signer = NULL;
	axev_draft *draft = NULL;
	int code = sealing_signer(sealing, &signer), status;

	if (code != EXIT_DONE)
		return code;
	status = axev_draft_open(ledger, id, &draft, &err);
	code = status < 0 ? cli_fail(&err, status) : sealing_run(ledger, draft, sealing, signer);
	axev_draft_free(draft);
	axev_signer_free(signer);
	return code;
}

static int run_seal(const char *ledger_path, const char *id_text, int is_complete,
		    const struct sealing_options *sealing)
{
	axev_ledger_package package = { .size = sizeof(package) };
	int code;
	axev_ledger *ledger = cli_open_ledger(ledger_path, &code);

	if (!ledger)
		return code;
	code = cli_find(ledger, id_text, &package);
	if (code == EXIT_DONE)
		code = is_complete ? sealing_complete(ledger, &package.id, sealing) :
				     seal_draft(ledger, &package.id, sealing);
	axev_ledger_close(ledger);
	return code;
}

int cmd_seal(int argc, char **argv)
{
	static const struct option options[] = {
		{ "ledger", required_argument, NULL, 'l' },
		{ "complete", no_argument, NULL, 'c' },
		{ "despite-checks", no_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		SEALING_LONG_OPTIONS,
		{ 0 },
	};
	struct sealing_options sealing = { 0 };
	const char *ledger_path = NULL;
	int option, is_complete = 0, taken;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(seal_usage, stdout);
			return EXIT_DONE;
		}
		if (option == 'l') {
			ledger_path = optarg;
			continue;
		}
		if (option == 'c') {
			is_complete = 1;
			continue;
		}
		if (option == 'd') {
			sealing.despite_checks = 1;
			continue;
		}
		taken = sealing_option(&sealing, option, optarg);
		if (taken == 0)
			return cli_usage("seal", "unknown option or missing value");
		if (taken < 0)
			return EXIT_USAGE;
	}
	if (argc - optind != 1)
		return cli_usage("seal", "expected one package id");
	return run_seal(ledger_path, argv[optind], is_complete, &sealing);
}

static int run_abandon(const char *ledger_path, const char *id_text, const char *reason)
{
	axev_ledger_package package = { .size = sizeof(package) };
	axev_error err = AXEV_ERROR_INIT;
	int code, status;
	axev_ledger *ledger = cli_open_ledger(ledger_path, &code);

	if (!ledger)
		return code;
	code = cli_find(ledger, id_text, &package);
	if (code == EXIT_DONE) {
		status = axev_abandon(ledger, &package.id, reason, &err);
		if (status < 0)
			code = cli_fail(&err, status);
	}
	axev_ledger_close(ledger);
	return code;
}

int cmd_abandon(int argc, char **argv)
{
	const char *ledger_path = NULL, *reason = NULL;
	const struct cli_option known[] = {
		{ "ledger", .text = &ledger_path },
		{ "reason", .text = &reason },
		{ 0 },
	};
	int code;

	if (!cli_options("abandon", abandon_usage, known, argc, argv, &code))
		return code;
	if (argc - optind != 1 || !reason)
		return cli_usage("abandon", "expected one package id and --reason TEXT");
	return run_abandon(ledger_path, argv[optind], reason);
}
