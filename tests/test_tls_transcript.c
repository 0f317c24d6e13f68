/* SPDX-License-Identifier: Apache-2.0 */
/* Handshakes of the fuzzer's corpus: what each is, or why it is none. Signatures: tests/test_verify_tls.c. */
#include "support.h"

#include <fcntl.h>

#include "base/io.h"
#include "base/limits.h"
#include "content/tls_transcript.h"
#include "crypto/sct.h"
#include "crypto/tls_sign.h"
#include "crypto/x509.h"

static axev_error err;

#define MAX_MESSAGES 16

/* Each message has a byte in front: 1 when the client sent it. */
static size_t read_corpus(const char *name, struct axev__buf *bytes, struct axev__tls_message *messages)
{
	size_t count = 0, at = 0, length;
	char path[512];

	snprintf(path, sizeof(path), "%s/fuzz/corpus/tls_transcript/%s", getenv("AXEV_SOURCE_ROOT"), name);
	assert_ok(axev__read_file(AT_FDCWD, path, bytes, &err));
	while (bytes->size - at > 5 && count < MAX_MESSAGES) {
		length = 4 + (axev__get_u32be(bytes->data + at + 1) & 0xFFFFFF);
		if (length > bytes->size - at - 1)
			length = bytes->size - at - 1;
		messages[count++] = (struct axev__tls_message){ bytes->data[at],
								axev__span(bytes->data + at + 1, length) };
		at += 1 + length;
	}
	return count;
}

static const struct {
	const char *name;
	enum axev__tls_outcome outcome;
	uint16_t version, scheme, compression;
	size_t covered;
	bool is_retried;
} known[] = {
	{ "p256", AXEV__TLS_SIGNED, AXEV__TLS_1_3, 0x0403, 0, 4, false },
	{ "p384", AXEV__TLS_SIGNED, AXEV__TLS_1_3, 0x0503, 0, 4, false },
	{ "rsa", AXEV__TLS_SIGNED, AXEV__TLS_1_3, 0x0804, 0, 4, false },
	{ "retry", AXEV__TLS_SIGNED, AXEV__TLS_1_3, 0x0403, 0, 6, true },
	{ "request", AXEV__TLS_SIGNED, AXEV__TLS_1_3, 0x0403, 0, 5, false },
	{ "compressed", AXEV__TLS_SIGNED, AXEV__TLS_1_3, 0x0403, AXEV__TLS_COMPRESSED_BROTLI, 4, false },
	{ "p256_12", AXEV__TLS_SIGNED, AXEV__TLS_1_2, 0x0403, 0, 0, false },
	{ "rsa_12", AXEV__TLS_SIGNED, AXEV__TLS_1_2, 0x0804, 0, 0, false },
	{ "rsa_pkcs1_12", AXEV__TLS_SIGNED, AXEV__TLS_1_2, 0x0401, 0, 0, false },
	{ "cut_off_12", AXEV__TLS_CUT_OFF, AXEV__TLS_1_2, 0, 0, 0, false },
	{ "key_transport", AXEV__TLS_UNSIGNED, AXEV__TLS_1_2, 0, 0, 0, false },
	{ "stapled", AXEV__TLS_SIGNED, AXEV__TLS_1_3, 0x0403, 0, 4, false },
	{ "stapled_12", AXEV__TLS_SIGNED, AXEV__TLS_1_2, 0x0403, 0, 0, false },
	{ "ticket_12", AXEV__TLS_RESUMED, AXEV__TLS_1_2, 0, 0, 0, false },
	{ "resumed_13", AXEV__TLS_RESUMED, AXEV__TLS_1_3, 0, 0, 0, false },
};

START_TEST(tls_transcript__each_kind_of_handshake_is_known_for_what_it_is)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__tls_message messages[MAX_MESSAGES];
	size_t count = read_corpus(known[_i].name, &bytes, messages);
	struct axev__tls_handshake handshake;

	assert_ok(axev__tls_read(messages, count, &handshake, &err));
	ck_assert_int_eq(handshake.outcome, known[_i].outcome);
	ck_assert_uint_eq(handshake.version, known[_i].version);
	ck_assert_uint_eq(handshake.scheme, known[_i].scheme);
	ck_assert_uint_eq(handshake.compression, known[_i].compression);
	ck_assert_uint_eq(handshake.covered, known[_i].covered);
	ck_assert_int_eq(handshake.is_retried, known[_i].is_retried);
	ck_assert(axev__span_is(handshake.server_name, "localhost"));
}
END_TEST

