/* SPDX-License-Identifier: Apache-2.0 */
#include "capture_list.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

#define MAX_URLS 100000
#define MAX_LINE 8192
#define MAX_JOBS 16
#define MAX_SAID (64 * 1024) /* of one capture: an object, or a line on its standard error */

enum state { WAITING, RUNNING, SEALED, FAILED };

struct target {
	char *url;
	enum state state;
	int was_sealed; /* by an earlier run */
	double seconds;
	int code;
	char id[65];
	int is_complete;
	char problem[1024];
};

struct job {
	struct target *target; /* NULL: free */
	pid_t pid;
	int fds[2];       /* its standard output, its standard error; -1: ended */
	char *said[2];
	size_t sizes[2];
	double started;
};

struct run {
	const struct capture_list *list;
	struct target *targets;
	size_t count;
	struct job jobs[MAX_JOBS];
	int results_fd;
	capture_one one;
	void *context;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int fail(const char *subject, const char *message)
{
	fprintf(stderr, "axev: %s: %s\n", subject, message);
	return EXIT_ENVIRONMENT;
}

/* ---- the list ---- */

static int is_comment(const char *line)
{
	return line[0] == '\0' || line[0] == '#';
}

static int add_target(struct run *run, const char *url)
{
	struct target *targets;
	size_t i;

	for (i = 0; i < run->count; i++)
		if (strcmp(run->targets[i].url, url) == 0)
			return EXIT_DONE; /* named twice: captured once */
	if (run->count == MAX_URLS)
		return fail(run->list->path, "expected at most 100,000 addresses");
	targets = reallocarray(run->targets, run->count + 1, sizeof(*targets));
	if (!targets)
		return fail(run->list->path, "out of memory");
	run->targets = targets;
	targets[run->count] = (struct target){ .url = strdup(url) };
	if (!targets[run->count].url)
		return fail(run->list->path, "out of memory");
	run->count++;
	return EXIT_DONE;
}

static void trim(char *line)
{
	size_t length = strlen(line), blanks = strspn(line, " \t");

	while (length > blanks && strchr(" \t\r\n", line[length - 1]))
		length--;
	memmove(line, line + blanks, length - blanks);
	line[length - blanks] = '\0';
}

static int is_address(const char *line)
{
	const unsigned char *c = (const unsigned char *)line;

	if (strncasecmp(line, "http://", 7) != 0 && strncasecmp(line, "https://", 8) != 0)
		return 0;
	while (*c > ' ' && *c != 0x7F)
		c++;
	return *c == '\0';
}

/* All of it before the first is captured: a mistake on the last line is found now. */
static int read_list(struct run *run)
{
	FILE *file = fopen(run->list->path, "re");
	char line[MAX_LINE], where[64];
	int code = EXIT_DONE;
	unsigned number = 0;

	if (!file)
		return fail(run->list->path, strerror(errno));
	while (code == EXIT_DONE && fgets(line, sizeof(line), file)) {
		number++;
		if (!strchr(line, '\n') && !feof(file)) {
			snprintf(where, sizeof(where), "line %u is longer than 8 KiB", number);
			code = fail(run->list->path, where);
		}
		trim(line);
		if (code != EXIT_DONE || is_comment(line))
			continue;
		if (is_address(line)) {
			code = add_target(run, line);
		} else {
			snprintf(where, sizeof(where), "line %u: expected an address as https://shop.example/", number);
			code = fail(run->list->path, where);
		}
	}
	fclose(file);
	if (code == EXIT_DONE && run->count == 0)
		code = fail(run->list->path, "expected addresses, one a line; found none");
	return code;
}

/* ---- results ---- */

/* A text member of an object of ours, as the tools write it; only for values without escapes. */
static int member(const char *object, const char *key, char *out, size_t size)
{
	char pattern[32];
	const char *at, *end;

	snprintf(pattern, sizeof(pattern), "\"%s\":\"", key);
	at = strstr(object, pattern);
	if (!at)
		return 0;
	at += strlen(pattern);
	end = strchr(at, '"');
	if (!end || (size_t)(end - at) >= size)
		return 0;
	memcpy(out, at, (size_t)(end - at));
	out[end - at] = '\0';
	return 1;
}

static int write_string(FILE *out, const char *text)
{
	const unsigned char *c;

	fputc('"', out);
	for (c = (const unsigned char *)text; *c; c++)
		if (*c == '"' || *c == '\\')
			fprintf(out, "\\%c", *c);
		else if (*c < 0x20)
			fprintf(out, "\\u%04x", *c);
		else
			fputc(*c, out);
	return fputc('"', out);
}

static void write_target(FILE *out, const struct target *target)
{
	/* The address stands last: what comes before it is ours, so that it can be read back without doubt. */
	fprintf(out, "{\"state\":\"%s\",", target->state == SEALED ? "sealed" : "failed");
	if (target->state == SEALED)
		fprintf(out, "\"id\":\"%s\",\"complete\":%s,", target->id, target->is_complete ? "true" : "false");
	else
		fprintf(out, "\"exit\":%d,\"problem\":", target->code);
	if (target->state != SEALED) {
		write_string(out, target->problem);
		fputc(',', out);
	}
	fprintf(out, "\"seconds\":\"%.1f\",\"url\":", target->seconds);
	write_string(out, target->url);
	fputs("}\n", out);
}

static int write_result(const struct run *run, const struct target *target)
{
	char *line = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&line, &size);
	ssize_t written = -1;

