/* SPDX-License-Identifier: Apache-2.0 */
/* 核验报告: the two answers first, then every check with what it looked at, expected and found. */
#include "print/form.h"

#include "base/text.h"
#include "verify/messages.h"

#define MAX_DEPTH 16

static const struct axev__word verdicts[] = {
	{ "valid", { "核验通过", "Valid" } },
	{ "invalid", { "核验不通过", "Invalid" } },
	{ "indeterminate", { "尚不能判定", "Indeterminate" } },
};
static const struct axev__word contents[] = {
	{ "unchanged", { "未改动", "unchanged" } },
	{ "changed", { "已改动", "changed" } },
	{ "incomplete", { "不完整", "incomplete" } },
	{ "newer-format", { "格式较新，本程序不能全部核验", "newer format, not all of it could be checked" } },
};
static const struct axev__word trusts[] = {
	{ "trusted", { "已按所选策略确认", "trusted by your policy" } },
	{ "not-chosen", { "尚未选择信任", "not chosen yet" } },
	{ "refused", { "所选策略不予认可", "refused" } },
	{ "not-asked", { "未核验", "not asked" } },
};
static const struct axev__word statuses[] = {
	{ "passed", { "通过", "passed" } },
	{ "failed", { "不通过", "failed" } },
	{ "indeterminate", { "不能判定", "indeterminate" } },
	{ "not-applicable", { "不适用", "not applicable" } },
};
static int word_of(struct axev__form_build *build, const axev__json *object, const char *key,
		   const struct axev__word *words, size_t count, struct axev__buf *out,
		   axev_error *err)
{
	struct axev__span text;
	struct axev__shown shown;

	TRY(axev__json_string(object, key, &text, err));
	return axev__buf_str(out, axev__form_word(build, words, count, axev__show(&shown, text)), err);
}

/* ---- the answers ---- */

static int answer_row(struct axev__form_build *build, struct axev__phrase label, struct axev__span text,
		      enum axev__style style, axev_error *err)
{
	static const struct axev__cell left = { .style = AXEV__STYLE_STRONG,
						.align = AXEV__CENTRE,
						.is_shaded = true };
	const struct axev__cell right = { .style = style };

	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &left, axev__span_str(axev__say(build, label)), err));
	return axev__doc_cell(build->document, &right, text, err);
}

static int answers(struct axev__form_build *build, axev_error *err)
{
	static const struct {
		const char *key;
		struct axev__phrase label;
		const struct axev__word *words;
		size_t count;
		enum axev__style style;
	} rows[] = {
		{ "content", { "内容", "Content" }, contents, AXEV__COUNT(contents), AXEV__STYLE_VERDICT },
		{ "trust", { "身份与时间", "Identity and time" }, trusts, AXEV__COUNT(trusts),
		  AXEV__STYLE_VERDICT },
		{ "verdict", { "结论", "Verdict" }, verdicts, AXEV__COUNT(verdicts), AXEV__STYLE_STRONG },
	};
	static const uint16_t weights[] = { 22, 78 };
	size_t i;

	TRY(axev__doc_table(build->document, weights, AXEV__COUNT(weights), err));
	for (i = 0; i < AXEV__COUNT(rows); i++) {
		AXEV__BUF text = AXEV__BUF_INIT(4096);

		TRY(word_of(build, build->input->report, rows[i].key, rows[i].words, rows[i].count, &text,
			    err));
		TRY(answer_row(build, rows[i].label, axev__buf_view(&text), rows[i].style, err));
	}
	return AXEV_OK;
}

/* "Not yet decided" must never read as "fake". */
static int explain(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase undecided = {
		"“尚不能判定”不表示证据有假：内容是否改动见“内容”一行；身份与时间须由核验人先选择信任谁，再行判定。",
		"Indeterminate does not mean fake: the line Content says whether anything was changed. Identity "
		"and time are decided once the verifier has chosen whom to trust.",
	};
	struct axev__span verdict;

	TRY(axev__json_string(build->input->report, "verdict", &verdict, err));
	if (!axev__span_is(verdict, "indeterminate"))
		return AXEV_OK;
	return axev__form_note(build, undecided, err);
}

