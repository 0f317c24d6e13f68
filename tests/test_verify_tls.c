/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS handshakes in packages that are properly signed. tests/data/tls/connections.json is what Chromium logged of
 * tests/web/tls_site.py; a dishonest maker changes it and signs anew, and each change must be found in the content.
 */
#include "support_ledger.h"
#include "support_pki.h"

#include <openssl/evp.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "capture/take.h"

/* Places in the list, in the order of the site. */
enum {
	P256, P256_AGAIN, P384, RSA_13, P256_384, RETRY, P256_12, P384_12, RSA_12, RSA_PKCS1_12,
	WRONG_NAME, EXPIRED, SELF_SIGNED, SELF_SIGNED_12, KEY_TRANSPORT, CONNECTIONS
};

static struct axev__buf logged = AXEV__BUF_INIT(AXEV__MIB);

static void read_data(const char *name, struct axev__buf *out)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/tls/%s", getenv("AXEV_TEST_DATA"), name);
	assert_ok(axev__read_file(AT_FDCWD, path, out, &err));
}

static void make_site(void)
{
	make_ledger();
	read_data("connections.json", &logged);
}

static void remove_site(void)
{
	axev__buf_free(&logged);
	remove_ledger();
}

/* ---- changing what was logged ---- */

static axev__json *list_item(axev__json *object, const char *key, size_t index)
{
	axev__json *item = axev__json_at(axev__json_get(object, key), index);

	ck_assert_msg(item != NULL, "%s[%zu]", key, index);
	return item;
}

static axev__json *tls_of(axev__json *document, size_t connection)
{
	return axev__json_get(list_item(document, "connections", connection), "tls");
}

static axev__json *message_of(axev__json *document, size_t connection, size_t message)
{
	return list_item(tls_of(document, connection), "handshake", message);
}

static void copy_member(axev__json *from, axev__json *to, const char *key)
{
	assert_ok(axev__json_set(to, key, axev__json_copy(axev__json_get(from, key)), &err));
}

/* @offset < 0: from the end. */
static void flip(axev__json *object, const char *key, long offset, uint8_t bits)
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
static void drop(axev__json *document, size_t connection, size_t from, size_t to)
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

static void set(axev__json *object, const struct change *change)
{
	if (strcmp(change->text, "true") == 0 || strcmp(change->text, "false") == 0)
		assert_ok(axev__json_set_bool(object, change->key, change->text[0] == 't', &err));
	else
		assert_ok(axev__json_set_str(object, change->key, change->text, &err));
}

static void apply(const struct change *change, axev__json *document)
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

static void set_source(struct axev__take *take, axev__json *tls)
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
static void make_bundle(struct axev__span bytes, axev__json *tls, const char *name)
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

static void make_changed(const struct change *changes, size_t count, const char *name)
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

static int verify(const char *name, const axev_policy *under, const char *lang, char **ret_text)
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

