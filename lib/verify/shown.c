/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/shown.h"

#include <inttypes.h>

#include "base/text.h"
#include "package/cell_text.h"
#include "package/sealed_set.h"
#include "verify/disclosed.h"

static int set_escaped(axev__json *row, const char *key, struct axev__span text, axev_error *err)
{
	AXEV__BUF shown = AXEV__BUF_INIT(32 * AXEV__MAX_INLINE_CELL);

	TRY(axev__escape(&shown, text, err));
	return axev__json_set_string(row, key, axev__buf_view(&shown), err);
}

static int set_cell(axev__json *row, const struct axev__proven *proven, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(4 * AXEV__MAX_INLINE_CELL);

	if (proven->is_withheld)
		return axev__json_set_hex(row, "withheld", proven->leaf, 32, err);
	if (proven->cell.tag == AXEV__CELL_NULL)
		return axev__json_set_bool(row, "null", true, err);
	TRY(axev__cell_as_text(&proven->cell, &text, err));
	return set_escaped(row, "text", axev__buf_view(&text), err);
}

static int add_row(axev_report *report, const struct axev__proven *proven, axev_error *err)
{
	AXEV__JSON *row = axev__json_new_object();
	struct axev__span name;

	TRY(axev__json_string(proven->header->json, "name", &name, err));
	TRY(set_escaped(row, "record_set", name, err));
	TRY(axev__json_set_u64(row, "record", proven->record, err));
	TRY(axev__record_header_name(proven->header, proven->field, &name, err));
	TRY(set_escaped(row, "column", name, err));
	TRY(set_cell(row, proven, err));
	return axev__json_append(report->shown, axev__steal(row), err);
}

int axev__show_proven(void *payload, const struct axev__proven *proven, axev_error *err)
{
	struct axev__showing *showing = payload;
	axev_report *report = showing->report;

	showing->counts.all_records = proven->records;
	showing->counts.records += proven->field == 0;
	showing->counts.withheld += proven->is_withheld;
	showing->counts.shown += !proven->is_withheld;
	if (!report->shown)
		report->shown = axev__json_new_array();
	if (axev__json_count(report->shown) < AXEV__MAX_SHOWN_CELLS)
		return add_row(report, proven, err);
	report->shown_more++;
	return AXEV_OK;
}

static int put_row(const axev__json *row, bool with_set, bool is_zh, struct axev__buf *out, axev_error *err)
{
	struct axev__span text;
	uint64_t record;

	TRY(axev__json_u64(row, "record", &record, err));
	TRY(axev__buf_str(out, "  ", err));
	if (with_set) {
		TRY(axev__json_string(row, "record_set", &text, err));
		TRY(axev__buf_span(out, text, err));
		TRY(axev__buf_byte(out, ' ', err));
	}
	TRY(axev__buf_printf(out, err, is_zh ? "第 %" PRIu64 " 条 " : "record %" PRIu64 " ", record + 1));
	TRY(axev__json_string(row, "column", &text, err));
	TRY(axev__buf_span(out, text, err));
	TRY(axev__buf_str(out, is_zh ? "：" : ": ", err));
	if (axev__json_as_string(axev__json_get(row, "withheld"), &text)) {
		TRY(axev__buf_str(out, is_zh ? "〔已遮盖〕叶摘要 " : "[withheld] leaf ", err));
		TRY(axev__buf_span(out, text, err));
	} else if (axev__json_as_string(axev__json_get(row, "text"), &text)) {
		TRY(axev__buf_span(out, text, err));
	} else {
		TRY(axev__buf_str(out, "NULL", err));
	}
	return axev__buf_byte(out, '\n', err);
}

int axev__shown_text(const axev_report *report, size_t limit, bool is_zh, struct axev__buf *out, axev_error *err)
{
	size_t count = axev__json_count(report->shown), i;
	bool with_set = axev__shown_of_several(report->shown);

	if (count == 0)
		return AXEV_OK;
	TRY(axev__buf_str(out, is_zh ? "所示记录：\n" : "records shown:\n", err));
	for (i = 0; i < count && i < limit; i++)
		TRY(put_row(axev__json_at(report->shown, i), with_set, is_zh, out, err));
	if (i < count || report->shown_more > 0)
		TRY(axev__buf_printf(out, err, is_zh ? "  另有 %" PRIu64 " 个单元格未列出\n" : "  %" PRIu64 " more cells, not listed here\n",
				     (uint64_t)(count - i) + report->shown_more));
	return AXEV_OK;
}

/* Who approved an earlier disclosure is in the bytes of that one only. */
static const char *derived_end(bool is_zh, bool is_compared)
{
	if (is_compared)
		return is_zh ? "与卷宗内该件所写一致。" : ". That one is in this bundle and states the same";
	return is_zh ? "为本件制作方所述，未证明。" :
		       ". Who approved that one and why is stated by the maker of this one, not proven";
}

static int put_derived(const axev__json *row, bool is_zh, struct axev__buf *out, axev_error *err)
{
	static const char *const members[] = { "id", "disclosed", "approver", "ground" };
	struct axev__span texts[AXEV__COUNT(members)];
	uint64_t entry;
	size_t i;

	for (i = 0; i < AXEV__COUNT(members); i++)
		TRY(axev__json_string(row, members[i], &texts[i], err));
	TRY(axev__json_u64(row, "entry", &entry, err));
	return axev__buf_printf(out, err,
				is_zh ? "注意：本披露件自述由披露件 %.*s 分出（账本条目 %" PRIu64 "，%.*s）；其审批人 %.*s、依据 %.*s %s\n" :
					"note: the disclosure says that it was made from disclosure %.*s (ledger entry %" PRIu64
					", %.*s), approved by %.*s on the ground: %.*s%s\n",
				(int)texts[0].size, (const char *)texts[0].data, entry, (int)texts[1].size, (const char *)texts[1].data,
				(int)texts[2].size, (const char *)texts[2].data, (int)texts[3].size, (const char *)texts[3].data,
				derived_end(is_zh, axev__json_get(row, "compared") != NULL));
}

int axev__derived_text(const axev_report *report, bool is_zh, struct axev__buf *out, axev_error *err)
{
	size_t i;

	for (i = 0; i < axev__json_count(report->derived_from); i++)
		TRY(put_derived(axev__json_at(report->derived_from, i), is_zh, out, err));
	return AXEV_OK;
}
