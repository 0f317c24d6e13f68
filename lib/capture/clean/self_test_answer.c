/* SPDX-License-Identifier: Apache-2.0 */
/* The page, its picture and its data, the servers that give them, and the certificates of both. */
#include <stdio.h>

#include "base/text.h"
#include "base/time.h"
#include "capture/clean/self_test.h"
#include "crypto/digest.h"

#define ANSWER_BYTES (64 * AXEV__KIB)
#define DATA_BLOCKS 160 /* of 32 bytes */
#define HOUR_NS (3600 * AXEV__NS_PER_SECOND)

/* ---- certificates ---- */

static int issue(const char *name, bool is_ca, const struct axev__key *key, const struct axev__buf *issuer,
		 const struct axev__key *issuer_key, struct axev__buf *ret_der, axev_error *err)
{
	struct axev__cert_request request = { .common_name = name,
					      .is_ca = is_ca,
					      .server_name = is_ca ? NULL : "IP:127.0.0.1" };
	int64_t now_ns;

	TRY(axev__now(NULL, &now_ns, err));
	TRY(axev__random(NULL, request.serial, sizeof(request.serial), err));
	request.not_before_ns = now_ns - HOUR_NS;
	request.not_after_ns = now_ns + 24 * HOUR_NS;
	return axev__cert_issue(&request, key, issuer ? axev__buf_view(issuer) : axev__span("", 0), issuer_key,
				ret_der, err);
}

static int make_certificates(struct axev__self_test *test, axev_error *err)
{
	AXEV__CERTS certs = { 0 };

	TRY(axev__key_generate(AXEV__KEY_EC_P256, 0, &test->root_key, err));
	TRY(axev__key_generate(AXEV__KEY_EC_P256, 0, &test->key, err));
	TRY(axev__key_generate(AXEV__KEY_EC_P256, 0, &test->stranger_key, err));
	TRY(issue("ax_evidence self-test root", true, test->root_key, NULL, test->root_key, &test->root_der, err));
	TRY(issue("ax_evidence self-test", false, test->key, &test->root_der, test->root_key, &test->cert_der,
		  err));
	TRY(issue("ax_evidence self-test, trusted by nobody", false, test->stranger_key, NULL,
		  test->stranger_key, &test->stranger_der, err));
	TRY(axev__certs_add(&certs, axev__buf_view(&test->root_der), err));
	return axev__certs_to_pem(&certs, &test->root_pem, err);
}

/* ---- answers ---- */

/* Header fields that a recorder might put right: twice the same name, a byte that is not UTF-8, odd blanks. */
static int begin_answer(struct axev__buf *out, const char *media_type, const char *length, axev_error *err)
{
	return axev__buf_printf(out, err,
				"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n%s\r\nX-Known: one\r\nx-known:  two \xE9\r\n"
				"Cache-Control: no-store\r\n\r\n",
				media_type, length);
}

static int add_sized(struct axev__buf *out, const char *media_type, struct axev__span body, uint8_t sha256[32],
		     axev_error *err)
{
	char length[48];

	snprintf(length, sizeof(length), "Content-Length: %zu", body.size);
	TRY(begin_answer(out, media_type, length, err));
	TRY(axev__buf_span(out, body, err));
	return axev__sha256(body.data, body.size, sha256, err);
}

/* RFC 9112 7.1; chunks of different sizes, one of them with an extension. */
static int add_chunked(struct axev__buf *out, struct axev__span body, uint8_t sha256[32], axev_error *err)
{
	size_t at = 0, part = 1;

	TRY(begin_answer(out, "application/octet-stream", "Transfer-Encoding: chunked", err));
	for (; at < body.size; at += part, part = part * 3 + 1) {
		if (part > body.size - at)
			part = body.size - at;
		TRY(axev__buf_printf(out, err, "%zX%s\r\n", part, at ? "" : ";known=1"));
		TRY(axev__buf_append(out, body.data + at, part, err));
		TRY(axev__buf_str(out, "\r\n", err));
	}
	TRY(axev__buf_str(out, "0\r\n\r\n", err));
	return axev__sha256(body.data, body.size, sha256, err);
}

/* Bytes of which none is known to who does not know the seed. */
static int make_data(const uint8_t seed[64], struct axev__buf *out, axev_error *err)
{
	uint8_t block[65], sha256[32];
	unsigned i;

	memcpy(block, seed, 64);
	for (i = 0; i < DATA_BLOCKS; i++) {
		block[64] = (uint8_t)i;
		TRY(axev__sha256(block, sizeof(block), sha256, err));
		TRY(axev__buf_append(out, sha256, sizeof(sha256), err));
	}
	return AXEV_OK;
}

