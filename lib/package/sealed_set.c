/* SPDX-License-Identifier: Apache-2.0 */
#include "package/sealed_set.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "package/cell_text.h"
#include "package/layout.h"
#include "package/manifest.h"

/* ---- the package ---- */

static int read_manifest(struct axev__stored_package *package, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	const struct axev__entry *entry = axev__container_find(package->container, AXEV__NAME_MANIFEST);

	if (!entry)
		return axev__fail(err, AXEV_E_FORMAT, "expected entry %s, which is missing", AXEV__NAME_MANIFEST);
	TRY(axev__container_read(package->container, entry, &bytes, err));
	TRY(axev__sha256(bytes.data, bytes.size, package->id, err));
	return axev__manifest_read(axev__buf_view(&bytes), &package->manifest, err);
}

static bool is_bundle(const axev__json *manifest)
{
	struct axev__span kind;

	return axev__json_as_string(axev__json_get(manifest, "kind"), &kind) && axev__span_is(kind, "bundle");
}

/* A bundle of one package stands for that package. */
static int enter_bundle(struct axev__stored_package *package, axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(package->container, "data/packages/0001.asice");
	struct axev__source inside;

	if (axev__json_count(axev__json_get(package->manifest, "packages")) != 1 || !entry)
		return axev__fail(err, AXEV_E_INVAL, "expected a bundle of one package");
	inside = axev__source_window(axev__container_source(package->container), entry->offset, entry->size_bytes);
	axev__container_close(axev__steal(package->container));
	axev__json_free(axev__steal(package->manifest));
	TRY(axev__container_open(&inside, &package->container, err));
	TRY(read_manifest(package, err));
	if (is_bundle(package->manifest))
		return axev__fail(err, AXEV_E_INVAL, "expected a bundle of one package");
	return AXEV_OK;
}

static int open_package(const char *path, struct axev__stored_package *package, axev_error *err)
{
	struct axev__source source;

	TRY(axev__open(AT_FDCWD, path, O_RDONLY, 0, &package->fd, err));
	TRY(axev__source_file(package->fd, &source, err));
	TRY(axev__container_open(&source, &package->container, err));
	TRY(read_manifest(package, err));
	if (is_bundle(package->manifest))
		TRY(enter_bundle(package, err));
	return axev__all_objects_open(package->manifest, package->container, &package->objects, err);
}

int axev__stored_package_open(const char *path, struct axev__stored_package *ret_package, axev_error *err)
{
	AXEV__STORED_PACKAGE package = { .fd = -1 };
	struct axev__shown shown;

	TRY(axev__prefix(open_package(path, &package, err), err, "%s", axev__show_str(&shown, path)));
	*ret_package = package;
	package = (struct axev__stored_package){ .fd = -1 };
	return AXEV_OK;
}

void axev__stored_package_close(struct axev__stored_package *package)
{
	axev__all_objects_close(&package->objects);
	axev__json_free(package->manifest);
	axev__container_close(package->container);
	if (package->fd >= 0)
		close(package->fd);
	*package = (struct axev__stored_package){ .fd = -1 };
}

/* ---- the set ---- */

static bool is_named(const axev__json *row, const char *name)
{
	struct axev__span text;

	return (axev__json_as_string(axev__json_get(row, "name"), &text) && axev__span_is(text, name)) ||
	       (axev__json_as_string(axev__json_get(row, "path"), &text) && axev__span_is(text, name));
}

static int find_row(const axev__json *manifest, const char *name, const axev__json **ret_row, axev_error *err)
{
	const axev__json *rows = axev__json_get(manifest, "record_sets"), *found = NULL;
	struct axev__shown shown;
	size_t i, count = 0;

	for (i = 0; i < axev__json_count(rows); i++) {
		if (name && !is_named(axev__json_at(rows, i), name))
			continue;
		found = axev__json_at(rows, i);
		count++;
	}
	if (axev__json_count(rows) == 0)
		return axev__fail(err, AXEV_E_NOTFOUND, "the package has no record sets");
	if (count == 0)
		return axev__fail(err, AXEV_E_NOTFOUND, "the package has no record set '%s'", axev__show_str(&shown, name));
	if (count > 1)
		return axev__fail(err, AXEV_E_INVAL, "expected the name or the path of one of %zu record sets", count);
	*ret_row = found;
	return AXEV_OK;
}

