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
	const char *suffix, *copy_suffix, *path, *what;
} parts[] = {
	{ "", "", "data/sqlite/database", "database file" },
	{ "-wal", "-wal", "data/sqlite/database-wal", "write-ahead log" },
	{ "-shm", ".kept-shm", "data/sqlite/database-shm", "index of the write-ahead log" },
	{ "-journal", "-journal", "data/sqlite/database-journal", "rollback journal" },
};
#define PARTS AXEV__COUNT(parts)

struct found {
	int fd; /* -1: there is no such file */
	int copy_fd;
	struct stat before;
	uint64_t size_bytes; /* of the copy */
};

static void close_all(struct found *found)
{
	size_t i;

	for (i = 0; i < PARTS; i++) {
		if (found[i].fd >= 0)
			close(axev__steal_fd(&found[i].fd));
		if (found[i].copy_fd >= 0)
			close(axev__steal_fd(&found[i].copy_fd));
	}
}

static int open_one(const char *path, const struct part *part, struct found *found, axev_error *err)
{
	char name[AXEV__MAX_PATH];
	struct axev__shown shown;

	if (snprintf(name, sizeof(name), "%s%s", path, part->suffix) >= (int)sizeof(name))
		return axev__fail(err, AXEV_E_LIMIT, "expected a path of at most %d bytes", AXEV__MAX_PATH - 10);
	if (part->suffix[0] && access(name, F_OK) < 0)
		return AXEV_OK;
	TRY(axev__open(AT_FDCWD, name, O_RDONLY | O_NONBLOCK, 0, &found->fd, err));
	if (fstat(found->fd, &found->before) < 0 || !S_ISREG(found->before.st_mode))
		return axev__fail(err, AXEV_E_INVAL, "expected a file, '%s' is none", axev__show_str(&shown, name));
	return AXEV_OK;
}

static int copy_one(const struct axev__db_capture *capture, const struct part *part, struct found *found, axev_error *err)
{
	AXEV__FREE uint8_t *chunk = malloc(AXEV__COPY_CHUNK);
	char path[160];
	size_t got;

	if (!chunk)
		return axev__nomem(err);
	snprintf(path, sizeof(path), "%s/" AXEV__SQLITE_COPY "%s", capture->folder, part->copy_suffix);
	TRY(axev__open(capture->take->ledger->dirfd, path, O_RDWR | O_CREAT | O_TRUNC, 0600, &found->copy_fd, err));
	found->size_bytes = 0;
	do {
		TRY(axev__read_some(found->fd, chunk, AXEV__COPY_CHUNK, &got, err));
		TRY(axev__write_full(found->copy_fd, chunk, got, err));
		found->size_bytes += got;
	} while (got > 0);
	return AXEV_OK;
}

/* The file once more, against its copy. */
static int is_as_copied(const struct part *part, const struct found *found, bool *ret_is, axev_error *err)
{
	AXEV__FREE uint8_t *now = malloc(AXEV__COPY_CHUNK), *copied = malloc(AXEV__COPY_CHUNK);
	uint64_t at = 0;
	size_t got = 0;

	if (!now || !copied)
		return axev__nomem(err);
	if (lseek(found->fd, 0, SEEK_SET) < 0)
		return axev__fail(err, AXEV_E_IO, "cannot go to the beginning of the %s", part->what);
	do {
		TRY(axev__read_some(found->fd, now, AXEV__COPY_CHUNK, &got, err));
		*ret_is = got <= found->size_bytes - at;
		if (!*ret_is)
			return AXEV_OK;
		TRY(axev__pread_full(found->copy_fd, copied, got, at, err));
		*ret_is = memcmp(now, copied, got) == 0;
		at += got;
	} while (*ret_is && got > 0);
	*ret_is = *ret_is && at == found->size_bytes;
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

/* All files are copied, then all are read once more: equal both times, they are of one moment. */
static int copy_all(const struct axev__db_capture *capture, const char *path, struct found found[PARTS],
		    bool *ret_is_steady, axev_error *err)
{
	size_t i;

	for (i = 0; i < PARTS; i++)
		TRY(open_one(path, &parts[i], &found[i], err));
	for (i = 0; i < PARTS; i++)
		if (found[i].fd >= 0)
			TRY(copy_one(capture, &parts[i], &found[i], err));
	*ret_is_steady = true;
	for (i = 0; i < PARTS && *ret_is_steady; i++) {
		if (found[i].fd >= 0)
			TRY(is_as_copied(&parts[i], &found[i], ret_is_steady, err));
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
	if (lseek(found->copy_fd, 0, SEEK_SET) < 0)
		return axev__fail(err, AXEV_E_IO, "cannot go to the beginning of the copy of the %s", part->what);
	TRY(axev__container_add_fd(capture->take->writer, part->path, found->copy_fd, found->size_bytes, capture->take->env,
				   &digests, err));
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
		found[i].fd = found[i].copy_fd = -1;
	status = copy_steadily(capture, path, found, err);
	close_all(found);
	return status;
}
