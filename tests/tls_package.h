/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS handshakes in packages that are properly signed. tests/data/tls/connections.json is what Chromium logged of
 * tests/web/tls_site.py; a dishonest maker changes it and signs anew, and each change must be found in the content.
 */
#ifndef AXEV_TESTS_TLS_PACKAGE_H
#define AXEV_TESTS_TLS_PACKAGE_H

#include "support_ledger.h"

#include "base/json.h"
#include "base/text.h"
#include "capture/take.h"

/* Places in the list, in the order of the site. */
enum {
	P256, P256_AGAIN, P384, RSA_13, P256_384, RETRY, P256_12, P384_12, RSA_12, RSA_PKCS1_12,
	WRONG_NAME, EXPIRED, SELF_SIGNED, SELF_SIGNED_12, KEY_TRANSPORT, CONNECTIONS
};

static struct axev__buf logged = AXEV__BUF_INIT(AXEV__MIB);

static inline void read_data(const char *name, struct axev__buf *out)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/tls/%s", getenv("AXEV_TEST_DATA"), name);
	assert_ok(axev__read_file(AT_FDCWD, path, out, &err));
}

static inline void make_site(void)
{
	make_ledger();
	read_data("connections.json", &logged);
}

static inline void remove_site(void)
{
	axev__buf_free(&logged);
	remove_ledger();
}

/* ---- changing what was logged ---- */

static inline axev__json *list_item(axev__json *object, const char *key, size_t index)
{
	axev__json *item = axev__json_at(axev__json_get(object, key), index);

	ck_assert_msg(item != NULL, "%s[%zu]", key, index);
	return item;
}

static inline axev__json *tls_of(axev__json *document, size_t connection)
{
	return axev__json_get(list_item(document, "connections", connection), "tls");
}

static inline axev__json *message_of(axev__json *document, size_t connection, size_t message)
{
	return list_item(tls_of(document, connection), "handshake", message);
}

static inline void copy_member(axev__json *from, axev__json *to, const char *key)
{
	assert_ok(axev__json_set(to, key, axev__json_copy(axev__json_get(from, key)), &err));
}

/* @offset < 0: from the end. */
static inline void flip(axev__json *object, const char *key, long offset, uint8_t bits)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB), text = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__span base64;

	assert_ok(axev__json_string(object, key, &base64, &err));
	ck_assert(axev__unbase64(&bytes, base64));
	bytes.data[offset < 0 ? (long)bytes.size + offset : offset] ^= bits;
	assert_ok(axev__base64(&text, axev__buf_view(&bytes), &err));
	assert_ok(axev__json_set_string(object, key, axev__buf_view(&text), &err));
}

/* Messages [from, to) of a connection are gone. */
static inline void drop(axev__json *document, size_t connection, size_t from, size_t to)
{
	axev__json *tls = tls_of(document, connection), *kept = axev__json_new_array();
	axev__json *list = axev__json_get(tls, "handshake");
	size_t i;

	for (i = 0; i < axev__json_count(list); i++)
		if (i < from || i >= to)
			assert_ok(axev__json_append(kept, axev__json_copy(axev__json_at(list, i)), &err));
	assert_ok(axev__json_set(tls, "handshake", kept, &err));
}

struct change {
	enum { NOTHING, FLIP, COPY, CHAIN, DROP, SET_TLS, SET, SET_CERTIFICATE, FLIP_CERTIFICATE, SET_DOCUMENT } how;
	size_t connection, message;
	long number;      /* FLIP: offset; COPY and CHAIN: the other connection; DROP: up to that message */
	uint8_t bits;
	const char *key, *text; /* SET; text "true" and "false": so */
};

static inline void set(axev__json *object, const struct change *change)
{
	if (strcmp(change->text, "true") == 0 || strcmp(change->text, "false") == 0)
		assert_ok(axev__json_set_bool(object, change->key, change->text[0] == 't', &err));
	else
		assert_ok(axev__json_set_str(object, change->key, change->text, &err));
}

