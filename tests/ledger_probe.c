/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log alone, for tests that need a process to kill:
 *   ledger_probe init DIR | append DIR COUNT [BATCH] | check DIR | package DIR FILE | prove DIR INDEX |
 *     history DIR PACKAGES | time DIR COUNT
 * append writes "<index>" for every acknowledged batch's last entry; history adds started, captured and sealed of
 * packages whose bytes are not there; time appends one by one and writes the milliseconds of each.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "ledger/ledger.h"

static int append(struct axev__ledger *ledger, size_t count, size_t batch, axev_error *err)
{
	struct axev__ledger_entry *entries = calloc(batch, sizeof(*entries));
	char *texts = malloc(batch * 220);
	uint64_t first = 0;
	int status = AXEV_OK;
	size_t i, done;

	for (done = 0; status == AXEV_OK && done < count; done += batch) {
		for (i = 0; i < batch; i++) {
			char *text = texts + i * 220;
			int length = snprintf(text, 220,
					      "{\"event\":\"probe\",\"n\":\"%zu\",\"padding\":\"%0*zu\"}",
					      done + i, 150, done + i);

			entries[i].bytes = axev__span(text, (size_t)length);
		}
		status = axev__ledger_append(ledger, entries, batch, &first, err);
		if (status == AXEV_OK) {
			printf("%llu\n", (unsigned long long)(first + batch - 1));
			fflush(stdout);
		}
	}
	free(entries);
	free(texts);
	return status;
}

static int package(struct axev__ledger *ledger, const char *file, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(64 * AXEV__MIB);
	struct axev__ledger_entry entry = { .has_package = true };
	char hex[65], text[300];
	int length;

	TRY(axev__read_file(AT_FDCWD, file, &bytes, err));
	TRY(axev__sha256(bytes.data, bytes.size, entry.package_sha256, err));
	entry.package_bytes = bytes.size;
	axev__hex(hex, entry.package_sha256, 32);
	TRY(axev__make_dirs_durable(axev__ledger_dirfd(ledger), "drafts/probe", 0700, err));
	TRY(axev__write_file_durable(axev__ledger_dirfd(ledger), "drafts/probe/package.part",
				     axev__buf_view(&bytes), 0600, err));
	TRY(axev__ledger_object_commit(ledger, "drafts/probe/package.part", entry.package_sha256, err));
	TRY(axev__remove_tree(axev__ledger_dirfd(ledger), "drafts/probe", err));
	length = snprintf(text, sizeof(text),
			  "{\"event\":\"sealed\",\"id\":\"%s\",\"package_bytes\":\"%zu\",\"package_sha256\":\"%s\"}",
			  hex, bytes.size, hex);
	entry.bytes = axev__span(text, (size_t)length);
	return axev__ledger_append(ledger, &entry, 1, NULL, err);
}

#define HISTORY_BATCH 5000

static int add_history(struct axev__ledger *ledger, size_t first, size_t count, axev_error *err)
{
	AXEV__FREE struct axev__ledger_entry *entries = calloc(3 * count, sizeof(*entries));
	AXEV__FREE char *texts = malloc(3 * count * 400);
	size_t i;

	for (i = 0; i < 3 * count; i++) {
		static const char time[] = "\"time\":\"2026-11-24T00:00:00.000000000Z\"";
		char *text = texts + i * 400, hex[65];
		size_t number = first + i / 3;

		TRY(axev__sha256(&number, sizeof(number), entries[i].package_sha256, err));
		axev__hex(hex, entries[i].package_sha256, 32);
		entries[i].package_bytes = 1;
		entries[i].has_package = i % 3 == 2;
		if (i % 3 == 0)
			snprintf(text, 400, "{\"event\":\"started\",\"session\":\"%032zx\",%s}", number, time);
		else if (i % 3 == 1)
			snprintf(text, 400,
				 "{\"event\":\"captured\",\"id\":\"%s\",\"session\":\"%032zx\",%s}", hex, number,
				 time);
		else
			snprintf(text, 400,
				 "{\"event\":\"sealed\",\"id\":\"%s\",\"package_bytes\":\"1\","
				 "\"package_sha256\":\"%s\",\"session\":\"%032zx\",%s,\"time_pending\":false}",
				 hex, hex, number, time);
		entries[i].bytes = axev__span_str(text);
	}
	return axev__ledger_append(ledger, entries, 3 * count, NULL, err);
}

static int history(struct axev__ledger *ledger, size_t packages, axev_error *err)
{
	size_t done;

	for (done = 0; done < packages; done += HISTORY_BATCH)
		TRY(add_history(ledger, done,
				packages - done < HISTORY_BATCH ? packages - done : HISTORY_BATCH, err));
	return AXEV_OK;
}

static int time_appends(struct axev__ledger *ledger, size_t count, axev_error *err)
{
	struct axev__ledger_entry entry = { 0 };
	struct timespec begin, end;
	char text[120];
	size_t i;

	for (i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "{\"n\":\"%090zu\"}", i);
		entry.bytes = axev__span_str(text);
		clock_gettime(CLOCK_MONOTONIC, &begin);
		TRY(axev__ledger_append(ledger, &entry, 1, NULL, err));
		clock_gettime(CLOCK_MONOTONIC, &end);
		printf("%.3f\n", (double)(end.tv_sec - begin.tv_sec) * 1e3 +
					  (double)(end.tv_nsec - begin.tv_nsec) / 1e6);
	}
	return AXEV_OK;
}

static int prove(struct axev__ledger *ledger, uint64_t index, axev_error *err)
{
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MIB);

	TRY(axev__ledger_prove(ledger, index, &proof, err));
	fwrite(proof.data, 1, proof.size, stdout);
	return AXEV_OK;
}

static int run(int argc, char **argv, axev_error *err)
{
	AXEV__LEDGER *ledger = NULL;
	struct axev__ledger_check check;

	if (strcmp(argv[1], "init") == 0)
		return axev__ledger_init(argv[2], "example.com/log", NULL, err);
	TRY(axev__ledger_open(argv[2], NULL, &ledger, err));
	if (strcmp(argv[1], "append") == 0 && argc >= 4)
		return append(ledger, strtoul(argv[3], NULL, 10),
			      argc >= 5 ? strtoul(argv[4], NULL, 10) : 1, err);
	if (strcmp(argv[1], "package") == 0 && argc >= 4)
		return package(ledger, argv[3], err);
	if (strcmp(argv[1], "history") == 0 && argc >= 4)
		return history(ledger, strtoul(argv[3], NULL, 10), err);
	if (strcmp(argv[1], "time") == 0 && argc >= 4)
		return time_appends(ledger, strtoul(argv[3], NULL, 10), err);
	if (strcmp(argv[1], "prove") == 0 && argc >= 4)
		return prove(ledger, strtoull(argv[3], NULL, 10), err);
	TRY(axev__ledger_check(ledger, NULL, &check, err));
	printf("%llu entries, %llu commits, %llu packages, %llu missing\n",
	       (unsigned long long)check.entries, (unsigned long long)check.commits,
	       (unsigned long long)check.packages, (unsigned long long)check.packages_missing);
	return AXEV_OK;
}

int main(int argc, char **argv)
{
	axev_error err = AXEV_ERROR_INIT;
	char text[1100];

	if (argc < 3)
		return 2;
	if (run(argc, argv, &err) == AXEV_OK)
		return 0;
	axev_error_text(&err, text, sizeof(text));
	fprintf(stderr, "ledger_probe: %s\n", text);
	return 1;
}
