/* SPDX-License-Identifier: Apache-2.0 */
/* 主体公示信息: what a page shows about who runs it, and how that compares with a filing record (FORMAT.md 1.10). */
#include "print/form.h"

#include <inttypes.h>

#include "base/text.h"

#define MAX_ROWS 40

static const struct axev__word kinds[] = {
	{ "licence", { "营业执照标识", "licence mark" } },
	{ "icp", { "ICP 备案/许可", "ICP number" } },
	{ "police", { "公安备案", "public security filing" } },
	{ "credit-code", { "统一社会信用代码", "credit code" } },
	{ "licence-number", { "注册号", "licence number" } },
	{ "name", { "主体名称", "name" } },
};

static const struct axev__word characters[] = {
	{ "right", { "校验码相符", "check character right" } },
	{ "wrong", { "校验码不符", "check character wrong" } },
	{ "none", { "不是十八位代码", "not such a code" } },
};

static const struct axev__word outcomes[] = {
	{ "equal", { "一致", "equal" } },
	{ "different", { "不一致", "different" } },
	{ "not_found", { "页面上未找到", "not found on the page" } },
	{ "not_in_filing", { "备案记录中没有", "not in the filing" } },
	{ "not_compared", { "未比对", "not compared" } },
	{ "opened", { "已打开并提取", "opened and captured" } },
	{ "not received", { "已打开，未收到页面", "opened, no page received" } },
	{ "not opened", { "未打开", "not opened" } },
};

static const struct axev__word fields[] = {
	{ "name", { "主体名称", "Name" } },
	{ "credit_code", { "统一社会信用代码", "Unified social credit code" } },
	{ "licence_number", { "营业执照注册号", "Licence number" } },
	{ "icp_number", { "ICP 许可证号", "ICP number" } },
	{ "police_number", { "公安备案号", "Public security filing" } },
	{ "domain", { "网站域名", "Domain" } },
	{ "site_name", { "网站名称", "Name of the site" } },
	{ "ip_address", { "IP 地址", "IP address" } },
	{ "type", { "主体类型", "Kind of subject" } },
	{ "site_type", { "网站类型", "Kind of site" } },
	{ "isp", { "ISP 提供商", "ISP" } },
	{ "server_room", { "服务器机房地址", "Server room" } },
	{ "contact", { "联系方式", "Contact" } },
};

static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };

static struct axev__span text_at(const axev__json *json, const char *key)
{
	struct axev__span text = axev__span("", 0);

	axev__json_as_string(axev__json_get(json, key), &text);
	return text;
}

static int append_word(struct axev__form_build *build, const axev__json *json, const char *key,
		       const struct axev__word *words, size_t count, struct axev__buf *out, axev_error *err)
{
	struct axev__span code = text_at(json, key);
	struct axev__shown shown;

	return code.size ? axev__buf_str(out, axev__form_word(build, words, count, axev__show(&shown, code)), err) : AXEV_OK;
}

/* ---- marks ---- */

/* What stands there, and what follows from its characters alone. */
static int shown_cell(struct axev__form_build *build, const axev__json *mark, axev_error *err)
{
	struct axev__span text = text_at(mark, text_at(mark, "value").size ? "value" : "text");
	AXEV__BUF out = AXEV__BUF_INIT(4 * AXEV__KIB);
	bool is_laid_out = true;

	TRY(axev__buf_span(&out, text, err));
	if (text_at(mark, "check_character").size) {
		TRY(axev__buf_str(&out, build->is_zh ? "（" : " (", err));
		TRY(append_word(build, mark, "check_character", characters, AXEV__COUNT(characters), &out, err));
		TRY(axev__buf_str(&out, build->is_zh ? "）" : ")", err));
	}
	axev__json_as_bool(axev__json_get(mark, "laid_out"), &is_laid_out);
	if (!is_laid_out)
		TRY(axev__buf_str(&out, build->is_zh ? "（页面上没有显示位置）" : " (has no place in the layout)", err));
	return axev__doc_cell(build->document, &small, axev__buf_view(&out), err);
}

static int mark_row(struct axev__form_build *build, const axev__json *mark, size_t page, axev_error *err)
{
	AXEV__BUF kind = AXEV__BUF_INIT(AXEV__KIB), where = AXEV__BUF_INIT(AXEV__KIB);

	TRY(append_word(build, mark, "kind", kinds, AXEV__COUNT(kinds), &kind, err));
	TRY(page ? axev__buf_printf(&where, err, build->is_zh ? "打开的页面 %zu：" : "page opened %zu: ", page) : AXEV_OK);
	TRY(axev__buf_span(&where, text_at(mark, "element"), err));
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &small, axev__buf_view(&kind), err));
	TRY(shown_cell(build, mark, err));
	TRY(axev__doc_cell(build->document, &small, axev__buf_view(&where), err));
	return axev__form_cell(build, mark, "href", AXEV__SHOW_TEXT, &small, err);
}

