/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs are data: valid/x.json (with x.canonical when it differs), invalid/x.json with x.error. */
#include "support.h"

#include <dirent.h>
#include <fcntl.h>

#include "base/io.h"
#include "base/json.h"
#include "base/limits.h"

static int is_json(const struct dirent *entry)
{
	return axev__span_ends(axev__span_str(entry->d_name), ".json");
}

static void read_data(const char *folder, const char *name, const char *suffix, struct axev__buf *out)
{
	char path[4096];
	axev_error err;

	snprintf(path, sizeof(path), "%s/json/%s/%.*s%s", getenv("AXEV_TEST_DATA"), folder,
		 (int)(strlen(name) - strlen(".json")), name, suffix);
	axev__buf_clear(out);
	assert_ok(axev__read_file(AT_FDCWD, path, out, &err));
}

static void check_valid(const char *name, struct axev__span text, struct axev__span expected)
{
	AXEV__BUF canonical = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__JSON *value = NULL, *again = NULL;
	axev_error err;

	assert_ok(axev__json_parse(text, &value, &err));
	assert_ok(axev__json_canonical(value, &canonical, &err));
	ck_assert_msg(axev__span_equal(axev__buf_view(&canonical), expected), "%s: found %s", name,
		      (char *)canonical.data);
	assert_ok(axev__json_parse_canonical(expected, &again, &err));
	if (!axev__span_equal(text, expected)) {
		AXEV__JSON *other = NULL;

		assert_fails(axev__json_parse_canonical(text, &other, &err), AXEV_E_FORMAT,
			     "expected canonical JSON (RFC 8785)");
	}
}

static void check_invalid(const char *name, struct axev__span text, const char *expected)
{
	axev__json *value = NULL;
	axev_error err = AXEV_ERROR_INIT;
	char found[1100];
	int status = axev__json_parse(text, &value, &err);

	axev_error_text(&err, found, sizeof(found));
	strcat(found, "\n");
	ck_assert_msg(status == AXEV_E_FORMAT || status == AXEV_E_LIMIT, "%s: status %d", name, status);
	ck_assert_msg(strcmp(found, expected) == 0, "%s: expected: %s found: %s", name, expected, found);
	ck_assert_ptr_null(value);
}

static int list(const char *folder, struct dirent ***ret_files)
{
	char path[4096];
	int count;

	snprintf(path, sizeof(path), "%s/json/%s", getenv("AXEV_TEST_DATA"), folder);
	count = scandir(path, ret_files, is_json, alphasort);
	ck_assert_int_gt(count, 0);
	return count;
}

START_TEST(json__valid_documents_have_the_canonical_form_stated)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB), expected = AXEV__BUF_INIT(AXEV__MIB);
	struct dirent **files;
	int count = list("valid", &files), i;

	for (i = 0; i < count; i++) {
		const char *name = files[i]->d_name;
		bool differs = strcmp(name, "members_in_any_order.json") == 0 ||
			       strcmp(name, "escapes.json") == 0;

		read_data("valid", name, ".json", &text);
		read_data("valid", name, differs ? ".canonical" : ".json", &expected);
		check_valid(name, axev__buf_view(&text), axev__buf_view(&expected));
		free(files[i]);
	}
	free(files);
}
END_TEST

START_TEST(json__invalid_documents_fail_with_the_message_stated)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB), expected = AXEV__BUF_INIT(AXEV__MIB);
	struct dirent **files;
	int count = list("invalid", &files), i;

	for (i = 0; i < count; i++) {
		read_data("invalid", files[i]->d_name, ".json", &text);
		read_data("invalid", files[i]->d_name, ".error", &expected);
		check_invalid(files[i]->d_name, axev__buf_view(&text), (char *)expected.data);
		free(files[i]);
	}
	free(files);
}
END_TEST

START_TEST(json__foreign_documents_may_hold_null_and_fractions)
{
	AXEV__BUF out = AXEV__BUF_INIT(100);
	AXEV__JSON *value = NULL;
	axev_error err;
	double real;

	assert_ok(axev__json_parse_foreign(axev__span_str("{\"a\":null,\"b\":1.5}"), &value, &err));
	ck_assert_int_eq(axev__json_type(axev__json_get(value, "a")), AXEV__JSON_OTHER);
	ck_assert(axev__json_as_real(axev__json_get(value, "b"), &real));
	ck_assert(real > 1.4 && real < 1.6);
	assert_fails(axev__json_canonical(value, &out, &err), AXEV_E_INVAL,
		     "null and fractions have no canonical form here");
}
END_TEST

