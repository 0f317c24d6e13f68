/* SPDX-License-Identifier: Apache-2.0 */
/* Handshakes, and what the manifest says of them, that a dishonest maker changed. */
#include "tls_package.h"

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

START_TEST(verify_tls_lies__a_signed_lie_is_found)
{
	make_changed(lies[_i].changes, AXEV__COUNT(lies[_i].changes), "lie.asice");
	expect("lie.asice", "en", AXEV_VERDICT_INVALID, lies[_i].said);
	expect("lie.asice", "zh", AXEV_VERDICT_INVALID, lies[_i].said_zh ? lies[_i].said_zh : "已改动");
}
END_TEST

START_TEST(verify_tls_lies__facts_of_the_manifest_are_those_of_a_connection)
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

START_TEST(verify_tls_lies__a_client_certificate_was_sent_as_often_as_the_handshakes_have_it)
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

START_TEST(verify_tls_lies__connections_of_a_newer_format_are_said_to_be)
{
	const struct change newer = { SET_DOCUMENT, .key = "format", .text = "ax-wire-connections/2" };

	make_changed(&newer, 1, "newer.asice");
	expect("newer.asice", "en", AXEV_VERDICT_INDETERMINATE, "newer format: this program cannot check all of it");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify_tls_lies");
	TCase *tcase = tcase_create("verify_tls_lies");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, make_site, remove_site);
	tcase_add_loop_test(tcase, verify_tls_lies__a_signed_lie_is_found, 0, (int)AXEV__COUNT(lies));
	tcase_add_test(tcase, verify_tls_lies__facts_of_the_manifest_are_those_of_a_connection);
	tcase_add_test(tcase, verify_tls_lies__a_client_certificate_was_sent_as_often_as_the_handshakes_have_it);
	tcase_add_test(tcase, verify_tls_lies__connections_of_a_newer_format_are_said_to_be);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
