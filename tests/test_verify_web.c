/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packages of kind web, properly signed: the archive inside is made again by the verifier. A dishonest maker can sign
 * anything, so each lie must be found in the content, and the honest package must pass with what it says about itself.
 */
#include "wacz_sample.h"
#include "support_ledger.h" /* behind it: both have an err */

#include "capture/take.h"

static void add_object(struct axev__take *take, const struct axev__object *object, int fd)
{
	struct axev__digests digests;
	uint64_t size_bytes;

	assert_ok(axev__file_size(fd, &size_bytes, &err));
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	assert_ok(axev__container_add_fd(take->writer, object->path, fd, size_bytes, NULL, &digests, &err));
	assert_ok(axev__take_object(take, object, &digests, &err));
}

static const char *checks; /* environment.checks, as JSON; NULL: none */

static void set_environment(struct axev__take *take)
{
	AXEV__JSON *environment = axev__json_new_object();
	axev__json *list = NULL;

	if (checks) {
		assert_ok(axev__json_parse(axev__span_str(checks), &list, &err));
		assert_ok(axev__json_set(environment, "checks", list, &err));
	}
	assert_ok(axev__take_set(take, "environment", axev__steal(environment), &err));
}

static uint64_t masked_records; /* that the manifest states */

static void set_web(struct axev__take *take)
{
	AXEV__JSON *source = axev__json_new_object();

	assert_ok(axev__json_set_str(source, "url", SAMPLE_URL, &err));
	if (masked_records) {
		axev__json *login = axev__json_new_object();

		assert_ok(axev__json_set_u64(login, "masked_records", masked_records, &err));
		assert_ok(axev__json_set(source, "login", login, &err));
	}
	assert_ok(axev__take_set(take, "source", axev__steal(source), &err));
	assert_ok(axev__take_step(take, "load", "done", &err));
	set_environment(take);
}

static bool has_raw_output;
static const char *websocket_index; /* NULL: none in the package */
static bool is_websocket_whole;

static void add_bytes(struct axev__take *take, const char *name, const char *role, struct axev__span bytes)
{
	char path[64];
	const struct axev__object object = { .path = path, .name = axev__span_str(name), .media_type = "text/plain",
		.role = role, .modified_ns = INT64_MIN, .mode = -1 };
	struct axev__digests digests;

	snprintf(path, sizeof(path), "data/%s", name);
	assert_ok(axev__container_add(take->writer, path, bytes, &digests, &err));
	assert_ok(axev__take_object(take, &object, &digests, &err));
}

static void add_websocket(struct axev__take *take)
{
	if (!websocket_index)
		return;
	add_bytes(take, "wire/websocket-001.sent", "wire", axev__span("", 0));
	if (is_websocket_whole)
		add_bytes(take, "wire/websocket-001.received", "wire", axev__span_str("\x81\x02hi"));
	add_bytes(take, "wire/websocket-001.json", "wire", axev__span_str(websocket_index));
}

static const char *requests_index; /* NULL: none in the package */

