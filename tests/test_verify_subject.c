/* SPDX-License-Identifier: Apache-2.0 */
/* Marks of who runs a site, properly signed: those that the document trees of the package do not give are refused. */
#include "web_package.h"

#define TREE(text) \
	"{\"format\":\"ax-dom/1\",\"frames\":[{\"target\":\"page\",\"url\":\"u\",\"snapshot\":{\"strings\":[\"http://a.example/\",\"DIV\",\"A\"," \
	"\"#text\",\"href\",\"/l\",\"亮照\",\"" text "\"],\"documents\":[{\"documentURL\":0,\"baseURL\":0,\"nodes\":{\"parentIndex\":" \
	"[-1,0,1,0],\"nodeType\":[1,1,3,3],\"nodeName\":[1,2,3,3],\"nodeValue\":[-1,-1,6,7],\"attributes\":[[],[4,5],[],[]]}}]}}]}"
#define DOM TREE("闽ICP备12345678号")
#define NO_TREE "{\"format\":\"ax-dom/2\",\"frames\":[]}"

#define PLACE(element) "\"document\":0,\"element\":\"" element "\",\"frame\":0,\"frame_url\":\"http://a.example/\""
#define LICENCE \
	"{\"base\":\"http://a.example/\",\"by\":\"text\"," PLACE("/a") ",\"href\":\"/l\",\"kind\":\"licence\",\"laid_out\":false,\"text\":\"亮照\"}"
#define ICP(number) \
	"{\"by\":\"text\"," PLACE("/") ",\"kind\":\"icp\",\"laid_out\":false,\"text\":\"亮照闽ICP备12345678号\",\"value\":\"闽ICP备" number "号\"}"
#define RIGHT LICENCE "," ICP("12345678")
#define FOUND(all, marks, targets) \
	"{\"all_searched\":" all ",\"dom\":\"data/dom.json\",\"format\":\"ax-subject-found/1\",\"marks\":[" marks \
	"],\"marks_not_listed\":0,\"targets\":[" targets "],\"targets_not_opened\":0}"
#define NOT_SEARCHED \
	"{\"format\":\"ax-subject-found/1\",\"not_searched\":\"it was not\",\"targets\":[],\"targets_not_opened\":0}"
#define TARGET_DOM "subject/target-1.json"
#define TARGET(before, behind) "{" before "\"mark\":0," behind "\"outcome\":\"opened\"}"
#define TARGET_NAMED(marks) \
	TARGET("\"all_searched\":true,\"dom\":\"data/" TARGET_DOM "\",", "\"marks\":[" marks "],\"marks_not_listed\":0,")

#define COUNTS(licences, numbers) "{\"icp_numbers\":" numbers ",\"licence_marks\":" licences ",\"searched\":true,\"targets_opened\":0}"

static void bundle(const char *dom, const char *target_dom, const char *found, const char *summary, const char *name)
{
	const struct web_object objects[] = {
		{ dom ? "dom.json" : NULL, "dom", axev__span_str(dom ? dom : "") },
		{ target_dom ? TARGET_DOM : NULL, "subject", axev__span_str(target_dom ? target_dom : "") },
		{ "subject.json", "subject", axev__span_str(found) },
	};

	web_bundle(objects, AXEV__COUNT(objects), "subject", summary, name, NULL);
}

START_TEST(verify_subject__marks_that_the_trees_give_pass)
{
	bundle(DOM, NULL, FOUND("true", RIGHT, ""), COUNTS("1", "1"), "good.asice");
	web_expect("good.asice", "en", AXEV_VERDICT_VALID, "document trees 1; 标识 marks 2");
	web_expect("good.asice", "en", AXEV_VERDICT_VALID, "[passed] marks of who runs the site");
	web_expect("good.asice", "zh", AXEV_VERDICT_VALID, "[通过] 主体公示标识（data/subject.json）");
	bundle(DOM, DOM, FOUND("true", RIGHT, TARGET_NAMED(RIGHT)), COUNTS("1", "1"), "target.asice");
	web_expect("target.asice", "en", AXEV_VERDICT_VALID, "document trees 2; 标识 marks 4");
	bundle(TREE("安静"), NULL, FOUND("true", LICENCE, ""), COUNTS("1", "0"), "one.asice");
	web_expect("one.asice", "en", AXEV_VERDICT_VALID, "document trees 1; 标识 marks 1");
}
END_TEST

