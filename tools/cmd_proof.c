/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "selection.h"

static const char usage[] =
	"usage: axev proof FILE|ID -o PROOF.json (--row N | --key COLUMN=VALUE) [options]\n"
	"\n"
	"Writes a small file that proves rows, or single cells of them, to somebody who\n"
	"gets nothing else of the package; axev-verify checks it. Cells that are not\n"
	"shown are in it as digests.\n"
	"\n"
	"  -o, --output FILE     the proof\n"
	"  --set NAME            the record set (table); may be left out if there is one\n"
	"  --row N, --row N-M    the N-th record as in the CSV file, from 1\n"
	"  --key COLUMN=VALUE    the first record that has this value\n"
	"  --columns A,B         show just these columns\n"
	"  --ledger DIR          where ID is looked up (default: AXEV_LEDGER)\n";

struct options {
	const char *ledger_path, *output, *key_column, *key_value;
	axev_record_choice choice;
	struct columns columns;
	int has_rows;
};

/* What is there already is not overwritten: it may be a proof that somebody waits for. */
static int write_new(const char *path, const char *text, axev_error *err)
{
	size_t size = strlen(text), done = 0;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	ssize_t count = 0;

	while (fd >= 0 && done < size && count >= 0) {
		count = write(fd, text + done, size - done);
		done += count > 0 ? (size_t)count : 0;
	}
	if (fd >= 0 && done == size && close(fd) == 0)
		return AXEV_OK;
	err->status = AXEV_E_IO;
	snprintf(err->message, sizeof(err->message), "cannot write %.200s: %s", path, strerror(errno));
	return AXEV_E_IO;
}

static void tell(const struct options *options, const char *proof, const uint8_t root[AXEV_SHA256_BYTES])
{
	char hex[AXEV_ID_HEX_SIZE];

	cli_hex(root, AXEV_SHA256_BYTES, hex);
	printf(cli_text(cli_lang(NULL), "证明: %s (%zu 字节, 第 %" PRIu64 " 条起 %" PRIu64 " 条)\n记录集根值: %s\n",
			"proof: %s (%zu bytes, from record %" PRIu64 " on, %" PRIu64 ")\nroot of the record set: %s\n"),
	       options->output, strlen(proof), options->choice.first + 1, options->choice.count, hex);
}

static int prove(const char *path, struct options *options)
{
	axev_error err = AXEV_ERROR_INIT;
	uint8_t root[AXEV_SHA256_BYTES];
	uint64_t records;
	char *proof = NULL;
	int status = axev_record_set_root(path, options->choice.set, root, &records, &err);

	if (status >= 0 && options->key_column)
		status = axev_record_find(path, options->choice.set, options->key_column, options->key_value, 0,
					  &options->choice.first, &err);
	if (status >= 0)
		status = axev_record_proof_make(path, &options->choice, &proof, &err);
	if (status >= 0)
		status = write_new(options->output, proof, &err);
	if (status >= 0)
		tell(options, proof, root);
	axev_text_free(proof);
	return status < 0 ? cli_fail(&err, status) : EXIT_DONE;
}

static int take_rows(void *payload, char *argument)
{
	struct options *options = payload;

	options->has_rows = 1;
	return rows_parse(argument, &options->choice.first, &options->choice.count) < 0 ?
		       cli_usage("proof", "--row: expected N or N-M, from 1") :
		       EXIT_DONE;
}

static int take_key(void *payload, char *argument)
{
	struct options *options = payload;

	return key_parse(argument, &options->key_column, &options->key_value) < 0 ?
		       cli_usage("proof", "--key: expected COLUMN=VALUE") :
		       EXIT_DONE;
}

static int take_columns(void *payload, char *argument)
{
	return columns_add(payload, argument) < 0 ? cli_usage("proof", "--columns: expected names with commas between them") :
						    EXIT_DONE;
}

int cmd_proof(int argc, char **argv)
{
	static struct options options = { .choice = AXEV_RECORD_CHOICE_INIT };
	static const struct cli_option known[] = {
		{ "output", 'o', .text = &options.output },
		{ "ledger", .text = &options.ledger_path },
		{ "set", .text = &options.choice.set },
		{ "row", .take = take_rows, .payload = &options },
		{ "key", .take = take_key, .payload = &options },
		{ "columns", .take = take_columns, .payload = &options.columns },
		{ 0 },
	};
	char *path = NULL;
	int code;

	if (!cli_options("proof", usage, known, argc, argv, &code))
		return code;
	if (argc - optind != 1 || !options.output || options.has_rows == (options.key_column != NULL))
		return cli_usage("proof", "expected one file or package id, -o FILE, and either --row or --key");
	options.choice.columns = options.columns.names;
	options.choice.column_count = options.columns.count;
	code = cli_file_or_id(options.ledger_path, argv[optind], &path);
	if (code == EXIT_DONE)
		code = prove(path, &options);
	axev_text_free(path);
	return code;
}
