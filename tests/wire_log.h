/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Network logs and the exchanges found in them. tests/data/netlog/ is what Chromium 156 wrote about pages of local servers; events
 * that nobody reads and the browser's own requests were taken out.
 */
#ifndef AXEV_TESTS_WIRE_LOG_H
#define AXEV_TESTS_WIRE_LOG_H

#include "support.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "base/io.h"
#include "base/spill.h"
#include "base/text.h"
#include "capture/wire/wire.h"
#include "crypto/digest.h"

#define PAGE_LOG "netlog/page.json"
#define H2_LOG "netlog/h2.json"
#define REFUSED_LOG "netlog/badcert.json"

static axev_error err;
static struct axev__wire_summary summary;

static inline char *data_path(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", getenv("AXEV_TEST_DATA"), name);
	return path;
}

static inline struct axev__buf log_text(const char *name)
{
	struct axev__buf text = AXEV__BUF_INIT(1 << 22);

	assert_ok(axev__read_file(AT_FDCWD, data_path(name), &text, &err));
	return text;
}

static inline int scratch(const void *data, size_t size)
{
	int fd = memfd_create("scratch", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	assert_ok(axev__write_full(fd, data, size, &err));
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* The scratch file of the bytes is closed by nobody: tests end soon. */
static inline struct axev__wire *read_text(const struct axev__buf *text, uint64_t max_spool_bytes)
{
	struct axev__wire *wire = NULL;

	assert_ok(axev__wire_start(scratch(text->data, text->size), scratch("", 0), max_spool_bytes,
				   &wire, &err));
	assert_ok(axev__wire_finish(wire, &summary, &err));
	return wire;
}

static inline struct axev__wire *read_log(const char *name)
{
	AXEV__BUF text = log_text(name);

	return read_text(&text, UINT64_MAX);
}

static inline struct axev__wire *read_page(void)
{
	return read_log(PAGE_LOG);
}

/* Copy of an exchange, with its bytes. */
struct found {
	size_t connection, request;
	char url[256], protocol[16], tls_version[16], ip_address[64], method[16], media_type[64];
	char truncated[16];
	uint32_t status;
	int64_t request_ns, response_ns;
	struct axev__buf request_head, request_body, response_head, response_body;
	uint8_t payload_sha256[32];
	uint64_t payload_bytes;
};
static struct found list[64];
static size_t count;

static inline void copy_text(char *out, size_t size, const char *text)
{
	ck_assert_int_lt(snprintf(out, size, "%s", text ? text : "-"), (int)size);
}

static inline struct axev__buf copy_span(struct axev__span span)
{
	struct axev__buf copy = AXEV__BUF_INIT(1 << 20);

	assert_ok(axev__buf_span(&copy, span, &err));
	return copy;
}

static inline struct axev__buf copy_source(struct axev__source source)
{
	struct axev__buf copy = AXEV__BUF_INIT(1 << 20);

	assert_ok(axev__source_load(&source, &copy, &err));
	return copy;
}

static inline int collect(void *payload, const struct axev__exchange *exchange, axev_error *error)
{
	struct found *found = &list[count++];

	(void)payload;
	(void)error;
	ck_assert_uint_le(count, AXEV__COUNT(list));
	found->connection = exchange->connection;
	found->request = exchange->request;
	copy_text(found->url, sizeof(found->url), exchange->url);
	copy_text(found->protocol, sizeof(found->protocol), exchange->protocol);
	copy_text(found->tls_version, sizeof(found->tls_version), exchange->tls_version);
	copy_text(found->ip_address, sizeof(found->ip_address), exchange->ip_address);
	copy_text(found->method, sizeof(found->method), exchange->method);
	copy_text(found->media_type, sizeof(found->media_type), exchange->media_type);
	copy_text(found->truncated, sizeof(found->truncated), exchange->truncated);
	found->status = exchange->status;
	found->request_ns = exchange->request_ns;
	found->response_ns = exchange->response_ns;
	found->request_head = copy_span(exchange->request_head);
	found->request_body = copy_source(exchange->request_body);
	found->response_head = copy_span(exchange->response_head);
	found->response_body = copy_source(exchange->response_body);
	memcpy(found->payload_sha256, exchange->payload_sha256, 32);
	found->payload_bytes = exchange->payload_bytes;
	return AXEV_OK;
}

static inline void forget_all(void)
{
	while (count > 0) {
		axev__buf_free(&list[--count].request_head);
		axev__buf_free(&list[count].request_body);
		axev__buf_free(&list[count].response_head);
		axev__buf_free(&list[count].response_body);
	}
}

static inline void collect_all(struct axev__wire *wire)
{
	forget_all();
	assert_ok(axev__wire_each(wire, collect, NULL, &err));
}

static inline struct found *at(const char *url)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(list[i].url, url) == 0)
			return &list[i];
	ck_abort_msg("no exchange of %s", url);
	return NULL;
}

static inline void assert_bytes(const struct axev__buf *found, const char *expected)
{
	ck_assert_str_eq(found->data ? (char *)found->data : "", expected);
	ck_assert_uint_eq(found->size, strlen(expected));
}

static inline void assert_payload(const struct found *found, const char *expected)
{
	uint8_t sha256[32];

	assert_ok(axev__sha256(expected, strlen(expected), sha256, &err));
	ck_assert_mem_eq(found->payload_sha256, sha256, sizeof(sha256));
	ck_assert_uint_eq(found->payload_bytes, strlen(expected));
}

static inline const axev__json *member(const axev__json *object, const char *key)
{
	const axev__json *value = axev__json_get(object, key);

	ck_assert_msg(value != NULL, "member '%s' is missing", key);
	return value;
}

static inline void assert_text(const axev__json *object, const char *key, const char *expected)
{
	struct axev__span text;

	ck_assert(axev__json_as_string(member(object, key), &text));
	ck_assert_str_eq((const char *)text.data, expected);
}

#endif
