/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs are data: tests/data/cookies/valid/x, invalid/x.txt or x.json with x.error. */
#include <dirent.h>
#include <fcntl.h>

#include "support.h"

#include "base/io.h"
#include "base/limits.h"
#include "content/cookies.h"
#include "content/head_mask.h"

static axev_error err;

static void read_data(const char *folder, const char *name, struct axev__buf *out)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/cookies/%s/%s", getenv("AXEV_TEST_DATA"), folder, name);
	assert_ok(axev__read_file(AT_FDCWD, path, out, &err));
}

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && !strstr(entry->d_name, ".error");
}

static void check_invalid(const char *name)
{
	struct axev__buf text = AXEV__BUF_INIT(AXEV__MIB), expected = AXEV__BUF_INIT(AXEV__KIB);
	struct axev__cookies cookies = { 0 };
	char error_name[128], found[1100];
	int status;

	memset(&err, 0, sizeof(err));
	snprintf(error_name, sizeof(error_name), "%.*s.error", (int)strcspn(name, "."), name);
	read_data("invalid", name, &text);
	read_data("invalid", error_name, &expected);
	status = axev__cookies_read(axev__buf_view(&text), &cookies, &err);
	axev_error_text(&err, found, sizeof(found));
	ck_assert_msg(status < 0, "%s was taken", name);
	ck_assert_str_eq(found, strtok((char *)expected.data, "\n"));
	ck_assert_msg(!strstr(found, "S3CRET"), "%s shows a value", name);
	ck_assert_ptr_null(cookies.list);
	axev__buf_free(&text);
	axev__buf_free(&expected);
}

START_TEST(cookies__invalid_files_fail_with_the_message_stated)
{
	struct dirent **files;
	char path[512];
	int count, i;

	snprintf(path, sizeof(path), "%s/cookies/invalid", getenv("AXEV_TEST_DATA"));
	count = scandir(path, &files, is_input, alphasort);
	ck_assert_int_ge(count, 35);
	for (i = 0; i < count; i++) {
		check_invalid(files[i]->d_name);
		free(files[i]);
	}
	free(files);
}
END_TEST

static struct axev__cookies read_valid(const char *name)
{
	struct axev__buf text = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__cookies cookies = { 0 };

	read_data("valid", name, &text);
	assert_ok(axev__cookies_read(axev__buf_view(&text), &cookies, &err));
	axev__buf_free(&text);
	return cookies;
}

START_TEST(cookies__files_of_curl_are_read)
{
	struct axev__cookies cookies = read_valid("curl.txt");

	ck_assert_uint_eq(cookies.count, 2);
	ck_assert(!cookies.is_json);
	ck_assert_str_eq(cookies.list[0].domain, "shop.example");
	ck_assert_str_eq(cookies.list[0].value, "a=b%3D\"c\"");
	ck_assert(cookies.list[0].is_http_only && cookies.list[0].is_secure && !cookies.list[0].is_host_only);
	ck_assert_int_eq(cookies.list[0].expires_s, 4102444800);
	ck_assert_uint_eq(cookies.list[0].place, 5);
	ck_assert_str_eq(cookies.list[1].value, "");
	ck_assert_str_eq(cookies.list[1].path, "/orders");
	ck_assert(!cookies.list[1].is_http_only && !cookies.list[1].is_secure && cookies.list[1].is_host_only);
	axev__cookies_free(&cookies);
	cookies = read_valid("crlf.txt");
	ck_assert_uint_eq(cookies.count, 2);
	ck_assert_str_eq(cookies.list[0].value, "S3CRET-value");
	ck_assert_str_eq(cookies.list[1].value, "中文");
	axev__cookies_free(&cookies);
}
END_TEST

START_TEST(cookies__lists_of_the_protocol_and_of_extensions_are_read)
{
	struct axev__cookies cookies = read_valid("devtools.json");

	ck_assert_uint_eq(cookies.count, 2);
	ck_assert(cookies.is_json && cookies.list[0].is_http_only && !cookies.list[0].is_host_only);
	ck_assert_str_eq(cookies.list[0].domain, "shop.example");
	ck_assert_str_eq(cookies.list[0].same_site, "Lax");
	ck_assert_int_eq(cookies.list[0].expires_s, 4102444800);
	ck_assert_int_eq(cookies.list[1].expires_s, 0);
	ck_assert(cookies.list[1].is_host_only);
	ck_assert_ptr_null(cookies.list[1].same_site);
	axev__cookies_free(&cookies);
	cookies = read_valid("extension.json");
	ck_assert_str_eq(cookies.list[0].same_site, "None");
	ck_assert_int_eq(cookies.list[0].expires_s, 4102444800);
	ck_assert(!cookies.list[0].is_host_only && cookies.list[1].is_host_only);
	ck_assert_ptr_null(cookies.list[1].same_site);
	axev__cookies_free(&cookies);
}
END_TEST

