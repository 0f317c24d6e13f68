/* SPDX-License-Identifier: Apache-2.0 */
/* What will be lost is said before it is asked for: nothing brings it back. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

#define MAX_DISCLOSURES 24
#define MAX_SETS 1000
#define TYPED_DIGITS 8

static const char usage[] =
	"usage: axev erase ID --disclosure ID --approver NAME --ground TEXT [options]\n"
	"       axev erase ID [--ledger DIR] [--json]\n"
	"\n"
	"Removes the bytes of a sealed package from the ledger's store. Disclosures of\n"
	"it, sealed before, stand in its place, and the ledger says so. It cannot be\n"
	"undone: what they withhold is lost. Says first what goes and what stays, then\n"
	"asks. Of a package that was erased already, removes what is here all the same.\n"
	"\n"
	"  --disclosure ID       stays in its place; may be given again\n"
	"  --without-set NAME    a record set that no disclosure shows goes wholly;\n"
	"                        may be given again\n"
	"  --approver NAME       who approved it; the ledger gets a commitment only\n"
	"  --ground TEXT         the legal ground; likewise\n"
	"  --policy P            the disclosures must be valid under it (else: unchanged)\n"
	"  --yes                 do not ask\n"
	"  --ledger DIR          ledger (default: AXEV_LEDGER)\n"
	"  --json                one JSON object on stdout\n";

struct options {
	const char *ledger_path, *policy_path;
	const char *disclosures[MAX_DISCLOSURES];
	axev_id ids[MAX_DISCLOSURES];
	const char *without[MAX_SETS];
	axev_erase_opts opts;
	int is_yes, is_json;
};

/* ---- before ---- */

static void tell_set(const axev_erase_set *set, const char *lang)
{
	if (set->disclosures == 0)
		fprintf(stderr,
			cli_text(lang, "  %s: 记录 %" PRIu64 ", 全部删除, 没有披露件\n",
				 "  %s: records %" PRIu64 ", gone wholly, in no disclosure\n"),
			set->name, set->records);
	else
		fprintf(stderr,
			cli_text(lang, "  %s: 记录 %" PRIu64 "; 披露件 %zu 件, 出示记录 %" PRIu64 ", 单元格 %" PRIu64 ", 其余删除\n",
				 "  %s: records %" PRIu64 "; disclosures %zu, showing records %" PRIu64 ", cells %" PRIu64 "; the rest goes\n"),
			set->name, set->records, set->disclosures, set->shown_records, set->shown_cells);
}

static void tell_time(const axev_erase_plan *plan, const char *lang)
{
	if (plan->has_late_time)
		fputs(cli_text(lang, "原证据包的时间戳是封存后补的: 它留在账本中 (attest/), 但不在披露件里\n",
			       "its time-stamp came after the seal: it stays in the ledger (attest/), the disclosures do not have it\n"),
		      stderr);
	if (plan->is_time_pending)
		fputs(cli_text(lang, "原证据包没有时间戳, 删除后不能再补 (axev seal --complete)\n",
			       "it has no time-stamp, and none can be had afterwards (axev seal --complete)\n"),
		      stderr);
}

static void tell_others(const axev_erase_plan *plan, const char *lang)
{
	char id[65];
	size_t i;

	for (i = 0; i < plan->other_count; i++) {
		cli_hex(plan->other_disclosures[i].bytes, 32, id);
		fprintf(stderr,
			cli_text(lang, "另一披露件 %s 不受影响, 其出示的内容仍在账本中\n",
				 "another disclosure of it, %s, stays: what it shows is still in the ledger\n"),
			id);
	}
}

