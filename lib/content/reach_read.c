/* SPDX-License-Identifier: Apache-2.0 */
/* A document held against itself: its facts are taken out, everything else is made again from them and compared. */
#include <stdio.h>

#include "base/text.h"
#include "content/reach.h"

/* ---- facts ---- */

static const char *const document_facts[] = { "format", "url", "started", "finished", "limits", NULL };
static const char *const resolver_facts[] = { "server", "chosen", NULL };
static const char *const question_facts[] = { "type", "asked", "query", "over", "answered", "message", "no_answer", "errno", NULL };
static const char *const tcp_facts[] = { "began", "ended", "outcome", "errno", NULL };
static const char *const tls_facts[] = { "began", "ended", "outcome", "errno", "alert", "version", "leaf_sha256", NULL };
static const char *const http_facts[] = { "began", "ended", "ended_by", "errno", "alert", "received", NULL };

static int copy_facts(const axev__json *from, const char *const *names, axev__json *to, axev_error *err)
{
	for (; *names; names++)
		if (axev__json_get(from, *names))
			TRY(axev__json_set(to, *names, axev__json_copy(axev__json_get(from, *names)), err));
	return AXEV_OK;
}

static int copy_questions(const axev__json *resolver, axev__json *to, axev_error *err)
{
	const axev__json *questions = axev__json_get(resolver, "questions");
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < axev__json_count(questions); i++) {
		AXEV__JSON *one = axev__json_new_object();

		TRY(copy_facts(axev__json_at(questions, i), question_facts, one, err));
		TRY(axev__json_append(list, axev__steal(one), err));
	}
	return axev__json_set(to, "questions", axev__steal(list), err);
}

static int copy_resolvers(const axev__json *stated, axev__json *made, axev_error *err)
{
	const axev__json *resolvers = axev__json_get(stated, "resolvers");
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < axev__json_count(resolvers); i++) {
		AXEV__JSON *one = axev__json_new_object();

		TRY(copy_facts(axev__json_at(resolvers, i), resolver_facts, one, err));
		TRY(copy_questions(axev__json_at(resolvers, i), one, err));
		TRY(axev__json_append(list, axev__steal(one), err));
	}
	return axev__json_set(made, "resolvers", axev__steal(list), err);
}

static int copy_step(const axev__json *from, const char *name, const char *const *facts, axev__json *to, axev_error *err)
{
	AXEV__JSON *step = axev__json_new_object();

	if (!axev__json_get(from, name))
		return AXEV_OK;
	TRY(copy_facts(axev__json_get(from, name), facts, step, err));
	return axev__json_set(to, name, axev__steal(step), err);
}

/* What followed from the names must be there in its order before what each answered means anything. */
static int copy_steps(const axev__json *stated, axev__json *made, axev_error *err)
{
	const axev__json *from = axev__json_get(stated, "addresses"), *to = axev__json_get(made, "addresses");
	struct axev__span left = axev__span("", 0), right = left;
	size_t count = axev__json_count(to), i;

	if (axev__json_count(from) != count)
		return axev__fail(err, AXEV_E_INVALID, "expected %zu addresses from what is stated, found %zu", count,
				  axev__json_count(from));
	for (i = 0; i < count; i++) {
		const axev__json *one = axev__json_at(from, i);

		axev__json_as_string(axev__json_get(one, "address"), &left);
		axev__json_as_string(axev__json_get(axev__json_at(to, i), "address"), &right);
		if (!axev__span_equal(left, right))
			return axev__fail(err, AXEV_E_INVALID, "address %zu is not the one that follows from what is stated", i);
		TRY(copy_step(one, "tcp", tcp_facts, axev__json_at(to, i), err));
		TRY(copy_step(one, "tls", tls_facts, axev__json_at(to, i), err));
		TRY(copy_step(one, "http", http_facts, axev__json_at(to, i), err));
	}
	return AXEV_OK;
}

/* ---- what facts may stand together ---- */

static bool is(const axev__json *json, const char *key, const char *word)
{
	struct axev__span text;

	return axev__json_as_string(axev__json_get(json, key), &text) && axev__span_is(text, word);
}

static bool has(const axev__json *json, const char *key)
{
	return axev__json_get(json, key) != NULL;
}

static bool is_errno_right(const axev__json *json, const char *outcome)
{
	if (is(json, outcome, "refused"))
		return is(json, "errno", "ECONNREFUSED");
	if (is(json, outcome, "unreachable") || is(json, outcome, "failed"))
		return has(json, "errno") && !is(json, "errno", "ECONNREFUSED");
	return !has(json, "errno") || (is(json, outcome, "timed_out") && is(json, "errno", "ETIMEDOUT"));
}

static bool is_question_sound(const axev__json *question)
{
	bool is_answered = has(question, "message");

	return has(question, "answered") == is_answered && has(question, "over") == is_answered &&
	       has(question, "no_answer") == !is_answered &&
	       (is_answered ? !has(question, "errno") : is_errno_right(question, "no_answer"));
}

static bool is_address_sound(const axev__json *address)
{
	const axev__json *tcp = axev__json_get(address, "tcp"), *tls = axev__json_get(address, "tls"),
			 *http = axev__json_get(address, "http");
	bool is_alert = is(tls, "outcome", "alert");

	return is_errno_right(tcp, "outcome") && has(tls, "version") == is(tls, "outcome", "handshake") &&
	       (!has(tls, "leaf_sha256") || has(tls, "version")) &&
	       (is_alert ? has(tls, "alert") : !has(tls, "alert") || is(tls, "outcome", "refused_here")) &&
	       has(http, "alert") == is(http, "ended_by", "alert");
}

