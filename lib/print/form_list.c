/* SPDX-License-Identifier: Apache-2.0 */
/* 电子数据提取固定清单: every object with category, format, size and digest. */
#include "print/form.h"

#include <inttypes.h>

#include "base/text.h"

#define COLUMNS 5

static const struct axev__form_field head_fields[] = {
	{ { "案件编号", "Case no." }, AXEV__FROM_CASE, "number", AXEV__SHOW_TEXT, false },
	{ { "数据类别", "Kind of data" }, AXEV__FROM_MANIFEST, "kind", AXEV__SHOW_KIND, false },
	{ { "提取开始", "Started" }, AXEV__FROM_MANIFEST, "capture/started", AXEV__SHOW_TIME, false },
	{ { "提取结束", "Finished" }, AXEV__FROM_MANIFEST, "capture/finished", AXEV__SHOW_TIME, false },
	{ { "来源", "Source" }, AXEV__FROM_MANIFEST, "", AXEV__SHOW_ORIGIN, false },
	{ { "提取方法", "Method" }, AXEV__FROM_MANIFEST, "capture/method", AXEV__SHOW_OWN, false },
	{ { "密级", "Secrecy" }, AXEV__FROM_CASE, "secrecy", AXEV__SHOW_TEXT, true },
	{ { "存储介质编号", "Storage medium" }, AXEV__FROM_CASE, "medium", AXEV__SHOW_TEXT, true },
};

static const struct axev__word roles[] = {
	{ "facts", { "人员与案件事实", "facts" } },
	{ "file", { "原始文件", "file" } },
	{ "package", { "证据包", "package" } },
	{ "screenshot", { "截图", "screenshot" } },
	{ "step-screenshot", { "操作中截图", "picture at a step" } },
	{ "steps", { "操作步骤", "steps" } },
	{ "archive", { "网页存档", "web archive" } },
	{ "wacz", { "网页存档（WACZ）", "web archive (WACZ)" } },
	{ "pdf", { "浏览器打印的 PDF", "PDF by the browser" } },
	{ "mhtml", { "单文件网页（MHTML）", "page in one file (MHTML)" } },
	{ "dom", { "文档树（DOM）", "document tree (DOM)" } },
	{ "text", { "页面文字", "text of the page" } },
	{ "frame-texts", { "框架文字", "texts of frames" } },
	{ "wire", { "网络连接记录", "records of the wire" } },
	{ "raw", { "原始数据", "raw data" } },
	{ "environment", { "环境检查输出", "environment" } },
	{ "print", { "打印件", "print" } },
	{ "video", { "录像", "video" } },
	{ "video-index", { "录像索引", "index of the video" } },
	{ "log", { "日志", "log" } },
	{ "anchor", { "提取前的账本检查点", "checkpoint before the capture" } },
	{ "entry", { "账本记录", "ledger entry" } },
	{ "proof", { "账本证明", "proof of the ledger" } },
	{ "token", { "时间戳", "time-stamp" } },
	{ "record-header", { "记录集表头", "header of a record set" } },
	{ "records", { "记录", "records" } },
	{ "record-index", { "记录索引", "index of records" } },
	{ "view", { "记录的视图", "view of records" } },
	{ "cell", { "大单元格", "large cell" } },
	{ "database", { "数据库文件", "database file" } },
	{ "schema", { "数据库结构", "schema" } },
	{ "blinding", { "随机填充（使摘要不可猜测）", "random bytes (so that no digest can be guessed)" } },
	{ "original", { "原证据包的凭据", "what binds the original" } },
	{ "record-proof", { "记录证明", "proof of records" } },
	{ "checkpoint", { "账本检查点", "checkpoint" } },
};

/* Original name first, the name inside the package under it. */
static int name_cell(struct axev__form_build *build, const axev__json *object, axev_error *err)
{
	static const struct axev__cell look = { .style = AXEV__STYLE_SMALL };
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	AXEV__BUF raw = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__span name, path;

	TRY(axev__json_string(object, "path", &path, err));
	if (axev__json_as_string(axev__json_get(object, "name"), &name))
		TRY(axev__buf_span(&text, name, err));
	else if (axev__json_as_string(axev__json_get(object, "name_base64"), &name) &&
		 axev__unbase64(&raw, name))
		TRY(axev__buf_span(&text, axev__buf_view(&raw), err));
	if (text.size > 0)
		TRY(axev__buf_byte(&text, '\n', err));
	TRY(axev__buf_span(&text, path, err));
	return axev__doc_cell(build->document, &look, axev__buf_view(&text), err);
}

static int kind_cell(struct axev__form_build *build, const axev__json *object, axev_error *err)
{
	static const struct axev__cell look = { .style = AXEV__STYLE_SMALL };
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__span role, type;
	struct axev__shown shown;

	TRY(axev__json_string(object, "role", &role, err));
	TRY(axev__json_string(object, "media_type", &type, err));
	TRY(axev__buf_str(&text,
			  axev__form_word(build, roles, AXEV__COUNT(roles), axev__show(&shown, role)),
			  err));
	TRY(axev__buf_byte(&text, '\n', err));
	TRY(axev__buf_span(&text, type, err));
	return axev__doc_cell(build->document, &look, axev__buf_view(&text), err);
}

