/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process that died left in the repository. A batch is in flight while its .keep stands; which of three it is,
 * the ref tells: published already (only the .keep goes), whole and next (rolled forward), or beside the log (removed:
 * nobody was told of it). Whatever cannot be told for certain is left alone.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/text.h"
#include "ledger/git_store.h"

struct in_flight {
	char name[41];
	struct axev__git_oid commit, parent;
	bool has_parent;
};

static bool exists(int git_dirfd, const char *name, const char *suffix)
{
	char path[80];

	snprintf(path, sizeof(path), "objects/pack/pack-%s.%s", name, suffix);
	return faccessat(git_dirfd, path, F_OK, 0) == 0;
}

/* Index first: a pack without index is invisible, an index without pack is a warning. */
void axev__git_pack_remove(int git_dirfd, const char *name)
{
	static const char *const order[] = { "idx", "bitmap", "rev", "pack", "keep" };
	char path[80];
	size_t i;

	for (i = 0; i < AXEV__COUNT(order); i++) {
		snprintf(path, sizeof(path), "objects/pack/pack-%s.%s", name, order[i]);
		unlinkat(git_dirfd, path, 0);
	}
}

/* "<commit> parent <parent or none>"; false: not a batch of ours. */
static bool read_keep(int git_dirfd, struct in_flight *batch)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__KIB);
	size_t head = strlen(AXEV__GIT_KEEP_TEXT);
	char path[80];

	snprintf(path, sizeof(path), "objects/pack/pack-%s.keep", batch->name);
	if (axev__read_file(git_dirfd, path, &text, NULL) < 0 || text.size < head + 52 ||
	    !axev__span_starts(axev__buf_view(&text), AXEV__GIT_KEEP_TEXT) ||
	    !axev__unhex(batch->commit.id, 20, axev__span(text.data + head, 40)))
		return false;
	batch->has_parent = text.size >= head + 88 &&
			    axev__unhex(batch->parent.id, 20, axev__span(text.data + head + 48, 40));
	return true;
}

/* The commit's parent: "tree <40>\nparent <40>\n". */
static int read_parent(struct axev__git_store *store, const struct axev__git_oid *commit,
		       struct axev__git_oid *ret_parent, bool *ret_has_parent, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);

	TRY(axev__git_store_read(store, commit, AXEV__GIT_COMMIT, &bytes, err));
	*ret_has_parent = bytes.size >= 94 && memcmp(bytes.data + 46, "parent ", 7) == 0 &&
			  axev__unhex(ret_parent->id, 20, axev__span(bytes.data + 53, 40));
	return AXEV_OK;
}

/* Is the batch's commit the ref's or an ancestor of it? Its parent, if met first, tells that it is not. */
static int is_published(struct axev__git_store *store, const struct in_flight *batch,
			const struct axev__git_oid *tip, bool *ret_is_published, axev_error *err)
{
	struct axev__git_oid at = *tip;
	bool has_more = true;

	*ret_is_published = false;
	while (has_more && !(batch->has_parent && axev__git_oid_equal(&at, &batch->parent))) {
		if (axev__git_oid_equal(&at, &batch->commit)) {
			*ret_is_published = true;
			return AXEV_OK;
		}
		TRY(read_parent(store, &at, &at, &has_more, err));
	}
	return AXEV_OK;
}

/* A batch is whole as soon as both files stand in objects/pack: they came there after their fsync. */
static int roll_forward(struct axev__git_store *store, const struct in_flight *batch,
			const struct axev__git_oid *tip, axev_error *err)
{
	int git_dirfd = axev__git_store_dirfd(store);
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	bool is_unknown;

	TRY(axev__git_sync_dir(git_dirfd, "objects/pack", err));
	TRY(axev__git_store_refresh(store, err));
	/* The ref must never name what cannot be read. */
	if (axev__git_store_read(store, &batch->commit, AXEV__GIT_COMMIT, &bytes, NULL) < 0)
		return AXEV_OK;
	TRY(axev__git_ref_swap(git_dirfd, tip, &batch->commit, &is_unknown, err));
	axev__git_keep_drop(git_dirfd, batch->name);
	return AXEV_OK;
}

static int settle(struct axev__git_store *store, struct in_flight *batch, axev_error *err)
{
	int git_dirfd = axev__git_store_dirfd(store);
	bool has_tip, is_here = false, is_next;
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__git_oid tip;
	int status;

	if (!read_keep(git_dirfd, batch))
		return AXEV_OK;
	status = axev__git_ref_read_durable(git_dirfd, &tip, &problem);
	has_tip = status == AXEV_OK;
	if (status < 0 && status != AXEV_E_NOTFOUND)
		return axev__fail(err, status, "%s", problem.message);
	if (has_tip && is_published(store, batch, &tip, &is_here, NULL) < 0)
		return AXEV_OK;
	if (is_here) {
		axev__git_keep_drop(git_dirfd, batch->name);
		return AXEV_OK;
	}
	is_next = has_tip ? batch->has_parent && axev__git_oid_equal(&tip, &batch->parent) :
			    !batch->has_parent;
	if (is_next && exists(git_dirfd, batch->name, "pack") && exists(git_dirfd, batch->name, "idx"))
		return roll_forward(store, batch, has_tip ? &tip : NULL, err);
	axev__git_pack_remove(git_dirfd, batch->name);
	return AXEV_OK;
}

static int settle_all(struct axev__git_store *store, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	struct dirent *entry;
	DIR *dir;
	int status = AXEV_OK;

	TRY(axev__open(axev__git_store_dirfd(store), "objects/pack", O_RDONLY | O_DIRECTORY, 0, &fd,
		       err));
	dir = fdopendir(fd);
	if (!dir)
		return axev__fail_errno(err, errno, "cannot list objects/pack");
	axev__steal_fd(&fd);
	while (status == AXEV_OK && (entry = readdir(dir))) {
		struct in_flight batch = { 0 };

		if (strlen(entry->d_name) != 50 || strncmp(entry->d_name, "pack-", 5) != 0 ||
		    strcmp(entry->d_name + 45, ".keep") != 0)
			continue;
		memcpy(batch.name, entry->d_name + 5, 40);
		status = settle(store, &batch, err);
	}
	closedir(dir);
	return status;
}

int axev__git_recover(struct axev__git_store *store, axev_error *err)
{
	int git_dirfd = axev__git_store_dirfd(store);

	TRY(axev__git_ref_unlock_stale(git_dirfd, err));
	TRY(settle_all(store, err));
	TRY(axev__remove_tree(git_dirfd, "incoming", err));
	if (mkdirat(git_dirfd, "incoming", 0777) < 0)
		return axev__fail_errno(err, errno, "cannot make incoming/");
	return AXEV_OK;
}
