/* SPDX-License-Identifier: Apache-2.0 */
/* The report for people: two lines of verdict, then what is not in order, then the honest limit. */
#include "verify/shown.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"

#define MAX_REPORT_TEXT_BYTES (16 * AXEV__MIB)
#define MAX_SHOWN_LINES 200

struct words {
	const char *zh, *en;
};

static const struct words contents[] = {
	[AXEV__CONTENT_UNCHANGED] = { "未改动", "unchanged" },
	[AXEV__CONTENT_CHANGED] = { "已改动", "changed" },
	[AXEV__CONTENT_INCOMPLETE] = { "不完整", "incomplete" },
	[AXEV__CONTENT_NEWER] = { "未改动（格式较新，未能全部核验）",
				  "unchanged (newer format, not all of it could be checked)" },
};
static const struct words trusts[] = {
	[AXEV__TRUST_CHOSEN] = { "已按所选策略确认", "trusted by your policy" },
	[AXEV__TRUST_NOT_CHOSEN] = { "尚未选择信任", "not chosen yet" },
	[AXEV__TRUST_REFUSED] = { "已拒绝", "refused" },
	[AXEV__TRUST_NOT_ASKED] = { "内容已不完好，不再判断", "not judged, the content is not whole" },
};
static const struct words statuses[] = {
	[AXEV__CHECK_PASSED] = { "通过", "passed" },
	[AXEV__CHECK_FAILED] = { "未通过", "failed" },
	[AXEV__CHECK_INDETERMINATE] = { "不能确定", "indeterminate" },
	[AXEV__CHECK_NOT_APPLICABLE] = { "不适用", "not applicable" },
};

struct writer {
	struct axev__buf *out;
	bool is_zh;
};

static const char *say(const struct writer *writer, const struct words *words)
{
	return writer->is_zh ? words->zh : words->en;
}

static int line(const struct writer *writer, const char *zh, const char *en, const char *value,
		axev_error *err)
{
	if (writer->is_zh)
		return axev__buf_printf(writer->out, err, "%s：%s\n", zh, value);
	return axev__buf_printf(writer->out, err, "%s: %s\n", en, value);
}

static int write_subject(const struct writer *writer, const axev_report *report, axev_error *err)
{
	char number[24];

	snprintf(number, sizeof(number), "%" PRIu64, report->bytes);
	if (report->file)
		TRY(line(writer, "文件", "file", report->file, err));
	if (report->kind[0])
		TRY(line(writer, "类型", "kind", report->kind, err));
	if (report->id_hex[0])
		TRY(line(writer, "编号", "id", report->id_hex, err));
	if (report->sha256_hex[0])
		TRY(line(writer, "文件 SHA-256", "file SHA-256", report->sha256_hex, err));
	return line(writer, "字节数", "bytes", number, err);
}

static int write_bound(const struct writer *writer, const char *zh, const char *en,
		       const struct axev__bound *bound, axev_error *err)
{
	const struct words own = { "（制作方自己的机构）", " (the maker's own authority)" };
	char text[AXEV__RFC3339_S_SIZE], value[128];

	if (!bound->is_known)
		return line(writer, zh, en, writer->is_zh ? "未证明" : "not proven", err);
	axev__rfc3339_seconds(text, bound->unix_ns);
	snprintf(value, sizeof(value), "%s%s", text, bound->is_embedded ? say(writer, &own) : "");
	return line(writer, zh, en, value, err);
}

/* A time that is proven and one that is only claimed never look the same; what is not proven is said. */
static int write_times(const struct writer *writer, const axev_report *report, axev_error *err)
{
	const struct axev__times *times = &report->times;
	char text[AXEV__RFC3339_S_SIZE];

	axev__rfc3339_seconds(text, report->verified_at_ns);
	TRY(line(writer, "核验时间（核验方时钟）", "verified at (verifier's clock)", text, err));
	if (report->judged_at_ns != report->verified_at_ns) {
		axev__rfc3339_seconds(text, report->judged_at_ns);
		TRY(line(writer, "按指定时间判断无时间戳的证书", "certificates without a time-stamp judged at",
			 text, err));
	}
	if (times->claimed.is_known)
		TRY(write_bound(writer, "制作方自述的提取时间（未证明）",
				"capture began, as claimed (not proven)", &times->claimed, err));
	if (report->package_count > 0) {
		TRY(write_bound(writer, "证据包形成不早于（证据说明列明的时间戳）",
				"package made not before (time-stamp that its manifest names)",
				&times->not_before, err));
		TRY(write_bound(writer, "证据包形成不晚于（签名上的时间戳）",
				"package made not after (time-stamp over the signature)", &times->not_after, err));
	}
	if (report->is_embedded_time)
		TRY(axev__buf_str(writer->out,
				  writer->is_zh ? "注意：时间仅由制作方自己的时间戳机构证明。\n" :
						  "note: time attested only by the maker's own "
						  "authority\n",
				  err));
	if (report->is_time_pending)
		TRY(axev__buf_str(writer->out,
				  writer->is_zh ? "注意：时间待定，尚无时间戳。\n" :
						  "note: time pending, there is no time-stamp yet\n",
				  err));
	if (report->is_partial)
		TRY(axev__buf_str(writer->out,
				  writer->is_zh ? "注意：提取不完整，证据说明列明了缺少的内容。\n" :
						  "note: a partial capture, the manifest lists what is "
						  "missing\n",
				  err));
	if (report->is_original_erased)
		TRY(axev__buf_str(writer->out,
				  writer->is_zh ? "注意：账本记明，披露件的原证据包已在该账本删除，以披露件代替；不能再向其索取原件核验。\n" :
						  "note: the ledger says that the original of the disclosure was erased from it; the disclosure "
						  "stands in its place, the original cannot be had there any more\n",
				  err));
	return AXEV_OK;
}

