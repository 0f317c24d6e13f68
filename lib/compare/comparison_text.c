/* SPDX-License-Identifier: Apache-2.0 */
/* The comparison in words. What was not compared is said first among the differences, never left out. */
#include <inttypes.h>

#include "base/text.h"
#include "compare/compare.h"
#include "compare/records.h"

struct phrase {
	const char *zh, *en;
};

struct teller {
	struct axev__buf *out;
	bool is_zh;
};

/* What "ax-comparison/1" says in codes or in English. */
static const struct {
	const char *code;
	struct phrase phrase;
} words[] = {
	{ "url", { "网址", "address" } },
	{ "final_url", { "最终网址", "final address" } },
	{ "failure", { "未取得页面的原因", "why no page came" } },
	{ "status", { "状态码", "status" } },
	{ "title", { "标题", "title" } },
	{ "media_type", { "媒体类型", "media type" } },
	{ "remote_address", { "服务器地址", "server's address" } },
	{ "protocol", { "协议", "protocol" } },
	{ "tls_version", { "TLS 版本", "TLS version" } },
	{ "certificate_sha256", { "服务器证书 SHA-256", "certificate, SHA-256" } },
	{ "not both have one", { "并非双方都有", "not both have one" } },
	{ "neither has an archive: nothing was received",
	  { "双方都没有收到数据，无归档文件", "neither has an archive: nothing was received" } },
	{ "this build has no reader of pictures",
	  { "本程序未编入图片读取功能", "this build has no reader of pictures" } },
	{ "objects in parts, or names that are no text",
	  { "对象分卷存放，或有名称不是文本", "objects in parts, or names that are no text" } },
};

const char *axev__comparison_word(const char *code, bool is_zh)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(words); i++)
		if (strcmp(words[i].code, code) == 0)
			return is_zh ? words[i].phrase.zh : words[i].phrase.en;
	return code;
}

static const char *say(const struct teller *teller, struct phrase phrase)
{
	return teller->is_zh ? phrase.zh : phrase.en;
}

static uint64_t number(const axev__json *object, const char *key)
{
	int64_t value = 0;

	return axev__json_as_integer(axev__json_get(object, key), &value) && value > 0 ? (uint64_t)value : 0;
}

/* A text of ours or of the page: shown inert. "-" where there is none. */
static const char *text(struct axev__shown *shown, const axev__json *object, const char *key)
{
	struct axev__span value;

	return axev__json_as_string(axev__json_get(object, key), &value) ? axev__show(shown, value) : "-";
}

/* ---- parts ---- */

static int tell_side(const struct teller *teller, const char *name, const axev__json *side, axev_error *err)
{
	struct axev__shown file, id, finished;

	return axev__buf_printf(teller->out, err, "%s  %s\n   %s %s\n   %s %s\n", name,
				text(&file, side, "file"),
				say(teller, (struct phrase){ "证据包编号", "package id" }),
				text(&id, side, "id"),
				say(teller, (struct phrase){ "提取完成时间（自称）", "captured (claimed)" }),
				text(&finished, side, "finished"));
}

static int tell_skipped(const struct teller *teller, struct phrase part, const axev__json *json,
			axev_error *err)
{
	struct axev__shown shown;

	return axev__buf_printf(teller->out, err, "%s: %s: %s\n", say(teller, part),
				say(teller, (struct phrase){ "未比较", "not compared" }),
				axev__comparison_word(text(&shown, json, "not_compared"), teller->is_zh));
}

static bool is_skipped(const axev__json *json)
{
	return axev__json_get(json, "not_compared") != NULL;
}

static int tell_facts(const struct teller *teller, const axev__json *facts, axev_error *err)
{
	struct axev__shown a, b, shown;
	size_t i;
	bool is_same;

	for (i = 0; i < axev__json_count(facts); i++) {
		const axev__json *row = axev__json_at(facts, i);
		const char *name = axev__comparison_word(text(&shown, row, "name"), teller->is_zh);

		TRY(axev__json_boolean(row, "same", &is_same, err));
		if (is_same)
			TRY(axev__buf_printf(teller->out, err, "= %s: %s\n", name, text(&a, row, "a")));
		else
			TRY(axev__buf_printf(teller->out, err, "≠ %s:\n    A %s\n    B %s\n", name,
					     text(&a, row, "a"), text(&b, row, "b")));
	}
	return AXEV_OK;
}

