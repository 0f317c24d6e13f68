/* SPDX-License-Identifier: Apache-2.0 */
#include "image/png.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define SIGNATURE_BYTES 8
#define HEAD_BYTES 33 /* PNG 5.2 and 11.2.2: signature, length, "IHDR", 13 bytes, CRC */
#define CHUNK_FRAME 12 /* PNG 5.3: length, type, CRC */

struct axev__png {
	struct axev__source source;
	struct axev__png_head head;
	png_structp decoder;
	png_infop info;
	uint8_t *row;
	struct axev__hasher *hasher; /* of everything read */

	uint64_t at;         /* in the source */
	uint64_t chunk_left; /* of a chunk that libpng reads */
	unsigned chunks;
	bool has_data, is_data_over, is_ended;

	axev_error *err; /* of the call at hand; libpng leaves it by longjmp */
	int status;
	bool is_out_of_memory;
};

/* ---- chunks: libpng is given the three it needs, in order ---- */

static int take(struct axev__png *png, uint8_t *out, size_t size)
{
	if (size > png->source.size - png->at)
		return axev__fail_at(png->err, AXEV_E_FORMAT, png->source.size,
				     "expected a whole PNG, found its end");
	TRY(axev__source_read(&png->source, png->at, out, size, png->err));
	png->at += size;
	return axev__hasher_update(png->hasher, out, size, png->err);
}

static int skip(struct axev__png *png, uint64_t size)
{
	uint8_t scratch[4096];

	while (size > 0) {
		size_t part = size < sizeof(scratch) ? (size_t)size : sizeof(scratch);

		TRY(take(png, scratch, part));
		size -= part;
	}
	return AXEV_OK;
}

static bool is_type(const uint8_t *chunk, const char *type)
{
	return memcmp(chunk + 4, type, 4) == 0;
}

/*
 * PNG 5.4: bit 5 of the first letter says that a chunk is ancillary. Colour profiles and texts do not change which pixels
 * there are and are passed over; transparency of a colour (tRNS) would, and is refused.
 */
static int check_chunk(struct axev__png *png, const uint8_t *chunk, bool *ret_is_wanted)
{
	struct axev__shown shown;
	bool is_data = is_type(chunk, "IDAT");

	if (++png->chunks > AXEV__MAX_PNG_CHUNKS)
		return axev__fail_at(png->err, AXEV_E_LIMIT, png->at, "expected at most %d chunks",
				     AXEV__MAX_PNG_CHUNKS);
	if (is_data && png->is_data_over)
		return axev__fail_at(png->err, AXEV_E_FORMAT, png->at,
				     "expected one run of IDAT chunks, found another");
	png->is_data_over = png->has_data && !is_data;
	png->has_data = png->has_data || is_data;
	png->is_ended = is_type(chunk, "IEND");
	*ret_is_wanted = is_data || png->is_ended;
	if (*ret_is_wanted || (chunk[4] & 0x20 && !is_type(chunk, "tRNS")))
		return AXEV_OK;
	return axev__fail_at(png->err, AXEV_E_UNSUPPORTED, png->at, "expected IDAT, found the chunk %s",
			     axev__show(&shown, axev__span(chunk + 4, 4)));
}

/* Bring the next chunk for libpng to the front; @chunk receives its length and type. */
static int next_chunk(struct axev__png *png, uint8_t chunk[8])
{
	bool is_wanted;

	if (png->is_ended)
		return axev__fail_at(png->err, AXEV_E_FORMAT, png->at, "expected a whole PNG, found its end");
	for (;;) {
		uint64_t left = png->source.size - png->at, size;

		TRY(take(png, chunk, 8));
		size = axev__get_u32be(chunk);
		if (size > left - 8 || left - 8 - size < CHUNK_FRAME - 8)
			return axev__fail_at(png->err, AXEV_E_FORMAT, png->at - 8,
					     "expected a whole chunk, found the end");
		TRY(check_chunk(png, chunk, &is_wanted));
		png->chunk_left = size + 4;
		if (is_wanted)
			return AXEV_OK;
		TRY(skip(png, png->chunk_left));
	}
}

