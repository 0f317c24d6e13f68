/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/git_store.h"

#include <fcntl.h>
#include <git2.h>
#include <stdio.h>

#include "base/io.h"
#include "base/text.h"

struct axev__git_store {
	git_odb *odb;
	char *incoming; /* path of ledger.git/incoming: libgit2 knows no directory descriptors */
	int dirfd;
};

static int git_fail(axev_error *err, int status, const char *what)
{
	const git_error *last = git_error_last();
	struct axev__shown shown;

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
	free(store);
	git_libgit2_shutdown();
}

static int open_odb(struct axev__git_store *store, const char *ledger_path, axev_error *err)
{
	AXEV__FREE char *objects = NULL;

	if (asprintf(&store->incoming, "%s/ledger.git/incoming", ledger_path) < 0)
		return axev__nomem(err);
	if (asprintf(&objects, "%s/ledger.git/objects", ledger_path) < 0)
		return axev__nomem(err);
	if (git_odb_open(&store->odb, objects) < 0)
		return git_fail(err, AXEV_E_CORRUPT, "cannot open the object database");
	return AXEV_OK;
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
	status = axev__open(ledger_dirfd, "ledger.git", O_RDONLY | O_DIRECTORY, 0, &store->dirfd, err);
	if (status == AXEV_OK)
		status = axev__git_check_repository(store->dirfd, err);
	if (status == AXEV_OK)
		status = open_odb(store, ledger_path, err);
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
	if (git_odb_refresh(store->odb) < 0)
		return git_fail(err, AXEV_E_CORRUPT, "cannot look for new packs");
	return AXEV_OK;
}

int axev__git_store_read(struct axev__git_store *store, const struct axev__git_oid *oid,
			 enum axev__git_type type, struct axev__buf *ret_bytes, axev_error *err)
{
	git_odb_object *object = NULL;
	char hex[41];
	git_oid id;
	int status;

	memcpy(id.id, oid->id, sizeof(id.id));
	axev__hex(hex, oid->id, sizeof(oid->id));
	if (git_odb_read(&object, store->odb, &id) < 0)
		return axev__prefix(git_fail(err, AXEV_E_CORRUPT, "cannot read the git object"), err,
				    "%s", hex);
	axev__buf_clear(ret_bytes);
	if ((int)git_odb_object_type(object) != (int)type)
		status = axev__fail(err, AXEV_E_CORRUPT, "git object %s: expected another type", hex);
	else
		status = axev__buf_append(ret_bytes, git_odb_object_data(object),
					  git_odb_object_size(object), err);
	git_odb_object_free(object);
	return status;
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
		return axev__fail(err, AXEV_E_CORRUPT,
				  "the batch read back is not what was written: memory or disk at fault");
	return AXEV_OK;
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

int axev__git_store_incoming(struct axev__git_store *store, struct axev__git_pack *pack,
			     char ret_name[41], bool *ret_is_unknown, axev_error *err)
{
	struct axev__span stream;
	char path[80];

	*ret_is_unknown = false;
	TRY(axev__make_dirs_durable(store->dirfd, "incoming", 0777, err));
	TRY(axev__git_pack_finish(pack, &stream, err));
	TRY(run_indexer(store, stream, ret_name, err));
	snprintf(path, sizeof(path), "incoming/pack-%s.pack", ret_name);
	TRY(sync_file(store->dirfd, path, ret_is_unknown, err));
	snprintf(path, sizeof(path), "incoming/pack-%s.idx", ret_name);
	TRY(sync_file(store->dirfd, path, ret_is_unknown, err));
	return compare_index(store->dirfd, path, pack, err);
}
