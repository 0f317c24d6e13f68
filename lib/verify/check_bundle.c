/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle: each package inside, in place, and the material for checks by hand. */
#include "verify/verify.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"

static int compare_listed(const axev__json *listed, const struct axev__entry *entry,
			  const struct axev__subject *package, axev_error *err)
{
	uint8_t id[32], sha256[32];
	struct axev__span bytes;
	uint64_t size;

	TRY(axev__json_hex(listed, "id", id, sizeof(id), err));
	TRY(axev__json_hex(listed, "sha256", sha256, sizeof(sha256), err));
	TRY(axev__json_string(listed, "bytes", &bytes, err));
	if (!axev__parse_u64(bytes, UINT64_MAX, &size) || size != entry->size_bytes)
		return axev__fail(err, AXEV_E_INVALID, "the size listed is not the package's");
	if (memcmp(sha256, entry->sha256, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the SHA-256 listed is not the package's");
	if (!package->is_newer && memcmp(id, package->id, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the id listed is not the package's");
	return AXEV_OK;
}

static int compare_file(const struct axev__subject *bundle, const char *name,
			struct axev__span expected, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);

	if (!axev__container_find(bundle->container, name))
		return expected.size == 0 ? AXEV_OK :
					    axev__fail(err, AXEV_E_INVALID, "expected entry %s", name);
	TRY(axev__subject_read(bundle, name, &bytes, err));
	if (!axev__span_equal(axev__buf_view(&bytes), expected))
		return axev__fail(err, AXEV_E_INVALID, "%s is not what the package holds", name);
	return AXEV_OK;
}

static int compare_hand(const struct axev__subject *bundle, const struct axev__subject *package,
			unsigned number, axev_error *err)
{
	unsigned i;

	for (i = 0; i < package->signature_count; i++) {
		const struct axev__cades *cades = &package->signatures[i].cades;
		char name[96];

		snprintf(name, sizeof(name), "data/hand/%04u/signature%03u.sig", number, i + 1);
		TRY(compare_file(bundle, name, cades->signature, err));
		snprintf(name, sizeof(name), "data/hand/%04u/signature%03u.tst", number, i + 1);
		TRY(compare_file(bundle, name, cades->token, err));
	}
	return AXEV_OK;
}

static int check_inside(const struct axev__verify *verify, struct axev__check *node,
			struct axev__subject *bundle, const axev__json *listed,
			const struct axev__entry *entry, unsigned number, axev_error *err)
{
	AXEV__SUBJECT package = { .depth = bundle->depth + 1 };
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__source source = axev__source_window(axev__container_source(bundle->container),
							 entry->offset, entry->size_bytes);
	struct axev__check *check;

	TRY(axev__check_subject(verify, node, &source, &package, err));
	if (!package.is_whole)
		return AXEV_OK;
	TRY(axev__check_add(node, AXEV__C_PACKAGE_ID, entry->name, &check, err));
	TRY(axev__check_close(check, compare_listed(listed, entry, &package, &problem), &problem, err));
	if (package.is_bundle || package.is_newer)
		return AXEV_OK;
	TRY(axev__check_add(node, AXEV__C_HAND, NULL, &check, err));
	axev_error_clear(&problem);
	TRY(axev__check_close(check, compare_hand(bundle, &package, number, &problem), &problem, err));
	TRY(axev__check_recheck_listed(node, bundle, &package, err));
	TRY(axev__check_derived_listed(verify, node, bundle, &package, err));
	TRY(axev__check_proofs(verify, node, bundle, &package, listed, entry, err));
	return axev__check_trust(verify, node, &package, err);
}

/* A row must have @key with exactly this text. */
static int expect_text(const axev__json *listed, const char *key, const char *expected,
		       axev_error *err)
{
	struct axev__shown shown;
	struct axev__span text;

	TRY(axev__json_string(listed, key, &text, err));
	if (!axev__span_is(text, expected))
		return axev__fail(err, AXEV_E_INVALID, "expected the row of the package to have %s %s, found %s", key, expected,
				  axev__show(&shown, text));
	return AXEV_OK;
}

/* Names follow the row's number: so no package is listed twice in place of another, or shares its proofs. */
static int find_package(const struct axev__subject *bundle, const axev__json *listed,
			unsigned number, const struct axev__entry **ret_entry, axev_error *err)
{
	char name[64];

	snprintf(name, sizeof(name), "data/proofs/%04u", number);
	TRY(expect_text(listed, "proofs", name, err));
	snprintf(name, sizeof(name), "data/packages/%04u.asice", number);
	TRY(expect_text(listed, "path", name, err));
	*ret_entry = axev__container_find(bundle->container, name);
	if (!*ret_entry)
		return axev__fail(err, AXEV_E_INVALID, "%s is listed, but missing", name);
	return AXEV_OK;
}

/* As many package entries as are listed; with find_package: exactly those, none rides along unseen. */
static int count_packages(const struct axev__subject *bundle, size_t listed, axev_error *err)
{
	size_t found = 0, i;

	for (i = 0; i < axev__container_count(bundle->container); i++)
		if (axev__span_starts(
			    axev__span_str(axev__container_entry(bundle->container, i)->name),
			    "data/packages/"))
			found++;
	if (bundle->depth + 1 >= AXEV__MAX_NESTING)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d containers in each other",
				  AXEV__MAX_NESTING);
	if (listed == 0 || listed > AXEV__MAX_PACKAGES_PER_BUNDLE || listed != found)
		return axev__fail(err, AXEV_E_INVALID, "expected %zu packages as listed, found %zu",
				  listed, found);
	return AXEV_OK;
}

int axev__check_bundle(const struct axev__verify *verify, struct axev__check *parent,
		       struct axev__subject *bundle, axev_error *err)
{
	axev__json *list = axev__json_get(bundle->manifest, "packages");
	axev_error problem = AXEV_ERROR_INIT;
	size_t count = axev__json_count(list), i;
	struct axev__check *check, *node;
	int status = count_packages(bundle, count, &problem);

	TRY(axev__check_add(parent, AXEV__C_PACKAGES, NULL, &check, err));
	TRY(axev__check_close(check, status, &problem, err));
	if (status == AXEV_E_LIMIT)
		return AXEV_OK;
	TRY(axev__check_ledger(verify, parent, bundle, err));
	for (i = 0; i < count; i++) {
		const struct axev__entry *entry = NULL;
		const axev__json *listed = axev__json_at(list, i);

		axev_error_clear(&problem);
		status = find_package(bundle, listed, (unsigned)i + 1, &entry, &problem);
		TRY(axev__check_add(parent, AXEV__C_PACKAGE, entry ? entry->name : NULL, &node, err));
		if (status < 0) {
			TRY(axev__check_close(node, status, &problem, err));
			continue;
		}
		TRY(check_inside(verify, node, bundle, listed, entry, (unsigned)i + 1, err));
		axev__check_sum(node);
	}
	return AXEV_OK;
}
