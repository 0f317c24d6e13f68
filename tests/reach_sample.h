/* SPDX-License-Identifier: Apache-2.0 */
/* A document of what could be reached, made of a few facts, for tests. */
#ifndef AXEV_TESTS_REACH_SAMPLE_H
#define AXEV_TESTS_REACH_SAMPLE_H

#include "support.h"

#include <arpa/inet.h>

#include "base/text.h"
#include "content/dns_message.h"
#include "content/reach.h"

#define REACH_TIME "2026-11-29T08:00:0"
#define REACH_AT(second) REACH_TIME #second ".000000000Z"

struct reach_sample {
	const char *url;      /* NULL: http://shop.example/ */
	const char *answer;   /* IPv4 of the host; NULL: @code says why there is none */
	unsigned code;
	bool is_silent;       /* no message at all */
	const char *tcp;      /* outcome; NULL: connected */
	const char *received; /* of HTTP; NULL: nothing */
};

static inline void reach_base64(axev__json *json, const char *key, struct axev__span bytes)
{
	AXEV__BUF text = AXEV__BUF_INIT(64 * AXEV__KIB);
	axev_error err = AXEV_ERROR_INIT;

	assert_ok(axev__base64(&text, bytes, &err));
	assert_ok(axev__json_set_str(json, key, text.size ? (const char *)text.data : "", &err));
}

static inline void reach_question(const struct reach_sample *sample, bool is_aaaa, axev__json *list)
{
	static const uint8_t head[] = { 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4 }; /* RFC 1035 4.1.3 */
	AXEV__BUF query = AXEV__BUF_INIT(512), message = AXEV__BUF_INIT(512);
	AXEV__JSON *question = axev__json_new_object();
	axev_error err = AXEV_ERROR_INIT;
	uint8_t address[4];

	assert_ok(axev__dns_query("shop.example", is_aaaa ? AXEV__DNS_AAAA : AXEV__DNS_A, 0x1234, &query, &err));
	assert_ok(axev__buf_span(&message, axev__buf_view(&query), &err));
	message.data[2] = 0x81;
	message.data[3] = (uint8_t)(0x80 | sample->code);
	if (!is_aaaa && sample->answer) {
		ck_assert_int_eq(inet_pton(AF_INET, sample->answer, address), 1);
		message.data[7] = 1;
		assert_ok(axev__buf_append(&message, head, sizeof(head), &err));
		assert_ok(axev__buf_append(&message, address, 4, &err));
	}
	assert_ok(axev__json_set_str(question, "type", is_aaaa ? "AAAA" : "A", &err));
	assert_ok(axev__json_set_str(question, "asked", REACH_AT(1), &err));
	reach_base64(question, "query", axev__buf_view(&query));
	if (sample->is_silent) {
		assert_ok(axev__json_set_str(question, "no_answer", "timed_out", &err));
	} else {
		assert_ok(axev__json_set_str(question, "over", "udp", &err));
		assert_ok(axev__json_set_str(question, "answered", REACH_AT(2), &err));
		reach_base64(question, "message", axev__buf_view(&message));
	}
	assert_ok(axev__json_append(list, axev__steal(question), &err));
}

static inline void reach_resolver(const struct reach_sample *sample, axev__json *document)
{
	AXEV__JSON *resolver = axev__json_new_object(), *questions = axev__json_new_array(), *list = axev__json_new_array();
	axev_error err = AXEV_ERROR_INIT;

	reach_question(sample, false, questions);
	reach_question(sample, true, questions);
	assert_ok(axev__json_set_str(resolver, "server", "192.0.2.53:53", &err));
	assert_ok(axev__json_set_str(resolver, "chosen", "system", &err));
	assert_ok(axev__json_set(resolver, "questions", axev__steal(questions), &err));
	assert_ok(axev__json_append(list, axev__steal(resolver), &err));
	assert_ok(axev__json_set(document, "resolvers", axev__steal(list), &err));
}

static inline axev__json *reach_step(const char *key, const char *word)
{
	axev__json *step = axev__json_new_object();
	axev_error err = AXEV_ERROR_INIT;

	assert_ok(axev__json_set_str(step, "began", REACH_AT(3), &err));
	assert_ok(axev__json_set_str(step, "ended", REACH_AT(4), &err));
	assert_ok(axev__json_set_str(step, key, word, &err));
	return step;
}

static inline void reach_address(const struct reach_sample *sample, axev__json *address)
{
	const char *outcome = sample->tcp ? sample->tcp : "connected", *received = sample->received ? sample->received : "";
	AXEV__JSON *tcp = reach_step("outcome", outcome), *http = NULL;
	axev_error err = AXEV_ERROR_INIT;
	size_t head;

	if (strcmp(outcome, "refused") == 0)
		assert_ok(axev__json_set_str(tcp, "errno", "ECONNREFUSED", &err));
	assert_ok(axev__json_set(address, "tcp", axev__steal(tcp), &err));
	if (strcmp(outcome, "connected") != 0)
		return;
	http = reach_step("ended_by", axev__reach_head(axev__span_str(received), &head) ? "head" : "closed");
	reach_base64(http, "received", axev__span_str(received));
	assert_ok(axev__json_set(address, "http", axev__steal(http), &err));
}

/* Free with axev__json_free(). */
static inline axev__json *reach_document(const struct reach_sample *sample, const axev__json *earlier)
{
	static const char limits[] = "{\"addresses\":32,\"connect_ms\":5000,\"dns_ms\":5000,\"http_ms\":10000,"
				     "\"received_bytes\":16384,\"tls_ms\":5000}";
	axev__json *document = axev__json_new_object(), *json = NULL;
	const axev__json *addresses;
	axev_error err = AXEV_ERROR_INIT;
	size_t i;

	assert_ok(axev__json_set_str(document, "format", "ax-reach/1", &err));
	assert_ok(axev__json_set_str(document, "url", sample->url ? sample->url : "http://shop.example/", &err));
	assert_ok(axev__json_set_str(document, "started", REACH_AT(0), &err));
	assert_ok(axev__json_set_str(document, "finished", REACH_AT(9), &err));
	assert_ok(axev__json_parse(axev__span_str(limits), &json, &err));
	assert_ok(axev__json_set(document, "limits", json, &err));
	reach_resolver(sample, document);
	assert_ok(axev__reach_names(document, earlier, &err));
	addresses = axev__json_get(document, "addresses");
	for (i = 0; i < axev__json_count(addresses); i++)
		reach_address(sample, axev__json_at(addresses, i));
	assert_ok(axev__reach_ends(document, &err));
	return document;
}

/* Canonical text, NUL-terminated. Free with free(). */
static inline char *reach_text(const axev__json *json)
{
	struct axev__buf text = AXEV__BUF_INIT(AXEV__MAX_REACH_BYTES);
	axev_error err = AXEV_ERROR_INIT;

	assert_ok(axev__json_canonical(json, &text, &err));
	return axev__buf_steal_str(&text);
}

/* @text with its first @from made @to. Free with free(). */
static inline char *reach_changed(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	char *out = malloc(strlen(text) + strlen(to) + 1);

	ck_assert_msg(at != NULL, "'%s' is not in %s", from, text);
	ck_assert_ptr_nonnull(out);
	sprintf(out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	return out;
}

#endif
