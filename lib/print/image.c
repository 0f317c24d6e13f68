/* SPDX-License-Identifier: Apache-2.0 */
#include "print/image.h"

#include <stdlib.h>
#include <string.h>

#define REPEAT AXEV__SLICE_REPEAT_ROWS

struct axev__image {
	struct axev__source source;
	uint8_t sha256[32];
	struct axev__png_head head;
	struct axev__png *png; /* NULL until rows are painted, and after the last */
	uint32_t next;         /* row that @png decodes next */
	uint32_t *recent;      /* the last rows decoded: row r at r modulo REPEAT */
};

void axev__image_free(struct axev__image *image)
{
	if (!image)
		return;
	axev__png_close(image->png);
	free(image->recent);
	free(image);
}

const struct axev__png_head *axev__image_head(const struct axev__image *image)
{
	return &image->head;
}

const uint8_t *axev__image_sha256(const struct axev__image *image)
{
	return image->sha256;
}

/* ---- opening ---- */

static int hash_source(const struct axev__source *source, uint8_t ret_sha256[32], axev_error *err)
{
	AXEV__HASHER *hasher = NULL;
	AXEV__FREE uint8_t *chunk = malloc(AXEV__COPY_CHUNK);
	struct axev__digests digests;
	uint64_t at = 0;

	if (!chunk)
		return axev__nomem(err);
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	while (at < source->size) {
		uint64_t left = source->size - at;
		size_t part = left < AXEV__COPY_CHUNK ? (size_t)left : AXEV__COPY_CHUNK;

		TRY(axev__source_read(source, at, chunk, part, err));
		TRY(axev__hasher_update(hasher, chunk, part, err));
		at += part;
	}
	TRY(axev__hasher_final(hasher, &digests, err));
	memcpy(ret_sha256, digests.sha256, 32);
	return AXEV_OK;
}

static int differs(axev_error *err)
{
	return axev__fail(err, AXEV_E_INVALID,
			  "expected the SHA-256 that the manifest states, found another");
}

/* Decoded once to its end, so that a broken picture is known before a page is drawn. */
static int check_rows(struct axev__image *image, struct axev__png *png, axev_error *err)
{
	uint8_t found[32];
	uint32_t row;

	for (row = 0; row < image->head.height; row++)
		TRY(axev__png_row(png, image->recent, err));
	TRY(axev__png_end(png, found, err));
	return memcmp(found, image->sha256, sizeof(found)) == 0 ? AXEV_OK : differs(err);
}

static int open_image(struct axev__image *image, axev_error *err)
{
	AXEV__PNG *png = NULL;
	uint8_t found[32];

	TRY(hash_source(&image->source, found, err));
	if (memcmp(found, image->sha256, sizeof(found)) != 0)
		return differs(err);
	TRY(axev__png_open(&image->source, &png, err));
	image->head = *axev__png_head(png);
	image->recent = calloc((size_t)image->head.width * REPEAT, sizeof(*image->recent));
	return image->recent ? check_rows(image, png, err) : axev__nomem(err);
}

int axev__image_open(const struct axev__source *source, const uint8_t sha256[32],
		     struct axev__image **ret_image, axev_error *err)
{
	AXEV__CLEANUP(axev__image_freep) struct axev__image *image = calloc(1, sizeof(*image));

	if (!image)
		return axev__nomem(err);
	image->source = *source;
	memcpy(image->sha256, sha256, sizeof(image->sha256));
	TRY(axev__prefix(open_image(image, err), err, "screenshot"));
	*ret_image = axev__steal(image);
	return AXEV_OK;
}

/* ---- rows ---- */

static int restart(struct axev__image *image, axev_error *err)
{
	axev__png_close(axev__steal(image->png));
	image->next = 0;
	return axev__png_open(&image->source, &image->png, err);
}

/* The file is read a second time here: it must still be the one that was verified. */
static int finish(struct axev__image *image, axev_error *err)
{
	uint8_t found[32];

	TRY(axev__png_end(image->png, found, err));
	axev__png_close(axev__steal(image->png));
	return memcmp(found, image->sha256, sizeof(found)) == 0 ? AXEV_OK : differs(err);
}

static int read_rows(struct axev__image *image, uint32_t first, uint32_t rows, uint8_t *out,
		     size_t stride, axev_error *err)
{
	size_t width = image->head.width;
	uint32_t row;

	if (first == 0)
		TRY(restart(image, err));
	if (!image->png || first > image->next || image->next - first > REPEAT ||
	    rows > image->head.height - first)
		return axev__fail(err, AXEV_E_INTERNAL, "expected the slice after row %u, found %u",
				  image->next, first);
	for (row = first; row < first + rows; row++, out += stride) {
		uint32_t *recent = image->recent + row % REPEAT * width;

		if (row == image->next) {
			TRY(axev__png_row(image->png, recent, err));
			image->next++;
		}
		memcpy(out, recent, width * sizeof(*recent));
	}
	return image->next == image->head.height ? finish(image, err) : AXEV_OK;
}

static void fill(cairo_t *cr, cairo_surface_t *slice, double x, double y, double scale)
{
	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_scale(cr, scale, scale);
	cairo_set_source_surface(cr, slice, 0, 0);
	cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
	cairo_rectangle(cr, 0, 0, cairo_image_surface_get_width(slice),
			cairo_image_surface_get_height(slice));
	cairo_fill(cr);
	cairo_restore(cr);
}

static void free_surface(cairo_surface_t **surface)
{
	cairo_surface_destroy(*surface);
}

int axev__image_paint(struct axev__image *image, cairo_t *cr, double x, double y, double scale,
		      uint32_t first, uint32_t rows, axev_error *err)
{
	/* RGB24 is 32 bits a pixel in the machine's own order, the upper 8 unused: rows of uint32_t. */
	AXEV__CLEANUP(free_surface) cairo_surface_t *slice = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, (int)image->head.width, (int)rows);

	if (cairo_surface_status(slice) != CAIRO_STATUS_SUCCESS)
		return axev__nomem(err);
	cairo_surface_flush(slice);
	TRY(axev__prefix(read_rows(image, first, rows, cairo_image_surface_get_data(slice),
				   (size_t)cairo_image_surface_get_stride(slice), err),
			 err, "screenshot"));
	cairo_surface_mark_dirty(slice);
	fill(cr, slice, x, y, scale);
	if (cairo_status(cr) != CAIRO_STATUS_SUCCESS)
		return axev__fail(err, AXEV_E_INTERNAL, "drawing failed: %s",
				  cairo_status_to_string(cairo_status(cr)));
	return AXEV_OK;
}
