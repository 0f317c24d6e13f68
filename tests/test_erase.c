/* SPDX-License-Identifier: Apache-2.0 */
/* Erasing: what is refused, what an entry must say, and entries that the ledger's own key signed although they do not hold. */
#include "sealed_rows.h"

#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>

#include "base/io.h"
#include "ledger/erased.h"

#define ZEROES "0000000000000000000000000000000000000000000000000000000000000000"
#define COMMITMENT "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
#define TIME "\"time\":\"2026-11-29T00:00:00.000000000Z\""
#define HEAD "{\"about\":[\"%s\"],\"commitment\":\"" COMMITMENT "\",\"disclosures\":["
#define TAIL "],\"event\":\"erased\",\"format\":\"ax-ledger/1\"," TIME ",\"without\":["

static char folder[64];
static axev_ledger *ledger;
static axev_error err;
/* An original with two sets and a disclosure of each; another original with one set and its disclosure; a draft of one. */
static axev_id original, orders, customers, other, other_orders, unsealed;
static char original_hex[65], orders_hex[65], customers_hex[65], other_hex[65], other_orders_hex[65], unsealed_hex[65];

static const char *in_folder(const char *name)
{
	static char path[4][256];
	static unsigned next;
	char *out = path[next++ % 4];

	snprintf(out, sizeof(path[0]), "%s/%s", folder, name);
	return out;
}

static void seal_disclosure(const axev_id *of, axev_disclose_opts *opts, bool is_sealed, axev_id *ret_id)
{
	axev_seal_result result = { .size = sizeof(result) };
	axev_draft *draft = NULL;

	opts->approver = "王主任";
	opts->ground = "个保法 47";
	assert_ok(axev_disclose(ledger, of, opts, &draft, &err));
	axev_draft_id(draft, ret_id);
	if (is_sealed)
		assert_ok(axev_seal(ledger, draft, NULL, &result, &err));
	axev_draft_free(draft);
}

static void disclose(const axev_id *of, const char *set, bool is_sealed, axev_id *ret_id)
{
	static const char *const withheld[] = { "phone" };
	axev_disclose_opts opts = AXEV_DISCLOSE_OPTS_INIT;

	opts.set = set;
	opts.withheld_columns = withheld;
	opts.withheld_column_count = 1;
	seal_disclosure(of, &opts, is_sealed, ret_id);
}

