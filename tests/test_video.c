/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <unistd.h>

#include "support.h"

#include "base/limits.h"
#include "capture/web/video.h"
#include "capture/web/video_strip.h"

static axev_error err;

#define WIDTH 800
#define GUARD 64

static size_t draw(uint8_t *luma, size_t width, int64_t time_ns, const char *address)
{
	size_t i, white = 0;

	memset(luma, 77, (WIDTH + GUARD) * AXEV__STRIP_ROWS);
	axev__strip_draw(luma, WIDTH + GUARD, width, time_ns, address);
	for (i = 0; i < (WIDTH + GUARD) * AXEV__STRIP_ROWS; i++) {
		bool is_inside = i % (WIDTH + GUARD) < width;

		ck_assert_msg(is_inside ? luma[i] == 16 || luma[i] == 235 : luma[i] == 77, "%zu", i);
		white += luma[i] == 235;
	}
	return white;
}

START_TEST(video__the_strip_stays_within_its_rows_and_columns)
{
	static uint8_t luma[(WIDTH + GUARD) * AXEV__STRIP_ROWS];
	static const size_t widths[] = { 1, 2, 8, 16, 20, 100, 719, 720, WIDTH };
	char address[5000];
	size_t i;

	memset(address, 'W', sizeof(address));
	address[sizeof(address) - 1] = '\0';
	for (i = 0; i < AXEV__COUNT(widths); i++) {
		draw(luma, widths[i], 0, "");
		draw(luma, widths[i], INT64_C(1795544222690269000), address);
		draw(luma, widths[i], 0, "\xE4\xB8\xAD\x01\x7F");
	}
}
END_TEST

START_TEST(video__every_character_has_a_shape_of_its_own)
{
	static uint8_t shapes[95][(WIDTH + GUARD) * AXEV__STRIP_ROWS];
	char text[2] = "";
	int a, b;

	for (a = 0; a < 95; a++) {
		text[0] = (char)(' ' + a);
		draw(shapes[a], WIDTH, 0, text);
		for (b = 0; b < a; b++)
			ck_assert_msg(memcmp(shapes[a], shapes[b], sizeof(shapes[a])) != 0, "%c %c", ' ' + a, ' ' + b);
	}
}
END_TEST

START_TEST(video__a_video_without_pictures_goes_on_with_its_clock)
{
	const axev_env env = AXEV_ENV_INIT;
	FILE *file = tmpfile();
	const struct axev__video_opts opts = { .width = 321, .height = 201, .fd = fileno(file), .env = &env };
	struct axev__video *video = NULL;
	axev__json *facts = NULL, *index = NULL;
	uint64_t dropped = 0, frames = 0;
	uint8_t head[4] = "";
	bool is_cut = true;

	assert_ok(axev__video_start(&opts, &video, &err));
	assert_ok(axev__video_address(video, "https://shop.example/\x1b", &err));
	assert_ok(axev__video_push(video, axev__span("not a picture", 13), &err));
	assert_ok(axev__video_push(video, axev__span("", 0), &err));
	usleep(1300 * 1000);
	assert_ok(axev__video_finish(video, &facts, &index, &is_cut, &err));
	ck_assert(!is_cut);
	assert_ok(axev__json_u64(facts, "dropped_frames", &dropped, &err));
	assert_ok(axev__json_u64(facts, "frames", &frames, &err));
	ck_assert_uint_eq(dropped, 2);
	ck_assert_uint_ge(frames, 2);
	ck_assert_uint_eq(axev__json_count(axev__json_get(index, "frames")), frames);
	ck_assert_int_eq(pread(fileno(file), head, 4, 0), 4);
	ck_assert(memcmp(head, "\x1A\x45\xDF\xA3", 4) == 0); /* RFC 8794: EBML */
	axev__json_free(facts);
	axev__json_free(index);
	axev__video_free(video);
	fclose(file);
}
END_TEST

START_TEST(video__a_display_that_is_not_there_is_an_error)
{
	const axev_env env = AXEV_ENV_INIT;
	FILE *file = tmpfile();
	const struct axev__video_opts opts = {
		.width = 320, .height = 200, .fd = fileno(file), .env = &env, .display = ":98765"
	};
	struct axev__video *video = NULL;

	assert_fails(axev__video_start(&opts, &video, &err), AXEV_E_IO, "video: :98765: Input/output error");
	ck_assert_ptr_null(video);
	fclose(file);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("video");
	TCase *tcase = tcase_create("video");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, video__the_strip_stays_within_its_rows_and_columns);
	tcase_add_test(tcase, video__every_character_has_a_shape_of_its_own);
	tcase_add_test(tcase, video__a_video_without_pictures_goes_on_with_its_clock);
	tcase_add_test(tcase, video__a_display_that_is_not_there_is_an_error);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
