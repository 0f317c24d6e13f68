/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/check_packages.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/text.h"
#include "ledger/erased.h"
#include "package/disclosure.h"

void axev__check_packages_free(struct axev__check_packages *packages)
{
	free(packages->sealed);
	packages->sealed = NULL;
}

static int grow(struct axev__check_packages *packages, axev_error *err)
{
	size_t capacity = packages->capacity ? packages->capacity * 2 : 64;
	struct axev__check_sealed *sealed;

	if (packages->count < packages->capacity)
		return AXEV_OK;
	sealed = reallocarray(packages->sealed, capacity, sizeof(*sealed));
	if (!sealed)
		return axev__nomem(err);
	packages->sealed = sealed;
	packages->capacity = capacity;
	return AXEV_OK;
}

int axev__check_packages_sealed(struct axev__check_packages *packages, const axev__json *entry, uint64_t index,
				const uint8_t sha256[32], uint64_t bytes, axev_error *err)
{
	struct axev__check_sealed *sealed;

	TRY(grow(packages, err));
	sealed = &packages->sealed[packages->count];
	*sealed = (struct axev__check_sealed){ .index = index, .bytes = bytes, .erased_by = UINT64_MAX };
	memcpy(sealed->sha256, sha256, 32);
	/* One without an id seals nothing that another entry could speak of. */
	if (axev__json_hex(entry, "id", sealed->id, sizeof(sealed->id), NULL) < 0)
		memset(sealed->id, 0, sizeof(sealed->id));
	packages->count++;
	return AXEV_OK;
}

/* The first container of an id counts. */
static const struct axev__check_sealed *find(const struct axev__check_packages *packages, const axev_id *id)
{
	size_t i;

	for (i = 0; i < packages->count; i++)
		if (memcmp(packages->sealed[i].id, id->bytes, sizeof(id->bytes)) == 0)
			return &packages->sealed[i];
	return NULL;
}

/* ---- files ---- */

/* AXEV_E_NOTFOUND: not here. Its bytes are those that were sealed, or it fails. */
static int open_object(struct axev__ledger *ledger, const struct axev__check_sealed *sealed, int *ret_fd, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	char path[AXEV__OBJECT_PATH];
	struct axev__digests digests;
	int status = axev__ledger_object_open(ledger, sealed->sha256, &fd, NULL);

	if (status == AXEV_E_NOTFOUND)
		return status;
	if (status < 0)
		return axev__fail(err, status, "cannot open the package's file");
	TRY(axev__log_hash_file(fd, &digests, err));
	if (memcmp(digests.sha256, sealed->sha256, 32) != 0 || digests.size_bytes != sealed->bytes) {
		axev__ledger_object_path(sealed->sha256, path);
		return axev__fail(err, AXEV_E_CORRUPT, "%s: the package's file is not what its name says", path);
	}
	*ret_fd = fd;
	fd = -1;
	return AXEV_OK;
}

