/* SPDX-License-Identifier: Apache-2.0 */
/* 电子数据证据提取笔录: who took what, when, where, how, and in which environment. */
#include "print/form.h"

#include <inttypes.h>

#define CASE(zh, en, path, half) { { zh, en }, AXEV__FROM_CASE, path, AXEV__SHOW_TEXT, half }
#define TEXT(zh, en, path, half) { { zh, en }, AXEV__FROM_MANIFEST, path, AXEV__SHOW_TEXT, half }
#define VALUE(zh, en, path, show, half) \
	{ { zh, en }, AXEV__FROM_MANIFEST, path, AXEV__SHOW_##show, half }

#define OPTIONAL(zh, en, path, show) \
	{ { zh, en }, AXEV__FROM_MANIFEST, path, AXEV__SHOW_##show, false, true }

static const struct axev__form_field case_fields[] = {
	CASE("文书编号", "Document no.", "document_number", false),
	CASE("案件编号", "Case no.", "number", false),
	CASE("线索编号", "Clue no.", "clue_number", true),
	CASE("密级", "Secrecy", "secrecy", true),
	CASE("案由", "Cause", "cause", false),
	CASE("办案单位", "Agency", "agency", false),
	VALUE("提取开始", "Started", "capture/started", TIME, false),
	VALUE("提取结束", "Finished", "capture/finished", TIME, false),
	CASE("提取地点", "Place", "place", false),
	CASE("事由和目的", "Purpose", "purpose", false),
	CASE("证明对象", "Fact to prove", "fact_to_prove", false),
	CASE("告知事项", "Notices given", "notices", false),
};

static const struct axev__form_field method_fields[] = {
	VALUE("数据类别", "Kind of data", "kind", KIND, true),
	CASE("访问方式", "Access", "access", true),
	VALUE("提取方法", "Method", "capture/method", OWN, false),
	CASE("原始存储介质", "Original medium", "medium", false),
	CASE("未扣押原因", "Why not seized", "medium_not_seized_reason", false),
	TEXT("操作说明", "Operator's note", "capture/operator_note", false),
	CASE("异常情况", "Exceptions", "exceptions", false),
	OPTIONAL("保存期限", "Retention", "retention", OWN),
	OPTIONAL("保密标注", "Secrecy marking", "secrecy", OWN),
	VALUE("录像", "Video", "video", FLAT, true),
	CASE("未录像原因", "Why no video", "no_video_reason", true),
};

static const struct axev__form_field device_fields[] = {
	TEXT("操作系统", "Operating system", "environment/os", true),
	TEXT("主机名", "Host", "environment/host", true),
	TEXT("内核", "Kernel", "environment/kernel", false),
	TEXT("处理器架构", "Machine", "environment/machine", true),
	TEXT("时区", "Time zone", "environment/time_zone", true),
	VALUE("设备", "Hardware", "environment/hardware", OWN, false),
	VALUE("网络", "Network", "environment/network", OWN, false),
	VALUE("解析服务器", "Resolvers", "environment/resolvers", TEXTS, true),
	VALUE("代理", "Proxy", "environment/proxy", OWN, true),
	VALUE("浏览器", "Browser", "environment/browser", OWN, false),
	VALUE("时钟来源", "Clock source", "capture/clock/source", OWN, true),
	VALUE("时钟偏差", "Clock offset", "capture/clock/offset_ns", MS, true),
	VALUE("误差界（±）", "Error bound (±)", "capture/clock/bound_ns", MS, true),
	TEXT("提取软件", "Tool", "capture/tool/name", true),
	TEXT("软件版本", "Tool version", "capture/tool/version", true),
	VALUE("提取会话", "Session", "capture/session", HEX, true),
	VALUE("时钟核对", "Clock check", "capture/clock/how", OWN, false),
};

static const struct axev__form_field web_fields[] = {
	TEXT("网址", "URL", "source/url", false),
	OPTIONAL("观察到的情形", "What was observed", "source/failure", OWN),
	OPTIONAL("最终网址", "Final URL", "source/final_url", TEXT),
	OPTIONAL("页面标题", "Page title", "source/title", TEXT),
	OPTIONAL("可达性", "What could be reached", "reach", OWN),
	OPTIONAL("主体公示信息", "Who runs it, as the page shows", "subject", OWN),
	TEXT("HTTP 状态码", "HTTP status", "source/status", false),
	TEXT("服务器地址", "Server address", "source/remote_address", true),
	TEXT("端口", "Port", "source/remote_port", true),
};
static const struct axev__form_field file_fields[] = {
	VALUE("提取对象", "Taken", "source/roots", TEXTS, false),
	TEXT("文件数", "Files", "source/files", true),
	TEXT("总字节数", "Bytes", "source/bytes", true),
	TEXT("未提取数", "Skipped", "source/skipped", false),
};
static const struct axev__form_field mail_fields[] = {
	TEXT("协议", "Protocol", "source/protocol", true),
	TEXT("邮件数", "Messages", "source/messages", true),
	TEXT("服务器", "Server", "source/server", true),
	TEXT("账号", "Account", "source/account", true),
	VALUE("邮箱文件夹", "Mailboxes", "source/mailboxes", TEXTS, false),
};
static const struct axev__form_field edi_fields[] = {
	TEXT("标准", "Standard", "source/standard", true),
	TEXT("传输方式", "Transport", "source/transport", true),
	TEXT("交换数", "Interchanges", "source/interchanges", true),
	TEXT("总字节数", "Bytes", "source/bytes", true),
};
static const struct axev__form_field db_fields[] = {
	TEXT("数据库系统", "System", "source/system", true),
	TEXT("版本", "Version", "source/version", true),
	TEXT("数据来源", "Source", "source/dsn", false),
	TEXT("账号", "Account", "source/account", true),
	TEXT("行数", "Rows", "source/rows", true),
	TEXT("快照", "Snapshot", "source/snapshot", false),
	VALUE("数据表", "Tables", "source/tables", TEXTS, false),
	VALUE("查询语句", "Queries", "source/queries", TEXTS, false),
};

static const struct {
	const char *kind;
	const struct axev__form_field *fields;
	size_t count;
} sources[] = {
	{ "web", web_fields, AXEV__COUNT(web_fields) },
	{ "file", file_fields, AXEV__COUNT(file_fields) },
	{ "mail", mail_fields, AXEV__COUNT(mail_fields) },
	{ "edi", edi_fields, AXEV__COUNT(edi_fields) },
	{ "db", db_fields, AXEV__COUNT(db_fields) },
};

static int source(struct axev__form_build *build, axev_error *err)
{
	struct axev__span kind;
	size_t i;

	TRY(axev__form_heading(build, (struct axev__phrase){ "提取对象", "What was taken" }, err));
	TRY(axev__json_string(build->input->manifest, "kind", &kind, err));
	for (i = 0; i < AXEV__COUNT(sources); i++)
		if (axev__span_is(kind, sources[i].kind))
			return axev__form_fields(build, sources[i].fields, sources[i].count, err);
	return axev__form_note(build, (struct axev__phrase){ "见证据包。", "See the package." }, err);
}

/* ---- people ---- */

static const struct axev__word roles[] = {
	{ "officer", { "执法人员", "officer" } },   { "operator", { "提取人", "operator" } },
	{ "witness", { "见证人", "witness" } },	    { "party", { "当事人", "party" } },
	{ "recorder", { "记录人", "recorder" } },   { "director", { "指挥人", "director" } },
};

static int append_labelled(struct axev__form_build *build, const axev__json *values, const char *key,
			   struct axev__phrase label, struct axev__buf *out, axev_error *err)
{
	struct axev__span text;

	if (!axev__json_as_string(axev__json_get(values, key), &text))
		return AXEV_OK;
	return axev__buf_printf(out, err, "%s%s%s%.*s", out->size ? "\n" : "",
				axev__say(build, label), build->is_zh ? "：" : ": ", (int)text.size,
				(const char *)text.data);
}

static int append_bare(const axev__json *values, const char *key, struct axev__buf *out, axev_error *err)
{
	struct axev__span text;

	if (!axev__json_as_string(axev__json_get(values, key), &text))
		return AXEV_OK;
	if (out->size)
		TRY(axev__buf_byte(out, '\n', err));
	return axev__buf_span(out, text, err);
}

static int person(struct axev__form_build *build, const axev__json *values, axev_error *err)
{
	static const struct axev__cell centre = { .style = AXEV__STYLE_BODY, .align = AXEV__CENTRE };
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	AXEV__BUF more = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	AXEV__BUF id = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__span text = axev__span("", 0);
	char role[32];

	axev__json_as_string(axev__json_get(values, "role"), &text);
	if (text.size >= sizeof(role))
		text.size = sizeof(role) - 1;
	memcpy(role, text.data, text.size);
	role[text.size] = '\0';
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &centre,
			   axev__span_str(axev__form_word(build, roles, AXEV__COUNT(roles), role)), err));
	TRY(axev__form_cell(build, values, "name", AXEV__SHOW_TEXT, &centre, err));
	TRY(axev__form_cell(build, values, "unit", AXEV__SHOW_TEXT, &small, err));
	TRY(append_bare(values, "id_kind", &id, err));
	TRY(append_bare(values, "id_number", &id, err));
	TRY(axev__doc_cell(build->document, &small,
			   id.size ? axev__buf_view(&id) :
				     axev__span_str(axev__form_absent(build, AXEV__FROM_MANIFEST)),
			   err));
	TRY(append_labelled(build, values, "address", (struct axev__phrase){ "住所", "address" }, &more,
			    err));
	TRY(append_labelled(build, values, "contact", (struct axev__phrase){ "联系方式", "contact" },
			    &more, err));
	TRY(append_labelled(build, values, "statement", (struct axev__phrase){ "声明", "statement" },
			    &more, err));
	TRY(append_labelled(build, values, "note", (struct axev__phrase){ "备注", "note" }, &more, err));
	return axev__doc_cell(build->document, &small, axev__buf_view(&more), err);
}

