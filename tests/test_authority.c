/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client of time-stamp authorities against authorities that lie: each is refused with its reason, the next one is
 * asked, and nothing that was refused is handed on.
 */
#include "support_pki.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "net/authority.h"

#define NONCE UINT64_C(0x4101010101010101) /* of the random bytes below */

static axev_error err;
static struct pki_tsa tsa;
static char folder[64], ca_file[128];
static const uint8_t imprint[32] = { 1, 2, 3, 4 };

/* What the authorities answer, by call. */
static struct answer {
	struct axev__buf bytes;
	int http_status; /* 0: 200; negative: the exchange fails */
} answers[4];
static unsigned asked;
static struct axev__buf last_request = AXEV__BUF_INIT(4096);

static int now(void *payload, int64_t *ret_unix_ns, axev_error *problem)
{
	(void)payload;
	(void)problem;
	*ret_unix_ns = PKI_NOW;
	return AXEV_OK;
}

static int ones(void *payload, uint8_t *out, size_t out_bytes, axev_error *problem)
{
	(void)payload;
	(void)problem;
	memset(out, 1, out_bytes);
	return AXEV_OK;
}

static int http(void *payload, const axev_http_request *request, axev_http_sink sink, void *sink_payload,
		int *ret_status, axev_error *problem)
{
	struct answer *answer = &answers[asked++];

	(void)payload;
	ck_assert_str_eq(request->content_type, "application/timestamp-query");
	ck_assert_str_eq(request->accept, "application/timestamp-reply");
	axev__buf_clear(&last_request);
	assert_ok(axev__buf_append(&last_request, request->body, request->body_bytes, &err));
	if (answer->http_status < 0)
		return axev__fail(problem, AXEV_E_NETWORK, "connection refused");
	*ret_status = answer->http_status ? answer->http_status : 200;
	return sink(sink_payload, answer->bytes.data, answer->bytes.size);
}

static const axev_env env = { sizeof(env), NULL, now, ones, http, NULL };

