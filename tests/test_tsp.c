/* SPDX-License-Identifier: Apache-2.0 */
/* Time-stamps: what an honest authority writes is taken, each lie is refused with its reason. */
#include "support_pki.h"

#include <time.h>

#include "base/text.h"
#include "base/time.h"

static axev_error err;
static struct pki_tsa tsa;

static void make_authority(void)
{
	pki_tsa_new(NULL, NULL, &tsa);
}

static void remove_authority(void)
{
	pki_tsa_free(&tsa);
}

static int read_token(const struct pki_token *want, struct axev__token *token)
{
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	pki_token(want, &der);
	memset(&err, 0, sizeof(err));
	return axev__token_read(axev__buf_view(&der), token, &err);
}

/* @want is refused with @status and exactly @text. */
static void assert_refused(const struct pki_token *want, int status, const char *text)
{
	AXEV__TOKEN token = { 0 };

	assert_fails(read_token(want, &token), status, text);
	ck_assert_uint_eq(token.path.count, 0);
}

#define IMPRINT "0420" "abababababababab" "abababababababab" "abababababababab" "abababababababab"

/* ---- requests ---- */

START_TEST(tsp__a_request_holds_version_imprint_nonce_and_certreq)
{
	AXEV__BUF der = AXEV__BUF_INIT(1024);
	AXEV__BUF expected = AXEV__BUF_INIT(1024);
	uint8_t imprint[32];

	memset(imprint, 0xAB, sizeof(imprint));
	assert_ok(axev__tsp_request(imprint, UINT64_C(0x4142434445464748), &der, &err));
	/* RFC 3161 2.4.1, written by hand. */
	pki_unhex("3041020101302f300b0609608648016503040201"
		  IMPRINT
		  "02084142434445464748" "0101ff",
		  &expected);
	ck_assert_uint_eq(der.size, expected.size);
	ck_assert_mem_eq(der.data, expected.data, der.size);
}
END_TEST

/* ---- answers ---- */

START_TEST(tsp__the_token_of_a_granted_answer_is_lent)
{
	AXEV__BUF answer = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	const struct pki_token want = { .tsa = &tsa };
	struct axev__span token;

	pki_token(&want, &der);
	pki_response(0, axev__buf_view(&der), &answer);
	assert_ok(axev__tsp_response_token(axev__buf_view(&answer), &token, &err));
	ck_assert(axev__span_equal(token, axev__buf_view(&der)));
}
END_TEST

START_TEST(tsp__granted_with_modifications_and_refusals_are_no_answer)
{
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	const struct pki_token want = { .tsa = &tsa };
	struct axev__span token;
	unsigned status;

	pki_token(&want, &der);
	for (status = 1; status <= 5; status++) {
		AXEV__BUF answer = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
		char text[100];

		/* TSP-5: a token is enclosed, but the status is not granted. */
		pki_response(status, axev__buf_view(&der), &answer);
		snprintf(text, sizeof(text),
			 "the time-stamp authority answered with status %u: no text", status);
		assert_fails(axev__tsp_response_token(axev__buf_view(&answer), &token, &err),
			     AXEV_E_PEER, text);
	}
}
END_TEST

START_TEST(tsp__the_text_of_a_refusal_is_shown_escaped)
{
	AXEV__BUF answer = AXEV__BUF_INIT(1024);
	struct axev__span token;

	assert_ok(axev__tsa_refuse(25, "no\x1b[31m\n", &answer, &err));
	assert_fails(axev__tsp_response_token(axev__buf_view(&answer), &token, &err), AXEV_E_PEER,
		     "the time-stamp authority answered with status 2: no\\u{1b}[31m\\n");
}
END_TEST