static int mark_rows(struct axev__form_build *build, const axev__json *of, size_t page, size_t *rows, size_t *total,
		     axev_error *err)
{
	const axev__json *list = axev__json_get(of, "marks");
	int64_t more = 0;
	size_t i;

	for (i = 0; i < axev__json_count(list) && *rows < MAX_ROWS; i++, ++*rows)
		TRY(mark_row(build, axev__json_at(list, i), page, err));
	axev__json_as_integer(axev__json_get(of, "marks_not_listed"), &more);
	*total += axev__json_count(list) + (more > 0 ? (size_t)more : 0);
	return AXEV_OK;
}

static int marks(struct axev__form_build *build, const axev__json *subject, axev_error *err)
{
	static const uint16_t weights[] = { 17, 30, 25, 28 };
	static const struct axev__phrase titles[] = {
		{ "种类", "Kind" },
		{ "页面上的文字", "What stands on the page" },
		{ "位置", "Where" },
		{ "链接目标", "Link" },
	};
	const axev__json *targets = axev__json_get(subject, "targets");
	AXEV__BUF rest = AXEV__BUF_INIT(1024);
	size_t rows = 0, total = 0, i;

	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	TRY(mark_rows(build, subject, 0, &rows, &total, err));
	for (i = 0; i < axev__json_count(targets); i++)
		TRY(mark_rows(build, axev__json_at(targets, i), i + 1, &rows, &total, err));
	if (total == 0)
		return axev__form_empty_row(build, AXEV__COUNT(titles),
					    (struct axev__phrase){ "未找到", "none found" }, err);
	if (total == rows)
		return AXEV_OK;
	TRY(axev__buf_printf(&rest, err,
			     build->is_zh ? "另有 %zu 处未在此列出，所列见数据对象 data/subject.json。" :
					    "%zu more are not listed here; see the object data/subject.json.",
			     total - rows));
	return axev__doc_text(build->document, AXEV__STYLE_NOTE, axev__buf_view(&rest), err);
}

/* ---- where licence marks lead ---- */

static int target_row(struct axev__form_build *build, const axev__json *target, size_t number, axev_error *err)
{
	AXEV__BUF out = AXEV__BUF_INIT(32 * AXEV__KIB);
	struct axev__span why = text_at(target, "why");
	int64_t status = 0;

	TRY(append_word(build, target, "outcome", outcomes, AXEV__COUNT(outcomes), &out, err));
	if (axev__json_as_integer(axev__json_get(target, "status"), &status))
		TRY(axev__buf_printf(&out, err, build->is_zh ? "，状态码 %" PRId64 : ", status %" PRId64, status));
	if (why.size) {
		TRY(axev__buf_str(&out, build->is_zh ? "：" : ": ", err));
		TRY(axev__form_own(build, why, &out, err));
	}
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__form_number_cell(build, number, err));
	TRY(axev__form_cell(build, target, "url", AXEV__SHOW_TEXT, &small, err));
	TRY(axev__doc_cell(build->document, &small, axev__buf_view(&out), err));
	TRY(axev__form_cell(build, target, "started", AXEV__SHOW_TIME, &small, err));
	return axev__form_cell(build, target, "screenshot", AXEV__SHOW_TEXT, &small, err);
}

static int targets(struct axev__form_build *build, const axev__json *subject, axev_error *err)
{
	static const uint16_t weights[] = { 6, 32, 22, 20, 20 };
	static const struct axev__phrase titles[] = {
		{ "序号", "No." },
		{ "营业执照标识的链接目标", "What licence marks lead to" },
		{ "情形", "Outcome" },
		{ "打开时间", "Opened at" },
		{ "截图", "Picture" },
	};
	const axev__json *list = axev__json_get(subject, "targets");
	size_t i;

	if (axev__json_count(list) == 0)
		return AXEV_OK;
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++)
		TRY(target_row(build, axev__json_at(list, i), i + 1, err));
	return AXEV_OK;
}

/* ---- against the filing ---- */

