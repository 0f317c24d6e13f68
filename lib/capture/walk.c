/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"

struct names {
	char **items;
	size_t count, capacity;
};

static void free_names(struct names *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
}

static int add_name(struct names *names, const char *name, axev_error *err)
{
	if (names->count == names->capacity) {
		size_t capacity = names->capacity ? 2 * names->capacity : 64;
		char **items = reallocarray(names->items, capacity, sizeof(*items));

		if (!items)
			return axev__nomem(err);
		names->items = items;
		names->capacity = capacity;
	}
	names->items[names->count] = strdup(name);
	return names->items[names->count++] ? AXEV_OK : axev__nomem(err);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All names first, sorted, so that the order does not depend on the file system. */
static int list_folder(int fd, struct names *names, axev_error *err)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
	struct dirent *entry;
	int status = AXEV_OK;

	if (!dir) {
		if (copy >= 0)
			close(copy);
		return axev__fail_errno(err, errno, "cannot list the folder");
	}
	errno = 0;
	while (status == AXEV_OK && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			status = add_name(names, entry->d_name, err);
	if (status == AXEV_OK && errno)
		status = axev__fail_errno(err, errno, "cannot list the folder");
	closedir(dir);
	if (names->count)
		qsort(names->items, names->count, sizeof(*names->items), compare_names);
	return status;
}

static const char *why_not(const struct stat *st)
{
	switch (st->st_mode & S_IFMT) {
	case S_IFLNK:
		return "symbolic link, not followed";
	case S_IFIFO:
		return "named pipe";
	case S_IFSOCK:
		return "socket";
	case S_IFBLK:
	case S_IFCHR:
		return "device";
	default:
		return "neither file nor folder";
	}
}

static int walk_one(int parent, const char *component, struct axev__buf *name,
		    const struct axev__walk *walk, int depth, axev_error *err);

static int walk_folder(int fd, struct axev__buf *name, const struct axev__walk *walk, int depth,
		       axev_error *err)
{
	AXEV__CLEANUP(free_names) struct names names = { 0 };
	size_t length = name->size, i;

	if (depth > AXEV__MAX_TREE_DEPTH)
		return walk->skipped(walk->payload, axev__buf_view(name), "folders nested too deeply", err);
	TRY(list_folder(fd, &names, err));
	for (i = 0; i < names.count; i++) {
		TRY(axev__buf_byte(name, '/', err));
		TRY(axev__buf_str(name, names.items[i], err));
		TRY(walk_one(fd, names.items[i], name, walk, depth, err));
		name->size = length;
		name->data[length] = '\0';
	}
	return AXEV_OK;
}

static int skip_unreadable(struct axev__buf *name, const struct axev__walk *walk, axev_error *err)
{
	char why[160], reason[100];

	snprintf(why, sizeof(why), "cannot be read: %s",
		 strerror_r(errno, reason, sizeof(reason)));
	return walk->skipped(walk->payload, axev__buf_view(name), why, err);
}

static int walk_one(int parent, const char *component, struct axev__buf *name,
		    const struct axev__walk *walk, int depth, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	struct axev__walk_file file = { axev__buf_view(name), -1, { 0 } };
	struct stat st;

	if (fstatat(parent, component, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return skip_unreadable(name, walk, err);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return walk->skipped(walk->payload, axev__buf_view(name), why_not(&st), err);
	/* O_NOFOLLOW: the name may have become a link since. O_NONBLOCK: or a pipe. */
	fd = openat(parent, component,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC |
			    (S_ISDIR(st.st_mode) ? O_DIRECTORY : 0));
	if (fd < 0 || fstat(fd, &file.before) < 0)
		return skip_unreadable(name, walk, err);
	if (S_ISDIR(file.before.st_mode))
		return walk_folder(fd, name, walk, depth + 1, err);
	if (!S_ISREG(file.before.st_mode))
		return walk->skipped(walk->payload, axev__buf_view(name), why_not(&file.before), err);
	file.fd = fd;
	return walk->file(walk->payload, &file, err);
}

/* The last component of a root as the user named it; "." when there is none. */
static struct axev__span root_name(const char *root)
{
	size_t end = strlen(root), start;

	while (end > 1 && root[end - 1] == '/')
		end--;
	for (start = end; start > 0 && root[start - 1] != '/'; start--)
		;
	return start == end ? axev__span_str(".") : axev__span(root + start, end - start);
}

int axev__walk_root(const char *root, const struct axev__walk *walk, axev_error *err)
{
	AXEV__BUF name = AXEV__BUF_INIT(AXEV__MAX_SOURCE_NAME);
	struct axev__shown shown;
	struct stat st;

	if (fstatat(AT_FDCWD, root, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return axev__prefix(axev__fail_errno(err, errno, "cannot be captured"), err, "%s",
				    axev__show_str(&shown, root));
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return axev__prefix(axev__fail(err, AXEV_E_INVAL,
					       "expected a file or folder, found: %s", why_not(&st)),
				    err, "%s", axev__show_str(&shown, root));
	TRY(axev__buf_span(&name, root_name(root), err));
	return axev__prefix(walk_one(AT_FDCWD, root, &name, walk, 0, err), err, "%s",
			    axev__show_str(&shown, root));
}
