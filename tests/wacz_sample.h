/* SPDX-License-Identifier: Apache-2.0 */
/* A small web archive for tests, and the same with something changed and hashed again. */
#ifndef AXEV_TESTS_WACZ_SAMPLE_H
#define AXEV_TESTS_WACZ_SAMPLE_H

#include "support.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "content/warc_write.h"
#include "package/container_read.h"
#include "package/container_write.h"
#include "package/layout.h"
#include "package/wacz_write.h"

#define SAMPLE_URL "https://www.example.com/p"
#define SAMPLE_NS INT64_C(1795507200123456789)
#define SAMPLE_ID "00000000-0000-4000-8000-00000000000"
#define SAMPLE_MAX 65536

/* A chunked response, its request, an HTTP/2 response, a screenshot. */
static inline void sample_warc(int fd)
{
	static const char chunked[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
				      "Transfer-Encoding: chunked\r\n\r\n";
	static const char *const h2[] = { "h2", "tls/1.3", NULL };
	struct axev__warc_writer writer = { .fd = fd };
	struct axev__warc_place place;
	const struct axev__warc_record records[] = {
		{ .type = "response", .id = SAMPLE_ID "1", .date_ns = SAMPLE_NS, .target_uri = SAMPLE_URL,
		  .content_type = "application/http;msgtype=response",
		  .block = axev__span_str(chunked),
		  .block_rest = axev__source_memory(axev__span_str("5;x\r\nhello\r\n0\r\n\r\n")),
		  .payload = axev__span_str("hello") },
		{ .type = "request", .id = SAMPLE_ID "2", .date_ns = SAMPLE_NS, .target_uri = SAMPLE_URL,
		  .content_type = "application/http;msgtype=request", .concurrent_to = SAMPLE_ID "1",
		  .block = axev__span_str("GET /p HTTP/1.1\r\nHost: www.example.com\r\n\r\n") },
		/* No transfer coding in HTTP/2, whatever a field says. */
		{ .type = "response", .id = SAMPLE_ID "3", .date_ns = SAMPLE_NS, .protocols = h2,
		  .target_uri = "https://www.example.com/a",
		  .content_type = "application/http;msgtype=response",
		  .block = axev__span_str("HTTP/1.1 200 \r\ntransfer-encoding: chunked\r\n\r\nplain"),
		  .payload = axev__span_str("plain") },
		{ .type = "resource", .id = SAMPLE_ID "4", .date_ns = SAMPLE_NS,
		  .target_uri = "urn:view:" SAMPLE_URL, .content_type = "image/png",
		  .block = axev__span_str("PNG"), .payload = axev__span_str("PNG") },
	};
	axev_error err;
	size_t i;

	for (i = 0; i < AXEV__COUNT(records); i++)
		assert_ok(axev__warc_write(&writer, &records[i], &place, &err));
}

static inline void sample_wacz(struct axev__buf *out)
{
	const struct axev__wacz_page page = { .id = "1", .url = SAMPLE_URL, .time_ns = SAMPLE_NS,
					      .title = "Sample", .text = "hello" };
	const struct axev__wacz_about about = { .title = "Sample", .created_ns = SAMPLE_NS,
						.pages = &page, .page_count = 1 };
	int warc = memfd_create("warc", MFD_CLOEXEC), wacz = memfd_create("wacz", MFD_CLOEXEC);
	struct axev__source source;
	axev_error err;

	sample_warc(warc);
	assert_ok(axev__wacz_write(wacz, warc, &about, NULL, &err));
	assert_ok(axev__source_file(wacz, &source, &err));
	assert_ok(axev__buf_reserve(out, (size_t)source.size, &err));
	assert_ok(axev__source_read(&source, 0, out->data, (size_t)source.size, &err));
	out->size = (size_t)source.size;
	close(warc);
	close(wacz);
}

/* @from, which stands there once and nowhere else, becomes @to. */
static inline void replace_once(struct axev__buf *text, const char *from, const char *to)
{
	AXEV__BUF out = AXEV__BUF_INIT(SAMPLE_MAX);
	uint8_t *at = memmem(text->data, text->size, from, strlen(from));
	size_t before;
	axev_error err;

	ck_assert_msg(at != NULL, "no '%s' there", from);
	before = (size_t)(at - text->data);
	assert_ok(axev__buf_append(&out, text->data, before, &err));
	assert_ok(axev__buf_str(&out, to, &err));
	assert_ok(axev__buf_append(&out, at + strlen(from), text->size - before - strlen(from), &err));
	axev__buf_clear(text);
	assert_ok(axev__buf_span(text, axev__buf_view(&out), &err));
}

struct wacz_change {
	const char *entry, *from, *to;
	bool is_hashed_again; /* datapackage.json and datapackage-digest.json follow */
};

/* Hash and size of an entry as JSON has them, for replace_once(). */
static inline void hash_text(char out[100], const struct axev__digests *digests)
{
	strcpy(out, "sha256:");
	axev__hex(out + 7, digests->sha256, 32);
}

static inline void follow(struct axev__buf *json, const struct axev__digests *before,
			  const struct axev__digests *after)
{
	char from[200], to[200], old[100], new[100];

	hash_text(old, before);
	hash_text(new, after);
	replace_once(json, old, new);
	snprintf(from, sizeof(from), "\"bytes\":%llu,\"hash\":\"%s\"",
		 (unsigned long long)before->size_bytes, new);
	snprintf(to, sizeof(to), "\"bytes\":%llu,\"hash\":\"%s\"", (unsigned long long)after->size_bytes,
		 new);
	if (memmem(json->data, json->size, from, strlen(from)))
		replace_once(json, from, to);
}

static inline struct axev__digests digests_of(const struct axev__buf *bytes)
{
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;
	axev_error err;

	assert_ok(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, &err));
	assert_ok(axev__hasher_update(hasher, bytes->data, bytes->size, &err));
	assert_ok(axev__hasher_final(hasher, &digests, &err));
	return digests;
}