static int found_cell(struct axev__form_build *build, const axev__json *row, axev_error *err)
{
	const axev__json *list = axev__json_get(row, "found");
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_PRINT_CELL_BYTES);
	int64_t page = 0;
	size_t i;

	for (i = 0; i < axev__json_count(list) && i < 8; i++) {
		const axev__json *one = axev__json_at(list, i);

		TRY(axev__buf_str(&out, i ? "\n" : "", err));
		TRY(axev__buf_span(&out, text_at(one, "value"), err));
		if (axev__json_as_integer(axev__json_get(one, "page"), &page) && page > 0)
			TRY(axev__buf_printf(&out, err,
					     build->is_zh ? "（打开的页面 %" PRId64 "）" : " (page opened %" PRId64 ")", page));
	}
	if (i == 0)
		TRY(axev__buf_str(&out, "—", err));
	return axev__doc_cell(build->document, &small, axev__buf_view(&out), err);
}

static int comparison_row(struct axev__form_build *build, const axev__json *row, axev_error *err)
{
	AXEV__BUF field = AXEV__BUF_INIT(AXEV__KIB), out = AXEV__BUF_INIT(4 * AXEV__KIB);
	struct axev__span how = text_at(row, "how"), filed = text_at(row, "filed");
	struct axev__cell verdict = { .style = axev__span_is(text_at(row, "outcome"), "different") ? AXEV__STYLE_STRONG :
												     AXEV__STYLE_SMALL };

	TRY(append_word(build, row, "field", fields, AXEV__COUNT(fields), &field, err));
	TRY(append_word(build, row, "outcome", outcomes, AXEV__COUNT(outcomes), &out, err));
	if (how.size) {
		TRY(axev__buf_str(&out, build->is_zh ? "：" : ": ", err));
		TRY(axev__form_own(build, how, &out, err));
	}
	if (axev__span_is(text_at(row, "filed_check_character"), "wrong"))
		TRY(axev__buf_str(&out, build->is_zh ? "；备案所列代码的校验码不符" : "; the filed code's check character is wrong",
				  err));
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &small, axev__buf_view(&field), err));
	TRY(axev__doc_cell(build->document, &small, filed.size ? filed : axev__span_str("—"), err));
	TRY(found_cell(build, row, err));
	return axev__doc_cell(build->document, &verdict, axev__buf_view(&out), err);
}

static int comparison(struct axev__form_build *build, const axev__json *subject, axev_error *err)
{
	static const uint16_t weights[] = { 18, 28, 30, 24 };
	static const struct axev__phrase titles[] = {
		{ "项目", "Item" },
		{ "备案记录", "Filing record" },
		{ "页面", "Page" },
		{ "比对结果", "Outcome" },
	};
	const axev__json *list = axev__json_get(subject, "comparison");
	size_t i;

	if (!list)
		return axev__form_note(build,
				       (struct axev__phrase){ "未与备案记录比对。", "Not compared with a filing record." },
				       err);
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++)
		TRY(comparison_row(build, axev__json_at(list, i), err));
	return AXEV_OK;
}

int axev__form_subject(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase limit = {
		"“页面上有”只说明提取时页面上有这些文字、图片或链接，不说明其真实、有效或属于该网站；“未找到”只说明按所列规则"
		"没有找到。校验码相符不等于该代码已被赋予任何主体。“一致”指去除空白、统一全半角和大小写后字符相同。"
		"备案记录由操作人提供，原样存于 data/subject/filing.json。",
		"Found says that these words, pictures or links stood on the page when it was captured: not that they are true, valid or "
		"of this site. Not found says that the rules given found nothing. A right check character does not say that a code was "
		"given to anybody. Equal means the same characters but for white space, width and case. The filing record is what the "
		"operator supplied, kept as it was in data/subject/filing.json.",
	};
	const axev__json *subject = build->input->subject;
	AXEV__BUF why = AXEV__BUF_INIT(8 * AXEV__KIB);

	if (!axev__form_at(build->input->manifest, "subject/searched"))
		return AXEV_OK;
	TRY(axev__form_heading(build, (struct axev__phrase){ "主体公示信息", "What the page shows about who runs it" }, err));
	if (!subject)
		return axev__form_note(build,
				       (struct axev__phrase){ "数据对象 data/subject.json 不能读取。",
							      "The object data/subject.json could not be read." },
				       err);
	if (text_at(subject, "not_searched").size) {
		TRY(axev__buf_str(&why, build->is_zh ? "未查找：" : "Not looked for: ", err));
		TRY(axev__form_own(build, text_at(subject, "not_searched"), &why, err));
		return axev__doc_text(build->document, AXEV__STYLE_STRONG, axev__buf_view(&why), err);
	}
	TRY(marks(build, subject, err));
	TRY(targets(build, subject, err));
	TRY(comparison(build, subject, err));
	return axev__form_note(build, limit, err);
}
