/* SPDX-License-Identifier: Apache-2.0 */
/* Values of the formats in words, and tables of them. */
#include "print/form.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/time.h"

#define EAST_8_NS (8 * 3600 * AXEV__NS_PER_SECOND)

const axev__json *axev__form_at(const axev__json *value, const char *path)
{
	char key[64];

	while (value && *path) {
		size_t length = strcspn(path, "/");

		if (length >= sizeof(key))
			return NULL;
		memcpy(key, path, length);
		key[length] = '\0';
		value = axev__json_get(value, key);
		path += length + (path[length] == '/');
	}
	return value;
}

const char *axev__form_word(const struct axev__form_build *build, const struct axev__word *words,
			    size_t count, const char *code)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(words[i].code, code) == 0)
			return axev__say(build, words[i].phrase);
	return code;
}

/* ---- one value ---- */

static int say_time(const struct axev__form_build *build, struct axev__span text,
		    struct axev__buf *out, axev_error *err)
{
	struct axev__civil civil;
	int64_t unix_ns;

	(void)build;
	if (!axev__parse_rfc3339(text, &unix_ns) || unix_ns > INT64_MAX - EAST_8_NS)
		return axev__buf_span(out, text, err);
	civil = axev__civil_from_ns(unix_ns + EAST_8_NS);
	return axev__buf_printf(out, err, "%04d-%02d-%02d %02d:%02d:%02d.%03d UTC+8", civil.year,
				civil.month, civil.day, civil.hour, civil.minute, civil.second,
				civil.nanosecond / 1000000);
}

static int say_ms(struct axev__span text, struct axev__buf *out, axev_error *err)
{
	bool is_negative = axev__span_starts(text, "-");
	char number[48];
	size_t length;
	uint64_t ns;

	if (is_negative)
		text = axev__span(text.data + 1, text.size - 1);
	if (!axev__parse_u64(text, INT64_MAX, &ns))
		return axev__buf_span(out, text, err);
	snprintf(number, sizeof(number), "%" PRIu64 ".%06" PRIu64, ns / 1000000, ns % 1000000);
	length = strlen(number);
	while (number[length - 1] == '0')
		length--;
	length -= number[length - 1] == '.';
	return axev__buf_printf(out, err, "%s%.*s ms", is_negative ? "-" : "", (int)length, number);
}

/* What was found, never that a connection is safe. */
static int say_check(const struct axev__form_build *build, bool is_passed, struct axev__buf *out,
		     axev_error *err)
{
	static const struct axev__phrase found[] = {
		{ "未通过", "did not pass" },
		{ "通过（由浏览器按其信任的根证书核对）", "passed (by the browser, with the roots it trusts)" },
	};

	return axev__buf_str(out, axev__say(build, found[is_passed]), err);
}

static int say_kind(const struct axev__form_build *build, struct axev__span text,
		    struct axev__buf *out, axev_error *err)
{
	static const struct axev__word kinds[] = {
		{ "web", { "网页", "web page" } },
		{ "mail", { "电子邮件", "e-mail" } },
		{ "edi", { "电子数据交换（EDI）", "electronic data interchange (EDI)" } },
		{ "db", { "数据库内容", "database content" } },
		{ "file", { "电子文件", "files" } },
		{ "attestation", { "证明", "attestation" } },
		{ "disclosure", { "披露件", "disclosure" } },
		{ "bundle", { "卷宗包", "bundle" } },
		{ "package", { "证据包", "package" } },
	};
	struct axev__shown shown;

	return axev__buf_str(out,
			     axev__form_word(build, kinds, AXEV__COUNT(kinds), axev__show(&shown, text)),
			     err);
}

static bool is_digest(struct axev__span text)
{
	uint8_t digest[32];

	return text.size == 2 * sizeof(digest) && axev__unhex(digest, sizeof(digest), text);
}

static int say_text(const struct axev__form_build *build, const axev__json *value,
		    enum axev__field_show show, struct axev__buf *out, axev_error *err)
{
	struct axev__span text;
	int64_t integer;
	bool truth;

