/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/recipe_disclosure.h"

#include <stdio.h>

#include "base/text.h"
#include "crypto/cades.h"
#include "package/disclosed_from.h"
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

/* %1$s package, %2$s id of the original */
static const char derived_recipe[] =
	"grep '\"about\":\\[\"%2$s\"' unpacked/%1$s/data/derived/%3$03u.entry.json | grep -o '\"disclosure\":\"[0-9a-f]*\"' | cut -d '\"' -f 4 | "
	"grep -f - -o unpacked/%1$s/data/evidence.json\n";

static const char derived_words[] =
	"```\n"
	"\n"
	"本披露件自述由其他披露件分出, 账本记录列有其编号, 证据说明亦列有 / it says that it was made from other disclosures: the ledger's entry has the id, "
	"and so has the manifest:\n"
	"\n"
	"```sh\n";

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

static int describe_derived(const struct axev__container *package, const char *number, const char *original, struct axev__buf *out,
			    axev_error *err)
{
	char name[AXEV__DERIVED_NAME_SIZE];
	unsigned i;

	for (i = 1; i <= AXEV__MAX_DERIVED; i++) {
		snprintf(name, sizeof(name), AXEV__DERIVED_ENTRY_FORM, i);
		if (!axev__container_find(package, name))
			break;
		if (i == 1)
			TRY(axev__buf_str(out, derived_words, err));
		TRY(axev__buf_printf(out, err, derived_recipe, number, original, i));
	}
	return AXEV_OK;
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
	TRY(describe_derived(package, number, hex, out, err));
	return axev__buf_str(out, end_recipe, err);
}
