/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of what could be reached, properly signed: what they do not give, and what is not of the earlier capture, is refused. */
#include "web_package.h"

#include "crypto/digest.h"
#include "package/container_read.h"
#include "reach_sample.h"

#define URL "https://shop.example/"
#define SUMMARY(answered) \
	"{\"addresses\":1,\"answered\":" answered ",\"connected\":0,\"handshakes\":0,\"resolvers\":1,\"resolvers_answered\":1}"

static const struct reach_sample gone = { .url = URL, .answer = "192.0.2.7", .tcp = "refused" };
static const struct reach_sample timed_out = { .url = URL, .answer = "192.0.2.7", .tcp = "timed_out" };

static void bundle(const char *text, const char *member, const char *value, const char *name, axev_id *ret_id)
{
	const struct web_object objects[] = { { text ? "reach.json" : NULL, "reach", axev__span_str(text ? text : "") } };

	web_bundle(objects, 1, member, value, name, ret_id);
}

static char *text_of(const struct reach_sample *sample, const axev__json *earlier)
{
	AXEV__JSON *document = reach_document(sample, earlier);

	return reach_text(document);
}

START_TEST(verify_reach__facts_that_agree_with_themselves_pass)
{
	AXEV__FREE char *text = text_of(&gone, NULL);

	bundle(text, "reach", SUMMARY("0"), "good.asice", NULL);
	web_expect("good.asice", "en", AXEV_VERDICT_VALID, "[passed] what could be reached (data/reach.json)");
	web_expect("good.asice", "en", AXEV_VERDICT_VALID, "connected 0, 有应答 answered 0");
	web_expect("good.asice", "en", AXEV_VERDICT_VALID, "not reached is not closed");
	web_expect("good.asice", "zh", AXEV_VERDICT_VALID, "[通过] 可达性事实（data/reach.json）");
}
END_TEST

START_TEST(verify_reach__a_signed_lie_is_found)
{
	AXEV__FREE char *text = text_of(&gone, NULL), *address = reach_changed(text, "\"192.0.2.7\"", "\"192.0.2.8\"");
	AXEV__FREE char *reached = reach_changed(text, "\"reached\":\"nothing\"", "\"reached\":\"answer\"");
	static const struct reach_sample elsewhere = { .url = "https://shop.example/x", .answer = "192.0.2.7", .tcp = "refused" };
	AXEV__FREE char *other = text_of(&elsewhere, NULL);

	bundle(address, "reach", SUMMARY("0"), "address.asice", NULL);
	web_expect_refused("address.asice", "address 0 is not the one that follows from what is stated", "第 0 个地址（自 0 起）");
	bundle(reached, "reach", SUMMARY("0"), "reached.asice", NULL);
	web_expect_refused("reached.asice", "addresses[0]: is not what its own facts give", "与由其自身事实重新得出的不一致");
	bundle(text, "reach", SUMMARY("1"), "summary.asice", NULL);
	web_expect_refused("summary.asice", "the manifest's 'reach' is not what data/reach.json gives", "证据说明的 reach");
	bundle(text, NULL, NULL, "unsaid.asice", NULL);
	web_expect_refused("unsaid.asice", "the manifest's 'reach' is not what data/reach.json gives", "证据说明的 reach");
	bundle(NULL, "reach", SUMMARY("0"), "nothing.asice", NULL);
	web_expect_refused("nothing.asice", "data/reach.json is not in the package", "证据包中没有 data/reach.json");
	bundle(other, "reach", SUMMARY("0"), "other.asice", NULL);
	web_expect_refused("other.asice", "is about another address than the capture", "不是本次提取的网址");
}
END_TEST

/* ---- an earlier capture ---- */

static struct {
	axev_id id;
	char *reach;                 /* its data/reach.json */
	struct axev__buf manifest;   /* its data/evidence.json */
	axev__json *document;
	char *later, *comparison, *member;
} again;

