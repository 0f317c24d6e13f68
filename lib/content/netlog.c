/* SPDX-License-Identifier: Apache-2.0 */
#include "content/netlog.h"

#include "base/limits.h"
#include "base/text.h"

#define NS_PER_MS INT64_C(1000000)
#define MAX_TAIL 256 /* `"phase":` to the end of the line, where numbers have at most 16 digits */

enum {
	REQUIRED = 1, /* without it nothing that this library promises can be recorded */
	BYTES = 2,    /* read without JSON */
	BARE = 4      /* its parameters are not needed */
};

#define TYPE(name, flags) [AXEV__NETLOG_##name] = { #name, flags }
static const struct known_type {
	const char *name;
	unsigned flags;
} types[AXEV__NETLOG_TYPE_COUNT] = {
	TYPE(CANCELLED, REQUIRED),
	TYPE(FAILED, REQUIRED),
	TYPE(REQUEST_ALIVE, REQUIRED),
	TYPE(URL_REQUEST_START_JOB, REQUIRED),
	TYPE(HTTP_STREAM_REQUEST_BOUND_TO_JOB, 0),
	TYPE(HTTP_TRANSACTION_READ_RESPONSE_HEADERS, REQUIRED | BARE),
	TYPE(HTTP_STREAM_JOB_HTTP2_SESSION_AVAILABLE, 0),
	TYPE(HTTP2_SESSION_INITIALIZED, 0),
	TYPE(HTTP2_SESSION_POOL_FOUND_EXISTING_SESSION, 0),
	TYPE(HTTP2_SESSION_POOL_FOUND_EXISTING_SESSION_FROM_IP_POOL, 0),
	TYPE(HTTP2_SESSION_POOL_IMPORTED_SESSION_FROM_SOCKET, 0),
	TYPE(SOCKET_POOL_BOUND_TO_SOCKET, 0),
	TYPE(SOCKET_POOL_CONNECT_JOB_CREATED, 0),
	TYPE(SOCKET_ALIVE, REQUIRED),
	TYPE(SOCKET_CONNECT, 0),
	TYPE(SOCKET_BYTES_SENT, REQUIRED | BYTES),
	TYPE(SOCKET_BYTES_RECEIVED, REQUIRED | BYTES),
	TYPE(TCP_CONNECT, REQUIRED),
	TYPE(TCP_CONNECT_ATTEMPT, REQUIRED),
	TYPE(SSL_CONNECT, REQUIRED),
	TYPE(SSL_SOCKET_BYTES_SENT, REQUIRED | BYTES),
	TYPE(SSL_SOCKET_BYTES_RECEIVED, REQUIRED | BYTES),
	TYPE(SSL_ALERT_RECEIVED, 0),
	TYPE(SSL_CERTIFICATES_RECEIVED, REQUIRED),
	TYPE(SSL_HANDSHAKE_MESSAGE_SENT, REQUIRED),
	TYPE(SSL_HANDSHAKE_MESSAGE_RECEIVED, REQUIRED),
	TYPE(CERT_VERIFIER_JOB, REQUIRED),
	TYPE(CERT_VERIFIER_REQUEST_BOUND_TO_JOB, REQUIRED),
	TYPE(HOST_RESOLVER_MANAGER_JOB, REQUIRED),
	TYPE(HOST_RESOLVER_DNS_TASK, 0),
	TYPE(HOST_RESOLVER_SYSTEM_TASK, 0),
	TYPE(DNS_TRANSACTION, REQUIRED),
	TYPE(DNS_TRANSACTION_RESPONSE, REQUIRED),
};

#define FROM(name) [AXEV__NETLOG_FROM_##name] = #name
static const char *const sources[AXEV__NETLOG_SOURCE_COUNT] = {
	FROM(URL_REQUEST),
	FROM(SOCKET),
	FROM(UDP_SOCKET),
	FROM(UDP_CLIENT_SOCKET),
	FROM(HOST_RESOLVER_IMPL_JOB),
	FROM(DNS_TRANSACTION),
};

enum state {
	BEFORE_CONSTANTS,
	BEFORE_EVENTS,
	IN_EVENTS,
	PAST_EVENTS,
	CLOSED
};

