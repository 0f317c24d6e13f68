/* SPDX-License-Identifier: Apache-2.0 */
/* How the bytes are tied down: digests, signatures expected, earliest time, ledger. */
#include "print/form.h"

#include "base/text.h"

#define TEXT(zh, en, path, half) { { zh, en }, AXEV__FROM_MANIFEST, path, AXEV__SHOW_TEXT, half }
#define VALUE(zh, en, path, show, half) \
	{ { zh, en }, AXEV__FROM_MANIFEST, path, AXEV__SHOW_##show, half }

static const struct axev__form_field anchor_fields[] = {
	VALUE("事实记录根值", "Root of the facts", "facts/root", HEX, false),
	TEXT("账本", "Ledger", "anchors/origin", true),
	TEXT("提取前账本大小", "Ledger size before", "anchors/checkpoint_size", true),
	VALUE("提取前检查点", "SHA-256 of the checkpoint before", "anchors/checkpoint_sha256", HEX,
	      false),
	VALUE("检查点时间", "Time-stamp on it", "anchors/token_time", TIME, false),
};

static int missing(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 7, 46, 47 };
	static const struct axev__phrase titles[] = {
		{ "序号", "No." }, { "缺少的内容", "What is missing" }, { "原因", "Why" },
	};
	static const struct axev__cell look = { .style = AXEV__STYLE_BODY };
	const axev__json *complete = axev__json_get(build->input->manifest, "complete");
	size_t i;
	bool is_complete;

	if (axev__json_as_bool(complete, &is_complete) && is_complete)
		return axev__doc_text(build->document, AXEV__STYLE_BODY,
				      axev__span_str(build->is_zh ? "提取内容完整，没有缺少。" :
								    "The capture is complete."),
				      err);
	TRY(axev__doc_text(build->document, AXEV__STYLE_STRONG,
			   axev__span_str(build->is_zh ? "本次提取不完整，缺少下列内容：" :
							 "The capture is partial. Missing are:"),
			   err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(complete); i++) {
		const axev__json *one = axev__json_at(complete, i);

		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__form_number_cell(build, i + 1, err));
		TRY(axev__form_cell(build, one, "what", AXEV__SHOW_TEXT, &look, err));
		TRY(axev__form_cell(build, one, "why", AXEV__SHOW_TEXT, &look, err));
	}
	return AXEV_OK;
}

static int expected_signatures(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 22, 26, 52 };
	static const struct axev__phrase titles[] = {
		{ "签名角色", "Signs as" },
		{ "算法", "Algorithm" },
		{ "证书 SHA-256（签名证书在前）", "SHA-256 of the certificates, signer first" },
	};
	static const struct axev__word roles[] = {
		{ "officer", { "执法人员", "officer" } }, { "operator", { "提取系统", "operator" } },
		{ "witness", { "见证人", "witness" } },	  { "exporter", { "导出方", "exporter" } },
	};
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL, .align = AXEV__CENTRE };
	const axev__json *list = axev__json_get(build->input->manifest, "expected_signatures");
	struct axev__shown shown;
	struct axev__span role;
	size_t i;

	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++) {
		const axev__json *one = axev__json_at(list, i);

		TRY(axev__json_string(one, "role", &role, err));
		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__doc_cell(build->document, &small,
				   axev__span_str(axev__form_word(build, roles, AXEV__COUNT(roles),
								  axev__show(&shown, role))),
				   err));
		TRY(axev__form_cell(build, one, "algorithm", AXEV__SHOW_TEXT, &small, err));
		TRY(axev__form_cell(build, one, "certificates", AXEV__SHOW_HEX,
				    &(struct axev__cell){ .style = AXEV__STYLE_MONO }, err));
	}
	if (i == 0)
		TRY(axev__form_empty_row(build, AXEV__COUNT(titles),
					 (struct axev__phrase){ "未记录", "not recorded" }, err));
	return AXEV_OK;
}

static int ledger(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 18, 12, 32, 38 };
	static const struct axev__phrase titles[] = {
		{ "事件", "Event" }, { "序号", "Index" }, { "时间", "Time" }, { "说明", "Detail" },
	};
	static const struct axev__word events[] = {
		{ "started", { "开始提取", "started" } },   { "captured", { "提取完成", "captured" } },
		{ "sealed", { "封存", "sealed" } },	    { "token", { "补时间戳", "token" } },
		{ "attested", { "证明", "attested" } },	    { "disclosed", { "披露", "disclosed" } },
		{ "abandoned", { "放弃", "abandoned" } },   { "renewed", { "续期", "renewed" } },
	};
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	static const struct axev__cell centre = { .style = AXEV__STYLE_SMALL, .align = AXEV__CENTRE };
	struct axev__shown shown;
	struct axev__span event;
	size_t i;

	TRY(axev__form_heading(build, (struct axev__phrase){ "账本记录", "Ledger entries" }, err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(build->input->ledger); i++) {
		const axev__json *one = axev__json_at(build->input->ledger, i);

		TRY(axev__json_string(one, "event", &event, err));
		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__doc_cell(build->document, &centre,
				   axev__span_str(axev__form_word(build, events, AXEV__COUNT(events),
								  axev__show(&shown, event))),
				   err));
		TRY(axev__form_cell(build, one, "index", AXEV__SHOW_TEXT, &centre, err));
		TRY(axev__form_cell(build, one, "time", AXEV__SHOW_TIME, &small, err));
		TRY(axev__form_cell(build, one, "detail", AXEV__SHOW_TEXT, &small, err));
	}
	if (i == 0)
		TRY(axev__form_empty_row(build, AXEV__COUNT(titles),
					 (struct axev__phrase){ "账本记录未随附",
								"ledger entries not enclosed" },
					 err));
	return AXEV_OK;
}

int axev__form_integrity(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase how = {
		"校验值的计算：证据包列明每个数据对象全部字节的 SHA-256；"
		"证据包编号是 data/evidence.json 全部字节的 SHA-256。解开证据包后，可用 "
		"sha256sum -c manifest-sha256.txt 逐一重算核对。各对象的校验值见《电子数据提取固定清单》。",
		"How the digests were computed: the package states the SHA-256 of all bytes of each object; the "
		"package id is the SHA-256 of all bytes of data/evidence.json. After unzipping, sha256sum -c "
		"manifest-sha256.txt computes each of them again. The fixation list gives them one by one.",
	};

	TRY(axev__form_heading(build, (struct axev__phrase){ "完整性与时间", "Integrity and time" }, err));
	TRY(missing(build, err));
	TRY(axev__doc_text(build->document, AXEV__STYLE_BODY, axev__span_str(axev__say(build, how)), err));
	TRY(axev__form_time_note(build, build->input->time, err));
	TRY(axev__form_fields(build, anchor_fields, AXEV__COUNT(anchor_fields), err));
	TRY(expected_signatures(build, err));
	return ledger(build, err);
}