static void tell_plan(const axev_erase_plan *plan, const char *lang)
{
	char id[65];
	size_t i;

	cli_hex(plan->id.bytes, 32, id);
	fprintf(stderr,
		cli_text(lang, "将删除: 证据包 %s (%" PRIu64 " 字节, 账本条目 %" PRIu64 ")\n",
			 "to be erased: package %s (%" PRIu64 " bytes, ledger entry %" PRIu64 ")\n"),
		id, plan->package_bytes, plan->sealed_index);
	for (i = 0; i < plan->set_count; i++)
		tell_set(&plan->sets[i], lang);
	tell_others(plan, lang);
	tell_time(plan, lang);
	fputs(cli_text(lang,
		       "不可恢复: 原证据包此后不能再整体核验、导出、打印或另行披露; 被遮盖的内容及其盐值、视图、所提取的文件、案情与人员记录一并失去\n"
		       "保留: 披露件内原证据包的证据说明 (库表名、列名、语句及其参数、数据库地址)、摘要、签名, 以及账本条目\n"
		       "不及于: 已交出的卷宗包和证明、同一数据的其他提取、镜像、已推送的存储、备份与快照; 文件只是解除链接, 未被覆写, 存储介质 (固态盘、日志、写时复制) 上可能仍有残留\n"
		       "是否另有保存义务 (证据保全、诉讼、档案期限), 本工具无从知晓, 请先确认\n",
		       "for ever: the original can never again be verified whole, exported, printed or disclosed further; what is\n"
		       "  withheld, its salts, the views, the files captured, the facts of case and persons are gone with it\n"
		       "stays: the original's manifest in the disclosures (names of tables and columns, statements with their\n"
		       "  parameters, the database's address), digests, signatures, and the ledger's entries\n"
		       "not reached: bundles and proofs handed out, other captures of the same data, mirrors, pushed stores, backups,\n"
		       "  snapshots; files are unlinked, not overwritten: the medium (flash, journal, copy on write) may still hold them\n"
		       "whether something else obliges you to keep it (a legal hold, a lawsuit, terms of the archive) is not known here\n"),
	      stderr);
}

/* The first digits of the id, typed on the terminal; a pipe confirms nothing. */
static int is_typed(const axev_id *id, const char *lang)
{
	char expected[65], line[80] = "";
	FILE *terminal = fopen("/dev/tty", "r+e");

	if (!terminal)
		return 0;
	cli_hex(id->bytes, 32, expected);
	expected[TYPED_DIGITS] = '\0';
	fprintf(terminal,
		cli_text(lang, "确认删除请键入证据包编号的前 %d 位: ", "to erase it, type the first %d digits of its id: "),
		TYPED_DIGITS);
	fflush(terminal);
	if (!fgets(line, sizeof(line), terminal))
		line[0] = '\0';
	fclose(terminal);
	line[strcspn(line, "\r\n")] = '\0';
	return strcmp(line, expected) == 0;
}

static int on_confirm(void *payload, const axev_erase_plan *plan)
{
	const struct options *options = payload;
	const char *lang = cli_lang(NULL);

	tell_plan(plan, lang);
	return options->is_yes || is_typed(&plan->id, lang) ? 0 : -1;
}

/* ---- after ---- */

static void print_json(const axev_id *id, const axev_erase_result *result, const char *erasure)
{
	char hex[65];

	cli_hex(id->bytes, 32, hex);
	printf("{\"id\":\"%s\",\"state\":\"erased\",\"was_erased\":%s,\"files_removed\":%" PRIu64 ",\"other_links\":%" PRIu64
	       ",\"erasure\":%s}\n",
	       hex, result->was_erased ? "true" : "false", result->files_removed, result->other_links, erasure);
}

static void print_text(const axev_id *id, const axev_erase_result *result)
{
	const char *lang = cli_lang(NULL);
	char hex[65];

	cli_hex(id->bytes, 32, hex);
	if (!result->was_erased)
		printf(cli_text(lang, "已删除: %s, 账本条目 %" PRIu64 ", 文件 %" PRIu64 "\n",
				"erased: %s, ledger entry %" PRIu64 ", %" PRIu64 " files\n"),
		       hex, result->erased_index, result->files_removed);
	else if (result->files_removed)
		printf(cli_text(lang, "此前已删除 (账本条目 %2$" PRIu64 "), 但文件仍在: 现已移除 %3$" PRIu64 " 个: %1$s\n",
				"%1$s: was erased already (ledger entry %2$" PRIu64 "), but %3$" PRIu64 " files were here: removed now\n"),
		       hex, result->erased_index, result->files_removed);
	else
		printf(cli_text(lang, "此前已删除 (账本条目 %2$" PRIu64 "), 文件已不在: %1$s\n",
				"%1$s: was erased already (ledger entry %2$" PRIu64 "), nothing of it is here\n"),
		       hex, result->erased_index);
	if (result->other_links)
		printf(cli_text(lang, "注意: 该文件另有 %" PRIu64 " 个硬链接, 其内容仍在\n",
				"note: the file has %" PRIu64 " other names (hard links), which keep its bytes\n"),
		       result->other_links);
	puts(cli_text(lang, "批准人与依据存于账本目录的 erasures/, 账本中仅有加盐承诺",
		      "who approved it and the ground are kept in erasures/; the ledger has a salted commitment"));
}