struct axev__netlog {
	enum state state;
	uint8_t type_of[AXEV__MAX_NETLOG_NUMBER + 1];
	uint8_t source_of[AXEV__MAX_NETLOG_NUMBER + 1];
	enum axev__netlog_phase phase_of[3];
	int64_t tick_offset_ms;
	axev__json *constants, *line;
};

/* What stands behind the parameters of every event. */
struct tail {
	size_t offset_bytes; /* of `"phase":` in the line */
	int64_t phase, id, source, time_ms, type;
};

int axev__netlog_new(struct axev__netlog **ret_log, axev_error *err)
{
	struct axev__netlog *log = calloc(1, sizeof(*log));

	if (!log)
		return axev__nomem(err);
	*ret_log = log;
	return AXEV_OK;
}

void axev__netlog_free(struct axev__netlog *log)
{
	if (!log)
		return;
	axev__json_free(log->constants);
	axev__json_free(log->line);
	free(log);
}

/* ---- constants ---- */

/* Number of @name in the object @numbers; -1 when it is not there. */
static int named_number(const axev__json *numbers, const char *name, int64_t *ret_number,
			axev_error *err)
{
	const axev__json *value = axev__json_get(numbers, name);

	*ret_number = -1;
	if (!value)
		return AXEV_OK;
	if (!axev__json_as_integer(value, ret_number) || *ret_number < 0 ||
	    *ret_number > AXEV__MAX_NETLOG_NUMBER)
		return axev__fail(err, AXEV_E_FORMAT, "constant %s: expected a number of at most %d",
				  name, AXEV__MAX_NETLOG_NUMBER);
	return AXEV_OK;
}

static int place(uint8_t *table, int64_t number, size_t index, const char *name, axev_error *err)
{
	if (table[number])
		return axev__fail(err, AXEV_E_FORMAT,
				  "constant %s: number %d stands for another name too", name,
				  (int)number);
	table[number] = (uint8_t)index;
	return AXEV_OK;
}

static int read_types(struct axev__netlog *log, const axev__json *constants, axev_error *err)
{
	axev__json *numbers;
	int64_t number;
	size_t i;

	TRY(axev__json_object(constants, "logEventTypes", &numbers, err));
	for (i = 1; i < AXEV__NETLOG_TYPE_COUNT; i++) {
		TRY(named_number(numbers, types[i].name, &number, err));
		if (number >= 0)
			TRY(place(log->type_of, number, i, types[i].name, err));
		else if (types[i].flags & REQUIRED)
			return axev__fail(err, AXEV_E_UNSUPPORTED,
					  "the browser's log knows no event %s, which is needed; use a "
					  "version of the browser that this library was tested with",
					  types[i].name);
	}
	return AXEV_OK;
}

static int read_sources(struct axev__netlog *log, const axev__json *constants, axev_error *err)
{
	axev__json *numbers;
	int64_t number;
	size_t i;

	TRY(axev__json_object(constants, "logSourceType", &numbers, err));
	for (i = 1; i < AXEV__NETLOG_SOURCE_COUNT; i++) {
		TRY(named_number(numbers, sources[i], &number, err));
		if (number < 0)
			return axev__fail(err, AXEV_E_UNSUPPORTED,
					  "the browser's log knows no source %s, which is needed; use "
					  "a version of the browser that this library was tested with",
					  sources[i]);
		TRY(place(log->source_of, number, i, sources[i], err));
	}
	return AXEV_OK;
}

static int read_phases(struct axev__netlog *log, const axev__json *constants, axev_error *err)
{
	static const char *const names[] = { "PHASE_NONE", "PHASE_BEGIN", "PHASE_END" };
	unsigned seen = 0;
	axev__json *numbers;
	int64_t number;
	size_t i;

	TRY(axev__json_object(constants, "logEventPhase", &numbers, err));
	for (i = 0; i < AXEV__COUNT(names); i++) {
		TRY(named_number(numbers, names[i], &number, err));
		if (number < 0 || number > 2 || seen & 1u << number)
			return axev__fail(err, AXEV_E_FORMAT,
					  "constant %s: expected 0, 1 or 2, each once", names[i]);
		seen |= 1u << number;
		log->phase_of[number] = (enum axev__netlog_phase)i;
	}
	return AXEV_OK;
}