static int append_note(struct axev__form_build *build, const axev__json *object, const char *key,
		       enum axev__field_show show, struct axev__phrase label, struct axev__buf *out,
		       axev_error *err)
{
	const axev__json *value = axev__json_get(object, key);
	bool has;

	if (!value)
		return AXEV_OK;
	TRY(axev__buf_printf(out, err, "%s%s%s", out->size ? "\n" : "", axev__say(build, label),
			     build->is_zh ? "：" : ": "));
	return axev__form_value(build, value, show, out, &has, err);
}

/* What is particular about this one. */
static int notes_text(struct axev__form_build *build, const axev__json *object, struct axev__buf *out,
		      axev_error *err)
{
	TRY(append_note(build, object, "derived_from", AXEV__SHOW_TEXT,
			(struct axev__phrase){ "由此派生", "derived from" }, out, err));
	TRY(append_note(build, object, "how", AXEV__SHOW_OWN, (struct axev__phrase){ "方法", "how" }, out,
			err));
	TRY(append_note(build, object, "modified", AXEV__SHOW_TIME,
			(struct axev__phrase){ "原文件修改时间", "modified" }, out, err));
	TRY(append_note(build, object, "sm3", AXEV__SHOW_TEXT, (struct axev__phrase){ "SM3", "SM3" }, out,
			err));
	if (!axev__json_get(object, "observed"))
		return AXEV_OK;
	return axev__buf_printf(out, err, "%s%s", out->size ? "\n" : "",
				build->is_zh ? "所见：只能核对字节，不能由原始数据重算。" :
					       "Observed: its bytes can be checked, but not derived again "
					       "from raw data.");
}

/* A row of its own, so that the digest column stays readable. */
static int notes_row(struct axev__form_build *build, struct axev__span notes, axev_error *err)
{
	static const struct axev__cell blank = { .style = AXEV__STYLE_NOTE };
	static const struct axev__cell look = { .style = AXEV__STYLE_NOTE, .span = COLUMNS - 1 };

	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &blank, axev__span("", 0), err));
	return axev__doc_cell(build->document, &look, notes, err);
}

static int object_rows(struct axev__form_build *build, const axev__json *object, size_t number,
		       uint64_t *total, axev_error *err)
{
	static const struct axev__cell right = { .style = AXEV__STYLE_SMALL, .align = AXEV__RIGHT };
	static const struct axev__cell mono = { .style = AXEV__STYLE_MONO };
	AXEV__BUF notes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__span bytes;
	uint64_t size;

	TRY(axev__json_string(object, "bytes", &bytes, err));
	if (!axev__parse_u64(bytes, UINT64_MAX, &size) || !axev__add_u64(*total, size, total))
		return axev__fail(err, AXEV_E_FORMAT, "member 'bytes': expected decimal text");
	TRY(notes_text(build, object, &notes, err));
	TRY(axev__doc_row(build->document, notes.size ? AXEV__ROW_KEEP : 0, err));
	TRY(axev__form_number_cell(build, number, err));
	TRY(name_cell(build, object, err));
	TRY(kind_cell(build, object, err));
	TRY(axev__doc_cell(build->document, &right, bytes, err));
	TRY(axev__form_cell(build, object, "sha256", AXEV__SHOW_HEX, &mono, err));
	return notes.size ? notes_row(build, axev__buf_view(&notes), err) : AXEV_OK;
}

static int totals_row(struct axev__form_build *build, size_t count, uint64_t total, axev_error *err)
{
	static const struct axev__cell look = { .style = AXEV__STYLE_STRONG, .span = COLUMNS };
	AXEV__BUF text = AXEV__BUF_INIT(1024);

	TRY(axev__buf_printf(&text, err,
			     build->is_zh ? "合计：%zu 个数据对象，%" PRIu64 " 字节" :
					    "Total: %zu objects, %" PRIu64 " bytes",
			     count, total));
	TRY(axev__doc_row(build->document, 0, err));
	return axev__doc_cell(build->document, &look, axev__buf_view(&text), err);
}

/* Objects inside parts, when the parts' indexes are at hand: numbered on, under the name of their part. */
static int part_rows(struct axev__form_build *build, size_t *number, uint64_t *total, axev_error *err)
{
	static const struct axev__cell look = { .style = AXEV__STYLE_STRONG, .span = COLUMNS };
	const axev__json *rows = axev__json_get(build->input->manifest, "parts");
	size_t part, i;

	for (part = 0; build->input->parts && part < axev__json_count(rows); part++) {
		const axev__json *list = axev__json_get(axev__json_at(build->input->parts, part), "objects");

		TRY(axev__doc_row(build->document, AXEV__ROW_KEEP, err));
		TRY(axev__form_cell(build, axev__json_at(rows, part), "path", AXEV__SHOW_TEXT, &look, err));
		for (i = 0; i < axev__json_count(list); i++)
			TRY(axev__prefix(object_rows(build, axev__json_at(list, i), ++*number, total, err),
					 err, "parts[%zu]: objects[%zu]", part, i));
	}
	return AXEV_OK;
}

