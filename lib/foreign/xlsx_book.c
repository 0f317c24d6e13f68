/* SPDX-License-Identifier: Apache-2.0 */
/* The workbook around its sheets: relations, names, shared strings, formats. */
#include <stdio.h>

#include "base/text.h"
#include "foreign/xlsx.h"
#include "foreign/xml_read.h"

static bool is(const char *name, const char *other)
{
	return strcmp(name, other) == 0;
}

static int duplicate(const char *text, char **ret_text, axev_error *err)
{
	*ret_text = strdup(text);
	return *ret_text ? AXEV_OK : axev__nomem(err);
}

static int nothing(void *payload, const char *name, axev_error *err)
{
	(void)payload;
	(void)name;
	(void)err;
	return AXEV_OK;
}

/* ---- relations (ISO/IEC 29500-2 9.3) ---- */

struct relations {
	struct axev__xlsx *book;
	const char *folder; /* that targets are relative to, with its slash */
	char *workbook, *strings, *styles;
};

static void relations_free(struct relations *relations)
{
	free(relations->workbook);
	free(relations->strings);
	free(relations->styles);
}

static bool ends(const char *text, const char *end)
{
	return axev__span_ends(axev__span_str(text), end);
}

static int absolute(const struct relations *relations, const char *target, char **ret_path, axev_error *err)
{
	char path[AXEV__MAX_FOREIGN_NAME + 1];
	struct axev__shown shown;

	if (strstr(target, "..") ||
	    snprintf(path, sizeof(path), "%s%s", target[0] == '/' ? "" : relations->folder,
		     target[0] == '/' ? target + 1 : target) >= (int)sizeof(path))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "a relation to '%s' is not followed",
				  axev__show_str(&shown, target));
	free(*ret_path);
	*ret_path = NULL;
	return duplicate(path, ret_path, err);
}

/* More than one sheet may name the same relation. Sheets of charts and dialogs (18.3.1.12, 18.3.1.34) have no cells; those of macros do. */
static int see_sheet(const struct relations *relations, const char *id, const char *type, const char *target, axev_error *err)
{
	struct axev__shown shown, shown_type;
	size_t i;

	for (i = 0; i < relations->book->sheet_count; i++) {
		struct axev__xlsx_sheet *sheet = &relations->book->sheets[i];

		if (!is(sheet->id, id))
			continue;
		sheet->is_found = true;
		if (ends(type, "/worksheet"))
			TRY(absolute(relations, target, &sheet->path, err));
		else if (!ends(type, "/chartsheet") && !ends(type, "/dialogsheet"))
			return axev__fail(err, AXEV_E_UNSUPPORTED, "sheet '%s': a sheet of type '%s' is not read",
					  axev__show_str(&shown, sheet->name), axev__show_str(&shown_type, type));
	}
	return AXEV_OK;
}

static int see_relation(void *payload, const char *name, const char *const *attributes, axev_error *err)
{
	struct relations *relations = payload;
	const char *id = axev__xml_attribute(attributes, "Id"), *type = axev__xml_attribute(attributes, "Type"),
		   *target = axev__xml_attribute(attributes, "Target"), *mode = axev__xml_attribute(attributes, "TargetMode");

	if (!is(name, "Relationship") || !id || !type || !target || (mode && is(mode, "External")))
		return AXEV_OK;
	if (ends(type, "/officeDocument"))
		return absolute(relations, target, &relations->workbook, err);
	if (ends(type, "/sharedStrings"))
		return absolute(relations, target, &relations->strings, err);
	if (ends(type, "/styles"))
		return absolute(relations, target, &relations->styles, err);
	return see_sheet(relations, id, type, target, err);
}

/* Else a sheet that has cells, for all that is known, would be told to have none. */
static int check_sheets(const struct axev__xlsx *book, axev_error *err)
{
	struct axev__shown shown;
	size_t i;

	for (i = 0; i < book->sheet_count; i++)
		if (!book->sheets[i].is_found)
			return axev__fail(err, AXEV_E_FORMAT, "sheet '%s': expected a relation that says where in the file it is, found none",
					  axev__show_str(&shown, book->sheets[i].name));
	return AXEV_OK;
}

/* ---- workbook.xml ---- */