static void expect_under(const char *name, const axev_policy *under, const char *lang, int verdict,
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

static void expect(const char *name, const char *lang, int verdict, const char *said)
{
	expect_under(name, policy, lang, verdict, said);
}

/* ---- what is honest ---- */

START_TEST(verify_tls__signatures_of_a_browser_s_handshakes_verify_again)
{
	static const char *const said[] = {
		"TLS 1.3, ecdsa_secp256r1_sha256: the key's holder signed all messages",
		"TLS 1.3, ecdsa_secp384r1_sha384",
		"TLS 1.3, rsa_pss_rsae_sha256",
		"TLS 1.2, ecdsa_secp256r1_sha256: the key's holder signed both random values",
		"TLS 1.2, rsa_pss_rsae_sha256",
		"TLS 1.2, rsa_pkcs1_sha256",
		"the certificate is not for host 'localhost'",
		"the certificate is valid from 2020-01-01T00:00:00Z to 2021-01-01T00:00:00Z, not at the time of the handshake",
		"the browser did not accept this certificate (ERR_CERT_AUTHORITY_INVALID, AUTHORITY_INVALID); host and validity fit",
		"not checked: the handshake ends before the server's signature",
		"not checked: with this cipher suite the server signs nothing",
		"not checked: the policy names no TLS roots",
		"of 11 connections that carried exchanges, 10 with the server's signature, host and validity verified (10 of 11 exchanges)",
	};
	size_t i;

	make_changed(NULL, 0, "good.asice");
	for (i = 0; i < AXEV__COUNT(said); i++)
		expect("good.asice", "en", AXEV_VERDICT_VALID, said[i]);
	expect("good.asice", "zh", AXEV_VERDICT_VALID, "密钥持有者签署了从 ClientHello 到 Certificate 的全部消息");
	expect("good.asice", "zh", AXEV_VERDICT_VALID, "未核验：所选策略没有列明网站根证书");
	expect("good.asice", "zh", AXEV_VERDICT_VALID,
	       "浏览器未接受该证书（ERR_CERT_COMMON_NAME_INVALID, COMMON_NAME_INVALID）；证书不用于主机 localhost");
}
END_TEST

START_TEST(verify_tls__a_package_without_connections_says_so)
{
	static const char none[] = "{\"bad_lines\":\"0\",\"certificates\":[],\"connections\":[],"
				   "\"format\":\"ax-wire-connections/1\",\"log_closed\":true,\"over_limit\":false}";

	make_bundle(axev__span_str(none), NULL, "none.asice");
	expect("none.asice", "en", AXEV_VERDICT_VALID, "there are no TLS connections");
}
END_TEST

START_TEST(verify_tls__what_is_not_checked_is_said)
{
	static const struct {
		struct change changes[3];
		const char *said;
	} cases[] = {
		{ { { SET_TLS, P256, .key = "encrypted_client_hello", .text = "true" } },
		  "not checked: the ClientHello was encrypted (ECH)" },
		{ { { SET_DOCUMENT, .key = "over_limit", .text = "true" }, { DROP, P256, 2, 3 } },
		  "not checked: the browser's log is not whole, messages are missing" },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		make_changed(cases[i].changes, 3, "open.asice");
		expect("open.asice", "en", AXEV_VERDICT_VALID, cases[i].said);
		expect("open.asice", "en", AXEV_VERDICT_VALID, "[not applicable] TLS connection (0: ");
	}
}
END_TEST

/* ---- certificates that came compressed ---- */

/*
 * No server of Debian's sends them (OpenSSL 3.0 and its GnuTLS are built without), so the server's part of one of the
 * browser's handshakes is made anew, with a key of our own. The browser offered brotli, as it always does.
 */
static void set_message(axev__json *message, uint8_t type, const struct axev__buf *body)
{
	const uint8_t header[4] = { type, (uint8_t)(body->size >> 16), (uint8_t)(body->size >> 8), (uint8_t)body->size };
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB), text = AXEV__BUF_INIT(AXEV__MIB);

	assert_ok(axev__buf_append(&bytes, header, sizeof(header), &err));
	assert_ok(axev__buf_span(&bytes, axev__buf_view(body), &err));
	assert_ok(axev__base64(&text, axev__buf_view(&bytes), &err));
	assert_ok(axev__json_set_u64(message, "type", type, &err));
	assert_ok(axev__json_set_string(message, "bytes", axev__buf_view(&text), &err));
}

