/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "print/print.h"

/* A PNG in memory, made by cairo, and read in small pieces. */
struct png {
	uint8_t data[16384];
	size_t size, used, piece;
	int status; /* instead of bytes, when negative */
};

static axev_error err;
static struct png png;

static cairo_status_t collect(void *payload, const unsigned char *data, unsigned int size)
{
	struct png *out = payload;

	if (size > sizeof(out->data) - out->size)
		return CAIRO_STATUS_WRITE_ERROR;
	memcpy(out->data + out->size, data, size);
	out->size += size;
	return CAIRO_STATUS_SUCCESS;
}

static int read_png(void *payload, uint8_t *out, size_t size, size_t *ret_got)
{
	struct png *in = payload;

	if (in->status < 0)
		return in->status;
	if (size > in->piece)
		size = in->piece;
	if (size > in->size - in->used)
		size = in->size - in->used;
	memcpy(out, in->data + in->used, size);
	in->used += size;
	*ret_got = size;
	return AXEV_OK;
}

static void setup(void)
{
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 40, 3000);

	memset(&png, 0, sizeof(png));
	memset(&err, 0, sizeof(err));
	png.piece = 37;
	ck_assert_int_eq(cairo_surface_write_to_png_stream(surface, collect, &png), CAIRO_STATUS_SUCCESS);
	cairo_surface_destroy(surface);
}

static int read_image(void)
{
	struct axev__png_source source = { read_png, &png };
	struct axev__image *image = NULL;
	int status = axev__image_read(&source, &image, &err);

	if (status >= 0) {
		ck_assert_uint_eq(axev__image_width(image), 40);
		ck_assert_uint_eq(axev__image_height(image), 3000);
	}
	axev__image_free(image);
	return status;
}

START_TEST(print_form__a_png_is_read_in_pieces)
{
	assert_ok(read_image());
}
END_TEST

START_TEST(print_form__a_png_too_high_is_refused_before_it_is_decoded)
{
	png.data[22] = 0xEA; /* 60001 */
	png.data[23] = 0x61;
	png.size = 33; /* nothing but the head */
	assert_fails(read_image(), AXEV_E_LIMIT,
		     "screenshot: expected at most 8192 x 32767 and 100000000 pixels, found 40 x 60001");
}
END_TEST

START_TEST(print_form__what_is_no_png_is_refused)
{
	png.data[0] = 'P';
	assert_fails(read_image(), AXEV_E_FORMAT, "screenshot: expected a PNG");
	png.used = 0;
	png.size = 20;
	assert_fails(read_image(), AXEV_E_FORMAT, "screenshot: expected a PNG, found its end");
}
END_TEST

START_TEST(print_form__a_png_that_ends_early_is_refused)
{
	png.size -= 20;
	ck_assert_int_eq(read_image(), AXEV_E_FORMAT);
}
END_TEST

START_TEST(print_form__a_reader_that_fails_is_believed)
{
	png.status = AXEV_E_IO;
	assert_fails(read_image(), AXEV_E_IO, "screenshot: the screenshot cannot be read");
}
END_TEST

/* ---- forms ---- */

static axev__json *parse(const char *text)
{
	axev__json *json = NULL;

	assert_ok(axev__json_parse(axev__span_str(text), &json, &err));
	return json;
}

static axev__json *manifest(const char *png_hex)
{
	char text[2000];

	snprintf(text, sizeof(text),
		 "{\"format\":\"ax-evidence/1\",\"kind\":\"web\",\"capture\":{\"method\":\"m\","
		 "\"started\":\"2026-11-24T08:00:00.000000000Z\",\"finished\":\"2026-11-24T08:00:01.000000000Z\"},"
		 "\"source\":{\"url\":\"https://shop.example/\"},\"complete\":true,\"objects\":[{\"path\":"
		 "\"data/screenshot.png\",\"media_type\":\"image/png\",\"bytes\":\"9\",\"role\":\"screenshot\","
		 "\"sha256\":\"%s\"}]}",
		 png_hex);
	return parse(text);
}

static int print(unsigned form, const struct axev__print_input *input, const char *lang)
{
	char name[] = "/tmp/axev_print_XXXXXX";
	int fd = mkstemp(name), status;

	unlink(name);
	memset(&err, 0, sizeof(err));
	status = axev__print_form((enum axev__form)form, input, lang, fd, &err);
	if (status >= 0)
		ck_assert_int_gt(lseek(fd, 0, SEEK_END), 1000);
	close(fd);
	return status;
}

static void png_digest(char hex[65])
{
	uint8_t digest[32];

	assert_ok(axev__sha256(png.data, png.size, digest, &err));
	axev__hex(hex, digest, sizeof(digest));
}

