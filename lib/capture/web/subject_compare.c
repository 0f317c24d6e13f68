/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Marks of a page against a filing record, field by field. "Equal" says that the same characters stand on the page: neither
 * that the filing is right, nor that the page is.
 */
#include <ctype.h>
#include <stdio.h>

#include "base/text.h"
#include "capture/web/subject.h"
#include "capture/web/web.h"
#include "content/credit_code.h"

#define MAX_FOUND 16 /* values listed of one field */
#define MAX_PLAIN 2048

struct comparison {
	struct axev__web *web;
	const char *field;
	struct axev__span filed; /* as written; size 0: not in the filing */
	char plain[MAX_PLAIN];
	axev__json *found;
	bool is_equal;
	const char *how; /* it is equal in another way than character by character; NULL */
};

static void make_plain(struct axev__span text, char out[MAX_PLAIN])
{
	AXEV__BUF plain = AXEV__BUF_INIT(MAX_PLAIN - 1);

	axev__site_plain(text, &plain);
	if (plain.size)
		memcpy(out, plain.data, plain.size);
	out[plain.size] = '\0';
}

static bool is_listed(const struct comparison *comparison, struct axev__span value, size_t page)
{
	struct axev__span other;
	int64_t other_page = 0;
	size_t i;

	for (i = 0; i < axev__json_count(comparison->found); i++) {
		const axev__json *one = axev__json_at(comparison->found, i);

		if (axev__json_as_string(axev__json_get(one, "value"), &other) && axev__span_equal(value, other) &&
		    axev__json_as_integer(axev__json_get(one, "page"), &other_page) && (size_t)other_page == page)
			return true;
	}
	return false;
}

/* @page: 0 the page, then the targets. */
static int note(struct comparison *comparison, struct axev__span value, size_t page, axev_error *err)
{
	AXEV__JSON *one = NULL;
	AXEV__BUF shown = AXEV__BUF_INIT(8 * AXEV__KIB);

	if (axev__json_count(comparison->found) >= MAX_FOUND || is_listed(comparison, value, page))
		return AXEV_OK;
	one = axev__json_new_object();
	TRY(axev__buf_span(&shown, value.size > 512 ? axev__span(value.data, 512) : value, err));
	while (shown.size && !axev__is_utf8(axev__buf_view(&shown)))
		shown.size--;
	TRY(axev__json_set_string(one, "value", axev__buf_view(&shown), err));
	TRY(axev__json_set_u64(one, "page", page, err));
	return axev__json_append(comparison->found, axev__steal(one), err);
}

static const struct axev__site_marks *marks_of(const struct axev__web *web, size_t page)
{
	const struct axev__site_subject *subject = web->subject;

	if (page == 0)
		return subject->marks.list ? &subject->marks : NULL;
	return subject->targets[page - 1].has_marks ? &subject->targets[page - 1].marks : NULL;
}

/* ---- kinds of fields ---- */

/* The number of a site behind that of the one who filed: "-1". */
static bool is_same_but_site(const char *filed, const char *found)
{
	size_t length = strlen(filed);

	return strncmp(filed, found, length) == 0 && found[length] == '-' && axev__span_ends(axev__span_str(filed), "号");
}

static void judge(struct comparison *comparison, struct axev__span value)
{
	char found[MAX_PLAIN];

	make_plain(value, found);
	if (!comparison->plain[0])
		return;
	if (strcmp(found, comparison->plain) == 0) {
		comparison->is_equal = true;
		comparison->how = NULL;
	} else if (!comparison->is_equal && is_same_but_site(comparison->plain, found)) {
		comparison->is_equal = true;
		comparison->how = "the page adds the number of a site to what was filed";
	}
}

static bool is_of(const axev__json *mark, const char *kind, struct axev__span *ret_value)
{
	struct axev__span found;

	return axev__json_as_string(axev__json_get(mark, "kind"), &found) &&
	       axev__json_as_string(axev__json_get(mark, "value"), ret_value) &&
	       (axev__span_is(found, kind) ||
		/* A code may stand behind the label of the number that it replaced. */
		(strcmp(kind, "credit-code") == 0 && axev__span_is(found, "licence-number") &&
		 axev__credit_code_check(*ret_value) != AXEV__CREDIT_CODE_NONE) ||
		(strcmp(kind, "licence-number") == 0 && axev__span_is(found, "credit-code")));
}

static int from_marks(struct comparison *comparison, const char *kind, axev_error *err)
{
	size_t page, i;

	for (page = 0; page <= comparison->web->subject->target_count; page++) {
		const struct axev__site_marks *marks = marks_of(comparison->web, page);
		struct axev__span value;

		for (i = 0; marks && i < axev__json_count(marks->list); i++)
			if (is_of(axev__json_at(marks->list, i), kind, &value)) {
				judge(comparison, value);
				TRY(note(comparison, value, page, err));
			}
	}
	return AXEV_OK;
}

/* Does the filed text stand anywhere in what a page shows? */
static int from_text(struct comparison *comparison, axev_error *err)
{
	size_t page, length = strlen(comparison->plain);

	for (page = 0; length > 0 && page <= comparison->web->subject->target_count; page++) {
		const struct axev__site_marks *marks = marks_of(comparison->web, page);
		AXEV__BUF plain = AXEV__BUF_INIT(AXEV__MAX_PAGE_TEXT_BYTES);

		if (!marks)
			continue;
		axev__site_plain(axev__buf_view(&marks->text), &plain);
		if (!plain.size || !memmem(plain.data, plain.size, comparison->plain, length))
			continue;
		if (!comparison->is_equal)
			comparison->how = "it stands in the text of the page";
		comparison->is_equal = true;
		TRY(note(comparison, comparison->filed, page, err));
	}
	return AXEV_OK;
}

