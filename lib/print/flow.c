/* SPDX-License-Identifier: Apache-2.0 */
/* Pages, their head and foot, and running text. */
#include "print/page.h"

#include <inttypes.h>

#define GAP_AFTER_TITLE 8.0
#define GAP_BEFORE_HEADING 12.0
#define GAP_AFTER_HEADING 4.0
#define GAP_AFTER_TEXT 4.0
#define GAP_AFTER_TABLE 8.0
#define SEAM_X 556.0
#define SEAM_TOP 330.0
#define SEAM_BOTTOM 510.0

int axev__flow_text(struct axev__flow *flow, enum axev__style style, enum axev__align align, double x,
		    double y, double width, const char *text, double *ret_height, axev_error *err)
{
	AXEV__LINES lines = { 0 };

	TRY(axev__lines_set(flow->type, style, width, text, &lines, err));
	if (flow->cr)
		axev__lines_draw(&lines, flow->cr, x, y, align, 0, lines.count);
	if (ret_height)
		*ret_height = lines.pitch * lines.count;
	return AXEV_OK;
}

int axev__fill_numbers(struct axev__buf *out, const char *text, const unsigned *numbers,
		       size_t count, axev_error *err)
{
	size_t used = 0;

	for (; *text; text++) {
		if (*text == '#' && used < count)
			TRY(axev__buf_printf(out, err, "%u", numbers[used++]));
		else
			TRY(axev__buf_byte(out, (uint8_t)*text, err));
	}
	return AXEV_OK;
}

/* ---- head and foot ---- */

static const char *word(const struct axev__flow *flow, enum axev__page_words which)
{
	return flow->document->words[which] ? flow->document->words[which] : "";
}

static void rule(cairo_t *cr, double y)
{
	cairo_set_source_rgb(cr, 0, 0, 0);
	cairo_set_line_width(cr, 0.5);
	cairo_move_to(cr, AXEV__BODY_LEFT, y);
	cairo_line_to(cr, AXEV__BODY_LEFT + AXEV__BODY_WIDTH, y);
	cairo_stroke(cr);
}

/* Where a seal goes across the fanned edges of all pages, each of which then carries a part of it. */
static int draw_seam(struct axev__flow *flow, axev_error *err)
{
	static const double dashes[] = { 3, 3 };
	cairo_t *cr = flow->cr;
	AXEV__LINES lines = { 0 };
	PangoRectangle logical;

	TRY(axev__lines_set(flow->type, AXEV__STYLE_NOTE, SEAM_BOTTOM - SEAM_TOP,
			    word(flow, AXEV__WORDS_SEAM), &lines, err));
	pango_layout_get_extents(lines.layout, NULL, &logical);
	cairo_save(cr);
	cairo_set_source_rgb(cr, 0.55, 0.55, 0.55);
	cairo_set_line_width(cr, 0.5);
	cairo_set_dash(cr, dashes, 2, 0);
	cairo_move_to(cr, SEAM_X, SEAM_TOP);
	cairo_line_to(cr, SEAM_X, SEAM_BOTTOM);
	cairo_stroke(cr);
	cairo_translate(cr, SEAM_X + 15,
			(SEAM_TOP + SEAM_BOTTOM - (double)logical.width / PANGO_SCALE) / 2);
	cairo_rotate(cr, 1.5707963267948966);
	cairo_move_to(cr, 0, 0);
	/* Outlines, not text: readers that put a page's text in order would take it for a column. */
	pango_cairo_layout_path(cr, lines.layout);
	cairo_fill(cr);
	cairo_restore(cr);
	return AXEV_OK;
}

/* A record is signed page by page. */
static int draw_page_signature(struct axev__flow *flow, axev_error *err)
{
	double right = AXEV__BODY_LEFT + AXEV__BODY_WIDTH;

	TRY(axev__flow_text(flow, AXEV__STYLE_NOTE, AXEV__RIGHT, AXEV__BODY_LEFT, 811,
			    AXEV__BODY_WIDTH - 130, word(flow, AXEV__WORDS_PAGE_SIGN), NULL, err));
	cairo_set_source_rgb(flow->cr, 0.38, 0.38, 0.38);
	cairo_set_line_width(flow->cr, 0.5);
	cairo_move_to(flow->cr, right - 126, 823);
	cairo_line_to(flow->cr, right, 823);
	cairo_stroke(flow->cr);
	return AXEV_OK;
}

