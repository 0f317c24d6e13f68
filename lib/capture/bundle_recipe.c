/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/bundle_recipe.h"

#include <stdio.h>

static const char introduction[] =
	"# 核验方法 / How to verify\n"
	"\n"
	"本卷宗包可在不联网、不信任制作单位的情况下, 用通用工具逐步核验。以下命令在本目录 (解压后) 执行。\n"
	"每条命令不报错即为通过。\n"
	"\n"
	"This bundle can be checked offline, with stock tools, without trusting its maker. Run the commands in the\n"
	"folder it was unpacked to. A command that ends without an error has passed.\n"
	"\n"
	"诚实边界 / Honest limit: 它证明制作机器在该时刻收到并如此显示; 不证明内容属实。\n"
	"It proves what a machine received and showed at that time; it does not prove that the content is true.\n"
	"\n"
	"证书本身不构成信任: 请将指纹与制作单位盖章的书面材料比对。\n"
	"The enclosed certificates are material, not trust: compare their fingerprints with a stamped letter.\n"
	"\n"
	"需要 / Needs: unzip, sha256sum, openssl 3.\n"
	"\n"
	"## 1. 文件完整 / Files are whole\n"
	"\n"
	"```sh\n"
	"sha256sum -c manifest-sha256.txt\n"
	"```\n"
	"\n"
	"Windows: `certutil -hashfile data\\evidence.json SHA256`, 与 manifest-sha256.txt 中的值比对 (逐个文件) / compare each "
	"file's value with its line in manifest-sha256.txt.\n"
	"\n"
	"卷宗包自身的签名只证明传递 / the bundle's own signature proves transport only:\n"
	"\n"
	"```sh\n"
	"openssl cms -verify -binary -cades -inform DER -in META-INF/signature001.p7s -content "
	"META-INF/ASiCManifest001.xml -CAfile data/trust/signers.pem -purpose any -out /dev/null\n"
	"```\n"
	"\n"
	"指纹 / Fingerprints:\n"
	"\n"
	"```sh\n"
	"openssl x509 -in data/trust/signers.pem -noout -subject -fingerprint -sha256\n"
	"cat data/trust/ledger.vkey\n"
	"```\n"
	"\n";

static const char package_recipe[] =
	"```sh\n"
	"mkdir -p unpacked/%1$s && unzip -q -o %2$s -d unpacked/%1$s\n"
	"cd unpacked/%1$s && sha256sum -c manifest-sha256.txt\n"
	"echo '%3$s  unpacked/%1$s/data/evidence.json' | sha256sum -c\n"
	"echo '%4$s  %2$s' | sha256sum -c\n"
	"openssl cms -verify -binary -cades -inform DER -in unpacked/%1$s/META-INF/signature001.p7s -content "
	"unpacked/%1$s/META-INF/ASiCManifest001.xml -CAfile data/trust/signers.pem -purpose any -out /dev/null\n"
	"```\n"
	"\n";

static const char time_recipe[] =
	"时间戳覆盖签名值 / the time-stamp is over the signature value:\n"
	"\n"
	"```sh\n"
	"openssl ts -verify -token_in -in data/hand/%1$s/signature001.tst -data data/hand/%1$s/signature001.sig -CAfile "
	"data/trust/timestamps.pem\n"
	"openssl x509 -in data/trust/timestamps.pem -noout -subject -fingerprint -sha256\n"
	"openssl ts -reply -token_in -in data/hand/%1$s/signature001.tst -token_out -text\n"
	"```\n"
	"\n"
	"账本条目中的 `package_sha256` 应等于上面的值 / the ledger entry names the same SHA-256:\n"
	"\n"
	"```sh\n"
	"grep -o '\"package_sha256\":\"%2$s\"' data/proofs/%1$s/sealed.entry.json\n"
	"```\n"
	"\n";

static const char no_time_recipe[] =
	"时间待补: 封存时没有时间戳 / time pending: there was no time-stamp when it was sealed.\n"
	"\n";

static const char closing[] =
	"## 3. 全部检查 / All checks at once\n"
	"\n"
	"`axev-verify` 还检查通用工具不检查的事项 (隐藏条目、多余签名、规范编码、账本证明) / `axev-verify` also checks what stock "
	"tools let pass: hidden entries, further signatures, canonical encodings, ledger proofs:\n"
	"\n"
	"    axev-verify BUNDLE.asice --policy policy.json --full\n";

/* data/packages/0001.asice -> 0001 */
static void package_number(struct axev__span path, char out[16])
{
	struct axev__span tail = path.size > 10 ? axev__span(path.data + path.size - 10, 4) :
						  axev__span("", 0);

	memcpy(out, tail.data, tail.size);
	out[tail.size] = '\0';
}

static bool has_object(const axev__json *manifest, const char *path)
{
	const axev__json *objects = axev__json_get(manifest, "objects");
	struct axev__span text;
	size_t i;

	for (i = 0; i < axev__json_count(objects); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(objects, i), "path"), &text) &&
		    axev__span_is(text, path))
			return true;
	return false;
}

static int describe_package(const axev__json *manifest, const axev__json *package,
			    struct axev__buf *out, axev_error *err)
{
	struct axev__span path, id, sha256;
	char number[16], token[64];

	TRY(axev__json_string(package, "path", &path, err));
	TRY(axev__json_string(package, "id", &id, err));
	TRY(axev__json_string(package, "sha256", &sha256, err));
	package_number(path, number);
	TRY(axev__buf_printf(out, err, "## 2. 证据包 / Package %s: %s\n\n", number, (const char *)id.data));
	TRY(axev__buf_printf(out, err, package_recipe, number, (const char *)path.data,
			     (const char *)id.data, (const char *)sha256.data));
	snprintf(token, sizeof(token), "data/hand/%s/signature001.tst", number);
	if (!has_object(manifest, token))
		return axev__buf_str(out, no_time_recipe, err);
	return axev__buf_printf(out, err, time_recipe, number, (const char *)sha256.data);
}

int axev__bundle_recipe(const axev__json *bundle_manifest, struct axev__buf *out, axev_error *err)
{
	const axev__json *packages = axev__json_get(bundle_manifest, "packages");
	size_t i;

	TRY(axev__buf_str(out, introduction, err));
	for (i = 0; i < axev__json_count(packages); i++)
		TRY(describe_package(bundle_manifest, axev__json_at(packages, i), out, err));
	return axev__buf_str(out, closing, err);
}
