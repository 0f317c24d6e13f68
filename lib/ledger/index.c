/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "ledger/log_state.h"

#define FILE_NAME "index"
#define TEMPORARY_NAME "index.new"
#define KEEP_EVERY 1024 /* entries that a reader may have to catch up with; 1/64 of the ledger when that is more */

struct axev__index {
	struct axev__index_view view;
	size_t package_capacity, take_capacity;
	uint32_t *slots; /* position + 1 by the first bytes of the id; 0: free */
	size_t slot_count;
	uint64_t stored_size; /* ledger size of the file; 0: none that is good */
	bool is_file_bad;
};

void axev__index_free(struct axev__index *index)
{
	if (!index)
		return;
	free(index->view.packages);
	free(index->view.takes);
	free(index->slots);
	free(index);
}

static void index_freep(struct axev__index **index)
{
	axev__index_free(*index);
}

/* ---- the table ---- */

static uint32_t *slot_of(const struct axev__index *index, const axev_id *id)
{
	size_t at = axev__get_u64le(id->bytes) & (index->slot_count - 1);

	while (index->slots[at] && memcmp(&index->view.packages[index->slots[at] - 1].package.id, id,
					  sizeof(*id)) != 0)
		at = (at + 1) & (index->slot_count - 1);
	return &index->slots[at];
}

/* At most half full, and room for one more. */
static int grow_slots(struct axev__index *index, axev_error *err)
{
	size_t slot_count = 256, i;
	uint32_t *slots;

	if (index->slot_count > (index->view.package_count + 1) * 2)
		return AXEV_OK;
	if (index->view.package_count > UINT32_MAX / 8)
		return axev__fail(err, AXEV_E_LIMIT, "too many packages for the index");
	while (slot_count < (index->view.package_count + 1) * 4)
		slot_count *= 2;
	slots = calloc(slot_count, sizeof(*slots));
	if (!slots)
		return axev__nomem(err);
	free(index->slots);
	index->slots = slots;
	index->slot_count = slot_count;
	for (i = 0; i < index->view.package_count; i++)
		*slot_of(index, &index->view.packages[i].package.id) = (uint32_t)i + 1;
	return AXEV_OK;
}

static struct axev__history *lookup(const struct axev__index *index, const axev_id *id)
{
	uint32_t position = index->slot_count ? *slot_of(index, id) : 0;

	return position ? &index->view.packages[position - 1] : NULL;
}

size_t axev__index_count(const struct axev__index *index)
{
	return index->view.package_count;
}

const struct axev__history *axev__index_at(const struct axev__index *index, size_t position)
{
	return &index->view.packages[position];
}

const struct axev__history *axev__index_find(const struct axev__index *index, const axev_id *id)
{
	return lookup(index, id);
}

/* ---- entries in ---- */

static int add_take(struct axev__index *index, const char *session, uint64_t started, axev_error *err)
{
	struct axev__index_view *view = &index->view;
	struct axev__open_take *takes;

	if (view->take_count == index->take_capacity) {
		size_t capacity = index->take_capacity ? index->take_capacity * 2 : 64;

		takes = reallocarray(view->takes, capacity, sizeof(*takes));
		if (!takes)
			return axev__nomem(err);
		view->takes = takes;
		index->take_capacity = capacity;
	}
	view->takes[view->take_count].started_index = started;
	memcpy(view->takes[view->take_count++].session, session, 33);
	return AXEV_OK;
}

/* The started entry of @session, which is no longer open; UINT64_MAX: none. */
static uint64_t close_take(struct axev__index_view *view, const char *session)
{
	size_t i = view->take_count;
	uint64_t started;

	/* Newest first: captures do not take long. */
	while (i-- > 0) {
		if (strcmp(view->takes[i].session, session) != 0)
			continue;
		started = view->takes[i].started_index;
		memmove(&view->takes[i], &view->takes[i + 1],
			(--view->take_count - i) * sizeof(view->takes[0]));
		return started;
	}
	return UINT64_MAX;
}

static int add_package(struct axev__index *index, const axev_id *id, struct axev__history **ret_item,
		       axev_error *err)
{
	struct axev__index_view *view = &index->view;

	TRY(grow_slots(index, err));
	if (view->package_count == index->package_capacity) {
		size_t capacity = index->package_capacity ? 2 * index->package_capacity : 64;
		struct axev__history *packages =
			reallocarray(view->packages, capacity, sizeof(*packages));

		if (!packages)
			return axev__nomem(err);
		view->packages = packages;
		index->package_capacity = capacity;
	}
	*ret_item = &view->packages[view->package_count++];
	axev__history_start(*ret_item, id);
	*slot_of(index, id) = (uint32_t)view->package_count;
	return AXEV_OK;
}

