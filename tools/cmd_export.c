/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "cli.h"

#define MAX_IDS 128
#define MAX_PRINTS 64

static const char usage[] =
	"usage: axev export ID... -o BUNDLE.asice [options]\n"
	"\n"
	"Writes one file with the packages, proofs, tokens, certificates, and VERIFY.md,\n"
	"the recipe to check everything with stock tools.\n"
	"\n"
	"  -o, --output FILE     the bundle\n"
	"  --ledger DIR          ledger (default: AXEV_LEDGER)\n"
	"  --print FILE.pdf      enclose a print; may be given again\n"
	"  --passphrase-file F   passphrase of the operator's key\n";

struct options {
	const char *ledger_path, *output, *passphrase_file;
	const char *prints[MAX_PRINTS];
	axev_export_opts opts;
};

static int export_ids(axev_ledger *ledger, struct options *options, int count, char **texts)
{
	axev_ledger_package package = { .size = sizeof(package) };
	axev_error err = AXEV_ERROR_INIT;
	axev_id ids[MAX_IDS];
	char *passphrase;
	int i, code, status;

	for (i = 0; i < count; i++) {
		code = cli_find(ledger, texts[i], &package);
		if (code != EXIT_DONE)
			return code;
		ids[i] = package.id;
	}
	passphrase = cli_passphrase(options->passphrase_file, 0, &code);
	if (code != EXIT_DONE)
		return code;
	options->opts.passphrase = passphrase;
	options->opts.print_paths = options->prints;
	status = axev_export(ledger, ids, (size_t)count, options->output, &options->opts, &err);
	cli_passphrase_free(passphrase);
	if (status < 0)
		return cli_fail(&err, status);
	printf(cli_text(cli_lang(NULL), "卷宗包: %s\n", "bundle: %s\n"), options->output);
	return EXIT_DONE;
}

static int take_print(void *payload, char *argument)
{
	struct options *options = payload;

	if (options->opts.print_count == MAX_PRINTS)
		return cli_usage("export", "expected at most %d prints", MAX_PRINTS);
	options->prints[options->opts.print_count++] = argument;
	return EXIT_DONE;
}

int cmd_export(int argc, char **argv)
{
	struct options options = { .opts = AXEV_EXPORT_OPTS_INIT };
	const struct cli_option known[] = {
		{ "output", 'o', .text = &options.output },
		{ "ledger", .text = &options.ledger_path },
		{ "print", .take = take_print, .payload = &options },
		{ "passphrase-file", .text = &options.passphrase_file },
		{ 0 },
	};
	axev_ledger *ledger;
	int code;

	if (!cli_options("export", usage, known, argc, argv, &code))
		return code;
	if (argc == optind || argc - optind > MAX_IDS || !options.output)
		return cli_usage("export", "expected 1 to %d package ids and -o FILE", MAX_IDS);
	ledger = cli_open_ledger(options.ledger_path, &code);
	if (!ledger)
		return code;
	code = export_ids(ledger, &options, argc - optind, argv + optind);
	axev_ledger_close(ledger);
	return code;
}
