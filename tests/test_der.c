/* SPDX-License-Identifier: Apache-2.0 */
/* DER: one way to write a value, and no other way is read. */
#include "support_pki.h"

static axev_error err;

static int check_hex(const char *hex)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	pki_unhex(hex, &bytes);
	memset(&err, 0, sizeof(err));
	return axev__der_check(axev__buf_view(&bytes), "value", &err);
}

START_TEST(der__values_in_their_shortest_form_are_taken)
{
	static const char *const cases[] = {
		"0500",                 /* NULL */
		"010100", "0101ff",     /* BOOLEAN */
		"020100", "02017f", "02020080", "020180", "0202ff7f", /* INTEGER 0, 127, 128, -128, -129 */
		"030100", "03020780", "0302000f", /* BIT STRING */
		"0400",   "0603550403",
		"3000",   "3100",
		"a000",   "8000", "a1020500",
		"30060201010101ff",
	};
	AXEV__BUF longer = AXEV__BUF_INIT(1024);
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++)
		ck_assert_msg(check_hex(cases[i]) == AXEV_OK, "%s: %s", cases[i], err.message);
	/* 128 bytes need a length of two octets. */
	assert_ok(axev__buf_append(&longer, "\x04\x81\x80", 3, &err));
	for (i = 0; i < 128; i++)
		assert_ok(axev__buf_byte(&longer, 0, &err));
	assert_ok(axev__der_check(axev__buf_view(&longer), "value", &err));
}
END_TEST

START_TEST(der__other_forms_are_refused_with_their_place)
{
	static const struct {
		const char *hex, *text;
		uint64_t offset;
	} cases[] = {
		{ "", "value: expected a DER value, found the end", 0 },
		{ "05", "value: expected a DER value, found the end", 0 },
		{ "0501", "value: the value is longer than what holds it", 0 },
		{ "050000", "value: expected the end, found more bytes", 2 },
		{ "050100", "value: expected an empty NULL", 0 },
		{ "1f8201" "00", "value: expected a low tag number", 0 },
		{ "30800000", "value: expected a definite length of at most four octets", 0 },
		{ "3085000000000100", "value: expected a definite length of at most four octets", 0 },
		{ "0482", "value: expected a definite length of at most four octets", 0 },
		{ "048105" "0000000000", "value: expected the shortest length", 0 },
		{ "04820005" "0000000000", "value: expected the shortest length", 0 },
		{ "010101", "value: expected a BOOLEAN of 00 or ff", 0 },
		{ "01020000", "value: expected a BOOLEAN of 00 or ff", 0 },
		{ "0200", "value: expected an INTEGER of at least one octet", 0 },
		{ "0202007f", "value: expected the shortest INTEGER", 0 },
		{ "0202ff80", "value: expected the shortest INTEGER", 0 },
		{ "0300", "value: expected a BIT STRING with zero padding", 0 },
		{ "030101", "value: expected a BIT STRING with zero padding", 0 },
		{ "03020801", "value: expected a BIT STRING with zero padding", 0 },
		{ "03020701", "value: expected a BIT STRING with zero padding", 0 },
		{ "24020400", "value: primitive and constructed form do not fit the type", 0 },
		{ "1000", "value: primitive and constructed form do not fit the type", 0 },
		{ "1100", "value: primitive and constructed form do not fit the type", 0 },
		{ "0000", "value: primitive and constructed form do not fit the type", 0 },
		{ "30050201010501", "value: the value is longer than what holds it", 5 },
		{ "3003020200", "value: the value is longer than what holds it", 2 },
		{ "a00302020000", "value: expected the end, found more bytes", 5 },
		{ "30060500010105" "0000", "value: expected the end, found more bytes", 8 },
		{ "30050500010105", "value: expected a BOOLEAN of 00 or ff", 4 },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		ck_assert_msg(check_hex(cases[i].hex) == AXEV_E_FORMAT, "%s", cases[i].hex);
		ck_assert_str_eq(err.message, cases[i].text);
		ck_assert_msg(err.has_offset && err.offset == cases[i].offset, "%s: offset %llu",
			      cases[i].hex, (unsigned long long)err.offset);
	}
}
END_TEST

START_TEST(der__depth_and_size_have_limits)
{
	AXEV__BUF deep = AXEV__BUF_INIT(1024);
	AXEV__BUF inner = AXEV__BUF_INIT(1024);
	AXEV__FREE uint8_t *large = calloc(1, AXEV__MAX_DER_BYTES + 1);
	size_t i;

	for (i = 0; i < AXEV__MAX_DER_DEPTH; i++) {
		axev__buf_clear(&inner);
		assert_ok(axev__buf_span(&inner, axev__buf_view(&deep), &err));
		axev__buf_clear(&deep);
		assert_ok(axev__der_put(&deep, AXEV__DER_SEQUENCE, axev__buf_view(&inner), &err));
	}
	assert_ok(axev__der_check(axev__buf_view(&deep), "value", &err));
	axev__buf_clear(&inner);
	assert_ok(axev__der_put(&inner, AXEV__DER_SEQUENCE, axev__buf_view(&deep), &err));
	assert_fails(axev__der_check(axev__buf_view(&inner), "value", &err), AXEV_E_LIMIT,
		     "value: nested deeper than 32");
	assert_fails(axev__der_check(axev__span(large, AXEV__MAX_DER_BYTES + 1), "value", &err),
		     AXEV_E_LIMIT, "value: larger than 262144 bytes");
}
END_TEST

