/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const char list_usage[] =
	"usage: axev list [--ledger DIR] [--json]\n"
	"\n"
	"Lists packages in the order of capture. JSON has \"packages\".\n";
static const char show_usage[] =
	"usage: axev show ID [--ledger DIR] [--json]\n"
	"\n"
	"Shows what the ledger knows of one package.\n";

struct listing {
	int is_json;
	size_t count;
	const char *lang;
};

static const char *state_of(const axev_ledger_package *package)
{
	if (package->is_abandoned)
		return "abandoned";
	if (package->sealed_index == UINT64_MAX)
		return "captured";
	if (package->erased_index != UINT64_MAX)
		return "erased";
	return package->is_time_pending ? "sealed, time pending" : "sealed";
}

static const char *state_zh(const axev_ledger_package *package)
{
	if (package->is_abandoned)
		return "已放弃";
	if (package->sealed_index == UINT64_MAX)
		return "已提取, 未封存";
	if (package->erased_index != UINT64_MAX)
		return "已删除, 以披露件代替";
	return package->is_time_pending ? "已封存, 时间待补" : "已封存";
}

/* @erasure: JSON, or NULL. */
static void print_json(const axev_ledger_package *package, const char *erasure)
{
	char id[65], sha256[65], time[32];

	cli_hex(package->id.bytes, 32, id);
	cli_hex(package->package_sha256, 32, sha256);
	cli_time(package->captured_unix_ns, time);
	printf("{\"id\":\"%s\",\"state\":\"%s\",\"captured\":\"%s\",\"captured_entry\":%" PRIu64, id,
	       state_of(package), time, package->captured_index);
	if (package->sealed_index != UINT64_MAX)
		printf(",\"sealed_entry\":%" PRIu64 ",\"package_sha256\":\"%s\",\"package_bytes\":%" PRIu64,
		       package->sealed_index, sha256, package->package_bytes);
	if (package->erased_index != UINT64_MAX)
		printf(",\"erased_entry\":%" PRIu64, package->erased_index);
	if (erasure)
		printf(",\"erasure\":%s", erasure);
	putchar('}');
}

static int on_package(void *payload, const axev_ledger_package *package)
{
	struct listing *listing = payload;
	char id[65], time[32];

	if (listing->is_json) {
		fputs(listing->count ? "," : "{\"packages\":[", stdout);
		print_json(package, NULL);
	} else {
		cli_hex(package->id.bytes, 32, id);
		cli_time(package->captured_unix_ns, time);
		printf("%.16s  %s  %12" PRIu64 "  %s\n", id, time, package->package_bytes,
		       cli_text(listing->lang, state_zh(package), state_of(package)));
	}
	listing->count++;
	return 0;
}

/* The options that list and show have in common; -1: go on. */
static int parse(int argc, char **argv, const char *usage, const char **ledger_path, int *is_json)
{
	static const struct option options[] = {
		{ "ledger", required_argument, NULL, 'l' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return EXIT_DONE;
		}
		if (option == 'l')
			*ledger_path = optarg;
		else if (option == 'j')
			*is_json = 1;
		else
			return cli_usage(argv[0], "unknown option or missing value");
	}
	return -1;
}

int cmd_list(int argc, char **argv)
{
	struct listing listing = { .lang = cli_lang(NULL) };
	const char *ledger_path = NULL;
	axev_error err = AXEV_ERROR_INIT;
	axev_ledger *ledger;
	int code = parse(argc, argv, list_usage, &ledger_path, &listing.is_json), status;

	if (code >= 0)
		return code;
	ledger = cli_open_ledger(ledger_path, &code);
	if (!ledger)
		return code;
	status = axev_ledger_list(ledger, on_package, &listing, &err);
	/* Nothing that reads like "no packages" when the ledger could not be read. */
	if (listing.is_json && status >= 0)
		puts(listing.count ? "]}" : "{\"packages\":[]}");
	axev_ledger_close(ledger);
	return status < 0 ? cli_fail(&err, status) : EXIT_DONE;
}

static void show(const axev_ledger_package *package, const char *lang)
{
	char id[65], sha256[65], time[32];

	cli_hex(package->id.bytes, 32, id);
	cli_hex(package->package_sha256, 32, sha256);
	cli_time(package->captured_unix_ns, time);
	printf("%s: %s\n", cli_text(lang, "证据包编号", "package id"), id);
	printf("%s: %s\n", cli_text(lang, "状态", "state"),
	       cli_text(lang, state_zh(package), state_of(package)));
	printf("%s: %s, %s %" PRIu64 "\n", cli_text(lang, "提取 (账本记载)", "captured (as the ledger says)"),
	       time, cli_text(lang, "条目", "entry"), package->captured_index);
	if (package->sealed_index == UINT64_MAX)
		return;
	printf("%s: %s %" PRIu64 "\n", cli_text(lang, "封存", "sealed"), cli_text(lang, "条目", "entry"),
	       package->sealed_index);
	printf("SHA-256: %s, %" PRIu64 " %s\n", sha256, package->package_bytes,
	       cli_text(lang, "字节", "bytes"));
}

/* Disclosures out of the erasure's JSON, which the library wrote: ids of 64 digits in quotes. */
static void show_erased(const axev_ledger_package *package, const char *erasure, const char *lang)
{
	const char *at = strstr(erasure, "\"disclosures\":["), *end;

	printf("%s: %s %" PRIu64 "\n", cli_text(lang, "删除", "erased"), cli_text(lang, "条目", "entry"), package->erased_index);
	end = at ? strchr(at, ']') : NULL;
	for (at = at ? strchr(at, '[') : NULL; at && end && at < end; at = strchr(at + 1, ',')) {
		if (at + 66 > end)
			break;
		printf("%s: %.64s\n", cli_text(lang, "代替的披露件", "in its place, disclosure"), at + 2);
	}
}

static int show_package(axev_ledger *ledger, const axev_ledger_package *package, int is_json)
{
	axev_error err = AXEV_ERROR_INIT;
	char *erasure = NULL;
	int status = package->erased_index == UINT64_MAX ? AXEV_OK : axev_erasure(ledger, &package->id, &erasure, &err);

	if (status < 0)
		return cli_fail(&err, status);
	if (is_json) {
		print_json(package, erasure);
		putchar('\n');
	} else {
		show(package, cli_lang(NULL));
		if (erasure)
			show_erased(package, erasure, cli_lang(NULL));
	}
	axev_text_free(erasure);
	return EXIT_DONE;
}

int cmd_show(int argc, char **argv)
{
	axev_ledger_package package = { .size = sizeof(package) };
	const char *ledger_path = NULL;
	int is_json = 0, code = parse(argc, argv, show_usage, &ledger_path, &is_json);
	axev_ledger *ledger;

	if (code >= 0)
		return code;
	if (argc - optind != 1)
		return cli_usage("show", "expected one package id");
	ledger = cli_open_ledger(ledger_path, &code);
	if (!ledger)
		return code;
	code = cli_find(ledger, argv[optind], &package);
	if (code == EXIT_DONE)
		code = show_package(ledger, &package, is_json);
	axev_ledger_close(ledger);
	return code;
}
