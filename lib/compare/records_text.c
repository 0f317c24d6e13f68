/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/text.h"
#include "compare/records.h"

static uint64_t number(const axev__json *object, const char *key)
{
	int64_t value = 0;

	return axev__json_as_integer(axev__json_get(object, key), &value) && value > 0 ? (uint64_t)value : 0;
}

static const char *text_of(struct axev__shown *shown, const axev__json *object, const char *key)
{
	struct axev__span value;

	return axev__json_as_string(axev__json_get(object, key), &value) ? axev__show(shown, value) : "-";
}

static bool is_text(const axev__json *object, const char *key, const char *text)
{
	struct axev__span found;

	return axev__json_as_string(axev__json_get(object, key), &found) && axev__span_is(found, text);
}

/* Text stands in quotes: an empty one, a blank at the end and a number as text are seen. */
int axev__records_value(const axev__json *value, bool is_zh, struct axev__buf *out, axev_error *err)
{
	struct axev__span text = { 0 };
	bool is_quoted = is_text(value, "is", "text");

	if (is_text(value, "is", "null"))
		return axev__buf_str(out, "NULL", err);
	if (is_text(value, "type", "absent"))
		return axev__buf_str(out, is_zh ? "（无此项）" : "(absent)", err);
	axev__json_as_string(axev__json_get(value, "text"), &text);
	TRY(axev__buf_str(out, is_quoted ? "\"" : "", err));
	TRY(axev__escape(out, text, err));
	TRY(axev__buf_str(out, is_quoted ? "\"" : "", err));
	return axev__json_get(value, "cut") ? axev__buf_str(out, is_zh ? "……（截断）" : "... (cut)", err) : AXEV_OK;
}

static int tell_cell(const axev__json *cell, bool is_zh, struct axev__buf *out, axev_error *err)
{
	struct axev__shown name;
	const axev__json *a = axev__json_get(cell, "a"), *b = axev__json_get(cell, "b");

	TRY(axev__buf_printf(out, err, "      %s: ", text_of(&name, cell, "name")));
	if (a)
		TRY(axev__records_value(a, is_zh, out, err));
	if (a && b)
		TRY(axev__buf_str(out, " → ", err));
	if (b)
		TRY(axev__records_value(b, is_zh, out, err));
	return axev__buf_byte(out, '\n', err);
}

static int tell_row(const axev__json *row, bool is_zh, struct axev__buf *out, axev_error *err)
{
	const axev__json *key = axev__json_get(row, "key"), *cells = axev__json_get(row, "cells");
	struct axev__shown name;
	size_t i;

	TRY(axev__buf_str(out, is_text(row, "what", "changed") ? "  ≠" : is_text(row, "what", "added") ? "  +" : "  -",
			  err));
	for (i = 0; i < axev__json_count(key); i++) {
		TRY(axev__buf_printf(out, err, " %s=", text_of(&name, axev__json_at(key, i), "name")));
		TRY(axev__records_value(axev__json_get(axev__json_at(key, i), "value"), is_zh, out, err));
	}
	if (number(row, "count") > 1)
		TRY(axev__buf_printf(out, err, is_zh ? "（%" PRIu64 " 行）" : " (%" PRIu64 " rows)", number(row, "count")));
	TRY(axev__buf_byte(out, '\n', err));
	for (i = 0; i < axev__json_count(cells); i++)
		TRY(tell_cell(axev__json_at(cells, i), is_zh, out, err));
	return AXEV_OK;
}

static int tell_names(const axev__json *names, const char *before, struct axev__buf *out, axev_error *err)
{
	struct axev__shown shown;
	struct axev__span name;
	size_t i;

	for (i = 0; i < axev__json_count(names); i++)
		if (axev__json_as_string(axev__json_at(names, i), &name))
			TRY(axev__buf_printf(out, err, "%s %s\n", before, axev__show(&shown, name)));
	return AXEV_OK;
}

static int tell_columns(const axev__json *set, bool is_zh, struct axev__buf *out, axev_error *err)
{
	const axev__json *changed = axev__json_get(set, "columns_changed");
	struct axev__shown name, a, b;
	size_t i;

	TRY(tell_names(axev__json_get(set, "columns_only_a"), is_zh ? "  - 列" : "  - column", out, err));
	TRY(tell_names(axev__json_get(set, "columns_only_b"), is_zh ? "  + 列" : "  + column", out, err));
	for (i = 0; i < axev__json_count(changed); i++)
		TRY(axev__buf_printf(out, err, is_zh ? "  ≠ 列 %s 的类型: %s → %s\n" : "  ≠ type of column %s: %s → %s\n",
				     text_of(&name, axev__json_at(changed, i), "name"),
				     text_of(&a, axev__json_at(changed, i), "type_a"),
				     text_of(&b, axev__json_at(changed, i), "type_b")));
	return AXEV_OK;
}

static int tell_key_names(const axev__json *names, struct axev__buf *out, axev_error *err)
{
	struct axev__shown shown;
	struct axev__span name;
	size_t i;

	for (i = 0; i < axev__json_count(names); i++)
		if (axev__json_as_string(axev__json_at(names, i), &name))
			TRY(axev__buf_printf(out, err, " %s", axev__show(&shown, name)));
	return AXEV_OK;
}

