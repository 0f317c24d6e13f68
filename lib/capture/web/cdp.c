/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/web/cdp.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "capture/web/cdp_large.h"

#define READ_BYTES (256 * AXEV__KIB)

struct axev__cdp {
	int read_fd, write_fd;
	const axev_env *env;
	axev__cdp_event_fn event;
	void *payload;
	int64_t last_id;
	struct axev__buf in;      /* complete and incomplete messages */
	size_t scanned;           /* bytes of in without a NUL */
	struct axev__spill large; /* the last message that was not held; in goes on with it while it is_large */
	bool is_large, is_too_large;
	int64_t large_id;         /* that it answers; 0: none */
	struct axev__buf held;    /* the message that answers the call that waits, unless it is large */
	struct axev__source answer;
	bool is_answer_too_large;
	int64_t awaited_id;       /* 0: none */
	int64_t answered_id;
	bool has_answer;
	bool is_gone;
	uint64_t bad_messages;
	char awaited_session[AXEV__CDP_SESSION_SIZE];
	bool is_detached; /* that session: there will be no answer */
};

int64_t axev__cdp_clock_ms(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int axev__cdp_new(int read_fd, int write_fd, int spool_fd, const axev_env *env, axev__cdp_event_fn event,
		  void *payload, struct axev__cdp **ret_cdp, axev_error *err)
{
	struct axev__cdp *cdp = calloc(1, sizeof(*cdp));

	if (!cdp)
		return axev__nomem(err);
	*cdp = (struct axev__cdp){ .read_fd = read_fd,
				   .write_fd = write_fd,
				   .env = env,
				   .event = event,
				   .payload = payload,
				   .in = AXEV__BUF_INIT(AXEV__MAX_CDP_HELD_BYTES + READ_BYTES),
				   .large = { spool_fd, 0,
					     spool_fd < 0 ? AXEV__MAX_CDP_HELD_BYTES : AXEV__MAX_CDP_MESSAGE_BYTES },
				   .held = AXEV__BUF_INIT(AXEV__MAX_CDP_HELD_BYTES + READ_BYTES) };
	*ret_cdp = cdp;
	return AXEV_OK;
}

void axev__cdp_free(struct axev__cdp *cdp)
{
	if (!cdp)
		return;
	axev__buf_free(&cdp->in);
	axev__buf_free(&cdp->held);
	free(cdp);
}

uint64_t axev__cdp_bad_messages(const struct axev__cdp *cdp)
{
	return cdp->bad_messages;
}

bool axev__cdp_is_gone(const struct axev__cdp *cdp)
{
	return cdp->is_gone;
}

/* ---- sending ---- */

static int write_all(int fd, struct axev__span bytes, axev_error *err)
{
	while (bytes.size) {
		ssize_t done = send(fd, bytes.data, bytes.size, MSG_NOSIGNAL);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return axev__fail(err, AXEV_E_NETWORK, "the browser is gone");
		bytes = axev__span(bytes.data + done, bytes.size - (size_t)done);
	}
	return AXEV_OK;
}

static int send_message(struct axev__cdp *cdp, const char *session, const char *method,
			const char *params, int64_t *ret_id, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);

	cdp->last_id++;
	TRY(axev__buf_printf(&bytes, err, "{\"id\":%lld,\"method\":\"%s\"", (long long)cdp->last_id,
			     method));
	if (params)
		TRY(axev__buf_printf(&bytes, err, ",\"params\":%s", params));
	if (session[0])
		TRY(axev__buf_printf(&bytes, err, ",\"sessionId\":\"%s\"", session));
	TRY(axev__buf_append(&bytes, "}", 2, err)); /* with its NUL */
	*ret_id = cdp->last_id;
	return axev__prefix(write_all(cdp->write_fd, axev__buf_view(&bytes), err), err, "%s", method);
}

int axev__cdp_send(struct axev__cdp *cdp, const char *session, const char *method,
		   const char *params, axev_error *err)
{
	int64_t id;

	return send_message(cdp, session, method, params, &id, err);
}

/* ---- receiving ---- */

/* "{"id":123,": only answers begin so. */
static int64_t answer_id(struct axev__span message)
{
	struct axev__span digits;
	uint64_t id;

	if (!axev__span_starts(message, "{\"id\":"))
		return 0;
	digits = axev__span(message.data + 6, 0);
	while (6 + digits.size < message.size && digits.data[digits.size] >= '0' &&
	       digits.data[digits.size] <= '9')
		digits.size++;
	return axev__parse_u64(digits, INT64_MAX, &id) ? (int64_t)id : 0;
}

