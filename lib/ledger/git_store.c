/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/git_store.h"

#include <errno.h>
#include <fcntl.h>
#include <git2.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/io.h"
#include "base/text.h"

#define MAX_OPEN_PACKS 128

struct axev__git_store {
	git_odb *odb;
	char *incoming, *objects; /* paths in ledger.git: libgit2 knows no directory descriptors */
	int dirfd;
	struct axev__git_known *known; /* indexes that were found good */
};

AXEV_PRINTF(3, 4)
static int git_fail(axev_error *err, int status, const char *format, ...)
{
	const git_error *last = git_error_last();
	struct axev__shown shown;
	char what[200];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return axev__fail(err, status, "%s: %s", what,
			  axev__show_str(&shown, last && last->message ? last->message : "unknown"));
}

void axev__git_store_free(struct axev__git_store *store)
{
	if (!store)
		return;
	git_odb_free(store->odb);
	axev__closep(&store->dirfd);
	free(store->incoming);
	free(store->objects);
	axev__git_known_free(store->known);
	free(store);
	git_libgit2_shutdown();
}

/*
 * libgit2 keeps every pack open that it has read, one descriptor each: a ledger of a thousand batches would end the
 * process's descriptors. The limit is one of the process; a host that has set its own keeps it.
 */
static void limit_open_packs(void)
{
	size_t limit = 0;

	if (git_libgit2_opts(GIT_OPT_GET_MWINDOW_FILE_LIMIT, &limit) == 0 && limit == 0)
		git_libgit2_opts(GIT_OPT_SET_MWINDOW_FILE_LIMIT, (size_t)MAX_OPEN_PACKS);
}

static int open_odb(struct axev__git_store *store, axev_error *err)
{
	git_odb *odb = NULL;

	TRY(axev__git_check_indexes(store->dirfd, &store->known, err));
	if (git_odb_open(&odb, store->objects) < 0)
		return git_fail(err, AXEV_E_CORRUPT, "cannot open the object database");
	git_odb_free(store->odb);
	store->odb = odb;
	return AXEV_OK;
}

/* Absolute: the host process may change its directory. */
static int set_paths(struct axev__git_store *store, const char *ledger_path, axev_error *err)
{
	AXEV__FREE char *absolute = realpath(ledger_path, NULL);

	if (!absolute)
		return axev__fail_errno(err, errno, "cannot resolve the path");
	if (asprintf(&store->incoming, "%s/ledger.git/incoming", absolute) < 0) {
		store->incoming = NULL;
		return axev__nomem(err);
	}
	if (asprintf(&store->objects, "%s/ledger.git/objects", absolute) < 0) {
		store->objects = NULL;
		return axev__nomem(err);
	}
	return AXEV_OK;
}

/* Opening anew also lets go of packs that are gone. */
int axev__git_store_reopen(struct axev__git_store *store, axev_error *err)
{
	return open_odb(store, err);
}

int axev__git_store_open(int ledger_dirfd, const char *ledger_path, struct axev__git_store **ret_store,
			 axev_error *err)
{
	struct axev__git_store *store = calloc(1, sizeof(*store));
	int status;

	if (!store)
		return axev__nomem(err);
	store->dirfd = -1;
	git_libgit2_init();
	limit_open_packs();
	status = axev__open(ledger_dirfd, "ledger.git", O_RDONLY | O_DIRECTORY, 0, &store->dirfd, err);
	if (status == AXEV_OK)
		status = axev__git_check_repository(store->dirfd, err);
	if (status == AXEV_OK)
		status = set_paths(store, ledger_path, err);
	if (status == AXEV_OK)
		status = open_odb(store, err);
	if (status < 0) {
		axev__git_store_free(store);
		return status;
	}
	*ret_store = store;
	return AXEV_OK;
}

int axev__git_store_dirfd(const struct axev__git_store *store)
{
	return store->dirfd;
}

int axev__git_store_refresh(struct axev__git_store *store, axev_error *err)
{
	TRY(axev__git_check_indexes(store->dirfd, &store->known, err));
	if (git_odb_refresh(store->odb) < 0)
		return git_fail(err, AXEV_E_CORRUPT, "cannot look for new packs");
	return AXEV_OK;
}

int axev__git_store_read_any(struct axev__git_store *store, const struct axev__git_oid *oid,
			     enum axev__git_type *ret_type, struct axev__buf *ret_bytes,
			     axev_error *err)
{
	git_odb_object *object = NULL;
	git_object_t found;
	char hex[41];
	git_oid id;
	size_t size;
	int status;

	memcpy(id.id, oid->id, sizeof(id.id));
	axev__hex(hex, oid->id, sizeof(oid->id));
	/* The size first: a small pack can hold an object that would fill the memory. */
	if (git_odb_read_header(&size, &found, store->odb, &id) < 0)
		return git_fail(err, AXEV_E_CORRUPT, "cannot read git object %s", hex);
	if (size > AXEV__MAX_GIT_OBJECT)
		return axev__fail(err, AXEV_E_CORRUPT, "git object %s: %zu bytes, expected at most %zu", hex,
				  size, AXEV__MAX_GIT_OBJECT);
	if (found != GIT_OBJECT_COMMIT && found != GIT_OBJECT_TREE && found != GIT_OBJECT_BLOB)
		return axev__fail(err, AXEV_E_CORRUPT, "git object %s: expected another type", hex);
	if (git_odb_read(&object, store->odb, &id) < 0)
		return git_fail(err, AXEV_E_CORRUPT, "cannot read git object %s", hex);
	axev__buf_clear(ret_bytes);
	status = axev__buf_append(ret_bytes, git_odb_object_data(object), git_odb_object_size(object), err);
	*ret_type = (enum axev__git_type)git_odb_object_type(object);
	git_odb_object_free(object);
	return status;
}

