/* SPDX-License-Identifier: Apache-2.0 */
#include "package/layout.h"

#include <stdio.h>

#include "base/text.h"

void axev__asic_name(char out[AXEV__META_NAME_SIZE], unsigned number)
{
	snprintf(out, AXEV__META_NAME_SIZE, "META-INF/ASiCManifest%03u.xml", number % 1000);
}

void axev__signature_name(char out[AXEV__META_NAME_SIZE], unsigned number)
{
	snprintf(out, AXEV__META_NAME_SIZE, "META-INF/signature%03u.p7s", number % 1000);
}

bool axev__layout_is_listed(const char *name)
{
	return strcmp(name, AXEV__NAME_MIMETYPE) != 0 && strncmp(name, "META-INF/", 9) != 0;
}

static int too_big(uint64_t size_bytes, uint64_t max, axev_error *err)
{
	if (size_bytes <= max)
		return AXEV_OK;
	return axev__fail(err, AXEV_E_LIMIT, "expected at most %llu bytes, found %llu",
			  (unsigned long long)max, (unsigned long long)size_bytes);
}

/* Names with a group of their own; anything else is data, if its name follows the profile. */
static int classify(struct axev__layout *layout, struct axev__span name, uint64_t size_bytes,
		    enum axev__group *ret_group, axev_error *err)
{
	char meta[AXEV__META_NAME_SIZE];

	if (axev__span_is(name, AXEV__NAME_MIMETYPE)) {
		*ret_group = AXEV__GROUP_MIMETYPE;
		return AXEV_OK;
	}
	if (axev__span_is(name, AXEV__NAME_MANIFEST)) {
		*ret_group = AXEV__GROUP_MANIFEST;
		return too_big(size_bytes, AXEV__MAX_MANIFEST_BYTES, err);
	}
	if (axev__span_is(name, AXEV__NAME_RECIPE)) {
		*ret_group = AXEV__GROUP_RECIPE;
		return too_big(size_bytes, AXEV__MAX_VERIFY_RECIPE_BYTES, err);
	}
	if (axev__span_is(name, AXEV__NAME_LIST)) {
		*ret_group = AXEV__GROUP_LIST;
		return too_big(size_bytes, AXEV__MAX_SHA256_LIST_BYTES, err);
	}
	axev__asic_name(meta, layout->asic_count + 1);
	if (axev__span_is(name, meta)) {
		*ret_group = AXEV__GROUP_ASIC;
		return too_big(size_bytes, AXEV__MAX_ASIC_MANIFEST_BYTES, err);
	}
	axev__signature_name(meta, layout->signature_count + 1);
	if (axev__span_is(name, meta)) {
		*ret_group = AXEV__GROUP_SIGNATURE;
		return too_big(size_bytes, AXEV__MAX_DER_BYTES, err);
	}
	if (!axev__span_starts(name, "data/") || !axev__is_entry_name(name))
		return axev__fail(err, AXEV_E_FORMAT,
				  "expected a name as data/[a-z0-9._/-] or one of the fixed names in "
				  "their order");
	*ret_group = AXEV__GROUP_DATA;
	return AXEV_OK;
}

static const char *const titles[] = {
	[AXEV__GROUP_START] = "the start",
	[AXEV__GROUP_MIMETYPE] = "mimetype",
	[AXEV__GROUP_DATA] = "data/ entries",
	[AXEV__GROUP_MANIFEST] = "data/evidence.json",
	[AXEV__GROUP_RECIPE] = "VERIFY.md",
	[AXEV__GROUP_LIST] = "manifest-sha256.txt",
	[AXEV__GROUP_ASIC] = "ASiCManifests",
	[AXEV__GROUP_SIGNATURE] = "signatures",
};

static bool may_follow(enum axev__group before, enum axev__group group)
{
	switch (group) {
	case AXEV__GROUP_MIMETYPE:
		return before == AXEV__GROUP_START;
	case AXEV__GROUP_DATA:
	case AXEV__GROUP_MANIFEST:
		return before == AXEV__GROUP_MIMETYPE || before == AXEV__GROUP_DATA;
	case AXEV__GROUP_RECIPE:
		return before == AXEV__GROUP_MANIFEST;
	case AXEV__GROUP_LIST:
		return before == AXEV__GROUP_MANIFEST || before == AXEV__GROUP_RECIPE;
	case AXEV__GROUP_ASIC:
		return before == AXEV__GROUP_LIST || before == AXEV__GROUP_ASIC;
	case AXEV__GROUP_SIGNATURE:
		return before == AXEV__GROUP_ASIC || before == AXEV__GROUP_SIGNATURE;
	default:
		return false;
	}
}

static int count_entry(struct axev__layout *layout, enum axev__group group, axev_error *err)
{
	unsigned max_data = layout->kind == AXEV__LAYOUT_PART ? AXEV__MAX_OBJECTS_PER_PART : AXEV__MAX_DATA_ENTRIES;

	if ((group == AXEV__GROUP_DATA || group == AXEV__GROUP_MANIFEST) &&
	    ++layout->data_count > max_data)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %u data/ entries", max_data);
	if (group == AXEV__GROUP_ASIC && ++layout->asic_count > AXEV__MAX_SIGNATURES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d signatures",
				  AXEV__MAX_SIGNATURES);
	if (group == AXEV__GROUP_SIGNATURE && ++layout->signature_count > layout->asic_count)
		return axev__fail(err, AXEV_E_FORMAT, "expected one signature for each ASiCManifest");
	return AXEV_OK;
}