	if (memory) {
		write_target(memory, target);
		fclose(memory);
		written = write(run->results_fd, line, size);
	}
	free(line);
	return written == (ssize_t)size && fdatasync(run->results_fd) == 0;
}

/* A line that was cut off when the machine stopped is no result. */
static void take_result(struct run *run, const char *line)
{
	struct target read = { 0 };
	char state[16], *written = NULL;
	size_t size = 0, i;

	if (!member(line, "state", state, sizeof(state)) || strcmp(state, "sealed") != 0 ||
	    !member(line, "id", read.id, sizeof(read.id)) || strlen(read.id) != 64)
		return;
	for (i = 0; i < run->count; i++) {
		FILE *memory = open_memstream(&written, &size);

		if (!memory)
			return;
		fputs("\"url\":", memory);
		write_string(memory, run->targets[i].url);
		fputs("}\n", memory);
		fclose(memory);
		if (strlen(line) > size && strcmp(line + strlen(line) - size, written) == 0) {
			memcpy(run->targets[i].id, read.id, sizeof(read.id));
			run->targets[i].state = SEALED;
			run->targets[i].was_sealed = 1;
			run->targets[i].is_complete = strstr(line, "\"complete\":true,") != NULL;
		}
		free(written);
		written = NULL;
	}
}

