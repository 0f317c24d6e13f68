/* SPDX-License-Identifier: Apache-2.0 */
/* A screenshot for lossless printing: verified before it is parsed, decoded slice by slice while it is drawn. */
#ifndef AXEV_PRINT_IMAGE_H
#define AXEV_PRINT_IMAGE_H

#include <cairo.h>

#include "image/png.h"

#define AXEV__SLICE_REPEAT_ROWS 24 /* pixel rows at the end of a slice that the next one begins with */

struct axev__image;

/*
 * All bytes of @source must have the SHA-256 @sha256 (else AXEV_E_INVALID) before one of them is parsed; then all rows are
 * decoded once, so that what is not a whole PNG is found here.
 */
int axev__image_open(const struct axev__source *source, const uint8_t sha256[32],
		     struct axev__image **ret_image, axev_error *err);
void axev__image_free(struct axev__image *image);
static inline void axev__image_freep(struct axev__image **image)
{
	axev__image_free(*image);
}

const struct axev__png_head *axev__image_head(const struct axev__image *image);
const uint8_t *axev__image_sha256(const struct axev__image *image);

/*
 * Paint rows [@first, @first + @rows) at @x, @y, each pixel @scale points wide and high. From the top downwards: @first
 * is 0, or at most AXEV__SLICE_REPEAT_ROWS before the end of the slice painted last. The last rows are painted only
 * when what was decoded is what was verified.
 */
int axev__image_paint(struct axev__image *image, cairo_t *cr, double x, double y, double scale,
		      uint32_t first, uint32_t rows, axev_error *err);

#endif
