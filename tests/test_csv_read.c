/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "content/csv_read.h"
#include "content/gb18030.h"

static axev_error err;
static struct axev__csv_reader csv; /* large */

static const struct axev__csv_dialect usual = { ',', '"' };

/* All rows as one text: fields in [], quoted ones in <>, a row a line. */
static int read_all(struct axev__span bytes, enum axev__text_encoding encoding, const struct axev__csv_dialect *dialect,
		    struct axev__buf *out)
{
	AXEV__TEXT_READER text = { 0 };
	struct axev__source source = axev__source_memory(bytes);
	bool more;
	size_t i;

	TRY(axev__text_open(&source, encoding, AXEV__MAX_RECORD_BYTES, &text, &err));
	axev__csv_init(&csv, &text, dialect);
	for (;;) {
		TRY(axev__csv_next(&csv, &more, &err));
		if (!more)
			return AXEV_OK;
		for (i = 0; i < csv.count; i++) {
			TRY(axev__buf_byte(out, csv.fields[i].is_quoted ? '<' : '[', &err));
			TRY(axev__buf_span(out, axev__csv_text(&csv, i), &err));
			TRY(axev__buf_byte(out, csv.fields[i].is_quoted ? '>' : ']', &err));
		}
		TRY(axev__buf_byte(out, '\n', &err));
	}
}

static void assert_rows(const char *bytes, const struct axev__csv_dialect *dialect, const char *want)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MIB);

	assert_ok(read_all(axev__span_str(bytes), AXEV__TEXT_UTF8, dialect, &out));
	assert_ok(axev__buf_byte(&out, 0, &err));
	ck_assert_str_eq((char *)out.data, want);
}

#define assert_refused(bytes, size, status, message) \
	do { \
		AXEV__BUF out_ = AXEV__BUF_INIT(AXEV__MIB); \
		assert_fails(read_all(axev__span(bytes, size), AXEV__TEXT_UTF8, &usual, &out_), status, message); \
	} while (0)
#define assert_wrong(bytes, message) assert_refused(bytes, sizeof(bytes) - 1, AXEV_E_FORMAT, message)

START_TEST(csv_read__rows_end_in_crlf_or_lf_and_the_last_one_as_it_likes)
{
	assert_rows("a,b\r\nc,d\n,e", &usual, "[a][b]\n[c][d]\n[][e]\n");
	assert_rows("a,\n", &usual, "[a][]\n");
	assert_rows("a,", &usual, "[a][]\n");
	assert_rows("", &usual, "");
	assert_rows("\n\n", &usual, "[]\n[]\n");
	assert_rows("\xEF\xBB\xBF", &usual, "");
	assert_rows("\xEF\xBB\xBF" "a", &usual, "[a]\n");
}
END_TEST

START_TEST(csv_read__quotes_keep_delimiters_line_breaks_and_quotes)
{
	assert_rows("\"a,\"\"b\"\"\",\"\"\r\n\"x\r\ny\rz\"\n\"\"\"\"", &usual, "<a,\"b\"><>\n<x\r\ny\rz>\n<\">\n");
}
END_TEST

START_TEST(csv_read__signs_are_the_callers)
{
	const struct axev__csv_dialect tab = { '\t', '\'' }, none = { ';', AXEV__CSV_NO_QUOTE };
	const struct axev__csv_dialect bad[] = { { ',', ',' }, { '\n', '"' }, { 0x80, '"' }, { ',', '\r' }, { 0, '"' } };
	size_t i;

	assert_rows("a,b\t'c''\td'\n", &tab, "[a,b]<c'\td>\n");
	assert_rows("\"a\";b\"\n", &none, "[\"a\"][b\"]\n");
	for (i = 0; i < AXEV__COUNT(bad); i++)
		ck_assert(!axev__csv_dialect_is_valid(&bad[i]));
	ck_assert(axev__csv_dialect_is_valid(&tab) && axev__csv_dialect_is_valid(&none));
}
END_TEST

START_TEST(csv_read__what_could_be_read_in_two_ways_is_refused)
{
	assert_wrong("a,b\nc,\"d\ne,f\n", "line 2, field 2: the quote that begins it is never closed");
	assert_wrong("a\nb\"c\n", "line 2, field 1: a quote inside of a field that does not begin with one");
	assert_wrong("\"a\"b\n", "line 1, field 1: expected the delimiter or the end of the line behind a quote");
	assert_wrong("\"a\nb\" ,c", "line 2, field 1: expected the delimiter or the end of the line behind a quote");
	assert_wrong("a,b\rc,d\r", "line 1: a CR without LF behind it: lines end in CRLF or LF");
	assert_wrong("a,\"b\"\rc", "line 1: a CR without LF behind it: lines end in CRLF or LF");
	assert_wrong("a\nb\r", "line 2: a CR without LF behind it: lines end in CRLF or LF");
	assert_wrong("a,b\nc,\0\n", "line 2, field 2: a NUL byte");
	assert_wrong("a,\"\0\"\n", "line 1, field 2: a NUL byte");
	assert_wrong("a\nb\n\xD0\xD5\n",
		     "line 3, byte 4 of the file: not UTF-8; --encoding gb18030 if it is GB18030");
	assert_wrong("\xEF\xBB\xBF" "a\n\xE7\x8E",
		     "line 2, byte 5 of the file: not UTF-8; --encoding gb18030 if it is GB18030");
	assert_wrong("\xFF\xFE" "a\0", "begins with the byte order mark of UTF-16, which is not read");
}
END_TEST