	if (axev__json_as_integer(value, &integer))
		return axev__buf_printf(out, err, "%" PRId64, integer);
	if (show == AXEV__SHOW_CHECK && axev__json_as_bool(value, &truth))
		return say_check(build, truth, out, err);
	if (axev__json_as_bool(value, &truth))
		return axev__buf_str(out, build->is_zh ? (truth ? "是" : "否") : (truth ? "yes" : "no"),
				     err);
	if (!axev__json_as_string(value, &text))
		return AXEV_OK;
	switch (show) {
	case AXEV__SHOW_TIME:
		return say_time(build, text, out, err);
	case AXEV__SHOW_MS:
		return say_ms(text, out, err);
	case AXEV__SHOW_HEX:
		return axev__group_hex(out, text, "\n", err);
	case AXEV__SHOW_KIND:
		return say_kind(build, text, out, err);
	case AXEV__SHOW_OWN:
		if (is_digest(text))
			return axev__group_hex(out, text, " ", err);
		return axev__form_own(build, text, out, err);
	case AXEV__SHOW_TEXT:
	case AXEV__SHOW_ORIGIN:
	case AXEV__SHOW_CHECK:
	case AXEV__SHOW_FLAT:
	case AXEV__SHOW_TEXTS:
		break;
	}
	return axev__buf_span(out, text, err);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In the order of their names: a JSON object has none of its own. */
static int say_flat(const struct axev__form_build *build, const axev__json *object,
		    enum axev__field_show show, struct axev__buf *out, axev_error *err)
{
	AXEV__FREE const char **keys = calloc(axev__json_count(object) + 1, sizeof(*keys));
	size_t count = 0, i;
	void *iterator = NULL;
	axev__json *value;
	const char *key;

	if (!keys)
		return axev__nomem(err);
	while (axev__json_next(object, &iterator, &key, &value))
		keys[count++] = key;
	qsort(keys, count, sizeof(*keys), by_name);
	for (i = 0; i < count; i++) {
		TRY(axev__buf_printf(out, err, "%s%s%s", i ? "\n" : "",
				     show == AXEV__SHOW_OWN ? axev__form_key(build, keys[i]) : keys[i],
				     build->is_zh ? "：" : ": "));
		TRY(say_text(build, axev__json_get(object, keys[i]),
			     show == AXEV__SHOW_OWN ? show : AXEV__SHOW_TEXT, out, err));
	}
	return AXEV_OK;
}

int axev__form_value(const struct axev__form_build *build, const axev__json *value,
		     enum axev__field_show show, struct axev__buf *out, bool *ret_has,
		     axev_error *err)
{
	size_t before = out->size, i;

	if (value && show == AXEV__SHOW_ORIGIN) {
		TRY(axev__form_origin(build, value, out, err));
	} else if (value && axev__json_type(value) == AXEV__JSON_OBJECT) {
		TRY(say_flat(build, value, show, out, err));
	} else if (value && axev__json_type(value) == AXEV__JSON_ARRAY) {
		for (i = 0; i < axev__json_count(value); i++) {
			if (i > 0)
				TRY(axev__buf_byte(out, '\n', err));
			TRY(say_text(build, axev__json_at(value, i),
				     show == AXEV__SHOW_HEX || show == AXEV__SHOW_OWN ? show :
											AXEV__SHOW_TEXT,
				     out, err));
		}
	} else if (value) {
		TRY(say_text(build, value, show, out, err));
	}
	*ret_has = out->size > before;
	return AXEV_OK;
}

int axev__form_origin(const struct axev__form_build *build, const axev__json *manifest,
		      struct axev__buf *out, axev_error *err)
{
	static const char *const paths[] = { "source/url", "source/roots", "source/dsn", "capture/target" };
	bool has = false;
	size_t i;

	for (i = 0; i < AXEV__COUNT(paths) && !has; i++)
		TRY(axev__form_value(build, axev__form_at(manifest, paths[i]), AXEV__SHOW_TEXTS, out, &has,
				     err));
	return AXEV_OK;
}

const char *axev__form_absent(const struct axev__form_build *build, enum axev__field_from from)
{
	if (from == AXEV__FROM_CASE && !build->input->facts &&
	    axev__json_get(build->input->manifest, "facts"))
		return build->is_zh ? "未随附" : "not enclosed";
	return build->is_zh ? "未记录" : "not recorded";
}

/* ---- cells and tables ---- */

static int value_cell(struct axev__form_build *build, const axev__json *value,
		      enum axev__field_show show, enum axev__field_from from,
		      const struct axev__cell *look, axev_error *err)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__cell cell = *look;
	bool has;

