/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a print says, as a list of blocks, before anyone thinks of pages. Every text is stored escaped: control
 * and direction characters cannot act on the page. Nothing here knows cairo.
 */
#ifndef AXEV_PRINT_DOCUMENT_H
#define AXEV_PRINT_DOCUMENT_H

#include "base/buf.h"
#include "base/limits.h"

enum axev__style {
	AXEV__STYLE_BODY,
	AXEV__STYLE_STRONG,
	AXEV__STYLE_LABEL,
	AXEV__STYLE_SMALL,
	AXEV__STYLE_NOTE, /* small and grey: what is said about the print, and "not recorded" */
	AXEV__STYLE_MONO, /* digests, commands, paths */
	AXEV__STYLE_TITLE,
	AXEV__STYLE_HEADING,
	AXEV__STYLE_VERDICT,
	AXEV__STYLE_COUNT
};

enum axev__align { AXEV__LEFT, AXEV__CENTRE, AXEV__RIGHT };

/* Rows of a table. */
enum {
	AXEV__ROW_HEAD = 1, /* repeated on each page */
	AXEV__ROW_KEEP = 2  /* stays on the page of the row after it */
};

struct axev__cell {
	enum axev__style style;
	enum axev__align align;
	uint8_t span;   /* columns it covers */
	uint8_t indent; /* levels, for trees */
	bool is_shaded;
	char *text;
};

struct axev__row {
	size_t first_cell, cell_count;
	unsigned flags;
};

struct axev__table {
	size_t column_count;
	uint16_t weights[AXEV__MAX_PRINT_COLUMNS]; /* shares of the width */
	struct axev__row *rows;
	size_t row_count, row_capacity;
	struct axev__cell *cells;
	size_t cell_count, cell_capacity;
};

struct axev__image; /* print/image.h */

enum axev__block_kind {
	AXEV__BLOCK_TEXT,
	AXEV__BLOCK_TABLE,
	AXEV__BLOCK_IDENTITY, /* id in words and as a QR code, side by side */
	AXEV__BLOCK_IMAGE,    /* in slices, each labelled with its pixel rows */
	AXEV__BLOCK_SIGNATURE,
	AXEV__BLOCK_SECTION /* a new page, and what stands at the head and foot of the pages from there on */
};

struct axev__block {
	enum axev__block_kind kind;
	enum axev__style style;
	enum axev__align align;
	char *text;   /* text; label of a signature; what a QR code holds; head of a section's pages, left */
	char *detail; /* printed name under a signature; words beside a QR code; head, right */
	char *foot;   /* hexadecimal digits, printed in groups */
	struct axev__table *table;
	struct axev__image *image;
};

/* Words that are the same on every page. */
enum axev__page_words {
	AXEV__WORDS_LIMIT,
	AXEV__WORDS_PAGE,         /* "第 # 页/共 # 页": number and total stand where the # are */
	AXEV__WORDS_SLICE,        /* "第 # 幅/共 # 幅，像素行 # 至 #，全图 # 行" */
	AXEV__WORDS_SLICE_DIGEST, /* before the digest of the whole image */
	AXEV__WORDS_SIGN,
	AXEV__WORDS_DATE,
	AXEV__WORDS_PAGE_SIGN, /* before a line at the foot */
	AXEV__WORDS_SEAM,      /* at the edge, along the line where a seal goes across pages */
	AXEV__WORDS_TITLE,  /* metadata of the PDF */
	AXEV__WORDS_AUTHOR,
	AXEV__WORDS_COUNT
};

struct axev__document {
	struct axev__block *blocks;
	size_t block_count, block_capacity;
	char *words[AXEV__WORDS_COUNT];
	int64_t instant_ns; /* the PDF's dates: of the capture, not of the printing */
	const char *lang;   /* "zh-cn" or "en" */
	size_t text_bytes;
};

void axev__document_free(struct axev__document *document);
#define AXEV__DOCUMENT AXEV__CLEANUP(axev__document_free) struct axev__document

int axev__doc_words(struct axev__document *document, enum axev__page_words which,
		    struct axev__span text, axev_error *err);

int axev__doc_text(struct axev__document *document, enum axev__style style, struct axev__span text,
		   axev_error *err);
int axev__doc_title(struct axev__document *document, const char *text, axev_error *err);
/* Stays on the page of what follows. */
int axev__doc_heading(struct axev__document *document, const char *text, axev_error *err);
int axev__doc_identity(struct axev__document *document, struct axev__span qr, const char *words,
		       axev_error *err);
int axev__doc_signature(struct axev__document *document, const char *label, struct axev__span name,
			axev_error *err);
/* Takes @image over, also on failure. */
int axev__doc_image(struct axev__document *document, struct axev__image *image, axev_error *err);
int axev__doc_section(struct axev__document *document, struct axev__span left,
		      struct axev__span right, struct axev__span foot, axev_error *err);

/* Then rows, and the cells of the last row; spans of a row add up to the columns. */
int axev__doc_table(struct axev__document *document, const uint16_t *weights, size_t count,
		    axev_error *err);
int axev__doc_row(struct axev__document *document, unsigned flags, axev_error *err);
int axev__doc_cell(struct axev__document *document, const struct axev__cell *look,
		   struct axev__span text, axev_error *err);

/* 64 hexadecimal digits in groups of eight, four groups a line. Other text is appended as it is. */
int axev__group_hex(struct axev__buf *out, struct axev__span hex, const char *line_break,
		    axev_error *err);

#endif