START_TEST(verify_subject__what_could_not_be_looked_through_has_no_marks)
{
	bundle(NULL, NULL, NOT_SEARCHED, "{\"searched\":false}", "none.asice");
	web_expect("none.asice", "en", AXEV_VERDICT_VALID, "标识 marks 0");
	bundle(NO_TREE, NULL, NOT_SEARCHED, "{\"searched\":false}", "no-tree.asice");
	web_expect("no-tree.asice", "en", AXEV_VERDICT_VALID, "标识 marks 0");
}
END_TEST

static const struct {
	const char *dom, *target_dom, *found, *summary, *said, *said_zh;
} lies[] = {
	/* a number that is not on the page; one left out; one put in; the same in another place */
	{ DOM, NULL, FOUND("true", LICENCE "," ICP("87654321"), ""), COUNTS("1", "1"),
	  "data/dom.json: mark 1 is not what the document tree gives", "第 1 项标识与由文档树重新查找的不一致" },
	{ DOM, NULL, FOUND("true", LICENCE, ""), COUNTS("1", "0"), "the document tree gives 2 marks, listed are 1",
	  "由文档树查得 2 项标识，列有 1 项" },
	{ TREE("安静"), NULL, FOUND("true", RIGHT, ""), COUNTS("1", "1"), "the document tree gives 1 marks, listed are 2",
	  "由文档树查得 1 项标识，列有 2 项" },
	{ DOM, NULL, FOUND("true", ICP("12345678") "," LICENCE, ""), COUNTS("1", "1"), "mark 0 is not what the document tree gives",
	  "第 0 项标识" },
	{ DOM, NULL, FOUND("false", RIGHT, ""), COUNTS("1", "1"), "member 'all_searched' is not what the document tree gives",
	  "成员 all_searched 与由文档树重新查找的不一致" },
	/* "not looked for" of a tree that could have been; marks of one that could not */
	{ DOM, NULL, NOT_SEARCHED, "{\"searched\":false}", "member 'marks'", "成员 marks" },
	{ NO_TREE, NULL, FOUND("true", RIGHT, ""), COUNTS("1", "1"),
	  "marks are stated of a document tree that cannot be looked through", "文档树不能查找，却列有标识" },
	{ NULL, NULL, FOUND("true", RIGHT, ""), COUNTS("1", "1"), "expected the document tree data/dom.json",
	  "文档树应为 data/dom.json" },
	/* the page of a licence */
	{ DOM, TREE("安静"), FOUND("true", RIGHT, TARGET_NAMED(RIGHT)), COUNTS("1", "1"),
	  "data/subject/target-1.json: the document tree gives 1 marks, listed are 2", "由文档树查得 1 项标识，列有 2 项" },
	{ DOM, DOM, FOUND("true", RIGHT, TARGET("", "")), COUNTS("1", "1"), "targets[0]: its document tree is not named",
	  "打开的第 0 个页面（自 0 起）未指明其文档树" },
	{ DOM, NULL, FOUND("true", RIGHT, TARGET_NAMED(RIGHT)), COUNTS("1", "1"),
	  "targets[0]: expected the document tree data/subject/target-1.json", "的文档树应为 data/subject/target-1.json" },
	/* the manifest */
	{ DOM, NULL, FOUND("true", RIGHT, ""), COUNTS("1", "0"), "the manifest counts 'icp_numbers' otherwise",
	  "证据说明中 icp_numbers 的数目与此不同" },
	{ DOM, NULL, FOUND("true", RIGHT, ""), "{\"searched\":false}", "the manifest says otherwise whether the page was looked through",
	  "是否查找过该页面，与证据说明所写不同" },
	{ DOM, NULL, "{\"format\":\"ax-subject-found/2\"}", COUNTS("0", "0"), "expected the format ax-subject-found/1",
	  "格式应为 ax-subject-found/1" },
};

START_TEST(verify_subject__a_signed_lie_is_found)
{
	bundle(lies[_i].dom, lies[_i].target_dom, lies[_i].found, lies[_i].summary, "lie.asice");
	web_expect_refused("lie.asice", lies[_i].said, lies[_i].said_zh);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify_subject");
	TCase *tcase = tcase_create("verify_subject");

	tcase_set_timeout(tcase, 120);
	tcase_add_unchecked_fixture(tcase, web_ledger_new, web_ledger_remove);
	tcase_add_test(tcase, verify_subject__marks_that_the_trees_give_pass);
	tcase_add_test(tcase, verify_subject__what_could_not_be_looked_through_has_no_marks);
	tcase_add_loop_test(tcase, verify_subject__a_signed_lie_is_found, 0, (int)AXEV__COUNT(lies));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