static void begin(void)
{
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	size_t i;

	strcpy(folder, "/tmp/axev-authority-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(ca_file, sizeof(ca_file), "%s/ca.pem", folder);
	pki_tsa_new(NULL, NULL, &tsa);
	assert_ok(axev__certs_to_pem(&tsa.roots, &pem, &err));
	assert_ok(axev__write_file_durable(AT_FDCWD, ca_file, axev__buf_view(&pem), 0600, &err));
	for (i = 0; i < AXEV__COUNT(answers); i++)
		answers[i].bytes.max = AXEV__MAX_DER_BYTES;
	asked = 0;
}

static void end(void)
{
	size_t i;

	pki_tsa_free(&tsa);
	for (i = 0; i < AXEV__COUNT(answers); i++)
		axev__buf_free(&answers[i].bytes);
	axev__buf_free(&last_request);
	axev__remove_tree(AT_FDCWD, folder, NULL);
}

/* Honest but for what @want says otherwise. */
static void answer(unsigned call, unsigned status, const struct pki_token *want)
{
	struct pki_token token = *want;
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	if (!token.tsa)
		token.tsa = &tsa;
	if (token.imprint[0] == 0)
		memcpy(token.imprint, imprint, 32);
	if (token.nonce == 0)
		token.nonce = NONCE;
	else if (token.nonce == UINT64_MAX)
		token.nonce = 0;
	pki_token(&token, &der);
	pki_response(status, axev__buf_view(&der), &answers[call].bytes);
}

static int stamp(size_t count, uint32_t retries, struct axev__buf *token)
{
	const axev_tsa authorities[] = {
		{ sizeof(axev_tsa), "http://one.example/", ca_file, 0, retries },
		{ sizeof(axev_tsa), "http://two.example/", ca_file, 0, retries },
	};

	memset(&err, 0, sizeof(err));
	return axev__authority_stamp(authorities, count, AT_FDCWD, imprint, &env, token, &err);
}

/* The answer is refused: the peer's fault, with this reason, and no token comes out. */
static void assert_refused(const char *reason)
{
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	char text[1100];

	snprintf(text, sizeof(text), "no time-stamp authority answered usably: http://one.example/: %s",
		 reason);
	assert_fails(stamp(1, 0, &token), AXEV_E_PEER, text);
	ck_assert_uint_eq(token.size, 0);
	ck_assert_uint_eq(asked, 1);
}

static void assert_lie(const struct pki_token *want, const char *reason)
{
	asked = 0;
	axev__buf_clear(&answers[0].bytes);
	answer(0, 0, want);
	assert_refused(reason);
}

START_TEST(authority__an_honest_answer_is_taken)
{
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__BUF expected = AXEV__BUF_INIT(4096);
	AXEV__TOKEN read = { 0 };

	answer(0, 0, &(struct pki_token){ 0 });
	assert_ok(stamp(1, 0, &token));
	assert_ok(axev__token_read_canonical(axev__buf_view(&token), &read, &err));
	ck_assert_mem_eq(read.imprint, imprint, 32);
	ck_assert_uint_eq(read.nonce, NONCE);
	assert_ok(axev__tsp_request(imprint, NONCE, &expected, &err));
	ck_assert(axev__span_equal(axev__buf_view(&last_request), axev__buf_view(&expected)));
}
END_TEST

START_TEST(tsp_2__the_nonce_must_come_back)
{
	assert_lie(&(struct pki_token){ .nonce = UINT64_MAX }, "the token lacks the nonce that was sent");
	assert_lie(&(struct pki_token){ .nonce = NONCE ^ 1 },
		   "the token has another nonce than the one sent");
}
END_TEST

START_TEST(tsp_4__the_imprint_must_be_the_one_sent)
{
	assert_lie(&(struct pki_token){ .imprint = { 9 } },
		   "the token is over another imprint than the one sent");
}
END_TEST

START_TEST(tsp_5__only_granted_is_an_answer)
{
	unsigned status;

	for (status = 1; status <= 5; status++) {
		char reason[100];

		asked = 0;
		axev__buf_clear(&answers[0].bytes);
		answer(0, status, &(struct pki_token){ 0 });
		snprintf(reason, sizeof(reason),
			 "the time-stamp authority answered with status %u: no text", status);
		assert_refused(reason);
	}
}
END_TEST

START_TEST(tsp_5__old_versions_and_unknown_critical_extensions_are_refused)
{
	assert_lie(&(struct pki_token){ .version = 2 }, "expected TSTInfo version 1");
	assert_lie(&(struct pki_token){ .extensions = "a10e300c06032a03040101ff04020500" },
		   "unknown critical extension in the token");
}
END_TEST

START_TEST(tsp_1__the_chain_is_judged_at_the_time_of_the_token)
{
	static const struct {
		const char *from, *until, *reason;
	} cases[] = {
		{ NULL, "20260901000000Z", "certificate chain: certificate has expired" },
		{ "20261001000000Z", NULL, "certificate chain: certificate is not yet valid" },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		struct pki_cert want = pki_authority;

		pki_tsa_free(&tsa);
		want.from = cases[i].from;
		want.until = cases[i].until;
		pki_tsa_new(&want, NULL, &tsa);
		{
			AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);

			assert_ok(axev__certs_to_pem(&tsa.roots, &pem, &err));
			assert_ok(axev__write_file_durable(AT_FDCWD, ca_file, axev__buf_view(&pem), 0600,
							   &err));
		}
		assert_lie(&(struct pki_token){ 0 }, cases[i].reason);
	}
}
END_TEST