START_TEST(tsp__malformed_answers_are_refused)
{
	static const struct {
		const char *hex, *text;
	} cases[] = {
		{ "", "time-stamp response: expected a DER value, found the end" },
		{ "30033001", "time-stamp response: the value is longer than what holds it" },
		{ "30053003020100", "timeStampToken: expected a DER value, found the end" },
		{ "3005300302010000", "time-stamp response: expected the end, found more bytes" },
		{ "300630040202000a", "time-stamp response: expected the shortest INTEGER" },
		{ "300530030201ff", "PKIStatus is out of range" },
		{ "30073003020100" "3000" "0500", "time-stamp response: expected the end, found more bytes" },
		{ "30093003020100" "3000" "0500", "time-stamp response: expected the end, found more bytes" },
		{ "30800000", "time-stamp response: expected a definite length of at most four octets" },
	};
	struct axev__span token;
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		AXEV__BUF answer = AXEV__BUF_INIT(1024);

		pki_unhex(cases[i].hex, &answer);
		assert_fails(axev__tsp_response_token(axev__buf_view(&answer), &token, &err),
			     AXEV_E_FORMAT, cases[i].text);
	}
}
END_TEST

/* ---- tokens ---- */

START_TEST(tsp__an_honest_token_is_read)
{
	const struct pki_token want = { .tsa = &tsa, .imprint = { 1, 2, 3 }, .nonce = 99,
					.gen_time = "20260921141320.25Z",
					.accuracy = "300a02010180020384810164" };
	AXEV__TOKEN token = { 0 };

	assert_ok(read_token(&want, &token));
	ck_assert_mem_eq(token.imprint, want.imprint, 32);
	ck_assert_int_eq(token.gen_time_ns, PKI_NOW + 250000000);
	ck_assert_int_eq(token.accuracy_ns, INT64_C(1900100000));
	ck_assert(token.has_nonce);
	ck_assert_uint_eq(token.nonce, 99);
	ck_assert_str_eq(token.policy_oid, "1.2.3.4.5");
	ck_assert_str_eq(token.serial_hex, "07");
	ck_assert(!token.is_embedded);
	ck_assert_uint_eq(token.path.count, 2);
}
END_TEST

START_TEST(tsp__tokens_over_sha384_and_sha512_are_read)
{
	struct pki_token want = { .tsa = &tsa, .digest_bytes = 48 };
	AXEV__TOKEN first = { 0 };
	AXEV__TOKEN second = { 0 };

	assert_ok(read_token(&want, &first));
	want.digest_bytes = 64;
	assert_ok(read_token(&want, &second));
}
END_TEST

START_TEST(tsp__what_is_normalised_is_canonical_and_nothing_else_is)
{
	const struct pki_token want = { .tsa = &tsa, .without_certs = false };
	struct axev__certs twice = { 0 };
	struct pki_token doubled = { .tsa = &tsa, .certs = &twice };
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF plain = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF odd = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF again = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__TOKEN token = { 0 };
	AXEV__TOKEN unread = { 0 };

	pki_token(&want, &der);
	assert_ok(axev__token_normalise(axev__buf_view(&der), NULL, &plain, &err));
	assert_ok(axev__token_read_canonical(axev__buf_view(&plain), &token, &err));
	/* An authority that encloses its certificate twice: taken, brought into form, refused as it came. */
	assert_ok(axev__certs_add(&twice, axev__cert_at(&tsa.certs, 0), &err));
	assert_ok(axev__certs_add(&twice, axev__cert_at(&tsa.certs, 0), &err));
	assert_ok(axev__certs_add(&twice, axev__cert_at(&tsa.certs, 1), &err));
	pki_token(&doubled, &odd);
	axev__certs_free(&twice);
	assert_fails(axev__token_read_canonical(axev__buf_view(&odd), &unread, &err), AXEV_E_FORMAT,
		     "the token is not in its canonical form");
	assert_ok(axev__token_normalise(axev__buf_view(&odd), NULL, &again, &err));
	assert_ok(axev__token_read_canonical(axev__buf_view(&again), &unread, &err));
}
END_TEST

