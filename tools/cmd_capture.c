/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture_list.h"
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
	"db:\n"
	"  --table NAME          a table or view; may be given again (default: all)\n"
	"  --query SQL           the rows of one SELECT\n"
	"  --param TEXT          for a placeholder of it, in order; may be given again\n"
	"  --password-env NAME   the password of the account is in that variable\n"
	"  --ca FILE             TLS with a certificate that leads to this root (PEM)\n"
	"  --incomplete          when the server breaks off, keep the rows that had come;\n"
	"                        the package says that they are not all\n"
	"file of data that was handed over (csv:, json:, jsonl:, xlsx:):\n"
	"  --giver NAME          who handed it over; --giver-id NUMBER, --medium TEXT,\n"
	"  --received DATE       as 2026-11-29 or 2026-11-29T09:30\n"
	"  --encoding NAME       utf-8 (default) or gb18030\n"
	"  --delimiter CHAR      of CSV (default ,), or: tab\n"
	"  --quote CHAR          of CSV (default \"), or: none\n"
	"  --no-names            the first line is a row, not one of names\n"
	"  --key COLUMN          tells rows apart, for compare; may be given again\n"
	"web:\n"
	"  --record-failure      an address that cannot be reached, or a step that fails,\n"
	"                        is captured as such\n"
	"  --ca FILE             one more TLS root (PEM), recorded\n"
	"  --browser PATH        the Chromium binary\n"
	"  --max-bytes SIZE      stop at so many bytes, as 500M (default 1G)\n"
	"  --timeout SECONDS     for the whole page (default 60)\n"
	"  --lang-page TAG       language asked of the site (default zh-CN)\n"
	"  --steps FILE.json     clicks, keys, waiting: what to do on the page\n"
	"  --video               video of the page, with time and address below it\n"
	"  --interactive         a browser on DISPLAY and a person at it, until Enter is\n"
	"                        pressed here; with --video the whole display is recorded\n"
	"  --session SECONDS     at most so long (default 3600)\n"
	"  --secret-env NAME     that variable's value is a secret in a session: not kept\n"
	"                        when typed; may be given again\n"
	"  --cookies FILE        a login state, set before the page is opened; its values\n"
	"                        are masked in the package\n"
	"  --save-cookies FILE   of --interactive: where its login state is written\n"
	"  --client-cert FILE    certificate and key (.p12) for the host of the address,\n"
	"                        shown when it asks for one\n"
	"  --client-cert-pass-env NAME\n"
	"                        that variable holds its passphrase\n"
	"  --viewport WxH        size of the window in pixels (default 1280x800)\n"
	"  --device NAME         desktop, or phone: size, touch, user agent, emulated\n"
	"  --time-zone NAME      that the page sees (default: that of the machine)\n"
	"  --no-scroll           do not scroll for what loads only when it is seen\n"
	"  --profile NAME        of the checks of this machine: standard (default), or\n"
	"                        strict: not sealed when one fails or cannot be made\n"
	"  --self-test           try the browser with a page whose answer is known, as\n"
	"                        strict always does\n"
	"  --no-checks           none of them; recorded as not checked\n"
	"  --reach               what resolvers say of the host and what its addresses\n"
	"                        answer; a page that does not come is captured as such\n"
	"  --recheck-of ID       the same, beside what it was in that earlier capture\n"
	"  --resolver IP[:PORT]  compared with the system's; may be given again\n"
	"  --ntp HOST[:PORT]     compared with the clock; may be given again\n"
	"  --licence             find licence marks and ICP numbers on the page,\n"
	"                        open what the marks lead to\n"
	"  --subject FILE.json   the same, and compare with a filing record\n"
	"many:\n"
	"  --list FILE           addresses, one a line; what is sealed already is not\n"
	"                        captured again\n"
	"  --jobs N              captures at a time (default 1, at most 16)\n"
	"  --delay SECONDS       between two of one host (default 1); 0: no care taken\n"
	"  --results FILE        outcomes, one JSON object a line (default FILE.results)\n"
	"sealing:\n" SEALING_USAGE;

#define MAX_SERVERS 16
#define MAX_TABLES 200

struct capture_options {
	struct sealing_options sealing;
	const char *ledger_path;
	axev_web_opts web;
	struct capture_list list;
	const char *case_file;
	const char *recheck_of; /* as it was given; NULL: none */
	int is_draft_only;
	const char *resolvers[MAX_SERVERS], *time_servers[MAX_SERVERS], *secrets[MAX_SERVERS];
	axev_db_opts db;
	const char *tables[MAX_TABLES], *parameters[MAX_TABLES], *keys[MAX_TABLES];
	axev_handover handover;
};

