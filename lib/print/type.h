/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text set in lines of even pitch, in fixed font families from a private font configuration: neither the host's
 * fonts.conf nor its locale nor its home directory has a say.
 */
#ifndef AXEV_PRINT_TYPE_H
#define AXEV_PRINT_TYPE_H

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>

#include "print/document.h"

#define AXEV__MAX_OUTLINE_FACES 32

/* A font of pango's, and cairo's face for it that is embedded glyph by glyph (glyphs.c). */
struct axev__outline_face {
	PangoFont *font;
	cairo_font_face_t *face; /* NULL: pango's own is good */
	const char *file;
	int number; /* of the font in its file */
};

struct axev__type {
	FcConfig *fonts;
	PangoFontMap *map;
	PangoContext *context;
	PangoFontDescription *faces[AXEV__STYLE_COUNT];
	struct axev__outline_face outlines[AXEV__MAX_OUTLINE_FACES];
	size_t outline_count;
};

/* A missing family is AXEV_E_NOTFOUND and names the Debian package that has it. */
int axev__type_open(struct axev__type *type, const char *lang, axev_error *err);
void axev__type_close(struct axev__type *type);

/* Show @line at the current point. */
void axev__show_line(struct axev__type *type, cairo_t *cr, const char *text, PangoLayoutLine *line);
void axev__outlines_free(struct axev__type *type);

/* A text broken into lines; all measures in points. */
struct axev__lines {
	struct axev__type *type;
	PangoLayout *layout;
	enum axev__style style;
	double width, pitch;
	unsigned count;
};
int axev__lines_set(struct axev__type *type, enum axev__style style, double width,
		    const char *text, struct axev__lines *ret_lines, axev_error *err);
void axev__lines_free(struct axev__lines *lines);
#define AXEV__LINES AXEV__CLEANUP(axev__lines_free) struct axev__lines

/* Draw @count lines from @first on, the first one's top at @y. */
void axev__lines_draw(const struct axev__lines *lines, cairo_t *cr, double x, double y,
		      enum axev__align align, unsigned first, unsigned count);

#endif