static int objects(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[COLUMNS] = { 7, 27, 18, 12, 42 };
	static const struct axev__phrase titles[COLUMNS] = {
		{ "序号", "No." },	   { "电子数据名称", "Name" },
		{ "类别/格式", "Category, format" }, { "字节数", "Bytes" },
		{ "完整性校验值 SHA-256", "SHA-256" },
	};
	axev__json *list;
	uint64_t total = 0;
	size_t i;

	TRY(axev__json_array(build->input->manifest, "objects", &list, err));
	TRY(axev__form_heading(build, (struct axev__phrase){ "数据对象", "Objects" }, err));
	TRY(axev__form_head(build, weights, titles, COLUMNS, err));
	for (i = 0; i < axev__json_count(list); i++)
		TRY(axev__prefix(object_rows(build, axev__json_at(list, i), i + 1, &total, err), err,
				 "objects[%zu]", i));
	TRY(part_rows(build, &i, &total, err));
	return totals_row(build, i, total, err);
}

/* ---- what is listed elsewhere ---- */

static int parts(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 28, 14, 18, 40 };
	static const struct axev__phrase titles[] = {
		{ "分卷", "Part" }, { "对象数", "Objects" }, { "字节数", "Bytes" }, { "SHA-256", "SHA-256" },
	};
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	static const struct axev__cell right = { .style = AXEV__STYLE_SMALL, .align = AXEV__RIGHT };
	static const struct axev__phrase too_many = {
		"分卷内的数据对象未在本清单逐一列出；逐一清单见证据包内各分卷索引（data/parts/），其校验值由证据包绑定。"
		"上列合计不含分卷内的对象。",
		"Objects inside parts are not listed here one by one: the indexes in the package (data/parts/) do, and "
		"the package binds their digests. The total above leaves them out.",
	};
	const axev__json *list = axev__json_get(build->input->manifest, "parts");
	size_t i;

	if (axev__json_count(list) == 0)
		return AXEV_OK;
	TRY(axev__form_heading(build, (struct axev__phrase){ "分卷", "Parts" }, err));
	if (!build->input->parts)
		TRY(axev__doc_text(build->document, AXEV__STYLE_STRONG,
				   axev__span_str(axev__say(build, too_many)), err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++) {
		const axev__json *one = axev__json_at(list, i);

		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__form_cell(build, one, "path", AXEV__SHOW_TEXT, &small, err));
		TRY(axev__form_cell(build, one, "objects", AXEV__SHOW_TEXT, &right, err));
		TRY(axev__form_cell(build, one, "bytes", AXEV__SHOW_TEXT, &right, err));
		TRY(axev__form_cell(build, one, "sha256", AXEV__SHOW_HEX, &small, err));
	}
	return AXEV_OK;
}

int axev__form_record_count(struct axev__form_build *build, const axev__json *set, const struct axev__cell *look,
			    axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__KIB);
	bool has, ended_early = false;

	TRY(axev__form_value(build, axev__json_get(set, "records"), AXEV__SHOW_TEXT, &text, &has, err));
	axev__json_as_bool(axev__json_get(set, "ended_early"), &ended_early);
	if (ended_early)
		TRY(axev__buf_str(&text, build->is_zh ? "（未读完）" : " (not all: reading ended early)", err));
	return axev__doc_cell(build->document, look, axev__buf_view(&text), err);
}

static int record_sets(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 28, 18, 14, 40 };
	static const struct axev__phrase titles[] = {
		{ "记录集", "Record set" }, { "编码", "Encoding" }, { "记录数", "Records" },
		{ "根值", "Root" },
	};
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	static const struct axev__cell right = { .style = AXEV__STYLE_SMALL, .align = AXEV__RIGHT };
	const axev__json *list = axev__json_get(build->input->manifest, "record_sets");
	size_t i;

	if (axev__json_count(list) == 0)
		return AXEV_OK;
	TRY(axev__form_heading(build, (struct axev__phrase){ "记录集", "Record sets" }, err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++) {
		const axev__json *one = axev__json_at(list, i);

		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__form_cell(build, one, "path", AXEV__SHOW_TEXT, &small, err));
		TRY(axev__form_cell(build, one, "encoding", AXEV__SHOW_TEXT, &small, err));
		TRY(axev__form_record_count(build, one, &right, err));
		TRY(axev__form_cell(build, one, "root", AXEV__SHOW_HEX, &small, err));
	}
	return AXEV_OK;
}

int axev__form_list(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase title = { "电子数据提取固定清单",
						   "Fixation List of Electronic Data" };

	TRY(axev__form_begin(build, title, err));
	TRY(axev__form_fields(build, head_fields, AXEV__COUNT(head_fields), err));
	TRY(objects(build, err));
	TRY(parts(build, err));
	TRY(record_sets(build, err));
	TRY(axev__form_limits(build, err));
	TRY(axev__form_time_note(build, build->input->time, err));
	TRY(axev__form_signatures(build, err));
	return axev__form_end(build, err);
}
