/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two screenshots pixel by pixel, row beside row. A page that grew by a line at its top differs in every row below:
 * what is told is which rows are not alike, never why.
 */
#include <inttypes.h>
#include <stdio.h>

#include "compare/compare.h"
#include "image/png.h"

#define BAND_GAP 8 /* rows alike that do not end a band */


struct differences {
	axev__json *bands; /* lent */
	uint64_t pixels, band_count;
	uint32_t begin, last; /* of the band at hand */
	bool is_open;
};

static int close_band(struct differences *differences, axev_error *err)
{
	AXEV__JSON *band = axev__json_new_object();

	if (!differences->is_open)
		return AXEV_OK;
	differences->is_open = false;
	if (++differences->band_count > AXEV__MAX_COMPARED_BANDS)
		return AXEV_OK;
	TRY(axev__json_set_u64(band, "first", differences->begin, err));
	TRY(axev__json_set_u64(band, "last", differences->last, err));
	return axev__json_append(differences->bands, axev__steal(band), err);
}

static int note_row(struct differences *differences, uint32_t row, uint32_t pixels, axev_error *err)
{
	if (pixels == 0)
		return AXEV_OK;
	differences->pixels += pixels;
	if (differences->is_open && row - differences->last > BAND_GAP)
		TRY(close_band(differences, err));
	if (!differences->is_open)
		differences->begin = row;
	differences->is_open = true;
	differences->last = row;
	return AXEV_OK;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static int compare_rows(struct axev__png *a, struct axev__png *b, struct differences *differences,
			axev_error *err)
{
	const struct axev__png_head *head_a = axev__png_head(a), *head_b = axev__png_head(b);
	AXEV__FREE uint32_t *row_a = calloc(head_a->width, sizeof(*row_a));
	AXEV__FREE uint32_t *row_b = calloc(head_b->width, sizeof(*row_b));
	uint32_t width = smaller(head_a->width, head_b->width);
	uint32_t height = smaller(head_a->height, head_b->height);
	uint32_t row, column, pixels;

	if (!row_a || !row_b)
		return axev__nomem(err);
	for (row = 0; row < height; row++) {
		TRY(axev__png_row(a, row_a, err));
		TRY(axev__png_row(b, row_b, err));
		for (column = 0, pixels = 0; column < width; column++)
			pixels += row_a[column] != row_b[column];
		TRY(note_row(differences, row, pixels, err));
	}
	return close_band(differences, err);
}

/* Parts of a hundred with four digits, rounded up: what differs a little is never 0.0000. */
static int set_share(axev__json *json, uint64_t part, uint64_t whole, axev_error *err)
{
	uint64_t share = whole ? (part * 1000000 + whole - 1) / whole : 0;
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64 ".%04" PRIu64, share / 10000, share % 10000);
	return axev__json_set_str(json, "different_percent", text, err);
}

static int set_size(axev__json *json, const char *width, const char *height,
		    const struct axev__png_head *head, axev_error *err)
{
	TRY(axev__json_set_u64(json, width, head->width, err));
	return axev__json_set_u64(json, height, head->height, err);
}

static int compare_open(struct axev__compare *compare, struct axev__png *a, struct axev__png *b,
			axev_error *err)
{
	const struct axev__png_head *head_a = axev__png_head(a), *head_b = axev__png_head(b);
	uint64_t common = (uint64_t)smaller(head_a->width, head_b->width) *
			  smaller(head_a->height, head_b->height);
	uint64_t size_a = (uint64_t)head_a->width * head_a->height;
	uint64_t size_b = (uint64_t)head_b->width * head_b->height;
	AXEV__JSON *json = axev__json_new_object();
	struct differences differences = { 0 };

	TRY(set_size(json, "width_a", "height_a", head_a, err));
	TRY(set_size(json, "width_b", "height_b", head_b, err));
	TRY(axev__json_set(json, "rows", axev__json_new_array(), err));
	differences.bands = axev__json_get(json, "rows");
	TRY(compare_rows(a, b, &differences, err));
	TRY(axev__json_set_u64(json, "common_pixels", common, err));
	TRY(axev__json_set_u64(json, "different_pixels", differences.pixels, err));
	TRY(set_share(json, differences.pixels, common, err));
	TRY(axev__json_set_u64(json, "pixels_only_a", size_a - common, err));
	TRY(axev__json_set_u64(json, "pixels_only_b", size_b - common, err));
	if (differences.band_count > AXEV__MAX_COMPARED_BANDS)
		TRY(axev__json_set_u64(json, "rows_not_listed",
				       differences.band_count - AXEV__MAX_COMPARED_BANDS, err));
	compare->is_same = compare->is_same && differences.pixels == 0 && size_a == common &&
			   size_b == common;
	return axev__json_set(compare->result, "picture", axev__steal(json), err);
}

int axev__compare_pictures(struct axev__compare *compare, axev_error *err)
{
	AXEV__PNG *a = NULL;
	AXEV__PNG *b = NULL;
	struct axev__source source_a, source_b;
	bool has_a, has_b;

	TRY(axev__compared_object(compare->a, "data/screenshot.png", &source_a, &has_a, err));
	TRY(axev__compared_object(compare->b, "data/screenshot.png", &source_b, &has_b, err));
	if (!has_a || !has_b)
		return axev__compare_skip(compare, "picture", "not both have one", err);
	TRY(axev__prefix(axev__png_open(&source_a, &a, err), err, "%s", compare->a->path));
	TRY(axev__prefix(axev__png_open(&source_b, &b, err), err, "%s", compare->b->path));
	return compare_open(compare, a, b, err);
}
