/* SPDX-License-Identifier: Apache-2.0 */
/* The table of cleanliness checks, and the two rounds in which they are made. */
#include "capture/clean/clean.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "base/time.h"
#include "package/worker.h"

/* Order of the printed record. Each runs on a thread of its own: a round takes as long as its slowest check. */
static const struct axev__clean_item items[] = {
	{ "hosts-file", "hosts file", "hosts 文件", "read /etc/hosts", true, false, axev__clean_hosts },
	{ "proxy", "proxies and environment variables", "代理与环境变量",
	  "environment of this process; read /etc/environment and apt's configuration; the browser runs with --no-proxy-server",
	  true, false, axev__clean_proxy },
	{ "trust-store", "certificates trusted beyond the distribution's", "发行版之外受信任的证书",
	  "compare the system's certificate bundle with the distribution's list; list local certificates",
	  true, false, axev__clean_trust },
	{ "resolvers", "name resolution compared", "域名解析比对",
	  "ask the system's and other resolvers for A and AAAA", true, false, axev__clean_resolvers },
	{ "interfaces", "network interfaces and addresses", "网络接口与地址", "getifaddrs", true, false,
	  axev__clean_interfaces },
	{ "gateway", "gateway and its MAC address", "网关及其 MAC 地址",
	  "read /proc/net/route and /proc/net/arp", true, false, axev__clean_gateway },
	{ "route", "route to the site", "到网站的路由",
	  "read /proc/net/route and /proc/net/ipv6_route; run traceroute or tracepath if installed", false,
	  false, axev__clean_route },
	{ "clock", "clock against time servers", "时钟与授时服务器比对", "SNTP (RFC 5905), not authenticated",
	  true, false, axev__clean_clock },
	{ "browser", "browser program", "浏览器程序", "read /proc of the browser's process", false, true,
	  axev__clean_program },
	{ "profile", "browser profile new and empty", "浏览器配置目录为新建空目录",
	  "list the directory before the browser starts", false, true, axev__clean_profile },
	{ "extensions", "no browser extensions", "浏览器无扩展",
	  "command line of the browser's process; list browser policies", false, true,
	  axev__clean_extensions },
	{ "processes", "running programs", "运行中的程序", "read /proc: names of all processes", false, false,
	  axev__clean_processes },
	{ "disk", "storage", "存储", "fstatvfs and /proc/self/mountinfo", false, false, axev__clean_disk },
	{ "antivirus", "malware scanner", "杀毒软件", "clamscan --version", false, false,
	  axev__clean_antivirus },
	{ "self-test", "page with a known answer", "已知答案的自检页",
	  "serve a page made for this capture over TLS to another browser of the same program and options; compare text, picture and data shown, and the bytes recorded",
	  false, false, axev__clean_self_test },
};

static const char *const verdict_names[AXEV__CLEAN_VERDICTS] = {
	"passed", "noted", "failed", "not_reachable", "not_checked",
};

const char *axev__clean_verdict_name(enum axev__clean_verdict verdict)
{
	return verdict_names[verdict];
}

/* ---- what it is about ---- */

/* RFC 3986 3.2.2; the address has been checked to have a host and no user. */
static void split_host(struct axev__clean_asked *asked)
{
	const char *authority = strstr(asked->opts->url, "://") + 3;
	size_t length = strcspn(authority, "/?#"), i;
	const char *colon = authority + (*authority == '[' ? strcspn(authority, "]") : 0);
	uint8_t address[16];

	colon = memchr(colon, ':', length - (size_t)(colon - authority));
	if (colon)
		snprintf(asked->url_port, sizeof(asked->url_port), "%.*s",
			 (int)(length - (size_t)(colon - authority) - 1), colon + 1);
	length = colon ? (size_t)(colon - authority) : length;
	if (*authority == '[' && length >= 2) {
		authority++;
		length -= 2;
	}
	if (length >= sizeof(asked->host))
		length = sizeof(asked->host) - 1;
	for (i = 0; i < length; i++)
		asked->host[i] = (char)tolower((unsigned char)authority[i]);
	asked->host[length] = '\0';
	asked->is_address = inet_pton(AF_INET, asked->host, address) == 1 ||
			    inet_pton(AF_INET6, asked->host, address) == 1;
	asked->is_own_machine = strncmp(asked->host, "127.", 4) == 0 || strcmp(asked->host, "::1") == 0 ||
				strcmp(asked->host, "localhost") == 0 ||
				axev__span_ends(axev__span_str(asked->host), ".localhost");
}