/* RFC 8446 4.4.3, over the first four messages with the hash of TLS_AES_256_GCM_SHA384. */
static void sign_transcript(axev__json *document, size_t connection, EVP_PKEY *key)
{
	AXEV__BUF transcript = AXEV__BUF_INIT(AXEV__MIB), tbs = AXEV__BUF_INIT(AXEV__KIB), body = AXEV__BUF_INIT(AXEV__KIB);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t digest[EVP_MAX_MD_SIZE], signature[256];
	size_t size = sizeof(signature), i;
	struct axev__span base64;
	unsigned digest_size;

	assert_ok(axev__json_string(tls_of(document, connection), "cipher", &base64, &err));
	ck_assert(axev__span_is(base64, "TLS_AES_256_GCM_SHA384"));
	for (i = 0; i < 4; i++) {
		assert_ok(axev__json_string(message_of(document, connection, i), "bytes", &base64, &err));
		ck_assert(axev__unbase64(&transcript, base64));
	}
	ck_assert(EVP_Digest(transcript.data, transcript.size, digest, &digest_size, EVP_sha384(), NULL));
	for (i = 0; i < 64; i++)
		assert_ok(axev__buf_byte(&tbs, ' ', &err));
	assert_ok(axev__buf_append(&tbs, "TLS 1.3, server CertificateVerify", 34, &err));
	assert_ok(axev__buf_append(&tbs, digest, digest_size, &err));
	ck_assert(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key));
	ck_assert(EVP_DigestSign(context, signature, &size, tbs.data, tbs.size));
	EVP_MD_CTX_free(context);
	assert_ok(axev__buf_append(&body, "\x04\x03\x00", 3, &err)); /* ecdsa_secp256r1_sha256 */
	assert_ok(axev__buf_byte(&body, (uint8_t)size, &err));
	assert_ok(axev__buf_append(&body, signature, size, &err));
	set_message(message_of(document, connection, 4), 15, &body);
}

/* The leaf is listed and named by the connection. */
static void state_leaf(axev__json *document, size_t connection, struct axev__span der)
{
	AXEV__JSON *entry = axev__json_new_object(), *list = axev__json_new_array();
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__cert_info info;
	char hex[AXEV_ID_HEX_SIZE];
	uint8_t sha256[32];

	assert_ok(axev__sha256(der.data, der.size, sha256, &err));
	axev__hex(hex, sha256, sizeof(sha256));
	assert_ok(axev__cert_info(der, &info, &err));
	assert_ok(axev__base64(&text, der, &err));
	assert_ok(axev__json_set_string(entry, "der", axev__buf_view(&text), &err));
	assert_ok(axev__json_set_str(entry, "sha256", hex, &err));
	assert_ok(axev__json_set_str(entry, "subject", info.subject, &err));
	assert_ok(axev__json_set_str(entry, "issuer", info.issuer, &err));
	assert_ok(axev__json_append(axev__json_get(document, "certificates"), axev__steal(entry), &err));
	assert_ok(axev__json_append_str(list, hex, &err));
	assert_ok(axev__json_set(tls_of(document, connection), "certificates", axev__steal(list), &err));
}

static void make_compressed(const struct change *changes, size_t count, const char *name)
{
	/* Algorithm 2, the length without compression, and bytes that nobody here decompresses. */
	static const char message[] = "\0\2" "\0\3\0" "\0\0\x0c" "\x0b\x05\x80 as it is";
	const struct pki_cert want = { .name = "localhost", .names = "DNS:localhost" };
	EVP_PKEY *key = pki_pkey("p256");
	AXEV__JSON *document = NULL;
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB), der = AXEV__BUF_INIT(AXEV__MIB), body = AXEV__BUF_INIT(AXEV__KIB);
	size_t i;

	assert_ok(axev__json_parse(axev__buf_view(&logged), &document, &err));
	pki_issue(&want, key, axev__span("", 0), NULL, &der);
	state_leaf(document, P256_384, axev__buf_view(&der));
	assert_ok(axev__buf_append(&body, message, sizeof(message) - 1, &err));
	set_message(message_of(document, P256_384, 3), 25, &body);
	sign_transcript(document, P256_384, key);
	for (i = 0; i < count; i++)
		apply(&changes[i], document);
	assert_ok(axev__json_canonical(document, &bytes, &err));
	make_bundle(axev__buf_view(&bytes), NULL, name);
	EVP_PKEY_free(key);
}

