/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A PNG row after row, top to bottom, in memory that does not grow with its height. Only what a screenshot needs:
 * 8 bits a channel, grey, RGB or RGBA, not interlaced. libpng sees IHDR, IDAT and IEND and nothing else.
 */
#ifndef AXEV_IMAGE_PNG_H
#define AXEV_IMAGE_PNG_H

#include "package/container_read.h"

struct axev__png_head {
	uint32_t width, height;
	uint8_t channels; /* 1 grey, 3 RGB, 4 RGBA */
};

struct axev__png;

/* Size and kind are known and limited when this returns; no pixel has been decoded. */
int axev__png_open(const struct axev__source *source, struct axev__png **ret_png, axev_error *err);
void axev__png_close(struct axev__png *png);
static inline void axev__png_closep(struct axev__png **png)
{
	axev__png_close(*png);
}
#define AXEV__PNG AXEV__CLEANUP(axev__png_closep) struct axev__png

const struct axev__png_head *axev__png_head(const struct axev__png *png);

/* The next row: @out has width pixels 0x00RRGGBB. What is transparent lies on white. */
int axev__png_row(struct axev__png *png, uint32_t *out, axev_error *err);

/* After the last row: the file must end properly; gives the SHA-256 of all bytes that were read. */
int axev__png_end(struct axev__png *png, uint8_t ret_sha256[32], axev_error *err);

#endif
