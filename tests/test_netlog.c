/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <fcntl.h>

#include "base/io.h"
#include "base/limits.h"
#include "content/netlog.h"

static axev_error err;
static struct axev__netlog_event event;

/* The constants of a real log, from its first line. */
static struct axev__buf constants(void)
{
	struct axev__buf text = AXEV__BUF_INIT(1 << 22);
	char path[4096];

	snprintf(path, sizeof(path), "%s/netlog/page.json", getenv("AXEV_TEST_DATA"));
	assert_ok(axev__read_file(AT_FDCWD, path, &text, &err));
	text.size = (size_t)((uint8_t *)memchr(text.data, '\n', text.size) - text.data);
	text.data[text.size] = '\0';
	return text;
}

static int line(struct axev__netlog *log, const char *text)
{
	return axev__netlog_line(log, axev__span_str(text), &event, &err);
}

/* A log as far as the list of events. */
static struct axev__netlog *begun(void)
{
	AXEV__BUF first = constants();
	struct axev__netlog *log = NULL;

	assert_ok(axev__netlog_new(&log, &err));
	assert_ok(axev__netlog_line(log, axev__buf_view(&first), &event, &err));
	assert_ok(line(log, "\"events\": ["));
	return log;
}

/* The constants with @from replaced by @to, of the same length or not. */
static int begin_changed(const char *from, const char *to)
{
	AXEV__BUF first = constants(), changed = AXEV__BUF_INIT(1 << 20);
	AXEV__NETLOG *log = NULL;
	const char *at = strstr((char *)first.data, from);

	ck_assert_ptr_nonnull(at);
	assert_ok(axev__netlog_new(&log, &err));
	assert_ok(axev__buf_append(&changed, first.data, (size_t)(at - (char *)first.data), &err));
	assert_ok(axev__buf_str(&changed, to, &err));
	assert_ok(axev__buf_str(&changed, at + strlen(from), &err));
	return axev__netlog_line(log, axev__buf_view(&changed), &event, &err);
}

#define SOURCE "\"source\":{\"id\":76,\"start_time\":\"5\",\"type\":10}"

/* ---- events ---- */

START_TEST(netlog__bytes_are_read_with_their_source_and_time)
{
	AXEV__NETLOG *log = begun();
	AXEV__BUF bytes = AXEV__BUF_INIT(100);

	assert_ok(line(log, "{\"params\":{\"byte_count\":3,\"bytes\":\"YWJj\"},\"phase\":0," SOURCE
			    ",\"time\":\"451204\",\"type\":86},"));
	ck_assert_int_eq(event.type, AXEV__NETLOG_SOCKET_BYTES_RECEIVED);
	ck_assert_int_eq(event.source, AXEV__NETLOG_FROM_SOCKET);
	ck_assert_int_eq(event.phase, AXEV__NETLOG_AT);
	ck_assert_int_eq(event.id, 76);
	ck_assert_int_eq(event.time_ns, INT64_C(1795527474289000000));
	assert_ok(axev__netlog_bytes(&event, &bytes, &err));
	ck_assert_str_eq((char *)bytes.data, "abc");
}
END_TEST

/* Another order of members, blanks, an escape in base64: the slow way gives the same. */
START_TEST(netlog__another_shape_of_the_line_says_the_same)
{
	static const char *const lines[] = {
		"{\"type\":86,\"time\":\"7\",\"phase\":0," SOURCE
		",\"params\":{\"bytes\":\"YWJj\",\"byte_count\":3}}",
		"{\"params\":{\"byte_count\":3, \"bytes\":\"YWJj\"},\"phase\":0," SOURCE
		",\"time\":\"7\",\"type\":86},",
		"{\"params\":{\"byte_count\":3,\"bytes\":\"\\u0059WJj\"},\"phase\":0," SOURCE
		",\"time\":\"7\",\"type\":86}",
	};
	AXEV__NETLOG *log = begun();
	AXEV__BUF bytes = AXEV__BUF_INIT(100);
	size_t i;

	for (i = 0; i < AXEV__COUNT(lines); i++) {
		axev__buf_clear(&bytes);
		assert_ok(line(log, lines[i]));
		ck_assert_int_eq(event.type, AXEV__NETLOG_SOCKET_BYTES_RECEIVED);
		ck_assert_int_eq(event.id, 76);
		assert_ok(axev__netlog_bytes(&event, &bytes, &err));
		ck_assert_str_eq((char *)bytes.data, "abc");
	}
}
END_TEST

