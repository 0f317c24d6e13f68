/* SPDX-License-Identifier: Apache-2.0 */
/* States that a crash, another process or a damaged disk leaves behind. */
#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "ledger/git_store.h"
#include "ledger/ledger.h"

static axev_error err;
static char root[64];

static void make_root(void)
{
	strcpy(root, "/tmp/axev-recovery-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	assert_ok(axev__ledger_init(root, "example.com/log", NULL, &err));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void drop_root(void)
{
	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *in_root(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	return path;
}

static struct axev__ledger *open_ledger(void)
{
	struct axev__ledger *ledger = NULL;

	assert_ok(axev__ledger_open(root, NULL, &ledger, &err));
	return ledger;
}

static int append_text(struct axev__ledger *ledger, const char *text, axev_error *error)
{
	struct axev__ledger_entry entry = { .bytes = axev__span_str(text) };

	return axev__ledger_append(ledger, &entry, 1, NULL, error);
}

static void append_ok(struct axev__ledger *ledger, const char *text)
{
	assert_ok(append_text(ledger, text, &err));
}

static void assert_whole(uint64_t entries)
{
	struct axev__ledger *ledger = open_ledger();
	struct axev__ledger_check check;

	assert_ok(axev__ledger_check(ledger, NULL, &check, &err));
	ck_assert_uint_eq(check.entries, entries);
	axev__ledger_close(ledger);
}

static void read_ref(char hex[41])
{
	struct axev__buf text = AXEV__BUF_INIT(AXEV__KIB);

	assert_ok(axev__read_file(AT_FDCWD, in_root("ledger.git/" AXEV__GIT_REF), &text, &err));
	memcpy(hex, text.data, 40);
	hex[40] = '\0';
	axev__buf_free(&text);
}

static void write_text(const char *name, const char *text)
{
	FILE *file = fopen(in_root(name), "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void set_ref(const char *hex)
{
	char line[64];

	snprintf(line, sizeof(line), "%s\n", hex);
	write_text("ledger.git/" AXEV__GIT_REF, line);
}

/* The one pack that is in @now and was not known before, by name. */
static void newest_pack(char known[][41], size_t *known_count, char name[41])
{
	DIR *dir = opendir(in_root("ledger.git/objects/pack"));
	struct dirent *entry;
	size_t i, found = 0;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir))) {
		if (!strstr(entry->d_name, ".pack"))
			continue;
		for (i = 0; i < *known_count; i++)
			if (strncmp(entry->d_name + 5, known[i], 40) == 0)
				break;
		if (i < *known_count)
			continue;
		memcpy(name, entry->d_name + 5, 40);
		name[40] = '\0';
		found++;
	}
	closedir(dir);
	ck_assert_uint_eq(found, 1);
	memcpy(known[(*known_count)++], name, 41);
}

static void write_keep(const char *pack, const char *commit, const char *parent)
{
	char name[128], text[160];

	snprintf(name, sizeof(name), "ledger.git/objects/pack/pack-%s.keep", pack);
	snprintf(text, sizeof(text), "ax_evidence batch %s parent %s\n", commit, parent);
	write_text(name, text);
}

static bool has_pack(const char *pack, const char *suffix)
{
	char name[128];

	snprintf(name, sizeof(name), "ledger.git/objects/pack/pack-%s.%s", pack, suffix);
	return access(in_root(name), F_OK) == 0;
}

/* A process killed between swap and removal of the .keep, and another, open since before, that appended. */
START_TEST(ledger_recovery__a_published_batch_survives_its_forgotten_keep)
{
	char parent[41], commit[41], pack[41], known[8][41];
	size_t count = 0;
	struct axev__ledger *ledger;

	make_root();
	newest_pack(known, &count, pack);
	read_ref(parent);
	ledger = open_ledger();
	append_ok(ledger, "{\"n\":\"0\"}");
	newest_pack(known, &count, pack);
	read_ref(commit);
	write_keep(pack, commit, parent);
	append_ok(ledger, "{\"n\":\"1\"}");
	axev__ledger_close(ledger);
	assert_whole(2);
	ck_assert(has_pack(pack, "pack"));
	ck_assert(!has_pack(pack, "keep"));
	drop_root();
}
END_TEST

/* Killed between publishing the pack and swapping the ref: nobody was told, but the batch is whole. */
START_TEST(ledger_recovery__a_whole_batch_on_the_newest_commit_is_rolled_forward)
{
	char parent[41], commit[41], now[41], pack[41], known[8][41];
	size_t count = 0;
	struct axev__ledger *ledger;

	make_root();
	newest_pack(known, &count, pack);
	ledger = open_ledger();
	append_ok(ledger, "{\"n\":\"0\"}");
	newest_pack(known, &count, pack);
	read_ref(parent);
	append_ok(ledger, "{\"n\":\"1\"}");
	newest_pack(known, &count, pack);
	read_ref(commit);
	axev__ledger_close(ledger);
	set_ref(parent);
	write_keep(pack, commit, parent);
	assert_whole(2);
	read_ref(now);
	ck_assert_str_eq(now, commit);
	ck_assert(!has_pack(pack, "keep"));
	drop_root();
}
END_TEST

/* The same, but another process appended meanwhile: the batch was never acknowledged and does not fit any more. */
START_TEST(ledger_recovery__a_batch_beside_the_log_is_removed)
{
	char parent[41], commit[41], pack[41], known[8][41];
	size_t count = 0;
	struct axev__ledger *ledger;

	make_root();
	newest_pack(known, &count, pack);
	read_ref(parent);
	ledger = open_ledger();
	append_ok(ledger, "{\"n\":\"0\"}");
	newest_pack(known, &count, pack);
	read_ref(commit);
	axev__ledger_close(ledger);
	set_ref(parent); /* as before the swap */
	ledger = open_ledger();
	append_ok(ledger, "{\"n\":\"other\"}");
	axev__ledger_close(ledger);
	write_keep(pack, commit, parent);
	assert_whole(1);
	ck_assert(!has_pack(pack, "pack"));
	ck_assert(!has_pack(pack, "idx"));
	ck_assert(!has_pack(pack, "keep"));
	drop_root();
}
END_TEST

/* Renamed in part: the batch was never whole. */
START_TEST(ledger_recovery__half_a_batch_is_removed)
{
	char parent[41], commit[41], pack[41], known[8][41];
	size_t count = 0;
	struct axev__ledger *ledger;
	char name[128];

	make_root();
	newest_pack(known, &count, pack);
	read_ref(parent);
	ledger = open_ledger();
	append_ok(ledger, "{\"n\":\"0\"}");
	newest_pack(known, &count, pack);
	read_ref(commit);
	axev__ledger_close(ledger);
	set_ref(parent);
	write_keep(pack, commit, parent);
	snprintf(name, sizeof(name), "ledger.git/objects/pack/pack-%s.idx", pack);
	ck_assert_int_eq(unlink(in_root(name)), 0);
	write_text("ledger.git/incoming/pack-left-over", "torn");
	assert_whole(0);
	ck_assert(!has_pack(pack, "pack"));
	ck_assert(access(in_root("ledger.git/incoming/pack-left-over"), F_OK) < 0);
	drop_root();
}
END_TEST

/* A ref lock that a killed process left stops nobody, open handles included. */
START_TEST(ledger_recovery__a_stale_ref_lock_stops_nobody)
{
	struct axev__ledger *ledger;

	make_root();
	ledger = open_ledger();
	write_text("ledger.git/" AXEV__GIT_REF ".lock", "");
	append_ok(ledger, "{\"n\":\"0\"}");
	axev__ledger_close(ledger);
	write_text("ledger.git/" AXEV__GIT_REF ".lock", "");
	assert_whole(1);
	drop_root();
}
END_TEST

START_TEST(ledger_recovery__a_ledger_that_went_back_is_refused)
{
	char first[41], second[41];
	struct axev__ledger *ledger, *fork;

	make_root();
	ledger = open_ledger();
	append_ok(ledger, "{\"n\":\"0\"}");
	read_ref(first);
	append_ok(ledger, "{\"n\":\"1\"}");
	read_ref(second);
	set_ref(first);
	assert_fails(append_text(ledger, "{\"n\":\"2\"}", &err), AXEV_E_CORRUPT,
		     "the ledger went back from 2 entries to 1: an old copy was put in its place");
	/* On the old state another process makes another entry 1: same size, other root. */
	fork = open_ledger();
	append_ok(fork, "{\"n\":\"fork\"}");
	axev__ledger_close(fork);
	assert_fails(append_text(ledger, "{\"n\":\"2\"}", &err), AXEV_E_CORRUPT,
		     "the ledger was forked: entries below 2 are not those seen before");
	fork = open_ledger();
	append_ok(fork, "{\"n\":\"fork 2\"}");
	axev__ledger_close(fork);
	assert_fails(append_text(ledger, "{\"n\":\"2\"}", &err), AXEV_E_CORRUPT,
		     "the ledger was forked: entries below 2 are not those seen before");
	/* What was seen stays as it was. */
	ck_assert_uint_eq(axev__ledger_size(ledger), 2);
	set_ref(second);
	append_ok(ledger, "{\"n\":\"2\"}");
	axev__ledger_close(ledger);
	assert_whole(3);
	drop_root();
}
END_TEST

START_TEST(ledger_recovery__a_failed_refresh_changes_nothing)
{
	char first[41], second[41], name[128], away[600];
	char pack[41], known[8][41];
	size_t count = 0;
	struct axev__ledger *ledger, *other;
	struct axev__buf bytes = AXEV__BUF_INIT(AXEV__MIB);
	FILE *file;

	make_root();
	newest_pack(known, &count, pack);
	ledger = open_ledger();
	append_ok(ledger, "{\"n\":\"0\"}");
	newest_pack(known, &count, pack);
	read_ref(first);
	other = open_ledger();
	append_ok(other, "{\"n\":\"1\"}");
	axev__ledger_close(other);
	newest_pack(known, &count, pack);
	read_ref(second);
	/* The first object of the batch is the pending entry: checkpoint and frontier can still be read. */
	snprintf(name, sizeof(name), "ledger.git/objects/pack/pack-%s.pack", pack);
	strcpy(away, in_root(name));
	assert_ok(axev__read_file(AT_FDCWD, away, &bytes, &err));
	ck_assert_int_eq(chmod(away, 0644), 0);
	file = fopen(away, "r+");
	fseek(file, 12 + 3, SEEK_SET);
	fputs("damaged", file);
	fclose(file);
	ck_assert_int_lt(axev__ledger_refresh(ledger, NULL), 0);
	ck_assert_uint_eq(axev__ledger_size(ledger), 1);
	set_ref(first);
	append_ok(ledger, "{\"n\":\"2\"}");
	axev__ledger_close(ledger);
	axev__buf_free(&bytes);
	ck_assert_int_eq(unlink(away), 0); /* no ref names it, but the check would */
	snprintf(name, sizeof(name), "ledger.git/objects/pack/pack-%s.idx", pack);
	ck_assert_int_eq(unlink(in_root(name)), 0);
	assert_whole(2);
	drop_root();
}
END_TEST

START_TEST(ledger_recovery__a_relative_path_outlives_a_change_of_directory)
{
	struct axev__ledger *ledger = NULL;
	char before[4096];

	make_root();
	ck_assert_ptr_nonnull(getcwd(before, sizeof(before)));
	ck_assert_int_eq(chdir("/tmp"), 0);
	assert_ok(axev__ledger_open(root + strlen("/tmp/"), NULL, &ledger, &err));
	ck_assert_int_eq(chdir("/"), 0);
	append_ok(ledger, "{\"n\":\"0\"}");
	axev__ledger_close(ledger);
	ck_assert_int_eq(chdir(before), 0);
	assert_whole(1);
	drop_root();
}
END_TEST

START_TEST(ledger_recovery__equal_entries_in_one_batch_are_entries_each)
{
	struct axev__ledger_entry entries[3] = {
		{ .bytes = axev__span_str("{\"n\":\"same\"}") },
		{ .bytes = axev__span_str("{\"n\":\"same\"}") },
		{ .bytes = axev__span_str("{\"n\":\"same\"}") },
	};
	struct axev__ledger *ledger;

	make_root();
	ledger = open_ledger();
	assert_ok(axev__ledger_append(ledger, entries, 3, NULL, &err));
	axev__ledger_close(ledger);
	assert_whole(3);
	drop_root();
}
END_TEST

static void put_draft(const char *text, uint8_t sha256[32])
{
	assert_ok(axev__make_dirs_durable(AT_FDCWD, in_root("drafts/t"), 0700, &err));
	write_text("drafts/t/package.part", text);
	assert_ok(axev__sha256(text, strlen(text), sha256, &err));
}

/* The same package sealed again after a crash: a damaged copy in the store must not be what is acknowledged. */
START_TEST(ledger_recovery__a_damaged_object_is_replaced_by_the_whole_one)
{
	char path[AXEV__OBJECT_PATH];
	struct axev__buf bytes = AXEV__BUF_INIT(AXEV__KIB);
	struct axev__ledger *ledger;
	uint8_t sha256[32];

	make_root();
	ledger = open_ledger();
	put_draft("the package", sha256);
	assert_ok(axev__ledger_object_commit(ledger, "drafts/t/package.part", sha256, &err));
	axev__ledger_object_path(sha256, path);
	ck_assert_int_eq(unlink(in_root(path)), 0);
	write_text(path, "the pack");
	ck_assert_int_eq(unlink(in_root("drafts/t/package.part")), 0);
	put_draft("the package", sha256);
	assert_ok(axev__ledger_object_commit(ledger, "drafts/t/package.part", sha256, &err));
	assert_ok(axev__read_file(AT_FDCWD, in_root(path), &bytes, &err));
	ck_assert_str_eq((char *)bytes.data, "the package");
	axev__buf_free(&bytes);
	axev__ledger_close(ledger);
	drop_root();
}
END_TEST

static size_t count_packs(void)
{
	DIR *dir = opendir(in_root("ledger.git/objects/pack"));
	struct dirent *entry;
	size_t count = 0;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)))
		count += strstr(entry->d_name, ".pack") != NULL;
	closedir(dir);
	return count;
}

