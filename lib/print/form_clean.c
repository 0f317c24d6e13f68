/* SPDX-License-Identifier: Apache-2.0 */
/* 清洁性检查记录: the checks of the machine around a capture, as the machine recorded them. */
#include "print/form.h"

#include "base/text.h"

static const struct axev__word moments[] = {
	{ "before", { "提取前", "before" } },
	{ "after", { "提取后", "after" } },
};
static const struct axev__word verdicts[] = {
	{ "passed", { "通过", "passed" } },
	{ "noted", { "记录", "noted" } },
	{ "failed", { "失败", "failed" } },
	{ "not_reachable", { "未能进行", "not reachable" } },
	{ "not_checked", { "未检查", "not checked" } },
};
static const struct axev__word profiles[] = {
	{ "standard", { "标准", "standard" } },
	{ "strict", { "严格（有失败或未能进行的，默认不封存）",
		      "strict (not sealed by default when one failed or could not be made)" } },
	{ "none", { "不检查", "none" } },
};

static const char *word_of(struct axev__form_build *build, const axev__json *value, const char *key,
			   const struct axev__word *words, size_t count, struct axev__shown *shown)
{
	struct axev__span text = axev__span("", 0);

	if (!axev__json_as_string(axev__json_get(value, key), &text))
		return axev__form_absent(build, AXEV__FROM_MANIFEST);
	return axev__form_word(build, words, count, axev__show(shown, text));
}

/* ---- the verdict, for the record of the extraction ---- */

static size_t count_verdict(const axev__json *list, const char *verdict)
{
	struct axev__span text;
	size_t count = 0, i;

	for (i = 0; i < axev__json_count(list); i++)
		count += axev__json_as_string(axev__json_get(axev__json_at(list, i), "verdict"), &text) &&
			 axev__span_is(text, verdict);
	return count;
}

static int append_counts(struct axev__form_build *build, const axev__json *list, struct axev__buf *out,
			 axev_error *err)
{
	size_t known = 0, count, i;

	for (i = 0; i < AXEV__COUNT(verdicts); i++) {
		count = count_verdict(list, verdicts[i].code);
		known += count;
		if (count == 0 && strcmp(verdicts[i].code, "not_checked") == 0)
			continue;
		TRY(axev__buf_printf(out, err, build->is_zh ? "%s%s %zu 项" : "%s%s %zu",
				     i ? (build->is_zh ? "，" : ", ") : "",
				     axev__say(build, verdicts[i].phrase), count));
	}
	if (known == axev__json_count(list))
		return AXEV_OK;
	return axev__buf_printf(out, err, build->is_zh ? "，其他 %zu 项" : ", other %zu",
				axev__json_count(list) - known);
}

int axev__form_clean_verdict(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 22, 78 };
	static const struct axev__cell label = { .style = AXEV__STYLE_LABEL, .is_shaded = true };
	static const struct axev__cell body = { .style = AXEV__STYLE_BODY };
	const axev__json *environment = axev__json_get(build->input->manifest, "environment");
	const axev__json *list = axev__json_get(environment, "checks");
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__shown shown;

	TRY(axev__form_heading(build, (struct axev__phrase){ "清洁性检查", "Cleanliness checks" }, err));
	TRY(axev__doc_table(build->document, weights, AXEV__COUNT(weights), err));
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &label,
			   axev__span_str(build->is_zh ? "清洁性检查结论" : "Outcome"), err));
	if (axev__json_count(list) == 0) {
		TRY(axev__buf_str(&text, axev__form_absent(build, AXEV__FROM_MANIFEST), err));
		return axev__doc_cell(build->document, &body, axev__buf_view(&text), err);
	}
	TRY(append_counts(build, list, &text, err));
	TRY(axev__buf_printf(&text, err,
			     build->is_zh ? "。检查档次：%s。由提取所用计算机记录，逐项见《清洁性检查记录》。" :
					    ". Profile: %s. As recorded by the capturing machine; see the record of "
					    "cleanliness checks.",
			     word_of(build, environment, "checks_profile", profiles,
				     AXEV__COUNT(profiles), &shown)));
	return axev__doc_cell(build->document, &body, axev__buf_view(&text), err);
}

/* ---- the record ---- */

static int item_cell(struct axev__form_build *build, const axev__json *check, axev_error *err)
{
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__shown shown;
	struct axev__span item = axev__span("", 0);
	bool has_own = build->is_zh && axev__json_as_string(axev__json_get(check, "item_zh"), &item);

	if (has_own || axev__json_as_string(axev__json_get(check, "item"), &item))
		TRY(axev__form_own(build, item, &text, err));
	TRY(axev__buf_printf(&text, err, build->is_zh ? "（%s）" : " (%s)",
			     word_of(build, check, "when", moments, AXEV__COUNT(moments), &shown)));
	return axev__doc_cell(build->document, &small, axev__buf_view(&text), err);
}

