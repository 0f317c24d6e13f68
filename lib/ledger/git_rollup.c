/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small packs become larger ones. Every batch is a pack of its own; tens of thousands of them would use up a process's
 * mappings and make every open slow. So packs are merged by tiers of size, and each object is written again at most
 * a few times in its life. Nothing is removed before everything in it stands durably elsewhere; whatever fails, or is
 * not ours to touch, leaves the packs as they are.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/text.h"
#include "ledger/git_store.h"

#define MAX_AT_ONCE 1024

static const struct tier {
	off_t below_bytes;
	size_t merge_at; /* so many packs of this tier become one */
} tiers[] = {
	{ 256 * 1024, 64 },
	{ 4 * 1024 * 1024, 16 },
	/* Larger ones stay. */
};

struct small_pack {
	char name[41];
	size_t tier;
};

struct small_packs {
	struct small_pack items[MAX_AT_ONCE];
	size_t count, per_tier[AXEV__COUNT(tiers)];
};

static bool exists(int git_dirfd, const char *name, const char *suffix)
{
	char path[80];

	snprintf(path, sizeof(path), "objects/pack/pack-%s.%s", name, suffix);
	return faccessat(git_dirfd, path, F_OK, 0) == 0;
}

/* A pack that is kept, is in flight, or belongs to a stock git that is at work (.mtimes) is not touched. */
static void consider(int git_dirfd, const char *file, struct small_packs *packs)
{
	struct small_pack *pack = &packs->items[packs->count];
	char path[80];
	struct stat st;
	size_t tier = 0;

	if (packs->count == MAX_AT_ONCE || strlen(file) != 49 || strncmp(file, "pack-", 5) != 0 ||
	    strcmp(file + 45, ".idx") != 0)
		return;
	memcpy(pack->name, file + 5, 40);
	pack->name[40] = '\0';
	snprintf(path, sizeof(path), "objects/pack/pack-%s.pack", pack->name);
	if (fstatat(git_dirfd, path, &st, 0) < 0 || exists(git_dirfd, pack->name, "keep") ||
	    exists(git_dirfd, pack->name, "mtimes"))
		return;
	while (tier < AXEV__COUNT(tiers) && st.st_size >= tiers[tier].below_bytes)
		tier++;
	if (tier == AXEV__COUNT(tiers))
		return;
	pack->tier = tier;
	packs->per_tier[tier]++;
	packs->count++;
}

static int list_packs(int git_dirfd, struct small_packs *packs, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	struct dirent *entry;
	DIR *dir;

	TRY(axev__open(git_dirfd, "objects/pack", O_RDONLY | O_DIRECTORY, 0, &fd, err));
	dir = fdopendir(fd);
	if (!dir)
		return axev__fail_errno(err, errno, "cannot list objects/pack");
	axev__steal_fd(&fd);
	while ((entry = readdir(dir)))
		consider(git_dirfd, entry->d_name, packs);
	closedir(dir);
	return AXEV_OK;
}

/* Every object that the index of @name lists. */
static int copy_objects(struct axev__git_store *store, const char *name, struct axev__git_pack *into,
			axev_error *err)
{
	AXEV__BUF index = AXEV__BUF_INIT(AXEV__GIB);
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	char path[80];
	size_t count, i;

	snprintf(path, sizeof(path), "objects/pack/pack-%s.idx", name);
	TRY(axev__read_file(axev__git_store_dirfd(store), path, &index, err));
	if (index.size < 1032 || memcmp(index.data, "\377tOc\0\0\0\2", 8) != 0)
		return axev__fail(err, AXEV_E_CORRUPT, "%s: not an index of version 2", path);
	count = axev__get_u32be(index.data + 8 + 255 * 4);
	if (count > (index.size - 1032) / 20)
		return axev__fail(err, AXEV_E_CORRUPT, "%s: ends early", path);
	for (i = 0; i < count; i++) {
		struct axev__git_oid oid, again;
		enum axev__git_type type;

		memcpy(oid.id, index.data + 1032 + i * 20, 20);
		TRY(axev__git_store_read_any(store, &oid, &type, &bytes, err));
		TRY(axev__git_pack_add(into, type, axev__buf_view(&bytes), &again, err));
		if (!axev__git_oid_equal(&oid, &again))
			return axev__fail(err, AXEV_E_CORRUPT, "%s: an object is not what its name says", path);
	}
	return AXEV_OK;
}

static int put_in_place(int git_dirfd, const char *name, axev_error *err)
{
	static const char *const order[] = { "pack", "idx" };
	char from[80], to[80];
	size_t i;

	for (i = 0; i < AXEV__COUNT(order); i++) {
		snprintf(from, sizeof(from), "incoming/pack-%s.%s", name, order[i]);
		snprintf(to, sizeof(to), "objects/pack/pack-%s.%s", name, order[i]);
		if (renameat(git_dirfd, from, git_dirfd, to) < 0)
			return axev__fail_errno(err, errno, "cannot move the pack into place");
	}
	return axev__git_sync_dir(git_dirfd, "objects/pack", err);
}

static int merge_tier(struct axev__git_store *store, const struct small_packs *packs, size_t tier,
		      axev_error *err)
{
	AXEV__GIT_PACK *merged = NULL;
	int git_dirfd = axev__git_store_dirfd(store);
	bool is_unknown;
	char name[41];
	size_t i;

	TRY(axev__git_pack_new(&merged, err));
	for (i = 0; i < packs->count; i++)
		if (packs->items[i].tier == tier)
			TRY(copy_objects(store, packs->items[i].name, merged, err));
	TRY(axev__git_store_incoming(store, merged, name, &is_unknown, err));
	TRY(put_in_place(git_dirfd, name, err));
	for (i = 0; i < packs->count; i++)
		if (packs->items[i].tier == tier && strcmp(packs->items[i].name, name) != 0)
			axev__git_pack_remove(git_dirfd, packs->items[i].name);
	return axev__git_store_reopen(store, err);
}

int axev__git_rollup(struct axev__git_store *store, axev_error *err)
{
	AXEV__FREE struct small_packs *packs = calloc(1, sizeof(*packs));
	int git_dirfd = axev__git_store_dirfd(store);
	size_t tier;

	if (!packs)
		return axev__nomem(err);
	/* A stock git's multi-pack-index names packs: they must stay. */
	if (faccessat(git_dirfd, "objects/pack/multi-pack-index", F_OK, 0) == 0)
		return AXEV_OK;
	TRY(list_packs(git_dirfd, packs, err));
	for (tier = 0; tier < AXEV__COUNT(tiers); tier++)
		if (packs->per_tier[tier] >= tiers[tier].merge_at)
			return merge_tier(store, packs, tier, err);
	return AXEV_OK;
}
