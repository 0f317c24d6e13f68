/* SPDX-License-Identifier: Apache-2.0 */
/* Ruled tables: heads repeated on each page, rows kept whole unless one is taller than a page. */
#include "print/page.h"

#define PAD_X 5.0
#define PAD_Y 2.5
#define INDENT 11.0
#define SHADE 0.925

/* One row with its texts broken into lines. */
struct set_row {
	const struct axev__row *row;
	const struct axev__cell *cells;
	double x[AXEV__MAX_PRINT_COLUMNS], width[AXEV__MAX_PRINT_COLUMNS];
	struct axev__lines lines[AXEV__MAX_PRINT_COLUMNS];
	unsigned done[AXEV__MAX_PRINT_COLUMNS]; /* lines drawn already */
	size_t count;
	double height;
};

static void set_row_free(struct set_row *set)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		axev__lines_free(&set->lines[i]);
	set->count = 0;
}
#define SET_ROW AXEV__CLEANUP(set_row_free) struct set_row

static double span_width(const struct axev__table *table, size_t column, size_t span)
{
	double all = 0, wanted = 0;
	size_t i;

	for (i = 0; i < table->column_count; i++) {
		all += table->weights[i];
		if (i >= column && i < column + span)
			wanted += table->weights[i];
	}
	return AXEV__BODY_WIDTH * wanted / all;
}

static int set_row(const struct axev__flow *flow, const struct axev__table *table, size_t index,
		   struct set_row *set, axev_error *err)
{
	const struct axev__row *row = &table->rows[index];
	double x = AXEV__BODY_LEFT;
	size_t column = 0, i;

	*set = (struct set_row){ .row = row, .cells = table->cells + row->first_cell };
	for (i = 0; i < row->cell_count; i++) {
		const struct axev__cell *cell = &set->cells[i];
		double inner, height;

		if (column + cell->span > table->column_count)
			return axev__fail(err, AXEV_E_INTERNAL, "a row is wider than its table");
		set->x[i] = x;
		set->width[i] = span_width(table, column, cell->span);
		inner = set->width[i] - 2 * PAD_X - cell->indent * INDENT;
		TRY(axev__lines_set(flow->type, cell->style, inner > 20 ? inner : 20, cell->text,
				    &set->lines[i], err));
		set->count = i + 1;
		height = set->lines[i].count * set->lines[i].pitch + 2 * PAD_Y;
		if (height > set->height)
			set->height = height;
		x += set->width[i];
		column += cell->span;
	}
	return AXEV_OK;
}

static void draw_box(cairo_t *cr, double x, double y, double width, double height, bool is_shaded)
{
	cairo_rectangle(cr, x, y, width, height);
	if (is_shaded) {
		cairo_set_source_rgb(cr, SHADE, SHADE, SHADE);
		cairo_fill_preserve(cr);
	}
	cairo_set_source_rgb(cr, 0, 0, 0);
	cairo_set_line_width(cr, 0.5);
	cairo_stroke(cr);
}

/* Draw what fits into @height, and remember how far each cell got. */
static bool draw_row(struct axev__flow *flow, struct set_row *set, double height)
{
	bool is_done = true;
	size_t i;

	for (i = 0; i < set->count; i++) {
		const struct axev__cell *cell = &set->cells[i];
		struct axev__lines *lines = &set->lines[i];
		unsigned left = lines->count - set->done[i];
		unsigned fit = (unsigned)((height - 2 * PAD_Y + 0.01) / lines->pitch);
		double x = set->x[i] + PAD_X + cell->indent * INDENT;
		double top = flow->y + PAD_Y;

		if (fit > left)
			fit = left;
		if (fit == lines->count)
			top = flow->y + (height - fit * lines->pitch) / 2;
		if (flow->cr) {
			draw_box(flow->cr, set->x[i], flow->y, set->width[i], height,
				 cell->is_shaded || set->row->flags & AXEV__ROW_HEAD);
			axev__lines_draw(lines, flow->cr, x, top, cell->align, set->done[i], fit);
		}
		set->done[i] += fit;
		is_done = is_done && set->done[i] >= lines->count;
	}
	flow->y += height;
	return is_done;
}

static int row_height(const struct axev__flow *flow, const struct axev__table *table, size_t index,
		      double *ret_height, axev_error *err)
{
	SET_ROW set = { 0 };

	TRY(set_row(flow, table, index, &set, err));
	*ret_height = set.height;
	return AXEV_OK;
}