START_TEST(netlog__parameters_are_lent)
{
	AXEV__NETLOG *log = begun();
	struct axev__span text;

	assert_ok(line(log, "{\"params\":{\"address\":\"[::1]:8\"},\"phase\":1," SOURCE
			    ",\"time\":\"7\",\"type\":52},"));
	ck_assert_int_eq(event.type, AXEV__NETLOG_TCP_CONNECT_ATTEMPT);
	ck_assert_int_eq(event.phase, AXEV__NETLOG_BEGIN);
	ck_assert(axev__json_as_string(axev__json_get(event.params, "address"), &text));
	ck_assert(axev__span_is(text, "[::1]:8"));
	assert_ok(line(log, "{\"phase\":2," SOURCE ",\"time\":\"7\",\"type\":52},"));
	ck_assert_int_eq(event.phase, AXEV__NETLOG_END);
	ck_assert_ptr_null(event.params);
}
END_TEST

/* What looks like the end of a line inside of a string is escaped there. */
START_TEST(netlog__text_of_a_page_cannot_pose_as_an_event)
{
	AXEV__NETLOG *log = begun();

	assert_ok(line(log, "{\"params\":{\"url\":\"x\\\"phase\\\":0,\\\"source\\\":{\\\"id\\\":1,\\\"start_time"
			    "\\\":\\\"5\\\",\\\"type\\\":10},\\\"time\\\":\\\"7\\\",\\\"type\\\":86}\"},\"phase\":1,"
			    "\"source\":{\"id\":9,\"start_time\":\"5\",\"type\":1},\"time\":\"8\",\"type\":2},"));
	ck_assert_int_eq(event.id, 9);
}
END_TEST

START_TEST(netlog__kinds_that_nobody_needs_are_passed_over_unread)
{
	AXEV__NETLOG *log = begun();

	assert_ok(line(log, "{not JSON at all,\"phase\":0," SOURCE ",\"time\":\"7\",\"type\":4095},"));
	ck_assert_int_eq(event.type, AXEV__NETLOG_NONE);
}
END_TEST

START_TEST(netlog__an_empty_read_is_an_event_without_bytes)
{
	AXEV__NETLOG *log = begun();

	assert_ok(line(log, "{\"params\":{\"byte_count\":0},\"phase\":0," SOURCE
			    ",\"time\":\"7\",\"type\":86},"));
	ck_assert_int_eq(event.type, AXEV__NETLOG_SOCKET_BYTES_RECEIVED);
	ck_assert_uint_eq(event.byte_count, 0);
}
END_TEST

/* ---- lines that are refused; the log goes on ---- */

static const struct {
	const char *line;
	int status;
	const char *message;
} refused[] = {
	{ "garbage", AXEV_E_FORMAT, "expected an event" },
	{ "{}", AXEV_E_FORMAT, "member 'source': expected an object, found none" },
	{ "{\"params\":{},\"phase\":0," SOURCE ",\"time\":\"7\",\"type\":4096},", AXEV_E_FORMAT,
	  "type, source type or phase is out of range" },
	{ "{\"params\":{},\"phase\":0," SOURCE ",\"time\":\"7\",\"type\":-1},", AXEV_E_FORMAT,
	  "type, source type or phase is out of range" },
	{ "{\"params\":{},\"phase\":3," SOURCE ",\"time\":\"7\",\"type\":86},", AXEV_E_FORMAT,
	  "type, source type or phase is out of range" },
	{ "{\"params\":{},\"phase\":0," SOURCE ",\"time\":\"-7\",\"type\":86},", AXEV_E_FORMAT,
	  "time is out of range" },
	{ "{\"params\":{},\"phase\":0," SOURCE ",\"time\":\"9007199254740991\",\"type\":86},",
	  AXEV_E_FORMAT, "time is out of range" },
	{ "{\"params\":{},\"phase\":0," SOURCE ",\"time\":\"90071992547409919\",\"type\":86},",
	  AXEV_E_FORMAT, "member 'time': expected milliseconds" },
	{ "{\"params\":{},\"phase\":0," SOURCE ",\"time\":7,\"type\":86},", AXEV_E_FORMAT,
	  "member 'time': expected a string, found something else" },
	{ "{\"params\":{},\"phase\":0,\"source\":{\"id\":9007199254740993,\"start_time\":\"5\",\"type\":10},"
	  "\"time\":\"7\",\"type\":86},",
	  AXEV_E_FORMAT, "expected the numbers type, phase, source.type and source.id" },
	{ "{\"params\":{},\"phase\":0,\"source\":{\"id\":\"1\",\"start_time\":\"5\",\"type\":10},"
	  "\"time\":\"7\",\"type\":86},",
	  AXEV_E_FORMAT, "expected the numbers type, phase, source.type and source.id" },
	{ "{\"params\":[],\"phase\":0," SOURCE ",\"time\":\"7\",\"type\":52},", AXEV_E_FORMAT,
	  "member 'params': expected an object" },
	{ "{\"params\":{},\"phase\":0," SOURCE ",\"time\":\"7\",\"type\":86},", AXEV_E_FORMAT,
	  "member 'byte_count': expected an integer from 0, found none" },
	{ "{\"params\":{\"byte_count\":4},\"phase\":0," SOURCE ",\"time\":\"7\",\"type\":86},",
	  AXEV_E_FORMAT, "member 'bytes': expected a string, found none" },
};

