/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/wire/wire_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>

#include "base/io.h"
#include "base/limits.h"
#include "package/worker.h"

#define READ_CHUNK AXEV__MIB

enum stop_value {
	LOG_IS_COMPLETE = 1, /* nobody opens the pipe any more */
	GIVE_UP = 2
};

/* What was read and not yet ended by a LF. */
struct pending {
	uint8_t *data;
	size_t size, room;
	bool is_too_long; /* the rest of this line is passed over */
};

static void stop_reading(struct axev__wire *wire, int status, const axev_error *err)
{
	if (wire->failed)
		return;
	wire->failed = status;
	wire->failure = *err;
}

static bool is_bad_line(int status)
{
	return status == AXEV_E_FORMAT || status == AXEV_E_INVAL || status == AXEV_E_UNSUPPORTED;
}

/* After a failure the log is still drained, so that the browser does not block on it. */
static void take_line(struct axev__wire *wire, struct axev__span line)
{
	axev_error err = AXEV_ERROR_INIT;
	struct axev__netlog_event event;
	int status;

	if (wire->failed || axev__netlog_is_past_events(wire->log)) {
		if (!wire->failed)
			axev__netlog_line(wire->log, line, &event, NULL);
		return;
	}
	status = axev__netlog_line(wire->log, line, &event, &err);
	if (status == AXEV_E_FORMAT || status == AXEV_E_LIMIT) {
		wire->bad_lines++;
		return;
	}
	if (status == AXEV_OK)
		status = axev__wire_event(wire, &event, &err);
	else {
		stop_reading(wire, status, &err);
		return;
	}
	if (status == AXEV_E_LIMIT)
		wire->is_over_limit = true;
	else if (is_bad_line(status))
		wire->bad_lines++;
	else if (status < 0)
		stop_reading(wire, status, &err);
}

static void skip_long_line(struct axev__wire *wire, struct pending *pending)
{
	if (!pending->is_too_long && !axev__netlog_is_past_events(wire->log))
		wire->bad_lines++;
	pending->is_too_long = true;
	pending->size = 0;
}

/* Whole lines out of the buffer; what has no end yet moves to its start. */
static void take_lines(struct axev__wire *wire, struct pending *pending)
{
	uint8_t *start = pending->data, *end = pending->data + pending->size, *stop;

	while ((stop = memchr(start, '\n', (size_t)(end - start)))) {
		if (!pending->is_too_long)
			take_line(wire, axev__span(start, (size_t)(stop - start)));
		pending->is_too_long = false;
		start = stop + 1;
	}
	pending->size = (size_t)(end - start);
	memmove(pending->data, start, pending->size);
	if (pending->is_too_long || pending->size > AXEV__MAX_NETLOG_LINE)
		skip_long_line(wire, pending);
}

static int make_room(struct pending *pending, axev_error *err)
{
	uint8_t *grown;

	if (pending->room - pending->size >= READ_CHUNK)
		return AXEV_OK;
	grown = realloc(pending->data, pending->room + 2 * READ_CHUNK);
	if (!grown)
		return axev__nomem(err);
	pending->data = grown;
	pending->room += 2 * READ_CHUNK;
	return AXEV_OK;
}

/* Waits for the log or for the word that nobody opens it any more. */
static int wait_for_log(struct axev__wire *wire, uint64_t *stop, bool *ret_ready, axev_error *err)
{
	struct pollfd fds[2] = { { .fd = wire->log_fd, .events = POLLIN },
				 { .fd = *stop ? -1 : wire->stop_fd, .events = POLLIN } };

	while (poll(fds, 2, -1) < 0)
		if (errno != EINTR)
			return axev__fail_errno(err, errno, "cannot wait for the network log");
	if (fds[1].revents && read(wire->stop_fd, stop, sizeof(*stop)) < 0)
		return axev__fail_errno(err, errno, "cannot wait for the network log");
	*ret_ready = fds[0].revents != 0;
	return AXEV_OK;
}