static int subject(struct axev__form_build *build, axev_error *err)
{
	static const struct {
		const char *path;
		struct axev__phrase label;
		enum axev__field_show show;
	} rows[] = {
		{ "times/verified_at", { "核验时间", "Verified at" }, AXEV__SHOW_TIME },
		{ "times/judged_at", { "证书按此时间判断", "Certificates judged at" }, AXEV__SHOW_TIME },
		{ "tool/name", { "核验程序", "Verified with" }, AXEV__SHOW_TEXT },
		{ "tool/version", { "程序版本", "Version" }, AXEV__SHOW_TEXT },
		{ "subject/file", { "核验的文件", "File" }, AXEV__SHOW_TEXT },
		{ "subject/kind", { "类别", "Kind" }, AXEV__SHOW_KIND },
		{ "subject/bytes", { "字节数", "Bytes" }, AXEV__SHOW_TEXT },
		{ "subject/sha256", { "文件 SHA-256", "SHA-256 of the file" }, AXEV__SHOW_HEX },
		{ "times/claimed", { "自称的提取时间", "Time claimed" }, AXEV__SHOW_TIME },
		{ "times/not_before", { "不早于（已证明）", "Not before (proven)" }, AXEV__SHOW_TIME },
		{ "times/not_after", { "不晚于（时间戳）", "Not after (time-stamp)" }, AXEV__SHOW_TIME },
	};
	static const struct axev__cell label = { .style = AXEV__STYLE_LABEL,
						 .align = AXEV__CENTRE,
						 .is_shaded = true };
	static const struct axev__cell look = { .style = AXEV__STYLE_BODY };
	static const uint16_t weights[] = { 22, 78 };
	size_t i;

	TRY(axev__form_heading(build, (struct axev__phrase){ "核验对象与时间", "Subject and times" }, err));
	TRY(axev__doc_table(build->document, weights, AXEV__COUNT(weights), err));
	for (i = 0; i < AXEV__COUNT(rows); i++) {
		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__doc_cell(build->document, &label,
				   axev__span_str(axev__say(build, rows[i].label)), err));
		TRY(axev__form_cell(build, build->input->report, rows[i].path, rows[i].show, &look, err));
	}
	return axev__form_note(build,
			       (struct axev__phrase){
				       "核验时间取自核验方计算机的时钟，自称的提取时间取自制作方的时钟，两者均未经证明；"
				       "“未记录”表示没有可依据的时间戳。卷宗含多个证据包的，自称的提取时间取自其中最后一个。",
				       "The time of verification is by the verifier's clock, the time claimed by the "
				       "maker's; neither is proven. \"Not recorded\" means that no time-stamp could be "
				       "relied on. Of a bundle, the time claimed is that of its last package." },
			       err);
}

static int time_note(struct axev__form_build *build, axev_error *err)
{
	const axev__json *times = axev__json_get(build->input->report, "times");
	bool is_pending = false, is_embedded = false;
	struct axev__span not_after = axev__span("", 0);

	axev__json_as_bool(axev__json_get(times, "is_pending"), &is_pending);
	axev__json_as_bool(axev__json_get(times, "is_embedded_only"), &is_embedded);
	axev__json_as_string(axev__json_get(times, "not_after"), &not_after);
	if (is_pending)
		return axev__form_time_note(build, AXEV__PRINT_TIME_PENDING, err);
	if (is_embedded)
		return axev__form_time_note(build, AXEV__PRINT_TIME_EMBEDDED, err);
	if (not_after.size > 0)
		return axev__form_time_note(build, AXEV__PRINT_TIME_AUTHORITY, err);
	return AXEV_OK;
}

/* ---- the checks ---- */

/* Reports carry English; the verifier's own table has the same sentence in Chinese. */
static struct axev__span in_language(struct axev__form_build *build, const char *id,
				     struct axev__span text)
{
	int i;

	if (!build->is_zh)
		return text;
	for (i = 0; i < AXEV__REMARK_COUNT; i++)
		if (text.size > 0 && axev__span_is(text, axev__remark_text((enum axev__remark)i, false)))
			return axev__span_str(axev__remark_text((enum axev__remark)i, true));
	for (i = 0; i < AXEV__C_COUNT; i++) {
		const struct axev__check_text *known = axev__check_text((enum axev__check_id)i);

		if (strcmp(known->id, id) == 0 && axev__span_is(text, known->expected_en))
			return axev__span_str(known->expected_zh);
	}
	return text;
}

static int append_line(struct axev__form_build *build, const axev__json *check, const char *id,
		       const char *key, struct axev__phrase label, struct axev__buf *out,
		       axev_error *err)
{
	struct axev__span text;

	if (!axev__json_as_string(axev__json_get(check, key), &text) || text.size == 0)
		return AXEV_OK;
	text = in_language(build, id, text);
	return axev__buf_printf(out, err, "%s%s%s%.*s", out->size ? "\n" : "", axev__say(build, label),
				build->is_zh ? "：" : ": ", (int)text.size, (const char *)text.data);
}

static int details(struct axev__form_build *build, const axev__json *check, struct axev__buf *out,
		   axev_error *err)
{
	struct axev__shown id;
	struct axev__span text;

	TRY(axev__json_string(check, "id", &text, err));
	axev__show(&id, text);
	TRY(append_line(build, check, id.text, "looked_at", (struct axev__phrase){ "对象", "looked at" },
			out, err));
	TRY(append_line(build, check, id.text, "expected", (struct axev__phrase){ "应为", "expected" },
			out, err));
	TRY(append_line(build, check, id.text, "found", (struct axev__phrase){ "实为", "found" }, out,
			err));
	return append_line(build, check, id.text, "command", (struct axev__phrase){ "复核", "repeat" },
			   out, err);
}

