/* SPDX-License-Identifier: Apache-2.0 */
/* What an address answered, and how far all of them got. */
#include "base/text.h"
#include "content/http1.h"
#include "content/reach.h"
#include "crypto/tls_client.h"

#define MAX_REASON 256

/* ---- the answer ---- */

struct status_line {
	unsigned status;
	struct axev__span reason;
};

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* RFC 9112 4: HTTP-version SP status-code SP [reason-phrase]; the last SP is often left out. */
static bool read_status_line(struct axev__span received, struct status_line *ret_line)
{
	const uint8_t *text = received.data, *end = received.size ? memchr(text, '\n', received.size) : NULL;
	size_t size = end ? (size_t)(end - text) : 0;

	if (size && text[size - 1] == '\r')
		size--;
	if (size < 12 || !axev__span_starts(received, "HTTP/1.") || !is_digit(text[7]) || text[8] != ' ' ||
	    text[9] < '1' || text[9] > '9' || !is_digit(text[10]) || !is_digit(text[11]) || (size > 12 && text[12] != ' '))
		return false;
	ret_line->status = (unsigned)(text[9] - '0') * 100 + (unsigned)(text[10] - '0') * 10 + (unsigned)(text[11] - '0');
	ret_line->reason = size > 13 ? axev__span(text + 13, size - 13) : axev__span("", 0);
	return true;
}

/* Answers 1xx come before the one that counts. False: no status line at the end of it; *ret_from: where that should be. */
static bool find_final(struct axev__span received, size_t *ret_from, struct status_line *ret_line)
{
	struct axev__span head;
	bool found;

	*ret_from = 0;
	for (;;) {
		struct axev__span rest = axev__span(received.data + *ret_from, received.size - *ret_from);

		if (rest.size == 0 || !read_status_line(rest, ret_line))
			return false;
		if (ret_line->status >= 200)
			return true;
		if (axev__http1_head(rest, &head, &found, NULL) < 0 || !found)
			return false;
		*ret_from += head.size;
	}
}

bool axev__reach_head(struct axev__span received, size_t *ret_size)
{
	struct status_line line;
	struct axev__span head;
	bool found = false;
	size_t from;

	if (!find_final(received, &from, &line))
		return false;
	if (axev__http1_head(axev__span(received.data + from, received.size - from), &head, &found, NULL) < 0 || !found)
		return false;
	*ret_size = from + head.size;
	return true;
}

/* A server chooses these: escaped, and cut. */
static int set_shown(axev__json *json, const char *key, struct axev__span text, size_t max, axev_error *err)
{
	AXEV__BUF shown = AXEV__BUF_INIT(16 * AXEV__MAX_REACH_RECEIVED);

	if (text.size > max)
		text.size = max;
	TRY(axev__escape(&shown, text, err));
	return axev__json_set_str(json, key, shown.size ? (const char *)shown.data : "", err);
}

static int set_answer(axev__json *http, struct axev__span received, axev_error *err)
{
	struct status_line line;
	struct axev__span location;
	size_t from, size;

	if (!find_final(received, &from, &line))
		return axev__json_set_str(http, "outcome", received.size ? "not_http" : "no_answer", err);
	TRY(axev__json_set_str(http, "outcome", "answered", err));
	TRY(axev__json_set_u64(http, "status", line.status, err));
	TRY(set_shown(http, "reason", line.reason, MAX_REASON, err));
	TRY(axev__json_set_bool(http, "head_whole", axev__reach_head(received, &size), err));
	if (axev__http1_field(axev__span(received.data + from, received.size - from), "location", &location))
		return set_shown(http, "location", location, AXEV__MAX_REACH_RECEIVED, err);
	return AXEV_OK;
}

static int read_http(axev__json *http, axev_error *err)
{
	AXEV__BUF received = AXEV__BUF_INIT(AXEV__MAX_REACH_RECEIVED);
	struct axev__span text, ended_by;
	bool is_ended_by_head;
	size_t size;

	TRY(axev__json_string(http, "received", &text, err));
	TRY(axev__json_string(http, "ended_by", &ended_by, err));
	if (!axev__unbase64(&received, text))
		return axev__fail(err, AXEV_E_FORMAT, "member 'received': expected base64 of at most %zu bytes",
				  AXEV__MAX_REACH_RECEIVED);
	is_ended_by_head = axev__span_is(ended_by, "head");
	if (is_ended_by_head != (axev__reach_head(axev__buf_view(&received), &size) && size == received.size))
		return axev__fail(err, AXEV_E_INVALID, "what was received does not end as is stated");
	return set_answer(http, axev__buf_view(&received), err);
}