START_TEST(verify_tls__the_signature_holds_though_the_certificates_came_compressed)
{
	const struct change flipped = { FLIP, P256_384, 3, -1, 1 }, zlib = { FLIP, P256_384, 3, 5, 3 },
			    other = { CHAIN, P256_384, .number = P256 };

	make_compressed(NULL, 0, "compressed.asice");
	expect("compressed.asice", "en", AXEV_VERDICT_VALID,
	       "TLS 1.3, ecdsa_secp256r1_sha256: the key's holder signed all messages from ClientHello to Certificate; the "
	       "certificates came compressed (RFC 8879), only the leaf's key was compared");
	expect("compressed.asice", "zh", AXEV_VERDICT_VALID, "证书消息为压缩形式（RFC 8879），除叶证书公钥外未比对");
	make_compressed(&flipped, 1, "lie.asice");
	expect("lie.asice", "en", AXEV_VERDICT_INVALID, "the handshake's signature was not made by the certificate's key over this ");
	make_compressed(&zlib, 1, "lie.asice");
	expect("lie.asice", "en", AXEV_VERDICT_INVALID,
	       "the certificates are compressed with algorithm 1, which the client did not offer");
	make_compressed(&other, 1, "lie.asice");
	expect("lie.asice", "en", AXEV_VERDICT_INVALID, "the handshake's signature was not made by the certificate's key over this ");
}
END_TEST

/* ---- roots of the policy ---- */

static void add_root(axev_policy **ret_policy, const char *name)
{
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MIB);

	assert_ok(axev_policy_open(in_folder("L/policy.json"), ret_policy, &err));
	read_data(name, &pem);
	assert_ok(axev_policy_add(*ret_policy, AXEV_TRUST_TLS_ROOT, pem.data, pem.size, "the test's root", NULL,
				  &err));
}

START_TEST(verify_tls__a_root_of_the_policy_identifies_the_servers)
{
	axev_policy *under = NULL;

	add_root(&under, "ca.pem");
	make_changed(NULL, 0, "good.asice");
	expect_under("good.asice", under, "en", AXEV_VERDICT_VALID, "[passed] identity of the web server");
	expect_under("good.asice", under, "en", AXEV_VERDICT_VALID, "found: root the test's root ");
	expect_under("good.asice", under, "en", AXEV_VERDICT_VALID, "[not applicable] identity of the web server");
	expect_under("good.asice", under, "en", AXEV_VERDICT_VALID, "the chain holds, but not for this host at that time");
	expect_under("good.asice", under, "zh", AXEV_VERDICT_VALID, "按制作方所述握手时间");
	axev_policy_free(under);
}
END_TEST

START_TEST(verify_tls__a_server_under_no_root_of_the_policy_stays_open)
{
	axev_policy *under = NULL;

	add_root(&under, "other_ca.pem");
	make_changed(NULL, 0, "good.asice");
	expect_under("good.asice", under, "en", AXEV_VERDICT_INDETERMINATE,
		     "certificate chain: self-signed certificate in certificate chain");
	axev_policy_free(under);
}
END_TEST

/* ---- lies ---- */

#define NOT_MADE "the handshake's signature was not made by the certificate's key over this handshake"

