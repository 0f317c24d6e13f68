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

int axev__form_missing(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 7, 46, 47 };
	static const struct axev__phrase titles[] = {
		{ "序号", "No." }, { "缺少的内容", "What is missing" }, { "原因", "Why" },
	};
	static const struct axev__cell look = { .style = AXEV__STYLE_BODY };
	static const struct axev__phrase failed = {
		"没有取得页面。对这次尝试的记录齐全，没有缺少。",
		"No page was received. What was recorded of the attempt is complete.",
	};
	static const struct axev__phrase part = {
		"本件为披露件：只出示所列单元格，其余已遮盖或未列出。",
		"This is a disclosure: it shows the cells listed; the rest is withheld or not listed.",
	};
	const axev__json *complete = axev__json_get(build->input->manifest, "complete");
	struct axev__span kind;
	size_t i;
	bool is_complete;

	if (axev__json_as_string(axev__json_get(build->input->manifest, "kind"), &kind) && axev__span_is(kind, "disclosure"))
		return axev__doc_text(build->document, AXEV__STYLE_BODY, axev__span_str(axev__say(build, part)), err);
	if (axev__json_as_bool(complete, &is_complete) && is_complete &&
	    axev__form_at(build->input->manifest, "source/failure"))
		return axev__doc_text(build->document, AXEV__STYLE_BODY,
				      axev__span_str(axev__say(build, failed)), err);
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
		TRY(axev__form_cell(build, one, "what", AXEV__SHOW_OWN, &look, err));
		TRY(axev__form_cell(build, one, "why", AXEV__SHOW_OWN, &look, err));
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
		{ "signer", { "签名人", "signer" } },	  { "operator", { "提取系统", "operator" } },
		{ "officer", { "执法人员", "officer" } },
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

/* ---- who signed, and when that was stamped ---- */

static int stamp_text(struct axev__form_build *build, const axev__json *one, struct axev__buf *out,
		      axev_error *err)
{
	struct axev__span authority;
	bool is_embedded = false, is_late = false, has;

	if (!axev__json_as_string(axev__json_get(one, "authority"), &authority))
		return axev__buf_str(out, build->is_zh ? "尚无时间戳" : "no time-stamp yet", err);
	TRY(axev__form_value(build, axev__json_get(one, "stamped"), AXEV__SHOW_TIME, out, &has, err));
	TRY(axev__buf_printf(out, err, "\n%s%.*s", build->is_zh ? "机构：" : "by ", (int)authority.size,
			     (const char *)authority.data));
	axev__json_as_bool(axev__json_get(one, "is_embedded"), &is_embedded);
	axev__json_as_bool(axev__json_get(one, "is_late"), &is_late);
	if (is_embedded)
		TRY(axev__buf_str(out, build->is_zh ? "\n（制作方自己的时间戳机构）" :
						      "\n(the maker's own authority)",
				  err));
	if (is_late)
		TRY(axev__buf_str(out, build->is_zh ? "\n（封存后补加）" : "\n(added after the seal)",
				  err));
	return AXEV_OK;
}

static int signature_row(struct axev__form_build *build, const axev__json *one, size_t number,
			 axev_error *err)
{
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	AXEV__BUF signer = AXEV__BUF_INIT(4096);
	AXEV__BUF stamp = AXEV__BUF_INIT(4096);
	struct axev__span text;

	TRY(axev__json_string(one, "subject", &text, err));
	TRY(axev__buf_printf(&signer, err, "%s%.*s\n", build->is_zh ? "持有人：" : "subject: ",
			     (int)text.size, (const char *)text.data));
	TRY(axev__json_string(one, "issuer", &text, err));
	TRY(axev__buf_printf(&signer, err, "%s%.*s", build->is_zh ? "签发者：" : "issuer: ",
			     (int)text.size, (const char *)text.data));
	TRY(stamp_text(build, one, &stamp, err));
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__form_number_cell(build, number, err));
	TRY(axev__doc_cell(build->document, &small, axev__buf_view(&signer), err));
	return axev__doc_cell(build->document, &small, axev__buf_view(&stamp), err);
}

static int signatures(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 7, 46, 47 };
	static const struct axev__phrase titles[] = {
		{ "序号", "No." },
		{ "签名证书（所称身份）", "Certificate of the signer (identity as stated)" },
		{ "时间戳", "Time-stamp" },
	};
	const axev__json *list = build->input->signatures;
	size_t i;

	if (!list)
		return AXEV_OK;
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++)
		TRY(signature_row(build, axev__json_at(list, i), i + 1, err));
	return axev__form_note(build,
			       (struct axev__phrase){
				       "电子签名与时间戳在印出前已核验完好；证书持有人是否确为其人、时间戳机构是否可信，"
				       "由核验方的信任策略决定，见《核验报告》。",
				       "Signatures and time-stamps were found whole before printing. Whether the "
				       "holder is who the certificate says, and whether the authority is to be "
				       "trusted, is for the verifier's policy: see the verification report." },
			       err);
}

