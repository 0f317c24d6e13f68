/* SPDX-License-Identifier: Apache-2.0 */
/* The public side of proofs out of record sets. */
#include <ax_evidence/record.h>

#include "base/text.h"
#include "package/cell_text.h"
#include "package/sealed_set.h"

/* The number of equal rows is no column that anyone would name, and without it a record says less than it seems to. */
static int choose_fields(const struct axev__record_header *header, const axev_record_choice *choice, uint32_t **ret_fields,
			 size_t *ret_count, axev_error *err)
{
	AXEV__FREE uint32_t *fields = calloc(choice->column_count + 1, sizeof(*fields));
	size_t i, count = 0;

	if (!fields)
		return axev__nomem(err);
	if (header->is_multiset)
		fields[count++] = 0;
	for (i = 0; i < choice->column_count; i++)
		TRY(axev__record_header_field(header, axev__span_str(choice->columns[i]), &fields[count++], err));
	*ret_fields = axev__steal(fields);
	*ret_count = count;
	return AXEV_OK;
}

static int make(const axev_record_choice *choice, const struct axev__sealed_set *set, struct axev__buf *out, axev_error *err)
{
	struct axev__record_choice chosen = { choice->first, choice->count, NULL, 0 };
	AXEV__FREE uint32_t *fields = NULL;

	if (choice->column_count > 0) {
		TRY(choose_fields(&set->header, choice, &fields, &chosen.field_count, err));
		chosen.fields = fields;
	}
	return axev__sealed_set_prove(set, &chosen, out, err);
}

int axev_record_proof_make(const char *package_path, const axev_record_choice *choice, char **ret_proof, axev_error *err)
{
	AXEV__STORED_PACKAGE package = { .fd = -1 };
	AXEV__SEALED_SET set = { 0 };
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	char *text;

	if (!package_path || !choice || choice->size < sizeof(*choice) || !ret_proof)
		return axev__fail(err, AXEV_E_INVAL, "expected a package, a choice and room for a proof");
	TRY(axev__stored_package_open(package_path, &package, err));
	TRY(axev__sealed_set_open(&package, choice->set, &set, err));
	TRY(make(choice, &set, &out, err));
	text = axev__buf_steal_str(&out);
	if (!text)
		return axev__nomem(err);
	*ret_proof = text;
	return AXEV_OK;
}

int axev_record_set_root(const char *package_path, const char *set_name, uint8_t ret_root[AXEV_SHA256_BYTES],
			 uint64_t *ret_records, axev_error *err)
{
	AXEV__STORED_PACKAGE package = { .fd = -1 };
	AXEV__SEALED_SET set = { 0 };

	if (!package_path || !ret_root || !ret_records)
		return axev__fail(err, AXEV_E_INVAL, "expected a package and room for a root");
	TRY(axev__stored_package_open(package_path, &package, err));
	TRY(axev__sealed_set_open(&package, set_name, &set, err));
	memcpy(ret_root, set.root, sizeof(set.root));
	*ret_records = set.record_count;
	return AXEV_OK;
}

struct first {
	uint64_t from, found;
};

static int keep_first(void *payload, uint64_t record, axev_error *err)
{
	struct first *first = payload;

	if (record < first->from)
		return AXEV_OK;
	first->found = record;
	return axev__fail(err, AXEV_E_CANCELLED, "found");
}

int axev_record_find(const char *package_path, const char *set_name, const char *column, const char *value, uint64_t from,
		     uint64_t *ret_record, axev_error *err)
{
	AXEV__STORED_PACKAGE package = { .fd = -1 };
	AXEV__SEALED_SET set = { 0 };
	axev_error stop = AXEV_ERROR_INIT;
	struct first first = { from, UINT64_MAX };
	struct axev__shown shown;
	uint32_t field;
	int status;

	if (!package_path || !column || !value || !ret_record)
		return axev__fail(err, AXEV_E_INVAL, "expected a package, a column, a value and room for a number");
	TRY(axev__stored_package_open(package_path, &package, err));
	TRY(axev__sealed_set_open(&package, set_name, &set, err));
	TRY(axev__record_header_field(&set.header, axev__span_str(column), &field, err));
	status = axev__sealed_set_find(&set, field, axev__span_str(value), keep_first, &first, &stop);
	if (first.found != UINT64_MAX) {
		*ret_record = first.found;
		return AXEV_OK;
	}
	if (status < 0)
		return axev__fail(err, status, "%s", stop.message);
	return axev__fail(err, AXEV_E_NOTFOUND, "no record has '%s' in column %s", axev__show_str(&shown, value), column);
}

struct showing {
	axev_record_cell_callback visit;
	void *payload;
	struct axev__buf name, text;
	bool is_over;
};

static int show(void *payload, const struct axev__proven *proven, axev_error *err)
{
	struct showing *showing = payload;
	axev_record_cell cell = { .size = sizeof(cell), .record = proven->record, .field = proven->field };
	struct axev__span name;
	int answer;

	if (showing->is_over)
		return AXEV_OK;
	axev__buf_clear(&showing->name);
	axev__buf_clear(&showing->text);
	TRY(axev__record_header_name(proven->header, proven->field, &name, err));
	TRY(axev__buf_span(&showing->name, name, err));
	TRY(axev__buf_byte(&showing->name, 0, err));
	cell.is_withheld = proven->is_withheld;
	if (proven->is_withheld)
		memcpy(cell.leaf, proven->leaf, 32);
	else
		TRY(axev__cell_as_text(&proven->cell, &showing->text, err));
	cell.is_null = !proven->is_withheld && proven->cell.tag == AXEV__CELL_NULL;
	cell.text_bytes = showing->text.size;
	TRY(axev__buf_byte(&showing->text, 0, err));
	cell.text = (const char *)showing->text.data;
	cell.column = (const char *)showing->name.data;
	answer = showing->visit(showing->payload, &cell);
	showing->is_over = answer > 0;
	return answer < 0 ? answer : AXEV_OK;
}

int axev_record_proof_check(const char *proof, const uint8_t root[AXEV_SHA256_BYTES], axev_record_cell_callback visit,
			    void *payload, axev_error *err)
{
	struct showing showing = { visit, payload, AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES + 1),
				   AXEV__BUF_INIT(4 * AXEV__MAX_INLINE_CELL + 1), false };
	int status;

	if (!proof || !root)
		return axev__fail(err, AXEV_E_INVAL, "expected a proof and a root");
	status = axev__record_proof_check(axev__span_str(proof), root, visit ? show : NULL, &showing, err);
	axev__buf_free(&showing.name);
	axev__buf_free(&showing.text);
	return status;
}
