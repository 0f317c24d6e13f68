/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs are data: tests/data/steps/valid/x.json, invalid/x.json with x.error. */
#include <dirent.h>
#include <fcntl.h>

#include "support.h"

#include "base/io.h"
#include "base/limits.h"
#include "capture/web/steps.h"

static axev_error err;

static void read_data(const char *folder, const char *name, const char *suffix, struct axev__buf *out)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/steps/%s/%.*s%s", getenv("AXEV_TEST_DATA"), folder,
		 (int)strcspn(name, "."), name, suffix);
	assert_ok(axev__read_file(AT_FDCWD, path, out, &err));
}

static int is_json(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0;
}

static void check_invalid(const char *name)
{
	struct axev__buf text = AXEV__BUF_INIT(AXEV__MIB), expected = AXEV__BUF_INIT(AXEV__KIB);
	struct axev__steps steps = AXEV__STEPS_INIT;
	char found[1100];
	int status;

	memset(&err, 0, sizeof(err));
	read_data("invalid", name, ".json", &text);
	read_data("invalid", name, ".error", &expected);
	status = axev__steps_read(axev__buf_view(&text), &steps, &err);
	axev_error_text(&err, found, sizeof(found));
	ck_assert_msg(status < 0, "%s was taken", name);
	ck_assert_str_eq(found, strtok((char *)expected.data, "\n"));
	ck_assert_ptr_null(steps.list);
	ck_assert_ptr_null(steps.bytes.data);
	axev__buf_free(&text);
	axev__buf_free(&expected);
}

START_TEST(steps__invalid_files_fail_with_the_message_stated)
{
	struct dirent **files;
	char path[512];
	int count, i;

	snprintf(path, sizeof(path), "%s/steps/invalid", getenv("AXEV_TEST_DATA"));
	count = scandir(path, &files, is_json, alphasort);
	ck_assert_int_ge(count, 50);
	for (i = 0; i < count; i++) {
		check_invalid(files[i]->d_name);
		free(files[i]);
	}
	free(files);
}
END_TEST

START_TEST(steps__every_kind_of_step_is_read)
{
	struct axev__buf text = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__steps steps = AXEV__STEPS_INIT;

	read_data("valid", "every_step", ".json", &text);
	assert_ok(axev__steps_read(axev__buf_view(&text), &steps, &err));
	ck_assert_uint_eq(steps.count, 17);
	ck_assert(axev__span_equal(axev__buf_view(&steps.bytes), axev__buf_view(&text)));
	ck_assert_str_eq(steps.list[0].selector, "#user");
	ck_assert_str_eq(steps.list[0].value, "buyer-7");
	ck_assert(steps.list[0].is_cleared);
	ck_assert_uint_eq(steps.list[0].timeout_ms, 30000);
	ck_assert_int_eq(steps.list[1].secret, AXEV__SECRET_ENV);
	ck_assert_ptr_null(steps.list[1].value);
	ck_assert_uint_eq(steps.list[4].timeout_ms, 60000);
	ck_assert_int_eq(steps.list[9].scroll_by, -300);
	ck_assert(steps.list[8].is_to_end);
	ck_assert_uint_eq(steps.list[13].wait_ms, 500);
	ck_assert(steps.list[16].is_full);
	axev__steps_free(&steps);
	axev__buf_free(&text);
}
END_TEST

START_TEST(steps__frames_are_one_selector_or_a_path_of_them)
{
	struct axev__buf text = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__steps steps = AXEV__STEPS_INIT;

	read_data("valid", "frames", ".json", &text);
	assert_ok(axev__steps_read(axev__buf_view(&text), &steps, &err));
	ck_assert_uint_eq(steps.count, 3);
	ck_assert_uint_eq(steps.list[0].frame_count, 1);
	ck_assert_str_eq(steps.list[0].frames[0], "#pay");
	ck_assert_uint_eq(steps.list[1].frame_count, 2);
	ck_assert_str_eq(steps.list[1].frames[1], "iframe[name=inner]");
	ck_assert_uint_eq(steps.list[2].frame_count, 1);
	axev__steps_free(&steps);
	axev__buf_free(&text);
}
END_TEST

/* ---- secrets ---- */