START_TEST(der__numbers_of_64_bits_are_read_and_no_others)
{
	static const struct {
		const char *hex;
		bool is_number;
		uint64_t value;
	} cases[] = {
		{ "00", true, 0 },
		{ "7f", true, 127 },
		{ "0080", true, 128 },
		{ "00ffffffffffffffff", true, UINT64_MAX },
		{ "7fffffffffffffff", true, INT64_MAX },
		{ "", false, 0 },
		{ "80", false, 0 },     /* negative */
		{ "0001", false, 0 },   /* not the shortest */
		{ "010000000000000000", false, 0 },
		{ "0080000000000000ffff", false, 0 },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		AXEV__BUF bytes = AXEV__BUF_INIT(100);
		uint64_t value = 4711;

		pki_unhex(cases[i].hex, &bytes);
		ck_assert_msg(axev__der_u64(axev__buf_view(&bytes), &value) == cases[i].is_number, "%s",
			      cases[i].hex);
		ck_assert_uint_eq(value, cases[i].is_number ? cases[i].value : 4711);
	}
}
END_TEST

START_TEST(der__what_is_written_is_read_back)
{
	static const uint64_t numbers[] = { 0, 1, 127, 128, 255, 256, 65535, INT64_MAX, UINT64_MAX };
	static const size_t sizes[] = { 0, 1, 127, 128, 255, 256, 65535, 65536, 200000 };
	AXEV__FREE uint8_t *content = calloc(1, 200000);
	size_t i;

	for (i = 0; i < AXEV__COUNT(numbers); i++) {
		AXEV__BUF out = AXEV__BUF_INIT(100);
		struct axev__der der;
		struct axev__span body;
		uint64_t value;

		assert_ok(axev__der_put_small(&out, numbers[i], &err));
		assert_ok(axev__der_check(axev__buf_view(&out), "number", &err));
		der = axev__der_open(axev__buf_view(&out));
		assert_ok(axev__der_take(&der, AXEV__DER_INTEGER, &body, NULL, "number", &err));
		ck_assert(axev__der_u64(body, &value));
		ck_assert_uint_eq(value, numbers[i]);
	}
	for (i = 0; i < AXEV__COUNT(sizes); i++) {
		AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
		struct axev__der der;
		struct axev__span body;

		assert_ok(axev__der_put(&out, AXEV__DER_OCTET_STRING, axev__span(content, sizes[i]), &err));
		assert_ok(axev__der_check(axev__buf_view(&out), "octets", &err));
		der = axev__der_open(axev__buf_view(&out));
		assert_ok(axev__der_take(&der, AXEV__DER_OCTET_STRING, &body, NULL, "octets", &err));
		ck_assert_uint_eq(body.size, sizes[i]);
		ck_assert(axev__der_done(&der));
	}
}
END_TEST

START_TEST(der__sets_are_written_in_the_order_of_their_encodings)
{
	AXEV__BUF out = AXEV__BUF_INIT(100);
	AXEV__BUF expected = AXEV__BUF_INIT(100);
	struct axev__span elements[] = { axev__span("\x04\x01\x02", 3), axev__span("\x02\x01\x09", 3),
					 axev__span("\x04\x00", 2), axev__span("\x04\x01\x01", 3) };

	assert_ok(axev__der_put_set_of(&out, AXEV__DER_SET, elements, 4, &err));
	pki_unhex("310b" "020109" "0400" "040101" "040102", &expected);
	ck_assert_uint_eq(out.size, expected.size);
	ck_assert_mem_eq(out.data, expected.data, out.size);
}
END_TEST

START_TEST(der__a_value_with_another_tag_is_not_taken)
{
	struct axev__der der = axev__der_open(axev__span("\x05\x00", 2)), before = der;
	struct axev__span content = { 0 };

	assert_fails(axev__der_take(&der, AXEV__DER_INTEGER, &content, NULL, "number", &err), AXEV_E_FORMAT,
		     "number: expected tag 02, found 05");
	ck_assert_mem_eq(&der, &before, sizeof(der));
	ck_assert_ptr_null(content.data);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("der");
	TCase *tcase = tcase_create("der");

	tcase_add_test(tcase, der__values_in_their_shortest_form_are_taken);
	tcase_add_test(tcase, der__other_forms_are_refused_with_their_place);
	tcase_add_test(tcase, der__depth_and_size_have_limits);
	tcase_add_test(tcase, der__numbers_of_64_bits_are_read_and_no_others);
	tcase_add_test(tcase, der__what_is_written_is_read_back);
	tcase_add_test(tcase, der__sets_are_written_in_the_order_of_their_encodings);
	tcase_add_test(tcase, der__a_value_with_another_tag_is_not_taken);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
