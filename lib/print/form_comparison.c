/* SPDX-License-Identifier: Apache-2.0 */
/* 比对表: two captures side by side, "ax-comparison/1". What was not compared is said, never left out. */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "compare/compare.h"
#include "print/form.h"

static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };

static const axev__json *part(const struct axev__form_build *build, const char *name)
{
	return axev__json_get(build->input->comparison, name);
}

static uint64_t number(const axev__json *object, const char *key)
{
	int64_t value = 0;

	return axev__json_as_integer(axev__json_get(object, key), &value) && value > 0 ? (uint64_t)value : 0;
}

static int sentence(struct axev__form_build *build, enum axev__style style, struct axev__phrase phrase,
		    axev_error *err)
{
	return axev__doc_text(build->document, style, axev__span_str(axev__say(build, phrase)), err);
}

/* ---- who is who ---- */

static int sides(struct axev__form_build *build, axev_error *err)
{
	static const struct {
		struct axev__phrase label;
		const char *key;
		enum axev__field_show show;
	} rows[] = {
		{ { "文件", "File" }, "file", AXEV__SHOW_TEXT },
		{ { "证据包编号", "Package id" }, "id", AXEV__SHOW_HEX },
		{ { "类别", "Kind" }, "kind", AXEV__SHOW_KIND },
		{ { "提取开始（自称）", "Began (claimed)" }, "started", AXEV__SHOW_TIME },
		{ { "提取结束（自称）", "Ended (claimed)" }, "finished", AXEV__SHOW_TIME },
	};
	static const uint16_t weights[] = { 18, 41, 41 };
	static const struct axev__phrase titles[] = { { "项目", "Item" }, { "甲（A）", "A" }, { "乙（B）", "B" } };
	size_t i;

	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < AXEV__COUNT(rows); i++) {
		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__doc_cell(build->document, &small, axev__span_str(axev__say(build, rows[i].label)),
				   err));
		TRY(axev__form_cell(build, part(build, "a"), rows[i].key, rows[i].show, &small, err));
		TRY(axev__form_cell(build, part(build, "b"), rows[i].key, rows[i].show, &small, err));
	}
	return AXEV_OK;
}

/* ---- parts ---- */

/* True when @json was not compared, and that has been said. */
static int skipped(struct axev__form_build *build, const axev__json *json, bool *ret_is_skipped,
		   axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(4096);
	struct axev__shown shown;
	struct axev__span why;

	*ret_is_skipped = axev__json_as_string(axev__json_get(json, "not_compared"), &why);
	if (!*ret_is_skipped)
		return AXEV_OK;
	TRY(axev__buf_printf(&text, err, "%s%s", build->is_zh ? "未比较：" : "Not compared: ",
			     axev__comparison_word(axev__show(&shown, why), build->is_zh)));
	return axev__doc_text(build->document, AXEV__STYLE_STRONG, axev__buf_view(&text), err);
}

static int facts(struct axev__form_build *build, const axev__json *json, axev_error *err)
{
	static const uint16_t weights[] = { 18, 36, 36, 10 };
	static const struct axev__phrase titles[] = {
		{ "项目", "Item" }, { "甲（A）", "A" }, { "乙（B）", "B" }, { "结果", "Result" },
	};
	size_t i;

	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(json); i++) {
		const axev__json *row = axev__json_at(json, i);
		struct axev__span name;
		char code[32];
		bool is_same;

		TRY(axev__json_string(row, "name", &name, err));
		TRY(axev__json_boolean(row, "same", &is_same, err));
		snprintf(code, sizeof(code), "%.*s", (int)name.size, (const char *)name.data);
		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__doc_cell(build->document, &small,
				   axev__span_str(axev__comparison_word(code, build->is_zh)), err));
		TRY(axev__form_cell(build, row, "a", AXEV__SHOW_TEXT, &small, err));
		TRY(axev__form_cell(build, row, "b", AXEV__SHOW_TEXT, &small, err));
		TRY(axev__doc_cell(build->document, &small,
				   axev__span_str(is_same ? (build->is_zh ? "相同" : "same") :
							    (build->is_zh ? "不同" : "different")),
				   err));
	}
	return AXEV_OK;
}

/* Status and digest of one side; a dash where that side has no such answer. */
static int answer_cell(struct axev__form_build *build, const axev__json *row, const char *status,
		       const char *digest, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(4096);
	struct axev__span hex;

	if (!axev__json_get(row, status))
		return axev__doc_cell(build->document, &small, axev__span_str("—"), err);
	TRY(axev__buf_printf(&text, err, "%" PRIu64 "\n", number(row, status)));
	if (axev__json_as_string(axev__json_get(row, digest), &hex))
		TRY(axev__group_hex(&text, hex, "\n", err));
	return axev__doc_cell(build->document, &(struct axev__cell){ .style = AXEV__STYLE_MONO },
			      axev__buf_view(&text), err);
}

