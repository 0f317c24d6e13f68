/* SPDX-License-Identifier: Apache-2.0 */
/* git trees as bytes: "<octal mode> <name>\0<20 bytes>", sorted as git sorts (a tree's name ends in '/'). */
#include "ledger/git_store.h"

#define SLOTS 64

struct cached {
	struct axev__git_oid oid;
	struct axev__buf bytes;
	uint64_t used;
};

struct axev__git_trees {
	struct axev__git_store *store;
	uint64_t clock;
	struct cached slots[SLOTS];
};

static int bad_tree(int *ret_status, axev_error *err)
{
	*ret_status = axev__fail(err, AXEV_E_CORRUPT, "git tree: malformed entry");
	return 0;
}

bool axev__git_tree_next(struct axev__span *tree, struct axev__git_tree_entry *ret_entry,
			 int *ret_status, axev_error *err)
{
	const uint8_t *blank, *end;
	size_t used;

	*ret_status = AXEV_OK;
	if (tree->size == 0)
		return false;
	blank = memchr(tree->data, ' ', tree->size);
	end = memchr(tree->data, '\0', tree->size);
	if (!blank || !end || blank > end || end == blank + 1 ||
	    memchr(blank, '/', (size_t)(end - blank)))
		return bad_tree(ret_status, err);
	used = (size_t)(end - tree->data) + 21;
	if (used > tree->size)
		return bad_tree(ret_status, err);
	if (axev__span_starts(*tree, "40000 "))
		ret_entry->is_tree = true;
	else if (axev__span_starts(*tree, "100644 "))
		ret_entry->is_tree = false;
	else
		return bad_tree(ret_status, err);
	ret_entry->name = axev__span(blank + 1, (size_t)(end - blank - 1));
	memcpy(ret_entry->oid.id, end + 1, 20);
	*tree = axev__span(tree->data + used, tree->size - used);
	return true;
}

int axev__git_trees_new(struct axev__git_store *store, struct axev__git_trees **ret_trees,
			axev_error *err)
{
	struct axev__git_trees *trees = calloc(1, sizeof(*trees));
	size_t i;

	if (!trees)
		return axev__nomem(err);
	trees->store = store;
	for (i = 0; i < SLOTS; i++)
		trees->slots[i].bytes.max = AXEV__MAX_GIT_OBJECT;
	*ret_trees = trees;
	return AXEV_OK;
}

void axev__git_trees_free(struct axev__git_trees *trees)
{
	size_t i;

	for (i = 0; trees && i < SLOTS; i++)
		axev__buf_free(&trees->slots[i].bytes);
	free(trees);
}

/* The slot that holds @oid, else the least recently used one; *ret_hit tells. */
static struct cached *slot_for(struct axev__git_trees *trees, const struct axev__git_oid *oid,
			       bool *ret_hit)
{
	struct cached *oldest = &trees->slots[0];
	size_t i;

	for (i = 0; i < SLOTS; i++) {
		struct cached *slot = &trees->slots[i];

		*ret_hit = slot->used && axev__git_oid_equal(&slot->oid, oid);
		if (slot->used < oldest->used)
			oldest = slot;
		if (*ret_hit) {
			oldest = slot;
			break;
		}
	}
	oldest->used = *ret_hit ? ++trees->clock : 0;
	return oldest;
}

int axev__git_trees_get(struct axev__git_trees *trees, const struct axev__git_oid *oid,
			struct axev__span *ret_tree, axev_error *err)
{
	bool hit;
	struct cached *slot = slot_for(trees, oid, &hit);

	if (!hit) {
		TRY(axev__git_store_read(trees->store, oid, AXEV__GIT_TREE, &slot->bytes, err));
		slot->oid = *oid;
		slot->used = ++trees->clock;
	}
	*ret_tree = axev__buf_view(&slot->bytes);
	return AXEV_OK;
}

static int cache_put(struct axev__git_trees *trees, const struct axev__git_oid *oid,
		     struct axev__span bytes, axev_error *err)
{
	bool hit;
	struct cached *slot = slot_for(trees, oid, &hit);

	if (hit)
		return AXEV_OK;
	axev__buf_clear(&slot->bytes);
	TRY(axev__buf_span(&slot->bytes, bytes, err));
	slot->oid = *oid;
	slot->used = ++trees->clock;
	return AXEV_OK;
}

/* base_name_compare() of git: as if a tree's name ended in '/'. */
static int compare_entries(const struct axev__git_tree_entry *a, const struct axev__git_tree_entry *b)
{
	size_t common = a->name.size < b->name.size ? a->name.size : b->name.size;
	int order = memcmp(a->name.data, b->name.data, common);
	int left, right;

	if (order)
		return order;
	left = a->name.size > common ? a->name.data[common] : a->is_tree ? '/' : 0;
	right = b->name.size > common ? b->name.data[common] : b->is_tree ? '/' : 0;
	return left - right;
}

static int put_entry(struct axev__buf *out, const struct axev__git_tree_entry *entry, axev_error *err)
{
	TRY(axev__buf_str(out, entry->is_tree ? "40000 " : "100644 ", err));
	TRY(axev__buf_span(out, entry->name, err));
	TRY(axev__buf_byte(out, '\0', err));
	return axev__buf_append(out, entry->oid.id, 20, err);
}

struct update {
	struct axev__git_trees *trees;
	struct axev__git_pack *pack;
};

/* What one name of a tree becomes. */
struct edit {
	struct axev__git_tree_entry entry;
	bool is_removal;
	size_t first, count; /* its changes */
};

static int update_tree(struct update *update, const struct axev__git_oid *base,
		       struct axev__git_change *changes, size_t count, size_t skip,
		       struct axev__git_oid *ret_oid, bool *ret_is_empty, axev_error *err);