static const char one_env[] =
	"{\"format\":\"ax-steps/1\",\"steps\":[{\"do\":\"type\",\"selector\":\"a\",\"secret\":{\"env\":\"AXEV_T\"}}]}";
static const char one_prompt[] =
	"{\"format\":\"ax-steps/1\",\"steps\":[{\"do\":\"type\",\"selector\":\"a\",\"secret\":{\"prompt\":\"p\\u001bq\"}}]}";

static char nothing[] = "", sesame[] = "open sesame", latin1[] = "caf\xE9";

static int answer(void *payload, const char *prompt, char *out, size_t out_bytes)
{
	ck_assert_str_eq(prompt, "p\\u{1b}q");
	snprintf(out, out_bytes, "%s", (const char *)payload);
	return 0;
}

static int fill_without_end(void *payload, const char *prompt, char *out, size_t out_bytes)
{
	(void)payload;
	(void)prompt;
	memset(out, 'x', out_bytes);
	return 0;
}

START_TEST(steps__secrets_come_from_the_environment)
{
	struct axev__steps steps = AXEV__STEPS_INIT;
	char long_value[AXEV__MAX_SECRET_BYTES + 2];

	assert_ok(axev__steps_read(axev__span_str(one_env), &steps, &err));
	unsetenv("AXEV_T");
	assert_fails(axev__steps_take_secrets(&steps, NULL, NULL, &err), AXEV_E_INVAL,
		     "step 1 (type): the variable AXEV_T is not set");
	setenv("AXEV_T", "", 1);
	assert_fails(axev__steps_take_secrets(&steps, NULL, NULL, &err), AXEV_E_INVAL,
		     "step 1 (type): the variable AXEV_T is not set");
	memset(long_value, 'x', sizeof(long_value));
	long_value[sizeof(long_value) - 1] = '\0';
	setenv("AXEV_T", long_value, 1);
	assert_fails(axev__steps_take_secrets(&steps, NULL, NULL, &err), AXEV_E_LIMIT,
		     "step 1 (type): the variable AXEV_T has more than 1024 bytes");
	setenv("AXEV_T", "hunter2", 1);
	assert_ok(axev__steps_take_secrets(&steps, NULL, NULL, &err));
	ck_assert_str_eq(steps.list[0].typed, "hunter2");
	axev__steps_free(&steps);
}
END_TEST

START_TEST(steps__secrets_are_asked_for)
{
	struct axev__steps steps = AXEV__STEPS_INIT;

	assert_ok(axev__steps_read(axev__span_str(one_prompt), &steps, &err));
	assert_fails(axev__steps_take_secrets(&steps, NULL, NULL, &err), AXEV_E_INVAL,
		     "step 1 (type): the secret is to be asked for, and there is nobody to ask");
	assert_fails(axev__steps_take_secrets(&steps, answer, nothing, &err), AXEV_E_INVAL,
		     "step 1 (type): no secret was given");
	assert_fails(axev__steps_take_secrets(&steps, fill_without_end, NULL, &err), AXEV_E_INVAL,
		     "step 1 (type): no secret was given");
	assert_ok(axev__steps_take_secrets(&steps, answer, sesame, &err));
	ck_assert_str_eq(steps.list[0].typed, "open sesame");
	axev__steps_free(&steps);
}
END_TEST

START_TEST(steps__a_secret_that_is_not_utf8_is_refused)
{
	struct axev__steps steps = AXEV__STEPS_INIT;

	assert_ok(axev__steps_read(axev__span_str(one_prompt), &steps, &err));
	assert_fails(axev__steps_take_secrets(&steps, answer, latin1, &err), AXEV_E_INVAL,
		     "step 1 (type): the secret is not UTF-8");
	axev__steps_free(&steps);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("steps");
	TCase *tcase = tcase_create("steps");

	tcase_add_test(tcase, steps__invalid_files_fail_with_the_message_stated);
	tcase_add_test(tcase, steps__every_kind_of_step_is_read);
	tcase_add_test(tcase, steps__frames_are_one_selector_or_a_path_of_them);
	tcase_add_test(tcase, steps__secrets_come_from_the_environment);
	tcase_add_test(tcase, steps__secrets_are_asked_for);
	tcase_add_test(tcase, steps__a_secret_that_is_not_utf8_is_refused);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
