/* SPDX-License-Identifier: Apache-2.0 */
/* The files of an erased package. Unlinked, not overwritten: no write reaches what a medium or file system has put elsewhere. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/text.h"
#include "capture/erase.h"
#include "crypto/digest.h"
#include "ledger/index.h"
#include "package/container_read.h"
#include "package/layout.h"

static int compare_digests(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

/* Digests of every package that an entry seals, sorted. */
static int list_sealed(axev_ledger *ledger, uint8_t (**ret_sealed)[32], size_t *ret_count, axev_error *err)
{
	const struct axev__index *index;
	uint8_t(*sealed)[32];
	size_t i, count = 0;

	TRY(axev__index_get(ledger, &index, err));
	sealed = calloc(axev__index_count(index) + 1, sizeof(*sealed));
	if (!sealed)
		return axev__nomem(err);
	for (i = 0; i < axev__index_count(index); i++)
		if (axev__index_at(index, i)->package.sealed_index != UINT64_MAX)
			memcpy(sealed[count++], axev__index_at(index, i)->package.package_sha256, 32);
	qsort(sealed, count, sizeof(*sealed), compare_digests);
	*ret_sealed = sealed;
	*ret_count = count;
	return AXEV_OK;
}

struct search {
	axev_ledger *ledger;
	const axev_id *id;
	axev_erase_result *result;
	uint8_t (*sealed)[32];
	size_t count;
};

static int read_id(axev_ledger *ledger, const uint8_t sha256[32], axev_id *ret_id, axev_error *err)
{
	AXEV__BUF manifest = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	AXEV__CONTAINER_READER *container = NULL;
	const struct axev__entry *entry;
	struct axev__source source;
	AXEV__CLOSE int fd = -1;

	TRY(axev__ledger_object_open(ledger->log, sha256, &fd, err));
	TRY(axev__source_file(fd, &source, err));
	TRY(axev__container_open(&source, &container, err));
	entry = axev__container_find(container, AXEV__NAME_MANIFEST);
	if (!entry)
		return axev__fail(err, AXEV_E_FORMAT, "expected entry %s", AXEV__NAME_MANIFEST);
	TRY(axev__container_read(container, entry, &manifest, err));
	return axev__sha256(manifest.data, manifest.size, ret_id->bytes, err);
}

static int remove_object(axev_ledger *ledger, const uint8_t sha256[32], axev_erase_result *result, axev_error *err)
{
	uint64_t links = 0;
	bool is_removed;

	TRY(axev__ledger_object_remove(ledger->log, sha256, &is_removed, &links, err));
	result->files_removed += is_removed;
	result->other_links += links;
	return AXEV_OK;
}

/* Two processes that sealed one draft made two containers of it, of which the entry names one; the other is as full of it. */
static int on_object(void *payload, const uint8_t sha256[32], axev_error *err)
{
	struct search *search = payload;
	axev_id id;
	int status;

	if (search->count && bsearch(sha256, search->sealed, search->count, 32, compare_digests))
		return 0;
	status = read_id(search->ledger, sha256, &id, NULL);
	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (status < 0 || memcmp(&id, search->id, sizeof(id)) != 0)
		return 0;
	return remove_object(search->ledger, sha256, search->result, err);
}

static int remove_unnamed(axev_ledger *ledger, const axev_id *id, axev_erase_result *result, axev_error *err)
{
	struct search search = { .ledger = ledger, .id = id, .result = result };
	int status;

	TRY(list_sealed(ledger, &search.sealed, &search.count, err));
	status = axev__ledger_object_each(ledger->log, on_object, &search, err);
	free(search.sealed);
	return status;
}

/* A crash between the entry `sealed` and the end of sealing leaves it. */
static int remove_draft(axev_ledger *ledger, const axev_id *id, axev_erase_result *result, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	char path[96], hex[AXEV_ID_HEX_SIZE];
	struct stat st;

	axev__hex(hex, id->bytes, sizeof(id->bytes));
	snprintf(path, sizeof(path), "drafts/%s", hex);
	if (fstatat(ledger->dirfd, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return AXEV_OK;
	TRY(axev__remove_tree(ledger->dirfd, path, err));
	result->files_removed++;
	TRY(axev__open(ledger->dirfd, "drafts", O_RDONLY | O_DIRECTORY, 0, &fd, err));
	return axev__fsync(fd, "drafts", err);
}

int axev__erase_files(axev_ledger *ledger, const struct axev__history *history, axev_erase_result *result, axev_error *err)
{
	const axev_ledger_package *package = &history->package;

	TRY(remove_draft(ledger, &package->id, result, err));
	TRY(remove_unnamed(ledger, &package->id, result, err));
	return remove_object(ledger, package->package_sha256, result, err);
}
