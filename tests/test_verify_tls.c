/* SPDX-License-Identifier: Apache-2.0 */
/* Handshakes as a browser logged them: what is said of them, what is not, and whom the policy knows. */
#include "tls_package.h"

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

int main(void)
{
	Suite *suite = suite_create("verify_tls");
	TCase *tcase = tcase_create("verify_tls");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, make_site, remove_site);
	tcase_add_test(tcase, verify_tls__signatures_of_a_browser_s_handshakes_verify_again);
	tcase_add_test(tcase, verify_tls__a_package_without_connections_says_so);
	tcase_add_test(tcase, verify_tls__what_is_not_checked_is_said);
	tcase_add_test(tcase, verify_tls__a_root_of_the_policy_identifies_the_servers);
	tcase_add_test(tcase, verify_tls__a_server_under_no_root_of_the_policy_stays_open);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