static int compare_name(struct comparison *comparison, axev_error *err)
{
	TRY(from_marks(comparison, "name", err));
	return comparison->is_equal ? AXEV_OK : from_text(comparison, err);
}

/* A title is not a name: another one is no difference. */
static int compare_site_name(struct comparison *comparison, axev_error *err)
{
	char title[MAX_PLAIN];

	if (!comparison->plain[0])
		return AXEV_OK;
	make_plain(axev__span_str(comparison->web->page->title ? comparison->web->page->title : ""), title);
	if (!strstr(title, comparison->plain))
		return from_text(comparison, err);
	comparison->is_equal = true;
	comparison->how = strcmp(title, comparison->plain) == 0 ? NULL : "it stands in the title of the page";
	return note(comparison, axev__span_str(comparison->web->page->title), 0, err);
}

static int compare_domain(struct comparison *comparison, axev_error *err)
{
	const struct axev__page *page = comparison->web->page;
	char host[256], filed[256];
	size_t length, tail, i;

	axev__site_host(axev__span_str(page->final_url ? page->final_url : comparison->web->opts->url), host, sizeof(host));
	for (i = 0; comparison->plain[i] && i + 1 < sizeof(filed); i++)
		filed[i] = (char)tolower((unsigned char)comparison->plain[i]);
	filed[i] = '\0';
	length = strlen(host);
	tail = strlen(filed);
	if (tail > 0 && length >= tail && strcmp(host + length - tail, filed) == 0 &&
	    (length == tail || host[length - tail - 1] == '.')) {
		comparison->is_equal = true;
		comparison->how = length == tail ? NULL : "the host of the address is below the filed domain";
	}
	return host[0] ? note(comparison, axev__span_str(host), 0, err) : AXEV_OK;
}

static int compare_ip(struct comparison *comparison, axev_error *err)
{
	const char *address = comparison->web->page->remote_address;

	if (!address)
		return AXEV_OK;
	judge(comparison, axev__span_str(address));
	return note(comparison, axev__span_str(address), 0, err);
}

static int compare_icp(struct comparison *comparison, axev_error *err)
{
	return from_marks(comparison, "icp", err);
}

static int compare_police(struct comparison *comparison, axev_error *err)
{
	return from_marks(comparison, "police", err);
}

static int compare_code(struct comparison *comparison, axev_error *err)
{
	return from_marks(comparison, "credit-code", err);
}

static int compare_number(struct comparison *comparison, axev_error *err)
{
	return from_marks(comparison, "licence-number", err);
}

/* ---- all ---- */

static const struct {
	const char *field;
	int (*compare)(struct comparison *comparison, axev_error *err); /* NULL: no page shows it */
} fields[] = {
	{ "name", compare_name },	   { "credit_code", compare_code }, { "licence_number", compare_number },
	{ "icp_number", compare_icp },	   { "police_number", compare_police }, { "domain", compare_domain },
	{ "site_name", compare_site_name }, { "ip_address", compare_ip },	    { "type", NULL },
	{ "site_type", NULL },		   { "isp", NULL },		    { "server_room", NULL },
	{ "contact", NULL },
};

static const char *outcome_of(struct comparison *comparison, bool is_compared, struct axev__site_subject *subject)
{
	if (comparison->filed.size == 0) {
		subject->not_in_filing += is_compared;
		return "not_in_filing";
	}
	if (!is_compared)
		return "not_compared";
	if (comparison->is_equal) {
		subject->equal++;
		return "equal";
	}
	if (axev__json_count(comparison->found) > 0) {
		subject->different++;
		return "different";
	}
	subject->not_found++;
	return "not_found";
}

static int compare_one(struct axev__web *web, size_t i, axev__json *list, axev_error *err)
{
	const axev__json *filing = web->subject->filing->json;
	AXEV__JSON *json = axev__json_new_object();
	AXEV__JSON *found = axev__json_new_array();
	struct comparison comparison = { .web = web, .field = fields[i].field, .found = found };

	if (axev__json_as_string(axev__json_get(filing, fields[i].field), &comparison.filed))
		make_plain(comparison.filed, comparison.plain);
	if (!fields[i].compare && comparison.filed.size == 0)
		return AXEV_OK;
	if (fields[i].compare)
		TRY(fields[i].compare(&comparison, err));
	TRY(axev__json_set_str(json, "field", fields[i].field, err));
	TRY(axev__json_set_str(json, "outcome", outcome_of(&comparison, fields[i].compare != NULL, web->subject), err));
	if (comparison.filed.size)
		TRY(axev__json_set_string(json, "filed", comparison.filed, err));
	if (comparison.is_equal && comparison.how)
		TRY(axev__json_set_str(json, "how", comparison.how, err));
	if (strcmp(fields[i].field, "credit_code") == 0 && comparison.filed.size)
		TRY(axev__json_set_str(json, "filed_check_character",
				       axev__credit_code_word(axev__credit_code_check(axev__span_str(comparison.plain))), err));
	TRY(axev__json_set(json, "found", axev__steal(found), err));
	return axev__json_append(list, axev__steal(json), err);
}

int axev__site_subject_compare(struct axev__web *web, axev__json **ret_list, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	size_t i;

	for (i = 0; i < AXEV__COUNT(fields); i++)
		TRY(compare_one(web, i, list, err));
	*ret_list = axev__steal(list);
	return AXEV_OK;
}
