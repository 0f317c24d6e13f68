/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of "ax-dom/1" looked through. Nothing is believed of them: every index is checked, every walk is bounded. */
#include "content/site_marks.h"

#include <ctype.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/text.h"
#include "content/credit_code.h"

#define ELEMENT 1 /* DOM: Node.nodeType */
#define TEXT 3
#define MAX_SHOWN_TEXT 256
#define MAX_LOOKED_TEXT 1024 /* of a link or of one attribute */
#define MAX_PATH_STEPS 64
#define MAX_SIBLINGS 2000    /* counted for one step of a path */
#define NOBODY UINT32_MAX

enum { IS_BLOCK = 1, IS_SILENT = 2, IS_LINK = 4, IS_MARKED = 8, IS_SHOWN = 16 };

struct node {
	uint32_t parent, last, block, link; /* last: of its subtree; block, link: nearest, itself included */
	uint32_t layout;                    /* row of the layout tree, or NOBODY */
	uint8_t flags;
};

/* From where in the text a node's own text stands. */
struct run {
	size_t at;
	uint32_t node;
};

struct document {
	struct axev__site_marks *marks;
	const axev__json *strings, *nodes, *names, *values, *attributes, *types, *bounds;
	size_t frame, number; /* of dom.json's frames, and of the documents in it */
	struct axev__span url, base;
	struct node *tree;
	uint32_t count;
	struct run *runs;
	size_t run_count;
	size_t text_from; /* of this document in marks->text */
	unsigned *counts; /* marks of each kind */
};

static void document_end(struct document *document)
{
	free(document->tree);
	free(document->runs);
}

/* ---- values ---- */

static struct axev__span string_at(const struct document *document, const axev__json *index)
{
	struct axev__span text = axev__span("", 0);
	int64_t at;

	if (axev__json_as_integer(index, &at) && at >= 0)
		axev__json_as_string(axev__json_at(document->strings, (size_t)at), &text);
	return text;
}

static struct axev__span name_of(const struct document *document, uint32_t node)
{
	return string_at(document, axev__json_at(document->names, node));
}

static bool is_named(struct axev__span name, const char *const *names)
{
	for (; *names; names++)
		if (strlen(*names) == name.size && strncasecmp(*names, (const char *)name.data, name.size) == 0)
			return true;
	return false;
}

/* Empty when there is none. */
static struct axev__span attribute(const struct document *document, uint32_t node, const char *name)
{
	const axev__json *list = axev__json_at(document->attributes, node);
	size_t i;

	for (i = 0; i + 1 < axev__json_count(list) && i < 400; i += 2)
		if (axev__span_is(string_at(document, axev__json_at(list, i)), name))
			return string_at(document, axev__json_at(list, i + 1));
	return axev__span("", 0);
}

static struct axev__span clip(struct axev__span text, size_t max)
{
	size_t size = text.size > max ? max : text.size;

	while (size > 0 && size < text.size && (text.data[size] & 0xC0) == 0x80)
		size--;
	return axev__span(text.data, size);
}

/* ---- the tree ---- */

static void look_at_element(const struct document *document, uint32_t i)
{
	static const char *const silent[] = { "SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", NULL };
	static const char *const inlines[] = { "A",    "ABBR", "B",	"BDI",  "BDO", "CITE", "CODE", "EM",	"FONT",
					       "I",    "IMG",  "LABEL", "MARK", "Q",   "S",    "SMALL", "SPAN", "STRONG",
					       "SUB",  "SUP",  "TIME",	"U",	"VAR", "WBR",  "INS",	"DEL",	NULL };
	static const char *const links[] = { "A", "AREA", NULL };
	struct node *node = &document->tree[i];
	struct axev__span name = name_of(document, i);

	if (is_named(name, silent))
		node->flags |= IS_SILENT;
	if (!is_named(name, inlines)) {
		node->flags |= IS_BLOCK;
		node->block = i;
	}
	if (is_named(name, links) && attribute(document, i, "href").size > 0) {
		node->flags |= IS_LINK;
		node->link = i;
	}
}

