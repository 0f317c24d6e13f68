/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ledger whose own keys signed something that does not hold together: the full check says what and where. Each state
 * is made with the keys of the ledger, as a dishonest keeper could.
 */
#include "support.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/sshsig.h"
#include "ledger/log_state.h"

static axev_error err;
static char root[64];

static struct axev__ledger *make_ledger(size_t count)
{
	struct axev__ledger_entry *entries = calloc(count, sizeof(*entries));
	struct axev__ledger *ledger = NULL;
	char(*texts)[40] = calloc(count, sizeof(*texts));
	size_t i;

	strcpy(root, "/tmp/axev-check-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	assert_ok(axev__ledger_init(root, "example.com/log", NULL, &err));
	assert_ok(axev__ledger_open(root, NULL, &ledger, &err));
	for (i = 0; i < count; i++) {
		snprintf(texts[i], sizeof(texts[i]), "{\"n\":\"%zu\"}", i);
		entries[i].bytes = axev__span_str(texts[i]);
	}
	assert_ok(axev__ledger_append(ledger, entries, count, NULL, &err));
	free(entries);
	free(texts);
	return ledger;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void drop(struct axev__ledger *ledger)
{
	axev__ledger_close(ledger);
	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A signed commit in which the file at @path is @bytes; the note stays. */
static void forge(struct axev__ledger *ledger, const char *path, struct axev__span bytes)
{
	struct axev__git_change change = { 0 };
	struct axev__git_pack *pack = NULL;
	struct axev__git_oid tree, commit;

	assert_ok(axev__log_load_keys(ledger, &err));
	assert_ok(axev__git_pack_new(&pack, &err));
	snprintf(change.path, sizeof(change.path), "%s", path);
	assert_ok(axev__git_pack_add(pack, AXEV__GIT_BLOB, bytes, &change.oid, &err));
	assert_ok(axev__git_trees_update(ledger->trees, &ledger->state.tree, &change, 1, pack, &tree,
					 &err));
	assert_ok(axev__log_publish(ledger, pack, &tree, false, axev__buf_view(&ledger->state.note),
				    &commit, &err));
	axev__git_pack_free(pack);
}

static int check(struct axev__ledger *ledger, axev_error *error)
{
	struct axev__ledger_check result = { 0 };

	return axev__ledger_check(ledger, NULL, &result, error);
}

static struct axev__buf stored(struct axev__ledger *ledger, const char *path)
{
	struct axev__buf bytes = AXEV__BUF_INIT(AXEV__MIB);

	assert_ok(axev__log_file(ledger, path, &bytes, &err));
	return bytes;
}

START_TEST(ledger_check__bytes_behind_the_entries_of_a_bundle_are_found)
{
	struct axev__ledger *ledger = make_ledger(300);
	struct axev__buf bundle = stored(ledger, "log/tile/entries/000");

	assert_ok(axev__buf_str(&bundle, "more", &err));
	forge(ledger, "log/tile/entries/000", axev__buf_view(&bundle));
	assert_fails(check(ledger, &err), AXEV_E_CORRUPT, "entry bundle 0: 4 bytes behind its 256 entries");
	axev__buf_free(&bundle);
	drop(ledger);
}
END_TEST

START_TEST(ledger_check__a_changed_tile_is_found_and_proves_nothing)
{
	struct axev__ledger *ledger = make_ledger(300);
	struct axev__buf tile = stored(ledger, "log/tile/0/000"), proof = AXEV__BUF_INIT(AXEV__MIB);

	tile.data[32 * 7] ^= 1;
	forge(ledger, "log/tile/0/000", axev__buf_view(&tile));
	assert_fails(check(ledger, &err), AXEV_E_CORRUPT, "log/tile/0/000: does not fit the entries");
	assert_fails(axev__ledger_prove(ledger, 6, &proof, &err), AXEV_E_CORRUPT,
		     "entry 6: the stored tiles and entries do not lead to the signed root");
	axev__buf_free(&tile);
	axev__buf_free(&proof);
	drop(ledger);
}
END_TEST

START_TEST(ledger_check__a_changed_entry_is_found_and_proves_nothing)
{
	struct axev__ledger *ledger = make_ledger(300);
	struct axev__buf bundle = stored(ledger, "log/tile/entries/000"), proof = AXEV__BUF_INIT(AXEV__MIB);
	uint8_t *five = memmem(bundle.data, bundle.size, "{\"n\":\"5\"}", 9);

	ck_assert_ptr_nonnull(five);
	five[6] = '6';
	forge(ledger, "log/tile/entries/000", axev__buf_view(&bundle));
	assert_fails(check(ledger, &err), AXEV_E_CORRUPT, "log/tile/0/000: does not fit the entries");
	assert_fails(axev__ledger_prove(ledger, 5, &proof, &err), AXEV_E_CORRUPT,
		     "entry 5: the stored tiles and entries do not lead to the signed root");
	axev__buf_free(&bundle);
	axev__buf_free(&proof);
	drop(ledger);
}
END_TEST

START_TEST(ledger_check__what_the_entries_do_not_call_for_is_found)
{
	struct axev__ledger *ledger = make_ledger(3);

	forge(ledger, "log/stray", axev__span_str("x"));
	assert_fails(check(ledger, &err), AXEV_E_CORRUPT, "log/: expected 4 files, found 5");
	drop(ledger);
	ledger = make_ledger(3);
	forge(ledger, "packages/001.asice", axev__span_str("x"));
	assert_fails(check(ledger, &err), AXEV_E_CORRUPT, "packages/: expected 0 files, found 1");
	drop(ledger);
}
END_TEST

START_TEST(ledger_check__pending_entries_and_frontier_must_fit_the_root)
{
	struct axev__ledger *ledger = make_ledger(3);
	struct axev__buf frontier = stored(ledger, "log/frontier");

	forge(ledger, "log/pending/1", axev__span_str("{\"n\":\"x\"}"));
	assert_fails(check(ledger, &err), AXEV_E_CORRUPT, "log/pending: entries do not fit log/frontier");
	drop(ledger);
	ledger = make_ledger(3);
	frontier.data[0] ^= 1;
	forge(ledger, "log/frontier", axev__buf_view(&frontier));
	assert_fails(check(ledger, &err), AXEV_E_CORRUPT,
		     "log/frontier: does not lead to the signed root");
	axev__buf_free(&frontier);
	drop(ledger);
}
END_TEST

START_TEST(ledger_check__a_token_that_an_entry_names_must_be_held)
{
	static const char text[] =
		"{\"about\":[],\"event\":\"token\",\"token_sha256\":"
		"\"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"}"; /* of "foo" */
	struct axev__ledger_entry entry = { .bytes = axev__span_str(text) };
	struct axev__ledger *ledger = make_ledger(3);

	assert_ok(axev__ledger_append(ledger, &entry, 1, NULL, &err));
	assert_fails(check(ledger, &err), AXEV_E_CORRUPT,
		     "entry 3: names a time-stamp token that attest/ does not hold");
	assert_ok(axev__ledger_attest(ledger, 4, "token.tst", axev__span_str("foo"), &err));
	assert_ok(check(ledger, &err));
	drop(ledger);
}
END_TEST

/* "tree, parent, parent": stock git shows a merge; our check walks one line. */
START_TEST(ledger_check__a_second_parent_is_refused)
{
	struct axev__ledger *ledger = make_ledger(3);
	struct axev__buf head = AXEV__BUF_INIT(AXEV__MIB), bytes = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__buf signature = AXEV__BUF_INIT(AXEV__MIB);
	struct axev__git_pack *pack = NULL;
	struct axev__git_oid commit;
	char tree[41], parent[41], name[41], hex[41], expected[128];
	bool is_unknown;
	size_t i;

	assert_ok(axev__log_load_keys(ledger, &err));
	axev__hex(tree, ledger->state.tree.id, 20);
	axev__hex(parent, ledger->state.commit.id, 20);
	assert_ok(axev__buf_printf(&head, &err,
				   "tree %s\nparent %s\nparent %s\nauthor a <b> 0 +0000\ncommitter a <b> 0 +0000\n",
				   tree, parent, parent));
	assert_ok(axev__buf_printf(&bytes, &err, "%s\n%s", (char *)head.data, (char *)ledger->state.note.data));
	assert_ok(axev__sshsig_sign(ledger->git_private, "git", axev__buf_view(&bytes), &signature, &err));
	axev__buf_clear(&bytes);
	assert_ok(axev__buf_printf(&bytes, &err, "%sgpgsig ", (char *)head.data));
	for (i = 0; i < signature.size; i++) {
		assert_ok(axev__buf_byte(&bytes, signature.data[i], &err));
		if (signature.data[i] == '\n' && i + 1 < signature.size)
			assert_ok(axev__buf_byte(&bytes, ' ', &err));
	}
	assert_ok(axev__buf_printf(&bytes, &err, "\n%s", (char *)ledger->state.note.data));
	assert_ok(axev__git_pack_new(&pack, &err));
	assert_ok(axev__git_pack_add(pack, AXEV__GIT_COMMIT, axev__buf_view(&bytes), &commit, &err));
	assert_ok(axev__git_store_incoming(ledger->store, pack, name, &is_unknown, &err));
	assert_ok(axev__git_pack_publish(axev__git_store_dirfd(ledger->store), name, &commit,
					 &ledger->state.commit, &is_unknown, &err));
	assert_ok(axev__git_ref_swap(axev__git_store_dirfd(ledger->store), &ledger->state.commit, &commit,
				     &is_unknown, &err));
	axev__hex(hex, commit.id, 20);
	snprintf(expected, sizeof(expected), "commit %s: expected one parent at most, then the author", hex);
	assert_fails(check(ledger, &err), AXEV_E_CORRUPT, expected);
	axev__git_pack_free(pack);
	axev__buf_free(&head);
	axev__buf_free(&bytes);
	axev__buf_free(&signature);
	drop(ledger);
}
END_TEST

/* Tokens and cosignatures are found by size, whatever the number of its groups. */
struct sizes {
	char text[256];
};

static int note_size(void *payload, uint64_t tree_size, struct axev__span name, struct axev__span bytes,
		     axev_error *error)
{
	struct sizes *sizes = payload;
	size_t used = strlen(sizes->text);

	(void)name;
	(void)bytes;
	(void)error;
	snprintf(sizes->text + used, sizeof(sizes->text) - used, "%llu ", (unsigned long long)tree_size);
	return 0;
}

static void assert_attached(struct axev__ledger *ledger, uint64_t low, uint64_t high, const char *expected)
{
	struct sizes sizes = { "" };

	assert_ok(axev__ledger_attest_each(ledger, low, high, note_size, &sizes, &err));
	ck_assert_str_eq(sizes.text, expected);
}

START_TEST(ledger_check__attachments_are_found_by_size)
{
	static const uint64_t sizes[] = { 0, 7, 999, 1000, 1001, 12345, 1000000, 1234567 };
	struct axev__ledger *ledger = make_ledger(3);
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		assert_ok(axev__ledger_attest(ledger, sizes[i], "t", axev__span_str("t"), &err));
	assert_attached(ledger, 0, UINT64_MAX, "0 7 999 1000 1001 1000000 1234567 12345 ");
	assert_attached(ledger, 999, 1000, "999 1000 ");
	assert_attached(ledger, 12345, 12345, "12345 ");
	assert_attached(ledger, 1001, 1000000, "1001 1000000 12345 ");
	assert_attached(ledger, 13, 998, "");
	assert_attached(ledger, 1234568, UINT64_MAX, "");
	forge(ledger, "attest/12a/t", axev__span_str("t"));
	assert_ok(axev__ledger_refresh(ledger, &err));
	assert_fails(axev__ledger_attest_each(ledger, 0, 1, note_size, &(struct sizes){ "" }, &err),
		     AXEV_E_CORRUPT, "attest/: malformed size");
	drop(ledger);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ledger_check");
	TCase *cases = tcase_create("ledger_check");

	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, ledger_check__bytes_behind_the_entries_of_a_bundle_are_found);
	tcase_add_test(cases, ledger_check__a_changed_tile_is_found_and_proves_nothing);
	tcase_add_test(cases, ledger_check__a_changed_entry_is_found_and_proves_nothing);
	tcase_add_test(cases, ledger_check__what_the_entries_do_not_call_for_is_found);
	tcase_add_test(cases, ledger_check__pending_entries_and_frontier_must_fit_the_root);
	tcase_add_test(cases, ledger_check__a_token_that_an_entry_names_must_be_held);
	tcase_add_test(cases, ledger_check__a_second_parent_is_refused);
	tcase_add_test(cases, ledger_check__attachments_are_found_by_size);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