static const struct {
	const char *name;
	uint64_t max_bytes;
} wacz_entries[] = {
	{ AXEV__WACZ_WARC, AXEV__MAX_CONTAINER_BYTES },
	{ AXEV__WACZ_INDEX, AXEV__MAX_CDXJ_BYTES },
	{ AXEV__WACZ_PAGES, AXEV__MAX_WACZ_PAGES_BYTES },
	{ AXEV__WACZ_PACKAGE, AXEV__MAX_DATAPACKAGE_BYTES },
	{ AXEV__WACZ_DIGEST, AXEV__MAX_DATAPACKAGE_BYTES },
};

static int wacz_next(struct axev__layout *layout, struct axev__span name, uint64_t size_bytes,
		     axev_error *err)
{
	if (layout->data_count == AXEV__COUNT(wacz_entries))
		return axev__fail(err, AXEV_E_FORMAT, "expected nothing behind %s",
				  AXEV__WACZ_DIGEST);
	if (!axev__span_is(name, wacz_entries[layout->data_count].name))
		return axev__fail(err, AXEV_E_FORMAT, "expected %s here",
				  wacz_entries[layout->data_count].name);
	TRY(too_big(size_bytes, wacz_entries[layout->data_count].max_bytes, err));
	layout->data_count++;
	return AXEV_OK;
}

int axev__layout_next(struct axev__layout *layout, struct axev__span name, uint64_t size_bytes,
		      axev_error *err)
{
	struct axev__layout next = *layout;
	enum axev__group group = AXEV__GROUP_START;

	if (layout->kind == AXEV__LAYOUT_WACZ)
		return wacz_next(layout, name, size_bytes, err);
	TRY(classify(&next, name, size_bytes, &group, err));
	if (layout->kind == AXEV__LAYOUT_PART && group != AXEV__GROUP_DATA)
		return axev__fail(err, AXEV_E_FORMAT, "expected only objects (data/...) in a part");
	if (layout->kind == AXEV__LAYOUT_CONTAINER && layout->group == AXEV__GROUP_START &&
	    group != AXEV__GROUP_MIMETYPE)
		return axev__fail(err, AXEV_E_FORMAT, "expected mimetype as the first entry");
	if (layout->kind == AXEV__LAYOUT_CONTAINER && !may_follow(layout->group, group))
		return axev__fail(err, AXEV_E_FORMAT, "%s cannot stand after %s", titles[group],
				  titles[layout->group]);
	TRY(count_entry(&next, group, err));
	next.group = group;
	*layout = next;
	return AXEV_OK;
}

int axev__layout_end(const struct axev__layout *layout, axev_error *err)
{
	if (layout->kind == AXEV__LAYOUT_WACZ) {
		if (layout->data_count < AXEV__COUNT(wacz_entries))
			return axev__fail(err, AXEV_E_FORMAT, "expected %s before the end",
					  wacz_entries[layout->data_count].name);
		return AXEV_OK;
	}
	if (layout->kind == AXEV__LAYOUT_PART) {
		if (layout->data_count == 0)
			return axev__fail(err, AXEV_E_FORMAT, "expected at least one object in a part");
		return AXEV_OK;
	}
	if (layout->group != AXEV__GROUP_SIGNATURE)
		return axev__fail(err, AXEV_E_FORMAT,
				  "expected signatures as the last entries, the container ends after %s",
				  titles[layout->group]);
	if (layout->signature_count != layout->asic_count)
		return axev__fail(err, AXEV_E_FORMAT, "expected %u signatures, found %u",
				  layout->asic_count, layout->signature_count);
	return AXEV_OK;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_there(const char *const *sorted, size_t count, const char *name)
{
	return bsearch(&name, sorted, count, sizeof(*sorted), by_name) != NULL;
}

static int check_directories(const char *const *sorted, size_t count, const char *name,
			     axev_error *err)
{
	char directory[AXEV__MAX_ENTRY_NAME + 1];
	struct axev__shown shown;
	const char *slash;

	for (slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
		size_t length = (size_t)(slash - name);

		memcpy(directory, name, length);
		directory[length] = '\0';
		if (is_there(sorted, count, directory))
			return axev__fail(err, AXEV_E_FORMAT,
					  "entry '%s' is also the directory of another entry",
					  axev__show_str(&shown, directory));
	}
	return AXEV_OK;
}

int axev__layout_unique(const char *const *names, size_t count, axev_error *err)
{
	AXEV__FREE const char **sorted = malloc((count + 1) * sizeof(*sorted));
	struct axev__shown shown;
	size_t i;

	if (!sorted)
		return axev__nomem(err);
	memcpy(sorted, names, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_name);
	for (i = 1; i < count; i++)
		if (strcmp(sorted[i - 1], sorted[i]) == 0)
			return axev__fail(err, AXEV_E_FORMAT, "entry '%s' is there twice",
					  axev__show_str(&shown, sorted[i]));
	for (i = 0; i < count; i++)
		TRY(check_directories(sorted, count, names[i], err));
	return AXEV_OK;
}