static int answers(struct axev__form_build *build, const axev__json *list, axev_error *err)
{
	size_t i;

	for (i = 0; i < axev__json_count(list); i++) {
		const axev__json *row = axev__json_at(list, i);
		AXEV__BUF name = AXEV__BUF_INIT(16 * AXEV__MIB);
		struct axev__span method, url;

		TRY(axev__json_string(row, "method", &method, err));
		TRY(axev__json_string(row, "url", &url, err));
		TRY(axev__buf_printf(&name, err, "%.*s\n", (int)method.size, (const char *)method.data));
		TRY(axev__buf_span(&name, url, err));
		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__doc_cell(build->document, &small, axev__buf_view(&name), err));
		TRY(answer_cell(build, row, "status_a", "sha256_a", err));
		TRY(answer_cell(build, row, "status_b", "sha256_b", err));
	}
	return AXEV_OK;
}

static int resources(struct axev__form_build *build, const axev__json *json, axev_error *err)
{
	static const char *const lists[] = { "changed", "only_a", "only_b", "not_read" };
	static const uint16_t weights[] = { 20, 40, 40 };
	static const struct axev__phrase titles[] = {
		{ "方法和网址", "Method and address" },
		{ "甲（A）：状态码，载荷 SHA-256", "A: status, SHA-256 of the payload" },
		{ "乙（B）：状态码，载荷 SHA-256", "B: status, SHA-256 of the payload" },
	};
	AXEV__BUF text = AXEV__BUF_INIT(4096);
	size_t i;

	TRY(axev__buf_printf(&text, err,
			     build->is_zh ?
				     "甲 %" PRIu64 " 项，乙 %" PRIu64 " 项；相同 %" PRIu64
				     " 项，不同 %zu 项，仅甲有 %zu 项，仅乙有 %zu 项，未能比较 %zu 项。应答头不比较。" :
				     "A %" PRIu64 ", B %" PRIu64 "; same %" PRIu64
				     ", different %zu, only A %zu, only B %zu, not read %zu. Heads are not compared.",
			     number(json, "count_a"), number(json, "count_b"), number(json, "same"),
			     axev__json_count(axev__json_get(json, lists[0])),
			     axev__json_count(axev__json_get(json, lists[1])),
			     axev__json_count(axev__json_get(json, lists[2])),
			     axev__json_count(axev__json_get(json, lists[3]))));
	TRY(axev__doc_text(build->document, AXEV__STYLE_BODY, axev__buf_view(&text), err));
	for (i = 0; i < AXEV__COUNT(lists) && !axev__json_count(axev__json_get(json, lists[i])); i++)
		;
	if (i == AXEV__COUNT(lists))
		return AXEV_OK;
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < AXEV__COUNT(lists); i++)
		TRY(answers(build, axev__json_get(json, lists[i]), err));
	return AXEV_OK;
}

static int lines(struct axev__form_build *build, const axev__json *list, const char *side, axev_error *err)
{
	size_t i;

	for (i = 0; i < axev__json_count(list); i++) {
		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__doc_cell(build->document, &small, axev__span_str(side), err));
		TRY(axev__form_cell(build, axev__json_at(list, i), "line", AXEV__SHOW_TEXT, &small, err));
		TRY(axev__form_cell(build, axev__json_at(list, i), "text", AXEV__SHOW_TEXT, &small, err));
	}
	return AXEV_OK;
}

static int text_shown(struct axev__form_build *build, const axev__json *json, axev_error *err)
{
	static const uint16_t weights[] = { 10, 10, 80 };
	static const struct axev__phrase titles[] = { { "仅见于", "Only in" }, { "行", "Line" }, { "文字", "Text" } };
	AXEV__BUF text = AXEV__BUF_INIT(4096);
	bool is_in_order;

	TRY(axev__json_boolean(json, "in_order", &is_in_order, err));
	TRY(axev__buf_printf(&text, err,
			     build->is_zh ? "甲 %" PRIu64 " 行，乙 %" PRIu64 " 行；仅甲有 %" PRIu64
					    " 行，仅乙有 %" PRIu64 " 行。%s" :
					    "A %" PRIu64 " lines, B %" PRIu64 "; only A %" PRIu64
					    ", only B %" PRIu64 ". %s",
			     number(json, "lines_a"), number(json, "lines_b"),
			     number(json, "removed_count"), number(json, "added_count"),
			     is_in_order ? "" :
			     build->is_zh ? "差异过多，未比较行的次序。" :
					    "Too different to compare the order of lines."));
	TRY(axev__doc_text(build->document, AXEV__STYLE_BODY, axev__buf_view(&text), err));
	if (!number(json, "removed_count") && !number(json, "added_count"))
		return AXEV_OK;
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	TRY(lines(build, axev__json_get(json, "removed"), build->is_zh ? "甲（A）" : "A", err));
	return lines(build, axev__json_get(json, "added"), build->is_zh ? "乙（B）" : "B", err);
}