/* Preorder, as the browser writes it: a parent stands before its children. */
static bool build_tree(const struct document *document, const axev__json *parents)
{
	struct node *tree = document->tree;
	uint32_t i;

	for (i = 0; i < document->count; i++) {
		int64_t parent = -1, type = 0;

		axev__json_as_integer(axev__json_at(parents, i), &parent);
		axev__json_as_integer(axev__json_at(document->types, i), &type);
		if (parent < -1 || parent >= (int64_t)i)
			return false;
		tree[i] = (struct node){ .parent = NOBODY, .last = i, .block = NOBODY, .link = NOBODY, .layout = NOBODY };
		if (parent >= 0) {
			tree[i].parent = (uint32_t)parent;
			tree[i].block = tree[parent].block;
			tree[i].link = tree[parent].link;
			tree[i].flags = tree[parent].flags & IS_SILENT;
		}
		if (type == ELEMENT)
			look_at_element(document, i);
	}
	for (i = document->count; i-- > 0;)
		if (tree[i].parent != NOBODY && tree[tree[i].parent].last < tree[i].last)
			tree[tree[i].parent].last = tree[i].last;
	return true;
}

/* A box that has a size: the node is laid out, if not necessarily where anybody looks. */
static bool has_size(const axev__json *box)
{
	size_t i;

	for (i = 2; i < 4; i++) {
		int64_t whole = 0;
		double real = 0;

		if (!axev__json_as_integer(axev__json_at(box, i), &whole) &&
		    !axev__json_as_real(axev__json_at(box, i), &real))
			return false;
		if (whole <= 0 && !(real > 0))
			return false;
	}
	return true;
}

/* An inline element has no size of its own when only its content has: so a box counts for all that is around it. */
static void build_layout(struct document *document, const axev__json *layout)
{
	const axev__json *indexes = axev__json_get(layout, "nodeIndex");
	uint32_t node;
	size_t i;

	document->bounds = axev__json_get(layout, "bounds");
	for (i = 0; i < axev__json_count(indexes) && i < NOBODY; i++) {
		int64_t index = -1;

		axev__json_as_integer(axev__json_at(indexes, i), &index);
		if (index < 0 || index >= (int64_t)document->count)
			continue;
		node = (uint32_t)index;
		document->tree[node].layout = (uint32_t)i;
		if (has_size(axev__json_at(document->bounds, i)))
			document->tree[node].flags |= IS_SHOWN;
	}
	for (node = document->count; node-- > 1;)
		if ((document->tree[node].flags & IS_SHOWN) && document->tree[node].parent != NOBODY)
			document->tree[document->tree[node].parent].flags |= IS_SHOWN;
}

/* ---- the text ---- */

static int add_run(struct document *document, uint32_t node, axev_error *err)
{
	if ((document->run_count & (document->run_count - 1)) == 0) {
		size_t room = document->run_count ? 2 * document->run_count : 64;
		struct run *more;

		if (document->run_count == 0 || document->run_count >= 64) {
			more = reallocarray(document->runs, room, sizeof(*more));
			if (!more)
				return axev__nomem(err);
			document->runs = more;
		}
	}
	document->runs[document->run_count++] = (struct run){ document->marks->text.size, node };
	return AXEV_OK;
}