static int open_set(const struct axev__stored_package *package, const char *name, struct axev__sealed_set *set,
		    axev_error *err)
{
	struct axev__record_index index;
	struct axev__span path;

	TRY(find_row(package->manifest, name, &set->row, err));
	TRY(axev__json_hex(set->row, "root", set->root, sizeof(set->root), err));
	TRY(axev__json_string(set->row, "header", &path, err));
	TRY(axev__all_objects_read(&package->objects, path, &set->header_bytes, err));
	TRY(axev__record_header_read(axev__buf_view(&set->header_bytes), &set->header, err));
	TRY(axev__json_string(set->row, "index", &path, err));
	TRY(axev__all_objects_read(&package->objects, path, &set->index, err));
	TRY(axev__record_index_read(axev__buf_view(&set->index), &index, err));
	set->record_count = index.records;
	TRY(axev__json_string(set->row, "path", &path, err));
	return axev__all_objects_find(&package->objects, path, &set->records, err);
}

int axev__sealed_set_open(const struct axev__stored_package *package, const char *name,
			  struct axev__sealed_set *ret_set, axev_error *err)
{
	AXEV__SEALED_SET set = { .header_bytes = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES),
				 .index = AXEV__BUF_INIT(AXEV__MAX_RECORD_INDEX_BYTES) };

	TRY(open_set(package, name, &set, err));
	*ret_set = set;
	set = (struct axev__sealed_set){ 0 };
	return AXEV_OK;
}

void axev__sealed_set_close(struct axev__sealed_set *set)
{
	if (set->index.data)
		explicit_bzero(set->index.data, set->index.size); /* the secret stands in it */
	axev__buf_free(&set->header_bytes);
	axev__buf_free(&set->index);
	axev__record_header_free(&set->header);
	*set = (struct axev__sealed_set){ 0 };
}

int axev__record_header_field(const struct axev__record_header *header, struct axev__span name, uint32_t *ret_field,
			      axev_error *err)
{
	struct axev__span found;
	struct axev__shown shown;
	uint32_t i;

	for (i = 0; i < header->fields; i++) {
		TRY(axev__record_header_name(header, i, &found, err));
		if (!axev__span_equal(found, name))
			continue;
		*ret_field = i;
		return AXEV_OK;
	}
	return axev__fail(err, AXEV_E_NOTFOUND, "the record set has no column '%s'", axev__show(&shown, name));
}

int axev__record_header_name(const struct axev__record_header *header, uint32_t field, struct axev__span *ret_name,
			     axev_error *err)
{
	const axev__json *fields = axev__json_get(header->json, "fields");

	if (header->is_multiset && field == 0) {
		*ret_name = axev__span_str("(count)");
		return AXEV_OK;
	}
	return axev__json_string(axev__json_at(fields, field - header->is_multiset), "name", ret_name, err);
}

int axev__sealed_set_prove(const struct axev__sealed_set *set, const struct axev__record_choice *choice,
			   struct axev__buf *ret_proof, axev_error *err)
{
	return axev__record_proof_make(axev__buf_view(&set->header_bytes), &set->records, axev__buf_view(&set->index),
				       choice, set->root, ret_proof, err);
}

/* ---- finding ---- */

struct finding {
	uint32_t field;
	struct axev__span text;
	uint64_t record;
	axev__found_visitor visit;
	void *payload;
	struct axev__buf shown;
};

static int look_at(void *payload, struct axev__span cells, axev_error *err)
{
	struct finding *finding = payload;
	struct axev__cell cell;
	uint32_t i;

	for (i = 0; i <= finding->field; i++)
		TRY(axev__cell_next(&cells, &cell, err));
	axev__buf_clear(&finding->shown);
	TRY(axev__cell_as_text(&cell, &finding->shown, err));
	if (cell.tag != AXEV__CELL_NULL && axev__span_equal(axev__buf_view(&finding->shown), finding->text))
		TRY(finding->visit(finding->payload, finding->record, err));
	finding->record++;
	return AXEV_OK;
}

int axev__sealed_set_find(const struct axev__sealed_set *set, uint32_t field, struct axev__span text,
			  axev__found_visitor visit, void *payload, axev_error *err)
{
	struct finding finding = { field, text, 0, visit, payload, AXEV__BUF_INIT(4 * AXEV__MAX_INLINE_CELL) };
	int status = axev__records_each(&set->records, 0, UINT64_MAX, look_at, &finding, err);

	axev__buf_free(&finding.shown);
	return status;
}