static void make_ledger(void)
{
	strcpy(folder, "/tmp/axev-erase-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	assert_ok(axev_ledger_init(in_folder("L"), NULL, &err));
	assert_ok(axev_ledger_open(in_folder("L"), NULL, &ledger, &err));
	sealed_rows(ledger, 2, true, &original);
	disclose(&original, "orders", true, &orders);
	disclose(&original, "customers", true, &customers);
	sealed_rows(ledger, 1, true, &other);
	disclose(&other, NULL, true, &other_orders);
	disclose(&other, NULL, false, &unsealed);
	axev__hex(original_hex, original.bytes, 32);
	axev__hex(orders_hex, orders.bytes, 32);
	axev__hex(customers_hex, customers.bytes, 32);
	axev__hex(other_hex, other.bytes, 32);
	axev__hex(other_orders_hex, other_orders.bytes, 32);
	axev__hex(unsealed_hex, unsealed.bytes, 32);
}

static void remove_ledger(void)
{
	axev_ledger_close(ledger);
	axev__remove_tree(AT_FDCWD, folder, NULL);
}

static void append(const char *format, ...)
{
	struct axev__ledger_entry entry = { .has_package = false };
	char text[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	entry.bytes = axev__span_str(text);
	assert_ok(axev__ledger_append(ledger->log, &entry, 1, NULL, &err));
}

static int check(axev_ledger_check_result *result)
{
	*result = (axev_ledger_check_result){ .size = sizeof(*result) };
	return axev_ledger_check(ledger, result, &err);
}

/* "entry N: erased: @reason", N being the newest entry. */
static void assert_damaged(const char *reason)
{
	axev_ledger_check_result result;
	char expected[512];

	snprintf(expected, sizeof(expected), "entry %llu: erased: %s", (unsigned long long)axev_ledger_size(ledger) - 1, reason);
	assert_fails(check(&result), AXEV_E_CORRUPT, expected);
}

/* Ids in the order in which an entry must have them. */
static const char *both(void)
{
	static char text[160];
	bool is_first = strcmp(orders_hex, customers_hex) < 0;

	snprintf(text, sizeof(text), "\"%s\",\"%s\"", is_first ? orders_hex : customers_hex, is_first ? customers_hex : orders_hex);
	return text;
}

/* ---- entries ---- */

START_TEST(erase__an_entry_is_read_as_it_was_written)
{
	struct axev__erased erased = { .disclosure_count = 2, .without = { { 2, 4 }, { 6, 6 } }, .without_count = 2 };
	AXEV__JSON *entry = axev__json_new_object();
	struct axev__erased again;

	memset(&erased.original, 7, sizeof(erased.original));
	memset(&erased.disclosures[1], 8, sizeof(axev_id));
	memset(erased.commitment, 9, sizeof(erased.commitment));
	assert_ok(axev__json_set_str(entry, "format", "ax-ledger/1", &err));
	assert_ok(axev__json_set_str(entry, "event", "erased", &err));
	assert_ok(axev__json_set_time(entry, "time", 0, &err));
	assert_ok(axev__erased_set(&erased, entry, &err));
	assert_ok(axev__erased_read(entry, &again, &err));
	ck_assert_mem_eq(&again, &erased, sizeof(erased));
}
END_TEST

/* The most that an entry can name fits into one. */
START_TEST(erase__the_largest_entry_has_room)
{
	struct axev__erased erased = { .disclosure_count = AXEV__MAX_ERASE_DISCLOSURES, .without_count = AXEV__MAX_ERASE_RANGES };
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__JSON *entry = axev__json_new_object();
	struct axev__erased again;
	uint32_t i;

	for (i = 0; i < AXEV__MAX_ERASE_DISCLOSURES; i++)
		erased.disclosures[i].bytes[0] = (uint8_t)i;
	for (i = 0; i < AXEV__MAX_ERASE_RANGES; i++)
		erased.without[i] = (struct axev__set_range){ 800 + 3 * i, 801 + 3 * i };
	assert_ok(axev__json_set_str(entry, "format", "ax-ledger/1", &err));
	assert_ok(axev__json_set_str(entry, "event", "erased", &err));
	assert_ok(axev__json_set_time(entry, "time", 0, &err));
	assert_ok(axev__erased_set(&erased, entry, &err));
	assert_ok(axev__json_canonical(entry, &bytes, &err));
	assert_ok(axev__erased_read(entry, &again, &err));
}
END_TEST

static const struct {
	const char *about, *disclosures, *rest; /* rest: behind "disclosures" */
	const char *reason;
} malformed[] = {
	{ ZEROES "\",\"" ZEROES, "\"" ZEROES "\"", TAIL "]}", "member 'about': expected 1 to 1 ids, found 2" },
	{ ZEROES, "", TAIL "]}", "member 'disclosures': expected 1 to 24 ids, found 0" },
	{ "00", "\"" ZEROES "\"", TAIL "]}", "member 'about': expected ids of 64 hexadecimal digits" },
	{ ZEROES, "\"" ZEROES "\",\"" ZEROES "\"", TAIL "]}", "member 'disclosures': expected ids in ascending order, none twice" },
	{ ZEROES, "\"" COMMITMENT "\",\"" ZEROES "\"", TAIL "]}", "member 'disclosures': expected ids in ascending order, none twice" },
	{ ZEROES, "\"" ZEROES "\"", TAIL "1]}", "member 'first': expected an integer from 0, found none" },
	{ ZEROES, "\"" ZEROES "\"", TAIL "{\"first\":0,\"last\":1}]}", "member 'without': expected record sets from 1 to 1000" },
	{ ZEROES, "\"" ZEROES "\"", TAIL "{\"first\":2,\"last\":1}]}", "member 'without': expected record sets from 1 to 1000" },
	{ ZEROES, "\"" ZEROES "\"", TAIL "{\"first\":1,\"last\":1001}]}", "member 'without': expected record sets from 1 to 1000" },
	{ ZEROES, "\"" ZEROES "\"", TAIL "{\"first\":1,\"last\":1},{\"first\":2,\"last\":2}]}",
	  "member 'without': expected ranges in ascending order, with sets between them" },
	{ ZEROES, "\"" ZEROES "\"", TAIL "{\"first\":1,\"last\":1,\"name\":\"x\"}]}", "unknown member 'name'" },
	{ ZEROES, "\"" ZEROES "\"", TAIL "],\"approver\":\"x\"}", "unknown member 'approver'" },
	{ ZEROES, "\"" ZEROES "\"", "],\"event\":\"erased\",\"format\":\"ax-ledger/2\"," TIME ",\"without\":[]}",
	  "expected event erased of format ax-ledger/1" },
	{ ZEROES, "\"" ZEROES "\"", "],\"event\":\"erased\",\"format\":\"ax-ledger/1\",\"without\":[]}",
	  "member 'time': expected a string, found none" },
};

START_TEST(erase__an_entry_that_no_writer_makes_is_refused)
{
	AXEV__JSON *entry = NULL;
	struct axev__erased erased;
	char text[4096];

	snprintf(text, sizeof(text), HEAD "%s%s", malformed[_i].about, malformed[_i].disclosures, malformed[_i].rest);
	assert_ok(axev__json_parse(axev__span_str(text), &entry, &err));
	assert_fails(axev__erased_read(entry, &erased, &err), AXEV_E_FORMAT, malformed[_i].reason);
}
END_TEST

/* ---- entries that do not hold ---- */

START_TEST(erase__a_package_is_erased_and_the_check_says_so)
{
	axev_ledger_check_result result;

	append(HEAD "%s" TAIL "]}", original_hex, both());
	assert_ok(check(&result));
	ck_assert_uint_eq(result.packages, 5);
	ck_assert_uint_eq(result.packages_erased, 1);
	ck_assert_uint_eq(result.packages_missing, 0);
	ck_assert_uint_eq(result.erased_here, 1);
	ck_assert_uint_eq(result.first_erased_here_index, axev_ledger_size(ledger) - 1);
}
END_TEST

START_TEST(erase__the_check_names_what_an_entry_lacks)
{
	char reason[256];

	append(HEAD "\"%s\"" TAIL "]}", COMMITMENT, orders_hex);
	snprintf(reason, sizeof(reason), "original %.16s: no entry before this one seals it", COMMITMENT);
	assert_damaged(reason);
}
END_TEST

START_TEST(erase__an_entry_without_a_disclosure_does_not_hold)
{
	append(HEAD TAIL "]}", original_hex);
	assert_damaged("member 'disclosures': expected 1 to 24 ids, found 0");
}
END_TEST

START_TEST(erase__an_entry_with_a_disclosure_of_another_does_not_hold)
{
	char reason[256];

	append(HEAD "\"%s\"" TAIL "]}", original_hex, other_orders_hex);
	snprintf(reason, sizeof(reason), "disclosure %.16s: it is of another original", other_orders_hex);
	assert_damaged(reason);
}
END_TEST

START_TEST(erase__an_entry_with_a_package_that_is_no_disclosure_does_not_hold)
{
	char reason[256];

	append(HEAD "\"%s\"" TAIL "]}", original_hex, other_hex);
	snprintf(reason, sizeof(reason), "disclosure %.16s: it is no disclosure", other_hex);
	assert_damaged(reason);
}
END_TEST

START_TEST(erase__an_entry_with_a_disclosure_that_was_not_sealed_does_not_hold)
{
	char reason[256];

	append(HEAD "\"%s\"" TAIL "]}", other_hex, unsealed_hex);
	snprintf(reason, sizeof(reason), "disclosure %.16s: no entry before this one seals it", unsealed_hex);
	assert_damaged(reason);
}
END_TEST

START_TEST(erase__an_entry_that_leaves_a_record_set_out_does_not_hold)
{
	append(HEAD "\"%s\"" TAIL "]}", original_hex, orders_hex);
	assert_damaged("record set 2 of the original is neither disclosed nor named as one that goes wholly");
}
END_TEST

START_TEST(erase__an_entry_that_names_a_disclosed_set_as_lost_does_not_hold)
{
	append(HEAD "%s" TAIL "{\"first\":2,\"last\":2}]}", original_hex, both());
	assert_damaged("record set 2 of the original is disclosed, and named as one that goes wholly");
}
END_TEST

START_TEST(erase__an_entry_that_names_sets_that_are_not_there_does_not_hold)
{
	append(HEAD "\"%s\"" TAIL "{\"first\":2,\"last\":3}]}", original_hex, orders_hex);
	assert_damaged("the original has 2 record sets, the entry names one beyond them");
}
END_TEST

/* ---- one disclosure of several sets ---- */

/* Sets @first and @second of an original that has three. */
static void disclose_two_of_three(const char *first, const char *second, char ret_original[65], char ret_disclosure[65])
{
	const axev_disclose_set more = { .set = second };
	axev_disclose_opts opts = AXEV_DISCLOSE_OPTS_INIT;
	axev_id three, id;

	sealed_rows(ledger, 3, true, &three);
	opts.set = first;
	opts.more_sets = &more;
	opts.more_set_count = 1;
	seal_disclosure(&three, &opts, true, &id);
	axev__hex(ret_original, three.bytes, 32);
	axev__hex(ret_disclosure, id.bytes, 32);
}

static const struct {
	const char *first, *second, *without;
	const char *reason; /* NULL: it holds */
} covering[] = {
	{ "orders", "customers", "", "record set 3 of the original is neither disclosed nor named as one that goes wholly" },
	{ "orders", "visits", "", "record set 2 of the original is neither disclosed nor named as one that goes wholly" },
	{ "customers", "visits", "", "record set 1 of the original is neither disclosed nor named as one that goes wholly" },
	{ "orders", "visits", "{\"first\":3,\"last\":3}", "record set 2 of the original is neither disclosed nor named as one that goes wholly" },
	{ "orders", "visits", "{\"first\":2,\"last\":3}", "record set 3 of the original is disclosed, and named as one that goes wholly" },
	{ "orders", "visits", "{\"first\":2,\"last\":2},{\"first\":4,\"last\":4}",
	  "the original has 3 record sets, the entry names one beyond them" },
	{ "orders", "visits", "{\"first\":2,\"last\":2}", NULL },
	{ "visits", "customers", "{\"first\":1,\"last\":1}", NULL },
};

START_TEST(erase__a_disclosure_of_several_sets_covers_those_and_no_others)
{
	char of[65], disclosure[65];
	axev_ledger_check_result result;

	disclose_two_of_three(covering[_i].first, covering[_i].second, of, disclosure);
	append(HEAD "\"%s\"" TAIL "%s]}", of, disclosure, covering[_i].without);
	if (covering[_i].reason) {
		assert_damaged(covering[_i].reason);
		return;
	}
	assert_ok(check(&result));
	ck_assert_uint_eq(result.packages_erased, 1);
}
END_TEST

START_TEST(erase__nothing_is_erased_twice)
{
	char reason[256];

	append(HEAD "%s" TAIL "]}", original_hex, both());
	append(HEAD "%s" TAIL "]}", original_hex, both());
	snprintf(reason, sizeof(reason), "original %.16s: was erased before, by entry %llu", original_hex,
		 (unsigned long long)axev_ledger_size(ledger) - 2);
	assert_damaged(reason);
}
END_TEST

/* It is damage of the ledger, but not a reason to keep the package from anybody. */
START_TEST(erase__a_malformed_entry_erases_nothing)
{
	AXEV__FREE char *path = NULL;

	append(HEAD TAIL "]}", original_hex);
	assert_ok(axev_ledger_package_path(ledger, &original, &path, &err));
	ck_assert_int_eq(access(path, R_OK), 0);
}
END_TEST

/* ---- erasing ---- */

struct confirmed {
	int answer;
	unsigned calls;
	size_t sets, others;
	uint64_t records, shown_records, shown_cells;
};

static int on_confirm(void *payload, const axev_erase_plan *plan)
{
	struct confirmed *confirmed = payload;

	ck_assert_mem_eq(&plan->id, &original, sizeof(original));
	ck_assert_str_eq(plan->sets[0].name, "orders");
	confirmed->calls++;
	confirmed->sets = plan->set_count;
	confirmed->others = plan->other_count;
	confirmed->records = plan->sets[0].records;
	confirmed->shown_records = plan->sets[0].shown_records;
	confirmed->shown_cells = plan->sets[0].shown_cells;
	return confirmed->answer;
}

static axev_erase_opts options(struct confirmed *confirmed, const axev_id *ids, size_t count)
{
	axev_erase_opts opts = AXEV_ERASE_OPTS_INIT;

	opts.disclosures = ids;
	opts.disclosure_count = count;
	opts.approver = "赵局长";
	opts.ground = "个保法 47";
	opts.confirm = on_confirm;
	opts.confirm_payload = confirmed;
	return opts;
}

START_TEST(erase__nothing_is_done_unless_somebody_confirms)
{
	const axev_id ids[] = { orders, customers };
	struct confirmed confirmed = { .answer = -1 };
	axev_erase_opts opts = options(&confirmed, ids, 2);
	axev_erase_result result = { .size = sizeof(result) };
	uint64_t size = axev_ledger_size(ledger);

	assert_fails(axev_erase(ledger, &original, &opts, &result, &err), AXEV_E_CANCELLED, "not confirmed: nothing was erased");
	ck_assert_uint_eq(confirmed.calls, 1);
	ck_assert_uint_eq(confirmed.sets, 2);
	ck_assert_uint_eq(confirmed.others, 0);
	ck_assert_uint_eq(confirmed.records, SEALED_ROWS);
	ck_assert_uint_eq(confirmed.shown_records, SEALED_ROWS);
	ck_assert_uint_eq(confirmed.shown_cells, 2 * SEALED_ROWS);
	opts.confirm = NULL;
	assert_fails(axev_erase(ledger, &original, &opts, &result, &err), AXEV_E_INVAL,
		     "expected somebody who confirms: erasing cannot be undone");
	assert_fails(axev_erase(ledger, &original, NULL, &result, &err), AXEV_E_INVAL,
		     "expected options of known size: the package was not erased yet");
	ck_assert_uint_eq(axev_ledger_size(ledger), size);
	ck_assert_int_eq(access(in_folder("L/erasures"), F_OK), -1);
}
END_TEST

/* What a crash at the end of sealing leaves, put back after it was erased. */
START_TEST(erase__a_draft_that_comes_back_is_not_sealed_again)
{
	const axev_id ids[] = { orders };
	const char *const without[] = { "customers" };
	struct confirmed confirmed = { .answer = 0 };
	axev_erase_opts opts = options(&confirmed, ids, 1);
	axev_erase_result result = { .size = sizeof(result) };
	axev_seal_result sealed = { .size = sizeof(sealed) };
	axev_ledger_check_result found;
	AXEV__TAKE take = { .fd = -1 };
	axev_draft *draft = NULL, *again = NULL;
	char name[128], expected[256], hex[65], from[300], to[300];

	sealed_rows_take(ledger, 2, true, &take);
	assert_ok(axev__take_finish(&take, &draft, &err));
	axev_draft_id(draft, &original);
	axev__hex(hex, original.bytes, 32);
	snprintf(name, sizeof(name), "L/drafts/%s", hex);
	snprintf(from, sizeof(from), "cp -a %s %s", in_folder(name), in_folder("kept"));
	ck_assert_int_eq(system(from), 0);
	assert_ok(axev_seal(ledger, draft, NULL, &sealed, &err));
	disclose(&original, "orders", true, &orders);
	opts.disclosures = &orders;
	opts.without_sets = without;
	opts.without_set_count = 1;
	assert_ok(axev_erase(ledger, &original, &opts, &result, &err));
	ck_assert_int_eq(result.was_erased, 0);
	ck_assert_uint_eq(result.files_removed, 1);
	snprintf(to, sizeof(to), "cp -a %s %s", in_folder("kept"), in_folder(name));
	ck_assert_int_eq(system(to), 0);
	assert_ok(check(&found));
	ck_assert_uint_eq(found.erased_here, 1);
	assert_ok(axev_draft_open(ledger, &original, &again, &err));
	axev__hex(name, orders.bytes, 32);
	snprintf(expected, sizeof(expected), "package %.16s was erased (ledger entry %llu): in its place stands disclosure %s", hex,
		 (unsigned long long)result.erased_index, name);
	assert_fails(axev_seal(ledger, again, NULL, &sealed, &err), AXEV_E_STATE, expected);
	assert_ok(axev_erase(ledger, &original, NULL, &result, &err));
	ck_assert_int_eq(result.was_erased, 1);
	ck_assert_uint_eq(result.files_removed, 1);
	assert_ok(check(&found));
	ck_assert_uint_eq(found.erased_here, 0);
	axev_draft_free(draft);
	axev_draft_free(again);
}
END_TEST

/* Of an erased package whose disclosure is away nothing can be said but that. */
START_TEST(erase__a_disclosure_that_is_missing_is_missing)
{
	AXEV__FREE char *path = NULL;
	axev_ledger_check_result result;

	append(HEAD "%s" TAIL "]}", original_hex, both());
	assert_ok(axev_ledger_package_path(ledger, &orders, &path, &err));
	ck_assert_int_eq(unlink(path), 0);
	assert_ok(check(&result));
	ck_assert_uint_eq(result.packages_erased, 1);
	ck_assert_uint_eq(result.packages_missing, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("erase");
	TCase *entries = tcase_create("entries"), *cases = tcase_create("erase");

	tcase_add_test(entries, erase__an_entry_is_read_as_it_was_written);
	tcase_add_test(entries, erase__the_largest_entry_has_room);
	tcase_add_loop_test(entries, erase__an_entry_that_no_writer_makes_is_refused, 0, AXEV__COUNT(malformed));
	suite_add_tcase(suite, entries);
	tcase_set_timeout(cases, 60);
	tcase_add_checked_fixture(cases, make_ledger, remove_ledger);
	tcase_add_test(cases, erase__a_package_is_erased_and_the_check_says_so);
	tcase_add_test(cases, erase__the_check_names_what_an_entry_lacks);
	tcase_add_test(cases, erase__an_entry_without_a_disclosure_does_not_hold);
	tcase_add_test(cases, erase__an_entry_with_a_disclosure_of_another_does_not_hold);
	tcase_add_test(cases, erase__an_entry_with_a_package_that_is_no_disclosure_does_not_hold);
	tcase_add_test(cases, erase__an_entry_with_a_disclosure_that_was_not_sealed_does_not_hold);
	tcase_add_test(cases, erase__an_entry_that_leaves_a_record_set_out_does_not_hold);
	tcase_add_test(cases, erase__an_entry_that_names_a_disclosed_set_as_lost_does_not_hold);
	tcase_add_test(cases, erase__an_entry_that_names_sets_that_are_not_there_does_not_hold);
	tcase_add_loop_test(cases, erase__a_disclosure_of_several_sets_covers_those_and_no_others, 0, AXEV__COUNT(covering));
	tcase_add_test(cases, erase__nothing_is_erased_twice);
	tcase_add_test(cases, erase__a_malformed_entry_erases_nothing);
	tcase_add_test(cases, erase__nothing_is_done_unless_somebody_confirms);
	tcase_add_test(cases, erase__a_draft_that_comes_back_is_not_sealed_again);
	tcase_add_test(cases, erase__a_disclosure_that_is_missing_is_missing);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