static int reason(struct axev__form_build *build, const char *key, struct axev__phrase label,
		  axev_error *err)
{
	static const struct axev__cell look = { .style = AXEV__STYLE_BODY, .span = 5 };
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);

	TRY(append_labelled(build, build->case_values, key, label, &text, err));
	if (text.size == 0)
		return AXEV_OK;
	TRY(axev__doc_row(build->document, 0, err));
	return axev__doc_cell(build->document, &look, axev__buf_view(&text), err);
}

static int people(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 14, 14, 24, 22, 26 };
	static const struct axev__phrase titles[] = {
		{ "身份", "Role" }, { "姓名/名称", "Name" }, { "单位", "Unit" },
		{ "证件", "Identity document" }, { "说明", "Remarks" },
	};
	const axev__json *records = axev__json_get(build->input->facts, "records");
	size_t added = 0, i;

	TRY(axev__form_heading(build, (struct axev__phrase){ "人员", "People" }, err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(records); i++) {
		const axev__json *record = axev__json_at(records, i);
		struct axev__span type;

		if (!axev__json_as_string(axev__json_get(record, "type"), &type) ||
		    !axev__span_is(type, "person"))
			continue;
		TRY(person(build, axev__json_get(record, "values"), err));
		added++;
	}
	if (added == 0) {
		const char *absent = axev__form_absent(build, AXEV__FROM_CASE);

		TRY(axev__form_empty_row(build, AXEV__COUNT(titles),
					 (struct axev__phrase){ absent, absent }, err));
	}
	TRY(reason(build, "no_party_reason",
		   (struct axev__phrase){ "当事人未到场的原因", "Why the party is absent" }, err));
	return reason(build, "no_witness_reason",
		      (struct axev__phrase){ "没有见证人的原因", "Why there is no witness" }, err);
}

