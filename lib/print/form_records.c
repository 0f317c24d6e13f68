/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of two record sets in a comparison: what was added, removed and changed, value by value. */
#include <inttypes.h>

#include "base/text.h"
#include "compare/records.h"
#include "print/form.h"

static const struct axev__cell small = { .style = AXEV__STYLE_SMALL };

static uint64_t number(const axev__json *object, const char *key)
{
	int64_t value = 0;

	return axev__json_as_integer(axev__json_get(object, key), &value) && value > 0 ? (uint64_t)value : 0;
}

static bool is_what(const axev__json *row, const char *what)
{
	struct axev__span found;

	return axev__json_as_string(axev__json_get(row, "what"), &found) && axev__span_is(found, what);
}

/* ---- a row ---- */

static int value_cell(struct axev__form_build *build, const axev__json *cell, const char *side, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);

	if (axev__json_get(cell, side))
		TRY(axev__records_value(axev__json_get(cell, side), build->is_zh, &text, err));
	else
		TRY(axev__buf_str(&text, "—", err));
	return axev__doc_cell(build->document, &small, axev__buf_view(&text), err);
}

static int key_text(const struct axev__form_build *build, const axev__json *row, struct axev__buf *out, axev_error *err)
{
	const axev__json *key = axev__json_get(row, "key");
	struct axev__shown name;
	struct axev__span span;
	size_t i;

	TRY(axev__buf_str(out,
			  is_what(row, "changed") ? (build->is_zh ? "改动" : "changed") :
			  is_what(row, "added")	  ? (build->is_zh ? "仅乙有" : "only B") :
						    (build->is_zh ? "仅甲有" : "only A"),
			  err));
	if (number(row, "count") > 1)
		TRY(axev__buf_printf(out, err, " × %" PRIu64, number(row, "count")));
	for (i = 0; i < axev__json_count(key); i++) {
		TRY(axev__json_string(axev__json_at(key, i), "name", &span, err));
		TRY(axev__buf_printf(out, err, "\n%s = ", axev__show(&name, span)));
		TRY(axev__records_value(axev__json_get(axev__json_at(key, i), "value"), build->is_zh, out, err));
	}
	return AXEV_OK;
}

static int row(struct axev__form_build *build, const axev__json *json, axev_error *err)
{
	const axev__json *cells = axev__json_get(json, "cells");
	AXEV__BUF key = AXEV__BUF_INIT(64 * AXEV__MIB);
	size_t i;

	TRY(key_text(build, json, &key, err));
	for (i = 0; i < axev__json_count(cells); i++) {
		const axev__json *cell = axev__json_at(cells, i);

		TRY(axev__doc_row(build->document, 0, err));
		TRY(axev__doc_cell(build->document, &small, i == 0 ? axev__buf_view(&key) : axev__span_str(""), err));
		TRY(axev__form_cell(build, cell, "name", AXEV__SHOW_TEXT, &small, err));
		TRY(value_cell(build, cell, "a", err));
		TRY(value_cell(build, cell, "b", err));
	}
	return AXEV_OK;
}

/* ---- a set ---- */

static int counts(struct axev__form_build *build, const axev__json *set, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__shown a, b;
	struct axev__span name_a, name_b;

	TRY(axev__json_string(set, "name_a", &name_a, err));
	TRY(axev__json_string(set, "name_b", &name_b, err));
	TRY(axev__buf_printf(&text, err, build->is_zh ? "甲 %s，乙 %s：" : "A %s, B %s: ", axev__show(&a, name_a),
			     axev__show(&b, name_b)));
	if (axev__json_get(set, "not_compared"))
		TRY(axev__buf_str(&text, build->is_zh ? "未比较：双方没有同名的列。" :
							"Not compared: no column has one name on both sides.", err));
	else
		TRY(axev__buf_printf(&text, err,
				     build->is_zh ? "甲 %" PRIu64 " 行，乙 %" PRIu64 " 行；相同 %" PRIu64 " 行，改动 %" PRIu64
						    " 行，仅甲有 %" PRIu64 " 行，仅乙有 %" PRIu64 " 行。" :
						    "A %" PRIu64 " rows, B %" PRIu64 "; same %" PRIu64 ", changed %" PRIu64
						    ", only A %" PRIu64 ", only B %" PRIu64 ".",
				     number(set, "rows_a"), number(set, "rows_b"), number(set, "same"),
				     number(set, "changed"), number(set, "removed"), number(set, "added")));
	return axev__doc_text(build->document, AXEV__STYLE_BODY, axev__buf_view(&text), err);
}

static int named_key_text(const struct axev__form_build *build, const axev__json *set, struct axev__buf *out,
			  axev_error *err)
{
	const axev__json *key = axev__json_get(set, "key");
	struct axev__shown shown;
	struct axev__span name;
	size_t i;

	TRY(axev__buf_str(out, build->is_zh ? "各行按操作人在比较时指定的列区分（双方均无重复的值）：" :
					      "Rows are told apart by columns that the operator named for this comparison (no value repeats on "
					      "either side): ", err));
	for (i = 0; axev__json_as_string(axev__json_at(key, i), &name); i++)
		TRY(axev__buf_printf(out, err, "%s%s", i == 0 ? "" : build->is_zh ? "、" : ", ", axev__show(&shown, name)));
	return axev__buf_str(out, build->is_zh ? "。" : ". ", err);
}