static int parse_seconds(const char *text, uint32_t *ret_ms)
{
	char *end;
	unsigned long seconds = strtoul(text, &end, 10);

	if (*end || end == text || seconds == 0 || seconds > 3600)
		return cli_usage("capture", "expected a number of seconds from 1 to 3600");
	*ret_ms = (uint32_t)seconds * 1000;
	return EXIT_DONE;
}

static int parse_size(const char *text, uint64_t *ret_bytes)
{
	char *end;
	unsigned long long number = strtoull(text, &end, 10);
	unsigned shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;

	if (end == text || *text == '-' || (*end && (!shift || end[1])) || number == 0 ||
	    number > (UINT64_C(4) << 30) >> shift)
		return cli_usage("capture", "expected a size as 500M or 2G, at most 4G");
	*ret_bytes = (uint64_t)number << shift;
	return EXIT_DONE;
}

static int parse_viewport(const char *text, axev_web_opts *web)
{
	unsigned width, height;
	char rest;

	if (sscanf(text, "%4ux%4u%c", &width, &height, &rest) != 2 || width == 0 || height == 0)
		return cli_usage("capture", "expected a viewport as 1280x800");
	web->width = width;
	web->height = height;
	return EXIT_DONE;
}

enum {
	OPTION_LIST = 300,
	OPTION_JOBS,
	OPTION_DELAY,
	OPTION_RESULTS,
	OPTION_LICENCE,
	OPTION_SUBJECT,
	OPTION_REACH,
	OPTION_RECHECK,
	OPTION_INTERACTIVE,
	OPTION_SESSION,
	OPTION_SECRET,
	OPTION_COOKIES,
	OPTION_SAVE_COOKIES,
	OPTION_CLIENT_CERT,
	OPTION_CLIENT_PASS
};

static int take_list_option(struct capture_list *list, int option)
{
	char *end = NULL;
	unsigned long number;

	if (option == OPTION_LIST || option == OPTION_RESULTS) {
		*(option == OPTION_LIST ? &list->path : &list->results) = optarg;
		return EXIT_DONE;
	}
	number = strtoul(optarg, &end, 10);
	if (*end || end == optarg || optarg[0] == '-' || number > 3600)
		return cli_usage("capture", "expected a number, found '%.20s'", optarg);
	if (option == OPTION_JOBS)
		list->jobs = (unsigned)number;
	else
		list->delay_ms = (unsigned)number * 1000;
	return EXIT_DONE;
}

enum {
	OPTION_TABLE = 400,
	OPTION_QUERY,
	OPTION_PARAM,
	OPTION_PASSWORD,
	OPTION_INCOMPLETE,
	OPTION_GIVER,
	OPTION_GIVER_ID,
	OPTION_RECEIVED,
	OPTION_MEDIUM,
	OPTION_ENCODING,
	OPTION_DELIMITER,
	OPTION_QUOTE,
	OPTION_NO_NAMES,
	OPTION_KEY
};

static int add_name(const char **names, size_t *count)
{
	if (*count == MAX_TABLES)
		return cli_usage("capture", "expected at most %d tables, parameters or keys", MAX_TABLES);
	names[(*count)++] = optarg;
	return EXIT_DONE;
}

/* Of a file that was handed over. */
static int take_handover_option(struct capture_options *options, int option)
{
	axev_handover *handover = &options->handover;
	const char **const texts[] = { &handover->giver,  &handover->giver_id, &handover->received,
				       &handover->medium, &handover->encoding, &handover->delimiter,
				       &handover->quote };

	options->db.handover = handover;
	handover->keys = options->keys;
	if (option == OPTION_KEY)
		return add_name(options->keys, &handover->key_count);
	if (option == OPTION_NO_NAMES)
		handover->no_names = 1;
	else if (option == OPTION_DELIMITER && strcmp(optarg, "tab") == 0)
		handover->delimiter = "\t";
	else if (option == OPTION_QUOTE && strcmp(optarg, "none") == 0)
		handover->quote = "";
	else
		*texts[option - OPTION_GIVER] = optarg;
	return EXIT_DONE;
}

