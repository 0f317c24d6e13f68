/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/disclose_choice.h"

#include <inttypes.h>

#include "base/text.h"

/* ---- cells ---- */

static int mark(const struct axev__record_header *header, const char *const *names, size_t count, bool value, bool *is_shown,
		axev_error *err)
{
	uint32_t field;
	size_t i;

	for (i = 0; i < count; i++) {
		TRY(axev__record_header_field(header, axev__span_str(names[i]), &field, err));
		is_shown[field] = value;
	}
	return AXEV_OK;
}

int axev__disclosed_choose_fields(const struct axev__record_header *header, const bool *there, const axev_disclose_set *asked,
				  struct axev__disclosed *chosen, axev_error *err)
{
	AXEV__FREE bool *is_shown = calloc(header->fields, sizeof(*is_shown));
	uint32_t i;

	chosen->fields = calloc(header->fields, sizeof(*chosen->fields));
	if (!is_shown || !chosen->fields)
		return axev__nomem(err);
	for (i = 0; i < header->fields; i++)
		is_shown[i] = asked->column_count == 0 && (!there || there[i]);
	if (header->is_multiset && (!there || there[0]))
		is_shown[0] = true; /* how many equal rows there are */
	TRY(mark(header, asked->columns, asked->column_count, true, is_shown, err));
	TRY(mark(header, asked->withheld_columns, asked->withheld_column_count, false, is_shown, err));
	for (i = 0; i < header->fields; i++)
		if (is_shown[i])
			chosen->fields[chosen->field_count++] = i;
	if (chosen->field_count == 0)
		return axev__fail(err, AXEV_E_INVAL, "nothing is left to be shown: every column is withheld");
	return AXEV_OK;
}

/* ---- records ---- */

int axev__disclosed_add(struct axev__disclosed *chosen, uint64_t first, uint64_t count, axev_error *err)
{
	size_t capacity = chosen->range_capacity ? 2 * chosen->range_capacity : 16;
	void *ranges;

	if (chosen->range_count == chosen->range_capacity) {
		ranges = reallocarray(chosen->ranges, capacity, sizeof(*chosen->ranges));
		if (!ranges)
			return axev__nomem(err);
		chosen->ranges = ranges;
		chosen->range_capacity = capacity;
	}
	chosen->ranges[chosen->range_count++] = (axev_record_range){ first, count };
	return AXEV_OK;
}

static int add_found(void *payload, uint64_t record, axev_error *err)
{
	return axev__disclosed_add(payload, record, 1, err);
}

static int add_key(const struct axev__sealed_set *set, const axev_record_key *key, struct axev__disclosed *chosen,
		   axev_error *err)
{
	size_t before = chosen->range_count;
	struct axev__shown shown;
	uint32_t field;

	TRY(axev__record_header_field(&set->header, axev__span_str(key->column), &field, err));
	TRY(axev__sealed_set_find(set, field, axev__span_str(key->value), add_found, chosen, err));
	if (chosen->range_count == before)
		return axev__fail(err, AXEV_E_NOTFOUND, "no record has '%s' in column %s", axev__show_str(&shown, key->value),
				  key->column);
	return AXEV_OK;
}

static int by_first(const void *a, const void *b)
{
	const axev_record_range *left = a, *right = b;

	return left->first < right->first ? -1 : left->first > right->first;
}

/* A record that was named twice is shown once. */
void axev__disclosed_merge(struct axev__disclosed *chosen)
{
	size_t i, kept = 0;

	qsort(chosen->ranges, chosen->range_count, sizeof(*chosen->ranges), by_first);
	for (i = 1; i < chosen->range_count; i++) {
		axev_record_range *last = &chosen->ranges[kept], *next = &chosen->ranges[i];

		if (next->first > last->first + last->count)
			chosen->ranges[++kept] = *next;
		else if (next->first + next->count > last->first + last->count)
			last->count = next->first + next->count - last->first;
	}
	chosen->range_count = chosen->range_count ? kept + 1 : 0;
}

static int choose_records(const struct axev__sealed_set *set, const axev_disclose_set *asked,
			  struct axev__disclosed *chosen, axev_error *err)
{
	size_t i;

	for (i = 0; i < asked->range_count; i++) {
		const axev_record_range *range = &asked->ranges[i];

		if (range->count == 0 || range->first >= set->record_count ||
		    range->count > set->record_count - range->first)
			return axev__fail(err, AXEV_E_INVAL, "expected records of the %" PRIu64 " there are", set->record_count);
		TRY(axev__disclosed_add(chosen, range->first, range->count, err));
	}
	for (i = 0; i < asked->key_count; i++)
		TRY(add_key(set, &asked->keys[i], chosen, err));
	if (asked->range_count + asked->key_count == 0 && set->record_count > 0)
		TRY(axev__disclosed_add(chosen, 0, set->record_count, err));
	if (chosen->range_count == 0)
		return axev__fail(err, AXEV_E_INVAL, "the record set has no records");
	axev__disclosed_merge(chosen);
	return AXEV_OK;
}

int axev__disclosed_choose(const struct axev__sealed_set *set, const axev_disclose_set *asked,
			   struct axev__disclosed *ret_chosen, axev_error *err)
{
	TRY(axev__disclosed_choose_fields(&set->header, NULL, asked, ret_chosen, err));
	return choose_records(set, asked, ret_chosen, err);
}

void axev__disclosed_free(struct axev__disclosed *chosen)
{
	free(chosen->ranges);
	free(chosen->fields);
	*chosen = (struct axev__disclosed){ 0 };
}
