/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture_db.h"
#include "capture_list.h"
#include "capture_web.h"
#include "sealing.h"

static const char usage[] =
	"usage: axev capture file PATH... [options]\n"
	"       axev capture web URL [options]\n"
	"       axev capture db DATABASE [options]\n"
	"       axev capture db csv:FILE|json:FILE|jsonl:FILE|xlsx:FILE [options]\n"
	"       axev capture web --list FILE [--jobs N] [options]\n"
	"\n"
	"Captures, then seals. Both are durable and in the ledger when it ends.\n"
	"\n"
	"  --ledger DIR          ledger (default: AXEV_LEDGER)\n"
	"  --case FACTS.json     people, case, purpose; becomes the facts record set\n"
	"  --draft               capture only; seal later with: axev seal ID\n"
	"  --ca FILE             root (PEM): one more for a web page, recorded; the one\n"
	"                        that the TLS of a database must lead to\n" CAPTURE_DB_USAGE CAPTURE_WEB_USAGE
	"many:\n"
	"  --list FILE           addresses, one a line; what is sealed already is not\n"
	"                        captured again\n"
	"  --jobs N              captures at a time (default 1, at most 16)\n"
	"  --delay SECONDS       between two of one host (default 1); 0: no care taken\n"
	"  --results FILE        outcomes, one JSON object a line (default FILE.results)\n"
	"sealing:\n" SEALING_USAGE;

struct capture_options {
	struct sealing_options sealing;
	const char *ledger_path, *case_file, *ca_file;
	int is_draft_only;
	struct capture_web web;
	struct capture_db db;
	struct capture_list list;
};

/* ---- the command line ---- */

enum {
	OPTION_LIST = 500,
	OPTION_JOBS,
	OPTION_DELAY,
	OPTION_RESULTS
};

/* 1 when the option was one of these, 0 when not, -1 after an error line. */
static int take_list_option(struct capture_list *list, int option)
{
	char *end = NULL;
	unsigned long number;

	if (option < OPTION_LIST || option > OPTION_RESULTS)
		return 0;
	if (option == OPTION_LIST || option == OPTION_RESULTS) {
		*(option == OPTION_LIST ? &list->path : &list->results) = optarg;
		return 1;
	}
	number = strtoul(optarg, &end, 10);
	if (*end || end == optarg || optarg[0] == '-' || number > 3600) {
		cli_usage("capture", "expected a number, found '%.20s'", optarg);
		return -1;
	}
	if (option == OPTION_JOBS)
		list->jobs = (unsigned)number;
	else
		list->delay_ms = (unsigned)number * 1000;
	return 1;
}

/* Of one kind of capture, of lists, of sealing; -1: go on. */
static int take_other_option(struct capture_options *options, int option)
{
	int taken = capture_web_option(&options->web, option, optarg);

	if (taken == 0)
		taken = capture_db_option(&options->db, option, optarg);
	if (taken == 0)
		taken = take_list_option(&options->list, option);
	if (taken == 0)
		taken = sealing_option(&options->sealing, option, optarg);
	if (taken == 0)
		return cli_usage("capture", "unknown option or missing value");
	return taken > 0 ? -1 : EXIT_USAGE;
}

/* -1: go on. */
static int take_option(struct capture_options *options, int option)
{
	switch (option) {
	case 'l':
		options->ledger_path = optarg;
		return -1;
	case 'c':
		options->case_file = optarg;
		return -1;
	case 'd':
		options->is_draft_only = 1;
		return -1;
	case 'r':
		options->ca_file = optarg;
		return -1;
	case 'h':
		fputs(usage, stdout);
		return EXIT_DONE;
	default:
		return take_other_option(options, option);
	}
}

static int parse(int argc, char **argv, struct capture_options *options)
{
	static const struct option long_options[] = {
		{ "ledger", required_argument, NULL, 'l' },
		{ "case", required_argument, NULL, 'c' },
		{ "draft", no_argument, NULL, 'd' },
		{ "ca", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ "list", required_argument, NULL, OPTION_LIST },
		{ "jobs", required_argument, NULL, OPTION_JOBS },
		{ "delay", required_argument, NULL, OPTION_DELAY },
		{ "results", required_argument, NULL, OPTION_RESULTS },
		CAPTURE_WEB_LONG_OPTIONS,
		CAPTURE_DB_LONG_OPTIONS,
		SEALING_LONG_OPTIONS,
		{ 0 },
	};
	int option, code;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		code = take_option(options, option);
		if (code >= 0)
			return code == EXIT_DONE ? -2 : code;
	}
	return -1;
}

/* An option that does nothing for this kind would let somebody believe that it did. */
static int check_kind(const struct capture_options *options, const char *kind, int argc)
{
	int is_web = strcmp(kind, "web") == 0, is_db = strcmp(kind, "db") == 0;

	if (!is_web && !is_db && strcmp(kind, "file") != 0)
		return cli_usage("capture", "unknown kind '%.20s': this version captures web, file and db", kind);
	if (is_db && argc != 2)
		return cli_usage("capture", "expected one database");
	if (is_web && argc != 2)
		return cli_usage("capture", "expected one URL");
	if (!is_web && options->web.is_given)
		return cli_usage("capture", "expected no option of web with %s", kind);
	if (!is_db && options->db.is_given)
		return cli_usage("capture", "expected no option of db with %s", kind);
	if (!is_web && !is_db && options->ca_file)
		return cli_usage("capture", "expected no --ca with %s", kind);
	return EXIT_DONE;
}

/* ---- the capture ---- */

