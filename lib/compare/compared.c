/* SPDX-License-Identifier: Apache-2.0 */
/* Opening one side: verified as a whole, then read out of the same descriptor. */
#include <fcntl.h>
#include <stdio.h>

#include "base/io.h"
#include "base/text.h"
#include "compare/compare.h"
#include "content/warc_read.h"
#include "crypto/digest.h"
#include "package/manifest.h"
#include "verify/verify.h"

static void free_report(axev_report **report)
{
	axev_report_free(*report);
}

static int verify_first(const struct axev__compared *compared, const struct axev__source *source,
			uint8_t ret_id[32], axev_error *err)
{
	AXEV__CLEANUP(free_report) axev_report *report = NULL;

	TRY(axev__verify_source(source, compared->path, NULL, NULL, &report, err));
	if (axev_report_verdict(report) == AXEV_VERDICT_INVALID)
		return axev__fail(err, AXEV_E_INVALID,
				  "changed or incomplete, so it is not compared; verify says where");
	if (!axev__unhex(ret_id, 32, axev__span_str(report->id_hex)))
		return axev__fail(err, AXEV_E_INTERNAL, "expected an id in the report");
	return AXEV_OK;
}

/* The manifest of @source, which must be the one with this id. */
static int open_container(struct axev__compared *compared, const struct axev__source *source,
			  const uint8_t id[32], axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	const struct axev__entry *entry;

	compared->package = *source;
	TRY(axev__container_open(&compared->package, &compared->container, err));
	entry = axev__container_find(compared->container, "data/evidence.json");
	if (!entry)
		return axev__fail(err, AXEV_E_FORMAT, "data/evidence.json: not in the container");
	TRY(axev__container_read(compared->container, entry, &bytes, err));
	TRY(axev__manifest_read(axev__buf_view(&bytes), &compared->manifest, err));
	TRY(axev__sha256(bytes.data, bytes.size, compared->id, err));
	if (memcmp(compared->id, id, sizeof(compared->id)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "changed while it was compared");
	return AXEV_OK;
}

/* A bundle of one package stands for it. */
static int enter_bundle(struct axev__compared *compared, const axev__json *packages, axev_error *err)
{
	const struct axev__entry *entry;
	char name[AXEV__MAX_ENTRY_NAME + 1];
	struct axev__source source;
	struct axev__span path;
	uint8_t id[32];

	if (axev__json_count(packages) != 1)
		return axev__fail(err, AXEV_E_INVAL,
				  "expected one package, found a bundle of %zu; export the one to compare",
				  axev__json_count(packages));
	TRY(axev__json_string(axev__json_at(packages, 0), "path", &path, err));
	TRY(axev__json_hex(axev__json_at(packages, 0), "id", id, sizeof(id), err));
	snprintf(name, sizeof(name), "%.*s", (int)path.size, (const char *)path.data);
	entry = axev__container_find(compared->container, name);
	if (!entry)
		return axev__fail(err, AXEV_E_FORMAT, "%s: not in the bundle", name);
	source = axev__source_window(axev__container_source(compared->container), entry->offset,
				     entry->size_bytes);
	axev__json_free(axev__steal(compared->manifest));
	axev__container_close(axev__steal(compared->container));
	return open_container(compared, &source, id, err);
}

int axev__compared_open(const char *path, struct axev__compared *ret_compared, axev_error *err)
{
	AXEV__COMPARED compared = { .path = path, .fd = -1 };
	AXEV__JSON *packages = NULL;
	struct axev__source file;
	uint8_t id[32];

	TRY(axev__open(AT_FDCWD, path, O_RDONLY, 0, &compared.fd, err));
	TRY(axev__source_file(compared.fd, &file, err));
	TRY(verify_first(&compared, &file, id, err));
	TRY(open_container(&compared, &file, id, err));
	if (axev__json_get(compared.manifest, "packages")) {
		packages = axev__json_copy(axev__json_get(compared.manifest, "packages"));
		TRY(enter_bundle(&compared, packages, err));
	}
	*ret_compared = compared;
	compared = (struct axev__compared){ .fd = -1 };
	return AXEV_OK;
}

void axev__compared_close(struct axev__compared *compared)
{
	axev__json_free(compared->manifest);
	axev__container_close(compared->container);
	axev__closep(&compared->fd);
	*compared = (struct axev__compared){ .fd = -1 };
}

static const axev__json *object_row(const axev__json *manifest, const char *path)
{
	const axev__json *objects = axev__json_get(manifest, "objects");
	struct axev__span found;
	size_t i;

	for (i = 0; i < axev__json_count(objects); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(objects, i), "path"), &found) &&
		    axev__span_is(found, path))
			return axev__json_at(objects, i);
	return NULL;
}

int axev__compared_object(const struct axev__compared *compared, const char *path,
			  struct axev__source *ret_source, bool *ret_has, axev_error *err)
{
	const axev__json *row = object_row(compared->manifest, path);
	const struct axev__entry *entry = axev__container_find(compared->container, path);
	struct axev__source source;
	uint8_t expected[32], found[32];

	*ret_has = row && entry;
	if (!*ret_has)
		return AXEV_OK;
	source = axev__source_window(axev__container_source(compared->container), entry->offset,
				     entry->size_bytes);
	TRY(axev__json_hex(row, "sha256", expected, sizeof(expected), err));
	TRY(axev__warc_hash(&source, 0, source.size, found, err));
	if (memcmp(expected, found, sizeof(found)) != 0)
		return axev__fail(err, AXEV_E_INVALID, "%s: changed while it was compared", path);
	*ret_source = source;
	return AXEV_OK;
}
