/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log alone, for tests that need a process to kill:
 *   ledger_probe init DIR | append DIR COUNT [BATCH] | check DIR | package DIR FILE | prove DIR INDEX
 * append writes "<index>" for every acknowledged batch's last entry.
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