static int check_sound(const axev__json *document, axev_error *err)
{
	const axev__json *resolvers = axev__json_get(document, "resolvers"), *addresses = axev__json_get(document, "addresses");
	size_t i, j;

	/* Before anything that takes the square of them. */
	if (axev__json_count(resolvers) > AXEV__MAX_RESOLVERS || axev__json_count(addresses) > AXEV__MAX_REACH_ADDRESSES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d resolvers and %d addresses", AXEV__MAX_RESOLVERS,
				  AXEV__MAX_REACH_ADDRESSES);
	for (i = 0; i < axev__json_count(resolvers); i++) {
		const axev__json *questions = axev__json_get(axev__json_at(resolvers, i), "questions");

		if (axev__json_count(questions) != 2 || !is(axev__json_at(questions, 0), "type", "A") ||
		    !is(axev__json_at(questions, 1), "type", "AAAA"))
			return axev__fail(err, AXEV_E_INVALID, "resolvers[%zu]: expected one question for A and one for AAAA", i);
		for (j = 0; j < 2; j++)
			if (!is_question_sound(axev__json_at(questions, j)))
				return axev__fail(err, AXEV_E_INVALID,
						  "resolvers[%zu]: expected an answer, or why there is none", i);
	}
	for (i = 0; i < axev__json_count(addresses); i++)
		if (!is_address_sound(axev__json_at(addresses, i)))
			return axev__fail(err, AXEV_E_INVALID, "addresses[%zu]: expected members that fit the outcome", i);
	return AXEV_OK;
}

/* ---- the first difference ---- */

static int is_same(const axev__json *left, const axev__json *right, bool *ret_is_same, axev_error *err)
{
	AXEV__BUF a = AXEV__BUF_INIT(AXEV__MAX_REACH_BYTES), b = AXEV__BUF_INIT(AXEV__MAX_REACH_BYTES);

	*ret_is_same = false;
	if (!left || !right)
		return AXEV_OK;
	TRY(axev__json_canonical(left, &a, err));
	TRY(axev__json_canonical(right, &b, err));
	*ret_is_same = axev__span_equal(axev__buf_view(&a), axev__buf_view(&b));
	return AXEV_OK;
}

/* Rows of a list are compared one by one, so that the message names the row. */
static int compare_rows(const axev__json *stated, const axev__json *made, const char *list, axev_error *err)
{
	const axev__json *left = axev__json_get(stated, list), *right = axev__json_get(made, list);
	bool same;
	size_t i;

	for (i = 0; i < axev__json_count(right); i++) {
		TRY(is_same(axev__json_at(left, i), axev__json_at(right, i), &same, err));
		if (!same)
			return axev__fail(err, AXEV_E_INVALID, "%s[%zu]: is not what its own facts give", list, i);
	}
	return AXEV_OK;
}

static int compare(const axev__json *stated, const axev__json *made, axev_error *err)
{
	void *iterator = NULL;
	const char *key;
	axev__json *value;
	bool same;

	TRY(compare_rows(stated, made, "resolvers", err));
	TRY(compare_rows(stated, made, "addresses", err));
	while (axev__json_next(made, &iterator, &key, &value)) {
		TRY(is_same(axev__json_get(stated, key), value, &same, err));
		if (!same)
			return axev__fail(err, AXEV_E_INVALID, "member '%s' is not what the facts give", key);
	}
	return AXEV_OK;
}

/* ---- */

/* The addresses of an earlier document that is not here: as stated, behind those of the host. */
static int assume_earlier(const axev__json *stated, axev__json **ret_earlier, axev_error *err)
{
	const axev__json *addresses = axev__json_get(stated, "addresses");
	AXEV__JSON *earlier = axev__json_new_object(), *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < axev__json_count(addresses); i++)
		if (has(axev__json_at(addresses, i), "of_earlier"))
			TRY(axev__json_append(list, axev__json_copy(axev__json_at(addresses, i)), err));
	TRY(axev__json_set(earlier, "addresses", axev__steal(list), err));
	*ret_earlier = axev__steal(earlier);
	return AXEV_OK;
}

static int make_again(const axev__json *stated, const axev__json *earlier, axev__json **ret_made, axev_error *err)
{
	AXEV__JSON *made = axev__json_new_object();

	TRY(copy_facts(stated, document_facts, made, err));
	TRY(copy_resolvers(stated, made, err));
	TRY(axev__reach_names(made, earlier, err));
	TRY(copy_steps(stated, made, err));
	TRY(axev__reach_ends(made, err));
	*ret_made = axev__steal(made);
	return AXEV_OK;
}

int axev__reach_read(struct axev__span text, enum axev__reach_earlier how, const axev__json *earlier,
		     axev__json **ret_document, axev_error *err)
{
	AXEV__JSON *stated = NULL, *made = NULL, *assumed = NULL;

	if (text.size > AXEV__MAX_REACH_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu bytes, found %zu", AXEV__MAX_REACH_BYTES,
				  text.size);
	TRY(axev__json_parse_canonical(text, &stated, err));
	TRY(axev__reach_check_form(stated, err));
	TRY(check_sound(stated, err));
	if (how == AXEV__REACH_UNKNOWN)
		TRY(assume_earlier(stated, &assumed, err));
	TRY(make_again(stated, how == AXEV__REACH_AGAIN ? earlier : assumed, &made, err));
	TRY(compare(stated, made, err));
	if (ret_document)
		*ret_document = axev__steal(stated);
	return AXEV_OK;
}