START_TEST(tsp_3__certificates_that_are_not_for_time_stamps_are_refused)
{
	static const char *const sole = "the token's certificate is not critically and solely for timeStamping";
	static const char *const authority = "a certification authority's certificate signs the token";
	static const struct {
		const char *basic, *usage, *extended;
		const char *const *reason;
	} cases[] = {
		{ "critical,CA:FALSE", "critical,digitalSignature", "timeStamping", &sole },
		{ "critical,CA:FALSE", "critical,digitalSignature", "critical,timeStamping,emailProtection",
		  &sole },
		{ "critical,CA:FALSE", "critical,digitalSignature", NULL, &sole },
		{ "critical,CA:TRUE", "critical,keyCertSign,digitalSignature", "critical,timeStamping",
		  &authority },
		{ "critical,CA:TRUE", "critical,digitalSignature", "critical,timeStamping", &authority },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		const struct pki_cert want = { .name = "TEST authority", .basic = cases[i].basic,
					       .usage = cases[i].usage, .extended = cases[i].extended };
		PKI_TSA lying = { 0 };

		pki_tsa_new(&want, NULL, &lying);
		assert_lie(&(struct pki_token){ .tsa = &lying }, *cases[i].reason);
	}
}
END_TEST

START_TEST(tsp_3__a_key_that_may_not_sign_is_refused)
{
	const struct pki_cert want = { .name = "TEST authority", .basic = "critical,CA:FALSE",
				       .usage = "critical,keyAgreement",
				       .extended = "critical,timeStamping" };
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);

	pki_tsa_free(&tsa);
	pki_tsa_new(&want, NULL, &tsa);
	assert_ok(axev__certs_to_pem(&tsa.roots, &pem, &err));
	assert_ok(axev__write_file_durable(AT_FDCWD, ca_file, axev__buf_view(&pem), 0600, &err));
	assert_lie(&(struct pki_token){ 0 },
		   "the certificate's key usage allows neither digitalSignature nor nonRepudiation");
}
END_TEST

START_TEST(tsp_7__sha1_only_is_refused)
{
	assert_lie(&(struct pki_token){ .ess_sha1 = true, .ess_oid = "060b2a864886f70d010910020c" },
		   "expected contentType, messageDigest and signing-certificate-v2 among the signed "
		   "attributes");
	assert_lie(&(struct pki_token){ .imprint_algorithm = "300906052b0e03021a0500" },
		   "expected a SHA-256 imprint");
}
END_TEST

START_TEST(authority__an_unknown_one_is_refused)
{
	PKI_TSA stranger = { 0 };

	/* Its own root rides along in the token, of the same name as ours. */
	pki_tsa_new(NULL, NULL, &stranger);
	assert_lie(&(struct pki_token){ .tsa = &stranger },
		   "certificate chain: certificate signature failure");
}
END_TEST

START_TEST(authority__weak_keys_are_refused)
{
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);

	pki_tsa_free(&tsa);
	pki_tsa_new(NULL, "rsa1024", &tsa);
	assert_ok(axev__certs_to_pem(&tsa.roots, &pem, &err));
	assert_ok(axev__write_file_durable(AT_FDCWD, ca_file, axev__buf_view(&pem), 0600, &err));
	assert_lie(&(struct pki_token){ 0 },
		   "the certificate's key (RSA 1024) is not accepted at that time");
}
END_TEST

START_TEST(authority__a_clock_that_is_ten_minutes_off_is_refused)
{
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	assert_lie(&(struct pki_token){ .gen_time = "20260921142321Z" },
		   "the token's time 2026-09-21T14:23:21Z is more than ten minutes away from this machine's "
		   "clock");
	assert_lie(&(struct pki_token){ .gen_time = "20260921140319Z" },
		   "the token's time 2026-09-21T14:03:19Z is more than ten minutes away from this machine's "
		   "clock");
	asked = 0;
	axev__buf_clear(&answers[0].bytes);
	answer(0, 0, &(struct pki_token){ .gen_time = "20260921142320Z" });
	assert_ok(stamp(1, 0, &token));
}
END_TEST

