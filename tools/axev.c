/* SPDX-License-Identifier: Apache-2.0 */
/* axev: one table of verbs, each in a cmd_*.c of its own that uses public headers only. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const struct cli_verb verbs[] = {
	{ "init", cmd_init, "建立账本", "make a ledger" },
	{ "capture", cmd_capture, "提取网页或文件", "capture a web page or files" },
	{ "seal", cmd_seal, "封存草稿, 或补时间戳", "seal a draft, or add a late time-stamp" },
	{ "abandon", cmd_abandon, "放弃草稿 (记入账本)", "give up a draft (logged)" },
	{ "list", cmd_list, "列出证据包", "list packages" },
	{ "show", cmd_show, "显示一个证据包", "show one package" },
	{ "case", cmd_case, "查看或指定案件编号", "show or assign a case number" },
	{ "export", cmd_export, "导出卷宗包", "export a bundle" },
	{ "disclose", cmd_disclose, "披露部分记录, 遮盖其余", "show some records, withhold the rest" },
	{ "erase", cmd_erase, "删除证据包内容, 以披露件代替 (记入账本)", "remove a package's bytes, disclosures stay (logged)" },
	{ "verify", cmd_verify, "核验", "verify a package or bundle" },
	{ "compare", cmd_compare, "比对两次提取", "compare two captures" },
	{ "print", cmd_print, "打印为 PDF", "print as PDF" },
	{ "proof", cmd_proof, "为某些行或单元格出具证明", "prove rows or single cells" },
	{ "policy", cmd_policy, "选择信任", "choose whom to trust" },
	{ "ledger", cmd_ledger, "账本状态与检查", "ledger status, check, prove" },
	{ "tsa", cmd_tsa, "提供内置时间戳服务", "serve the embedded authority" },
};

static int help(const char *lang)
{
	size_t i;

	puts(cli_text(lang, "用法: axev VERB ...   (各命令另有 --help)",
		      "usage: axev VERB ...   (each verb has --help)"));
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		printf("  %-8s  %s\n", verbs[i].name,
		       cli_text(lang, verbs[i].summary_zh, verbs[i].summary_en));
	puts(cli_text(lang, "证明本机于该时刻收到并如此显示; 不证明内容属实。",
		      "It proves what this machine received and showed; not that it is true."));
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 2)
		return cli_usage(NULL, "expected a verb");
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
		return help(cli_lang(NULL));
	if (strcmp(argv[1], "--version") == 0) {
		printf("axev %s\n", axev_version());
		return EXIT_DONE;
	}
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(argc - 1, argv + 1);
	return cli_usage(NULL, "unknown verb '%.40s'", argv[1]);
}
