/* SPDX-License-Identifier: Apache-2.0 */
/* The pack format of gitformat-pack(5), version 2: whole objects only, no deltas. */
#include <stdio.h>
#include <zlib.h>

#include "crypto/digest.h"
#include "ledger/git_store.h"

#define HEADER_SIZE 12

struct axev__git_pack {
	struct axev__buf stream;
	struct axev__hasher *hasher;
	z_stream deflater;
	bool has_deflater;
	bool is_finished;
	struct axev__git_oid *names; /* in the order added; sorted when finished */
	size_t count, capacity;
	uint32_t *slots; /* number of the name + 1, by its first bytes; 0: free */
	size_t slot_count;
};

int axev__git_pack_new(struct axev__git_pack **ret_pack, axev_error *err)
{
	AXEV__GIT_PACK *pack = calloc(1, sizeof(*pack));

	if (!pack)
		return axev__nomem(err);
	pack->stream.max = 4 * AXEV__GIB;
	TRY(axev__hasher_new(AXEV__DIGEST_SHA1, &pack->hasher, err));
	/* Level 1: entries are small and many; half of them is digests that no level shrinks. */
	if (deflateInit(&pack->deflater, 1) != Z_OK)
		return axev__nomem(err);
	pack->has_deflater = true;
	TRY(axev__buf_append(&pack->stream, "PACK\0\0\0\2\0\0\0\0", HEADER_SIZE, err));
	*ret_pack = axev__steal(pack);
	return AXEV_OK;
}

void axev__git_pack_free(struct axev__git_pack *pack)
{
	if (!pack)
		return;
	if (pack->has_deflater)
		deflateEnd(&pack->deflater);
	axev__hasher_free(pack->hasher);
	axev__buf_free(&pack->stream);
	free(pack->names);
	free(pack->slots);
	free(pack);
}

static int name_of(struct axev__hasher *hasher, enum axev__git_type type, struct axev__span bytes,
		   struct axev__git_oid *ret_oid, axev_error *err)
{
	static const char *const words[] = { "", "commit", "tree", "blob" };
	struct axev__digests digests;
	char head[40];
	int length = snprintf(head, sizeof(head), "%s %zu", words[type], bytes.size);

	TRY(axev__hasher_update(hasher, head, (size_t)length + 1, err));
	TRY(axev__hasher_update(hasher, bytes.data, bytes.size, err));
	TRY(axev__hasher_final(hasher, &digests, err));
	memcpy(ret_oid->id, digests.sha1, sizeof(ret_oid->id));
	return AXEV_OK;
}

static int deflate_into(struct axev__git_pack *pack, struct axev__span bytes, axev_error *err)
{
	z_stream *deflater = &pack->deflater;
	size_t bound;

	deflateReset(deflater);
	bound = deflateBound(deflater, bytes.size);
	TRY(axev__buf_reserve(&pack->stream, bound, err));
	deflater->next_in = (Bytef *)(uintptr_t)bytes.data;
	deflater->avail_in = (uInt)bytes.size;
	deflater->next_out = pack->stream.data + pack->stream.size;
	deflater->avail_out = (uInt)bound;
	if (deflate(deflater, Z_FINISH) != Z_STREAM_END)
		return axev__fail(err, AXEV_E_INTERNAL, "deflate did not finish");
	pack->stream.size += deflater->total_out;
	return AXEV_OK;
}

/* Where @oid is, or the free slot where it belongs. */
static uint32_t *slot_of(const struct axev__git_pack *pack, const struct axev__git_oid *oid)
{
	size_t at = axev__get_u64be(oid->id) & (pack->slot_count - 1);

	while (pack->slots[at] && !axev__git_oid_equal(&pack->names[pack->slots[at] - 1], oid))
		at = (at + 1) & (pack->slot_count - 1);
	return &pack->slots[at];
}

/* Room for one more name; the table stays at most half full. */
static int grow(struct axev__git_pack *pack, axev_error *err)
{
	size_t capacity = pack->capacity ? pack->capacity * 2 : 64, i;
	struct axev__git_oid *names;
	uint32_t *slots;

	if (pack->count < pack->capacity)
		return AXEV_OK;
	if (capacity > UINT32_MAX)
		return axev__fail(err, AXEV_E_LIMIT, "too many objects in one batch");
	names = reallocarray(pack->names, capacity, sizeof(*names));
	if (!names)
		return axev__nomem(err);
	pack->names = names;
	slots = calloc(capacity * 2, sizeof(*slots));
	if (!slots)
		return axev__nomem(err);
	free(pack->slots);
	pack->slots = slots;
	pack->slot_count = capacity * 2;
	pack->capacity = capacity;
	for (i = 0; i < pack->count; i++)
		*slot_of(pack, &pack->names[i]) = (uint32_t)i + 1;
	return AXEV_OK;
}

static int remember(struct axev__git_pack *pack, const struct axev__git_oid *oid, bool *ret_is_new,
		    axev_error *err)
{
	uint32_t *slot;

	TRY(grow(pack, err));
	slot = slot_of(pack, oid);
	*ret_is_new = *slot == 0;
	if (*ret_is_new) {
		pack->names[pack->count++] = *oid;
		*slot = (uint32_t)pack->count;
	}
	return AXEV_OK;
}

int axev__git_pack_add(struct axev__git_pack *pack, enum axev__git_type type, struct axev__span bytes,
		       struct axev__git_oid *ret_oid, axev_error *err)
{
	uint8_t head[12];
	size_t length = 0, rest = bytes.size >> 4;
	bool is_new;

	if (bytes.size > AXEV__MAX_GIT_OBJECT)
		return axev__fail(err, AXEV_E_LIMIT, "a git object of the ledger has at most %zu bytes",
				  AXEV__MAX_GIT_OBJECT);
	TRY(name_of(pack->hasher, type, bytes, ret_oid, err));
	TRY(remember(pack, ret_oid, &is_new, err));
	if (!is_new)
		return AXEV_OK;
	/* Type in bits 4-6 of the first byte, size in 4 bits and then groups of 7, low ones first. */
	head[0] = (uint8_t)((unsigned)type << 4 | (bytes.size & 15));
	for (; rest; rest >>= 7) {
		head[length++] |= 0x80;
		head[length] = rest & 0x7F;
	}
	TRY(axev__buf_append(&pack->stream, head, length + 1, err));
	return deflate_into(pack, bytes, err);
}

static int compare_names(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct axev__git_oid));
}

int axev__git_pack_finish(struct axev__git_pack *pack, struct axev__span *ret_stream,
			  axev_error *err)
{
	struct axev__digests digests;

	if (pack->is_finished)
		return axev__fail(err, AXEV_E_INTERNAL, "the pack is finished already");
	axev__put_u32be(pack->stream.data + 8, (uint32_t)pack->count);
	TRY(axev__hasher_update(pack->hasher, pack->stream.data, pack->stream.size, err));
	TRY(axev__hasher_final(pack->hasher, &digests, err));
	TRY(axev__buf_append(&pack->stream, digests.sha1, sizeof(digests.sha1), err));
	qsort(pack->names, pack->count, sizeof(pack->names[0]), compare_names);
	pack->is_finished = true;
	*ret_stream = axev__buf_view(&pack->stream);
	return AXEV_OK;
}

const struct axev__git_oid *axev__git_pack_names(const struct axev__git_pack *pack,
						 size_t *ret_count)
{
	*ret_count = pack->count;
	return pack->names;
}
