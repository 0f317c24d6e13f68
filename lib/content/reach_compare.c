/* SPDX-License-Identifier: Apache-2.0 */
/* What could be reached then and now: resolver by resolver, address by address. It says what differs, never why. */
#include <stdlib.h>

#include "base/text.h"
#include "content/reach.h"

enum outcome { SAME, DIFFERENT, ONLY_EARLIER, ONLY_LATER, OUTCOMES };
static const char *const outcome_names[OUTCOMES] = { "same", "different", "only_earlier", "only_later" };

static axev__json *find(const axev__json *list, const char *key, struct axev__span wanted)
{
	struct axev__span found;
	size_t i;

	for (i = 0; i < axev__json_count(list); i++)
		if (axev__json_as_string(axev__json_get(axev__json_at(list, i), key), &found) &&
		    axev__span_equal(found, wanted))
			return axev__json_at(list, i);
	return NULL;
}

static int copy(const axev__json *from, const char *key, axev__json *to, const char *as, axev_error *err)
{
	const axev__json *value = axev__json_get(from, key);

	return value ? axev__json_set(to, as, axev__json_copy(value), err) : AXEV_OK;
}

/* ---- state of a resolver ---- */

static int compare_texts(const void *left, const void *right)
{
	return axev__span_compare(*(const struct axev__span *)left, *(const struct axev__span *)right);
}

/* In the order of bytes: servers turn theirs round. */
static int set_sorted(axev__json *state, const axev__json *questions, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	AXEV__FREE struct axev__span *texts = NULL;
	size_t count = 0, i, j;

	for (i = 0; i < axev__json_count(questions); i++)
		count += axev__json_count(axev__json_get(axev__json_at(questions, i), "addresses"));
	texts = calloc(count + 1, sizeof(*texts));
	if (!texts)
		return axev__nomem(err);
	for (i = 0, count = 0; i < axev__json_count(questions); i++) {
		const axev__json *addresses = axev__json_get(axev__json_at(questions, i), "addresses");

		for (j = 0; j < axev__json_count(addresses); j++)
			count += axev__json_as_string(axev__json_at(addresses, j), &texts[count]);
	}
	qsort(texts, count, sizeof(*texts), compare_texts);
	for (i = 0; i < count; i++)
		TRY(axev__json_append(list, axev__json_new_string(texts[i]), err));
	return axev__json_set(state, "addresses", axev__steal(list), err);
}

static int state_of_resolver(const axev__json *resolver, axev__json **ret_state, axev_error *err)
{
	const axev__json *questions = axev__json_get(resolver, "questions");
	AXEV__JSON *state = axev__json_new_object();
	size_t i;

	for (i = 0; i < axev__json_count(questions); i++) {
		const axev__json *question = axev__json_at(questions, i);
		const char *as = i == 0 ? "A" : "AAAA";

		TRY(copy(question, axev__json_get(question, "code") ? "code" : "no_answer", state, as, err));
	}
	TRY(set_sorted(state, questions, err));
	*ret_state = axev__steal(state);
	return AXEV_OK;
}

/* ---- state of an address ---- */

static int state_of_address(const axev__json *address, axev__json **ret_state, axev_error *err)
{
	const axev__json *tls = axev__json_get(address, "tls"), *http = axev__json_get(address, "http");
	AXEV__JSON *state = axev__json_new_object();

	TRY(copy(axev__json_get(address, "tcp"), "outcome", state, "tcp", err));
	TRY(copy(tls, "outcome", state, "tls", err));
	TRY(copy(tls, "alert", state, "alert", err));
	TRY(copy(http, "outcome", state, "http", err));
	TRY(copy(http, "status", state, "status", err));
	TRY(copy(address, "reached", state, "reached", err));
	*ret_state = axev__steal(state);
	return AXEV_OK;
}

/* ---- rows ---- */

struct rows {
	const char *key; /* "server", "address" */
	int (*state_of)(const axev__json *one, axev__json **ret_state, axev_error *err);
	axev__json *list;
	uint64_t counts[OUTCOMES];
};

static int is_same(const axev__json *left, const axev__json *right, bool *ret_is_same, axev_error *err)
{
	AXEV__BUF a = AXEV__BUF_INIT(AXEV__MIB), b = AXEV__BUF_INIT(AXEV__MIB);

	TRY(axev__json_canonical(left, &a, err));
	TRY(axev__json_canonical(right, &b, err));
	*ret_is_same = axev__span_equal(axev__buf_view(&a), axev__buf_view(&b));
	return AXEV_OK;
}

