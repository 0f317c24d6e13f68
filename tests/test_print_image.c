/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs are data: print_png/valid/x.png, all of the same 60 rows; print_png/invalid/x.png with x.error. */
#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/io.h"
#include "print/image.h"

#define WIDTH 5
#define HEIGHT 60

static axev_error err;

static int is_png(const struct dirent *entry)
{
	return axev__span_ends(axev__span_str(entry->d_name), ".png");
}

static int list(const char *folder, struct dirent ***ret_files)
{
	char path[4096];
	int count;

	snprintf(path, sizeof(path), "%s/print_png/%s", getenv("AXEV_TEST_DATA"), folder);
	count = scandir(path, ret_files, is_png, alphasort);
	ck_assert_int_gt(count, 0);
	return count;
}

static void read_data(const char *folder, const char *name, const char *suffix, struct axev__buf *out)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/print_png/%s/%.*s%s", getenv("AXEV_TEST_DATA"), folder,
		 (int)(strlen(name) - strlen(".png")), name, suffix);
	axev__buf_clear(out);
	assert_ok(axev__read_file(AT_FDCWD, path, out, &err));
}

static int open_image(const struct axev__buf *bytes, struct axev__image **ret_image)
{
	struct axev__source source = axev__source_memory(axev__buf_view(bytes));
	uint8_t sha256[32];

	assert_ok(axev__sha256(bytes->data, bytes->size, sha256, &err));
	return axev__image_open(&source, sha256, ret_image, &err);
}

/* Channel @channel of pixel @x of row @y, as the files were made. */
static uint32_t sample(uint32_t x, uint32_t y, uint32_t channel)
{
	return (x * 7 + y * 31 + channel * 53) & 255;
}

static uint32_t on_white(uint32_t x, uint32_t y, uint32_t channel)
{
	uint32_t alpha = sample(x, y, 3);

	return (sample(x, y, channel) * alpha + 255 * (255 - alpha) + 127) / 255;
}

static uint32_t expected_pixel(unsigned channels, uint32_t x, uint32_t y)
{
	if (channels == 1)
		return sample(x, y, 0) * 0x010101;
	if (channels == 3)
		return sample(x, y, 0) << 16 | sample(x, y, 1) << 8 | sample(x, y, 2);
	return on_white(x, y, 0) << 16 | on_white(x, y, 1) << 8 | on_white(x, y, 2);
}

/* Slices of @step rows, painted one under the other. */
static int paint_all(struct axev__image *image, uint32_t step, cairo_surface_t **ret_canvas)
{
	cairo_surface_t *canvas = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
	cairo_t *cr = cairo_create(canvas);
	uint32_t first = 0, rows;
	int status;

	memset(&err, 0, sizeof(err));
	for (;; first += rows - AXEV__SLICE_REPEAT_ROWS) {
		rows = HEIGHT - first < step ? HEIGHT - first : step;
		status = axev__image_paint(image, cr, 0, first, 1, first, rows, &err);
		if (status < 0 || first + rows == HEIGHT)
			break;
	}
	cairo_destroy(cr);
	cairo_surface_flush(canvas);
	if (ret_canvas)
		*ret_canvas = canvas;
	else
		cairo_surface_destroy(canvas);
	return status;
}

static void check_valid(const char *name, const struct axev__buf *bytes, uint32_t step)
{
	AXEV__CLEANUP(axev__image_freep) struct axev__image *image = NULL;
	cairo_surface_t *canvas;
	uint32_t x, y;

	assert_ok(open_image(bytes, &image));
	ck_assert_uint_eq(axev__image_head(image)->width, WIDTH);
	ck_assert_uint_eq(axev__image_head(image)->height, HEIGHT);
	assert_ok(paint_all(image, step, &canvas));
	for (y = 0; y < HEIGHT; y++) {
		const uint32_t *row =
			(const void *)(cairo_image_surface_get_data(canvas) +
				       (size_t)cairo_image_surface_get_stride(canvas) * y);

		for (x = 0; x < WIDTH; x++)
			ck_assert_msg((row[x] & 0xFFFFFF) ==
					      expected_pixel(axev__image_head(image)->channels, x, y),
				      "%s: pixel %u of row %u in slices of %u: found %06x", name, x, y,
				      step, row[x] & 0xFFFFFF);
	}
	cairo_surface_destroy(canvas);
}

