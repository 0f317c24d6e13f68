/* SPDX-License-Identifier: Apache-2.0 */
/* Logs that are too long, cut off, damaged or of another browser. */
#include "wire_log.h"

#include <sys/stat.h>
#include <sys/wait.h>

START_TEST(wire_limits__bytes_over_the_limit_are_dropped_and_told)
{
	AXEV__BUF text = log_text(PAGE_LOG);
	AXEV__WIRE *wire = read_text(&text, 1500);
	AXEV__JSON *json = NULL;
	bool over = false;

	collect_all(wire);
	ck_assert(summary.is_over_limit && summary.is_closed);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(list[0].truncated, "-");
	ck_assert_str_eq(list[1].url, "http://site.test:8820/");
	ck_assert_str_eq(list[1].truncated, "length");
	assert_ok(axev__wire_connections_json(wire, false, &json, &err));
	ck_assert(axev__json_as_bool(member(json, "over_limit"), &over) && over);
}
END_TEST

START_TEST(wire_limits__a_log_cut_off_gives_what_came_before)
{
	AXEV__BUF text = log_text(PAGE_LOG);
	AXEV__WIRE *wire = NULL;

	text.size = 60000;
	wire = read_text(&text, UINT64_MAX);
	collect_all(wire);
	ck_assert(!summary.is_closed);
	ck_assert_uint_eq(summary.bad_lines, 1);
	ck_assert_uint_ge(count, 3);
	assert_bytes(&at("http://site.test:8820/r")->response_body, "moved");
	/* Each cut, also inside of constants: no crash, and never called closed. */
	while (text.size > 0) {
		AXEV__WIRE *shorter = NULL;

		text.size -= text.size < 977 ? text.size : 977;
		shorter = read_text(&text, UINT64_MAX);
		ck_assert(!summary.is_closed);
		collect_all(shorter);
	}
	ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(wire_limits__rubbish_between_events_is_counted_and_passed_over)
{
	AXEV__BUF text = log_text(PAGE_LOG), broken = AXEV__BUF_INIT(1 << 22);
	static const char rubbish[] = "\n{\"params\":{},\n\xFF\xFE\nnull,\n{},\n";
	const uint8_t *line = memmem(text.data, text.size, "\n{\"params\"", 10);
	AXEV__WIRE *wire = NULL;

	assert_ok(axev__buf_append(&broken, text.data, (size_t)(line - text.data), &err));
	assert_ok(axev__buf_str(&broken, rubbish, &err));
	assert_ok(axev__buf_append(&broken, line + 1, text.size - (size_t)(line + 1 - text.data), &err));
	wire = read_text(&broken, UINT64_MAX);
	ck_assert_uint_eq(summary.bad_lines, 4);
	ck_assert_uint_eq(summary.exchanges, 15);
	ck_assert(summary.is_closed);
}
END_TEST

START_TEST(wire_limits__a_log_without_anything_is_no_error)
{
	struct axev__buf nothing = AXEV__BUF_INIT(1);
	AXEV__WIRE *wire = read_text(&nothing, UINT64_MAX);

	ck_assert(!summary.is_closed);
	ck_assert_uint_eq(summary.connections, 0);
	ck_assert_ptr_null(axev__wire_client_info(wire));
}
END_TEST

START_TEST(wire_limits__the_browser_is_named_as_it_names_itself)
{
	AXEV__WIRE *wire = read_page();

	assert_text(axev__wire_client_info(wire), "name", "Chromium");
	assert_text(axev__wire_client_info(wire), "version", "156.0.8078.79");
}
END_TEST

/* Pieces of all sizes out of a pipe, as a browser writes it. */
START_TEST(wire_limits__a_pipe_in_small_pieces_gives_the_same)
{
	AXEV__BUF text = log_text(PAGE_LOG);
	AXEV__WIRE *wire = NULL;
	int ends[2], status;
	size_t done, piece;
	pid_t child;

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		for (done = 0, piece = 1; done < text.size; done += piece, piece = piece % 4096 + 37) {
			if (piece > text.size - done)
				piece = text.size - done;
			if (write(ends[1], text.data + done, piece) != (ssize_t)piece)
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	assert_ok(axev__wire_start(ends[0], scratch("", 0), UINT64_MAX, &wire, &err));
	assert_ok(axev__wire_finish(wire, &summary, &err));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_eq(summary.exchanges, 15);
	ck_assert_uint_eq(summary.bad_lines, 0);
	ck_assert(summary.is_closed);
}
END_TEST

/* A pipe whose writer never comes must not keep anybody waiting. */
START_TEST(wire_limits__giving_up_ends_the_reading)
{
	char directory[] = "/tmp/axev-wire-XXXXXX", path[64];
	struct axev__wire *wire = NULL;
	int fd;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/log", directory);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_ok(axev__wire_start(fd, scratch("", 0), UINT64_MAX, &wire, &err));
	axev__wire_free(wire);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_ok(axev__wire_start(fd, scratch("", 0), UINT64_MAX, &wire, &err));
	assert_ok(axev__wire_finish(wire, &summary, &err));
	ck_assert(!summary.is_closed);
	axev__wire_free(wire);
	unlink(path);
	rmdir(directory);
}
END_TEST

START_TEST(wire_limits__a_browser_without_a_needed_event_is_refused)
{
	AXEV__BUF text = log_text(PAGE_LOG);
	uint8_t *name = memmem(text.data, text.size, "\"SSL_CONNECT\"", 13);
	struct axev__wire *wire = NULL;

	name[1] = 'X';
	assert_ok(axev__wire_start(scratch(text.data, text.size), scratch("", 0), UINT64_MAX, &wire,
				   &err));
	assert_fails(axev__wire_finish(wire, &summary, &err), AXEV_E_UNSUPPORTED,
		     "the browser's log knows no event SSL_CONNECT, which is needed; use a version of "
		     "the browser that this library was tested with");
	axev__wire_free(wire);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire_limits");
	TCase *tcase = tcase_create("wire_limits");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, NULL, forget_all);
	tcase_add_test(tcase, wire_limits__bytes_over_the_limit_are_dropped_and_told);
	tcase_add_test(tcase, wire_limits__a_log_cut_off_gives_what_came_before);
	tcase_add_test(tcase, wire_limits__rubbish_between_events_is_counted_and_passed_over);
	tcase_add_test(tcase, wire_limits__a_log_without_anything_is_no_error);
	tcase_add_test(tcase, wire_limits__the_browser_is_named_as_it_names_itself);
	tcase_add_test(tcase, wire_limits__a_pipe_in_small_pieces_gives_the_same);
	tcase_add_test(tcase, wire_limits__giving_up_ends_the_reading);
	tcase_add_test(tcase, wire_limits__a_browser_without_a_needed_event_is_refused);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
