/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks onto A4 pages. The same code runs twice: once without a cairo context to count the pages, once to draw,
 * so that "page 3 of 8" is exact.
 */
#ifndef AXEV_PRINT_PAGE_H
#define AXEV_PRINT_PAGE_H

#include "print/type.h"

/* Points. The left margin leaves room for binding. */
#define AXEV__PAGE_WIDTH 595.276
#define AXEV__PAGE_HEIGHT 841.890
#define AXEV__BODY_LEFT 70.9
#define AXEV__BODY_WIDTH 467.7
#define AXEV__BODY_TOP 66.0
#define AXEV__BODY_BOTTOM 768.0
#define AXEV__BODY_HEIGHT (AXEV__BODY_BOTTOM - AXEV__BODY_TOP)

struct axev__flow {
	const struct axev__document *document;
	struct axev__type *type;
	cairo_t *cr; /* NULL: only counting */
	const struct axev__block *section; /* NULL: none yet */
	double y;
	unsigned page, pages; /* the page at hand, 0 before the first; all, once they are counted */
};

/* Lay all blocks out; @flow->page is the number of pages afterwards. */
int axev__flow_run(struct axev__flow *flow, axev_error *err);

/* ---- for the blocks ---- */

int axev__flow_break(struct axev__flow *flow, axev_error *err);
/* A new page unless @height is left, or the page is still empty. */
int axev__flow_need(struct axev__flow *flow, double height, axev_error *err);

static inline double axev__flow_room(const struct axev__flow *flow)
{
	return AXEV__BODY_BOTTOM - flow->y;
}

/* One line of text, or several; returns the height in *ret_height (may be NULL). Draws unless counting. */
int axev__flow_text(struct axev__flow *flow, enum axev__style style, enum axev__align align, double x,
		    double y, double width, const char *text, double *ret_height, axev_error *err);

/* Replace each '#' of @text by the next number. */
int axev__fill_numbers(struct axev__buf *out, const char *text, const unsigned *numbers,
		       size_t count, axev_error *err);

int axev__place_table(struct axev__flow *flow, const struct axev__table *table, axev_error *err);
int axev__place_image(struct axev__flow *flow, struct axev__image *image, axev_error *err);
int axev__place_identity(struct axev__flow *flow, const struct axev__block *block, axev_error *err);
int axev__place_signature(struct axev__flow *flow, const struct axev__block *block, axev_error *err);

/* Height of what must stand together at the start of a block: a heading before it waits for this. */
int axev__table_first_height(const struct axev__flow *flow, const struct axev__table *table,
			     double *ret_height, axev_error *err);
#define AXEV__IDENTITY_HEIGHT 112.0
#define AXEV__SIGNATURE_HEIGHT 58.0
#define AXEV__IMAGE_FIRST_HEIGHT 240.0

#endif