START_TEST(authority__what_is_no_answer_is_refused)
{
	static const struct {
		const char *bytes, *reason;
	} cases[] = {
		{ "", "time-stamp response: expected a DER value, found the end" },
		{ "<html>please log in</html>",
		  "time-stamp response: the value is longer than what holds it" },
		{ "0\x03\x02\x01\x01", "PKIStatusInfo: expected tag 30, found 02" },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		asked = 0;
		axev__buf_clear(&answers[0].bytes);
		assert_ok(axev__buf_str(&answers[0].bytes, cases[i].bytes, &err));
		assert_refused(cases[i].reason);
	}
	asked = 0;
	axev__buf_clear(&answers[0].bytes);
	answer(0, 0, &(struct pki_token){ 0 });
	assert_ok(axev__buf_byte(&answers[0].bytes, 0, &err));
	assert_refused("time-stamp response: expected the end, found more bytes");
}
END_TEST

START_TEST(authority__every_changed_bit_of_an_answer_is_refused_or_changes_nothing)
{
	AXEV__BUF honest = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	size_t i;

	answer(0, 0, &(struct pki_token){ 0 });
	assert_ok(stamp(1, 0, &honest));
	for (i = 0; i < answers[0].bytes.size; i++) {
		AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
		int status;

		asked = 0;
		answers[0].bytes.data[i] ^= 1;
		status = stamp(1, 0, &token);
		answers[0].bytes.data[i] ^= 1;
		if (status < 0) {
			ck_assert_int_eq(status, AXEV_E_PEER);
			ck_assert_uint_eq(token.size, 0);
		} else {
			/* Bytes that nobody signed are written anew. */
			ck_assert(axev__span_equal(axev__buf_view(&token), axev__buf_view(&honest)));
		}
	}
}
END_TEST

START_TEST(authority__the_next_one_is_asked_and_all_reasons_are_told)
{
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	answer(0, 2, &(struct pki_token){ 0 });
	answer(1, 0, &(struct pki_token){ 0 });
	assert_ok(stamp(2, 0, &token));
	ck_assert_uint_eq(asked, 2);
	asked = 0;
	axev__buf_clear(&token);
	axev__buf_clear(&answers[1].bytes);
	answer(1, 0, &(struct pki_token){ .nonce = 5 });
	assert_fails(stamp(2, 0, &token), AXEV_E_PEER,
		     "no time-stamp authority answered usably: http://one.example/: the time-stamp authority "
		     "answered with status 2: no text; http://two.example/: the token has another nonce than "
		     "the one sent");
	ck_assert_uint_eq(token.size, 0);
}
END_TEST

START_TEST(authority__it_is_asked_again_only_when_it_was_away)
{
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	answers[0].http_status = answers[1].http_status = -1;
	answer(2, 0, &(struct pki_token){ 0 });
	assert_ok(stamp(1, 2, &token));
	ck_assert_uint_eq(asked, 3);
	answers[0].http_status = answers[1].http_status = 0;
	asked = 0;
	answer(0, 2, &(struct pki_token){ 0 });
	ck_assert_int_eq(stamp(1, 2, &token), AXEV_E_PEER);
	ck_assert_uint_eq(asked, 1);
}
END_TEST

START_TEST(authority__without_roots_nobody_is_asked)
{
	const axev_tsa nobody = { sizeof(axev_tsa), "http://one.example/", NULL, 0, 0 };
	AXEV__BUF token = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	assert_fails(axev__authority_stamp(&nobody, 1, AT_FDCWD, imprint, &env, &token, &err), AXEV_E_INVAL,
		     "no time-stamp authority answered usably: http://one.example/: expected the authority's "
		     "root certificates (--tsa-ca FILE), found none");
	ck_assert_uint_eq(asked, 0);
}
END_TEST

/* ---- the embedded one ---- */

static int embedded(const char *origin)
{
	AXEV__CLOSE int dirfd = -1;

	memset(&err, 0, sizeof(err));
	TRY(axev__open(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY, 0, &dirfd, &err));
	if (mkdirat(dirfd, "keys", 0700) < 0)
		return axev__fail(&err, AXEV_E_IO, "mkdir");
	return axev__embedded_init(dirfd, origin, &env, &err);
}