START_TEST(tsp__a_missing_root_is_taken_from_what_is_known)
{
	struct axev__certs leaf = { 0 };
	const struct pki_token want = { .tsa = &tsa, .certs = &leaf };
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF whole = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__TOKEN token = { 0 };

	assert_ok(axev__certs_add(&leaf, axev__cert_at(&tsa.certs, 0), &err));
	pki_token(&want, &der);
	axev__certs_free(&leaf);
	assert_fails(axev__token_normalise(axev__buf_view(&der), NULL, &whole, &err), AXEV_E_NOTFOUND,
		     "the token's certificates do not reach a self-signed root");
	assert_ok(axev__token_normalise(axev__buf_view(&der), &tsa.roots, &whole, &err));
	assert_ok(axev__token_read_canonical(axev__buf_view(&whole), &token, &err));
	ck_assert_uint_eq(token.path.count, 2);
}
END_TEST

/*
 * RFC 6211: an authority that binds the algorithm identifiers into what it signs. Bringing the token into form
 * must leave them as they are bound, or the next verifier says that they were replaced.
 */
#define SHA256_ALGORITHM "300d06096086480165030402010500"
#define SHA384_ALGORITHM "300d06096086480165030402020500"
#define SHA256_RSA "a10d06092a864886f70d01010b0500"
#define PROTECTION(digest, signature) "302d06092a864886f70d0109343120301e" digest signature

START_TEST(tsp__protected_algorithm_identifiers_stay_as_they_were_signed)
{
	PKI_TSA rsa = { 0 };
	const struct pki_token want = { .tsa = &rsa,
					.more_attribute = PROTECTION(SHA256_ALGORITHM, SHA256_RSA),
					.protected_digest = SHA256_ALGORITHM,
					.protected_signature = SHA256_RSA };
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF plain = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__TOKEN token = { 0 };

	pki_tsa_new(NULL, "rsa3072-b", &rsa);
	pki_token(&want, &der);
	assert_ok(axev__token_normalise(axev__buf_view(&der), NULL, &plain, &err));
	ck_assert_uint_eq(plain.size, der.size);
	ck_assert_mem_eq(plain.data, der.data, der.size);
	assert_ok(axev__token_read_canonical(axev__buf_view(&plain), &token, &err));
}
END_TEST

START_TEST(tsp__algorithms_other_than_the_protected_ones_are_refused)
{
	PKI_TSA rsa = { 0 };
	struct pki_token want = { .tsa = &rsa,
				  .more_attribute = PROTECTION(SHA384_ALGORITHM, SHA256_RSA),
				  .protected_digest = SHA256_ALGORITHM,
				  .protected_signature = SHA256_RSA };

	pki_tsa_new(NULL, "rsa3072-b", &rsa);
	assert_refused(&want, AXEV_E_INVALID,
		       "the token's algorithms are not those that its authority signed");
	/* What stands in the SignerInfo is rsaEncryption, what was signed is sha256WithRSAEncryption. */
	want.more_attribute = PROTECTION(SHA256_ALGORITHM, SHA256_RSA);
	want.protected_digest = NULL;
	assert_refused(&want, AXEV_E_INVALID,
		       "the token's algorithms are not those that its authority signed");
}
END_TEST

/* ---- what an authority may get wrong, or do on purpose ---- */

START_TEST(tsp_3__a_certificate_not_critically_and_solely_for_time_stamps_is_refused)
{
	static const struct {
		const char *extended, *basic, *usage, *text;
	} cases[] = {
		{ "timeStamping", "critical,CA:FALSE", "critical,digitalSignature",
		  "the token's certificate is not critically and solely for timeStamping" },
		{ "critical,timeStamping,codeSigning", "critical,CA:FALSE", "critical,digitalSignature",
		  "the token's certificate is not critically and solely for timeStamping" },
		{ "critical,codeSigning", "critical,CA:FALSE", "critical,digitalSignature",
		  "the token's certificate is not critically and solely for timeStamping" },
		{ "critical,anyExtendedKeyUsage", "critical,CA:FALSE", "critical,digitalSignature",
		  "the token's certificate is not critically and solely for timeStamping" },
		{ NULL, "critical,CA:FALSE", "critical,digitalSignature",
		  "the token's certificate is not critically and solely for timeStamping" },
		{ "critical,timeStamping", "critical,CA:TRUE", "critical,digitalSignature,keyCertSign",
		  "a certification authority's certificate signs the token" },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		const struct pki_cert bad = { .name = "TEST authority", .basic = cases[i].basic,
					      .usage = cases[i].usage, .extended = cases[i].extended };
		PKI_TSA lying = { 0 };
		const struct pki_token want = { .tsa = &lying };

		pki_tsa_new(&bad, NULL, &lying);
		assert_refused(&want, AXEV_E_INVALID, cases[i].text);
	}
}
END_TEST

