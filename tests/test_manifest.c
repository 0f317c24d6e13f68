/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "package/manifest.h"

static axev_error err;

#define HEX32 "0000000000000000000000000000000000000000000000000000000000000000"
#define TIME "2026-11-24T08:00:00.000000000Z"
#define MANIFEST(before, kind, objects) \
	"{\"capture\":{\"clock\":{\"how\":\"x\",\"source\":\"system clock\"},\"finished\":\"" TIME "\"," \
	"\"method\":\"copy\",\"started\":\"" TIME "\",\"steps\":[],\"tool\":{\"name\":\"t\"," \
	"\"version\":\"1\"}},\"complete\":true,\"environment\":{\"os\":\"x\"}," \
	"\"expected_signatures\":[{\"algorithm\":\"ecdsa-p256-sha256\",\"certificates\":[\"" HEX32 \
	"\"],\"role\":\"operator\"}]," before "\"format\":\"ax-evidence/1\",\"kind\":\"" kind "\"," \
	"\"nonce\":\"00000000000000000000000000000000\",\"objects\":" objects "," \
	"\"source\":{\"bytes\":\"0\",\"files\":0,\"roots\":[]}}"

static int read_text(const char *text)
{
	AXEV__JSON *manifest = NULL;

	return axev__manifest_read(axev__span_str(text), &manifest, &err);
}

START_TEST(manifest__minimal_one_is_read_and_written_identically)
{
	const char *text = MANIFEST("", "file", "[]");
	AXEV__JSON *manifest = NULL;
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	uint8_t id[32];

	assert_ok(axev__manifest_read(axev__span_str(text), &manifest, &err));
	assert_ok(axev__manifest_write(manifest, &out, id, &err));
	ck_assert_str_eq((char *)out.data, text);
}
END_TEST

START_TEST(manifest__unknown_missing_and_wrong_members_are_named)
{
	assert_ok(read_text(MANIFEST("\"ext\":{\"a\":[1]},", "file", "[]")));
	assert_fails(read_text(MANIFEST("\"extra\":1,", "file", "[]")), AXEV_E_FORMAT,
		     "data/evidence.json: member 'extra' is not known here; own members go under \"ext\"");
	assert_fails(read_text(MANIFEST("", "tape", "[]")), AXEV_E_FORMAT,
		     "data/evidence.json: member 'kind': expected web, mail, edi, db, file, attestation, "
		     "disclosure or bundle, found 'tape'");
	assert_fails(read_text(MANIFEST("", "web", "[]")), AXEV_E_FORMAT,
		     "data/evidence.json: source: member 'files' is not known here; own members go under "
		     "\"ext\"");
	assert_fails(read_text(MANIFEST("", "file", "[{}]")), AXEV_E_FORMAT,
		     "data/evidence.json: objects[0]: member 'path': expected a path as data/name, "
		     "found none");
	assert_fails(read_text(MANIFEST("", "file", "[] ")), AXEV_E_FORMAT,
		     "data/evidence.json: expected canonical JSON (RFC 8785)");
}
END_TEST

START_TEST(manifest__newer_format_is_unsupported_not_invalid)
{
	assert_fails(read_text("{\"format\":\"ax-evidence/2\"}"), AXEV_E_UNSUPPORTED,
		     "data/evidence.json: newer format: expected ax-evidence/1, found 'ax-evidence/2'");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("manifest");
	TCase *tcase = tcase_create("manifest");

	tcase_add_test(tcase, manifest__minimal_one_is_read_and_written_identically);
	tcase_add_test(tcase, manifest__unknown_missing_and_wrong_members_are_named);
	tcase_add_test(tcase, manifest__newer_format_is_unsupported_not_invalid);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
