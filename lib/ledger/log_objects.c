/* SPDX-License-Identifier: Apache-2.0 */
/* Package bytes: files in git-lfs's own layout, named by SHA-256, written once. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "ledger/log_state.h"

void axev__ledger_object_path(const uint8_t sha256[32], char out[AXEV__OBJECT_PATH])
{
	char hex[65];

	axev__hex(hex, sha256, 32);
	snprintf(out, AXEV__OBJECT_PATH, "ledger.git/lfs/objects/%.2s/%.2s/%s", hex, hex + 2, hex);
}

int axev__log_pointer(const uint8_t sha256[32], uint64_t bytes, struct axev__buf *out,
		      axev_error *err)
{
	char hex[65];

	axev__hex(hex, sha256, 32);
	return axev__buf_printf(out, err,
				"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %llu\n",
				hex, (unsigned long long)bytes);
}

static int sync_draft(int dirfd, const char *draft_path, axev_error *err)
{
	AXEV__CLOSE int fd = -1;

	TRY(axev__open(dirfd, draft_path, O_RDONLY | O_NOFOLLOW, 0, &fd, err));
	if (fchmod(fd, 0444) < 0)
		return axev__fail_errno(err, errno, "cannot set permissions");
	return axev__fsync(fd, "the package", err);
}

/* Is what stands at @path whole, by its digest? */
static bool is_whole(int dirfd, const char *path, const uint8_t sha256[32], axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	struct axev__digests digests;

	return axev__open(dirfd, path, O_RDONLY | O_NOFOLLOW, 0, &fd, err) == AXEV_OK &&
	       axev__log_hash_file(fd, &digests, err) == AXEV_OK &&
	       memcmp(digests.sha256, sha256, 32) == 0 && axev__fsync(fd, "the package", err) == AXEV_OK;
}

/* Another name for the draft, then over the damaged file: at no time is there none. */
static int replace_damaged(int dirfd, const char *draft_path, const char *path, axev_error *err)
{
	char aside[AXEV__MAX_PATH];

	if (snprintf(aside, sizeof(aside), "%s.again", draft_path) >= (int)sizeof(aside))
		return axev__fail(err, AXEV_E_LIMIT, "path too long");
	unlinkat(dirfd, aside, 0);
	if (linkat(dirfd, draft_path, dirfd, aside, 0) < 0 || renameat(dirfd, aside, dirfd, path) < 0)
		return axev__fail_errno(err, errno, "cannot replace a damaged package in the store");
	return AXEV_OK;
}

/* Each directory on the way, whoever made it: another process may have died before its fsync. */
static int sync_directories(int dirfd, const char *path, axev_error *err)
{
	char directory[AXEV__OBJECT_PATH];
	size_t depth;

	snprintf(directory, sizeof(directory), "%s", path);
	for (depth = 0; depth < 3; depth++) {
		AXEV__CLOSE int fd = -1;

		*strrchr(directory, '/') = '\0';
		TRY(axev__open(dirfd, directory, O_RDONLY | O_DIRECTORY, 0, &fd, err));
		TRY(axev__fsync(fd, "the store", err));
	}
	return AXEV_OK;
}

int axev__ledger_object_commit(struct axev__ledger *ledger, const char *draft_path,
			       const uint8_t sha256[32], axev_error *err)
{
	char path[AXEV__OBJECT_PATH], directory[AXEV__OBJECT_PATH];

	axev__ledger_object_path(sha256, path);
	memcpy(directory, path, sizeof(directory));
	*strrchr(directory, '/') = '\0';
	TRY(sync_draft(ledger->dirfd, draft_path, err));
	TRY(axev__make_dirs_durable(ledger->dirfd, directory, 0777, err));
	if (linkat(ledger->dirfd, draft_path, ledger->dirfd, path, 0) < 0) {
		if (errno != EEXIST)
			return axev__fail_errno(err, errno, "cannot put the package into the store");
		if (!is_whole(ledger->dirfd, path, sha256, NULL))
			TRY(replace_damaged(ledger->dirfd, draft_path, path, err));
	}
	return sync_directories(ledger->dirfd, path, err);
}