static int ask(struct axev__clean *clean, const axev_web_opts *opts, axev_error *err)
{
	struct axev__clean_asked *asked = &clean->asked;

	*asked = (struct axev__clean_asked){ .opts = opts,
					     .ledger_dirfd = clean->take->ledger->dirfd,
					     .env = clean->take->env };
	split_host(asked);
	TRY(axev__random(asked->env, asked->random, sizeof(asked->random), err));
	asked->now_mono_ns = axev__mono_ns();
	return axev__now(asked->env, &asked->now_ns, err);
}

/* ---- a round ---- */

static bool is_in_round(const struct axev__clean *clean, size_t i)
{
	return !clean->is_after || items[i].is_repeated;
}

static void *run_row(void *payload)
{
	struct axev__clean_row *row = payload;

	row->began_ns = axev__clean_now_ns(row->asked);
	row->status = row->item->run(row->asked, row, &row->err);
	row->ended_ns = axev__clean_now_ns(row->asked);
	return NULL;
}

int axev__clean_begin(struct axev__clean *clean, struct axev__take *take, const axev_web_opts *opts,
		      axev_error *err)
{
	size_t i;

	clean->take = take;
	clean->is_begun = true;
	TRY(ask(clean, opts, err));
	if (opts->checks == AXEV_CHECKS_NONE)
		return AXEV_OK;
	for (i = 0; i < AXEV__COUNT(items); i++) {
		struct axev__clean_row *row = &clean->rows[i];

		*row = (struct axev__clean_row){ .item = &items[i],
						 .asked = &clean->asked,
						 .verdict = AXEV__CLEAN_NOT_REACHABLE,
						 .raw = AXEV__BUF_INIT(AXEV__MAX_CLEAN_RAW_BYTES) };
		if (!is_in_round(clean, i) || items[i].is_of_browser)
			continue;
		TRY(axev__worker_start(&row->thread, run_row, row, err));
		row->is_running = true;
	}
	return AXEV_OK;
}

static void join(struct axev__clean_row *row)
{
	if (row->is_running)
		pthread_join(row->thread, NULL);
	row->is_running = false;
}

/* A check that broke off says why; it never counts as passed. */
static int close_row(struct axev__clean_row *row, axev_error *err)
{
	if (row->status >= 0)
		return AXEV_OK;
	if (row->status == AXEV_E_NOMEM)
		return axev__nomem(err);
	return axev__clean_say(row, AXEV__CLEAN_NOT_REACHABLE, "could not be made: %s", row->err.message);
}

/* What must not change while a page is being captured. */
static void compare_rounds(const struct axev__clean_row *before, struct axev__clean_row *row)
{
	char result[sizeof(row->result)];

	if (!before->steady[0] || !row->steady[0] || strcmp(before->steady, row->steady) == 0)
		return;
	snprintf(result, sizeof(result), "%s", row->result);
	axev__clean_say(row, AXEV__CLEAN_FAILED, "changed during the capture; now: %.440s", result);
}

/* ---- into the package ---- */

