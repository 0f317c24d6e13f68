/* SPDX-License-Identifier: Apache-2.0 */
/* The digests of a container's entries: out of the pass over its file when there was one. */
#include "package/container_entries.h"
#include "package/pass.h"

static int take(struct axev__entry *entry, const struct axev__source *source,
		const struct axev__pass *pass, axev_error *err)
{
	const uint8_t *sha256;
	uint32_t crc32;

	if (!axev__pass_find(pass, source, entry->offset, entry->size_bytes, &crc32, &sha256))
		return axev__fail(err, AXEV_E_INTERNAL, "entry '%s' was not hashed", entry->name);
	if (crc32 != entry->crc32)
		return axev__fail_at(err, AXEV_E_INVALID, entry->offset,
				     "entry '%s': expected CRC-32 %08x, found %08x: its content was changed",
				     entry->name, entry->crc32, crc32);
	memcpy(entry->sha256, sha256, sizeof(entry->sha256));
	entry->is_hashed = true;
	return AXEV_OK;
}

/* Were these very ranges hashed? Else the file is another now than when the pass was planned, or was not planned. */
static bool covers(const struct axev__pass *pass, const struct axev__container *container)
{
	const uint8_t *sha256;
	uint32_t crc32;
	size_t i;

	for (i = 0; i < axev__container_count(container); i++) {
		const struct axev__entry *entry = axev__container_entry(container, i);

		if (!axev__pass_find(pass, axev__container_source(container), entry->offset,
				     entry->size_bytes, &crc32, &sha256))
			return false;
	}
	return true;
}

int axev__container_hash(struct axev__container *container, const axev_env *env, axev_error *err)
{
	const struct axev__source *source = axev__container_source(container);
	const struct axev__pass *pass = source->pass;
	AXEV__PASS *own = NULL;
	size_t i;

	if (!pass || !covers(pass, container)) {
		TRY(axev__pass_entries(container, env, &own, err));
		pass = own;
	}
	for (i = 0; i < axev__container_count(container); i++)
		TRY(take(axev__container_entry_mutable(container, i), source, pass, err));
	return AXEV_OK;
}
