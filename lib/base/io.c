/* SPDX-License-Identifier: Apache-2.0 */
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/text.h"

int axev__read_some(int fd, void *out, size_t size, size_t *ret_got, axev_error *err)
{
	ssize_t got;

	do {
		got = read(fd, out, size);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return axev__fail_errno(err, errno, "reading failed");
	*ret_got = (size_t)got;
	return AXEV_OK;
}

int axev__pread_full(int fd, void *out, size_t size, uint64_t offset, axev_error *err)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = pread(fd, (uint8_t *)out + done, size - done, (off_t)(offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return axev__fail_errno(err, errno, "reading failed");
		if (got == 0)
			return axev__fail_at(err, AXEV_E_FORMAT, offset + done,
					     "expected %zu more bytes, found the end of the file",
					     size - done);
		done += (size_t)got;
	}
	return AXEV_OK;
}

int axev__pwrite_full(int fd, const void *data, size_t size, uint64_t offset, axev_error *err)
{
	size_t done = 0;

	while (done < size) {
		ssize_t put = pwrite(fd, (const uint8_t *)data + done, size - done,
				     (off_t)(offset + done));

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return axev__fail_errno(err, errno, "writing failed");
		done += (size_t)put;
	}
	return AXEV_OK;
}

int axev__write_full(int fd, const void *data, size_t size, axev_error *err)
{
	size_t done = 0;

	while (done < size) {
		ssize_t put = write(fd, (const uint8_t *)data + done, size - done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return axev__fail_errno(err, errno, "writing failed");
		done += (size_t)put;
	}
	return AXEV_OK;
}

int axev__file_size(int fd, uint64_t *ret_bytes, axev_error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return axev__fail_errno(err, errno, "cannot look at the file");
	*ret_bytes = (uint64_t)st.st_size;
	return AXEV_OK;
}

int axev__open(int dirfd, const char *path, int flags, mode_t mode, int *ret_fd, axev_error *err)
{
	struct axev__shown shown;
	int fd;

	do {
		fd = openat(dirfd, path, flags | O_CLOEXEC, mode);
	} while (fd < 0 && errno == EINTR);
	if (fd < 0 && errno == ENOENT) {
		axev__fail_errno(err, ENOENT, "cannot open");
		if (err && err->status == AXEV_E_IO)
			err->status = AXEV_E_NOTFOUND;
		return axev__prefix(AXEV_E_NOTFOUND, err, "%s", axev__show_str(&shown, path));
	}
	if (fd < 0)
		return axev__prefix(axev__fail_errno(err, errno, "cannot open"), err, "%s",
				    axev__show_str(&shown, path));
	*ret_fd = fd;
	return AXEV_OK;
}

static int read_to_end(int fd, struct axev__buf *out, axev_error *err)
{
	uint8_t chunk[16384];
	size_t got;

	for (;;) {
		TRY(axev__read_some(fd, chunk, sizeof(chunk), &got, err));
		if (got == 0)
			return axev__buf_append(out, "", 0, err);
		TRY(axev__buf_append(out, chunk, got, err));
	}
}

int axev__read_file(int dirfd, const char *path, struct axev__buf *out, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	struct axev__shown shown;
	struct stat st;

	TRY(axev__open(dirfd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0, &fd, err));
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		return axev__prefix(axev__fail(err, AXEV_E_INVAL, "expected a regular file"), err, "%s",
				    axev__show_str(&shown, path));
	return axev__prefix(read_to_end(fd, out, err), err, "%s", axev__show_str(&shown, path));
}

int axev__fsync(int fd, const char *what, axev_error *err)
{
	/* A failed fsync is never repeated: the kernel may have dropped the pages (ATC'20, Rebello). */
	if (fsync(fd) < 0)
		return axev__fail_errno(err, errno, "cannot make %s durable", what);
	return AXEV_OK;
}

static int write_temporary(int dirfd, const char *temporary, struct axev__span data, mode_t mode,
			   axev_error *err)
{
	AXEV__CLOSE int fd = -1;

	TRY(axev__open(dirfd, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode, &fd, err));
	/* The mode asked for, whatever the umask of the host process is. */
	if (fchmod(fd, mode) < 0)
		return axev__fail_errno(err, errno, "cannot set permissions");
	TRY(axev__write_full(fd, data.data, data.size, err));
	return axev__fsync(fd, "the file", err);
}

static int publish(int dirfd, const char *name, struct axev__span data, mode_t mode, bool replace,
		   axev_error *err)
{
	char temporary[AXEV__MAX_PATH];
	int status = AXEV_OK;

	if (snprintf(temporary, sizeof(temporary), "%s.tmp%ld", name, (long)getpid()) >=
	    (int)sizeof(temporary))
		return axev__fail(err, AXEV_E_LIMIT, "path too long");
	status = write_temporary(dirfd, temporary, data, mode, err);
	if (status == AXEV_OK && replace && renameat(dirfd, temporary, dirfd, name) < 0)
		status = axev__fail_errno(err, errno, "cannot rename into place");
	if (status == AXEV_OK && !replace && linkat(dirfd, temporary, dirfd, name, 0) < 0) {
		if (errno == EEXIST)
			status = axev__fail(err, AXEV_E_EXISTS, "exists already");
		else
			status = axev__fail_errno(err, errno, "cannot link into place");
	}
	if (status != AXEV_OK || !replace)
		unlinkat(dirfd, temporary, 0);
	return status;
}

/* fsync of the directory that holds @name. */
static int sync_parent(int dirfd, const char *name, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	char parent[AXEV__MAX_PATH];
	const char *slash = strrchr(name, '/');
	size_t length = slash ? (size_t)(slash - name) : 0;

	if (length >= sizeof(parent))
		return axev__fail(err, AXEV_E_LIMIT, "path too long");
	memcpy(parent, name, length);
	parent[length] = '\0';
	if (slash == name)
		strcpy(parent, "/");
	TRY(axev__open(dirfd, parent[0] ? parent : ".", O_RDONLY | O_DIRECTORY, 0, &fd, err));
	return axev__fsync(fd, "the directory", err);
}

static int publish_durable(int dirfd, const char *name, struct axev__span data, mode_t mode,
			   bool replace, axev_error *err)
{
	struct axev__shown shown;
	int status = publish(dirfd, name, data, mode, replace, err);

	if (status == AXEV_OK)
		status = sync_parent(dirfd, name, err);
	return axev__prefix(status, err, "%s", axev__show_str(&shown, name));
}

int axev__write_file_durable(int dirfd, const char *name, struct axev__span data, mode_t mode,
			     axev_error *err)
{
	return publish_durable(dirfd, name, data, mode, true, err);
}

int axev__create_file_durable(int dirfd, const char *name, struct axev__span data, mode_t mode,
			      axev_error *err)
{
	return publish_durable(dirfd, name, data, mode, false, err);
}

static int make_one_dir(int dirfd, const char *path, mode_t mode, axev_error *err)
{
	struct axev__shown shown;

	if (mkdirat(dirfd, path, mode) < 0) {
		if (errno == EEXIST)
			return AXEV_OK;
		return axev__prefix(axev__fail_errno(err, errno, "cannot make the directory"), err, "%s",
				    axev__show_str(&shown, path));
	}
	return sync_parent(dirfd, path, err);
}

int axev__make_dirs_durable(int dirfd, const char *path, mode_t mode, axev_error *err)
{
	char partial[AXEV__MAX_PATH];
	size_t length = strlen(path), i;

	if (length == 0 || length >= sizeof(partial))
		return axev__fail(err, AXEV_E_INVAL, "expected a path of 1 to %d bytes",
				  AXEV__MAX_PATH - 1);
	for (i = 1; i <= length; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(partial, path, i);
		partial[i] = '\0';
		TRY(make_one_dir(dirfd, partial, mode, err));
	}
	return AXEV_OK;
}

int axev__rename_durable(int dirfd, const char *from, const char *to, axev_error *err)
{
	struct axev__shown shown;

	if (renameat(dirfd, from, dirfd, to) < 0)
		return axev__prefix(axev__fail_errno(err, errno, "cannot rename"), err, "%s",
				    axev__show_str(&shown, from));
	TRY(sync_parent(dirfd, from, err));
	return sync_parent(dirfd, to, err);
}

static int remove_children(int fd, axev_error *err, int depth);

static int remove_child(int fd, const char *name, axev_error *err, int depth)
{
	AXEV__CLOSE int child = -1;

	if (unlinkat(fd, name, 0) == 0)
		return AXEV_OK;
	if (errno != EISDIR && errno != EPERM)
		return axev__fail_errno(err, errno, "cannot remove");
	TRY(axev__open(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0, &child, err));
	TRY(remove_children(axev__steal_fd(&child), err, depth + 1));
	if (unlinkat(fd, name, AT_REMOVEDIR) < 0)
		return axev__fail_errno(err, errno, "cannot remove");
	return AXEV_OK;
}

/* Takes @fd over. */
static int remove_children(int fd, axev_error *err, int depth)
{
	DIR *dir = depth <= AXEV__MAX_TREE_DEPTH ? fdopendir(fd) : NULL;
	struct dirent *entry;
	int status = AXEV_OK;

	if (!dir) {
		close(fd);
		return axev__fail(err, AXEV_E_LIMIT, "cannot list the directory");
	}
	while (status == AXEV_OK && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			status = remove_child(dirfd(dir), entry->d_name, err, depth);
	closedir(dir);
	return status;
}

int axev__remove_tree(int dirfd, const char *path, axev_error *err)
{
	struct axev__shown shown;
	struct stat st;

	if (fstatat(dirfd, path, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
		return AXEV_OK;
	return axev__prefix(remove_child(dirfd, path, err, 0), err, "%s", axev__show_str(&shown, path));
}