/* Captures @wacz_fd (-1: none) and a screenshot, seals, exports as @name. */
static void make_bundle(int wacz_fd, const char *name)
{
	const axev_capture_common common = AXEV_CAPTURE_COMMON_INIT;
	const struct axev__object wacz = { .path = "data/page.wacz", .media_type = "application/wacz",
		.role = "wacz", .name = axev__span_str("page.wacz"), .modified_ns = INT64_MIN, .mode = -1 };
	const struct axev__object picture = { .path = "data/screenshot.png", .media_type = "image/png",
		.role = "screenshot", .name = axev__span_str("screenshot.png"), .modified_ns = INT64_MIN,
		.mode = -1, .is_observed = true };
	axev_seal_result result = { .size = sizeof(result) };
	AXEV__TAKE take = { 0 };
	axev_draft *draft = NULL;
	int picture_fd = memfd_create("png", MFD_CLOEXEC);

	assert_ok(axev__write_full(picture_fd, "PNG", 3, &err));
	assert_ok(axev__take_begin(ledger, &common, "web", "test", axev__span_str("web"), &take, &err));
	if (wacz_fd >= 0)
		add_object(&take, &wacz, wacz_fd);
	add_object(&take, &picture, picture_fd);
	add_websocket(&take);
	if (requests_index)
		add_bytes(&take, "wire/requests.json", "wire", axev__span_str(requests_index));
	if (has_raw_output)
		add_bytes(&take, "environment/before/hosts-file.txt", "environment", axev__span_str("hello"));
	set_web(&take);
	assert_ok(axev__take_finish(&take, &draft, &err));
	assert_ok(axev_seal(ledger, draft, NULL, &result, &err));
	axev_draft_free(draft);
	assert_ok(axev_export(ledger, &result.id, 1, in_folder(name), NULL, &err));
	close(picture_fd);
}

static int verify(const char *name, const char *lang, char **ret_text)
{
	axev_report *report = NULL;
	int status, verdict;

	axev_error_clear(&err);
	status = axev_verify_file(in_folder(name), policy, NULL, &report, &err);
	ck_assert_ptr_nonnull(report);
	verdict = axev_report_verdict(report);
	ck_assert_int_eq(status == AXEV_OK, verdict == AXEV_VERDICT_VALID);
	assert_ok(axev_report_text(report, lang, 1, ret_text, &err));
	axev_report_free(report);
	return verdict;
}

static void expect(const char *name, const char *lang, int verdict, const char *said)
{
	char *text = NULL;

	ck_assert_msg(verify(name, lang, &text) == verdict, "%.3000s", text);
	ck_assert_msg(strstr(text, said) != NULL, "expected '%s' in:\n%.3000s", said, text);
	axev_text_free(text);
}

START_TEST(verify_web__an_honest_archive_is_made_again)
{
	const struct wacz_change none = { 0 };
	AXEV__CLOSE int fd = changed_wacz(&none);

	make_bundle(fd, "good.asice");
	expect("good.asice", "en", AXEV_VERDICT_VALID, "records 4; 载荷 payloads 3; 页面 pages 1");
	expect("good.asice", "en", AXEV_VERDICT_VALID, "[passed] index of the web archive");
	expect("good.asice", "zh", AXEV_VERDICT_VALID, "[通过] 网页存档（data/page.wacz）");
	expect("good.asice", "en", AXEV_VERDICT_VALID,
	       "[not applicable] object that was observed (data/screenshot.png)");
	expect("good.asice", "zh", AXEV_VERDICT_VALID, "提取程序当时所见，字节未改动；与网页是否相符未核验");
}
END_TEST

static const struct {
	struct wacz_change change;
	const char *said;
	const char *said_zh; /* NULL: the reason has no Chinese of its own */
} lies[] = {
	{ { AXEV__WACZ_WARC, "\r\nhello\r\n", "\r\njello\r\n", false },
	  "entry 'archive/data.warc': its SHA-256 is not the one listed",
	  "文件 archive/data.warc 的 SHA-256 与列明的不符" },
	{ { AXEV__WACZ_WARC, "\r\nhello\r\n", "\r\njello\r\n", true },
	  "WARC record 1: its block does not have the digest that it states" },
	{ { AXEV__WACZ_WARC, "WARC-Payload-Digest: sha256:2c", "WARC-Payload-Digest: sha256:2d", true },
	  "WARC record 1: its payload does not have the digest that it states" },
	{ { AXEV__WACZ_INDEX, "\"status\":200,\"url\":\"https://www.example.com/p\"",
	    "\"status\":404,\"url\":\"https://www.example.com/p\"", true },
	  "indexes/index.cdx: line 2 is not what the WARC gives" },
	{ { AXEV__WACZ_PAGES, "\"url\":\"https://www.example.com/p\"", "\"url\":\"https://www.example.com/q\"",
	    true },
	  "no record has its URL 'https://www.example.com/q' and time" },
};

