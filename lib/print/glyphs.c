/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Glyphs of CFF fonts into the PDF, whole.
 *
 * The CFF subsetter of cairo 1.16 leaves out subroutines that some glyphs call: U+5982 of Noto Sans CJK prints as
 * a blank, while its text can still be copied. A face that is marked as synthesised does not go through that
 * subsetter: cairo writes its outlines out instead, as CFF again, smaller and right. No bit of the two that are
 * defined is set, so nothing is emboldened or slanted.
 */
#include <cairo-ft.h>
#include <pango/pangofc-font.h>

#include "print/type.h"

#define SYNTHESISED_BUT_NOT_CHANGED 4
#define MAX_RUN_GLYPHS 4096

/* The face of a font file, whatever the size: all its glyphs share one subset. NULL: pango's own is good. */
static cairo_font_face_t *outline_face(const struct axev__type *type, PangoFont *font)
{
	FcPattern *pattern = pango_fc_font_get_pattern(PANGO_FC_FONT(font)), *bare;
	cairo_font_face_t *face;
	FcChar8 *format, *file;
	int number;
	size_t i;

	if (FcPatternGetString(pattern, FC_FONTFORMAT, 0, &format) != FcResultMatch ||
	    strcmp((const char *)format, "CFF") != 0 ||
	    FcPatternGetString(pattern, FC_FILE, 0, &file) != FcResultMatch ||
	    FcPatternGetInteger(pattern, FC_INDEX, 0, &number) != FcResultMatch)
		return NULL;
	for (i = 0; i < type->outline_count; i++)
		if (type->outlines[i].face && type->outlines[i].number == number &&
		    strcmp(type->outlines[i].file, (const char *)file) == 0)
			return cairo_font_face_reference(type->outlines[i].face);
	bare = FcPatternBuild(NULL, FC_FILE, FcTypeString, file, FC_INDEX, FcTypeInteger, number, NULL);
	if (!bare)
		return NULL;
	face = cairo_ft_font_face_create_for_pattern(bare);
	FcPatternDestroy(bare);
	cairo_ft_font_face_set_synthesize(face, SYNTHESISED_BUT_NOT_CHANGED);
	return face;
}

static void note_file(struct axev__outline_face *outline)
{
	FcPattern *pattern = pango_fc_font_get_pattern(PANGO_FC_FONT(outline->font));
	FcChar8 *file = NULL;

	FcPatternGetString(pattern, FC_FILE, 0, &file);
	FcPatternGetInteger(pattern, FC_INDEX, 0, &outline->number);
	outline->file = (const char *)file; /* lives as long as the font */
}

static cairo_font_face_t *find_face(struct axev__type *type, PangoFont *font)
{
	struct axev__outline_face *outline;
	size_t i;

	for (i = 0; i < type->outline_count; i++)
		if (type->outlines[i].font == font)
			return type->outlines[i].face;
	if (type->outline_count == AXEV__MAX_OUTLINE_FACES)
		return NULL;
	outline = &type->outlines[type->outline_count];
	*outline = (struct axev__outline_face){ .font = g_object_ref(font) };
	outline->face = outline_face(type, font);
	if (outline->face)
		note_file(outline);
	type->outline_count++;
	return outline->face;
}

void axev__outlines_free(struct axev__type *type)
{
	size_t i;

	for (i = 0; i < type->outline_count; i++) {
		g_object_unref(type->outlines[i].font);
		if (type->outlines[i].face)
			cairo_font_face_destroy(type->outlines[i].face);
	}
	type->outline_count = 0;
}

struct run {
	cairo_glyph_t glyphs[MAX_RUN_GLYPHS];
	cairo_text_cluster_t clusters[MAX_RUN_GLYPHS];
	int glyph_count, cluster_count;
};

/* false: something in it is beyond this simple reading, and pango shall show it. */
static bool read_run(PangoGlyphItem *item, const char *text, double x, double y, struct run *run)
{
	const PangoGlyphString *string = item->glyphs;
	PangoGlyphItemIter iter;
	gboolean more;
	int i;

	if (item->item->analysis.level % 2 != 0 || string->num_glyphs > MAX_RUN_GLYPHS)
		return false;
	run->glyph_count = run->cluster_count = 0;
	for (more = pango_glyph_item_iter_init_start(&iter, item, text); more;
	     more = pango_glyph_item_iter_next_cluster(&iter)) {
		int before = run->glyph_count;

		if (run->cluster_count == MAX_RUN_GLYPHS)
			return false;
		for (i = iter.start_glyph; i < iter.end_glyph; i++) {
			const PangoGlyphInfo *info = &string->glyphs[i];

			if (info->glyph & PANGO_GLYPH_UNKNOWN_FLAG && info->glyph != PANGO_GLYPH_EMPTY)
				return false;
			if (info->glyph != PANGO_GLYPH_EMPTY)
				run->glyphs[run->glyph_count++] = (cairo_glyph_t){
					info->glyph,
					x + (double)info->geometry.x_offset / PANGO_SCALE,
					y + (double)info->geometry.y_offset / PANGO_SCALE,
				};
			x += (double)info->geometry.width / PANGO_SCALE;
		}
		run->clusters[run->cluster_count++] = (cairo_text_cluster_t){
			iter.end_index - iter.start_index,
			run->glyph_count - before,
		};
	}
	return true;
}

static void show_run(cairo_t *cr, cairo_font_face_t *face, PangoFont *font, const PangoItem *item,
		     const char *text, const struct run *run)
{
	cairo_scaled_font_t *scaled = pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font));
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_matrix_t size;

	cairo_scaled_font_get_font_matrix(scaled, &size);
	cairo_scaled_font_get_font_options(scaled, options);
	cairo_set_font_face(cr, face);
	cairo_set_font_matrix(cr, &size);
	cairo_set_font_options(cr, options);
	cairo_font_options_destroy(options);
	cairo_show_text_glyphs(cr, text + item->offset, item->length, run->glyphs, run->glyph_count,
			       run->clusters, run->cluster_count, 0);
}

void axev__show_line(struct axev__type *type, cairo_t *cr, const char *text, PangoLayoutLine *line)
{
	double x, y;
	GSList *each;

	cairo_get_current_point(cr, &x, &y);
	for (each = line->runs; each; each = each->next) {
		PangoGlyphItem *item = each->data;
		PangoFont *font = item->item->analysis.font;
		cairo_font_face_t *face = find_face(type, font);
		struct run run;

		if (face && read_run(item, text, x, y, &run)) {
			show_run(cr, face, font, item->item, text, &run);
		} else {
			cairo_move_to(cr, x, y);
			pango_cairo_show_glyph_item(cr, text, item);
		}
		x += (double)pango_glyph_string_get_width(item->glyphs) / PANGO_SCALE;
	}
}