/* ---- how far ---- */

static bool is(const axev__json *json, const char *key, const char *word)
{
	struct axev__span text;

	return axev__json_as_string(axev__json_get(json, key), &text) && axev__span_is(text, word);
}

static int set_alert(axev__json *step, axev_error *err)
{
	int64_t number;
	const char *name;

	if (!axev__json_as_integer(axev__json_get(step, "alert"), &number))
		return AXEV_OK;
	name = number >= 0 && number < 256 ? axev__tls_alert_name((unsigned)number) : NULL;
	return name ? axev__json_set_str(step, "alert_name", name, err) : AXEV_OK;
}

struct sums {
	uint64_t connected, handshakes, answered;
};

/* Each step is there exactly when the one before it went well. */
static int read_address(axev__json *address, bool is_tls, struct sums *sums, axev_error *err)
{
	axev__json *tls = axev__json_get(address, "tls"), *http = axev__json_get(address, "http");
	bool is_connected = is(axev__json_get(address, "tcp"), "outcome", "connected");
	bool is_ready = is_connected && (!is_tls || is(tls, "outcome", "handshake"));
	const char *reached = "nothing";

	if (!tls != !(is_connected && is_tls) || !http != !is_ready)
		return axev__fail(err, AXEV_E_INVALID, "expected just the steps that follow from one another");
	TRY(tls ? set_alert(tls, err) : AXEV_OK);
	TRY(http ? set_alert(http, err) : AXEV_OK);
	TRY(http ? axev__prefix(read_http(http, err), err, "http") : AXEV_OK);
	if (is(http, "outcome", "answered"))
		reached = "answer";
	else if (is_ready && is_tls)
		reached = "handshake";
	else if (is_connected)
		reached = "connection";
	sums->connected += is_connected;
	sums->handshakes += is_ready && is_tls;
	sums->answered += strcmp(reached, "answer") == 0;
	return axev__json_set_str(address, "reached", reached, err);
}

static uint64_t count_answering(const axev__json *resolvers)
{
	uint64_t count = 0;
	size_t i, j;

	for (i = 0; i < axev__json_count(resolvers); i++) {
		const axev__json *questions = axev__json_get(axev__json_at(resolvers, i), "questions");

		for (j = 0; j < axev__json_count(questions); j++)
			if (axev__json_get(axev__json_at(questions, j), "message"))
				break;
		count += j < axev__json_count(questions);
	}
	return count;
}

static int set_summary(axev__json *document, const struct sums *sums, axev_error *err)
{
	const axev__json *resolvers = axev__json_get(document, "resolvers");
	AXEV__JSON *summary = axev__json_new_object();

	TRY(axev__json_set_u64(summary, "resolvers", axev__json_count(resolvers), err));
	TRY(axev__json_set_u64(summary, "resolvers_answered", count_answering(resolvers), err));
	TRY(axev__json_set_u64(summary, "addresses", axev__json_count(axev__json_get(document, "addresses")), err));
	TRY(axev__json_set_u64(summary, "connected", sums->connected, err));
	TRY(axev__json_set_u64(summary, "handshakes", sums->handshakes, err));
	TRY(axev__json_set_u64(summary, "answered", sums->answered, err));
	return axev__json_set(document, "summary", axev__steal(summary), err);
}

int axev__reach_ends(axev__json *document, axev_error *err)
{
	const axev__json *addresses = axev__json_get(document, "addresses");
	bool is_tls = is(document, "scheme", "https");
	struct sums sums = { 0 };
	size_t i;

	for (i = 0; i < axev__json_count(addresses); i++)
		TRY(axev__prefix(read_address(axev__json_at(addresses, i), is_tls, &sums, err), err, "addresses[%zu]", i));
	return set_summary(document, &sums, err);
}
