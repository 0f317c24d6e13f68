/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/sqlite_copy.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/path.h"
#include "base/text.h"
#include "base/time.h"

#define ATTEMPTS 3

/*
 * The -shm file is an index of the -wal that SQLite makes again; the copy is read without it, so that nothing but the
 * log decides what is in it. It is kept as it was all the same.
 */
static const struct part {
	const char *suffix, *path, *what;
	bool is_read;
} parts[] = {
	{ "", "data/sqlite/database", "database file", true },
	{ "-wal", "data/sqlite/database-wal", "write-ahead log", true },
	{ "-shm", "data/sqlite/database-shm", "index of the write-ahead log", false },
	{ "-journal", "data/sqlite/database-journal", "rollback journal", true },
};
#define PARTS AXEV__COUNT(parts)

struct found {
	int fd;
	struct stat before;
	uint8_t sha256[32];
};

static void close_all(struct found *found)
{
	size_t i;

	for (i = 0; i < PARTS; i++)
		if (found[i].fd >= 0)
			close(axev__steal_fd(&found[i].fd));
}

static int open_one(const char *path, const struct part *part, struct found *found, axev_error *err)
{
	char name[AXEV__MAX_PATH];
	struct axev__shown shown;

	found->fd = -1;
	if (snprintf(name, sizeof(name), "%s%s", path, part->suffix) >= (int)sizeof(name))
		return axev__fail(err, AXEV_E_LIMIT, "expected a path of at most %d bytes", AXEV__MAX_PATH - 10);
	if (part->suffix[0] && access(name, F_OK) < 0)
		return AXEV_OK;
	TRY(axev__open(AT_FDCWD, name, O_RDONLY | O_NONBLOCK, 0, &found->fd, err));
	if (fstat(found->fd, &found->before) < 0 || !S_ISREG(found->before.st_mode))
		return axev__fail(err, AXEV_E_INVAL, "expected a file, '%s' is none", axev__show_str(&shown, name));
	return AXEV_OK;
}

/* Into the copy, hashed on the way. */
static int copy_one(const struct axev__db_capture *capture, const struct part *part, struct found *found,
		    bool is_written, uint8_t out[32], axev_error *err)
{
	AXEV__HASHER *hasher = NULL;
	AXEV__FREE uint8_t *chunk = malloc(AXEV__COPY_CHUNK);
	AXEV__CLOSE int fd = -1;
	struct axev__digests digests;
	char path[160];
	size_t got;

	if (!chunk)
		return axev__nomem(err);
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	snprintf(path, sizeof(path), "%s/" AXEV__SQLITE_COPY "%s", capture->folder, part->suffix);
	if (is_written && part->is_read)
		TRY(axev__open(capture->take->ledger->dirfd, path, O_WRONLY | O_CREAT | O_TRUNC, 0600, &fd, err));
	if (lseek(found->fd, 0, SEEK_SET) < 0)
		return axev__fail(err, AXEV_E_IO, "cannot go to the beginning of the %s", part->what);
	do {
		TRY(axev__read_some(found->fd, chunk, AXEV__COPY_CHUNK, &got, err));
		TRY(axev__hasher_update(hasher, chunk, got, err));
		if (fd >= 0)
			TRY(axev__write_full(fd, chunk, got, err));
	} while (got > 0);
	TRY(axev__hasher_final(hasher, &digests, err));
	memcpy(out, digests.sha256, 32);
	return AXEV_OK;
}

static bool is_as_before(const char *path, const struct part *part, const struct found *found)
{
	char name[AXEV__MAX_PATH + 16];
	struct stat now;

	snprintf(name, sizeof(name), "%s%s", path, part->suffix);
	if (found->fd < 0)
		return access(name, F_OK) < 0;
	return stat(name, &now) == 0 && now.st_ino == found->before.st_ino && now.st_dev == found->before.st_dev &&
	       now.st_size == found->before.st_size && now.st_mtim.tv_sec == found->before.st_mtim.tv_sec &&
	       now.st_mtim.tv_nsec == found->before.st_mtim.tv_nsec;
}