/* Whatever it holds by now. */
static int is_there(struct axev__ledger *ledger, const char *path, bool *ret_there, axev_error *err)
{
	struct stat st;

	*ret_there = fstatat(ledger->dirfd, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
	if (!*ret_there && errno != ENOENT && errno != ENOTDIR)
		return axev__fail_errno(err, errno, "%s: cannot look for it", path);
	return AXEV_OK;
}

static int count_erased(struct axev__check_packages *packages, const struct axev__check_sealed *sealed,
			struct axev__ledger_check *result, axev_error *err)
{
	char path[AXEV__OBJECT_PATH], draft[96], hex[65];
	bool has_object, has_draft;

	axev__ledger_object_path(sealed->sha256, path);
	axev__hex(hex, sealed->id, 32);
	snprintf(draft, sizeof(draft), "drafts/%s", hex);
	TRY(is_there(packages->ledger, path, &has_object, err));
	TRY(is_there(packages->ledger, draft, &has_draft, err));
	result->packages_erased++;
	if ((has_object || has_draft) && result->erased_here++ == 0)
		result->first_erased_here = sealed->erased_by;
	return AXEV_OK;
}

int axev__check_packages_objects(struct axev__check_packages *packages, struct axev__ledger_check *result, axev_error *err)
{
	size_t i;

	for (i = 0; i < packages->count; i++) {
		const struct axev__check_sealed *sealed = &packages->sealed[i];
		AXEV__CLOSE int fd = -1;
		int status;

		if (sealed->erased_by != UINT64_MAX) {
			TRY(count_erased(packages, sealed, result, err));
			continue;
		}
		status = open_object(packages->ledger, sealed, &fd, err);
		if (status == AXEV_E_NOTFOUND) {
			if (result->packages_missing++ == 0)
				result->first_missing = sealed->index;
			continue;
		}
		TRY(axev__prefix(status, err, "entry %" PRIu64, sealed->index));
	}
	return AXEV_OK;
}

/* ---- erased ---- */

static int compare_disclosure(const struct axev__disclosure_of *of, const struct axev__check_sealed *disclosure,
			      const struct axev__check_sealed *original, axev_error *err)
{
	if (memcmp(of->id, disclosure->id, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "its file is that of another package");
	if (memcmp(of->about, original->id, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "it is of another original");
	if (memcmp(of->package_sha256, original->sha256, 32) != 0 || of->entry != original->index)
		return axev__fail(err, AXEV_E_INVALID, "it names another file or entry of the original");
	return AXEV_OK;
}

/* What the disclosures that are here say; of one that is not here nothing can be said. */
struct covering {
	bool *disclosed; /* of each record set of the original */
	size_t set_count;
	bool is_all; /* every disclosure is here */
};

static int note_sets(struct covering *covering, const struct axev__disclosure_of *of, axev_error *err)
{
	size_t i;

	if (!covering->disclosed) {
		covering->set_count = axev__json_count(axev__json_get(of->original, "record_sets"));
		covering->disclosed = calloc(covering->set_count + 1, sizeof(bool));
		if (!covering->disclosed)
			return axev__nomem(err);
	}
	for (i = 0; i < of->sets.count; i++) /* all enclose the same manifest: its SHA-256 is the id */
		covering->disclosed[of->sets.list[i].position] = true;
	return AXEV_OK;
}

static int read_disclosure(struct axev__check_packages *packages, const struct axev__check_sealed *disclosure,
			   const struct axev__check_sealed *original, struct covering *covering, axev_error *err)
{
	AXEV__DISCLOSURE_OF of = { .original = NULL };
	struct axev__source source;
	AXEV__CLOSE int fd = -1;
	int status = open_object(packages->ledger, disclosure, &fd, err);

	if (status == AXEV_E_NOTFOUND) {
		covering->is_all = false;
		return AXEV_OK;
	}
	TRY(status);
	TRY(axev__source_file(fd, &source, err));
	TRY(axev__disclosure_of(&source, &of, err));
	TRY(compare_disclosure(&of, disclosure, original, err));
	return note_sets(covering, &of, err);
}

static int check_disclosure(struct axev__check_packages *packages, const axev_id *id,
			    const struct axev__check_sealed *original, struct covering *covering, axev_error *err)
{
	const struct axev__check_sealed *disclosure = find(packages, id);
	char hex[AXEV_ID_HEX_SIZE];
	int status;

	axev__hex(hex, id->bytes, sizeof(id->bytes));
	if (!disclosure)
		return axev__fail(err, AXEV_E_INVALID, "disclosure %.16s: no entry before this one seals it", hex);
	if (disclosure->erased_by != UINT64_MAX)
		return axev__fail(err, AXEV_E_INVALID, "disclosure %.16s: was erased itself, by entry %" PRIu64, hex,
				  disclosure->erased_by);
	status = read_disclosure(packages, disclosure, original, covering, err);
	return axev__prefix(status, err, "disclosure %.16s", hex);
}

static int check_disclosures(struct axev__check_packages *packages, const struct axev__erased *erased,
			     const struct axev__check_sealed *original, axev_error *err)
{
	struct covering covering = { .is_all = true };
	int status = AXEV_OK;
	size_t i;

	for (i = 0; i < erased->disclosure_count && status >= 0; i++)
		status = check_disclosure(packages, &erased->disclosures[i], original, &covering, err);
	if (status >= 0 && covering.is_all)
		status = axev__erased_covers(erased, covering.disclosed, covering.set_count, err);
	free(covering.disclosed);
	return status;
}

static int check_erased(struct axev__check_packages *packages, const axev__json *entry, uint64_t index, axev_error *err)
{
	const struct axev__check_sealed *original;
	struct axev__erased erased;
	char hex[AXEV_ID_HEX_SIZE];
	size_t i;

	TRY(axev__erased_read(entry, &erased, err));
	axev__hex(hex, erased.original.bytes, sizeof(erased.original.bytes));
	original = find(packages, &erased.original);
	if (!original)
		return axev__fail(err, AXEV_E_INVALID, "original %.16s: no entry before this one seals it", hex);
	if (original->erased_by != UINT64_MAX)
		return axev__fail(err, AXEV_E_INVALID, "original %.16s: was erased before, by entry %" PRIu64, hex,
				  original->erased_by);
	TRY(check_disclosures(packages, &erased, original, err));
	for (i = 0; i < packages->count; i++)
		if (memcmp(packages->sealed[i].id, erased.original.bytes, sizeof(erased.original.bytes)) == 0)
			packages->sealed[i].erased_by = index;
	return AXEV_OK;
}

int axev__check_packages_erased(struct axev__check_packages *packages, const axev__json *entry, uint64_t index, axev_error *err)
{
	return axev__erased_is(entry) ? axev__prefix(check_erased(packages, entry, index, err), err, "erased") : AXEV_OK;
}