/*
 * *ret_got 0: the end. A pipe that no writer opened yet reads as ended too, but it is not ready: only
 * what is ready and still gives nothing has ended, or what nobody will open.
 */
static int read_log(struct axev__wire *wire, struct pending *pending, uint64_t *stop,
		    size_t *ret_got, axev_error *err)
{
	bool is_ready = false;
	ssize_t got = 0;

	TRY(make_room(pending, err));
	while (*stop < GIVE_UP) {
		got = read(wire->log_fd, pending->data + pending->size, READ_CHUNK);
		if (got > 0 || (got == 0 && (*stop || is_ready)))
			break;
		if (got < 0 && errno != EAGAIN && errno != EINTR)
			return axev__fail_errno(err, errno, "cannot read the network log");
		TRY(wait_for_log(wire, stop, &is_ready, err));
	}
	*ret_got = *stop < GIVE_UP ? (size_t)got : 0;
	return AXEV_OK;
}

static int read_all(struct axev__wire *wire, struct pending *pending, axev_error *err)
{
	uint64_t stop = 0;
	size_t got = 0;

	for (;;) {
		TRY(read_log(wire, pending, &stop, &got, err));
		if (got == 0)
			break;
		pending->size += got;
		take_lines(wire, pending);
	}
	if (pending->size && !pending->is_too_long)
		take_line(wire, axev__span(pending->data, pending->size));
	return AXEV_OK;
}

static void *reader(void *payload)
{
	struct axev__wire *wire = payload;
	struct pending pending = { 0 };
	axev_error err = AXEV_ERROR_INIT;
	int status = read_all(wire, &pending, &err);

	if (status < 0)
		stop_reading(wire, status, &err);
	free(pending.data);
	close(wire->log_fd); /* a browser that still writes is not left waiting */
	wire->log_fd = -1;
	return NULL;
}

/* ---- start and end ---- */