int axev__git_store_read(struct axev__git_store *store, const struct axev__git_oid *oid,
			 enum axev__git_type type, struct axev__buf *ret_bytes, axev_error *err)
{
	enum axev__git_type found;
	char hex[41];

	TRY(axev__git_store_read_any(store, oid, &found, ret_bytes, err));
	if (found == type)
		return AXEV_OK;
	axev__hex(hex, oid->id, sizeof(oid->id));
	return axev__fail(err, AXEV_E_CORRUPT, "git object %s: expected another type", hex);
}

static int not_written(axev_error *err)
{
	return axev__fail(err, AXEV_E_CORRUPT,
			  "the batch read back is not what was written: memory or disk at fault");
}

/* gitformat-pack(5), index version 2: magic, version, fan-out of 256, sorted names. */
static int compare_index(int dirfd, const char *path, struct axev__git_pack *pack, axev_error *err)
{
	AXEV__BUF index = AXEV__BUF_INIT(AXEV__GIB);
	const struct axev__git_oid *names;
	size_t count;

	names = axev__git_pack_names(pack, &count);
	TRY(axev__read_file(dirfd, path, &index, err));
	if (index.size < 1032 + count * sizeof(*names) || memcmp(index.data, "\377tOc\0\0\0\2", 8) ||
	    axev__get_u32be(index.data + 8 + 255 * 4) != count ||
	    memcmp(index.data + 1032, names, count * sizeof(*names)) != 0)
		return not_written(err);
	return AXEV_OK;
}

/* What the disk (or its cache) gives back is what was written, byte by byte. */
static int compare_stream(int dirfd, const char *path, struct axev__span stream, axev_error *err)
{
	AXEV__FREE uint8_t *chunk = malloc(AXEV__COPY_CHUNK);
	AXEV__CLOSE int fd = -1;
	size_t done = 0, got;

	if (!chunk)
		return axev__nomem(err);
	TRY(axev__open(dirfd, path, O_RDONLY, 0, &fd, err));
	do {
		TRY(axev__read_some(fd, chunk, AXEV__COPY_CHUNK, &got, err));
		if (got > stream.size - done || memcmp(chunk, stream.data + done, got) != 0)
			return not_written(err);
		done += got;
	} while (got);
	return done == stream.size ? AXEV_OK : not_written(err);
}

static int sync_file(int dirfd, const char *path, bool *ret_is_unknown, axev_error *err)
{
	AXEV__CLOSE int fd = -1;

	TRY(axev__open(dirfd, path, O_RDONLY, 0, &fd, err));
	*ret_is_unknown = true;
	TRY(axev__fsync(fd, "the batch", err));
	*ret_is_unknown = false;
	return AXEV_OK;
}

static int run_indexer(struct axev__git_store *store, struct axev__span stream, char ret_name[41],
		       axev_error *err)
{
	git_indexer_options options = GIT_INDEXER_OPTIONS_INIT;
	git_indexer_progress progress = { 0 };
	git_indexer *indexer = NULL;
	int status = AXEV_OK;

	/* No database to look into: looking up what exists slows down with the number of packs. */
	if (git_indexer_new(&indexer, store->incoming, 0444, NULL, &options) < 0)
		return git_fail(err, AXEV_E_IO, "cannot start a batch");
	if (git_indexer_append(indexer, stream.data, stream.size, &progress) < 0 ||
	    git_indexer_commit(indexer, &progress) < 0)
		status = git_fail(err, AXEV_E_IO, "cannot write the batch");
	else
		git_oid_tostr(ret_name, 41, git_indexer_hash(indexer));
	git_indexer_free(indexer);
	return status;
}

static int write_incoming(struct axev__git_store *store, struct axev__git_pack *pack,
			  char ret_name[41], bool *ret_is_unknown, axev_error *err)
{
	struct axev__span stream;
	char path[80];

	TRY(axev__make_dirs_durable(store->dirfd, "incoming", 0777, err));
	TRY(axev__git_pack_finish(pack, &stream, err));
	TRY(run_indexer(store, stream, ret_name, err));
	snprintf(path, sizeof(path), "incoming/pack-%s.pack", ret_name);
	TRY(sync_file(store->dirfd, path, ret_is_unknown, err));
	TRY(compare_stream(store->dirfd, path, stream, err));
	snprintf(path, sizeof(path), "incoming/pack-%s.idx", ret_name);
	TRY(sync_file(store->dirfd, path, ret_is_unknown, err));
	return compare_index(store->dirfd, path, pack, err);
}

int axev__git_store_incoming(struct axev__git_store *store, struct axev__git_pack *pack,
			     char ret_name[41], bool *ret_is_unknown, axev_error *err)
{
	int status;

	*ret_is_unknown = false;
	status = write_incoming(store, pack, ret_name, ret_is_unknown, err);
	/* A full disk must not stay full of what came to nothing. */
	if (status < 0)
		axev__remove_tree(store->dirfd, "incoming", NULL);
	return status;
}