START_TEST(verify_web__a_signed_lie_is_found)
{
	AXEV__CLOSE int fd = changed_wacz(&lies[_i].change);

	make_bundle(fd, "lie.asice");
	expect("lie.asice", "en", AXEV_VERDICT_INVALID, lies[_i].said);
	expect("lie.asice", "zh", AXEV_VERDICT_INVALID,
	       lies[_i].said_zh ? lies[_i].said_zh : lies[_i].said);
}
END_TEST

START_TEST(verify_web__requests_are_masked_as_the_manifest_says)
{
	const struct wacz_change none = { 0 };
	AXEV__CLOSE int fd = changed_wacz(&none);

	masked_records = 2;
	make_bundle(fd, "masked.asice");
	masked_records = 0;
	expect("masked.asice", "en", AXEV_VERDICT_INVALID, "expected 2 requests with a masked head, found 0");
	expect("masked.asice", "zh", AXEV_VERDICT_INVALID, "应有 2 条遮去登录凭据的请求记录，实有 0 条");
}
END_TEST

START_TEST(verify_web__an_archive_that_is_none_is_found)
{
	AXEV__CLOSE int fd = memfd_create("junk", MFD_CLOEXEC);

	assert_ok(axev__write_full(fd, "no archive, but long enough", 27, &err));
	make_bundle(fd, "junk.asice");
	expect("junk.asice", "en", AXEV_VERDICT_INVALID, "expected the end record 06054b50");
}
END_TEST

START_TEST(verify_web__a_capture_without_an_archive_says_so)
{
	make_bundle(-1, "none.asice");
	expect("none.asice", "en", AXEV_VERDICT_VALID, "the package holds no web archive");
	expect("none.asice", "zh", AXEV_VERDICT_VALID, "证据包中没有网页存档");
}
END_TEST

#define INDEX_START \
	"{\"connection\":0,\"extensions\":\"\",\"format\":\"ax-wire-websocket/1\",\"messages\":[{" \
	"\"began\":\"2026-09-21T14:30:00.000000000Z\",\"bytes\":\"2\",\"ended\":\"2026-09-21T14:30:00.000000000Z\"," \
	"\"frames\":1,\"from\":\"server\",\"offset\":\"0\"," \
	"\"sha256\":\"8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4\",\"text\":\""
#define INDEX_END \
	"\",\"type\":\"text\"}],\"received\":{\"bytes\":\"4\",\"dropped_bytes\":\"0\"," \
	"\"sha256\":\"d25897de3ad323d6e38fe22fe1338cae7f84da5d3f897fa1ebe870cb831f640d\",\"unread_bytes\":\"0\"}," \
	"\"sent\":{\"bytes\":\"0\",\"dropped_bytes\":\"0\"," \
	"\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"unread_bytes\":\"0\"}," \
	"\"url\":\"https://shop.example/socket\"}"

START_TEST(verify_web__messages_of_a_web_socket_are_read_again)
{
	is_websocket_whole = true;
	websocket_index = INDEX_START "hi" INDEX_END;
	make_bundle(-1, "socket.asice");
	expect("socket.asice", "en", AXEV_VERDICT_VALID, "messages 1");
	websocket_index = INDEX_START "ho" INDEX_END;
	make_bundle(-1, "socket-lie.asice");
	expect("socket-lie.asice", "en", AXEV_VERDICT_INVALID, "is not what its bytes give");
	expect("socket-lie.asice", "zh", AXEV_VERDICT_INVALID, "与由其字节解析的结果不一致");
	is_websocket_whole = false;
	make_bundle(-1, "socket-half.asice");
	expect("socket-half.asice", "en", AXEV_VERDICT_INVALID, "data/wire/websocket-001.received is not in the package");
	websocket_index = NULL;
}
END_TEST