START_TEST(tsp_5__version_2_and_unknown_critical_extensions_are_refused)
{
	const struct pki_token version = { .tsa = &tsa, .version = 2 };
	const struct pki_token critical = { .tsa = &tsa, .extensions = "a10e300c06032a03040101ff04020500" };
	const struct pki_token harmless = { .tsa = &tsa, .extensions = "a10b300906032a030404020500" };
	AXEV__TOKEN token = { 0 };

	assert_refused(&version, AXEV_E_FORMAT, "expected TSTInfo version 1");
	assert_refused(&critical, AXEV_E_FORMAT, "unknown critical extension in the token");
	assert_ok(read_token(&harmless, &token));
}
END_TEST

START_TEST(tsp_5__accuracy_out_of_range_is_refused)
{
	const struct pki_token large = { .tsa = &tsa, .accuracy = "300602043b9aca01" };
	const struct pki_token millis = { .tsa = &tsa, .accuracy = "3004800203e8" };
	const struct pki_token order = { .tsa = &tsa, .accuracy = "3006810101800101" };

	assert_refused(&large, AXEV_E_FORMAT, "the accuracy is out of range");
	assert_refused(&millis, AXEV_E_FORMAT, "the accuracy is out of range");
	assert_refused(&order, AXEV_E_FORMAT, "accuracy: expected the end, found more bytes");
}
END_TEST

START_TEST(tsp_7__sha1_only_signing_certificate_is_refused)
{
	/* id-aa-signingCertificate, RFC 2634: SHA-1 without saying so. */
	const struct pki_token old = { .tsa = &tsa, .ess_oid = "060b2a864886f70d010910020c",
				       .ess_sha1 = true };
	const struct pki_token disguised = { .tsa = &tsa, .ess_sha1 = true };
	const struct pki_token other = { .tsa = &tsa, .ess_of_root = true };

	assert_refused(&old, AXEV_E_FORMAT,
		       "expected contentType, messageDigest and signing-certificate-v2 among the signed "
		       "attributes");
	assert_refused(&disguised, AXEV_E_INVALID,
		       "signing-certificate-v2 names another certificate than the signer's");
	assert_refused(&other, AXEV_E_INVALID,
		       "signing-certificate-v2 names another certificate than the signer's");
}
END_TEST

START_TEST(tsp__times_that_are_not_der_are_refused)
{
	static const char *const times[] = {
		"20260921133320",        /* local time */
		"20260921133320+0800",   /* offset */
		"20260921133320.50Z",    /* trailing zero */
		"20260921133320.Z",      "202609211333Z", /* no seconds */
		"20260921133360Z",       "20260229000000Z", "20261301000000Z", "20260921240000Z",
		"20260921133320,5Z",     "20260921133320.0000000001Z",
		"00000101000000Z",       "99991231235959Z",
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(times); i++) {
		const struct pki_token want = { .tsa = &tsa, .gen_time = times[i] };

		assert_refused(&want, AXEV_E_FORMAT, "genTime: expected YYYYMMDDHHMMSS[.f]Z");
	}
}
END_TEST

START_TEST(tsp__imprints_other_than_sha256_are_refused)
{
	const struct pki_token want = { .tsa = &tsa, .imprint_algorithm = "300906052b0e03021a0500" };

	assert_refused(&want, AXEV_E_FORMAT, "expected a SHA-256 imprint");
}
END_TEST

