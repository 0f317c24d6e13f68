/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Web captures: the marks of who runs the site are found again in the document trees that the package holds. Whether the trees
 * are what the page had, nobody can know: they are objects that were observed.
 */
#include "verify/verify.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "content/site_found.h"

#define FOUND "data/subject.json"
#define PAGE_DOM "data/dom.json"

struct counts {
	size_t trees, marks;
};

/* No such object, or a larger one than is looked through: an empty @dom, which is no tree either. */
static int read_dom(const struct axev__subject *subject, const char *path, struct axev__buf *dom, axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(subject->container, path);

	if (!entry || entry->size_bytes > AXEV__MAX_SITE_DOM_BYTES)
		return AXEV_OK;
	return axev__container_read(subject->container, entry, dom, err);
}

static int check_tree(const struct axev__subject *subject, const axev__json *stated, const char *path,
		      struct counts *counts, axev_error *err)
{
	AXEV__BUF dom = AXEV__BUF_INIT(AXEV__MAX_SITE_DOM_BYTES);
	size_t marks;

	TRY(read_dom(subject, path, &dom, err));
	TRY(axev__prefix(axev__site_found_check(stated, axev__buf_view(&dom), &marks, err), err, "%s", path));
	counts->trees++;
	counts->marks += marks;
	return AXEV_OK;
}

/* A page of a licence is the object that its row names, and no other. */
static int check_target(const struct axev__subject *subject, const axev__json *target, size_t number,
			struct counts *counts, axev_error *err)
{
	char expected[48];
	struct axev__span path;

	snprintf(expected, sizeof(expected), "data/subject/target-%zu.json", number);
	if (!axev__json_get(target, "dom")) {
		if (axev__json_get(target, "marks") || axev__container_find(subject->container, expected))
			return axev__fail(err, AXEV_E_INVALID, "targets[%zu]: its document tree is not named", number - 1);
		return AXEV_OK;
	}
	TRY(axev__json_string(target, "dom", &path, err));
	if (!axev__span_is(path, expected) || !axev__container_find(subject->container, expected))
		return axev__fail(err, AXEV_E_INVALID, "targets[%zu]: expected the document tree %s", number - 1, expected);
	return check_tree(subject, target, expected, counts, err);
}

/* Both say how many of two kinds stand on the page. */
static int check_manifest(const struct axev__subject *subject, const axev__json *found, axev_error *err)
{
	static const struct {
		const char *member;
		enum axev__site_kind kind;
	} counted[] = { { "licence_marks", AXEV__SITE_LICENCE }, { "icp_numbers", AXEV__SITE_ICP } };
	const axev__json *flat = axev__json_get(subject->manifest, "subject");
	const axev__json *marks = axev__json_get(found, "marks");
	bool is_searched = false;
	uint64_t count;
	size_t i;

	TRY(axev__json_boolean(flat, "searched", &is_searched, err));
	if (is_searched != !axev__json_get(found, "not_searched"))
		return axev__fail(err, AXEV_E_INVALID, "the manifest says otherwise whether the page was looked through");
	for (i = 0; is_searched && i < AXEV__COUNT(counted); i++) {
		TRY(axev__json_u64(flat, counted[i].member, &count, err));
		if (count != axev__site_found_count(marks, counted[i].kind))
			return axev__fail(err, AXEV_E_INVALID, "the manifest counts '%s' otherwise", counted[i].member);
	}
	return AXEV_OK;
}

/* What was not looked through states no marks; so check_tree() holds a tree that could have been against that. */
static int check_page(const struct axev__subject *subject, const axev__json *found, struct counts *counts,
		      axev_error *err)
{
	struct axev__span path;

	if (axev__json_get(found, "not_searched"))
		return check_tree(subject, found, PAGE_DOM, counts, err);
	TRY(axev__json_string(found, "dom", &path, err));
	if (!axev__span_is(path, PAGE_DOM) || !axev__container_find(subject->container, PAGE_DOM))
		return axev__fail(err, AXEV_E_INVALID, "expected the document tree %s", PAGE_DOM);
	return check_tree(subject, found, PAGE_DOM, counts, err);
}

static int check_all(const struct axev__subject *subject, struct counts *counts, axev_error *err)
{
	AXEV__BUF document = AXEV__BUF_INIT(AXEV__MAX_SITE_FOUND_BYTES);
	AXEV__JSON *found = NULL;
	struct axev__span format;
	axev__json *targets;
	size_t i;

	TRY(axev__container_read(subject->container, axev__container_find(subject->container, FOUND), &document, err));
	TRY(axev__json_parse_canonical(axev__buf_view(&document), &found, err));
	TRY(axev__json_string(found, "format", &format, err));
	if (!axev__span_is(format, "ax-subject-found/1"))
		return axev__fail(err, AXEV_E_FORMAT, "expected the format ax-subject-found/1");
	TRY(check_page(subject, found, counts, err));
	TRY(axev__json_array(found, "targets", &targets, err));
	for (i = 0; i < axev__json_count(targets); i++)
		TRY(check_target(subject, axev__json_at(targets, i), i + 1, counts, err));
	return check_manifest(subject, found, err);
}

int axev__check_subject_found(struct axev__check *parent, const struct axev__subject *subject, const char *name,
			      axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct counts counts = { 0 };
	struct axev__check *check;
	int status;

	if (strcmp(name, FOUND) != 0)
		return AXEV_OK;
	TRY(axev__check_add(parent, AXEV__C_WEB_SUBJECT, name, &check, err));
	status = check_all(subject, &counts, &problem);
	TRY(axev__check_close(check, status, &problem, err));
	return status < 0 ? AXEV_OK :
			    axev__check_say(check, AXEV__CHECK_FOUND, err, "文档树 document trees %zu; 标识 marks %zu",
					    counts.trees, counts.marks);
}
