/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "sealing.h"
#include "selection.h"

#define MAX_RANGES 4096
#define MAX_KEYS 256
#define MAX_SETS 32

static const char usage[] =
	"usage: axev disclose ID -o BUNDLE.asice --approver NAME --ground TEXT [options]\n"
	"\n"
	"Makes a package that shows some cells of record sets, with digests in place of\n"
	"all others, seals it and exports it. It leads back to the original's signatures\n"
	"and ledger entry, and encloses the original's manifest. ID may be a disclosure:\n"
	"the new one shows a part of what that one shows, and names it.\n"
	"\n"
	"  -o, --output FILE     the bundle with the disclosure\n"
	"  --approver NAME       who approved it, as printed\n"
	"  --ground TEXT         legal ground for what is withheld, as printed\n"
	"  --set NAME            the record set (table); may be left out if there is one;\n"
	"                        again: a further one, what follows is of that\n"
	"  --rows 1,5-9          records as in the CSV file, from 1; of a disclosure\n"
	"                        by the same numbers\n"
	"  --where-key COL=VAL   records with this value; may be given again\n"
	"                        (neither: all records)\n"
	"  --columns A,B         show just these columns\n"
	"  --withhold-columns A  do not show these\n"
	"  --ledger DIR          ledger (default: AXEV_LEDGER)\n" SEALING_USAGE;

struct options {
	const char *ledger_path, *output;
	axev_disclose_opts opts;
	struct selection {
		axev_record_range ranges[MAX_RANGES];
		axev_record_key keys[MAX_KEYS];
		struct columns shown, withheld;
	} selections[MAX_SETS];
	axev_disclose_set sets[MAX_SETS];
	size_t last; /* the set that options belong to */
	struct sealing_options sealing;
};

static int add_rows(struct options *options, char *text)
{
	axev_disclose_set *set = &options->sets[options->last];
	char *one;

	while ((one = strsep(&text, ","))) {
		axev_record_range *range = &options->selections[options->last].ranges[set->range_count];

		if (set->range_count == MAX_RANGES || rows_parse(one, &range->first, &range->count) < 0)
			return -1;
		set->range_count++;
	}
	return 0;
}

static int add_key(struct options *options, char *text)
{
	axev_disclose_set *set = &options->sets[options->last];
	axev_record_key *key = &options->selections[options->last].keys[set->key_count];

	if (set->key_count == MAX_KEYS || key_parse(text, &key->column, &key->value) < 0)
		return -1;
	set->key_count++;
	return 0;
}

static int begin_set(struct options *options, const char *name)
{
	if (options->sets[options->last].set && ++options->last == MAX_SETS)
		return cli_usage("disclose", "--set: too many record sets");
	options->sets[options->last].set = name;
	return -1;
}

/* -1: go on. */
static int finish_sets(struct options *options)
{
	size_t i;

	for (i = 0; i <= options->last; i++) {
		struct selection *selection = &options->selections[i];
		axev_disclose_set *set = &options->sets[i];

		/* That nothing is said must not come to mean that everything is shown, where the operator may have meant all sets. */
		if (options->last > 0 && selection->shown.count + selection->withheld.count == 0)
			return cli_usage("disclose", "with several sets each needs --columns or --withhold-columns behind its --set");
		set->ranges = selection->ranges;
		set->keys = selection->keys;
		set->columns = selection->shown.names;
		set->column_count = selection->shown.count;
		set->withheld_columns = selection->withheld.names;
		set->withheld_column_count = selection->withheld.count;
	}
	options->opts.set = options->sets[0].set;
	options->opts.ranges = options->sets[0].ranges;
	options->opts.range_count = options->sets[0].range_count;
	options->opts.keys = options->sets[0].keys;
	options->opts.key_count = options->sets[0].key_count;
	options->opts.columns = options->sets[0].columns;
	options->opts.column_count = options->sets[0].column_count;
	options->opts.withheld_columns = options->sets[0].withheld_columns;
	options->opts.withheld_column_count = options->sets[0].withheld_column_count;
	options->opts.more_sets = options->sets + 1;
	options->opts.more_set_count = options->last;
	return -1;
}