START_TEST(tsp__a_token_without_its_certificate_is_refused)
{
	const struct pki_token want = { .tsa = &tsa, .without_certs = true };

	assert_refused(&want, AXEV_E_FORMAT, "expected one certificate of the signer, found 0");
}
END_TEST

START_TEST(tsp__every_changed_bit_of_a_canonical_token_is_refused)
{
	const struct pki_token want = { .tsa = &tsa, .nonce = 5 };
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	size_t i;
	int bit;

	pki_token(&want, &der);
	for (i = 0; i < der.size; i++)
		for (bit = 0; bit < 8; bit++) {
			AXEV__TOKEN token = { 0 };

			der.data[i] ^= (uint8_t)(1 << bit);
			memset(&err, 0, sizeof(err));
			ck_assert_msg(axev__token_read_canonical(axev__buf_view(&der), &token, &err) < 0,
				      "byte %zu bit %d", i, bit);
			ck_assert_str_ne(err.message, "");
			der.data[i] ^= (uint8_t)(1 << bit);
		}
}
END_TEST

/* Thousands of attributes, each compared with each, would keep a verifier busy for many seconds. */
START_TEST(tsp__a_flood_of_attributes_is_refused_at_once)
{
	AXEV__BUF list = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__signed_attributes attributes;
	struct timespec before, after;
	unsigned i;

	for (i = 0; i < 20000; i++) {
		const uint8_t one[] = { 0x30, 0x0A, 0x06, 0x04, 0x2A, (uint8_t)(0x80 | i >> 14),
					(uint8_t)(0x80 | i >> 7), (uint8_t)(i & 0x7F), 0x31, 0x02, 0x05, 0x00 };

		assert_ok(axev__buf_append(&list, one, sizeof(one), &err));
	}
	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_fails(axev__signed_attributes_read(axev__buf_view(&list), &attributes, &err), AXEV_E_LIMIT,
		     "expected at most 32 signed attributes");
	clock_gettime(CLOCK_MONOTONIC, &after);
	ck_assert_int_lt(after.tv_sec - before.tv_sec, 2);
}
END_TEST

/* ---- the embedded authority ---- */

static void embedded(struct axev__span request, int status, struct axev__buf *response)
{
	AXEV__SIGNER *signer = NULL;
	struct axev__tsa own = { .serial = 258, .now_ns = PKI_NOW, .accuracy_ns = 1500000000 };
	AXEV__KEY *key = pki_key("p256");

	assert_ok(axev__signer_new(axev__steal(key), &tsa.certs, &signer, &err));
	own.signer = signer;
	memset(&err, 0, sizeof(err));
	ck_assert_int_eq(axev__tsa_respond(&own, request, response, &err), status);
}

START_TEST(tsp__the_embedded_authority_answers_and_says_what_it_is)
{
	AXEV__BUF request = AXEV__BUF_INIT(1024);
	AXEV__BUF response = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	const uint8_t imprint[32] = { 9 };
	AXEV__TOKEN token = { 0 };
	struct axev__span der;

	assert_ok(axev__tsp_request(imprint, UINT64_C(1) << 62, &request, &err));
	embedded(axev__buf_view(&request), AXEV_OK, &response);
	assert_ok(axev__tsp_response_token(axev__buf_view(&response), &der, &err));
	assert_ok(axev__token_read_canonical(der, &token, &err));
	ck_assert(token.is_embedded);
	ck_assert_mem_eq(token.imprint, imprint, 32);
	ck_assert_int_eq(token.gen_time_ns, PKI_NOW);
	ck_assert_int_eq(token.accuracy_ns, 1500000000);
	ck_assert_uint_eq(token.nonce, UINT64_C(1) << 62);
	ck_assert_str_eq(token.serial_hex, "0102");
}
END_TEST