static size_t head_count(const struct axev__table *table)
{
	size_t count = 0;

	while (count < table->row_count && table->rows[count].flags & AXEV__ROW_HEAD)
		count++;
	return count;
}

static int heads_height(const struct axev__flow *flow, const struct axev__table *table,
			double *ret_height, axev_error *err)
{
	size_t heads = head_count(table), i;
	double one;

	*ret_height = 0;
	for (i = 0; i < heads; i++) {
		TRY(row_height(flow, table, i, &one, err));
		*ret_height += one;
	}
	return AXEV_OK;
}

/* A row, with the rows that must not leave it: an object and what is noted about it. */
static int group_height(const struct axev__flow *flow, const struct axev__table *table, size_t index,
			double *ret_height, axev_error *err)
{
	double one;

	*ret_height = 0;
	for (; index < table->row_count; index++) {
		TRY(row_height(flow, table, index, &one, err));
		*ret_height += one;
		if (!(table->rows[index].flags & AXEV__ROW_KEEP))
			break;
	}
	return AXEV_OK;
}

int axev__table_first_height(const struct axev__flow *flow, const struct axev__table *table,
			     double *ret_height, axev_error *err)
{
	double heads, group;

	TRY(heads_height(flow, table, &heads, err));
	TRY(group_height(flow, table, head_count(table), &group, err));
	*ret_height = heads + group > AXEV__BODY_HEIGHT ? heads + 40 : heads + group;
	return AXEV_OK;
}

static int draw_heads(struct axev__flow *flow, const struct axev__table *table, axev_error *err)
{
	size_t heads = head_count(table), i;

	for (i = 0; i < heads; i++) {
		SET_ROW set = { 0 };

		TRY(set_row(flow, table, i, &set, err));
		draw_row(flow, &set, set.height);
	}
	return AXEV_OK;
}

static int next_page(struct axev__flow *flow, const struct axev__table *table, axev_error *err)
{
	TRY(axev__flow_break(flow, err));
	return draw_heads(flow, table, err);
}

/* A row taller than any page goes on over as many as it takes. */
static int draw_long_row(struct axev__flow *flow, const struct axev__table *table,
			 struct set_row *set, axev_error *err)
{
	if (axev__flow_room(flow) < 60)
		TRY(next_page(flow, table, err));
	for (;;) {
		double left = 0;
		size_t i;

		for (i = 0; i < set->count; i++) {
			double cell = (set->lines[i].count - set->done[i]) * set->lines[i].pitch;

			left = cell > left ? cell : left;
		}
		left += 2 * PAD_Y;
		if (left > axev__flow_room(flow))
			left = axev__flow_room(flow);
		if (draw_row(flow, set, left))
			return AXEV_OK;
		TRY(next_page(flow, table, err));
	}
}

static int place_row(struct axev__flow *flow, const struct axev__table *table, size_t index,
		     double heads, axev_error *err)
{
	SET_ROW set = { 0 };
	double needed;

	TRY(set_row(flow, table, index, &set, err));
	needed = set.height;
	if (set.row->flags & AXEV__ROW_KEEP)
		TRY(group_height(flow, table, index, &needed, err));
	if (set.height > AXEV__BODY_HEIGHT - heads)
		return draw_long_row(flow, table, &set, err);
	if (needed > axev__flow_room(flow) && flow->y > AXEV__BODY_TOP + heads)
		TRY(next_page(flow, table, err));
	draw_row(flow, &set, set.height);
	return AXEV_OK;
}

int axev__place_table(struct axev__flow *flow, const struct axev__table *table, axev_error *err)
{
	double first, heads;
	size_t i;

	if (table->row_count == 0)
		return AXEV_OK;
	TRY(axev__table_first_height(flow, table, &first, err));
	TRY(heads_height(flow, table, &heads, err));
	if (heads > AXEV__BODY_HEIGHT / 2)
		return axev__fail(err, AXEV_E_INTERNAL, "the head of a table is too tall");
	TRY(axev__flow_need(flow, first, err));
	TRY(draw_heads(flow, table, err));
	for (i = head_count(table); i < table->row_count; i++)
		TRY(place_row(flow, table, i, heads, err));
	return AXEV_OK;
}