int axev__log_hash_file(int fd, struct axev__digests *ret_digests, axev_error *err)
{
	AXEV__FREE uint8_t *chunk = malloc(AXEV__COPY_CHUNK);
	AXEV__HASHER *hasher = NULL;
	size_t got;

	if (!chunk)
		return axev__nomem(err);
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	do {
		TRY(axev__read_some(fd, chunk, AXEV__COPY_CHUNK, &got, err));
		TRY(axev__hasher_update(hasher, chunk, got, err));
	} while (got);
	return axev__hasher_final(hasher, ret_digests, err);
}

int axev__ledger_object_open(struct axev__ledger *ledger, const uint8_t sha256[32], int *ret_fd,
			     axev_error *err)
{
	char path[AXEV__OBJECT_PATH];

	axev__ledger_object_path(sha256, path);
	return axev__open(ledger->dirfd, path, O_RDONLY | O_NOFOLLOW, 0, ret_fd, err);
}

/* ---- removing ---- */

static int sync_folder_of(int dirfd, const char *path, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	char folder[AXEV__OBJECT_PATH];

	snprintf(folder, sizeof(folder), "%s", path);
	*strrchr(folder, '/') = '\0';
	TRY(axev__open(dirfd, folder, O_RDONLY | O_DIRECTORY, 0, &fd, err));
	return axev__fsync(fd, "the store", err);
}

int axev__ledger_object_remove(struct axev__ledger *ledger, const uint8_t sha256[32], bool *ret_removed, uint64_t *ret_links,
			       axev_error *err)
{
	char path[AXEV__OBJECT_PATH];
	struct stat st;

	axev__ledger_object_path(sha256, path);
	*ret_removed = false;
	if (fstatat(ledger->dirfd, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT || errno == ENOTDIR ? AXEV_OK : axev__fail_errno(err, errno, "%s: cannot look for it", path);
	if (unlinkat(ledger->dirfd, path, 0) < 0)
		return axev__fail_errno(err, errno, "%s: cannot remove it", path);
	TRY(sync_folder_of(ledger->dirfd, path, err));
	*ret_removed = true;
	if (ret_links)
		*ret_links = S_ISREG(st.st_mode) && st.st_nlink > 1 ? (uint64_t)st.st_nlink - 1 : 0;
	return AXEV_OK;
}

/* ---- all there are ---- */

static void close_folder(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

typedef int (*name_visitor)(void *payload, int folder_fd, const char *name, axev_error *err);

/* Names in @path below @at that do not begin with a dot; a folder that is not there has none. */
static int each_name(int at, const char *path, name_visitor visit, void *payload, axev_error *err)
{
	AXEV__CLEANUP(close_folder) DIR *folder = NULL;
	struct dirent *entry;
	struct stat st;
	int fd = -1, status;

	if (fstatat(at, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? AXEV_OK : axev__fail_errno(err, errno, "cannot list the store");
	if (!S_ISDIR(st.st_mode)) /* nothing of ours */
		return AXEV_OK;
	TRY(axev__open(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0, &fd, err));
	folder = fdopendir(fd);
	if (!folder) {
		close(fd);
		return axev__fail_errno(err, errno, "cannot list the store");
	}
	for (errno = 0; (entry = readdir(folder)); errno = 0) {
		status = entry->d_name[0] == '.' ? 0 : visit(payload, dirfd(folder), entry->d_name, err);
		if (status != 0)
			return status;
	}
	return errno ? axev__fail_errno(err, errno, "cannot list the store") : AXEV_OK;
}

struct walk {
	axev__ledger_object_callback callback;
	void *payload;
};

static int on_object(void *payload, int folder_fd, const char *name, axev_error *err)
{
	const struct walk *walk = payload;
	uint8_t sha256[32];

	(void)folder_fd;
	return axev__unhex(sha256, sizeof(sha256), axev__span_str(name)) ? walk->callback(walk->payload, sha256, err) : 0;
}

static int on_second(void *payload, int folder_fd, const char *name, axev_error *err)
{
	return each_name(folder_fd, name, on_object, payload, err);
}

static int on_first(void *payload, int folder_fd, const char *name, axev_error *err)
{
	return each_name(folder_fd, name, on_second, payload, err);
}

int axev__ledger_object_each(struct axev__ledger *ledger, axev__ledger_object_callback callback, void *payload, axev_error *err)
{
	struct walk walk = { callback, payload };
	int status = each_name(ledger->dirfd, "ledger.git/lfs/objects", on_first, &walk, err);

	return status > 0 ? AXEV_OK : status;
}