/* One in the place of which the operator named another. */
static int tell_stated_key(const axev__json *set, bool is_zh, struct axev__buf *out, axev_error *err)
{
	TRY(axev__buf_str(out, is_zh ? "  主键:" : "  key:", err));
	TRY(tell_key_names(axev__json_get(set, "key_stated"), out, err));
	return axev__buf_printf(out, err,
				is_zh ? "；有 %" PRIu64 " 个值重复，不能区分各行，故不采用\n" :
					"; %" PRIu64 " of its values stand for several rows, so it is not used\n",
				number(set, "key_repeated"));
}

static int tell_key(const axev__json *set, bool is_zh, struct axev__buf *out, axev_error *err)
{
	const axev__json *key = axev__json_get(set, "key");

	if (!key)
		return axev__buf_str(out, is_zh ? "  无主键: 按整行比较\n" : "  no key: whole rows are compared\n", err);
	if (axev__json_get(set, "key_stated"))
		TRY(tell_stated_key(set, is_zh, out, err));
	if (axev__json_get(set, "key_named"))
		TRY(axev__buf_str(out, is_zh ? "  比较时由操作人指定的键 (双方均无重复):" :
					       "  key, named by the operator for this comparison (no value repeats on either side):", err));
	else
		TRY(axev__buf_str(out, is_zh ? "  主键:" : "  key:", err));
	TRY(tell_key_names(key, out, err));
	if (number(set, "key_repeated") == 0 || axev__json_get(set, "key_stated"))
		return axev__buf_byte(out, '\n', err);
	return axev__buf_printf(out, err,
				is_zh ? "；有 %" PRIu64 " 个值重复，不能区分各行，故按整行比较\n" :
					"; %" PRIu64 " of its values stand for several rows, so whole rows are compared\n",
				number(set, "key_repeated"));
}

static int tell_set(const axev__json *set, bool is_zh, struct axev__buf *out, axev_error *err)
{
	const axev__json *rows = axev__json_get(set, "rows");
	struct axev__shown a, b;
	size_t i;

	TRY(axev__buf_printf(out, err, is_zh ? "记录集 A %s, B %s: " : "record set A %s, B %s: ",
			     text_of(&a, set, "name_a"), text_of(&b, set, "name_b")));
	if (axev__json_get(set, "not_compared"))
		TRY(axev__buf_str(out, is_zh ? "未比较: 双方没有同名的列\n" :
					       "not compared: no column has one name on both sides\n", err));
	else
		TRY(axev__buf_printf(out, err,
				     is_zh ? "A %" PRIu64 " 行, B %" PRIu64 " 行; 相同 %" PRIu64 ", 改动 %" PRIu64
					     ", 仅 A 有 %" PRIu64 ", 仅 B 有 %" PRIu64 "\n" :
					     "A %" PRIu64 " rows, B %" PRIu64 "; same %" PRIu64 ", changed %" PRIu64
					     ", only A %" PRIu64 ", only B %" PRIu64 "\n",
				     number(set, "rows_a"), number(set, "rows_b"), number(set, "same"),
				     number(set, "changed"), number(set, "removed"), number(set, "added")));
	TRY(axev__records_early_end(set, is_zh, out, err));
	TRY(tell_key(set, is_zh, out, err));
	TRY(tell_columns(set, is_zh, out, err));
	for (i = 0; i < axev__json_count(rows); i++)
		TRY(tell_row(axev__json_at(rows, i), is_zh, out, err));
	if (number(set, "rows_not_listed") == 0)
		return AXEV_OK;
	return axev__buf_printf(out, err, is_zh ? "  另有 %" PRIu64 " 行不同，未列出\n" : "  %" PRIu64 " more rows differ and are not listed\n",
				number(set, "rows_not_listed"));
}

int axev__records_early_end(const axev__json *set, bool is_zh, struct axev__buf *out, axev_error *err)
{
	static const struct {
		const char *member, *zh, *en;
	} sides[] = {
		{ "ended_early_a", "A 的行未读完：其中没有的行可能只是没有读到。\n",
		  "Reading of A ended early: rows that it lacks may only not have been read.\n" },
		{ "ended_early_b", "B 的行未读完：其中没有的行可能只是没有读到。\n",
		  "Reading of B ended early: rows that it lacks may only not have been read.\n" },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(sides); i++)
		if (axev__json_get(set, sides[i].member))
			TRY(axev__buf_str(out, is_zh ? sides[i].zh : sides[i].en, err));
	return AXEV_OK;
}

int axev__records_text(const axev__json *records, bool is_zh, struct axev__buf *out, axev_error *err)
{
	const axev__json *sets = axev__json_get(records, "sets");
	size_t i;

	TRY(tell_names(axev__json_get(records, "only_a"), is_zh ? "- 记录集" : "- record set", out, err));
	TRY(tell_names(axev__json_get(records, "only_b"), is_zh ? "+ 记录集" : "+ record set", out, err));
	for (i = 0; i < axev__json_count(sets); i++)
		TRY(tell_set(axev__json_at(sets, i), is_zh, out, err));
	return AXEV_OK;
}