static int add_raw(struct axev__clean *clean, const struct axev__clean_row *row, axev__json *json,
		   axev_error *err)
{
	char path[96], name[64];
	struct axev__object object = {
		.path = path,
		.media_type = "text/plain; charset=utf-8",
		.role = "environment",
		.modified_ns = INT64_MIN,
		.mode = -1,
	};
	struct axev__digests digests;

	/* Nothing was read that could be shown; what passed shows even that, so that nobody has to take its word. */
	if (row->raw.size == 0 && row->verdict != AXEV__CLEAN_PASSED)
		return AXEV_OK;
	snprintf(name, sizeof(name), "environment/%s/%s.txt", clean->is_after ? "after" : "before",
		 row->item->id);
	snprintf(path, sizeof(path), "data/%s", name);
	object.name = axev__span_str(name);
	TRY(axev__container_add(clean->take->writer, path, axev__buf_view(&row->raw), &digests, err));
	TRY(axev__take_object(clean->take, &object, &digests, err));
	TRY(axev__json_set_str(json, "path", path, err));
	return axev__json_set_hex(json, "sha256", digests.sha256, sizeof(digests.sha256), err);
}

static int append_check(struct axev__clean *clean, axev__json *check, axev_error *err)
{
	axev__json *environment = axev__json_get(clean->take->manifest, "environment");

	if (!axev__json_get(environment, "checks"))
		TRY(axev__json_set(environment, "checks", axev__json_new_array(), err));
	return axev__json_append(axev__json_get(environment, "checks"), check, err);
}

static int add_row(struct axev__clean *clean, const struct axev__clean_row *row, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();
	AXEV__BUF shown = AXEV__BUF_INIT(8 * sizeof(row->result));

	TRY(axev__json_set_str(json, "id", row->item->id, err));
	TRY(axev__json_set_str(json, "when", clean->is_after ? "after" : "before", err));
	TRY(axev__json_set_str(json, "item", row->item->title, err));
	TRY(axev__json_set_str(json, "item_zh", row->item->title_zh, err));
	TRY(axev__json_set_str(json, "command", row->item->method, err));
	TRY(axev__json_set_time(json, "started", row->began_ns, err));
	TRY(axev__json_set_time(json, "finished", row->ended_ns, err));
	if (axev__is_utf8(axev__span_str(row->result)))
		TRY(axev__buf_str(&shown, row->result, err));
	else
		TRY(axev__escape(&shown, axev__span_str(row->result), err));
	TRY(axev__json_set_string(json, "result", axev__buf_view(&shown), err));
	TRY(axev__json_set_str(json, "verdict", verdict_names[row->verdict], err));
	TRY(add_raw(clean, row, json, err));
	return append_check(clean, axev__steal(json), err);
}

static int note_problem(struct axev__clean *clean, const struct axev__clean_row *row, axev_error *err)
{
	clean->counts[row->verdict]++;
	if (row->verdict != AXEV__CLEAN_FAILED && row->verdict != AXEV__CLEAN_NOT_REACHABLE)
		return AXEV_OK;
	return axev__buf_printf(&clean->problems, err, "%s%s (%s): %s", clean->problems.size ? "; " : "",
				row->item->title, clean->is_after ? "after" : "before",
				row->verdict == AXEV__CLEAN_FAILED ? "failed" : "not reachable");
}

static int take_rows(struct axev__clean *clean, axev_error *err)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(items); i++) {
		struct axev__clean_row *row = &clean->rows[i];

		if (!is_in_round(clean, i))
			continue;
		join(row);
		if (items[i].is_of_browser)
			run_row(row);
		TRY(close_row(row, err));
		if (clean->is_after)
			compare_rounds(&clean->before[i], row);
		TRY(add_row(clean, row, err));
		TRY(note_problem(clean, row, err));
	}
	return AXEV_OK;
}

static int tell_step(struct axev__clean *clean, axev_error *err)
{
	char result[160];

	snprintf(result, sizeof(result), "passed %u, noted %u, failed %u, not reachable %u, not checked %u",
		 clean->counts[AXEV__CLEAN_PASSED], clean->counts[AXEV__CLEAN_NOTED],
		 clean->counts[AXEV__CLEAN_FAILED], clean->counts[AXEV__CLEAN_NOT_REACHABLE],
		 clean->counts[AXEV__CLEAN_NOT_CHECKED]);
	return axev__take_step(clean->take,
			       clean->is_after ? "cleanliness checks, both rounds" :
						 "cleanliness checks before the page is opened",
			       result, err);
}

