/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/recipe_disclosure.h"

#include <stdio.h>

#include "base/text.h"
#include "crypto/cades.h"
#include "package/disclosure.h"

static const char id_recipe[] =
	"这是披露件: 部分单元格以叶摘要代替。原证据包的证据说明、签名清单、签名在其 `data/original/` 中 / this is a disclosure: digests stand in "
	"place of some cells. Manifest, signed list and signature of the original are below its `data/original/`:\n"
	"\n"
	"```sh\n"
	"echo '%2$s  unpacked/%1$s/data/original/evidence.json' | sha256sum -c\n"
	"grep -o '\"%2$s\"' unpacked/%1$s/data/evidence.json\n"
	"grep -o '\"id\":\"%2$s\"' unpacked/%1$s/data/original/sealed.entry.json\n";

static const char signature_recipe[] =
	"grep -o \"$(openssl dgst -sha256 -binary unpacked/%1$s/data/original/evidence.json | openssl base64 -A)\" "
	"unpacked/%1$s/data/original/asicmanifest%2$03u.xml\n"
	"openssl cms -verify -binary -cades -inform DER -in unpacked/%1$s/data/original/signature%2$03u.p7s -content "
	"unpacked/%1$s/data/original/asicmanifest%2$03u.xml -CAfile data/trust/signers.pem -purpose any -out /dev/null\n";

static const char end_recipe[] =
	"```\n"
	"\n";

static int describe_signature(const struct axev__container *package, const struct axev__entry *entry, const char *number,
			      unsigned signature, struct axev__certs *signers, struct axev__buf *out, axev_error *err)
{
	AXEV__BUF p7s = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__CADES cades = { 0 };

	TRY(axev__container_read(package, entry, &p7s, err));
	TRY(axev__cades_parse(axev__buf_view(&p7s), &cades, err));
	TRY(axev__certs_collect(signers, &cades.certs, err));
	return axev__buf_printf(out, err, signature_recipe, number, signature);
}

int axev__recipe_disclosure(const struct axev__container *package, const char *number, struct axev__certs *signers,
			    struct axev__buf *out, axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(package, AXEV__ORIGINAL_MANIFEST);
	AXEV__BUF manifest = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	char name[64], hex[AXEV_ID_HEX_SIZE];
	uint8_t id[32];
	unsigned i;

	if (!entry)
		return AXEV_OK;
	TRY(axev__container_read(package, entry, &manifest, err));
	TRY(axev__sha256(manifest.data, manifest.size, id, err));
	axev__hex(hex, id, sizeof(id));
	TRY(axev__buf_printf(out, err, id_recipe, number, hex));
	for (i = 1; i <= AXEV__MAX_SIGNATURES; i++) {
		snprintf(name, sizeof(name), AXEV__ORIGINAL_SIGNATURE_FORM, i);
		entry = axev__container_find(package, name);
		if (!entry)
			break;
		TRY(describe_signature(package, entry, number, i, signers, out, err));
	}
	return axev__buf_str(out, end_recipe, err);
}
