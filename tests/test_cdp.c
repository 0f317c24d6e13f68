/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "capture/web/cdp.h"
#include "capture/web/cdp_large.h"
#include "capture/web/page.h"

static axev_error err;
static int ours, theirs; /* two ends of one socket: the browser is played by the test */
static struct axev__cdp *cdp;
static char told[4096];  /* every event, one a line */

static int remember(void *payload, const char *session, const char *method, const axev__json *params,
		    axev_error *event_err)
{
	struct axev__span text = axev__span("-", 1);
	size_t used = strlen(told);

	(void)payload;
	(void)event_err;
	axev__json_as_string(axev__json_get(params, "text"), &text);
	snprintf(told + used, sizeof(told) - used, "[%s] %s %.*s\n", session, method, (int)text.size,
		 (const char *)text.data);
	return AXEV_OK;
}

static void setup(void)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	ours = ends[0];
	theirs = ends[1];
	told[0] = '\0';
	ck_assert_int_eq(axev__cdp_new(ours, ours, -1, NULL, remember, NULL, &cdp, &err), 0);
}

static void teardown(void)
{
	axev__cdp_free(cdp);
	close(ours);
	if (theirs >= 0)
		close(theirs);
}

/* Messages end in NUL; @text has '\n' in its place. */
static void browser_says(const char *text)
{
	size_t size = strlen(text), i;
	char *bytes = strdup(text);

	for (i = 0; i < size; i++)
		if (bytes[i] == '\n')
			bytes[i] = '\0';
	ck_assert_int_eq(write(theirs, bytes, size), (ssize_t)size);
	free(bytes);
}

static const char *browser_heard(void)
{
	static char heard[4096];
	ssize_t got = recv(theirs, heard, sizeof(heard) - 1, MSG_DONTWAIT);

	heard[got < 0 ? 0 : got] = '\0';
	return heard; /* up to the first NUL */
}

START_TEST(cdp__a_call_waits_for_its_own_answer_and_tells_events_meanwhile)
{
	AXEV__JSON *result = NULL;
	struct axev__span value;

	browser_says("{\"method\":\"A.b\",\"params\":{\"text\":\"one\"}}\n"
		     "{\"id\":7,\"result\":{\"v\":\"of nobody\"}}\n"
		     "{\"method\":\"C.d\",\"params\":{},\"sessionId\":\"S\"}\n"
		     "{\"id\":1,\"result\":{\"v\":\"mine\"}}\n");
	assert_ok(axev__cdp_call(cdp, "S", "X.y", "{\"n\":1.5}", 1000, &result, &err));
	ck_assert_str_eq(browser_heard(),
			 "{\"id\":1,\"method\":\"X.y\",\"params\":{\"n\":1.5},\"sessionId\":\"S\"}");
	ck_assert(axev__json_as_string(axev__json_get(result, "v"), &value));
	ck_assert(axev__span_is(value, "mine"));
	ck_assert_str_eq(told, "[] A.b one\n[S] C.d -\n");
}
END_TEST

START_TEST(cdp__a_message_may_come_in_pieces)
{
	browser_says("{\"method\":\"A.");
	assert_ok(axev__cdp_pump(cdp, 100, &err));
	ck_assert_str_eq(told, "");
	browser_says("b\"}\n{\"method\"");
	assert_ok(axev__cdp_pump(cdp, 100, &err));
	browser_says(":\"C.d\"}\n");
	assert_ok(axev__cdp_pump(cdp, 100, &err));
	ck_assert_str_eq(told, "[] A.b -\n[] C.d -\n");
}
END_TEST

START_TEST(cdp__a_refused_call_says_why_without_control_characters)
{
	browser_says("{\"id\":1,\"error\":{\"code\":-32000,\"message\":\"No \\u001b[31mtarget\"}}\n");
	assert_fails(axev__cdp_call(cdp, "", "X.y", NULL, 1000, NULL, &err), AXEV_E_PEER,
		     "the browser refused X.y: No \\u{1b}[31mtarget");
}
END_TEST

