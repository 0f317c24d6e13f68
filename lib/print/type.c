/* SPDX-License-Identifier: Apache-2.0 */
#include "print/type.h"

#include <pango/pangofc-fontmap.h>

#define SANS "DejaVu Sans, Noto Sans CJK SC" /* Latin first: half the size of one mixed CJK subset */
#define MONO "DejaVu Sans Mono, Noto Sans CJK SC"

static const struct {
	const char *families;
	bool is_bold;
	double size, pitch, grey;
} looks[AXEV__STYLE_COUNT] = {
	[AXEV__STYLE_BODY] = { SANS, false, 9.5, 15, 0 },
	[AXEV__STYLE_STRONG] = { SANS, true, 9.5, 15, 0 },
	[AXEV__STYLE_LABEL] = { SANS, false, 9.5, 15, 0.2 },
	[AXEV__STYLE_SMALL] = { SANS, false, 8, 12.5, 0 },
	[AXEV__STYLE_NOTE] = { SANS, false, 8, 12.5, 0.38 },
	[AXEV__STYLE_MONO] = { MONO, false, 8, 12.5, 0 },
	[AXEV__STYLE_TITLE] = { SANS, true, 19, 30, 0 },
	[AXEV__STYLE_HEADING] = { SANS, true, 11.5, 18, 0 },
	[AXEV__STYLE_VERDICT] = { SANS, true, 15, 26, 0 },
};

/*
 * Only these files exist for a print, so no other font and no user rule can change it. By file name, because
 * families are known only after a file was accepted.
 */
static const char configuration[] =
	"<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig>"
	"<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir>"
	"<cachedir>/var/cache/fontconfig</cachedir>"
	"<selectfont><rejectfont><glob>*.*</glob></rejectfont><acceptfont>"
	"<glob>*/DejaVuSans.ttf</glob><glob>*/DejaVuSans-Bold.ttf</glob>"
	"<glob>*/DejaVuSansMono.ttf</glob>"
	"<glob>*/NotoSansCJK-Regular.ttc</glob><glob>*/NotoSansCJK-Bold.ttc</glob>"
	"</acceptfont></selectfont></fontconfig>";

static const struct {
	const char *family;
	int weight;
	const char *package;
} needed[] = {
	{ "DejaVu Sans", FC_WEIGHT_REGULAR, "fonts-dejavu-core" },
	{ "DejaVu Sans", FC_WEIGHT_BOLD, "fonts-dejavu-core" },
	{ "DejaVu Sans Mono", FC_WEIGHT_REGULAR, "fonts-dejavu-core" },
	{ "Noto Sans CJK SC", FC_WEIGHT_REGULAR, "fonts-noto-cjk" },
	{ "Noto Sans CJK SC", FC_WEIGHT_BOLD, "fonts-noto-cjk" },
};

static bool has_font(FcConfig *fonts, const char *family, int weight)
{
	FcFontSet *set = FcConfigGetFonts(fonts, FcSetSystem);
	FcChar8 *found;
	int i, k, found_weight;

	for (i = 0; set && i < set->nfont; i++) {
		if (FcPatternGetInteger(set->fonts[i], FC_WEIGHT, 0, &found_weight) != FcResultMatch ||
		    found_weight != weight)
			continue;
		for (k = 0; FcPatternGetString(set->fonts[i], FC_FAMILY, k, &found) == FcResultMatch;
		     k++)
			if (strcmp((const char *)found, family) == 0)
				return true;
	}
	return false;
}

static int load_fonts(struct axev__type *type, axev_error *err)
{
	size_t i;

	type->fonts = FcConfigCreate();
	if (!type->fonts ||
	    !FcConfigParseAndLoadFromMemory(type->fonts, (const FcChar8 *)configuration, FcTrue) ||
	    !FcConfigBuildFonts(type->fonts))
		return axev__nomem(err);
	for (i = 0; i < AXEV__COUNT(needed); i++)
		if (!has_font(type->fonts, needed[i].family, needed[i].weight))
			return axev__fail(err, AXEV_E_NOTFOUND,
					  "font %s%s not found in /usr/share/fonts: install the Debian "
					  "package %s",
					  needed[i].family,
					  needed[i].weight == FC_WEIGHT_BOLD ? " Bold" : "",
					  needed[i].package);
	return AXEV_OK;
}