static const struct {
	struct change changes[3];
	const char *said, *said_zh; /* zh NULL: not looked at, beyond that there is some */
} lies[] = {
	/* the chain that is stated, and the one that is in the message, too */
	{ { { CHAIN, P256, 0, P384 } }, "not the one stated", "不是所写的证书" },
	{ { { CHAIN, P256, 0, P384 }, { COPY, P256, 3, P384 } },
	  "signature scheme 0x0403 is not for the certificate's key", "签名算法 0x0403 不适用于该证书的密钥" },
	{ { { CHAIN, P256, 0, P256_384 }, { COPY, P256, 3, P256_384 } }, NOT_MADE,
	  "握手签名不是由该证书的密钥对本次握手作出的" },
	{ { { CHAIN, P256_12, 0, P384_12 }, { COPY, P256_12, 2, P384_12 } }, NOT_MADE, NULL },
	/* one byte of what was signed: hellos, extensions, certificates */
	{ { { FLIP, P256, 0, 8, 1 } }, NOT_MADE, NULL },
	{ { { FLIP, P256, 1, 8, 1 } }, NOT_MADE, NULL },
	{ { { FLIP, RSA_13, 0, 8, 0x80 } }, NOT_MADE, NULL },
	{ { { FLIP, P384, 0, 20, 0x10 } }, NOT_MADE, NULL },
	{ { { FLIP, P256_384, 0, 20, 0x10 } }, NOT_MADE, NULL },
	{ { { FLIP, P256, 3, -3, 1 } }, "not the one stated", NULL },
	{ { { FLIP, RETRY, 0, 8, 1 } }, NOT_MADE, NULL },
	{ { { FLIP, RETRY, 2, 8, 1 } }, NOT_MADE, NULL },
	{ { { FLIP, P256_12, 0, 8, 1 } }, NOT_MADE, NULL },
	{ { { FLIP, RSA_12, 1, 8, 1 } }, NOT_MADE, NULL },
	{ { { FLIP, P256_12, 3, 12, 1 } }, NOT_MADE, NULL },
	{ { { FLIP, RSA_12, 3, 12, 1 } }, NOT_MADE, NULL },
	{ { { FLIP, RSA_PKCS1_12, 3, 12, 1 } }, NOT_MADE, NULL },
	/* the signature itself, and one of another connection with the same certificate */
	{ { { FLIP, P256, 4, -1, 1 } }, NOT_MADE, NULL },
	{ { { FLIP, RSA_13, 4, -1, 1 } }, NOT_MADE, NULL },
	{ { { COPY, P256, 4, P256_AGAIN } }, NOT_MADE, NULL },
	{ { { COPY, P256_12, 3, P384_12 } }, NOT_MADE, NULL },
	/* schemes: for another curve, another hash, not offered */
	{ { { FLIP, P256, 4, 4, 1 } }, "signature scheme 0x0503 is not for the certificate's key", NULL },
	{ { { FLIP, RSA_13, 4, 5, 1 } }, NOT_MADE, NULL },
	{ { { FLIP, P256, 4, 4, 2 } }, "the server signed with scheme 0x0603, which the client did not offer",
	  "服务器以 0x0603 签名，客户端并未提出该算法" },
	/* the version and the suite are the client's to offer */
	{ { { FLIP, P256, 1, 40 + 32, 0x20 } }, "which the client did not offer", NULL },
	/* messages that are missing */
	{ { { DROP, P256, 4, 5 } },
	  "handshake message 5: expected CertificateVerify (15) from the server, found type 20 from the server",
	  "握手消息 5 应为 server 的 CertificateVerify (15)，实为 server 的 20 型消息" },
	{ { { DROP, P256, 4, 8 } },
	  "the handshake is said to have succeeded, but its messages end before the server's signature",
	  "所写握手已成功，其消息却止于服务器签名之前" },
	{ { { DROP, P256, 0, 1 } },
	  "handshake message 1: expected ClientHello (1) from the client, found type 2 from the server", NULL },
	{ { { DROP, P256, 2, 3 } },
	  "handshake message 3: expected EncryptedExtensions (8) from the server, found type 11 from the server",
	  NULL },
	{ { { DROP, RETRY, 0, 2 } }, NOT_MADE, NULL },
	{ { { DROP, RETRY, 1, 2 } }, "expected ServerHello (2) from the server, found type 1 from the client", NULL },
	{ { { DROP, P256_12, 3, 4 } },
	  "handshake message 4: expected ServerKeyExchange (12) from the server, found type 14 from the server", NULL },
	{ { { DROP, P256_12, 2, 7 } },
	  "there is no Certificate, although no earlier session was taken up", "没有证书消息，也没有沿用先前的会话" },
	/* messages that are none */
	{ { { FLIP, P256, 0, 3, 1 } }, "handshake message 1: its length is not the one it states",
	  "握手消息 1 的长度与其所写不符" },
	{ { { FLIP, P256, 4, 7, 1 } }, "handshake message CertificateVerify: malformed", NULL },
	/* what is said of the handshake */
	{ { { SET_TLS, P256, .key = "version", .text = "TLS 1.2" } },
	  "version: the handshake says 'TLS 1.3', stated is 'TLS 1.2'", "version：握手消息为 TLS 1.3，所写为 TLS 1.2" },
	{ { { SET_TLS, P256, .key = "cipher", .text = "TLS_AES_256_GCM_SHA384" } }, "cipher: the handshake says", NULL },
	{ { { SET_TLS, P256, .key = "signature", .text = "ed25519" } }, "signature: the handshake says", NULL },
	{ { { SET_TLS, P256, .key = "group", .text = "x448" } }, "group: the handshake says", NULL },
	{ { { SET_TLS, P256, .key = "alpn", .text = "h2" } }, "alpn: the handshake says 'unknown', stated is 'h2'", NULL },
	{ { { SET_TLS, P256, .key = "server_name", .text = "shop.example" } },
	  "server_name: the handshake says 'localhost', stated is 'shop.example'", NULL },
	{ { { SET_TLS, P256, .key = "resumed", .text = "true" } }, "resumed: the handshake says otherwise",
	  "是否沿用会话：与握手消息不符" },
	/* the host, and the time */
	{ { { SET, P256_12, .key = "destination", .text = "https://shop.example" } },
	  "the handshake asks for host 'localhost', the destination is 'shop.example'",
	  "握手所请求的主机为 localhost，所写目标为 shop.example" },
	{ { { SET, P256_12, .key = "destination", .text = "https://shop.example" } },
	  "the certificate is not for host 'shop.example'", "证书不用于主机 shop.example" },
	{ { { SET_TLS, P256, .key = "ended", .text = "2030-01-01T00:00:00.000000000Z" } },
	  "not at the time of the handshake", "不含握手时间" },
	/* certificates */
	{ { { FLIP_CERTIFICATE, P256, 0, -1, 1 } },
	  "certificates[0]: member 'sha256': expected the SHA-256 of the certificate", NULL },
	{ { { SET_CERTIFICATE, 0, .key = "subject", .text = "CN=shop.example" } },
	  "certificates[0]: subject: the certificate does not say 'CN=shop.example'",
	  "subject：证书上写的不是 CN=shop.example" },
};