static int capture_web(axev_ledger *ledger, struct capture_options *options, const axev_capture_common *common,
		       const char *url, axev_draft **ret_draft)
{
	axev_ledger_package earlier = { .size = sizeof(earlier) };
	struct capture_web *web = &options->web;
	axev_error err = AXEV_ERROR_INIT;
	int status = web->recheck_of ? cli_find(ledger, web->recheck_of, &earlier) : EXIT_DONE;

	if (status != EXIT_DONE)
		return status;
	cli_stop_kindly();
	web->opts.recheck_of = web->recheck_of ? &earlier.id : NULL;
	web->opts.common = *common;
	web->opts.url = url;
	web->opts.ca_file = options->ca_file;
	capture_web_ask_at_terminal(web);
	status = axev_capture_web(ledger, &web->opts, ret_draft, &err);
	return status < 0 ? cli_fail(&err, status) : EXIT_DONE;
}

static int capture_db(axev_ledger *ledger, struct capture_options *options, const axev_capture_common *common,
		      const char *dsn, axev_draft **ret_draft)
{
	axev_error err = AXEV_ERROR_INIT;
	int status;

	cli_stop_kindly();
	options->db.opts.common = *common;
	options->db.opts.dsn = dsn;
	options->db.opts.ca_file = options->ca_file;
	status = axev_capture_db(ledger, &options->db.opts, ret_draft, &err);
	return status < 0 ? cli_fail(&err, status) : EXIT_DONE;
}

static int capture_files(axev_ledger *ledger, const axev_capture_common *common, int count, char **paths,
			 axev_draft **ret_draft)
{
	axev_file_opts file = AXEV_FILE_OPTS_INIT;
	axev_error err = AXEV_ERROR_INIT;
	int status;

	cli_stop_kindly();
	file.common = *common;
	file.paths = (const char *const *)paths;
	file.path_count = (size_t)count;
	status = axev_capture_file(ledger, &file, ret_draft, &err);
	return status < 0 ? cli_fail(&err, status) : EXIT_DONE;
}

static int capture(axev_ledger *ledger, struct capture_options *options, axev_signer *signer,
		   int argc, char **argv, axev_draft **ret_draft)
{
	axev_capture_common common = AXEV_CAPTURE_COMMON_INIT;
	axev_signer *signers[1] = { signer };
	int code;

	common.case_file = options->case_file;
	common.signers = signer ? signers : NULL;
	common.signer_count = signer ? 1 : 0;
	common.authorities = sealing_authorities(&options->sealing, &common.authority_count);
	if (strcmp(argv[0], "web") == 0)
		code = capture_web(ledger, options, &common, argv[1], ret_draft);
	else if (strcmp(argv[0], "db") == 0)
		code = capture_db(ledger, options, &common, argv[1], ret_draft);
	else
		code = capture_files(ledger, &common, argc - 1, argv + 1, ret_draft);
	if (code == EXIT_DONE && axev_draft_holds_login(*ret_draft))
		fputs(cli_text(cli_lang(NULL),
			       "axev: 证据包中仍有登录状态的内容 (见 source.login): 移交前请先退出登录\n",
			       "axev: the package holds parts of a login state (source.login): log out before it is handed on\n"),
		      stderr);
	return code;
}

static int tell_draft(const axev_draft *draft, int is_json)
{
	char hex[65];
	axev_id id;

	axev_draft_id(draft, &id);
	cli_hex(id.bytes, 32, hex);
	if (is_json)
		printf("{\"id\":\"%s\",\"state\":\"captured\",\"complete\":%s}\n", hex,
		       axev_draft_is_complete(draft) ? "true" : "false");
	else
		printf(cli_text(cli_lang(NULL), "已提取 (未封存): %s\n", "captured (not sealed yet): %s\n"), hex);
	return EXIT_DONE;
}

static int run(struct capture_options *options, int argc, char **argv)
{
	axev_signer *signer = NULL;
	axev_draft *draft = NULL;
	axev_ledger *ledger;
	int code = sealing_signer(&options->sealing, &signer);

	if (code != EXIT_DONE)
		return code;
	ledger = cli_open_ledger(options->ledger_path, &code);
	if (ledger)
		code = capture(ledger, options, signer, argc, argv, &draft);
	if (code == EXIT_DONE && options->is_draft_only)
		code = tell_draft(draft, options->sealing.is_json);
	else if (code == EXIT_DONE)
		code = sealing_run(ledger, draft, &options->sealing, signer);
	axev_draft_free(draft);
	axev_ledger_close(ledger);
	axev_signer_free(signer);
	return code;
}

static int run_one(void *context, const char *url)
{
	struct capture_options options = *(struct capture_options *)context;
	char *argv[] = { (char *)"web", (char *)url, NULL };

	options.sealing.is_json = 1;
	return run(&options, 2, argv);
}

static int run_list(struct capture_options *options, int argc, char **argv)
{
	if (argc != 1 || strcmp(argv[0], "web") != 0)
		return cli_usage("capture", "expected: axev capture web --list FILE");
	if (options->web.recheck_of)
		return cli_usage("capture", "expected --recheck-of with one URL, not with a list");
	if (check_kind(options, "web", 2) != EXIT_DONE)
		return EXIT_USAGE;
	options->list.is_json = options->sealing.is_json;
	return capture_list_run(&options->list, run_one, options);
}

int cmd_capture(int argc, char **argv)
{
	struct capture_options options = { .web = CAPTURE_WEB_INIT, .db = CAPTURE_DB_INIT, .list = CAPTURE_LIST_INIT };
	int code = parse(argc, argv, &options);

	if (code != -1)
		return code == -2 ? EXIT_DONE : code;
	argc -= optind;
	argv += optind;
	if (options.list.path)
		return run_list(&options, argc, argv);
	if (argc < 2)
		return cli_usage("capture", "expected a kind (web, file or db) and what to capture");
	code = check_kind(&options, argv[0], argc);
	return code == EXIT_DONE ? run(&options, argc, argv) : code;
}