static void read_manifest(const char *hex)
{
	axev_error err = AXEV_ERROR_INIT;
	AXEV__CONTAINER_READER *container = NULL;
	axev_ledger_package package = { .size = sizeof(package) };
	struct axev__source source;
	AXEV__CLOSE int fd = -1;
	char *path = NULL;

	assert_ok(axev_ledger_find(web_ledger, hex, &package, &err));
	assert_ok(axev_ledger_package_path(web_ledger, &package.id, &path, &err));
	assert_ok(axev__open(AT_FDCWD, path, O_RDONLY, 0, &fd, &err));
	assert_ok(axev__source_file(fd, &source, &err));
	assert_ok(axev__container_open(&source, &container, &err));
	again.manifest = (struct axev__buf)AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	assert_ok(axev__container_read(container, axev__container_find(container, "data/evidence.json"), &again.manifest, &err));
	axev_text_free(path);
}

static void make_earlier(void)
{
	AXEV__JSON *later = NULL, *comparison = NULL;
	axev_error err = AXEV_ERROR_INIT;
	char hex[65], member[1024];

	web_ledger_new();
	again.document = reach_document(&timed_out, NULL);
	again.reach = reach_text(again.document);
	bundle(again.reach, "reach", SUMMARY("0"), "earlier.asice", &again.id);
	axev__hex(hex, again.id.bytes, 32);
	read_manifest(hex);
	later = reach_document(&gone, again.document);
	again.later = reach_text(later);
	assert_ok(axev__reach_compare(again.document, later, &comparison, &err));
	again.comparison = reach_text(comparison);
	snprintf(member, sizeof(member),
		 "{\"captured\":\"" REACH_AT(9) "\",\"different\":1,\"of\":\"%s\",\"only_earlier\":0,\"only_later\":0,"
		 "\"package_sha256\":\"%s\",\"same\":0}",
		 hex, hex);
	again.member = strdup(member);
	ck_assert_ptr_nonnull(again.member);
}

static void remove_earlier(void)
{
	axev__json_free(again.document);
	axev__buf_free(&again.manifest);
	free(again.reach);
	free(again.later);
	free(again.comparison);
	free(again.member);
	web_ledger_remove();
}

enum part { MANIFEST, EARLIER, COMPARISON, MEMBER, PARTS };

/* The honest recheck, with @text in the place of one part; NULL: that part is left out. */
static void recheck_as(enum part part, const char *text, const char *name, axev_id *ret_id)
{
	const char *parts[PARTS] = { (const char *)again.manifest.data, again.reach, again.comparison, again.member };
	struct web_object objects[] = {
		{ "reach.json", "reach", axev__span_str(again.later) },
		{ "recheck/evidence.json", "recheck", { NULL, 0 } },
		{ "recheck/reach.json", "recheck", { NULL, 0 } },
		{ "recheck/comparison.json", "recheck", { NULL, 0 } },
	};
	size_t i;

	if (part != PARTS)
		parts[part] = text;
	for (i = MANIFEST; i < MEMBER; i++) {
		if (parts[i])
			objects[i + 1].bytes = axev__span_str(parts[i]);
		else
			objects[i + 1].name = NULL;
	}
	web_bundle_with(objects, AXEV__COUNT(objects), "reach", SUMMARY("0"), parts[MEMBER] ? "recheck" : NULL, parts[MEMBER],
			name, ret_id);
}

static void recheck(enum part part, const char *text, const char *name)
{
	recheck_as(part, text, name, NULL);
}

START_TEST(verify_reach__an_earlier_capture_is_bound_by_its_id)
{
	recheck(PARTS, NULL, "again.asice");
	web_expect("again.asice", "en", AXEV_VERDICT_VALID, "[passed] comparison with an earlier capture");
	web_expect("again.asice", "en", AXEV_VERDICT_VALID, "same 0, 不同 different 1");
	web_expect("again.asice", "zh", AXEV_VERDICT_VALID, "[通过] 与早前提取的比较");
}
END_TEST