static bool entry_session(const axev__json *entry, char out[33])
{
	struct axev__span session;
	uint8_t bytes[16];

	if (!axev__json_as_string(axev__json_get(entry, "session"), &session) ||
	    !axev__unhex(bytes, sizeof(bytes), session))
		return false;
	axev__hex(out, bytes, sizeof(bytes));
	return true;
}

/* An event that speaks of a take, before it has an id or when it gets one. */
static int apply_to_takes(struct axev__index *index, const axev__json *entry, uint64_t number,
			  uint64_t *ret_started, axev_error *err)
{
	struct axev__span event;
	char session[33];

	*ret_started = UINT64_MAX;
	if (!axev__json_as_string(axev__json_get(entry, "event"), &event) ||
	    !entry_session(entry, session))
		return AXEV_OK;
	if (axev__span_is(event, "started"))
		return add_take(index, session, number, err);
	if (axev__span_is(event, "captured") || axev__span_is(event, "abandoned"))
		*ret_started = close_take(&index->view, session);
	return AXEV_OK;
}

static int apply_to(struct axev__index *index, const axev_id *id, const axev__json *entry,
		    uint64_t number, uint64_t started, axev_error *err)
{
	struct axev__history *item = lookup(index, id);
	struct axev__span event;

	if (!item && axev__json_as_string(axev__json_get(entry, "event"), &event) &&
	    axev__span_is(event, "captured")) {
		TRY(add_package(index, id, &item, err));
		item->started_index = started;
	}
	return item ? axev__history_apply(item, entry, number, err) : AXEV_OK;
}

static int on_entry(void *payload, uint64_t number, struct axev__span bytes, axev_error *err)
{
	struct axev__index *index = payload;
	AXEV__JSON *entry = NULL;
	const axev__json *about;
	struct axev__span text;
	uint64_t started;
	size_t i;
	axev_id id;

	TRY(axev__json_parse_canonical(bytes, &entry, err));
	TRY(apply_to_takes(index, entry, number, &started, err));
	if (axev__json_hex(entry, "id", id.bytes, sizeof(id.bytes), NULL) == AXEV_OK)
		TRY(apply_to(index, &id, entry, number, started, err));
	about = axev__json_get(entry, "about");
	if (!about || axev__json_type(about) != AXEV__JSON_ARRAY)
		return AXEV_OK;
	for (i = 0; i < axev__json_count(about); i++)
		if (axev__json_as_string(axev__json_at(about, i), &text) &&
		    axev__unhex(id.bytes, sizeof(id.bytes), text))
			TRY(apply_to(index, &id, entry, number, UINT64_MAX, err));
	return AXEV_OK;
}

static int catch_up(axev_ledger *ledger, struct axev__index *index, axev_error *err)
{
	TRY(axev__ledger_each(ledger->log, index->view.size, on_entry, index, err));
	index->view.size = axev__ledger_size(ledger->log);
	axev__ledger_root(ledger->log, index->view.root);
	return AXEV_OK;
}

/* ---- file ---- */

/* Of this ledger, not ahead of what the handle knows, and on the same tree. */
static bool fits(axev_ledger *ledger, const struct axev__index_view *view)
{
	uint8_t root[32];

	return view->size <= axev__ledger_size(ledger->log) &&
	       axev__ledger_root_at(ledger->log, view->size, root, NULL) == AXEV_OK &&
	       memcmp(root, view->root, sizeof(root)) == 0;
}

static bool is_newest(const struct axev__ledger *log)
{
	struct axev__git_oid tip;

	return axev__git_ref_read(axev__git_store_dirfd(log->store), &tip, NULL) == AXEV_OK &&
	       axev__git_oid_equal(&tip, &log->state.commit);
}