/* All files are read, then all once more: equal both times, they are of one moment. */
static int copy_all(const struct axev__db_capture *capture, const char *path, struct found found[PARTS],
		    bool *ret_is_steady, axev_error *err)
{
	uint8_t again[32];
	size_t i;

	for (i = 0; i < PARTS; i++)
		found[i].fd = -1;
	for (i = 0; i < PARTS; i++)
		TRY(open_one(path, &parts[i], &found[i], err));
	for (i = 0; i < PARTS; i++)
		if (found[i].fd >= 0)
			TRY(copy_one(capture, &parts[i], &found[i], true, found[i].sha256, err));
	*ret_is_steady = true;
	for (i = 0; i < PARTS && *ret_is_steady; i++) {
		if (found[i].fd >= 0) {
			TRY(copy_one(capture, &parts[i], &found[i], false, again, err));
			*ret_is_steady = memcmp(again, found[i].sha256, 32) == 0;
		}
		*ret_is_steady = *ret_is_steady && is_as_before(path, &parts[i], &found[i]);
	}
	return AXEV_OK;
}

static int add_object(struct axev__db_capture *capture, const char *path, const struct part *part,
		      struct found *found, axev_error *err)
{
	AXEV__BUF name = AXEV__BUF_INIT(AXEV__MAX_SOURCE_NAME);
	struct axev__object object = { .path = part->path,
				       .media_type = part->suffix[0] ? "application/octet-stream" :
								       "application/vnd.sqlite3",
				       .role = "database",
				       .mode = (int)(found->before.st_mode & 07777) };
	struct axev__digests digests;

	object.modified_ns = (int64_t)found->before.st_mtim.tv_sec * AXEV__NS_PER_SECOND +
			     found->before.st_mtim.tv_nsec;
	TRY(axev__buf_span(&name, axev__base_name(axev__span_str(path)), err));
	TRY(axev__buf_str(&name, part->suffix, err));
	object.name = axev__buf_view(&name);
	if (lseek(found->fd, 0, SEEK_SET) < 0)
		return axev__fail(err, AXEV_E_IO, "cannot go to the beginning of the %s", part->what);
	TRY(axev__container_add_fd(capture->take->writer, part->path, found->fd, (uint64_t)found->before.st_size,
				   capture->take->env, &digests, err));
	if (memcmp(digests.sha256, found->sha256, 32) != 0)
		return axev__fail(err, AXEV_E_STATE, "the %s was written to while it was read; capture it again",
				  part->what);
	return axev__take_object(capture->take, &object, &digests, err);
}

static int copy_steadily(struct axev__db_capture *capture, const char *path, struct found found[PARTS],
			 axev_error *err)
{
	int dirfd = capture->take->ledger->dirfd;
	bool is_steady = false;
	int attempt;
	size_t i;

	for (attempt = 0; attempt < ATTEMPTS && !is_steady; attempt++) {
		close_all(found);
		TRY(axev__remove_tree(dirfd, capture->folder, err));
		TRY(axev__make_dirs_durable(dirfd, capture->folder, 0700, err));
		TRY(copy_all(capture, path, found, &is_steady, err));
	}
	if (!is_steady)
		return axev__fail(err, AXEV_E_STATE,
				  "the database was written to each time it was read: stop the program that writes");
	for (i = 0; i < PARTS; i++)
		if (found[i].fd >= 0)
			TRY(add_object(capture, path, &parts[i], &found[i], err));
	return axev__take_step(capture->take, "copy of the database's files", "read twice, the same both times", err);
}

int axev__sqlite_copy(struct axev__db_capture *capture, const char *path, axev_error *err)
{
	struct found found[PARTS];
	size_t i;
	int status;

	for (i = 0; i < PARTS; i++)
		found[i].fd = -1;
	status = copy_steadily(capture, path, found, err);
	close_all(found);
	return status;
}