static int feed_some(struct axev__png *png, uint8_t *out, size_t size)
{
	if (png->chunk_left == 0 && size == 8)
		return next_chunk(png, out); /* libpng asks for the frame of a chunk in one piece */
	if (size > png->chunk_left)
		return axev__fail_at(png->err, AXEV_E_FORMAT, png->at, "expected the end of a chunk");
	png->chunk_left -= size;
	return take(png, out, size);
}

/* ---- libpng's callbacks ---- */

static void feed(png_structp decoder, png_bytep out, size_t size)
{
	struct axev__png *png = png_get_io_ptr(decoder);

	png->status = feed_some(png, out, size);
	if (png->status < 0)
		png_error(decoder, "see the status");
}

static void on_error(png_structp decoder, png_const_charp message)
{
	struct axev__png *png = png_get_error_ptr(decoder);
	struct axev__shown shown;

	if (png->is_out_of_memory)
		png->status = axev__nomem(png->err);
	else if (png->status >= 0)
		png->status = axev__fail_at(png->err, AXEV_E_FORMAT, png->at, "expected a whole PNG: %s",
					    axev__show_str(&shown, message));
	png_longjmp(decoder, 1);
}

static void on_warning(png_structp decoder, png_const_charp message)
{
	(void)decoder;
	(void)message;
}

static png_voidp allocate(png_structp decoder, png_alloc_size_t size)
{
	struct axev__png *png = png_get_mem_ptr(decoder);
	void *memory = malloc(size);

	png->is_out_of_memory = png->is_out_of_memory || !memory;
	return memory;
}

static void release(png_structp decoder, png_voidp memory)
{
	(void)decoder;
	free(memory);
}

/* ---- head ---- */

static int check_kind(struct axev__png *png, const uint8_t *head)
{
	uint8_t depth = head[24], colour = head[25];

	if (head[26] != 0 || head[27] != 0 || head[28] > 1)
		return axev__fail_at(png->err, AXEV_E_FORMAT, 26,
				     "expected compression 0, filter 0, interlace 0 or 1, found %u, %u, %u",
				     head[26], head[27], head[28]);
	if (head[28] != 0)
		return axev__fail_at(png->err, AXEV_E_UNSUPPORTED, 28,
				     "expected rows in order, found an interlaced PNG");
	/* PNG 11.2.2, table 11.1 */
	png->head.channels = colour == 0 ? 1 : colour == 2 ? 3 : colour == 6 ? 4 : 0;
	if (depth != 8 || png->head.channels == 0)
		return axev__fail_at(png->err, AXEV_E_UNSUPPORTED, 24,
				     "expected 8 bits a channel and grey, RGB or RGBA, found %u bits, "
				     "colour type %u",
				     depth, colour);
	return AXEV_OK;
}

/* The limits hold before the decoder sees a byte: it allocates what IHDR asks for. */
static int check_head(struct axev__png *png)
{
	static const uint8_t start[16] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n',
					   0,    0,   0,   13,  'I',  'H',  'D',  'R' };
	uint8_t head[HEAD_BYTES];

	if (png->source.size < sizeof(head))
		return axev__fail(png->err, AXEV_E_FORMAT, "expected a PNG, found its end");
	if (png->source.size > AXEV__MAX_PNG_BYTES)
		return axev__fail(png->err, AXEV_E_LIMIT, "expected at most %zu bytes",
				  AXEV__MAX_PNG_BYTES);
	TRY(axev__source_read(&png->source, 0, head, sizeof(head), png->err));
	if (memcmp(head, start, sizeof(start)) != 0)
		return axev__fail_at(png->err, AXEV_E_FORMAT, 0, "expected a PNG");
	png->head.width = axev__get_u32be(head + 16);
	png->head.height = axev__get_u32be(head + 20);
	if (png->head.width == 0 || png->head.height == 0)
		return axev__fail_at(png->err, AXEV_E_FORMAT, 16,
				     "expected a PNG with pixels, found none");
	if (png->head.width > AXEV__MAX_PNG_WIDTH || png->head.height > AXEV__MAX_PNG_HEIGHT ||
	    (uint64_t)png->head.width * png->head.height > AXEV__MAX_PNG_PIXELS)
		return axev__fail_at(png->err, AXEV_E_LIMIT, 16,
				     "expected at most %d x %d and %d pixels, found %u x %u",
				     AXEV__MAX_PNG_WIDTH, AXEV__MAX_PNG_HEIGHT, AXEV__MAX_PNG_PIXELS,
				     png->head.width, png->head.height);
	return check_kind(png, head);
}

