/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/bundle_recipe.h"

#include <stdio.h>

#include "base/text.h"
#include "proof/tlog_proof.h"

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
	"\n"
	"账本检查点 (条目数与根) 由账本密钥签名 / the ledger's checkpoint, its size and root, is signed by the ledger's key:\n"
	"\n"
	"```sh\n"
	"mkdir -p unpacked\n"
	"head -n 3 data/ledger/checkpoint > unpacked/checkpoint.txt\n"
	"sed -n 5p data/ledger/checkpoint | sed 's/.* //' | openssl base64 -d -A | tail -c 64 > unpacked/checkpoint.sig\n"
	"( printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'; "
	"sed 's/^[^+]*+[^+]*+//' data/trust/ledger.vkey | openssl base64 -d -A | tail -c 32 ) > unpacked/ledger.der\n"
	"openssl pkeyutl -verify -pubin -keyform DER -inkey unpacked/ledger.der -rawin -in unpacked/checkpoint.txt "
	"-sigfile unpacked/checkpoint.sig\n"
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

/* %2$s: the token's file, in data/hand/ when it was sealed in, in data/proofs/ when it came later. */
static const char time_recipe[] =
	"时间戳覆盖签名值 / the time-stamp is over the signature value:\n"
	"\n"
	"```sh\n"
	"openssl ts -verify -token_in -in %2$s -data data/hand/%1$s/signature001.sig -CAfile "
	"data/trust/timestamps.pem\n"
	"openssl x509 -in data/trust/timestamps.pem -noout -subject -fingerprint -sha256\n"
	"openssl ts -reply -token_in -in %2$s -token_out -text\n"
	"```\n"
	"\n";

static const char late_recipe[] =
	"该时间戳在封存之后补入 / this time-stamp was added after the package was sealed.\n"
	"\n";

static const char entry_recipe[] =
	"账本条目写明同一 SHA-256, 并在检查点的根之下 (RFC 6962: 叶前加 00, 节点前加 01) / the ledger's entry names the same SHA-256 "
	"and lies under the checkpoint's root (RFC 6962: 00 before a leaf, 01 before a node):\n"
	"\n"
	"```sh\n"
	"grep -o '\"package_sha256\":\"%2$s\"' data/proofs/%1$s/sealed.entry.json\n"
	"( printf '\\000'; cat data/proofs/%1$s/sealed.entry.json ) | openssl dgst -sha256 -binary > unpacked/%1$s.node\n";

static const char node_left_recipe[] =
	"( printf '\\001'; echo %2$s | openssl base64 -d -A; cat unpacked/%1$s.node ) | openssl dgst -sha256 -binary > "
	"unpacked/%1$s.next && mv unpacked/%1$s.next unpacked/%1$s.node\n";

static const char node_right_recipe[] =
	"( printf '\\001'; cat unpacked/%1$s.node; echo %2$s | openssl base64 -d -A ) | openssl dgst -sha256 -binary > "
	"unpacked/%1$s.next && mv unpacked/%1$s.next unpacked/%1$s.node\n";

static const char root_recipe[] =
	"test \"$(openssl base64 -A -in unpacked/%1$s.node)\" = \"$(sed -n 3p data/ledger/checkpoint)\"\n"
	"```\n"
	"\n";

static const char before_recipe[] =
	"证据说明按摘要列明了提取开始前取得的时间戳, 故证据包不早于其时间 / the manifest names, by its SHA-256, a time-stamp that was "
	"made before the capture began, so the package is not older than its time:\n"
	"\n"
	"```sh\n"
	"grep -o \"\\\"token_sha256\\\":\\\"$(openssl dgst -sha256 -r unpacked/%1$s/data/anchor/checkpoint.tst | cut -c 1-64)\\\"\" "
	"unpacked/%1$s/data/evidence.json\n"
	"openssl ts -verify -token_in -in unpacked/%1$s/data/anchor/checkpoint.tst -data "
	"unpacked/%1$s/data/anchor/checkpoint -CAfile data/trust/timestamps.pem\n"
	"openssl ts -reply -token_in -in unpacked/%1$s/data/anchor/checkpoint.tst -token_out -text\n"
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

/* Left or right by RFC 9162 2.1.3.2; a wrong side would not lead to the signed root. */
static int describe_path(const char *number, const struct axev__tlog_proof *proof, uint64_t size,
			 struct axev__buf *out, axev_error *err)
{
	uint64_t fn = proof->index, sn = size - 1;
	size_t i;