/* ---- lists ---- */

static int steps(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 7, 32, 31, 30 };
	static const struct axev__phrase titles[] = {
		{ "序号", "No." }, { "时间", "Time" }, { "操作", "Action" }, { "结果", "Result" },
	};
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	const axev__json *list = axev__form_at(build->input->manifest, "capture/steps");
	size_t i;

	TRY(axev__form_heading(build, (struct axev__phrase){ "提取过程", "Steps" }, err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++) {
		const axev__json *step = axev__json_at(list, i);

		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__form_number_cell(build, i + 1, err));
		TRY(axev__form_cell(build, step, "time", AXEV__SHOW_TIME, &small, err));
		TRY(axev__form_cell(build, step, "action", AXEV__SHOW_OWN, &small, err));
		TRY(axev__form_cell(build, step, "result", AXEV__SHOW_OWN, &small, err));
	}
	if (i == 0)
		TRY(axev__form_empty_row(build, AXEV__COUNT(titles),
					 (struct axev__phrase){ "未记录", "not recorded" }, err));
	return AXEV_OK;
}

static int binaries(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 40, 20, 40 };
	static const struct axev__phrase titles[] = {
		{ "程序文件", "Program" }, { "版本", "Version" }, { "SHA-256", "SHA-256" },
	};
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	const axev__json *list = axev__form_at(build->input->manifest, "capture/tool/binaries");
	size_t i;

	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++) {
		const axev__json *binary = axev__json_at(list, i);

		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__form_cell(build, binary, "name", AXEV__SHOW_OWN, &small, err));
		TRY(axev__form_cell(build, binary, "version", AXEV__SHOW_TEXT, &small, err));
		TRY(axev__form_cell(build, binary, "sha256", AXEV__SHOW_HEX, &small, err));
	}
	if (i == 0)
		TRY(axev__form_empty_row(build, AXEV__COUNT(titles),
					 (struct axev__phrase){ "程序校验值未记录",
								"digests of the program not recorded" },
					 err));
	return AXEV_OK;
}