static void append_many(struct axev__ledger *ledger, size_t count)
{
	char text[64];
	size_t i;

	for (i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "{\"n\":\"%zu\"}", i);
		append_ok(ledger, text);
	}
}

/* Packs are merged below a handle that has them open; it reads on, and so does whoever comes later. */
START_TEST(ledger_recovery__small_packs_become_one_and_readers_go_on)
{
	struct axev__buf out = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__ledger *ledger, *reader, *early;

	make_root();
	early = open_ledger(); /* has read nothing of what follows */
	ledger = open_ledger();
	append_many(ledger, 40);
	reader = open_ledger();
	append_many(ledger, 60);
	ck_assert_uint_lt(count_packs(), 64);
	assert_ok(axev__ledger_prove(reader, 7, &out, &err));
	assert_ok(axev__ledger_refresh(reader, &err));
	assert_ok(axev__ledger_prove(reader, 99, &out, &err));
	append_ok(early, "{\"n\":\"early\"}");
	axev__ledger_close(early);
	axev__ledger_close(reader);
	axev__ledger_close(ledger);
	axev__buf_free(&out);
	assert_whole(101);
	drop_root();
}
END_TEST

START_TEST(ledger_recovery__packs_that_others_hold_stay)
{
	char pack[41], known[8][41], keep[128];
	size_t count = 0;
	struct axev__ledger *ledger;

	make_root();
	newest_pack(known, &count, pack);
	snprintf(keep, sizeof(keep), "ledger.git/objects/pack/pack-%s.keep", pack);
	write_text(keep, "of someone else\n");
	ledger = open_ledger();
	append_many(ledger, 70);
	ck_assert_uint_lt(count_packs(), 64);
	ck_assert(has_pack(pack, "pack"));
	ck_assert(has_pack(pack, "keep"));
	write_text("ledger.git/objects/pack/multi-pack-index", "");
	count = count_packs();
	append_many(ledger, 70);
	ck_assert_uint_eq(count_packs(), count + 70);
	ck_assert_int_eq(unlink(in_root("ledger.git/objects/pack/multi-pack-index")), 0);
	axev__ledger_close(ledger);
	assert_whole(140);
	drop_root();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ledger_recovery");
	TCase *cases = tcase_create("ledger_recovery");

	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, ledger_recovery__a_published_batch_survives_its_forgotten_keep);
	tcase_add_test(cases, ledger_recovery__a_whole_batch_on_the_newest_commit_is_rolled_forward);
	tcase_add_test(cases, ledger_recovery__a_batch_beside_the_log_is_removed);
	tcase_add_test(cases, ledger_recovery__half_a_batch_is_removed);
	tcase_add_test(cases, ledger_recovery__a_stale_ref_lock_stops_nobody);
	tcase_add_test(cases, ledger_recovery__a_ledger_that_went_back_is_refused);
	tcase_add_test(cases, ledger_recovery__a_failed_refresh_changes_nothing);
	tcase_add_test(cases, ledger_recovery__a_relative_path_outlives_a_change_of_directory);
	tcase_add_test(cases, ledger_recovery__equal_entries_in_one_batch_are_entries_each);
	tcase_add_test(cases, ledger_recovery__a_damaged_object_is_replaced_by_the_whole_one);
	tcase_add_test(cases, ledger_recovery__small_packs_become_one_and_readers_go_on);
	tcase_add_test(cases, ledger_recovery__packs_that_others_hold_stay);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