/* Group changes by the name at this depth; they are sorted, so groups are runs. */
static size_t group(struct axev__git_change *changes, size_t count, size_t skip, struct edit *edits)
{
	size_t i, used = 0;

	for (i = 0; i < count; i++) {
		const char *name = changes[i].path + skip;
		size_t length = strcspn(name, "/");
		bool is_tree = name[length] == '/';
		struct edit *last = used ? &edits[used - 1] : NULL;

		if (last && is_tree && last->entry.is_tree &&
		    axev__span_equal(last->entry.name, axev__span(name, length))) {
			last->count++;
			continue;
		}
		edits[used++] = (struct edit){
			.entry = { axev__span(name, length), is_tree, changes[i].oid },
			.is_removal = changes[i].is_removal,
			.first = i,
			.count = 1,
		};
	}
	return used;
}

static int compare_edits(const void *a, const void *b)
{
	return compare_entries(&((const struct edit *)a)->entry, &((const struct edit *)b)->entry);
}

static bool same_name(const struct axev__git_tree_entry *a, const struct axev__git_tree_entry *b)
{
	return a->is_tree == b->is_tree && axev__span_equal(a->name, b->name);
}

/* Replace subtrees by their new versions, depth first. */
static int update_subtree(struct update *update, struct axev__span base, struct edit *edit,
			  struct axev__git_change *changes, size_t skip, axev_error *err)
{
	struct axev__git_tree_entry entry;
	struct axev__git_oid *old = NULL;
	int status = AXEV_OK;
	bool is_empty;

	while (!old && axev__git_tree_next(&base, &entry, &status, err))
		if (same_name(&entry, &edit->entry))
			old = &entry.oid;
	TRY(status);
	TRY(update_tree(update, old, changes + edit->first, edit->count,
			skip + edit->entry.name.size + 1, &edit->entry.oid, &is_empty, err));
	edit->is_removal = is_empty;
	return AXEV_OK;
}

static int merge(struct axev__span base, const struct edit *edits, size_t count, struct axev__buf *out,
		 axev_error *err)
{
	struct axev__git_tree_entry entry;
	int status = AXEV_OK;
	size_t i = 0;
	bool has = axev__git_tree_next(&base, &entry, &status, err);

	while (status == AXEV_OK && (has || i < count)) {
		int order = !has ? 1 : i == count ? -1 : compare_entries(&entry, &edits[i].entry);

		if (order < 0)
			TRY(put_entry(out, &entry, err));
		else if (!edits[i].is_removal)
			TRY(put_entry(out, &edits[i].entry, err));
		if (order >= 0)
			i++;
		if (order <= 0)
			has = axev__git_tree_next(&base, &entry, &status, err);
	}
	return status;
}

static int update_tree(struct update *update, const struct axev__git_oid *base,
		       struct axev__git_change *changes, size_t count, size_t skip,
		       struct axev__git_oid *ret_oid, bool *ret_is_empty, axev_error *err)
{
	AXEV__FREE struct edit *edits = calloc(count ? count : 1, sizeof(*edits));
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	AXEV__BUF old = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	struct axev__span cached;
	size_t i, used;

	if (!edits)
		return axev__nomem(err);
	if (base) {
		TRY(axev__git_trees_get(update->trees, base, &cached, err));
		TRY(axev__buf_span(&old, cached, err)); /* the cache may move below us */
	}
	used = group(changes, count, skip, edits);
	for (i = 0; i < used; i++)
		if (edits[i].entry.is_tree)
			TRY(update_subtree(update, axev__buf_view(&old), &edits[i], changes, skip, err));
	qsort(edits, used, sizeof(edits[0]), compare_edits);
	TRY(merge(axev__buf_view(&old), edits, used, &out, err));
	*ret_is_empty = out.size == 0;
	if (*ret_is_empty && skip)
		return AXEV_OK; /* git has no empty folders */
	TRY(axev__git_pack_add(update->pack, AXEV__GIT_TREE, axev__buf_view(&out), ret_oid, err));
	return cache_put(update->trees, ret_oid, axev__buf_view(&out), err);
}

static int compare_changes(const void *a, const void *b)
{
	return strcmp(((const struct axev__git_change *)a)->path,
		      ((const struct axev__git_change *)b)->path);
}

int axev__git_trees_update(struct axev__git_trees *trees, const struct axev__git_oid *base,
			   struct axev__git_change *changes, size_t count,
			   struct axev__git_pack *pack, struct axev__git_oid *ret_root,
			   axev_error *err)
{
	struct update update = { trees, pack };
	bool is_empty;

	qsort(changes, count, sizeof(changes[0]), compare_changes);
	return update_tree(&update, base, changes, count, 0, ret_root, &is_empty, err);
}

int axev__git_trees_lookup(struct axev__git_trees *trees, const struct axev__git_oid *root,
			   const char *path, struct axev__git_tree_entry *ret_entry,
			   axev_error *err)
{
	struct axev__git_oid oid = *root;

	for (;;) {
		size_t length = strcspn(path, "/");
		struct axev__span tree;
		int status;
		bool found = false;

		TRY(axev__git_trees_get(trees, &oid, &tree, err));
		while (!found && axev__git_tree_next(&tree, ret_entry, &status, err))
			found = axev__span_equal(ret_entry->name, axev__span(path, length));
		if (!found)
			return status < 0 ? status
					  : axev__fail(err, AXEV_E_NOTFOUND, "not in the tree");
		if (!path[length])
			return AXEV_OK;
		if (!ret_entry->is_tree)
			return axev__fail(err, AXEV_E_NOTFOUND, "not in the tree");
		oid = ret_entry->oid;
		path += length + 1;
	}
}