static int check_row(struct axev__form_build *build, const axev__json *check, unsigned depth,
		     axev_error *err)
{
	const char *title_key = build->is_zh ? "title_zh" : "title_en";
	struct axev__cell title = { .style = depth ? AXEV__STYLE_BODY : AXEV__STYLE_STRONG,
				    .indent = (uint8_t)(depth < 4 ? depth : 4) };
	struct axev__cell status = { .style = AXEV__STYLE_BODY, .align = AXEV__CENTRE };
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	AXEV__BUF word = AXEV__BUF_INIT(1024);
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__span code;
	axev__json *children = axev__json_get(check, "children");
	size_t i;

	if (depth > MAX_DEPTH)
		return axev__fail(err, AXEV_E_LIMIT, "expected checks at most %d deep", MAX_DEPTH);
	TRY(axev__json_string(check, "status", &code, err));
	if (!axev__span_is(code, "passed") && !axev__span_is(code, "not-applicable"))
		status.style = AXEV__STYLE_STRONG;
	TRY(word_of(build, check, "status", statuses, AXEV__COUNT(statuses), &word, err));
	TRY(details(build, check, &text, err));
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__form_cell(build, check, title_key, AXEV__SHOW_TEXT, &title, err));
	TRY(axev__doc_cell(build->document, &status, axev__buf_view(&word), err));
	TRY(axev__doc_cell(build->document, &small, axev__buf_view(&text), err));
	for (i = 0; i < axev__json_count(children); i++)
		TRY(check_row(build, axev__json_at(children, i), depth + 1, err));
	return AXEV_OK;
}

static int checks(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 30, 14, 56 };
	static const struct axev__phrase titles[] = {
		{ "核验项", "Check" }, { "结果", "Result" }, { "依据", "Grounds" },
	};
	axev__json *list;
	size_t i;

	TRY(axev__json_array(build->input->report, "checks", &list, err));
	TRY(axev__form_heading(build, (struct axev__phrase){ "逐项结果", "Checks" }, err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++)
		TRY(check_row(build, axev__json_at(list, i), 0, err));
	return AXEV_OK;
}

/* The verifier's own words in the language of the form; anything else as it stands, inert. */
static const char *limit_text(struct axev__form_build *build, struct axev__span text,
			      struct axev__shown *shown)
{
	unsigned i;

	for (i = 0; axev__not_checked(i, false); i++)
		if (axev__span_is(text, axev__not_checked(i, false)))
			return axev__say(build,
					 (struct axev__phrase){ axev__not_checked(i, true),
								axev__not_checked(i, false) });
	return axev__show(shown, text);
}

static int not_checked(struct axev__form_build *build, axev_error *err)
{
	const axev__json *list = axev__json_get(build->input->report, "not_checked");
	size_t i;

	if (axev__json_count(list) == 0)
		return AXEV_OK;
	TRY(axev__form_heading(build, (struct axev__phrase){ "未核验事项", "Not checked" }, err));
	for (i = 0; i < axev__json_count(list); i++) {
		AXEV__BUF line = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
		struct axev__span text;
		struct axev__shown shown;

		if (!axev__json_as_string(axev__json_at(list, i), &text))
			continue;
		TRY(axev__buf_printf(&line, err, "%zu. %s", i + 1,
				     limit_text(build, text, &shown)));
		TRY(axev__doc_text(build->document, AXEV__STYLE_BODY, axev__buf_view(&line), err));
	}
	return AXEV_OK;
}

static int shown(struct axev__form_build *build, axev_error *err)
{
	uint64_t more = 0;

	axev__json_u64(build->input->report, "shown_more", &more, NULL);
	return axev__form_shown_cells(build, axev__json_get(build->input->report, "shown"), more, err);
}

int axev__form_report(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase title = { "核验报告", "Verification Report" };
	struct axev__phrase signer = { "核验人", "Verifier" };

	TRY(axev__form_begin(build, title, err));
	TRY(answers(build, err));
	TRY(explain(build, err));
	TRY(time_note(build, err));
	TRY(subject(build, err));
	if (axev__json_get(build->input->report, "shown"))
		TRY(shown(build, err));
	TRY(checks(build, err));
	TRY(not_checked(build, err));
	TRY(axev__form_limits(build, err));
	TRY(axev__form_heading(build, (struct axev__phrase){ "签名", "Signature" }, err));
	TRY(axev__doc_signature(build->document, axev__say(build, signer), axev__span("", 0), err));
	return axev__form_end(build, err);
}
