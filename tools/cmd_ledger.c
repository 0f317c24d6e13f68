/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static const char usage[] =
	"usage: axev ledger status|check|prove ID [--ledger DIR] [--json]\n"
	"\n"
	"  status   size and newest checkpoint\n"
	"  check    re-compute everything: entries, tiles, roots, signatures, packages\n"
	"  prove    the C2SP tlog-proof of a package's sealed entry\n";

static int status_of(axev_ledger *ledger, int is_json)
{
	axev_error err = AXEV_ERROR_INIT;
	char *note = NULL;
	int status = axev_ledger_checkpoint(ledger, &note, &err);

	if (status < 0)
		return cli_fail(&err, status);
	if (is_json) {
		printf("{\"size\":%" PRIu64 ",\"checkpoint\":", axev_ledger_size(ledger));
		cli_json_string(note);
		puts("}");
	} else {
		printf("%s %" PRIu64 "\n\n%s", cli_text(cli_lang(NULL), "条目数", "entries"),
		       axev_ledger_size(ledger), note);
	}
	axev_text_free(note);
	return EXIT_DONE;
}

static const char *outcome_of(const axev_ledger_check_result *result)
{
	if (result->packages_missing)
		return "packages missing";
	if (result->erased_here)
		return "erased packages here";
	return result->packages_erased ? "whole but for what was erased" : "whole";
}

static void print_check_json(const axev_ledger_check_result *result)
{
	printf("{\"result\":\"%s\",\"entries\":%" PRIu64 ",\"packages\":%" PRIu64
	       ",\"packages_missing\":%" PRIu64 ",\"commits\":%" PRIu64,
	       outcome_of(result), result->entries,
	       result->packages, result->packages_missing, result->commits);
	if (result->packages_missing)
		printf(",\"first_missing_entry\":%" PRIu64, result->first_missing_index);
	printf(",\"packages_erased\":%" PRIu64 ",\"erased_here\":%" PRIu64, result->packages_erased, result->erased_here);
	if (result->erased_here)
		printf(",\"first_erased_here_entry\":%" PRIu64, result->first_erased_here_index);
	puts("}");
}

static void print_erased(const axev_ledger_check_result *result, const char *lang)
{
	if (result->packages_erased)
		printf(cli_text(lang, "已删除 %" PRIu64 ": 依账本条目删除, 以披露件代替; 原件内容未核对, 也不能再核对\n",
				"erased: %" PRIu64 ", by entries that name the disclosures in their place; nothing is said of their content, nor can be\n"),
		       result->packages_erased);
	if (result->erased_here)
		printf(cli_text(lang,
				"依账本已删除, 但文件仍在此: %" PRIu64 ", 首个由条目 %" PRIu64 " 删除; axev erase ID 可完成删除\n",
				"erased according to the ledger, but the files are here: %" PRIu64
				", the first by entry %" PRIu64 "; axev erase ID removes them\n"),
		       result->erased_here, result->first_erased_here_index);
}

static void print_check(const axev_ledger_check_result *result, const char *lang)
{
	printf(cli_text(lang, "账本记录完好: 条目 %" PRIu64 ", 提交 %" PRIu64 "\n",
			"the log is whole: %" PRIu64 " entries, %" PRIu64 " commits\n"),
	       result->entries, result->commits);
	printf(cli_text(lang, "证据包 %" PRIu64 ", 已核对 %" PRIu64 ", 缺失 %" PRIu64 "\n",
			"packages: %" PRIu64 ", of these %" PRIu64 " checked, %" PRIu64 " missing\n"),
	       result->packages, result->packages - result->packages_missing - result->packages_erased,
	       result->packages_missing);
	if (result->packages_missing)
		printf(cli_text(lang, "首个缺失的证据包: 条目 %" PRIu64 "; 请从副本恢复\n",
				"first missing package: entry %" PRIu64 "; restore it from a copy\n"),
		       result->first_missing_index);
	print_erased(result, lang);
}

static int check(axev_ledger *ledger, int is_json)
{
	axev_ledger_check_result result = { .size = sizeof(result) };
	axev_error err = AXEV_ERROR_INIT;
	int status = axev_ledger_check(ledger, &result, &err);

	if (status < 0)
		return cli_fail(&err, status);
	if (is_json)
		print_check_json(&result);
	else
		print_check(&result, cli_lang(NULL));
	/* Nothing can be said of bytes that are not here: not damaged, but not confirmed either. What was erased is to be away. */
	return result.packages_missing || result.erased_here ? EXIT_INDETERMINATE : EXIT_DONE;
}

static int prove(axev_ledger *ledger, const char *id_text)
{
	axev_ledger_package package = { .size = sizeof(package) };
	axev_error err = AXEV_ERROR_INIT;
	char *proof = NULL;
	int code = cli_find(ledger, id_text, &package), status;

	if (code != EXIT_DONE)
		return code;
	status = axev_ledger_prove(ledger,
				   package.sealed_index != UINT64_MAX ? package.sealed_index :
									package.captured_index,
				   &proof, &err);
	if (status < 0)
		return cli_fail(&err, status);
	fputs(proof, stdout);
	axev_text_free(proof);
	return EXIT_DONE;
}

static int run(axev_ledger *ledger, int is_json, int count, char **words)
{
	if (count == 1 && strcmp(words[0], "status") == 0)
		return status_of(ledger, is_json);
	if (count == 1 && strcmp(words[0], "check") == 0)
		return check(ledger, is_json);
	if (count == 2 && strcmp(words[0], "prove") == 0)
		return prove(ledger, words[1]);
	return cli_usage("ledger", "expected status, check, or prove ID");
}

int cmd_ledger(int argc, char **argv)
{
	const char *ledger_path = NULL;
	int is_json = 0, code;
	const struct cli_option known[] = {
		{ "ledger", .text = &ledger_path },
		{ "json", .on = &is_json },
		{ 0 },
	};
	axev_ledger *ledger;

	if (!cli_options("ledger", usage, known, argc, argv, &code))
		return code;
	ledger = cli_open_ledger(ledger_path, &code);
	if (!ledger)
		return code;
	code = run(ledger, is_json, argc - optind, argv + optind);
	axev_ledger_close(ledger);
	return code;
}
