/* SPDX-License-Identifier: Apache-2.0 */
/* The notary's and the court's tool: one file in, the report out. Offline, made of the core alone. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ax_evidence/verify.h>
#include <ax_evidence/version.h>

enum {
	EXIT_VALID = 0,
	EXIT_INVALID = 1,
	EXIT_USAGE = 2,
	EXIT_ENVIRONMENT = 3,
	EXIT_INDETERMINATE = 4
};

static const char usage[] =
	"usage: axev-verify FILE [--policy P] [--at TIME] [--json] [--full]\n"
	"                   [--lang zh|en] [--help] [--version]\n"
	"       axev-verify PROOF.json --package FILE [options]\n"
	"       axev-verify PROOF.json --root HEX [options]\n"
	"\n"
	"Verifies an evidence package or bundle, offline.\n"
	"\n"
	"  --policy P      whom to trust; none: every identity is \"not chosen yet\"\n"
	"  --at TIME       verify as of 2026-11-24 or 2026-11-24T08:00:00Z\n"
	"  --package FILE  the package that a proof of records came from\n"
	"  --root HEX      root of the record set, when the package is not at hand\n"
	"  --json          one JSON object, schema ax-report/1\n"
	"  --full          every check with the stock command that repeats it\n"
	"  --lang zh|en    language of the report (default: from the locale)\n"
	"\n"
	"Exit: 0 valid, 1 invalid, 2 usage, 3 environment, 4 indeterminate.\n";

struct options {
	const char *file, *package, *policy, *lang;
	unsigned char root[32];
	int has_root;
	int64_t at_unix_ns;
	int is_json, is_full;
};

static int fail_usage(const char *message)
{
	fprintf(stderr, "axev-verify: %s (see axev-verify --help)\n", message);
	return EXIT_USAGE;
}

static int fail(const axev_error *err, int status)
{
	char text[1100];

	axev_error_text(err, text, sizeof(text));
	fprintf(stderr, "axev-verify: %s\n", text);
	return status == AXEV_E_FORMAT || status == AXEV_E_LIMIT ? EXIT_INVALID : EXIT_ENVIRONMENT;
}

static const char *locale_lang(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strncmp(value, "zh", 2) == 0 ? "zh" : "en";
	}
	return "en";
}

static int parse_time(const char *text, int64_t *ret_unix_ns)
{
	static const char *const forms[] = { "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d" };
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm tm = { 0 };
		const char *end = strptime(text, forms[i], &tm);

		if (!end || *end || tm.tm_year < 70 || tm.tm_year > 361)
			continue;
		*ret_unix_ns = (int64_t)timegm(&tm) * 1000000000;
		return *ret_unix_ns > 0;
	}
	return 0;
}

static int parse_root(const char *text, unsigned char out[32])
{
	int i, used;

	for (i = 0; i < 32; i++, text += 2)
		if (strspn(text, "0123456789abcdef") < 2 || sscanf(text, "%2hhx%n", &out[i], &used) != 1 || used != 2)
			return 0;
	return !*text;
}

/* A proof of records is no container: without the root it leads to there is no answer at all. */
static int is_json(const char *path)
{
	FILE *file = fopen(path, "rb");
	int first = file ? getc(file) : EOF;

	if (file)
		fclose(file);
	return first == '{';
}

static int print(const axev_report *report, const struct options *options)
{
	axev_error err = AXEV_ERROR_INIT;
	char *text = NULL;
	int status = options->is_json ?
			     axev_report_json(report, &text, &err) :
			     axev_report_text(report, options->lang, options->is_full, &text, &err);

	if (status < 0)
		return fail(&err, AXEV_E_IO);
	fputs(text, stdout);
	axev_text_free(text);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "axev-verify: the report could not be written\n");
		return EXIT_ENVIRONMENT;
	}
	switch (axev_report_verdict(report)) {
	case AXEV_VERDICT_VALID:
		return EXIT_VALID;
	case AXEV_VERDICT_INVALID:
		return EXIT_INVALID;
	default:
		return EXIT_INDETERMINATE;
	}
}

static int run(const struct options *options)
{
	axev_verify_opts opts = AXEV_VERIFY_OPTS_INIT;
	axev_error err = AXEV_ERROR_INIT;
	axev_policy *policy = NULL;
	axev_report *report = NULL;
	int status, code;

	opts.at_unix_ns = options->at_unix_ns;
	/* A policy that cannot be read is the verifier's own affair, never a verdict on the evidence. */
	if (options->policy && axev_policy_open(options->policy, &policy, &err) < 0)
		return fail(&err, AXEV_E_IO);
	status = options->package || options->has_root ?
			 axev_verify_record_proof(options->file, options->package,
						  options->has_root ? options->root : NULL, policy, &opts, &report,
						  &err) :
			 axev_verify_file(options->file, policy, &opts, &report, &err);
	code = report ? print(report, options) : fail(&err, status);
	axev_report_free(report);
	axev_policy_free(policy);
	return code;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "policy", required_argument, NULL, 'p' }, { "at", required_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'j' },	    { "full", no_argument, NULL, 'f' },
		{ "lang", required_argument, NULL, 'l' },   { "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },	    { "package", required_argument, NULL, 'k' },
		{ "root", required_argument, NULL, 'r' },   { NULL, 0, NULL, 0 },
	};
	struct options options = { .lang = locale_lang() };
	int option;

	/* No local configuration of OpenSSL has a say in a verdict, not even by being read. */
	if (setenv("OPENSSL_CONF", "/dev/null", 1) != 0)
		return EXIT_ENVIRONMENT;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (option) {
		case 'p':
			options.policy = optarg;
			break;
		case 'a':
			if (!parse_time(optarg, &options.at_unix_ns))
				return fail_usage("--at: expected 2026-11-24 or 2026-11-24T08:00:00Z");
			break;
		case 'k':
			options.package = optarg;
			break;
		case 'r':
			options.has_root = 1;
			if (!parse_root(optarg, options.root))
				return fail_usage("--root: expected 64 digits of lower-case hexadecimal");
			break;
		case 'j':
			options.is_json = 1;
			break;
		case 'f':
			options.is_full = 1;
			break;
		case 'l':
			if (strcmp(optarg, "zh") != 0 && strcmp(optarg, "en") != 0)
				return fail_usage("--lang: expected zh or en");
			options.lang = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_VALID;
		case 'v':
			puts("axev-verify " AXEV_VERSION_STRING);
			return EXIT_VALID;
		default:
			return fail_usage("unknown option, or its value is missing");
		}
	}
	if (argc - optind != 1)
		return fail_usage("expected one FILE");
	options.file = argv[optind];
	if (options.package && options.has_root)
		return fail_usage("expected --package or --root, not both");
	if (!options.package && !options.has_root && is_json(options.file))
		return fail_usage("a proof of records is verified with --package or --root");
	return run(&options);
}