/* Whatever is wrong with the file: the index starts empty. */
static int load(axev_ledger *ledger, struct axev__index *index, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_INDEX_BYTES);
	struct axev__index_view view;
	int status = axev__read_file(ledger->dirfd, FILE_NAME, &bytes, NULL);

	if (status == AXEV_OK)
		status = axev__index_decode(axev__buf_view(&bytes), &view, NULL);
	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	index->is_file_bad = status < 0 && status != AXEV_E_NOTFOUND;
	if (status < 0)
		return AXEV_OK;
	if (!fits(ledger, &view)) {
		/* Written by another process that is ahead: good for later. Ahead of everybody is a lie. */
		index->stored_size = view.size;
		index->is_file_bad = view.size <= axev__ledger_size(ledger->log) || is_newest(ledger->log);
		free(view.packages);
		free(view.takes);
		return AXEV_OK;
	}
	index->view = view;
	index->package_capacity = view.package_count + 1;
	index->take_capacity = view.take_count + 1;
	index->stored_size = view.size;
	return grow_slots(index, err);
}

/* Not durable and need not be: what a power cut leaves is recognised and rebuilt. */
static int write_index(int dirfd, struct axev__span bytes, axev_error *err)
{
	AXEV__CLOSE int fd = -1;

	TRY(axev__open(dirfd, TEMPORARY_NAME, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0644, &fd, err));
	TRY(axev__write_full(fd, bytes.data, bytes.size, err));
	if (renameat(dirfd, TEMPORARY_NAME, dirfd, FILE_NAME) < 0)
		return axev__fail_errno(err, errno, "cannot rename the index");
	return AXEV_OK;
}

static bool is_due(const struct axev__index *index, uint64_t size, uint64_t stored_size)
{
	uint64_t step = stored_size / 64 > KEEP_EVERY ? stored_size / 64 : KEEP_EVERY;

	return (index && index->is_file_bad) || (size > stored_size && size - stored_size >= step);
}

static void save(axev_ledger *ledger, struct axev__index *index)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_INDEX_BYTES);
	AXEV__CLOSE int lock = -1;

	/* One writer at a time; whoever is busy appending will be here again. */
	if (!axev__log_is_writable(ledger->log) ||
	    axev__log_try_lock(ledger->dirfd, &lock, NULL) < 0 ||
	    axev__index_encode(&index->view, &bytes, NULL) < 0)
		return;
	if (write_index(ledger->dirfd, axev__buf_view(&bytes), NULL) < 0) {
		unlinkat(ledger->dirfd, TEMPORARY_NAME, 0);
		return;
	}
	index->stored_size = index->view.size;
	index->is_file_bad = false;
}

/* ---- the handle's ---- */

static int make(axev_ledger *ledger, bool use_file, axev_error *err)
{
	AXEV__CLEANUP(index_freep) struct axev__index *index = calloc(1, sizeof(*index));

	if (!index)
		return axev__nomem(err);
	if (use_file)
		TRY(load(ledger, index, err));
	TRY(catch_up(ledger, index, err));
	/* A file that was distrusted is replaced whatever its size claims. */
	index->is_file_bad = index->is_file_bad || !use_file;
	axev__index_free(ledger->index);
	ledger->index = axev__steal(index);
	return AXEV_OK;
}

static int bring_up(axev_ledger *ledger, axev_error *err)
{
	int status;

	if (!ledger->index)
		return make(ledger, true, err);
	if (ledger->index->view.size == axev__ledger_size(ledger->log))
		return AXEV_OK;
	status = catch_up(ledger, ledger->index, err);
	if (status < 0) { /* half of the entries are in: start anew next time */
		axev__index_free(ledger->index);
		ledger->index = NULL;
	}
	return status;
}

static void save_if_due(axev_ledger *ledger)
{
	struct axev__index *index = ledger->index;

	if (is_due(index, index->view.size, index->stored_size))
		save(ledger, index);
}

int axev__index_get(axev_ledger *ledger, const struct axev__index **ret_index, axev_error *err)
{
	TRY(bring_up(ledger, err));
	save_if_due(ledger);
	*ret_index = ledger->index;
	return AXEV_OK;
}

int axev__index_rebuild(axev_ledger *ledger, const struct axev__index **ret_index, axev_error *err)
{
	TRY(make(ledger, false, err));
	save_if_due(ledger);
	*ret_index = ledger->index;
	return AXEV_OK;
}

void axev__index_keep(axev_ledger *ledger)
{
	uint64_t size = axev__ledger_size(ledger->log);
	const struct axev__index *index = ledger->index;

	if (!is_due(index, size, index ? index->stored_size : axev__index_peek(ledger->dirfd)))
		return;
	if (bring_up(ledger, NULL) == AXEV_OK)
		save_if_due(ledger);
}
