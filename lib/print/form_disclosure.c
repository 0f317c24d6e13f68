/* SPDX-License-Identifier: Apache-2.0 */
/* 电子数据披露单: cells of a record set that are shown, and 〔已遮盖〕 with its digest for each that is not. */
#include "print/form.h"

#include <inttypes.h>

#include "base/text.h"
#include "verify/disclosed.h"

static const struct axev__form_field head_fields[] = {
	{ { "原证据包编号", "Original package" }, AXEV__FROM_MANIFEST, "source/about", AXEV__SHOW_HEX, false },
	{ { "原证据包 SHA-256", "SHA-256 of its file" }, AXEV__FROM_MANIFEST, "source/package_sha256", AXEV__SHOW_HEX, false },
	{ { "原封存的账本记录序号", "Its ledger entry" }, AXEV__FROM_MANIFEST, "source/entry", AXEV__SHOW_TEXT, true },
	{ { "记录集", "Record set" }, AXEV__FROM_MANIFEST, "source/record_set", AXEV__SHOW_TEXT, true, true },
	{ { "遮盖依据", "Ground for withholding" }, AXEV__FROM_MANIFEST, "source/ground", AXEV__SHOW_TEXT, false },
	{ { "审批人", "Approved by" }, AXEV__FROM_MANIFEST, "source/approver", AXEV__SHOW_TEXT, false },
	{ { "披露时间", "Disclosed" }, AXEV__FROM_MANIFEST, "capture/finished", AXEV__SHOW_TIME, false },
	{ { "所示记录数", "Records" }, AXEV__FROM_MANIFEST, "source/records", AXEV__SHOW_TEXT, false },
	{ { "所示单元格数", "Cells shown" }, AXEV__FROM_MANIFEST, "source/shown", AXEV__SHOW_TEXT, true },
	{ { "遮盖单元格数", "Cells withheld" }, AXEV__FROM_MANIFEST, "source/withheld", AXEV__SHOW_TEXT, true },
};

static int original_row(struct axev__form_build *build, struct axev__phrase label, const char *path,
			enum axev__field_show show, axev_error *err)
{
	static const struct axev__cell strong = { .style = AXEV__STYLE_STRONG };
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	bool has = true;

	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &strong, axev__span_str(axev__say(build, label)), err));
	if (show == AXEV__SHOW_ORIGIN)
		TRY(axev__form_origin(build, build->input->original, &text, err));
	else
		TRY(axev__form_value(build, axev__form_at(build->input->original, path), show, &text, &has, err));
	if (text.size == 0)
		TRY(axev__buf_str(&text, axev__form_absent(build, AXEV__FROM_MANIFEST), err));
	return axev__doc_cell(build->document, &small, axev__buf_view(&text), err);
}

static const axev__json *find_set(const struct axev__form_build *build, struct axev__span wanted)
{
	const axev__json *sets = axev__json_get(build->input->original, "record_sets");
	struct axev__span path;
	size_t i;

	for (i = 0; i < axev__json_count(sets); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(sets, i), "path"), &path) &&
		    axev__span_equal(path, wanted))
			return axev__json_at(sets, i);
	return NULL;
}

/* So that nobody takes a part for the whole. */
static int total_row(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__cell strong = { .style = AXEV__STYLE_STRONG };
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	struct axev__span wanted;

	if (!axev__json_as_string(axev__form_at(build->input->manifest, "source/record_set"), &wanted))
		return AXEV_OK; /* several: they have a table */
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &strong, axev__span_str(build->is_zh ? "该记录集的记录总数" : "Records of this set in all"),
			   err));
	return axev__form_record_count(build, find_set(build, wanted), &small, err);
}

static int complete_row(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__cell strong = { .style = AXEV__STYLE_STRONG };
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	bool is_complete = false;
	struct axev__phrase said = { "不完整，缺少的内容见随附的原证据说明", "partial: the enclosed manifest lists what is missing" };

	axev__json_as_bool(axev__json_get(build->input->original, "complete"), &is_complete);
	if (is_complete)
		said = (struct axev__phrase){ "完整", "complete" };
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__doc_cell(build->document, &strong, axev__span_str(build->is_zh ? "提取是否完整" : "Completeness"), err));
	return axev__doc_cell(build->document, &small, axev__span_str(axev__say(build, said)), err);
}