/* What was cut off when the machine stopped stays a line of its own. */
static void end_last_line(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char last = '\n';

	if (size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n' && write(fd, "\n", 1) != 1)
		return; /* the next result fails to be written, and that is told */
}

static int open_results(struct run *run)
{
	char name[4096], *line = NULL;
	size_t size = 0;
	FILE *file;

	if (run->list->results)
		snprintf(name, sizeof(name), "%s", run->list->results);
	else
		snprintf(name, sizeof(name), "%s.results", run->list->path);
	run->results_fd = open(name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (run->results_fd < 0)
		return fail(name, strerror(errno));
	end_last_line(run->results_fd);
	file = fopen(name, "re");
	while (file && getline(&line, &size, file) > 0)
		take_result(run, line);
	free(line);
	if (file)
		fclose(file);
	return EXIT_DONE;
}

/* ---- running ---- */

static size_t host_of(const char *url, const char **ret_host)
{
	*ret_host = strstr(url, "://") + 3;
	return strcspn(*ret_host, "/?#");
}

static int is_same_host(const char *a, const char *b)
{
	const char *host_a, *host_b;
	size_t length_a = host_of(a, &host_a), length_b = host_of(b, &host_b);

	return length_a == length_b && strncasecmp(host_a, host_b, length_a) == 0;
}

/* A site is not asked for two pages at a time, nor at once again. */
static int may_start(const struct run *run, const double *ended, const struct target *target)
{
	size_t i;

	if (run->list->delay_ms == 0)
		return 1;
	for (i = 0; i < run->list->jobs; i++)
		if (run->jobs[i].target && is_same_host(run->jobs[i].target->url, target->url))
			return 0;
	for (i = 0; i < run->count; i++)
		if (ended[i] > 0 && (now() - ended[i]) * 1000 < run->list->delay_ms &&
		    is_same_host(run->targets[i].url, target->url))
			return 0;
	return 1;
}

static void run_child(const struct run *run, const struct target *target, int out, int errors)
{
	int code;

	dup2(out, STDOUT_FILENO);
	dup2(errors, STDERR_FILENO);
	code = run->one(run->context, target->url);
	fflush(stdout);
	_exit(code);
}

static int start_job(struct run *run, struct job *job, struct target *target)
{
	int out[2] = { -1, -1 }, errors[2] = { -1, -1 };

	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(errors, O_CLOEXEC) < 0)
		return fail(target->url, strerror(errno));
	fflush(stdout);
	job->pid = fork();
	if (job->pid < 0)
		return fail(target->url, strerror(errno));
	if (job->pid == 0)
		run_child(run, target, out[1], errors[1]);
	close(out[1]);
	close(errors[1]);
	job->target = target;
	job->fds[0] = out[0];
	job->fds[1] = errors[0];
	job->started = now();
	target->state = RUNNING;
	return EXIT_DONE;
}

static int start_jobs(struct run *run, const double *ended)
{
	size_t i, j;
	int code;

	for (i = 0; i < run->list->jobs; i++) {
		if (run->jobs[i].target)
			continue;
		for (j = 0; j < run->count; j++)
			if (run->targets[j].state == WAITING && may_start(run, ended, &run->targets[j]))
				break;
		if (j == run->count)
			return EXIT_DONE;
		code = start_job(run, &run->jobs[i], &run->targets[j]);
		if (code != EXIT_DONE)
			return code;
	}
	return EXIT_DONE;
}

/* False at the end of what it says. */
static int listen_to(struct job *job, size_t which)
{
	char piece[4096];
	ssize_t got = read(job->fds[which], piece, sizeof(piece));
	char *said;

	if (got <= 0) {
		close(job->fds[which]);
		job->fds[which] = -1;
		return 0;
	}
	if (job->sizes[which] + (size_t)got >= MAX_SAID)
		return 1; /* further words are of no use */
	said = realloc(job->said[which], job->sizes[which] + (size_t)got + 1);
	if (!said)
		return 1;
	memcpy(said + job->sizes[which], piece, (size_t)got);
	job->said[which] = said;
	job->sizes[which] += (size_t)got;
	said[job->sizes[which]] = '\0';
	return 1;
}

static void note_outcome(struct job *job, int status)
{
	struct target *target = job->target;
	const char *out = job->said[0] ? job->said[0] : "", *said = job->said[1] ? job->said[1] : "";

	target->seconds = now() - job->started;
	target->code = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_ENVIRONMENT;
	target->is_complete = strstr(out, "\"complete\":true") != NULL;
	if (target->code == EXIT_DONE && member(out, "id", target->id, sizeof(target->id))) {
		target->state = SEALED;
		return;
	}
	target->state = FAILED;
	if (strncmp(said, "axev: ", 6) == 0)
		said += 6;
	snprintf(target->problem, sizeof(target->problem), "%.*s", (int)strcspn(said, "\n"),
		 *said ? said : "ended without a word");
	if (target->code == EXIT_DONE)
		target->code = EXIT_ENVIRONMENT;
}

static int end_job(struct run *run, struct job *job, double *ended)
{
	struct target *target = job->target;
	int status = 0, is_written;

	while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
		;
	note_outcome(job, status);
	ended[target - run->targets] = now();
	is_written = write_result(run, target);
	free(job->said[0]);
	free(job->said[1]);
	*job = (struct job){ .fds = { -1, -1 } };
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "%s %s\n", target->state == SEALED ? "+" : "!", target->url);
	return is_written ? EXIT_DONE : fail(target->url, "the outcome could not be written to the results");
}

