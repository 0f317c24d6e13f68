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

struct read_item {
	char name[AXEV__MAX_ENTRY_NAME + 1];
	uint8_t sha256[32];
};

/* What stands between @before and a quote or a tag, taken off @rest. */
static bool take(struct axev__span *rest, const char *before, char end, struct axev__span *ret_text)
{
	const uint8_t *found = memmem(rest->data, rest->size, before, strlen(before));
	const uint8_t *stop;

	if (!found)
		return false;
	found += strlen(before);
	stop = memchr(found, end, rest->size - (size_t)(found - rest->data));
	if (!stop)
		return false;
	*ret_text = axev__span(found, (size_t)(stop - found));
	*rest = axev__span(stop, rest->size - (size_t)(stop - rest->data));
	return true;
}

static bool read_item(struct axev__span *rest, struct read_item *item)
{
	AXEV__BUF digest = AXEV__BUF_INIT(64);
	struct axev__span name, text;

	if (!take(rest, "<asic:DataObjectReference", ' ', &text) || !take(rest, " URI=\"", '\x22', &name) ||
	    name.size > AXEV__MAX_ENTRY_NAME || memchr(name.data, '\0', name.size) ||
	    !take(rest, "<ds:DigestValue>", '<', &text) || !axev__unbase64(&digest, text) || digest.size != 32)
		return false;
	memcpy(item->name, name.data, name.size);
	item->name[name.size] = '\0';
	memcpy(item->sha256, digest.data, 32);
	return true;
}

/* Read loosely, then written again and compared: so no byte is left unread. */
int axev__asic_manifest_find(struct axev__span bytes, unsigned number, const char *name, uint8_t ret_sha256[32],
			     axev_error *err)
{
	AXEV__FREE struct read_item *items = calloc(AXEV__MAX_CONTAINER_ENTRIES, sizeof(*items));
	AXEV__FREE struct axev__listed *listed = calloc(AXEV__MAX_CONTAINER_ENTRIES, sizeof(*listed));
	AXEV__BUF again = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	struct axev__span rest = bytes;
	size_t count, i;

	if (!items || !listed)
		return axev__nomem(err);
	for (count = 0; count < AXEV__MAX_CONTAINER_ENTRIES && read_item(&rest, &items[count]); count++)
		listed[count] = (struct axev__listed){ items[count].name, items[count].sha256 };
	TRY(axev__asic_manifest(listed, count, number, &again, err));
	if (!axev__span_equal(axev__buf_view(&again), bytes))
		return axev__fail(err, AXEV_E_FORMAT, "the list that was signed is not of the form that was agreed on");
	for (i = 0; i < count; i++)
		if (strcmp(items[i].name, name) == 0) {
			memcpy(ret_sha256, items[i].sha256, 32);
			return AXEV_OK;
		}
	return axev__fail(err, AXEV_E_INVALID, "%s is not in the list that was signed", name);
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