static int take_db_option(struct capture_options *options, int option)
{
	if (option >= OPTION_GIVER)
		return take_handover_option(options, option);
	options->db.tables = options->tables;
	options->db.parameters = options->parameters;
	if (option == OPTION_TABLE)
		return add_name(options->tables, &options->db.table_count);
	if (option == OPTION_PARAM)
		return add_name(options->parameters, &options->db.parameter_count);
	if (option == OPTION_PASSWORD) {
		options->db.password = getenv(optarg);
		return options->db.password ? EXIT_DONE :
					      cli_usage("capture", "the variable '%.40s' with the password is not set", optarg);
	}
	if (option == OPTION_INCOMPLETE) {
		options->db.keep_incomplete = 1;
		return EXIT_DONE;
	}
	if (options->db.query)
		return cli_usage("capture", "expected one --query");
	options->db.query = optarg;
	return EXIT_DONE;
}

static int add_server(const char **servers, size_t *count)
{
	if (*count == MAX_SERVERS)
		return cli_usage("capture", "expected at most %d servers", MAX_SERVERS);
	servers[(*count)++] = optarg;
	return -1;
}

static int parse_profile(const char *text, axev_web_opts *web)
{
	if (strcmp(text, "standard") != 0 && strcmp(text, "strict") != 0)
		return cli_usage("capture", "expected the profile standard or strict");
	web->checks = strcmp(text, "strict") == 0 ? AXEV_CHECKS_STRICT : AXEV_CHECKS_STANDARD;
	return -1;
}

/* Of the checks around a web capture; -1: go on, -2: another option. */
static int take_check_option(struct capture_options *options, int option)
{
	switch (option) {
	case 'p':
		return parse_profile(optarg, &options->web);
	case 'n':
		options->web.checks = AXEV_CHECKS_NONE;
		return -1;
	case 'k':
		options->web.self_test = 1;
		return -1;
	case 'R':
		options->web.resolvers = options->resolvers;
		return add_server(options->resolvers, &options->web.resolver_count);
	case 'N':
		options->web.time_servers = options->time_servers;
		return add_server(options->time_servers, &options->web.time_server_count);
	default:
		return -2;
	}
}

/* What is typed must be known to be left out. */
static int add_secret(struct capture_options *options)
{
	const char *value = getenv(optarg);

	if (!value || !*value)
		return cli_usage("capture", "the environment has no secret %.60s", optarg);
	if (options->web.session_secret_count == MAX_SERVERS)
		return cli_usage("capture", "expected at most %d secrets", MAX_SERVERS);
	options->secrets[options->web.session_secret_count++] = value;
	options->web.session_secrets = options->secrets;
	return -1;
}

/* Of a session; -1: go on, -2: another option. */
static int take_session_option(struct capture_options *options, int option)
{
	switch (option) {
	case OPTION_INTERACTIVE:
		options->web.interactive = 1;
		return -1;
	case OPTION_SESSION:
		return parse_seconds(optarg, &options->web.session_ms) == EXIT_DONE ? -1 : EXIT_USAGE;
	case OPTION_SECRET:
		return add_secret(options);
	case OPTION_COOKIES:
		options->web.cookies_file = optarg;
		return -1;
	case OPTION_CLIENT_CERT:
		options->web.client_cert_file = optarg;
		return -1;
	case OPTION_CLIENT_PASS:
		options->web.client_cert_passphrase = getenv(optarg);
		return options->web.client_cert_passphrase ?
			       -1 :
			       cli_usage("capture", "the environment has no passphrase %.60s", optarg);
	case OPTION_SAVE_COOKIES:
		options->web.save_cookies_file = optarg;
		return -1;
	default:
		return -2;
	}
}

