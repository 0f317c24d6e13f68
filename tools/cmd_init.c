/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "cli.h"

static const char usage[] =
	"usage: axev init LEDGER [--origin NAME] [--operator NAME] [--passphrase-file F]\n"
	"\n"
	"Makes a ledger, its keys, an embedded time-stamp authority, and policy.json,\n"
	"a demo policy that trusts just these.\n"
	"\n"
	"  --origin NAME         name in checkpoints (default: HOST/ax-evidence)\n"
	"  --operator NAME       name in the operator's certificate\n"
	"  --passphrase-file F   protects the operator's key (or AXEV_PASSPHRASE)\n";

static int run(const char *path, axev_init_opts *opts)
{
	axev_error err = AXEV_ERROR_INIT;
	int status = axev_ledger_init(path, opts, &err);
	const char *lang = cli_lang(NULL);

	if (status < 0)
		return cli_fail(&err, status);
	printf(cli_text(lang, "账本已建立: %s\n演示信任策略: %s/policy.json (只信任本账本自己的密钥)\n",
			"ledger made: %s\ndemo policy: %s/policy.json (trusts just this ledger's own keys)\n"),
	       path, path);
	return EXIT_DONE;
}

int cmd_init(int argc, char **argv)
{
	axev_init_opts opts = AXEV_INIT_OPTS_INIT;
	const char *passphrase_file = NULL;
	const struct cli_option known[] = {
		{ "origin", .text = &opts.origin },
		{ "operator", .text = &opts.operator_name },
		{ "passphrase-file", .text = &passphrase_file },
		{ 0 },
	};
	char *passphrase;
	int code;

	if (!cli_options("init", usage, known, argc, argv, &code))
		return code;
	if (argc - optind != 1)
		return cli_usage("init", "expected one path");
	passphrase = cli_passphrase(passphrase_file, 0, &code);
	if (code != EXIT_DONE)
		return code;
	opts.passphrase = passphrase;
	code = run(argv[optind], &opts);
	cli_passphrase_free(passphrase);
	return code;
}