static int field(const struct writer *writer, unsigned indent, const char *zh, const char *en,
		 const char *value, axev_error *err)
{
	if (!value || !*value)
		return AXEV_OK;
	TRY(axev__buf_printf(writer->out, err, "%*s", (int)(2 * indent), ""));
	return line(writer, zh, en, value, err);
}

static int write_check(const struct writer *writer, const struct axev__check *check,
		       unsigned indent, bool is_full, axev_error *err)
{
	const struct axev__check_text *text = check->text;
	const char *found = writer->is_zh && check->found_zh ? check->found_zh :
			    check->found			     ? check->found :
								       axev__remark_text(check->remark,
											 writer->is_zh);
	const char *expected = check->expected ? check->expected :
			       writer->is_zh   ? text->expected_zh :
						 text->expected_en;
	bool is_leaf = !check->first_child;

	TRY(axev__buf_printf(writer->out, err, "%*s[%s] %s", (int)(2 * indent), "",
			     say(writer, &statuses[check->status]),
			     writer->is_zh ? text->title_zh : text->title_en));
	if (check->looked_at)
		TRY(axev__buf_printf(writer->out, err, writer->is_zh ? "（%s）" : " (%s)",
				     check->looked_at));
	TRY(axev__buf_str(writer->out, "\n", err));
	if (is_leaf)
		TRY(field(writer, indent + 1, "应为", "expected", expected, err));
	if (is_leaf)
		TRY(field(writer, indent + 1, "实际", "found", found, err));
	if (!is_full)
		return AXEV_OK;
	return field(writer, indent + 1, "通用命令", "stock command",
		     check->command ? check->command : text->command, err);
}

static int write_checks(const struct writer *writer, const axev_report *report, bool is_full,
			axev_error *err)
{
	const struct axev__check *check = &report->root;
	unsigned depth = 0;

	while ((check = axev__check_next(check, &depth))) {
		bool is_open = check->status == AXEV__CHECK_FAILED ||
			       check->status == AXEV__CHECK_INDETERMINATE;

		if (is_full || (is_open && !check->first_child))
			TRY(write_check(writer, check, is_full ? depth - 1 : 0, is_full, err));
	}
	return AXEV_OK;
}

static int write_limit(const struct writer *writer, axev_error *err)
{
	return axev__buf_str(writer->out,
			     writer->is_zh ?
				     "证明本机于该时刻收到并如此显示；不证明内容属实。\n" :
				     "Proves what this machine received and showed at that time; does "
				     "not prove that the content is true.\n",
			     err);
}

static int write_not_checked(const struct writer *writer, axev_error *err)
{
	unsigned i;

	TRY(axev__buf_str(writer->out, writer->is_zh ? "未核验：\n" : "not checked:\n", err));
	for (i = 0; axev__not_checked(i, writer->is_zh); i++)
		TRY(axev__buf_printf(writer->out, err, "  - %s\n",
				     axev__not_checked(i, writer->is_zh)));
	return AXEV_OK;
}

static int write_text(const struct writer *writer, const axev_report *report, bool is_full,
		      axev_error *err)
{
	TRY(line(writer, "内容", "content", say(writer, &contents[axev__report_content(report)]), err));
	TRY(line(writer, "身份与时间", "identity and time",
		 say(writer, &trusts[axev__report_trust(report)]), err));
	TRY(write_subject(writer, report, err));
	TRY(write_times(writer, report, err));
	TRY(axev__derived_text(report, writer->is_zh, writer->out, err));
	TRY(axev__shown_text(report, is_full ? SIZE_MAX : MAX_SHOWN_LINES, writer->is_zh, writer->out, err));
	TRY(write_checks(writer, report, is_full, err));
	TRY(write_not_checked(writer, err));
	return write_limit(writer, err);
}

int axev_report_text(const axev_report *report, const char *lang, int is_full, char **ret_text,
		     axev_error *err)
{
	AXEV__BUF out = AXEV__BUF_INIT(MAX_REPORT_TEXT_BYTES);
	struct writer writer = { .out = &out, .is_zh = lang && strcmp(lang, "zh") == 0 };
	char *text;

	if (!report || !ret_text || (lang && !writer.is_zh && strcmp(lang, "en") != 0))
		return axev__fail(err, AXEV_E_INVAL, "expected a report and the language zh or en");
	TRY(write_text(&writer, report, is_full != 0, err));
	text = axev__buf_steal_str(&out);
	if (!text)
		return axev__nomem(err);
	*ret_text = text;
	return AXEV_OK;
}

void axev_text_free(char *text)
{
	free(text);
}
