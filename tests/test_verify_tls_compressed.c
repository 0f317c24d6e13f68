/* SPDX-License-Identifier: Apache-2.0 */
/* Handshakes whose certificates came compressed. */
#include "tls_package.h"
#include "support_pki.h"

#include <openssl/evp.h>

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

START_TEST(verify_tls_compressed__the_signature_holds_though_the_certificates_came_compressed)
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

int main(void)
{
	Suite *suite = suite_create("verify_tls_compressed");
	TCase *tcase = tcase_create("verify_tls_compressed");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, make_site, remove_site);
	tcase_add_test(tcase, verify_tls_compressed__the_signature_holds_though_the_certificates_came_compressed);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