/* -1: go on. */
static int take_option(struct capture_options *options, int option)
{
	int code = take_check_option(options, option);

	if (code == -2)
		code = take_session_option(options, option);
	if (code != -2)
		return code;
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
	case 'f':
		options->web.record_failure = 1;
		return -1;
	case 'r':
		options->web.ca_file = optarg;
		return -1;
	case 'b':
		options->web.browser_path = optarg;
		return -1;
	case 't':
		return parse_seconds(optarg, &options->web.timeout_ms) == EXIT_DONE ? -1 : EXIT_USAGE;
	case 'm':
		return parse_size(optarg, &options->web.max_bytes) == EXIT_DONE ? -1 : EXIT_USAGE;
	case 'g':
		options->web.lang = optarg;
		return -1;
	case 's':
		options->web.steps_file = optarg;
		return -1;
	case 'o':
		options->web.video = 1;
		return -1;
	case 'v':
		return parse_viewport(optarg, &options->web) == EXIT_DONE ? -1 : EXIT_USAGE;
	case 'D':
		options->web.device = optarg;
		return -1;
	case 'z':
		options->web.time_zone = optarg;
		return -1;
	case 'S':
		options->web.no_scroll = 1;
		return -1;
	case OPTION_LICENCE:
		options->web.licence = 1;
		return -1;
	case OPTION_SUBJECT:
		options->web.subject_file = optarg;
		return -1;
	case OPTION_REACH:
		options->web.reach = 1;
		return -1;
	case OPTION_RECHECK:
		options->recheck_of = optarg;
		return -1;
	case 'h':
		fputs(usage, stdout);
		return EXIT_DONE;
	default:
		break;
	}
	if (option >= OPTION_TABLE && option <= OPTION_KEY)
		return take_db_option(options, option) == EXIT_DONE ? -1 : EXIT_USAGE;
	if (option == OPTION_LIST || option == OPTION_JOBS || option == OPTION_DELAY || option == OPTION_RESULTS)
		return take_list_option(&options->list, option) == EXIT_DONE ? -1 : EXIT_USAGE;
	switch (sealing_option(&options->sealing, option, optarg)) {
	case 1:
		return -1;
	case 0:
		return cli_usage("capture", "unknown option or missing value");
	default:
		return EXIT_USAGE;
	}
}