/* ---- masks ---- */

static void check_mask(const char *head, const char *expected, uint64_t count)
{
	struct axev__sought sought = { 0 };
	uint8_t text[512];
	uint64_t found = 0;

	assert_ok(axev__sought_add(&sought, "zh", &err));
	assert_ok(axev__sought_add(&sought, "Token-12%3D", &err));
	assert_ok(axev__sought_add(&sought, "Token-12", &err));
	assert_ok(axev__sought_add(&sought, "", &err));
	memcpy(text, head, strlen(head) + 1);
	assert_ok(axev__head_mask(&sought, text, strlen(head), &found, &err));
	ck_assert_str_eq((char *)text, expected);
	ck_assert_uint_eq(found, count);
	axev__sought_free(&sought);
}

START_TEST(head_mask__values_of_cookies_are_masked_and_nothing_else)
{
	check_mask("GET /zh HTTP/1.1\r\nHost: zh\r\nAccept-Language: zh\r\n\r\n",
		   "GET /zh HTTP/1.1\r\nHost: zh\r\nAccept-Language: zh\r\n\r\n", 0);
	check_mask("GET / HTTP/1.1\r\nCookie: lang=zh; a=zhx; b=zh;c= zh \r\n\r\n",
		   "GET / HTTP/1.1\r\nCookie: lang=**; a=zhx; b=**;c= ** \r\n\r\n", 3);
	check_mask("GET / HTTP/1.1\r\ncookie: Token-12%3D\r\ncookie: x=yToken-12z\r\n\r\n",
		   "GET / HTTP/1.1\r\ncookie: ***********\r\ncookie: x=y********z\r\n\r\n", 2);
}
END_TEST

/* FORMAT.md, vector M1. */
START_TEST(head_mask__the_vector_of_the_format_is_kept)
{
	check_mask("POST /?t=Token-12= HTTP/1.1\r\nHost: shop.example\r\nCookie: lang=zh; sid=Token-12%3D; a=zhx\r\n"
		   "X-XSRF-TOKEN: Token-12=\r\n\r\n",
		   "POST /?t=Token-12= HTTP/1.1\r\nHost: shop.example\r\nCookie: lang=**; sid=***********; a=zhx\r\n"
		   "X-XSRF-TOKEN: *********\r\n\r\n",
		   3);
}
END_TEST

START_TEST(head_mask__long_values_are_masked_in_every_field_but_not_in_the_first_line)
{
	check_mask("GET /?t=Token-12 HTTP/1.1\r\nX-XSRF-TOKEN: Token-12=\r\nToken-12: a\r\n\r\n",
		   "GET /?t=Token-12 HTTP/1.1\r\nX-XSRF-TOKEN: *********\r\nToken-12: a\r\n\r\n", 1);
	check_mask("", "", 0);
	check_mask("GET / HTTP/1.1", "GET / HTTP/1.1", 0);
}
END_TEST

START_TEST(head_mask__short_values_are_not_looked_for)
{
	struct axev__sought sought = { 0 };

	assert_ok(axev__sought_add(&sought, "1234567", &err));
	ck_assert(!axev__sought_in(&sought, axev__span_str("1234567")));
	assert_ok(axev__sought_add(&sought, "a%2Bb%2Bc%2B%2B", &err));
	ck_assert(axev__sought_in(&sought, axev__span_str("xa%2Bb%2Bc%2B%2Bx")));
	ck_assert(!axev__sought_in(&sought, axev__span_str("a+b+c++")));
	assert_ok(axev__sought_add(&sought, "12345678%2B", &err));
	ck_assert(axev__sought_in(&sought, axev__span_str("x12345678+")));
	axev__sought_free(&sought);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cookies");
	TCase *tcase = tcase_create("cookies");

	tcase_add_test(tcase, cookies__invalid_files_fail_with_the_message_stated);
	tcase_add_test(tcase, cookies__files_of_curl_are_read);
	tcase_add_test(tcase, cookies__lists_of_the_protocol_and_of_extensions_are_read);
	tcase_add_test(tcase, head_mask__values_of_cookies_are_masked_and_nothing_else);
	tcase_add_test(tcase, head_mask__the_vector_of_the_format_is_kept);
	tcase_add_test(tcase, head_mask__long_values_are_masked_in_every_field_but_not_in_the_first_line);
	tcase_add_test(tcase, head_mask__short_values_are_not_looked_for);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