/* The package's real digest, as its ledger has it. */
static void set_package_sha256(char *member, const uint8_t sha256[32])
{
	char hex[65], *at = strstr(member, "\"package_sha256\":\"");

	axev__hex(hex, sha256, 32);
	memcpy(at + strlen("\"package_sha256\":\""), hex, 64);
}

START_TEST(verify_reach__a_bundle_with_both_packages_compares_them)
{
	axev_ledger_package package = { .size = sizeof(package) };
	axev_error err = AXEV_ERROR_INIT;
	AXEV__FREE char *right = strdup(again.member);
	axev_id ids[2] = { again.id };
	char hex[65];

	axev__hex(hex, again.id.bytes, 32);
	assert_ok(axev_ledger_find(web_ledger, hex, &package, &err));
	set_package_sha256(right, package.package_sha256);
	recheck_as(MEMBER, right, "right.asice", &ids[1]);
	assert_ok(axev_export(web_ledger, ids, 2, web_path("both.asice"), NULL, &err));
	web_expect("both.asice", "en", AXEV_VERDICT_VALID, "[passed] earlier package in this bundle");
	recheck_as(PARTS, NULL, "wrong.asice", &ids[1]);
	web_expect("wrong.asice", "en", AXEV_VERDICT_VALID, "as its ledger had them, not verified");
	assert_ok(axev_export(web_ledger, ids, 2, web_path("both-wrong.asice"), NULL, &err));
	web_expect_refused("both-wrong.asice", "the earlier package has another SHA-256 than is stated",
			   "早前证据包的 SHA-256 与所述不同");
}
END_TEST

START_TEST(verify_reach__another_earlier_capture_is_found)
{
	AXEV__FREE char *rosy = text_of(&gone, NULL);
	AXEV__FREE char *other = reach_changed((const char *)again.manifest.data, "\"test\"", "\"tezt\"");
	AXEV__FREE char *same = reach_changed(again.comparison, "\"outcome\":\"different\"", "\"outcome\":\"same\"");
	AXEV__FREE char *counts = reach_changed(again.member, "\"different\":1", "\"different\":0");

	recheck(MANIFEST, other, "manifest.asice");
	web_expect_refused("manifest.asice", "the earlier manifest enclosed is not that of the package named",
			   "所附早前的证据说明不属于所指证据包");
	recheck(MANIFEST, NULL, "no-manifest.asice");
	web_expect_refused("no-manifest.asice", "data/recheck/evidence.json is not in the package",
			   "证据包中没有 data/recheck/evidence.json");
	recheck(EARLIER, rosy, "facts.asice");
	web_expect_refused("facts.asice", "the earlier facts enclosed are not those of the package named",
			   "所附早前的事实不属于所指证据包");
	recheck(EARLIER, NULL, "no-facts.asice");
	web_expect_refused("no-facts.asice", "expected the earlier capture in the manifest, and its facts enclosed",
			   "证据说明应指明早前的提取");
	recheck(COMPARISON, same, "comparison.asice");
	web_expect_refused("comparison.asice", "the comparison is not what the facts of both captures give",
			   "与由两次提取的事实重新得出的不一致");
	recheck(MEMBER, counts, "counts.asice");
	web_expect_refused("counts.asice", "the manifest counts 'different' otherwise", "证据说明中 different 的数目与此不同");
	recheck(MEMBER, NULL, "no-member.asice");
	web_expect_refused("no-member.asice", "expected the earlier capture in the manifest, and its facts enclosed",
			   "证据说明应指明早前的提取");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify_reach");
	TCase *tcase = tcase_create("verify_reach");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, make_earlier, remove_earlier);
	tcase_add_test(tcase, verify_reach__facts_that_agree_with_themselves_pass);
	tcase_add_test(tcase, verify_reach__a_signed_lie_is_found);
	tcase_add_test(tcase, verify_reach__an_earlier_capture_is_bound_by_its_id);
	tcase_add_test(tcase, verify_reach__a_bundle_with_both_packages_compares_them);
	tcase_add_test(tcase, verify_reach__another_earlier_capture_is_found);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