START_TEST(cdp__a_browser_that_does_not_answer_is_told_from_one_that_is_gone)
{
	assert_fails(axev__cdp_call(cdp, "", "X.y", NULL, 30, NULL, &err), AXEV_E_NETWORK,
		     "the browser did not answer X.y within 30 ms");
	ck_assert(!axev__cdp_is_gone(cdp));
	close(theirs);
	theirs = -1;
	assert_fails(axev__cdp_pump(cdp, 100, &err), AXEV_E_NETWORK,
		     "the browser ended before the capture was complete");
	ck_assert(axev__cdp_is_gone(cdp));
	/* Writing to it must fail, not raise SIGPIPE. */
	assert_fails(axev__cdp_send(cdp, "", "X.y", NULL, &err), AXEV_E_NETWORK,
		     "X.y: the browser is gone");
}
END_TEST

START_TEST(cdp__what_is_no_json_is_counted_and_the_rest_goes_on)
{
	browser_says("nonsense\n{\"params\":{}}\n{\"method\":\"A.b\"}\n");
	assert_ok(axev__cdp_pump(cdp, 100, &err));
	ck_assert_str_eq(told, "[] A.b -\n");
	ck_assert_uint_eq(axev__cdp_bad_messages(cdp), 2);
}
END_TEST

START_TEST(cdp__halves_of_surrogates_and_nul_become_replacement_characters)
{
	browser_says("{\"method\":\"A.b\",\"params\":{\"text\":\"a\\ud800b\\u0000c\\ud83d\\ude00d\\\\u0000\"}}\n");
	assert_ok(axev__cdp_pump(cdp, 100, &err));
	ck_assert_str_eq(told, "[] A.b a\xEF\xBF\xBD" "b\xEF\xBF\xBD" "c\xF0\x9F\x98\x80" "d\\u0000\n");
	ck_assert_uint_eq(axev__cdp_bad_messages(cdp), 0);
}
END_TEST

START_TEST(cdp__a_raw_result_is_the_text_as_it_came)
{
	struct axev__source result;
	AXEV__BUF text = AXEV__BUF_INIT(1000);

	browser_says("{\"id\":1,\"result\":{\"b\":1.50,\"a\":null},\"sessionId\":\"S\"}\n");
	assert_ok(axev__cdp_call_raw(cdp, "S", "X.y", NULL, 1000, &result, &err));
	assert_ok(axev__source_load(&result, &text, &err));
	ck_assert(axev__span_is(axev__buf_view(&text), "{\"b\":1.50,\"a\":null}"));
	browser_says("{\"id\":2,\"error\":{\"message\":\"no\"},\"sessionId\":\"S\"}\n");
	assert_fails(axev__cdp_call_raw(cdp, "S", "X.y", NULL, 1000, &result, &err), AXEV_E_PEER,
		     "the browser refused X.y: no");
}
END_TEST

/* ---- messages that are not held ---- */

struct large {
	const char *before, *unit, *behind;
	size_t count;
};

static void send_all(const void *data, size_t size)
{
	ssize_t done = 0;

	for (; size; size -= (size_t)done, data = (const char *)data + done) {
		done = send(theirs, data, size, MSG_NOSIGNAL);
		ck_assert_int_gt(done, 0);
	}
}

/* As the browser: written while the other side reads. */
static void *say_large(void *of)
{
	const struct large *large = of;
	AXEV__BUF piece = AXEV__BUF_INIT(AXEV__MIB);
	size_t i, each = 10000;

	for (i = 0; i < each; i++)
		axev__buf_str(&piece, large->unit, NULL);
	send_all(large->before, strlen(large->before));
	for (i = 0; i < large->count; i += each)
		send_all(piece.data, piece.size);
	send_all(large->behind, strlen(large->behind) + 1);
	return NULL;
}