	for (i = 0; i < proof->hash_count; i++) {
		AXEV__BUF hash = AXEV__BUF_INIT(64);
		bool is_left = (fn & 1) || fn == sn;

		TRY(axev__base64(&hash, axev__span(proof->hashes[i], 32), err));
		TRY(axev__buf_printf(out, err, is_left ? node_left_recipe : node_right_recipe, number,
				     (const char *)hash.data));
		while (is_left && !(fn & 1) && fn != 0) {
			fn >>= 1;
			sn >>= 1;
		}
		fn >>= 1;
		sn >>= 1;
	}
	return AXEV_OK;
}

static int describe_entry(const char *number, const char *sha256, struct axev__span proof_text,
			  struct axev__buf *out, axev_error *err)
{
	AXEV__FREE struct axev__note *note = malloc(sizeof(*note));
	struct axev__tlog_proof proof;
	struct axev__checkpoint checkpoint;

	if (!note)
		return axev__nomem(err);
	TRY(axev__tlog_proof_parse(proof_text, &proof, err));
	TRY(axev__note_parse(proof.checkpoint, note, err));
	TRY(axev__checkpoint_parse(note->text, &checkpoint, err));
	TRY(axev__buf_printf(out, err, entry_recipe, number, sha256));
	TRY(describe_path(number, &proof, checkpoint.size, out, err));
	return axev__buf_printf(out, err, root_recipe, number);
}

static int describe_token(const axev__json *manifest, const char *number, struct axev__buf *out,
			  axev_error *err)
{
	char token[64];

	snprintf(token, sizeof(token), "data/hand/%s/signature001.tst", number);
	if (has_object(manifest, token))
		return axev__buf_printf(out, err, time_recipe, number, token);
	snprintf(token, sizeof(token), "data/proofs/%s/signature001.tst", number);
	if (!has_object(manifest, token))
		return axev__buf_str(out, no_time_recipe, err);
	TRY(axev__buf_printf(out, err, time_recipe, number, token));
	return axev__buf_str(out, late_recipe, err);
}

static int describe_package(const axev__json *manifest, const axev__json *package,
			    const struct axev__recipe_package *more, struct axev__buf *out,
			    axev_error *err)
{
	struct axev__span path, id, sha256;
	char number[16];

	TRY(axev__json_string(package, "path", &path, err));
	TRY(axev__json_string(package, "id", &id, err));
	TRY(axev__json_string(package, "sha256", &sha256, err));
	package_number(path, number);
	TRY(axev__buf_printf(out, err, "## 2. 证据包 / Package %s: %s\n\n", number, (const char *)id.data));
	TRY(axev__buf_printf(out, err, package_recipe, number, (const char *)path.data,
			     (const char *)id.data, (const char *)sha256.data));
	TRY(describe_entry(number, (const char *)sha256.data, axev__buf_view(&more->sealed_proof), out,
			   err));
	if (more->has_anchor_token)
		TRY(axev__buf_printf(out, err, before_recipe, number));
	TRY(describe_token(manifest, number, out, err));
	TRY(axev__buf_span(out, axev__buf_view(&more->disclosure), err));
	TRY(axev__buf_span(out, axev__buf_view(&more->records), err));
	TRY(axev__buf_span(out, axev__buf_view(&more->reach), err));
	return axev__buf_span(out, axev__buf_view(&more->tls), err);
}

int axev__bundle_recipe(const axev__json *bundle_manifest,
			const struct axev__recipe_package *packages, struct axev__buf *out,
			axev_error *err)
{
	const axev__json *listed = axev__json_get(bundle_manifest, "packages");
	size_t reach_described = 0, i;

	TRY(axev__buf_str(out, introduction, err));
	for (i = 0; i < axev__json_count(listed); i++) {
		struct axev__recipe_package package = packages[i]; /* lent */

		/* Once, and once more with an earlier capture: it says that it holds for others, and the file has a maximum. */
		if (package.reach.size <= reach_described)
			package.reach.size = 0;
		else
			reach_described = package.reach.size;
		TRY(describe_package(bundle_manifest, axev__json_at(listed, i), &package, out, err));
	}
	return axev__buf_str(out, closing, err);
}
