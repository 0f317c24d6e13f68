/* SPDX-License-Identifier: Apache-2.0 */
#include "package/asic_manifest.h"

#include "base/text.h"
#include "package/layout.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct axev__listed *)a)->name, ((const struct axev__listed *)b)->name);
}

/* Names are of the profile: no character in them needs escaping in XML or in a URI. */
static int put_item(const struct axev__listed *item, struct axev__buf *out, axev_error *err)
{
	/* EN 319 162-1 A.4.2: Rootfile marks the document by which the others are to be understood. */
	bool is_root = strcmp(item->name, AXEV__NAME_MANIFEST) == 0;

	TRY(axev__buf_printf(out, err,
			     "  <asic:DataObjectReference%s URI=\"%s\">\n"
			     "    <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\n"
			     "    <ds:DigestValue>",
			     is_root ? " Rootfile=\"true\"" : "", item->name));
	TRY(axev__base64(out, axev__span(item->sha256, 32), err));
	return axev__buf_str(out, "</ds:DigestValue>\n  </asic:DataObjectReference>\n", err);
}

int axev__asic_manifest(struct axev__listed *items, size_t count, unsigned number,
			struct axev__buf *out, axev_error *err)
{
	char signature[AXEV__META_NAME_SIZE];
	size_t i;

	axev__signature_name(signature, number);
	qsort(items, count, sizeof(*items), by_name);
	TRY(axev__buf_printf(out, err,
			     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			     "<asic:ASiCManifest xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\""
			     " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\n"
			     "  <asic:SigReference MimeType=\"application/pkcs7-signature\" URI=\"%s\"/>\n",
			     signature));
	for (i = 0; i < count; i++)
		TRY(put_item(&items[i], out, err));
	return axev__buf_str(out, "</asic:ASiCManifest>\n", err);
}

int axev__sha256_list(const struct axev__listed *items, size_t count, struct axev__buf *out,
		      axev_error *err)
{
	char hex[65];
	size_t i;

	for (i = 0; i < count; i++) {
		axev__hex(hex, items[i].sha256, 32);
		TRY(axev__buf_printf(out, err, "%s  %s\n", hex, items[i].name));
	}
	return AXEV_OK;
}