static void spool_setup(void)
{
	FILE *spool = tmpfile();

	setup();
	axev__cdp_free(cdp);
	ck_assert_int_eq(axev__cdp_new(ours, ours, dup(fileno(spool)), NULL, remember, NULL, &cdp, &err), 0);
	fclose(spool);
}

static pthread_t begin_large(struct large *large)
{
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, say_large, large), 0);
	return thread;
}

START_TEST(cdp__a_large_event_is_told_without_its_long_strings)
{
	/* The digest: hashlib.sha256(b"data:" + "亮".encode() * 2000000).hexdigest() */
	struct large large = { "{\"method\":\"A.b\",\"params\":{\"text\":\"x\"},\"long\":\"", "\\u4eae", "\"}", 2000000 };
	struct large text = { "{\"method\":\"A.b\",\"params\":{\"text\":\"data:", "\\u4eae", "\"},\"sessionId\":\"S\"}", 2000000 };
	pthread_t thread = begin_large(&large);
	size_t rounds;

	for (rounds = 0; rounds < 10000 && !strstr(told, "A.b"); rounds++)
		assert_ok(axev__cdp_pump(cdp, 1000, &err));
	pthread_join(thread, NULL);
	ck_assert_str_eq(told, "[] A.b x\n");
	thread = begin_large(&text);
	for (rounds = 0; rounds < 10000 && !strstr(told, "[S]"); rounds++)
		assert_ok(axev__cdp_pump(cdp, 1000, &err));
	pthread_join(thread, NULL);
	ck_assert_ptr_nonnull(strstr(told, "[S] A.b data:\xE4\xBA\xAE\xE4\xBA\xAE"));
	ck_assert_ptr_nonnull(strstr(told, "\xE4\xBA\xAE... (6000005 bytes, SHA-256 40a1c2d33baf497463c510cde01079e02f89c9c3a564d677931b4456b729e5d2)\n"));
	ck_assert_uint_eq(axev__cdp_bad_messages(cdp), 0);
	browser_says("{\"method\":\"C.d\"}\n");
	assert_ok(axev__cdp_pump(cdp, 1000, &err));
	ck_assert_ptr_nonnull(strstr(told, "[] C.d -\n"));
}
END_TEST

static int add_piece(void *sum, struct axev__span piece, axev_error *piece_err)
{
	(void)piece_err;
	*(size_t *)sum += piece.size;
	return AXEV_OK;
}

START_TEST(cdp__a_large_answer_is_read_piece_by_piece)
{
	struct large large = { "{\"id\":1,\"result\":{\"data\":\"", "\\u4eae", "\"},\"sessionId\":\"S\"}", 2000000 };
	struct axev__source result;
	pthread_t thread = begin_large(&large);
	size_t sum = 0;

	assert_ok(axev__cdp_call_raw(cdp, "S", "X.y", NULL, 60000, &result, &err));
	pthread_join(thread, NULL);
	ck_assert_uint_eq(result.size, 6 * 2000000 + strlen("{\"data\":\"\"}"));
	assert_ok(axev__cdp_string(&result, "{\"data\":\"", "}", add_piece, &sum, &err));
	ck_assert_uint_eq(sum, 3 * 2000000);
	ck_assert_int_eq(axev__cdp_string(&result, "{\"date\":\"", "}", add_piece, &sum, &err), AXEV_E_FORMAT);
	axev_error_clear(&err);
	ck_assert_int_eq(axev__cdp_string(&result, "{\"data\":\"", "", add_piece, &sum, &err), AXEV_E_FORMAT);
	axev_error_clear(&err);
}
END_TEST