static int tell(axev_ledger *ledger, const axev_id *id, const axev_erase_result *result, int is_json)
{
	axev_error err = AXEV_ERROR_INIT;
	char *erasure = NULL;
	int status;

	if (!is_json) {
		print_text(id, result);
		return EXIT_DONE;
	}
	status = axev_erasure(ledger, id, &erasure, &err);
	if (status < 0)
		return cli_fail(&err, status);
	print_json(id, result, erasure);
	axev_text_free(erasure);
	return EXIT_DONE;
}

/* ---- */

static int find_disclosures(axev_ledger *ledger, struct options *options)
{
	size_t i;

	for (i = 0; i < options->opts.disclosure_count; i++) {
		axev_ledger_package package = { .size = sizeof(package) };
		int code = cli_find(ledger, options->disclosures[i], &package);

		if (code != EXIT_DONE)
			return code;
		options->ids[i] = package.id;
	}
	return EXIT_DONE;
}

static int erase(axev_ledger *ledger, const axev_ledger_package *package, struct options *options)
{
	axev_erase_result result = { .size = sizeof(result) };
	axev_error err = AXEV_ERROR_INIT;
	axev_policy *policy = NULL;
	int status = AXEV_OK;

	if (package->erased_index == UINT64_MAX &&
	    (options->opts.disclosure_count == 0 || !options->opts.approver || !options->opts.ground))
		return cli_usage("erase", "not erased yet: expected --disclosure, --approver and --ground");
	if (options->policy_path)
		status = axev_policy_open(options->policy_path, &policy, &err);
	options->opts.policy = policy;
	if (status >= 0)
		status = axev_erase(ledger, &package->id, &options->opts, &result, &err);
	axev_policy_free(policy);
	if (status == AXEV_E_CANCELLED)
		return cli_usage("erase", "nothing was erased: expected the digits, typed on a terminal, or --yes");
	return status < 0 ? cli_fail(&err, status) : tell(ledger, &package->id, &result, options->is_json);
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
		code = find_disclosures(ledger, options);
	if (code == EXIT_DONE)
		code = erase(ledger, &package, options);
	axev_ledger_close(ledger);
	return code;
}

/* -1: go on. */
static int take_option(struct options *options, int option)
{
	switch (option) {
	case 'd':
		if (options->opts.disclosure_count == MAX_DISCLOSURES)
			return cli_usage("erase", "expected at most %d disclosures", MAX_DISCLOSURES);
		options->disclosures[options->opts.disclosure_count++] = optarg;
		return -1;
	case 'w':
		if (options->opts.without_set_count == MAX_SETS)
			return cli_usage("erase", "expected at most %d record sets", MAX_SETS);
		options->without[options->opts.without_set_count++] = optarg;
		return -1;
	case 'a':
		options->opts.approver = optarg;
		return -1;
	case 'g':
		options->opts.ground = optarg;
		return -1;
	case 'p':
		options->policy_path = optarg;
		return -1;
	case 'l':
		options->ledger_path = optarg;
		return -1;
	case 'y':
		options->is_yes = 1;
		return -1;
	case 'j':
		options->is_json = 1;
		return -1;
	case 'h':
		fputs(usage, stdout);
		return EXIT_DONE;
	default:
		return cli_usage("erase", "unknown option or missing value");
	}
}

int cmd_erase(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "disclosure", required_argument, NULL, 'd' }, { "without-set", required_argument, NULL, 'w' },
		{ "approver", required_argument, NULL, 'a' },	{ "ground", required_argument, NULL, 'g' },
		{ "policy", required_argument, NULL, 'p' },	{ "ledger", required_argument, NULL, 'l' },
		{ "yes", no_argument, NULL, 'y' },		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },		{ 0 },
	};
	static struct options options = { .opts = AXEV_ERASE_OPTS_INIT };
	int option, code;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		code = take_option(&options, option);
		if (code >= 0)
			return code;
	}
	if (argc - optind != 1)
		return cli_usage("erase", "expected one package id");
	options.opts.disclosures = options.ids;
	options.opts.without_sets = options.without;
	options.opts.confirm = on_confirm;
	options.opts.confirm_payload = &options;
	return run(argv[optind], &options);
}