static int hand_out(axev_ledger *ledger, const axev_id *id, const struct options *options)
{
	axev_export_opts opts = AXEV_EXPORT_OPTS_INIT;
	axev_error err = AXEV_ERROR_INIT;
	int code, status;
	char *passphrase = cli_passphrase(options->sealing.passphrase_file, 0, &code);

	if (code != EXIT_DONE)
		return code;
	opts.passphrase = passphrase;
	status = axev_export(ledger, id, 1, options->output, &opts, &err);
	cli_passphrase_free(passphrase);
	if (status < 0)
		return cli_fail(&err, status);
	if (!options->sealing.is_json)
		printf(cli_text(cli_lang(NULL),
				"披露件: %s\n注意: 原证据包的证据说明一并出示 (data/original/evidence.json: 库表名、列名、语句、数据库地址), 交出前请先阅看\n",
				"disclosure: %s\nnote: the original's manifest is shown with it (data/original/evidence.json: names of tables and "
				"columns, statements, the database's address); read it before it is handed over\n"),
		       options->output);
	return EXIT_DONE;
}

static int disclose(axev_ledger *ledger, const axev_id *id, struct options *options)
{
	axev_error err = AXEV_ERROR_INIT;
	axev_signer *signer = NULL;
	axev_draft *draft = NULL;
	axev_id disclosure;
	int code = sealing_signer(&options->sealing, &signer), status;

	if (code != EXIT_DONE)
		return code;
	options->opts.common.signers = signer ? &signer : NULL;
	options->opts.common.signer_count = signer ? 1 : 0;
	options->opts.common.authorities = sealing_authorities(&options->sealing, &options->opts.common.authority_count);
	status = axev_disclose(ledger, id, &options->opts, &draft, &err);
	if (status < 0) {
		code = cli_fail(&err, status);
	} else {
		axev_draft_id(draft, &disclosure);
		code = sealing_run(ledger, draft, &options->sealing, signer);
		if (code == EXIT_DONE)
			code = hand_out(ledger, &disclosure, options);
	}
	axev_draft_free(draft);
	axev_signer_free(signer);
	return code;
}

static int run(const char *id_text, struct options *options)
{
	axev_ledger_package package = { .size = sizeof(package) };
	int code;
	axev_ledger *ledger = cli_open_ledger(options->ledger_path, &code);

	if (!ledger)
		return code;
	code = cli_find(ledger, id_text, &package);
	if (code == EXIT_DONE)
		code = disclose(ledger, &package.id, options);
	axev_ledger_close(ledger);
	return code;
}

/* -1: go on. */
static int take_selection(struct options *options, int option)
{
	switch (option) {
	case 'r':
		return add_rows(options, optarg) < 0 ? cli_usage("disclose", "--rows: expected numbers and ranges, as 1,5-9") : -1;
	case 'k':
		return add_key(options, optarg) < 0 ? cli_usage("disclose", "--where-key: expected COLUMN=VALUE") : -1;
	case 'c':
		return columns_add(&options->selections[options->last].shown, optarg) < 0 ?
			       cli_usage("disclose", "--columns: expected names with commas between them") :
			       -1;
	default:
		return columns_add(&options->selections[options->last].withheld, optarg) < 0 ?
			       cli_usage("disclose", "--withhold-columns: expected names with commas between them") :
			       -1;
	}
}

static int take_option(struct options *options, int option)
{
	switch (option) {
	case 'o':
		options->output = optarg;
		return -1;
	case 'l':
		options->ledger_path = optarg;
		return -1;
	case 's':
		return begin_set(options, optarg);
	case 'a':
		options->opts.approver = optarg;
		return -1;
	case 'g':
		options->opts.ground = optarg;
		return -1;
	case 'r':
	case 'k':
	case 'c':
	case 'w':
		return take_selection(options, option);
	case 'h':
		fputs(usage, stdout);
		return EXIT_DONE;
	default:
		option = sealing_option(&options->sealing, option, optarg);
		return option > 0 ? -1 : option < 0 ? EXIT_USAGE : cli_usage("disclose", "unknown option or missing value");
	}
}

int cmd_disclose(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "output", required_argument, NULL, 'o' },   { "ledger", required_argument, NULL, 'l' },
		{ "set", required_argument, NULL, 's' },      { "approver", required_argument, NULL, 'a' },
		{ "ground", required_argument, NULL, 'g' },   { "rows", required_argument, NULL, 'r' },
		{ "where-key", required_argument, NULL, 'k' }, { "columns", required_argument, NULL, 'c' },
		{ "withhold-columns", required_argument, NULL, 'w' }, { "help", no_argument, NULL, 'h' },
		SEALING_LONG_OPTIONS,
		{ 0 },
	};
	static struct options options = { .opts = AXEV_DISCLOSE_OPTS_INIT };
	int option, code;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1) {
		code = take_option(&options, option);
		if (code >= 0)
			return code;
	}
	if (argc - optind != 1 || !options.output || !options.opts.approver || !options.opts.ground)
		return cli_usage("disclose", "expected one package id, -o FILE, --approver and --ground");
	code = finish_sets(&options);
	if (code >= 0)
		return code;
	return run(argv[optind], &options);
}
