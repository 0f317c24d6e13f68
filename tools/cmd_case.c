/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "cli.h"

#define MAX_IDS 40

static const char usage[] =
	"usage: axev case ID [--ledger DIR] [--json]\n"
	"       axev case ID... --assign CASE-NUMBER [--ledger DIR] [--json]\n"
	"\n"
	"Shows the case number that was assigned to a package after it was taken, or\n"
	"assigns one. The ledger gets a salted commitment only; number and salt are kept\n"
	"in cases/ beside the repository. JSON has what is needed to show somebody that\n"
	"this number was assigned: salt, entry and proof.\n"
	"\n"
	"  --assign CASE-NUMBER  the number; a later one replaces it, both stay logged\n"
	"  --ledger DIR          ledger (default: AXEV_LEDGER)\n"
	"  --json                one JSON object\n";

static void print_case(const char *number, const char *json, int is_json)
{
	const char *lang = cli_lang(NULL);

	if (is_json) {
		puts(json);
		return;
	}
	printf("%s: %s\n", cli_text(lang, "案件编号", "case number"), number);
	puts(cli_text(lang, "账本中仅有加盐承诺; 编号与盐值存于账本目录的 cases/",
		      "the ledger has a salted commitment; number and salt are kept in cases/"));
}

static int none_assigned(int is_json)
{
	if (is_json)
		puts("{\"case_number\":\"\"}");
	else
		puts(cli_text(cli_lang(NULL), "未指定案件编号", "no case number was assigned"));
	return EXIT_DONE;
}

static int run(axev_ledger *ledger, const char *number, int is_json, int count, char **words)
{
	axev_error err = AXEV_ERROR_INIT;
	axev_id ids[MAX_IDS];
	char *json = NULL, *kept = NULL;
	int i, status;

	for (i = 0; i < count; i++) {
		axev_ledger_package package = { .size = sizeof(package) };
		int code = cli_find(ledger, words[i], &package);

		if (code != EXIT_DONE)
			return code;
		ids[i] = package.id;
	}
	if (number)
		status = axev_ledger_assign_case(ledger, ids, (size_t)count, number, &json, &err);
	else
		status = axev_ledger_case(ledger, &ids[0], &kept, &json, &err);
	if (status == AXEV_E_NOTFOUND && !number)
		return none_assigned(is_json);
	if (status < 0)
		return cli_fail(&err, status);
	print_case(number ? number : kept, json, is_json);
	axev_text_free(json);
	axev_text_free(kept);
	return EXIT_DONE;
}

int cmd_case(int argc, char **argv)
{
	const char *ledger_path = NULL, *number = NULL;
	int is_json = 0, code;
	const struct cli_option known[] = {
		{ "assign", .text = &number },
		{ "ledger", .text = &ledger_path },
		{ "json", .on = &is_json },
		{ 0 },
	};
	axev_ledger *ledger;

	if (!cli_options("case", usage, known, argc, argv, &code))
		return code;
	if (argc - optind < 1 || argc - optind > (number ? MAX_IDS : 1))
		return cli_usage("case", number ? "expected 1 to 40 package ids" : "expected one package id");
	ledger = cli_open_ledger(ledger_path, &code);
	if (!ledger)
		return code;
	code = run(ledger, number, is_json, argc - optind, argv + optind);
	axev_ledger_close(ledger);
	return code;
}
