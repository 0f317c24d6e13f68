/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>

#include "cli.h"
#include "selection.h"

static const char usage[] =
	"usage: axev compare A B [--key COLUMN,...] [--json] [-o OUT.pdf] [--lang zh|en]\n"
	"\n"
	"Compares two captures: package files, bundles of one package, or ids. Both\n"
	"are verified first. Exit: 0 compared, the same or not; 1 changed files.\n"
	"\n"
	"  -o, --output FILE   the comparison as a PDF too\n"
	"  --key A,B           columns that tell rows apart, where they state no key;\n"
	"                      refused when their values repeat\n"
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

int cmd_compare(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "ledger", required_argument, NULL, 'l' }, { "lang", required_argument, NULL, 'g' },
		{ "json", no_argument, NULL, 'j' },	    { "output", required_argument, NULL, 'o' },
		{ "key", required_argument, NULL, 'k' },    { "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	static struct options options;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1) {
		switch (option) {
		case 'l':
			options.ledger_path = optarg;
			break;
		case 'g':
			options.lang = optarg;
			break;
		case 'j':
			options.is_json = 1;
			break;
		case 'o':
			options.output = optarg;
			break;
		case 'k':
			if (columns_add(&options.key, optarg) < 0)
				return cli_usage("compare", "--key: expected names with commas between them");
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_DONE;
		default:
			return cli_usage("compare", "unknown option or missing value");
		}
	}
	if (argc - optind != 2)
		return cli_usage("compare", "expected two files or package ids");
	return compare(argv[optind], argv[optind + 1], &options);
}