START_TEST(verify_tls__a_signed_lie_is_found)
{
	make_changed(lies[_i].changes, AXEV__COUNT(lies[_i].changes), "lie.asice");
	expect("lie.asice", "en", AXEV_VERDICT_INVALID, lies[_i].said);
	expect("lie.asice", "zh", AXEV_VERDICT_INVALID, lies[_i].said_zh ? lies[_i].said_zh : "已改动");
}
END_TEST

START_TEST(verify_tls__facts_of_the_manifest_are_those_of_a_connection)
{
	static const char right[] = "{\"version\":\"TLS 1.3\",\"cipher\":\"TLS_AES_256_GCM_SHA384\",\"server_name\":"
				    "\"localhost\",\"verified\":true,\"verify_result\":"
				    "\"ok, by a root that was added on this machine\"}";
	static const char *const wrong[][2] = {
		{ "version", "TLS 1.2" }, { "cipher", "TLS_AES_128_GCM_SHA256" },
		{ "server_name", "shop.example" }, { "verify_result", "ok" }, { "subject", "CN=shop.example" },
	};
	AXEV__JSON *document = NULL;
	AXEV__JSON *tls = NULL;
	size_t i;

	assert_ok(axev__json_parse(axev__buf_view(&logged), &document, &err));
	assert_ok(axev__json_parse(axev__span_str(right), &tls, &err));
	copy_member(tls_of(document, P256_384), tls, "certificates");
	make_bundle(axev__buf_view(&logged), axev__json_copy(tls), "good.asice");
	expect("good.asice", "en", AXEV_VERDICT_VALID, "[passed] TLS facts in the manifest");
	for (i = 0; i < AXEV__COUNT(wrong); i++) {
		AXEV__JSON *changed = axev__json_copy(tls);

		assert_ok(axev__json_set_str(changed, wrong[i][0], wrong[i][1], &err));
		make_bundle(axev__buf_view(&logged), axev__steal(changed), "lie.asice");
		expect("lie.asice", "en", AXEV_VERDICT_INVALID,
		       "source.tls of the manifest is not what any connection says");
		expect("lie.asice", "zh", AXEV_VERDICT_INVALID, "证据说明所写的 TLS 事实不是任何连接的");
	}
}
END_TEST

