/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of LEDGER/index: header, packages, open takes, SHA-256 of all that. FORMAT.md section 4.4. */
#include <fcntl.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "ledger/index.h"

#define MAGIC "axevidx2"
#define HEADER_SIZE 64
#define PACKAGE_SIZE 160
#define TAKE_SIZE 24
#define FLAG_TIME_PENDING 1 /* as the sealed entry says */

struct writer {
	uint8_t bytes[PACKAGE_SIZE];
	size_t at;
};

static void put(struct writer *writer, const void *data, size_t size)
{
	memcpy(writer->bytes + writer->at, data, size);
	writer->at += size;
}

static void put_u64(struct writer *writer, uint64_t value)
{
	axev__put_u64le(writer->bytes + writer->at, value);
	writer->at += 8;
}

static void put_session(struct writer *writer, const char *session)
{
	uint8_t bytes[16];

	/* Checked when the entry was read. */
	axev__unhex(bytes, sizeof(bytes), axev__span(session, 32));
	put(writer, bytes, sizeof(bytes));
}

static int put_package(const struct axev__history *history, struct axev__buf *out, axev_error *err)
{
	const axev_ledger_package *package = &history->package;
	struct writer writer = { .at = 0 };

	put(&writer, package->id.bytes, 32);
	put(&writer, package->package_sha256, 32);
	put_session(&writer, history->session);
	put_u64(&writer, (uint64_t)package->captured_unix_ns);
	put_u64(&writer, package->package_bytes);
	put_u64(&writer, history->started_index);
	put_u64(&writer, package->captured_index);
	put_u64(&writer, package->sealed_index);
	put_u64(&writer, history->token_index);
	put_u64(&writer, history->case_index);
	put_u64(&writer, history->abandoned_index);
	put_u64(&writer, history->erased_index);
	put_u64(&writer, history->was_time_pending ? FLAG_TIME_PENDING : 0);
	return axev__buf_append(out, writer.bytes, PACKAGE_SIZE, err);
}

static int put_take(const struct axev__open_take *take, struct axev__buf *out, axev_error *err)
{
	struct writer writer = { .at = 0 };

	put_session(&writer, take->session);
	put_u64(&writer, take->started_index);
	return axev__buf_append(out, writer.bytes, TAKE_SIZE, err);
}

int axev__index_encode(const struct axev__index_view *view, struct axev__buf *out, axev_error *err)
{
	struct writer writer = { .at = 0 };
	uint8_t sha256[32];
	size_t i;

	put(&writer, MAGIC, 8);
	put_u64(&writer, view->size);
	put(&writer, view->root, 32);
	put_u64(&writer, view->package_count);
	put_u64(&writer, view->take_count);
	TRY(axev__buf_append(out, writer.bytes, HEADER_SIZE, err));
	for (i = 0; i < view->package_count; i++)
		TRY(put_package(&view->packages[i], out, err));
	for (i = 0; i < view->take_count; i++)
		TRY(put_take(&view->takes[i], out, err));
	TRY(axev__sha256(out->data, out->size, sha256, err));
	return axev__buf_append(out, sha256, sizeof(sha256), err);
}

struct reader {
	const uint8_t *at;
	uint64_t size; /* of the ledger: every index is below it, or none */
	bool is_good;
};

static void take_bytes(struct reader *reader, void *out, size_t size)
{
	memcpy(out, reader->at, size);
	reader->at += size;
}

static uint64_t take_u64(struct reader *reader)
{
	uint64_t value = axev__get_u64le(reader->at);

	reader->at += 8;
	return value;
}

static uint64_t take_index(struct reader *reader)
{
	uint64_t index = take_u64(reader);

	reader->is_good = reader->is_good && (index < reader->size || index == UINT64_MAX);
	return index;
}

static void take_session(struct reader *reader, char session[33])
{
	axev__hex(session, reader->at, 16);
	reader->at += 16;
}