static int hex_value(struct axev__span four)
{
	uint8_t bytes[2];
	char lower[4];
	size_t i;

	if (four.size < 4)
		return -1;
	for (i = 0; i < 4; i++)
		lower[i] = (char)(four.data[i] >= 'A' && four.data[i] <= 'F' ? four.data[i] | 0x20 :
									       four.data[i]);
	return axev__unhex(bytes, 2, axev__span(lower, 4)) ? bytes[0] << 8 | bytes[1] : -1;
}

/*
 * Scripts can put NUL and halves of surrogate pairs into strings; RFC 8259 section 8.2 leaves their meaning open and
 * our parser refuses them. Such an escape becomes U+FFFD, which is as long.
 */
static void mend_escapes(struct axev__buf *message)
{
	size_t i;

	for (i = 0; i + 6 <= message->size; i++) {
		uint8_t *at = message->data + i;
		int unit, low;

		if (at[0] != '\\')
			continue;
		if (at[1] != 'u') {
			i++;
			continue;
		}
		unit = hex_value(axev__span(at + 2, 4));
		low = i + 12 <= message->size && at[6] == '\\' && at[7] == 'u' ?
			      hex_value(axev__span(at + 8, 4)) :
			      -1;
		if (unit >= 0xD800 && unit < 0xDC00 && low >= 0xDC00 && low < 0xE000)
			i += 11;
		else if (unit == 0 || (unit >= 0xD800 && unit < 0xE000))
			memcpy(at, "\\ufffd", 6);
	}
}

int axev__cdp_parse(struct axev__span text, axev__json **ret_message, axev_error *err)
{
	AXEV__BUF mended = AXEV__BUF_INIT(text.size + 1);
	int status = axev__json_parse_foreign(text, ret_message, NULL);

	if (status == AXEV_OK || status == AXEV_E_NOMEM)
		return status == AXEV_OK ? status : axev__nomem(err);
	TRY(axev__buf_span(&mended, text, err));
	mend_escapes(&mended);
	return axev__json_parse_foreign(axev__buf_view(&mended), ret_message, err);
}

static int tell_event(struct axev__cdp *cdp, struct axev__span text, axev_error *err)
{
	AXEV__JSON *message = NULL;
	struct axev__span method, session = axev__span("", 0);
	char method_text[96], session_text[96];
	int status = axev__cdp_parse(text, &message, NULL);

	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (status < 0 || axev__json_string(message, "method", &method, NULL) < 0) {
		cdp->bad_messages++;
		return AXEV_OK;
	}
	axev__json_as_string(axev__json_get(message, "sessionId"), &session);
	snprintf(method_text, sizeof(method_text), "%.*s", (int)method.size, (const char *)method.data);
	snprintf(session_text, sizeof(session_text), "%.*s", (int)session.size,
		 (const char *)session.data);
	return cdp->event(cdp->payload, session_text, method_text,
			  axev__json_get(message, "params"), err);
}

static void take_answer(struct axev__cdp *cdp, struct axev__source answer, bool is_too_large)
{
	cdp->answer = answer;
	cdp->answered_id = cdp->awaited_id;
	cdp->is_answer_too_large = is_too_large;
	cdp->has_answer = true;
}

static int take_message(struct axev__cdp *cdp, struct axev__span text, axev_error *err)
{
	int64_t id = answer_id(text);

	if (id == 0)
		return tell_event(cdp, text, err);
	if (id != cdp->awaited_id)
		return AXEV_OK;
	axev__buf_clear(&cdp->held);
	TRY(axev__buf_span(&cdp->held, text, err));
	take_answer(cdp, axev__source_memory(axev__buf_view(&cdp->held)), false);
	return AXEV_OK;
}

/* ---- what is not held ---- */

static int tell_large_event(struct axev__cdp *cdp, const struct axev__source *message, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_CDP_HELD_BYTES);
	int status = cdp->is_too_large ? AXEV_E_LIMIT : axev__cdp_shorten(message, &text, NULL);

	if (status == AXEV_OK)
		return tell_event(cdp, axev__buf_view(&text), err);
	if (status != AXEV_E_FORMAT && status != AXEV_E_LIMIT)
		return axev__fail(err, status, "cannot read a message of the browser again");
	cdp->bad_messages++;
	return AXEV_OK;
}