START_TEST(csv_read__fields_and_bytes_of_a_row_have_a_limit)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(2 * AXEV__MAX_RECORD_BYTES);
	int i;

	for (i = 0; i < AXEV__MAX_RECORD_FIELDS; i++)
		assert_ok(axev__buf_byte(&bytes, ',', &err));
	assert_refused(bytes.data, bytes.size, AXEV_E_LIMIT, "line 1: expected at most 4096 fields");
	axev__buf_clear(&bytes);
	assert_ok(axev__buf_reserve(&bytes, AXEV__MAX_RECORD_BYTES + 2 * AXEV__COPY_CHUNK, &err));
	bytes.size = AXEV__MAX_RECORD_BYTES + 2 * AXEV__COPY_CHUNK;
	memset(bytes.data, 'x', bytes.size);
	memcpy(bytes.data, "a\n\"", 3);
	assert_refused(bytes.data, bytes.size, AXEV_E_LIMIT,
		       "line 2: expected a row of at most 67108864 bytes; is a quote never closed?");
}
END_TEST

/* Each byte of the text comes to lie at the seam of two pieces once. */
START_TEST(csv_read__pieces_of_the_file_leave_no_trace)
{
	static const char row[] = "王小明,\"a\r\n\"\"b\"\"\",\xF0\x9F\x98\x80\r\n";
	AXEV__BUF bytes = AXEV__BUF_INIT(4 * AXEV__MIB), out = AXEV__BUF_INIT(8 * AXEV__MIB);
	AXEV__BUF want = AXEV__BUF_INIT(8 * AXEV__MIB);
	size_t shift;

	for (shift = 0; shift < sizeof(row); shift++) {
		axev__buf_clear(&bytes);
		axev__buf_clear(&out);
		axev__buf_clear(&want);
		assert_ok(axev__buf_reserve(&bytes, AXEV__COPY_CHUNK, &err));
		memset(bytes.data, 'x', AXEV__COPY_CHUNK);
		bytes.size = AXEV__COPY_CHUNK - 1 - shift;
		bytes.data[0] = '[';
		assert_ok(axev__buf_append(&want, bytes.data, bytes.size, &err));
		bytes.data[0] = 'x';
		want.data[0] = '[';
		axev__buf_consume(&want, 1);
		assert_ok(axev__buf_byte(&bytes, '\n', &err));
		assert_ok(axev__buf_str(&bytes, row, &err));
		assert_ok(axev__buf_str(&want, "x]\n[王小明]<a\r\n\"b\">[\xF0\x9F\x98\x80]\n", &err));
		assert_ok(read_all(axev__buf_view(&bytes), AXEV__TEXT_UTF8, &usual, &out));
		ck_assert_int_eq(out.data[0], '[');
		ck_assert(axev__span_equal(axev__span(out.data + 1, out.size - 1), axev__buf_view(&want)));
	}
}
END_TEST

static void assert_gb18030(const char *bytes, size_t size, const char *want)
{
	AXEV__BUF out = AXEV__BUF_INIT(1000);
	size_t used;

	assert_ok(axev__gb18030_decode(axev__span(bytes, size), true, &out, &used, &err));
	ck_assert_uint_eq(used, size);
	ck_assert(axev__span_is(axev__buf_view(&out), want));
}

START_TEST(csv_read__gb18030_has_one_two_and_four_bytes)
{
	AXEV__BUF out = AXEV__BUF_INIT(1000);
	const char *bad[] = { "\x80", "\xFF", "\x81\x7F", "\x81\xFF", "\x81\x30\x7F\x30", "\x81\x30\x81\x3A",
			      "\x84\x31\xA5\x30", "\xE3\x32\x9A\x36", "\x81", "\x81\x30\x81" };
	size_t used, i;

	assert_gb18030("a\xB0\xB2\xCF\xAA", 5, "a安溪");
	assert_gb18030("\x81\x30\x81\x30\x90\x30\x81\x30\xE3\x32\x9A\x35", 12, "\xC2\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
	assert_gb18030("\xA8\xBC\x81\x35\xF4\x37\x84\x31\xA4\x39", 10, "\u1E3F\uE7C7\uFFFF");
	for (i = 0; i < AXEV__COUNT(bad); i++) {
		assert_fails(axev__gb18030_decode(axev__span_str(bad[i]), true, &out, &used, &err), AXEV_E_FORMAT,
			     "not GB18030");
		ck_assert_uint_eq(used, 0);
	}
	assert_ok(axev__gb18030_decode(axev__span_str("a\x81\x30\x81"), false, &out, &used, &err));
	ck_assert_uint_eq(used, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("csv_read");
	TCase *tcase = tcase_create("csv_read");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, csv_read__rows_end_in_crlf_or_lf_and_the_last_one_as_it_likes);
	tcase_add_test(tcase, csv_read__quotes_keep_delimiters_line_breaks_and_quotes);
	tcase_add_test(tcase, csv_read__signs_are_the_callers);
	tcase_add_test(tcase, csv_read__what_could_be_read_in_two_ways_is_refused);
	tcase_add_test(tcase, csv_read__fields_and_bytes_of_a_row_have_a_limit);
	tcase_add_test(tcase, csv_read__pieces_of_the_file_leave_no_trace);
	tcase_add_test(tcase, csv_read__gb18030_has_one_two_and_four_bytes);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