static void take_package(struct reader *reader, struct axev__history *history)
{
	axev_ledger_package *package = &history->package;
	uint64_t flags;
	axev_id id;

	take_bytes(reader, id.bytes, 32);
	axev__history_start(history, &id);
	take_bytes(reader, package->package_sha256, 32);
	take_session(reader, history->session);
	package->captured_unix_ns = (int64_t)take_u64(reader);
	package->package_bytes = take_u64(reader);
	history->started_index = take_index(reader);
	package->captured_index = take_index(reader);
	package->sealed_index = take_index(reader);
	history->token_index = take_index(reader);
	history->case_index = take_index(reader);
	history->abandoned_index = take_index(reader);
	history->erased_index = take_index(reader);
	package->erased_index = history->erased_index;
	flags = take_u64(reader);
	history->was_time_pending = flags == FLAG_TIME_PENDING;
	package->is_time_pending = history->was_time_pending && history->token_index == UINT64_MAX;
	package->is_abandoned = history->abandoned_index != UINT64_MAX;
	reader->is_good = reader->is_good && flags <= FLAG_TIME_PENDING &&
			  package->captured_index != UINT64_MAX;
}

static bool take_all(struct reader *reader, struct axev__index_view *view)
{
	uint64_t last = 0;
	size_t i;

	for (i = 0; i < view->package_count; i++) {
		take_package(reader, &view->packages[i]);
		if (i > 0 && view->packages[i].package.captured_index <= last)
			return false;
		last = view->packages[i].package.captured_index;
	}
	for (i = 0; i < view->take_count; i++) {
		take_session(reader, view->takes[i].session);
		view->takes[i].started_index = take_index(reader);
	}
	return reader->is_good;
}

static int bad_index(axev_error *err)
{
	return axev__fail(err, AXEV_E_FORMAT, "index: not what the writer writes");
}

/* Header and length fit, and the bytes are those that were written. */
static int check_bytes(struct axev__span bytes, uint64_t *ret_packages, uint64_t *ret_takes,
		       axev_error *err)
{
	uint8_t sha256[32];
	uint64_t rest;

	if (bytes.size < HEADER_SIZE + 32 || !axev__span_starts(bytes, MAGIC))
		return bad_index(err);
	rest = bytes.size - HEADER_SIZE - 32;
	*ret_packages = axev__get_u64le(bytes.data + 48);
	*ret_takes = axev__get_u64le(bytes.data + 56);
	if (*ret_packages > rest / PACKAGE_SIZE || *ret_takes > rest / TAKE_SIZE ||
	    *ret_packages * PACKAGE_SIZE + *ret_takes * TAKE_SIZE != rest)
		return bad_index(err);
	TRY(axev__sha256(bytes.data, bytes.size - 32, sha256, err));
	return memcmp(sha256, bytes.data + bytes.size - 32, 32) == 0 ? AXEV_OK : bad_index(err);
}

int axev__index_decode(struct axev__span bytes, struct axev__index_view *ret_view, axev_error *err)
{
	AXEV__FREE struct axev__history *packages = NULL;
	AXEV__FREE struct axev__open_take *takes = NULL;
	struct axev__index_view view = { 0 };
	struct reader reader = { .is_good = true };
	uint64_t package_count = 0, take_count = 0;

	TRY(check_bytes(bytes, &package_count, &take_count, err));
	packages = calloc(package_count + 1, sizeof(*packages));
	takes = calloc(take_count + 1, sizeof(*takes));
	if (!packages || !takes)
		return axev__nomem(err);
	view = (struct axev__index_view){ .size = axev__get_u64le(bytes.data + 8),
					  .package_count = package_count,
					  .take_count = take_count,
					  .packages = packages,
					  .takes = takes };
	memcpy(view.root, bytes.data + 16, 32);
	reader.at = bytes.data + HEADER_SIZE;
	reader.size = view.size;
	if (!take_all(&reader, &view))
		return bad_index(err);
	axev__steal(packages);
	axev__steal(takes);
	*ret_view = view;
	return AXEV_OK;
}

uint64_t axev__index_peek(int ledger_dirfd)
{
	AXEV__CLOSE int fd = -1;
	uint8_t head[16];

	if (axev__open(ledger_dirfd, "index", O_RDONLY | O_NONBLOCK | O_NOCTTY, 0, &fd, NULL) < 0 ||
	    axev__pread_full(fd, head, sizeof(head), 0, NULL) < 0 || memcmp(head, MAGIC, 8) != 0)
		return 0;
	return axev__get_u64le(head + 8);
}
