/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of the repository that are not objects: what init makes, the one ref, and how a pack is published.
 *
 * The ref is swapped with git's own lock-file protocol, so stock git and this library exclude each other,
 * and every step is fsynced here: libgit2 does that only by a process-wide switch.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "base/io.h"
#include "base/text.h"
#include "ledger/git_store.h"

#define HEAD_TEXT "ref: " AXEV__GIT_REF "\n"
#define REF_LOCK AXEV__GIT_REF ".lock"
#define STALE_TRIES 50 /* of 20 ms */

/* Stock git reads these: nothing is collected, rewritten or deleted behind the log's back. */
static const char config_text[] = "[core]\n"
				  "\trepositoryformatversion = 0\n"
				  "\tfilemode = true\n"
				  "\tbare = true\n"
				  "\tfsync = all\n"
				  "[gc]\n"
				  "\tauto = 0\n"
				  "\tpruneExpire = never\n"
				  "[receive]\n"
				  "\tfsckObjects = true\n"
				  "\tdenyNonFastForwards = true\n"
				  "\tdenyDeletes = true\n"
				  "[transfer]\n"
				  "\tfsckObjects = true\n";

int axev__git_init(int ledger_dirfd, axev_error *err)
{
	static const char *const directories[] = { "ledger.git/objects/pack", "ledger.git/objects/info",
						   "ledger.git/refs/heads", "ledger.git/refs/tags",
						   "ledger.git/lfs/objects", "ledger.git/incoming" };
	size_t i;

	for (i = 0; i < AXEV__COUNT(directories); i++)
		TRY(axev__make_dirs_durable(ledger_dirfd, directories[i], 0777, err));
	TRY(axev__create_file_durable(ledger_dirfd, "ledger.git/config", axev__span_str(config_text), 0644,
				      err));
	return axev__create_file_durable(ledger_dirfd, "ledger.git/HEAD", axev__span_str(HEAD_TEXT), 0644,
					 err);
}

/* A section header at the start of a line, in any case: "[extensions]" or "[extensions "..."]". */
static bool has_extensions(const char *config)
{
	const char *line = config;

	while (line) {
		line += strspn(line, " \t\r\n");
		if (*line == '[') {
			line += 1 + strspn(line + 1, " \t");
			if (strncasecmp(line, "extensions", 10) == 0)
				return true;
		}
		line = strchr(line, '\n');
	}
	return false;
}

int axev__git_check_repository(int git_dirfd, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	const char *version;

	TRY(axev__read_file(git_dirfd, "HEAD", &text, err));
	if (!axev__span_is(axev__buf_view(&text), HEAD_TEXT))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "ledger.git: HEAD must be " AXEV__GIT_REF);
	axev__buf_clear(&text);
	TRY(axev__read_file(git_dirfd, "config", &text, err));
	version = strcasestr((const char *)text.data, "repositoryformatversion");
	if (!version || version[strcspn(version, "=")] != '=' ||
	    atoi(version + strcspn(version, "=") + 1) != 0)
		return axev__fail(err, AXEV_E_UNSUPPORTED,
				  "ledger.git: expected repositoryformatversion 0");
	if (has_extensions((const char *)text.data))
		return axev__fail(err, AXEV_E_UNSUPPORTED,
				  "ledger.git: repository extensions are not supported");
	return AXEV_OK;
}

int axev__git_sync_dir(int git_dirfd, const char *path, axev_error *err)
{
	AXEV__CLOSE int fd = -1;

	TRY(axev__open(git_dirfd, path, O_RDONLY | O_DIRECTORY, 0, &fd, err));
	return axev__fsync(fd, path, err);
}

static int find_packed(int git_dirfd, struct axev__git_oid *ret_oid, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(64 * AXEV__MIB);
	const char *at;
	int status = axev__read_file(git_dirfd, "packed-refs", &text, NULL);

	if (status < 0 && status != AXEV_E_NOTFOUND)
		return axev__fail(err, status, "cannot read packed-refs");
	at = text.data ? strstr((const char *)text.data, " " AXEV__GIT_REF "\n") : NULL;
	if (!at || at - (const char *)text.data < 40 ||
	    !axev__unhex(ret_oid->id, sizeof(ret_oid->id), axev__span(at - 40, 40)))
		return axev__fail(err, AXEV_E_NOTFOUND, "ledger.git has no " AXEV__GIT_REF);
	return AXEV_OK;
}

int axev__git_ref_read(int git_dirfd, struct axev__git_oid *ret_oid, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__KIB);
	int status = axev__read_file(git_dirfd, AXEV__GIT_REF, &text, NULL);

	if (status == AXEV_E_NOTFOUND)
		return find_packed(git_dirfd, ret_oid, err);
	if (status < 0)
		return axev__fail(err, status, "cannot read " AXEV__GIT_REF);
	if (text.size < 40 || !axev__unhex(ret_oid->id, sizeof(ret_oid->id), axev__span(text.data, 40)))
		return axev__fail(err, AXEV_E_CORRUPT, AXEV__GIT_REF " is malformed");
	return AXEV_OK;
}

int axev__git_ref_read_durable(int git_dirfd, struct axev__git_oid *ret_oid, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	int status;

	TRY(axev__git_ref_read(git_dirfd, ret_oid, err));
	status = axev__git_sync_dir(git_dirfd, "refs/heads", &problem);
	/* A medium that cannot be written has nothing in flight. */
	if (status < 0 && problem.sys_errno != EROFS && problem.sys_errno != EINVAL &&
	    problem.status != AXEV_E_NOTFOUND)
		return axev__fail(err, status, "%s", problem.message);
	return AXEV_OK;
}