/* A Windows bitmap of 2 x 2 pixels: rows from below, blue first, padded to four bytes. */
static void make_picture(struct axev__self_test *test, const uint8_t seed[64], uint8_t bmp[70])
{
	unsigned i;

	memset(bmp, 0, 70);
	memcpy(bmp, "BM", 2);
	axev__put_u32le(bmp + 2, 70);
	axev__put_u32le(bmp + 10, 54);
	axev__put_u32le(bmp + 14, 40);
	axev__put_u32le(bmp + 18, 2);
	axev__put_u32le(bmp + 22, 2);
	axev__put_u16le(bmp + 26, 1);
	axev__put_u16le(bmp + 28, 24);
	axev__put_u32le(bmp + 34, 16);
	for (i = 0; i < 4; i++) {
		const uint8_t *colour = seed + 3 * i;
		uint8_t *pixel = bmp + 54 + (i < 2 ? 8 : 0) + 3 * (i % 2);

		test->colours[i] = (uint32_t)(colour[0] << 16 | colour[1] << 8 | colour[2]);
		pixel[0] = colour[2];
		pixel[1] = colour[1];
		pixel[2] = colour[0];
	}
}

/* Text that stands in the page, then what its script computes of the data, then whether the other server was let in. */
static int make_page(struct axev__self_test *test, const char *words, struct axev__buf *out, axev_error *err)
{
	return axev__buf_printf(
		out, err,
		"<!doctype html><html><head><meta charset=utf-8><meta name=viewport content='width=device-width'>"
		"<title>self-test</title><link rel=icon href=data:,>"
		"<style>body{margin:0}img{display:block;width:%upx;height:%upx;image-rendering:pixelated}</style></head>\n"
		"<body><img src=/picture><div>%s</div><div id=data>-</div><div id=other>-</div><script>\n"
		"const say=(id,text)=>{document.getElementById(id).textContent=text};\n"
		"fetch('/data').then(a=>a.arrayBuffer()).then(b=>crypto.subtle.digest('SHA-256',b))"
		".then(d=>say('data',Array.from(new Uint8Array(d),n=>n.toString(16).padStart(2,'0')).join('')),"
		"()=>say('data','not received'));\n"
		"fetch('https://127.0.0.1:%u/',{mode:'no-cors'}).then(()=>say('other','accepted'),()=>say('other','refused'));\n"
		"</script></body></html>\n",
		2 * AXEV__SELF_TEST_TILE, 2 * AXEV__SELF_TEST_TILE, words,
		(unsigned)axev__known_server_port(test->stranger));
}

static int make_answers(struct axev__self_test *test, const uint8_t seed[64], axev_error *err)
{
	static const char *const targets[AXEV__SELF_TEST_ANSWERS] = { "/", "/picture", "/data" };
	AXEV__BUF page = AXEV__BUF_INIT(ANSWER_BYTES);
	AXEV__BUF data = AXEV__BUF_INIT(ANSWER_BYTES);
	char words[128], secret[33], digest[65];
	uint8_t bmp[70];
	size_t i;

	axev__hex(secret, seed + 48, 16);
	snprintf(words, sizeof(words), "self-test 自检 %s", secret);
	TRY(make_page(test, words, &page, err));
	make_picture(test, seed, bmp);
	TRY(make_data(seed, &data, err));
	for (i = 0; i < AXEV__SELF_TEST_ANSWERS; i++)
		test->responses[i] = (struct axev__buf)AXEV__BUF_INIT(ANSWER_BYTES);
	TRY(add_sized(&test->responses[0], "text/html; charset=utf-8", axev__buf_view(&page),
		      test->payload_sha256[0], err));
	TRY(add_sized(&test->responses[1], "image/bmp", axev__span(bmp, sizeof(bmp)), test->payload_sha256[1], err));
	TRY(add_chunked(&test->responses[2], axev__buf_view(&data), test->payload_sha256[2], err));
	for (i = 0; i < AXEV__SELF_TEST_ANSWERS; i++)
		test->answers[i] = (struct axev__known_answer){ targets[i], axev__buf_view(&test->responses[i]) };
	axev__hex(digest, test->payload_sha256[2], 32);
	snprintf(test->text, sizeof(test->text), "%s\n%s\nrefused", words, digest);
	return AXEV_OK;
}

int axev__self_test_begin(struct axev__self_test *test, const uint8_t seed[64], axev_error *err)
{
	TRY(make_certificates(test, err));
	TRY(axev__known_server_start(test->stranger_key, axev__buf_view(&test->stranger_der), NULL, 0,
				     &test->stranger, err));
	TRY(make_answers(test, seed, err));
	TRY(axev__known_server_start(test->key, axev__buf_view(&test->cert_der), test->answers,
				     AXEV__SELF_TEST_ANSWERS, &test->server, err));
	snprintf(test->url, sizeof(test->url), "https://127.0.0.1:%u/",
		 (unsigned)axev__known_server_port(test->server));
	return AXEV_OK;
}

void axev__self_test_free(struct axev__self_test *test)
{
	size_t i;

	axev__known_server_free(test->server);
	axev__known_server_free(test->stranger);
	axev__key_free(test->root_key);
	axev__key_free(test->key);
	axev__key_free(test->stranger_key);
	axev__buf_free(&test->root_der);
	axev__buf_free(&test->root_pem);
	axev__buf_free(&test->cert_der);
	axev__buf_free(&test->stranger_der);
	for (i = 0; i < AXEV__SELF_TEST_ANSWERS; i++)
		axev__buf_free(&test->responses[i]);
}