START_TEST(netlog__lines_that_cannot_be_read_are_refused_and_the_next_is_read)
{
	AXEV__NETLOG *log = begun();
	size_t i;

	for (i = 0; i < AXEV__COUNT(refused); i++) {
		assert_fails(line(log, refused[i].line), refused[i].status, refused[i].message);
		assert_ok(line(log, "{\"params\":{\"byte_count\":3,\"bytes\":\"YWJj\"},\"phase\":0," SOURCE
				    ",\"time\":\"7\",\"type\":86},"));
		ck_assert_int_eq(event.type, AXEV__NETLOG_SOCKET_BYTES_RECEIVED);
	}
}
END_TEST

START_TEST(netlog__bytes_that_are_not_what_the_event_states_are_refused)
{
	AXEV__NETLOG *log = begun();
	AXEV__BUF bytes = AXEV__BUF_INIT(100);

	assert_ok(line(log, "{\"params\":{\"byte_count\":4,\"bytes\":\"YWJj\"},\"phase\":0," SOURCE
			    ",\"time\":\"7\",\"type\":86},"));
	assert_fails(axev__netlog_bytes(&event, &bytes, &err), AXEV_E_FORMAT,
		     "expected the bytes of an event in base64, found others");
	ck_assert_uint_eq(bytes.size, 0);
	assert_ok(line(log, "{\"params\":{\"byte_count\":3,\"bytes\":\"YWJ \"},\"phase\":0," SOURCE
			    ",\"time\":\"7\",\"type\":86},"));
	assert_fails(axev__netlog_bytes(&event, &bytes, &err), AXEV_E_FORMAT,
		     "expected the bytes of an event in base64, found others");
}
END_TEST

START_TEST(netlog__a_line_without_end_is_refused)
{
	AXEV__NETLOG *log = begun();
	AXEV__FREE char *text = malloc(AXEV__MAX_NETLOG_LINE + 1);

	memset(text, ' ', AXEV__MAX_NETLOG_LINE + 1);
	assert_fails(axev__netlog_line(log, axev__span(text, AXEV__MAX_NETLOG_LINE + 1), &event, &err),
		     AXEV_E_LIMIT, "expected lines of at most 16777216 bytes, found more");
}
END_TEST

/* ---- constants ---- */

START_TEST(netlog__events_before_the_constants_are_refused)
{
	AXEV__NETLOG *log = NULL;

	assert_ok(axev__netlog_new(&log, &err));
	assert_fails(line(log, "{\"params\":{},\"phase\":0," SOURCE ",\"time\":\"7\",\"type\":86},"),
		     AXEV_E_FORMAT, "expected the constants of a network log");
	assert_fails(line(log, "\"events\": ["), AXEV_E_FORMAT,
		     "expected the constants of a network log");
	ck_assert_ptr_null(axev__netlog_client_info(log));
}
END_TEST

