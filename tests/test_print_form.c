/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "print/form.h"
#include "print/print.h"

static axev_error err;
static uint8_t shot[4096];
static size_t shot_size;

static void setup(void)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(sizeof(shot));
	char path[4096];

	memset(&err, 0, sizeof(err));
	snprintf(path, sizeof(path), "%s/print_png/valid/rgb.png", getenv("AXEV_TEST_DATA"));
	assert_ok(axev__read_file(AT_FDCWD, path, &bytes, &err));
	memcpy(shot, bytes.data, bytes.size);
	shot_size = bytes.size;
}

static struct axev__source shot_source(void)
{
	return axev__source_memory(axev__span(shot, shot_size));
}

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
	status = axev__print_form(form, input, lang, fd, &err);
	if (status >= 0)
		ck_assert_int_gt(lseek(fd, 0, SEEK_END), 1000);
	close(fd);
	return status;
}

static void shot_digest(char hex[65])
{
	uint8_t digest[32];

	assert_ok(axev__sha256(shot, shot_size, digest, &err));
	axev__hex(hex, digest, sizeof(digest));
}

START_TEST(print_form__all_forms_print_what_little_there_is)
{
	struct axev__print_input input = { 0 };
	char hex[65];
	AXEV__JSON *json;

	shot_digest(hex);
	json = manifest(hex);
	input.manifest = json;
	assert_ok(print(AXEV__FORM_EXTRACTION, &input, NULL));
	assert_ok(print(AXEV__FORM_LIST, &input, "en"));
	input.screenshot_path = "data/screenshot.png";
	input.screenshot = shot_source();
	assert_ok(print(AXEV__FORM_WEB, &input, "zh"));
}
END_TEST

START_TEST(print_form__another_screenshot_is_not_printed)
{
	struct axev__print_input input = { .screenshot_path = "data/screenshot.png",
					   .screenshot = shot_source() };
	char hex[65];
	AXEV__JSON *json;

	shot_digest(hex);
	hex[0] = hex[0] == '0' ? '1' : '0';
	json = manifest(hex);
	input.manifest = json;
	assert_fails(print(AXEV__FORM_WEB, &input, NULL), AXEV_E_INVALID,
		     "screenshot: expected the SHA-256 that the manifest states, found another");
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
	assert_fails(print(256, &input, NULL), AXEV_E_INVAL, "expected a form, found 256");
	assert_fails(print(AXEV__FORM_DISCLOSURE, &input, NULL), AXEV_E_INVAL, "expected the manifest of the original");
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

START_TEST(print_form__own_sentences_are_rendered_others_stay)
{
	static const struct {
		const char *text, *zh;
	} rows[] = {
		{ "files read once, byte for byte", "逐字节读取文件，每个文件只读一遍" },
		{ "files read once, byte for byte.", "files read once, byte for byte." },
		{ "cut off at 30000 of 61000 rows", "截至第 30000 行，全高 61000 行" },
		{ "cut off at  of 61000 rows", "cut off at  of 61000 rows" },
		{ "cannot be read: Permission denied", "不能读取：Permission denied" },
		{ "cannot be read: a\nb", "cannot be read: a\nb" },
		{ "net::ERR_CERT_DATE_INVALID", "证书不在有效期内（net::ERR_CERT_DATE_INVALID）" },
		{ "net::ERR_CERT_REVOKED", "证书未通过浏览器核对（net::ERR_CERT_REVOKED）" },
		{ "net::ERR_ABORTED", "浏览器报告网络错误（net::ERR_ABORTED）" },
		{ "12 lines could not be read", "有 12 行不能读取" },
		{ "%", "%" },
		{ "", "" },
	};
	struct axev__form_build build = { .is_zh = true };
	size_t i;

	for (i = 0; i < AXEV__COUNT(rows); i++) {
		AXEV__BUF zh = AXEV__BUF_INIT(4096);
		AXEV__BUF en = AXEV__BUF_INIT(4096);

		build.is_zh = true;
		assert_ok(axev__form_own(&build, axev__span_str(rows[i].text), &zh, &err));
		ck_assert_msg(axev__span_is(axev__buf_view(&zh), rows[i].zh), "%s: found %s", rows[i].text,
			      (char *)zh.data);
		build.is_zh = false;
		assert_ok(axev__form_own(&build, axev__span_str(rows[i].text), &en, &err));
		ck_assert(axev__span_is(axev__buf_view(&en), rows[i].text));
	}
}
END_TEST

START_TEST(print_form__a_picture_that_cannot_be_printed_leaves_the_other_forms)
{
	struct axev__print_input input = { .screenshot_path = "data/screenshot.png" };
	char hex[65];
	AXEV__JSON *json = NULL;

	shot[24] = 16; /* bits a channel */
	shot_digest(hex);
	json = manifest(hex);
	input.manifest = json;
	input.screenshot = shot_source();
	assert_ok(print(AXEV__FORM_EXTRACTION | AXEV__FORM_WEB, &input, NULL));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("print_form");
	TCase *tcase = tcase_create("print_form");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, print_form__all_forms_print_what_little_there_is);
	tcase_add_test(tcase, print_form__another_screenshot_is_not_printed);
	tcase_add_test(tcase, print_form__the_contract_is_checked);
	tcase_add_test(tcase, print_form__a_report_of_unknown_words_prints_them);
	tcase_add_test(tcase, print_form__deep_reports_print);
	tcase_add_test(tcase, print_form__own_sentences_are_rendered_others_stay);
	tcase_add_test(tcase, print_form__a_picture_that_cannot_be_printed_leaves_the_other_forms);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
