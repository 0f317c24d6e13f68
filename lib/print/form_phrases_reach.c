/* SPDX-License-Identifier: Apache-2.0 */
/* What a capture writes about what could be reached, in the language of the form. */
#include "print/form.h"

const struct axev__sentence axev__reach_sentences[] = {
	{ "find out what can be reached", "查明可达性" },
	{ "resolvers that answered: % of %; addresses that answered: % of %", "有应答的解析器：%（共 %）；有应答的地址：%（共 %）" },
	{ "compare with the earlier capture", "与早前的提取比较" },
	{ "what could be reached then and now", "早前与本次的可达性" },
	{ "addresses of the host", "该主机的地址" },
	{ "not tried, as there are more than may be: %", "超出数量上限，未尝试：% 个" },
	{ NULL, NULL },
};