static int take_large(struct axev__cdp *cdp, axev_error *err)
{
	struct axev__source message = axev__spill_source(&cdp->large);

	if (cdp->large_id == 0)
		return tell_large_event(cdp, &message, err);
	if (cdp->large_id == cdp->awaited_id)
		take_answer(cdp, message, cdp->is_too_large);
	return AXEV_OK;
}

/* A message goes on that is not held. */
static int put_large(struct axev__cdp *cdp, struct axev__span part, axev_error *err)
{
	int status = cdp->is_too_large ? AXEV_OK : axev__spill_put(&cdp->large, part, err);

	if (status != AXEV_E_LIMIT)
		return status;
	axev_error_clear(err);
	cdp->is_too_large = true;
	return AXEV_OK;
}

static int end_large(struct axev__cdp *cdp, struct axev__span rest, axev_error *err)
{
	TRY(put_large(cdp, rest, err));
	cdp->is_large = false;
	return take_large(cdp, err);
}

/* What is left in @in has no end yet: it must not grow for ever. */
static int pass_on(struct axev__cdp *cdp, axev_error *err)
{
	if (!cdp->is_large && cdp->in.size <= AXEV__MAX_CDP_HELD_BYTES)
		return AXEV_OK;
	if (!cdp->is_large) {
		axev__spill_cut(&cdp->large, 0);
		cdp->large_id = answer_id(axev__buf_view(&cdp->in));
		cdp->is_large = true;
		cdp->is_too_large = false;
	}
	TRY(put_large(cdp, axev__buf_view(&cdp->in), err));
	axev__buf_clear(&cdp->in);
	cdp->scanned = 0;
	return AXEV_OK;
}

/* Messages that are complete. They are taken out before they are told, since telling may send. */
static int take_messages(struct axev__cdp *cdp, axev_error *err)
{
	size_t begin = 0;
	int status = AXEV_OK;

	while (status == AXEV_OK) {
		const uint8_t *from = cdp->in.data + begin + cdp->scanned;
		size_t length = cdp->in.size - begin - cdp->scanned;
		const uint8_t *end = length ? memchr(from, 0, length) : NULL;
		struct axev__span message;

		if (!end) {
			cdp->scanned = cdp->in.size - begin;
			break;
		}
		message = axev__span(cdp->in.data + begin, (size_t)(end - cdp->in.data) - begin);
		status = cdp->is_large ? end_large(cdp, message, err) : take_message(cdp, message, err);
		begin = (size_t)(end - cdp->in.data) + 1;
		cdp->scanned = 0;
	}
	axev__buf_consume(&cdp->in, begin);
	return status == AXEV_OK ? pass_on(cdp, err) : status;
}

int axev__cdp_pump(struct axev__cdp *cdp, uint32_t timeout_ms, axev_error *err)
{
	struct pollfd poll_fd = { .fd = cdp->read_fd, .events = POLLIN };
	size_t got;
	int ready = poll(&poll_fd, 1, (int)timeout_ms);

	TRY(axev__progress(cdp->env, "render", NULL, 0, 0, err));
	if (ready < 0 && errno != EINTR)
		return axev__fail_errno(err, errno, "cannot wait for the browser");
	if (ready <= 0)
		return AXEV_OK;
	TRY(axev__buf_reserve(&cdp->in, READ_BYTES, err));
	/* Its end closed with our words unread is an error of the socket, not the end of a stream. */
	if (axev__read_some(cdp->read_fd, cdp->in.data + cdp->in.size, READ_BYTES, &got, NULL) < 0 ||
	    got == 0) {
		cdp->is_gone = true;
		return axev__fail(err, AXEV_E_NETWORK, "the browser ended before the capture was complete");
	}
	cdp->in.size += got;
	cdp->in.data[cdp->in.size] = '\0';
	return take_messages(cdp, err);
}

/* ---- calls ---- */

void axev__cdp_detached(struct axev__cdp *cdp, const char *session)
{
	if (cdp && cdp->awaited_id && session[0] && strcmp(cdp->awaited_session, session) == 0)
		cdp->is_detached = true;
}

static int await_answer(struct axev__cdp *cdp, const char *method, uint32_t timeout_ms,
			axev_error *err)
{
	int64_t deadline_ms = axev__cdp_clock_ms() + timeout_ms, left_ms;
	int status = AXEV_OK;

	while (status == AXEV_OK && !cdp->has_answer) {
		if (cdp->is_detached)
			return axev__fail(err, AXEV_E_PEER, "the frame was gone before it answered %s", method);
		left_ms = deadline_ms - axev__cdp_clock_ms();
		if (left_ms <= 0)
			return axev__fail(err, AXEV_E_NETWORK,
					  "the browser did not answer %s within %u ms", method, timeout_ms);
		status = axev__cdp_pump(cdp, left_ms < 200 ? (uint32_t)left_ms : 200, err);
	}
	return status;
}