static int original(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 25, 75 };

	TRY(axev__form_heading(build, (struct axev__phrase){ "原证据包", "Original" }, err));
	TRY(axev__doc_table(build->document, weights, AXEV__COUNT(weights), err));
	TRY(original_row(build, (struct axev__phrase){ "数据类别", "Kind of data" }, "kind", AXEV__SHOW_KIND, err));
	TRY(original_row(build, (struct axev__phrase){ "来源", "Source" }, "", AXEV__SHOW_ORIGIN, err));
	TRY(original_row(build, (struct axev__phrase){ "提取开始", "Started" }, "capture/started", AXEV__SHOW_TIME, err));
	TRY(original_row(build, (struct axev__phrase){ "提取结束", "Finished" }, "capture/finished", AXEV__SHOW_TIME, err));
	TRY(original_row(build, (struct axev__phrase){ "提取方法", "Method" }, "capture/method", AXEV__SHOW_OWN, err));
	TRY(total_row(build, err));
	return complete_row(build, err);
}

static int set_row(struct axev__form_build *build, const axev__json *shown, axev_error *err)
{
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	static const char *const counts[] = { "records", "shown", "withheld" };
	struct axev__span path = { 0 };
	const axev__json *row;
	size_t i;

	axev__json_as_string(axev__json_get(shown, "path"), &path);
	row = find_set(build, path);
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__form_cell(build, row, "name", AXEV__SHOW_TEXT, &small, err));
	TRY(axev__form_cell(build, shown, "path", AXEV__SHOW_TEXT, &small, err));
	TRY(axev__form_record_count(build, row, &small, err));
	for (i = 0; i < AXEV__COUNT(counts); i++)
		TRY(axev__form_cell(build, shown, counts[i], AXEV__SHOW_TEXT, &small, err));
	return AXEV_OK;
}

static int several_sets(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 20, 30, 14, 12, 12, 12 };
	static const struct axev__phrase titles[] = {
		{ "记录集", "Record set" }, { "路径", "Path" }, { "记录总数", "Records in all" },
		{ "所示记录", "Shown of them" }, { "出示", "Cells shown" }, { "遮盖", "Withheld" },
	};
	const axev__json *list = axev__form_at(build->input->manifest, "source/record_sets");
	size_t i;

	if (axev__json_count(list) == 0)
		return AXEV_OK;
	TRY(axev__form_heading(build, (struct axev__phrase){ "所示记录集", "Record sets shown" }, err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++)
		TRY(set_row(build, axev__json_at(list, i), err));
	return AXEV_OK;
}

/* Of an earlier disclosure only its entry in the ledger is enclosed: the rest is what the maker says. */
static int derived_row(struct axev__form_build *build, const axev__json *row, axev_error *err)
{
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };

	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__form_cell(build, row, "id", AXEV__SHOW_HEX, &small, err));
	TRY(axev__form_cell(build, row, "entry", AXEV__SHOW_TEXT, &small, err));
	TRY(axev__form_cell(build, row, "disclosed", AXEV__SHOW_TIME, &small, err));
	TRY(axev__form_cell(build, row, "approver", AXEV__SHOW_TEXT, &small, err));
	return axev__form_cell(build, row, "ground", AXEV__SHOW_TEXT, &small, err);
}

static int derived_from(struct axev__form_build *build, axev_error *err)
{
	static const uint16_t weights[] = { 36, 10, 18, 14, 22 };
	static const struct axev__phrase titles[] = {
		{ "披露件编号", "Disclosure" },       { "账本记录", "Ledger entry" },	     { "记入账本", "Logged" },
		{ "审批人（所述）", "Approved by (as stated)" }, { "遮盖依据（所述）", "Ground (as stated)" },
	};
	static const struct axev__phrase words = {
		"本披露件自述由上列披露件分出（先后为序，最后一件为直接来源），只出示其所示内容的一部分。随附的账本记录证明各编号在该账本中记为同一原证据包的披露件；"
		"各件的审批人和依据为本件制作方所述，未证明，可凭该披露件核对。本件所示内容的核验不依赖这些披露件。",
		"This disclosure says that it was made from those above, each from the one before, the last one being its direct source, and "
		"that it shows a part of what they show. The enclosed ledger entries prove that the ledger has each id as a disclosure of the "
		"same original. Who approved them and why is stated by the maker of this one, not proven, and can be compared with the bytes "
		"of that disclosure. What is shown here is verified without any of them.",
	};
	const axev__json *list = axev__form_at(build->input->manifest, "source/derived_from");
	size_t i;

	if (axev__json_count(list) == 0)
		return AXEV_OK;
	TRY(axev__form_heading(build, (struct axev__phrase){ "由其他披露件分出", "Made from other disclosures" }, err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++)
		TRY(derived_row(build, axev__json_at(list, i), err));
	return axev__form_note(build, words, err);
}

static int withheld_cell(struct axev__form_build *build, struct axev__span leaf, axev_error *err)
{
	static const struct axev__cell mono = { .style = AXEV__STYLE_MONO };
	AXEV__BUF text = AXEV__BUF_INIT(4096);

	TRY(axev__buf_str(&text, build->is_zh ? "〔已遮盖〕叶摘要\n" : "[withheld] leaf digest\n", err));
	TRY(axev__group_hex(&text, leaf, "\n", err));
	return axev__doc_cell(build->document, &mono, axev__buf_view(&text), err);
}

static int value_cell(struct axev__form_build *build, const axev__json *row, axev_error *err)
{
	static const struct axev__cell body = { .style = AXEV__STYLE_SMALL };
	struct axev__span text;

	if (axev__json_as_string(axev__json_get(row, "withheld"), &text))
		return withheld_cell(build, text, err);
	if (!axev__json_as_string(axev__json_get(row, "text"), &text))
		text = axev__span_str("NULL");
	return axev__doc_cell(build->document, &body, text, err);
}

/* "orders: id" where more than one set is shown. */
static int column_cell(struct axev__form_build *build, const axev__json *row, bool with_set, axev_error *err)
{
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__span set, column;

	if (!with_set)
		return axev__form_cell(build, row, "column", AXEV__SHOW_TEXT, &small, err);
	TRY(axev__json_string(row, "record_set", &set, err));
	TRY(axev__json_string(row, "column", &column, err));
	TRY(axev__buf_span(&text, set, err));
	TRY(axev__buf_str(&text, ": ", err));
	TRY(axev__buf_span(&text, column, err));
	return axev__doc_cell(build->document, &small, axev__buf_view(&text), err);
}

static int cell_row(struct axev__form_build *build, const axev__json *row, bool with_set, axev_error *err)
{
	uint64_t record;

	TRY(axev__json_u64(row, "record", &record, err));
	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__form_number_cell(build, (size_t)record + 1, err));
	TRY(column_cell(build, row, with_set, err));
	return value_cell(build, row, err);
}