START_TEST(cdp__a_large_answer_as_json_has_no_long_strings)
{
	struct large large = { "{\"id\":1,\"result\":{\"v\":\"short\",\"w\":\"", "abcd", "\"}}", 1500000 };
	pthread_t thread = begin_large(&large);
	AXEV__JSON *result = NULL;
	struct axev__span value;

	assert_ok(axev__cdp_call(cdp, "", "X.y", NULL, 60000, &result, &err));
	pthread_join(thread, NULL);
	ck_assert(axev__json_as_string(axev__json_get(result, "v"), &value) && axev__span_is(value, "short"));
	ck_assert(axev__json_as_string(axev__json_get(result, "w"), &value) && axev__span_starts(value, "abcdabcd"));
	ck_assert_uint_lt(value.size, 2000);
}
END_TEST

START_TEST(cdp__a_large_message_without_a_file_for_it_is_counted_and_the_rest_goes_on)
{
	struct large large = { "{\"method\":\"A.b\",\"params\":{\"text\":\"", "abcd", "\"}}", 1500000 };
	pthread_t thread = begin_large(&large);
	size_t rounds;

	for (rounds = 0; rounds < 10000 && !axev__cdp_bad_messages(cdp); rounds++)
		assert_ok(axev__cdp_pump(cdp, 1000, &err));
	pthread_join(thread, NULL);
	ck_assert_uint_eq(axev__cdp_bad_messages(cdp), 1);
	browser_says("{\"method\":\"C.d\"}\n");
	assert_ok(axev__cdp_pump(cdp, 1000, &err));
	ck_assert_str_eq(told, "[] C.d -\n");
	large = (struct large){ "{\"id\":1,\"result\":{\"v\":\"", "abcd", "\"}}", 1500000 };
	thread = begin_large(&large);
	assert_fails(axev__cdp_call(cdp, "", "X.y", NULL, 60000, NULL, &err), AXEV_E_LIMIT,
		     "the browser's answer to X.y has more than 4194304 bytes");
	pthread_join(thread, NULL);
}
END_TEST

/* ---- what a page makes of events ---- */

static struct axev__page page;

static void event(const char *session, const char *method, const char *params)
{
	AXEV__JSON *json = NULL;

	assert_ok(axev__json_parse_foreign(axev__span_str(params), &json, &err));
	assert_ok(axev__page_event(&page, session, method, json, &err));
}

static void page_setup(void)
{
	setup();
	memset(&page, 0, sizeof(page));
	page.cdp = cdp;
	strcpy(page.frame, "F");
	event("", "Target.attachedToTarget",
	      "{\"sessionId\":\"S\",\"targetInfo\":{\"targetId\":\"F\",\"type\":\"page\",\"url\":\"about:blank\"}}");
	browser_heard();
	page.navigate_ns = 1;
}

static void page_teardown(void)
{
	page.cdp = NULL;
	axev__page_close(&page);
	teardown();
}

#define REQUEST(id, url, more) \
	"{\"requestId\":\"" id "\",\"type\":\"Document\",\"frameId\":\"F\",\"request\":{\"url\":\"" url "\"}" more "}"
#define ANSWER(id, url, status) \
	"{\"requestId\":\"" id "\",\"type\":\"Document\",\"frameId\":\"F\",\"response\":{\"url\":\"" url "\",\"status\":" status "}}"

START_TEST(page__redirects_of_the_document_are_its_way_not_new_requests)
{
	event("S", "Network.requestWillBeSent", REQUEST("1", "http://a/", ""));
	event("S", "Network.requestWillBeSent",
	      REQUEST("1", "http://b/", ",\"redirectResponse\":{\"url\":\"http://a/\",\"status\":302}"));
	event("S", "Network.responseReceived", ANSWER("1", "http://b/", "200"));
	ck_assert_uint_eq(page.request_count, 1);
	ck_assert_str_eq(page.requests[0].url, "http://b/");
	ck_assert_uint_eq(page.hop_count, 1);
	ck_assert_uint_eq(page.hops[0].status, 302);
	ck_assert_str_eq(page.hops[0].location, "http://b/");
	ck_assert_uint_eq(page.status, 200);
	/* A document that sends the browser elsewhere by itself. */
	event("S", "Network.requestWillBeSent", REQUEST("2", "http://c/", ""));
	ck_assert_uint_eq(page.hop_count, 2);
	ck_assert_uint_eq(page.hops[1].status, 0);
	ck_assert_str_eq(page.hops[1].url, "http://b/");
}
END_TEST

