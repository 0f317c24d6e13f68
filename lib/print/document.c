/* SPDX-License-Identifier: Apache-2.0 */
#include "print/document.h"

#include <stdlib.h>

#include "base/text.h"
#include "print/image.h"

static void table_free(struct axev__table *table)
{
	size_t i;

	if (!table)
		return;
	for (i = 0; i < table->cell_count; i++)
		free(table->cells[i].text);
	free(table->cells);
	free(table->rows);
	free(table);
}

void axev__document_free(struct axev__document *document)
{
	size_t i;

	for (i = 0; i < document->block_count; i++) {
		struct axev__block *block = &document->blocks[i];

		free(block->text);
		free(block->detail);
		free(block->foot);
		table_free(block->table);
		axev__image_free(block->image);
	}
	free(document->blocks);
	for (i = 0; i < AXEV__WORDS_COUNT; i++)
		free(document->words[i]);
	memset(document, 0, sizeof(*document));
}

/* Room for one more item; the arrays double. */
static int grow(void **items, size_t *capacity, size_t count, size_t item_size, axev_error *err)
{
	size_t wanted = *capacity ? *capacity * 2 : 8, bytes;
	void *larger;

	if (count < *capacity)
		return AXEV_OK;
	if (!axev__mul_size(wanted, item_size, &bytes))
		return axev__nomem(err);
	larger = realloc(*items, bytes);
	if (!larger)
		return axev__nomem(err);
	*items = larger;
	*capacity = wanted;
	return AXEV_OK;
}

/* Line ends stay line ends; everything else that could act on the page is shown inert. */
static int escape_lines(struct axev__buf *out, struct axev__span text, axev_error *err)
{
	while (text.size > 0) {
		const uint8_t *end = memchr(text.data, '\n', text.size);
		size_t length = end ? (size_t)(end - text.data) : text.size;
		struct axev__span line = axev__span(text.data, length);

		if (end && axev__span_ends(line, "\r"))
			line.size--;
		TRY(axev__escape(out, line, err));
		if (end)
			TRY(axev__buf_byte(out, '\n', err));
		length += end ? 1 : 0;
		text = axev__span(text.data + length, text.size - length);
	}
	return AXEV_OK;
}

/* A start of @text that ends between two characters, short enough to be set in time and memory. */
static struct axev__span clip(struct axev__span text)
{
	size_t size = AXEV__MAX_PRINT_CELL_BYTES, lines = 0, i;

	for (i = 0; i < text.size && i < size && lines < AXEV__MAX_PRINT_CELL_LINES; i++)
		lines += text.data[i] == '\n';
	if (i < text.size && i < size)
		return axev__span(text.data, i);
	if (text.size <= size)
		return text;
	while (size > AXEV__MAX_PRINT_CELL_BYTES - 4 && (text.data[size] & 0xC0) == 0x80)
		size--;
	return axev__span(text.data, size);
}

static int keep(struct axev__document *document, struct axev__span text, char **ret_text,
		axev_error *err)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_PRINT_TEXT_BYTES - document->text_bytes);
	struct axev__span start = clip(text);
	char *kept;

	TRY(escape_lines(&out, start, err));
	if (start.size < text.size)
		TRY(axev__buf_printf(&out, err, "… [+%zu 字节未印 / bytes not printed]",
				     text.size - start.size));
	TRY(axev__buf_str(&out, "", err));
	document->text_bytes += out.size;
	kept = out.size ? axev__buf_steal_str(&out) : calloc(1, 1);
	if (!kept)
		return axev__nomem(err);
	*ret_text = kept;
	return AXEV_OK;
}

int axev__doc_words(struct axev__document *document, enum axev__page_words which,
		    struct axev__span text, axev_error *err)
{
	free(axev__steal(document->words[which]));
	return keep(document, text, &document->words[which], err);
}

static int add_block(struct axev__document *document, enum axev__block_kind kind,
		     struct axev__block **ret_block, axev_error *err)
{
	void *blocks = document->blocks;

	TRY(grow(&blocks, &document->block_capacity, document->block_count,
		 sizeof(*document->blocks), err));
	document->blocks = blocks;
	*ret_block = &document->blocks[document->block_count++];
	**ret_block = (struct axev__block){ .kind = kind };
	return AXEV_OK;
}

int axev__doc_text(struct axev__document *document, enum axev__style style, struct axev__span text,
		   axev_error *err)
{
	struct axev__block *block;

	TRY(add_block(document, AXEV__BLOCK_TEXT, &block, err));
	block->style = style;
	return keep(document, text, &block->text, err);
}

