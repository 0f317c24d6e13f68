/* SPDX-License-Identifier: Apache-2.0 */
/* What a capture writes about who runs a site, in the language of the form. */
#include "print/form.h"

const struct axev__sentence axev__subject_sentences[] = {
	{ "open what a licence mark leads to", "打开营业执照标识的链接目标" },
	{ "opened", "已打开并提取" },
	{ "not received", "已打开，未收到页面" },
	{ "not opened", "未打开" },
	{ "compare the page with the filing record", "页面与备案记录比对" },
	{ "equal %, different %, not found on the page %, not in the filing %",
	  "一致 % 项，不一致 % 项，页面上未找到 % 项，备案记录中没有 % 项" },
	{ "what the page shows about who runs it", "页面上的主体公示信息" },
	{ "the page has more than is looked through", "页面内容超过查找上限" },
	{ "there is no document tree of the page to look through", "没有可供查找的页面文档树" },
	{ "not a document tree that can be looked through", "不是可供查找的文档树" },
	{ "opened from a licence mark: not at rest; loading stopped", "由营业执照标识打开：未静止，停止加载" },
	{ "picture of a page that a licence mark leads to, made by the browser", "营业执照标识所指页面的截图，由浏览器生成" },
	{ "text of a page that a licence mark leads to, read out by the browser", "营业执照标识所指页面的文字，由浏览器读出" },
	{ "document tree of a page that a licence mark leads to, written by the browser",
	  "营业执照标识所指页面的文档树，由浏览器写出" },
	{ "its address could not be read", "不能读取其网址" },
	{ "it is no address of http or https", "不是 http 或 https 网址" },
	{ "it is an address of this machine or its own network, and the page is not",
	  "网址属于本机或本地网络，而该页面不是" },
	{ "the limit of bytes was reached", "已达字节上限" },
	{ "an earlier one crashed in the browser", "此前一个页面在浏览器中崩溃" },
	{ "the page adds the number of a site to what was filed", "页面在备案号后另有网站序号" },
	{ "it stands in the text of the page", "出现在页面文字中" },
	{ "it stands in the title of the page", "出现在页面标题中" },
	{ "the host of the address is below the filed domain", "网址的主机名在备案域名之下" },
	{ NULL, NULL },
};
