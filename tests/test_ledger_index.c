/* SPDX-License-Identifier: Apache-2.0 */
/* LEDGER/index: whatever stands in the file, the answers are those of the entries. */
#include "support.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ax_evidence/ax_evidence.h>

#include "base/io.h"
#include "base/text.h"
#include "ledger/index.h"

#define PACKAGES 400 /* about three entries each: the file is due when they are read */

static axev_error err;
static char root[64];

static const char *in_root(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	return path;
}

static void id_of(size_t number, axev_id *ret_id)
{
	memset(ret_id, 0x5A, sizeof(*ret_id));
	axev__put_u64be(ret_id->bytes, number * UINT64_C(0x9E3779B97F4A7C15));
}

static void session_of(size_t number, char out[33])
{
	snprintf(out, 33, "%032zx", number);
}

static axev_ledger *open_ledger(void)
{
	axev_ledger *ledger = NULL;

	assert_ok(axev_ledger_open(root, NULL, &ledger, &err));
	return ledger;
}

static void put(struct axev__ledger_entry *entry, struct axev__buf *texts, const char *format, ...)
{
	char text[600];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	ck_assert_int_lt(length, (int)sizeof(text));
	entry->bytes = axev__span(texts->data + texts->size, (size_t)length);
	assert_ok(axev__buf_append(texts, text, (size_t)length, &err));
}

#define TIME "\"time\":\"2026-11-24T00:00:00.000000000Z\""