static int tell_answers(const struct teller *teller, const char *mark, const axev__json *list,
			axev_error *err)
{
	struct axev__shown method, url, a, b;
	size_t i;

	for (i = 0; i < axev__json_count(list); i++) {
		const axev__json *row = axev__json_at(list, i);

		TRY(axev__buf_printf(teller->out, err, "  %s %s %s", mark, text(&method, row, "method"),
				     text(&url, row, "url")));
		if (axev__json_get(row, "status_a"))
			TRY(axev__buf_printf(teller->out, err, "\n      A %" PRIu64 " %s",
					     number(row, "status_a"), text(&a, row, "sha256_a")));
		if (axev__json_get(row, "status_b"))
			TRY(axev__buf_printf(teller->out, err, "\n      B %" PRIu64 " %s",
					     number(row, "status_b"), text(&b, row, "sha256_b")));
		TRY(axev__buf_byte(teller->out, '\n', err));
	}
	return AXEV_OK;
}

static int tell_resources(const struct teller *teller, const axev__json *json, axev_error *err)
{
	static const struct phrase part = { "资源", "resources" };

	if (is_skipped(json))
		return tell_skipped(teller, part, json, err);
	TRY(axev__buf_printf(teller->out, err,
			     say(teller, (struct phrase){ "资源: A %" PRIu64 ", B %" PRIu64 "; 相同 %" PRIu64
							  ", 不同 %zu, 仅 A 有 %zu, 仅 B 有 %zu, 未能比较 %zu\n",
							  "resources: A %" PRIu64 ", B %" PRIu64
							  "; same %" PRIu64
							  ", different %zu, only A %zu, only B %zu, not read %zu\n" }),
			     number(json, "count_a"), number(json, "count_b"), number(json, "same"),
			     axev__json_count(axev__json_get(json, "changed")),
			     axev__json_count(axev__json_get(json, "only_a")),
			     axev__json_count(axev__json_get(json, "only_b")),
			     axev__json_count(axev__json_get(json, "not_read"))));
	TRY(tell_answers(teller, "≠", axev__json_get(json, "changed"), err));
	TRY(tell_answers(teller, "-", axev__json_get(json, "only_a"), err));
	TRY(tell_answers(teller, "+", axev__json_get(json, "only_b"), err));
	return tell_answers(teller, "?", axev__json_get(json, "not_read"), err);
}

static int tell_lines(const struct teller *teller, const char *mark, const axev__json *list,
		      axev_error *err)
{
	struct axev__shown line;
	size_t i;

	for (i = 0; i < axev__json_count(list); i++) {
		const axev__json *row = axev__json_at(list, i);

		TRY(axev__buf_printf(teller->out, err, "  %s %" PRIu64 ": %s\n", mark, number(row, "line"),
				     text(&line, row, "text")));
	}
	return AXEV_OK;
}

static int tell_text(const struct teller *teller, const axev__json *json, axev_error *err)
{
	static const struct phrase part = { "显示文字", "text shown" };
	bool is_in_order;

	if (is_skipped(json))
		return tell_skipped(teller, part, json, err);
	TRY(axev__json_boolean(json, "in_order", &is_in_order, err));
	TRY(axev__buf_printf(teller->out, err,
			     say(teller, (struct phrase){ "显示文字: A %" PRIu64 " 行, B %" PRIu64
							  " 行; 仅 A 有 %" PRIu64 " 行, 仅 B 有 %" PRIu64 " 行%s\n",
							  "text shown: A %" PRIu64 " lines, B %" PRIu64
							  "; only A %" PRIu64 ", only B %" PRIu64 "%s\n" }),
			     number(json, "lines_a"), number(json, "lines_b"),
			     number(json, "removed_count"), number(json, "added_count"),
			     is_in_order ? "" :
					   say(teller, (struct phrase){ "（差异过多，未比较行的次序）",
									" (too different to compare the order)" })));
	TRY(tell_lines(teller, "-", axev__json_get(json, "removed"), err));
	return tell_lines(teller, "+", axev__json_get(json, "added"), err);
}

static int tell_picture(const struct teller *teller, const axev__json *json, axev_error *err)
{
	static const struct phrase part = { "截图", "screenshot" };
	const axev__json *bands = axev__json_get(json, "rows");
	struct axev__shown share;
	size_t i;

	if (is_skipped(json))
		return tell_skipped(teller, part, json, err);
	TRY(axev__buf_printf(teller->out, err,
			     say(teller, (struct phrase){ "截图: A %" PRIu64 "x%" PRIu64 ", B %" PRIu64 "x%" PRIu64
							  "; 不同像素 %" PRIu64 " (%s%%)\n",
							  "screenshot: A %" PRIu64 "x%" PRIu64 ", B %" PRIu64
							  "x%" PRIu64 "; different pixels %" PRIu64 " (%s%%)\n" }),
			     number(json, "width_a"), number(json, "height_a"), number(json, "width_b"),
			     number(json, "height_b"), number(json, "different_pixels"),
			     text(&share, json, "different_percent")));
	for (i = 0; i < axev__json_count(bands); i++)
		TRY(axev__buf_printf(teller->out, err,
				     say(teller, (struct phrase){ "  像素行 %" PRIu64 " 至 %" PRIu64 "\n",
								  "  rows %" PRIu64 " to %" PRIu64 "\n" }),
				     number(axev__json_at(bands, i), "first"),
				     number(axev__json_at(bands, i), "last")));
	return AXEV_OK;
}

