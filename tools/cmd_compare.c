/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "cli.h"
#include "selection.h"

static const char usage[] =
	"usage: axev compare A B [--key COLUMN,...] [--json] [-o OUT.pdf] [--lang zh|en]\n"
	"\n"
	"Compares two captures: package files, bundles of one package, or ids. Both\n"
	"are verified first. Exit: 0 compared, the same or not; 1 changed files.\n"
	"\n"
	"  -o, --output FILE   the comparison as a PDF too\n"
	"  --key A,B           columns that tell rows apart, where they state no key\n"
	"                      or one that repeats; refused when their values repeat\n"
	"  --ledger DIR        where ids are looked up (default: AXEV_LEDGER)\n"
	"  --json              one JSON object; member \"same\" tells the outcome\n"
	"  --lang zh|en        language of what is shown and printed\n";

struct options {
	const char *ledger_path, *lang, *output;
	struct columns key;
	int is_json;
};

static int tell(const axev_comparison *comparison, const struct options *options)
{
	axev_print_opts print = AXEV_PRINT_OPTS_INIT;
	axev_error err = AXEV_ERROR_INIT;
	char *text = NULL;
	int status = AXEV_OK;

	print.lang = cli_lang(options->lang);
	if (options->output)
		status = axev_print_comparison(comparison, options->output, &print, &err);
	if (status >= 0)
		status = options->is_json ? axev_comparison_json(comparison, &text, &err) :
					    axev_comparison_text(comparison, cli_lang(options->lang), &text,
								 &err);
	if (status < 0)
		return cli_fail(&err, status);
	fputs(text, stdout);
	axev_text_free(text);
	return EXIT_DONE;
}

static int compare(const char *name_a, const char *name_b, const struct options *options)
{
	axev_compare_opts opts = AXEV_COMPARE_OPTS_INIT;
	axev_comparison *comparison = NULL;
	axev_error err = AXEV_ERROR_INIT;
	char *a = NULL, *b = NULL;
	int code = cli_file_or_id(options->ledger_path, name_a, &a), status;

	if (code == EXIT_DONE)
		code = cli_file_or_id(options->ledger_path, name_b, &b);
	if (code == EXIT_DONE) {
		opts.keys = options->key.names;
		opts.key_count = options->key.count;
		status = axev_compare_files(a, b, &opts, &comparison, &err);
		code = status < 0 ? cli_fail(&err, status) : tell(comparison, options);
	}
	axev_comparison_free(comparison);
	axev_text_free(a);
	axev_text_free(b);
	return code;
}

static int take_key(void *payload, char *argument)
{
	return columns_add(payload, argument) < 0 ? cli_usage("compare", "--key: expected names with commas between them") :
						    EXIT_DONE;
}

int cmd_compare(int argc, char **argv)
{
	static struct options options;
	static const struct cli_option known[] = {
		{ "ledger", .text = &options.ledger_path },
		{ "lang", .text = &options.lang },
		{ "json", .on = &options.is_json },
		{ "output", 'o', .text = &options.output },
		{ "key", .take = take_key, .payload = &options.key },
		{ 0 },
	};
	int code;

	if (!cli_options("compare", usage, known, argc, argv, &code))
		return code;
	if (argc - optind != 2)
		return cli_usage("compare", "expected two files or package ids");
	return compare(argv[optind], argv[optind + 1], &options);
}