int axev__doc_title(struct axev__document *document, const char *text, axev_error *err)
{
	TRY(axev__doc_text(document, AXEV__STYLE_TITLE, axev__span_str(text), err));
	document->blocks[document->block_count - 1].align = AXEV__CENTRE;
	return AXEV_OK;
}

int axev__doc_heading(struct axev__document *document, const char *text, axev_error *err)
{
	return axev__doc_text(document, AXEV__STYLE_HEADING, axev__span_str(text), err);
}

int axev__doc_identity(struct axev__document *document, struct axev__span qr, const char *words,
		       axev_error *err)
{
	struct axev__block *block;

	TRY(add_block(document, AXEV__BLOCK_IDENTITY, &block, err));
	TRY(keep(document, qr, &block->text, err));
	return keep(document, axev__span_str(words), &block->detail, err);
}

int axev__doc_signature(struct axev__document *document, const char *label, struct axev__span name,
			axev_error *err)
{
	struct axev__block *block;

	TRY(add_block(document, AXEV__BLOCK_SIGNATURE, &block, err));
	TRY(keep(document, axev__span_str(label), &block->text, err));
	return keep(document, name, &block->detail, err);
}

int axev__doc_image(struct axev__document *document, struct axev__image *image, axev_error *err)
{
	struct axev__block *block;
	int status = add_block(document, AXEV__BLOCK_IMAGE, &block, err);

	if (status < 0)
		axev__image_free(image);
	else
		block->image = image;
	return status;
}

int axev__doc_section(struct axev__document *document, struct axev__span left,
		      struct axev__span right, struct axev__span foot, axev_error *err)
{
	struct axev__block *block;

	TRY(add_block(document, AXEV__BLOCK_SECTION, &block, err));
	TRY(keep(document, left, &block->text, err));
	TRY(keep(document, right, &block->detail, err));
	return keep(document, foot, &block->foot, err);
}

/* ---- tables ---- */

int axev__doc_table(struct axev__document *document, const uint16_t *weights, size_t count,
		    axev_error *err)
{
	struct axev__block *block;

	if (count == 0 || count > AXEV__MAX_PRINT_COLUMNS)
		return axev__fail(err, AXEV_E_INTERNAL, "expected 1 to %d columns, found %zu",
				  AXEV__MAX_PRINT_COLUMNS, count);
	TRY(add_block(document, AXEV__BLOCK_TABLE, &block, err));
	block->table = calloc(1, sizeof(*block->table));
	if (!block->table)
		return axev__nomem(err);
	block->table->column_count = count;
	memcpy(block->table->weights, weights, count * sizeof(*weights));
	return AXEV_OK;
}

static struct axev__table *last_table(struct axev__document *document)
{
	return document->block_count ? document->blocks[document->block_count - 1].table : NULL;
}

int axev__doc_row(struct axev__document *document, unsigned flags, axev_error *err)
{
	struct axev__table *table = last_table(document);
	void *rows;

	if (!table)
		return axev__fail(err, AXEV_E_INTERNAL, "expected a table before its rows");
	if (table->row_count >= AXEV__MAX_PRINT_ROWS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d rows in a table",
				  AXEV__MAX_PRINT_ROWS);
	rows = table->rows;
	TRY(grow(&rows, &table->row_capacity, table->row_count, sizeof(*table->rows), err));
	table->rows = rows;
	table->rows[table->row_count++] =
		(struct axev__row){ .first_cell = table->cell_count, .flags = flags };
	return AXEV_OK;
}

int axev__doc_cell(struct axev__document *document, const struct axev__cell *look,
		   struct axev__span text, axev_error *err)
{
	struct axev__table *table = last_table(document);
	struct axev__cell *cell;
	void *cells;

	if (!table || table->row_count == 0)
		return axev__fail(err, AXEV_E_INTERNAL, "expected a row before its cells");
	cells = table->cells;
	TRY(grow(&cells, &table->cell_capacity, table->cell_count, sizeof(*table->cells), err));
	table->cells = cells;
	cell = &table->cells[table->cell_count];
	*cell = *look;
	cell->text = NULL;
	if (cell->span == 0)
		cell->span = 1;
	TRY(keep(document, text, &cell->text, err));
	table->cell_count++;
	table->rows[table->row_count - 1].cell_count++;
	return AXEV_OK;
}

int axev__group_hex(struct axev__buf *out, struct axev__span hex, const char *line_break,
		    axev_error *err)
{
	size_t i;

	for (i = 0; i < hex.size; i += 8) {
		size_t size = hex.size - i < 8 ? hex.size - i : 8;

		if (i > 0)
			TRY(axev__buf_str(out, i % 32 == 0 ? line_break : " ", err));
		TRY(axev__buf_append(out, hex.data + i, size, err));
	}
	return AXEV_OK;
}
