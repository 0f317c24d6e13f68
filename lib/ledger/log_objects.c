/* SPDX-License-Identifier: Apache-2.0 */
/* Package bytes: files in git-lfs's own layout, named by SHA-256, written once. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

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

int axev__ledger_object_commit(struct axev__ledger *ledger, const char *draft_path,
			       const uint8_t sha256[32], axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	char path[AXEV__OBJECT_PATH], directory[AXEV__OBJECT_PATH];

	axev__ledger_object_path(sha256, path);
	memcpy(directory, path, sizeof(directory));
	*strrchr(directory, '/') = '\0';
	TRY(sync_draft(ledger->dirfd, draft_path, err));
	TRY(axev__make_dirs_durable(ledger->dirfd, directory, 0777, err));
	if (linkat(ledger->dirfd, draft_path, ledger->dirfd, path, 0) < 0 && errno != EEXIST)
		return axev__fail_errno(err, errno, "cannot put the package into the store");
	TRY(axev__open(ledger->dirfd, directory, O_RDONLY | O_DIRECTORY, 0, &fd, err));
	return axev__fsync(fd, "the store", err);
}

int axev__ledger_object_open(struct axev__ledger *ledger, const uint8_t sha256[32], int *ret_fd,
			     axev_error *err)
{
	char path[AXEV__OBJECT_PATH];

	axev__ledger_object_path(sha256, path);
	return axev__open(ledger->dirfd, path, O_RDONLY | O_NOFOLLOW, 0, ret_fd, err);
}
