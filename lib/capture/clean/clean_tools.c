/* SPDX-License-Identifier: Apache-2.0 */
/* What the cleanliness checks are made with: files, programs, lines, short lists. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/io.h"
#include "base/text.h"
#include "base/time.h"
#include "capture/clean/clean.h"

/* Callbacks of the environment belong to the calling thread: the checks count on from its last answer. */
int64_t axev__clean_now_ns(const struct axev__clean_asked *asked)
{
	return asked->now_ns + (axev__mono_ns() - asked->now_mono_ns);
}

int axev__clean_say(struct axev__clean_row *row, enum axev__clean_verdict verdict, const char *format,
		    ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(row->result, sizeof(row->result), format, arguments);
	va_end(arguments);
	row->verdict = verdict;
	return AXEV_OK;
}

/* ---- files ---- */

int axev__clean_file(const char *path, struct axev__buf *out, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	uint8_t chunk[16384];
	size_t got = 1;

	TRY(axev__open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK, 0, &fd, err));
	while (got) {
		TRY(axev__read_some(fd, chunk, sizeof(chunk), &got, err));
		TRY(axev__buf_append(out, chunk, got, err));
	}
	return AXEV_OK;
}

int axev__clean_section(struct axev__buf *out, const char *path, bool *ret_there, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	int status;

	TRY(axev__buf_printf(out, err, "== %s ==\n", path));
	status = axev__clean_file(path, out, &problem);
	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (ret_there)
		*ret_there = status >= 0;
	if (status < 0)
		return axev__buf_printf(out, err, "-- %s --\n", problem.message);
	return out->size && out->data[out->size - 1] != '\n' ? axev__buf_byte(out, '\n', err) : AXEV_OK;
}

/* ---- programs ---- */

static int start(const char *const *argv, int out_fd, pid_t *ret_pid)
{
	static const char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int failed;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes,
				 POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out_fd, 1);
	posix_spawn_file_actions_adddup2(&actions, out_fd, 2);
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	failed = posix_spawn(ret_pid, argv[0], &actions, &attributes, (char *const *)argv,
			     (char *const *)environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return failed;
}

static int collect(int fd, int64_t deadline_ns, struct axev__buf *out, axev_error *err)
{
	uint8_t chunk[4096];
	size_t got = 1;

	while (got) {
		struct pollfd one = { .fd = fd, .events = POLLIN };
		int64_t left_ms = (deadline_ns - axev__mono_ns()) / 1000000;

		if (left_ms <= 0 || poll(&one, 1, (int)left_ms) == 0)
			return AXEV_OK;
		TRY(axev__read_some(fd, chunk, sizeof(chunk), &got, err));
		TRY(axev__buf_append(out, chunk, got, err));
	}
	return AXEV_OK;
}

/* Its output has ended, or its time: what then still runs is ended with all it started. */
static int reap(pid_t pid, int64_t deadline_ns)
{
	const struct timespec nap = { 0, 2 * 1000 * 1000 };
	int status = 0;
	pid_t got;

	while ((got = waitpid(pid, &status, WNOHANG)) == 0 && axev__mono_ns() < deadline_ns)
		nanosleep(&nap, NULL);
	if (got == 0) {
		kill(-pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int axev__clean_command(const char *const *argv, uint32_t timeout_ms, struct axev__buf *out,
			int *ret_exit, axev_error *err)
{
	int64_t deadline_ns = axev__mono_ns() + (int64_t)timeout_ms * 1000000;
	int ends[2], failed, status;
	pid_t pid;

	if (access(argv[0], X_OK) < 0)
		return axev__fail(err, AXEV_E_NOTFOUND, "%s is not installed", argv[0]);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return axev__fail_errno(err, errno, "cannot make a pipe");
	failed = start(argv, ends[1], &pid);
	close(ends[1]);
	if (failed) {
		close(ends[0]);
		return axev__fail_errno(err, failed, "cannot start %s", argv[0]);
	}
	status = collect(ends[0], deadline_ns, out, err);
	close(ends[0]);
	*ret_exit = reap(pid, deadline_ns);
	return status;
}

/* ---- text ---- */

bool axev__clean_line(struct axev__span *text, struct axev__span *ret_line)
{
	const uint8_t *end = text->size ? memchr(text->data, '\n', text->size) : NULL;
	size_t length = end ? (size_t)(end - text->data) : text->size;

	if (text->size == 0)
		return false;
	*ret_line = axev__span(text->data, length);
	length += end != NULL;
	*text = axev__span(text->data + length, text->size - length);
	return true;
}

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

bool axev__clean_word(struct axev__span *line, struct axev__span *ret_word)
{
	size_t at = 0, begin;

	while (at < line->size && is_blank(line->data[at]))
		at++;
	begin = at;
	while (at < line->size && !is_blank(line->data[at]))
		at++;
	if (at == begin)
		return false;
	*ret_word = axev__span(line->data + begin, at - begin);
	*line = axev__span(line->data + at, line->size - at);
	return true;
}

void axev__clean_list_add(struct axev__clean_list *list, struct axev__span item)
{
	const size_t room = sizeof(list->text) - sizeof(" and 4294967295 more");
	struct axev__shown shown;
	size_t length;

	axev__show(&shown, item.size > 60 ? axev__span(item.data, 60) : item);
	length = strlen(shown.text);
	list->count++;
	if (list->left_out || list->used + length + 2 >= room) {
		list->left_out++;
		return;
	}
	list->used += (size_t)snprintf(list->text + list->used, room - list->used, "%s%s",
				       list->used ? ", " : "", shown.text);
}

const char *axev__clean_list_text(struct axev__clean_list *list)
{
	if (list->left_out)
		snprintf(list->text + list->used, sizeof(list->text) - list->used, " and %u more",
			 list->left_out);
	return list->text;
}
