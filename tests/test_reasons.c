/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "verify/reasons.h"

static axev_error err;

static void assert_zh(const char *en, const char *zh, const char *id)
{
	AXEV__BUF out = AXEV__BUF_INIT(4096);
	const char *found = NULL;

	assert_ok(axev__reason_zh(en, &out, &found, &err));
	ck_assert_str_eq((char *)out.data, zh);
	ck_assert_str_eq(found, id);
}

START_TEST(reasons__what_differs_is_carried_over)
{
	assert_zh("entry 'data/a': expected CRC-32 00000001, found 00000002: its content was changed",
		  "文件 data/a 的 CRC-32 应为 00000001，实为 00000002：内容已被改动", "crc");
	assert_zh("expected 2 signatures, found 1", "应有 2 个签名，实有 1 个", "signature-count");
	assert_zh("the token covers other bytes", "时间戳盖的是其他内容", "token-covers");
	assert_zh("inclusion proof does not lead to the root", "由证明算不出检查点的根值（inclusion）",
		  "proof");
}
END_TEST

START_TEST(reasons__subjects_stay_in_front)
{
	assert_zh("parts[1]: data/parts/0002.zip: entry 'data/x' stands outside the part, too",
		  "parts[1]: data/parts/0002.zip: 文件 data/x 在分卷之外也有", "object-outside");
	assert_zh("signature 2: the signature's algorithm is not the one in the manifest",
		  "signature 2: 签名算法与证据说明列明的不同", "algorithm-named");
}
END_TEST

START_TEST(reasons__openssl_s_words_for_a_chain_are_known)
{
	assert_zh("certificate chain: unable to get local issuer certificate",
		  "证书链接不到所选策略信任的证书：缺少签发者证书", "chain-issuer");
	assert_zh("certificate chain: self-signed certificate", "证书为自签名，不在所选策略信任的证书之列",
		  "chain-self-signed");
	assert_zh("certificate chain: path length constraint exceeded",
		  "证书链核验未通过（OpenSSL：path length constraint exceeded）", "chain");
}
END_TEST

/* Untrusted text never becomes a place to fill in. */
START_TEST(reasons__braces_in_what_differs_stay_braces)
{
	assert_zh("unknown member '{1}{2}'", "有不认识的成员 {1}{2}", "member-unknown");
}
END_TEST

START_TEST(reasons__what_has_no_translation_is_quoted_behind_a_chinese_word)
{
	assert_zh("something that nobody thought of", "与应为不符。程序原文：something that nobody thought of",
		  "");
	assert_zh("", "与应为不符。程序原文：", "");
}
END_TEST

/* Each place filled in has something to be filled with; ids are words. */
START_TEST(reasons__the_table_is_sound)
{
	const struct axev__reason *reason;
	size_t i;

	for (i = 0; (reason = axev__reason_at(i))->id; i++) {
		const char *at;
		size_t holes = 0;

		for (at = reason->en; *at; at++)
			holes += *at == '*';
		for (at = strchr(reason->zh, '{'); at; at = strchr(at + 1, '{'))
			ck_assert_msg((size_t)(at[1] - '0') <= holes && at[2] == '}', "%s", reason->zh);
		ck_assert_uint_gt(strlen(reason->id), 0);
		ck_assert_uint_eq(strspn(reason->id, "abcdefghijklmnopqrstuvwxyz0123456789-"),
				  strlen(reason->id));
	}
	ck_assert_uint_gt(i, 50);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reasons");
	TCase *tcase = tcase_create("reasons");

	tcase_add_test(tcase, reasons__what_differs_is_carried_over);
	tcase_add_test(tcase, reasons__subjects_stay_in_front);
	tcase_add_test(tcase, reasons__openssl_s_words_for_a_chain_are_known);
	tcase_add_test(tcase, reasons__braces_in_what_differs_stay_braces);
	tcase_add_test(tcase, reasons__what_has_no_translation_is_quoted_behind_a_chinese_word);
	tcase_add_test(tcase, reasons__the_table_is_sound);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