static int draw_head_and_foot(struct axev__flow *flow, axev_error *err)
{
	const struct axev__block *section = flow->section;
	AXEV__BUF number = AXEV__BUF_INIT(1024);
	AXEV__BUF foot = AXEV__BUF_INIT(1024);
	unsigned numbers[2] = { flow->page, flow->pages };
	double x = AXEV__BODY_LEFT, width = AXEV__BODY_WIDTH;

	TRY(axev__fill_numbers(&number, word(flow, AXEV__WORDS_PAGE), numbers, 2, err));
	TRY(axev__buf_byte(&number, 0, err));
	TRY(axev__group_hex(&foot, axev__span_str(section ? section->foot : ""), " ", err));
	TRY(axev__buf_byte(&foot, 0, err));
	TRY(axev__flow_text(flow, AXEV__STYLE_SMALL, AXEV__LEFT, x, 38, width,
			    section ? section->text : "", NULL, err));
	TRY(axev__flow_text(flow, AXEV__STYLE_SMALL, AXEV__RIGHT, x, 38, width,
			    section ? section->detail : "", NULL, err));
	rule(flow->cr, 53);
	rule(flow->cr, 780);
	TRY(axev__flow_text(flow, AXEV__STYLE_MONO, AXEV__LEFT, x, 784, width,
			    (const char *)foot.data, NULL, err));
	TRY(axev__flow_text(flow, AXEV__STYLE_SMALL, AXEV__RIGHT, x, 784, width,
			    (const char *)number.data, NULL, err));
	TRY(axev__flow_text(flow, AXEV__STYLE_NOTE, AXEV__LEFT, x, 796.5, width,
			    word(flow, AXEV__WORDS_LIMIT), NULL, err));
	TRY(draw_page_signature(flow, err));
	return draw_seam(flow, err);
}

