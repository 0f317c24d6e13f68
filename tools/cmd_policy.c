/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

#define MAX_FILE 65536

static const char usage[] =
	"usage: axev policy add FILE --policy P [--for WHAT] [--name N]\n"
	"\n"
	"Trusts a certificate (PEM or DER) or a ledger key. Shows the fingerprint:\n"
	"compare it with a stamped letter before you rely on it.\n"
	"\n"
	"  --policy P     policy file, made when it does not exist\n"
	"  --for WHAT     signer (default), time (authority), ledger (key),\n"
	"                 tls (root of web servers), ct-log (key of a\n"
	"                 Certificate Transparency log)\n"
	"  --name N       label for people\n";

static int read_file(const char *path, char *data, size_t *ret_size)
{
	FILE *in = fopen(path, "re");

	if (!in) {
		fprintf(stderr, "axev: %s: cannot be opened\n", path);
		return EXIT_ENVIRONMENT;
	}
	*ret_size = fread(data, 1, MAX_FILE, in);
	fclose(in);
	return EXIT_DONE;
}

static void print_fingerprint(const axev_id *fingerprint)
{
	int i;

	for (i = 0; i < 32; i++)
		printf("%s%02X", i ? ":" : "", fingerprint->bytes[i]);
	putchar('\n');
}

static int add(const char *file, const char *policy_path, int trust, const char *name)
{
	static char data[MAX_FILE];
	axev_error err = AXEV_ERROR_INIT;
	axev_policy *policy = NULL;
	axev_id fingerprint;
	size_t size = 0;
	int code = read_file(file, data, &size), status;

	if (code != EXIT_DONE)
		return code;
	status = axev_policy_open(policy_path, &policy, &err);
	if (status == AXEV_E_NOTFOUND) {
		axev_error_clear(&err);
		status = axev_policy_new(&policy, &err);
	}
	if (status >= 0)
		status = axev_policy_add(policy, trust, data, size, name, &fingerprint, &err);
	if (status >= 0)
		status = axev_policy_save(policy, policy_path, &err);
	axev_policy_free(policy);
	if (status < 0)
		return cli_fail(&err, status);
	fputs(cli_text(cli_lang(NULL), "已信任。请与盖章书面材料比对指纹 (SHA-256):\n",
		       "trusted. Compare this fingerprint (SHA-256) with a stamped letter:\n"),
	      stdout);
	print_fingerprint(&fingerprint);
	return EXIT_DONE;
}

static int trust_of(const char *text)
{
	if (strcmp(text, "signer") == 0)
		return AXEV_TRUST_SIGNER;
	if (strcmp(text, "time") == 0)
		return AXEV_TRUST_TIMESTAMP;
	if (strcmp(text, "tls") == 0)
		return AXEV_TRUST_TLS_ROOT;
	if (strcmp(text, "ct-log") == 0)
		return AXEV_TRUST_CT_LOG;
	return strcmp(text, "ledger") == 0 ? AXEV_TRUST_LEDGER : 0;
}

int cmd_policy(int argc, char **argv)
{
	const char *policy_path = NULL, *name = NULL, *what = "signer";
	const struct cli_option known[] = {
		{ "policy", .text = &policy_path },
		{ "for", .text = &what },
		{ "name", .text = &name },
		{ 0 },
	};
	int trust, code;

	if (!cli_options("policy", usage, known, argc, argv, &code))
		return code;
	trust = trust_of(what);
	if (argc - optind != 2 || strcmp(argv[optind], "add") != 0 || !policy_path || !trust)
		return cli_usage("policy", "expected: add FILE --policy P [--for WHAT]");
	return add(argv[optind + 1], policy_path, trust, name);
}