static int remarks(struct axev__form_build *build, const axev__json *set, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);

	TRY(axev__records_early_end(set, build->is_zh, &text, err));
	if (axev__json_get(set, "key_stated"))
		TRY(axev__buf_printf(&text, err,
				     build->is_zh ? "记录集自带的主键有 %" PRIu64 " 个值重复，不能区分各行，故不采用。" :
						    "%" PRIu64 " values of the key that the record set states stand for several rows, so it is not used. ",
				     number(set, "key_repeated")));
	if (axev__json_get(set, "key_named"))
		TRY(named_key_text(build, set, &text, err));
	else if (number(set, "key_repeated") > 0)
		TRY(axev__buf_printf(&text, err,
				     build->is_zh ? "主键有 %" PRIu64 " 个值重复，不能区分各行，故按整行比较。" :
						    "%" PRIu64 " values of the key stand for several rows, so whole rows are compared. ",
				     number(set, "key_repeated")));
	else if (!axev__json_get(set, "key"))
		TRY(axev__buf_str(&text, build->is_zh ? "没有主键，按整行比较。" : "There is no key; whole rows are compared. ",
				  err));
	if (number(set, "rows_not_listed") > 0)
		TRY(axev__buf_printf(&text, err,
				     build->is_zh ? "另有 %" PRIu64 " 行不同，未列出。" : "%" PRIu64 " more rows differ and are not listed.",
				     number(set, "rows_not_listed")));
	return text.size > 0 ? axev__doc_text(build->document, AXEV__STYLE_STRONG, axev__buf_view(&text), err) : AXEV_OK;
}

static int columns(struct axev__form_build *build, const axev__json *set, axev_error *err)
{
	static const struct {
		const char *member;
		struct axev__phrase phrase;
	} lists[] = {
		{ "columns_only_a", { "仅甲有的列：", "Column only in A: " } },
		{ "columns_only_b", { "仅乙有的列：", "Column only in B: " } },
	};
	struct axev__span name, a, b;
	size_t i, j;

	for (i = 0; i < AXEV__COUNT(lists); i++)
		for (j = 0; j < axev__json_count(axev__json_get(set, lists[i].member)); j++) {
			AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);

			if (!axev__json_as_string(axev__json_at(axev__json_get(set, lists[i].member), j), &name))
				continue;
			TRY(axev__buf_str(&text, axev__say(build, lists[i].phrase), err));
			TRY(axev__escape(&text, name, err));
			TRY(axev__doc_text(build->document, AXEV__STYLE_BODY, axev__buf_view(&text), err));
		}
	for (j = 0; j < axev__json_count(axev__json_get(set, "columns_changed")); j++) {
		const axev__json *change = axev__json_at(axev__json_get(set, "columns_changed"), j);
		AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);

		TRY(axev__json_string(change, "name", &name, err));
		TRY(axev__json_string(change, "type_a", &a, err));
		TRY(axev__json_string(change, "type_b", &b, err));
		TRY(axev__buf_str(&text, build->is_zh ? "类型不同的列：" : "Column of another type: ", err));
		TRY(axev__escape(&text, name, err));
		TRY(axev__buf_str(&text, ": ", err));
		TRY(axev__escape(&text, a, err));
		TRY(axev__buf_str(&text, " → ", err));
		TRY(axev__escape(&text, b, err));
		TRY(axev__doc_text(build->document, AXEV__STYLE_BODY, axev__buf_view(&text), err));
	}
	return AXEV_OK;
}

static int set(struct axev__form_build *build, const axev__json *json, axev_error *err)
{
	static const uint16_t weights[] = { 22, 18, 30, 30 };
	static const struct axev__phrase titles[] = {
		{ "行", "Row" }, { "列", "Column" }, { "甲（A）", "A" }, { "乙（B）", "B" },
	};
	const axev__json *rows = axev__json_get(json, "rows");
	size_t i;

	TRY(counts(build, json, err));
	TRY(remarks(build, json, err));
	TRY(columns(build, json, err));
	if (axev__json_count(rows) == 0)
		return AXEV_OK;
	TRY(axev__form_head(build, weights, titles, AXEV__COUNT(titles), err));
	for (i = 0; i < axev__json_count(rows); i++)
		TRY(row(build, axev__json_at(rows, i), err));
	return AXEV_OK;
}

static int only(struct axev__form_build *build, const axev__json *names, struct axev__phrase phrase, axev_error *err)
{
	struct axev__span name;
	size_t i;

	for (i = 0; i < axev__json_count(names); i++) {
		AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);

		if (!axev__json_as_string(axev__json_at(names, i), &name))
			continue;
		TRY(axev__buf_str(&text, axev__say(build, phrase), err));
		TRY(axev__escape(&text, name, err));
		TRY(axev__doc_text(build->document, AXEV__STYLE_STRONG, axev__buf_view(&text), err));
	}
	return AXEV_OK;
}

int axev__form_records(struct axev__form_build *build, const axev__json *records, axev_error *err)
{
	static const struct axev__phrase only_a = { "仅甲有的记录集：", "Record set only in A: " },
					 only_b = { "仅乙有的记录集：", "Record set only in B: " };
	const axev__json *sets = axev__json_get(records, "sets");
	size_t i;

	TRY(only(build, axev__json_get(records, "only_a"), only_a, err));
	TRY(only(build, axev__json_get(records, "only_b"), only_b, err));
	for (i = 0; i < axev__json_count(sets); i++)
		TRY(set(build, axev__json_at(sets, i), err));
	return AXEV_OK;
}