static const struct {
	const char *name, *said;
	int status;
} refused[] = {
	{ "extension_twice", "handshake message ServerHello: malformed", AXEV_E_FORMAT },
	{ "empty_certificate", "handshake message Certificate: malformed", AXEV_E_FORMAT },
	{ "empty_status_12", "handshake message CertificateStatus: malformed", AXEV_E_FORMAT },
	{ "half_a_hello", "handshake message ClientHello: malformed", AXEV_E_FORMAT },
	{ "resumed_12", "there is no Certificate, although no earlier session was taken up", AXEV_E_INVALID },
	{ "compressed_zlib",
	  "the certificates are compressed with algorithm 1, which the client did not offer", AXEV_E_INVALID },
	{ "other_suite", "the server chose cipher suite 0x1399, which the client did not offer", AXEV_E_INVALID },
	{ "finished_early",
	  "handshake message 4: expected Certificate (11) from the server, found type 20 from the server",
	  AXEV_E_INVALID },
	{ "two_retries", "the ServerHello does not fit the HelloRetryRequest before it", AXEV_E_INVALID },
};

START_TEST(tls_transcript__what_is_no_handshake_is_refused)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__tls_message messages[MAX_MESSAGES];
	size_t count = read_corpus(refused[_i].name, &bytes, messages);
	struct axev__tls_handshake handshake;

	assert_fails(axev__tls_read(messages, count, &handshake, &err), refused[_i].status, refused[_i].said);
}
END_TEST

static void check_leaf(bool is_sent, struct axev__span bytes, const char *expected)
{
	const struct axev__tls_message message = { is_sent, bytes };
	struct axev__span leaf = axev__span("", 0);

	ck_assert_int_eq(axev__tls_shown_by_client(&message, &leaf), expected != NULL);
	if (expected)
		ck_assert(axev__span_is(leaf, expected));
}

#define BYTES(text) axev__span(text, sizeof(text) - 1)

START_TEST(tls_transcript__the_certificate_of_a_client_is_found_in_both_versions)
{
	/* RFC 8446 4.4.2: context, list, certificate, extensions; RFC 5246 7.4.2: list, certificate. */
	check_leaf(true, BYTES("\x0b\x00\x00\x0c\x00\x00\x00\x08\x00\x00\x03""der\x00\x00"), "der");
	check_leaf(true, BYTES("\x0b\x00\x00\x09\x00\x00\x06\x00\x00\x03""der"), "der");
	/* Nothing to show. */
	check_leaf(true, BYTES("\x0b\x00\x00\x04\x00\x00\x00\x00"), NULL);
	check_leaf(true, BYTES("\x0b\x00\x00\x03\x00\x00\x00"), NULL);
	/* The server's, another message, and lengths that do not fit. */
	check_leaf(false, BYTES("\x0b\x00\x00\x09\x00\x00\x06\x00\x00\x03""der"), NULL);
	check_leaf(true, BYTES("\x0f\x00\x00\x09\x00\x00\x06\x00\x00\x03""der"), NULL);
	check_leaf(true, BYTES("\x0b\x00\x00\x09\x00\x00\x06\x00\x00\x04""der"), NULL);
	check_leaf(true, BYTES("\x0b\x00\x00\x09\x00\x00\x07\x00\x00\x03""der"), NULL);
	check_leaf(true, BYTES("\x0b\x00"), NULL);
	check_leaf(true, BYTES("\x0b\x00\x00\x00"), NULL);
	ck_assert(axev__tls_asks_client(&(struct axev__tls_message){ false, BYTES("\x0d\x00\x00\x00") }));
	ck_assert(!axev__tls_asks_client(&(struct axev__tls_message){ true, BYTES("\x0d\x00\x00\x00") }));
	ck_assert(!axev__tls_asks_client(&(struct axev__tls_message){ false, BYTES("\x0d") }));
}
END_TEST

/* RFC 8879 4: what is signed is the message as it came, so the signature of another one does not fit. */
START_TEST(tls_transcript__the_signed_bytes_are_those_of_rfc_8446)
{
	static const char start[] = "                                                                "
				    "TLS 1.3, server CertificateVerify";
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB), out = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__tls_message messages[MAX_MESSAGES];
	struct axev__tls_handshake handshake;
	size_t count = read_corpus("p256", &bytes, messages);
	struct axev__span rest, leaf;

	assert_ok(axev__tls_read(messages, count, &handshake, &err));
	assert_ok(axev__tls_signed_bytes(&handshake, messages, &out, &err));
	ck_assert_uint_eq(out.size, sizeof(start) + 32);
	ck_assert(memcmp(out.data, start, sizeof(start)) == 0);
	rest = handshake.certificates;
	ck_assert(axev__tls_next_certificate(&handshake, &rest, &leaf));
	assert_ok(axev__tls_verify(leaf, handshake.scheme, true, axev__buf_view(&out), handshake.signature, &err));
	assert_fails(axev__tls_verify(leaf, 0x0401, true, axev__buf_view(&out), handshake.signature, &err),
		     AXEV_E_INVALID, "signature scheme 0x0401 is not for the certificate's key");
	assert_fails(axev__tls_verify(leaf, 0x0904, true, axev__buf_view(&out), handshake.signature, &err),
		     AXEV_E_UNSUPPORTED, "signature scheme 0x0904 is not known here");
	handshake.suite = 0x1399;
	assert_fails(axev__tls_signed_bytes(&handshake, messages, &out, &err), AXEV_E_UNSUPPORTED,
		     "the hash of cipher suite 0x1399 is not known here");
}
END_TEST