static int build_text(struct document *document, axev_error *err)
{
	struct axev__buf *text = &document->marks->text;
	uint32_t i, block = NOBODY;

	document->text_from = text->size;
	for (i = 0; i < document->count; i++) {
		struct axev__span value = string_at(document, axev__json_at(document->values, i));
		int64_t type = 0;

		axev__json_as_integer(axev__json_at(document->types, i), &type);
		if (type == ELEMENT && (document->tree[i].flags & IS_BLOCK))
			block = NOBODY;
		if (type != TEXT || (document->tree[i].flags & IS_SILENT) || value.size == 0)
			continue;
		if (text->size >= text->max) {
			document->marks->is_cut = true;
			return AXEV_OK;
		}
		if (document->tree[i].block != block && text->size > 0)
			TRY(axev__buf_byte(text, '\n', err));
		block = document->tree[i].block;
		TRY(add_run(document, i, err));
		document->marks->is_cut |= !axev__site_text(value, text);
	}
	return AXEV_OK;
}

/* The run in which @at stands. */
static const struct run *run_at(const struct document *document, size_t at)
{
	size_t low = 0, high = document->run_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		*(document->runs[middle].at <= at ? &low : &high) = middle;
	}
	return document->run_count ? &document->runs[low] : NULL;
}

/* The first run of a node at or behind @node. */
static size_t first_run(const struct document *document, uint32_t node)
{
	size_t low = 0, high = document->run_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (document->runs[middle].node < node)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct axev__span text_of(const struct document *document, uint32_t node)
{
	const struct axev__buf *text = &document->marks->text;
	size_t from = first_run(document, node), to = first_run(document, document->tree[node].last + 1);
	size_t start, end;

	if (from >= to)
		return axev__span("", 0);
	start = document->runs[from].at;
	end = to < document->run_count ? document->runs[to].at : text->size;
	while (end > start && strchr(" \n", text->data[end - 1]))
		end--;
	return clip(axev__span(text->data + start, end - start), MAX_LOOKED_TEXT);
}

/* ---- where ---- */

static int append_name(struct axev__buf *out, struct axev__span name, axev_error *err)
{
	size_t i;

	for (i = 0; i < name.size && i < 32; i++) {
		int c = tolower(name.data[i]);

		TRY(axev__buf_byte(out, isalnum(c) || strchr("-:#_", c) ? (uint8_t)c : '?', err));
	}
	return AXEV_OK;
}

/* Its place among the elements of its name below the same parent, from 1. 0: too many to count. */
static unsigned place_of(const struct document *document, uint32_t node)
{
	struct axev__span name = name_of(document, node);
	uint32_t parent = document->tree[node].parent, i, seen = 0;
	unsigned place = 1;

	for (i = parent == NOBODY ? node : parent + 1; i < node; i = document->tree[i].last + 1) {
		if (++seen > MAX_SIBLINGS)
			return 0;
		place += axev__span_equal(name_of(document, i), name);
	}
	return place;
}

/* "/html/body/div[2]/a": steps of a tree, shadow trees and frames' documents not crossed. */
static int append_path(const struct document *document, uint32_t node, struct axev__buf *out, axev_error *err)
{
	uint32_t steps[MAX_PATH_STEPS];
	size_t count = 0;

	for (; node != NOBODY && document->tree[node].parent != NOBODY; node = document->tree[node].parent) {
		if (count == MAX_PATH_STEPS)
			return axev__buf_str(out, "deeper than is told", err);
		steps[count++] = node;
	}
	if (count == 0)
		return axev__buf_byte(out, '/', err);
	while (count-- > 0) {
		unsigned place = place_of(document, steps[count]);

		TRY(axev__buf_byte(out, '/', err));
		TRY(append_name(out, name_of(document, steps[count]), err));
		if (place != 1)
			TRY(place ? axev__buf_printf(out, err, "[%u]", place) : axev__buf_str(out, "[?]", err));
	}
	return AXEV_OK;
}

static int set_clipped(axev__json *mark, const char *key, struct axev__span text, size_t max, axev_error *err)
{
	AXEV__BUF shown = AXEV__BUF_INIT(16 * AXEV__MAX_URL_BYTES);
	struct axev__span kept = clip(text, max);

	if (text.size == 0)
		return AXEV_OK;
	TRY(axev__buf_span(&shown, kept, err));
	if (kept.size < text.size)
		TRY(axev__buf_printf(&shown, err, "... (%zu bytes)", text.size));
	return axev__json_set_string(mark, key, axev__buf_view(&shown), err);
}

/* In CSS pixels of its own document, whole ones. */
static int set_box(const struct document *document, uint32_t node, axev__json *mark, axev_error *err)
{
	const axev__json *box = document->tree[node].layout == NOBODY ?
					NULL :
					axev__json_at(document->bounds, document->tree[node].layout);
	AXEV__BUF text = AXEV__BUF_INIT(128);
	size_t i;

	for (i = 0; i < 4; i++) {
		int64_t whole = 0;
		double real = 0;

		if (!axev__json_as_integer(axev__json_at(box, i), &whole)) {
			if (!axev__json_as_real(axev__json_at(box, i), &real) || !(real > -1e9 && real < 1e9))
				return AXEV_OK;
			whole = (int64_t)real;
		}
		TRY(axev__buf_printf(&text, err, "%s%lld", i ? " " : "", (long long)whole));
	}
	return axev__json_set_string(mark, "box", axev__buf_view(&text), err);
}

/* ---- marks ---- */

struct found {
	enum axev__site_kind kind;
	const char *by;
	uint32_t element;
	struct axev__span text, value;
};

static const char *const kind_names[AXEV__SITE_KINDS] = { "licence", "icp", "police", "credit-code", "licence-number",
							  "name" };

const char *axev__site_kind_name(enum axev__site_kind kind)
{
	return kind_names[kind];
}

static int add_mark(struct document *document, const struct found *found, axev_error *err)
{
	AXEV__JSON *mark = NULL;
	AXEV__BUF path = AXEV__BUF_INIT(8 * AXEV__KIB);
	uint32_t link = document->tree[found->element].link;

	if (document->counts[found->kind] >= AXEV__MAX_SITE_MARKS) {
		document->marks->left_out++;
		return AXEV_OK;
	}
	document->counts[found->kind]++;
	mark = axev__json_new_object();
	TRY(axev__json_set_str(mark, "kind", kind_names[found->kind], err));
	TRY(axev__json_set_str(mark, "by", found->by, err));
	TRY(axev__json_set_u64(mark, "frame", document->frame, err));
	TRY(axev__json_set_u64(mark, "document", document->number, err));
	TRY(set_clipped(mark, "frame_url", document->url, AXEV__KIB, err));
	TRY(append_path(document, found->element, &path, err));
	TRY(axev__json_set_string(mark, "element", axev__buf_view(&path), err));
	TRY(set_clipped(mark, "text", found->text, MAX_SHOWN_TEXT, err));
	TRY(set_clipped(mark, "value", found->value, MAX_SHOWN_TEXT, err));
	if (found->kind == AXEV__SITE_CREDIT_CODE)
		TRY(axev__json_set_str(mark, "check_character",
				       axev__credit_code_word(axev__credit_code_check(found->value)), err));
	if (link != NOBODY) {
		TRY(set_clipped(mark, "href", attribute(document, link, "href"), AXEV__MAX_URL_BYTES, err));
		TRY(set_clipped(mark, "base", document->base, AXEV__MAX_URL_BYTES, err));
	}
	TRY(axev__json_set_bool(mark, "laid_out", document->tree[found->element].flags & IS_SHOWN, err));
	TRY(set_box(document, found->element, mark, err));
	return axev__json_append(document->marks->list, axev__steal(mark), err);
}

/* What is around a match, on its line. */
static struct axev__span context_of(const struct document *document, const struct axev__site_match *match)
{
	const struct axev__buf *text = &document->marks->text;
	size_t from = match->from, to = match->to;

	while (from > document->text_from && match->from - from < 60 && text->data[from - 1] != '\n')
		from--;
	while (to < text->size && to - match->to < 60 && text->data[to] != '\n')
		to++;
	while (from < match->from && (text->data[from] & 0xC0) == 0x80)
		from++;
	while (to > match->to && to < text->size && (text->data[to] & 0xC0) == 0x80)
		to--;
	return axev__span(text->data + from, to - from);
}

static uint32_t element_at(const struct document *document, size_t at)
{
	uint32_t node = run_at(document, at)->node;

	return document->tree[node].parent == NOBODY ? node : document->tree[node].parent;
}

/* Nothing more is looked for once there is more than is listed: how much more makes no difference. */
static int find_pattern(struct document *document, unsigned pattern, axev_error *err)
{
	struct found found = { .kind = axev__site_pattern_kind(pattern), .by = "text" };
	struct axev__span text = axev__buf_view(&document->marks->text);
	struct axev__site_match match;
	size_t from = document->text_from;
	uint64_t before = document->marks->left_out;

	while (document->run_count && document->marks->left_out == before &&
	       axev__site_find(text, pattern, from, &match)) {
		from = match.to;
		found.element = element_at(document, match.from);
		found.text = context_of(document, &match);
		found.value = found.kind == AXEV__SITE_LICENCE ? axev__span("", 0) : axev__span_str(match.value);
		/* The words of a link that is listed already. */
		if (found.kind == AXEV__SITE_LICENCE && document->tree[found.element].link != NOBODY &&
		    (document->tree[document->tree[found.element].link].flags & IS_MARKED))
			continue;
		TRY(add_mark(document, &found, err));
	}
	return AXEV_OK;
}

/* A link to a register whose text has no number; with one, the number's own mark has the address. */
static int find_register(struct document *document, uint32_t node, struct axev__span href, axev_error *err)
{
	const char *kind = axev__site_register_link(href);
	struct found found = { .by = "link", .element = node, .text = text_of(document, node) };
	struct axev__site_match match;
	unsigned i;

	if (!kind)
		return AXEV_OK;
	found.kind = strcmp(kind, "icp") == 0 ? AXEV__SITE_ICP : AXEV__SITE_POLICE;
	for (i = 0; axev__site_pattern_kind(i) != AXEV__SITE_KINDS; i++)
		if (axev__site_pattern_kind(i) == found.kind && axev__site_find(found.text, i, 0, &match))
			return AXEV_OK;
	return add_mark(document, &found, err);
}

static const char *licence_by(const struct document *document, uint32_t node, struct axev__span *ret_text)
{
	static const char *const attributes[] = { "alt", "title", "aria-label", "src" };
	struct axev__span href = document->tree[node].flags & IS_LINK ? attribute(document, node, "href") :
									axev__span("", 0);
	const char *by;
	size_t i;

	*ret_text = text_of(document, node);
	if (axev__site_says_licence(*ret_text))
		return "text";
	for (i = 0; i < AXEV__COUNT(attributes); i++) {
		struct axev__span value = clip(attribute(document, node, attributes[i]), MAX_LOOKED_TEXT);

		if (!axev__site_says_licence(value) &&
		    (strcmp(attributes[i], "src") != 0 || !axev__site_licence_link(value, &by)))
			continue;
		*ret_text = value;
		return attributes[i];
	}
	return axev__site_licence_link(href, &by) ? "link" : NULL;
}

/* Links and pictures. */
static int find_elements(struct document *document, axev_error *err)
{
	static const char *const pictures[] = { "IMG", "INPUT", NULL };
	uint32_t i, looked = 0;

	for (i = 0; i < document->count; i++) {
		struct found found = { .kind = AXEV__SITE_LICENCE, .element = i };
		bool is_link = document->tree[i].flags & IS_LINK;
		int64_t type = 0;

		axev__json_as_integer(axev__json_at(document->types, i), &type);
		if (type != ELEMENT || (!is_link && !is_named(name_of(document, i), pictures)))
			continue;
		if (++looked > AXEV__MAX_SITE_ELEMENTS) {
			document->marks->is_cut = true;
			return AXEV_OK;
		}
		if (is_link)
			TRY(find_register(document, i, attribute(document, i, "href"), err));
		found.by = licence_by(document, i, &found.text);
		if (!found.by)
			continue;
		document->tree[i].flags |= IS_MARKED;
		TRY(add_mark(document, &found, err));
	}
	return AXEV_OK;
}

static int look_through(struct document *document, const axev__json *json, axev_error *err)
{
	const axev__json *parents;
	size_t count;
	unsigned i;

	document->nodes = axev__json_get(json, "nodes");
	parents = axev__json_get(document->nodes, "parentIndex");
	document->types = axev__json_get(document->nodes, "nodeType");
	document->names = axev__json_get(document->nodes, "nodeName");
	document->values = axev__json_get(document->nodes, "nodeValue");
	document->attributes = axev__json_get(document->nodes, "attributes");
	document->url = string_at(document, axev__json_get(json, "documentURL"));
	document->base = string_at(document, axev__json_get(json, "baseURL"));
	count = axev__json_count(parents);
	if (count > AXEV__MAX_SITE_NODES) {
		document->marks->is_cut = true;
		return AXEV_OK;
	}
	document->count = (uint32_t)count;
	document->tree = calloc(count + 1, sizeof(*document->tree));
	if (!document->tree)
		return axev__nomem(err);
	if (!build_tree(document, parents))
		return axev__fail(err, AXEV_E_FORMAT, "expected a document tree with each parent before its children");
	build_layout(document, axev__json_get(json, "layout"));
	TRY(build_text(document, err));
	TRY(find_elements(document, err));
	for (i = 0; axev__site_pattern_kind(i) != AXEV__SITE_KINDS; i++)
		TRY(find_pattern(document, i, err));
	return AXEV_OK;
}

/* ---- all documents ---- */

static int look_at_frame(const axev__json *frame, size_t number, unsigned *counts, struct axev__site_marks *marks,
			 axev_error *err)
{
	const axev__json *snapshot = axev__json_get(frame, "snapshot");
	const axev__json *documents = axev__json_get(snapshot, "documents");
	size_t i;

	for (i = 0; i < axev__json_count(documents); i++) {
		AXEV__CLEANUP(document_end) struct document document = {
			.marks = marks,
			.strings = axev__json_get(snapshot, "strings"),
			.frame = number,
			.number = i,
			.counts = counts,
		};

		TRY(look_through(&document, axev__json_at(documents, i), err));
	}
	return AXEV_OK;
}

int axev__site_marks_find(struct axev__span dom, struct axev__site_marks *marks, axev_error *err)
{
	unsigned counts[AXEV__SITE_KINDS] = { 0 };
	AXEV__JSON *json = NULL;
	struct axev__span format;
	const axev__json *frames;
	size_t i;

	if (dom.size > AXEV__MAX_SITE_DOM_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "expected a document tree of at most %zu bytes, found %zu",
				  AXEV__MAX_SITE_DOM_BYTES, dom.size);
	TRY(axev__json_parse_foreign(dom, &json, err));
	if (!axev__json_as_string(axev__json_get(json, "format"), &format) || !axev__span_is(format, "ax-dom/1"))
		return axev__fail(err, AXEV_E_FORMAT, "expected a document tree of format ax-dom/1");
	axev__site_marks_free(marks);
	marks->list = axev__json_new_array();
	if (!marks->list)
		return axev__nomem(err);
	frames = axev__json_get(json, "frames");
	for (i = 0; i < axev__json_count(frames); i++)
		TRY(look_at_frame(axev__json_at(frames, i), i, counts, marks, err));
	return AXEV_OK;
}

void axev__site_marks_free(struct axev__site_marks *marks)
{
	axev__json_free(marks->list);
	axev__buf_free(&marks->text);
	marks->list = NULL;
	marks->left_out = 0;
	marks->is_cut = false;
}
