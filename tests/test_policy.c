/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "verify/policy.h"

static axev_error err;

#define EMPTY \
	"\"name\":\"n\",\"signers\":[],\"timestamps\":[],\"ledgers\":[]," \
	"\"required\":{\"timestamp\":true,\"ledger\":false}"

START_TEST(policy__what_is_written_reads_back_the_same)
{
	struct axev__buf first = AXEV__BUF_INIT(100000), second = AXEV__BUF_INIT(100000);
	axev_policy *policy = NULL, *again = NULL;

	assert_ok(axev_policy_new(&policy, &err));
	assert_ok(axev__policy_write(policy, &first, &err));
	assert_ok(axev__policy_read(axev__buf_view(&first), &again, &err));
	assert_ok(axev__policy_write(again, &second, &err));
	ck_assert(axev__span_equal(axev__buf_view(&first), axev__buf_view(&second)));
	ck_assert(again->is_timestamp_required);
	ck_assert(!again->is_ledger_required);
	axev__buf_free(&first);
	axev__buf_free(&second);
	axev_policy_free(policy);
	axev_policy_free(again);
}
END_TEST

START_TEST(policy__a_newer_format_is_refused_as_such)
{
	axev_policy *policy = NULL;

	assert_fails(axev__policy_read(axev__span_str("{\"format\":\"ax-policy/2\"," EMPTY "}"),
				       &policy, &err),
		     AXEV_E_UNSUPPORTED, "expected format ax-policy/1, found ax-policy/2");
	ck_assert_ptr_null(policy);
}
END_TEST

START_TEST(policy__unknown_members_are_refused)
{
	axev_policy *policy = NULL;

	ck_assert_int_eq(axev__policy_read(axev__span_str("{\"format\":\"ax-policy/1\",\"x\":1," EMPTY
							  "}"),
					   &policy, NULL),
			 AXEV_E_FORMAT);
	ck_assert_ptr_null(policy);
}
END_TEST

START_TEST(policy__a_log_without_a_key_is_refused)
{
	static const char text[] =
		"{\"format\":\"ax-policy/1\",\"ct_logs\":[{\"name\":\"l\",\"key\":\"AAAA\",\"sha256\":"
		"\"0000000000000000000000000000000000000000000000000000000000000000\"}]," EMPTY "}";
	axev_policy *policy = NULL;

	assert_fails(axev__policy_read(axev__span_str(text), &policy, &err), AXEV_E_FORMAT,
		     "ct_logs[0]: expected a public key, EC or RSA, as PEM or DER");
	ck_assert_ptr_null(policy);
}
END_TEST

START_TEST(policy__a_root_of_web_servers_must_have_its_fingerprint)
{
	static const char text[] =
		"{\"format\":\"ax-policy/1\",\"tls_roots\":[{\"name\":\"r\",\"certificate\":\"AAAA\",\"sha256\":"
		"\"0000000000000000000000000000000000000000000000000000000000000000\"}]," EMPTY "}";
	axev_policy *policy = NULL;

	ck_assert_int_eq(axev__policy_read(axev__span_str(text), &policy, &err), AXEV_E_FORMAT);
	ck_assert_msg(strncmp(err.subject, "tls_roots[0]", 12) == 0 || strncmp(err.message, "tls_roots[0]", 12) == 0,
		      "%s / %s", err.subject, err.message);
	ck_assert_ptr_null(policy);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy");
	TCase *tcase = tcase_create("policy");

	tcase_add_test(tcase, policy__what_is_written_reads_back_the_same);
	tcase_add_test(tcase, policy__a_newer_format_is_refused_as_such);
	tcase_add_test(tcase, policy__unknown_members_are_refused);
	tcase_add_test(tcase, policy__a_log_without_a_key_is_refused);
	tcase_add_test(tcase, policy__a_root_of_web_servers_must_have_its_fingerprint);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
