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

struct axev__type {
	FcConfig *fonts;
	PangoFontMap *map;
	PangoContext *context;
	PangoFontDescription *faces[AXEV__STYLE_COUNT];
};

/* A missing family is AXEV_E_NOTFOUND and names the Debian package that has it. */
int axev__type_open(struct axev__type *type, const char *lang, axev_error *err);
void axev__type_close(struct axev__type *type);

/* A text broken into lines; all measures in points. */
struct axev__lines {
	PangoLayout *layout;
	enum axev__style style;
	double width, pitch;
	unsigned count;
};
int axev__lines_set(const struct axev__type *type, enum axev__style style, double width,
		    const char *text, struct axev__lines *ret_lines, axev_error *err);
void axev__lines_free(struct axev__lines *lines);
#define AXEV__LINES AXEV__CLEANUP(axev__lines_free) struct axev__lines

/* Draw @count lines from @first on, the first one's top at @y. */
void axev__lines_draw(const struct axev__lines *lines, cairo_t *cr, double x, double y,
		      enum axev__align align, unsigned first, unsigned count);

#endif
