/* SPDX-License-Identifier: Apache-2.0 */
/* The lists inside a container are made again from the hashed entries and compared byte for byte. */
#include "base/buf.h"
#include "package/asic_manifest.h"
#include "package/container_entries.h"
#include "package/layout.h"

/* Entries outside META-INF but mimetype; the list itself only when @with_list. */
static size_t listed(const struct axev__container *container, bool with_list,
		     struct axev__listed *items)
{
	size_t count = 0, i;

	for (i = 0; i < axev__container_count(container); i++) {
		const struct axev__entry *entry = axev__container_entry(container, i);

		if (!axev__layout_is_listed(entry->name))
			continue;
		if (!with_list && strcmp(entry->name, AXEV__NAME_LIST) == 0)
			continue;
		items[count++] = (struct axev__listed){ entry->name, entry->sha256 };
	}
	return count;
}

static int compare(const struct axev__container *container, const char *name,
		   const struct axev__buf *expected, axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(container, name);
	AXEV__BUF found = AXEV__BUF_INIT(AXEV__MAX_ASIC_MANIFEST_BYTES);
	size_t i;

	if (!entry)
		return axev__fail(err, AXEV_E_FORMAT, "entry '%s': expected, not found", name);
	TRY(axev__container_read(container, entry, &found, err));
	for (i = 0; i < expected->size && i < found.size; i++)
		if (expected->data[i] != found.data[i])
			break;
	if (i == expected->size && i == found.size)
		return AXEV_OK;
	return axev__fail_at(err, AXEV_E_INVALID, entry->offset + i,
			     "entry '%s': expected what the entries of the container give, found a "
			     "difference at its byte %zu",
			     name, i);
}

static int check_asic(const struct axev__container *container, struct axev__listed *items,
		      unsigned number, axev_error *err)
{
	AXEV__BUF xml = AXEV__BUF_INIT(AXEV__MAX_ASIC_MANIFEST_BYTES);
	size_t count = listed(container, true, items);
	char name[AXEV__META_NAME_SIZE];

	axev__asic_name(name, number);
	TRY(axev__asic_manifest(items, count, number, &xml, err));
	return compare(container, name, &xml, err);
}

int axev__container_check_lists(const struct axev__container *container,
				unsigned *ret_signature_count, axev_error *err)
{
	AXEV__FREE struct axev__listed *items =
		malloc((axev__container_count(container) + 1) * sizeof(*items));
	AXEV__BUF list = AXEV__BUF_INIT(AXEV__MAX_SHA256_LIST_BYTES);
	unsigned signature_count = axev__container_signature_count(container), number;
	size_t i;

	if (!items)
		return axev__nomem(err);
	if (!axev__container_has_lists(container))
		return axev__fail(err, AXEV_E_STATE, "a part has no lists");
	for (i = 0; i < axev__container_count(container); i++)
		if (!axev__container_entry(container, i)->is_hashed)
			return axev__fail(err, AXEV_E_STATE, "expected the entries to be hashed first");
	TRY(axev__sha256_list(items, listed(container, false, items), &list, err));
	TRY(compare(container, AXEV__NAME_LIST, &list, err));
	for (number = 1; number <= signature_count; number++)
		TRY(check_asic(container, items, number, err));
	*ret_signature_count = signature_count;
	return AXEV_OK;
}