static void read_leaf(const char *name, struct axev__buf *bytes, struct axev__tls_handshake *handshake,
		      struct axev__span *ret_leaf)
{
	struct axev__tls_message messages[MAX_MESSAGES];
	size_t count = read_corpus(name, bytes, messages);
	struct axev__span rest;

	assert_ok(axev__tls_read(messages, count, handshake, &err));
	rest = handshake->certificates;
	ck_assert(axev__tls_next_certificate(handshake, &rest, ret_leaf));
}

/* Handshakes of the browser with openssl's server, which had a response to staple (tests/web/tls_site.py). */
START_TEST(tls_transcript__a_stapled_response_holds_timestamps_for_its_certificate)
{
	static const char *const names[] = { "stapled", "stapled_12" };
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB), other_bytes = AXEV__BUF_INIT(AXEV__MIB), list = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__tls_handshake handshake, other;
	struct axev__span leaf, other_leaf, rest;
	struct axev__sct sct;
	bool is_found = false;

	read_leaf(names[_i], &bytes, &handshake, &leaf);
	read_leaf("p256", &other_bytes, &other, &other_leaf);
	ck_assert_uint_eq(other.ocsp.size, 0);
	assert_ok(axev__sct_stapled(handshake.ocsp, other_leaf, &list, &err));
	ck_assert_uint_eq(list.size, 0);
	assert_ok(axev__sct_stapled(handshake.ocsp, leaf, &list, &err));
	assert_ok(axev__sct_begin(axev__buf_view(&list), &rest, &err));
	assert_ok(axev__sct_next(&rest, &sct, &is_found, &err));
	ck_assert(is_found && rest.size == 0);
	assert_fails(axev__sct_stapled(axev__span(handshake.ocsp.data, handshake.ocsp.size - 1), leaf, &list, &err),
		     AXEV_E_FORMAT, "stapled OCSP response: malformed");
	/* RFC 6960 4.2.1: tryLater, without any answer */
	axev__buf_clear(&list);
	assert_ok(axev__sct_stapled(axev__span("\x30\x03\x0a\x01\x03", 5), leaf, &list, &err));
	ck_assert_uint_eq(list.size, 0);
}
END_TEST

START_TEST(tls_transcript__a_certificate_is_for_the_hosts_it_names)
{
	static const struct {
		const char *host;
		bool fits;
	} hosts[] = {
		{ "localhost", true },  { "localhost.", true },   { "127.0.0.1", true }, { "LOCALHOST", true },
		{ "127.0.0.2", false }, { "localhost2", false },  { "::1", false },      { "a.localhost", false },
		{ "", false },		{ "shop.example", false },
	};
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__tls_message messages[MAX_MESSAGES];
	struct axev__tls_handshake handshake;
	size_t count = read_corpus("p256", &bytes, messages), i;
	struct axev__span rest, leaf;

	assert_ok(axev__tls_read(messages, count, &handshake, &err));
	rest = handshake.certificates;
	ck_assert(axev__tls_next_certificate(&handshake, &rest, &leaf));
	for (i = 0; i < AXEV__COUNT(hosts); i++)
		ck_assert_msg((axev__tls_names(leaf, axev__span_str(hosts[i].host), NULL) == AXEV_OK) ==
				      hosts[i].fits, "%s", hosts[i].host);
	assert_fails(axev__tls_names(leaf, axev__span_str("shop.example"), &err), AXEV_E_INVALID,
		     "the certificate is not for host 'shop.example'");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tls_transcript");
	TCase *tcase = tcase_create("tls_transcript");

	tcase_add_loop_test(tcase, tls_transcript__each_kind_of_handshake_is_known_for_what_it_is, 0,
			    (int)AXEV__COUNT(known));
	tcase_add_loop_test(tcase, tls_transcript__what_is_no_handshake_is_refused, 0,
			    (int)AXEV__COUNT(refused));
	tcase_add_test(tcase, tls_transcript__the_certificate_of_a_client_is_found_in_both_versions);
	tcase_add_test(tcase, tls_transcript__the_signed_bytes_are_those_of_rfc_8446);
	tcase_add_loop_test(tcase, tls_transcript__a_stapled_response_holds_timestamps_for_its_certificate, 0, 2);
	tcase_add_test(tcase, tls_transcript__a_certificate_is_for_the_hosts_it_names);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