static int times_cell(struct axev__form_build *build, const axev__json *check, axev_error *err)
{
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	AXEV__BUF text = AXEV__BUF_INIT(4096);
	bool has;

	TRY(axev__form_value(build, axev__json_get(check, "started"), AXEV__SHOW_TIME, &text, &has, err));
	if (has)
		TRY(axev__buf_str(&text, build->is_zh ? "\n至 " : "\nto ", err));
	else
		TRY(axev__buf_str(&text, axev__form_absent(build, AXEV__FROM_MANIFEST), err));
	TRY(axev__form_value(build, axev__json_get(check, "finished"), AXEV__SHOW_TIME, &text, &has, err));
	return axev__doc_cell(build->document, &small, axev__buf_view(&text), err);
}

static int digest_cell(struct axev__form_build *build, const axev__json *check, axev_error *err)
{
	static const struct axev__cell mono = { .style = AXEV__STYLE_MONO };
	AXEV__BUF text = AXEV__BUF_INIT(4096);
	struct axev__span hex;

	if (axev__json_as_string(axev__json_get(check, "sha256"), &hex) && hex.size == 64)
		TRY(axev__group_hex(&text, hex, "\n", err));
	else
		TRY(axev__buf_str(&text, build->is_zh ? "无输出" : "no output", err));
	return axev__doc_cell(build->document, &mono, axev__buf_view(&text), err);
}

static int check_row(struct axev__form_build *build, const axev__json *check, size_t number,
		     axev_error *err)
{
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	struct axev__cell verdict = { .style = AXEV__STYLE_SMALL, .align = AXEV__CENTRE };
	struct axev__span code = axev__span("", 0);
	struct axev__shown shown;

	axev__json_as_string(axev__json_get(check, "verdict"), &code);
	if (!axev__span_is(code, "passed") && !axev__span_is(code, "noted"))
		verdict.style = AXEV__STYLE_STRONG;
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__form_number_cell(build, number, err));
	TRY(item_cell(build, check, err));
	TRY(axev__form_cell(build, check, "command", AXEV__SHOW_OWN, &small, err));
	TRY(times_cell(build, check, err));
	TRY(axev__form_cell(build, check, "result", AXEV__SHOW_OWN, &small, err));
	TRY(digest_cell(build, check, err));
	return axev__doc_cell(build->document, &verdict,
			      axev__span_str(word_of(build, check, "verdict", verdicts,
						     AXEV__COUNT(verdicts), &shown)),
			      err);
}

static int all_checks(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 5, 13, 18, 15, 21, 19, 9 };
	static const struct axev__phrase titles[] = {
		{ "序号", "No." },
		{ "项目", "Item" },
		{ "命令/方法", "Command or method" },
		{ "起止时间", "From, to" },
		{ "结果摘要", "Result" },
		{ "原始输出 SHA-256", "SHA-256 of the raw output" },
		{ "结论", "Verdict" },
	};
	const axev__json *list = axev__form_at(build->input->manifest, "environment/checks");
	size_t i;

	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++)
		TRY(check_row(build, axev__json_at(list, i), i + 1, err));
	if (i > 0)
		return AXEV_OK;
	return axev__form_empty_row(build, AXEV__COUNT(titles),
				    (struct axev__phrase){ "未记录", "not recorded" }, err);
}

int axev__form_clean(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase title = { "清洁性检查记录", "Record of Cleanliness Checks" };
	static const struct axev__phrase words = {
		"结论的含义：“通过”，按所列方法没有发现问题；“记录”，记下事实，由阅读者判断；“失败”，"
		"与应有情形不符；“未能进行”，没有应答或无从读取，不得视为通过。原始输出逐字节存于证据包 "
		"data/environment/ 之下，可凭校验值核对。各项由提取所用计算机自行记录，"
		"证明不了该计算机没有被人改动。",
		"Passed: the method named found nothing wrong. Noted: a fact, for the reader to judge. Failed: not as it "
		"should be. Not reachable: nothing answered or could be read; never to be taken for passed. Raw outputs "
		"are kept byte for byte below data/environment/ of the package. All of it is what the capturing machine "
		"recorded; it cannot prove that nobody had altered that machine.",
	};

	TRY(axev__form_begin(build, title, err));
	TRY(axev__form_clean_verdict(build, err));
	TRY(axev__form_heading(build, (struct axev__phrase){ "逐项记录", "Check by check" }, err));
	TRY(all_checks(build, err));
	TRY(axev__form_note(build, words, err));
	TRY(axev__form_limits(build, err));
	TRY(axev__form_signatures(build, err));
	return axev__form_end(build, err);
}