START_TEST(json__a_member_of_another_type_is_named)
{
	AXEV__JSON *value = NULL;
	axev_error err;
	struct axev__span text;
	uint64_t number;
	uint8_t digest[2];
	int64_t ns;
	axev__json *member;
	bool flag;
	static const char *const known[] = { "n", NULL };

	assert_ok(axev__json_parse(axev__span_str("{\"n\":-1,\"s\":\"AB01\"}"), &value, &err));
	assert_fails(axev__json_string(value, "n", &text, &err), AXEV_E_FORMAT,
		     "member 'n': expected a string, found something else");
	assert_fails(axev__json_string(value, "x", &text, &err), AXEV_E_FORMAT,
		     "member 'x': expected a string, found none");
	assert_fails(axev__json_u64(value, "n", &number, &err), AXEV_E_FORMAT,
		     "member 'n': expected an integer from 0, found something else");
	assert_fails(axev__json_boolean(value, "n", &flag, &err), AXEV_E_FORMAT,
		     "member 'n': expected true or false, found something else");
	assert_fails(axev__json_array(value, "n", &member, &err), AXEV_E_FORMAT,
		     "member 'n': expected an array, found something else");
	assert_fails(axev__json_object(value, "n", &member, &err), AXEV_E_FORMAT,
		     "member 'n': expected an object, found something else");
	assert_fails(axev__json_hex(value, "s", digest, 2, &err), AXEV_E_FORMAT,
		     "member 's': expected 4 lower-case hexadecimal digits");
	assert_fails(axev__json_time(value, "s", &ns, &err), AXEV_E_FORMAT,
		     "member 's': expected a time as 2026-11-24T08:00:00.000000000Z");
	assert_fails(axev__json_only(value, known, &err), AXEV_E_FORMAT, "unknown member 's'");
}
END_TEST

START_TEST(json__what_is_written_is_sorted_and_can_be_read)
{
	AXEV__JSON *object = axev__json_new_object(), *again = NULL;
	AXEV__BUF out = AXEV__BUF_INIT(1000);
	const uint8_t digest[] = { 0xAB, 0x01 };
	axev__json *array = axev__json_new_array();
	axev_error err;

	assert_ok(axev__json_set_str(object, "b", "\x01\"", &err));
	assert_ok(axev__json_set_u64(object, "a", 9007199254740991u, &err));
	assert_ok(axev__json_set_bool(object, "c", true, &err));
	assert_ok(axev__json_set_hex(object, "Z", digest, 2, &err));
	assert_ok(axev__json_set_time(object, "t", 0, &err));
	assert_ok(axev__json_append_str(array, "x", &err));
	assert_ok(axev__json_set(object, "l", array, &err));
	assert_ok(axev__json_canonical(object, &out, &err));
	ck_assert_str_eq((char *)out.data,
			 "{\"Z\":\"ab01\",\"a\":9007199254740991,\"b\":\"\\u0001\\\"\",\"c\":true,"
			 "\"l\":[\"x\"],\"t\":\"1970-01-01T00:00:00.000000000Z\"}");
	assert_ok(axev__json_parse_canonical(axev__buf_view(&out), &again, &err));
	assert_fails(axev__json_set_u64(object, "a", 9007199254740992u, &err), AXEV_E_LIMIT,
		     "member 'a': expected at most 2^53-1");
	assert_fails(axev__json_set_str(object, "a", "\xFF", &err), AXEV_E_INVAL,
		     "member 'a': expected UTF-8");
	assert_fails(axev__json_set(object, "a", NULL, &err), AXEV_E_NOMEM, "out of memory");
}
END_TEST

START_TEST(json__pretty_form_is_indented_by_two)
{
	AXEV__JSON *value = NULL;
	AXEV__BUF out = AXEV__BUF_INIT(1000);
	axev_error err;

	assert_ok(axev__json_parse(axev__span_str("{\"b\":[1,{}],\"a\":[]}"), &value, &err));
	assert_ok(axev__json_pretty(value, &out, &err));
	ck_assert_str_eq((char *)out.data,
			 "{\n  \"a\": [],\n  \"b\": [\n    1,\n    {}\n  ]\n}\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("json");
	TCase *tcase = tcase_create("json");

	tcase_add_test(tcase, json__valid_documents_have_the_canonical_form_stated);
	tcase_add_test(tcase, json__invalid_documents_fail_with_the_message_stated);
	tcase_add_test(tcase, json__foreign_documents_may_hold_null_and_fractions);
	tcase_add_test(tcase, json__a_member_of_another_type_is_named);
	tcase_add_test(tcase, json__what_is_written_is_sorted_and_can_be_read);
	tcase_add_test(tcase, json__pretty_form_is_indented_by_two);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