START_TEST(authority__a_long_origin_fits_the_certificate_of_the_embedded_one)
{
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);
	AXEV__CERTS certs = { 0 };
	struct axev__cert_info info;
	char origin[201], path[200];

	memset(origin, 'o', 200);
	origin[200] = '\0';
	assert_ok(embedded(origin));
	snprintf(path, sizeof(path), "%s/keys/tsa-cert.pem", folder);
	assert_ok(axev__read_file(AT_FDCWD, path, &pem, &err));
	assert_ok(axev__certs_read(axev__buf_view(&pem), &certs, &err));
	assert_ok(axev__cert_info(axev__cert_at(&certs, 0), &info, &err));
	ck_assert_str_eq(info.subject,
			 "CN=ooooooooooooooooooooooooooooooo... embedded time-stamp authority");
	ck_assert(info.is_time_stamper);
}
END_TEST

START_TEST(authority__the_embedded_one_never_repeats_a_serial)
{
	AXEV__CLOSE int dirfd = -1;
	AXEV__BUF request = AXEV__BUF_INIT(1024);
	static const char *const expected[] = { "01", "02", "03" };
	size_t i;

	assert_ok(embedded("test.example/log"));
	assert_ok(axev__open(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY, 0, &dirfd, &err));
	assert_ok(axev__tsp_request(imprint, NONCE, &request, &err));
	for (i = 0; i < 3; i++) {
		AXEV__BUF response = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
		AXEV__TOKEN token = { 0 };
		struct axev__span der;

		assert_ok(axev__embedded_answer(dirfd, axev__buf_view(&request), &env, &response, &err));
		assert_ok(axev__tsp_response_token(axev__buf_view(&response), &der, &err));
		assert_ok(axev__token_read(der, &token, &err));
		ck_assert_str_eq(token.serial_hex, expected[i]);
	}
	assert_ok(axev__write_file_durable(dirfd, "keys/tsa-serial", axev__span_str("3"), 0600, &err));
	{
		AXEV__BUF response = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

		assert_fails(axev__embedded_answer(dirfd, axev__buf_view(&request), &env, &response, &err),
			     AXEV_E_CORRUPT, "keys/tsa-serial: expected one decimal number");
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("authority");
	TCase *tcase = tcase_create("authority");

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase, authority__an_honest_answer_is_taken);
	tcase_add_test(tcase, tsp_1__the_chain_is_judged_at_the_time_of_the_token);
	tcase_add_test(tcase, tsp_2__the_nonce_must_come_back);
	tcase_add_test(tcase, tsp_3__certificates_that_are_not_for_time_stamps_are_refused);
	tcase_add_test(tcase, tsp_3__a_key_that_may_not_sign_is_refused);
	tcase_add_test(tcase, tsp_4__the_imprint_must_be_the_one_sent);
	tcase_add_test(tcase, tsp_5__only_granted_is_an_answer);
	tcase_add_test(tcase, tsp_5__old_versions_and_unknown_critical_extensions_are_refused);
	tcase_add_test(tcase, tsp_7__sha1_only_is_refused);
	tcase_add_test(tcase, authority__an_unknown_one_is_refused);
	tcase_add_test(tcase, authority__weak_keys_are_refused);
	tcase_add_test(tcase, authority__a_clock_that_is_ten_minutes_off_is_refused);
	tcase_add_test(tcase, authority__what_is_no_answer_is_refused);
	tcase_add_test(tcase, authority__every_changed_bit_of_an_answer_is_refused_or_changes_nothing);
	tcase_add_test(tcase, authority__the_next_one_is_asked_and_all_reasons_are_told);
	tcase_add_test(tcase, authority__it_is_asked_again_only_when_it_was_away);
	tcase_add_test(tcase, authority__without_roots_nobody_is_asked);
	tcase_add_test(tcase, authority__a_long_origin_fits_the_certificate_of_the_embedded_one);
	tcase_add_test(tcase, authority__the_embedded_one_never_repeats_a_serial);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