static int call(struct axev__cdp *cdp, const char *session, const char *method, const char *params,
		uint32_t timeout_ms, axev_error *err)
{
	int64_t id;
	int status;

	TRY(send_message(cdp, session, method, params, &id, err));
	cdp->awaited_id = id;
	cdp->has_answer = false;
	cdp->is_detached = false;
	snprintf(cdp->awaited_session, sizeof(cdp->awaited_session), "%s", session);
	status = await_answer(cdp, method, timeout_ms, err);
	cdp->awaited_id = 0;
	if (status >= 0 && cdp->is_answer_too_large)
		return axev__fail(err, AXEV_E_LIMIT, "the browser's answer to %s has more than %u bytes", method,
				  (unsigned)cdp->large.max_bytes);
	return status;
}

/* {"id":N,"error":{"code":-32000,"message":"..."}} */
static int fail_refused(const axev__json *message, const char *method, axev_error *err)
{
	struct axev__span why = axev__span("no reason given", 15);
	struct axev__shown shown;

	axev__json_as_string(axev__json_get(axev__json_get(message, "error"), "message"), &why);
	return axev__fail(err, AXEV_E_PEER, "the browser refused %s: %s", method, axev__show(&shown, why));
}

/* The answer as JSON; of one that was not held without long strings. */
static int parse_answer(struct axev__cdp *cdp, const char *method, axev__json **ret_message, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_CDP_HELD_BYTES);
	int status;

	if (cdp->answer.fd < 0)
		return axev__prefix(axev__cdp_parse(axev__buf_view(&cdp->held), ret_message, err), err,
				    "the browser's answer to %s", method);
	status = axev__cdp_shorten(&cdp->answer, &text, err);
	if (status >= 0)
		status = axev__cdp_parse(axev__buf_view(&text), ret_message, err);
	return axev__prefix(status, err, "the browser's answer to %s", method);
}

int axev__cdp_call(struct axev__cdp *cdp, const char *session, const char *method,
		   const char *params, uint32_t timeout_ms, axev__json **ret_result,
		   axev_error *err)
{
	AXEV__JSON *message = NULL;
	axev__json *result;

	TRY(call(cdp, session, method, params, timeout_ms, err));
	TRY(parse_answer(cdp, method, &message, err));
	result = axev__json_get(message, "result");
	if (!result)
		return fail_refused(message, method, err);
	if (ret_result) {
		*ret_result = axev__json_copy(result);
		if (!*ret_result)
			return axev__nomem(err);
	}
	return AXEV_OK;
}

/* Does @word stand in @text at @offset? */
static bool stands_at(const struct axev__source *text, uint64_t offset, const char *word)
{
	char found[128];
	size_t length = strlen(word);

	return length <= sizeof(found) && axev__source_read(text, offset, found, length, NULL) == AXEV_OK &&
	       memcmp(found, word, length) == 0;
}

/* Behind "{"id":N,"result":" and before ","sessionId":"..."}" or "}": the order in which Chromium writes them. */
static bool cut_result(const struct axev__cdp *cdp, const char *session, struct axev__source *ret_result)
{
	const struct axev__source *message = &cdp->answer;
	char before[48], after[128];
	size_t head, tail;

	snprintf(before, sizeof(before), "{\"id\":%lld,\"result\":", (long long)cdp->answered_id);
	if (session[0])
		snprintf(after, sizeof(after), ",\"sessionId\":\"%s\"}", session);
	else
		snprintf(after, sizeof(after), "}");
	head = strlen(before);
	tail = strlen(after);
	if (message->size < head + tail || !stands_at(message, 0, before) ||
	    !stands_at(message, message->size - tail, after))
		return false;
	*ret_result = axev__source_window(message, head, message->size - head - tail);
	return true;
}

int axev__cdp_call_raw(struct axev__cdp *cdp, const char *session, const char *method,
		       const char *params, uint32_t timeout_ms, struct axev__source *ret_result,
		       axev_error *err)
{
	AXEV__JSON *message = NULL;

	TRY(call(cdp, session, method, params, timeout_ms, err));
	if (cut_result(cdp, session, ret_result))
		return AXEV_OK;
	TRY(parse_answer(cdp, method, &message, err));
	return fail_refused(message, method, err);
}