START_TEST(page__a_long_data_address_is_kept_as_its_beginning_with_length_and_digest)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	size_t i;

	assert_ok(axev__buf_str(&text, "{\"requestId\":\"1\",\"type\":\"Image\",\"frameId\":\"F\",\"request\":{\"url\":\"data:,", &err));
	for (i = 0; i < 10000; i++)
		assert_ok(axev__buf_str(&text, "0123456789", &err));
	assert_ok(axev__buf_str(&text, "\"}}", &err));
	event("S", "Network.requestWillBeSent", (const char *)text.data);
	ck_assert_uint_eq(page.request_count, 1);
	/* (printf data:,; for i in $(seq 10000); do printf 0123456789; done) | sha256sum */
	ck_assert_str_eq(page.requests[0].url + 1024, "... (100006 bytes, SHA-256 cccc4d8293bddaad923159e09188489eaf69c26bdfc4a60cafdb276cfe0ab3a0)");
}
END_TEST

START_TEST(page__windows_it_opens_are_closed_and_counted)
{
#define WINDOW "\"targetInfo\":{\"targetId\":\"W\",\"type\":\"page\",\"url\":\"\"}"
	page.navigate_ns = 0;
	event("", "Target.targetCreated", "{" WINDOW "}");
	ck_assert_uint_eq(page.popups, 0); /* there before the address was gone to: the browser's own */
	page.navigate_ns = 1;
	event("", "Target.targetCreated", "{" WINDOW "}");
	ck_assert_uint_eq(page.popups, 1);
	ck_assert_uint_eq(page.target_count, 1);
	ck_assert_str_eq(browser_heard(),
			 "{\"id\":6,\"method\":\"Target.closeTarget\",\"params\":{\"targetId\":\"W\"}}");
	/* One that has an opener is attached to as well; it is the same window. */
	event("S", "Target.attachedToTarget", "{\"sessionId\":\"P\"," WINDOW "}");
	ck_assert_uint_eq(page.popups, 1);
	ck_assert_uint_eq(page.target_count, 1);
}
END_TEST

START_TEST(page__dialogs_are_cancelled_and_leaving_is_allowed)
{
	event("S", "Page.javascriptDialogOpening", "{\"type\":\"confirm\"}");
	ck_assert_str_eq(browser_heard(),
			 "{\"id\":6,\"method\":\"Page.handleJavaScriptDialog\",\"params\":{\"accept\":false},\"sessionId\":\"S\"}");
	event("S", "Page.javascriptDialogOpening", "{\"type\":\"beforeunload\"}");
	ck_assert_str_eq(browser_heard(),
			 "{\"id\":7,\"method\":\"Page.handleJavaScriptDialog\",\"params\":{\"accept\":true},\"sessionId\":\"S\"}");
	ck_assert_uint_eq(page.dialogs, 2);
}
END_TEST

START_TEST(page__it_rests_when_nothing_is_open_but_endless_streams)
{
	bool is_still = true;

	page.is_download = true; /* no layout to look at */
	event("S", "Network.requestWillBeSent", REQUEST("1", "http://a/", ""));
	event("S", "Page.loadEventFired", "{}");
	assert_ok(axev__page_settle(&page, AXEV__REST_MS, axev__cdp_clock_ms() + 700, &is_still, &err));
	ck_assert(!is_still);
	event("S", "Network.requestWillBeSent",
	      "{\"requestId\":\"2\",\"type\":\"EventSource\",\"request\":{\"url\":\"http://a/s\"}}");
	event("S", "Network.responseReceived", ANSWER("1", "http://a/", "200"));
	assert_ok(axev__page_settle(&page, AXEV__REST_MS, axev__cdp_clock_ms() + 1000, &is_still, &err));
	ck_assert(!is_still); /* an answer that goes on is waited for longer */
	assert_ok(axev__page_settle(&page, AXEV__REST_MS, axev__cdp_clock_ms() + 5000, &is_still, &err));
	ck_assert(is_still);
}
END_TEST