static int begin_page(struct axev__flow *flow, axev_error *err)
{
	if (flow->page >= AXEV__MAX_PRINT_PAGES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d pages", AXEV__MAX_PRINT_PAGES);
	flow->page++;
	flow->y = AXEV__BODY_TOP;
	return flow->cr ? draw_head_and_foot(flow, err) : AXEV_OK;
}

static int end_page(struct axev__flow *flow, axev_error *err)
{
	if (!flow->cr)
		return AXEV_OK;
	cairo_show_page(flow->cr);
	if (cairo_status(flow->cr) != CAIRO_STATUS_SUCCESS)
		return axev__fail(err, AXEV_E_INTERNAL, "drawing page %u failed: %s", flow->page,
				  cairo_status_to_string(cairo_status(flow->cr)));
	return AXEV_OK;
}

int axev__flow_break(struct axev__flow *flow, axev_error *err)
{
	TRY(end_page(flow, err));
	return begin_page(flow, err);
}

int axev__flow_need(struct axev__flow *flow, double height, axev_error *err)
{
	if (axev__flow_room(flow) >= height || flow->y <= AXEV__BODY_TOP)
		return AXEV_OK;
	return axev__flow_break(flow, err);
}

/* ---- running text ---- */

/* Lines over as many pages as they take; never one line alone at a page's foot or head. */
static int place_lines(struct axev__flow *flow, const struct axev__lines *lines,
		       enum axev__align align, axev_error *err)
{
	unsigned first = 0;

	while (first < lines->count) {
		unsigned left = lines->count - first;
		unsigned fit = (unsigned)(axev__flow_room(flow) / lines->pitch);

		if (fit < left && fit >= 2 && left - fit == 1)
			fit--;
		if (fit < left && fit < 2 && flow->y > AXEV__BODY_TOP) {
			TRY(axev__flow_break(flow, err));
			continue;
		}
		if (fit > left)
			fit = left;
		if (flow->cr)
			axev__lines_draw(lines, flow->cr, AXEV__BODY_LEFT, flow->y, align, first, fit);
		flow->y += fit * lines->pitch;
		first += fit;
	}
	return AXEV_OK;
}

/* Signature boxes that follow one another stay on one page: who signs sees all of them. */
static double signatures_height(const struct axev__flow *flow, const struct axev__block *block)
{
	const struct axev__block *end = flow->document->blocks + flow->document->block_count;
	double height = 0;

	for (; block < end && block->kind == AXEV__BLOCK_SIGNATURE; block++)
		height += AXEV__SIGNATURE_HEIGHT;
	return height < AXEV__BODY_HEIGHT - 60 ? height : AXEV__SIGNATURE_HEIGHT;
}

static int first_height(const struct axev__flow *flow, const struct axev__block *block,
			double *ret_height, axev_error *err)
{
	switch (block->kind) {
	case AXEV__BLOCK_TABLE:
		return axev__table_first_height(flow, block->table, ret_height, err);
	case AXEV__BLOCK_IMAGE:
		*ret_height = AXEV__IMAGE_FIRST_HEIGHT;
		return AXEV_OK;
	case AXEV__BLOCK_IDENTITY:
		*ret_height = AXEV__IDENTITY_HEIGHT;
		return AXEV_OK;
	case AXEV__BLOCK_SIGNATURE:
		*ret_height = signatures_height(flow, block);
		return AXEV_OK;
	case AXEV__BLOCK_TEXT:
		*ret_height = 30;
		return AXEV_OK;
	case AXEV__BLOCK_SECTION:
		break;
	}
	*ret_height = 0;
	return AXEV_OK;
}

static int place_text(struct axev__flow *flow, const struct axev__block *block,
		      const struct axev__block *next, axev_error *err)
{
	bool is_heading = block->style == AXEV__STYLE_HEADING;
	double height = 0;
	AXEV__LINES lines = { 0 };

	TRY(axev__lines_set(flow->type, block->style, AXEV__BODY_WIDTH, block->text, &lines, err));
	if (is_heading) {
		if (next)
			TRY(first_height(flow, next, &height, err));
		height += GAP_BEFORE_HEADING + lines.count * lines.pitch + GAP_AFTER_HEADING;
		TRY(axev__flow_need(flow, height, err));
		if (flow->y > AXEV__BODY_TOP)
			flow->y += GAP_BEFORE_HEADING;
	}
	TRY(place_lines(flow, &lines, block->align, err));
	flow->y += is_heading			       ? GAP_AFTER_HEADING :
		   block->style == AXEV__STYLE_TITLE ? GAP_AFTER_TITLE :
						       GAP_AFTER_TEXT;
	return AXEV_OK;
}

static int place(struct axev__flow *flow, size_t index, axev_error *err)
{
	const struct axev__block *block = &flow->document->blocks[index];
	const struct axev__block *next = index + 1 < flow->document->block_count ? block + 1 : NULL;

	switch (block->kind) {
	case AXEV__BLOCK_TEXT:
		return place_text(flow, block, next, err);
	case AXEV__BLOCK_TABLE:
		TRY(axev__place_table(flow, block->table, err));
		flow->y += GAP_AFTER_TABLE;
		return AXEV_OK;
	case AXEV__BLOCK_IDENTITY:
		return axev__place_identity(flow, block, err);
	case AXEV__BLOCK_IMAGE:
		return axev__place_image(flow, block->image, err);
	case AXEV__BLOCK_SIGNATURE:
		return axev__place_signature(flow, block, err);
	case AXEV__BLOCK_SECTION:
		break;
	}
	if (flow->page > 0)
		TRY(end_page(flow, err));
	flow->section = block;
	return begin_page(flow, err);
}

int axev__flow_run(struct axev__flow *flow, axev_error *err)
{
	const struct axev__document *document = flow->document;
	size_t i;

	flow->page = 0;
	flow->section = NULL;
	if (document->block_count == 0 || document->blocks[0].kind != AXEV__BLOCK_SECTION)
		TRY(begin_page(flow, err));
	for (i = 0; i < document->block_count; i++)
		TRY(place(flow, i, err));
	return end_page(flow, err);
}
