/* SPDX-License-Identifier: Apache-2.0 */
/* What a page shows about who runs it: the shapes of numbers, near misses, trees that are none, and the check character. */
#include "support.h"

#include "base/limits.h"
#include "base/text.h"
#include "content/credit_code.h"
#include "content/site_marks.h"

static axev_error err;

/* All values of @kind in @text, joined by blanks. */
static const char *values(enum axev__site_kind kind, const char *text)
{
	static char out[1024];
	AXEV__BUF plain = AXEV__BUF_INIT(64 * AXEV__KIB);
	struct axev__site_match match;
	unsigned i;

	out[0] = '\0';
	ck_assert(axev__site_text(axev__span_str(text), &plain));
	for (i = 0; axev__site_pattern_kind(i) != AXEV__SITE_KINDS; i++) {
		size_t from = 0;

		while (axev__site_pattern_kind(i) == kind && axev__site_find(axev__buf_view(&plain), i, from, &match)) {
			ck_assert_uint_gt(match.to, from);
			ck_assert_uint_le(match.to, plain.size);
			from = match.to;
			snprintf(out + strlen(out), sizeof(out) - strlen(out), "%s%s", out[0] ? "|" : "", match.value);
		}
	}
	return out;
}

START_TEST(site_marks__icp_numbers_of_all_shapes_are_found)
{
	ck_assert_str_eq(values(AXEV__SITE_ICP, "a 京ICP备12345678号-1 b"), "京ICP备12345678号-1");
	ck_assert_str_eq(values(AXEV__SITE_ICP, "闽icp备2026000001号"), "闽ICP备2026000001号");
	ck_assert_str_eq(values(AXEV__SITE_ICP, "沪 ICP 备 １２３４５６７８ 号 － ２３"), "沪ICP备12345678号-23");
	ck_assert_str_eq(values(AXEV__SITE_ICP, "京ICP证030173号，粤B2-20090059"), "京ICP证030173号|粤B2-20090059");
	ck_assert_str_eq(values(AXEV__SITE_ICP, "闽ICP备\xE2\x80\x8B" "12345678号"), "闽ICP备12345678号");
	ck_assert_str_eq(values(AXEV__SITE_ICP, "闽ICP备12345678号 - 版权"), "闽ICP备12345678号");
}
END_TEST

START_TEST(site_marks__what_only_resembles_an_icp_number_is_none)
{
	static const char *const others[] = { "ICP备案", "ICP备12345678号", "美ICP备12345678号", "闽ICP备123号",
					      "闽ICP备1234567890123号", "闽ICP备12345678", "闽ICP备 案 12345678号", "B2-20090059",
					      "闽B2-123", "闽ICP", "闽ICP备" };
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		ck_assert_str_eq(values(AXEV__SITE_ICP, others[i]), "");
}
END_TEST

START_TEST(site_marks__public_security_filings_are_found)
{
	ck_assert_str_eq(values(AXEV__SITE_POLICE, "京公网安备 11010502030001号"), "京公网安备11010502030001号");
	ck_assert_str_eq(values(AXEV__SITE_POLICE, "京公网安备11010502030001"), "京公网安备11010502030001");
	ck_assert_str_eq(values(AXEV__SITE_POLICE, "公网安备 11010502030001号"), "");
	ck_assert_str_eq(values(AXEV__SITE_POLICE, "京公网安备 1101号"), "");
}
END_TEST

START_TEST(site_marks__values_stand_behind_their_labels)
{
	ck_assert_str_eq(values(AXEV__SITE_CREDIT_CODE, "统一社会信用代码：91330100799655058b。"), "91330100799655058B");
	ck_assert_str_eq(values(AXEV__SITE_CREDIT_CODE, "信用代码 913301007996550580 1"), "913301007996550580");
	ck_assert_str_eq(values(AXEV__SITE_CREDIT_CODE, "信用代码 9133010079965505801"), "");
	ck_assert_str_eq(values(AXEV__SITE_CREDIT_CODE, "91330100799655058B"), "");
	ck_assert_str_eq(values(AXEV__SITE_LICENCE_NUMBER, "注册号/350500100001234，执照编号：无"), "350500100001234");
	ck_assert_str_eq(values(AXEV__SITE_NAME, "企业名称：某某（福建）有限公司 法定代表人：甲"), "某某(福建)有限公司");
	ck_assert_str_eq(values(AXEV__SITE_NAME, "公司名称: Tea Example Ltd | About"), "Tea Example Ltd");
	ck_assert_str_eq(values(AXEV__SITE_NAME, "企业名称预先核准"), "");
}
END_TEST

