/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/digest.h"
#include "package/data_internal.h"

static const struct format {
	const char *name;
	int (*open)(struct axev__data_reader *reader, axev_error *err);
	int (*next)(struct axev__data_reader *reader, struct axev__buf *cells, bool *ret_more, axev_error *err);
} formats[AXEV__DATA_FORMATS] = {
	[AXEV__DATA_CSV] = { "csv", axev__data_csv_open, axev__data_csv_next },
	[AXEV__DATA_JSON] = { "json", axev__data_json_open, axev__data_json_next },
	[AXEV__DATA_JSONL] = { "jsonl", axev__data_json_open, axev__data_json_next },
};

static const char *const encodings[] = {
	[AXEV__TEXT_UTF8] = "UTF-8",
	[AXEV__TEXT_GB18030] = "GB18030-2005",
};

const char *axev__data_format_name(enum axev__data_format format)
{
	return formats[format].name;
}

const char *axev__data_encoding_name(enum axev__text_encoding encoding)
{
	return encodings[encoding];
}

/* ---- how it is read, as JSON ---- */

static int set_sign(axev__json *about, const char *member, uint8_t sign, axev_error *err)
{
	return axev__json_set_string(about, member, axev__span(&sign, sign != AXEV__CSV_NO_QUOTE), err);
}

int axev__data_form_set(const struct axev__data_form *form, axev__json *about, axev_error *err)
{
	TRY(axev__json_set_str(about, "format", formats[form->format].name, err));
	TRY(axev__json_set_str(about, "encoding", encodings[form->encoding], err));
	TRY(axev__json_set_bool(about, "bom", form->has_bom, err));
	if (form->format != AXEV__DATA_CSV)
		return AXEV_OK;
	TRY(set_sign(about, "delimiter", form->dialect.delimiter, err));
	TRY(set_sign(about, "quote", form->dialect.quote, err));
	return axev__json_set_bool(about, "names", form->has_names, err);
}

static int find_format(struct axev__span name, enum axev__data_format *ret_format, axev_error *err)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(formats); i++)
		if (axev__span_is(name, formats[i].name)) {
			*ret_format = (enum axev__data_format)i;
			return AXEV_OK;
		}
	return axev__fail(err, AXEV_E_UNSUPPORTED, "member 'format': of a file that is not read here");
}

static int find_encoding(struct axev__span name, enum axev__text_encoding *ret_encoding, axev_error *err)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(encodings); i++)
		if (axev__span_is(name, encodings[i])) {
			*ret_encoding = (enum axev__text_encoding)i;
			return AXEV_OK;
		}
	return axev__fail(err, AXEV_E_UNSUPPORTED, "member 'encoding': one that is not read here");
}

static int read_sign(const axev__json *about, const char *member, uint8_t *ret_sign, axev_error *err)
{
	struct axev__span text;

	TRY(axev__json_string(about, member, &text, err));
	if (text.size > 1)
		return axev__fail(err, AXEV_E_FORMAT, "member '%s': expected one character", member);
	*ret_sign = text.size ? text.data[0] : AXEV__CSV_NO_QUOTE;
	return AXEV_OK;
}

static int read_csv_form(const axev__json *about, struct axev__data_form *form, axev_error *err)
{
	TRY(read_sign(about, "delimiter", &form->dialect.delimiter, err));
	TRY(read_sign(about, "quote", &form->dialect.quote, err));
	if (!axev__csv_dialect_is_valid(&form->dialect))
		return axev__fail(err, AXEV_E_FORMAT, "members 'delimiter' and 'quote': expected two different characters");
	return axev__json_boolean(about, "names", &form->has_names, err);
}

int axev__data_form_read(const axev__json *about, struct axev__data_form *ret_form, axev_error *err)
{
	static const char *const of_csv[] = { "what",	"path", "format", "encoding", "bom", "delimiter",
					      "quote", "names", "key", NULL };
	static const char *const of_others[] = { "what", "path", "format", "encoding", "bom", "key", NULL };
	struct axev__data_form form = { 0 };
	struct axev__span text;

	TRY(axev__json_string(about, "format", &text, err));
	TRY(find_format(text, &form.format, err));
	TRY(axev__json_string(about, "encoding", &text, err));
	TRY(find_encoding(text, &form.encoding, err));
	TRY(axev__json_boolean(about, "bom", &form.has_bom, err));
	if (axev__json_only(about, form.format == AXEV__DATA_CSV ? of_csv : of_others, NULL) < 0)
		return axev__fail(err, AXEV_E_UNSUPPORTED, "a member that is not known here");
	if (form.format == AXEV__DATA_CSV)
		TRY(read_csv_form(about, &form, err));
	*ret_form = form;
	return AXEV_OK;
}

/* ---- fields and cells ---- */

int axev__data_add_field(struct axev__data_reader *reader, struct axev__span name, const char *type, axev_error *err)
{
	AXEV__JSON *field = axev__json_new_object();

	TRY(axev__json_set_string(field, "name", name, err));
	TRY(axev__json_set_str(field, "type", type, err));
	return axev__json_append(reader->fields, axev__steal(field), err);
}

int axev__data_text(struct axev__data_reader *reader, struct axev__span text, struct axev__buf *cells,
		    axev_error *err)
{
	if (text.size > AXEV__MAX_INLINE_CELL)
		return reader->large(reader->payload, AXEV__CELL_TEXT, text, cells, err);
	return axev__cell_string(text, cells, err);
}

int axev__data_hash_large(void *payload, enum axev__cell_tag tag, struct axev__span content, struct axev__buf *cells,
			  axev_error *err)
{
	uint8_t digest[32];

	(void)payload;
	TRY(axev__sha256(content.data, content.size, digest, err));
	return axev__cell_large(tag, content.size, digest, cells, err);
}

/* ---- reading ---- */

int axev__data_open(const struct axev__source *source, const struct axev__data_form *form, axev__data_large large,
		    void *payload, struct axev__data_reader **ret_reader, axev_error *err)
{
	AXEV__DATA_READER *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return axev__nomem(err);
	reader->form = *form;
	reader->large = large;
	reader->payload = payload;
	reader->fields = axev__json_new_array();
	TRY(axev__text_open(source, form->encoding, AXEV__MAX_RECORD_BYTES, &reader->text, err));
	TRY(formats[form->format].open(reader, err));
	*ret_reader = axev__steal(reader);
	return AXEV_OK;
}

void axev__data_free(struct axev__data_reader *reader)
{
	if (!reader)
		return;
	axev__text_close(&reader->text);
	axev__json_rows_free(&reader->json);
	axev__json_free(reader->fields);
	free(reader);
}

bool axev__data_has_bom(const struct axev__data_reader *reader)
{
	return reader->text.has_bom;
}

const axev__json *axev__data_fields(const struct axev__data_reader *reader)
{
	return reader->fields;
}

int axev__data_next(struct axev__data_reader *reader, struct axev__buf *cells, bool *ret_more, axev_error *err)
{
	return formats[reader->form.format].next(reader, cells, ret_more, err);
}