START_TEST(print_form__all_forms_print_what_little_there_is)
{
	struct axev__print_input input = { 0 };
	char hex[65];
	AXEV__JSON *json;

	png_digest(hex);
	json = manifest(hex);
	input.manifest = json;
	assert_ok(print(AXEV__FORM_EXTRACTION, &input, NULL));
	assert_ok(print(AXEV__FORM_LIST, &input, "en"));
	input.screenshot_path = "data/screenshot.png";
	input.screenshot = (struct axev__png_source){ read_png, &png };
	assert_ok(print(AXEV__FORM_WEB, &input, "zh"));
}
END_TEST

START_TEST(print_form__another_screenshot_is_not_printed)
{
	struct axev__print_input input = { .screenshot_path = "data/screenshot.png",
					   .screenshot = { read_png, &png } };
	char hex[65];
	AXEV__JSON *json;

	png_digest(hex);
	hex[0] = hex[0] == '0' ? '1' : '0';
	json = manifest(hex);
	input.manifest = json;
	assert_fails(print(AXEV__FORM_WEB, &input, NULL), AXEV_E_INVALID,
		     "screenshot: expected the SHA-256 that the manifest states, found another");
	png.used = 0;
	input.screenshot_path = "data/other.png";
	assert_fails(print(AXEV__FORM_WEB, &input, NULL), AXEV_E_NOTFOUND,
		     "data/other.png: expected an object of the manifest");
}
END_TEST

START_TEST(print_form__the_contract_is_checked)
{
	struct axev__print_input input = { 0 };
	AXEV__JSON *json = parse("{}");

	assert_fails(print(AXEV__FORM_LIST, &input, NULL), AXEV_E_INVAL, "expected a manifest");
	assert_fails(print(AXEV__FORM_REPORT, &input, NULL), AXEV_E_INVAL, "expected a report");
	input.manifest = json;
	assert_fails(print(0, &input, NULL), AXEV_E_INVAL, "expected a form, found 0");
	assert_fails(print(64, &input, NULL), AXEV_E_INVAL, "expected a form, found 64");
	assert_fails(print(AXEV__FORM_LIST, &input, "fr"), AXEV_E_INVAL, "language: expected zh or en");
	assert_fails(print(AXEV__FORM_LIST, &input, NULL), AXEV_E_FORMAT,
		     "member 'capture': expected an object, found none");
}
END_TEST

START_TEST(print_form__a_report_of_unknown_words_prints_them)
{
	AXEV__JSON *report = parse(
		"{\"format\":\"ax-report/1\",\"verdict\":\"later-word\",\"content\":\"unchanged\","
		"\"trust\":\"refused\",\"subject\":{\"id\":\"\"},\"checks\":[],\"not_checked\":[]}");
	struct axev__print_input input = { .report = report };

	assert_ok(print(AXEV__FORM_REPORT, &input, NULL));
}
END_TEST

START_TEST(print_form__deep_reports_print)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__JSON *report = NULL;
	struct axev__print_input input = { 0 };
	unsigned i;

	assert_ok(axev__buf_str(&text, "{\"verdict\":\"valid\",\"content\":\"unchanged\",\"trust\":\"trusted\","
				       "\"checks\":[", &err));
	for (i = 0; i < 10; i++)
		assert_ok(axev__buf_str(&text, "{\"id\":\"a\",\"status\":\"passed\",\"children\":[", &err));
	for (i = 0; i < 10; i++)
		assert_ok(axev__buf_str(&text, "]}", &err));
	assert_ok(axev__buf_str(&text, "]}", &err));
	assert_ok(axev__json_parse(axev__buf_view(&text), &report, &err));
	input.report = report;
	assert_ok(print(AXEV__FORM_REPORT, &input, NULL));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("print_form");
	TCase *tcase = tcase_create("print_form");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, print_form__a_png_is_read_in_pieces);
	tcase_add_test(tcase, print_form__a_png_too_high_is_refused_before_it_is_decoded);
	tcase_add_test(tcase, print_form__what_is_no_png_is_refused);
	tcase_add_test(tcase, print_form__a_png_that_ends_early_is_refused);
	tcase_add_test(tcase, print_form__a_reader_that_fails_is_believed);
	tcase_add_test(tcase, print_form__all_forms_print_what_little_there_is);
	tcase_add_test(tcase, print_form__another_screenshot_is_not_printed);
	tcase_add_test(tcase, print_form__the_contract_is_checked);
	tcase_add_test(tcase, print_form__a_report_of_unknown_words_prints_them);
	tcase_add_test(tcase, print_form__deep_reports_print);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
