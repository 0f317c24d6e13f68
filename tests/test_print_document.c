/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/io.h"
#include "print/document.h"
#include "print/image.h"
#include "print/pdf.h"

static struct axev__document document;
static axev_error err;

static void setup(void)
{
	memset(&document, 0, sizeof(document));
	document.lang = "zh-cn";
	document.instant_ns = INT64_C(1795507200000000000);
	assert_ok(axev__doc_words(&document, AXEV__WORDS_PAGE, axev__span_str("# / #"), &err));
	assert_ok(axev__doc_words(&document, AXEV__WORDS_SIGN, axev__span_str("签名："), &err));
	assert_ok(axev__doc_words(&document, AXEV__WORDS_DATE, axev__span_str("年月日"), &err));
}

static void teardown(void)
{
	axev__document_free(&document);
}

static int temporary(void)
{
	char name[] = "/tmp/axev_print_XXXXXX";
	int fd = mkstemp(name);

	ck_assert_int_ge(fd, 0);
	unlink(name);
	return fd;
}

static unsigned print_pages(void)
{
	unsigned pages = 0;
	int fd = temporary();

	assert_ok(axev__print_pdf(&document, fd, &pages, &err));
	close(fd);
	return pages;
}

START_TEST(print_document__text_that_could_act_is_shown_inert)
{
	assert_ok(axev__doc_text(&document, AXEV__STYLE_BODY,
				 axev__span_str("a\r\nb\x1b[1m\xE2\x80\xAE" "c"), &err));
	ck_assert_str_eq(document.blocks[0].text, "a\nb\\u{1b}[1m\\u{202e}c");
	assert_ok(axev__doc_text(&document, AXEV__STYLE_BODY, axev__span("\xFF", 1), &err));
	ck_assert_str_eq(document.blocks[1].text, "\\xff");
	assert_ok(axev__doc_text(&document, AXEV__STYLE_BODY, axev__span("", 0), &err));
	ck_assert_str_eq(document.blocks[2].text, "");
}
END_TEST

START_TEST(print_document__a_long_text_is_cut_and_says_so)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	const char *kept;
	unsigned i;

	for (i = 0; i < 20000; i++)
		assert_ok(axev__buf_str(&text, "茶", &err));
	assert_ok(axev__doc_text(&document, AXEV__STYLE_BODY, axev__buf_view(&text), &err));
	kept = document.blocks[0].text;
	ck_assert_uint_eq(strspn(kept, "茶") / 3, 10922);
	ck_assert_str_eq(kept + 10922 * 3, "… [+27234 字节未印 / bytes not printed]");
	axev__buf_clear(&text);
	for (i = 0; i < 1003; i++)
		assert_ok(axev__buf_str(&text, "\n", &err));
	assert_ok(axev__doc_text(&document, AXEV__STYLE_BODY, axev__buf_view(&text), &err));
	ck_assert_str_eq(document.blocks[1].text + 1000, "… [+3 字节未印 / bytes not printed]");
}
END_TEST

START_TEST(print_document__digests_stand_in_groups_of_eight_four_a_line)
{
	AXEV__BUF out = AXEV__BUF_INIT(200);

	assert_ok(axev__group_hex(&out, axev__span_str("0123456789abcdef0123456789abcdef0123"), "\n", &err));
	ck_assert_str_eq((char *)out.data, "01234567 89abcdef 01234567 89abcdef\n0123");
}
END_TEST

START_TEST(print_document__cells_need_a_row_and_rows_a_table)
{
	static const struct axev__cell look = { .style = AXEV__STYLE_BODY };
	static const uint16_t weights[] = { 1 };

	assert_fails(axev__doc_row(&document, 0, &err), AXEV_E_INTERNAL,
		     "expected a table before its rows");
	assert_ok(axev__doc_table(&document, weights, 1, &err));
	assert_fails(axev__doc_cell(&document, &look, axev__span_str("x"), &err), AXEV_E_INTERNAL,
		     "expected a row before its cells");
	assert_fails(axev__doc_table(&document, weights, 13, &err), AXEV_E_INTERNAL,
		     "expected 1 to 12 columns, found 13");
}
END_TEST

