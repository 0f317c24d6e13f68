/* SPDX-License-Identifier: Apache-2.0 */
#include "print/image.h"

#include <stdlib.h>
#include <string.h>

#define SIGNATURE_AND_IHDR 33 /* PNG 5.2 and 11.2.2: signature, length, "IHDR", 13 bytes, CRC */

struct axev__image {
	cairo_surface_t *surface;
	uint32_t width, height;
};

struct reader {
	const struct axev__png_source *source;
	uint8_t head[SIGNATURE_AND_IHDR];
	size_t head_used;
	int status; /* of the source, when it failed */
};

void axev__image_free(struct axev__image *image)
{
	if (!image)
		return;
	if (image->surface)
		cairo_surface_destroy(image->surface);
	free(image);
}

uint32_t axev__image_width(const struct axev__image *image)
{
	return image->width;
}

uint32_t axev__image_height(const struct axev__image *image)
{
	return image->height;
}

static int read_full(struct reader *reader, uint8_t *out, size_t size)
{
	size_t got = 0, done = 0;

	while (done < size) {
		reader->status = reader->source->read(reader->source->payload, out + done, size - done,
						      &got);
		if (reader->status < 0)
			return reader->status;
		if (got == 0 || got > size - done)
			return AXEV_E_FORMAT;
		done += got;
	}
	return AXEV_OK;
}

/* The limits hold before the decoder sees a byte: it allocates what IHDR asks for. */
static int read_head(struct reader *reader, struct axev__image *image, axev_error *err)
{
	static const uint8_t start[16] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n',
					   0,    0,   0,   13,  'I',  'H',  'D',  'R' };

	if (read_full(reader, reader->head, sizeof(reader->head)) < 0)
		return reader->status < 0 ?
			       axev__fail(err, reader->status, "the screenshot cannot be read") :
			       axev__fail(err, AXEV_E_FORMAT, "expected a PNG, found its end");
	if (memcmp(reader->head, start, sizeof(start)) != 0)
		return axev__fail_at(err, AXEV_E_FORMAT, 0, "expected a PNG");
	image->width = axev__get_u32be(reader->head + 16);
	image->height = axev__get_u32be(reader->head + 20);
	if (image->width == 0 || image->height == 0)
		return axev__fail_at(err, AXEV_E_FORMAT, 16, "expected a PNG with pixels, found none");
	if (image->width > AXEV__MAX_PNG_WIDTH || image->height > AXEV__MAX_PNG_HEIGHT ||
	    (uint64_t)image->width * image->height > AXEV__MAX_PNG_PIXELS)
		return axev__fail_at(err, AXEV_E_LIMIT, 16,
				     "expected at most %d x %d and %d pixels, found %u x %u",
				     AXEV__MAX_PNG_WIDTH, AXEV__MAX_PNG_HEIGHT, AXEV__MAX_PNG_PIXELS,
				     image->width, image->height);
	return AXEV_OK;
}

static cairo_status_t feed(void *payload, unsigned char *out, unsigned int size)
{
	struct reader *reader = payload;
	size_t from_head = sizeof(reader->head) - reader->head_used;

	if (from_head > size)
		from_head = size;
	memcpy(out, reader->head + reader->head_used, from_head);
	reader->head_used += from_head;
	if (read_full(reader, out + from_head, size - from_head) < 0)
		return CAIRO_STATUS_READ_ERROR;
	return CAIRO_STATUS_SUCCESS;
}

static int decode(struct reader *reader, struct axev__image *image, axev_error *err)
{
	cairo_status_t status;

	image->surface = cairo_image_surface_create_from_png_stream(feed, reader);
	status = cairo_surface_status(image->surface);
	if (status == CAIRO_STATUS_NO_MEMORY && reader->status >= 0)
		return axev__fail(err, AXEV_E_NOMEM, "out of memory for %u x %u pixels",
				  image->width, image->height);
	if (reader->status < 0)
		return axev__fail(err, reader->status, "the screenshot cannot be read");
	if (status != CAIRO_STATUS_SUCCESS)
		return axev__fail(err, AXEV_E_FORMAT, "expected a whole PNG: %s",
				  cairo_status_to_string(status));
	if (cairo_image_surface_get_format(image->surface) != CAIRO_FORMAT_RGB24 &&
	    cairo_image_surface_get_format(image->surface) != CAIRO_FORMAT_ARGB32)
		return axev__fail(err, AXEV_E_UNSUPPORTED, "expected a PNG of 8 bits a channel");
	return AXEV_OK;
}

int axev__image_read(const struct axev__png_source *source, struct axev__image **ret_image,
		     axev_error *err)
{
	AXEV__CLEANUP(axev__image_freep) struct axev__image *image = calloc(1, sizeof(*image));
	struct reader reader = { .source = source };

	if (!image)
		return axev__nomem(err);
	TRY(axev__prefix(read_head(&reader, image, err), err, "screenshot"));
	TRY(axev__prefix(decode(&reader, image, err), err, "screenshot"));
	*ret_image = axev__steal(image);
	return AXEV_OK;
}

int axev__image_paint(const struct axev__image *image, cairo_t *cr, double x, double y, double scale,
		      uint32_t first, uint32_t rows, axev_error *err)
{
	int stride = cairo_image_surface_get_stride(image->surface);
	unsigned char *data = cairo_image_surface_get_data(image->surface);
	cairo_surface_t *slice;

	/* A surface of its own for each slice: one clipped image would be decoded whole on every page. */
	slice = cairo_image_surface_create_for_data(data + (size_t)stride * first,
						    cairo_image_surface_get_format(image->surface),
						    (int)image->width, (int)rows, stride);
	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_scale(cr, scale, scale);
	cairo_set_source_surface(cr, slice, 0, 0);
	cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
	cairo_rectangle(cr, 0, 0, image->width, rows);
	cairo_fill(cr);
	cairo_restore(cr);
	cairo_surface_destroy(slice);
	if (cairo_status(cr) != CAIRO_STATUS_SUCCESS)
		return axev__fail(err, AXEV_E_INTERNAL, "drawing failed: %s",
				  cairo_status_to_string(cairo_status(cr)));
	return AXEV_OK;
}