START_TEST(page__a_frame_that_leaves_takes_its_requests_along)
{
	event("S", "Target.attachedToTarget",
	      "{\"sessionId\":\"I\",\"targetInfo\":{\"targetId\":\"G\",\"type\":\"iframe\",\"url\":\"http://b/\"}}");
	event("I", "Network.requestWillBeSent",
	      "{\"requestId\":\"9\",\"type\":\"Image\",\"request\":{\"url\":\"http://b/i\"}}");
	ck_assert_int_eq(page.requests[0].state, AXEV__REQUEST_OPEN);
	event("I", "Page.frameNavigated", "{\"frame\":{\"id\":\"other\",\"url\":\"http://d/\"}}");
	ck_assert_str_eq(page.targets[1].url, "http://b/");
	event("I", "Page.frameNavigated", "{\"frame\":{\"id\":\"G\",\"url\":\"http://c/\"}}");
	ck_assert_str_eq(page.targets[1].url, "http://c/");
	event("S", "Target.detachedFromTarget", "{\"sessionId\":\"I\"}");
	ck_assert_int_eq(page.requests[0].state, AXEV__REQUEST_DONE);
	ck_assert_uint_eq(page.target_count, 1);
}
END_TEST

START_TEST(page__a_page_that_answers_nothing_is_not_at_rest)
{
	int64_t begun_ms = axev__cdp_clock_ms();
	bool is_still = true;

	event("S", "Page.loadEventFired", "{}");
	assert_ok(axev__page_settle(&page, AXEV__REST_MS, begun_ms + 900, &is_still, &err));
	ck_assert(!is_still);
	ck_assert(page.layout.is_busy);
	ck_assert_int_lt(axev__cdp_clock_ms() - begun_ms, 3000);
}
END_TEST

START_TEST(page__a_frame_of_another_site_is_told_the_device)
{
	const char agent_sent[] =
		"\"method\":\"Emulation.setUserAgentOverride\",\"params\":{\"userAgent\":\"A\"},\"sessionId\":\"I\"}";
	const char zone_sent[] =
		"\"method\":\"Emulation.setTimezoneOverride\",\"params\":{\"timezoneId\":\"Z\"},\"sessionId\":\"I\"}";
	const char *agent, *zone, *run;
	char heard[4096];
	ssize_t got;

	page.agent_params = strdup("{\"userAgent\":\"A\"}");
	page.zone_params = strdup("{\"timezoneId\":\"Z\"}");
	event("S", "Target.attachedToTarget",
	      "{\"sessionId\":\"I\",\"targetInfo\":{\"targetId\":\"G\",\"type\":\"iframe\",\"url\":\"http://b/\"}}");
	got = recv(theirs, heard, sizeof(heard), MSG_DONTWAIT);
	ck_assert_int_gt(got, 0);
	agent = memmem(heard, (size_t)got, agent_sent, strlen(agent_sent));
	zone = memmem(heard, (size_t)got, zone_sent, strlen(zone_sent));
	run = memmem(heard, (size_t)got, "Runtime.runIfWaitingForDebugger", 31);
	ck_assert(agent && zone && run && agent < run && zone < run);
}
END_TEST

