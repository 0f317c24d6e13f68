/* SPDX-License-Identifier: Apache-2.0 */
/* A choice out of what a disclosure shows. What it does not show cannot be chosen, and asking for it is told apart from what there is not. */
#include <inttypes.h>

#include "base/text.h"
#include "capture/disclose_choice.h"
#include "package/cell_text.h"

/* ---- records ---- */

/* Numbers are those of the original, as the disclosure's own report and print have them. */
static int add_range(const struct axev__shown_set *set, const axev_record_range *range, struct axev__disclosed *chosen,
		     axev_error *err)
{
	uint64_t record, end;

	if (range->count == 0 || range->first >= set->record_count || range->count > set->record_count - range->first)
		return axev__fail(err, AXEV_E_INVAL, "expected records of the %" PRIu64 " there are", set->record_count);
	end = range->first + range->count;
	for (record = range->first; record < end;) {
		const struct axev__shown_proof *proof = axev__shown_set_find(set, record);

		if (!proof)
			return axev__fail(err, AXEV_E_INVAL,
					  "the disclosure does not show record %" PRIu64 " (counted from 1): expected some of those that it shows",
					  record + 1);
		record = proof->first + proof->count;
	}
	return axev__disclosed_add(chosen, range->first, range->count, err);
}

struct finding {
	const axev_record_key *key;
	uint32_t field;
	struct axev__disclosed *chosen;
	struct axev__buf text;
};

static int look_at(void *payload, const struct axev__proven *proven, axev_error *err)
{
	struct finding *finding = payload;
	struct axev__shown shown;

	if (proven->field != finding->field)
		return AXEV_OK;
	if (proven->is_withheld)
		return axev__fail(err, AXEV_E_INVAL,
				  "the disclosure withholds column '%s' of record %" PRIu64 ": nothing can be looked for in it",
				  axev__show_str(&shown, finding->key->column), proven->record + 1);
	axev__buf_clear(&finding->text);
	TRY(axev__cell_as_text(&proven->cell, &finding->text, err));
	if (proven->cell.tag == AXEV__CELL_NULL ||
	    !axev__span_equal(axev__buf_view(&finding->text), axev__span_str(finding->key->value)))
		return AXEV_OK;
	return axev__disclosed_add(finding->chosen, proven->record, 1, err);
}

static int add_key(const struct axev__shown_set *set, const axev_record_key *key, struct axev__disclosed *chosen, axev_error *err)
{
	struct finding finding = { key, 0, chosen, AXEV__BUF_INIT(4 * AXEV__MAX_INLINE_CELL) };
	size_t before = chosen->range_count;
	struct axev__shown shown;
	int status;

	TRY(axev__record_header_field(&set->header, axev__span_str(key->column), &finding.field, err));
	status = axev__shown_set_each(set, look_at, &finding, err);
	axev__buf_free(&finding.text);
	TRY(status);
	if (chosen->range_count == before)
		return axev__fail(err, AXEV_E_NOTFOUND, "no record that the disclosure shows has '%s' in column %s",
				  axev__show_str(&shown, key->value), key->column);
	return AXEV_OK;
}

static int choose_records(const struct axev__shown_set *set, const axev_disclose_set *asked, struct axev__disclosed *chosen,
			  axev_error *err)
{
	size_t i;

	for (i = 0; i < asked->range_count; i++)
		TRY(add_range(set, &asked->ranges[i], chosen, err));
	for (i = 0; i < asked->key_count; i++)
		TRY(add_key(set, &asked->keys[i], chosen, err));
	for (i = 0; i < set->set.proofs && asked->range_count + asked->key_count == 0; i++)
		TRY(axev__disclosed_add(chosen, set->proofs[i].first, set->proofs[i].count, err));
	axev__disclosed_merge(chosen);
	return AXEV_OK;
}

/* A new proof is made out of one. */
static int split_at_proofs(const struct axev__shown_set *set, struct axev__disclosed *chosen, axev_error *err)
{
	struct axev__disclosed split = { .ranges = NULL };
	size_t i;
	int status = AXEV_OK;

	for (i = 0; i < chosen->range_count && status >= 0; i++) {
		uint64_t at = chosen->ranges[i].first, end = at + chosen->ranges[i].count;

		while (at < end && status >= 0) {
			const struct axev__shown_proof *proof = axev__shown_set_find(set, at);
			uint64_t stop = proof->first + proof->count < end ? proof->first + proof->count : end;

			status = axev__disclosed_add(&split, at, stop - at, err);
			at = stop;
		}
	}
	free(chosen->ranges);
	chosen->ranges = split.ranges;
	chosen->range_count = split.range_count;
	chosen->range_capacity = split.range_capacity;
	return status;
}

/* ---- cells ---- */

struct counting {
	const struct axev__disclosed *chosen; /* its records */
	size_t at;                            /* the range that a record may be in */
	bool *there;                          /* fields that one of the records shows at least */
	uint64_t *withheld;                   /* for each field 1 + the first record that withholds it; 0: none does */
};

static int count_cell(void *payload, const struct axev__proven *proven, axev_error *err)
{
	struct counting *counting = payload;
	const struct axev__disclosed *chosen = counting->chosen;

	(void)err;
	while (counting->at < chosen->range_count &&
	       proven->record >= chosen->ranges[counting->at].first + chosen->ranges[counting->at].count)
		counting->at++;
	if (counting->at == chosen->range_count || proven->record < chosen->ranges[counting->at].first)
		return AXEV_OK;
	if (!proven->is_withheld)
		counting->there[proven->field] = true;
	else if (counting->withheld[proven->field] == 0)
		counting->withheld[proven->field] = 1 + proven->record;
	return AXEV_OK;
}

static int check_withheld(const struct axev__shown_set *set, const struct axev__disclosed *chosen, const uint64_t *withheld,
			  axev_error *err)
{
	struct axev__span name;
	struct axev__shown shown;
	size_t i;

	for (i = 0; i < chosen->field_count; i++) {
		if (withheld[chosen->fields[i]] == 0)
			continue;
		TRY(axev__record_header_name(&set->header, chosen->fields[i], &name, err));
		return axev__fail(err, AXEV_E_INVAL,
				  "the disclosure withholds column '%s' of record %" PRIu64 " (counted from 1): expected cells that it shows",
				  axev__show(&shown, name), withheld[chosen->fields[i]]);
	}
	return AXEV_OK;
}

static int choose_fields(const struct axev__shown_set *set, const axev_disclose_set *asked, struct axev__disclosed *chosen,
			 axev_error *err)
{
	AXEV__FREE bool *there = calloc(set->header.fields, sizeof(*there));
	AXEV__FREE uint64_t *withheld = calloc(set->header.fields, sizeof(*withheld));
	struct counting counting = { chosen, 0, there, withheld };

	if (!there || !withheld)
		return axev__nomem(err);
	TRY(axev__shown_set_each(set, count_cell, &counting, err));
	TRY(axev__disclosed_choose_fields(&set->header, there, asked, chosen, err));
	return check_withheld(set, chosen, withheld, err);
}

int axev__disclosed_choose_shown(const struct axev__shown_set *set, const axev_disclose_set *asked,
				 struct axev__disclosed *ret_chosen, axev_error *err)
{
	TRY(choose_records(set, asked, ret_chosen, err));
	TRY(choose_fields(set, asked, ret_chosen, err));
	return split_at_proofs(set, ret_chosen, err);
}
