/* SPDX-License-Identifier: Apache-2.0 */
/* Screenshots: rows straight from the decoder, and the same rows through slices. */
#include <string.h>

#include "crypto/digest.h"
#include "print/image.h"

#define MAX_ROWS 4096 /* of one input: a few bytes can stand for a large image */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t fold(uint64_t state, const uint32_t *row, uint32_t width)
{
	uint32_t i;

	for (i = 0; i < width; i++)
		state = (state ^ (row[i] & 0xFFFFFF)) * UINT64_C(0x100000001B3);
	return state;
}

/* false: not a whole image. */
static bool read_rows(const struct axev__source *source, uint64_t *ret_sum)
{
	static uint32_t row[AXEV__MAX_PNG_WIDTH];
	AXEV__PNG *png = NULL;
	uint8_t sha256[32];
	uint32_t i;

	if (axev__png_open(source, &png, NULL) < 0 || axev__png_head(png)->height > MAX_ROWS)
		return false;
	for (*ret_sum = 0, i = 0; i < axev__png_head(png)->height; i++) {
		if (axev__png_row(png, row, NULL) < 0)
			return false;
		*ret_sum = fold(*ret_sum, row, axev__png_head(png)->width);
	}
	return axev__png_end(png, sha256, NULL) == AXEV_OK;
}

/* Slices of @step rows with the repeat, painted one under the other; the rows of @canvas again. */
static uint64_t paint_slices(struct axev__image *image, uint32_t step)
{
	const struct axev__png_head *head = axev__image_head(image);
	cairo_surface_t *canvas = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)head->width,
							     (int)head->height);
	cairo_t *cr = cairo_create(canvas);
	uint64_t sum = 0;
	uint32_t first = 0, rows, i;

	for (;; first += rows - AXEV__SLICE_REPEAT_ROWS) {
		rows = head->height - first < step ? head->height - first : step;
		if (axev__image_paint(image, cr, 0, first, 1, first, rows, NULL) < 0)
			__builtin_trap();
		if (first + rows == head->height)
			break;
	}
	cairo_surface_flush(canvas);
	for (i = 0; i < head->height; i++)
		sum = fold(sum,
			   (const uint32_t *)(const void *)(cairo_image_surface_get_data(canvas) +
							    (size_t)cairo_image_surface_get_stride(canvas) *
								    i),
			   head->width);
	cairo_destroy(cr);
	cairo_surface_destroy(canvas);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct axev__source source = axev__source_memory(axev__span(data, size));
	AXEV__CLEANUP(axev__image_freep) struct axev__image *image = NULL;
	uint8_t sha256[32];
	uint64_t sum;

	if (!read_rows(&source, &sum))
		return 0;
	if (axev__sha256(data, size, sha256, NULL) < 0 ||
	    axev__image_open(&source, sha256, &image, NULL) < 0)
		__builtin_trap();
	if (axev__image_head(image)->width * (uint64_t)axev__image_head(image)->height > 1 << 20)
		return 0;
	if (paint_slices(image, 25) != sum || paint_slices(image, 300) != sum)
		__builtin_trap();
	return 0;
}