static int read_constants(struct axev__netlog *log, struct axev__span text, axev_error *err)
{
	AXEV__BUF whole = AXEV__BUF_INIT(AXEV__MAX_NETLOG_LINE + 2);
	AXEV__JSON *document = NULL;
	axev__json *constants;
	int64_t offset;

	TRY(axev__buf_span(&whole, text, err));
	TRY(axev__buf_byte(&whole, '}', err));
	TRY(axev__json_parse_foreign(axev__buf_view(&whole), &document, err));
	TRY(axev__json_object(document, "constants", &constants, err));
	TRY(read_types(log, constants, err));
	TRY(read_sources(log, constants, err));
	TRY(read_phases(log, constants, err));
	if (!axev__json_as_integer(axev__json_get(constants, "timeTickOffset"), &offset) ||
	    offset < 0 || offset > INT64_MAX / NS_PER_MS)
		return axev__fail(err, AXEV_E_FORMAT,
				  "constant timeTickOffset: expected milliseconds since 1970");
	log->tick_offset_ms = offset;
	log->constants = axev__steal(document);
	return AXEV_OK;
}

/* ---- the end of an event's line, read backwards from nothing but its own shape ---- */

static bool skip_text(struct axev__span *rest, const char *text)
{
	if (!axev__span_starts(*rest, text))
		return false;
	*rest = axev__span(rest->data + strlen(text), rest->size - strlen(text));
	return true;
}

static bool take_number(struct axev__span *rest, int64_t *ret_number)
{
	bool is_negative = skip_text(rest, "-");
	uint64_t value;
	size_t length = 0;

	while (length < rest->size && rest->data[length] >= '0' && rest->data[length] <= '9')
		length++;
	if (!axev__parse_u64(axev__span(rest->data, length), (uint64_t)AXEV__MAX_SAFE_INTEGER, &value))
		return false;
	*rest = axev__span(rest->data + length, rest->size - length);
	*ret_number = is_negative ? -(int64_t)value : (int64_t)value;
	return true;
}

/*
 * A quotation mark inside a JSON string is escaped, so `"phase":` cannot stand in one; what remains
 * is a member of the parameters, and for that the rest would have to fit too.
 */
static bool read_tail(struct axev__span line, struct tail *ret_tail)
{
	static const char mark[] = "\"phase\":";
	size_t least = line.size > MAX_TAIL ? line.size - MAX_TAIL : 0, at = line.size;
	struct axev__span rest;
	struct tail tail;
	int64_t ignored;

	do {
		if (at-- == least)
			return false;
		rest = axev__span(line.data + at, line.size - at);
	} while (!axev__span_starts(rest, mark));
	tail.offset_bytes = at;
	if (!skip_text(&rest, mark) || !take_number(&rest, &tail.phase) ||
	    !skip_text(&rest, ",\"source\":{\"id\":") || !take_number(&rest, &tail.id) ||
	    !skip_text(&rest, ",\"start_time\":\"") || !take_number(&rest, &ignored) ||
	    !skip_text(&rest, "\",\"type\":") || !take_number(&rest, &tail.source) ||
	    !skip_text(&rest, "},\"time\":\"") || !take_number(&rest, &tail.time_ms) ||
	    !skip_text(&rest, "\",\"type\":") || !take_number(&rest, &tail.type) ||
	    !axev__span_is(rest, "}"))
		return false;
	*ret_tail = tail;
	return true;
}

/* The same facts of a line in another order or with other members. */
static int read_tail_slowly(const axev__json *event, struct tail *ret_tail, axev_error *err)
{
	struct axev__span time;
	axev__json *source;
	struct tail tail = { 0 };

	TRY(axev__json_object(event, "source", &source, err));
	TRY(axev__json_string(event, "time", &time, err));
	if (!take_number(&time, &tail.time_ms) || time.size)
		return axev__fail(err, AXEV_E_FORMAT, "member 'time': expected milliseconds");
	if (!axev__json_as_integer(axev__json_get(event, "type"), &tail.type) ||
	    !axev__json_as_integer(axev__json_get(event, "phase"), &tail.phase) ||
	    !axev__json_as_integer(axev__json_get(source, "type"), &tail.source) ||
	    !axev__json_as_integer(axev__json_get(source, "id"), &tail.id) ||
	    tail.id > AXEV__MAX_SAFE_INTEGER || tail.id < -AXEV__MAX_SAFE_INTEGER)
		return axev__fail(err, AXEV_E_FORMAT,
				  "expected the numbers type, phase, source.type and source.id");
	*ret_tail = tail;
	return AXEV_OK;
}