static int set_up(struct axev__wire *wire, axev_error *err)
{
	int flags = fcntl(wire->log_fd, F_GETFL);

	if (flags < 0 || fcntl(wire->log_fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return axev__fail_errno(err, errno, "cannot prepare the network log");
	wire->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (wire->stop_fd < 0)
		return axev__fail_errno(err, errno, "cannot make an event descriptor");
	TRY(axev__netlog_new(&wire->log, err));
	TRY(axev__worker_start(&wire->thread, reader, wire, err));
	wire->is_running = true;
	return AXEV_OK;
}

int axev__wire_start(int log_fd, int spool_fd, uint64_t max_spool_bytes, struct axev__wire **ret_wire,
		     axev_error *err)
{
	AXEV__CLOSE int owned_fd = log_fd;
	AXEV__WIRE *wire = calloc(1, sizeof(*wire));

	if (!wire)
		return axev__nomem(err);
	wire->log_fd = axev__steal_fd(&owned_fd);
	wire->spool_fd = spool_fd;
	wire->stop_fd = -1;
	wire->max_spool_bytes = max_spool_bytes;
	wire->scratch.max = AXEV__MAX_NETLOG_LINE;
	TRY(set_up(wire, err));
	*ret_wire = axev__steal(wire);
	return AXEV_OK;
}

static void join(struct axev__wire *wire, uint64_t stop)
{
	if (!wire->is_running)
		return;
	while (write(wire->stop_fd, &stop, sizeof(stop)) < 0 && errno == EINTR)
		;
	pthread_join(wire->thread, NULL);
	wire->is_running = false;
}

void axev__wire_free(struct axev__wire *wire)
{
	if (!wire)
		return;
	join(wire, GIVE_UP);
	axev__wire_release(wire);
	axev__netlog_free(wire->log);
	axev__buf_free(&wire->scratch);
	if (wire->log_fd >= 0)
		close(wire->log_fd);
	if (wire->stop_fd >= 0)
		close(wire->stop_fd);
	free(wire);
}

bool axev__wire_is_full(const struct axev__wire *wire)
{
	return wire->is_full;
}

void axev__wire_stopped(struct axev__wire *wire, int64_t mono_ns, const char *reason)
{
	wire->stopped_mono_ns = mono_ns;
	wire->stop_reason = reason;
}

static int compare_order(const void *a, const void *b)
{
	const struct axev__wire_exchange *one = a, *other = b;

	if (one->order != other->order)
		return one->order < other->order ? -1 : 1;
	return one->connection < other->connection ? -1 : one->connection > other->connection;
}

/* The messages that were found until no more could be remembered. */
static void forget_unfinished(struct axev__wire *wire)
{
	struct axev__wire_exchange *last;

	wire->is_over_limit = true;
	if (wire->exchanges.count == 0)
		return;
	last = AXEV__WIRE_LAST(&wire->exchanges);
	if (last->media_type)
		return;
	free(last->url);
	free(last->method);
	wire->exchanges.count--;
}

static int index_all(struct axev__wire *wire, axev_error *err)
{
	size_t i;
	int status;

	for (i = 0; i < wire->connections.count; i++) {
		status = axev__wire_index(wire, i, err);
		if (status == AXEV_E_LIMIT) {
			axev_error_clear(err);
			forget_unfinished(wire);
		} else if (status < 0)
			return status;
	}
	if (wire->exchanges.count)
		qsort(wire->exchanges.items, wire->exchanges.count, sizeof(*wire->exchanges.items),
		      compare_order);
	return AXEV_OK;
}

static void summarize(const struct axev__wire *wire, struct axev__wire_summary *summary)
{
	size_t i;

	memset(summary, 0, sizeof(*summary));
	summary->is_closed = axev__netlog_is_closed(wire->log);
	summary->is_over_limit = wire->is_over_limit;
	summary->bad_lines = wire->bad_lines;
	summary->connections = wire->connections.count;
	summary->exchanges = wire->exchanges.count;
	summary->requests = wire->hops.count;
	for (i = 0; i < wire->connections.count; i++)
		summary->unreadable_bytes += wire->connections.items[i].streams[0].unread_bytes +
					     wire->connections.items[i].streams[1].unread_bytes;
	for (i = 0; i < wire->hops.count; i++)
		summary->failed_requests += wire->hops.items[i].facts.net_error != 0;
}

/* As the log's times are; 0: we did not stop, or the log did not begin. */
static int64_t stop_time(const struct axev__wire *wire)
{
	int64_t zero_ns, stopped_ns;

	if (!wire->stopped_mono_ns || !axev__netlog_clock(wire->log, &zero_ns) ||
	    __builtin_add_overflow(zero_ns, wire->stopped_mono_ns, &stopped_ns))
		return 0;
	return stopped_ns;
}

int axev__wire_finish(struct axev__wire *wire, struct axev__wire_summary *ret_summary, axev_error *err)
{
	if (wire->is_finished)
		return axev__fail(err, AXEV_E_INVAL, "the network log was finished before");
	join(wire, LOG_IS_COMPLETE);
	wire->is_finished = true;
	if (wire->failed) {
		if (err)
			*err = wire->failure;
		return wire->failed;
	}
	wire->stopped_ns = stop_time(wire);
	TRY(index_all(wire, err));
	summarize(wire, ret_summary);
	return AXEV_OK;
}

/* ---- what was found ---- */

/* "TLS 1.3" as WARC-Protocol writes it. */
static const char *tls_version(const struct axev__wire_connection *connection, char out[32])
{
	const char *version = connection->tls ? connection->tls->version : NULL;
	size_t i;

	if (!version)
		return NULL;
	for (i = 0; version[i] && i < 31; i++)
		out[i] = (char)(version[i] == ' '			      ? '/' :
				version[i] >= 'A' && version[i] <= 'Z' ? version[i] | 0x20 :
									 version[i]);
	out[i] = '\0';
	return out;
}

/* Bodies are not mapped: they may be larger than what should be in memory. */
static struct axev__source body_of(const struct axev__wire *wire, const struct axev__wire_message *message)
{
	return (struct axev__source){ .fd = wire->spool_fd,
				      .base = message->spool_offset + message->head_bytes,
				      .size = message->body_bytes };
}

static int show(const struct axev__wire *wire, const struct axev__wire_exchange *found,
		axev__exchange_fn each, void *payload, axev_error *err)
{
	const struct axev__wire_connection *connection = &wire->connections.items[found->connection];
	const struct axev__wire_message *sent = &found->sent, *received = &found->received;
	AXEV__WIRE_VIEW request = { 0 }, answer = { 0 };
	struct axev__exchange exchange = {
		.connection = found->connection,
		.request = found->request,
		.url = found->url,
		.protocol = found->protocol,
		.ip_address = connection->ip_address,
		.method = found->method,
		.media_type = found->media_type,
		.status = found->status,
		.request_ns = sent->time_ns,
		.response_ns = received->time_ns,
		.payload_bytes = found->payload_bytes,
		.truncated = found->truncated,
	};
	char version[32];

	TRY(axev__wire_view(wire, sent->spool_offset, sent->head_bytes, &request, err));
	TRY(axev__wire_view(wire, received->spool_offset, received->head_bytes, &answer, err));
	exchange.tls_version = tls_version(connection, version);
	exchange.request_head = request.bytes;
	exchange.request_body = body_of(wire, sent);
	exchange.response_head = answer.bytes;
	exchange.response_body = body_of(wire, received);
	memcpy(exchange.payload_sha256, found->payload_sha256, sizeof(exchange.payload_sha256));
	return each(payload, &exchange, err);
}

int axev__wire_each(struct axev__wire *wire, axev__exchange_fn each, void *payload, axev_error *err)
{
	size_t i;

	if (!wire->is_finished)
		return axev__fail(err, AXEV_E_INVAL, "the network log is still being read");
	for (i = 0; i < wire->exchanges.count; i++)
		TRY(show(wire, &wire->exchanges.items[i], each, payload, err));
	return AXEV_OK;
}

int axev__wire_stream_each(const struct axev__wire *wire, size_t connection, bool is_received,
			   axev__wire_piece_fn each, void *payload, axev_error *err)
{
	const struct axev__wire_stream *stream;
	uint64_t offset, part;

	if (!wire->is_finished || connection >= wire->connections.count)
		return axev__fail(err, AXEV_E_INVAL, "there is no connection %zu", connection);
	stream = &wire->connections.items[connection].streams[is_received];
	for (offset = 0; offset < stream->kept_bytes; offset += part) {
		AXEV__WIRE_VIEW view = { 0 };

		part = stream->kept_bytes - offset;
		if (part > AXEV__COPY_CHUNK)
			part = AXEV__COPY_CHUNK;
		TRY(axev__wire_view(wire, stream->spool_offset + offset, part, &view, err));
		TRY(each(payload, view.bytes, err));
	}
	return AXEV_OK;
}

size_t axev__wire_request_count(const struct axev__wire *wire)
{
	return wire->is_finished ? wire->hops.count : 0;
}

const struct axev__wire_request *axev__wire_request_at(const struct axev__wire *wire, size_t index)
{
	return index < axev__wire_request_count(wire) ? &wire->hops.items[index].facts : NULL;
}

bool axev__wire_clock(const struct axev__wire *wire, int64_t *ret_zero_ns)
{
	return wire->is_finished && axev__netlog_clock(wire->log, ret_zero_ns);
}

const axev__json *axev__wire_client_info(const struct axev__wire *wire)
{
	return wire->is_finished ? axev__netlog_client_info(wire->log) : NULL;
}