/* In one batch: started and captured of all, sealed of all but every seventh, a token for every fifth. */
static void make_ledger(size_t packages)
{
	struct axev__buf texts = AXEV__BUF_INIT(256 * AXEV__MIB);
	struct axev__ledger_entry *entries = calloc(packages * 4 + 1, sizeof(*entries));
	axev_init_opts opts = AXEV_INIT_OPTS_INIT;
	axev_ledger *ledger;
	size_t i, count = 0;

	strcpy(root, "/tmp/axev-index-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	opts.origin = "example.com/log";
	assert_ok(axev_ledger_init(root, &opts, &err));
	assert_ok(axev__buf_reserve(&texts, packages * 4 * 400, &err)); /* spans must not move */
	for (i = 0; i < packages; i++) {
		char session[33], hex[65];
		axev_id id;

		session_of(i, session);
		id_of(i, &id);
		axev__hex(hex, id.bytes, 32);
		put(&entries[count++], &texts, "{\"event\":\"started\",\"session\":\"%s\"," TIME "}", session);
		put(&entries[count++], &texts, "{\"event\":\"captured\",\"id\":\"%s\",\"session\":\"%s\"," TIME "}",
		    hex, session);
		if (i % 7 == 6)
			continue;
		memcpy(entries[count].package_sha256, id.bytes, 32);
		entries[count].package_bytes = i;
		entries[count].has_package = true;
		put(&entries[count++], &texts,
		    "{\"event\":\"sealed\",\"id\":\"%s\",\"package_bytes\":\"%zu\",\"package_sha256\":\"%s\","
		    "\"session\":\"%s\"," TIME ",\"time_pending\":%s}",
		    hex, i, hex, session, i % 5 < 2 ? "true" : "false");
		if (i % 5 == 0)
			put(&entries[count++], &texts, "{\"about\":[\"%s\"],\"event\":\"token\"," TIME "}", hex);
	}
	ledger = open_ledger();
	assert_ok(axev__ledger_append(ledger->log, entries, count, NULL, &err));
	axev_ledger_close(ledger);
	free(entries);
	axev__buf_free(&texts);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void drop(void)
{
	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int count_one(void *payload, const axev_ledger_package *package)
{
	size_t *count = payload;
	axev_id id;

	id_of(*count, &id);
	ck_assert_mem_eq(&id, &package->id, sizeof(id));
	ck_assert_int_eq(package->sealed_index == UINT64_MAX, *count % 7 == 6);
	ck_assert_int_eq(package->is_time_pending, *count % 7 != 6 && *count % 5 == 1);
	ck_assert_uint_eq(package->package_bytes, *count % 7 == 6 ? 0 : *count);
	++*count;
	return 0;
}

/* List, find by id and by its start, history: the same as when there is no index at all. */
static void assert_answers(axev_ledger *ledger, size_t packages)
{
	axev_ledger_package package = { .size = sizeof(package) };
	struct axev__history history;
	char hex[65], session[33];
	size_t count = 0;
	axev_id id;

	assert_ok(axev_ledger_list(ledger, count_one, &count, &err));
	ck_assert_uint_eq(count, packages);
	id_of(packages - 2, &id);
	axev__hex(hex, id.bytes, 32);
	assert_ok(axev_ledger_find(ledger, hex, &package, &err));
	ck_assert_mem_eq(&package.id, &id, sizeof(id));
	hex[16] = '\0';
	assert_ok(axev_ledger_find(ledger, hex, &package, &err));
	assert_ok(axev__history_find(ledger, &id, &history, &err));
	session_of(packages - 2, session);
	ck_assert_str_eq(history.session, session);
	ck_assert_uint_eq(history.started_index + 1, history.package.captured_index);
	assert_fails(axev_ledger_find(ledger, "00000000ff", &package, &err), AXEV_E_NOTFOUND,
		     "no package 00000000ff in this ledger");
}

static struct axev__buf read_index(void)
{
	struct axev__buf bytes = AXEV__BUF_INIT(AXEV__GIB);

	assert_ok(axev__read_file(AT_FDCWD, in_root("index"), &bytes, &err));
	return bytes;
}

static void write_index(struct axev__span bytes)
{
	FILE *file = fopen(in_root("index"), "w");

	ck_assert_ptr_nonnull(file);
	fwrite(bytes.data, 1, bytes.size, file);
	fclose(file);
}

static void open_and_assert(size_t packages)
{
	axev_ledger *ledger = open_ledger();

	assert_answers(ledger, packages);
	axev_ledger_close(ledger);
}

START_TEST(ledger_index__is_made_when_missing_and_used)
{
	struct axev__buf bytes;
	struct axev__index_view view;

	make_ledger(PACKAGES);
	open_and_assert(PACKAGES);
	bytes = read_index();
	assert_ok(axev__index_decode(axev__buf_view(&bytes), &view, &err));
	ck_assert_uint_eq(view.package_count, PACKAGES);
	ck_assert_uint_eq(view.take_count, 0);
	free(view.packages);
	free(view.takes);
	axev__buf_free(&bytes);
	open_and_assert(PACKAGES);
	drop();
}
END_TEST

/* Damage anywhere: never another answer, and afterwards a good file. */
START_TEST(ledger_index__damage_changes_no_answer)
{
	struct axev__buf good, again;
	size_t i, step;

	make_ledger(PACKAGES);
	open_and_assert(PACKAGES);
	good = read_index();
	step = good.size / 40;
	for (i = 0; i < good.size; i += i < 64 ? 5 : step) {
		good.data[i] ^= 0x10;
		write_index(axev__buf_view(&good));
		good.data[i] ^= 0x10;
		open_and_assert(PACKAGES);
		again = read_index();
		ck_assert_uint_eq(again.size, good.size);
		ck_assert_mem_eq(again.data, good.data, good.size);
		axev__buf_free(&again);
	}
	for (i = 0; i < good.size; i += step) { /* cut short */
		write_index(axev__span(good.data, i));
		open_and_assert(PACKAGES);
	}
	axev__buf_free(&good);
	drop();
}
END_TEST

/* Well-formed, but it lies: wrong digest, swapped packages, missing package, another ledger's. */
START_TEST(ledger_index__a_lie_about_one_package_is_not_believed)
{
	struct axev__buf good, lie = AXEV__BUF_INIT(AXEV__MIB);
	axev_ledger_package package = { .size = sizeof(package) };
	struct axev__index_view view;
	axev_ledger *ledger;
	char hex[65];
	axev_id id;

	make_ledger(PACKAGES);
	open_and_assert(PACKAGES);
	good = read_index();
	assert_ok(axev__index_decode(axev__buf_view(&good), &view, &err));
	id_of(10, &id);
	axev__hex(hex, id.bytes, 32);
	memset(view.packages[10].package.package_sha256, 0xEE, 32);
	view.packages[10].package.sealed_index = view.packages[11].package.sealed_index;
	assert_ok(axev__index_encode(&view, &lie, &err));
	write_index(axev__buf_view(&lie));
	ledger = open_ledger();
	assert_ok(axev_ledger_find(ledger, hex, &package, &err));
	ck_assert_mem_eq(package.package_sha256, id.bytes, 32);
	assert_answers(ledger, PACKAGES);
	axev_ledger_close(ledger);
	/* The liar was replaced. */
	axev__buf_free(&lie);
	lie = read_index();
	ck_assert_mem_eq(lie.data, good.data, good.size);
	/* Of another tree, with a good checksum of its own. */
	view.root[0] ^= 1;
	axev__buf_clear(&lie);
	assert_ok(axev__index_encode(&view, &lie, &err));
	write_index(axev__buf_view(&lie));
	open_and_assert(PACKAGES);
	/* Ahead of the ledger. */
	view.root[0] ^= 1;
	view.size += 5000;
	axev__buf_clear(&lie);
	assert_ok(axev__index_encode(&view, &lie, &err));
	write_index(axev__buf_view(&lie));
	open_and_assert(PACKAGES);
	axev__buf_free(&lie);
	lie = read_index();
	ck_assert_mem_eq(lie.data, good.data, good.size);
	free(view.packages);
	free(view.takes);
	axev__buf_free(&lie);
	axev__buf_free(&good);
	drop();
}
END_TEST

/* Behind: what came later is read from the entries. */
START_TEST(ledger_index__what_came_later_is_seen)
{
	axev_ledger_package package = { .size = sizeof(package) };
	struct axev__history history;
	struct axev__sealed sealed = { .session = "000000000000000000000000000000aa", .package_bytes = 7 };
	uint8_t commitment[32] = { 1 };
	axev_ledger *ledger, *other;
	char hex[65];
	uint64_t index;

	make_ledger(PACKAGES);
	open_and_assert(PACKAGES);
	ledger = open_ledger();
	other = open_ledger();
	memset(sealed.id.bytes, 0x77, 32);
	memset(sealed.package_sha256, 0x78, 32);
	axev__hex(hex, sealed.id.bytes, 32);
	assert_fails(axev_ledger_find(other, hex, &package, &err), AXEV_E_NOTFOUND,
		     "no package 7777777777777777777777777777777777777777777777777777777777777777"
		     " in this ledger");
	assert_ok(axev__event_started(ledger, sealed.session, commitment, &index, &err));
	assert_ok(axev__event_captured(ledger, sealed.session, &sealed.id, &index, &err));
	assert_ok(axev__event_sealed(ledger, &sealed, &index, &err));
	assert_ok(axev__history_find(ledger, &sealed.id, &history, &err));
	ck_assert_uint_eq(history.package.sealed_index, index);
	ck_assert_uint_eq(history.started_index, index - 2);
	axev_ledger_close(other);
	other = open_ledger();
	assert_ok(axev_ledger_find(other, hex, &package, &err));
	ck_assert_uint_eq(package.sealed_index, index);
	axev_ledger_close(other);
	axev_ledger_close(ledger);
	drop();
}
END_TEST

/* FORMAT.md 4.2: the first container of an id wins; a sealed package is not given up. */
START_TEST(ledger_index__events_fit_the_state_of_their_package)
{
	const char *session = "000000000000000000000000000000aa";
	struct axev__sealed first = { .session = session, .package_bytes = 7 }, second = first, third = first;
	uint8_t sha256[32] = { 9 };
	uint64_t index, again, size;
	axev_ledger *ledger, *other;

	make_ledger(10);
	ledger = open_ledger();
	other = open_ledger();
	memset(first.id.bytes, 0x77, 32);
	memset(first.package_sha256, 0x01, 32);
	second.id = first.id;
	memset(second.package_sha256, 0x02, 32);
	second.package_bytes = 8;
	assert_fails(axev__event_sealed(ledger, &first, &index, &err), AXEV_E_NOTFOUND,
		     "ledger: no package 7777777777777777777777777777777777777777777777777777777777777777"
		     " in this ledger");
	assert_ok(axev__event_captured(ledger, session, &first.id, &index, &err));
	assert_ok(axev__event_sealed(ledger, &first, &index, &err));
	size = axev_ledger_size(ledger);
	assert_ok(axev__event_sealed(other, &second, &again, &err));
	ck_assert_uint_eq(again, index);
	ck_assert_uint_eq(axev_ledger_size(other), size);
	ck_assert_mem_eq(second.package_sha256, first.package_sha256, 32);
	ck_assert_uint_eq(second.package_bytes, 7);
	assert_fails(axev__event_abandoned(other, session, &first.id, "why", &err), AXEV_E_STATE,
		     "ledger: the package is sealed: it stays in the ledger and cannot be given up");
	assert_ok(axev__event_token(ledger, &first.id, 1, sha256, &index, &err));
	assert_ok(axev__event_token(other, &first.id, 1, sha256, &again, &err));
	ck_assert_uint_eq(again, index);
	memset(third.id.bytes, 0x66, 32);
	assert_ok(axev__event_captured(ledger, session, &third.id, &index, &err));
	assert_fails(axev__event_token(ledger, &third.id, 1, sha256, &index, &err), AXEV_E_STATE,
		     "ledger: the package is not sealed yet");
	assert_ok(axev__event_abandoned(ledger, session, &third.id, "why", &err));
	size = axev_ledger_size(ledger);
	assert_ok(axev__event_abandoned(ledger, session, &third.id, "why", &err));
	ck_assert_uint_eq(axev_ledger_size(ledger), size);
	assert_fails(axev__event_sealed(ledger, &third, &index, &err), AXEV_E_STATE,
		     "ledger: the package was given up: entry 35");
	axev_ledger_close(ledger);
	axev_ledger_close(other);
	drop();
}
END_TEST

/* An index that no entry of a small ledger needs is not written; one that is due by appending alone is. */
START_TEST(ledger_index__appending_keeps_it)
{
	axev_ledger *ledger;
	uint8_t commitment[32] = { 1 };
	uint64_t index;

	make_ledger(10);
	open_and_assert(10);
	ck_assert_int_lt(access(in_root("index"), F_OK), 0);
	drop();
	make_ledger(300);
	ledger = open_ledger();
	ck_assert_int_lt(access(in_root("index"), F_OK), 0);
	assert_ok(axev__event_started(ledger, "000000000000000000000000000000aa", commitment, &index, &err));
	ck_assert_uint_eq(axev__index_peek(ledger->dirfd), 0); /* less than 1024 entries */
	ck_assert_uint_lt(index, 1023);
	axev_ledger_close(ledger);
	drop();
	make_ledger(PACKAGES);
	ledger = open_ledger();
	assert_ok(axev__event_started(ledger, "000000000000000000000000000000aa", commitment, &index, &err));
	ck_assert_uint_eq(axev__index_peek(ledger->dirfd), index + 1);
	axev_ledger_close(ledger);
	drop();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ledger_index");
	TCase *cases = tcase_create("ledger_index");

	tcase_set_timeout(cases, 120);
	tcase_add_test(cases, ledger_index__is_made_when_missing_and_used);
	tcase_add_test(cases, ledger_index__damage_changes_no_answer);
	tcase_add_test(cases, ledger_index__a_lie_about_one_package_is_not_believed);
	tcase_add_test(cases, ledger_index__what_came_later_is_seen);
	tcase_add_test(cases, ledger_index__events_fit_the_state_of_their_package);
	tcase_add_test(cases, ledger_index__appending_keeps_it);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