static int parse(int argc, char **argv, struct capture_options *options)
{
	static const struct option long_options[] = {
		{ "ledger", required_argument, NULL, 'l' },
		{ "case", required_argument, NULL, 'c' },
		{ "draft", no_argument, NULL, 'd' },
		{ "record-failure", no_argument, NULL, 'f' },
		{ "ca", required_argument, NULL, 'r' },
		{ "browser", required_argument, NULL, 'b' },
		{ "timeout", required_argument, NULL, 't' },
		{ "max-bytes", required_argument, NULL, 'm' },
		{ "lang-page", required_argument, NULL, 'g' },
		{ "steps", required_argument, NULL, 's' },
		{ "interactive", no_argument, NULL, OPTION_INTERACTIVE },
		{ "session", required_argument, NULL, OPTION_SESSION },
		{ "secret-env", required_argument, NULL, OPTION_SECRET },
		{ "cookies", required_argument, NULL, OPTION_COOKIES },
		{ "client-cert", required_argument, NULL, OPTION_CLIENT_CERT },
		{ "client-cert-pass-env", required_argument, NULL, OPTION_CLIENT_PASS },
		{ "save-cookies", required_argument, NULL, OPTION_SAVE_COOKIES },
		{ "video", no_argument, NULL, 'o' },
		{ "viewport", required_argument, NULL, 'v' },
		{ "device", required_argument, NULL, 'D' },
		{ "time-zone", required_argument, NULL, 'z' },
		{ "no-scroll", no_argument, NULL, 'S' },
		{ "profile", required_argument, NULL, 'p' },
		{ "self-test", no_argument, NULL, 'k' },
		{ "no-checks", no_argument, NULL, 'n' },
		{ "resolver", required_argument, NULL, 'R' },
		{ "ntp", required_argument, NULL, 'N' },
		{ "help", no_argument, NULL, 'h' },
		{ "list", required_argument, NULL, OPTION_LIST },
		{ "jobs", required_argument, NULL, OPTION_JOBS },
		{ "delay", required_argument, NULL, OPTION_DELAY },
		{ "results", required_argument, NULL, OPTION_RESULTS },
		{ "table", required_argument, NULL, OPTION_TABLE },
		{ "query", required_argument, NULL, OPTION_QUERY },
		{ "param", required_argument, NULL, OPTION_PARAM },
		{ "password-env", required_argument, NULL, OPTION_PASSWORD },
		{ "incomplete", no_argument, NULL, OPTION_INCOMPLETE },
		{ "giver", required_argument, NULL, OPTION_GIVER },
		{ "giver-id", required_argument, NULL, OPTION_GIVER_ID },
		{ "received", required_argument, NULL, OPTION_RECEIVED },
		{ "medium", required_argument, NULL, OPTION_MEDIUM },
		{ "encoding", required_argument, NULL, OPTION_ENCODING },
		{ "delimiter", required_argument, NULL, OPTION_DELIMITER },
		{ "quote", required_argument, NULL, OPTION_QUOTE },
		{ "no-names", no_argument, NULL, OPTION_NO_NAMES },
		{ "key", required_argument, NULL, OPTION_KEY },
		{ "licence", no_argument, NULL, OPTION_LICENCE },
		{ "subject", required_argument, NULL, OPTION_SUBJECT },
		{ "reach", no_argument, NULL, OPTION_REACH },
		{ "recheck-of", required_argument, NULL, OPTION_RECHECK },
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

/* A line at the terminal, or nobody there any more, ends a session; without a terminal only time and window do. */
static int is_enter_pressed(void *payload)
{
	struct pollfd terminal = { .fd = STDIN_FILENO, .events = POLLIN };

	(void)payload;
	return isatty(STDIN_FILENO) && poll(&terminal, 1, 0) > 0;
}

static int ask_secret(void *payload, const char *prompt, char *out, size_t out_bytes)
{
	(void)payload;
	return cli_secret(prompt, out, out_bytes);
}

static int capture(axev_ledger *ledger, struct capture_options *options, axev_signer *signer,
		   int argc, char **argv, axev_draft **ret_draft)
{
	axev_file_opts file = AXEV_FILE_OPTS_INIT;
	axev_error err = AXEV_ERROR_INIT;
	axev_signer *signers[1] = { signer };
	axev_capture_common common = AXEV_CAPTURE_COMMON_INIT;
	axev_ledger_package earlier = { .size = sizeof(earlier) };
	int status;

	status = options->recheck_of ? cli_find(ledger, options->recheck_of, &earlier) : EXIT_DONE;
	if (status != EXIT_DONE)
		return status;
	cli_stop_kindly();
	common.case_file = options->case_file;
	common.signers = signer ? signers : NULL;
	common.signer_count = signer ? 1 : 0;
	common.authorities = sealing_authorities(&options->sealing, &common.authority_count);
	if (strcmp(argv[0], "web") == 0) {
		options->web.recheck_of = options->recheck_of ? &earlier.id : NULL;
		options->web.common = common;
		options->web.url = argv[1];
		options->web.ask_secret = ask_secret;
		options->web.session_is_over = is_enter_pressed;
		status = axev_capture_web(ledger, &options->web, ret_draft, &err);
	} else if (strcmp(argv[0], "db") == 0) {
		options->db.common = common;
		options->db.dsn = argv[1];
		options->db.ca_file = options->web.ca_file;
		status = axev_capture_db(ledger, &options->db, ret_draft, &err);
	} else {
		file.common = common;
		file.paths = (const char *const *)(argv + 1);
		file.path_count = (size_t)argc - 1;
		status = axev_capture_file(ledger, &file, ret_draft, &err);
	}
	if (status >= 0 && axev_draft_holds_login(*ret_draft))
		fputs(cli_text(cli_lang(NULL),
			       "axev: 证据包中仍有登录状态的内容 (见 source.login): 移交前请先退出登录\n",
			       "axev: the package holds parts of a login state (source.login): log out before it is handed on\n"),
		      stderr);
	return status < 0 ? cli_fail(&err, status) : EXIT_DONE;
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
	if (options->recheck_of)
		return cli_usage("capture", "expected --recheck-of with one URL, not with a list");
	options->list.is_json = options->sealing.is_json;
	return capture_list_run(&options->list, run_one, options);
}

int cmd_capture(int argc, char **argv)
{
	struct capture_options options = { .web = AXEV_WEB_OPTS_INIT, .list = CAPTURE_LIST_INIT, .db = AXEV_DB_OPTS_INIT,
					   .handover = AXEV_HANDOVER_INIT };
	int code = parse(argc, argv, &options);

	if (code != -1)
		return code == -2 ? EXIT_DONE : code;
	argc -= optind;
	argv += optind;
	if (options.list.path)
		return run_list(&options, argc, argv);
	if (argc < 2)
		return cli_usage("capture", "expected a kind (web, file or db) and what to capture");
	if (strcmp(argv[0], "web") != 0 && strcmp(argv[0], "file") != 0 && strcmp(argv[0], "db") != 0)
		return cli_usage("capture", "unknown kind '%.20s': this version captures web, file and db", argv[0]);
	if (strcmp(argv[0], "db") == 0 && argc != 2)
		return cli_usage("capture", "expected one database");
	if (strcmp(argv[0], "web") == 0 && argc != 2)
		return cli_usage("capture", "expected one URL");
	return run(&options, argc, argv);
}