static int compare_old(int git_dirfd, const struct axev__git_oid *old, axev_error *err)
{
	struct axev__git_oid now;
	int status = axev__git_ref_read(git_dirfd, &now, NULL);

	if (status == AXEV_E_NOTFOUND && !old)
		return AXEV_OK;
	if (status < 0)
		return axev__fail(err, status, "cannot read " AXEV__GIT_REF);
	if (!old || !axev__git_oid_equal(&now, old))
		return axev__fail(err, AXEV_E_STATE, AXEV__GIT_REF " was moved by someone else");
	return AXEV_OK;
}

static int write_lock(int git_dirfd, int fd, const struct axev__git_oid *old,
		      const struct axev__git_oid *new_oid, bool *ret_is_unknown, axev_error *err)
{
	char line[42];

	TRY(compare_old(git_dirfd, old, err));
	axev__hex(line, new_oid->id, sizeof(new_oid->id));
	line[40] = '\n';
	TRY(axev__write_full(fd, line, 41, err));
	*ret_is_unknown = true;
	TRY(axev__fsync(fd, AXEV__GIT_REF, err));
	if (renameat(git_dirfd, REF_LOCK, git_dirfd, AXEV__GIT_REF) < 0)
		return axev__fail_errno(err, errno, "cannot move " AXEV__GIT_REF);
	return axev__git_sync_dir(git_dirfd, "refs/heads", err);
}

int axev__git_ref_swap(int git_dirfd, const struct axev__git_oid *old,
		       const struct axev__git_oid *new_oid, bool *ret_is_unknown, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	int status;

	*ret_is_unknown = false;
	TRY(axev__open(git_dirfd, REF_LOCK, O_WRONLY | O_CREAT | O_EXCL, 0644, &fd, err));
	status = write_lock(git_dirfd, fd, old, new_oid, ret_is_unknown, err);
	if (status < 0)
		unlinkat(git_dirfd, REF_LOCK, 0);
	else
		*ret_is_unknown = false;
	return status;
}

static int move_in(int git_dirfd, const char *name, const char *suffix, axev_error *err)
{
	char from[80], to[80];

	snprintf(from, sizeof(from), "incoming/pack-%s.%s", name, suffix);
	snprintf(to, sizeof(to), "objects/pack/pack-%s.%s", name, suffix);
	if (renameat(git_dirfd, from, git_dirfd, to) < 0)
		return axev__fail_errno(err, errno, "cannot move the batch into place");
	return AXEV_OK;
}

static int write_keep(int git_dirfd, const char *name, const struct axev__git_oid *commit,
		      const struct axev__git_oid *parent, bool *ret_is_unknown, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	char path[80], text[160], commit_hex[41], parent_hex[41] = "none";

	axev__hex(commit_hex, commit->id, 20);
	if (parent)
		axev__hex(parent_hex, parent->id, 20);
	snprintf(path, sizeof(path), "incoming/pack-%s.keep", name);
	snprintf(text, sizeof(text), AXEV__GIT_KEEP_TEXT "%s parent %s\n", commit_hex, parent_hex);
	TRY(axev__open(git_dirfd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644, &fd, err));
	TRY(axev__write_full(fd, text, strlen(text), err));
	*ret_is_unknown = true;
	TRY(axev__fsync(fd, "the batch", err));
	TRY(move_in(git_dirfd, name, "keep", err));
	return axev__git_sync_dir(git_dirfd, "objects/pack", err);
}

/*
 * The .keep goes first, durably: an outsider's `git repack -ad` must not drop a batch that no ref names yet, and after
 * a power cut recovery must know what stands here, or a signed note that nobody was told of would stay.
 */
int axev__git_pack_publish(int git_dirfd, const char *name, const struct axev__git_oid *commit,
			   const struct axev__git_oid *parent, bool *ret_is_unknown,
			   axev_error *err)
{
	*ret_is_unknown = false;
	TRY(write_keep(git_dirfd, name, commit, parent, ret_is_unknown, err));
	TRY(move_in(git_dirfd, name, "pack", err));
	TRY(move_in(git_dirfd, name, "idx", err));
	TRY(axev__git_sync_dir(git_dirfd, "objects/pack", err));
	*ret_is_unknown = false;
	return AXEV_OK;
}

void axev__git_keep_drop(int git_dirfd, const char *name)
{
	char path[80];

	/* Not durable and need not be: recovery drops the .keep of what is published. */
	snprintf(path, sizeof(path), "objects/pack/pack-%s.keep", name);
	unlinkat(git_dirfd, path, 0);
}

int axev__git_ref_unlock_stale(int git_dirfd, axev_error *err)
{
	struct timespec pause = { 0, 20000000 };
	struct stat st;
	int i;

	/*
	 * Caller holds the ledger's lock, so this is of a process of ours that died, or of a stock git that works on its
	 * refs just now (`git pack-refs`), which holds it for moments: taking that away could bring back an old ref.
	 */
	for (i = 0; i < STALE_TRIES; i++) {
		if (fstatat(git_dirfd, REF_LOCK, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
			return AXEV_OK;
		nanosleep(&pause, NULL);
	}
	if (unlinkat(git_dirfd, REF_LOCK, 0) < 0 && errno != ENOENT)
		return axev__fail_errno(err, errno, "cannot remove the stale " REF_LOCK);
	return AXEV_OK;
}
