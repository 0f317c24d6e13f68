/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz harness without a fuzzer: over every file of a corpus, and over small changes to each that
 * are the same in every run. A crash, a sanitizer report or a time limit is the failure.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_FILE_BYTES ((size_t)4 << 20)
#define FLIPS 256
#define CUTS 64

/* A copy on the heap of exactly this size, so that a read beyond it is seen. */
static void run_one(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	if (size)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

/* xorshift64: the same sequence in every run. */
static uint64_t next_number(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void run_changed(uint8_t *data, size_t size)
{
	uint64_t state = 0x9E3779B97F4A7C15u ^ size;
	size_t i;

	for (i = 0; i < CUTS && size; i++)
		run_one(data, size <= CUTS ? i % size : (size_t)(next_number(&state) % size));
	for (i = 0; i < FLIPS && size; i++) {
		size_t at = (size_t)(next_number(&state) % size);
		uint8_t before = data[at];

		data[at] = (uint8_t)(i % 4 == 0 ? next_number(&state) : before ^ (1u << i % 8));
		run_one(data, size);
		data[at] = before;
	}
	for (i = 0; i < FLIPS / 8 && size > 1; i++) {
		size_t at = (size_t)(next_number(&state) % (size - 1));
		uint8_t before = data[at];

		/* one byte taken out of the middle */
		memmove(data + at, data + at + 1, size - at - 1);
		run_one(data, size - 1);
		memmove(data + at + 1, data + at, size - at - 1);
		data[at] = before;
	}
}

static int run_file(const char *directory, const char *name)
{
	char path[4096];
	uint8_t *data = malloc(MAX_FILE_BYTES);
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "rb");
	if (!file || !data) {
		free(data);
		return -1;
	}
	size = fread(data, 1, MAX_FILE_BYTES, file);
	fclose(file);
	run_one(data, size);
	run_changed(data, size);
	free(data);
	return 0;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	struct dirent **files;
	int count, i;

	if (argc != 2 || (count = scandir(argv[1], &files, is_visible, alphasort)) <= 0) {
		printf("Bail out! expected a directory with inputs\n");
		return 1;
	}
	printf("1..%d\n", count + 1);
	run_one((const uint8_t *)"", 0);
	printf("ok 1 - empty input\n");
	for (i = 0; i < count; i++) {
		printf("%s %d - %s\n", run_file(argv[1], files[i]->d_name) == 0 ? "ok" : "not ok", i + 2,
		       files[i]->d_name);
		fflush(stdout);
		free(files[i]);
	}
	free(files);
	return 0;
}