	TRY(axev__form_value(build, value, show, &out, &has, err));
	if (show == AXEV__SHOW_HEX)
		cell.style = AXEV__STYLE_MONO;
	if (!has) {
		cell.style = AXEV__STYLE_NOTE;
		TRY(axev__buf_str(&out, axev__form_absent(build, from), err));
	}
	return axev__doc_cell(build->document, &cell, axev__buf_view(&out), err);
}

int axev__form_cell(struct axev__form_build *build, const axev__json *value, const char *path,
		    enum axev__field_show show, const struct axev__cell *look, axev_error *err)
{
	return value_cell(build, axev__form_at(value, path), show, AXEV__FROM_MANIFEST, look, err);
}

static const axev__json *field_root(const struct axev__form_build *build,
				    const struct axev__form_field *field)
{
	return field->from == AXEV__FROM_CASE ? build->case_values : build->input->manifest;
}

static int field(struct axev__form_build *build, const struct axev__form_field *field, uint8_t span,
		 axev_error *err)
{
	static const struct axev__cell label = { .style = AXEV__STYLE_LABEL,
						 .align = AXEV__CENTRE,
						 .is_shaded = true };
	const struct axev__cell look = { .style = AXEV__STYLE_BODY, .span = span };

	TRY(axev__doc_cell(build->document, &label, axev__span_str(axev__say(build, field->label)),
			   err));
	return value_cell(build, axev__form_at(field_root(build, field), field->path), field->show, field->from, &look, err);
}

static bool is_left_out(const struct axev__form_build *build, const struct axev__form_field *field)
{
	return field->is_optional && !axev__form_at(field_root(build, field), field->path);
}

int axev__form_fields(struct axev__form_build *build, const struct axev__form_field *fields,
		      size_t count, axev_error *err)
{
	static const uint16_t weights[] = { 18, 32, 18, 32 };
	size_t i;

	TRY(axev__doc_table(build->document, weights, AXEV__COUNT(weights), err));
	for (i = 0; i < count; i++) {
		bool is_pair = fields[i].is_half && i + 1 < count && fields[i + 1].is_half &&
			       !is_left_out(build, &fields[i + 1]);

		if (is_left_out(build, &fields[i]))
			continue;
		TRY(axev__doc_row(build->document, 0, err));
		TRY(field(build, &fields[i], is_pair ? 1 : 3, err));
		if (is_pair)
			TRY(field(build, &fields[++i], 1, err));
	}
	return AXEV_OK;
}

int axev__form_head(struct axev__form_build *build, const uint16_t *weights,
		    const struct axev__phrase *titles, size_t count, axev_error *err)
{
	static const struct axev__cell look = { .style = AXEV__STYLE_STRONG, .align = AXEV__CENTRE };
	size_t i;

	TRY(axev__doc_table(build->document, weights, count, err));
	TRY(axev__doc_row(build->document, AXEV__ROW_HEAD, err));
	for (i = 0; i < count; i++)
		TRY(axev__doc_cell(build->document, &look, axev__span_str(axev__say(build, titles[i])),
				   err));
	return AXEV_OK;
}

int axev__form_number_cell(struct axev__form_build *build, size_t number, axev_error *err)
{
	static const struct axev__cell look = { .style = AXEV__STYLE_SMALL, .align = AXEV__CENTRE };
	char text[24];

	snprintf(text, sizeof(text), "%zu", number);
	return axev__doc_cell(build->document, &look, axev__span_str(text), err);
}

int axev__form_empty_row(struct axev__form_build *build, size_t columns, struct axev__phrase phrase,
			 axev_error *err)
{
	const struct axev__cell look = { .style = AXEV__STYLE_NOTE, .span = (uint8_t)columns };

	TRY(axev__doc_row(build->document, 0, err));
	return axev__doc_cell(build->document, &look, axev__span_str(axev__say(build, phrase)), err);
}

int axev__form_heading(struct axev__form_build *build, struct axev__phrase phrase, axev_error *err)
{
	return axev__doc_heading(build->document, axev__say(build, phrase), err);
}

int axev__form_note(struct axev__form_build *build, struct axev__phrase phrase, axev_error *err)
{
	return axev__doc_text(build->document, AXEV__STYLE_NOTE,
			      axev__span_str(axev__say(build, phrase)), err);
}