#define CLIENT(sent) \
	"{\"asked_on\":0,\"host\":\"localhost\",\"issuer\":\"CN=a\",\"sent_on\":" sent ",\"serial\":\"01\",\"sha256\":" \
	"\"8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4\",\"subject\":\"CN=b\"}"

START_TEST(verify_tls__a_client_certificate_was_sent_as_often_as_the_handshakes_have_it)
{
	assert_ok(axev__json_parse(axev__span_str(CLIENT("0")), &client, &err));
	make_bundle(axev__buf_view(&logged), NULL, "client.asice");
	expect("client.asice", "en", AXEV_VERDICT_VALID, "[passed] client certificate in the manifest");
	assert_ok(axev__json_parse(axev__span_str(CLIENT("2")), &client, &err));
	make_bundle(axev__buf_view(&logged), NULL, "client_lie.asice");
	expect("client_lie.asice", "en", AXEV_VERDICT_INVALID,
	       "expected it asked for on 0 connections and sent on 2, found 0 and 0");
	expect("client_lie.asice", "zh", AXEV_VERDICT_INVALID, "所写要求出示 0 次、已出示 2 次，握手消息中为 0 次和 0 次");
}
END_TEST

START_TEST(verify_tls__connections_of_a_newer_format_are_said_to_be)
{
	const struct change newer = { SET_DOCUMENT, .key = "format", .text = "ax-wire-connections/2" };

	make_changed(&newer, 1, "newer.asice");
	expect("newer.asice", "en", AXEV_VERDICT_INDETERMINATE, "newer format: this program cannot check all of it");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify_tls");
	TCase *tcase = tcase_create("verify_tls");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, make_site, remove_site);
	tcase_add_test(tcase, verify_tls__the_signature_holds_though_the_certificates_came_compressed);
	tcase_add_test(tcase, verify_tls__signatures_of_a_browser_s_handshakes_verify_again);
	tcase_add_test(tcase, verify_tls__a_package_without_connections_says_so);
	tcase_add_test(tcase, verify_tls__what_is_not_checked_is_said);
	tcase_add_test(tcase, verify_tls__a_root_of_the_policy_identifies_the_servers);
	tcase_add_test(tcase, verify_tls__a_server_under_no_root_of_the_policy_stays_open);
	tcase_add_loop_test(tcase, verify_tls__a_signed_lie_is_found, 0, (int)AXEV__COUNT(lies));
	tcase_add_test(tcase, verify_tls__facts_of_the_manifest_are_those_of_a_connection);
	tcase_add_test(tcase, verify_tls__a_client_certificate_was_sent_as_often_as_the_handshakes_have_it);
	tcase_add_test(tcase, verify_tls__connections_of_a_newer_format_are_said_to_be);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