/* What belongs to the record, so that a paper that is missing is noticed. */
static int annexes(struct axev__form_build *build, axev_error *err)
{
	const axev__json *manifest = build->input->manifest, *parts = axev__json_get(manifest, "parts");
	uint64_t count = axev__json_count(axev__json_get(manifest, "objects")), more;
	AXEV__BUF text = AXEV__BUF_INIT(1024);
	struct axev__span kind;
	size_t i;

	for (i = 0; i < axev__json_count(parts); i++) {
		TRY(axev__json_u64(axev__json_at(parts, i), "objects", &more, err));
		count += more;
	}
	TRY(axev__json_string(manifest, "kind", &kind, err));
	TRY(axev__form_heading(build, (struct axev__phrase){ "附件", "Annexes" }, err));
	TRY(axev__buf_printf(&text, err,
			     build->is_zh ? "1.《电子数据提取固定清单》，数据对象 %" PRIu64 " 个。" :
					    "1. Fixation list, %" PRIu64 " objects.",
			     count));
	if (axev__span_is(kind, "web"))
		TRY(axev__buf_str(&text, build->is_zh ? "\n2.《网页内容固定单》。" :
							"\n2. Content sheet of a web page.",
				  err));
	if (axev__json_count(axev__form_at(manifest, "environment/checks")) > 0)
		TRY(axev__buf_printf(&text, err,
				     build->is_zh ? "\n%d.《清洁性检查记录》。" :
						    "\n%d. Record of cleanliness checks.",
				     axev__span_is(kind, "web") ? 3 : 2));
	return axev__doc_text(build->document, AXEV__STYLE_BODY, axev__buf_view(&text), err);
}

int axev__form_extraction(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase title = { "电子数据证据提取笔录",
						   "Record of Extraction of Electronic Evidence" };

	TRY(axev__form_begin(build, title, err));
	TRY(axev__form_fields(build, case_fields, AXEV__COUNT(case_fields), err));
	TRY(people(build, err));
	TRY(source(build, err));
	TRY(axev__form_heading(build, (struct axev__phrase){ "提取方法", "Method" }, err));
	TRY(axev__form_fields(build, method_fields, AXEV__COUNT(method_fields), err));
	TRY(steps(build, err));
	TRY(axev__form_heading(build, (struct axev__phrase){ "设备、软件与网络", "Device, software, network" },
			       err));
	TRY(axev__form_fields(build, device_fields, AXEV__COUNT(device_fields), err));
	TRY(binaries(build, err));
	TRY(axev__form_clean_verdict(build, err));
	TRY(axev__form_integrity(build, err));
	TRY(annexes(build, err));
	TRY(axev__form_limits(build, err));
	TRY(axev__form_signatures(build, err));
	return axev__form_end(build, err);
}