START_TEST(site_marks__the_check_character_is_that_of_the_standard)
{
	static const char *const right[] = { "91330100799655058B", "9144030071526726XG", "91110000802100433B" };
	static const char *const wrong[] = { "91330100799655058C", "91330100799655085B", "000000000000000001" };
	static const char *const none[] = { "", "91330100799655058", "91330100799655058b", "91330100799655058BB",
					    "9133010079965505IB", "9133010079965 058B" };
	size_t i;

	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(axev__credit_code_check(axev__span_str(right[i])), AXEV__CREDIT_CODE_RIGHT);
		ck_assert_int_eq(axev__credit_code_check(axev__span_str(wrong[i])), AXEV__CREDIT_CODE_WRONG);
	}
	for (i = 0; i < 6; i++)
		ck_assert_int_eq(axev__credit_code_check(axev__span_str(none[i])), AXEV__CREDIT_CODE_NONE);
	ck_assert_int_eq(axev__credit_code_check(axev__span("91330100799655058\0", 18)), AXEV__CREDIT_CODE_NONE);
}
END_TEST

static const char *host_of(const char *url)
{
	static char host[64];

	axev__site_host(axev__span_str(url), host, sizeof(host));
	return host;
}

START_TEST(site_marks__hosts_and_registers_are_told_by_their_names)
{
	const char *by;

	ck_assert_str_eq(host_of("https://ZZLH.gsxt.gov.cn:443/x?y"), "zzlh.gsxt.gov.cn");
	ck_assert_str_eq(host_of("//a.example#b"), "a.example");
	ck_assert_str_eq(host_of("http://gsxt.gov.cn@evil.example/"), "evil.example");
	ck_assert_str_eq(host_of("http://[::1]:80/"), "[::1]");
	ck_assert_str_eq(host_of("/a//b"), "");
	ck_assert_str_eq(host_of("javascript:alert(1)"), "");
	ck_assert(axev__site_licence_link(axev__span_str("https://zzlh.gsxt.gov.cn/x"), &by));
	ck_assert_str_eq(by, "host");
	ck_assert(axev__site_licence_link(axev__span_str("//scjgj.fujian.gov.cn/"), &by));
	ck_assert(!axev__site_licence_link(axev__span_str("https://gsxt.gov.cn.evil.example/"), &by));
	ck_assert(!axev__site_licence_link(axev__span_str("https://xgsxt.gov.cn/"), &by));
	ck_assert(axev__site_licence_link(axev__span_str("/img/YYZZ.jpg"), &by));
	ck_assert_str_eq(by, "path");
	ck_assert_str_eq(axev__site_register_link(axev__span_str("https://beian.miit.gov.cn/#/")), "icp");
	ck_assert_str_eq(axev__site_register_link(axev__span_str("http://www.beian.gov.cn/portal")), "police");
	ck_assert_ptr_null(axev__site_register_link(axev__span_str("https://beian.miit.gov.cn.example/")));
}
END_TEST

START_TEST(site_marks__addresses_of_the_own_network_are_known)
{
	static const char *const local[] = { "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.31.0.1", "169.254.1.1", "100.64.0.1",
					     "0.0.0.0", "[::1]", "[fd00::1]", "[fe80::1]", "[::ffff:10.0.0.1]", "localhost",
					     "router", "a.local", "x.localhost", "db.internal", "" };
	static const char *const other[] = { "192.0.2.1", "172.32.0.1", "100.128.0.1", "[2001:db8::1]", "[::ffff:192.0.2.1]",
					     "shop.example", "localhost.example" };
	size_t i;

	for (i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		ck_assert_msg(axev__site_is_local(local[i]), "%s", local[i]);
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		ck_assert_msg(!axev__site_is_local(other[i]), "%s", other[i]);
}
END_TEST

/* A test that takes more than a minute fails: one that took the square of this length would take days. */
START_TEST(site_marks__hostile_text_costs_no_more_than_its_length)
{
	static const char *const words[] = { "闽ICP备", "注册号", "企业名称：", "信用代码", "闽公网安备 1", "iiii", "执照", "营业执", "B2-" };
	AXEV__BUF text = AXEV__BUF_INIT(4 * AXEV__MIB);
	struct axev__site_match match;
	size_t i;
	unsigned pattern;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t until = (i + 1) * (3 * AXEV__MIB / 10);

		while (text.size < until)
			assert_ok(axev__buf_str(&text, words[i], &err));
	}
	for (pattern = 0; axev__site_pattern_kind(pattern) != AXEV__SITE_KINDS; pattern++) {
		size_t from = 0, found = 0;

		while (found < AXEV__MAX_SITE_MARKS && axev__site_find(axev__buf_view(&text), pattern, from, &match)) {
			from = match.to;
			found++;
		}
	}
	ck_assert_uint_gt(text.size, AXEV__MIB);
}
END_TEST

/* ---- trees ---- */

static int find(const char *dom, struct axev__site_marks *marks)
{
	return axev__site_marks_find(axev__span_str(dom), marks, &err);
}

#define DOM(documents) \
	"{\"format\":\"ax-dom/1\",\"frames\":[{\"target\":\"page\",\"url\":\"u\",\"snapshot\":{\"strings\":[\"http://a.example/\",\"DIV\",\"A\"," \
	"\"#text\",\"href\",\"/l\",\"\\u4eae\\u7167\",\"SCRIPT\",\"\\u95fdICP\\u5907\",\"12345678\\u53f7\"],\"documents\":[" documents "]}}]}"

