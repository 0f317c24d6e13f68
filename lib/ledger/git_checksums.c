/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checksums of packs and their indexes (gitformat-pack(5)). They prove nothing, but reading objects does not look
 * at every byte of these files, and a disk that starts to fail is to be noticed at any of them. Indexes are checked
 * before libgit2 sees them: it follows a damaged offset out of its memory.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/io.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "ledger/git_store.h"

#define TRAILER 20

/* The last 20 bytes are the SHA-1 of all before; @ret_last: these and the 20 before them. */
static int check_file(int git_dirfd, const char *path, uint8_t ret_last[2 * TRAILER], axev_error *err)
{
	AXEV__FREE uint8_t *chunk = malloc(AXEV__COPY_CHUNK);
	AXEV__HASHER *hasher = NULL;
	AXEV__CLOSE int fd = -1;
	struct axev__digests digests;
	uint64_t size, at;

	if (!chunk)
		return axev__nomem(err);
	TRY(axev__open(git_dirfd, path, O_RDONLY, 0, &fd, err));
	TRY(axev__file_size(fd, &size, err));
	if (size < 2 * TRAILER)
		return axev__fail(err, AXEV_E_CORRUPT, "%s: ends early", path);
	TRY(axev__hasher_new(AXEV__DIGEST_SHA1, &hasher, err));
	for (at = 0; at < size - TRAILER;) {
		size_t part = size - TRAILER - at < AXEV__COPY_CHUNK ? (size_t)(size - TRAILER - at) :
								       AXEV__COPY_CHUNK;

		TRY(axev__pread_full(fd, chunk, part, at, err));
		TRY(axev__hasher_update(hasher, chunk, part, err));
		at += part;
	}
	TRY(axev__hasher_final(hasher, &digests, err));
	TRY(axev__pread_full(fd, ret_last, 2 * TRAILER, size - 2 * TRAILER, err));
	if (memcmp(digests.sha1, ret_last + TRAILER, TRAILER) != 0)
		return axev__fail(err, AXEV_E_CORRUPT, "%s: its checksum does not fit its bytes%s", path,
				  axev__span_ends(axev__span_str(path), ".idx") ?
					  " (git index-pack makes an index again)" : "");
	return AXEV_OK;
}

/* An index ends with the checksum of its pack and its own. */
static int check_pack(int git_dirfd, const char *stem, axev_error *err)
{
	uint8_t pack[2 * TRAILER], index[2 * TRAILER];
	char path[300];

	snprintf(path, sizeof(path), "objects/pack/%s.idx", stem);
	TRY(check_file(git_dirfd, path, index, err));
	snprintf(path, sizeof(path), "objects/pack/%s.pack", stem);
	TRY(check_file(git_dirfd, path, pack, err));
	if (memcmp(pack + TRAILER, index, TRAILER) != 0)
		return axev__fail(err, AXEV_E_CORRUPT, "%s: is not the pack of its index", path);
	return AXEV_OK;
}

struct axev__git_known {
	char (*stems)[46]; /* "pack-<40>", of indexes found good */
	size_t count, capacity;
};

void axev__git_known_free(struct axev__git_known *known)
{
	if (known)
		free(known->stems);
	free(known);
}

static bool is_known(const struct axev__git_known *known, const char *stem)
{
	size_t i = known->count;

	while (i-- > 0)
		if (strcmp(known->stems[i], stem) == 0)
			return true;
	return false;
}

static int remember(struct axev__git_known *known, const char *stem, axev_error *err)
{
	if (known->count == known->capacity) {
		size_t capacity = known->capacity ? known->capacity * 2 : 128;
		char(*stems)[46] = reallocarray(known->stems, capacity, sizeof(*stems));

		if (!stems)
			return axev__nomem(err);
		known->stems = stems;
		known->capacity = capacity;
	}
	snprintf(known->stems[known->count++], sizeof(known->stems[0]), "%s", stem);
	return AXEV_OK;
}

static int check_index(int git_dirfd, const char *stem, struct axev__git_known *known, axev_error *err)
{
	uint8_t last[2 * TRAILER];
	char path[300];
	int status;

	/* Any name with this ending is an index to libgit2; those of git are 45 characters long. */
	if (strlen(stem) < sizeof(known->stems[0]) && is_known(known, stem))
		return AXEV_OK;
	snprintf(path, sizeof(path), "objects/pack/%s.idx", stem);
	status = check_file(git_dirfd, path, last, err);
	if (status < 0 || strlen(stem) >= sizeof(known->stems[0]))
		return status;
	return remember(known, stem, err);
}

static bool has_index(int git_dirfd, const char *stem)
{
	char path[300];

	snprintf(path, sizeof(path), "objects/pack/%s.idx", stem);
	return faccessat(git_dirfd, path, F_OK, 0) == 0;
}

/* Each index in objects/pack through @known (indexes only) or, with @known NULL, with its pack. */
static int check_each(int git_dirfd, struct axev__git_known *known, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	axev_error problem = AXEV_ERROR_INIT;
	struct dirent *entry;
	DIR *dir;
	int status = AXEV_OK;

	TRY(axev__open(git_dirfd, "objects/pack", O_RDONLY | O_DIRECTORY, 0, &fd, err));
	dir = fdopendir(fd);
	if (!dir)
		return axev__fail_errno(err, errno, "cannot list objects/pack");
	axev__steal_fd(&fd);
	while (status == AXEV_OK && (entry = readdir(dir))) {
		size_t length = strlen(entry->d_name);

		if (length < 4 || strcmp(entry->d_name + length - 4, ".idx") != 0)
			continue;
		entry->d_name[length - 4] = '\0';
		status = known ? check_index(git_dirfd, entry->d_name, known, &problem) :
				 check_pack(git_dirfd, entry->d_name, &problem);
		/* Another process has just merged it into a larger one: gone with its index, not alone. */
		if (status == AXEV_E_NOTFOUND && !has_index(git_dirfd, entry->d_name)) {
			axev_error_clear(&problem);
			status = AXEV_OK;
		}
	}
	closedir(dir);
	if (status < 0 && err && err->status == AXEV_OK)
		*err = problem;
	return status;
}

int axev__git_check_packs(int git_dirfd, axev_error *err)
{
	return check_each(git_dirfd, NULL, err);
}

int axev__git_check_indexes(int git_dirfd, struct axev__git_known **known, axev_error *err)
{
	if (!*known)
		*known = calloc(1, sizeof(**known));
	if (!*known)
		return axev__nomem(err);
	return axev__prefix(check_each(git_dirfd, *known, err), err, "ledger.git");
}
