/* SPDX-License-Identifier: Apache-2.0 */
/* Packages of kind web with any objects and members, properly signed, as a dishonest maker would have them: exported and verified. */
#ifndef AXEV_TESTS_WEB_PACKAGE_H
#define AXEV_TESTS_WEB_PACKAGE_H

#include "support.h"

#include <fcntl.h>

#include <ax_evidence/ax_evidence.h>

#include "base/io.h"
#include "base/path.h"
#include "capture/take.h"

struct web_object {
	const char *name; /* below data/; NULL: none */
	const char *role;
	struct axev__span bytes;
};

static char web_folder[64];
static axev_ledger *web_ledger;
static axev_policy *web_policy;

static inline const char *web_path(const char *name)
{
	static char path[4][128];
	static unsigned next;
	char *out = path[next++ % 4];

	snprintf(out, sizeof(path[0]), "%s/%s", web_folder, name);
	return out;
}

static inline void web_ledger_new(void)
{
	axev_error err = AXEV_ERROR_INIT;

	strcpy(web_folder, "/tmp/axev-webp-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(web_folder));
	assert_ok(axev_ledger_init(web_path("L"), NULL, &err));
	assert_ok(axev_ledger_open(web_path("L"), NULL, &web_ledger, &err));
	assert_ok(axev_policy_open(web_path("L/policy.json"), &web_policy, &err));
}

static inline void web_ledger_remove(void)
{
	axev_ledger_close(web_ledger);
	axev_policy_free(web_policy);
	axev__remove_tree(AT_FDCWD, web_folder, NULL);
}

static inline void web_add(struct axev__take *take, const struct web_object *one)
{
	axev_error err = AXEV_ERROR_INIT;
	char path[128];
	const struct axev__object object = { .path = path, .name = axev__span_str(one->name), .media_type = "application/json",
		.role = one->role, .modified_ns = INT64_MIN, .mode = -1 };
	struct axev__digests digests;

	snprintf(path, sizeof(path), "data/%s", one->name);
	assert_ok(axev__container_add(take->writer, path, one->bytes, &digests, &err));
	assert_ok(axev__take_object(take, &object, &digests, &err));
}

static inline void web_set(struct axev__take *take, const char *member, const char *text)
{
	axev_error err = AXEV_ERROR_INIT;
	axev__json *value = NULL;

	assert_ok(axev__json_parse(axev__span_str(text), &value, &err));
	assert_ok(axev__take_set(take, member, value, &err));
}

/* Captured, sealed and exported as @name. @member and @other (NULL: none) of the manifest are @value and @other_value. */
static inline void web_bundle_with(const struct web_object *objects, size_t count, const char *member, const char *value,
				   const char *other, const char *other_value, const char *name, axev_id *ret_id)
{
	const axev_capture_common common = AXEV_CAPTURE_COMMON_INIT;
	axev_seal_result result = { .size = sizeof(result) };
	axev_error err = AXEV_ERROR_INIT;
	AXEV__TAKE take = { 0 };
	axev_draft *draft = NULL;
	size_t i;

	assert_ok(axev__take_begin(web_ledger, &common, "web", "test", axev__span_str("web"), &take, &err));
	for (i = 0; i < count; i++)
		if (objects[i].name)
			web_add(&take, &objects[i]);
	web_set(&take, "source", "{\"url\":\"https://shop.example/\"}");
	web_set(&take, "environment", "{}");
	if (member)
		web_set(&take, member, value);
	if (other)
		web_set(&take, other, other_value);
	assert_ok(axev__take_step(&take, "load", "done", &err));
	assert_ok(axev__take_finish(&take, &draft, &err));
	assert_ok(axev_seal(web_ledger, draft, NULL, &result, &err));
	axev_draft_free(draft);
	assert_ok(axev_export(web_ledger, &result.id, 1, web_path(name), NULL, &err));
	if (ret_id)
		*ret_id = result.id;
}

static inline void web_bundle(const struct web_object *objects, size_t count, const char *member, const char *value,
			      const char *name, axev_id *ret_id)
{
	web_bundle_with(objects, count, member, value, NULL, NULL, name, ret_id);
}

static inline void web_expect(const char *name, const char *lang, int verdict, const char *said)
{
	axev_error err = AXEV_ERROR_INIT;
	axev_report *report = NULL;
	char *text = NULL;
	int status = axev_verify_file(web_path(name), web_policy, NULL, &report, &err);

	ck_assert_ptr_nonnull(report);
	ck_assert_int_eq(status == AXEV_OK, axev_report_verdict(report) == AXEV_VERDICT_VALID);
	memset(&err, 0, sizeof(err));
	assert_ok(axev_report_text(report, lang, 1, &text, &err));
	ck_assert_msg(axev_report_verdict(report) == verdict, "%.3000s", text);
	ck_assert_msg(strstr(text, said) != NULL, "expected '%s' in:\n%.3000s", said, text);
	axev_report_free(report);
	axev_text_free(text);
}

/* Refused in both languages; nobody forgot a translation. */
static inline void web_expect_refused(const char *name, const char *said, const char *said_zh)
{
	web_expect(name, "en", AXEV_VERDICT_INVALID, said);
	web_expect(name, "zh", AXEV_VERDICT_INVALID, said_zh);
}

#endif