static void add_rows(unsigned count, const char *text)
{
	static const struct axev__cell look = { .style = AXEV__STYLE_BODY };
	static const uint16_t weights[] = { 1, 3 };
	unsigned i;

	assert_ok(axev__doc_table(&document, weights, 2, &err));
	for (i = 0; i < count; i++) {
		assert_ok(axev__doc_row(&document, i == 0 ? AXEV__ROW_HEAD : 0, &err));
		assert_ok(axev__doc_cell(&document, &look, axev__span_str("数"), &err));
		assert_ok(axev__doc_cell(&document, &look, axev__span_str(i == 0 ? "头" : text), &err));
	}
}

START_TEST(print_document__an_empty_document_is_one_page)
{
	ck_assert_uint_eq(print_pages(), 1);
}
END_TEST

START_TEST(print_document__rows_go_on_over_pages)
{
	add_rows(100, "行");
	ck_assert_uint_eq(print_pages(), 3); /* 20 points a row, 702 a page, the head again on each */
}
END_TEST

START_TEST(print_document__a_row_taller_than_a_page_is_continued)
{
	char text[2 * 150 + 1];
	unsigned i;

	for (i = 0; i < 150; i++)
		memcpy(text + 2 * i, "x\n", 2);
	text[2 * 150] = '\0';
	add_rows(2, text);
	ck_assert_uint_eq(print_pages(), 4);
}
END_TEST

START_TEST(print_document__a_heading_goes_with_what_follows)
{
	unsigned i;

	/* 34 lines of 15 and 4 points leave no room for a heading and the box under it. */
	for (i = 0; i < 34; i++)
		assert_ok(axev__doc_text(&document, AXEV__STYLE_BODY, axev__span_str("文"), &err));
	ck_assert_uint_eq(print_pages(), 1);
	assert_ok(axev__doc_heading(&document, "签名", &err));
	assert_ok(axev__doc_signature(&document, "执法人员", axev__span_str("张三"), &err));
	ck_assert_uint_eq(print_pages(), 2);
}
END_TEST

START_TEST(print_document__the_same_document_gives_the_same_bytes)
{
	AXEV__BUF first = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF second = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__buf *out[] = { &first, &second };
	unsigned pages, i;

	add_rows(30, "完整性校验值 0123456789abcdef");
	for (i = 0; i < 2; i++) {
		int fd = temporary();
		uint64_t size;

		assert_ok(axev__print_pdf(&document, fd, &pages, &err));
		assert_ok(axev__file_size(fd, &size, &err));
		assert_ok(axev__buf_reserve(out[i], size, &err));
		assert_ok(axev__pread_full(fd, out[i]->data, size, 0, &err));
		out[i]->size = size;
		close(fd);
	}
	ck_assert_uint_gt(first.size, 1000);
	ck_assert(axev__span_equal(axev__buf_view(&first), axev__buf_view(&second)));
}
END_TEST

START_TEST(print_document__a_descriptor_that_cannot_be_written_is_an_error)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	unsigned pages;

	add_rows(3, "行");
	ck_assert_int_eq(axev__print_pdf(&document, fd, &pages, &err), AXEV_E_IO);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("print_document");
	TCase *tcase = tcase_create("print_document");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, print_document__text_that_could_act_is_shown_inert);
	tcase_add_test(tcase, print_document__a_long_text_is_cut_and_says_so);
	tcase_add_test(tcase, print_document__digests_stand_in_groups_of_eight_four_a_line);
	tcase_add_test(tcase, print_document__cells_need_a_row_and_rows_a_table);
	tcase_add_test(tcase, print_document__an_empty_document_is_one_page);
	tcase_add_test(tcase, print_document__rows_go_on_over_pages);
	tcase_add_test(tcase, print_document__a_row_taller_than_a_page_is_continued);
	tcase_add_test(tcase, print_document__a_heading_goes_with_what_follows);
	tcase_add_test(tcase, print_document__the_same_document_gives_the_same_bytes);
	tcase_add_test(tcase, print_document__a_descriptor_that_cannot_be_written_is_an_error);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