static int add_row(struct rows *rows, const axev__json *earlier, const axev__json *later, axev_error *err)
{
	AXEV__JSON *row = axev__json_new_object(), *before = NULL, *after = NULL;
	enum outcome outcome = earlier ? ONLY_EARLIER : ONLY_LATER;
	bool same = false;

	TRY(copy(earlier ? earlier : later, rows->key, row, rows->key, err));
	TRY(earlier ? rows->state_of(earlier, &before, err) : AXEV_OK);
	TRY(later ? rows->state_of(later, &after, err) : AXEV_OK);
	if (earlier && later) {
		TRY(is_same(before, after, &same, err));
		outcome = same ? SAME : DIFFERENT;
	}
	if (before)
		TRY(axev__json_set(row, "earlier", axev__steal(before), err));
	if (after)
		TRY(axev__json_set(row, "later", axev__steal(after), err));
	rows->counts[outcome]++;
	TRY(axev__json_set_str(row, "outcome", outcome_names[outcome], err));
	return axev__json_append(rows->list, axev__steal(row), err);
}

/* Those of the earlier document in its order, then what is new. */
static int add_rows(struct rows *rows, const axev__json *earlier, const axev__json *later, axev_error *err)
{
	struct axev__span name;
	size_t i;

	for (i = 0; i < axev__json_count(earlier); i++) {
		TRY(axev__json_string(axev__json_at(earlier, i), rows->key, &name, err));
		TRY(add_row(rows, axev__json_at(earlier, i), find(later, rows->key, name), err));
	}
	for (i = 0; i < axev__json_count(later); i++) {
		TRY(axev__json_string(axev__json_at(later, i), rows->key, &name, err));
		if (!find(earlier, rows->key, name))
			TRY(add_row(rows, NULL, axev__json_at(later, i), err));
	}
	return AXEV_OK;
}

static int set_rows(axev__json *comparison, const char *member, const axev__json *earlier, const axev__json *later,
		    struct rows *rows, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();

	rows->list = list;
	TRY(add_rows(rows, axev__json_get(earlier, member), axev__json_get(later, member), err));
	return axev__json_set(comparison, member, axev__steal(list), err);
}

static int set_when(axev__json *comparison, const char *member, const axev__json *document, axev_error *err)
{
	AXEV__JSON *when = axev__json_new_object();

	TRY(copy(document, "started", when, "started", err));
	TRY(copy(document, "finished", when, "finished", err));
	TRY(copy(document, "summary", when, "summary", err));
	return axev__json_set(comparison, member, axev__steal(when), err);
}

static int set_counts(axev__json *comparison, const struct rows *rows, axev_error *err)
{
	AXEV__JSON *counts = axev__json_new_object();
	size_t i;

	for (i = 0; i < OUTCOMES; i++)
		TRY(axev__json_set_u64(counts, outcome_names[i], rows->counts[i], err));
	return axev__json_set(comparison, "counts", axev__steal(counts), err);
}

int axev__reach_compare(const axev__json *earlier, const axev__json *later, axev__json **ret_comparison,
			axev_error *err)
{
	struct rows resolvers = { .key = "server", .state_of = state_of_resolver };
	struct rows addresses = { .key = "address", .state_of = state_of_address };
	AXEV__JSON *comparison = axev__json_new_object();
	struct axev__span before, after;

	TRY(axev__json_string(earlier, "url", &before, err));
	TRY(axev__json_string(later, "url", &after, err));
	if (!axev__span_equal(before, after))
		return axev__fail(err, AXEV_E_INVALID, "expected the address of the earlier capture");
	TRY(axev__json_set_str(comparison, "format", AXEV__REACH_COMPARISON_FORMAT, err));
	TRY(axev__json_set_string(comparison, "url", after, err));
	TRY(set_when(comparison, "earlier", earlier, err));
	TRY(set_when(comparison, "later", later, err));
	TRY(set_rows(comparison, "resolvers", earlier, later, &resolvers, err));
	TRY(set_rows(comparison, "addresses", earlier, later, &addresses, err));
	TRY(set_counts(comparison, &addresses, err));
	*ret_comparison = axev__steal(comparison);
	return AXEV_OK;
}