static int fill(const struct axev__netlog *log, const struct tail *tail,
		struct axev__netlog_event *event, axev_error *err)
{
	int64_t ms;

	if (tail->type < 0 || tail->type > AXEV__MAX_NETLOG_NUMBER || tail->source < 0 ||
	    tail->source > AXEV__MAX_NETLOG_NUMBER || tail->phase < 0 || tail->phase > 2)
		return axev__fail(err, AXEV_E_FORMAT, "type, source type or phase is out of range");
	if (tail->time_ms < 0 || __builtin_add_overflow(tail->time_ms, log->tick_offset_ms, &ms) ||
	    __builtin_mul_overflow(ms, NS_PER_MS, &event->time_ns))
		return axev__fail(err, AXEV_E_FORMAT, "time is out of range");
	event->type = (enum axev__netlog_type)log->type_of[tail->type];
	event->source = (enum axev__netlog_source)log->source_of[tail->source];
	event->phase = log->phase_of[tail->phase];
	event->id = tail->id;
	return AXEV_OK;
}

/* ---- events ---- */

/* `{"params":{"byte_count":N,"bytes":"..."},` exactly; else the JSON reader takes the line. */
static bool read_bytes(struct axev__span line, size_t tail_offset, struct axev__netlog_event *event)
{
	struct axev__span rest = axev__span(line.data, tail_offset);
	int64_t count;

	if (!skip_text(&rest, "{\"params\":{\"byte_count\":") || !take_number(&rest, &count) ||
	    count <= 0 || !skip_text(&rest, ",\"bytes\":\"") || !axev__span_ends(rest, "\"},"))
		return false;
	rest.size -= 3;
	if (memchr(rest.data, '"', rest.size) || memchr(rest.data, '\\', rest.size))
		return false;
	event->byte_count = (uint64_t)count;
	event->base64 = rest;
	return true;
}

static int read_bytes_slowly(struct axev__netlog_event *event, axev_error *err)
{
	const axev__json *params = event->params;

	event->params = NULL;
	TRY(axev__json_u64(params, "byte_count", &event->byte_count, err));
	if (event->byte_count == 0)
		return AXEV_OK;
	return axev__json_string(params, "bytes", &event->base64, err);
}

static int read_event_json(struct axev__netlog *log, struct axev__span line,
			   struct axev__netlog_event *event, axev_error *err)
{
	struct tail tail;
	axev__json *params;

	TRY(axev__json_parse_foreign(line, &log->line, err));
	TRY(read_tail_slowly(log->line, &tail, err));
	TRY(fill(log, &tail, event, err));
	params = axev__json_get(log->line, "params");
	if (params && axev__json_type(params) != AXEV__JSON_OBJECT)
		return axev__fail(err, AXEV_E_FORMAT, "member 'params': expected an object");
	event->params = params;
	if (types[event->type].flags & BYTES)
		return read_bytes_slowly(event, err);
	return AXEV_OK;
}

static int read_event(struct axev__netlog *log, struct axev__span line,
		      struct axev__netlog_event *ret_event, axev_error *err)
{
	struct axev__netlog_event event = { 0 };
	struct tail tail;
	unsigned flags;

	if (axev__span_ends(line, ","))
		line.size--;
	if (read_tail(line, &tail)) {
		TRY(fill(log, &tail, &event, err));
		flags = types[event.type].flags;
		if (event.type == AXEV__NETLOG_NONE || flags & BARE ||
		    (flags & BYTES && read_bytes(line, tail.offset_bytes, &event))) {
			*ret_event = event;
			return AXEV_OK;
		}
	}
	TRY(read_event_json(log, line, &event, err));
	*ret_event = event;
	return AXEV_OK;
}

