/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spawn_time RUNS PROGRAM ARGUMENT...: seconds of the fastest run, peak memory in KiB of the largest, without a shell
 * in between. Output is dropped; a run that does not end with 0 is an error.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static int run_once(char **command, double *ret_seconds, long *ret_kib)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	double begun = now();
	pid_t pid;
	int failed, status;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	failed = posix_spawnp(&pid, command[0], &actions, NULL, command, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (failed) {
		fprintf(stderr, "%s: %s\n", command[0], strerror(failed));
		return -1;
	}
	if (wait4(pid, &status, 0, &usage) < 0 || status != 0) {
		fprintf(stderr, "%s: ended with wait status %#x\n", command[0], (unsigned)status);
		return -1;
	}
	*ret_seconds = now() - begun;
	*ret_kib = usage.ru_maxrss;
	return 0;
}

int main(int argc, char **argv)
{
	int runs = argc > 2 ? atoi(argv[1]) : 0, i;
	double best = 0, seconds = 0;
	long most = 0, kib = 0;

	if (runs < 1) {
		fprintf(stderr, "usage: spawn_time RUNS PROGRAM ARGUMENT...\n");
		return 2;
	}
	for (i = 0; i < runs; i++) {
		if (run_once(argv + 2, &seconds, &kib) < 0)
			return 1;
		if (i == 0 || seconds < best)
			best = seconds;
		if (kib > most)
			most = kib;
	}
	printf("%.4f %ld\n", best, most);
	return 0;
}