/* Said, not left out: a reader must not take silence for cleanliness. */
static int tell_not_checked(struct axev__clean *clean, axev_error *err)
{
	AXEV__JSON *json = axev__json_new_object();

	if (clean->is_after)
		return AXEV_OK;
	clean->is_after = true;
	TRY(axev__json_set_str(json, "id", "all", err));
	TRY(axev__json_set_str(json, "when", "before", err));
	TRY(axev__json_set_str(json, "item", "all cleanliness checks", err));
	TRY(axev__json_set_str(json, "item_zh", "全部清洁性检查", err));
	TRY(axev__json_set_str(json, "result", "not checked: the capture was made without checks", err));
	TRY(axev__json_set_str(json, "verdict", verdict_names[AXEV__CLEAN_NOT_CHECKED], err));
	return append_check(clean, axev__steal(json), err);
}

int axev__clean_end(struct axev__clean *clean, const struct axev__browser *browser, const char *product,
		    axev_error *err)
{
	size_t i;

	if (clean->asked.opts->checks == AXEV_CHECKS_NONE)
		return tell_not_checked(clean, err);
	clean->asked.browser = browser;
	clean->asked.product = product;
	TRY(take_rows(clean, err));
	TRY(tell_step(clean, err));
	for (i = 0; i < AXEV__COUNT(items) && !clean->is_after; i++) {
		clean->before[i] = clean->rows[i];
		clean->rows[i] = (struct axev__clean_row){ 0 };
	}
	clean->is_after = true;
	return AXEV_OK;
}

/* ---- the end ---- */

static const struct axev__clean_row *clock_row(const struct axev__clean_row *rows)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(items); i++)
		if (rows[i].item && strcmp(rows[i].item->id, "clock") == 0 && rows[i].bound_ns > 0)
			return &rows[i];
	return NULL;
}

/* The time servers know more than the kernel; that they are not authenticated is said. */
static int set_clock(struct axev__clean *clean, axev_error *err)
{
	const struct axev__clean_row *row = clock_row(clean->rows);
	axev__json *clock = axev__json_get(axev__json_get(clean->take->manifest, "capture"), "clock");
	char text[128];

	if (!row)
		row = clock_row(clean->before);
	if (!row || !clock)
		return AXEV_OK;
	snprintf(text, sizeof(text), "%" PRId64, row->offset_ns);
	TRY(axev__json_set_str(clock, "offset_ns", text, err));
	snprintf(text, sizeof(text), "%" PRId64, row->bound_ns);
	TRY(axev__json_set_str(clock, "bound_ns", text, err));
	snprintf(text, sizeof(text),
		 "compared with %u time servers that agree, over SNTP, which is not authenticated",
		 row->servers);
	return axev__json_set_str(clock, "how", text, err);
}

int axev__clean_conclude(struct axev__clean *clean, axev_error *err)
{
	axev__json *environment = axev__json_get(clean->take->manifest, "environment");
	int32_t asked = clean->asked.opts->checks;

	TRY(set_clock(clean, err));
	TRY(axev__json_set_str(environment, "checks_profile",
			       asked == AXEV_CHECKS_NONE   ? "none" :
			       asked == AXEV_CHECKS_STRICT ? "strict" :
							     "standard",
			       err));
	if (asked == AXEV_CHECKS_STRICT && clean->problems.size > 0)
		return axev__take_hold(clean->take, axev__buf_view(&clean->problems), err);
	return AXEV_OK;
}

void axev__clean_free(struct axev__clean *clean)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(items); i++) {
		join(&clean->rows[i]);
		axev__buf_free(&clean->rows[i].raw);
		axev__buf_free(&clean->before[i].raw);
	}
	axev__buf_free(&clean->problems);
}