static int wait_for_jobs(struct run *run, double *ended)
{
	struct pollfd fds[2 * MAX_JOBS];
	nfds_t count = 0;
	size_t i, j;
	int code = EXIT_DONE;

	for (i = 0; i < run->list->jobs; i++)
		for (j = 0; j < 2; j++)
			if (run->jobs[i].target && run->jobs[i].fds[j] >= 0)
				fds[count++] = (struct pollfd){ .fd = run->jobs[i].fds[j], .events = POLLIN };
	poll(fds, count, 100);
	for (i = 0; i < run->list->jobs && code == EXIT_DONE; i++) {
		struct job *job = &run->jobs[i];

		for (j = 0; job->target && j < 2; j++) {
			struct pollfd one = { .fd = job->fds[j], .events = POLLIN };

			if (one.fd >= 0 && poll(&one, 1, 0) > 0)
				listen_to(job, j);
		}
		if (job->target && job->fds[0] < 0 && job->fds[1] < 0)
			code = end_job(run, job, ended);
	}
	return code;
}

static size_t count_in(const struct run *run, enum state state)
{
	size_t i, count = 0;

	for (i = 0; i < run->count; i++)
		count += run->targets[i].state == state;
	return count;
}

static int run_all(struct run *run)
{
	double *ended = calloc(run->count, sizeof(*ended));
	int code = ended ? EXIT_DONE : EXIT_ENVIRONMENT, outcome;

	while (code == EXIT_DONE && (count_in(run, WAITING) || count_in(run, RUNNING))) {
		code = start_jobs(run, ended);
		if (code == EXIT_DONE)
			code = wait_for_jobs(run, ended);
	}
	/* After a failure of our own, what still runs is let end. */
	while (count_in(run, RUNNING)) {
		outcome = wait_for_jobs(run, ended);
		code = code == EXIT_DONE ? outcome : code;
	}
	free(ended);
	return code;
}

/* ---- summary ---- */

static void tell_rows(const struct run *run)
{
	const char *lang = cli_lang(NULL);
	size_t i;

	for (i = 0; i < run->count; i++) {
		const struct target *target = &run->targets[i];

		if (target->state == SEALED)
			printf("%-12.12s  %6.1f s  %s%s\n    %s\n", target->id, target->seconds,
			       target->was_sealed ? cli_text(lang, "以前已封存", "sealed before") :
						    cli_text(lang, "已封存", "sealed"),
			       target->is_complete ? "" : cli_text(lang, " (不完整)", " (partial)"), target->url);
		else
			printf("%-12s  %6.1f s  %s\n    %s\n", "-", target->seconds,
			       target->problem[0] ? target->problem : cli_text(lang, "未进行", "not done"),
			       target->url);
	}
}

static void tell(const struct run *run)
{
	size_t sealed = count_in(run, SEALED), partial = 0, i;

	for (i = 0; i < run->count; i++)
		partial += run->targets[i].state == SEALED && !run->targets[i].is_complete;
	if (run->list->is_json) {
		printf("{\"addresses\":%zu,\"sealed\":%zu,\"partial\":%zu,\"failed\":%zu}\n", run->count, sealed,
		       partial, run->count - sealed);
		return;
	}
	tell_rows(run);
	printf(cli_text(cli_lang(NULL), "网址 %zu 个: 已封存 %zu (其中不完整 %zu), 未成功 %zu\n",
			"addresses %zu: sealed %zu (of these partial %zu), failed %zu\n"),
	       run->count, sealed, partial, run->count - sealed);
}

int capture_list_run(const struct capture_list *list, capture_one one, void *context)
{
	struct run run = { .list = list, .one = one, .context = context, .results_fd = -1 };
	int code = EXIT_DONE;
	size_t i;

	if (list->jobs < 1 || list->jobs > MAX_JOBS)
		return cli_usage("capture", "expected 1 to %d jobs", MAX_JOBS);
	for (i = 0; i < MAX_JOBS; i++)
		run.jobs[i] = (struct job){ .fds = { -1, -1 } };
	code = read_list(&run);
	if (code == EXIT_DONE)
		code = open_results(&run);
	if (code == EXIT_DONE) {
		code = run_all(&run);
		tell(&run);
		if (code == EXIT_DONE && count_in(&run, FAILED))
			code = EXIT_ENVIRONMENT;
	}
	for (i = 0; i < run.count; i++)
		free(run.targets[i].url);
	free(run.targets);
	if (run.results_fd >= 0)
		close(run.results_fd);
	return code;
}