START_TEST(site_marks__a_number_in_pieces_is_found_with_its_link_and_place)
{
	AXEV__SITE_MARKS marks = AXEV__SITE_MARKS_INIT;
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);

	/* <div><a href=/l>[亮照][闽ICP备]</a>[12345678号]<script>[亮照]</script></div> */
	assert_ok(find(DOM("{\"documentURL\":0,\"baseURL\":0,\"nodes\":{\"parentIndex\":[-1,0,1,1,0,0,5],\"nodeType\":[1,1,3,3,3,1,3],"
			   "\"nodeName\":[1,2,3,3,3,7,3],\"nodeValue\":[-1,-1,6,8,9,-1,6],\"attributes\":[[],[4,5],[],[],[],[],[]]},"
			   "\"layout\":{\"nodeIndex\":[2],\"bounds\":[[1.5,2,3,4]]}}"),
		       &marks));
	assert_ok(axev__json_canonical(marks.list, &text, &err));
	ck_assert_str_eq((const char *)text.data,
			 "[{\"base\":\"http://a.example/\",\"by\":\"text\",\"document\":0,\"element\":\"/a\",\"frame\":0,\"frame_url\":"
			 "\"http://a.example/\",\"href\":\"/l\",\"kind\":\"licence\",\"laid_out\":true,\"text\":\"亮照闽ICP备\"},"
			 "{\"base\":\"http://a.example/\",\"by\":\"text\",\"document\":0,\"element\":\"/a\",\"frame\":0,\"frame_url\":"
			 "\"http://a.example/\",\"href\":\"/l\",\"kind\":\"icp\",\"laid_out\":true,\"text\":\"亮照闽ICP备12345678号\","
			 "\"value\":\"闽ICP备12345678号\"}]");
	ck_assert(!marks.is_cut);
}
END_TEST

START_TEST(site_marks__trees_that_are_none_are_refused)
{
	AXEV__SITE_MARKS marks = AXEV__SITE_MARKS_INIT;
	AXEV__BUF large = AXEV__BUF_INIT(AXEV__MAX_SITE_DOM_BYTES + 1);

	assert_fails(find("{\"format\":\"ax-dom/2\",\"frames\":[]}", &marks), AXEV_E_FORMAT,
		     "expected a document tree of format ax-dom/1");
	assert_fails(find(DOM("{\"nodes\":{\"parentIndex\":[1,0]}}"), &marks), AXEV_E_FORMAT,
		     "expected a document tree with each parent before its children");
	assert_fails(find(DOM("{\"nodes\":{\"parentIndex\":[-1,-2]}}"), &marks), AXEV_E_FORMAT,
		     "expected a document tree with each parent before its children");
	assert_ok(axev__buf_reserve(&large, AXEV__MAX_SITE_DOM_BYTES + 1, &err));
	memset(large.data, ' ', AXEV__MAX_SITE_DOM_BYTES + 1);
	assert_fails(axev__site_marks_find(axev__span(large.data, AXEV__MAX_SITE_DOM_BYTES + 1), &marks, &err), AXEV_E_LIMIT,
		     "expected a document tree of at most 16777216 bytes, found 16777217");
}
END_TEST

START_TEST(site_marks__indexes_that_lead_nowhere_do_no_harm)
{
	AXEV__SITE_MARKS marks = AXEV__SITE_MARKS_INIT;

	assert_ok(find(DOM("{\"documentURL\":99,\"nodes\":{\"parentIndex\":[-1,0,0],\"nodeType\":[1,3],\"nodeName\":[-5,1e9],"
			   "\"nodeValue\":[6,6,700],\"attributes\":[[4],7]},\"layout\":{\"nodeIndex\":[-1,77,1],\"bounds\":[[1],{},[1,2,\"x\"]]}}"),
		       &marks));
	ck_assert_uint_eq(axev__json_count(marks.list), 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("site_marks");
	TCase *tests = tcase_create("site_marks");

	tcase_add_test(tests, site_marks__icp_numbers_of_all_shapes_are_found);
	tcase_add_test(tests, site_marks__what_only_resembles_an_icp_number_is_none);
	tcase_add_test(tests, site_marks__public_security_filings_are_found);
	tcase_add_test(tests, site_marks__values_stand_behind_their_labels);
	tcase_add_test(tests, site_marks__the_check_character_is_that_of_the_standard);
	tcase_add_test(tests, site_marks__hosts_and_registers_are_told_by_their_names);
	tcase_add_test(tests, site_marks__addresses_of_the_own_network_are_known);
	tcase_add_test(tests, site_marks__hostile_text_costs_no_more_than_its_length);
	tcase_add_test(tests, site_marks__a_number_in_pieces_is_found_with_its_link_and_place);
	tcase_add_test(tests, site_marks__trees_that_are_none_are_refused);
	tcase_add_test(tests, site_marks__indexes_that_lead_nowhere_do_no_harm);
	tcase_set_timeout(tests, 60);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
