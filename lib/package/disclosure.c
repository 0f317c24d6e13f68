/* SPDX-License-Identifier: Apache-2.0 */
/* Of what a disclosure is: enough to tell whether it stands in the place of its original. Its proofs are the verifier's business. */
#include "package/disclosure.h"

#include "base/limits.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "package/container_read.h"
#include "package/layout.h"
#include "package/manifest.h"

void axev__disclosure_of_free(struct axev__disclosure_of *of)
{
	axev__json_free(of->manifest);
	axev__json_free(of->original);
	of->manifest = of->original = NULL;
}

static int read_manifest(const struct axev__container *container, const char *name, uint8_t ret_sha256[32],
			 axev__json **ret_manifest, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	const struct axev__entry *entry = axev__container_find(container, name);

	if (!entry)
		return axev__fail(err, AXEV_E_INVALID, "expected entry %s, which is missing", name);
	TRY(axev__container_read(container, entry, &bytes, err));
	TRY(axev__sha256(bytes.data, bytes.size, ret_sha256, err));
	return axev__manifest_read(axev__buf_view(&bytes), ret_manifest, err);
}

static int check_about(const axev__json *source, const uint8_t about[32], axev_error *err)
{
	const axev__json *list = axev__json_get(source, "about");
	struct axev__span text;
	char hex[AXEV_ID_HEX_SIZE];

	axev__hex(hex, about, 32);
	if (axev__json_count(list) != 1 || !axev__json_as_string(axev__json_at(list, 0), &text) || !axev__span_is(text, hex))
		return axev__fail(err, AXEV_E_INVALID, "it does not enclose the manifest of the original that it names");
	return AXEV_OK;
}

static int read_source(const axev__json *manifest, struct axev__disclosure_of *of, axev_error *err)
{
	const axev__json *source = axev__json_get(manifest, "source");
	struct axev__span kind;

	if (!axev__json_as_string(axev__json_get(manifest, "kind"), &kind) || !axev__span_is(kind, "disclosure"))
		return axev__fail(err, AXEV_E_INVALID, "it is no disclosure");
	TRY(axev__json_hex(source, "package_sha256", of->package_sha256, sizeof(of->package_sha256), err));
	return axev__json_u64(source, "entry", &of->entry, err);
}

int axev__disclosure_of(const struct axev__source *source, struct axev__disclosure_of *ret_of, axev_error *err)
{
	AXEV__DISCLOSURE_OF of = { .original = NULL };
	AXEV__CONTAINER_READER *container = NULL;
	const axev__json *stated;

	TRY(axev__container_open(source, &container, err));
	TRY(read_manifest(container, AXEV__NAME_MANIFEST, of.id, &of.manifest, err));
	TRY(read_source(of.manifest, &of, err));
	stated = axev__json_get(of.manifest, "source");
	TRY(read_manifest(container, AXEV__ORIGINAL_MANIFEST, of.about, &of.original, err));
	TRY(check_about(stated, of.about, err));
	TRY(axev__disclosed_sets_read(stated, of.original, container, &of.sets, err));
	*ret_of = of;
	of.manifest = of.original = NULL;
	return AXEV_OK;
}

struct axev__span axev__record_set_name(const axev__json *manifest, size_t position)
{
	const axev__json *row = axev__json_at(axev__json_get(manifest, "record_sets"), position);
	struct axev__span text = axev__span("", 0);

	if (!axev__json_as_string(axev__json_get(row, "name"), &text) || text.size == 0)
		axev__json_as_string(axev__json_get(row, "path"), &text);
	return text;
}
