/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the scripts: `wacz_probe EXCHANGES OUT.warc OUT.wacz TITLE`. One exchange a line, three words in hex and one in
 * clear: URL, request and response as sent ("-" none), then "response" or the media type of a resource record.
 * The first line is the page. `wacz_probe keys` reads URLs, one a line, and writes their index keys.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/text.h"
#include "base/time.h"
#include "content/http1.h"
#include "content/surt.h"
#include "content/warc_write.h"
#include "package/wacz_write.h"

#define START_NS (INT64_C(1795507200) * AXEV__NS_PER_SECOND) /* 2026-11-24T08:00:00Z */
#define MAX_BYTES (64 * AXEV__MIB)

static axev_error err = AXEV_ERROR_INIT;

static void must(int status)
{
	char text[1100];

	if (status >= 0)
		return;
	axev_error_text(&err, text, sizeof(text));
	fprintf(stderr, "wacz_probe: %s\n", text);
	exit(1);
}

static struct axev__buf unhex(const char *word)
{
	struct axev__buf out = AXEV__BUF_INIT(MAX_BYTES);
	size_t size = strlen(word) / 2;

	if (strcmp(word, "-") == 0)
		return out;
	must(axev__buf_reserve(&out, size, &err));
	if (!axev__unhex(out.data, size, axev__span(word, 2 * size)))
		exit(2);
	out.size = size;
	out.data[size] = '\0';
	return out;
}

static int keep(void *context, struct axev__span piece, axev_error *error)
{
	return axev__buf_span(context, piece, error);
}

static void write_record(struct axev__warc_writer *writer, const char *type, unsigned number,
			 const struct axev__buf *url, const struct axev__buf *block, const char *media)
{
	AXEV__BUF payload = AXEV__BUF_INIT(MAX_BYTES);
	const struct axev__http1_payload kept = { keep, &payload };
	struct axev__http1_message message;
	struct axev__warc_place place;
	char id[40], other[40];
	struct axev__warc_record record = {
		.type = type, .id = id, .target_uri = (const char *)url->data,
		.date_ns = START_NS + (int64_t)(number / 2) * AXEV__NS_PER_SECOND,
		.content_type = media,
	};
	size_t half = block->size / 2;

	snprintf(id, sizeof(id), "00000000-0000-4000-8000-%012x", number);
	snprintf(other, sizeof(other), "00000000-0000-4000-8000-%012x", number - 1);
	if (strcmp(type, "response") == 0) {
		must(axev__http1_response(axev__buf_view(block), false, true, &message, &kept, &err));
		must(axev__buf_append(&payload, "", 0, &err));
		record.payload = axev__buf_view(&payload);
	} else if (strcmp(type, "request") == 0) {
		record.concurrent_to = other;
	} else {
		record.payload = axev__buf_view(block);
	}
	record.block = axev__span(block->data, half);
	record.block_rest = axev__source_memory(axev__span(block->data + half, block->size - half));
	must(axev__warc_write(writer, &record, &place, &err));
}

static void write_exchange(struct axev__warc_writer *writer, char *line, char **first_url)
{
	static unsigned number;
	const char *words[4];
	unsigned i;

	for (i = 0; i < 4; i++)
		words[i] = strtok(i ? NULL : line, " \n");
	if (!words[3])
		exit(2);
	AXEV__BUF url = unhex(words[0]);
	AXEV__BUF request = unhex(words[1]);
	AXEV__BUF response = unhex(words[2]);

	if (!*first_url)
		*first_url = strdup((const char *)url.data);
	if (strcmp(words[3], "response") != 0)
		write_record(writer, "resource", number, &url, &response, words[3]);
	else if (response.data)
		write_record(writer, "response", number, &url, &response,
			     "application/http;msgtype=response");
	if (request.data)
		write_record(writer, "request", number + 1, &url, &request,
			     "application/http;msgtype=request");
	number += 2;
}

static int write_files(char **argv)
{
	struct axev__warc_writer writer = { .fd = -1 };
	struct axev__wacz_page page = { .id = "page-1", .time_ns = START_NS, .title = argv[3] };
	struct axev__wacz_about about = { .title = argv[3], .created_ns = START_NS, .pages = &page,
					  .page_count = 1 };
	FILE *exchanges = fopen(argv[0], "r");
	char *line = NULL, *url = NULL;
	size_t room = 0;
	int out;

	if (!exchanges)
		return 2;
	must(axev__open(AT_FDCWD, argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600, &writer.fd, &err));
	must(axev__open(AT_FDCWD, argv[2], O_RDWR | O_CREAT | O_TRUNC, 0600, &out, &err));
	while (getline(&line, &room, exchanges) > 0)
		write_exchange(&writer, line, &url);
	page.url = url;
	must(axev__wacz_write(out, writer.fd, &about, NULL, &err));
	fclose(exchanges);
	close(out);
	close(writer.fd);
	free(url);
	free(line);
	return 0;
}

static int write_keys(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	while ((length = getline(&line, &room, stdin)) > 0) {
		AXEV__BUF key = AXEV__BUF_INIT(AXEV__MIB);

		must(axev__surt(axev__span(line, (size_t)length - 1), &key, &err));
		printf("%.*s\n", (int)key.size, key.data ? (char *)key.data : "");
	}
	free(line);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "keys") == 0)
		return write_keys();
	return argc == 5 ? write_files(argv + 1) : 2;
}