START_TEST(netlog__constants_that_are_not_what_they_should_be_are_refused)
{
	assert_fails(begin_changed("\"SSL_CONNECT\":", "\"SSL_CONN\":"), AXEV_E_UNSUPPORTED,
		     "the browser's log knows no event SSL_CONNECT, which is needed; use a version of "
		     "the browser that this library was tested with");
	assert_fails(begin_changed("\"UDP_SOCKET\":", "\"UDP\":"), AXEV_E_UNSUPPORTED,
		     "the browser's log knows no source UDP_SOCKET, which is needed; use a version of "
		     "the browser that this library was tested with");
	assert_fails(begin_changed("\"SSL_CONNECT\":", "\"SSL_CONNECT\":86,\"X\":"), AXEV_E_FORMAT,
		     "constant SSL_CONNECT: number 86 stands for another name too");
	assert_fails(begin_changed("\"SSL_CONNECT\":", "\"SSL_CONNECT\":4096,\"X\":"), AXEV_E_FORMAT,
		     "constant SSL_CONNECT: expected a number of at most 4095");
	assert_fails(begin_changed("\"SSL_CONNECT\":", "\"SSL_CONNECT\":\"8\",\"X\":"), AXEV_E_FORMAT,
		     "constant SSL_CONNECT: expected a number of at most 4095");
	assert_fails(begin_changed("\"PHASE_END\":2", "\"PHASE_END\":1"), AXEV_E_FORMAT,
		     "constant PHASE_END: expected 0, 1 or 2, each once");
	assert_fails(begin_changed("\"timeTickOffset\":", "\"timeTickOffset\":-"), AXEV_E_FORMAT,
		     "constant timeTickOffset: expected milliseconds since 1970");
	ck_assert_int_eq(begin_changed("\"SSL_CONNECT\":", "\"SSL_CONNECT\":8,\"SSL_CONNECT\":"),
			 AXEV_E_FORMAT);
	ck_assert_ptr_nonnull(strstr(err.message, "duplicate object key"));
	assert_ok(begin_changed("\"SSL_ALERT_RECEIVED\":", "\"SSL_ALERT\":"));
}
END_TEST

START_TEST(netlog__the_end_is_told_from_a_cut)
{
	AXEV__NETLOG *log = begun();

	ck_assert(!axev__netlog_is_past_events(log));
	assert_ok(line(log, "],"));
	ck_assert(axev__netlog_is_past_events(log) && !axev__netlog_is_closed(log));
	assert_ok(line(log, "\"polledData\": [{}]"));
	ck_assert(!axev__netlog_is_closed(log));
	assert_ok(line(log, "}"));
	ck_assert(axev__netlog_is_closed(log));
}
END_TEST

START_TEST(netlog__names_come_out_of_the_constants)
{
	AXEV__NETLOG *log = begun();
	int bit = 0;

	ck_assert_str_eq(axev__netlog_error_name(log, -202), "ERR_CERT_AUTHORITY_INVALID");
	ck_assert_ptr_null(axev__netlog_error_name(log, -99999));
	ck_assert_str_eq(axev__netlog_cert_status(log, 1 | 4, &bit), "COMMON_NAME_INVALID");
	ck_assert_str_eq(axev__netlog_cert_status(log, 1 | 4, &bit), "AUTHORITY_INVALID");
	ck_assert_ptr_null(axev__netlog_cert_status(log, 1 | 4, &bit));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("netlog");
	TCase *tcase = tcase_create("netlog");

	tcase_add_test(tcase, netlog__bytes_are_read_with_their_source_and_time);
	tcase_add_test(tcase, netlog__another_shape_of_the_line_says_the_same);
	tcase_add_test(tcase, netlog__parameters_are_lent);
	tcase_add_test(tcase, netlog__text_of_a_page_cannot_pose_as_an_event);
	tcase_add_test(tcase, netlog__kinds_that_nobody_needs_are_passed_over_unread);
	tcase_add_test(tcase, netlog__an_empty_read_is_an_event_without_bytes);
	tcase_add_test(tcase, netlog__lines_that_cannot_be_read_are_refused_and_the_next_is_read);
	tcase_add_test(tcase, netlog__bytes_that_are_not_what_the_event_states_are_refused);
	tcase_add_test(tcase, netlog__a_line_without_end_is_refused);
	tcase_add_test(tcase, netlog__events_before_the_constants_are_refused);
	tcase_add_test(tcase, netlog__constants_that_are_not_what_they_should_be_are_refused);
	tcase_add_test(tcase, netlog__the_end_is_told_from_a_cut);
	tcase_add_test(tcase, netlog__names_come_out_of_the_constants);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