#define CHECK(members) "[{\"item\":\"hosts file\",\"verdict\":\"passed\",\"when\":\"before\"" members "}]"
#define RAW_PATH ",\"path\":\"data/environment/before/hosts-file.txt\",\"sha256\":"
#define SHA256_HELLO "\"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\""
#define SHA256_NOTHING "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""

static const struct {
	const char *checks;
	bool has_raw;
	const char *said, *said_zh;
} checked[] = {
	{ CHECK(RAW_PATH SHA256_NOTHING), true,
	  "raw output 'data/environment/before/hosts-file.txt': its SHA-256 is not the one that the check states",
	  "的 SHA-256 与该项检查所记的不符" },
	{ CHECK(RAW_PATH SHA256_HELLO), false,
	  "raw output 'data/environment/before/hosts-file.txt' is named and is not listed", "未列明" },
	{ "[{\"item\":\"hosts file\",\"verdict\":\"noted\",\"when\":\"before\"}]", true,
	  "raw output 'data/environment/before/hosts-file.txt' belongs to no check", "不属于任何一项检查" },
	{ CHECK(""), false, "check 'hosts file' is called passed, and nothing shows it",
	  "检查项 hosts file 记为通过，却没有可供查看的原始输出" },
};

START_TEST(verify_web__a_check_of_the_machine_shows_what_was_read)
{
	checks = checked[_i].checks;
	has_raw_output = checked[_i].has_raw;
	make_bundle(-1, "checked.asice");
	expect("checked.asice", "en", AXEV_VERDICT_INVALID, checked[_i].said);
	expect("checked.asice", "zh", AXEV_VERDICT_INVALID, checked[_i].said_zh);
	checks = NULL;
	has_raw_output = false;
}
END_TEST

START_TEST(verify_web__what_the_machine_says_of_itself_is_not_called_verified)
{
	checks = CHECK(RAW_PATH SHA256_HELLO);
	has_raw_output = true;
	make_bundle(-1, "honest.asice");
	expect("honest.asice", "en", AXEV_VERDICT_VALID, "as recorded by the capturing machine, not verified: 通过 passed 1");
	checks = NULL;
	has_raw_output = false;
}
END_TEST

#define FIRST SAMPLE_ID "1"
#define SECOND SAMPLE_ID "3"
#define TIME "\"2026-09-21T14:30:00.000000000Z\""
#define REQUESTS(others, page_only, rows) \
	"{\"format\":\"ax-wire-requests/1\",\"main_frame\":\"F\",\"other_records\":[" others \
	"],\"page_only\":[" page_only "],\"page_only_not_kept\":1,\"requests\":[" rows "]}"
#define ROW(page, records, url) \
	"{\"answered\":true,\"method\":\"GET\"" page ",\"records\":[\"" records "\"],\"started\":" TIME \
	",\"type\":\"other\",\"url\":\"" url "\"}"
#define PAGE "\"page\":{\"asked\":" TIME ",\"frame\":\"F\",\"told_by\":\"page\"}"
#define PAGE_ONLY "{\"method\":\"GET\"," PAGE ",\"url\":\"https://www.example.com/cached\"}"

START_TEST(verify_web__the_list_of_requests_names_each_answer)
{
	const struct wacz_change none = { 0 };
	AXEV__CLOSE int fd = changed_wacz(&none);

	requests_index = REQUESTS("\"" SECOND "\"", PAGE_ONLY, ROW("," PAGE, FIRST, SAMPLE_URL "#part"));
	make_bundle(fd, "requests.asice");
	expect("requests.asice", "en", AXEV_VERDICT_VALID, "in log and page 1; ");
	expect("requests.asice", "en", AXEV_VERDICT_VALID, "page only 2; ");
	expect("requests.asice", "en", AXEV_VERDICT_VALID, "answers 1, 未对应请求 of no request 1");
	requests_index = NULL;
}
END_TEST

