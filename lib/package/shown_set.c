/* SPDX-License-Identifier: Apache-2.0 */
#include "package/shown_set.h"

#include <inttypes.h>
#include <stdio.h>

#include "package/disclosure.h"
#include "package/record_proof_internal.h"

static int read_bytes(const struct axev__shown_set *set, unsigned at, struct axev__buf *out, axev_error *err)
{
	const struct axev__entry *entry;
	char name[64];

	snprintf(name, sizeof(name), AXEV__DISCLOSED_FORM, set->set.first + at);
	entry = axev__container_find(set->container, name);
	if (!entry)
		return axev__fail(err, AXEV_E_INVALID, "expected entry %s, which is missing", name);
	return axev__prefix(axev__container_read(set->container, entry, out, err), err, "%s", name);
}

static void forget(struct axev__shown_set *set)
{
	if (set->read)
		axev__proof_close(set->read);
	free(set->read);
	set->read = NULL;
}

static int read_proof(struct axev__shown_set *set, unsigned at, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);

	if (set->read && set->read_at == at)
		return AXEV_OK;
	forget(set);
	TRY(read_bytes(set, at, &bytes, err));
	set->read = calloc(1, sizeof(*set->read));
	if (!set->read)
		return axev__nomem(err);
	set->read_at = at;
	return axev__prefix(axev__proof_open(axev__buf_view(&bytes), set->set.root, set->read, err), err, AXEV__DISCLOSED_FORM,
			    set->set.first + at);
}

static int open_proofs(struct axev__shown_set *set, axev_error *err)
{
	uint64_t next = 0;
	unsigned at;

	set->proofs = calloc(set->set.proofs + 1, sizeof(*set->proofs));
	if (!set->proofs)
		return axev__nomem(err);
	if (set->set.proofs == 0)
		return axev__fail(err, AXEV_E_INVALID, "no records are shown");
	for (at = 0; at < set->set.proofs; at++) {
		TRY(read_proof(set, at, err));
		set->proofs[at] = (struct axev__shown_proof){ set->read->shape.first, set->read->shape.count };
		if (set->proofs[at].first < next)
			return axev__fail(err, AXEV_E_INVALID, "record %" PRIu64 " stands twice or out of order", set->proofs[at].first);
		next = set->proofs[at].first + set->proofs[at].count;
	}
	/* All proofs have the same header and number of records: both are leaves of the tree whose root they lead to. */
	set->record_count = set->read->shape.leaves - 2;
	return axev__record_header_read(axev__buf_view(&set->read->header), &set->header, err);
}

int axev__shown_set_open(const struct axev__container *container, const struct axev__disclosed_set *set,
			 struct axev__shown_set *ret_set, axev_error *err)
{
	AXEV__CLEANUP(axev__shown_set_close) struct axev__shown_set opened = { .container = container, .set = *set };

	TRY(open_proofs(&opened, err));
	*ret_set = opened;
	opened = (struct axev__shown_set){ 0 };
	return AXEV_OK;
}

void axev__shown_set_close(struct axev__shown_set *set)
{
	forget(set);
	axev__record_header_free(&set->header);
	free(set->proofs);
	*set = (struct axev__shown_set){ 0 };
}

int axev__shown_set_each(const struct axev__shown_set *set, axev__proven_visitor visit, void *payload, axev_error *err)
{
	unsigned at;

	for (at = 0; at < set->set.proofs; at++) {
		AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);

		TRY(read_bytes(set, at, &bytes, err));
		TRY(axev__record_proof_check(axev__buf_view(&bytes), set->set.root, visit, payload, err));
	}
	return AXEV_OK;
}

static int by_record(const void *key, const void *item)
{
	const struct axev__shown_proof *proof = item;
	uint64_t record = *(const uint64_t *)key;

	return record < proof->first ? -1 : record - proof->first >= proof->count;
}

const struct axev__shown_proof *axev__shown_set_find(const struct axev__shown_set *set, uint64_t record)
{
	return bsearch(&record, set->proofs, set->set.proofs, sizeof(*set->proofs), by_record);
}

int axev__shown_set_shows(struct axev__shown_set *set, uint64_t record, uint32_t field, bool *ret_is_shown, axev_error *err)
{
	const struct axev__shown_proof *proof = axev__shown_set_find(set, record);

	*ret_is_shown = false;
	if (!proof)
		return AXEV_OK;
	TRY(read_proof(set, (unsigned)(proof - set->proofs), err));
	*ret_is_shown = axev__json_get(axev__json_at(axev__json_at(set->read->proven, record - proof->first), field), "leaf") == NULL;
	return AXEV_OK;
}

int axev__shown_set_prove(struct axev__shown_set *set, const struct axev__record_choice *choice, struct axev__buf *ret_proof,
			  axev_error *err)
{
	const struct axev__shown_proof *proof = axev__shown_set_find(set, choice->first);

	if (!proof)
		return axev__fail(err, AXEV_E_INVAL, "record %" PRIu64 " is not shown", choice->first);
	TRY(read_proof(set, (unsigned)(proof - set->proofs), err));
	return axev__record_proof_narrow(set->read, choice, set->set.root, ret_proof, err);
}
