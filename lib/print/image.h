/* SPDX-License-Identifier: Apache-2.0 */
/* A PNG as pixels, for lossless printing. Its size is known and limited before any pixel is decoded. */
#ifndef AXEV_PRINT_IMAGE_H
#define AXEV_PRINT_IMAGE_H

#include <cairo.h>

#include "base/error.h"
#include "base/span.h"

#define AXEV__MAX_PNG_WIDTH 8192
#define AXEV__MAX_PNG_HEIGHT 32767    /* what cairo holds in one image surface */
#define AXEV__MAX_PNG_PIXELS 100000000 /* 400 MB decoded */

/* Up to @size bytes of the PNG; *ret_got 0 at its end. Negative: a status, the error is the reader's. */
struct axev__png_source {
	int (*read)(void *payload, uint8_t *out, size_t size, size_t *ret_got);
	void *payload;
};

struct axev__image;

int axev__image_read(const struct axev__png_source *source, struct axev__image **ret_image,
		     axev_error *err);
void axev__image_free(struct axev__image *image);
static inline void axev__image_freep(struct axev__image **image)
{
	axev__image_free(*image);
}

uint32_t axev__image_width(const struct axev__image *image);
uint32_t axev__image_height(const struct axev__image *image);

/* Paint rows [@first, @first + @rows) at @x, @y, each pixel @scale points wide and high. */
int axev__image_paint(const struct axev__image *image, cairo_t *cr, double x, double y, double scale,
		      uint32_t first, uint32_t rows, axev_error *err);

#endif