static const struct {
	const char *index, *said, *said_zh;
} wrong_requests[] = {
	{ REQUESTS("", "", ROW("", FIRST, SAMPLE_URL)), "record '" SECOND "' of the WARC is not named", "未列入" },
	{ REQUESTS("\"" FIRST "\",\"" SECOND "\"", "", ROW("", FIRST, SAMPLE_URL)), "record '" FIRST "' is named twice",
	  "列入两次" },
	{ REQUESTS("\"" SECOND "\",\"" SAMPLE_ID "9\"", "", ROW("", FIRST, SAMPLE_URL)),
	  "record '" SAMPLE_ID "9' is named and not in the WARC", "WARC 中没有" },
	{ REQUESTS("\"" SECOND "\",\"" SAMPLE_ID "2\"", "", ROW("", FIRST, SAMPLE_URL)),
	  "record '" SAMPLE_ID "2' is named and not in the WARC", "WARC 中没有" }, /* a request is no answer */
	{ REQUESTS("\"" SECOND "\"", "", ROW("", FIRST, "https://www.example.com/q")),
	  "record '" FIRST "' is from another address than its request", "与其请求的不同" },
	{ REQUESTS("\"" SECOND "\"", "", ROW("", "1", SAMPLE_URL)), "requests[0]: expected the UUID of a record",
	  "应为记录的 UUID" },
	{ REQUESTS("\"" SECOND "\"", "", ROW(",\"page\":{\"told_by\":\"page\"}", FIRST, SAMPLE_URL)),
	  "requests[0]: member 'asked'", "成员 asked" },
	{ REQUESTS("\"" SECOND "\"", "{\"method\":\"GET\",\"url\":\"https://www.example.com/\"}",
		   ROW("", FIRST, SAMPLE_URL)),
	  "page_only[0]: member 'page'", "成员 page" },
	{ "{\"format\":\"ax-wire-requests/9\"}", "expected the format ax-wire-requests/1",
	  "格式应为 ax-wire-requests/1" },
};

START_TEST(verify_web__a_list_of_requests_that_lies_is_found)
{
	const struct wacz_change none = { 0 };
	AXEV__CLOSE int fd = changed_wacz(&none);

	requests_index = wrong_requests[_i].index;
	make_bundle(fd, "requests-lie.asice");
	expect("requests-lie.asice", "en", AXEV_VERDICT_INVALID, wrong_requests[_i].said);
	expect("requests-lie.asice", "zh", AXEV_VERDICT_INVALID, wrong_requests[_i].said_zh);
	requests_index = NULL;
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify_web");
	TCase *tcase = tcase_create("verify_web");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, make_ledger, remove_ledger);
	tcase_add_test(tcase, verify_web__an_honest_archive_is_made_again);
	tcase_add_loop_test(tcase, verify_web__a_signed_lie_is_found, 0, (int)AXEV__COUNT(lies));
	tcase_add_test(tcase, verify_web__requests_are_masked_as_the_manifest_says);
	tcase_add_test(tcase, verify_web__an_archive_that_is_none_is_found);
	tcase_add_test(tcase, verify_web__a_capture_without_an_archive_says_so);
	tcase_add_loop_test(tcase, verify_web__a_check_of_the_machine_shows_what_was_read, 0,
			    (int)AXEV__COUNT(checked));
	tcase_add_test(tcase, verify_web__what_the_machine_says_of_itself_is_not_called_verified);
	tcase_add_test(tcase, verify_web__messages_of_a_web_socket_are_read_again);
	tcase_add_test(tcase, verify_web__the_list_of_requests_names_each_answer);
	tcase_add_loop_test(tcase, verify_web__a_list_of_requests_that_lies_is_found, 0,
			    (int)AXEV__COUNT(wrong_requests));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