static int add_sheet(struct axev__xlsx *book, const char *const *attributes, axev_error *err)
{
	const char *name = axev__xml_attribute(attributes, "name"), *id = NULL,
		   *state = axev__xml_attribute(attributes, "state");
	struct axev__xlsx_sheet *sheet = &book->sheets[book->sheet_count];
	size_t i;

	/* r:id, not an id without a namespace. */
	for (i = 0; attributes[i]; i += 2)
		if (ends(attributes[i], "|id"))
			id = attributes[i + 1];
	if (!name || !id || !*name || strlen(name) > AXEV__MAX_FOREIGN_NAME || strlen(id) > AXEV__MAX_FOREIGN_NAME)
		return axev__fail(err, AXEV_E_FORMAT, "expected a sheet with a name and an id of at most %d bytes",
				  AXEV__MAX_FOREIGN_NAME);
	if (book->sheet_count == AXEV__MAX_XLSX_SHEETS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d sheets", AXEV__MAX_XLSX_SHEETS);
	book->sheet_count++;
	sheet->is_hidden = state && !is(state, "visible");
	TRY(duplicate(name, &sheet->name, err));
	return duplicate(id, &sheet->id, err);
}

static int see_workbook(void *payload, const char *name, const char *const *attributes, axev_error *err)
{
	struct axev__xlsx *book = payload;
	const char *date1904 = axev__xml_attribute(attributes, "date1904");

	if (is(name, "workbookPr") && date1904)
		book->has_1904 = is(date1904, "1") || is(date1904, "true");
	return is(name, "sheet") ? add_sheet(book, attributes, err) : AXEV_OK;
}

/* ---- shared strings ---- */

struct strings {
	struct axev__xlsx *book;
	bool is_text, is_phonetic;
};

static int end_string(struct axev__xlsx *book, axev_error *err)
{
	size_t *grown;

	if (book->string_count == AXEV__MAX_XLSX_STRINGS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d shared strings", AXEV__MAX_XLSX_STRINGS);
	if (book->string_count == book->string_capacity) {
		book->string_capacity = book->string_capacity ? 2 * book->string_capacity : 1024;
		grown = realloc(book->string_ends, book->string_capacity * sizeof(*grown));
		if (!grown)
			return axev__nomem(err);
		book->string_ends = grown;
	}
	book->string_ends[book->string_count++] = book->strings.size;
	return AXEV_OK;
}

/* 18.4.8: a string is its runs one after another; rPh says how it is read aloud. */
static int strings_start(void *payload, const char *name, const char *const *attributes, axev_error *err)
{
	struct strings *strings = payload;

	(void)attributes;
	(void)err;
	if (is(name, "rPh"))
		strings->is_phonetic = true;
	strings->is_text = is(name, "t") && !strings->is_phonetic;
	return AXEV_OK;
}

static int strings_end(void *payload, const char *name, axev_error *err)
{
	struct strings *strings = payload;

	strings->is_text = false;
	if (is(name, "rPh"))
		strings->is_phonetic = false;
	return is(name, "si") ? end_string(strings->book, err) : AXEV_OK;
}

static int strings_text(void *payload, struct axev__span text, axev_error *err)
{
	struct strings *strings = payload;

	return strings->is_text ? axev__buf_span(&strings->book->strings, text, err) : AXEV_OK;
}

/* ---- formats ---- */

struct styles {
	struct axev__xlsx *book;
	bool is_in_xfs;
	struct {
		unsigned long id;
		char *code;
		bool is_date;
	} *codes;
	size_t count;
};

static void styles_free(struct styles *styles)
{
	size_t i;

	for (i = 0; i < styles->count; i++)
		free(styles->codes[i].code);
	free(styles->codes);
}

/* 18.8.30: numbers of formats that are not written out and are dates or times, those of East Asia among them. */
static bool is_builtin_date(unsigned long id)
{
	return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/* 18.8.31: d, m, y, h, s outside of quotes, brackets and escapes. "General" and colours stand in none of them. */
static bool is_date_code(const char *code)
{
	char until = '\0';

	for (; *code; code++) {
		if (until)
			until = *code == until ? '\0' : until;
		else if (*code == '"')
			until = '"';
		else if (*code == '[' && !strchr("hmsHMS", code[1]))
			until = ']';
		else if ((*code == '\\' || *code == '_' || *code == '*') && code[1])
			code++;
		else if (strchr("dmyhsDMYHS", *code))
			return true;
		else if (strncasecmp(code, "general", 7) == 0)
			code += 6;
	}
	return false;
}

static int add_code(struct styles *styles, const char *id, const char *code, axev_error *err)
{
	void *grown;

	if (styles->count == AXEV__MAX_XLSX_FORMATS || strlen(code) > AXEV__MAX_XLSX_FORMAT_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d formats of at most %zu bytes each",
				  AXEV__MAX_XLSX_FORMATS, AXEV__MAX_XLSX_FORMAT_BYTES);
	grown = realloc(styles->codes, (styles->count + 1) * sizeof(*styles->codes));
	if (!grown)
		return axev__nomem(err);
	styles->codes = grown;
	styles->codes[styles->count].id = strtoul(id, NULL, 10);
	TRY(duplicate(code, &styles->codes[styles->count].code, err));
	styles->codes[styles->count].is_date = is_date_code(code);
	styles->count++;
	return AXEV_OK;
}

static int add_style(struct styles *styles, const char *id_text, axev_error *err)
{
	struct axev__xlsx *book = styles->book;
	unsigned long id = id_text ? strtoul(id_text, NULL, 10) : 0;
	char builtin[32];
	const char *code = is_builtin_date(id) ? builtin : NULL;
	char **grown;
	size_t i;

	if (book->format_count == AXEV__MAX_XLSX_STYLES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d styles", AXEV__MAX_XLSX_STYLES);
	grown = realloc(book->formats, (book->format_count + 1) * sizeof(*grown));
	if (!grown)
		return axev__nomem(err);
	book->formats = grown;
	book->formats[book->format_count] = NULL;
	snprintf(builtin, sizeof(builtin), "built-in %lu", id);
	for (i = 0; i < styles->count; i++)
		if (styles->codes[i].id == id)
			code = styles->codes[i].is_date ? styles->codes[i].code : NULL;
	if (code && !(book->formats[book->format_count] = strndup(code, AXEV__XLSX_FORMAT_BYTES)))
		return axev__nomem(err);
	book->format_count++;
	return AXEV_OK;
}

static int styles_start(void *payload, const char *name, const char *const *attributes, axev_error *err)
{
	struct styles *styles = payload;
	const char *id = axev__xml_attribute(attributes, "numFmtId"), *code = axev__xml_attribute(attributes, "formatCode");

	if (is(name, "numFmt") && !styles->is_in_xfs && id && code)
		return add_code(styles, id, code, err);
	if (is(name, "cellXfs"))
		styles->is_in_xfs = true;
	return is(name, "xf") && styles->is_in_xfs ? add_style(styles, id, err) : AXEV_OK;
}

static int styles_end(void *payload, const char *name, axev_error *err)
{
	struct styles *styles = payload;

	(void)err;
	if (is(name, "cellXfs"))
		styles->is_in_xfs = false;
	return AXEV_OK;
}

/* ---- all of it ---- */

static int read_parts(struct axev__xlsx *book, const struct relations *relations, axev_error *err)
{
	const struct axev__xml_handlers of_strings = { strings_start, strings_end, strings_text },
					of_styles = { styles_start, styles_end, NULL };
	AXEV__CLEANUP(styles_free) struct styles styles = { .book = book };
	struct strings strings = { .book = book };

	if (relations->strings)
		TRY(axev__xml_read(book->unzip, relations->strings, &of_strings, &strings, err));
	if (relations->styles)
		TRY(axev__xml_read(book->unzip, relations->styles, &of_styles, &styles, err));
	return AXEV_OK;
}

/* "xl/workbook.xml" has its relations in "xl/_rels/workbook.xml.rels". */
static int read_book(struct axev__xlsx *book, axev_error *err)
{
	const struct axev__xml_handlers of_relations = { see_relation, nothing, NULL },
					of_workbook = { see_workbook, nothing, NULL };
	AXEV__CLEANUP(relations_free) struct relations relations = { .book = book, .folder = "" };
	char folder[AXEV__MAX_FOREIGN_NAME + 1], rels[AXEV__MAX_FOREIGN_NAME + 32];
	const char *slash;

	TRY(axev__xml_read(book->unzip, "_rels/.rels", &of_relations, &relations, err));
	if (!relations.workbook)
		return axev__fail(err, AXEV_E_FORMAT, "expected a workbook, the file names none");
	TRY(axev__xml_read(book->unzip, relations.workbook, &of_workbook, book, err));
	slash = strrchr(relations.workbook, '/');
	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash + 1 - relations.workbook) : 0, relations.workbook);
	snprintf(rels, sizeof(rels), "%s_rels/%s.rels", folder, slash ? slash + 1 : relations.workbook);
	if (book->sheet_count == 0)
		return axev__fail(err, AXEV_E_FORMAT, "expected a workbook with a sheet, found none");
	relations.folder = folder;
	TRY(axev__xml_read(book->unzip, rels, &of_relations, &relations, err));
	TRY(check_sheets(book, err));
	return read_parts(book, &relations, err);
}

int axev__xlsx_open(const struct axev__source *source, struct axev__xlsx *ret_book, axev_error *err)
{
	AXEV__XLSX book = { .strings = AXEV__BUF_INIT(AXEV__MAX_XLSX_STRINGS_BYTES) };

	book.sheets = calloc(AXEV__MAX_XLSX_SHEETS, sizeof(*book.sheets));
	if (!book.sheets)
		return axev__nomem(err);
	TRY(axev__unzip_open(source, &book.unzip, err));
	TRY(read_book(&book, err));
	*ret_book = book;
	memset(&book, 0, sizeof(book));
	return AXEV_OK;
}

void axev__xlsx_close(struct axev__xlsx *book)
{
	size_t i;

	for (i = 0; i < book->sheet_count; i++) {
		free(book->sheets[i].name);
		free(book->sheets[i].id);
		free(book->sheets[i].path);
	}
	for (i = 0; i < book->format_count; i++)
		free(book->formats[i]);
	free(book->sheets);
	free(book->formats);
	free(book->string_ends);
	axev__buf_free(&book->strings);
	axev__unzip_free(book->unzip);
	memset(book, 0, sizeof(*book));
}