static int picture(struct axev__form_build *build, const axev__json *json, axev_error *err)
{
	static const uint16_t weights[] = { 10, 45, 45 };
	static const struct axev__phrase titles[] = { { "序号", "No." },
						      { "不同的像素行，自", "Rows that differ, from" },
						      { "至", "to" } };
	const axev__json *rows = axev__json_get(json, "rows");
	AXEV__BUF text = AXEV__BUF_INIT(4096);
	struct axev__span share;
	size_t i;

	TRY(axev__json_string(json, "different_percent", &share, err));
	TRY(axev__buf_printf(&text, err,
			     build->is_zh ? "甲 %" PRIu64 " × %" PRIu64 "，乙 %" PRIu64 " × %" PRIu64
					    " 像素；共同范围内不同像素 %" PRIu64 "（%.*s%%）。" :
					    "A %" PRIu64 " x %" PRIu64 ", B %" PRIu64 " x %" PRIu64
					    " pixels; of the common area %" PRIu64 " differ (%.*s%%).",
			     number(json, "width_a"), number(json, "height_a"), number(json, "width_b"),
			     number(json, "height_b"), number(json, "different_pixels"), (int)share.size,
			     (const char *)share.data));
	TRY(axev__doc_text(build->document, AXEV__STYLE_BODY, axev__buf_view(&text), err));
	if (axev__json_count(rows) == 0)
		return AXEV_OK;
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(rows); i++) {
		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__form_number_cell(build, i + 1, err));
		TRY(axev__form_cell(build, axev__json_at(rows, i), "first", AXEV__SHOW_TEXT, &small, err));
		TRY(axev__form_cell(build, axev__json_at(rows, i), "last", AXEV__SHOW_TEXT, &small, err));
	}
	return AXEV_OK;
}

static int objects(struct axev__form_build *build, const axev__json *json, axev_error *err)
{
	static const struct {
		const char *key;
		struct axev__phrase phrase;
	} lists[] = {
		{ "changed", { "不同", "different" } },
		{ "only_a", { "仅甲有", "only A" } },
		{ "only_b", { "仅乙有", "only B" } },
	};
	static const uint16_t weights[] = { 15, 85 };
	static const struct axev__phrase titles[] = { { "结果", "Result" }, { "名称", "Name" } };
	AXEV__BUF text = AXEV__BUF_INIT(256);
	struct axev__span name;
	size_t i, j;

	TRY(axev__buf_printf(&text, err, build->is_zh ? "相同 %" PRIu64 " 项。" : "%" PRIu64 " are the same.",
			     number(json, "same")));
	TRY(axev__doc_text(build->document, AXEV__STYLE_BODY, axev__buf_view(&text), err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < AXEV__COUNT(lists); i++)
		for (j = 0; j < axev__json_count(axev__json_get(json, lists[i].key)); j++) {
			TRY(axev__json_as_string(axev__json_at(axev__json_get(json, lists[i].key), j), &name) ?
				    AXEV_OK :
				    axev__fail(err, AXEV_E_FORMAT, "expected the name of an object"));
			TRY(axev__doc_row(build->document, 0, err));
			TRY(axev__doc_cell(build->document, &small,
					   axev__span_str(axev__say(build, lists[i].phrase)), err));
			TRY(axev__doc_cell(build->document, &small, name, err));
		}
	return AXEV_OK;
}

/* ---- */

static int parts(struct axev__form_build *build, axev_error *err)
{
	static const struct {
		const char *key;
		struct axev__phrase heading;
		int (*add)(struct axev__form_build *build, const axev__json *json, axev_error *err);
	} all[] = {
		{ "facts", { "主文档", "The document" }, facts },
		{ "resources", { "资源", "Resources" }, resources },
		{ "text", { "显示文字", "Text shown" }, text_shown },
		{ "picture", { "截图", "Screenshot" }, picture },
		{ "objects", { "数据对象", "Objects" }, objects },
		{ "records", { "数据记录", "Rows" }, axev__form_records },
	};
	bool is_skipped;
	size_t i;

	for (i = 0; i < AXEV__COUNT(all); i++) {
		const axev__json *json = part(build, all[i].key);

		if (!json)
			continue;
		TRY(axev__form_heading(build, all[i].heading, err));
		TRY(skipped(build, json, &is_skipped, err));
		if (!is_skipped)
			TRY(all[i].add(build, json, err));
	}
	return AXEV_OK;
}

int axev__form_comparison(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase title = { "电子数据比对表", "Comparison of Two Captures" };
	static const struct axev__phrase same = { "所比较的内容全部相同。", "All that was compared is the same." };
	static const struct axev__phrase different = {
		"有不同，或有未能比较的内容，详见下列各项。",
		"There are differences, or something could not be compared; see below.",
	};
	static const struct axev__phrase meaning = {
		"两份证据包均先经核验，内容未改动。本表只列出异同，不判断原因，也不判断哪一份属实。",
		"Both packages were verified first, and their content is unchanged. This sheet tells what differs, not why, and not "
		"which of the two is true.",
	};
	bool is_same;

	TRY(axev__json_boolean(build->input->comparison, "same", &is_same, err));
	TRY(axev__doc_title(build->document, axev__say(build, title), err));
	TRY(sentence(build, AXEV__STYLE_VERDICT, is_same ? same : different, err));
	TRY(axev__form_note(build, meaning, err));
	TRY(sides(build, err));
	TRY(parts(build, err));
	return axev__form_limits(build, err);
}