START_TEST(tsp__the_embedded_authority_refuses_what_it_cannot_answer)
{
	static const struct {
		const char *hex, *text;
		int status;
	} cases[] = {
		{ "30030201", "time-stamp request: the value is longer than what holds it", AXEV_E_FORMAT },
		{ "3003020102", "expected a version 1 request", AXEV_E_FORMAT },
		{ "3024020101301f300706052b0e03021a0414" "0101010101010101010101010101010101010101",
		  "only SHA-256 imprints are time-stamped", AXEV_E_FORMAT },
		{ "303a020101" "302f300b0609608648016503040201"
		  IMPRINT
		  "06042a030405",
		  "another policy is asked for", AXEV_E_UNSUPPORTED },
		{ "3036020101" "302f300b0609608648016503040201"
		  IMPRINT
		  "0500",
		  "time-stamp request: expected the end, found more bytes", AXEV_E_FORMAT },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		AXEV__BUF request = AXEV__BUF_INIT(1024);
		AXEV__BUF response = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
		char text[1100];

		pki_unhex(cases[i].hex, &request);
		embedded(axev__buf_view(&request), cases[i].status, &response);
		axev_error_text(&err, text, sizeof(text));
		ck_assert_str_eq(text, cases[i].text);
		ck_assert_uint_eq(response.size, 0);
	}
}
END_TEST

START_TEST(tsp__without_certreq_no_certificates_are_enclosed)
{
	AXEV__BUF request = AXEV__BUF_INIT(1024);
	AXEV__BUF response = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__SIGNED_DATA data = { 0 };
	struct axev__span der;

	pki_unhex("3034020101" "302f300b0609608648016503040201"
		  IMPRINT,
		  &request);
	embedded(axev__buf_view(&request), AXEV_OK, &response);
	assert_ok(axev__tsp_response_token(axev__buf_view(&response), &der, &err));
	assert_ok(axev__signed_data_read(der, &data, &err));
	ck_assert_uint_eq(data.certs.count, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tsp");
	TCase *tcase = tcase_create("tsp");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, make_authority, remove_authority);
	tcase_add_test(tcase, tsp__a_request_holds_version_imprint_nonce_and_certreq);
	tcase_add_test(tcase, tsp__the_token_of_a_granted_answer_is_lent);
	tcase_add_test(tcase, tsp__granted_with_modifications_and_refusals_are_no_answer);
	tcase_add_test(tcase, tsp__the_text_of_a_refusal_is_shown_escaped);
	tcase_add_test(tcase, tsp__malformed_answers_are_refused);
	tcase_add_test(tcase, tsp__an_honest_token_is_read);
	tcase_add_test(tcase, tsp__tokens_over_sha384_and_sha512_are_read);
	tcase_add_test(tcase, tsp__what_is_normalised_is_canonical_and_nothing_else_is);
	tcase_add_test(tcase, tsp__a_missing_root_is_taken_from_what_is_known);
	tcase_add_test(tcase, tsp__protected_algorithm_identifiers_stay_as_they_were_signed);
	tcase_add_test(tcase, tsp__algorithms_other_than_the_protected_ones_are_refused);
	tcase_add_test(tcase, tsp_3__a_certificate_not_critically_and_solely_for_time_stamps_is_refused);
	tcase_add_test(tcase, tsp_5__version_2_and_unknown_critical_extensions_are_refused);
	tcase_add_test(tcase, tsp_5__accuracy_out_of_range_is_refused);
	tcase_add_test(tcase, tsp_7__sha1_only_signing_certificate_is_refused);
	tcase_add_test(tcase, tsp__times_that_are_not_der_are_refused);
	tcase_add_test(tcase, tsp__imprints_other_than_sha256_are_refused);
	tcase_add_test(tcase, tsp__a_token_without_its_certificate_is_refused);
	tcase_add_test(tcase, tsp__every_changed_bit_of_a_canonical_token_is_refused);
	tcase_add_test(tcase, tsp__a_flood_of_attributes_is_refused_at_once);
	tcase_add_test(tcase, tsp__the_embedded_authority_answers_and_says_what_it_is);
	tcase_add_test(tcase, tsp__the_embedded_authority_refuses_what_it_cannot_answer);
	tcase_add_test(tcase, tsp__without_certreq_no_certificates_are_enclosed);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