int axev__form_shown_cells(struct axev__form_build *build, const axev__json *rows, uint64_t more, axev_error *err)
{
	static const uint16_t weights[] = { 12, 28, 60 };
	static const struct axev__phrase titles[] = {
		{ "记录序号", "Record" }, { "列", "Column" }, { "内容", "Content" },
	};
	AXEV__BUF text = AXEV__BUF_INIT(1024);
	bool with_set = axev__shown_of_several(rows);
	size_t i;

	TRY(axev__form_heading(build, (struct axev__phrase){ "所示记录", "Records shown" }, err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(rows); i++)
		TRY(cell_row(build, axev__json_at(rows, i), with_set, err));
	if (i == 0)
		return axev__form_empty_row(build, AXEV__COUNT(titles), (struct axev__phrase){ "没有", "none" }, err);
	if (more == 0)
		return AXEV_OK;
	TRY(axev__buf_printf(&text, err,
			     build->is_zh ? "另有 %" PRIu64 " 个单元格未在此列出，见披露件 data/disclosed/。" :
					    "%" PRIu64 " more cells are not listed here: see data/disclosed/ of the disclosure.",
			     more));
	return axev__doc_text(build->document, AXEV__STYLE_STRONG, axev__buf_view(&text), err);
}

int axev__form_disclosure(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase title = { "电子数据披露单", "Disclosure Sheet" };
	static const struct axev__phrase words = {
		"〔已遮盖〕：该单元格在原证据包中有值，本披露件不出示，只给出叶摘要（由该值与不披露的 128 位随机盐值算出的 SHA-256）。"
		"凭摘要不能试出其值；日后出示该值及其盐值时，可据以核对。所示单元格连同各摘要可算出原证据包所列的根值，"
		"原签名、时间戳和账本记录随附于披露件。未列出的记录只以哈希值涵盖；记录序号为其在全部记录中的位置。",
		"Withheld: the cell has a value in the original, which is not shown. Its leaf digest is the SHA-256 of that value and of 128 "
		"random bits that are not disclosed: the value cannot be found from it by trying, and can be compared with it when it is "
		"shown one day together with its salt. Cells shown and digests give the root that the original states; its signatures, "
		"time-stamps and ledger entry are enclosed. Records that are not listed are covered by hashes only; the number of a record "
		"is its place among all records.",
	};

	TRY(axev__form_begin(build, title, err));
	TRY(axev__form_fields(build, head_fields, AXEV__COUNT(head_fields), err));
	TRY(original(build, err));
	TRY(derived_from(build, err));
	TRY(several_sets(build, err));
	TRY(axev__form_shown_cells(build, build->input->disclosed, build->input->disclosed_more, err));
	TRY(axev__form_note(build, words, err));
	TRY(axev__form_integrity(build, err));
	TRY(axev__form_limits(build, err));
	TRY(axev__form_signatures(build, err));
	return axev__form_end(build, err);
}
