/* SPDX-License-Identifier: Apache-2.0 */
/* Record sets (FORMAT.md section 3.2): root, index and count are made again from the records. */
#include "verify/verify.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "package/all_objects.h"
#include "package/record_set_read.h"
#include "package/record_view.h"
#include "package/row_c14n.h"
#include "verify/check_handed.h"

static int read_member(const struct axev__all_objects *objects, const axev__json *set, const char *member,
		       struct axev__buf *out, axev_error *err)
{
	struct axev__span path;

	TRY(axev__json_string(set, member, &path, err));
	return axev__all_objects_read(objects, path, out, err);
}

/* ---- content that is kept beside the records ---- */

struct beside {
	uint8_t sha256[32];
	uint64_t size_bytes;
};

/* Objects of role "cell", sorted. */
struct all_beside {
	struct beside *list;
	size_t count;
};

static void all_beside_free(struct all_beside *all)
{
	free(all->list);
}

static int compare_beside(const void *a, const void *b)
{
	const struct beside *left = a, *right = b;
	int order = memcmp(left->sha256, right->sha256, sizeof(left->sha256));

	return order ? order : (left->size_bytes > right->size_bytes) - (left->size_bytes < right->size_bytes);
}

static bool is_text_member(const axev__json *object, const char *member, struct axev__span text)
{
	struct axev__span found;

	return axev__json_as_string(axev__json_get(object, member), &found) && axev__span_equal(found, text);
}

static int list_beside(const struct axev__all_objects *objects, struct all_beside *all, axev_error *err)
{
	const axev__json *object;
	struct axev__span bytes;
	size_t i, count = 0;

	for (i = 0; (object = axev__all_objects_row(objects, i)); i++)
		count += is_text_member(object, "role", axev__span_str("cell"));
	all->list = calloc(count + 1, sizeof(*all->list));
	if (!all->list)
		return axev__nomem(err);
	for (i = 0; (object = axev__all_objects_row(objects, i)); i++) {
		struct beside *beside = &all->list[all->count];

		if (!is_text_member(object, "role", axev__span_str("cell")))
			continue;
		TRY(axev__json_hex(object, "sha256", beside->sha256, sizeof(beside->sha256), err));
		TRY(axev__json_string(object, "bytes", &bytes, err));
		if (axev__parse_u64(bytes, UINT64_MAX, &beside->size_bytes))
			all->count++;
	}
	qsort(all->list, all->count, sizeof(*all->list), compare_beside);
	return AXEV_OK;
}

static int check_large(void *payload, struct axev__span cells, axev_error *err)
{
	const struct all_beside *all = payload;
	struct axev__cell cell;
	struct beside wanted;
	char hex[65];

	while (cells.size > 0) {
		TRY(axev__cell_next(&cells, &cell, err));
		if (cell.tag != AXEV__CELL_LARGE)
			continue;
		memcpy(wanted.sha256, cell.content.data + 9, 32);
		wanted.size_bytes = axev__get_u64be(cell.content.data + 1);
		axev__hex(hex, wanted.sha256, 32);
		if (!bsearch(&wanted, all->list, all->count, sizeof(wanted), compare_beside))
			return axev__fail(err, AXEV_E_INVALID, "no object holds the content of a large cell, %s", hex);
	}
	return AXEV_OK;
}

/* ---- views ---- */

/* Each object that says it is a view of these records is made again. */
static int check_views(const struct axev__all_objects *objects, const axev__json *set, struct axev__span header,
		       const struct axev__source *records, axev_error *err)
{
	const axev__json *object;
	struct axev__span path, name = { 0 };
	uint8_t made[32], stated[32];
	struct axev__shown shown;
	enum axev__view_kind kind;
	size_t i;

	TRY(axev__json_string(set, "path", &path, err));
	for (i = 0; (object = axev__all_objects_row(objects, i)); i++) {
		if (!is_text_member(object, "role", axev__span_str("view")) ||
		    !is_text_member(object, "derived_from", path))
			continue;
		TRY(axev__json_string(object, "path", &name, err));
		kind = is_text_member(object, "how", axev__span_str(axev__view_how(AXEV__VIEW_CSV))) ?
			       AXEV__VIEW_CSV :
			       AXEV__VIEW_HTML;
		if (kind == AXEV__VIEW_HTML &&
		    !is_text_member(object, "how", axev__span_str(axev__view_how(AXEV__VIEW_HTML))))
			return axev__fail(err, AXEV_E_UNSUPPORTED, "view '%s' is made by rules that are not known here",
					  axev__show(&shown, name));
		TRY(axev__json_hex(object, "sha256", stated, sizeof(stated), err));
		TRY(axev__view_digest(kind, header, records, made, err));
		if (memcmp(made, stated, 32) != 0)
			return axev__fail(err, AXEV_E_INVALID, "view '%s' is not what the records give",
					  axev__show(&shown, name));
	}
	return AXEV_OK;
}

/* ---- one set ---- */