START_TEST(page__a_call_to_a_frame_that_goes_ends_at_once)
{
	struct axev__cdp *before = page.cdp;
	int64_t begun_ms = axev__cdp_clock_ms();

	assert_ok(axev__cdp_new(ours, ours, -1, NULL, axev__page_event, &page, &page.cdp, &err));
	event("S", "Target.attachedToTarget",
	      "{\"sessionId\":\"I\",\"targetInfo\":{\"targetId\":\"G\",\"type\":\"iframe\",\"url\":\"http://b/\"}}");
	browser_says("{\"method\":\"Target.detachedFromTarget\",\"params\":{\"sessionId\":\"I\"}}\n");
	assert_fails(axev__cdp_call(page.cdp, "I", "Page.getFrameTree", NULL, 20000, NULL, &err), AXEV_E_PEER,
		     "the frame was gone before it answered Page.getFrameTree");
	ck_assert_int_lt(axev__cdp_clock_ms() - begun_ms, 10000);
	ck_assert_ptr_null(axev__page_find_target(&page, "I"));
	axev__cdp_free(page.cdp);
	page.cdp = before;
}
END_TEST

START_TEST(page__a_crash_ends_the_wait)
{
	AXEV__JSON *none = axev__json_new_object();

	assert_ok(axev__page_event(&page, "another", "Inspector.targetCrashed", none, &err));
	assert_fails(axev__page_event(&page, "S", "Inspector.targetCrashed", none, &err), AXEV_E_PEER,
		     "the page crashed in the browser");
	ck_assert(page.has_crashed);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cdp");
	TCase *messages = tcase_create("messages"), *events = tcase_create("events"),
	      *large = tcase_create("large");

	tcase_add_checked_fixture(messages, setup, teardown);
	tcase_set_timeout(messages, 120);
	tcase_add_test(messages, cdp__a_call_waits_for_its_own_answer_and_tells_events_meanwhile);
	tcase_add_test(messages, cdp__a_message_may_come_in_pieces);
	tcase_add_test(messages, cdp__a_refused_call_says_why_without_control_characters);
	tcase_add_test(messages, cdp__a_browser_that_does_not_answer_is_told_from_one_that_is_gone);
	tcase_add_test(messages, cdp__what_is_no_json_is_counted_and_the_rest_goes_on);
	tcase_add_test(messages, cdp__halves_of_surrogates_and_nul_become_replacement_characters);
	tcase_add_test(messages, cdp__a_raw_result_is_the_text_as_it_came);
	tcase_add_test(messages, cdp__a_large_message_without_a_file_for_it_is_counted_and_the_rest_goes_on);
	suite_add_tcase(suite, messages);
	tcase_add_checked_fixture(large, spool_setup, teardown);
	tcase_set_timeout(large, 120);
	tcase_add_test(large, cdp__a_large_event_is_told_without_its_long_strings);
	tcase_add_test(large, cdp__a_large_answer_is_read_piece_by_piece);
	tcase_add_test(large, cdp__a_large_answer_as_json_has_no_long_strings);
	suite_add_tcase(suite, large);
	tcase_add_checked_fixture(events, page_setup, page_teardown);
	tcase_add_test(events, page__redirects_of_the_document_are_its_way_not_new_requests);
	tcase_add_test(events, page__a_long_data_address_is_kept_as_its_beginning_with_length_and_digest);
	tcase_add_test(events, page__windows_it_opens_are_closed_and_counted);
	tcase_add_test(events, page__dialogs_are_cancelled_and_leaving_is_allowed);
	tcase_add_test(events, page__it_rests_when_nothing_is_open_but_endless_streams);
	tcase_add_test(events, page__a_frame_that_leaves_takes_its_requests_along);
	tcase_add_test(events, page__a_call_to_a_frame_that_goes_ends_at_once);
	tcase_add_test(events, page__a_crash_ends_the_wait);
	tcase_add_test(events, page__a_page_that_answers_nothing_is_not_at_rest);
	tcase_add_test(events, page__a_frame_of_another_site_is_told_the_device);
	suite_add_tcase(suite, events);
	return run_suite(suite);
}
