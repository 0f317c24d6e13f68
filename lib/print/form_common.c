/* SPDX-License-Identifier: Apache-2.0 */
/* What every form begins and ends with: id and QR code, signatures, how time is attested, honest limits. */
#include "print/form.h"

#define MAX_BOX_NAME 60 /* bytes: twenty Han characters */

const struct axev__phrase axev__honest_limit = {
	"证明本机于该时刻收到并如此显示；不证明内容属实。",
	"Proves what this machine received and showed at that time; does not prove that the content is true.",
};

static bool is_bundle(const struct axev__form_build *build)
{
	struct axev__span kind;

	return axev__json_as_string(axev__form_at(build->input->report, "subject/kind"), &kind) ?
		       axev__span_is(kind, "bundle") :
		       build->input->packages != NULL;
}

int axev__form_begin(struct axev__form_build *build, struct axev__phrase title, axev_error *err)
{
	static const struct axev__phrase id = {
		"证据包编号（data/evidence.json 的 SHA-256）\n"
		"右侧二维码为同一编号的 64 位十六进制数字。本件是电子证据的显示形式；"
		"原件为证据包，凡与证据包不一致处，以证据包为准。",
		"Package id (SHA-256 of data/evidence.json)\n"
		"The QR code holds the same 64 hexadecimal digits. This print displays electronic evidence; "
		"the package is the original and prevails wherever the two differ.",
	};

	static const struct axev__phrase bundle = {
		"卷宗包编号（卷宗包 data/evidence.json 的 SHA-256）\n"
		"右侧二维码为同一编号的 64 位十六进制数字。本件是卷宗包的显示形式；凡与卷宗包不一致处，以卷宗包为准。",
		"Id of the bundle (SHA-256 of its data/evidence.json)\n"
		"The QR code holds the same 64 hexadecimal digits. This print displays the bundle, which prevails wherever the "
		"two differ.",
	};

	TRY(axev__doc_title(build->document, axev__say(build, title), err));
	if (build->id_hex[0] == '\0')
		return AXEV_OK;
	return axev__doc_identity(build->document, axev__span_str(build->id_hex),
				  axev__say(build, is_bundle(build) ? bundle : id), err);
}

int axev__form_end(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase id = {
		"编号（与首页相同）\n本文书至此为止。首页、末页的编号和二维码应当一致，每页页脚印有同一编号。",
		"Id (as on the first page)\nThis form ends here. The id and QR code of the first and the last page must "
		"agree; every page carries the id at its foot.",
	};

	if (build->id_hex[0] == '\0')
		return AXEV_OK;
	return axev__doc_identity(build->document, axev__span_str(build->id_hex), axev__say(build, id),
				  err);
}

int axev__form_time_note(struct axev__form_build *build, enum axev__print_time time, axev_error *err)
{
	static const struct axev__phrase notes[] = {
		[AXEV__PRINT_TIME_UNKNOWN] = {
			"本件未核验时间戳；时间由何方证明，见核验报告。",
			"Time-stamps were not checked for this print; the verification report says who attests "
			"the time." },
		[AXEV__PRINT_TIME_PENDING] = {
			"时间待定：尚无时间戳，所列时间为制作方所称。",
			"Time pending: there is no time-stamp yet; the times given are as claimed by the maker." },
		[AXEV__PRINT_TIME_EMBEDDED] = {
			"时间仅由制作方自己的时间戳机构证明，没有第三方时间戳。",
			"Time is attested only by the maker's own time-stamp authority; no third party "
			"stamped it." },
		[AXEV__PRINT_TIME_AUTHORITY] = {
			"时间由时间戳机构签名证明；该机构是否独立于制作方、是否可信，由核验方的信任策略决定。",
			"Time is attested by a time-stamp authority; whether it is independent of the maker and "
			"trusted is for the verifier's policy to say." },
	};

	return axev__doc_text(build->document, AXEV__STYLE_STRONG,
			      axev__span_str(axev__say(build, notes[time])), err);
}

/* ---- signatures ---- */

struct box {
	const char *role;
	struct axev__phrase label;
	size_t at_least;
};

static bool has_role(const axev__json *values, const char *role, struct axev__span *ret_name)
{
	struct axev__span found;

	return axev__json_as_string(axev__json_get(values, "role"), &found) &&
	       axev__span_is(found, role) &&
	       axev__json_as_string(axev__json_get(values, "name"), ret_name);
}

/* The name as far as a box has room; in full it stands among the people. */
static struct axev__span short_name(struct axev__span name)
{
	size_t size = MAX_BOX_NAME;

	if (name.size <= size)
		return name;
	while (size > MAX_BOX_NAME - 4 && (name.data[size] & 0xC0) == 0x80)
		size--;
	return axev__span(name.data, size);
}

static int box_text(struct axev__form_build *build, const char *role, struct axev__span name,
		    struct axev__buf *out, axev_error *err)
{
	if (strcmp(role, "party") == 0)
		return axev__buf_printf(out, err,
					build->is_zh ?
						"%.*s%s意见：□ 属实　□ 有异议　□ 拒绝签名，原因：" :
						"%.*s%sOpinion:  □ true   □ disputed   □ refuses to sign, because:",
					(int)name.size, (const char *)name.data,
					name.size ? "    " : "");
	return axev__buf_span(out, name, err);
}

static int add_box(struct axev__form_build *build, const struct box *box, struct axev__span name,
		   axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_FACT_BYTES + 1024);

	TRY(box_text(build, box->role, short_name(name), &text, err));
	return axev__doc_signature(build->document, axev__say(build, box->label), axev__buf_view(&text),
				   err);
}

static int add_boxes(struct axev__form_build *build, const struct box *box, axev_error *err)
{
	const axev__json *records = axev__json_get(build->input->facts, "records");
	size_t added = 0, i;

	for (i = 0; i < axev__json_count(records); i++) {
		struct axev__span name;

		if (!has_role(axev__json_get(axev__json_at(records, i), "values"), box->role, &name))
			continue;
		TRY(add_box(build, box, name, err));
		added++;
	}
	for (; added < box->at_least; added++)
		TRY(add_box(build, box, axev__span("", 0), err));
	return AXEV_OK;
}

int axev__form_signatures(struct axev__form_build *build, axev_error *err)
{
	static const struct box boxes[] = {
		{ "officer", { "执法人员", "Officer" }, 2 },
		{ "operator", { "提取人", "Operator" }, 1 },
		{ "recorder", { "记录人", "Recorder" }, 0 },
		{ "party", { "当事人", "Party" }, 1 },
		{ "witness", { "见证人", "Witness" }, 1 },
	};
	size_t i;

	TRY(axev__form_heading(build, (struct axev__phrase){ "签名", "Signatures" }, err));
	for (i = 0; i < AXEV__COUNT(boxes); i++)
		TRY(add_boxes(build, &boxes[i], err));
	return AXEV_OK;
}

int axev__form_limits(struct axev__form_build *build, axev_error *err)
{
	TRY(axev__form_heading(build, (struct axev__phrase){ "证明范围", "What this proves" }, err));
	return axev__doc_text(build->document, AXEV__STYLE_STRONG,
			      axev__span_str(axev__say(build, axev__honest_limit)), err);
}