START_TEST(print_image__slices_of_any_height_lose_no_row)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	struct dirent **files;
	int count = list("valid", &files), i;
	uint32_t step;

	for (i = 0; i < count; i++) {
		read_data("valid", files[i]->d_name, ".png", &bytes);
		for (step = AXEV__SLICE_REPEAT_ROWS + 1; step <= HEIGHT + 1; step++)
			check_valid(files[i]->d_name, &bytes, step);
		free(files[i]);
	}
	free(files);
}
END_TEST

START_TEST(print_image__invalid_files_fail_with_the_message_stated)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF expected = AXEV__BUF_INIT(AXEV__MIB);
	struct dirent **files;
	int count = list("invalid", &files), i;

	for (i = 0; i < count; i++) {
		AXEV__CLEANUP(axev__image_freep) struct axev__image *image = NULL;
		char text[1100], found[1200];
		int status;

		read_data("invalid", files[i]->d_name, ".png", &bytes);
		read_data("invalid", files[i]->d_name, ".error", &expected);
		status = open_image(&bytes, &image);
		if (status >= 0)
			status = paint_all(image, HEIGHT, NULL);
		axev_error_text(&err, text, sizeof(text));
		snprintf(found, sizeof(found), "%s %s\n", axev_status_name(status), text);
		ck_assert_msg(axev__span_is(axev__buf_view(&expected), found),
			      "%s: expected: %.*s found: %s", files[i]->d_name, (int)expected.size,
			      (char *)expected.data, found);
		free(files[i]);
	}
	free(files);
}
END_TEST

START_TEST(print_image__what_is_not_the_digest_is_not_parsed)
{
	struct axev__source source = axev__source_memory(axev__span("not even a PNG", 14));
	struct axev__image *image = NULL;
	uint8_t sha256[32] = { 0 };

	assert_fails(axev__image_open(&source, sha256, &image, &err), AXEV_E_INVALID,
		     "screenshot: expected the SHA-256 that the manifest states, found another");
	ck_assert_ptr_null(image);
}
END_TEST

/* The file is read twice: what is drawn must still be what was verified. */
START_TEST(print_image__a_file_that_changes_in_between_is_not_printed)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__CLEANUP(axev__image_freep) struct axev__image *image = NULL;

	read_data("valid", "split_data_among_other_chunks.png", ".png", &bytes);
	assert_ok(open_image(&bytes, &image));
	bytes.data[60] ^= 1; /* in a text that is passed over */
	assert_fails(paint_all(image, HEIGHT, NULL), AXEV_E_INVALID,
		     "screenshot: expected the SHA-256 that the manifest states, found another");
}
END_TEST

START_TEST(print_image__slices_come_from_the_top_downwards)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__CLEANUP(axev__image_freep) struct axev__image *image = NULL;
	cairo_surface_t *canvas = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
	cairo_t *cr = cairo_create(canvas);

	read_data("valid", "rgb.png", ".png", &bytes);
	assert_ok(open_image(&bytes, &image));
	assert_fails(axev__image_paint(image, cr, 0, 0, 1, 5, 5, &err), AXEV_E_INTERNAL,
		     "screenshot: expected the slice after row 0, found 5");
	assert_ok(axev__image_paint(image, cr, 0, 0, 1, 0, 40, &err));
	assert_fails(axev__image_paint(image, cr, 0, 0, 1, 15, 5, &err), AXEV_E_INTERNAL,
		     "screenshot: expected the slice after row 40, found 15");
	assert_fails(axev__image_paint(image, cr, 0, 0, 1, 16, 45, &err), AXEV_E_INTERNAL,
		     "screenshot: expected the slice after row 40, found 16");
	assert_ok(axev__image_paint(image, cr, 0, 0, 1, 16, 44, &err));
	assert_ok(axev__image_paint(image, cr, 0, 0, 1, 0, HEIGHT, &err));
	cairo_destroy(cr);
	cairo_surface_destroy(canvas);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("print_image");
	TCase *tcase = tcase_create("print_image");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, print_image__slices_of_any_height_lose_no_row);
	tcase_add_test(tcase, print_image__invalid_files_fail_with_the_message_stated);
	tcase_add_test(tcase, print_image__what_is_not_the_digest_is_not_parsed);
	tcase_add_test(tcase, print_image__a_file_that_changes_in_between_is_not_printed);
	tcase_add_test(tcase, print_image__slices_come_from_the_top_downwards);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