/* ---- ledger ---- */

/* What an entry fixes, apart from its time. */
static int entry_detail(struct axev__form_build *build, const axev__json *entry, struct axev__buf *out,
			axev_error *err)
{
	static const struct {
		const char *key;
		struct axev__phrase label;
	} digests[] = {
		{ "commitment", { "承诺值", "commitment" } },
		{ "id", { "证据包编号", "package id" } },
		{ "package_sha256", { "证据包文件 SHA-256", "SHA-256 of the package file" } },
		{ "token_sha256", { "时间戳 SHA-256", "SHA-256 of the time-stamp" } },
	};
	struct axev__span text;
	size_t i;

	for (i = 0; i < AXEV__COUNT(digests); i++) {
		if (!axev__json_as_string(axev__json_get(entry, digests[i].key), &text))
			continue;
		TRY(axev__buf_printf(out, err, "%s%s\n", out->size ? "\n" : "",
				     axev__say(build, digests[i].label)));
		TRY(axev__group_hex(out, text, "\n", err));
	}
	if (axev__json_as_string(axev__json_get(entry, "package_bytes"), &text))
		TRY(axev__buf_printf(out, err, "\n%s%.*s", build->is_zh ? "字节数 " : "bytes ",
				     (int)text.size, (const char *)text.data));
	return AXEV_OK;
}

static int ledger_row(struct axev__form_build *build, const axev__json *row, axev_error *err)
{
	static const struct axev__word events[] = {
		{ "started", { "开始提取", "started" } },   { "captured", { "提取完成", "captured" } },
		{ "sealed", { "封存", "sealed" } },	    { "token", { "补加时间戳", "token" } },
		{ "attested", { "证明", "attested" } },	    { "disclosed", { "披露", "disclosed" } },
		{ "abandoned", { "放弃", "abandoned" } },   { "renewed", { "续期", "renewed" } },
		{ "erased", { "原件删除", "original erased" } },
	};
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	static const struct axev__cell mono = { .style = AXEV__STYLE_MONO };
	static const struct axev__cell centre = { .style = AXEV__STYLE_SMALL, .align = AXEV__CENTRE };
	AXEV__BUF detail = AXEV__BUF_INIT(4 * AXEV__MAX_LEDGER_ENTRY_BYTES);
	axev__json *entry;
	struct axev__shown shown;
	struct axev__span event;

	TRY(axev__json_object(row, "entry", &entry, err));
	TRY(axev__json_string(entry, "event", &event, err));
	TRY(entry_detail(build, entry, &detail, err));
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &centre,
			   axev__span_str(axev__form_word(build, events, AXEV__COUNT(events),
							  axev__show(&shown, event))),
			   err));
	TRY(axev__form_cell(build, row, "index", AXEV__SHOW_TEXT, &centre, err));
	TRY(axev__form_cell(build, entry, "time", AXEV__SHOW_TIME, &small, err));
	return axev__doc_cell(build->document, &mono, axev__buf_view(&detail), err);
}

static int ledger(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 14, 9, 35, 42 };
	static const struct axev__phrase titles[] = {
		{ "事件", "Event" },
		{ "序号", "Index" },
		{ "时间（制作方时钟所记）", "Time (by the maker's clock)" },
		{ "登记内容", "What it fixes" },
	};
	size_t i;

	TRY(axev__form_heading(build, (struct axev__phrase){ "账本记录", "Ledger entries" }, err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(build->input->ledger); i++)
		TRY(axev__prefix(ledger_row(build, axev__json_at(build->input->ledger, i), err), err,
				 "ledger[%zu]", i));
	if (i > 0)
		return axev__form_note(
			build,
			(struct axev__phrase){
				"账本只可追加。“开始提取”先于提取登记，放弃的提取也留有记录；记录次序由账本证明，"
				"所列时间为制作方时钟所记，不能单独证明真实时间。",
				"The ledger can only be appended to. \"started\" is logged before the capture, and "
				"takes that were given up stay visible. The ledger proves the order of its "
				"entries; their times are by the maker's clock and prove no true time alone." },
			err);
	return axev__form_empty_row(build, AXEV__COUNT(titles),
				    (struct axev__phrase){ "账本记录未随附", "ledger entries not enclosed" },
				    err);
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
	TRY(axev__form_missing(build, err));
	TRY(axev__doc_text(build->document, AXEV__STYLE_BODY, axev__span_str(axev__say(build, how)), err));
	TRY(axev__form_time_note(build, build->input->time, err));
	TRY(axev__form_fields(build, anchor_fields, AXEV__COUNT(anchor_fields), err));
	TRY(expected_signatures(build, err));
	TRY(signatures(build, err));
	return ledger(build, err);
}