static int tell_names(const struct teller *teller, const char *mark, const axev__json *list,
		      axev_error *err)
{
	struct axev__shown shown;
	struct axev__span name;
	size_t i;

	for (i = 0; i < axev__json_count(list); i++)
		if (axev__json_as_string(axev__json_at(list, i), &name))
			TRY(axev__buf_printf(teller->out, err, "  %s %s\n", mark, axev__show(&shown, name)));
	return AXEV_OK;
}

static int tell_objects(const struct teller *teller, const axev__json *json, axev_error *err)
{
	static const struct phrase part = { "数据对象", "objects" };

	if (is_skipped(json))
		return tell_skipped(teller, part, json, err);
	TRY(axev__buf_printf(teller->out, err,
			     say(teller, (struct phrase){ "数据对象: 相同 %" PRIu64 ", 不同 %zu, 仅 A 有 %zu, 仅 B 有 %zu\n",
							  "objects: same %" PRIu64
							  ", different %zu, only A %zu, only B %zu\n" }),
			     number(json, "same"), axev__json_count(axev__json_get(json, "changed")),
			     axev__json_count(axev__json_get(json, "only_a")),
			     axev__json_count(axev__json_get(json, "only_b"))));
	TRY(tell_names(teller, "≠", axev__json_get(json, "changed"), err));
	TRY(tell_names(teller, "-", axev__json_get(json, "only_a"), err));
	return tell_names(teller, "+", axev__json_get(json, "only_b"), err);
}

static int tell_records(const struct teller *teller, const axev__json *json, axev_error *err)
{
	return axev__records_text(json, teller->is_zh, teller->out, err);
}

/* ---- */

static int tell_all(const struct teller *teller, const axev__json *json, axev_error *err)
{
	static const struct {
		const char *key;
		int (*tell)(const struct teller *teller, const axev__json *json, axev_error *err);
	} parts[] = {
		{ "facts", tell_facts },     { "resources", tell_resources }, { "text", tell_text },
		{ "picture", tell_picture }, { "objects", tell_objects },
		{ "records", tell_records },
	};
	bool is_same;
	size_t i;

	TRY(axev__json_boolean(json, "same", &is_same, err));
	TRY(axev__buf_str(teller->out,
			  is_same ? say(teller, (struct phrase){ "所比较的内容全部相同\n\n",
								 "all that was compared is the same\n\n" }) :
				    say(teller, (struct phrase){ "有不同，或有未能比较的内容\n\n",
								 "there are differences, or something could not be compared\n\n" }),
			  err));
	TRY(tell_side(teller, "A", axev__json_get(json, "a"), err));
	TRY(tell_side(teller, "B", axev__json_get(json, "b"), err));
	TRY(axev__buf_byte(teller->out, '\n', err));
	for (i = 0; i < AXEV__COUNT(parts); i++)
		if (axev__json_get(json, parts[i].key))
			TRY(parts[i].tell(teller, axev__json_get(json, parts[i].key), err));
	return axev__buf_str(teller->out,
			     say(teller, (struct phrase){
						 "\n只列出异同，不判断原因，也不判断哪一份属实。\n",
						 "\nIt tells what differs, not why, and not which of the two is true.\n" }),
			     err);
}

int axev_comparison_text(const axev_comparison *comparison, const char *lang, char **ret_text,
			 axev_error *err)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_COMPARISON_BYTES);
	struct teller teller = { &out, true };
	char *stolen;

	if (!comparison || !ret_text || !lang || (strcmp(lang, "zh") != 0 && strcmp(lang, "en") != 0))
		return axev__fail(err, AXEV_E_INVAL, "expected a comparison and a language, zh or en");
	teller.is_zh = strcmp(lang, "zh") == 0;
	TRY(tell_all(&teller, comparison->json, err));
	stolen = axev__buf_steal_str(&out);
	if (!stolen)
		return axev__nomem(err);
	*ret_text = stolen;
	return AXEV_OK;
}