static int check_stated(const axev__json *set, const struct axev__record_totals *totals, axev_error *err)
{
	struct axev__span text;
	uint8_t root[32];
	uint64_t records = 0;

	TRY(axev__json_hex(set, "root", root, sizeof(root), err));
	TRY(axev__json_string(set, "records", &text, err));
	if (memcmp(root, totals->root, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the records do not give the root in the manifest");
	if (!axev__parse_u64(text, UINT64_MAX, &records) || records != totals->records)
		return axev__fail(err, AXEV_E_INVALID, "expected the %" PRIu64 " records of the manifest, found %" PRIu64,
				  records, totals->records);
	return AXEV_OK;
}

/* What is told of a set beside its outcome. */
struct found {
	struct axev__record_totals totals;
	struct axev__record_header header;
	struct axev__source records;
};

static int check_set(const struct axev__verify *verify, struct axev__all_objects *objects,
		     const axev__json *set, struct found *found, axev_error *err)
{
	AXEV__BUF header = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	AXEV__BUF index = AXEV__BUF_INIT(AXEV__MAX_RECORD_INDEX_BYTES);
	AXEV__CLEANUP(all_beside_free) struct all_beside beside = { 0 };
	struct axev__span encoding, path;

	TRY(axev__json_string(set, "encoding", &encoding, err));
	if (!axev__span_is(encoding, "row-c14n/2"))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "member 'encoding': expected row-c14n/2");
	TRY(read_member(objects, set, "header", &header, err));
	TRY(read_member(objects, set, "index", &index, err));
	TRY(axev__json_string(set, "path", &path, err));
	TRY(axev__all_objects_find(objects, path, &found->records, err));
	TRY(axev__record_set_check(axev__buf_view(&header), &found->records, axev__buf_view(&index), verify->env,
				   &found->totals, err));
	TRY(check_stated(set, &found->totals, err));
	TRY(check_views(objects, set, axev__buf_view(&header), &found->records, err));
	TRY(axev__record_header_read(axev__buf_view(&header), &found->header, err));
	if (found->totals.large == 0)
		return AXEV_OK;
	TRY(list_beside(objects, &beside, err));
	return axev__records_each(&found->records, 0, UINT64_MAX, check_large, &beside, err);
}

static int add_check(struct axev__check *parent, const axev__json *set, struct axev__check **ret_check,
		     axev_error *err)
{
	char name[AXEV__MAX_ENTRY_NAME + 1];
	struct axev__span path;

	TRY(axev__json_string(set, "path", &path, err));
	memcpy(name, path.data, path.size);
	name[path.size] = '\0';
	return axev__check_add(parent, AXEV__C_RECORDS, name, ret_check, err);
}

static int check_rows(struct axev__check *parent, const struct axev__subject *subject, uint64_t rows,
		      axev_error *err)
{
	const axev__json *source = axev__json_get(subject->manifest, "source");
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	struct axev__span text;
	uint64_t stated = 0;
	int status = AXEV_OK;

	if (!axev__json_as_string(axev__json_get(source, "rows"), &text))
		return AXEV_OK;
	if (!axev__parse_u64(text, UINT64_MAX, &stated) || stated != rows)
		status = axev__fail(&problem, AXEV_E_INVALID,
				    "expected the %" PRIu64 " rows of the manifest, found %" PRIu64, stated, rows);
	TRY(axev__check_add(parent, AXEV__C_RECORDS_ROWS, NULL, &check, err));
	return axev__check_close(check, status, &problem, err);
}

static void found_free(struct found *found)
{
	axev__record_header_free(&found->header);
}

/* *ret_rows: those of the data; untouched when the set does not hold. */
static int add_set(const struct axev__verify *verify, struct axev__check *parent, struct axev__all_objects *objects,
		   const axev__json *set, struct axev__handed_sets *handed, uint64_t *ret_rows, axev_error *err)
{
	AXEV__CLEANUP(found_free) struct found found = { .totals = { .rows = 0 } };
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	int status = check_set(verify, objects, set, &found, &problem);

	TRY(add_check(parent, set, &check, err));
	handed->all_hold = handed->all_hold && status >= 0;
	if (status == AXEV_E_UNSUPPORTED) {
		axev__check_remark(check, AXEV__CHECK_INDETERMINATE, AXEV__REMARK_NEWER);
		return AXEV_OK;
	}
	TRY(axev__check_close(check, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	if (!axev__is_no_data(&found.header))
		*ret_rows = found.totals.rows;
	axev__handed_note(handed, set, &found.header);
	return axev__check_say(check, AXEV__CHECK_FOUND, err, "记录 records %" PRIu64 "; 行 rows %" PRIu64,
			       found.totals.records, found.totals.rows);
}

int axev__check_records(const struct axev__verify *verify, struct axev__check *parent,
			const struct axev__subject *subject, axev_error *err)
{
	const axev__json *sets = axev__json_get(subject->manifest, "record_sets");
	AXEV__ALL_OBJECTS objects = { 0 };
	struct axev__handed_sets handed = { .all_hold = true };
	uint64_t rows = 0;
	bool are_counted = true;
	size_t i;

	if (axev__json_count(sets) > 0 || is_text_member(subject->manifest, "kind", axev__span_str("db")))
		/* that it can be opened was checked with the objects */
		TRY(axev__all_objects_open(subject->manifest, subject->container, &objects, err));
	for (i = 0; i < axev__json_count(sets); i++) {
		uint64_t more = 0;

		TRY(add_set(verify, parent, &objects, axev__json_at(sets, i), &handed, &more, err));
		are_counted = are_counted && axev__add_u64(rows, more, &rows);
	}
	if (objects.manifest)
		TRY(axev__check_handed(verify, parent, &objects, &handed, err));
	return are_counted && handed.all_hold ? check_rows(parent, subject, rows, err) : AXEV_OK;
}