int axev__netlog_bytes(const struct axev__netlog_event *event, struct axev__buf *out,
		       axev_error *err)
{
	size_t before = out->size;

	TRY(axev__buf_reserve(out, event->base64.size / 4 * 3, err));
	if (axev__unbase64(out, event->base64) && out->size - before == event->byte_count)
		return AXEV_OK;
	out->size = before;
	return axev__fail(err, AXEV_E_FORMAT, "expected the bytes of an event in base64, found others");
}

/* ---- lines ---- */

static int begin(struct axev__netlog *log, struct axev__span line, axev_error *err)
{
	if (log->state == BEFORE_EVENTS) {
		if (!axev__span_is(line, "\"events\": ["))
			return axev__fail(err, AXEV_E_FORMAT, "expected the list of events");
		log->state = IN_EVENTS;
		return AXEV_OK;
	}
	if (!axev__span_starts(line, "{\"constants\":") || !axev__span_ends(line, ","))
		return axev__fail(err, AXEV_E_FORMAT, "expected the constants of a network log");
	line.size--;
	TRY(read_constants(log, line, err));
	log->state = BEFORE_EVENTS;
	return AXEV_OK;
}

int axev__netlog_line(struct axev__netlog *log, struct axev__span line,
		      struct axev__netlog_event *ret_event, axev_error *err)
{
	axev__json_free(log->line);
	log->line = NULL;
	if (line.size > AXEV__MAX_NETLOG_LINE)
		return axev__fail(err, AXEV_E_LIMIT, "expected lines of at most %zu bytes, found more",
				  AXEV__MAX_NETLOG_LINE);
	if (log->state == IN_EVENTS && line.size && line.data[0] == '{')
		return read_event(log, line, ret_event, err);
	if (log->state == IN_EVENTS && line.size && line.data[0] != ']')
		return axev__fail(err, AXEV_E_FORMAT, "expected an event");
	if (log->state < IN_EVENTS)
		TRY(begin(log, line, err));
	else if (log->state == IN_EVENTS && line.size)
		log->state = axev__span_is(line, "]}") ? CLOSED : PAST_EVENTS;
	else if (log->state == PAST_EVENTS && axev__span_is(line, "}"))
		log->state = CLOSED;
	memset(ret_event, 0, sizeof(*ret_event));
	return AXEV_OK;
}

bool axev__netlog_is_past_events(const struct axev__netlog *log)
{
	return log->state >= PAST_EVENTS;
}

bool axev__netlog_is_closed(const struct axev__netlog *log)
{
	return log->state == CLOSED;
}

/* ---- names out of the constants ---- */

static const axev__json *constant(const struct axev__netlog *log, const char *name)
{
	return axev__json_get(axev__json_get(log->constants, "constants"), name);
}

const axev__json *axev__netlog_client_info(const struct axev__netlog *log)
{
	const axev__json *info = constant(log, "clientInfo");

	return axev__json_type(info) == AXEV__JSON_OBJECT ? info : NULL;
}

static const char *name_of(const axev__json *numbers, int64_t wanted)
{
	void *iterator = NULL;
	axev__json *value;
	const char *name;
	int64_t number;

	if (axev__json_type(numbers) != AXEV__JSON_OBJECT)
		return NULL;
	while (axev__json_next(numbers, &iterator, &name, &value))
		if (axev__json_as_integer(value, &number) && number == wanted)
			return name;
	return NULL;
}

bool axev__netlog_clock(const struct axev__netlog *log, int64_t *ret_zero_ns)
{
	if (!log->constants)
		return false;
	*ret_zero_ns = log->tick_offset_ms * NS_PER_MS;
	return true;
}

const char *axev__netlog_error_name(const struct axev__netlog *log, int64_t net_error)
{
	return name_of(constant(log, "netError"), net_error);
}

const char *axev__netlog_cert_status(const struct axev__netlog *log, int64_t status, int *bit)
{
	const char *name;

	for (; *bit < 31; ++*bit)
		if (status & INT64_C(1) << *bit) {
			name = name_of(constant(log, "certStatusFlag"), INT64_C(1) << *bit);
			++*bit;
			if (name)
				return name;
			--*bit;
		}
	return NULL;
}
