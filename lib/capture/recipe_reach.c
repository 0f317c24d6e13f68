/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/recipe_reach.h"

/* %1$s package */
static const char facts_recipe[] =
	"可达性事实: 各地址的结果, 以及所收应答的状态行; 未连通不等于网站已关闭 (其他此类证据包同样操作) / what could be reached: how far each "
	"address got, and the status lines out of the bytes received; not reached is not closed (likewise for other packages of the "
	"kind; needs jq, base64):\n"
	"\n"
	"```sh\n"
	"jq -r '.addresses[] | [.address, .reached, (.http.status // \"-\" | tostring)] | @tsv' unpacked/%1$s/data/reach.json\n"
	"jq -r '.addresses[].http | select(.status).received' unpacked/%1$s/data/reach.json | while read -r m; do echo \"$m\" | "
	"base64 -d | head -n 1; done\n"
	"```\n"
	"\n";

static const char earlier_recipe[] =
	"该提取重新核查了早前的提取: 所附证据说明的 SHA-256 即早前证据包的编号, 所附早前事实即其所列 / this capture checks an earlier one "
	"again: the SHA-256 of the manifest enclosed is the id of that package, and the earlier facts enclosed are the ones it lists:\n"
	"\n"
	"```sh\n"
	"echo \"$(jq -r .recheck.of unpacked/%1$s/data/evidence.json)  unpacked/%1$s/data/recheck/evidence.json\" | sha256sum -c\n"
	"echo \"$(jq -r '.objects[] | select(.path == \"data/reach.json\").sha256' unpacked/%1$s/data/recheck/evidence.json)  "
	"unpacked/%1$s/data/recheck/reach.json\" | sha256sum -c\n"
	"jq -r '.addresses[] | [.address, .reached, (.http.status // \"-\" | tostring)] | @tsv' "
	"unpacked/%1$s/data/recheck/reach.json\n"
	"```\n"
	"\n";

static bool is_there(const struct axev__container *package, const char *name)
{
	return axev__container_find(package, name) != NULL;
}

/* What a disclosure shows of another package has a manifest of its own around it. */
int axev__recipe_reach(const struct axev__container *package, const char *number, struct axev__buf *out, axev_error *err)
{
	if (!is_there(package, "data/reach.json") || is_there(package, "data/original/signature001.p7s"))
		return AXEV_OK;
	TRY(axev__buf_printf(out, err, facts_recipe, number));
	if (!is_there(package, "data/recheck/evidence.json") || !is_there(package, "data/recheck/reach.json"))
		return AXEV_OK;
	return axev__buf_printf(out, err, earlier_recipe, number);
}