/* The sample with @change, in a file of its own. */
static inline int changed_wacz(const struct wacz_change *change)
{
	static const char *const names[] = { AXEV__WACZ_WARC, AXEV__WACZ_INDEX, AXEV__WACZ_PAGES,
					     AXEV__WACZ_PACKAGE, AXEV__WACZ_DIGEST };
	AXEV__BUF whole = AXEV__BUF_INIT(SAMPLE_MAX);
	AXEV__CONTAINER_READER *reader = NULL;
	AXEV__CONTAINER *writer = NULL;
	struct axev__buf entries[5];
	struct axev__source source;
	int fd = memfd_create("changed", MFD_CLOEXEC);
	axev_error err;
	size_t i;

	sample_wacz(&whole);
	source = axev__source_memory(axev__buf_view(&whole));
	assert_ok(axev__wacz_open(&source, &reader, &err));
	assert_ok(axev__wacz_new(fd, &writer, &err));
	for (i = 0; i < 5; i++) {
		entries[i] = (struct axev__buf)AXEV__BUF_INIT(SAMPLE_MAX);
		assert_ok(axev__container_read(reader, axev__container_find(reader, names[i]),
					       &entries[i], &err));
	}
	for (i = 0; i < 5; i++) {
		struct axev__digests before = digests_of(&entries[i]), after;
		size_t list = i < 3 ? 3 : 4;

		if (change->entry && strcmp(change->entry, names[i]) == 0)
			replace_once(&entries[i], change->from, change->to);
		after = digests_of(&entries[i]);
		if (change->is_hashed_again && i < 4 && memcmp(before.sha256, after.sha256, 32) != 0) {
			struct axev__digests was = digests_of(&entries[3]), is;

			follow(&entries[list], &before, &after);
			is = digests_of(&entries[3]);
			if (list == 3)
				follow(&entries[4], &was, &is);
		}
	}
	for (i = 0; i < 5; i++) {
		assert_ok(axev__container_add(writer, names[i], axev__buf_view(&entries[i]), NULL, &err));
		axev__buf_free(&entries[i]);
	}
	assert_ok(axev__part_finish(writer, &err));
	return fd;
}

#endif
