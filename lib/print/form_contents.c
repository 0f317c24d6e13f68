/* SPDX-License-Identifier: Apache-2.0 */
/* 卷宗证据目录: the packages of a bundle, before their forms. */
#include "print/form.h"

static const struct axev__form_field head_fields[] = {
	{ { "导出时间", "Exported" }, AXEV__FROM_MANIFEST, "capture/finished", AXEV__SHOW_TIME, false },
	{ { "账本", "Ledger" }, AXEV__FROM_MANIFEST, "source/origin", AXEV__SHOW_TEXT, true },
	{ { "导出时账本大小", "Ledger size" }, AXEV__FROM_MANIFEST, "source/ledger_size", AXEV__SHOW_TEXT, true },
};

static int what_cell(struct axev__form_build *build, const axev__json *package, axev_error *err)
{
	static const struct axev__cell look = { .style = AXEV__STYLE_SMALL };
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	const axev__json *complete = axev__json_get(package, "complete");
	bool has, is_complete;

	TRY(axev__form_value(build, axev__json_get(package, "kind"), AXEV__SHOW_KIND, &text, &has, err));
	TRY(axev__buf_byte(&text, '\n', err));
	TRY(axev__form_origin(build, package, &text, err));
	if (!axev__json_as_bool(complete, &is_complete) || !is_complete)
		TRY(axev__buf_str(&text, build->is_zh ? "\n（提取不完整）" : "\n(partial)", err));
	return axev__doc_cell(build->document, &look, axev__buf_view(&text), err);
}

static int package_row(struct axev__form_build *build, const axev__json *package, size_t number,
		       axev_error *err)
{
	static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };
	static const struct axev__cell mono = { .style = AXEV__STYLE_MONO };

	TRY(axev__doc_row(build->document, 0, err));
	TRY(axev__form_number_cell(build, number, err));
	TRY(what_cell(build, package, err));
	TRY(axev__form_cell(build, package, "capture/finished", AXEV__SHOW_TIME, &small, err));
	return axev__form_cell(build, package, "id", AXEV__SHOW_HEX, &mono, err);
}

int axev__form_contents(struct axev__form_build *build, axev_error *err)
{
	static const struct axev__phrase title = { "卷宗证据目录", "Contents of the Bundle" };
	static const uint16_t weights[] = { 7, 31, 20, 42 };
	static const struct axev__phrase titles[] = {
		{ "序号", "No." },
		{ "类别和对象", "Kind and object" },
		{ "提取结束", "Finished" },
		{ "证据包编号", "Package id" },
	};
	static const struct axev__phrase transport = {
		"卷宗包只起传递作用：导出方的签名证明卷宗由其导出，不证明各证据包的内容。各证据包自带签名和时间戳，其文书依次附后。",
		"A bundle only carries packages: the exporter's signature says who exported it, and nothing of what the packages "
		"hold. Each package has signatures and time-stamps of its own; its forms follow in this order.",
	};
	const axev__json *list = build->input->packages;
	size_t i;

	TRY(axev__form_begin(build, title, err));
	TRY(axev__form_fields(build, head_fields, AXEV__COUNT(head_fields), err));
	TRY(axev__form_heading(build, (struct axev__phrase){ "证据包", "Packages" }, err));
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(list); i++)
		TRY(axev__prefix(package_row(build, axev__json_at(list, i), i + 1, err), err,
				 "packages[%zu]", i));
	TRY(axev__form_note(build, transport, err));
	return axev__form_limits(build, err);
}