/* ---- decoding ---- */

static int new_decoder(struct axev__png *png)
{
	png->decoder = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, png, on_error, on_warning, png,
						allocate, release);
	if (!png->decoder)
		return axev__nomem(png->err);
	png->info = png_create_info_struct(png->decoder);
	return png->info ? AXEV_OK : axev__nomem(png->err);
}

/* No function that calls setjmp has locals that live across it. */
static int start(struct axev__png *png)
{
	if (setjmp(png_jmpbuf(png->decoder)))
		return png->status;
	png_set_read_fn(png->decoder, png, feed);
	png_set_sig_bytes(png->decoder, SIGNATURE_BYTES);
	png_set_user_limits(png->decoder, AXEV__MAX_PNG_WIDTH, AXEV__MAX_PNG_HEIGHT);
	png_set_crc_action(png->decoder, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
	png_set_benign_errors(png->decoder, 0);
	png_read_info(png->decoder, png->info);
	png_start_read_image(png->decoder);
	return AXEV_OK;
}

static int read_row(struct axev__png *png)
{
	if (setjmp(png_jmpbuf(png->decoder)))
		return png->status;
	png_read_row(png->decoder, png->row, NULL);
	return AXEV_OK;
}

static int read_end(struct axev__png *png)
{
	if (setjmp(png_jmpbuf(png->decoder)))
		return png->status;
	png_read_end(png->decoder, NULL);
	return AXEV_OK;
}

static int open_png(struct axev__png *png)
{
	uint8_t signature[SIGNATURE_BYTES];

	TRY(check_head(png));
	png->row = malloc((size_t)png->head.width * png->head.channels);
	if (!png->row)
		return axev__nomem(png->err);
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &png->hasher, png->err));
	TRY(take(png, signature, sizeof(signature)));
	png->chunk_left = HEAD_BYTES - SIGNATURE_BYTES; /* IHDR, checked above */
	TRY(new_decoder(png));
	return start(png);
}

int axev__png_open(const struct axev__source *source, struct axev__png **ret_png, axev_error *err)
{
	AXEV__PNG *png = calloc(1, sizeof(*png));

	if (!png)
		return axev__nomem(err);
	png->source = *source;
	png->err = err;
	TRY(open_png(png));
	*ret_png = axev__steal(png);
	return AXEV_OK;
}

void axev__png_close(struct axev__png *png)
{
	if (!png)
		return;
	if (png->decoder)
		png_destroy_read_struct(&png->decoder, &png->info, NULL);
	axev__hasher_free(png->hasher);
	free(png->row);
	free(png);
}

const struct axev__png_head *axev__png_head(const struct axev__png *png)
{
	return &png->head;
}

/* On white, rounded to the nearest. */
static uint32_t over_white(uint8_t value, uint8_t alpha)
{
	return (uint32_t)((value * alpha + 255 * (255 - alpha) + 127) / 255);
}

int axev__png_row(struct axev__png *png, uint32_t *out, axev_error *err)
{
	const uint8_t *in = png->row;
	uint32_t i;

	png->err = err;
	TRY(read_row(png));
	for (i = 0; i < png->head.width; i++, in += png->head.channels) {
		if (png->head.channels == 1)
			out[i] = in[0] * UINT32_C(0x010101);
		else if (png->head.channels == 3)
			out[i] = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];
		else
			out[i] = over_white(in[0], in[3]) << 16 | over_white(in[1], in[3]) << 8 |
				 over_white(in[2], in[3]);
	}
	return AXEV_OK;
}

int axev__png_end(struct axev__png *png, uint8_t ret_sha256[32], axev_error *err)
{
	struct axev__digests digests;

	png->err = err;
	TRY(read_end(png));
	if (png->at != png->source.size)
		return axev__fail_at(err, AXEV_E_FORMAT, png->at, "expected the end of the PNG after IEND");
	TRY(axev__hasher_final(png->hasher, &digests, err));
	memcpy(ret_sha256, digests.sha256, 32);
	return AXEV_OK;
}