/* Widths as the outlines have them: no hinting, no rounding, so that they are the same everywhere. */
static void set_options(struct axev__type *type, const char *lang)
{
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(type->context, options);
	cairo_font_options_destroy(options);
	pango_context_set_round_glyph_positions(type->context, FALSE);
	pango_context_set_language(type->context, pango_language_from_string(lang));
	pango_context_set_base_dir(type->context, PANGO_DIRECTION_LTR);
}

int axev__type_open(struct axev__type *type, const char *lang, axev_error *err)
{
	size_t i;

	TRY(load_fonts(type, err));
	type->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	if (!type->map)
		return axev__fail(err, AXEV_E_UNSUPPORTED, "this cairo has no FreeType fonts");
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(type->map), type->fonts);
	pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(type->map), 72);
	type->context = pango_font_map_create_context(type->map);
	set_options(type, lang);
	for (i = 0; i < AXEV__STYLE_COUNT; i++) {
		PangoFontDescription *face = pango_font_description_new();

		pango_font_description_set_family_static(face, looks[i].families);
		pango_font_description_set_weight(face, looks[i].is_bold ? PANGO_WEIGHT_BOLD :
									   PANGO_WEIGHT_NORMAL);
		pango_font_description_set_size(face, (int)(looks[i].size * PANGO_SCALE));
		type->faces[i] = face;
	}
	return AXEV_OK;
}

void axev__type_close(struct axev__type *type)
{
	size_t i;

	axev__outlines_free(type);
	for (i = 0; i < AXEV__STYLE_COUNT; i++)
		if (type->faces[i])
			pango_font_description_free(type->faces[i]);
	if (type->context)
		g_object_unref(type->context);
	if (type->map) {
		/* pango 1.50 does not drop its reference when the map goes: a whole configuration a print. */
		pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(type->map), NULL);
		pango_fc_font_map_shutdown(PANGO_FC_FONT_MAP(type->map));
		g_object_unref(type->map);
	}
	if (type->fonts)
		FcConfigDestroy(type->fonts);
	memset(type, 0, sizeof(*type));
}

int axev__lines_set(struct axev__type *type, enum axev__style style, double width,
		    const char *text, struct axev__lines *ret_lines, axev_error *err)
{
	PangoAttrList *attributes = pango_attr_list_new();
	PangoLayout *layout = pango_layout_new(type->context);

	if (!layout) {
		pango_attr_list_unref(attributes);
		return axev__nomem(err);
	}
	/* A hyphen painted where a digest breaks would be read as part of it. */
	pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
	pango_layout_set_font_description(layout, type->faces[style]);
	pango_layout_set_auto_dir(layout, FALSE);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_text(layout, text, -1);
	*ret_lines = (struct axev__lines){
		.type = type,
		.layout = layout,
		.style = style,
		.width = width,
		.pitch = looks[style].pitch,
		.count = (unsigned)pango_layout_get_line_count(layout),
	};
	return AXEV_OK;
}

void axev__lines_free(struct axev__lines *lines)
{
	if (lines->layout)
		g_object_unref(lines->layout);
	lines->layout = NULL;
}

static double start_of(const struct axev__lines *lines, PangoLayoutLine *line, enum axev__align align)
{
	PangoRectangle logical;
	double free_width;

	pango_layout_line_get_extents(line, NULL, &logical);
	free_width = lines->width - (double)logical.width / PANGO_SCALE;
	if (align == AXEV__LEFT || free_width < 0)
		return 0;
	return align == AXEV__RIGHT ? free_width : free_width / 2;
}

void axev__lines_draw(const struct axev__lines *lines, cairo_t *cr, double x, double y,
		      enum axev__align align, unsigned first, unsigned count)
{
	double size = looks[lines->style].size, grey = looks[lines->style].grey;
	/* The middle of a Han character lies 0.37 em over the baseline: it stands in the middle of its line. */
	double baseline = y + lines->pitch / 2 + 0.37 * size;
	unsigned i;

	/* Marks stacked on a letter, or one wide character, must not reach into what stands beside. */
	cairo_save(cr);
	cairo_rectangle(cr, x - 1, y, lines->width + 2, lines->pitch * count);
	cairo_clip(cr);
	cairo_set_source_rgb(cr, grey, grey, grey);
	for (i = first; i < lines->count && i - first < count; i++) {
		PangoLayoutLine *line = pango_layout_get_line_readonly(lines->layout, (int)i);

		cairo_move_to(cr, x + start_of(lines, line, align), baseline);
		axev__show_line(lines->type, cr, pango_layout_get_text(lines->layout), line);
		baseline += lines->pitch;
	}
	cairo_restore(cr);
}