static inline void apply(const struct change *change, axev__json *document)
{
	size_t at = change->connection, other = (size_t)change->number;

	switch (change->how) {
	case FLIP:
		flip(message_of(document, at, change->message), "bytes", change->number, change->bits);
		return;
	case COPY:
		copy_member(message_of(document, other, change->message), message_of(document, at, change->message),
			    "bytes");
		return;
	case CHAIN:
		copy_member(tls_of(document, other), tls_of(document, at), "certificates");
		return;
	case DROP:
		drop(document, at, change->message, other);
		return;
	case SET_TLS:
		set(tls_of(document, at), change);
		return;
	case SET:
		set(list_item(document, "connections", at), change);
		return;
	case SET_CERTIFICATE:
		set(list_item(document, "certificates", at), change);
		return;
	case FLIP_CERTIFICATE:
		flip(list_item(document, "certificates", at), "der", change->number, change->bits);
		return;
	case SET_DOCUMENT:
		set(document, change);
		return;
	default:
		return;
	}
}

/* ---- packages ---- */

static axev__json *client; /* source.login.client_certificate; NULL: none */

static inline void set_source(struct axev__take *take, axev__json *tls)
{
	AXEV__JSON *source = axev__json_new_object();

	assert_ok(axev__json_set_str(source, "url", "https://localhost/", &err));
	if (tls)
		assert_ok(axev__json_set(source, "tls", tls, &err));
	if (client) {
		axev__json *login = axev__json_new_object();

		assert_ok(axev__json_set(login, "client_certificate", axev__steal(client), &err));
		assert_ok(axev__json_set(source, "login", login, &err));
	}
	assert_ok(axev__take_set(take, "source", axev__steal(source), &err));
	assert_ok(axev__take_step(take, "load", "done", &err));
	assert_ok(axev__take_set(take, "environment", axev__json_new_object(), &err));
}

/* A package of kind web whose wire/connections.json is @bytes. @tls is taken over. */
static inline void make_bundle(struct axev__span bytes, axev__json *tls, const char *name)
{
	const axev_capture_common common = AXEV_CAPTURE_COMMON_INIT;
	const struct axev__object object = { .path = "data/wire/connections.json",
		.media_type = "application/json", .role = "wire", .name = axev__span_str("wire/connections.json"),
		.modified_ns = INT64_MIN, .mode = -1 };
	axev_seal_result result = { .size = sizeof(result) };
	AXEV__TAKE take = { 0 };
	struct axev__digests digests;
	axev_draft *draft = NULL;

	assert_ok(axev__take_begin(ledger, &common, "web", "test", axev__span_str("web"), &take, &err));
	assert_ok(axev__container_add(take.writer, object.path, bytes, &digests, &err));
	assert_ok(axev__take_object(&take, &object, &digests, &err));
	set_source(&take, tls);
	assert_ok(axev__take_finish(&take, &draft, &err));
	assert_ok(axev_seal(ledger, draft, NULL, &result, &err));
	axev_draft_free(draft);
	assert_ok(axev_export(ledger, &result.id, 1, in_folder(name), NULL, &err));
}

static inline void make_changed(const struct change *changes, size_t count, const char *name)
{
	AXEV__JSON *document = NULL;
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	size_t i;

	assert_ok(axev__json_parse(axev__buf_view(&logged), &document, &err));
	for (i = 0; i < count; i++)
		apply(&changes[i], document);
	assert_ok(axev__json_canonical(document, &bytes, &err));
	make_bundle(axev__buf_view(&bytes), NULL, name);
}

static inline int verify(const char *name, const axev_policy *under, const char *lang, char **ret_text)
{
	axev_report *report = NULL;
	int status, verdict;

	axev_error_clear(&err);
	status = axev_verify_file(in_folder(name), under, NULL, &report, &err);
	ck_assert_ptr_nonnull(report);
	verdict = axev_report_verdict(report);
	ck_assert_int_eq(status == AXEV_OK, verdict == AXEV_VERDICT_VALID);
	assert_ok(axev_report_text(report, lang, 1, ret_text, &err));
	axev_report_free(report);
	return verdict;
}

static inline void expect_under(const char *name, const axev_policy *under, const char *lang, int verdict,
			 const char *said)
{
	char *text = NULL;

	int found = verify(name, under, lang, &text);

	if (found != verdict || !strstr(text, said) || strstr(text, "程序原文"))
		fprintf(stderr, "%s\n", text); /* longer than a message of Check may be */
	ck_assert_int_eq(found, verdict);
	ck_assert_msg(strstr(text, said) != NULL, "expected '%s'", said);
	ck_assert_msg(strstr(text, "程序原文") == NULL, "a reason without its Chinese");
	axev_text_free(text);
}

static inline void expect(const char *name, const char *lang, int verdict, const char *said)
{
	expect_under(name, policy, lang, verdict, said);
}

#endif
